"""How a contract run behaves towards an environment, and what its options change."""

from __future__ import annotations

import json
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contract.findings import Unusable
from contract.judging.exchange import Response
from contract.spec.operations import Operation
from contract.waivers import load, waiving
from contract_tests.observing.sending import Manners, observe
from tests.loopback import broken_server, contract, interrupted, raw_server, sample_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def keep(_: dict[str, object]) -> None:
    """Leave the payload as it is."""


def seen(operation: Operation, answers: list[bytes], samples: int = 1) -> list[object]:
    """Observe a server that gives these answers, one a connection, the last one again and again."""
    left = list(answers)

    def answer(connection: socket.socket) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    with raw_server(answer) as url:
        exchanges = tuple(observe(operation, url, Manners(samples=samples, rate=1000)))
    return [
        (len(each.earlier), each.outcome.status)
        if isinstance(each.outcome, Response)
        else (len(each.earlier), each.outcome.kind)
        for each in exchanges
    ]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([BUSY, OK], [(1, 200)]),
        ([BUSY, BUSY, OK], [(2, 200)]),
        ([BUSY], [(2, 503)]),
        ([b"", OK], [(1, 200)]),
        ([OK.replace(b"200 OK", b"500 No")], [(0, 500)]),
        ([OK.replace(b"200 OK", b"429 Slow")], [(0, 429)]),
        ([OK.replace(b"200 OK", b"429 Slow\r\nRetry-After: 31")], [(0, 429)]),
        ([BUSY.replace(b"503 S", b"429 S\r\nRetry-After: 0\r\nX: "), OK], [(1, 200)]),
        ([OK.replace(b"{}", b"{,")], [(0, 200)]),
    ],
)
def test_what_may_pass_by_itself_is_tried_again_at_most_twice(
    operation: Operation, answers: list[bytes], expected: list[object]
) -> None:
    assert seen(operation, answers) == expected


def test_after_a_call_that_failed_in_vain_the_next_are_not_tried_again(
    operation: Operation,
) -> None:
    assert seen(operation, [BUSY], samples=3) == [(2, 503), (0, 503), (0, 503)]


