"""A YAML text as it was meant: its slips found, and mended line by line.

What one line shows stands in `yaml_slips`. What only its neighbours show, a quote that stays open
or a tab that indents, is found here, in broken texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from contract.documents.document_rules import MERGE_CONFLICT
from contract.merge_conflicts import in_words, merged
from contract.review.yaml_slips import (
    IN_ANY,
    IN_BROKEN,
    TAB_INDENT,
    UNCLOSED,
    SlipPattern,
)
from contract.rules import Rule
from contract.spec.yaml_text import UnreadableYaml, parse


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip, the rule that it breaks, and where: both count from 1."""

    rule: Rule
    line: int
    column: int
    subject: str
    evidence: str
    remedy: str


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
    _apply(found, IN_ANY)
    return found


def mended_further(found: Mended) -> None:
    """Find what is surely a slip only because the text is not YAML."""
    _apply(found, IN_BROKEN)
    _close(found)
    _indent(found)


def _apply(found: Mended, patterns: Iterable[SlipPattern]) -> None:
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


def _mend_line(found: Mended, number: int, pattern: SlipPattern) -> None:
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
        if parsed(found.text, "")[1] is None:
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


def parsed(text: str, name: str) -> tuple[object, UnreadableYaml | None]:
    """Read a text as YAML: give its value, or why it is none."""
    try:
        return parse(text.encode(), name), None
    except UnreadableYaml as problem:
        return None, problem
