"""Slips of the hand in YAML: each is told at its line and column, and read as it was meant.

A full-width colon, a smart quote or a tab breaks a file somewhere else, or changes what it says
without a word. `mended` finds them in the text before it is read. To add a slip: its rule, and one
entry of `_SLIPS`; in a broken text only, of `_OF_BROKEN`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from contract.documents.document_rules import MERGE_CONFLICT
from contract.findings import Level, Place
from contract.merge_conflicts import in_words, merged
from contract.plain_files import content_of
from contract.review.openapi_objects import OBJECTS, fields
from contract.review.review_rule import Violation
from contract.rules import Rule
from contract.spec.spec_files import Disk
from contract.spec.vocabulary import EXTENSIONS
from contract.spec.yaml_text import UnreadableYaml, parse, read

_SOURCE = "YAML 1.2 §5, §6, §7: characters, indentation and flow styles"

FULL_WIDTH_MARK = Rule(
    name="full-width-mark",
    title="全角标点",
    english="The marks of YAML are ASCII: a colon, a comma or a bracket is not full-width.",
    chinese="YAML 的标点是半角字符：冒号、逗号、括号不用全角。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="summary：查询账户",
    right="summary: 查询账户",
)
SMART_QUOTE = Rule(
    name="smart-quote",
    title="弯引号",
    english="A value stands in straight quotes; smart quotes would be a part of it.",
    chinese="值写在直引号中；弯引号会成为值的一部分。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="x-business-success: [“000”]",
    right='x-business-success: ["000"]',
)
TAB_INDENT = Rule(
    name="tab-indentation",
    title="用制表符缩进",
    english="Lines are indented by spaces, never by tabs.",
    chinese="行首用空格缩进，不用制表符。",
    source="YAML 1.2 §6.1: tabs must not be used in indentation",
    level=Level.TABLE,
    broken="\t  operationId: findAccount",
    right="      operationId: findAccount",
)
ODD_SPACE = Rule(
    name="odd-space",
    title="看不见的字符",
    english="Blanks around names and values are plain spaces, and nothing invisible stands there.",
    chinese="名称和值前后的空白是普通空格，没有看不见的字符。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="summary:\u00a0查询账户",
    right="summary: 查询账户",
)
MISSING_SPACE = Rule(
    name="missing-space",
    title="冒号后缺少空格",
    english="A space follows the colon behind a name.",
    chinese="名称的冒号之后有一个空格。",
    source="YAML 1.2 §7.4.2: a colon without a blank behind it is a part of the text",
    level=Level.TABLE,
    broken="operationId:findAccount",
    right="operationId: findAccount",
)
UNCLOSED = Rule(
    name="unclosed",
    title="引号或括号未闭合",
    english="A quote or a bracket that opens in a line closes in it, or further down.",
    chinese="引号和括号成对出现。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="required: [name, balance",
    right="required: [name, balance]",
)
AMBIGUOUS_WORD = Rule(
    name="ambiguous-word",
    title="yes、no、on、off 缺少引号",
    english="yes, no, on and off are quoted, because YAML 1.1 reads them as true and false.",
    chinese="yes、no、on、off 加引号，因为 YAML 1.1 会把它们读成布尔值。",
    source="YAML 1.1, the boolean type; YAML 1.2 §10.3.2",
    level=Level.TABLE,
    broken="msg: {x-sample: {type: string, enum: [no, 成功]}}",
    right="msg: {x-sample: {type: string}}",
)
RULES = (
    FULL_WIDTH_MARK,
    SMART_QUOTE,
    TAB_INDENT,
    ODD_SPACE,
    MISSING_SPACE,
    UNCLOSED,
    AMBIGUOUS_WORD,
)


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip, the rule that it breaks, and where: both count from 1."""

    rule: Rule
    line: int
    column: int
    subject: str
    evidence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How a slip looks: its group `slip` is what is wrong; `mend` gives what was meant for it.

    Only lines in which `trigger` is found are looked at, because most lines are right.
    """

    rule: Rule
    trigger: re.Pattern[str]
    form: re.Pattern[str]
    evidence: str
    remedy: str
    mend: Callable[[str], str]
    in_quotes: bool = False


_OF_IMAGES = {"mediaType", "width", "height"}
_KEYWORDS = sorted(
    {name for kind in OBJECTS for name in fields(kind)} | EXTENSIONS | _OF_IMAGES,
    key=len,
    reverse=True,
)
_PROSE = {"description", "title", "summary", "example", "default", "value", "name"}
_KEY = "|".join(map(re.escape, _KEYWORDS))
_PLAIN_KEY = "|".join(re.escape(each) for each in _KEYWORDS if each not in _PROSE)
_LIST_KEY = "required|enum|tags|x-business-success"
_START = r"^[ \t]*+(?:- ++)*+"
_ODD = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_UNSEEN = "\u200b-\u200d\u2060\ufeff"
_HALF_WIDTH = str.maketrans("：，、［］【】｛｝", ":,,[][]{}")
_STRAIGHT = str.maketrans("“”‘’＂", '""\'\'"')
_NO_SPACE = r"[\w$]:(?=[^\s:/,}\]])"
_FLAG_WORD = "yes|no|on|off|Yes|No|On|Off|YES|NO|ON|OFF"


def _form(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


def _narrow(text: str) -> str:
    return text.translate(_HALF_WIDTH)


def _colon(text: str) -> str:
    return text.replace("：", ": ")


_COLON = "a full-width colon （：） stands here, and YAML needs a plain one"
_ASCII = "write the plain mark, and a space behind it"
_SLIPS = (
    _Pattern(
        FULL_WIDTH_MARK,
        _form("："),
        _form(rf"(?:{_START}|[{{,][ ]*+)[\"']?(?:{_KEY})[\"']?[ ]*(?P<slip>：)"),
        _COLON,
        _ASCII,
        _colon,
    ),
    _Pattern(
        FULL_WIDTH_MARK,
        _form("[，、]"),
        _form(
            rf"(?:{_LIST_KEY}): *\[[^\[\]{{}}\"'\n]*?(?P<slip>[，、][^\]\n]*)"
            rf"|[{{,] *+(?:{_KEY}): *+[^\n\"'{{}}\[\]]*?(?P<other>，)(?= *(?:{_KEY}) *[:：])"
        ),
        "a full-width comma stands here, and YAML needs a plain one",
        _ASCII,
        lambda text: _narrow(text).replace(",", ", "),
    ),
    _Pattern(
        FULL_WIDTH_MARK,
        _form("[［【｛]"),
        _form(rf"(?:{_START}|[{{,] *+)(?:{_PLAIN_KEY}): *(?P<slip>[［【｛][^\n]*)"),
        "a full-width bracket stands here, and YAML needs a plain one",
        _ASCII,
        _narrow,
    ),
    _Pattern(
        SMART_QUOTE,
        _form("[“”‘’＂]"),
        _form(
            rf"(?:{_PLAIN_KEY}): *+(?:\[[^\]\n]*?)?(?P<slip>[“”‘’＂][^\n]*)"
            rf"|{_START}(?P<other>[“‘][^“”‘’\n]*[”’])(?= *:(?: |$))"
        ),
        "smart quotes (“ ”) stand here, and are a part of the text",
        'write straight quotes, as in "000"',
        lambda text: text.translate(_STRAIGHT),
    ),
    _Pattern(
        ODD_SPACE,
        _form(f"[{_ODD}]"),
        _form(
            rf"^[ ]*(?P<slip>[{_ODD}][ {_ODD}]*)(?=\S)"
            rf"|{_START}(?:{_KEY}):[ ]*(?P<other>[{_ODD}][ {_ODD}]*)"
            rf"|{_START}(?:{_KEY})(?P<third>[{_ODD}]+)(?= *:)"
            rf"|{_START}(?:{_PLAIN_KEY}): [^\"'\n]*?(?P<fourth>[{_ODD}]+)(?= *$)"
        ),
        "a blank that is no plain space, or something invisible, stands here",
        "replace it by a plain space, or remove it",
        lambda text: re.sub("[^ ]", " ", re.sub(f"[{_UNSEEN}]", "", text)),
    ),
    _Pattern(
        MISSING_SPACE,
        _form(_NO_SPACE),
        _form(
            rf"{_START}(?:{_KEY})(?P<slip>:)(?=[^\s:/])"
            rf"|[{{,] *+(?:{_KEY})(?P<other>:)(?=[^\s,}}\]:/])"
        ),
        "no space follows the colon, so that it is a part of the text",
        "write a space behind the colon",
        lambda text: f"{text} ",
    ),
    _Pattern(
        AMBIGUOUS_WORD,
        _form(rf"[ \[](?:{_FLAG_WORD})[ ,\]\r\n#]|(?:{_FLAG_WORD})$"),
        _form(
            rf"(?:enum|x-business-success): *\[(?:[^\]\n]*?, *)?(?P<slip>{_FLAG_WORD})(?= *[,\]])"
            rf"|{_START}(?:default|example|code): +(?P<other>{_FLAG_WORD})(?= *(?:#.*)?$)"
        ),
        "some readers of YAML take this for true or false",
        'quote it, as in "no"',
        lambda text: f'"{text}"',
    ),
)
_OF_BROKEN = (
    _Pattern(
        UNCLOSED,
        _form("[\"']"),
        _form(rf"{_START}(?P<slip>\"[^\"\n:]+|'[^'\n:]+)(?=:(?: |\r?$))"),
        "the quote that opens here is not closed",
        "close it before the colon",
        lambda text: text + text[0],
    ),
    _Pattern(
        SMART_QUOTE,
        _form("”"),
        _form(r"(?:[:\-\[{,]) *\"[^\"“”\n]*(?P<slip>”)(?= *(?:[,\]}]|$))"),
        "a smart quote stands here, and does not close the straight one",
        'write straight quotes, as in "000"',
        lambda text: text.translate(_STRAIGHT),
        in_quotes=True,
    ),
    _Pattern(
        FULL_WIDTH_MARK,
        _form("："),
        _form(rf"{_START}[\"']?[\w/{{}}$.-]+[\"']?[ ]*(?P<slip>：)"),
        _COLON,
        _ASCII,
        _colon,
    ),
    _Pattern(
        MISSING_SPACE,
        _form(_NO_SPACE),
        _form(rf"{_START}[A-Za-z_][\w-]*(?P<slip>:)(?=[^\s:/])"),
        "no space follows the colon, so that it is a part of the text",
        "write a space behind the colon",
        lambda text: f"{text} ",
    ),
)
"""The slips that are surely some only where the text is not YAML."""


@dataclass(slots=True)
class Mended:
    """The lines of a file as they were meant, and the slips in them."""

    lines: list[str]
    slips: list[Slip] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines)

    def add(self, rule: Rule, place: tuple[int, int], evidence: str, remedy: str) -> None:
        """Note a slip; both numbers of its place count from 0."""
        number, column = place
        named = _NAME.match(self.lines[number])
        subject = named[1] if named else "line"
        self.slips.append(Slip(rule, number + 1, column + 1, subject, evidence, remedy))


_NAME = re.compile(r"[^\w$/]*([\w$/{}.-]+)")


def mended(text: str) -> Mended:
    """Find the slips in a text, and give it without them, line by line as before."""
    settled = merged(text.removeprefix("\ufeff").split("\n"))
    found = Mended(list(settled.lines))
    if settled.conflicts:
        remedy = "choose one side of each conflict, and remove the marks"
        place = settled.conflicts[0] - 1, 0
        found.add(MERGE_CONFLICT, place, in_words(settled.conflicts), remedy)
    _apply(found, _SLIPS)
    return found


def mended_further(found: Mended) -> None:
    """Find what is surely a slip only because the text is not YAML."""
    _apply(found, _OF_BROKEN)
    _close(found)
    _indent(found)


def _apply(found: Mended, patterns: Iterable[_Pattern]) -> None:
    for pattern in patterns:
        text = found.text
        number = at = 0
        seen = -1
        for trigger in pattern.trigger.finditer(text):
            number += text.count("\n", at, trigger.start())
            at = trigger.start()
            if number != seen:
                seen = number
                _mend_line(found, number, pattern)


def _mend_line(found: Mended, number: int, pattern: _Pattern) -> None:
    line = found.lines[number]
    spans = [_span(each) for each in pattern.form.finditer(line)]
    spans = [each for each in spans if pattern.in_quotes or _counts(line[: each[0]])]
    if not spans or _is_in_block(found.lines, number):
        return
    found.add(pattern.rule, (number, spans[0][0]), pattern.evidence, pattern.remedy)
    for start, end in reversed(spans):
        line = line[:start] + pattern.mend(line[start:end]) + line[end:]
    found.lines[number] = line


def _span(match: re.Match[str]) -> tuple[int, int]:
    name = next(name for name, value in match.groupdict().items() if value is not None)
    return match.span(name)


def _counts(before: str) -> bool:
    """Say whether what stands behind a part of a line is in no comment and in no quotes."""
    quoted = before.count('"') % 2 or before.count("'") % 2
    return not quoted and re.search(r"(?:^|\s)#", before) is None


_BLOCK = re.compile(r"(?:^|[:\-] +)(?:[!&]\S+ +)*[|>][-+0-9]*\s*(?:#.*)?\Z")
_FAR = 2000
"""How many lines above a line are looked at for what opens a block of text around it."""


def _is_in_block(lines: list[str], number: int) -> bool:
    indent = _indent_of(lines[number])
    for above in reversed(lines[max(0, number - _FAR) : number]):
        if indent <= 0:
            return False
        if above.strip() and _indent_of(above) < indent:
            indent = _indent_of(above)
            if _BLOCK.search(above.rstrip("\r")):
                return True
    return False


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _column_of(line: str) -> int:
    """Give where a member begins, behind the hyphens of lists."""
    begins = re.match(r" *(?:- +)*", line)
    return begins.end() if begins else 0


_MEMBER = re.compile(r"\s*(?:- +)*[\"']?[\w/{}$.-]+[\"']?\s*:(?:\s|$)")
_OPENED = re.compile(r"(?::|-)\s+(?P<mark>[\"'\[{])")


def _close(found: Mended) -> None:
    """Close the quotes and brackets that a line leaves open although the next is a new member."""
    lines = found.lines
    for number, line in enumerate(lines):
        opened = _OPENED.search(line)
        rest = line[opened.start("mark") :].rstrip("\r ") if opened else ""
        missing = _missing(rest) if rest else ""
        if opened is None or not missing:
            continue
        below = next((each for each in lines[number + 1 :] if each.strip()), "")
        is_new = _MEMBER.match(below) and _indent_of(below) <= _column_of(line)
        if (is_new or not below) and not _is_in_block(lines, number):
            what = "quote" if missing[0] in "\"'" else "bracket"
            evidence = f"the {what} that opens here is not closed"
            at = line.rfind(missing[0]) if what == "quote" else opened.start("mark")
            found.add(UNCLOSED, (number, at), evidence, f"write {missing} at the end")
            begins, ends = line.rstrip("\r "), ""
            if what == "quote" and opened["mark"] in "[{":  # before what closes the brackets
                ends = begins[len(begins.rstrip("]} ")) :]
            lines[number] = begins[: len(begins) - len(ends)] + missing + ends


def _missing(rest: str) -> str:
    """Give what closes a value that begins with a quote or a bracket; empty if it is closed."""
    if rest[0] in "\"'":
        body = re.sub(r"\\." if rest[0] == '"' else "''", "", rest[1:])
        return "" if rest[0] in body else rest[0]
    plain = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'", "", rest.split(" #", maxsplit=1)[0])
    if '"' in plain:
        return '"'
    stack: list[str] = []
    for mark in plain:
        if mark in "[{":
            stack.append("]" if mark == "[" else "}")
        elif mark in "]}" and stack and stack[-1] == mark:
            stack.pop()
    return "".join(reversed(stack))


def _indent(found: Mended) -> None:
    """Replace tabs that indent by as many spaces as make the text YAML."""
    old = list(found.lines)
    tabbed = [n for n, line in enumerate(old) if re.match(r" *\t\s*\S", line)]
    for number in tabbed:
        place = number, old[number].index("\t")
        evidence = "a tab indents this line, and YAML allows only spaces"
        found.add(TAB_INDENT, place, evidence, "indent it by spaces, as its neighbours")
    for width in (2, 4, 8, 1, 0) if tabbed else ():
        for number in tabbed:
            found.lines[number] = _spaced(old, number, width)
        if _parsed(found.text, "")[1] is None:
            return
    found.lines[:] = old


def _spaced(lines: list[str], number: int, width: int) -> str:
    """Indent a line by spaces: so many for a tab; for none, as far as its neighbour below."""
    line = lines[number]
    rest = line.lstrip()
    if width:
        return line[: len(line) - len(rest)].replace("\t", " " * width) + rest
    below = (each for each in lines[number + 1 :] if each.strip() and "\t" not in each[:1])
    return " " * _indent_of(next(below, "")) + rest


class Mending(Disk):
    """A reader of files that reads each slip as what was meant, and keeps what it found.

    Attributes:
        found: the slips, each with the name of its file.
        problem: why a file is not YAML as it stands; None where every file is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Slip]] = []
        self.problem: UnreadableYaml | None = None

    def read(self, path: Path) -> object:
        """Read a file; its slips are kept.

        Raises:
            UnreadableYaml: it cannot be read, or is not YAML even without its slips.
        """
        try:
            text = content_of(path).decode()
        except (OSError, ValueError):
            return read(path)  # which says why
        name = self.named(path)
        better = mended(text)
        value, problem = _parsed(better.text, name)
        if problem is not None:
            before = better.text
            mended_further(better)
            if better.text != before:
                value, problem = _parsed(better.text, name)
        slips = sorted(better.slips, key=lambda each: each.line)
        self.found += [(name, slip) for slip in slips]
        self.problem = self.problem or (_parsed(text, name)[1] if slips else problem)
        if problem is None:
            return value
        raise problem

    def violations(self) -> Iterator[tuple[Rule, Violation]]:
        """Give the slips of all files that were read."""
        for name, slip in self.found:
            place = Place(name, slip.line, slip.column)
            yield (
                slip.rule,
                Violation(
                    subject=slip.subject,
                    evidence=slip.evidence,
                    places=(place,),
                    remedy=slip.remedy,
                    lines=frozenset({(name, slip.line)}),
                ),
            )


def _parsed(text: str, name: str) -> tuple[object, UnreadableYaml | None]:
    try:
        return parse(text.encode(), name), None
    except UnreadableYaml as problem:
        return None, problem
