"""Testers beside each other: what one session asks for and records touches no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from contract.spec.default import SPEC
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.serving.front import Front
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.state.memory import InMemory

CALL = "/oauth/api/account/getImgCode"
CALLS = 200

_RUN = """
([path, calls]) => {
  window.calls = Array.from({ length: calls }, () => fetch(path, { method: "POST" }));
}
"""
_ENDED = """
async () => {
  const answers = await Promise.all(window.calls);
  const told = async (each) => [each.status, (await each.json()).data?.img_code_id];
  return Promise.all(answers.map(told));
}
"""
_ADMIN = """
async ([path, method, value]) => {
  const headers = { "Content-Type": "application/json" };
  const body = value && JSON.stringify(value);
  return (await fetch(`/__admin${path}`, { method, headers, body })).json();
}
"""


def _server() -> Front:
    numbers, state = Numbers(Captchas("sessions")), InMemory()
    live = ReloadingApplication(
        SPEC, lambda spec: application(spec, numbers.captchas, numbers=numbers, state=state), print
    )
    admin = admin_application(Admin(live, numbers, state), None, loopback=True)
    return Front(live, admin, state, probe=live.probe)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(_server()) as address:
        yield address


class BrowserOfATester:
    """A browser of its own, whose cookie names its session."""

    def __init__(self, browser: Browser, url: str, session: str) -> None:
        self.context = browser.new_context()
        self.context.add_cookies([{"name": "mock_session", "value": session, "url": url}])
        self.page: Page = self.context.new_page()
        self.page.goto(f"{url}/livez")

    def admin(self, path: str, method: str = "GET", body: object = None) -> Any:  # noqa: ANN401 - JSON
        return self.page.evaluate(_ADMIN, [path, method, body])

    def call(self, calls: int) -> None:
        self.page.evaluate(_RUN, [CALL, calls])

    def answers(self) -> list[tuple[int, str | None]]:
        return [tuple(each) for each in self.page.evaluate(_ENDED)]


def test_two_browsers_in_parallel_one_of_which_gets_errors_never_touch_each_other(
    browser: Browser, url: str
) -> None:
    broken, healthy = (BrowserOfATester(browser, url, name) for name in ("anna", "ben"))
    broken.admin("/settings", "PUT", {"operations": {"getImgCode": {"fault": "server-error"}}})

    for tester in (broken, healthy):
        tester.call(CALLS)
    ends = broken.answers(), healthy.answers()
    journals = [
        tester.admin("/requests?operation=getImgCode&limit=1000")["requests"]
        for tester in (broken, healthy)
    ]
    broken.admin("/reset", "POST")

    assert [{status for status, _ in each} for each in ends] == [{500}, {200}]
    assert len({number for _, number in ends[1]}) == CALLS
    assert [(len(each), {one["status"] for one in each}) for each in journals] == [
        (CALLS, {500}),
        (CALLS, {200}),
    ]
    assert broken.admin("/requests")["requests"] == []
    assert len(healthy.admin("/requests?operation=getImgCode&limit=1000")["requests"]) == CALLS
    for tester in (broken, healthy):
        tester.context.close()


def test_a_thousand_calls_of_two_sessions_at_once_get_what_each_has_asked_for() -> None:
    async def called() -> list[dict[int, int]]:
        transport = httpx2.ASGITransport(_server(), client=("127.0.0.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:

            async def asked(session: str) -> tuple[str, int]:
                answer = await client.post(CALL, headers={"X-Mock-Session": session})
                return session, answer.status_code

            rules = {"getImgCode": [{"fault": "server-error", "times": 300}]}
            await client.put(
                "/__admin/settings",
                json={"operations": rules},
                headers={"X-Mock-Session": "anna"},
            )
            answers = await asyncio.gather(*(asked(each) for each in ["anna", "ben"] * 500))
            return [
                {status: answers.count((name, status)) for status in (200, 500)}
                for name in ("anna", "ben")
            ]

    with ThreadPoolExecutor(1) as thread:  # this one may have the event loop of a browser
        seen = thread.submit(asyncio.run, called()).result()
    assert seen == [{200: 200, 500: 300}, {200: 500, 500: 0}]


def test_captchas_and_settings_belong_to_the_session_that_asks(url: str) -> None:
    anna, ben = ({"X-Mock-Session": name} for name in ("anna2", "ben2"))
    number = httpx2.post(url + CALL, headers=anna).json()["data"]["img_code_id"]
    httpx2.put(f"{url}/__admin/settings", json={"fixedDelay": 1}, headers=anna)

    def told(path: str, headers: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        return httpx2.get(f"{url}/__admin{path}", headers=headers).json()

    lists = [told("/captchas", each)["captchas"] for each in (anna, ben)]
    delays = [told("/settings", each)["fixedDelay"] for each in (anna, ben)]

    assert ([[each["img_code_id"] for each in one] for one in lists], delays) == (
        [[number], []],
        [1, None],
    )
    totals = [told("/captchas", each)["meta"]["total"] for each in (anna, ben)]
    assert totals == [1, 0]
    assert told("/health", anna)["session"] == "anna2"
    sessions = told("/sessions?limit=1", anna)
    assert (sessions["sessions"], sessions["meta"]["total"] > 1) == (["anna2"], True)
    httpx2.post(f"{url}/__admin/reset?all=true")
    assert told("/captchas", anna)["captchas"] == []


@pytest.mark.parametrize("path", [CALL, "/__admin/settings"])
def test_a_session_without_a_proper_name_is_refused_by_operations_and_interface(
    path: str, url: str
) -> None:
    method = "POST" if path == CALL else "GET"
    answer = httpx2.request(method, url + path, headers={"X-Mock-Session": "a b"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert "1 to 64 characters" in answer.json()["detail"]
