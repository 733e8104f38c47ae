"""What the headings of an interface document announce, and the document cut at them.

Headings are known by their words, whatever their level, number or place. Another wording is one
more alternative in `HEADINGS`; a new kind of section is one more `Part`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from contract.documents.cells import is_nothing, plain, word
from contract.documents.markdown import Block, Fence, Heading, Prose, Stated, Table, blocks


class Part(Enum):
    """What a section of an interface document states."""

    ENVIRONMENTS = auto()
    OPERATION = auto()
    PARAMETERS = auto()
    ANSWER = auto()
    SAMPLES = auto()
    REMARKS = auto()
    UNKNOWN = auto()


HEADINGS: tuple[tuple[Part, str], ...] = (
    (Part.SAMPLES, r".*(样例|示例|范例|例子).*"),
    (Part.SAMPLES, r"(成功|失败|错误|异常)(应答|响应|返回|报文)*[0-9]*"),
    (Part.ENVIRONMENTS, r"(请求|接口|服务|环境|测试)?(域名|环境)(列表|地址|说明|信息)?"),
    (Part.OPERATION, r"(接口|请求|基本|调用)(说明|信息|概述|定义|方式|方法|类型|地址|路径)"),
    (Part.PARAMETERS, r"(业务|公共)?(请求|输入)(业务|公共)?(参数|报文|字段|内容)(列表|说明)?"),
    (Part.PARAMETERS, r"(业务|公共)参数(列表|说明)?|入参(列表|说明)?"),
    (
        Part.ANSWER,
        r"(业务|公共)?(应答|响应|返回|输出)(业务|公共)?(参数|报文|字段|内容|结果|数据)(列表|说明)?",
    ),
    (Part.ANSWER, r"出参(列表|说明)?"),
    (
        Part.REMARKS,
        r"(功能|业务|接口)?(备注|描述|注意|注意事项|简介|背景|附录)|说明|功能说明|业务说明",
    ),
    (Part.REMARKS, r"(业务|公共)?(错误|返回|状态|应答|响应)码(列表|说明|表)?"),
    (Part.REMARKS, r"(修改|变更|更新|修订|版本)(记录|历史|日志|说明)"),
)
"""What headings announce: the first pattern that matches the whole text, as `word` gives it."""

_EVERYWHERE = {Part.ENVIRONMENTS, Part.OPERATION, Part.PARAMETERS, Part.ANSWER}
_LIST_MARKS = "*-+ "
_LONGEST_HEADING = 60
_BARE_SAMPLE = re.compile(r"\s*`*\s*(?:[{\[/?]|[A-Z]{3,7}\s|https?://|[\w.]+=)")
_NUMBER = re.compile(
    r"(?:[0-9]+(?:\.[0-9]+)*(?:[.、)]|\s)|[(（]?[一二三四五六七八九十]+[)）、.])\s*"
)
_ENTRY = re.compile(
    r"(?:[*+•·-]|[0-9]{1,9}[.、)])?\s*+([^:：|\s][^:：|]{0,29}?)\s*[:：](?!//)\s*+(.*)"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next one that announces something."""

    part: Part
    title: Stated
    blocks: tuple[Block, ...]
    lines: tuple[Stated, ...]

    @property
    def says_nothing(self) -> bool:
        """Whether one of its lines is 无."""
        written = (block for block in self.blocks if isinstance(block, Heading | Prose))
        return any(is_nothing(block.text.lstrip(_LIST_MARKS)) for block in written)

    @property
    def bare_sample(self) -> Stated | None:
        """A sample that its writer did not fence."""
        if self.part is not Part.SAMPLES or not self.lines or self.fences:
            return None
        if not _BARE_SAMPLE.match(self.lines[0].text):
            return None
        texts = {line.line: line.text for line in self.lines}
        first, last = self.lines[0].line, self.lines[-1].line
        text = "\n".join(texts.get(number, "") for number in range(first, last + 1))
        return Stated(text.strip().strip("`"), first)

    @property
    def fences(self) -> tuple[Fence, ...]:
        """Its fenced code."""
        return tuple(block for block in self.blocks if isinstance(block, Fence))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def texts(self) -> tuple[Stated, ...]:
        """Its lines that are neither a table's nor fenced, nor just 无."""
        return tuple(
            Stated(block.text, block.line)
            for block in self.blocks
            if isinstance(block, Heading | Prose) and not is_nothing(block.text.lstrip(_LIST_MARKS))
        )


def part_of(heading: str) -> Part:
    """Find what a heading announces; its number and a colon after it do not matter."""
    if len(heading) > _LONGEST_HEADING:
        return Part.UNKNOWN
    text = word(_unnumbered(heading))
    return next((part for part, words in HEADINGS if re.fullmatch(words, text)), Part.UNKNOWN)


def _unnumbered(heading: str) -> str:
    text = plain(heading).rstrip(":： ")
    number = _NUMBER.match(text)
    return text if number is None else text[number.end() :] or text


def entry(line: str) -> tuple[str, str] | None:
    """Read a line `* key : value`, with any list mark or none."""
    match = _ENTRY.fullmatch(line.strip())
    return None if match is None else (plain(match[1].strip("*_ ")), plain(match[2].strip("* ")))


def repeated(found: Sequence[Section]) -> dict[int, Section]:
    """Find the sections that repeat an earlier one: their position → the earlier one."""
    first: dict[tuple[Part, str], Section] = {}
    again: dict[int, Section] = {}
    for position, section in enumerate(found):
        if section.part in _EVERYWHERE:
            earlier = first.setdefault((section.part, word(section.title.text)), section)
            if earlier is not section:
                again[position] = earlier
    return again


def sections(lines: Sequence[str]) -> tuple[Section, ...]:
    """Cut the document at its headings; what stands above the first has an empty title."""
    found: list[tuple[Part, Stated, list[Block]]] = [(Part.UNKNOWN, Stated("", 0), [])]
    titled = False
    for block in blocks(lines):
        part = _announced(block, titled=titled)
        if part is None or not isinstance(block, Heading | Prose):
            found[-1][2].append(block)
        else:
            found.append((part, Stated(_unnumbered(block.text), block.line), []))
            titled = True
    ends = [title.line - 1 for _, title, _ in found[1:]]
    return tuple(
        Section(part, title, tuple(content), _filled(lines, title.line, end))
        for (part, title, content), end in zip(found, [*ends, len(lines)], strict=True)
    )


def _announced(block: Block, *, titled: bool) -> Part | None:
    """Find what a block announces as a heading; None if it is no heading.

    A bold line is a heading where it announces something known, or is the first of all; a plain
    line only where it announces a section that every document has.
    """
    if not isinstance(block, Heading | Prose):
        return None
    part = part_of(block.text)
    if isinstance(block, Prose):
        return part if part in _EVERYWHERE else None
    if not titled and part is Part.SAMPLES:
        return Part.UNKNOWN
    if block.bold and titled and part in {Part.UNKNOWN, Part.REMARKS}:
        return None
    return part


def _filled(lines: Sequence[str], start: int, end: int) -> tuple[Stated, ...]:
    return tuple(
        Stated(lines[number], number + 1) for number in range(start, end) if lines[number].strip()
    )
