"""An interface document cut at its headings, which `heading_words.py` knows.

Which blocks are headings is decided by `_announced`; another notation is one more branch of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from contract.documents.address_words import ADDRESS_KEYS, METHOD_KEYS
from contract.documents.block import BOLD_LEVEL, Block, Fence, Heading, Prose, Stated, Table
from contract.documents.cells import is_nothing, plain, word
from contract.documents.column_meanings import with_known_columns
from contract.documents.column_words import COLUMNS
from contract.documents.composite_tables import pieces
from contract.documents.heading_words import LOCATIONS, Part, part_of, status_named, unnumbered
from contract.documents.markdown import blocks
from contract.documents.tables import columns

_ROWS = {Part.PARAMETERS, Part.ANSWER, Part.ANSWER_HEADERS}
_EVERYWHERE = {Part.ENVIRONMENTS, Part.OPERATION, *_ROWS}
_SAMPLED = {*_ROWS, Part.SAMPLES}
_NOTED = frozenset({"说明", "注意", "注意事项"})
"""Bold lines that say something about the section that they stand in."""
_CAPTION = ">"
_SOON = 5
_REMARK = re.compile(r"[,，;；]")
_CAPTION_LEVEL = BOLD_LEVEL + 1
_LIST_MARKS = "*-+ "
_LISTED_TITLE = re.compile(
    r"\s*(?:[*+•·-]|[0-9]{1,2}[.、)])\s+(?:\*\*)?([^:：*]+?)(?:\*\*)?\s*[:：]\s*(?:\*\*)?\s*"
)
"""An item of a list that announces what stands below it: `- 返回：`."""
_LISTED_ALONE = re.compile(r"\s*[*+•·-]\s+(?:\*\*)?([^:：*]+?)(?:\*\*)?\s*")
"""An item that announces it without a colon, where a table or a sample follows."""
_BARE_SAMPLE = re.compile(r"\s*`*\s*(?:[{\[/?]|[A-Z]{3,7}\s|https?://|[\w.]+=|\$?\s*curl\s)")
_ENTRY = re.compile(
    r"(?:>\s*)*(?:[*+•·-]|[0-9]{1,9}[.、)])?\s*+([^:：|\s][^:：|]{0,29}?)\s*[:：](?!//)\s*+(.*)"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next one that announces something.

    `status` is the HTTP status that a line above it says of the answers that follow.
    """

    part: Part
    title: Stated
    blocks: tuple[Block, ...]
    lines: tuple[Stated, ...]
    level: int = 0
    status: Stated | None = None
    place: str = ""

    @property
    def location(self) -> str:
        """Where its heading says that parameters are sent; empty where it does not say it."""
        if self.place:
            return self.place
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
        if self.part is not Part.SAMPLES or not self.lines:
            return None
        first = self.lines[0].line
        if any(not fence.bare or fence.line == first for fence in self.fences):
            return None
        if not _BARE_SAMPLE.match(self.lines[0].text):
            return None
        texts = {line.line: line.text for line in self.lines}
        last = self.lines[-1].line
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


def entry(line: str) -> tuple[str, str] | None:
    """Read a line `* key : value`, with any list mark or none."""
    match = _ENTRY.fullmatch(line.strip())
    if match is not None and match[1].strip("`*_ ").startswith("/"):
        return None  # a path that has a colon in it
    return None if match is None else (plain(match[1].strip("*_ ")), plain(match[2].strip("* ")))


def repeated(found: Sequence[Section]) -> dict[int, Section]:
    """Find the sections that repeat an earlier one: their position → the earlier one."""
    first: dict[tuple[Part, str, str], Section] = {}
    again: dict[int, Section] = {}
    for position, section in enumerate(found):
        of_another = section.part is Part.SAMPLES and bool(again)
        counts = section.part in _EVERYWHERE or of_another
        if section.part is Part.SAMPLES and not of_another:
            first.setdefault((section.part, word(section.title.text), ""), section)
        elif counts and not (section.is_empty and section.is_repeated_in(found)):
            status = section.status.text if section.status else ""
            key = (section.part, word(section.title.text), status)
            earlier = first.setdefault(key, section)
            if earlier is not section:
                again[position] = earlier
    return again


