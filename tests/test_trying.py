"""Operations tried on the page of the mock server: filled in, edited, sent, and shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.loopback import broken_server, mock_server
from tests.passing_on import CALL

SECONDS = 15_000
HOSTILE = "<img src=x onerror=\"document.title = 'run'\"><script>document.title = 'run'</script>"
SPEC = """
openapi: 3.0.3
info: {title: things to try, version: "1"}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Api-Key}}
paths:
  /users/{id}/plates/{plate}:
    post:
      operationId: bindPlate
      summary: 绑定车牌
      security: [{key: []}]
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, example: 9007199254740993}}
        - {name: plate, in: path, required: true, schema: {type: string}, example: 苏A?1 2}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}, example: [a b, c&d]}
        - {name: page, in: query, schema: {type: integer, minimum: 1}}
        - {name: X-Trace, in: header, schema: {type: string}, example: t-1}
        - {name: seat, in: cookie, schema: {type: integer}, example: 3}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [owner]
              properties: {owner: {type: string}, number: {type: integer, format: int64}}
            example: {owner: 张三, number: 9007199254740993}
      responses:
        "200":
          description: bound
          content:
            application/json:
              schema: {type: object, properties: {number: {type: integer}, note: {type: string}}}
              example: {number: 9007199254740993, note: 成功}
  /upload:
    post:
      operationId: upload
      summary: HOSTILE
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [photo, facts]
              properties:
                photo: {type: string, format: binary}
                facts: {type: object, required: [plate], properties: {plate: {type: string}}}
                note: {type: string}
            encoding: {photo: {contentType: image/png}}
      responses: {"204": {description: kept}}
  /form:
    post:
      operationId: form
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [user], properties: {user: {type: string}}}
            example: {user: 甲&乙}
      responses: {"204": {description: kept}}
  /picture:
    get:
      operationId: picture
      responses:
        "200":
          description: it
          content: {image/png: {schema: {type: string, format: binary}}}
  /archive:
    get:
      operationId: archive
      responses:
        "200":
          description: it
          content: {application/zip: {schema: {type: string, format: binary}}}
  /words:
    get:
      operationId: words
      responses:
        "200":
          description: it
          content: {text/plain: {schema: {type: string}, example: 你好 <b>}}
  /broken:
    get:
      operationId: broken
      responses: {"200": {description: it, content: {application/json: {schema: {x-mock: nobody}}}}}
""".replace("HOSTILE", json.dumps(HOSTILE))


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trying") / "openapi.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def url(spec: Path) -> Iterator[str]:
    with mock_server("--seed", "trying", str(spec)) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of somebody in Shanghai."""
    opened = browser.new_page(timezone_id="Asia/Shanghai", locale="zh-CN")
    opened.set_default_timeout(SECONDS)
    expect.set_options(timeout=SECONDS)
    yield opened
    opened.close()


def choose(page: Page, url: str, operation: str) -> None:
    page.goto(url)
    page.locator(f'#operations input[value="{operation}"]').check()
    expect(page.locator("#request")).to_contain_text("/")


def sent(page: Page, path: str) -> Request:
    """Press the button, and give the request that the browser sends."""
    with page.expect_request(lambda each: urlsplit(each.url).path.startswith(path)) as caught:
        page.get_by_role("button", name="send", exact=False).first.click()
    expect(page.locator("#timing")).to_contain_text("in all")
    return caught.value


def test_an_operation_is_called_with_path_query_header_cookie_and_body(
    page: Page, url: str
) -> None:
    choose(page, url, "bindPlate")
    expect(page.get_by_label("plate", exact=False).last).to_have_value("苏A?1 2")
    body = page.get_by_role("textbox", name="content")
    expect(body).to_have_value(re.compile("9007199254740993"))
    page.get_by_role("textbox", name="page").fill("7")
    body.fill('{"owner": "李四", "number": 9007199254740993}')

    request = sent(page, "/users/")

    parts = urlsplit(request.url)
    headers = request.all_headers()
    assert parts.path == "/users/9007199254740993/plates/%E8%8B%8FA%3F1%202"
    assert parse_qsl(parts.query) == [("tags", "a b"), ("tags", "c&d"), ("page", "7")]
    assert (headers["x-trace"], headers["x-api-key"]) == ("t-1", "mock")
    assert "seat=3" in headers["cookie"]
    assert request.post_data == '{"owner": "李四", "number": 9007199254740993}'
    expect(page.locator("#status")).to_have_text("200 OK")
    expect(page.locator("#response")).to_have_text(
        '{\n  "number": 9007199254740993,\n  "note": "成功"\n}'
    )
    assert page.evaluate("document.cookie") == ""
    assert '--data-raw \'{"owner": "李四"' in (page.locator("#repeat").text_content() or "")


def test_what_is_not_ticked_is_not_sent_and_the_refusal_is_shown(page: Page, url: str) -> None:
    choose(page, url, "bindPlate")
    page.locator("#media-type").select_option("")
    page.get_by_label("send tags").uncheck()

    request = sent(page, "/users/")

    assert (request.post_data, urlsplit(request.url).query) == (None, "")
    expect(page.locator("#status")).to_have_text("400 Bad Request")
    expect(page.locator("#response")).to_contain_text("the body is missing")


