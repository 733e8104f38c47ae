"""The page of `compare`, as people see it in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

import captcha_contract
from contract.spec.operations import Spec
from tests.generated_runs import CAPTCHAS, Injected, captcha, exchanges, report, written

LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HOSTILE = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
SLOW = Injected(set(), slower=4.0)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, spec: Spec) -> Path:
    """The page of two sides: of the second one run lost a row, and all are slow and hostile."""
    folder = tmp_path_factory.mktemp("compared")
    operation = spec.operations[0]
    for number in range(3):
        quiet = exchanges(f"a{number}", captcha, CAPTCHAS["nothing"], 5)
        written(folder / "a" / f"{number}" / "report.json", report(operation, quiet))
        change = CAPTCHAS["number missing"] if number == 1 else SLOW
        text = report(operation, exchanges(f"b{number}", captcha, change, 5))
        spoilt = json.loads(text.replace("it is missing", json.dumps(HOSTILE)[1:-1]))
        spoilt["environment"] = HOSTILE
        written(folder / "b" / f"{number}" / "report.json", json.dumps(spoilt))
    sides = [str(folder / name) for name in "ab"]
    output = folder / "compare.html"
    status = captcha_contract.main(["compare", *sides, "--format", "html", "--output", str(output)])
    assert status == 1
    return output


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty tab."""
    opened = browser.new_page(viewport=request.param)
    yield opened
    opened.close()


def test_the_comparison_is_as_wide_as_the_screen(page: Page, compared: Path) -> None:
    page.goto(compared.as_uri())

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


@pytest.mark.parametrize("page", [LAPTOP], indirect=True, ids=["laptop"])
@pytest.mark.parametrize(
    "said",
    [
        "to act on 须处理",
        "不再符合 ceased to conform",
        "图片编号",
        "openapi/documents/getImgCode.md:28",
        "violates 不符合: 1/3 runs",
    ],
)
def test_the_first_screen_of_the_comparison_shows_what_must_be_acted_on(
    said: str, page: Page, compared: Path
) -> None:
    page.goto(compared.as_uri())

    box = page.get_by_text(said).first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= LAPTOP["height"]


def test_every_answer_of_both_sides_is_a_dot_within_the_plot(page: Page, compared: Path) -> None:
    page.goto(compared.as_uri())

    plot = page.locator("figure.plot").first
    dots = plot.locator("circle").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().x)"
    )
    box = plot.bounding_box()
    assert box is not None
    assert len(dots) == 30
    assert all(box["x"] <= x <= box["x"] + box["width"] for x in dots)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_the_comparison_can_be_read(
    scheme: str, browser: Browser, compared: Path
) -> None:
    opened = browser.new_page(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    opened.goto(compared.as_uri())
    sizes = opened.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(
            each => each.textContent.trim() && !each.children.length && each.checkVisibility()
        ).map(each => parseFloat(getComputedStyle(each).fontSize))"""
    )
    ink, paper = (
        opened.evaluate(f"getComputedStyle(document.body).{name}")
        for name in ("color", "backgroundColor")
    )
    opened.close()

    assert min(sizes) >= 11
    assert (ink, paper) == {
        "light": ("rgb(27, 36, 48)", "rgb(246, 247, 249)"),
        "dark": ("rgb(230, 234, 240)", "rgb(18, 22, 28)"),
    }[scheme]


def test_nothing_that_a_report_says_runs_or_loads_in_the_comparison(
    page: Page, compared: Path
) -> None:
    loaded: list[str] = []

    def note(request: Request) -> None:
        loaded.append(request.url)

    page.on("request", note)
    page.goto(compared.as_uri())
    page.wait_for_load_state("networkidle")

    assert "run" not in page.title()
    assert loaded == [page.url]
