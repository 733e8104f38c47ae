"""What Chromium shows of 550 made pictures, beside what `contract.pictures` reads.

`python -m benchmarks.pictures` needs Debian's chromium, prints every disagreement that has no
reason, and gives 1 if there is one, or a reason without a disagreement. With `--write` the table of
disagreements goes into docs/pictures.md and docs/pictures.zh-CN.md.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.pictures.corpus import MADE
from tests.pictures.in_browser import Shown, compare

DOCS = Path(__file__).parent.parent / "docs"
"""Where the pages stand that hold the table."""
MARK = "<!-- written by python -m benchmarks.pictures --write -->"
"""Stands before and after the table."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why we read some pictures otherwise than the browser shows them: a pattern of their names."""

    names: str
    english: str
    chinese: str


INCOMPLETE = Reason(
    "",
    "refused: a page shows the part that came, while the browser's own decoder "
    "(`createImageBitmap`, `ImageDecoder`) says that the picture is incomplete",
    "拒绝：页面显示已收到的部分，但浏览器自己的解码器（`createImageBitmap`、`ImageDecoder`）判定图片不完整",
)
"""The reason where the browser itself says that something is missing."""
REASONS = (
    Reason(
        r"jpeg-(cut-.*-put-back|.*-cut|higher|zeros-in-scan|ones-in-scan|restart-.*|line-ends-.*"
        r"|without-huffman|progressive-cut-.*)",
        "refused: the scan stops early or breaks; decoders fill what is missing with grey or "
        "noise, and only a warning of libjpeg-turbo tells",
        "拒绝：扫描数据提前结束或损坏；解码器用灰色或杂色填补，只有 libjpeg-turbo 的警告能说明",
    ),
    Reason(
        r"jpeg-(progressive-without-last-scan|one-component-missing|arithmetic-progressive)",
        "refused: coefficients were never sent, and the browser shows the picture without them",
        "拒绝：部分系数从未发送，浏览器显示的是缺少这些系数的图片",
    ),
    Reason(
        r"(png|gif|bmp)-palette-.*",
        "refused: pixels use colours that the palette lacks; the browser shows black, or nothing",
        "拒绝：像素使用了调色板中没有的颜色；浏览器显示为黑色或透明",
    ),
    Reason(
        r"png-(end-cut|pixels-cut-5-bytes)",
        "refused: the file was cut, though behind its last pixel",
        "拒绝：文件被截断，虽然截断处在最后一个像素之后",
    ),
    Reason(
        r"png-animated-frame-(outside|too-few)",
        "refused: the animation is broken; the browser shows one still frame of it",
        "拒绝：动画已损坏；浏览器只显示其中静止的一帧",
    ),
    Reason(
        r"bmp-runs-cut-but-ended",
        "refused: rows are missing before the end marker; the browser shows them black",
        "拒绝：结束标记之前缺少若干行；浏览器显示为黑色",
    ),
    Reason(
        r"bmp-(pixels-in-header|offset-0)",
        "refused: the header contradicts itself; the browser takes header bytes for pixels",
        "拒绝：文件头自相矛盾；浏览器把文件头的字节当作像素",
    ),
    Reason(
        r"avif-zeros-inside",
        "refused: libavif, as Pillow brings it, finds the damage that the browser's does not tell",
        "拒绝：Pillow 所带的 libavif 能发现损坏，浏览器的解码器不提示",
    ),
    Reason(
        r"png-gamma",
        "accepted with other pixels: the browser manages colours, and we read them as stored",
        "接受，但像素不同：浏览器做色彩管理，本项目按存储的数值读取",
    ),
    Reason(
        r"gif-(smaller-than-screen|beside-screen|animated-second-larger)",
        "accepted with other pixels: where no frame draws, the browser shows the page behind the "
        "picture, and Pillow the background colour",
        "接受，但像素不同：没有任何帧覆盖之处，浏览器显示图片后面的页面，Pillow 显示背景色",
    ),
)
"""The reasons for everything else."""


def main() -> int:
    """Compare, print what is unexplained, and write the table if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/")
    writing = parser.parse_args().write
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        version = browser.version
        shown = compare(browser.new_page(), MADE)
        browser.close()
    groups = grouped({name: each for name, each in shown.items() if not each.agreed})
    disagreements = sum(map(len, groups.values()))
    print(f"Chromium {version}: {len(shown)} pictures, {disagreements} disagreements")
    unexplained = groups.pop(None, [])
    for name in unexplained:
        print(f"without a reason: {name}: {shown[name]}")
    idle = [reason.names for reason in REASONS if reason not in groups]
    print(*(f"without a disagreement: {names}" for names in idle), sep="\n")
    if writing:
        write(groups, len(shown), version)
    return int(bool(unexplained or idle))


def grouped(disagreements: dict[str, Shown]) -> dict[Reason | None, list[str]]:
    """Sort disagreements by their reasons; None for those that have none."""
    groups: dict[Reason | None, list[str]] = {}
    for name, shown in disagreements.items():
        reason = next((each for each in REASONS if re.fullmatch(each.names, name)), None)
        if reason is None and not shown.whole and shown.read is None:
            reason = INCOMPLETE
        groups.setdefault(reason, []).append(name)
    return groups


def write(groups: dict[Reason | None, list[str]], count: int, version: str) -> None:
    """Write the tables of both languages between their marks."""
    for file, heads, first in (
        ("pictures.md", "| why | pictures |", f"Chromium {version}, {count} pictures:"),
        ("pictures.zh-CN.md", "| 原因 | 图片 |", f"Chromium {version}，{count} 张图片："),
    ):
        chinese = "zh-CN" in file
        rows = [
            f"| {reason.chinese if chinese else reason.english} | "
            f"{', '.join(f'`{name}`' for name in names)} |"
            for reason, names in groups.items()
            if reason is not None
        ]
        table = "\n".join((first, "", heads, "|---|---|", *rows))
        page = DOCS / file
        before, _, after = page.read_text(encoding="utf-8").split(MARK)
        page.write_text(f"{before}{MARK}\n{table}\n{MARK}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
