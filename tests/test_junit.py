"""What other tools make of a run: JUnit reports, reruns, orders of their own, Allure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.loopback import SILENT, broken_server, contract, python, sample_server

CLAIMS = "contract_tests/test_contract.py"
ROW = "getImgCode-img-required"


def properties(element: ET.Element) -> dict[str, str]:
    return {
        str(each.get("name")): str(each.get("value"))
        for each in element.findall("properties/property")
    }


def read(file: Path) -> ET.Element:
    return ET.parse(file).getroot()  # noqa: S314 - pytest wrote it


def cases(file: Path) -> dict[str, ET.Element]:
    """Give the test cases of claims, by their claims."""
    found = {properties(case).get("claim", ""): case for case in read(file).iter("testcase")}
    return {name: case for name, case in found.items() if name}


def test_a_test_case_says_what_it_is_about_and_what_was_found(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    with broken_server("row-missing") as url:
        contract("--base-url", url, "--junitxml", file)

    told = {name: properties(case) for name, case in cases(file).items()}
    assert told[ROW] == {
        "environment": url.removeprefix("http://"),
        "claim": ROW,
        "level": "table",
        "place": "openapi/documents/getImgCode.md:27",
        "verdict": "violates",
        "finding": ROW,
    }
    assert told["getImgCode-img-type"]["verdict"] == "moot"
    assert told["getImgCode-img_code_id-required"]["verdict"] == "conforms"
    suite = read(file).find("testsuite")
    assert suite is not None
    assert properties(suite) == {
        "environment": url.removeprefix("http://"),
        "spec": properties(suite)["spec"],
        "strictness": "table",
        "exit status": "1",
        "verdict": "violates",
    }
    assert properties(suite)["spec"].endswith("openapi/openapi.yaml")


@pytest.mark.parametrize(("strictness", "verdict"), [("table", "warning"), ("sample", "violates")])
def test_a_finding_that_does_not_fail_is_a_warning_in_junit_too(
    strictness: str, verdict: str, tmp_path: Path
) -> None:
    with broken_server("msg-in-english") as url:
        contract("--base-url", url, "--strictness", strictness, "--junitxml", tmp_path / "j.xml")

    told = properties(cases(tmp_path / "j.xml")["getImgCode-msg-enum"])
    assert (told["verdict"], told["finding"]) == (verdict, "getImgCode-msg-enum")


@pytest.mark.parametrize(
    ("family", "place"),
    [("xunit1", ("openapi/documents/getImgCode.md", "27")), ("xunit2", (None, None))],
)
def test_file_and_line_are_those_of_the_document_where_the_family_has_them(
    family: str, place: tuple[str | None, str | None], tmp_path: Path
) -> None:
    contract("-k", ROW, "--junitxml", tmp_path / "j.xml", "-o", f"junit_family={family}")

    case = cases(tmp_path / "j.xml")[ROW]
    assert (case.get("file"), case.get("line")) == place


@pytest.mark.parametrize(
    "options",
    [[], ["-p", "tests.reversing_plugin"], ["-p", "tests.reversing_plugin", "-n", "2"]],
    ids=["one-process", "reversed", "xdist"],
)
def test_one_cause_is_told_once_and_the_other_tests_refer_to_it(
    options: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "junit.xml"
    contract("--base-url", SILENT, "--samples", "2", "--junitxml", file, *options)

    errors = {str(case.get("name")): case.find("error") for case in cases(file).values()}
    texts = {name: str(error.text) for name, error in errors.items() if error is not None}
    (teller,) = [name for name, text in texts.items() if "To repeat it: curl" in text]
    others = {text for name, text in texts.items() if name != teller}
    assert len(texts) == len(errors) > 30
    assert others == {f"no HTTP answer came 没有收到 HTTP 应答: see {teller}"}


TWO = """
openapi: 3.0.3
info: {title: two operations, version: "1"}
paths:
  /a: {get: {operationId: a, responses: {"200": {description: good, content: &json
    {application/json: {schema: {type: object, properties: {code: {type: string}}}}}}}}}
  /b: {get: {operationId: b, responses: {"200": {description: good, content: *json}}}}
