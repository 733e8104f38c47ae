"""`/metrics` and the log lines of the mock server, in the forms that other programs read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from contract.findings import Level
from contract.judging.provenance import provenance_of
from contract.judging.run import JudgedEnvironment, Run
from contract.judging.verdict import judge
from contract.spec.operations import Spec
from contract_tests.reports import prometheus_textfile
from contract_tests.reports.publishing import publish
from contract_tests.reports.report_contents import contents
from contract_tests.reports.report_values import ReportContents
from mock_server.app import application
from mock_server.command_line import main
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.held_captchas import Terms
from mock_server.log_lines import LogFormat, log_in, of_request, report
from mock_server.metric_families import answer_of
from mock_server.metrics import BUCKETS, OTHERS, Metrics, Region, answering, metrics_of
from mock_server.serving.front import Front
from mock_server.serving.guard import Admission
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.state.journal import JournalEntry
from mock_server.state.memory import InMemory
from tests.generated_runs import BEGAN, CAPTCHAS, captcha, exchanges
from tests.loopback import ROOT, started

LOGIN = ROOT / "examples" / "login" / "openapi.yaml"
Labels = frozenset[tuple[str, str]]


ENTRY = JournalEntry(
    moment=1.0,
    method="GET",
    target="/a",
    headers=b"",
    operation="read",
    status=200,
    seconds=0.004,
)


def samples(text: str, name: str) -> Mapping[Labels, float]:
    """The values of a metric by their labels."""
    return {
        frozenset(each.labels.items()): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
        if each.name == name
    }


def shown(metrics: Metrics) -> str:
    return answer_of(metrics, broken=False).body.decode()


class Measured:
    """The login of the examples behind a front, which is not on this machine and has a token."""

    def __init__(self, folder: Path) -> None:
        self.spec = folder / "openapi.yaml"
        self.spec.write_text(LOGIN.read_text("utf-8").replace("externalDocs:", "x-docs:"), "utf-8")
        self.metrics = metrics_of(1)
        self.captchas = Captchas("metrics")
        numbers, state = Numbers(self.captchas), InMemory()
        self.served = ReloadingApplication(
            self.spec,
            lambda spec: application(
                spec,
                self.captchas,
                numbers=numbers,
                state=state,
                terms=Terms(),
                metrics=self.metrics,
            ),
            lambda _: None,
            self.metrics.reloaded,
        )
        self.front = Front(
            self.served,
            self.served,
            state,
            self.metrics.request,
            admission=Admission("s3cret", loopback=False),
            measured=answering(
                self.metrics, self.served.has, lambda: self.served.problem is not None
            ),
        )


@pytest.fixture
def measured(tmp_path: Path) -> Measured:
    return Measured(tmp_path)


@pytest.fixture
def url(measured: Measured) -> Iterator[str]:
    with serving(measured.front) as address:
        yield address


def test_requests_are_counted_by_operation_status_and_fault(measured: Measured, url: str) -> None:
    first, *_ = measured.served.spec.operations
    httpx2.request(first.method, url + first.path)
    httpx2.request(first.method, f"{url}{first.path}?__fault=server-error")
    httpx2.get(f"{url}/nowhere")

    text = httpx2.get(f"{url}/metrics").text

    counted = samples(text, "mock_server_requests_total")
    assert {tuple(sorted(each)): value for each, value in counted.items()} == {
        (("fault", ""), ("operation", first.id), ("status", "200")): 1,
        (("fault", "server-error"), ("operation", first.id), ("status", "500")): 1,
        (("fault", ""), ("operation", ""), ("status", "404")): 1,
    }
    assert sum(samples(text, "mock_server_request_duration_seconds_count").values()) == 3


def test_prometheus_is_answered_without_a_token_whatever_the_host(url: str) -> None:
    answer = httpx2.get(f"{url}/metrics", headers={"Host": "10.0.0.7:4010"})

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_captchas_are_counted_as_issued_and_by_what_became_of_them(
    measured: Measured, url: str
) -> None:
    shop = f"{url}/shop/api/account"
    given = [httpx2.post(f"{shop}/getImgCode").json()["data"]["img_code_id"] for _ in range(3)]
    for number, text in ((given[0], measured.captchas.text(given[0])), (given[1], "x"), ("1", "x")):
        account = {"account": "ann", "password": "s3cret"}
        form = {**account, "img_code_id": number, "img_code": text}
        httpx2.post(f"{shop}/login", json=form)

    text = shown(measured.metrics)

    assert samples(text, "mock_server_captchas_issued_total") == {frozenset(): 3}
    assert samples(text, "mock_server_captcha_attempts_total") == {
        frozenset({("outcome", name)}): value
        for name, value in {
            **dict.fromkeys(("missing", "expired", "used"), 0),
            **dict.fromkeys(("right", "different", "unknown"), 1),
        }.items()
    }


def test_reloads_are_counted_and_a_broken_spec_is_shown(measured: Measured, url: str) -> None:
    good = measured.spec.read_text("utf-8")
    for text in (good + "\n", "openapi: ["):
        measured.spec.write_text(text, encoding="utf-8")
        asyncio.run(measured.served.reload_if_changed())

    text = httpx2.get(f"{url}/metrics").text

    assert samples(text, "mock_server_reloads_total") == {
        frozenset({("result", "served")}): 1,
        frozenset({("result", "refused")}): 1,
    }
    assert samples(text, "mock_server_spec_broken") == {frozenset(): 1}


def test_an_operation_at_the_path_of_the_metrics_is_answered_in_their_place() -> None:
    measured = answering(metrics_of(1), lambda path: path == "/metrics", lambda: False)

    assert measured() is None


def test_any_worker_tells_the_sum_of_all() -> None:
    regions = metrics_of(3).regions
    metrics, *others = (Metrics(regions=regions, worker=worker) for worker in range(3))
    for each in (metrics, *others):
        for _ in range(each.worker + 1):
            each.request(ENTRY)

    text = shown(metrics)

    assert list(samples(text, "mock_server_requests_total").values()) == [6]
    assert samples(text, "mock_server_workers") == {frozenset(): 3}


def test_the_number_of_labels_is_bounded() -> None:
    metrics = Metrics(regions=(Region(slots=3000),))
    for number in range(500):
        metrics.request(replace(ENTRY, operation=f"operation{number}"))

    counted = samples(shown(metrics), "mock_server_requests_total")

    names = {dict(each)["operation"] for each in counted}
    assert 100 < len(names) < 200
    assert OTHERS in names
    assert sum(counted.values()) == 500


def test_a_name_may_hold_anything() -> None:
    metrics = metrics_of(1)
    metrics.request(replace(ENTRY, operation='a"b\\c\nd 图片'))

    counted = samples(shown(metrics), "mock_server_requests_total")

    assert [dict(each)["operation"] for each in counted] == ['a"b\\c\nd 图片']


def test_a_histogram_is_cumulative_and_ends_with_all() -> None:
    metrics = metrics_of(1)
    for seconds in (0.0005, 0.004, 0.004, 99.0):
        metrics.request(replace(ENTRY, seconds=seconds))

    buckets = samples(shown(metrics), "mock_server_request_duration_seconds_bucket")

    by_bound = {dict(each)["le"]: value for each, value in buckets.items()}
    values = [by_bound[str(each)] for each in (*BUCKETS, "+Inf")]
    assert values == sorted(values)
    assert (by_bound["0.001"], by_bound["0.005"], by_bound["10.0"], by_bound["+Inf"]) == (
        1,
        3,
        3,
        4,
    )
    (total,) = samples(shown(metrics), "mock_server_request_duration_seconds_sum").values()
    assert total == pytest.approx(99.0085)


def test_every_family_keeps_the_rules_of_prometheus() -> None:
    metrics = metrics_of(1)
    metrics.request(ENTRY)
    wrong = []
    for family in text_string_to_metric_families(shown(metrics)):
        units = re.fullmatch(r"mock_server_[a-z_]+", family.name) is not None
        helped = family.documentation.endswith(".")
        known = {"operation", "status", "fault", "outcome", "result", "version", "le"}
        labels = {name for each in family.samples for name in each.labels}
        totals = family.type != "counter" or all(
            each.name.endswith("_total") for each in family.samples
        )
        if not (units and helped and totals and labels <= known):
            wrong.append(family.name)

    assert wrong == []


# Log lines


def test_the_line_of_a_request_as_json_has_no_credential() -> None:
    broken = replace(ENTRY, session="ann", fault="server-error", status=500)
    line = of_request(replace(broken, target="/a?token=s3cret&b=1"))

    found = json.loads(line)
    assert "s3cret" not in line
    assert found["message"].startswith("GET /a?")
    assert {name: found[name] for name in ("level", "operation", "status", "session", "fault")} == {
        "level": "info",
        "operation": "read",
        "status": 500,
        "session": "ann",
        "fault": "server-error",
    }
    assert found["time"] == "1970-01-01T00:00:01.000+00:00"


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("mock_server")
    before = root.handlers, ours.handlers, ours.propagate
    yield
    root.handlers, ours.handlers, ours.propagate = before
    sys.excepthook = sys.__excepthook__
    logging.captureWarnings(capture=False)


@pytest.mark.usefixtures("logging_restored")
def test_what_libraries_log_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    log_in(LogFormat.JSON)
    report("the spec\nwas read again")
    broken = ValueError("broken")
    logging.getLogger("uvicorn.error").error("in the application", exc_info=broken)

    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["level"], ours["message"]) == ("warning", "the spec\nwas read again")
    assert (theirs["logger"], theirs["message"]) == ("uvicorn.error", "in the application")
    assert "ValueError: broken" in theirs["traceback"]


@pytest.mark.usefixtures("logging_restored")
def test_an_unusable_spec_is_told_in_the_form_that_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--log-format", "json", str(tmp_path / "none.yaml")])

    said = json.loads(capsys.readouterr().err)
    assert (status, "none.yaml" in said["message"]) == (2, True)


@pytest.mark.usefixtures("logging_restored")
@pytest.mark.parametrize("words", [["--port", "x"], ["--check"]], ids=["option", "variable"])
def test_what_is_wrong_with_the_options_is_a_log_line_too(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAPTCHA_CONTRACT_MOCK_LOG_FORMAT", "json")
    monkeypatch.setenv("CAPTCHA_CONTRACT_MOCK_PROT\x1b", "4010")
    with contextlib.suppress(SystemExit):
        main(words)

    (said,) = capsys.readouterr().err.splitlines()
    assert ("not a port" if "x" in words else "PROT\x1b says nothing") in json.loads(said)[
        "message"
    ]


@pytest.mark.usefixtures("logging_restored")
def test_no_exception_and_no_mistake_of_a_library_breaks_the_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_in(LogFormat.JSON)
    logging.getLogger("theirs").error("%d", "one")
    sys.excepthook(ValueError, ValueError("broken"), None)

    theirs, raised = map(json.loads, capsys.readouterr().err.splitlines())
    assert theirs["message"] == "%d ('one',)"
    assert "ValueError: broken" in raised["traceback"]


def test_two_workers_log_json_and_tell_the_sum() -> None:
    server = started("--workers", "2", "--log-format", "json", "-v", "--lenient")
    ready = json.loads(server.line)
    url = ready["url"]
    for _ in range(12):
        httpx2.post(f"{url}/oauth/api/account/getImgCode")  # each on a connection of its own

    counted = samples(httpx2.get(f"{url}/metrics").text, "mock_server_requests_total")
    server.process.terminate()
    out, _ = server.process.communicate(timeout=30)

    lines = [json.loads(each) for each in out.splitlines()]
    assert "is listening on" in ready["message"]
    assert sum(counted.values()) == 12
    assert [each["operation"] for each in lines] == ["getImgCode"] * 12


# The contract run


def test_a_run_is_told_to_prometheus_whatever_came_of_it(spec: Spec) -> None:
    wrong = []
    for change, verdict, status in (
        ("nothing", "conforms", 0),
        ("number missing", "violates", 1),
        ("down", "inconclusive", 69),
    ):
        text = prometheus_textfile.text(told(spec, change))
        verdicts = samples(text, "contract_operation_verdict")
        (chosen,) = (dict(each)["verdict"] for each, value in verdicts.items() if value)
        (ended,) = samples(text, "contract_run_exit_status").values()
        if (chosen, ended, len(verdicts)) != (verdict, status, 3):
            wrong.append((change, chosen, ended))

    assert wrong == []


def test_findings_samples_and_times_are_told_by_operation_and_claim(spec: Spec) -> None:
    text = prometheus_textfile.text(told(spec, "number missing"))

    labels = {"environment": "test", "operation": "getImgCode"}
    found = {dict(each)["claim"]: value for each, value in
             samples(text, "contract_finding_samples").items()}  # fmt: skip
    assert found == {"getImgCode-img_code_id-required": 5}
    assert samples(text, "contract_samples") == {
        frozenset({*labels.items(), ("judged", "yes")}): 5,
        frozenset({*labels.items(), ("judged", "no")}): 0,
    }
    times = [value for _, value in sorted(
        (dict(each)["quantile"], value)
        for each, value in samples(text, "contract_answer_seconds").items()
    )]  # fmt: skip
    assert times == sorted(times)
    assert text.endswith("\n")


def run_with(spec: Spec, change: str) -> Run:
    operation = spec.operations[0]
    seen = exchanges(change, captcha, CAPTCHAS[change], 5)
    judgement = judge(operation, provenance_of(operation), seen, strictness=Level.TABLE)
    status = {"violates": 1, "inconclusive": 69}.get(judgement.verdict, 0)
    return Run(
        environments=(JudgedEnvironment(name="test", judgements=(judgement,)),),
        strictness=Level.TABLE,
        insecure=False,
        started=BEGAN,
        exit_status=status,
    )


def told(spec: Spec, change: str) -> ReportContents:
    return contents(run_with(spec, change))


def test_the_file_of_a_run_is_written_whole_and_a_failure_is_said(
    spec: Spec, tmp_path: Path
) -> None:
    run = run_with(spec, "nothing")

    done = publish(run, None, tmp_path / "contract.prom")
    failed = publish(run, None, tmp_path / "none" / "contract.prom")

    assert [each.name for each in tmp_path.iterdir()] == ["contract.prom"]
    assert done.lines == (f"metrics 指标: {tmp_path / 'contract.prom'}",)
    assert (failed.unwritten, "was not written" in failed.lines[0]) == (True, True)
