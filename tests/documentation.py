"""The lists of `docs/`, made of the registries: `python -m tests.documentation` writes them.

It writes `openapi/openapi.schema.json` too, of which `editor_schema.py` knows the form.

`document_words.py` knows the words of `words.md`.

To list another registry: name its kind, as `captcha_contract.registries()` does, in `PAGES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import captcha_contract
from contract.explanation import Registries, facts
from contract.markdown_text import escaped
from contract.registry import Entry
from tests import document_words, editor_schema
from tests.loopback import ROOT

NOTICE = (
    "Generated from the registries by `python -m tests.documentation`; do not edit. "
    "由 `python -m tests.documentation` 根据注册表生成，请勿手工修改。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One generated page.

    Attributes:
        title: of the page.
        introduction: Markdown that stands before the lists.
        sections: the heading of each list, by the kind of the registry that it shows.
    """

    title: str
    introduction: str
    sections: Mapping[str, str]


DECISIONS = ROOT / "tests" / "change_pairs" / "decisions.md"
"""What `diff` says where tools disagree, beside the pairs that hold it to that."""

PAGES: Mapping[str, Page] = {
    "checks.md": Page(
        title="Checks and reasons 校验项与原因",
        introduction="""\
What `captcha-contract test` checks in every answer. A claim is one check of one subject; its id,
such as `getImgCode-img-label`, names the operation, the subject and the check. `after` names the
checks that must hold before this one is judged. See [contract tests](contract-tests.md).

`captcha-contract test` 对每个应答的校验内容。断言是对一个对象应用一个校验项，编号如
`getImgCode-img-label`，依次为接口、对象和校验项。`after` 是必须先通过的校验项。
见[契约测试](contract-tests.zh-CN.md)。""",
        sections={
            "check": "Checks 校验项",
            "reason of an inconclusive verdict": "Reasons for not judging 无法判定的原因",
            "failure of a call": "Failures of a call 调用失败的种类",
            "movement": "What moves between two runs 两次运行之间的变化",
            "word": "Words of the reports 报告用语",
        },
    ),
    "rules.md": Page(
        title="Review rules 评审规则",
        introduction="""\
What `captcha-contract check` requires of a spec and its interface documents. See
[documents, spec and changes](reviewing.md#check).

`captcha-contract check` 对契约及其接口文档的要求。
见[文档、契约与变更](reviewing.zh-CN.md#check)。""",
        sections={"review rule": "Rules 规则"},
    ),
    "changes.md": Page(
        title="Rules for changes 变更规则",
        introduction="""\
What `captcha-contract diff` finds between two specs. See
[documents, spec and changes](reviewing.md#diff).

`captcha-contract diff` 在两份契约之间发现的变更。
见[文档、契约与变更](reviewing.zh-CN.md#diff)。

"""
        + DECISIONS.read_text(encoding="utf-8").rstrip(),
        sections={"change rule": "Rules 规则"},
    ),
    "faults.md": Page(
        title="Faults 故障",
        introduction="""\
Every way in which the mock server can break an answer, for one request or for all of them: see
[mock server](mock-server.md#ask-for-another-answer).
[CONTRIBUTING.md](../CONTRIBUTING.md#what-adding-one-thing-costs) says how to add one. A harmless
variation is requested in the same way and keeps the contract, so no check may report it.

模拟服务能够产生的所有故障，可用于单次请求，也可用于所有请求：见
[模拟服务](mock-server.zh-CN.md#指定其他应答)。怎样增加故障，见
[CONTRIBUTING.md](../CONTRIBUTING.md#what-adding-one-thing-costs)。无害变化的用法相同，
但符合契约，任何校验项都不应报告。""",
        sections={"fault": "Faults 故障", "harmless variation": "Harmless variations 无害变化"},
    ),
}


def text_of(page: Page, registries: Registries) -> str:
    """Write a page in both languages; a registry that is not given has an empty list."""
    parts = [NOTICE, f"# {page.title}", page.introduction]
    for kind, heading in page.sections.items():
        parts += [f"## {heading}", as_table(registries.get(kind, {}).values())]
    return "\n\n".join(parts) + "\n"


def as_table(entries: Iterable[Entry]) -> str:
    """Lay entries out as a Markdown table: the name, both sentences, and the facts."""
    rows = ["| name | promise 含义 | more |", "|---|---|---|"]
    for entry in entries:
        more = "<br>".join(f"{label}: {_lines(text)}" for label, text in facts(entry))
        name = f'<a id="{entry.name}"></a>`{entry.name}`'
        rows.append(f"| {name} | {_lines(entry.english)}<br>{_lines(entry.chinese)} | {more} |")
    return "\n".join(rows)


def _lines(text: str) -> str:
    return "<br>".join(map(escaped, text.splitlines()))


WORDS = "words.md"
"""The page of the words that documents are read by."""


def words() -> str:
    """Write that page."""
    return f"{NOTICE}\n\n{document_words.text()}\n"


def write(folder: Path, registries: Registries) -> None:
    """Write every page into a folder."""
    for name, page in PAGES.items():
        (folder / name).write_text(text_of(page, registries), encoding="utf-8", newline="\n")
    (folder / WORDS).write_text(words(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(ROOT / "docs", captcha_contract.registries())
    editor_schema.FILE.write_text(editor_schema.text(), encoding="utf-8", newline="\n")