def test_a_form_is_sent_with_its_files(page: Page, url: str, tmp_path: Path) -> None:
    (tmp_path / "图.png").write_bytes(b"PNG")
    choose(page, url, "upload")
    page.get_by_label("photo", exact=False).last.set_input_files(tmp_path / "图.png")

    request = sent(page, "/upload")

    assert request.all_headers()["content-type"].startswith("multipart/form-data; boundary=")
    written = page.locator("#repeat").text_content() or ""
    assert "-F 'photo=@\"图.png\";type=image/png'" in written
    assert '-F \'facts="{\\"plate\\": \\"text\\"}";type=application/json\'' in written
    expect(page.locator("#status")).to_have_text("204 No Content")
    expect(page.locator("#response")).to_contain_text("no content")


def test_a_form_without_files_is_sent_as_browsers_do(page: Page, url: str) -> None:
    choose(page, url, "form")

    request = sent(page, "/form")

    assert request.all_headers()["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(request.post_data or "") == [("user", "甲&乙")]


def test_pictures_are_drawn_texts_shown_and_files_offered(page: Page, url: str) -> None:
    choose(page, url, "picture")
    sent(page, "/picture")
    expect(page.locator("#drawing")).to_contain_text("64×64")

    page.locator('#operations input[value="words"]').check()
    expect(page.locator("#request")).to_contain_text("/words")
    sent(page, "/words")
    expect(page.locator("#response")).to_have_text("你好 <b>")
    expect(page.locator("#received")).to_be_hidden()

    page.locator('#operations input[value="archive"]').check()
    expect(page.locator("#request")).to_contain_text("/archive")
    sent(page, "/archive")
    expect(page.locator("#size")).to_contain_text("bytes · application/zip")
    with page.expect_download() as caught:
        page.get_by_role("link", name="download").click()
    assert caught.value.suggested_filename == "answer.zip"
    assert caught.value.path().read_bytes().startswith(b"PK")


def test_a_call_that_takes_long_is_cancelled(page: Page, url: str) -> None:
    choose(page, url, "words")
    page.get_by_label("delay").fill("60000")
    page.get_by_role("button", name="send").click()

    page.get_by_role("button", name="cancel").click()

    expect(page.locator("#timing")).to_contain_text("cancelled")
    expect(page.get_by_role("button", name="cancel")).to_be_disabled()
    expect(page.get_by_role("status")).to_contain_text("cancelled")


def test_a_request_of_an_unknown_operation_is_refused_in_a_sentence(url: str) -> None:
    refused = httpx2.get(f"{url}/__admin/operations/call", params={"operation": "nope"})

    assert refused.status_code == 404
    assert refused.json()["detail"] == (
        'there is no operation "nope"; /__admin/operations lists all'
    )


def test_faults_are_found_in_both_languages(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#fault summary").click()

    for words in ("编号 相同", "number-constant", "SAME number"):
        page.get_by_label("find a fault").fill(words)
        expect(page.locator('#faults input[value="number-constant"]')).to_be_visible()
        expect(page.locator('#faults input[value="slow"]')).to_have_count(0)


def test_of_many_operations_a_few_are_drawn_and_all_are_found(page: Page, url: str) -> None:
    listed = [
        {"operationId": f"get{number}", "summary": f"第{number}个", "method": "GET"}
        | {"path": f"/a/{number}", "codes": [200], "examples": [], "captcha": False}
        for number in range(1000)
    ]
    page.route("**/__admin/operations", lambda route: route.fulfill(json={"operations": listed}))
    page.goto(url)
    expect(page.get_by_text("940 more")).to_be_visible()
    expect(page.locator("#operations input")).to_have_count(60)

    page.get_by_label("find an operation").fill("第987")
    page.keyboard.press("Enter")

    expect(page.locator("#operations input")).to_have_count(1)
    expect(page.locator("#operations input")).to_be_checked()
    expect(page.locator("#operations input")).to_be_focused()


def test_the_chosen_session_is_sent_with_every_call_and_remembered(page: Page, url: str) -> None:
    choose(page, url, "words")
    page.locator("#session").fill("tester-1")
    page.keyboard.press("Tab")

    request = sent(page, "/words")

    assert request.all_headers()["x-mock-session"] == "tester-1"
    assert "-H 'X-Mock-Session: tester-1'" in (page.locator("#request").text_content() or "")
    page.reload()
    expect(page.locator("#session")).to_have_value("tester-1")


def test_an_operation_that_cannot_be_served_is_listed_with_its_reason(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_text("cannot be served").click()

    expect(page.locator("#unserved li")).to_contain_text("GET /broken")
    expect(page.locator("#unserved li")).to_contain_text("nobody is not a generator")


def test_the_markup_of_a_spec_is_shown_and_does_nothing(page: Page, url: str) -> None:
    choose(page, url, "upload")
    sent(page, "/upload")

    expect(page.locator("#summary")).to_have_text(HOSTILE)
    assert page.title() != "run"


def test_the_journal_tells_local_time_and_keeps_what_is_open_and_selected(
    page: Page, url: str
) -> None:
    choose(page, url, "words")
    sent(page, "/words")
    row = page.locator("#requests li").first
    expect(row.locator("summary")).to_contain_text("GET /words")
    told = page.evaluate(
        """async () => {
            const answer = await fetch("__admin/requests?limit=1");
            return (await answer.json()).requests[0].loggedDate;
        }"""
    )
    shown = page.evaluate("at => new Date(at).toLocaleTimeString('zh-CN', {hour12: false})", told)
    expect(row.locator("summary")).to_contain_text(shown)
    row.locator("summary").click()
    row.locator("summary").focus()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#requests li pre'))")
    before = page.evaluate("getSelection().toString()")

    page.evaluate("fetch('words')")
    expect(page.locator("#requests li").nth(1).locator("details[open]")).to_be_visible()

    assert "accept" in before
    assert page.evaluate("getSelection().toString()") == before
    expect(page.locator("#requests li").nth(1).locator("summary")).to_be_focused()


def test_the_journal_shows_bodies_as_they_are_and_bytes_as_their_digest(
    page: Page, url: str
) -> None:
    called = {"json": {"owner": HOSTILE}, "headers": {"X-Api-Key": "k"}}
    httpx2.post(f"{url}/users/1/plates/x", **called)  # type: ignore[arg-type]
    httpx2.get(f"{url}/picture")
    page.goto(url)
    drawn, bound = (page.locator("#requests li").nth(at) for at in (0, 1))
    for row in (drawn, bound):
        row.locator("summary").click()

    expect(bound).to_contain_text('"owner": "<img src=x')
    expect(bound).to_contain_text('"note": "成功"')
    expect(drawn).to_contain_text("字节 bytes · sha256")
    assert page.title() != "run"


def test_the_journal_shows_what_the_upstream_was_judged_to_be(page: Page) -> None:
    with broken_server("row-missing") as behind, mock_server("--upstream", behind) as address:
        httpx2.post(address + CALL)
        page.goto(address)
        row = page.locator("#requests li").last
        expect(row.locator("summary")).to_contain_text("不符合 violates · getImgCode-img-required")
        row.locator("summary").click()

        expect(row).to_contain_text("getImgCode-img-required (table): ")


def test_a_rule_of_an_operation_is_made_kept_and_removed(page: Page, url: str) -> None:
    choose(page, url, "words")
    page.locator("#fault summary").click()
    page.locator('#faults input[value="server-error"]').check()
    page.get_by_text("answer later requests").click()
    page.get_by_label("times").fill("2")
    page.get_by_role("button", name="rule of this operation").click()
    expect(page.locator("#rules")).to_contain_text("words: fault=server-error, times=2")
    broken = httpx2.get(f"{url}/words").status_code
    expect(page.locator("#rules")).to_contain_text("words: fault=server-error, times=1")

    page.get_by_role("button", name="remove the rule").click()

    expect(page.locator("#rules")).to_be_hidden()
    assert (broken, httpx2.get(f"{url}/words").status_code) == (500, 200)


def test_what_is_typed_stays_while_the_spec_is_saved(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(SPEC, encoding="utf-8")
    with mock_server("--seed", "trying", str(path)) as address:
        choose(page, address, "bindPlate")
        page.get_by_role("textbox", name="plate").fill("粤B")
        page.locator("#text").fill('{"owner": "李')
        page.get_by_role("textbox", name="page").focus()
        added = "        - {name: lane, in: path, required: true, schema: {type: integer}}"
        saved = SPEC.replace("{plate}:", "{plate}/{lane}:").replace(
            "      parameters:\n", f"      parameters:\n{added}\n", 1
        )
        path.write_text(saved, encoding="utf-8")
        expect(page.locator("#parameters")).to_contain_text("lane")

        expect(page.get_by_role("textbox", name="plate")).to_have_value("粤B")
        expect(page.locator("#text")).to_have_value('{"owner": "李')
        expect(page.get_by_role("textbox", name="page")).to_be_focused()


def test_nothing_is_announced_that_the_user_did_not_cause(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#chosen")).to_contain_text("POST")
    page.evaluate(
        """() => {
            window.announced = [];
            const lives = document.querySelectorAll("[aria-live], [role=status], [role=alert]");
            const note = (all) => all.forEach((each) => announced.push(each.target.id));
            const all = {childList: true, characterData: true, subtree: true};
            for (const each of lives) new MutationObserver(note).observe(each, all);
        }"""
    )

    page.evaluate("fetch('words')")
    expect(page.locator("#requests li").first).to_contain_text("/words")
    page.wait_for_timeout(1200)  # the page looks again

    assert page.evaluate("announced") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_page_fits_a_phone(
    scheme: str, browser: Browser, url: str
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # the page lets no foreign script in, and axe is one
    )
    page = context.new_page()
    choose(page, url, "bindPlate")
    sent(page, "/users/")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = Axe().run(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()

    assert (found.generate_report() if found.violations_count else "") == ""
    assert width == 390
    assert (sum(map(int, re.findall(r"\d+", background))) < 128) == (scheme == "dark")
