"""Pages as people see them: in a real browser, by their looks and not by their source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from mock_server.drawing.captcha import draw
from tests.loopback import broken_server, mock_server, python, several_environments

LAPTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
HOSTILE = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run that found something."""
    folder = tmp_path_factory.mktemp("report")
    with mock_server("--fault", "number-renamed") as url:
        python("-m", "pytest", "contract_tests", "--base-url", url, "--report-dir", str(folder))
    return folder / "report.html"


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty tab."""
    opened = browser.new_page(viewport=request.param)
    yield opened
    opened.close()


@pytest.mark.parametrize("page", [LAPTOP], indirect=True, ids=["laptop"])
@pytest.mark.parametrize(
    "said",
    [
        "不符合 violates",
        "图片base64",
        "图片编号",
        "getImgCode-img_code_id-required",
        "openapi/documents/getImgCode.md:28",
    ],
)
def test_the_first_screen_of_the_report_shows_what_matters(
    said: str, page: Page, report: Path
) -> None:
    page.goto(report.as_uri())

    box = page.get_by_text(said).first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= LAPTOP["height"]


def test_the_report_is_as_wide_as_the_screen(page: Page, report: Path) -> None:
    page.goto(report.as_uri())

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


@pytest.fixture(scope="module")
def two_environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run that judged two environments."""
    folder = tmp_path_factory.mktemp("two")
    with broken_server("row-missing") as dev, broken_server("") as test:
        options = map(str, several_environments(folder, dev=dev, test=test))
        judged = ["--target", "dev,test", "--report-dir", str(folder)]
        python("-m", "pytest", "contract_tests", *options, *judged)
    return folder / "report.html"


def test_environments_stand_side_by_side_on_a_screen_and_below_each_other_on_a_phone(
    page: Page, two_environments: Path
) -> None:
    page.goto(two_environments.as_uri())

    cells = page.locator(".together tbody tr.finding td")
    boxes = [cells.nth(each).bounding_box() for each in range(2)]
    dev, test = (box for box in boxes if box is not None)
    phone = page.viewport_size == PHONE
    assert cells.all_inner_texts()[0].startswith("不符合 violates")
    assert (dev["y"] < test["y"], dev["x"] < test["x"]) == (phone, not phone)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


def test_every_captcha_of_the_report_is_drawn(page: Page, report: Path) -> None:
    page.goto(report.as_uri())

    widths = page.eval_on_selector_all("img", "all => all.map(each => each.naturalWidth)")
    assert widths == [125] * 5


def test_nothing_that_a_server_sent_runs_or_loads_in_the_report(
    page: Page, report: Path, tmp_path: Path
) -> None:
    text = report.read_text(encoding="utf-8")
    escaped = json.dumps(HOSTILE)[1:-1]
    (tmp_path / "spoilt.html").write_text(
        text.replace("imgCodeId", escaped).replace("</main>", f"{HOSTILE}</main>"), encoding="utf-8"
    )
    (tmp_path / "x").write_bytes(draw("6F93", entropy=b"x"))  # there is something to be loaded
    loaded: list[str] = []

    def note(request: Request) -> None:
        loaded.append(request.url)

    page.on("requestfinished", note)
    page.goto((tmp_path / "spoilt.html").as_uri())
    page.wait_for_load_state("networkidle")

    assert "run" not in page.title()
    assert [url for url in loaded if not url.startswith("data:image/")] == [page.url]
