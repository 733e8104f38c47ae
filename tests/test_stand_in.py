"""The mock server in a real browser: its page, pages of other origins, a login, Swagger UI."""

from __future__ import annotations

import http.server
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import read
from contract.spec.operations import Spec
from examples.login.__main__ import SPEC as LOGIN_SPEC
from examples.login.__main__ import server as login_server
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.app import SpecApplication, application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.faults import FAULTS
from mock_server.held_captchas import Terms
from mock_server.serving.front import Front
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.state.memory import InMemory
from tests.loopback import SILENT, mock_server, python

CALL = "/oauth/api/account/getImgCode"
SECONDS = 15_000


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with mock_server("--seed", "browser", "--max-body", "64K") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab, with what it asked for and what went wrong in it."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(SECONDS)
    expect.set_options(timeout=SECONDS)
    yield opened
    opened.close()


# The page


def choose_fault(page: Page, name: str) -> None:
    """Unfold the faults, find one by its name, and choose it."""
    if not page.locator("#fault").evaluate("details => details.open"):
        page.locator("#fault summary").click()
    page.get_by_label("find a fault").fill(name)
    page.locator(f'#faults input[value="{name}"]').check()


def test_the_page_shows_a_captcha_and_its_answer_on_demand(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))

    page.get_by_role("button", name="show the answer").click()

    number = page.locator("#number").inner_text()
    expect(page.locator("#answer")).to_have_text(Captchas("browser").text(number))
    assert page.locator("#picture").evaluate("image => image.naturalWidth") == 125


def test_another_captcha_is_a_click_away(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))
    before = page.locator("#number").inner_text()

    page.get_by_role("button", name="refresh").click()

    expect(page.locator("#number")).not_to_have_text(before)


def test_a_fault_can_be_chosen_is_explained_and_is_sent(page: Page, url: str) -> None:
    page.goto(url)
    choose_fault(page, "picture-missing")
    page.get_by_label("delay").fill("20")

    expect(page.locator("#faults label:has(:checked)")).to_contain_text(
        "缺少图片base64字段。 The 图片base64 row is missing."
    )
    page.get_by_role("button", name="send").click()

    expect(page.locator("#headers")).to_contain_text("preference-applied: fault=picture-missing")
    expect(page.locator("#response")).not_to_contain_text('"img"')


def test_what_is_answered_by_default_is_shown_can_be_set_and_is_reset(page: Page) -> None:
    with mock_server("--fault", "picture-missing", "--delay", "5") as url:
        page.goto(url)
        expect(page.locator("#defaults")).to_contain_text("fault picture-missing · 延迟 delay 5 ms")

        choose_fault(page, "msg-in-english")
        page.get_by_label("delay").fill("1-2")
        page.get_by_text("answer later requests").click()
        page.get_by_role("button", name="make it the default").click()

        expect(page.locator("#defaults")).to_contain_text(
            "fault msg-in-english · 延迟 delay 1-2 ms"
        )
        page.get_by_role("button", name="reset").click()
        expect(page.locator("#defaults")).to_contain_text("fault picture-missing · 延迟 delay 5 ms")


def test_no_fault_is_a_choice_too(page: Page) -> None:
    with mock_server("--fault", "picture-missing") as url:
        page.goto(url)
        choose_fault(page, "none")
        page.get_by_role("button", name="send").click()

        expect(page.locator("#response")).to_contain_text('"img"')


def test_every_fault_can_be_chosen_and_stands_with_its_kind(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#fault summary").click()

    kinds = {"传输 transfer": "empty-response", "中间环节 intermediaries": "login-page"}
    for kind, fault in kinds.items():
        group = page.get_by_role("group", name=kind)
        expect(group.get_by_text(fault, exact=True)).to_have_count(1)
    expect(page.locator("#faults fieldset input")).to_have_count(len(FAULTS))


@pytest.mark.parametrize(
    ("fault", "width", "told"),
    [
        ("picture-upright", 45, "as the browser shows it: 45×125"),
        ("picture-a-text", 0, "cannot show"),
    ],
)
def test_the_picture_received_is_drawn_as_a_browser_would(
    fault: str, width: int, told: str, page: Page, url: str
) -> None:
    page.goto(url)
    choose_fault(page, fault)
    page.get_by_role("button", name="send").click()

    expect(page.locator("#drawing")).to_contain_text(told)
    assert page.locator("#drawn").evaluate("image => image.naturalWidth") == width


def test_a_wrong_token_is_told_and_nothing_is_shown_that_needs_the_right_one(page: Page) -> None:
    with mock_server("--admin-token", "s3cret") as url:
        page.goto(url)
        page.get_by_label("admin token").fill("wrong")
        page.get_by_role("button", name="use").click()

        expect(page.get_by_text("wrong token")).to_be_visible()
        expect(page.get_by_role("main")).to_be_hidden()
        page.get_by_label("admin token").fill("s3cret")
        page.get_by_role("button", name="use").click()
        expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))
        expect(page.get_by_text("wrong token")).to_be_hidden()


