"""The page of `review`, as people see it in a real browser, on a desk and on a telephone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from contract.page.live_page import remembered
from contract.spec.default import SPEC
from mock_server.contract_page import PAGE
from mock_server.live_contract import LiveContract
from tests.reviewed_changes import CHANGES, reviewed

LAPTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The page of each change, as a URL."""
    return {name: reviewed(tmp_path_factory.mktemp("review"), name)[0].as_uri() for name in CHANGES}


@pytest.fixture
def phone(browser: Browser, pages: dict[str, str]) -> Iterator[Page]:
    """The page of a tightened length on a telephone, where no script runs."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(pages["length tightened"])
    yield tab
    context.close()


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("length tightened", "light"), ("row removed", "dark"), ("operation added", "dark")],
)
def test_axe_finds_nothing(name: str, scheme: str, browser: Browser, pages: dict[str, str]) -> None:
    violations, width = looked_at(browser, pages[name], scheme)

    assert (violations, width) == ("", PHONE["width"])


def looked_at(browser: Browser, url: str, scheme: str) -> tuple[str, int]:
    """What axe finds on a page with everything unfolded, and how wide the page is."""
    context = browser.new_context(
        viewport=PHONE,
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # the page lets no script in, and axe is one
    )
    tab = context.new_page()
    tab.goto(url)
    for folded in tab.locator("summary").all():
        if folded.is_visible():
            folded.click()
    found = Axe().run(tab)
    width: int = tab.evaluate("document.documentElement.scrollWidth")
    context.close()
    return found.generate_report() if found.violations_count else "", width


def test_both_columns_stand_beside_each_other_on_a_telephone(phone: Page) -> None:
    row = phone.locator("tr.pair.changed").first

    before, after = (row.locator(f"td.{side}").bounding_box() for side in ("before", "after"))
    assert before is not None
    assert after is not None
    assert before["y"] == after["y"]
    assert 150 < before["width"] == after["width"]
    assert after["x"] + after["width"] <= PHONE["width"]


def test_what_changed_is_marked_by_more_than_colour(phone: Page) -> None:
    cell = phone.locator("tr.pair.changed td.after dd ins").first

    assert cell.inner_text() == "7"
    assert phone.locator("tr.pair.changed .state").first.inner_text() == "≠ 变更 changed"
    assert "line-through" in phone.locator("tr.pair.changed td.before dd del").first.evaluate(
        "each => getComputedStyle(each).textDecoration"
    )


def test_the_fold_opens_by_the_keyboard(phone: Page) -> None:
    fold = phone.locator("details").first
    assert not fold.locator("table").is_visible()

    fold.locator("summary").first.focus()
    phone.keyboard.press("Enter")

    assert fold.locator("table").is_visible()


def test_the_first_screen_shows_what_an_approver_must_know(
    browser: Browser, pages: dict[str, str]
) -> None:
    tab = browser.new_page(viewport=LAPTOP)
    tab.goto(pages["length tightened"])

    ends = {}
    for said in (
        "would break 2 of 5 recorded answers",
        "未证明",
        "最长 7 个字符",
        "2 of 5 answers of test would break row plate: maxLength 7",
    ):
        box = tab.get_by_text(said).first.bounding_box()
        ends[said] = box["y"] + box["height"] if box else float("inf")
    tab.close()

    assert {said: end for said, end in ends.items() if end > LAPTOP["height"]} == {}


def test_what_changed_is_printed_whole_in_black_on_white(
    browser: Browser, pages: dict[str, str]
) -> None:
    tab = browser.new_page(viewport=LAPTOP, color_scheme="dark")
    tab.goto(pages["length tightened"])
    tab.emulate_media(media="print")

    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    shown = tab.locator("tr.pair.changed td.after").first.is_visible()
    length = len(tab.pdf())
    tab.close()

    assert (paper, shown, length > 1000) == ("rgb(255, 255, 255)", True, True)


# The same page, live


def copied(folder: Path) -> Path:
    shutil.copytree(SPEC.parent / "documents", folder / "documents")
    return Path(shutil.copy(SPEC, folder))


def shown_by(page: LiveContract) -> str:
    return page.answer(PAGE).body.decode()


def test_the_live_page_says_what_changed_since_it_was_opened(tmp_path: Path) -> None:
    spec = copied(tmp_path)
    page = LiveContract(spec)
    first = shown_by(page)

    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("required: [img, img_code_id]", "required: [img]"), "utf-8")
    second = shown_by(page)

    assert "没有变更" in first
    assert 'class="change breaking"' not in first
    assert 'class="change breaking"' in second
    assert 'class="pair changed"' in second


def test_axe_finds_nothing_on_the_live_page(browser: Browser, tmp_path: Path) -> None:
    spec = copied(tmp_path)
    page = LiveContract(spec)
    shown_by(page)
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("required: [img, img_code_id]", "required: [img]"), "utf-8")
    (tmp_path / "live.html").write_text(shown_by(page), encoding="utf-8")

    violations, width = looked_at(browser, (tmp_path / "live.html").as_uri(), "light")

    assert (violations, width) == ("", PHONE["width"])


def test_the_live_page_names_its_spec_without_a_path_of_the_machine(tmp_path: Path) -> None:
    spec = copied(tmp_path / "team")

    shown = shown_by(LiveContract(spec))

    assert "<dd>team/openapi.yaml</dd>" in shown
    assert "team/documents/getImgCode.md" in shown
    assert str(tmp_path) not in shown


def test_a_spec_that_is_broken_at_first_is_compared_once_it_is_not(tmp_path: Path) -> None:
    spec = copied(tmp_path)
    good = spec.read_text(encoding="utf-8")
    spec.write_text("paths: [", encoding="utf-8")
    page = LiveContract(spec)
    broken = shown_by(page)

    spec.write_text(good, encoding="utf-8")

    assert 'class="since"' not in broken
    assert 'class="since"' in shown_by(page)


def test_a_large_spec_is_not_kept_in_memory(tmp_path: Path) -> None:
    spec = copied(tmp_path)
    spec.write_text(spec.read_text(encoding="utf-8") + "\n" * (1 << 20), encoding="utf-8")

    assert remembered(spec) is None