def sections(lines: Sequence[str]) -> tuple[Section, ...]:
    """Cut the document at its headings; what stands above the first has an empty title.

    An unknown heading below a known one of a higher level announces the same: it divides it.
    """
    found: list[tuple[Part, Stated, int, list[Block]]] = [(Part.UNKNOWN, Stated("", 0), 0, [])]
    titled = False
    parts = tuple(blocks(lines))
    for number, block in enumerate(parts):
        if (
            isinstance(block, Table)
            and found[-1][0] is Part.OPERATION
            and _asks(block, found[-1][1])
        ):
            found.append((Part.PARAMETERS, Stated("请求参数", block.line - 1), BOLD_LEVEL, []))
        for piece in pieces(block) if isinstance(block, Table) else ():
            if piece.part is not None:
                found.append((piece.part, piece.title, BOLD_LEVEL, []))
            found[-1][3].append(piece.block)
        if isinstance(block, Table) and pieces(block):
            continue
        following = _following(parts, number)
        part = _announced(block, following, titled=titled)
        if _names_a_sample(block, part, following, found[-1][0], found[-1][2]):
            part = None
        if part is None and _begins_operation(block, found[-1][0]):
            found.append((Part.OPERATION, Stated("", block.line - 1), BOLD_LEVEL, []))
        if part is None or not isinstance(block, Heading | Prose):
            found[-1][3].append(block)
        else:
            level = _level(block)
            part = _divided(found, part, level)
            text = _listed(block, following) or block.text
            if _nothing_beside(block):
                text = (entry(block.text) or (text, ""))[0]
            title = unnumbered(text.lstrip(f"{_CAPTION} "))
            nothing = [Prose(said, block.line)] if (said := _nothing_beside(block)) else []
            found.append((part, Stated(title, block.line), level, list(nothing)))
            titled = True
    ends = [title.line - 1 for _, title, _, _ in found[1:]]
    cut = (
        Section(part, title, tuple(content), _filled(lines, title.line, end), level)
        for (part, title, level, content), end in zip(found, [*ends, len(lines)], strict=True)
    )
    return tuple(_with_statuses(cut))


def _asks(table: Table, title: Stated) -> bool:
    """Say whether a table below 请求说明 or 调用说明 states the rows of the request."""
    named = columns(with_known_columns(table, COLUMNS), COLUMNS)
    is_field_table = "name" in named and bool(named.keys() & {"type", "required"})
    return is_field_table and _ASKING.search(title.text) is not None


_ASKING = re.compile("请求|调用|request", re.IGNORECASE)


def _with_statuses(found: Iterable[Section]) -> Iterator[Section]:
    """Say of each section whose answers it shows, where a line above it names their status."""
    status: Stated | None = None
    for section in found:
        named = status_named(section.title.text)
        if named:
            status = Stated(named, section.title.line)
        elif section.part in {Part.OPERATION, Part.PARAMETERS} or _begins(section):
            status = None
        if _states_headers(section):
            section = replace(section, part=Part.PARAMETERS, place="header")  # noqa: PLW2901
        yield replace(section, status=status)
        below = [each for _, each in with_statuses(section.blocks, status)]
        status = below[-1] if below else status


_HEADER_COLUMN = re.compile(r"(?:http)?(?:请求头|消息头|headers?)(?:名|名称|参数|字段|name)?")
_OF_ACCESS = re.compile(
    r"(?:接口|请求|身份|用户|安全|调用)*(?:认证|鉴权|授权|安全|签名|authentication|authorization|auth|token)"
    r"(?:方式|说明|机制|规范|参数|信息|认证|校验|验证)*"
)


def _states_headers(section: Section) -> bool:
    """Say whether a section such as 认证方式 has one table, of headers that every call sends."""
    if section.part is not Part.UNKNOWN or len(section.tables) != 1:
        return False
    heads = [word(cell) for cell in section.tables[0].header.cells]
    if any(_HEADER_COLUMN.fullmatch(head) for head in heads):
        return True
    said = _OF_ACCESS.fullmatch(word(section.title.text)) and "name" in columns(
        section.tables[0], COLUMNS
    )
    return bool(said) and any(_IN_HEADERS.search(word(each.text)) for each in section.texts)


_IN_HEADERS = re.compile("请求头|消息头|header")


def with_statuses(
    found: Sequence[Block], status: Stated | None
) -> Iterator[tuple[Block, Stated | None]]:
    """Give each block with the HTTP status that the line above it names; a list names none."""
    listed = False
    for block in found:
        named = status_named(block.text) if isinstance(block, Heading | Prose) else ""
        if named:
            status = None if listed else Stated(named, block.line)
        listed = bool(named)
        yield block, status


