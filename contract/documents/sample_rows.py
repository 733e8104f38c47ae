"""A sample compared with the rows that describe its message, both ways.

The envelope needs no rows: a table describes the members inside it, or the envelope as well. A
sample of a failure needs no row of what only a success carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.documents.cells import Kind, is_map, shortened, shown
from contract.documents.document_rules import broken
from contract.documents.field_rows import Row
from contract.documents.interface_document import InterfaceDocument
from contract.documents.row_places import objects, rows_root
from contract.documents.sample_json import Names
from contract.documents.samples import Sample
from contract.documents.shown_values import departure, described, typed
from contract.findings import Finding
from contract.instances import present
from contract.json_pointer import pointer_of

_PARAMETER = re.compile(r"\{([^{}/]*)\}")


@dataclass(frozen=True, slots=True)
class _Message:
    """A sample's value beside the rows that describe it, each path once."""

    sample: Sample
    value: object
    rows: Mapping[tuple[str, ...], Row]
    root: tuple[str, ...]
    exempt: frozenset[str]
    heading: int
    where: str

    def line(self, at: Names) -> int:
        """Find the line of a member, or of the nearest object around it that has one."""
        while at and at not in self.sample.lines:
            at = at[:-1]
        request = self.sample.request
        default = self.sample.line if request is None else request.line
        return self.sample.lines.get(at, default)

    def stated_near(self, path: tuple[str, ...], container: Mapping[str, object]) -> int:
        """Find the line that is nearest to a member without a row.

        If the sample lacks exactly one row of the same object, that row may be meant. Otherwise it
        is the row of the object, or the heading.
        """
        beside = (row for inner, row in self.rows.items() if inner[:-1] == path)
        missing = [row for row in beside if row.is_required and row.name not in container]
        above = self.rows.get(path)
        if len(missing) == 1:
            return missing[0].line
        return self.heading if above is None else above.line

    def departure(self, rule: str, stated: int, at: Names, evidence: str) -> Finding:
        return broken(
            rule,
            where=self.where,
            lines=(stated, self.line(at)),
            subject=str(next((name for name in reversed(at) if isinstance(name, str)), "answer")),
            evidence=f"{shortened(self.sample.title)}: {evidence}",
            remedy="correct the sample, or the row",
            pointer=pointer_of(at),
        )


def differences_from_rows(
    sample: Sample, document: InterfaceDocument, where: str
) -> Iterator[Finding]:
    """Find where a sample differs from the rows of its message."""
    stated = document.parameters if sample.is_request else document.answer
    heading = document.parameters_line if sample.is_request else document.answer_line
    rows: dict[tuple[str, ...], Row] = {}
    for row in stated:
        rows.setdefault(row.path, row)
    value = _shown(sample, rows, document.method.text)
    if value is None or not heading:
        return
    is_error = not sample.is_request and sample.line in document.envelope.failed
    if is_error:
        rows = _of_failures(document, rows, value)
    root = () if is_error else rows_root({path[0] for path in rows}, value)
    exempt = frozenset(path[0] for path in document.envelope.members) - {*root[:1]}
    exempt = frozenset() if root or sample.is_request else exempt
    message = _Message(sample, value, rows, root, exempt, heading, where)
    in_path = set(_PARAMETER.findall(document.address.text)) if sample.is_request else set()
    for row in rows.values():
        if row.name not in in_path and not _is_sent_apart(row, sample, document.method.text):
            yield from _row_differences(message, row)
    if not rows and not is_error and isinstance(value, dict | list):
        yield from _without_rows(message, document)
    elif not is_error:
        yield from _undescribed(message)


def _without_rows(message: _Message, document: InterfaceDocument) -> Iterator[Finding]:
    """Tell once that a message is only shown: no row describes any of its members."""
    alike = (each for each in document.samples if each.is_request is message.sample.is_request)
    names = {
        name: (*at, name)
        for at, holder in objects(message.value)
        for name in holder
        if name not in message.exempt
    }
    if names and next(alike, None) is message.sample:
        yield message.departure(
            "undescribed-member",
            message.heading,
            next(iter(names.values())),
            f"no row describes any member: {shown(', '.join(names))}",
        )


