"""Whether a document's sections are all there, once, and hold what their headings announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from contract.documents.addresses import Address
from contract.documents.block import Fence, Table
from contract.documents.cells import plain, shown, word
from contract.documents.column_meanings import with_known_columns
from contract.documents.column_words import COLUMNS
from contract.documents.document_rules import broken
from contract.documents.forms import HOUSE, Form
from contract.documents.heading_words import Part, part_of
from contract.documents.interfaces import Interface
from contract.documents.list_rows import table_of
from contract.documents.listed_codes import is_code_table
from contract.documents.message_rows import count, holds_rows
from contract.documents.picture_answers import picture_type
from contract.documents.program_calls import called_by
from contract.documents.samples import is_program
from contract.documents.sections import Section, repeated, with_statuses
from contract.documents.stated_calls import is_call, request_lines, used_fences
from contract.documents.status_answers import NO_CONTENT, is_status_table
from contract.documents.tables import columns
from contract.documents.titles import title_of
from contract.findings import Finding
from contract.merge_conflicts import Merged, in_words

_HOLDS: dict[Part, tuple[str, str]] = {
    Part.ENVIRONMENTS: ("域名列表", "a table with the columns 环境 and 请求地址"),
    Part.PARAMETERS: ("请求参数", "a field table"),
    Part.ANSWER: ("应答报文", "a field table"),
}
"""The sections that every document has, and what they may hold besides 无."""


def misplaced(
    found: Sequence[Section], apart: Sequence[Section], form: Form, where: str
) -> Iterator[Finding]:
    """Find what is missing, and what stands where nothing of its kind is read.

    Args:
        found: the sections of one interface.
        apart: those that belong to no interface.
        form: how the document is written.
        where: the document's name.
    """
    yield from _missing(found, form, where)
    again = repeated(found)
    filled = {section.part for section in found if not section.is_empty}
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
            told = section.is_empty and section.part in filled
            if not told and not _is_shown_below(section, found, form):
                yield from _unreadable(section, form, where)
            yield from _unclosed(section, where)
    for section in apart:
        if section.part is not Part.REMARKS:
            for unread in _unread(section, form, apart=True):
                yield _not_read(where, unread, section, apart=True)


def unread_rows(sections: Sequence[Section], form: Form, *, apart: bool = False) -> int:
    """Count the rows of the tables that are not read."""
    return sum(
        count(table)
        for section in sections
        if section.part is not Part.REMARKS
        for table in unread_tables(section, form, apart=apart)
    )


def unread_tables(section: Section, form: Form, *, apart: bool = False) -> Iterator[Table]:
    """Give the tables that mean nothing in their section."""
    read_here = {Part.PARAMETERS, Part.ANSWER, Part.ENVIRONMENTS, Part.OPERATION}
    read_here |= {Part.ANSWER_HEADERS}
    rows = holds_rows(section, Part.ANSWER, form) or holds_rows(section, Part.PARAMETERS, form)
    if section.part is Part.OPERATION and not apart:
        yield from filter(_states_rows, section.tables)
    if ((section.part in read_here or rows) and not apart) or section.bare_sample:
        return
    tables = (each for each in section.tables if not is_call(each) and not is_status_table(each))
    yield from (each for each in tables if not is_code_table(each))


def _states_rows(table: Table) -> bool:
    """Say whether a table has the columns of a message's rows, and no key of a call."""
    named = columns(with_known_columns(table, COLUMNS), COLUMNS)
    return {"name", "type"} <= named.keys() and not is_call(table)


def without_call(part: Interface, address: Address, where: str) -> Iterator[Finding]:
    """Tell an interface that states a path and no method, or the other way round."""
    stated = address.path or address.method
    tables = [table.line for section in part.sections for table in section.tables]
    yield broken(
        "unreadable-address",
        where=where,
        lines=(stated.line if stated else part.sections[0].title.line or 1, *tables),
        subject=part.sections[0].title.text or "interface",
        evidence=f"{shown(stated.text) if stated else 'it'} stands without a "
        f"{'method' if address.path else 'path'}; this interface is not read",
        remedy="write a line such as “* 请求类型 : POST”, and one such as “* 请求地址 : /path”",
    )


_LISTED = {Part.PARAMETERS, Part.ANSWER}
_MOST_NAMED = 2


def conflicts(settled: Merged, where: str) -> Iterator[Finding]:
    """Tell what is left of merge conflicts, once."""
    if settled.conflicts:
        yield broken(
            "merge-conflict",
            where=where,
            lines=settled.conflicts[:1],
            subject="<<<<<<<",
            evidence=in_words(settled.conflicts),
            remedy="choose one side of each conflict, and remove the marks",
        )


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