"""


def test_one_cause_is_told_once_for_all_operations_of_an_environment(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO, encoding="utf-8")
    spec, file = tmp_path / "two.yaml", tmp_path / "j.xml"
    contract("--spec", spec, "--junitxml", file, "--base-url", SILENT, "--samples", "2")

    errors = {name: case.find("error") for name, case in cases(tmp_path / "j.xml").items()}
    told = [error is not None and "curl" in str(error.text) for error in errors.values()]
    assert {name[:2] for name in errors} == {"a-", "b-"}
    assert told.count(True) == 1


def test_whatever_a_server_sent_the_junit_report_is_xml(tmp_path: Path) -> None:
    def spoil(payload: dict[str, object]) -> None:
        payload["data"] = {"img": "]]>\x00\x1b[31m\ufffe\ud800", "img_code_id": ["\x0b&<"]}

    with sample_server(spoil) as (url, _):
        status, _ = contract("--base-url", url, "--junitxml", tmp_path / "j.xml")

    failed = [
        case for case in cases(tmp_path / "j.xml").values() if case.find("failure") is not None
    ]
    assert (status, len(failed) > 0) == (1, True)


@pytest.mark.parametrize(
    "again",
    [["--force-reruns", "2", "-k", ROW], ["--reruns", "2", "-n", "2"]],
    ids=["the-last-test", "xdist"],
)
def test_a_claim_that_is_run_again_is_observed_once_and_found_once(
    again: list[str], tmp_path: Path
) -> None:
    def drop(payload: dict[str, object]) -> None:
        data = payload["data"]
        assert isinstance(data, dict)
        del data["img"]

    files = ["--report-dir", str(tmp_path), "--junitxml", str(tmp_path / "j.xml")]
    with sample_server(drop) as (url, arrived):
        done = python("-m", "pytest", CLAIMS, "--base-url", url, *files, *again)

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    (operation,) = report["operations"]
    assert (done.returncode, len(arrived), report["exit_status"]) == (1, 5, 1)
    assert [each["id"] for each in operation["findings"]] == [ROW]
    assert "1 violates" in done.stdout.splitlines()[-1]
    assert properties(cases(tmp_path / "j.xml")[ROW])["verdict"] == "violates"


def test_a_test_that_is_repeated_after_the_session_was_torn_down_observes_nothing_again(
    tmp_path: Path,
) -> None:
    def keep(_: dict[str, object]) -> None:
        """Leave the payload as it is."""

    file = tmp_path / "j.xml"
    with sample_server(keep) as (url, arrived):
        twice = ["-p", "tests.repeating_plugin", "-k", ROW]
        status, _ = contract("--base-url", url, "--junitxml", file, *twice)

    names = [str(each.get("name")) for each in cases(file)[ROW].findall("properties/property")]
    assert (status, len(arrived)) == (0, 5)
    assert len(names) == len(set(names)) > 0


def test_what_allure_shows_of_a_claim_can_be_read_and_is_followed_from_run_to_run(
    tmp_path: Path,
) -> None:
    def results(folder: str, url: str) -> dict[str, dict[str, Any]]:
        options = ["--base-url", url, "--samples", "2", "--alluredir", str(tmp_path / folder)]
        python("-m", "pytest", CLAIMS, *options)
        files = (tmp_path / folder).glob("*-result.json")
        told = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        return {each["historyId"]: each for each in told}

    with broken_server("row-missing") as url:
        first = results("first", url)
    second = results("second", SILENT)

    assert first.keys() == second.keys()
    assert len(first) > 30
    title = (
        "getImgCode-img-required: 是否必填 是：必须存在，不为 null，不为空字符串 "
        "(是否必填 是: present, not null, not empty)"
    )
    for told in (first, second):
        (row,) = [each for each in told.values() if each["name"].startswith(f"{ROW}:")]
        labels = {each["name"]: each["value"] for each in row["labels"]}
        assert row["name"] == title
        assert row["parameters"] == [{"name": "outcome", "value": ROW}]
        assert (labels["feature"], labels["severity"]) == ("getImgCode", "critical")
        assert "openapi/documents/getImgCode.md:27" in row["description"]
