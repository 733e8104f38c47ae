"""Four mock servers of one seed and one Redis, behind a real nginx and a real HAProxy.

The first of them has two workers.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

import httpx2
import pytest

from mock_server.drawing.captcha import Captchas, Numbers
from tests.balanced import Replicas, balancer, free_ports, wait_for
from tests.loopback import ROOT
from tests.redis_server import RedisServer, redis_server

SEED = "replicas"
SPEC = ROOT / "examples" / "login" / "openapi.yaml"
ACCOUNT = "/shop/api/account"
GET, LOGIN, PROFILE = f"{ACCOUNT}/getImgCode", f"{ACCOUNT}/login", f"{ACCOUNT}/getProfile"
PROXIES = ["nginx", "haproxy"]
CLIENTS = 3
"""How many clients a proxy has under load, each with one call at a time."""


class Platform:
    """All that runs."""

    def __init__(self, redis: RedisServer, servers: Replicas, proxies: dict[str, str]) -> None:
        self.redis = redis
        self.servers = servers
        self.proxies = proxies


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("replicas")
    with ExitStack() as running:
        redis = running.enter_context(redis_server())
        ports = free_ports(4)
        servers = Replicas(folder, ports, "--seed", SEED, "--state", redis.url)
        running.callback(servers.close)
        for at in range(4):
            servers.start(at, SPEC)
        for url in servers.urls:
            wait_for(url)
        proxies = {name: running.enter_context(balancer(name, folder, ports)) for name in PROXIES}
        yield Platform(redis, servers, proxies)


@pytest.fixture(autouse=True)
def fresh(platform: Platform) -> None:
    httpx2.post(f"{platform.servers.urls[0]}/__admin/reset?all=true")


def captcha(url: str) -> str:
    number: str = httpx2.post(url + GET).json()["data"]["img_code_id"]
    return number


def log_in(url: str, number: str, answer: str) -> httpx2.Response:
    body = {"account": "tom", "password": "x", "img_code_id": number, "img_code": answer}
    return httpx2.post(url + LOGIN, json=body)


def token_of(answer: httpx2.Response) -> str | None:
    token: str | None = (answer.json().get("data") or {}).get("token")
    return token


@pytest.mark.parametrize("name", PROXIES)
def test_a_login_begun_on_one_server_ends_on_another(name: str, platform: Platform) -> None:
    proxy, servers = platform.proxies[name], platform.servers.urls
    numbers = [captcha(proxy) for _ in range(4)]
    drawn_by = {Numbers(Captchas(SEED)).origin(number).instance for number in numbers}

    told = [
        httpx2.get(f"{server}/__admin/captchas/{number}").json()
        for server, number in zip(servers, numbers, strict=True)
    ]
    logins = [log_in(proxy, each["img_code_id"], each["text"]) for each in told]
    tokens = [token_of(each) or "" for each in logins]
    profiles = [httpx2.get(proxy + PROFILE, headers={"token": each}) for each in tokens]

    assert (len(drawn_by), [each["issued"] for each in told]) == (4, [True] * 4)
    assert [each.json()["code"] for each in logins] == [each.json()["code"] for each in profiles]
    assert all(tokens)
    assert all(each.json()["data"] for each in profiles)


@pytest.mark.parametrize("name", PROXIES)
def test_of_many_logins_at_a_time_one_uses_the_captcha(name: str, platform: Platform) -> None:
    proxy = platform.proxies[name]
    number = captcha(proxy)
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda _: log_in(proxy, number, Captchas(SEED).text(number)), range(32))

    assert sum(token_of(each) is not None for each in answers) == 1


@pytest.mark.parametrize("name", PROXIES)
def test_settings_sessions_and_journal_are_the_same_through_any(
    name: str, platform: Platform
) -> None:
    proxy, servers = platform.proxies[name], platform.servers.urls
    anna = {"X-Mock-Session": "anna"}
    rule = {"operations": {"getImgCode": [{"fault": "server-error", "times": 3}]}}
    httpx2.put(f"{proxy}/__admin/settings", json=rule, headers=anna)
    waiting = f"{servers[3]}/__admin/requests/count?operation=getImgCode&wait=10"
    with ThreadPoolExecutor(9) as pool:
        waited = pool.submit(httpx2.get, waiting, headers=anna)
        made = pool.map(lambda _: httpx2.post(proxy + GET, headers=anna).status_code, range(8))

    journals = [httpx2.get(f"{each}/__admin/requests", headers=anna).json() for each in servers]
    settings = [httpx2.get(f"{each}/__admin/settings", headers=anna).json() for each in servers]
    sessions = [httpx2.get(f"{each}/__admin/health").json()["sessions"] for each in servers]

    assert Counter(made) == {500: 3, 200: 5}
    assert waited.result().json()["count"] > 0
    assert [each["number"] for each in journals[0]["requests"]] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert journals == [journals[0]] * 4
    assert settings == [{**settings[0], "operations": {}}] * 4
    assert sessions == [["anna"]] * 4


class Load:
    """Clients of both proxies that ask for captchas until they are stopped; what they got."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.got: Counter[object] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))

    def __enter__(self) -> Self:
        self._thread.start()
        self.more(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def more(self, count: int) -> None:
        """Wait for so many more answers."""
        until = self.got.total() + count
        while self.got.total() < until:
            time.sleep(0.01)

    async def _all(self) -> None:
        urls = [url for url in self.platform.proxies.values() for _ in range(CLIENTS)]
        await asyncio.gather(*map(self._one, urls))

    async def _one(self, url: str) -> None:
        async with httpx2.AsyncClient() as client:
            while not self._over.is_set():
                try:
                    answer = await client.post(url + GET)
                    self.got[answer.status_code] += 1
                except httpx2.TransportError as error:
                    self.got[type(error)] += 1
                await asyncio.sleep(0.05)


def test_a_server_that_is_killed_under_load_costs_no_more_than_what_it_was_answering(
    platform: Platform,
) -> None:
    with Load(platform) as load:
        platform.servers.end(3, signal.SIGKILL)
        load.more(40)
        platform.servers.start(3, SPEC)
        wait_for(platform.servers.urls[3])
        load.more(20)

    lost = load.got.total() - load.got[HTTPStatus.OK]
    assert lost <= CLIENTS * len(PROXIES), load.got


def test_a_rollover_to_a_new_spec_costs_nothing(platform: Platform, tmp_path: Path) -> None:
    newer = tmp_path / "openapi.yaml"
    text = SPEC.read_text(encoding="utf-8")
    newer.write_text(text.replace(PROFILE, "/shop/api/v2/getProfile"), "utf-8")
    with Load(platform) as load:
        for at in range(4):
            platform.servers.end(at, signal.SIGTERM)
            platform.servers.start(at, newer)
            wait_for(platform.servers.urls[at])
            load.more(10)

    calls = [f"{url}/shop/api/v2/getProfile" for url in platform.servers.urls]
    assert HTTPStatus.NOT_FOUND not in {httpx2.get(each).status_code for each in calls}
    assert dict(load.got) == {200: load.got.total()}


def test_a_redis_that_is_stopped_and_started_costs_no_captcha(platform: Platform) -> None:
    with Load(platform) as load:
        platform.redis.stop()
        load.more(20)
        proxy = platform.proxies["nginx"]
        meanwhile = captcha(proxy)
        refused = log_in(proxy, meanwhile, Captchas(SEED).text(meanwhile))
        ready = httpx2.get(f"{proxy}/readyz")
        health = httpx2.get(f"{proxy}/__admin/health").json()["state"]["problem"]
        platform.redis.start()
        for url in platform.servers.urls:
            until(lambda url=url: httpx2.get(f"{url}/readyz").text == "ok\n")  # type: ignore[misc]
        load.more(20)

    logins = until(
        lambda: (
            answer
            if (answer := log_in(proxy, meanwhile, Captchas(SEED).text(meanwhile))).status_code
            != HTTPStatus.SERVICE_UNAVAILABLE
            else None
        )
    )
    assert dict(load.got) == {200: load.got.total()}
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.headers["content-type"] == "application/problem+json"
    assert "Redis is not reached" in refused.json()["detail"]
    assert (ready.status_code, ready.text.partition(":")[0]) == (200, "degraded")
    assert health == "Redis is not reached"
    assert token_of(logins)
    assert "Traceback" not in platform.servers.said.read_text(encoding="utf-8")


def until(true: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any type
    """Wait until something is true, for ten seconds at most."""
    end = time.monotonic() + 10
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return found
