"""Who may open the pages and the interface of the mock server, and what their answers forbid."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest
import yaml
from httpx2 import Response
from playwright.sync_api import Browser, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from contract.spec.default import SPEC
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.app import application
from mock_server.contract_page import ContractPage
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.page import FILES
from mock_server.serving.front import Front
from mock_server.serving.guard import Admission
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.state.memory import InMemory
from mock_server.swagger_ui import PATHS, SwaggerUI

CALL = "/oauth/api/account/getImgCode"
TOKEN = "s3cret 令牌"  # noqa: S105 - of servers that live for a second
ALL = [
    *("/__admin", "/__admin/"),
    *sorted(FILES),
    "/__page/contract",
    "/__page/contract.txt",
    *sorted(PATHS),
    *(f"/__admin{path}" for path in sorted(PATHS)),
    "/__admin/health",
    "/__admin/faults",
]
"""Every path of pages and interface that can be read."""
PAGES = ["/", "/__page/contract", "/ui/", "/ui/index.html", "/__admin/ui/"]
"""Those that people open."""


def front(token: str | None, *, loopback: bool) -> ASGIApp:
    numbers, state = Numbers(Captchas("x")), InMemory()
    served = ReloadingApplication(SPEC, lambda spec: application(spec, numbers.captchas), print)
    admin = Admin(served, numbers, state)
    return Front(
        served,
        admin_application(admin, token, loopback=loopback),
        state,
        contract_page=ContractPage(SPEC),
        admission=Admission(token, loopback=loopback),
    )


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server that only this machine reaches."""
    with serving(front(None, loopback=True)) as address:
        yield address


@pytest.fixture(scope="module")
def closed() -> Iterator[str]:
    """A server that other machines reach, started without a token."""
    with serving(front(None, loopback=False)) as address:
        yield address


@pytest.fixture(scope="module")
def locked() -> Iterator[str]:
    """A server that other machines reach, started with a token."""
    with serving(front(TOKEN, loopback=False)) as address:
        yield address


CLIENT = httpx2.Client()
"""One client for all calls; to make one costs more than a call."""


def get(url: str, *headers: tuple[bytes, bytes]) -> Response:
    return CLIENT.get(url, headers=list(headers))


# Names and origins


@pytest.mark.parametrize("path", ALL)
def test_no_page_is_shown_under_a_name_of_somebody_else(path: str, url: str) -> None:
    answer = get(url + path, (b"Host", b"evil.example:4010"))

    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")


@pytest.mark.parametrize("path", ALL)
def test_no_page_of_another_origin_reads_a_page(path: str, url: str) -> None:
    answer = get(url + path, (b"Origin", b"http://evil.example"))

    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "LocalHost:4010", "localhost.:1", "[::1]:4010", "[::1]", "127.8.7.6:80"]
)
def test_the_names_of_this_machine_are_known(host: str, url: str) -> None:
    assert get(f"{url}/openapi.json", (b"Host", host.encode())).status_code == 200


@pytest.mark.parametrize(
    "host", ["localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "[", "]"]
)
def test_what_only_looks_like_a_name_of_this_machine_is_none(host: str, url: str) -> None:
    assert get(f"{url}/openapi.json", (b"Host", host.encode())).status_code == 403


def test_the_operations_stay_open_to_every_origin_and_name(url: str) -> None:
    headers = {"Host": "mock.example", "Origin": "http://front.example"}

    answer = httpx2.post(url + CALL, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (200, "000")
    assert answer.headers["Access-Control-Allow-Origin"] == "http://front.example"


# The token


@pytest.mark.parametrize("path", ALL)
def test_beyond_this_machine_no_page_is_shown_without_a_token(
    path: str, closed: str, locked: str
) -> None:
    assert (get(closed + path).status_code, get(locked + path).status_code) == (403, 401)


@pytest.mark.parametrize("path", ALL)
def test_the_token_opens_every_page(path: str, locked: str) -> None:
    answer = get(locked + path, (b"Authorization", f"Bearer {TOKEN}".encode()))

    assert answer.status_code in {200, 307}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("Bearer {}", 200),
        ("bearer {}", 200),
        ("BEARER     {}", 200),
        ("bEaReR {}  ", 200),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer{}", 401),
        ("Bearer\t{}", 401),
        ("Bearer {}x", 401),
        ("Basic {}", 401),
        ("{}", 401),
    ],
)
def test_the_scheme_is_bearer_in_any_case_and_with_any_number_of_spaces(
    sent: str, status: int
) -> None:
    refusal = Admission(TOKEN, loopback=False).refusal(
        [(b"authorization", sent.format(TOKEN).encode())]
    )

    assert (refusal.status if refusal else 200) == status


def test_two_credentials_are_none() -> None:
    right = (b"authorization", f"Bearer {TOKEN}".encode())

    assert Admission(TOKEN, loopback=False).refusal([right, right]) is not None


def test_the_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)

    Admission("abc", loopback=True).refusal([(b"authorization", b"bearer abd")])

    assert compared == [(b"abd", b"abc")]


# The form


