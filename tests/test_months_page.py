"""The page of `compare FOLDER`, as people see it in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from contract.spec.operations import Spec
from contract_tests.months import months_page
from contract_tests.months.history import history
from contract_tests.months.months import months
from contract_tests.months.report_store import StoredReports
from tests.generated_months import Injection, Platform, store

LAPTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
HOSTILE = "</script><script>document.title = 'run'</script><img src=x onerror=alert(1)>"
TURNS = 70
INJECTED = (
    Injection("number missing", 0, "test", 60, None),
    Injection("down", 0, "test", 20, 23),
    Injection("down", 1, "test", 20, 23),
    Injection("slow", 1, "dev", 30, None),
    Injection("total a text", 1, "test", 10, None, 0.2),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, spec: Spec, platform: Spec) -> Path:
    """The page of 140 hostile runs."""
    folder = tmp_path_factory.mktemp("shown")
    both = Platform([spec.operations[0], platform.operations[0]], size=4)
    environments = ("test", "dev")
    store(folder, both, INJECTED, count=2 * TURNS, seed="page", environments=environments)
    for path in folder.rglob("report.json"):
        text = path.read_text("utf-8").replace("it is missing", json.dumps(HOSTILE)[1:-1])
        path.write_text(text.replace("查询停车记录", json.dumps(HOSTILE)[1:-1]), encoding="utf-8")
    output = folder / "months.html"
    told = months(history(HOSTILE, StoredReports(folder)))
    output.write_text(months_page.text(told), encoding="utf-8")
    return output


@pytest.fixture
def page(browser: Browser, made: Path) -> Iterator[Page]:
    """The page on a desk."""
    opened = browser.new_page(viewport=LAPTOP)
    opened.goto(made.as_uri())
    yield opened
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_of_months(scheme: str, browser: Browser, made: Path) -> None:
    context = browser.new_context(
        viewport=PHONE,
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # the page lets no other script in, and axe is one
    )
    tab = context.new_page()
    tab.goto(made.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = Axe().run(tab)
    width = tab.evaluate("document.documentElement.scrollWidth")
    context.close()

    report = found.generate_report() if found.violations_count else ""
    assert (report, width) == ("", PHONE["width"])


def test_the_first_screen_shows_what_must_be_acted_on(page: Page) -> None:
    for said in ("to act on 须处理", "不再符合 ceased to conform", "图片编号", "getImgCode.md:28"):
        box = page.get_by_text(said).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= LAPTOP["height"]


def test_an_episode_leads_to_the_runs_around_it(page: Page) -> None:
    page.locator("li.act button").click()

    rows = page.locator("#picked table").first.locator("tbody tr").all_inner_texts()
    assert [" ".join(each.split()) for each in rows[:3]] == [
        "结论 verdict 符合 conforms 不符合 violates",
        "断言 getImgCode-img_code_id-required 符合 kept 不符合 violated",
        "字段 /data/img_code_id string 6 – 0/5",
    ]


def test_any_two_runs_can_be_picked(page: Page) -> None:
    page.locator("#day-A").select_option("2026-01-06")
    page.locator("#day-B").select_option("2026-01-06")
    page.locator("#run-A").select_option(index=0)
    page.locator("#run-B").select_option(index=0)
    same = page.locator("#picked").inner_text()
    page.get_by_label("B: the run after 下一次运行").click()
    other = page.locator("#picked").inner_text()

    assert "nothing changed" in same
    assert "as it usually varies" in other
    assert "report.json" in other.splitlines()[-1]


def test_nothing_that_a_report_says_runs_or_loads_on_the_page_of_months(
    browser: Browser, made: Path
) -> None:
    opened = browser.new_page(viewport=LAPTOP)
    loaded: list[str] = []
    opened.on("request", lambda request: loaded.append(request.url))
    opened.goto(made.as_uri())
    opened.wait_for_load_state("networkidle")
    title, told = opened.title(), opened.locator("#picked").inner_text()
    opened.close()

    assert loaded == [made.as_uri()]
    assert not title.endswith("run")
    assert "document.title = 'run'" in told


def test_without_a_script_all_but_the_pair_is_there(browser: Browser, made: Path) -> None:
    context = browser.new_context(viewport=LAPTOP, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(made.as_uri())
    calendars = tab.locator(".calendar path").count()
    said = tab.locator("noscript").inner_text()
    context.close()

    assert calendars >= 6
    assert "captcha-contract compare A B" in said
