"""`captcha-contract compare`: what moved between two runs is told, and noise is not."""

from __future__ import annotations

import copy
import itertools
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import captcha_contract
from contract.spec.operations import Spec
from contract_tests.comparing.comparison import comparison
from contract_tests.comparing.comparison_formats import FORMATS
from contract_tests.comparing.counted_runs import side
from contract_tests.comparing.evidence import (
    Floor,
    chance_of_ranks,
    chance_of_shares,
    share_moved,
    shifted,
)
from contract_tests.comparing.movements import MOVEMENTS
from contract_tests.comparing.report_files import LARGEST
from contract_tests.comparing.run_reports import run_report, runs
from contract_tests.reports.as_terminal import width
from tests.generated_runs import (
    CAPTCHAS,
    PARKING,
    Injected,
    Payload,
    captcha,
    exchanges,
    parking,
    report,
    written,
)

PAIRS, BEFORE = 200, 20
SAMPLES = (5, 6, 8, 10)


def told(a: Path, b: Path) -> set[tuple[str, str]]:
    compared = comparison(side("A", runs(a)), side("B", runs(b)))
    return {(each.movement.name, each.subject) for each in compared.moved}


def run(*words: str) -> int:
    try:
        return captcha_contract.main(words)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


@pytest.fixture
def reports(tmp_path: Path, spec: Spec) -> Callable[[str], Path]:
    """Make the report of a run with a change; each has a folder of its own."""

    def make(change: str, name: str = "", samples: int = 6) -> Path:
        seen = exchanges(name or change, captcha, CAPTCHAS[change], samples)
        path = tmp_path / (name or change) / "report.json"
        return written(path, report(spec.operations[0], seen))

    return make


# 200 generated pairs


@pytest.fixture(scope="module")
def made(
    spec: Spec, platform: Spec, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """Make a side: a report, or a folder of several runs."""
    folder = tmp_path_factory.mktemp("pairs")
    kinds = {"captcha": (spec.operations[0], captcha), "parking": (platform.operations[0], parking)}

    def make(name: str, kind: str, injected: Injected, number: int) -> Path:
        operation, answer = kinds[kind]
        several = number % 5 == 0
        top = folder / f"{kind}-{name}-{number}"
        for each in range(3 if several else 1):
            path = top / str(each) / "report.json"
            if not path.exists():
                samples = SAMPLES[number % len(SAMPLES)]
                observed = exchanges(f"{name} {number} {each}", answer, injected, samples)
                written(path, report(operation, observed))
        return top if several else path

    return make


def pairs() -> Iterator[tuple[int, str, str]]:
    """Every change in turn, and in between nothing."""
    every = [("captcha", name) for name in CAPTCHAS] + [("parking", name) for name in PARKING]
    quiet = [("captcha", "nothing"), ("parking", "nothing")] * 3
    wanted = itertools.islice(itertools.cycle(every + quiet), PAIRS)
    return ((number, *each) for number, each in enumerate(wanted))


def of_kind(kind: str) -> Mapping[str, Injected]:
    return CAPTCHAS if kind == "captcha" else PARKING


def test_of_200_pairs_exactly_the_injected_changes_are_told(made: Callable[..., Path]) -> None:
    wrong = []
    for number, kind, name in pairs():
        changes = of_kind(kind)
        a = made("a", kind, changes["nothing"], number % BEFORE)
        b = made("b", kind, changes[name], number)
        found = told(a, b)
        if found != changes[name].told:
            wrong.append((number, kind, name, found ^ changes[name].told))

    assert wrong == []


def test_every_movement_is_told_of_some_pair(
    reports: Callable[[str], Path], tmp_path: Path
) -> None:
    quiet, other = reports("nothing"), json.loads(reports("nothing").read_text("utf-8"))
    renamed = copy.deepcopy(other)
    renamed["operations"][0]["id"] = "another"
    for call in (half := copy.deepcopy(other))["operations"][0]["exchanges"]:
        call["members"] = [each for each in call["members"] if each["pointer"] != "/msg"]
    longer = copy.deepcopy(other)
    longer["operations"][0]["exchanges"] *= 10
    longer["operations"][0]["samples"] = 60
    open_ = copy.deepcopy(longer)
    open_["operations"][0]["unjudged"] = [{"reason": "timed-out"}] * 20
    for call in (number := copy.deepcopy(other))["operations"][0]["exchanges"]:
        for member in call["members"]:
            member["types"] = ["integer" if each == "string" else each for each in member["types"]]
    for call in (stretched := copy.deepcopy(other))["operations"][0]["exchanges"]:
        for member in call["members"]:
            member["longest"] = member["longest"] and member["longest"] + 9
    made = [
        written(tmp_path / f"{index}.json", json.dumps(each))
        for index, each in enumerate((renamed, half, longer, open_, number, stretched))
    ]
    changes = [reports(name) for name in CAPTCHAS if name != "nothing"]
    pairs_ = [(quiet, each) for each in (*changes, *made)] + [(made[2], made[3])]
    both = [told(*pair) | told(*reversed(pair)) for pair in pairs_]

    assert {name for each in both for name, _ in each} == set(MOVEMENTS)


# What the command says, and how it ends


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("nothing", 0),
        ("slow", 0),
        ("message in English", 0),
        ("number missing", 1),
        ("number renamed", 1),
        ("down", 1),
    ],
)
def test_only_what_must_be_acted_on_ends_with_1(
    change: str, status: int, reports: Callable[..., Path]
) -> None:
    assert run("compare", str(reports("nothing", "before")), str(reports(change))) == status


