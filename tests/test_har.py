"""The judgement without a network: what is written, and what any recording is read as."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract.findings import Level
from contract.judging.as_har import text as har_text
from contract.judging.exchange import Attempt, Exchange, Failure, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.reading import Unjudged
from contract.judging.verdict import Judgement, Verdict, judge
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from contract_tests.observing import har_attachments
from contract_tests.observing.har_file import UnreadableHar
from contract_tests.observing.recordings import Recording, recordings
from contract_tests.observing.sending import Manners, not_sent, observe
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.serving.server import serving

HAR = Path(__file__).parent / "har"
MOMENT = datetime(2026, 11, 24, 1, 51, 3, 17_000, tzinfo=UTC)
URL = "https://test-etc.ebaas.com/oauth/api/account/getImgCode"
JSON = (("Content-Type", "application/json"),)
SECRET = "hunter2-hunter2"  # noqa: S105 - nobody's
"""What must never be written."""


def judged(operation: Operation, exchanges: Sequence[Exchange]) -> Judgement:
    return judge(operation, provenance_of(operation), exchanges, strictness=Level.STRICT)


def facts(judgement: Judgement) -> object:
    return (
        judgement.verdict,
        judgement.findings,
        [(number, reading.reason) for number, reading in judgement.unjudged],
    )


def write(folder: Path, judgement: Judgement) -> None:
    (folder / "traffic.har").write_text(har_text([judgement]), encoding="utf-8")


def entries_of(*exchanges: Exchange) -> list[dict[str, Any]]:
    """Give what is written of some exchanges."""
    log: Any = json.loads(har_text([judged(load(SPEC).operations[0], exchanges)]))["log"]
    return list(log["entries"])


def answer(operation: Operation) -> str:
    return json.dumps(operation.examples["documented"], ensure_ascii=False)


def entry(
    text: str | None = "{}", status: int = 200, url: str = URL, **response: object
) -> dict[str, object]:
    content = {} if text is None else {"size": len(text.encode("utf-8", "replace")), "text": text}
    headers = [{"name": ":status", "value": "200"}, {"name": "content-type", "value": JSON[0][1]}]
    return {
        "startedDateTime": "2026-11-24T09:51:03.017+08:00",
        "time": 9000,
        "request": {
            "method": "POST",
            "url": url,
            "headers": [{"name": ":authority", "value": "x"}, {"name": "accept", "value": "*/*"}],
        },
        "response": {"status": status, "headers": headers, "content": content, **response},
        "timings": {"blocked": 8000, "send": 1, "wait": 20, "receive": 4},
    }


def saved(folder: Path, *entries: object) -> Path:
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    return path


def read(folder: Path, operation: Operation, *entries: object) -> tuple[Exchange, ...]:
    (recording,) = recordings(saved(folder, *entries), [operation])
    return recording.exchanges


def reason(folder: Path, operation: Operation, *entries: object) -> str:
    reading = judged(operation, read(folder, operation, *entries)).readings[0]
    return reading.reason if isinstance(reading, Unjudged) else type(reading).__name__


# What is written


@pytest.mark.parametrize(
    "name",
    [
        None,
        "row-missing",
        "picture-half-grey",
        "number-constant",
        "body-in-gbk",
        "body-with-bom",
        "body-empty",
        "status-created",
        "login-page",
        "redirected-to-login",
        "body-of-2-megabytes",
        "bad-gateway",
        "call-refused",
    ],
)
def test_an_observation_read_back_comes_to_the_same_judgement(
    name: str | None, spec: Spec, operation: Operation, tmp_path: Path
) -> None:
    fault = FAULTS[name] if name else None
    with serving(application(spec, Captchas("har"), fault)) as url:
        seen = tuple(observe(operation, url, Manners(samples=3, rate=10_000)))
    write(tmp_path, judged(operation, seen))

    (recording,) = recordings(tmp_path / "traffic.har", spec.operations)

    assert recording.base_url == url
    assert facts(judged(operation, recording.exchanges)) == facts(judged(operation, seen))


REFUSED = Attempt(Failure("refused", "Connection refused"), 0.25, MOMENT)
BAD_GATEWAY = Attempt(Response(502, (), b"\xff"), 0.5, MOMENT)


def exchange(**changes: object) -> Exchange:
    known = {
        "number": 1,
        "request": Request("POST", URL, (("Accept", "application/json"),)),
        "outcome": Response(200, JSON, "{成}".encode(), transferred=5),
        "seconds": 1.5,
        "started": MOMENT,
        "waited": 0.5,
    }
    return Exchange(**{**known, **changes})  # type: ignore[arg-type]


def test_every_try_is_an_entry_and_a_call_made_again_is_read_as_one(
    operation: Operation, tmp_path: Path
) -> None:
    retried = exchange(earlier=(REFUSED, BAD_GATEWAY))
    write(tmp_path, judged(operation, [retried, exchange(number=2)]))

    (recording,) = recordings(tmp_path / "traffic.har", [operation])

    assert [(each.number, each.earlier) for each in recording.exchanges] == [
        (1, (REFUSED, BAD_GATEWAY)),
        (2, ()),
    ]


def test_what_was_observed_is_read_back_whole(operation: Operation, tmp_path: Path) -> None:
    write(tmp_path, judged(operation, [exchange()]))

    (recording,) = recordings(tmp_path / "traffic.har", [operation])

    assert recording.exchanges == (exchange(),)


def test_a_call_that_could_not_be_made_is_recorded_with_its_environment(
    operation: Operation, tmp_path: Path
) -> None:
    live = replace(judged(operation, [not_sent(operation, "an address")]), environment="staging")
    write(tmp_path, live)

    (recording,) = recordings(tmp_path / "traffic.har", [operation])

    assert (recording.environment, recording.base_url) == ("staging", "")
    assert facts(judged(operation, recording.exchanges)) == facts(live)


def test_the_longest_path_does_not_take_a_call_from_the_operation_that_made_it(
    operation: Operation, tmp_path: Path
) -> None:
    short = replace(operation, id="short", path="/getImgCode")
    request = Request("POST", URL, ())
    write(tmp_path, judged(short, [exchange(request=request)]))

    (recording,) = recordings(tmp_path / "traffic.har", [operation, short])

    assert (recording.operation.id, recording.base_url) == (
        "short",
        "https://test-etc.ebaas.com/oauth/api/account",
    )


def test_an_entry_has_what_har_asks_of_it() -> None:
    (written,) = entries_of(exchange())

    others = {"request", "response", "_contract"}
    assert {key: value for key, value in written.items() if key not in others} == {
        "startedDateTime": "2026-11-24T01:51:03.017Z",
        "time": 1500,
        "cache": {},
        "timings": {"send": 0, "wait": 500, "receive": 1000},
    }
    assert written["request"].keys() | written["response"].keys() == {
        *("method", "url", "httpVersion", "cookies", "headers", "queryString"),
        *("headersSize", "bodySize", "status", "statusText", "content", "redirectURL"),
    }


@pytest.mark.parametrize(
    ("came", "told"),
    [
        (
            Failure("dns", "Name or service not known"),
            {"status": 0, "_error": "dns: Name or service not known"},
        ),
        (
            Response(200, JSON, b"\xb3\xc9"),
            {"content": {"size": 2, "mimeType": JSON[0][1], "text": "s8k=", "encoding": "base64"}},
        ),
        (
            Response(302, (("location", f"http://u:{SECRET}@a/login"),), b""),
            {"statusText": "Found", "redirectURL": "http://[redacted]@a/login"},
        ),
        (Response(299, JSON, b""), {"status": 299, "statusText": ""}),
    ],
    ids=["no-answer", "not-utf-8", "redirect", "unknown-status"],
)
def test_what_came_is_written_as_har_has_it(
    came: Response | Failure, told: Mapping[str, object]
) -> None:
    (written,) = entries_of(exchange(outcome=came))

    assert written["response"] | told == written["response"]


NAMES = (
    *("Authorization", "Proxy-Authorization", "Cookie", "SET-COOKIE"),
    *("x-api-key", "Api-Key", "X-Auth-Token", "x-own"),
)


@pytest.mark.parametrize("name", NAMES)
def test_no_credential_is_written_whichever_way_it_went(name: str) -> None:
    headers = ((name, SECRET),)
    request = Request("POST", URL, headers, frozenset({"X-Own"}))
    came = Response(401, headers, b"{}")
    sent = exchange(request=request, outcome=came, earlier=(Attempt(came, 1, MOMENT),))

    text = json.dumps(entries_of(sent))

    assert (SECRET in text, text.count("[redacted]")) == (False, 4)


def test_a_password_in_a_url_is_not_written() -> None:
    url = URL.replace("://", f"://user:{SECRET}@")
    proxy = Failure("proxy", f"http://user:{SECRET}@127.0.0.1:3128 refused")
    sent = exchange(request=Request("POST", URL, (("Referer", url),)), outcome=proxy)

    text = json.dumps(entries_of(sent))

    assert (SECRET in text, text.count("://[redacted]@")) == (False, 3)


@pytest.mark.parametrize("before", [b"{", b"\xb3"], ids=["text", "bytes"])
def test_a_credential_that_a_server_sends_back_is_not_written(before: bytes) -> None:
    request = Request("POST", URL, (("X-Own", SECRET),), frozenset({"X-Own"}))
    came = Response(200, (("X-Echo", SECRET), *JSON), before + SECRET.encode())

    text = json.dumps(entries_of(exchange(request=request, outcome=came)))

    assert (SECRET in text, b64encode(came.body).decode() in text) == (False, False)


# What is read


def verdicts(path: Path, operation: Operation) -> dict[str, tuple[str, int, int]]:
    found: dict[str, tuple[str, int, int]] = {}
    for each in recordings(path, [operation]):
        judgement = judged(operation, each.exchanges)
        found[each.base_url] = (judgement.verdict, judgement.judged, len(each.exchanges))
    return found


def test_what_chromium_exported_from_the_mock_server_is_judged_host_by_host(
    operation: Operation,
) -> None:
    assert verdicts(HAR / "chromium.har", operation) == {
        "http://127.0.0.1:36261": ("conforms", 3, 3),
        "http://localhost:36261": ("inconclusive", 0, 2),  # forbidden by CORS
        "http://127.0.0.1:1234": ("inconclusive", 0, 1),  # nobody listens there
    }


def test_what_firefox_exports_is_judged_host_by_host_and_below_a_proxys_prefix(
    operation: Operation,
) -> None:
    assert verdicts(HAR / "firefox.har", operation) == {
        "https://test-etc.ebaas.com": ("conforms", 2, 4),
        "http://localhost:5173/dev-api": ("conforms", 1, 1),
    }


def test_credentials_that_a_browser_recorded_are_not_shown_again(operation: Operation) -> None:
    (recording, _) = recordings(HAR / "firefox.har", [operation])

    judgement = judged(operation, recording.exchanges)
    told = har_text([judgement]) + judgement.exchanges[0].request.curl

    assert re.findall("0123456789ABCDEF|FEDCBA9876543210|1795485063402", told) == []


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("localhost", ["http://localhost:5173/dev-api"]),
        ("LOCALHOST:5173", ["http://localhost:5173/dev-api"]),
        ("test-etc.ebaas.com", ["https://test-etc.ebaas.com"]),
    ],
)
def test_a_host_is_chosen_with_or_without_its_port(
    host: str, found: list[str], operation: Operation
) -> None:
    chosen = recordings(HAR / "firefox.har", [operation], host=host)

    assert [each.base_url for each in chosen] == found


def test_a_recorded_call_has_no_pseudo_header_and_waits_for_the_server_alone(
    operation: Operation, tmp_path: Path
) -> None:
    (found,) = read(tmp_path, operation, entry())

    assert found == Exchange(
        number=1,
        request=Request("POST", URL, (("accept", "*/*"),)),
        outcome=Response(200, (("content-type", "application/json"),), b"{}", version=""),
        seconds=0.025,
        started=MOMENT,
        waited=0.021,
        recorded=True,
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (entry(None), "unrecorded"),
        (entry(None, 404), "unrecorded"),
        (entry(None, 302), "redirected"),
        (entry(None, 503), "server-error"),
        (entry(""), "Broken"),
        (entry("{", content={"size": 900, "text": '{"a": '}), "unrecorded"),
        (entry(content={"size": 9, "text": '{"a": "\ufffd"}'}), "unrecorded"),
        (entry(content={"size": 12, "text": '{"a": "\ufffd"}'}), "not-the-operation"),
        (
            entry(content={"size": 9, "text": "eyJhIjoi77+9In0=", "encoding": "base64"}),
            "unrecorded",
        ),
        (
            entry(content={"size": 5, "text": "{}"}),
            "not-the-operation",
        ),  # a BOM, which browsers leave out
        (entry(content={"text": "{}"}), "not-the-operation"),
        (entry(content={"text": "e\n30=", "encoding": "Base64"}), "not-the-operation"),
        (entry(content={"text": "!", "encoding": "base64"}), "unrecorded"),
        (entry(content={"text": "\ud83d"}), "unrecorded"),
        (entry(" " * (1 << 20) + "{}"), "too-large"),
        (entry(status=0), "no-answer"),
        (entry(status=-1, _failureText="net::ERR_UNSAFE_PORT"), "no-answer"),
        (entry(_error="net::ERR_INCOMPLETE_CHUNKED_ENCODING"), "no-answer"),
        (entry(_error=None), "not-the-operation"),
        ({**entry(), "_fromCache": "disk"}, "unrecorded"),
        ({**entry(), "response": None}, "no-answer"),
        ({**entry(), "timings": [], "startedDateTime": 7}, "not-the-operation"),
        (entry(headers=[None, {"name": 1}, {"value": "x"}]), "not-the-operation"),
        (entry(status="200"), "no-answer"),  # type: ignore[arg-type]
        (entry(status=10**400), "no-answer"),
    ],
)
def test_what_a_recording_does_not_show_is_no_violation(
    changed: object, expected: str, operation: Operation, tmp_path: Path
) -> None:
    assert reason(tmp_path, operation, changed) == expected


@pytest.mark.parametrize(
    ("sent", "expected"), [({}, "RefusedCall"), ({"postData": {"text": "{}"}}, "unrecorded")]
)
def test_who_sends_more_than_the_document_has_is_not_refused_the_documented_call(
    sent: Mapping[str, object], expected: str, operation: Operation, tmp_path: Path
) -> None:
    called = entry('{"msg": "no"}', 415)
    called["request"] = {"method": "post", "url": URL, **sent}

    assert reason(tmp_path, operation, called) == expected


@pytest.mark.parametrize(
    "other",
    [
        entry(url=URL + "s"),
        entry(url=URL.replace("/oauth", "oauth")),
        entry(url="data:application/json,{}"),
        entry(url="http://[::1/oauth/api/account/getImgCode"),
        entry(url="/oauth/api/account/getImgCode"),
        {"request": {"method": "OPTIONS", "url": URL}},
        {"request": {"url": URL}},
        {"request": None},
        {},
        None,
        [],
    ],
)
def test_what_called_something_else_is_passed_over(
    other: object, operation: Operation, tmp_path: Path
) -> None:
    assert len(read(tmp_path, operation, other, entry(), other)) == 1


def test_a_call_belongs_to_the_operation_with_the_longest_path_that_fits(
    operation: Operation, spec: Spec, tmp_path: Path
) -> None:
    short = replace(operation, id="short", path="/getImgCode")

    found = recordings(saved(tmp_path, entry()), [short, *spec.operations])

    assert [(each.operation.id, each.base_url) for each in found] == [
        ("getImgCode", "https://test-etc.ebaas.com")
    ]


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [(1, Verdict.CONFORMS), (0, Verdict.INCONCLUSIVE)],
    ids=["one-is-enough", "none-is-not"],
)
def test_one_judged_sample_of_a_recording_is_enough(
    texts: int, verdict: Verdict, operation: Operation, tmp_path: Path
) -> None:
    shown = [entry(answer(operation))] * texts
    seen = read(tmp_path, operation, *shown, entry(None))

    assert judged(operation, seen).verdict == verdict


@pytest.mark.parametrize(
    ("mark", "told"), [("", (0, False)), ("\ufeff", (0, True))], ids=["none-shown", "shown"]
)
def test_a_recording_never_shows_that_no_bom_came(
    mark: str, told: tuple[int, bool], operation: Operation, tmp_path: Path
) -> None:
    seen = read(tmp_path, operation, entry(mark + answer(operation)))

    outcome = judged(operation, seen).outcomes["getImgCode-answer-no-bom"]

    assert (outcome.kept, outcome.finding is not None) == told


def test_a_bom_before_the_file_is_nothing(operation: Operation, tmp_path: Path) -> None:
    path = saved(tmp_path, entry())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert len(recordings(path, [operation])[0].exchanges) == 1


# What cannot be read


FOREIGN: Mapping[str, tuple[bytes, str]] = {
    "empty": (b"", "is not complete JSON (Expecting value)"),
    "cut-off": ((HAR / "chromium.har").read_bytes()[:20_000], "is not complete JSON"),
    "a-page": (b"<!DOCTYPE html>", "is not complete JSON"),
    "binary": (b"\x89PNG\xff\xfe", "is not UTF-8"),
    "a-broken-zip": (
        b"PK\x03\x04\xff\xfe",
        "is a zip that cannot be read (File is not a zip file)",
    ),
    "utf-16": ("{}".encode("utf-16"), "has no log.entries"),
    "other-json": (b'{"openapi": "3.0.3"}', "has no log.entries"),
    "a-list": (b"[]", "has no log.entries"),
    "a-number": (b"9" * 5000, "is JSON that a HAR file never has"),
    "deep": (b"[" * 200_000, "is JSON that a HAR file never has"),
    "no-entry": (b'{"log": {"entries": []}}', "it records no request at all"),
}


@pytest.mark.parametrize(("content", "told"), FOREIGN.values(), ids=FOREIGN)
def test_a_file_that_is_no_har_is_told_in_one_line(
    content: bytes, told: str, operation: Operation, tmp_path: Path
) -> None:
    path = tmp_path / "x.har"
    path.write_bytes(content)

    with pytest.raises(UnreadableHar) as caught:
        recordings(path, [operation])

    message = str(caught.value)
    assert (told in message, message.count("\n")) == (True, 0)


@pytest.mark.parametrize("name", ["missing.har", "."])
def test_a_file_that_cannot_be_opened_is_told(
    name: str, operation: Operation, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableHar, match="cannot be read"):
        recordings(tmp_path / name, [operation])


def test_a_huge_file_is_not_read(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(har_attachments, "LARGEST", 1 << 20)
    path = tmp_path / "huge.har"
    path.write_bytes(b" " * ((1 << 20) + 1))

    with pytest.raises(UnreadableHar, match="is larger than 1 MiB"):
        recordings(path, [operation])


@pytest.mark.parametrize(
    ("host", "told"),
    [
        (
            None,
            "records no POST …/oauth/api/account/getImgCode; it records GET a/0\\n, ",
        ),
        (
            "b",
            "/getImgCode at b; it records POST test-etc.ebaas.com/oauth/api/account/getImgCode, ",
        ),
    ],
)
def test_a_file_without_the_call_says_what_it_has(
    host: str | None, told: str, operation: Operation, tmp_path: Path
) -> None:
    others = [{"request": {"method": "GET", "url": f"http://a/{at}%0A"}} for at in range(9)]
    path = saved(tmp_path, *others, *([entry()] if host else []))

    with pytest.raises(UnreadableHar) as caught:
        recordings(path, [operation], host=host)

    message = str(caught.value)
    assert told in message
    assert re.search(r" and [45] more\Z", message.replace("\n", "a broken line"))


def test_several_hundred_entries_are_several_hundred_samples(
    operation: Operation, tmp_path: Path
) -> None:
    entries = [entry(answer(operation)), entry(url="https://cdn.example/app.js")] * 300

    (recording,) = recordings(saved(tmp_path, *entries), [operation])

    assert isinstance(recording, Recording)
    assert [each.number for each in recording.exchanges] == list(range(1, 301))
