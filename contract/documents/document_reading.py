"""The way of a document: bytes → text → blocks → sections → rows, samples and the operation.

`markdown.py` makes blocks of the text and `sections.py` sections of the blocks, by their headings.
The environments and the operation are read here, rows in `field_rows.py`, samples in
`samples.py`. What cannot be read becomes a finding by a rule of `document_rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from contract.documents.addresses import (
    ADDRESS_KEYS,
    METHOD_KEYS,
    KeyedLine,
    ListedEnvironment,
    read_address,
    read_environment,
    read_environments,
)
from contract.documents.cells import plain, shown, word
from contract.documents.field_rows import Row, read_rows
from contract.documents.interface_document import InterfaceDocument, UnreadableDocument
from contract.documents.markdown import Stated, lines_of
from contract.documents.outline import misplaced, title_of, unreadable_characters
from contract.documents.samples import samples_in
from contract.documents.sections import Part, Section, entry, repeated, sections
from contract.findings import Finding, Place, named
from contract.plain_files import content_of


def read(path: Path) -> tuple[InterfaceDocument, ...]:
    """Read the interfaces that a document describes, in its order; there is at least one.

    Raises:
        UnreadableDocument: the file cannot be read, is not text, or names no operation.
    """
    try:
        content = content_of(path)
        where = named(path)
    except (OSError, ValueError) as reason:
        why = getattr(reason, "strerror", None) or reason
        place = Place(path.as_posix(), 1)
        raise UnreadableDocument(place, f"the document cannot be opened: {why}") from reason
    lines = lines_of(_text(content, where))
    found = sections(lines)
    title = title_of(found)
    again = repeated(found)
    once = [section for position, section in enumerate(found) if position not in again]
    entries = list(_entries(once))
    address = read_address(entries, where)
    if address.method is None:
        raise _without_operation(entries, METHOD_KEYS, "* 请求类型 : POST", where)
    if address.path is None:
        raise _without_operation(entries, ADDRESS_KEYS, "* 请求地址 : /path", where)
    samples = tuple(sample for section in once for sample in samples_in(section))
    answers = [s.value for s in samples if not s.is_request]
    asked = [s.value for s in samples if s.is_request]
    environments, listed = _environments(once, where)
    parameters, in_parameters = _rows(once, Part.PARAMETERS, where, asked)
    answer, in_answer = _rows(once, Part.ANSWER, where, answers)
    findings = (
        *unreadable_characters(lines, where),
        *misplaced(found, where),
        *listed,
        *address.findings,
        *in_parameters,
        *in_answer,
    )
    title = title or Stated(path.stem, 1)
    document = InterfaceDocument(
        path=path,
        line=title.line,
        title=title,
        environments=environments,
        method=address.method,
        address=address.path,
        parameters=parameters,
        answer=answer,
        samples=samples,
        findings=tuple(sorted(findings, key=lambda finding: finding.places)),
        parameters_line=_line_of(once, Part.PARAMETERS),
        answer_line=_line_of(once, Part.ANSWER),
        requests=address.others,
        remarks=tuple(remark for section in once for remark in _remarks(section)),
        lines=tuple(lines),
    )
    return (document,)


def _text(content: bytes, where: str) -> str:
    """Decode the document: UTF-8 with or without BOM, UTF-16 with BOM, or GBK.

    If some bytes fit neither encoding, the first one in which the text says 请求 is used. Each
    such byte becomes U+FFFD, which is a finding.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise UnreadableDocument(Place(where, 1), "the document is not text")
    for errors in ("strict", "replace"):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding, errors=errors)
            except UnicodeDecodeError:
                continue
            if "请求" in text:
                return text
    raise UnreadableDocument(Place(where, 1), "no operation in it: it never says 请求")


def _without_operation(
    entries: Sequence[KeyedLine], keys: frozenset[str], example: str, where: str
) -> UnreadableDocument:
    """Say what the document states instead of a method or a path."""
    stated = next((line for line in entries if word(line.key) in keys), None)
    line = 1 if stated is None else stated.line
    instead = "" if stated is None else f"{stated.key} is {shown(stated.value)}; "
    problem = f"no operation in it: {instead}write a line such as “{example}”"
    return UnreadableDocument(Place(where, line), problem)


def _environments(
    found: Sequence[Section], where: str
) -> tuple[tuple[ListedEnvironment, ...], tuple[Finding, ...]]:
    environments: list[ListedEnvironment] = []
    findings: list[Finding] = []
    for section in found:
        if section.part is Part.ENVIRONMENTS:
            for table in section.tables:
                rows, wrong = read_environments(table, where)
                environments += rows
                findings += wrong
            for line in _keyed(section) if not section.tables else ():
                environment, unreadable = read_environment(line, where)
                environments += [environment] if environment else []
                findings += unreadable
    return tuple(environments), tuple(findings)


def _rows(
    found: Sequence[Section], part: Part, where: str, values: Sequence[object]
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    rows: list[Row] = []
    findings: list[Finding] = []
    for section in found:
        for table in section.tables if section.part is part else ():
            read_in, wrong = read_rows(table, where, values)
            rows += read_in
            findings += wrong
    return tuple(rows), tuple(findings)


def _keyed(section: Section) -> Iterator[KeyedLine]:
    """Give lines `* key : value`, rows of two cells, and lines below a heading that is a key."""
    for text in section.texts:
        if pair := entry(text.text):
            yield KeyedLine(*pair, text.line)
        elif word(section.title.text) in METHOD_KEYS | ADDRESS_KEYS:
            yield KeyedLine(section.title.text, plain(text.text.strip("*-+ ")), text.line)
    if section.part is Part.OPERATION:
        for table in section.tables:
            for row in (table.header, *table.rows):
                yield KeyedLine(plain(row.cells[0]), plain(" ".join(row.cells[1:])), row.line)


def _entries(found: Sequence[Section]) -> Iterator[KeyedLine]:
    """Give what the document says about its operation, even before the first heading."""
    parts = {section.part for section in found}
    source = Part.OPERATION if Part.OPERATION in parts else Part.UNKNOWN
    for section in found:
        if section.part is source:
            yield from _keyed(section)


def _remarks(section: Section) -> Iterator[Stated]:
    """Give the lines that no other part of the reading uses."""
    if section.part is Part.REMARKS:
        yield from section.lines
    elif not section.bare_sample:
        keyed = list(_keyed(section))
        used = {line.line for line in keyed if _is_read(section, line)}
        texts = {text.line: text.text for text in section.texts}
        texts = {line.line: f"{line.key} : {line.value}" for line in keyed} | texts
        yield from (Stated(texts[line], line) for line in sorted(texts.keys() - used))


def _is_read(section: Section, line: KeyedLine) -> bool:
    """Say whether a line `* key : value` states an environment, the method or the path."""
    if section.part is Part.ENVIRONMENTS:
        return not section.tables
    return section.part is Part.OPERATION and word(line.key) in METHOD_KEYS | ADDRESS_KEYS


def _line_of(found: Sequence[Section], part: Part) -> int:
    return next((section.title.line for section in found if section.part is part), 0)
