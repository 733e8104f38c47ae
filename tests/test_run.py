"""A contract run as a whole: the files it leaves, the recordings it reads, what it keeps secret."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import tracemalloc
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

import pytest

from contract.spec.default import SPEC
from contract_tests.observing.sending import USER_AGENT
from tests.loopback import (
    ROOT,
    broken_server,
    contract,
    interrupted,
    raw_server,
    sample_server,
)

FILES = ["report.html", "report.json", "report.md", "report.sarif", "traffic.har"]
CHROMIUM = ROOT / "tests" / "har" / "chromium.har"
FIREFOX = ROOT / "tests" / "har" / "firefox.har"
PATH = "/oauth/api/account/getImgCode"
SECRETS = ("0pen-sesame-0pen", "p4ssword-of-the-user")


def reported(folder: Path) -> Mapping[str, object]:
    told: Mapping[str, object] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return told


# Reports


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one-process", "xdist"])
@pytest.mark.parametrize(
    ("fault", "status", "verdict"),
    [("", 0, "conforms"), ("row-missing", 1, "violates"), ("login-page", 69, "inconclusive")],
)
def test_a_run_leaves_its_reports_with_its_verdict_and_exit_status(
    workers: list[str], fault: str, status: int, verdict: str, tmp_path: Path
) -> None:
    with broken_server(fault) as url:
        ended, output = contract(
            "--base-url", url, "--report-dir", tmp_path / "new" / "r", *workers
        )

    told = reported(tmp_path / "new" / "r")
    assert (ended, told["exit_status"], told["verdict"]) == (status, status, verdict)
    assert sorted(file.name for file in (tmp_path / "new" / "r").iterdir()) == FILES
    assert f"in {tmp_path / 'new' / 'r'}" in output


UNREAD = """\
openapi: 3.0.3
info: {title: one of two, version: "1"}
paths:
  /good: {get: {responses: {"204": {description: good}}}}
  /none: {post: {responses: {"200": {$ref: "#/components/responses/none"}}}}
components:
  responses:
    none: {description: d, content: {application/json: {schema: {type: strin}}}}
