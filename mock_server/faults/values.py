"""Faults of values: what is the same in answers that must differ, what the sample shows else."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from contract.findings import Level
from contract.spec.operations import Operation
from mock_server.answer_editing import (
    Answer,
    NotApplicable,
    encode,
    in_some,
    repainted,
    saved,
    shown_only,
    the_code,
    the_number,
    with_value,
)
from mock_server.faults.fault import fault

# One picture, one number


@fault("names-one-picture", "varies")
def number_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same image number, for different pictures."""
    return with_value(answer, the_number(operation), lambda value: "A1B2C3"[: len(str(value))])


@fault("names-one-picture")
def number_reused(answer: Answer, operation: Operation) -> Answer:
    """About half of the answers have the same image number, for different pictures."""
    if not in_some(answer, operation):
        return answer
    return with_value(answer, the_number(operation), lambda value: "A1B2C3"[: len(str(value))])


@fault("varies")
def picture_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same picture, under different numbers."""
    image = saved(Image.new("RGB", (125, 45), "white"), "JPEG")
    return repainted(answer, operation, lambda _: image)


@fault("unique", level=Level.SAMPLE)
def picture_reused(answer: Answer, operation: Operation) -> Answer:
    """About half of the answers have the same picture, under different numbers."""
    image = saved(Image.new("RGB", (125, 45), "white"), "JPEG")
    hit = in_some(answer, operation)
    return repainted(answer, operation, lambda data: image if hit else data)


@fault("varies", "unique")
def answer_canned(answer: Answer, operation: Operation) -> Answer:
    """Every answer is the document's own sample."""
    return replace(answer, body=_sample(operation))


@fault("unique", level=Level.SAMPLE)
def answer_cached(answer: Answer, operation: Operation) -> Answer:
    """About half of the answers are one and the same, out of a cache that says nothing."""
    return replace(answer, body=_sample(operation)) if in_some(answer, operation) else answer


def _sample(operation: Operation) -> bytes:
    the_number(operation)  # elsewhere the same answer each time is nothing wrong
    for example in operation.examples.values():
        return encode(example)
    raise NotApplicable(f"{operation.id} has no example")


@fault("unique", level=Level.SAMPLE)
def request_id_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same request_id."""
    fixed = "00000000-0000-4000-8000-000000000000"
    return with_value(answer, shown_only(operation, "x-unique"), lambda _: fixed)


# What the sample shows


@fault("pattern", level=Level.SAMPLE)
def number_in_lower_case(answer: Answer, operation: Operation) -> Answer:
    """The image number is in lower case and one character longer than the sample's."""
    return with_value(answer, the_number(operation), lambda value: f"{value}x".lower())


@fault("pattern", level=Level.SAMPLE)
def number_with_line_break(answer: Answer, operation: Operation) -> Answer:
    """The image number ends in a line break."""
    return with_value(answer, the_number(operation), lambda value: f"{value}\n")


@fault("pattern", level=Level.SAMPLE)
def number_in_full_width(answer: Answer, operation: Operation) -> Answer:
    """The image number is written in full-width characters."""
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    return with_value(answer, the_number(operation), lambda value: str(value).translate(wide))


@fault("pattern", level=Level.SAMPLE)
def request_id_without_dashes(answer: Answer, operation: Operation) -> Answer:
    """The request_id is a UUID without its dashes."""
    member = shown_only(operation, "pattern")
    return with_value(answer, member, lambda value: str(value).replace("-", ""))


@fault("enum", level=Level.SAMPLE)
def msg_in_english(answer: Answer, operation: Operation) -> Answer:
    """The message is another text than the sample's."""
    return with_value(answer, shown_only(operation, "enum"), lambda _: "success")


@fault("enum", level=Level.SAMPLE)
def msg_garbled(answer: Answer, operation: Operation) -> Answer:
    """The message was read in another encoding than it was written in."""
    member = shown_only(operation, "enum")
    return with_value(answer, member, lambda value: str(value).encode().decode("latin-1"))


@fault("business-success", level=Level.SAMPLE)
def code_of_failure_with_rows(answer: Answer, operation: Operation) -> Answer:
    """The business code is no success code although the field rows are there."""
    return with_value(answer, the_code(operation), lambda _: "999")