def _begins(section: Section) -> bool:
    return section.part is Part.UNKNOWN and section.level < BOLD_LEVEL


def _begins_operation(block: Block, part: Part) -> bool:
    """Say whether a line states the method or the path, and so ends what was said before it.

    A list of environments is ended by a path, not by an address that may be one of theirs.
    """
    key, value = entry(block.text) or ("", "") if isinstance(block, Prose) else ("", "")
    if is_nothing(value):
        return False
    if part is Part.ENVIRONMENTS:
        is_path = word(key) in ADDRESS_KEYS and value.strip("`").startswith("/")
        return is_path or word(key) in METHOD_KEYS
    return part is Part.REMARKS and word(key) in METHOD_KEYS | ADDRESS_KEYS


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


def _following(parts: Sequence[Block], number: int) -> Block | None:
    """Give the block behind another; behind an item of a list, the table that soon follows."""
    following = parts[number + 1] if number + 1 < len(parts) else None
    block = parts[number]
    if not isinstance(block, Prose) or not _LISTED_ALONE.fullmatch(block.text):
        return following
    for each in parts[number + 1 : number + _SOON]:
        if isinstance(each, Table | Fence):
            return each
        if isinstance(each, Heading) or _LISTED_ALONE.fullmatch(each.text):
            break
    return following


def _names_a_sample(
    block: Block, part: Part | None, following: Block | None, inside: Part, level: int
) -> bool:
    """Say whether a line names a sample of the section that it stands in, and begins none.

    A plain line does where samples are read, or right above one; a bold line below a heading that
    announces samples.
    """
    if isinstance(block, Heading):
        divides = part is Part.SAMPLES and inside is Part.SAMPLES
        return block.bold and divides and level < BOLD_LEVEL
    if not isinstance(block, Prose) or block.text.lstrip().startswith(_CAPTION):
        return False
    return (part is Part.SAMPLES and inside in _SAMPLED) or (
        inside is Part.SAMPLES and isinstance(following, Fence)
    )


def _listed(block: Heading | Prose, following: Block | None) -> str:
    """Give what an item of a list announces; empty where it is none."""
    if isinstance(block, Heading):
        return ""
    item = _LISTED_TITLE.fullmatch(block.text)
    if item is None and isinstance(following, Table | Fence):
        item = _LISTED_ALONE.fullmatch(block.text)
    return _REMARK.split(item[1])[0].strip() if item else ""


def _announced(block: Block, following: Block | None, *, titled: bool) -> Part | None:
    """Find what a block announces as a heading; None if it is no heading.

    A bold line is a heading where it announces something known, or is the first of all; a plain
    line only where it announces a section that every document has, a caption (`> …`) also where
    it announces a sample, as does any line right above one.
    """
    if not isinstance(block, Heading | Prose):
        return None
    if isinstance(block, Prose):
        return _announced_by_line(block, following)
    part = part_of(block.text)
    if part is Part.UNKNOWN and titled:
        part = part_of(_REMARK.split(block.text)[0])
    if not titled and part is Part.SAMPLES:
        return Part.UNKNOWN
    if block.bold and titled and (part is Part.UNKNOWN or word(block.text) in _NOTED):
        return None
    return part


def _announced_by_line(line: Prose, following: Block | None) -> Part | None:
    caption = line.text.lstrip()
    if _nothing_beside(line):
        return part_of((entry(line.text) or ("", ""))[0])
    if caption.startswith(_CAPTION):
        part = part_of(caption.lstrip(f"{_CAPTION} "))
        return part if part in {*_EVERYWHERE, Part.SAMPLES} else None
    listed = _listed(line, following)
    part = part_of(listed or line.text)
    if part is Part.SAMPLES:
        return part if isinstance(following, Fence) else None
    return part if part in (_ROWS if listed else _EVERYWHERE) else None


def _nothing_beside(block: Block) -> str:
    """Give the word beside a heading in its own line that says that there is nothing: 参数：无."""
    key, value = entry(block.text) or ("", "") if isinstance(block, Prose) else ("", "")
    return value if value and is_nothing(value) and part_of(key) in _ROWS else ""


def _filled(lines: Sequence[str], start: int, end: int) -> tuple[Stated, ...]:
    return tuple(
        Stated(lines[number], number + 1) for number in range(start, end) if lines[number].strip()
    )
