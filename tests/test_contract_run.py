"""Contract runs from the command line, against servers of this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.loopback import SILENT, broken_server, contract, python, sample_server

UNDOCUMENTED_MEMBER = """\
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /pets:
    get:
      operationId: pets
      responses:
        "200":
          description: d
          content:
            application/json:
              schema: {type: object, properties: {name: {type: string}}}
              example: {name: Tom, age: 3}
"""


def keep(_: dict[str, object]) -> None:
    """Leave the payload as it is."""


def without(row: str) -> Callable[[dict[str, object]], object]:
    def drop(payload: dict[str, object]) -> None:
        data = payload["data"]
        assert isinstance(data, dict)
        del data[row]

    return drop


def table(output: str, row: str) -> list[str]:
    """Give the cells of a row of the printed field table, and what was observed."""
    found = re.search(rf"^{row} .*\n.*", output, re.MULTILINE)
    assert found is not None
    return re.split(r"\s{2,}", found[0])


def test_the_embedded_mock_server_conforms_and_the_field_table_is_printed() -> None:
    status, output = contract()

    img, number = table(output, "img"), table(output, "img_code_id")
    assert (status, img, number) == (
        0,
        ["img", "是", "String", "图片base64", "conforms 符合", img[-1]],
        ["img_code_id", "是", "String", "图片编号", "conforms 符合", number[-1]],
    )
    assert number[-1] == "present 10/10, string, 6 characters, 10 distinct"
    assert "参数         是否必填  类型    最大长度  参数描述" in output


@pytest.mark.parametrize(("strictness", "status"), [("sample", 0), ("strict", 1)])
def test_a_generated_request_fails_for_what_fails_the_run(
    tmp_path: Path, strictness: str, status: int
) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(UNDOCUMENTED_MEMBER, encoding="utf-8")

    ended, _ = contract("--spec", spec, "-k", "generated", "--strictness", strictness)

    assert ended == status


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--from-har", "tests/har/firefox.har", "--har-host", "test-etc.ebaas.com"], 0),
        (["--base-url"], 1),
        (["--samples", "1"], 4),
        (["--base-url", SILENT], 69),
    ],
    ids=["conforms", "violates", "usage", "inconclusive"],
)
def test_a_run_in_a_process_of_its_own_ends_and_prints_as_one_in_the_process_of_these_tests(
    options: list[str], status: int
) -> None:
    def told(status: int, printed: str) -> tuple[int, str]:
        lines = [line for line in printed.splitlines() if not line.startswith("plugins: ")]
        return status, re.sub(r"=* (.*) in \d+\.\d+s.*", r"\1", "\n".join(lines))

    with sample_server(lambda payload: payload.pop("data")) as (url, _):
        arguments = [*options, *([url] if options[-1] == "--base-url" else [])]
        outside = python("-m", "pytest", "contract_tests", *arguments)
        inside = contract(*arguments)

    assert told(outside.returncode, outside.stdout + outside.stderr) == told(*inside)
    assert inside[0] == status


def test_every_line_of_the_report_fits_eighty_columns_but_for_commands_and_findings() -> None:
    _, output = contract()

    long = [line for line in output.partition("getImgCode =")[2].splitlines() if len(line) > 80]

    assert long == []


def test_each_claim_of_a_field_row_is_a_test_of_its_own() -> None:
    status, output = contract("--collect-only", "-q")

    assert status == 0
    assert {"[getImgCode-img-required]", "[getImgCode-img_code_id-names-one-picture]"} <= set(
        re.findall(r"\[getImgCode-img\S*\]", output)
    )


def test_a_server_that_answers_the_documents_sample_conforms_with_a_path_in_its_address() -> None:
    with sample_server(keep) as (url, arrived):
        status, output = contract("--base-url", f"{url}/some/prefix", "--strictness", "sample")

    assert (status, len(arrived)) == (0, 5)
    assert arrived[0].startswith("POST /some/prefix/oauth/api/account/getImgCode HTTP/1.1\n")
    assert "getImgCode: conforms 符合 (5 of 5 samples judged, strictness sample)" in output


def test_the_documented_call_goes_out_with_no_body_no_media_type_and_a_name() -> None:
    with sample_server(keep) as (url, arrived):
        contract("--base-url", url, "--samples", "2")

    headers = dict(line.split(": ", 1) for line in arrived[0].splitlines()[1:] if line)
    assert headers == {
        "Host": url.removeprefix("http://"),
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": headers["User-Agent"],
        "Content-Length": "0",
    }
    assert headers["User-Agent"].startswith("captcha-contract-tests")


@pytest.mark.parametrize("row", ["img", "img_code_id"])
def test_a_missing_row_violates_and_is_named_with_its_line(row: str) -> None:
    with sample_server(without(row)) as (url, _):
        status, output = contract("--base-url", url)

    assert status == 1
    assert table(output, row)[4].startswith("violates 不符合")
    assert f"getImgCode-{row}-required: violates 不符合 (level table)" in output
    line = {"img": 27, "img_code_id": 28}[row]
    assert f"openapi/documents/getImgCode.md:{line}, row {row}" in output


def test_a_finding_says_what_was_promised_what_came_where_and_how_to_see_it_again() -> None:
    with sample_server(without("img")) as (url, _):
        _, output = contract("--base-url", url)

    story = output.partition("getImgCode-img-required: ")[2].splitlines()[1:8]
    assert story.pop(1).strip() == "是否必填 是：必须存在，不为 null，不为空字符串"
    assert [line.split(maxsplit=1)[0] for line in story] == [
        "promised",
        "actual",
        "in",
        "source",
        "openapi/openapi.yaml:68:15" if "openapi.yaml:68" in story[4] else story[4].strip(),
        "repeat",
    ]
    assert story[1].endswith("/data/img: it is missing")
    assert story[5].endswith(f"{url}/oauth/api/account/getImgCode")


def test_a_departure_from_the_sample_is_a_warning_until_the_strictness_asks_for_it() -> None:
    with broken_server("msg-in-english") as url:
        at_table = contract("--base-url", url)
        at_sample = contract("--base-url", url, "--strictness", "sample")

    assert (at_table[0], at_sample[0]) == (0, 1)
    assert "getImgCode-msg-enum: warning 提示 (level sample)" in at_table[1]
    assert "getImgCode-msg-enum: violates 不符合 (level sample)" in at_sample[1]


def test_a_closed_port_is_inconclusive_and_told_in_one_paragraph() -> None:
    status, output = contract("--base-url", SILENT)

    assert (status, output.count("Is a server listening there")) == (69, 1)
    assert "inconclusive 无法判定 (0 of 5 samples judged" in output


def test_a_broken_environment_is_an_error_in_junit_and_never_a_failure(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"

    status, _ = contract("--base-url", SILENT, "--junitxml", str(report))

    suite = ET.parse(report).getroot()[0]  # noqa: S314 - written by this run
    assert (status, suite.get("failures"), suite.get("errors")) == (69, "0", suite.get("tests"))


def test_a_claim_that_something_skips_makes_the_run_inconclusive() -> None:
    status, _ = contract("-p", "tests.skipping_plugin")

    assert status == 69


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--target", "production"], "the document gives no address for 生产"),
        (["--target", "staging"], "the document gives no address for 预发布"),
        (["--target", "dev", "--base-url", SILENT], "exclude each other"),
        (["--verify-base-url"], "sends a request that no document describes"),
        (["--samples", "1"], "at least 2"),
        (["--base-url", "ftp://host"], "a base URL is http://HOST/PREFIX"),
        (["--base-url", "http://"], "a base URL is http://HOST/PREFIX"),
        (["--base-url", "http://127.0.0.1:99999"], "a base URL is http://HOST/PREFIX"),
        (["--base-url", "http://[::1"], "a base URL is http://HOST/PREFIX"),
        (["--target", "moon"], "invalid choice"),
        (["--strictness", "lax"], "invalid choice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_that_make_no_sense_are_a_usage_error_that_says_so(
    options: list[str], told: str
) -> None:
    status, output = contract(*options)

    assert (status, told in output) == (4, True)


def test_a_target_that_was_typed_beats_a_base_url_from_the_environment() -> None:
    status, output = contract("--target", "mock", PYTEST_BASE_URL=SILENT)

    assert (status, SILENT in output) == (0, False)


def test_a_base_url_that_was_typed_beats_one_from_the_environment() -> None:
    with sample_server(keep) as (url, _):
        status, _ = contract("--base-url", url, PYTEST_BASE_URL=SILENT)

    assert status == 0


def test_a_base_url_from_the_environment_beats_the_mock_server() -> None:
    status, output = contract(PYTEST_BASE_URL=SILENT)

    assert (status, SILENT in output) == (69, True)


def test_a_named_environment_is_called_at_the_address_of_the_document() -> None:
    status, output = contract("--target", "test", "--samples", "2")

    assert status == 69
    assert "POST https://test-etc.ebaas.com/oauth/api/account/getImgCode" in output


def known_by(**changes: str) -> list[str]:
    """Give what tools know the tests by: their ids and parameters."""
    _, output = contract("--collect-only", "-p", "tests.parameters_plugin", **changes)
    return [line for line in output.splitlines() if line.startswith("TEST ")]


def test_tests_have_the_same_ids_and_parameters_in_every_run() -> None:
    first, second = known_by(PYTHONHASHSEED="1"), known_by(PYTHONHASHSEED="2")

    generated = [line for line in first if "test_generated_request" in line]
    path = "contract_tests/test_generated_requests.py"
    assert len(first) == len(set(first)) > 30
    assert (first, [line for line in first if " at 0x" in line]) == (second, [])
    assert generated == [
        f"TEST {path}::test_generated_request[POST /oauth/api/account/getImgCode] None"
    ]


PROXIES = {
    name: value
    for upper, value in (
        ("HTTP_PROXY", "http://127.0.0.1:9"),
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("NO_PROXY", ""),
    )
    for name in (upper, upper.lower())
}
"""Proxies that nobody answers behind; one is of a kind that the HTTP client does not speak."""


def test_the_embedded_mock_server_is_called_directly_whatever_proxies_there_are() -> None:
    status, output = contract(**PROXIES)

    assert (status, "conforms 符合 (10 of 10 samples judged" in output) == (0, True)
    assert "test_generated_requests.py" in output


@pytest.mark.parametrize(
    "console",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "gbk"},
    ],
    ids=["ascii", "C", "gbk"],
)
def test_no_console_ends_a_contract_run(console: dict[str, str], tmp_path: Path) -> None:
    claims = "contract_tests/test_contract.py"
    done = python("-m", "pytest", claims, "--report-dir", str(tmp_path), **console)

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    har = json.loads((tmp_path / "traffic.har").read_text(encoding="utf-8"))
    assert (done.returncode, report["operations"][0]["summary"]) == (0, "获取图形验证码")
    assert len(har["log"]["entries"]) == 10


def test_generated_requests_run_on_the_mock_server_only() -> None:
    with sample_server(keep) as (url, arrived):
        _, output = contract("--base-url", url, "--collect-only", "-q")
    _, on_mock = contract("--collect-only", "-q")

    assert ("generated" in output, "generated" in on_mock, arrived) == (False, True, [])
