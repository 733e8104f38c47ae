"""How the time of each step from documents to a page grows with their number and length.

`python -m benchmarks.documents` reads, derives, writes, loads, compares and shows one document of
30 and of 300 rows, then 100 and 1,000 documents. Ten times as much must not take much more than
ten times as long.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from contract.changes import changes
from contract.derivation import derive
from contract.derivation.writing import added, text_of
from contract.documents import read
from contract.page import page
from contract.review import of_documents, review
from contract.spec.loading import load

MORE, AT_MOST = 10, 20.0
"""How many times as much is measured, and how many times as long it may take."""
ROWS, DOCUMENTS = 30, 100
RUNS = 3

_DOCUMENT = """## 接口{number}

#### 域名列表

| 环境 | 请求地址 |
|---|---|
| 测试 | test.example.com |

#### 接口说明

* 请求类型 : POST
* 请求地址 : /api/operation{number}

#### 请求参数

无

#### 应答报文

| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |
|---|---|---|---|---|---|
{rows}

#### 应答样例

```
{{"request_id": "r", "code": "000", "msg": "成功", "data": {{{members}}}}}
```
"""


def document(folder: Path, number: int, rows: int) -> Path:
    """Write a document with this number of rows."""
    path = folder / f"operation{number}.md"
    lines = "\n".join(f"| field_{row} | 是 | String | 32 | 字段{row} | |" for row in range(rows))
    members = ", ".join(f'"field_{row}": "v{row}"' for row in range(rows))
    text = _DOCUMENT.format(number=number, rows=lines, members=members)
    path.write_text(text, encoding="utf-8")
    return path


def seconds(work: Callable[[], object]) -> float:
    """Time a piece of work."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def steps(folder: Path, documents: int, rows: int) -> dict[str, float]:
    """Time every step from documents to a page."""
    paths = [document(folder, number, rows) for number in range(documents)]
    read_in = [each for path in paths for each in read(path)]
    spec = folder / "openapi.yaml"
    tree = derive(read_in, folder)
    spec.write_text(text_of(tree), encoding="utf-8")
    loaded = load(spec)
    known = {(each.method, each.path): each.id for each in loaded.operations}
    return {
        "read": seconds(lambda: [read(path) for path in paths]),
        "contradictions": seconds(lambda: list(of_documents(read_in))),
        "derive": seconds(lambda: text_of(derive(read_in, folder))),
        "derive --into": seconds(lambda: added(spec, derive(read_in[-1:], folder, known))),
        "load": seconds(lambda: load(spec)),
        "check": seconds(lambda: review(spec)),
        "diff": seconds(lambda: changes(loaded, loaded)),
        "render": seconds(lambda: page(spec)),
    }


def main() -> int:
    """Print the figures; give 1 where one grows faster than it may."""
    worst = 0.0
    for what, few, many in (
        ("rows of one document", (1, ROWS), (1, ROWS * MORE)),
        ("documents of three rows", (DOCUMENTS, 3), (DOCUMENTS * MORE, 3)),
    ):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            before, after = steps(Path(one), *few), steps(Path(other), *many)
        print(f"{what}: {max(few) if few[0] == 1 else few[0]}, and ten times as many")
        for name in before:
            growth = after[name] / before[name]
            worst = max(worst, growth)
            print(f"  {name:15} {before[name]:8.3f} s {after[name]:8.3f} s {growth:6.1f} times")
    print(f"at most {AT_MOST} times as long for {MORE} times as much: {worst:.1f}")
    return int(worst > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
