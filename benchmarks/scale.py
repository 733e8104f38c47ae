"""How one document of many rows is read, checked and judged, as whole commands.

`python -m benchmarks.scale` writes a document of 2,000 rows, and one of 7,000 rows of which every
cell is wrong, and times `derive`, `check` and a whole contract run. Give another number of rows
by `--rows`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST = {"contract run": 20.0, "findings": 10.0}
"""Seconds that a contract run over all rows, and the findings of a document, may take."""

_HEAD = """## 大表

#### 域名列表

无

#### 接口说明

* 请求类型 : POST
* 请求地址 : /big/table

#### 请求参数

无

#### 应答报文

| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |
| :- | :-: | :- | :- | :- | :- |
"""
_KINDS = (("String", "20", "abc"), ("Integer", "9", 7), ("Boolean", "", True))


def good(rows: int) -> str:
    """Write a document with a sample that keeps every row."""
    kinds = [_KINDS[number % 3] for number in range(rows)]
    table = [
        f"| field_{number} | {'是' if number % 2 else '否'} | {kind} | {length} | 字段 | |"
        for number, (kind, length, _) in enumerate(kinds)
    ]
    data = {f"field_{number}": value for number, (_, _, value) in enumerate(kinds)}
    sample = json.dumps({"code": "000", "msg": "成功", "data": data}, ensure_ascii=False)
    return _HEAD + "\n".join(table) + f"\n\n#### 应答样例\n\n```\n{sample}\n```\n"


def wrong(rows: int) -> str:
    """Write a document of which no row can be read wholly: three findings each."""
    table = [f"| field_{number} | 也许 | Foo | 很长 | 字段 | |" for number in range(rows)]
    return _HEAD + "\n".join(table) + "\n\n#### 应答样例\n\n无\n"


def seconds(folder: Path, *words: str) -> float:
    """Time one command in a folder; it may end with findings."""
    root = Path(__file__).parent.parent
    surroundings = {**os.environ, "PYTHONPATH": str(root)}
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "captcha_contract", *words],
        cwd=folder,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - started


def main() -> int:
    """Print the seconds; give 1 where one of them is above its most."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=2000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "good.md").write_text(good(rows), encoding="utf-8")
        (folder / "wrong.md").write_text(wrong(rows * 7 // 2), encoding="utf-8")
        took = {
            "derive": seconds(folder, "derive", "good.md", "--output", "good.yaml"),
            "check": seconds(folder, "check", "good.yaml"),
            "contract run": seconds(folder, "test", "-q", "--spec", "good.yaml"),
            "findings": seconds(folder, "derive", "wrong.md", "--output", "wrong.yaml"),
        }
    for what, each in took.items():
        print(f"{what}: {each:.1f} s")
    return int(any(took[what] > most for what, most in MOST.items()))


if __name__ == "__main__":
    sys.exit(main())
