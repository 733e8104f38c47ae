"""Documented samples and examples as the page shows them: JSON, and the pictures in it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.documents import InterfaceDocument, Sample
from contract.findings import Place, named
from contract.json_pointer import Step, pointer_of
from contract.page.shortening import shortened
from contract.pictures import image
from contract.spec.operations import Operation
from contract.spec.vocabulary import encoded, picture

_SMALLEST = 32
"""The shortest base64 that can hold a picture, in characters."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture in a sample: what its own bytes say of it, and the bytes as a data: URI."""

    pointer: str
    media_type: str
    width: int
    height: int
    size: int
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One sample.

    Attributes:
        title: what the document, or the spec, calls it.
        place: where the document has it; None for an example of the spec alone.
        names: of the spec's examples that have the same value.
        text: its JSON with base64 shortened, or the text where it is not JSON.
        pictures: the pictures in it.
    """

    title: str
    place: Place | None
    names: tuple[str, ...]
    text: str
    pictures: tuple[Drawn, ...]


def shown(operation: Operation, document: InterfaceDocument | None) -> Iterator[Shown]:
    """Give the samples of the document, and the examples of the spec that it does not have."""
    examples = dict(_examples(operation))
    for sample in document.samples if document else ():
        names = [name for name, value in examples.items() if _same(sample, value)]
        for name in names:
            del examples[name]
        yield Shown(
            title=sample.title,
            place=Place(named(document.path), sample.line) if document else None,
            names=tuple(names),
            text=shortened(sample.text) if _is_text(sample) else _json(sample.value),
            pictures=tuple(drawn(sample.value)),
        )
    for name, value in examples.items():
        yield Shown("", None, (name,), _json(value), tuple(drawn(value)))


def _examples(operation: Operation) -> Iterator[tuple[str, object]]:
    if operation.body is not None:
        for name, value in operation.body.examples.items():
            yield f"requestBody {name}", value
    for name, value in operation.examples.items():
        yield f"{operation.status} {name}", value
    for response in operation.others:
        for name, value in response.examples.items():
            yield f"{response.status} {name}", value


def _same(sample: Sample, value: object) -> bool:
    return not _is_text(sample) and sample.value == value


def _is_text(sample: Sample) -> bool:
    """Say whether a sample is shown as its text: it has no JSON, or a request line above it."""
    return sample.value is None or sample.request is not None


def _json(value: object) -> str:
    return shortened(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def drawn(value: object, steps: tuple[Step, ...] = ()) -> Iterator[Drawn]:
    """Find every picture that a value holds."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from drawn(inner, (*steps, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from drawn(inner, (*steps, number))
    elif isinstance(value, str) and len(value) >= _SMALLEST:
        try:
            seen, data = picture(value), encoded(value).data
        except (image.NotBase64, image.NotAnImage, image.TooLarge):
            return
        yield Drawn(
            pointer=pointer_of(steps),
            media_type=seen.media_type,
            width=seen.width,
            height=seen.height,
            size=len(data),
            source=f"data:{seen.media_type};base64,{b64encode(data).decode()}",
        )