def test_a_request_without_a_status_says_so(page: Page, url: str) -> None:
    page.goto(url)
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.post(f"{url}{CALL}?__fault=empty-response")

    expect(page.get_by_title("no status was sent").first).to_have_text("✕")


def test_the_request_that_does_it_is_shown(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("example").select_option("documented")

    for form in ("curl", "fetch", "axios"):
        page.get_by_role("tab", name=form).click()
        expect(page.locator("#request")).to_contain_text(form)
        expect(page.locator("#request")).to_contain_text(f"{url}{CALL}?__example=documented")


def test_requests_appear_as_they_arrive_with_why_they_were_not_served(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))

    httpx2.get(f"{url}/nowhere")

    first = page.locator("#requests li").first
    expect(first).to_contain_text("GET /nowhere")
    expect(first).to_contain_text("is not an operation of the spec")


def test_the_page_can_be_used_by_keyboard_alone(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))
    page.get_by_role("tab", name="curl").focus()

    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("tab", name="fetch")).to_be_focused()
    expect(page.get_by_role("tab", name="fetch")).to_have_attribute("aria-selected", "true")
    unnamed = page.eval_on_selector_all(
        "input, select, button",
        "all => all.filter(each => !(each.labels?.length || each.textContent.trim())).length",
    )
    assert unnamed == 0


def test_the_page_asks_nobody_else_and_has_no_error(page: Page, url: str) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)

    page.goto(url)
    expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))

    elsewhere = [each for each in asked if not each.startswith((url, "data:"))]
    assert (elsewhere, wrong) == ([], [])


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_as_wide_as_the_screen(width: int, page: Page, url: str) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(url)
    expect(page.locator("#number")).to_have_text(re.compile("^[0-9A-Z]{6}$"))
    choose_fault(page, "connection-reset-by-peer")
    expect(page.locator("#faults label:has(:checked)")).to_contain_text("CONNECTION_RESET_BY_PEER")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


# Pages of other origins


@contextmanager
def empty_site() -> Iterator[str]:
    """A site of another origin, with an empty page."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()
        thread.join()


FETCH = """async ([url, options]) => {
    const answer = await fetch(url, options);
    return [answer.status, (await answer.text()).length > 0, answer.headers.has("vary")];
}"""


@pytest.mark.parametrize("credentials", ["omit", "include"])
@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        (CALL, {"method": "POST"}, 200),
        (CALL, {"method": "POST", "headers": {"Prefer": "example=documented"}}, 200),
        (
            CALL,
            {"method": "POST", "body": "{}", "headers": {"Content-Type": "application/json"}},
            200,
        ),
        (f"{CALL}?__fault=server-error", {"method": "POST"}, 500),
        (f"{CALL}?__fault=unauthorized", {"method": "POST"}, 401),
        (f"{CALL}?__fault=length-in-characters", {"method": "POST"}, 200),
        (f"{CALL}?__fault=nope", {"method": "POST"}, 404),
        (f"{CALL}?__delay=x", {"method": "POST"}, 422),
        (CALL, {"method": "GET"}, 405),
        (CALL, {"method": "POST", "body": " " * 70_000}, 413),
        ("/nowhere", {"method": "POST"}, 404),
    ],
)
def test_a_page_of_another_origin_reads_every_answer(  # noqa: PLR0913, PLR0917 - fixtures
    path: str,
    options: dict[str, object],
    status: int,
    credentials: str,
    page: Page,
    url: str,
) -> None:
    with empty_site() as site:
        page.goto(site)
        answered = page.evaluate(FETCH, [url + path, {**options, "credentials": credentials}])

    assert answered[:2] == [status, True]


# A login, as a front-end developer tests it: `derive` alone made the spec


@dataclass
class Shop:
    """The mock server of the example, whose clock stands still, and the page beside it."""

    numbers: Numbers
    now: float = 0.0
    url: str = ""
    page: str = ""

    def answer(self, number: str) -> str:
        """Ask the mock server what a picture shows, as a test of the page does."""
        text: str = httpx2.get(f"{self.url}/__admin/captchas/{number}").json()["text"]
        return text


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """Serve the example's spec with its interface for tests, and its page."""
    made = Shop(Numbers(Captchas("shop")))
    state, terms = InMemory(clock=lambda: made.now), Terms()

    def built(spec: Spec) -> SpecApplication:
        captchas = made.numbers.captchas
        return application(spec, captchas, numbers=made.numbers, state=state, terms=terms)

    served = ReloadingApplication(LOGIN_SPEC, built, print)
    admin = admin_application(Admin(served, made.numbers, state, terms=terms), None, loopback=True)
    with serving(Front(served, admin, state)) as made.url, login(made.url) as made.page:
        yield made


