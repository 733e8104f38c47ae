"""Three real changes of a contract, and the traffic of today; their pictures in `docs/`.

`python -m tests.reviewed_changes` photographs the page of one for `docs/review.png`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

import captcha_contract
from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import read

HERE = Path(__file__).parent
PARKING = "getParkingRecords.md"
PLATES = ("京A12345", "沪AD12345", "粤B88888", "京AF00001", "浙A6N6N6")
"""Two of them have eight characters, as those of electric cars have."""
URL = "https://test-parking.example/parking/api/records"


def nothing(documents: Path) -> None:
    """Leave the documents as they are."""
    del documents


def _row_removed(documents: Path) -> None:
    path = documents / PARKING
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("| records.coupon"))
    text = text.replace(', "coupon": null', "").replace(', "coupon": "C-2026"', "")
    path.write_text(text, encoding="utf-8")


def _length_tightened(documents: Path) -> None:
    path = documents / PARKING
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("| String | 8 | 车牌号", "| String | 7 | 车牌号"), encoding="utf-8"
    )


def _operation_added(documents: Path) -> None:
    shutil.copy(HERE / "documents" / "listCities.md", documents)


CHANGES: dict[str, Callable[[Path], None]] = {
    "row removed": _row_removed,
    "length tightened": _length_tightened,
    "operation added": _operation_added,
}
"""What an author does to the documents, by the name of the change."""


def version_in(folder: Path, edit: Callable[[Path], None] = nothing) -> Path:
    """Write the documents as they are after an edit, and derive the spec beside them."""
    documents = folder / "documents"
    shutil.copytree(HERE / "platform" / "documents", documents)
    edit(documents)
    spec = folder / "openapi.yaml"
    found = [one for path in sorted(documents.glob("*.md")) for one in read(path)]
    spec.write_text(text_of(derive(found, folder)), encoding="utf-8")
    return spec


def traffic_in(folder: Path, url: str = URL, plates: tuple[str, ...] = PLATES) -> Path:
    """Write what a browser recorded of today's answers: one for each plate."""
    entries = [
        {
            "startedDateTime": f"2026-11-26T08:00:{number:02}Z",
            "request": {"method": "GET", "url": url},
            "response": {
                "status": 200,
                "content": {"mimeType": "application/json", "text": _answer(plate)},
            },
        }
        for number, plate in enumerate(plates)
    ]
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    return path


def _answer(plate: str) -> str:
    record = {"plate": plate, "minutes": 35, "coupon": None}
    data = {"total": 1, "remark": "月卡", "records": [record]}
    return json.dumps({"code": "000", "msg": "成功", "data": data}, ensure_ascii=False)


def reviewed(folder: Path, name: str, *options: str) -> tuple[Path, int]:
    """Review one of the changes; give the page, and the exit status."""
    old, new = version_in(folder / "old"), version_in(folder / "new", CHANGES[name])
    traffic, page = traffic_in(folder), folder / "review.html"
    words = [str(old), str(new), "--traffic", str(traffic), "--output", str(page), *options]
    return page, captcha_contract.main(["review", *words])


def photograph(name: str, path: Path) -> None:
    """Take a picture of a review."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page, _ = reviewed(Path(folder), name)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.goto(page.as_uri())
        tab.screenshot(path=path, full_page=True)
        browser.close()


if __name__ == "__main__":
    photograph("length tightened", HERE.parent / "docs" / "review.png")
