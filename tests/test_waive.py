"""`captcha-contract waive` writes the waivers of what a run found, and changes nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import captcha_contract
from contract.findings import Level
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Verdict, judge
from contract.spec.operations import Spec
from contract.waiver_writing import extended_text
from contract.waivers import Waiver, load, waiving
from contract_tests.comparing.run_reports import run_report
from tests.generated_runs import CAPTCHAS, captcha, exchanges, report, written
from tests.loopback import broken_server, contract

TODAY = datetime.now(UTC).date()
DAY = TODAY + timedelta(days=30)
UNTIL = DAY.isoformat()
REASON = "agreed, the document follows"
OF_NUMBERS = "getImgCode-img_code_id-pattern"


def waive(report_: Path, *words: str) -> int:
    try:
        return captcha_contract.main(["waive", str(report_), *words])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


def reported(folder: Path, spec: Spec, change: str, environment: str = "test") -> Path:
    operation = spec.operations[0]
    seen = exchanges("waive", captcha, CAPTCHAS[change], 5)
    text = report(operation, seen, environment=environment, strictness=Level.SAMPLE)
    return written(folder / "report.json", text)


@pytest.fixture
def found(tmp_path: Path, spec: Spec) -> Path:
    """The report of a run that found numbers that are too long."""
    return reported(tmp_path, spec, "number longer")


def waived_ids(path: Path) -> list[str]:
    return [waiver.finding for waiver in load(path)]


# The same run passes


@pytest.mark.parametrize("change", ["number longer", "number missing", "picture cut", "one number"])
def test_the_waivers_of_what_was_found_let_the_same_run_pass(
    change: str, tmp_path: Path, spec: Spec
) -> None:
    into = tmp_path / "waivers.yaml"
    found = reported(tmp_path, spec, change)

    status = waive(found, "--until", UNTIL, "--reason", REASON, "--into", str(into))

    operation = spec.operations[0]
    judgement = judge(
        operation,
        provenance_of(operation),
        exchanges("waive", captcha, CAPTCHAS[change], 5),
        strictness=Level.SAMPLE,
        waived=waiving(load(into), "test", DAY),
    )
    claims = {judgement.verdict_of(outcome) for outcome in judgement.outcomes.values()}
    assert (status, judgement.verdict, claims) == (0, Verdict.CONFORMS, {Verdict.CONFORMS})


def test_a_real_run_passes_by_the_waivers_of_its_own_report(tmp_path: Path) -> None:
    into = tmp_path / "waivers.yaml"
    with broken_server("msg-in-english") as url:
        options = ("--base-url", url, "--strictness", "sample")
        first, _ = contract(*options, "--report-dir", tmp_path)
        waive(tmp_path / "report.json", "--until", UNTIL, "--reason", REASON, "--into", str(into))
        second, said = contract(*options, "--waivers", into)

    assert (first, second, REASON in said) == (1, 0, True)


def test_a_waiver_holds_only_where_its_finding_was_found(
    tmp_path: Path, spec: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    waive(reported(tmp_path, spec, "number longer", "dev"), "--until", UNTIL, "--reason", REASON)

    path = written(tmp_path / "waivers.yaml", capsys.readouterr().out)
    assert {each.environment for each in load(path)} == {"dev"}


@pytest.mark.parametrize("reason", ['a "quoted": one # no comment', "- list", "成功", "null", "'"])
def test_a_reason_is_read_as_it_was_given(
    reason: str, found: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    waive(found, "--until", UNTIL, "--reason", reason, "--ticket", "ETC-7")

    path = tmp_path / "waivers.yaml"
    path.write_bytes(capsysbinary.readouterr().out)
    (waiver,) = load(path)
    assert (waiver.reason, waiver.ticket, waiver.expires) == (reason, "ETC-7", DAY)


# What is there stays

OLD = """\
# who may add a line here: the platform team
- finding: getImgCode-msg-enum  # the text is under review
  environment: test
  reason: >-
    the text
    is agreed
  expires: 2026-12-31