@contextmanager
def login(mock: str) -> Iterator[str]:
    """Serve the example's page for a mock server."""
    with login_server(mock, 0) as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{service.server_port}/"
        service.shutdown()
        thread.join()


def shown_number(page: Page) -> str:
    """Give the number of the captcha that the page shows."""
    return str(page.locator("form[data-number]").get_attribute("data-number"))


def log_in(page: Page, text: str, number: str = "") -> None:
    """Type a text as what the captcha shows; with a number, send that in place of the page's."""
    if number:
        page.locator("form[data-number]").evaluate(
            "(form, number) => { form.dataset.number = number }", number
        )
    page.get_by_role("textbox", name="验证码").fill(text)
    page.get_by_role("button", name="登录").click()


def test_the_spec_of_the_login_is_what_derive_makes_of_its_documents() -> None:
    folder = LOGIN_SPEC.parent
    names = ("getImgCode", "login", "getProfile")
    documents = [each for name in names for each in read(folder / "documents" / f"{name}.md")]

    assert LOGIN_SPEC.read_text(encoding="utf-8") == text_of(derive(documents, folder))


def test_a_login_is_tested_with_the_answer_that_the_mock_server_gives(
    page: Page, shop: Shop
) -> None:
    page.goto(shop.page)
    log_in(page, shop.answer(shown_number(page)).lower())

    expect(page.get_by_role("status")).to_have_text("欢迎，张三")


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ("wrong", "图形验证码错误"),
        ("reused", "图形验证码已使用"),
        ("expired", "图形验证码已过期"),
        ("foreign", "图形验证码不存在"),
    ],
)
def test_each_mistake_with_a_captcha_gets_the_documented_error(
    mistake: str, told: str, page: Page, shop: Shop
) -> None:
    page.goto(shop.page)
    number = shown_number(page)
    text = shop.answer(number)
    sent = ""
    if mistake == "wrong":
        text = text[::-1] + "?"
    elif mistake == "reused":
        log_in(page, "????")
        expect(page.locator("form")).not_to_have_attribute("data-number", number)
        sent = number
    elif mistake == "expired":
        shop.now += 121
    else:
        sent = next(Numbers(shop.numbers.captchas, instance=1))
        text = shop.numbers.captchas.text(sent)
    log_in(page, text, sent)

    expect(page.get_by_role("status")).to_have_text(told)


def test_after_a_wrong_answer_the_next_captcha_can_be_typed_at_once(page: Page, shop: Shop) -> None:
    page.goto(shop.page)
    number = shown_number(page)
    log_in(page, "????")

    expect(page.locator("form")).not_to_have_attribute("data-number", number)
    expect(page.get_by_role("textbox", name="验证码")).to_be_focused()
    expect(page.get_by_role("textbox", name="验证码")).to_have_value("")


def test_a_captcha_that_cannot_be_read_is_exchanged_by_a_click(page: Page, shop: Shop) -> None:
    page.goto(shop.page)
    number = shown_number(page)
    page.get_by_role("button", name="换一张").click()

    expect(page.locator("form")).not_to_have_attribute("data-number", number)


def test_a_mock_server_that_is_down_is_told_by_the_login(page: Page) -> None:
    with login(SILENT) as address:
        page.goto(address)

        expect(page.get_by_role("status")).to_contain_text(f"No captcha came from {SILENT}")


def test_a_login_that_cannot_listen_says_so_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = python("-m", "examples.login", "-p", port)

    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in done.stderr


# Swagger UI


def test_try_it_out_of_swagger_ui_reaches_the_mock_server_and_nobody_else(
    page: Page, url: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/ui/")
    page.get_by_text(CALL).first.click()
    page.get_by_role("button", name="Try it out").click()

    with page.expect_response(lambda answer: answer.url.endswith(CALL)) as answered:
        page.get_by_role("button", name="Execute").click()

    assert answered.value.status == 200
    hosts = {urlsplit(each).netloc for each in asked if not each.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(url).netloc}
