"""One message of an operation, request or answer: the document's samples beside the examples.

Both sides know their lines. What the document's own findings say of a sample is known too, so that
no fact is told twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract.documents import InterfaceDocument, Sample
from contract.documents.contradictions import contradictions
from contract.findings import Place, named
from contract.json_pointer import pointer_of
from contract.review.review_rule import Reviewed
from contract.review.sample_pairs import SamplePairs, pairs_of
from contract.review.value_differences import Steps
from contract.spec.operations import Operation
from contract.spec.yaml_nodes import place_of
from contract.spec.yaml_text import Located

REQUEST = "request"
ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledMessage:
    """The samples of one message, and the examples of the spec.

    Attributes:
        kind: `REQUEST` or `ANSWER`.
        document: that has the samples.
        pairs: which sample belongs to which example.
        examples: of the spec, by name.
        place: where the spec has its examples, or would.
        unread: whether the document has a sample of it that cannot be read.
    """

    kind: str
    document: InterfaceDocument
    pairs: SamplePairs
    examples: Mapping[str, object]
    place: Place
    unread: bool

    def token(self, name: str, steps: Steps) -> str:
        """Name one member of an example, the same in every rule that is about it."""
        return token(self.kind, name, steps)

    def at_example(self, name: str, steps: Steps) -> Place:
        """Find where the spec writes a member of an example, or the nearest place around it."""
        value: object = self.examples[name]
        place = value.place if isinstance(value, Located) else self.place
        for number, step in enumerate(steps):
            if isinstance(value, Located):
                return place_of(value, steps[number:])
            items = value if isinstance(value, list) else []
            value = items[step] if isinstance(step, int) and step < len(items) else None
            place = value.place if isinstance(value, Located) else place
        return place

    def at_sample(self, sample: Sample, steps: Steps) -> Place:
        """Find where the document writes a member of a sample, or the nearest object around it."""
        line, known = line_of(sample, steps)
        name = next((step for step in reversed(known) if isinstance(step, str)), "")
        text = self.document.lines[line - 1] if 0 < line <= len(self.document.lines) else ""
        at = text.find(f'"{name}"') if name else -1
        column = at if at >= 0 else len(text) - len(text.lstrip())
        return Place(named(self.document.path), line, column + 1)


def token(kind: str, name: str, steps: Steps) -> str:
    """Name one member of an example, the same in every rule that is about it."""
    return f"{kind} {name} {pointer_of(steps)}"


def within(name: str) -> str:
    """Name a member that is gone because the object around it is."""
    return f"within {name}"


def line_of(sample: Sample, steps: Steps) -> tuple[int, Steps]:
    """Give the line of a member, or of the nearest one around it, and what leads to that one."""
    while steps and steps not in sample.lines:
        steps = steps[:-1]
    first = sample.line if sample.request is None else sample.request.line
    return sample.lines.get(steps, first), steps


def messages(reviewed: Reviewed) -> Iterator[SampledMessage]:
    """Put the samples of an answer beside its examples, then those of a request's body."""
    operation, document = reviewed.operation, reviewed.document
    if document is None:
        return
    answers = [each for each in document.samples if not each.is_request]
    examples = dict(operation.examples)
    for response in operation.others:
        more = {f"{response.status} {name}": each for name, each in response.examples.items()}
        examples |= more
    yield _message(ANSWER, document, answers, examples, _answers_place(operation))
    if operation.body is not None:
        asked = [each for each in document.samples if each.is_request]
        body = operation.body
        yield _message(REQUEST, document, asked, body.examples, body.place)


def _message(
    kind: str,
    document: InterfaceDocument,
    samples: Sequence[Sample],
    examples: Mapping[str, object],
    place: Place,
) -> SampledMessage:
    shown = [each for each in samples if each.value is not None]
    return SampledMessage(
        kind=kind,
        document=document,
        pairs=pairs_of(shown, examples),
        examples=examples,
        place=place,
        unread=any(each.trouble is not None for each in samples),
    )


def _answers_place(operation: Operation) -> Place:
    """Find where the spec says what a successful answer carries."""
    node: object = operation.responses.get(str(operation.status))
    place = node.place if isinstance(node, Located) else operation.place
    for key in ("content", operation.media_type):
        if isinstance(node, Located) and key in node:
            place, node = node.at(key), node[key]
    return node.at("examples") if isinstance(node, Located) and "examples" in node else place


@dataclass(frozen=True, slots=True)
class Told:
    """The members of samples that the document's own findings are about: lines and pointers."""

    members: frozenset[tuple[int, str]]

    def names(self, sample: Sample) -> bool:
        """Say whether a finding of the document is about a member of a sample."""
        last = sample.line + sample.text.count("\n")
        return any(sample.line <= line <= last for line, _ in self.members)

    def covers(self, sample: Sample, steps: Steps) -> bool:
        """Say whether a finding of the document is about a member, or what holds it."""
        prefixes = (steps[:length] for length in range(1, len(steps) + 1))
        places = ((line_of(sample, each)[0], pointer_of(each)) for each in prefixes)
        return any(each in self.members for each in places)


def told(document: InterfaceDocument) -> Told:
    """List what the document's own findings say of its samples."""
    pointed = [each for each in contradictions(document) if each.pointer]
    members = {(place.line, each.pointer) for each in pointed for place in each.places}
    return Told(frozenset(members))


def first_success(document: InterfaceDocument | None) -> Sample | None:
    """Give the first sample of a success that is JSON."""
    good = document.good if document is not None else ()
    return next((each for each in good if each.value is not None), None)