def test_a_row_that_began_to_conform_ends_with_0(
    reports: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("compare", str(reports("number missing")), str(reports("nothing")))

    printed = capsys.readouterr().out
    assert (status, "began to conform 开始符合: getImgCode-img_code_id-required" in printed) == (
        0,
        True,
    )


def test_a_row_is_named_with_its_words_and_its_line_of_the_document(
    reports: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run("compare", str(reports("nothing")), str(reports("number missing")))

    printed = capsys.readouterr().out
    assert "img_code_id 图片编号 (openapi/documents/getImgCode.md:28)" in printed
    assert "ceased to conform 不再符合: getImgCode-img_code_id-required (level table)" in printed
    assert printed.endswith("1 to act on 须处理\n")


def test_no_line_of_the_text_is_wider_than_80_columns(
    reports: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    long = json.loads(reports("number missing").read_text("utf-8"))
    long["operations"][0]["findings"][0]["evidence"] = "图片编号缺失" * 40 + " " + "x" * 300
    path = written(
        reports("nothing").parent / "a-very-long-name" / ("n" * 90) / "x.json", json.dumps(long)
    )

    run("compare", str(reports("nothing")), str(path))

    assert max(map(width, capsys.readouterr().out.splitlines())) == 80


def test_the_json_says_the_same_for_programs(
    reports: Callable[..., Path], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    a, b = str(reports("nothing")), str(reports("number missing"))
    status = run("compare", a, b, "--format", "json")

    found = json.loads(capsysbinary.readouterr().out)
    (moved,) = found["moved"]
    assert (status, found["exit_status"], found["b"]["verdict"]) == (1, 1, "violates")
    assert (moved["movement"], moved["claim"], moved["act"]) == (
        "ceased-to-conform",
        "getImgCode-img_code_id-required",
        True,
    )


# Several environments in one run


@pytest.fixture
def of_two(reports: Callable[..., Path], tmp_path: Path) -> Path:
    """The report of a run that judged dev, which kept its promises, and test, which did not."""
    dev, test = (json.loads(reports(name).read_text("utf-8")) for name in ("nothing", "down"))
    dev["operations"][0]["environment"] = "dev"
    test["operations"][0]["environment"] = "test"
    merged = {**test, "environment": "dev, test", "verdict": "inconclusive"}
    merged["operations"] = [*dev["operations"], *test["operations"]]
    return written(tmp_path / "two" / "report.json", json.dumps(merged))


def test_two_environments_of_one_run_are_compared(
    of_two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("compare", str(of_two), str(of_two), "--environments", "dev,test")

    printed = " ".join(capsys.readouterr().out.split())
    assert (status, "conforms 符合 → inconclusive 无法判定: no-answer (6)" in printed) == (1, True)
    assert "dev · 1 run" in printed


def test_each_environment_is_compared_with_itself(of_two: Path) -> None:
    assert told(of_two, of_two) == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [("dev,tset", "did you mean test? it has dev, test"), ("dev", "name two"), (",", "name two")],
)
def test_an_environment_that_is_not_there_is_said(
    words: str, said: str, of_two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("compare", str(of_two), str(of_two), "--environments", words)

    assert (status, said in capsys.readouterr().err) == (2, True)


# Several runs of a side


def test_a_claim_that_some_runs_break_is_unstable(
    reports: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        reports("nothing", f"a/{number}")
        reports("number missing" if number == 1 else "nothing", f"b/{number}")
    status = run("compare", str(tmp_path / "a"), str(tmp_path / "b"))
    there = capsys.readouterr().out

    back = run("compare", str(tmp_path / "b"), str(tmp_path / "a"))

    assert (status, "getImgCode-img_code_id-required: A 0/3 · B 1/3" in there) == (1, True)
    assert (back, "began to conform" in capsys.readouterr().out) == (0, False)


def test_a_folder_of_other_files_is_read_by_its_reports_alone(
    reports: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = reports("nothing")
    written(path.parent / "ctrf.json", "{}")

    status = run("compare", str(path.parent), str(path))

    assert (status, capsys.readouterr().out.count("1 run")) == (0, 2)


def test_one_run_is_in_memory_at_a_time(reports: Callable[..., Path]) -> None:
    path = reports("nothing")
    whole = path.stat().st_size

    def held(count: int) -> int:
        tracemalloc.start()
        kept = side("A", (run_report(path) for _ in range(count)))
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept.runs == count
        return size

    assert (held(60) - held(10)) / 50 < whole / 20


# Reports of other versions, and of nobody


def older(value: object) -> object:
    """Take out of a report what version 1.0 had not."""
    if isinstance(value, dict):
        return {
            name: older(inner)
            for name, inner in value.items()
            if name not in {"members", "promise_zh", "meaning_zh"}
            and not (name == "pointer" and "evidence" not in value and "sha256" not in value)
        }
    return [older(inner) for inner in value] if isinstance(value, list) else value


def test_a_row_in_a_list_of_an_older_report_is_found_by_its_name(
    platform: Spec, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for name in ("nothing", "plates missing"):
        text = report(platform.operations[0], exchanges(name, parking, PARKING[name], 6))
        paths.append(written(tmp_path / f"{name}.json", json.dumps(older(json.loads(text)))))

    run("compare", *map(str, paths))

    assert "  plate 车牌号 (" in capsys.readouterr().out
    (moved,) = comparison(side("A", runs(paths[0])), side("B", runs(paths[1]))).moved
    assert moved.pointer == "/data/records/*/plate"


@pytest.mark.parametrize(
    ("change", "moved"), [("nothing", set()), ("number missing", {"img_code_id"})]
)
def test_reports_of_version_1_0_are_compared_by_their_verdicts(
    change: str,
    moved: set[str],
    reports: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = []
    for name in ("nothing", change):
        report_ = older(json.loads(reports(name).read_text("utf-8")))
        assert isinstance(report_, dict)
        text = json.dumps({**report_, "version": "1.0"})
        paths.append(written(tmp_path / f"old-{name}.json", text))

    found = told(*paths)
    run("compare", *map(str, paths))

    assert {subject for _, subject in found} == moved
    printed = capsys.readouterr().out
    assert "members and lengths are not compared" in " ".join(printed.split())
    assert ("图片编号 (openapi/documents/getImgCode.md:28)" in printed) == bool(moved)


def hostile() -> dict[str, bytes]:
    good = {
        "version": "1.2",
        "verdict": "conforms",
        "exit_status": 0,
        "started": "2026-11-26T08:00:00",
    }
    more = {"environment": "x", "strictness": "table", "operations": []}
    operation = {"id": "a", "summary": "", "verdict": "conforms", "samples": 1, "unjudged": []}

    def of(**changes: object) -> bytes:
        return json.dumps({**good, **more, **changes}).encode()

    return {
        "empty": b"",
        "text": b"hello",
        "half": of()[:40],
        "list": b"[]",
        "number": b"7",
        "null": b"null",
        "object": b"{}",
        "latin-1": '{"version": "é"}'.encode("latin-1"),
        "deep": b"[" * 100_000 + b"]" * 100_000,
        "digits": b'{"version": ' + b"9" * 5000 + b"}",
        "foreign": b'{"version": "2.1.0", "runs": []}',
        "later": of(version="2.0"),
        "verdict": of(verdict="great"),
        "status": of(exit_status=-1),
        "infinite": of(exit_status=0).replace(b'"exit_status": 0', b'"exit_status": 1e999'),
        "nan": of(exit_status=0).replace(b'"exit_status": 0', b'"exit_status": NaN'),
        "operations": of(operations={"a": 1}),
        "operation": of(operations=[7]),
        "no-claims": of(operations=[operation]),
        "control": of(version="1.2\x1b[31m::error::x"),
    }


@pytest.mark.parametrize("name", hostile())
@pytest.mark.parametrize("command", ["compare", "waive"])
def test_what_is_no_report_is_refused_in_one_line(
    command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(hostile()[name])
    rest = [str(path)] if command == "compare" else ["--until", "2999-12-31", "--reason", "x"]

    status = run(command, str(path), *rest)

    said = capsys.readouterr()
    assert (status, said.out, said.err.count("\n")) == (2, "", 1)
    assert "x.json" in said.err
    assert said.err.strip().isprintable()


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)

    status = run("compare", str(path), str(path))

    assert (status, "is larger than 32 MiB" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("words", [("none.json",), (".",)])
def test_a_report_that_is_not_there_is_said_in_one_line(
    words: tuple[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    status = run("compare", *words, *words)

    assert (status, capsys.readouterr().err.count("\n")) == (2, 1)


HOSTILE = "\x1b[31m\n::error::x <script>alert(1)</script> `` | [a](javascript:1) \u202e\ud800"


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_report_says_is_never_printed_as_it_came(
    form: str, reports: Callable[..., Path], tmp_path: Path
) -> None:
    spoilt = json.loads(reports("number missing").read_text("utf-8"))
    spoilt["environment"] = HOSTILE
    (operation,) = spoilt["operations"]
    operation["summary"] = operation["fields"][1]["description"] = HOSTILE
    operation["findings"][0] |= {"evidence": HOSTILE, "promise": HOSTILE}
    path = written(tmp_path / "spoilt.json", json.dumps(spoilt))

    text = FORMATS[form](comparison(side("A", runs(reports("nothing"))), side("B", runs(path))))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not re.search(r"^::error", text, re.MULTILINE)
    outside = re.sub(r"(`+).*?\1", "", text) if form == "markdown" else text
    assert form in {"text", "json"} or "<script>" not in outside
    text.encode()


# What is more than noise


@pytest.mark.parametrize(("samples", "moved"), [(3, set()), (6, {"remark"})])
@pytest.mark.parametrize("there", [None, "月卡"])
def test_of_an_optional_row_a_few_answers_show_no_rule(
    samples: int, moved: set[str], there: str | None, platform: Spec, tmp_path: Path
) -> None:
    def answered(name: str, **members: object) -> Path:
        def edit(payload: Payload, _: object) -> None:
            payload["data"].pop("remark", None)
            payload["data"].update(members)

        seen = exchanges(name, parking, Injected(set(), edit), samples)
        return written(tmp_path / name / "report.json", report(platform.operations[0], seen))

    other = {} if there else {"remark": "临时停车"}
    a, b = answered("a", remark=there), answered("b", **other)

    assert {subject for _, subject in told(a, b)} == moved


def test_a_number_with_a_point_is_a_number_as_before(spec: Spec, tmp_path: Path) -> None:
    def answered(name: str, value: float) -> Path:
        def edit(payload: Payload, _: object) -> None:
            payload["data"]["expire"] = value

        seen = exchanges(name, captcha, Injected(set(), edit), 6)
        return written(tmp_path / name / "report.json", report(spec.operations[0], seen))

    assert told(answered("a", 60), answered("b", 60.5)) == set()


def test_what_chance_may_do_is_not_told() -> None:
    floor = Floor(difference=0.02, ratio=1.25)
    scattered = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]

    assert not share_moved(10, 10, 5, 10)  # 3 % by chance
    assert share_moved(10, 10, 1, 10)
    assert not shifted(scattered, [each + 0.35 for each in scattered], floor)  # 2 % by chance


def test_the_probabilities_are_those_of_the_textbooks() -> None:
    five, other = [1.0, 2, 3, 4, 5], [6.0, 7, 8, 9, 10]

    assert chance_of_ranks(five, other) == pytest.approx(2 / 252)
    assert chance_of_ranks([1.0, 3, 5], [2.0, 4, 6]) == pytest.approx(14 / 20)
    assert chance_of_shares(5, 5, 0, 5) == pytest.approx(2 / 252)
    assert chance_of_shares(3, 4, 1, 4) == pytest.approx(34 / 70)  # the lady who tastes tea


def test_one_slow_answer_moves_nothing_and_a_shift_does_in_spite_of_it() -> None:
    floor = Floor(difference=0.02, ratio=1.25)
    usual = [0.080, 0.082, 0.079, 0.085, 0.081]

    assert not shifted(usual, [*usual[:4], 2.0], floor)
    assert shifted([*usual[:4], 0.5], [0.160, 0.165, 0.161, 0.158, 0.9], floor)


def test_a_shift_below_the_floor_is_not_told_however_sure_it_is() -> None:
    floor = Floor(difference=0.02, ratio=1.25)

    assert not shifted([0.001] * 50, [0.009] * 50, floor)
