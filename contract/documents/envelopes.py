"""A file → its interfaces, each with the envelope that its samples and its neighbours show.

Interfaces of one file and of one folder are neighbours: one team writes them for one platform. An
interface's own samples count more; the folder is only read where they leave a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from contract.documents import document_reading
from contract.documents.interface_document import InterfaceDocument, UnreadableDocument
from contract.documents.learned_envelope import Envelope, is_placeholder, learned
from contract.documents.sample_sides import with_sides
from contract.documents.samples import Sample

_MOST_NEIGHBOURS = 100


def read(path: Path) -> tuple[InterfaceDocument, ...]:
    """Read the interfaces that a document describes, in its order; there is at least one.

    Raises:
        UnreadableDocument: the file cannot be read, is not text, or names no operation.
    """
    found = with_envelopes([with_sides(each) for each in document_reading.read(path)])
    if not any(each.envelope.doubt for each in found):
        return found
    siblings = sorted(each for each in path.parent.glob("*.md") if each.name != path.name)
    beside = [one for each in siblings[:_MOST_NEIGHBOURS] for one in _sibling(each)]
    return with_envelopes(found, beside)


def _sibling(path: Path) -> tuple[InterfaceDocument, ...]:
    try:
        written = path.stat()
    except OSError:
        return ()
    return _read_once(path.resolve(), written.st_mtime_ns, written.st_size)


@lru_cache(maxsize=256)
def _read_once(path: Path, _written: int, _size: int) -> tuple[InterfaceDocument, ...]:
    try:
        return tuple(with_sides(each) for each in document_reading.read(path))
    except UnreadableDocument:
        return ()


def with_envelopes(
    documents: Sequence[InterfaceDocument], beside: Sequence[InterfaceDocument] = ()
) -> tuple[InterfaceDocument, ...]:
    """Give interfaces the envelopes that their samples, and those of all the others, show.

    Args:
        documents: the interfaces.
        beside: others that are documented beside them; they only lend their envelopes.
    """
    near = [learned(_shown(each), each.answer) for each in (*documents, *beside)]
    found: list[InterfaceDocument] = []
    for number, each in enumerate(documents):
        envelope = learned(_shown(each), each.answer, [*near[:number], *near[number + 1 :]])
        samples = tuple(_with_success(sample, envelope) for sample in each.samples)
        found.append(replace(each, envelope=envelope, samples=samples))
    return tuple(found)


def _with_success(sample: Sample, envelope: Envelope) -> Sample:
    """Give a sample of zeros and blanks with the business code that a success has."""
    shown = not sample.is_request and is_placeholder(sample.value)
    if not shown or not envelope.success or sample.line in envelope.failed:
        return sample
    return replace(sample, value=_put(sample.value, envelope.code, envelope.success))


def _put(value: object, at: Sequence[str], success: Sequence[object]) -> object:
    """Put the first code of a success where another value stands."""
    if not at:
        known = any(type(each) is type(value) and each == value for each in success)
        return value if known else success[0]
    if not isinstance(value, dict) or at[0] not in value:
        return value
    return {**value, at[0]: _put(value[at[0]], at[1:], success)}


def _shown(document: InterfaceDocument) -> tuple[Sample, ...]:
    """Give the samples that may show the envelope."""
    return tuple(each for each in document.samples if not document.is_undescribed(each))