def _is_sent_apart(row: Row, sample: Sample, method: str) -> bool:
    """Say whether a row is sent where a sample of a body does not show it."""
    if row.location == "query":
        return method != "GET" and not (sample.request and sample.request.query)
    return row.location in {"header", "cookie", "path"}


def _of_failures(
    document: InterfaceDocument, rows: Mapping[tuple[str, ...], Row], value: object
) -> dict[tuple[str, ...], Row]:
    """Give the rows that an answer to a failed call has: the business code, and those beside it."""
    code = document.envelope.code
    if not code or code not in rows:
        return {}
    beside = {path: row for path, row in rows.items() if path[:-1] == code[:-1]}
    return {
        path: row
        for path, row in beside.items()
        if row.kind not in {Kind.OBJECT, Kind.ARRAY}
        and (path == code or any(each.value is not None for each in present(value, path)))
    }


def _shown(sample: Sample, rows: Mapping[tuple[str, ...], Row], method: str) -> object:
    """Give the message's value: JSON, the query of a request line, or both."""
    request = sample.request
    if request is None or not (request.query or (sample.value is None and method == "GET")):
        return sample.value
    query: dict[str, object] = {}
    for name, text in request.query:
        kind = rows[name,].kind if (name,) in rows else None
        query[name] = [text] if kind is Kind.ARRAY else typed(kind, text)
    body = sample.value
    return query | body if isinstance(body, dict) else query


def _row_differences(message: _Message, row: Row) -> Iterator[Finding]:
    """Find the first place where a row's member is missing, and the first where it differs."""
    path = (*message.root, *row.path[:-1])
    parents = [
        (each.steps, each.value) for each in present(message.value, path, through_lists=True)
    ]
    containers = [found for at, parent in parents for found in objects(parent, at)]
    found: set[str] = set()
    for at, container in containers:
        place = (*at, row.name)
        rule, evidence = "row-missing-in-sample", "it is missing"
        if row.name in container:
            rule, evidence = _value_difference(row, container[row.name])
        elif not row.is_required:
            continue
        if rule and rule not in found:
            found.add(rule)
            yield message.departure(rule, row.line, place, evidence)
    lists = any(isinstance(parent, list) for _, parent in parents)
    has_described_parent = row.path[:-1] in message.rows
    if row.is_required and not (containers or lists or has_described_parent):
        place = (*message.root, *row.path)
        yield message.departure(
            "row-missing-in-sample", row.line, place, "the object that should hold it is missing"
        )


def _value_difference(row: Row, value: object) -> tuple[str, str]:
    if value is None:
        return ("null-in-sample", "it is null") if row.is_required else ("", "")
    return departure(row, value) or ("", "")


def _is_map(row: Row) -> bool:
    """Say whether the members of a row may have any name, so that no row describes them."""
    return not row.holds_rows and is_map(row.type)


def _undescribed(message: _Message) -> Iterator[Finding]:
    """Find the members beside and below the rows that no row describes, each path once."""
    known = {path[:length] for path in message.rows for length in range(1, len(path) + 1)}
    found: set[tuple[str, ...]] = set()
    waiting: list[tuple[tuple[str, ...], Names, object]] = [
        ((), each.steps, each.value)
        for each in present(message.value, message.root, through_lists=True)
    ]
    while waiting:
        path, at, value = waiting.pop()
        for place, container in objects(value, at):
            for name, member in container.items():
                inner = (*path, name)
                if inner in known:
                    row = message.rows.get(inner)
                    if row is None or (row.kind in {Kind.OBJECT, Kind.ARRAY} and not _is_map(row)):
                        waiting.append((inner, (*place, name), member))
                elif inner not in found and not (not path and name in message.exempt):
                    found.add(inner)
                    yield message.departure(
                        "undescribed-member",
                        message.stated_near(path, container),
                        (*place, name),
                        f"no row describes {shown('.'.join(inner))}, {described(member)}",
                    )
