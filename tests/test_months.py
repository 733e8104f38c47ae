"""`captcha-contract compare FOLDER`: what was injected into months of runs is told, and no more."""

from __future__ import annotations

import gzip
import json
import os
import random
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import captcha_contract
from contract.spec.operations import Spec
from contract_tests.comparing.movements import MOVEMENTS
from contract_tests.months.episodes import breaks_and_waverings
from contract_tests.months.history import history
from contract_tests.months.months import Months, months
from contract_tests.months.months_formats import FORMATS
from contract_tests.months.report_store import StoredReports, moment_in
from contract_tests.months.segmentation import shifts, stretches_of_kinds
from contract_tests.reports.as_terminal import width
from tests.generated_months import Injection, Platform, differs, store

INJECTED = (
    Injection("number missing", 0, "test", 40, 44),
    Injection("picture a PNG", 0, "test", 75, None),
    Injection("down", 0, "test", 60, 62),
    Injection("down", 1, "test", 60, 62),
    Injection("slow", 1, "dev", 30, 50),
    Injection("undocumented member", 0, "dev", 70, None),
    Injection("total missing", 1, "dev", 76, None),
    Injection("total a text", 1, "test", 10, None, 0.25),
    Injection("message gone", 1, "dev", 55, 60),
    Injection("plates shorter", 1, "test", 66, None),
)
TURNS = 80


@pytest.fixture(scope="module")
def made_platform(spec: Spec, platform: Spec) -> Platform:
    """The two operations of the generated months."""
    return Platform([spec.operations[0], platform.operations[0]], size=8)


