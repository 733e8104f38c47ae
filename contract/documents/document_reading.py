"""The way of a document: bytes → text → blocks → sections → interfaces → rows and samples.

`markdown.py` makes blocks of the text, `sections.py` sections of the blocks by their headings, and
`interfaces.py` cuts these into interfaces. `stated_calls.py` finds method and path,
`message_rows.py` the rows, `samples.py` the samples. What cannot be read becomes a finding by a
rule of `document_rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from contract.documents.address_words import ADDRESS_KEYS, METHOD_KEYS
from contract.documents.addresses import (
    Address,
    KeyedLine,
    ListedEnvironment,
    lists_environments,
    read_address,
    read_environment,
    read_environments,
)
from contract.documents.base_addresses import base_of, stated_bases
from contract.documents.beside_rows import unnamed_models, unread_entries, unread_prose
from contract.documents.block import Stated
from contract.documents.cells import shown, word
from contract.documents.encodings import of_another_form, text_of
from contract.documents.forms import Form, form_of
from contract.documents.heading_words import Part
from contract.documents.implied_calls import completed, hosts_alone
from contract.documents.interface_document import InterfaceDocument, UnreadableDocument
from contract.documents.interfaces import Interface, interfaces
from contract.documents.listed_codes import listed_codes
from contract.documents.locations import MEDIA_TYPE_KEYS, media_type, media_type_beside
from contract.documents.markdown import lines_of
from contract.documents.message_rows import Rows, count, rows_of
from contract.documents.model_rows import ModelRows
from contract.documents.models import models_in
from contract.documents.outline import (
    conflicts,
    misplaced,
    unread_rows,
    unreadable_characters,
    without_call,
)
from contract.documents.picture_answers import picture_type
from contract.documents.samples import Sample, samples_in
from contract.documents.sections import Section, repeated, sections
from contract.documents.sent_rows import sent
from contract.documents.stated_calls import KEYS, candidates, keyed
from contract.documents.status_answers import StatusAnswer, failure_in
from contract.documents.titles import title_of
from contract.findings import Finding, Place, named
from contract.merge_conflicts import merged
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
    settled = merged(lines_of(text_of(content, where)))
    lines = settled.lines
    found, described = models_in(sections(lines))
    models = ModelRows(described, where)
    form = form_of(found)
    parts = [(each, _address(each, where)) for each in interfaces(found)]
    whole = [(each, address) for each, address in parts if address.method and address.path]
    if not whole:
        known = of_another_form("\n".join(lines), where)
        raise known or _without_operation(parts[0][1], found, where)
    unread = tuple(
        finding
        for part, address in parts
        if not (address.method and address.path)
        for finding in without_call(part, address, where)
    )
    first = (
        *conflicts(settled, where),
        *unreadable_characters(lines, where),
        *unnamed_models(described.unused, where),
        *unread,
    )
    read_in: list[InterfaceDocument] = []
    for part, address in whole:
        more = first if not read_in else ()
        read_in.append(_interface(path, lines, part, address, form, models, more))
    of_all = listed_codes([section for part, _ in whole for section in part.apart])
    read_in = [each if each.codes else replace(each, codes=of_all) for each in read_in]
    asked = [row for each in read_in for row in each.parameters]
    for_all = (*models.findings, *unread_prose(whole[0][0].above, asked, where))
    if for_all:
        together = {*read_in[0].findings, *for_all}
        found_in = tuple(sorted(together, key=lambda finding: finding.places))
        read_in[0] = replace(read_in[0], findings=found_in)
    return tuple(read_in)


def _address(part: Interface, where: str) -> Address:
    """Read the method and path of an interface, from other places where its lines lack them."""
    address = read_address(part.calls, where)
    if address.method and address.path:
        return address
    found = (*part.above, *part.sections)
    environments = _environments(found, where)[0] or _bases(found, address)
    return completed(address, found, environments, where)


def _interface(  # noqa: PLR0913, PLR0917 - one document, and what is known of it
    path: Path,
    lines: Sequence[str],
    part: Interface,
    address: Address,
    form: Form,
    models: ModelRows,
    more: Sequence[Finding],
) -> InterfaceDocument:
    where = named(path)
    own = part.sections
    again = repeated(own)
    once = [section for position, section in enumerate(own) if position not in again]
    samples = tuple(sample for section in once for sample in samples_in(section))
    answers = [s.value for s in samples if not s.is_request]
    asked = [s.value for s in samples if s.is_request]
    environments, listed = _environments((*part.above, *once), where)
    environments = environments or _bases((*part.above, *once), address)
    environments = hosts_alone(environments, address.path or Stated("", 0))
    asking = rows_of((*part.shared, *once), Part.PARAMETERS, where, asked, form, models)
    answering = rows_of((*part.shared, *once), Part.ANSWER, where, answers, form, models)
    asking, answering = (_own_first(rows, own[0].title.line) for rows in (asking, answering))
    shown = next((each.media_type for each in samples if each.media_type), "")
    heading = rows_of((*part.shared, *once), Part.ANSWER_HEADERS, where, (), form, models)
    is_shown = bool(answering.rows or answering.whole or answers)
    body = sent(asking.rows, _media_type(once) or shown, where, asking.whole)
    title = title_of(own, form)
    findings = (
        *more,
        *misplaced(own, part.apart, form, where),
        *listed,
        *address.findings,
        *asking.findings,
        *body.findings,
        *answering.findings,
        *heading.findings,
        *unread_entries(once, body.rows, where),
        *unread_prose(once, body.rows, where),
    )
    stated = title or Stated(path.stem, 1)
    return InterfaceDocument(
        path=path,
        line=stated.line,
        title=stated,
        environments=environments,
        method=address.method or Stated("", 0),
        address=address.path or Stated("", 0),
        parameters=body.rows,
        answer=answering.rows,
        samples=samples,
        findings=tuple(sorted(findings, key=lambda finding: finding.places)),
        parameters_line=_line_of((*once, *part.shared), Part.PARAMETERS),
        answer_line=_line_of(once, Part.ANSWER),
        requests=address.others,
        remarks=tuple(remark for section in once for remark in _remarks(section)),
        lines=tuple(lines),
        media_type=body.media_type,
        body=body.whole,
        whole=answering.whole,
        picture="" if is_shown else picture_type(once),
        headers=heading.rows,
        codes=listed_codes(once),
        status=answering.status,
        statuses=answering.statuses,
        others=(*answering.others, *_only_shown(samples, answering.others)),
        table_rows=asking.there
        - body.taken_of(asking.rows)
        + answering.there
        + heading.there
        + _unread_rows(part, form)
        + sum(count(table) for position in again for table in own[position].tables),
    )


def _own_first(rows: Rows, start: int) -> Rows:
    """Leave out the rows shared by all interfaces that one states again, with the same type."""
    own = {(row.path, row.kind) for row in rows.rows if row.line >= start}
    kept = tuple(row for row in rows.rows if row.line >= start or (row.path, row.kind) not in own)
    return replace(rows, rows=kept, there=rows.there - len(rows.rows) + len(kept))


def _only_shown(
    samples: Iterable[Sample], described: Sequence[StatusAnswer]
) -> Iterator[StatusAnswer]:
    """Give the failures that only a sample shows, titled as HTTP names them: 410 Gone."""
    known = {each.status.text for each in described}
    for sample in samples:
        status = failure_in(sample.title)
        if status and status not in known and not sample.is_request and sample.trouble is None:
            known.add(status)
            yield StatusAnswer(status=Stated(status, sample.line))


def _without_operation(
    address: Address, found: Sequence[Section], where: str
) -> UnreadableDocument:
    """Say what the document states instead of a method or a path, and which lines come near."""
    keys = METHOD_KEYS if address.method is None else ADDRESS_KEYS
    missing = [("method", "* 请求类型 : POST")] if address.method is None else []
    missing += [("path", "* 请求地址 : /path")] if address.path is None else []
    lines = [line for section in found for line in keyed(section)]
    stated = next((line for line in lines if word(line.key) in keys), None)
    near = sorted({each for section in found for each in candidates(section)}, key=lambda e: e[1])
    line = stated.line if stated else near[0][1] if near else 1
    instead = "" if stated is None else f"{stated.key} is {shown(stated.value)}; "
    quoted = ", ".join(f"line {number} says {shown(text)}" for text, number in near[:_MOST_QUOTED])
    lacks = f"no line states a {' or a '.join(each for each, _ in missing)}; "
    problem = f"no operation in it: {lacks}{instead}{quoted}{'; ' if quoted else ''}"
    examples = " and one such as ".join(f"“{example}”" for _, example in missing)
    return UnreadableDocument(Place(where, line), f"{problem}write a line such as {examples}")


_MOST_QUOTED = 3


def _media_type(found: Sequence[Section]) -> str:
    """Find the line that states the media type of the request."""
    for section in found:
        if section.part in {Part.OPERATION, Part.UNKNOWN, Part.PARAMETERS}:
            for line in keyed(section):
                key = word(line.key)
                if key in MEDIA_TYPE_KEYS and (said := media_type(line.value)):
                    return said
                if key in METHOD_KEYS and (said := media_type_beside(line.value)):
                    return said
            if word(section.title.text) in MEDIA_TYPE_KEYS:
                said = next(filter(None, (media_type(t.text) for t in section.texts)), "")
                if said:
                    return said
    return ""


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
            for line in keyed(section) if not section.tables else ():
                environment, unreadable = read_environment(line, where)
                environments += [environment] if environment else []
                findings += unreadable
        elif section.part in {Part.OPERATION, Part.UNKNOWN}:
            for table in filter(lists_environments, section.tables):
                rows, wrong = read_environments(table, where)
                environments += rows
                findings += wrong
    return tuple(environments), tuple(findings)


def _bases(found: Sequence[Section], address: Address) -> tuple[ListedEnvironment, ...]:
    """Give the environments of a document that has no table of them."""
    lines = [line for section in found for line in keyed(section)]
    stated = tuple(stated_bases(found, lines))
    return stated or tuple(base_of(address.others, address.path.text if address.path else ""))


def _remarks(section: Section) -> Iterator[Stated]:
    """Give the lines that no other part of the reading uses."""
    if section.part is Part.REMARKS:
        yield from section.lines
    elif not section.bare_sample:
        stated = list(keyed(section))
        used = {line.line for line in stated if _is_read(section, line)}
        texts = {text.line: text.text for text in section.texts}
        texts = {line.line: f"{line.key} : {line.value}" for line in stated} | texts
        yield from (Stated(texts[line], line) for line in sorted(texts.keys() - used))


def _is_read(section: Section, line: KeyedLine) -> bool:
    """Say whether a line `* key : value` states an environment, the method or the path."""
    if section.part is Part.ENVIRONMENTS:
        return not section.tables
    return section.part in {Part.OPERATION, Part.UNKNOWN} and word(line.key) in KEYS


def _unread_rows(part: Interface, form: Form) -> int:
    return unread_rows(part.sections, form) + unread_rows(part.apart, form, apart=True)


def _line_of(found: Sequence[Section], part: Part) -> int:
    return next((section.title.line for section in found if section.part is part), 0)
