"""The journal: what it keeps of bodies, what it hides, and how it is asked and waited for."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from contract.spec.default import SPEC
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.problems import RequestRefused
from mock_server.serving.front import Front
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.state import waiting
from mock_server.state.journal import entry_of
from mock_server.state.journal_filters import Filters
from mock_server.state.kept_bodies import KEPT, READ, KeptBody
from mock_server.state.memory import InMemory
from mock_server.state.waiting import Waits
from mock_server.wire import CONNECTION

CALL = "/oauth/api/account/getImgCode"


PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\ns3cret\r\n--x\r\n'
    b'Content-Disposition: form-data; name="b"\r\n\r\n1\r\n--x--\r\n'
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    numbers, state = Numbers(Captchas("journal")), InMemory()
    live = ReloadingApplication(
        SPEC, lambda spec: application(spec, numbers.captchas, state=state), print
    )
    admin = admin_application(Admin(live, numbers, state), None, loopback=True)
    with serving(Front(live, admin, state)) as address:
        yield address


@pytest.fixture
def client(url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url, headers={"X-Mock-Session": "journal"}) as client:
        yield client
        client.post("/__admin/reset")


def asked(client: httpx2.Client, query: str = "") -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = client.get(f"/__admin/requests?{query}").json()["requests"]
    return entries


def kept(body: bytes, media_type: str) -> dict[str, Any]:
    found = KeptBody(media_type)
    found.add(body)
    found.settle()
    return found.as_json()


# Bodies


def test_the_journal_shows_what_was_sent_and_what_was_answered(client: httpx2.Client) -> None:
    number = client.post(CALL, json={"a": 1}).json()["data"]["img_code_id"]

    (entry,) = asked(client)

    assert entry["session"] == "journal"
    assert entry["body"] == {"mediaType": "application/json", "length": 7, "content": {"a": 1}}
    answer = entry["answer"]["content"]
    assert (answer["code"], answer["data"]["img_code_id"]) == ("000", number)
    assert answer["data"]["img"].startswith("[data:image/jpg;base64: ")


@pytest.mark.parametrize(
    ("media_type", "body", "content"),
    [
        ("application/json", b'{"password": "s3cret-s3cret", "a": 1}', {"a": 1}),
        ("application/json", b'{"a": 1, "value": "Bearer s3cret"}', {"a": 1}),
        ("application/x-www-form-urlencoded", b"user=a&user=b&pwd=s3cret", {"user": ["a", "b"]}),
        ("application/x-www-form-urlencoded", b'user=a&data={"pwd":"s3cret"}', {"user": "a"}),
        (
            "multipart/form-data; boundary=x",
            PARTS,
            {"b": "1"},
        ),
    ],
    ids=["json", "value", "form", "json in a form", "parts"],
)
def test_what_holds_a_credential_is_not_shown(
    media_type: str, body: bytes, content: dict[str, object]
) -> None:
    told = kept(body, media_type)

    assert "s3cret" not in json.dumps(told)
    assert {name: told["content"][name] for name in content} == content
    assert len(told["content"]) == len(content) + 1


def test_a_file_and_bytes_are_told_by_length_and_digest() -> None:
    file = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89PNG\x00\r\n--x--\r\n"
    )

    told = kept(file, "multipart/form-data; boundary=x")["content"]["f"]

    assert (told["fileName"], told["length"], len(told["sha256"])) == ("a.png", 5, 64)
    assert kept(b"\x00\xff", "image/png").keys() == {"mediaType", "length", "sha256"}


def test_a_text_is_shown_as_it_is_and_a_url_without_its_token() -> None:
    assert kept("你好".encode(), "text/plain")["content"] == "你好"
    entry = entry_of("GET", "/a?token=s3cret&b=1", [(b"referer", b"/?token=s3cret")], moment=0)

    assert "s3cret" not in json.dumps(entry.as_json())


@pytest.mark.parametrize("size", [KEPT + 1, READ + 1], ids=["large", "very large"])
def test_of_a_large_body_little_is_kept_and_its_pictures_are_told_by_digest(size: int) -> None:
    body = KeptBody("application/json")
    for part in (b'{"a": 1, "file": "', b"A" * size, b'"}'):
        body.add(part)
    body.settle()

    told = body.as_json()

    assert body.size <= KEPT
    assert (told["length"], len(str(told["sha256"]))) == (size + 20, 64)
    assert (size > READ) == isinstance(told["content"], str)


def test_numbers_and_nesting_that_json_lacks_do_no_harm() -> None:
    for body in (b'{"a": NaN}', b"[" * 5000, b'{"a":' * 900 + b"1" + b"}" * 900, b"9" * 5000):
        json.dumps(kept(body, "application/json"), allow_nan=False)


def test_a_body_that_no_operation_reads_is_kept_although_it_comes_late(url: str) -> None:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    with socket.create_connection((str(host), int(port or 0)), timeout=10) as sending:
        head = f"POST {CALL} HTTP/1.1\r\nHost: {host}:{port}\r\nX-Mock-Session: late\r\n"
        sending.sendall(f"{head}Content-Length: 5\r\nContent-Type: text/plain\r\n\r\n".encode())
        time.sleep(0.02)
        sending.sendall(b"there")
        sending.recv(1 << 16)
    (entry,) = httpx2.get(f"{url}/__admin/requests?session=late").json()["requests"]

    assert entry["body"]["content"] == "there"


def test_a_client_that_expects_to_be_asked_for_its_body_is_and_else_is_refused_at_once(
    url: str,
) -> None:
    host, port = httpx2.URL(url).host, httpx2.URL(url).port
    head = f"Host: {host}:{port}\r\nX-Mock-Session: expects\r\nExpect: 100-continue\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n"

    def sent(path: str) -> bytes:
        with socket.create_connection((str(host), int(port or 0)), timeout=10) as sending:
            sending.sendall(f"POST {path} HTTP/1.1\r\n{head}".encode())
            came = sending.recv(1 << 16)
            if b"100 Continue" in came:
                sending.sendall(b'{"a":1}')
                came += sending.recv(1 << 16)
            return came

    rule = {"operations": {"getImgCode": {"delay": 1, "match": {"/a": 1}}}}
    headers = {"X-Mock-Session": "expects"}
    httpx2.put(f"{url}/__admin/settings", json=rule, headers=headers)
    asked_for, refused = sent(CALL), sent("/nowhere")
    entries = httpx2.get(f"{url}/__admin/requests", headers=headers).json()["requests"]

    assert asked_for.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
    assert refused.startswith(b"HTTP/1.1 404")
    assert [each["body"]["length"] for each in entries] == [0, 7]


def test_a_problem_that_quotes_the_path_shows_none_of_its_credentials(
    client: httpx2.Client,
) -> None:
    client.post("/nowhere;jsessionid=s3cret")

    assert "s3cret" not in json.dumps(asked(client))


# Filters


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1]),
        ("limit=1", [3]),
        ("operation=getImgCode", [2, 1]),
        ("status=200", [2, 1]),
        ("status=4xx", [3]),
        ("method=get", [3]),
        (f"path={CALL}", [3, 2, 1]),
        ("since=2", [3]),
        ("since=2020-01-01T00:00:00Z", [3, 2, 1]),
        ("since=2020-01-01T00:00:00%2B08:00", [3, 2, 1]),
        ("since=2100-01-01", []),
        ("session=nobody", []),
        ("body=/name=a", [1]),
        ("body=/age=2", [2]),
        ("body=/age=2&body=/name=a", []),
        ("body=/list/1=x", [2]),
        ("body=/name", [2, 1]),
        ("answer=/code=000", [2, 1]),
        ("answer=/code=500", []),
    ],
)
def test_the_journal_gives_the_requests_that_fit(
    query: str, found: list[int], client: httpx2.Client
) -> None:
    client.post(CALL, json={"name": "a"})
    client.post(CALL, json={"name": "b", "age": 2, "list": ["y", "x"]})
    client.get(CALL)

    assert [each["number"] for each in asked(client, query)] == found
    if "limit" not in query:
        count = client.get(f"/__admin/requests/count?{query}").json()
        assert count == {"count": len(found)}
    unmatched = client.get(f"/__admin/requests/unmatched?{query}").json()["requests"]
    assert [each["number"] for each in unmatched] == [each for each in found if each == 3]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("operaton=a", '"operaton": there is no such parameter; did you mean operation'),
        ("x=1", "there are: limit, operation, session, method, path, status, since, body, answer"),
        ("since=yesterday", "since: 'yesterday' must be a time such as"),
        ("body=name=a", "body: 'name=a' must be /pointer=value"),
        ("status=20", "status: '20' must be such as 404, 4xx, or none"),
        ("wait=61", "wait"),
        ("wait=nan", "wait: must be a number of seconds, 60 at most"),
        ("session=a%20b", "session must name a session: 1 to 64 characters"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_with_what_would(
    query: str, told: str, client: httpx2.Client
) -> None:
    answer = client.get(f"/__admin/requests?{query}")

    assert (answer.status_code, told in answer.text.replace('\\"', '"')) == (400, True), answer.text


def test_requests_are_found_and_counted_by_a_pattern_of_wiremock(client: httpx2.Client) -> None:
    for name in ("a", "b"):
        client.post(CALL, json={"name": name})
    pattern = {"urlPath": CALL, "bodyPatterns": [{"equalToJson": {"name": "b"}}]}

    found = client.post("/__admin/requests/find", json=pattern).json()["requests"]
    count = client.post("/__admin/requests/count", json={"method": "POST"}).json()["count"]
    other = client.post("/__admin/requests/count?session=nobody", json={}).json()["count"]
    refused = client.post("/__admin/requests/find", json={"scenario": 1})

    assert ([each["body"]["content"] for each in found], count, other) == ([{"name": "b"}], 2, 0)
    assert (refused.status_code, "/scenario is not" in refused.json()["detail"]) == (422, True)


# Waiting


def test_whoever_waits_gets_the_request_as_soon_as_it_is_answered(client: httpx2.Client) -> None:
    found: list[Any] = []

    def wait() -> None:
        query = "operation=getImgCode&body=/late=1&wait=30"
        found.append(httpx2.get(f"{client.base_url}/__admin/requests?session=journal&{query}"))

    waiter = threading.Thread(target=wait)
    waiter.start()
    client.post(CALL, json={"late": 0})
    assert (waiter.is_alive(), client.get("/__admin/health").status_code) == (True, 200)
    client.post(CALL, json={"late": 1})
    waiter.join(20)

    assert [each["body"]["content"] for each in found[0].json()["requests"]] == [{"late": 1}]


def test_a_wait_ends_without_a_request_after_its_time(client: httpx2.Client) -> None:
    assert asked(client, "operation=getImgCode&wait=0.05") == []


def test_a_wait_ends_when_its_client_hangs_up_and_no_more_wait_than_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "WAITS", 1)
    gone = asyncio.Event()

    class Connection:
        async def wait(self, _: float) -> None:
            await gone.wait()

    async def hung_up() -> tuple[int, bytes, int]:
        waits = Waits(InMemory())
        scope = {"extensions": {CONNECTION: Connection()}}
        first = asyncio.ensure_future(waits.until("a", Filters(), 30, scope))
        await asyncio.sleep(0)
        taken = waits.taken
        with pytest.raises(RequestRefused) as refused:
            await waits.until("a", Filters(), 30, scope)
        gone.set()
        await asyncio.wait_for(first, 5)
        return taken, refused.value.problem.answer.body, waits.taken

    taken, told, left = asyncio.run(hung_up())
    assert (taken, b"1 calls wait already" in told, left) == (1, True, 0)