@pytest.fixture(scope="module")
def folder(made_platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 160 reports of two environments, with all that is injected."""
    made = tmp_path_factory.mktemp("months")
    environments = ("test", "dev")
    store(made, made_platform, INJECTED, count=2 * TURNS, seed="months", environments=environments)
    return made


@pytest.fixture(scope="module")
def found(folder: Path) -> Months:
    """What is told of it."""
    return read(folder)


def read(folder: Path) -> Months:
    return months(history("a folder", StoredReports(folder)))


def run(*words: str) -> int:
    try:
        return captcha_contract.main(["compare", *words])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


# What is told


def test_exactly_the_injected_changes_are_told(found: Months, made_platform: Platform) -> None:
    assert differs(found, made_platform, INJECTED) == []


def test_months_without_a_change_tell_nothing(made_platform: Platform, tmp_path: Path) -> None:
    store(tmp_path, made_platform, (), count=100, seed="quiet", apart=timedelta(hours=2))

    quiet = read(tmp_path)

    assert (quiet.episodes, quiet.waverings, quiet.exit_status) == ((), (), 0)


def test_what_must_be_acted_on_stands_before_what_began_later(
    made_platform: Platform, tmp_path: Path
) -> None:
    both = (
        Injection("number missing", 0, "test", 20, None),
        Injection("page new", 1, "test", 30, None),
    )
    store(tmp_path, made_platform, both, count=40, seed="order")

    assert [each.acts for each in read(tmp_path).episodes][:2] == [True, False]


def test_how_long_something_lasted_is_said(found: Months) -> None:
    (outage,) = (each for each in found.episodes if each.movement.name == "no-longer-judged")

    assert (outage.runs, len(outage.operations), outage.came_back, outage.in_force) == (
        2,
        2,
        True,
        False,
    )


def test_a_claim_that_wavers_is_told_by_how_often_it_did(found: Months) -> None:
    (wavering,) = found.waverings

    assert wavering.claim == "getParkingRecords-total-type"
    assert 8 <= wavering.broken <= 30
    assert wavering.broken < wavering.judged <= TURNS
    assert wavering.flips > wavering.broken


def test_a_break_of_a_claim_that_wavers_is_told_apart() -> None:
    random_ = random.Random(7)
    flags = [random_.random() < 0.2 for _ in range(400)]
    flags[200:230] = [True] * 30

    breaks, waverings = breaks_and_waverings(np.array(flags))

    ((low, high),) = breaks
    assert abs(low - 200) <= 2
    assert abs(high - 230) <= 2
    assert len(waverings) == 1


@pytest.mark.parametrize("broken", [(17,), (17, 60), tuple(range(30, 90))])
def test_few_breaks_are_breaks_however_short(broken: tuple[int, ...]) -> None:
    flags = np.zeros(100, dtype=bool)
    flags[list(broken)] = True

    breaks, waverings = breaks_and_waverings(flags)

    assert [at for span in breaks for at in range(*span)] == list(broken)
    assert waverings == []


def test_shares_that_vary_by_chance_are_one_stretch() -> None:
    random_ = np.random.default_rng(3)
    shares = random_.multinomial(5, [0.5, 0.3, 0.2], size=900) / 5

    assert stretches_of_kinds(shares) == [(0, 900)]


def test_a_shift_of_times_is_found_and_days_and_nights_are_none() -> None:
    random_ = np.random.default_rng(4)
    times = 0.1 * random_.lognormal(0, 0.2, size=600)
    hours = np.arange(600) % 24
    rhythm = times * np.where(hours < 12, 1.6, 1.0)
    slower = times.copy()
    slower[300:360] *= 2

    assert shifts(rhythm, difference=0.02, ratio=1.25) == [(0, 600)]
    (_, (low, high), _) = shifts(slower, difference=0.02, ratio=1.25)
    assert abs(low - 300) <= 3
    assert abs(high - 360) <= 3


def test_two_suites_in_one_folder_miss_no_operation_of_each_other(
    folder: Path, tmp_path: Path
) -> None:
    for number, each in enumerate(reports_of(folder)[:40]):
        kept = number % 2
        each["operations"] = [each["operations"][kept]]
        written(tmp_path / f"{number}.json", each)

    assert "operation-vanished" not in {each.movement.name for each in read(tmp_path).episodes}


def test_an_operation_that_is_missing_for_some_runs_and_one_that_is_new_are_told(
    folder: Path, tmp_path: Path
) -> None:
    for number, each in enumerate(reports_of(folder)[:60:2]):
        if 10 <= number < 13:
            del each["operations"][1]
        if number >= 20:
            each["operations"].append({**each["operations"][0], "id": "another"})
        written(tmp_path / f"{number}.json", each)

    seen = {
        (each.movement.name, each.operations, each.runs)
        for each in read(tmp_path).episodes
        if each.movement.name.startswith("operation-")
    }

    assert seen == {
        ("operation-vanished", ("getParkingRecords",), 3),
        ("operation-appeared", ("another",), 10),
    }


def test_one_name_in_two_suites_is_two_operations(folder: Path, tmp_path: Path) -> None:
    for number, each in enumerate(reports_of(folder)[:40]):
        (operation, _) = each["operations"]
        operation["document"] = f"suite-{number % 2}.md"
        each["operations"], operation["environment"] = [operation], "test"
        written(tmp_path / f"{number}.json", each)

    documents = sorted(each.document for each in read(tmp_path).history.series)

    assert documents == ["suite-0.md", "suite-1.md"]


# What lies in the folder


def reports_of(folder: Path) -> list[dict[str, Any]]:
    paths = sorted(folder.rglob("report.json"), key=lambda each: each.parent.name[-5:])
    return [json.loads(each.read_bytes()) for each in paths]


def written(path: Path, report: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report), encoding="utf-8")
    return path


@pytest.fixture
def mixed(folder: Path, tmp_path: Path) -> Path:
    """A folder of three reports that can be used, and one file of every kind that cannot."""
    good, other, *_ = reports_of(folder)
    written(tmp_path / "a" / "report.json", good)
    (tmp_path / "a" / "ctrf.json").write_text("{}")  # of the same run: none of ours
    packed = tmp_path / "b" / "report.json.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(json.dumps(other).encode()))
    written(tmp_path / "again.json", good)
    written(tmp_path / "2026-02-03" / "report.json", {**good, "started": ""})
    written(tmp_path / "undated.json", {**good, "started": "yesterday"})
    written(tmp_path / "later.json", {**good, "version": "2.0"})
    written(tmp_path / "foreign.json", {"name": "package"})
    (tmp_path / "cut.json").write_text(json.dumps(good)[:900])
    (tmp_path / "cut.json.gz").write_bytes(packed.read_bytes()[:300])
    (tmp_path / "notes.txt").write_text("x")
    return tmp_path


def test_what_cannot_be_used_is_told_in_a_line_of_each_kind(mixed: Path) -> None:
    found = read(mixed)

    kinds = {each.kind[0]: each.count for each in found.history.left_out}
    assert kinds == {
        "there twice": 1,
        "without a date": 1,
        "no report of a contract run": 2,
        "truncated, or not JSON": 2,
    }
    assert len(found.history.runs) == 3


@pytest.mark.parametrize("form", ["markdown", "html", "json"])
def test_a_name_that_is_not_utf_8_is_written_escaped(
    form: str, mixed: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    moved = mixed / os.fsdecode(b"\xff")
    (mixed / "b").rename(moved)
    captcha_contract.main(["compare", str(mixed), "--format", form])
    shown = capsysbinary.readouterr().out.decode("utf-8")
    captcha_contract.main(
        ["compare", str(mixed), "--format", form, "--output", str(mixed / "made")]
    )

    assert (mixed / "made").read_text("utf-8") == shown


def test_a_run_without_a_moment_takes_that_of_its_folder(mixed: Path) -> None:
    days = [f"{each.moment:%Y-%m-%d}" for each in read(mixed).history.runs]

    assert days == ["2026-01-05", "2026-01-05", "2026-02-03"]


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("2026-11-26/report.json", datetime(2026, 11, 26, tzinfo=UTC)),
        ("run-20261126T083015Z.json", datetime(2026, 11, 26, 8, 30, 15, tzinfo=UTC)),
        ("2025-01-01/2026-11-26_08-30.json", datetime(2026, 11, 26, 8, 30, tzinfo=UTC)),
        ("2026-13-26.json", None),
        ("1234520261126.json", None),
    ],
)
def test_a_day_is_read_from_a_name(name: str, moment: datetime | None) -> None:
    assert moment_in(Path(name)) == moment


def test_the_order_of_names_is_not_that_of_time(folder: Path, tmp_path: Path) -> None:
    for number, each in enumerate(reports_of(folder)[:10]):
        written(tmp_path / f"{10 - number}.json", each)

    moments = [each.moment for each in read(tmp_path).history.runs]

    assert moments == sorted(moments)


def test_months_without_a_run_are_named(folder: Path, tmp_path: Path) -> None:
    for number, each in enumerate(reports_of(folder)[:30]):
        day = datetime(2026, 1 if number < 15 else 4, 1 + number % 15, tzinfo=UTC)
        written(tmp_path / f"{number}.json", {**each, "started": day.isoformat()})

    assert read(tmp_path).gaps == ((14, 15),)


def test_reports_of_before_version_1_2_are_told_by_their_verdicts(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, each in enumerate(reports_of(folder)[::2]):
        for operation in each["operations"]:
            for exchange in operation["exchanges"]:
                del exchange["members"]
        written(tmp_path / f"{number}.json", {**each, "version": "1.0"})

    found = read(tmp_path)

    assert found.history.older == TURNS
    assert "ceased-to-conform" in {each.movement.name for each in found.episodes}
    run(str(tmp_path))
    assert "80 reports of before version 1.2" in capsys.readouterr().out


def test_what_is_kept_of_a_run_is_small(folder: Path) -> None:
    reports = StoredReports(folder)
    every = [(moment, path, report) for moment, path, report in reports]
    size = sum(path.stat().st_size for _, path, _ in every)

    tracemalloc.start()
    kept = history("a folder", _Again(folder, every))
    took, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(kept.runs) == 2 * TURNS
    assert took < size / 15


class _Again(StoredReports):
    """Reports that were read before."""

    def __init__(self, folder: Path, every: list[Any]) -> None:
        super().__init__(folder)
        self.every = every

    def __iter__(self) -> Iterator[Any]:
        return iter(self.every)


# What the command says


def test_only_what_the_newest_runs_still_show_ends_with_1(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, each in enumerate(reports_of(folder)[: 2 * 70]):
        written(tmp_path / f"{number}.json", each)

    assert (run(str(folder)), run(str(tmp_path))) == (1, 0)
    assert "ceased to conform 不再符合: getImgCode · test · img_code_id 图片编号" in " ".join(
        capsys.readouterr().out.split()
    )


def test_the_text_has_80_columns_and_ends_with_its_sum(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(str(folder))

    lines = capsys.readouterr().out.splitlines()
    assert max(map(width, lines)) <= 80
    assert lines[-1] == "1 to act on 须处理, 6 in force 持续中, 4 past 已结束, 1 unstable 不稳定"


def test_the_json_says_the_same_for_programs(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    status = run(str(folder), "--format", "json")

    said = json.loads(capsysbinary.readouterr().out)
    assert (status, said["exit_status"], said["runs"]) == (1, 1, 2 * TURNS)
    acting = [each for each in said["episodes"] if each["act"]]
    assert [(each["claim"], each["environment"]) for each in acting] == [
        ("getParkingRecords-total-required", "dev")
    ]
    assert {each["movement"] for each in said["episodes"]} <= set(MOVEMENTS)
    assert said["flaky"][0]["claim"] == "getParkingRecords-total-type"
    assert said["operations"][0]["latency"][0]["p50"] > 0


def test_a_page_in_a_file_is_summed_up_in_the_terminal(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(str(folder), "--format", "html", "--output", str(tmp_path / "months.html"))

    printed = capsys.readouterr().out
    assert printed.startswith("written: ")
    assert printed.rstrip().endswith("1 unstable 不稳定")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_every_episode(form: str, found: Months) -> None:
    text = FORMATS[form](found)

    told = {each.claim or each.subject or each.movement.name for each in found.episodes}
    named = {each if form == "json" else MOVEMENTS[each].title[0] if each in MOVEMENTS else each
             for each in told}  # fmt: skip
    plain = text.replace("\\", "").replace("\n", "")
    assert [each for each in named if each not in plain] == []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "none", "is no folder: name a second report"),
        (lambda folder: written(folder / "x.json", {}), "is no folder: name a second report"),
        (lambda folder: folder, "holds no report.json that can be used"),
        (lambda folder: written(folder / "x.json", {}).parent, "(1 no report of a contract run)"),
    ],
)
def test_what_is_no_store_is_refused_in_a_line(
    make: Callable[[Path], Path],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run(str(make(tmp_path)))

    printed = capsys.readouterr()
    assert (status, printed.out, printed.err.count("\n")) == (2, "", 1)
    assert said in printed.err


def test_environments_belong_to_two_sides(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(str(folder), "--environments", "dev,test")

    assert (status, "belongs to two sides" in capsys.readouterr().err) == (2, True)
