"""A login in the browser through the mock server, and what its page tells of the upstream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from contract.spec.loading import load
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.held_captchas import Terms
from mock_server.serving.server import serving
from tests.loopback import mock_server
from tests.passing_on import Environment, answering

SPEC = Path(__file__).parent.parent / "examples" / "login" / "openapi.yaml"
CAPTCHAS = Captchas("the environment's own")
HOSTILE = "<img src=x onerror=close()>"
WAIVERS = """
- {finding: login-token-required, environment: "*", reason: known, expires: 2999-01-01}
"""
CALLS = """async (body) => {
    const call = (path, more) => fetch(`shop/api/account/${path}`, more);
    const made = await call("login", {method: "POST", body: JSON.stringify(body),
        headers: {"content-type": "application/json"}});
    const token = (await made.json()).data.token;
    const profile = await call("getProfile", {headers: {token}});
    return [(await profile.json()).data.nickname, profile.headers.get("x-contract-verdict")];
}"""


@pytest.fixture(scope="module")
def upstream() -> Environment:
    return Environment(application(load(SPEC), CAPTCHAS, terms=Terms()))


@pytest.fixture(scope="module")
def url(upstream: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    waivers = tmp_path_factory.mktemp("waivers") / "waivers.yaml"
    waivers.write_text(WAIVERS, encoding="utf-8")
    options = ("--fallback", "--waivers", str(waivers), str(SPEC))
    with serving(upstream) as behind, mock_server("--upstream", behind, *options) as address:
        yield address


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    opened = browser.new_page()
    expect.set_options(timeout=15_000)
    opened.goto(url)
    yield opened
    opened.close()


def opened(page: Page, told: str) -> Locator:
    """Open the newest request of the page's journal that tells something."""
    row = page.locator("#requests li", has_text=told).first
    row.locator("summary").click()
    return row


def test_a_login_goes_through_and_its_captcha_stays_the_environments(page: Page, url: str) -> None:
    made = httpx2.post(f"{url}/shop/api/account/getImgCode").json()["data"]
    number = made["img_code_id"]
    body = {"account": HOSTILE, "password": "S3cret-Value", "img_code_id": number}

    seen = page.evaluate(CALLS, {**body, "img_code": CAPTCHAS.text(number)})

    assert seen == ["张三", "conforms"]
    assert httpx2.get(f"{url}/__admin/captchas/{number}").status_code == 404
    row = opened(page, "/shop/api/account/login")
    expect(row).to_contain_text("符合 conforms")
    expect(row).to_contain_text(HOSTILE)
    expect(row).not_to_contain_text("S3cret-Value")


def test_the_page_tells_who_answered_and_what_is_waived(
    page: Page, url: str, upstream: Environment
) -> None:
    service = upstream.app
    upstream.app = answering(b"<html>moved</html>", 404, [(b"content-type", b"text/html")])
    httpx2.post(f"{url}/shop/api/account/getImgCode")
    upstream.app = answering(b'{"code":"000","data":{"expires_in":1}}')
    httpx2.post(f"{url}/shop/api/account/login", json={"account": "a"})
    upstream.app = service

    lacking = page.locator("#requests li", has_text="由模拟服务应答").first
    expect(lacking).to_contain_text("not-the-service")
    waived = opened(page, "login-token-required")
    expect(waived).to_contain_text("符合 conforms")
    expect(waived).to_contain_text("login-token-required (table, 已豁免 waived)")
    expect(waived).not_to_have_class("unmatched")


def test_of_the_environments_numbers_none_is_told_also_where_it_could_be_one_of_ours(
    url: str,
) -> None:
    seed = httpx2.get(f"{url}/__admin/health").json()["seed"]
    ours = Numbers(Captchas(seed))
    for _ in range(1000):
        next(ours)
    number = next(ours)

    assert httpx2.get(f"{url}/__admin/captchas/{number}").status_code == 404
    assert httpx2.get(f"{url}/__admin/captchas/{number}/image").status_code == 404
