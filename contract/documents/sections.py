"""What the headings of an interface document announce, and the document cut at them.

Headings are known by their words, whatever their level, number or place. Another wording is one
more alternative in `HEADINGS`; a new kind of section is one more `Part`. Where the parameters of a
section are sent is one more line of `LOCATIONS`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from contract.documents.address_words import ADDRESS_KEYS, METHOD_KEYS
from contract.documents.block import BOLD_LEVEL, Block, Fence, Heading, Prose, Stated, Table
from contract.documents.cells import is_nothing, plain, word
from contract.documents.markdown import blocks


class Part(Enum):
    """What a section of an interface document states."""

    ENVIRONMENTS = auto()
    OPERATION = auto()
    PARAMETERS = auto()
    ANSWER = auto()
    SAMPLES = auto()
    REMARKS = auto()
    UNKNOWN = auto()


_KEYS = "|".join(map(re.escape, sorted(METHOD_KEYS | ADDRESS_KEYS)))
_CONTENTS = "(参数|报文|字段|内容|结果|数据|体|值)"
_DETAILS = "(列表|说明|信息|详情|描述|定义|表)?"
_KINDS_OF_PARAMETERS = (
    "header|headers|query|path|body|cookie|cookies|form|formdata|form-data|url|uri|"
    "路径|查询|请求头|请求体|表单|消息头|路由"
)

HEADINGS: tuple[tuple[Part, str], ...] = (
    (Part.SAMPLES, r".*(样例|示例|范例|例子).*|.*(example|sample)s?"),
    (Part.SAMPLES, r"(成功|失败|错误|异常)(应答|响应|返回|报文)*[0-9]*"),
    (Part.SAMPLES, r"(请求|返回|应答|响应)(参数|数据|报文|结果)(json)?格式|[1-5][0-9]{2}response"),
    (Part.ENVIRONMENTS, r"(请求|接口|服务|环境|测试|服务器)?(域名|环境)(列表|地址|说明|信息)?"),
    (Part.ENVIRONMENTS, r"environments?|servers?|hosts?"),
    (
        Part.OPERATION,
        rf"(接口|请求|基本|调用)(说明|信息|概述|定义|方式|方法|类型|地址|路径)|{_KEYS}",
    ),
    (Part.OPERATION, r"(basic|general)info(rmation)?|endpoint|overview"),
    (
        Part.PARAMETERS,
        rf"(业务|公共|系统)?(请求|输入)(业务|公共)?(参数|报文|字段|内容){_DETAILS}(<.*>)?",
    ),
    (Part.PARAMETERS, rf"(业务|公共|系统)参数{_DETAILS}|入参{_DETAILS}|参数{_DETAILS}"),
    (
        Part.PARAMETERS,
        rf"(公共|业务)?(请求)?({_KINDS_OF_PARAMETERS})(请求)?(参数|字段|param(eter)?s?)?{_DETAILS}",
    ),
    (
        Part.PARAMETERS,
        r"(http)?(请求|request)(头|体|header|headers|body)(参数|部)?(列表|说明|信息)?",
    ),
    (Part.PARAMETERS, r"(common|request|input)?(parameters?|params?|arguments?|fields?)|request"),
    (
        Part.ANSWER,
        rf"(业务|公共)?(应答|响应|返回|输出)(业务|公共)?{_CONTENTS}(结构|模型)?{_DETAILS}",
    ),
    (Part.ANSWER, rf"出参{_DETAILS}|(应答|响应|返回)(结构|说明)?"),
    (
        Part.ANSWER,
        r"(response|return|output)s?(parameters?|params?|fields?|body|data|schema|values?)?",
    ),
    (
        Part.REMARKS,
        r"(功能|业务|接口)?(备注|描述|注意|注意事项|简介|背景|附录)|说明|功能说明|业务说明",
    ),
    (Part.REMARKS, r"(简要|功能|接口)(描述|说明|介绍)|description|notes?|remarks?|changelog"),
    (Part.REMARKS, r"(业务|公共)?(错误|返回|状态|应答|响应|异常)(代)?码(列表|说明|表|对照表)?"),
    (Part.REMARKS, r"(error|status|return|response)codes?"),
    (Part.REMARKS, r"(修改|变更|更新|修订|版本)(记录|历史|日志|说明)|历史(修改|变更|记录|版本)"),
)
"""What headings announce: the first pattern that matches the whole text, as `word` gives it."""

_EVERYWHERE = {Part.ENVIRONMENTS, Part.OPERATION, Part.PARAMETERS, Part.ANSWER}
LOCATIONS: tuple[tuple[str, str], ...] = (
    ("header", r".*(请求头|消息头|headers?).*"),
    ("path", r".*(路径|路由|path).*"),
    ("query", r".*(查询|query|url|uri).*"),
    ("cookie", r".*cookies?.*"),
    ("form", r".*(表单|form).*"),
    ("body", r".*(请求体|body).*"),
)
"""Where the parameters of a section are sent: the first pattern that matches its heading."""

_NOTED = frozenset({"说明", "注意", "注意事项"})
"""Bold lines that say something about the section that they stand in."""
_CAPTION = ">"
_CAPTION_LEVEL = BOLD_LEVEL + 1
_BRACKETED = re.compile(r"[(\[<][^()\[\]<>]*[)\]>]$")
_LIST_MARKS = "*-+ "
_LONGEST_HEADING = 60
_LISTED_TITLE = re.compile(r"\s*[*+•·-]\s+([^:：]+)[:：]\s*")
"""An item of a list that announces what stands below it: `- 返回：`."""
_WIDE = str.maketrans("０１２３４５６７８９．（）", "0123456789.()")
_BARE_SAMPLE = re.compile(r"\s*`*\s*(?:[{\[/?]|[A-Z]{3,7}\s|https?://|[\w.]+=)")
_NUMBER = re.compile(
    r"(?![1-5][0-9]{2}\s*[A-Za-z])(?:[0-9]+(?:\.[0-9]+)*(?:[.、)]|\s)|[(（]?[一二三四五六七八九十]+[)）、.])\s*"
)
_ENTRY = re.compile(
    r"(?:>\s*)*(?:[*+•·-]|[0-9]{1,9}[.、)])?\s*+([^:：|\s][^:：|]{0,29}?)\s*[:：](?!//)\s*+(.*)"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next one that announces something."""

    part: Part
    title: Stated
    blocks: tuple[Block, ...]
    lines: tuple[Stated, ...]
    level: int = 0

    @property
    def location(self) -> str:
        """Where its heading says that parameters are sent; empty where it does not say it."""
        text = word(self.title.text) if self.part is Part.PARAMETERS else ""
        return next((where for where, words in LOCATIONS if re.fullmatch(words, text)), "")

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands below its heading."""
        return not self.lines

    def is_repeated_in(self, found: Sequence[Section]) -> bool:
        """Whether another section has the same heading."""
        same = (each for each in found if each.part is self.part and each is not self)
        return any(word(each.title.text) == word(self.title.text) for each in same)

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
    for each in (text, _BRACKETED.sub("", text)):
        for part, words in HEADINGS:
            if each and re.fullmatch(words, each):
                return part
    return Part.UNKNOWN


def _unnumbered(heading: str) -> str:
    text = plain(heading).rstrip(":： ")
    number = _NUMBER.match(text.translate(_WIDE))
    return text if number is None else text[number.end() :] or text


def entry(line: str) -> tuple[str, str] | None:
    """Read a line `* key : value`, with any list mark or none."""
    match = _ENTRY.fullmatch(line.strip())
    if match is not None and match[1].strip("`*_ ").startswith("/"):
        return None  # a path that has a colon in it
    return None if match is None else (plain(match[1].strip("*_ ")), plain(match[2].strip("* ")))


def repeated(found: Sequence[Section]) -> dict[int, Section]:
    """Find the sections that repeat an earlier one: their position → the earlier one."""
    first: dict[tuple[Part, str], Section] = {}
    again: dict[int, Section] = {}
    for position, section in enumerate(found):
        if section.part in _EVERYWHERE and not (section.is_empty and section.is_repeated_in(found)):
            earlier = first.setdefault((section.part, word(section.title.text)), section)
            if earlier is not section:
                again[position] = earlier
    return again


def sections(lines: Sequence[str]) -> tuple[Section, ...]:
    """Cut the document at its headings; what stands above the first has an empty title.

    An unknown heading below a known one of a higher level announces the same: it divides it.
    """
    found: list[tuple[Part, Stated, int, list[Block]]] = [(Part.UNKNOWN, Stated("", 0), 0, [])]
    titled = False
    for block in blocks(lines):
        part = _announced(block, titled=titled)
        if part is None or not isinstance(block, Heading | Prose):
            found[-1][3].append(block)
        else:
            level = _level(block)
            part = _divided(found, part, level)
            listed = isinstance(block, Prose) and _LISTED_TITLE.fullmatch(block.text)
            text = listed[1] if listed else block.text
            title = _unnumbered(text.lstrip(f"{_CAPTION} "))
            found.append((part, Stated(title, block.line), level, []))
            titled = True
    ends = [title.line - 1 for _, title, _, _ in found[1:]]
    return tuple(
        Section(part, title, tuple(content), _filled(lines, title.line, end), level)
        for (part, title, level, content), end in zip(found, [*ends, len(lines)], strict=True)
    )


def _divided(
    found: Sequence[tuple[Part, Stated, int, list[Block]]], part: Part, level: int
) -> Part:
    """Give what a heading announces; an unknown one below a section of rows divides that."""
    if part is not Part.UNKNOWN or level >= BOLD_LEVEL:
        return part
    above = next((each for each in reversed(found) if each[2] < level), found[0])
    return above[0] if above[0] in {Part.PARAMETERS, Part.ANSWER} else part


def _level(block: Heading | Prose) -> int:
    if isinstance(block, Heading):
        return block.level
    return _CAPTION_LEVEL if block.text.lstrip().startswith(_CAPTION) else BOLD_LEVEL


def _announced(block: Block, *, titled: bool) -> Part | None:
    """Find what a block announces as a heading; None if it is no heading.

    A bold line is a heading where it announces something known, or is the first of all; a plain
    line only where it announces a section that every document has, a caption (`> …`) also where
    it announces a sample.
    """
    if not isinstance(block, Heading | Prose):
        return None
    if isinstance(block, Prose):
        caption = block.text.lstrip()
        if caption.startswith(_CAPTION):
            part = part_of(caption.lstrip(f"{_CAPTION} "))
            return part if part in {*_EVERYWHERE, Part.SAMPLES} else None
        listed = _LISTED_TITLE.fullmatch(block.text)
        part = part_of(listed[1] if listed else block.text)
        return part if part in ({Part.PARAMETERS, Part.ANSWER} if listed else _EVERYWHERE) else None
    part = part_of(block.text)
    if not titled and part is Part.SAMPLES:
        return Part.UNKNOWN
    if block.bold and titled and (part is Part.UNKNOWN or word(block.text) in _NOTED):
        return None
    return part


def _filled(lines: Sequence[str], start: int, end: int) -> tuple[Stated, ...]:
    return tuple(
        Stated(lines[number], number + 1) for number in range(start, end) if lines[number].strip()
    )