@pytest.mark.parametrize("path", PAGES)
def test_people_are_asked_for_the_token_and_led_back_to_their_page(path: str, locked: str) -> None:
    with httpx2.Client() as client:
        asked = client.get(locked + path)
        action = re.search(r'action="([^"]+)"', asked.text)
        assert action is not None
        form = {"token": TOKEN, "page": path}
        target = str(asked.url.join(action[1]))
        wrong = client.post(target, data={**form, "token": "x"})
        led = client.post(target, data=form)
        shown = client.get(str(led.url.join(led.headers["Location"])))

    assert (asked.status_code, asked.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (wrong.status_code, 'role="alert">' in wrong.text) == (401, True)
    assert "Set-Cookie" not in wrong.headers
    assert (led.status_code, shown.status_code, shown.url.path) == (303, 200, path)


def test_the_cookie_is_not_the_token_and_no_script_and_no_other_page_gets_it(locked: str) -> None:
    led = httpx2.post(f"{locked}/__page/token", data={"token": TOKEN})

    value, *attributes = led.headers["Set-Cookie"].split("; ")
    assert re.fullmatch(r"mock_server_token=[0-9a-f]{64}", value)
    assert attributes == ["Path=/", "HttpOnly", "SameSite=Strict"]


@pytest.mark.parametrize(
    "page", ["//evil.example", "https://evil.example", "/nowhere", "/\r\nx: y"]
)
def test_the_form_leads_nowhere_but_to_a_page(page: str, locked: str) -> None:
    led = httpx2.post(f"{locked}/__page/token", data={"token": TOKEN, "page": page})

    assert led.headers["Location"] == "../"


def test_without_a_token_there_is_no_form(url: str) -> None:
    assert httpx2.post(f"{url}/__page/token", data={"token": ""}).status_code == 404


# What a browser may do with them


@pytest.mark.parametrize("path", ALL)
def test_no_page_can_be_framed_or_taken_for_a_script_or_run_one_of_somebody_else(
    path: str, url: str, locked: str
) -> None:
    for answer in (get(url + path), get(locked + path)):
        policy = dict(
            part.strip().split(" ", 1)
            for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert set(policy.get("script-src", "").split()) <= {"'self'"} or re.fullmatch(
            r"'sha256-\S+'", policy["script-src"]
        )
        assert policy.get("connect-src", "'self'") == "'self'"
        assert (
            answer.headers["X-Content-Type-Options"],
            answer.headers["X-Frame-Options"],
            answer.headers["Referrer-Policy"],
        ) == ("nosniff", "DENY", "same-origin")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_no_rule_of_its_own_policy(path: str, browser: Browser, locked: str) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.goto(locked + path)
    page.get_by_label("admin token").fill(TOKEN)
    page.on("console", lambda said: wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.get_by_role("button", name="use").click()

    expect(page).to_have_url(locked + path)
    page.wait_for_load_state("networkidle") if path == "/ui/" else page.wait_for_load_state()
    page.close()
    assert wrong == []


# Below the path of a proxy


def test_the_spec_names_the_server_that_it_was_found_on(url: str) -> None:
    named = [get(f"{url}{path}/openapi.json").json()["servers"] for path in ("", "/__admin")]

    assert named == [[{"url": url}], [{"url": f"{url}/__admin"}]]


def below(prefix: str, app: ASGIApp) -> ASGIApp:
    """Serve an application as a proxy does that takes a prefix off every path."""

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["path"].startswith(prefix), f"{scope['path']} leads past the proxy"
        path = scope["path"].removeprefix(prefix)
        await app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    return proxy


def test_all_pages_work_below_the_path_that_a_proxy_gives_them(browser: Browser) -> None:
    page = browser.new_page()
    failed: list[str] = []
    page.on("response", lambda got: failed.append(got.url) if got.status >= 400 else None)
    with serving(below("/some/mock", front(None, loopback=True))) as url:
        page.goto(f"{url}/some/mock/")
        expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))
        page.get_by_role("button", name="show the answer").click()
        expect(page.locator("#answer")).to_have_text(re.compile("^[0-9A-Z]{4}$"))
        page.get_by_role("link", name="Contract").click()
        expect(page.locator("#live")).to_contain_text("follows the files")
        page.goto(f"{url}/some/mock/ui/")
        page.get_by_text(CALL).first.click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").click()
        expect(page.locator(".request-url")).to_contain_text(f"{url}/some/mock{CALL}")
        answered = page.locator(".live-responses-table .response-col_status").last
        expect(answered).to_contain_text("200")
    page.close()

    assert failed == []


def test_swagger_ui_follows_the_reader_who_likes_it_dark(browser: Browser, url: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(f"{url}/ui/")
    expect(page.locator(".info .title")).to_be_visible()

    assert page.evaluate("document.documentElement.className") == "dark-mode"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    page.close()


def test_a_spec_controls_no_terminal_where_it_is_read() -> None:
    said = "获取\u202e码\u2066"

    told, plain = (_spec_with(title) for title in (said, "获取　码"))

    assert (yaml.safe_load(told)["info"]["title"], told.isascii()) == (said, True)
    assert "获取　码" in plain


def _spec_with(title: str) -> str:
    with serving(SwaggerUI(front(None, loopback=True), {"info": {"title": title}})) as url:
        return get(f"{url}/openapi.yaml").text