def test_a_header_reaches_the_server_and_no_report() -> None:
    with sample_server(lambda payload: payload.pop("data")) as (url, arrived):
        _, output = contract(
            *("--base-url", url, "--samples", "2", "--header", "X-Token: hush-hush-1"),
            CONTRACT_TESTS_HEADERS="Authorization: Bearer hush-hush-2",
        )

    assert "X-Token: hush-hush-1" in arrived[0]
    assert "Authorization: Bearer hush-hush-2" in arrived[0]
    assert "hush-hush" not in output
    assert "-H 'X-Token: [redacted]'" in output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--rate", "0"], "--rate 0.0: it must be more than 0"),
        (["--answer-timeout", "-1"], "--answer-timeout -1.0: it must be more than 0"),
        (["--answer-timeout", "nan"], "it must be more than 0"),
        (["--max-answer", "0"], "--max-answer 0: it must be more than 0"),
        (["--header", "secret"], "--header takes 'Name: value'"),
        (["--header", "Host: other"], "but not connection, content-length, host"),
        (["--wait", "-1"], "--wait -1.0: it must be 0 or more"),
        (["--wait", "nan"], "it must be 0 or more"),
        (["--from-har", "x.har", "--proxy", "none"], "--from-har and --proxy exclude each other"),
        (["--scheme", "http"], "--scheme belongs to a named environment"),
        (["--scheme", "gopher", "--target", "test"], "invalid choice"),
        (["--waivers", "none.yaml"], "none.yaml: cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_option_that_makes_no_sense_is_a_usage_error(options: list[str], told: str) -> None:
    status, output = contract(*options)

    assert (status, told in output, "secret" in output) == (4, True, False)


def test_the_scheme_of_a_named_environment_can_be_chosen() -> None:
    status, output = contract("--target", "test", "--scheme", "http", "--samples", "2")

    assert status == 69
    assert "POST http://test-etc.ebaas.com/oauth/api/account/getImgCode" in output


def test_a_named_environment_is_reached_through_the_proxy_that_the_surroundings_name() -> None:
    with sample_server(keep) as (url, arrived):
        status, output = contract("--target", "test", "--scheme", "http", HTTP_PROXY=url)

    assert (status, len(arrived)) == (0, 5)
    assert arrived[0].startswith("POST http://test-etc.ebaas.com/oauth/api/account/getImgCode")
    assert "conforms 符合 (5 of 5 samples judged" in output


def test_several_processes_observe_once_and_agree_on_the_verdict() -> None:
    with sample_server(keep) as (url, arrived):
        status, output = contract("--base-url", url, "-n", "2")

    assert (status, len(arrived)) == (0, 5)
    assert "getImgCode: conforms 符合 (5 of 5 samples judged" in output


def test_several_processes_agree_that_nothing_can_be_said() -> None:
    status, output = contract("--base-url", "http://127.0.0.1:9", "-n", "2")

    assert (status, output.count("Is a server listening there")) == (69, 1)


def test_collecting_sends_nothing() -> None:
    with sample_server(keep) as (url, arrived):
        contract("--base-url", url, "--collect-only")

    assert arrived == []


def test_a_run_sends_the_documented_call_and_nothing_else() -> None:
    with sample_server(keep) as (url, arrived):
        contract("--base-url", url)

    first_lines = {request.partition("\n")[0] for request in arrived}
    assert first_lines == {"POST /oauth/api/account/getImgCode HTTP/1.1"}
    assert len(arrived) == 5


def test_an_intrusive_run_sends_generated_requests_by_the_documented_method_only() -> None:
    with sample_server(keep) as (url, arrived):
        status, _ = contract("--base-url", url, "--intrusive", "--rate", "100")

    assert status == 0
    assert len(arrived) > 5
    assert {request.partition(" ")[0] for request in arrived} == {"POST"}


def test_an_interrupted_run_judges_what_came_so_far_and_ends_with_status_2() -> None:
    with sample_server(lambda payload: payload.pop("data")) as (url, arrived):
        status, output = interrupted(lambda: len(arrived) > 1, "--base-url", url)

    assert status == 2
    assert re.search(r"getImgCode: violates 不符合 \([12] of [12] samples judged", output)


def waivers(folder: Path, **changes: str) -> Path:
    waiver = {
        "finding": "getImgCode-msg-enum",
        "environment": "'*'",
        "reason": "the text is under review",
        "ticket": "ETC-7",
        "expires": str((datetime.now(UTC) + timedelta(days=1)).date()),
        **changes,
    }
    path = folder / "waivers.yaml"
    path.write_text(
        "- " + "\n  ".join(f"{key}: {value}" for key, value in waiver.items() if value), "utf-8"
    )
    return path


def test_a_waived_finding_is_shown_and_does_not_fail(tmp_path: Path) -> None:
    with broken_server("msg-in-english") as url:
        options = ("--base-url", url, "--strictness", "sample", "--waivers")
        waived = contract(*options, str(waivers(tmp_path)))
        expired = contract(*options, str(waivers(tmp_path, expires="2026-01-01")))
        elsewhere = contract(*options, str(waivers(tmp_path, environment="dev")))

    assert (waived[0], expired[0], elsewhere[0]) == (0, 1, 1)
    assert "waiver expired on 2026-01-01: getImgCode-msg-enum" in expired[1]
    assert "getImgCode-msg-enum: waived 已豁免 (level sample)" in waived[1]
    assert re.search(
        r"  waived    until \d{4}-\d\d-\d\d: the text is under review, ETC-7", waived[1]
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": ""}, "a waiver lacks reason"),
        ({"expires": ""}, "a waiver lacks expires"),
        ({"expires": "soon"}, "expires is a date such as 2026-12-31"),
        ({"until": "2026-12-31"}, "a waiver has no until"),
    ],
)
def test_a_waiver_that_does_not_say_all_is_refused_with_its_line(
    tmp_path: Path, changes: dict[str, str], told: str
) -> None:
    with pytest.raises(Unusable, match=rf"waivers\.yaml:\d+(:\d+)?: {re.escape(told)}"):
        load(waivers(tmp_path, **changes))


def test_a_waiver_whose_finding_is_gone_is_listed(tmp_path: Path) -> None:
    status, output = contract("--waivers", str(waivers(tmp_path)))

    assert (status, "unused waiver, to be removed: getImgCode-msg-enum" in output) == (0, True)


def test_a_run_that_accepts_any_certificate_says_so() -> None:
    _, output = contract("--insecure")

    assert "certificates were not verified" in output


@pytest.mark.parametrize(
    ("wait", "busy", "status"), [("60", 2, 0), ("0.05", 999, 69), ("0", 0, 0), ("60", 0, 0)]
)
def test_a_deployment_is_waited_for_and_every_report_says_so(
    wait: str, busy: int, status: int, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contract_tests.observing.sending.WAITING_PAUSE", 0.02)
    body = json.dumps(operation.examples["documented"]).encode()
    good = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    left = [BUSY] * busy + [good + body] * 2

    with (
        TemporaryDirectory() as folder,
        raw_server(lambda connection: connection.sendall(left.pop(0))) as url,
    ):
        options = ("--samples", "2", "--wait", wait, "--report-dir", folder)
        ended, output = contract("--base-url", url, *options)
        report = (Path(folder) / "report.md").read_text(encoding="utf-8")

    told = r"waited \d+ s for an answer 已等待应答: until then HTTP 503"
    assert (ended, [bool(re.search(told, text)) for text in (output, report)]) == (
        status,
        [busy > 0] * 2,
    )


def test_a_waiver_holds_through_the_day_it_expires(tmp_path: Path) -> None:
    waiver = load(waivers(tmp_path, expires="2026-12-31"))

    day = datetime(2026, 12, 31, tzinfo=UTC).date()
    assert waiving(waiver, "test", day).keys() == {"getImgCode-msg-enum"}
    assert waiving(waiver, "test", day + timedelta(days=1)) == {}