"""


def test_an_operation_that_cannot_be_read_is_not_judged_and_every_report_says_why(
    tmp_path: Path,
) -> None:
    (tmp_path / "spec.yaml").write_text(UNREAD, encoding="utf-8")

    ended, output = contract("--spec", tmp_path / "spec.yaml", "--report-dir", tmp_path / "r")
    chosen, _ = contract("--spec", tmp_path / "spec.yaml", "-k", "good")

    said = "not judged 未判定: POST /none: "
    texts = [(tmp_path / "r" / name).read_text(encoding="utf-8") for name in FILES[:4]]
    assert (ended, chosen) == (69, 0)
    assert said in output
    assert [name for name, text in zip(FILES, texts, strict=False) if said not in text] == []


def test_a_run_that_only_collects_leaves_no_report(tmp_path: Path) -> None:
    contract("--collect-only", "--report-dir", tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_written_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with sample_server(lambda _: None) as (url, arrived):
        status, output = contract("--base-url", url, "--report-dir", tmp_path / "file")

    assert (status, arrived, output.count("\n")) == (4, [], 2)
    assert f"--report-dir {tmp_path / 'file'}: File exists; name a directory" in output


def test_an_interrupted_run_leaves_reports_of_what_came(tmp_path: Path) -> None:
    with sample_server(lambda payload: payload.pop("data")) as (url, arrived):
        interrupted(lambda: len(arrived) > 1, "--base-url", url, "--report-dir", str(tmp_path))

    told = reported(tmp_path)
    assert (told["exit_status"], told["verdict"]) == (2, "violates")


def test_the_job_summary_of_github_gets_the_report_and_findings_are_annotations(
    tmp_path: Path,
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    with broken_server("row-missing") as url:
        _, output = contract(
            *("--base-url", url),
            GITHUB_ACTIONS="true",
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_WORKSPACE=str(ROOT),
        )

    annotations = [line for line in output.splitlines() if line.startswith("::")]
    assert [line.partition(",title=")[0] for line in annotations] == [
        "::error file=openapi/documents/getImgCode.md,line=27"
    ]
    assert summary.read_text(encoding="utf-8").startswith("before\n")
    assert "getImgCode-img-required" in summary.read_text(encoding="utf-8")


# Credentials


def test_no_credential_is_in_any_artefact_even_if_the_server_sends_it_back(tmp_path: Path) -> None:
    user = b64encode(f"someone:{SECRETS[1]}".encode()).decode()
    body = json.dumps(
        {"code": "000", "msg": [*SECRETS, user], "data": {"img": SECRETS[0]}}
    ).encode()
    head = f"HTTP/1.1 200 OK\r\nX-Echo: {SECRETS[0]}\r\nContent-Length: {len(body)}\r\n\r\n"

    with raw_server(lambda connection: connection.sendall(head.encode() + body)) as url:
        status, output = contract(
            *("--base-url", url.replace("://", f"://someone:{SECRETS[1]}@")),
            *("--header", f"X-Door: {SECRETS[0]}", "--intrusive", "--rate", "100"),
            *("--report-dir", tmp_path, "--junitxml", tmp_path / "junit.xml"),
        )

    written = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    told = {"output": output, **written}
    assert (status, sorted(written)) == (1, ["junit.xml", *FILES])
    assert [name for name in told if "[redacted]" not in told[name]] == []
    assert [name for name in told if any(each in told[name] for each in (*SECRETS, user))] == []


def test_the_user_of_a_base_url_is_sent_as_a_header() -> None:
    with sample_server(lambda _: None) as (url, arrived):
        status, _ = contract("--base-url", url.replace("://", "://so%40me:one@"))

    assert status == 0
    assert f"Authorization: Basic {b64encode(b'so@me:one').decode()}" in arrived[0]


@pytest.mark.parametrize("chosen", ["img-required", "generated"])
def test_no_traceback_shows_a_credential_even_with_its_local_variables(chosen: str) -> None:
    status, output = contract(
        *("-l", "-p", "tests.crashing_plugin", "-k", chosen, "--header", f"X-Door: {SECRETS[0]}"),
        CONTRACT_TESTS_HEADERS=f"Authorization: Bearer {SECRETS[1]}",
    )

    assert (status in {1, 69}, "RuntimeError: broken down" in output) == (True, True)
    assert [secret for secret in SECRETS if secret in output] == []


class NoRedaction:
    def __init__(self, _: object) -> None: ...

    def without(self, text: str) -> str:
        return text


def test_no_local_variable_shows_a_credential_even_if_nothing_takes_it_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("contract_tests.plugin.Redaction", NoRedaction)
    status, output = contract(
        *("-l", "-p", "tests.crashing_plugin", "-k", "img-required"),
        *("--header", f"X-Door: {SECRETS[0]}"),
        CONTRACT_TESTS_HEADERS=f"Authorization: Bearer {SECRETS[1]}",
    )

    assert (status, "RuntimeError: broken down" in output) == (69, True)
    assert [secret for secret in SECRETS if secret in output] == []


# Generated requests


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    with contextlib.suppress(OSError):
        for _ in range(1000):
            connection.sendall(b" " * (1 << 20))


def test_an_endless_answer_to_a_generated_request_is_left_where_it_is_too_large() -> None:
    arrived: list[int] = []

    def answer(connection: socket.socket) -> None:
        arrived.append(1)
        endless(connection)

    with raw_server(answer) as url:
        tracemalloc.start()
        try:
            status, output = contract(
                *("--base-url", url, "--intrusive", "--rate", "100", "--samples", "2", "-rs"),
                *("--max-answer", "5000"),
            )
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert (status, len(arrived) > 2, peak < 100 << 20) == (69, True, True)
    assert "no answer: too-large: the body is larger than 5000 bytes" in output


@pytest.mark.parametrize(
    ("header", "agent"), [([], USER_AGENT), (["--header", "USER-agent: mine"], "mine")]
)
def test_a_generated_request_goes_the_way_of_the_others_and_says_who_sends_it(
    header: list[str], agent: str
) -> None:
    with sample_server(lambda _: None) as (url, arrived):
        options = ("--intrusive", "--rate", "100", "--samples", "2", "--proxy", url, *header)
        status, _ = contract("--base-url", "http://nowhere.invalid", *options)

    assert (status, len(arrived) > 2) == (0, True)
    assert {line.partition("/oauth")[0] for line in arrived} == {"POST http://nowhere.invalid"}
    assert {line.lower().count("user-agent:") for line in arrived} == {1}
    assert [line for line in arrived if f": {agent}\n" not in line] == []


# Recordings


@pytest.mark.parametrize(
    "fault", ["picture-half-grey", "number-constant", "login-page", "bad-gateway"]
)
def test_what_a_run_recorded_comes_to_the_same_verdict(fault: str, tmp_path: Path) -> None:
    with broken_server(fault) as url:
        live, told = contract("--base-url", url, "--report-dir", tmp_path)

    again, retold = contract("--from-har", tmp_path / "traffic.har")

    assert again == live
    assert [line for line in told.splitlines() if "getImgCode-" in line] == [
        line for line in retold.splitlines() if "getImgCode-" in line
    ]


def test_every_host_of_a_recording_is_judged_and_told_by_itself() -> None:
    status, output = contract("--from-har", CHROMIUM)

    verdicts = [line for line in output.splitlines() if line.startswith("getImgCode: ")]
    assert (status, [line.split()[1] for line in verdicts]) == (
        69,
        ["conforms", "inconclusive", "inconclusive"],
    )


@pytest.mark.parametrize(
    ("har", "host", "workers"),
    [
        (CHROMIUM, "127.0.0.1:36261", []),
        (FIREFOX, "test-etc.ebaas.com", []),
        (FIREFOX, "test-etc.ebaas.com", ["-n", "2"]),
    ],
    ids=["chromium", "firefox", "xdist"],
)
def test_what_a_browser_recorded_of_a_good_host_conforms(
    har: Path, host: str, workers: list[str]
) -> None:
    status, output = contract("--from-har", har, "--har-host", host, *workers)

    assert (status, "getImgCode: conforms" in output) == (0, True)


def test_a_recording_of_a_named_environment_has_its_waivers(tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "- {finding: getImgCode-msg-enum, environment: test, reason: r, expires: 2999-01-01}\n",
        encoding="utf-8",
    )
    recorded = FIREFOX.read_text(encoding="utf-8").replace("成功", "好的")
    (tmp_path / "spoilt.har").write_text(recorded, encoding="utf-8")

    status, output = contract(
        *("--from-har", tmp_path / "spoilt.har", "--har-host", "test-etc.ebaas.com"),
        *("--strictness", "sample", "--waivers", waivers),
    )

    assert (status, "getImgCode-msg-enum: waived" in output) == (0, True)


def test_a_judged_recording_makes_no_request() -> None:
    with sample_server(lambda _: None) as (url, arrived):
        status, _ = contract(
            *("--from-har", CHROMIUM, "--har-host", "127.0.0.1:36261"), PYTEST_BASE_URL=url
        )

    assert (status, arrived) == (0, [])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--from-har", CHROMIUM, "--target", "mock"],
            "--from-har and --target exclude each other",
        ),
        (["--from-har", CHROMIUM, "--base-url", "http://127.0.0.1"], "--from-har and --base-url"),
        (["--from-har", CHROMIUM, "--intrusive"], "--from-har and --intrusive"),
        (["--har-host", "a"], "--har-host belongs to --from-har"),
        (["--from-har", CHROMIUM, "--har-host", "a"], "records no POST"),
        (["--from-har", "nowhere.har"], "nowhere.har:1: cannot be read"),
        (["--from-har", "README.md"], "README.md:1:1: is not complete JSON"),
        (["--base-url", ""], "--base-url or PYTEST_BASE_URL is empty"),
        (["--base-url", f"http://127.0.0.1:9{PATH}"], f"leave {PATH} out"),
        (["--base-url", f"ftp://a:{SECRETS[0]}@b"], "--base-url ftp://[redacted]@b: a base URL"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_a_line(
    options: list[str | Path], told: str
) -> None:
    status, output = contract(*options)

    assert (status, told in output, output.strip().count("\n")) == (4, True, 0)


def test_an_empty_variable_is_no_reason_to_judge_something_else() -> None:
    status, output = contract(PYTEST_BASE_URL="")

    assert (status, "PYTEST_BASE_URL is empty" in output) == (4, True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("paths:", "path:", "'paths' is missing here"),
        ("x-mock: captcha.id", "x-mock: captcha.idd", "x-mock captcha.idd is not a generator"),
        ("info:", "info: [", "is not YAML"),
    ],
)
def test_a_spec_that_cannot_be_used_is_told_in_a_line_and_blamed_on_nobody(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "openapi" / "documents", tmp_path / "documents")
    spec = tmp_path / "openapi.yaml"
    spec.write_text(SPEC.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    status, output = contract("--spec", str(spec))

    assert (status, told in output) == (4, True)


# Generated requests


@pytest.mark.parametrize("fault", ["bad-gateway", "redirected-to-login", "empty-response"])
def test_a_broken_environment_is_blamed_for_no_generated_request(fault: str) -> None:
    with broken_server(fault) as url:
        status, _ = contract("--base-url", url, "--intrusive", "--rate", "100")

    assert status == 69