# the end
"""


@pytest.mark.parametrize(
    "before",
    [
        OLD,
        OLD.removesuffix("\n"),
        OLD.replace("\n", "\r\n"),
        "  " + OLD.replace("\n", "\n  ").rstrip() + "\n",
        "\ufeff" + OLD,
        "# nothing yet\n",
        "",
        "[]\n",
        '[{finding: a-b-c, environment: "*", reason: x, expires: 2030-01-01}]  # one line\n',
    ],
    ids=["block", "no-end", "crlf", "indented", "bom", "comment", "empty", "no-flow", "flow"],
)
def test_every_character_that_is_there_stays(before: str, found: Path, tmp_path: Path) -> None:
    into = tmp_path / "waivers.yaml"
    into.write_bytes(before.encode())
    known = waived_ids(into)

    status = waive(found, "--until", UNTIL, "--reason", REASON, "--into", str(into))

    after = into.read_bytes().decode()
    rest = iter(after)
    assert status == 0
    assert all(character in rest for character in before)
    assert waived_ids(into) == [*known, OF_NUMBERS]
    assert ("\r\n" in after, after.count("\n") == after.count("\r\n")) in {
        (False, False),
        (True, True),
    }


def test_a_second_time_nothing_is_written(
    found: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "waivers.yaml"
    words = ("--until", UNTIL, "--reason", REASON, "--into", str(into))
    waive(found, *words)
    first = into.read_bytes(), into.stat().st_ino
    added = capsys.readouterr().err

    waive(found, *words)

    assert added == f"added 已添加: {OF_NUMBERS} in test until {UNTIL}\n"
    assert (into.read_bytes(), into.stat().st_ino) == first
    assert f"already there 已存在: {OF_NUMBERS} in test until {UNTIL}" in capsys.readouterr().err


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(found: Path, tmp_path: Path) -> None:
    into = tmp_path / "waivers.yaml"
    target = written(tmp_path / "shared" / "waivers.yaml", OLD)
    target.chmod(0o640)
    into.symlink_to(target)

    waive(found, "--until", UNTIL, "--reason", REASON, "--into", str(into))

    assert (into.is_symlink(), target.stat().st_mode & 0o777) == (True, 0o640)
    assert waived_ids(target)[-1] == OF_NUMBERS
    assert sorted(each.name for each in target.parent.iterdir()) == ["waivers.yaml"]


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_of_a_waiver_that_ends_sooner_only_the_date_is_replaced(
    quote: str, found: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "waivers.yaml"
    text = (
        f"- {{finding: {OF_NUMBERS}, environment: test, reason: known, "
        f"expires: {quote}2026-01-01{quote}}}  # kept\n- finding: z-z-z\n  environment: test\n"
        "  reason: y\n  expires: 2026-01-01\n"
    )
    into.write_text(text, encoding="utf-8")

    waive(found, "--until", UNTIL, "--reason", REASON, "--into", str(into))

    assert into.read_text(encoding="utf-8") == text.replace("2026-01-01", UNTIL, 1)
    said = capsys.readouterr().err
    assert f"extended 已延期: {OF_NUMBERS} in test until {UNTIL}, was 2026-01-01" in said


def test_the_dates_of_several_waivers_are_replaced(tmp_path: Path) -> None:
    def text(day: str) -> str:
        names = ("a-b-c", "d-e-f")
        return "".join(
            f"- {{finding: {name}, environment: test, reason: x, expires: {day}}}\n"
            for name in names
        )

    old = text("20260101")
    wanted = load(written(tmp_path / "w.yaml", text(UNTIL)))

    new, done = extended_text(old.encode(), "waivers.yaml", wanted)

    assert (new, {each.deed.name for each in done}) == (text(UNTIL), {"EXTENDED"})


@pytest.mark.parametrize(("environment", "deed"), [("*", "THERE"), ("dev", "ADDED")])
def test_a_waiver_of_every_environment_is_enough_and_one_of_another_is_not(
    environment: str, deed: str, tmp_path: Path
) -> None:
    text = f"- {{finding: a-b-c, environment: '{environment}', reason: x, expires: 2030-01-01}}\n"
    wanted = load(written(tmp_path / "w.yaml", text.replace(f"'{environment}'", "test")))

    _, (done,) = extended_text(text.encode(), "waivers.yaml", wanted)

    assert done.deed.name == deed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\n", "a waivers file is a list of waivers"),
        (b"- {finding: x}\n", "a waiver lacks environment"),
        (b"[", "is not YAML"),
        (b"\xff", "is not UTF-8"),
        (b"- &a {finding: b, environment: test, reason: x, expires: 2030-01-01}\n...\n", ""),
        (
            (
                f"- finding: {OF_NUMBERS}\n  environment: test\n  reason: x\n"
                "  expires: &day 2026-01-01\n- finding: b\n  environment: test\n  reason: x\n"
                "  expires: *day\n"
            ).encode(),
            "cannot be added to",
        ),
    ],
)
def test_a_file_that_cannot_be_added_to_is_left_alone(
    content: bytes, said: str, found: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "waivers.yaml"
    into.write_bytes(content)

    status = waive(found, "--until", UNTIL, "--reason", REASON, "--into", str(into))

    complained = capsys.readouterr().err
    if said:
        assert (status, into.read_bytes(), complained.count("\n")) == (2, content, 1)
        assert said in complained
    else:
        assert waived_ids(into) == ["b", OF_NUMBERS]


# What is refused, and what no waiver covers


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "2026-01-01", "--reason", REASON), "2026-01-01 is past"),
        (("--until", "soon", "--reason", REASON), "soon is not a day"),
        (("--until", UNTIL, "--reason", "  "), "it is empty"),
        (("--until", UNTIL, "--reason", "a\x1bb"), "cannot be printed"),
        (("--until", UNTIL), "--reason"),
        (("--reason", REASON), "--until"),
    ],
)
def test_a_day_that_is_past_and_an_empty_reason_are_refused(
    words: tuple[str, ...], said: str, found: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = waive(found, *words)

    told = capsys.readouterr()
    assert (status, told.out, said in told.err) == (2, "", True)


def test_today_is_not_past(found: Path) -> None:
    assert waive(found, "--until", TODAY.isoformat(), "--reason", REASON) == 0


def test_what_is_inconclusive_is_said_and_not_waived(
    tmp_path: Path, spec: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "waivers.yaml"
    down = reported(tmp_path, spec, "down")

    status = waive(down, "--until", UNTIL, "--reason", REASON, "--into", str(into))

    said = capsys.readouterr().err
    assert (status, into.exists()) == (1, False)
    assert "not waived 未豁免: getImgCode in test is inconclusive 无法判定: no-answer (5)" in said


def test_a_run_that_found_nothing_needs_no_waiver(
    tmp_path: Path, spec: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    status = waive(reported(tmp_path, spec, "nothing"), "--until", UNTIL, "--reason", REASON)

    told = capsys.readouterr()
    assert (status, told.out, told.err) == (0, "", "nothing to waive 没有可豁免的问题\n")


def test_a_warning_is_not_waived(tmp_path: Path, spec: Spec) -> None:
    path = reported(tmp_path, spec, "undocumented member")

    weights = {each.weight for each in run_report(path).operations[0].findings.values()}
    assert (weights, waive(path, "--until", UNTIL, "--reason", REASON)) == ({"warning"}, 0)


def test_a_waivers_file_that_cannot_be_written_is_said_in_a_line(
    found: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = found / "waivers.yaml"  # below a file

    status = waive(found, "--until", UNTIL, "--reason", REASON, "--into", str(into))

    said = capsys.readouterr().err
    assert (status, said.count("\n")) == (2, 1)


def test_a_waiver_of_the_same_day_is_not_extended() -> None:
    known = b"- {finding: a-b-c, environment: test, reason: x, expires: 2030-01-01}\n"
    wanted = Waiver(
        finding="a-b-c",
        environment="test",
        reason="y",
        ticket="",
        expires=date(2030, 1, 1),
        place=None,  # type: ignore[arg-type]
    )

    text, (done,) = extended_text(known, "w", [wanted])

    assert (text.encode(), done.deed.name) == (known, "THERE")
