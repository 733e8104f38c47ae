"""Where one place of an interface document contradicts another.

What the table states wins; each contradiction is a finding that names both lines. A new kind is
one generator, listed in `contradictions`, and its rule in `document_rules.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract.documents.addresses import RequestLine, read_request_line, written_path
from contract.documents.cells import plain, shown
from contract.documents.document_rules import broken
from contract.documents.interface_document import InterfaceDocument
from contract.documents.sample_rows import differences_from_rows
from contract.documents.shown_values import departure, example
from contract.findings import Finding, named

_PARAMETER = re.compile(r"\{[^{}/]*\}")


def contradictions(document: InterfaceDocument) -> tuple[Finding, ...]:
    """Find every contradiction within the document, in the order of its lines."""
    where = named(document.path)
    found = (
        *_repeated_rows(document, where),
        *_repeated_environments(document, where),
        *_examples(document, where),
        *_methods(document, where),
        *_paths(document, where),
        *_hosts(document, where),
        *_samples(document, where),
        *_doubts(document, where),
    )
    return tuple(sorted(found, key=lambda finding: finding.places))


def _repeated_rows(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    for rows in (document.parameters, document.answer):
        first: dict[tuple[str, ...], int] = {}
        for row in rows:
            line = first.setdefault(row.path, row.line)
            if line != row.line:
                yield broken(
                    "repeated-row",
                    where=where,
                    lines=(line, row.line),
                    subject=row.name,
                    evidence=f"two rows describe {shown('.'.join(row.path))}; the first one counts",
                    remedy="remove one, or write the object that each of them belongs to",
                )


def _repeated_environments(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for environment in document.environments:
        line = first.setdefault(environment.name, environment.line)
        if environment.name and line != environment.line:
            yield broken(
                "repeated-environment",
                where=where,
                lines=(line, environment.line),
                subject=environment.name,
                evidence="two rows give its address",
                remedy="remove one, or name the other environment",
            )


def _examples(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    for row in (*document.parameters, *document.answer):
        if departed := departure(row, example(row)):
            rule, evidence = departed
            yield broken(
                rule,
                where=where,
                lines=(row.line,),
                subject=row.name,
                evidence=f"示例值 is {evidence}",
                remedy="correct the row's 示例值, or what it states",
            )


def _requests(document: InterfaceDocument) -> Iterator[RequestLine]:
    """Give every place where the document writes a method, host or path again."""
    yield from document.requests
    yield from (sample.request for sample in document.samples if sample.request is not None)


def _methods(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    for request in _requests(document):
        if request.method not in {"", document.method.text}:
            yield broken(
                "method-differs",
                where=where,
                lines=(document.method.line, request.line),
                subject="请求类型",
                evidence=f"{document.method.text} in one place, {request.method} in the other",
                remedy="correct one of the two",
            )


def _paths(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    addresses = (read_request_line(e.address, e.line) for e in document.environments)
    bases = {"", *(address.path.rstrip("/") for address in addresses if address)}
    for request in _requests(document):
        if request.path and not any(
            _leads_to(f"{base}{document.address.text}", written_path(request.path))
            for base in bases
        ):
            yield broken(
                "path-differs",
                where=where,
                lines=(document.address.line, request.line),
                subject="请求地址",
                evidence=f"{shown(document.address.text)} in one place, {shown(request.path)} in "
                "the other",
                remedy="correct one of the two",
            )


def _leads_to(template: str, path: str) -> bool:
    """Say whether a path is the template, with any one segment for each {parameter}."""
    literal = (re.escape(part) for part in _PARAMETER.split(template))
    return path == template or re.fullmatch("[^/]+".join(literal), path) is not None


def _hosts(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    addresses = [read_request_line(e.address, e.line) for e in document.environments if e.address]
    hosts = {address.host for address in addresses if address}
    for request in _requests(document):
        if hosts and request.host and request.host not in hosts and not _is_own(request.host):
            yield broken(
                "host-differs",
                where=where,
                lines=(document.environments[0].line, request.line),
                subject="域名列表",
                evidence=f"{shown(request.host)} is not among {shown(', '.join(sorted(hosts)))}",
                remedy="correct the host, or list its environment",
            )


def _is_own(host: str) -> bool:
    """Say whether a host is the reader's own machine, as samples of curl write it."""
    return host.partition(":")[0] in {"localhost", "127.0.0.1", "0.0.0.0"}  # noqa: S104 - a name


def _samples(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    for sample in document.samples:
        if sample.trouble is not None:
            yield broken(
                "sample-not-json",
                where=where,
                lines=(sample.line, sample.trouble.line),
                subject=sample.title,
                evidence=sample.trouble.text,
                remedy="correct the sample; a request may also be a request line or a query",
            )
        for slip in sample.slips:
            yield broken(
                "sample-not-json",
                where=where,
                lines=(sample.line, slip.line),
                subject=sample.title,
                evidence=f"{slip.text}; the sample is read all the same",
                remedy="correct the sample",
            )
        for member in sample.repeated:
            yield broken(
                "sample-repeats-member",
                where=where,
                lines=(sample.line, member.line),
                subject=plain(member.text),
                evidence=f"{shown(member.text)} stands twice in one object; the last one counts",
                remedy="remove one of the two",
            )
        if not document.is_undescribed(sample):
            yield from differences_from_rows(sample, document, where)


def _doubts(document: InterfaceDocument, where: str) -> Iterator[Finding]:
    """Tell what the samples do not show of the envelope."""
    envelope = document.envelope
    answers = [each.line for each in document.samples if not each.is_request]
    if envelope.doubt:
        yield broken(
            "unparted-samples",
            where=where,
            lines=(answers[0] if answers else document.answer_line or document.title.line,),
            subject=".".join(envelope.code) or document.title.text,
            evidence=envelope.doubt,
            remedy="add a sample of a success and one of a failure; say 成功 and 失败 above them",
        )
