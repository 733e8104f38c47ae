"""Whether a document's sections are all there, once, and hold what their headings announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract.documents.document_rules import broken
from contract.documents.markdown import Stated
from contract.documents.sections import Part, Section, repeated
from contract.findings import Finding

_HOLDS: dict[Part, tuple[str, str]] = {
    Part.ENVIRONMENTS: ("域名列表", "a table with the columns 环境 and 请求地址"),
    Part.PARAMETERS: ("请求参数", "a field table"),
    Part.ANSWER: ("应答报文", "a field table"),
}
"""The sections that every document has, and what they may hold besides 无."""


def title_of(found: Sequence[Section]) -> Stated | None:
    """Find the heading that names the interface: the last of those that open the document.

    A heading with nothing below it but the next one names the collection, not the interface.
    """
    title: Stated | None = None
    for section in found[1:]:
        if section.part is not Part.UNKNOWN:
            break
        title = section.title
        if section.blocks:
            break
    return title


def misplaced(found: Sequence[Section], where: str) -> Iterator[Finding]:
    """Find what is missing, and what stands where nothing of its kind is read."""
    yield from _missing(found, where)
    again = repeated(found)
    for position, section in enumerate(found):
        if earlier := again.get(position):
            yield broken(
                "repeated-section",
                where=where,
                lines=(section.title.line, earlier.title.line),
                subject=section.title.text,
                evidence="the second one is not read",
                remedy="join the two, or give the second interface a document of its own",
            )
        elif section.part is not Part.REMARKS:
            yield from _unreadable(section, where)
            yield from _unclosed(section, where)


def unreadable_characters(lines: Sequence[str], where: str) -> Iterator[Finding]:
    """Find the lines with a byte that is no character in the document's encoding."""
    for number, line in enumerate(lines, start=1):
        if "\ufffd" in line:
            yield broken(
                "unreadable-character",
                where=where,
                lines=(number,),
                subject=f"line {number}",
                evidence=f"{line.count(chr(0xFFFD))} of its characters cannot be read",
                remedy="save the document as UTF-8 and write the characters again",
            )


def _missing(found: Sequence[Section], where: str) -> Iterator[Finding]:
    if title_of(found) is None:
        yield broken(
            "missing-title",
            where=where,
            lines=(1,),
            subject="title",
            evidence="the first heading announces a section; the file's name is used as the title",
            remedy="open the document with a line such as “## 获取图形验证码”",
        )
    parts = {section.part for section in found}
    for part, (heading, _) in _HOLDS.items():
        if part not in parts:
            yield broken(
                "missing-section",
                where=where,
                lines=(1,),
                subject=heading,
                evidence=f"no heading announces {heading}",
                remedy=f"add the heading {heading}, with 无 below it if there is nothing to state",
            )


def _unreadable(section: Section, where: str) -> Iterator[Finding]:
    """Find a section without its content, or with content of a kind that is not read in it."""
    line, title = section.title.line or 1, section.title.text or "the document's beginning"
    if section.part in _HOLDS:
        lists = section.part is Part.ENVIRONMENTS and section.texts
        if not (section.tables or section.says_nothing or lists):
            heading, content = _HOLDS[section.part]
            yield _not_held(where, line, heading, f"there is neither {content} nor 无 below it")
    sampled = section.fences or section.bare_sample or section.says_nothing
    if section.part is Part.SAMPLES and not sampled:
        yield _not_held(where, line, title, "there is neither fenced code nor 无 below it")
    for unread in _unread(section):
        yield _not_held(where, unread, title, "this table or fenced code is not read here")


def _unread(section: Section) -> Iterator[int]:
    """Give the lines of the tables and the fenced code that mean nothing in their section."""
    if section.part in {Part.UNKNOWN, Part.OPERATION, Part.ENVIRONMENTS}:
        yield from (fence.line - 1 for fence in section.fences)
    if section.part in {Part.UNKNOWN, Part.SAMPLES} and not section.bare_sample:
        yield from (table.line for table in section.tables)


def _not_held(where: str, line: int, title: str, evidence: str) -> Finding:
    return broken(
        "unreadable-section",
        where=where,
        lines=(line,),
        subject=title,
        evidence=evidence,
        remedy="move it below the heading that announces it, or write the heading 备注 above it",
    )


def _unclosed(section: Section, where: str) -> Iterator[Finding]:
    for fence in section.fences:
        if not fence.closed:
            yield broken(
                "unclosed-fence",
                where=where,
                lines=(fence.line - 1,),
                subject=section.title.text,
                evidence="it is read up to the next heading",
                remedy="close the fence with ``` on a line of its own",
            )