def _missing(found: Sequence[Section], form: Form, where: str) -> Iterator[Finding]:
    if title_of(found, form) is None:
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
        if part not in parts and heading in form.sections:
            yield broken(
                "missing-section",
                where=where,
                lines=(1,),
                subject=heading,
                evidence=f"no heading announces {heading}",
                remedy=f"add the heading {heading}, with 无 below it if there is nothing to state",
            )


def _unreadable(section: Section, form: Form, where: str) -> Iterator[Finding]:
    """Find a section without its content, or with content of a kind that is not read in it."""
    line, title = section.title.line or 1, section.title.text or "the document's beginning"
    filled = section.tables or section.says_nothing or _lists(section) or _is_shown(section, form)
    filled = filled or (section.part is Part.PARAMETERS and any(request_lines(section)))
    if section.part is Part.ANSWER:
        filled = filled or _has_no_body(section) or bool(picture_type([section]))
    if section.part in _HOLDS and not filled:
        heading, content = _HOLDS[section.part]
        evidence = f"there is neither {content} nor 无 below it"
        yield _not_held(where, line, heading, evidence, f"add {content}, or 无, below it")
    sampled = section.fences or section.bare_sample or section.says_nothing or section.is_empty
    if section.part is Part.SAMPLES and not (sampled or section.tables):
        evidence = "there is neither fenced code nor 无 below it"
        yield _not_held(where, line, title, evidence, "write the sample between two lines ```")
    for unread in _unread(section, form):
        yield _not_read(where, unread, section)


def _has_no_body(section: Section) -> bool:
    """Say whether a line of an answer names the status of one without a body."""
    stated = (block for _, block in with_statuses(section.blocks, section.status))
    return any(status is not None and status.text == NO_CONTENT for status in stated)


def _lists(section: Section) -> bool:
    """Say whether lines of a section list what a table of it would."""
    if section.part is Part.ENVIRONMENTS:
        return bool(section.texts)
    return section.part in _LISTED and table_of(section.blocks) is not None


def _is_shown(section: Section, form: Form) -> bool:
    """Say whether a sample stands for the rows, as in other forms, or in a part such as 请求体."""
    return bool(section.fences) and (form is not HOUSE or bool(section.location))


def _is_shown_below(section: Section, found: Sequence[Section], form: Form) -> bool:
    """Say whether prose stands for the rows, and what follows shows them, as in other forms."""
    if form is HOUSE or section.part not in _LISTED or section.tables or section.fences:
        return False
    below = [each for each in found if each.title.line > section.title.line]
    following = next((each for each in below if not each.is_empty), None)
    return following is not None and following.part in {Part.SAMPLES, section.part}


def _unread(section: Section, form: Form, *, apart: bool = False) -> Iterator[Table | Fence]:
    """Give the tables and the fenced code that mean nothing in their section."""
    unread = {Part.UNKNOWN, Part.OPERATION, Part.ENVIRONMENTS}
    if section.part in unread or apart:
        used = used_fences(section)
        yield from (
            fence
            for fence in section.fences
            if fence not in used and not is_program(fence.text) and not called_by(fence.text, 1)
        )
    yield from unread_tables(section, form, apart=apart)


def _not_read(
    where: str, unread: Table | Fence, section: Section, *, apart: bool = False
) -> Finding:
    """Tell a table or fenced code that is not read, and the nearest thing that would be."""
    known = part_of(section.title.text) is not Part.UNKNOWN
    inside = ", inside the interface that it describes" * apart
    title = section.title.text or "the document's beginning"
    if isinstance(unread, Fence):
        first = next((line.strip() for line in unread.text.split("\n") if line.strip()), "")
        evidence = f"this fenced code is not read here: {shown(first)}"
        near = _nearest(section, ("请求样例", "应答样例", "错误样例"))
        line = unread.line if unread.bare else unread.line - 1
        remedy = f"put it{inside}" if apart and known else f"head it {near}{inside}"
        return _not_held(where, line, title, evidence, remedy.replace("it, inside", "it inside"))
    heads = ", ".join(plain(cell) for cell in unread.header.cells)
    evidence = f"this table of {count(unread)} rows is not read here: {shown(heads)}"
    near = _nearest(section, ("请求参数", "请求头", "应答报文", "域名列表", "错误码"))
    remedy = f"put it{inside}" if apart and known else f"head it {near}{inside}"
    return _not_held(where, unread.line, title, evidence, remedy.replace("it, inside", "it inside"))


def _nearest(section: Section, known: Sequence[str]) -> str:
    """Give the known headings, the one most like the section's own first."""
    title = word(section.title.text)
    alike = sorted(known, key=lambda each: -SequenceMatcher(None, title, each).ratio())
    return f"{' or '.join(alike[:_MOST_NAMED])}, whichever it is"


def _not_held(where: str, line: int, title: str, evidence: str, remedy: str) -> Finding:
    return broken(
        "unreadable-section",
        where=where,
        lines=(line,),
        subject=title,
        evidence=evidence,
        remedy=remedy,
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
