"""Faults of values: the same in answers that must differ, or unlike those of the sample."""

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


@fault(
    "names-one-picture",
    "varies",
    chinese="每次应答的图片编号相同，图片却不同。",
    source="a number that is made once, at the start",
)
def number_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same image number, for different pictures."""
    return with_value(answer, the_number(operation), lambda value: "A1B2C3"[: len(str(value))])


@fault(
    "names-one-picture",
    chinese="约一半的应答图片编号相同，图片却不同。",
    source="a random generator with too small a range",
)
def number_reused(answer: Answer, operation: Operation) -> Answer:
    """About half of the answers have the same image number, for different pictures."""
    if not in_some(answer, operation):
        return answer
    return with_value(answer, the_number(operation), lambda value: "A1B2C3"[: len(str(value))])


@fault(
    "varies",
    chinese="每次应答的图片相同，编号却不同。",
    source="a picture that is cached without its number",
)
def picture_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same picture, under different numbers."""
    return repainted(answer, operation, lambda _: _drawing())


@fault(
    "unique",
    level=Level.SAMPLE,
    chinese="约一半的应答图片相同，编号却不同。",
    source="a pool of pictures that is too small",
)
def picture_reused(answer: Answer, operation: Operation) -> Answer:
    """About half of the answers have the same picture, under different numbers."""
    hit = in_some(answer, operation)
    return repainted(answer, operation, lambda data: _drawing() if hit else data)


@fault(
    "varies",
    "unique",
    chinese="每次应答都是文档里的样例。",
    source="a stub that was deployed in place of the service",
)
def answer_canned(answer: Answer, operation: Operation) -> Answer:
    """Every answer is the document's own sample."""
    return replace(answer, body=_sample(operation))


@fault(
    "unique",
    level=Level.SAMPLE,
    chinese="约一半的应答完全相同，来自没有任何标识的缓存。",
    source="a cache in front that stores answers to POST",
)
def answer_cached(answer: Answer, operation: Operation) -> Answer:
    """About half of the answers are identical, from a cache that does not say so."""
    return replace(answer, body=_sample(operation)) if in_some(answer, operation) else answer


def _sample(operation: Operation) -> bytes:
    the_number(operation)  # elsewhere the same answer each time is nothing wrong
    for example in operation.examples.values():
        return encode(example)
    raise NotApplicable(f"{operation.id} has no example")


@fault(
    "unique",
    level=Level.SAMPLE,
    chinese="每次应答的 request_id 相同。",
    source="a tracing filter with a constant",
)
def request_id_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same request_id."""
    fixed = "00000000-0000-4000-8000-000000000000"
    return with_value(answer, shown_only(operation, "x-unique"), lambda _: fixed)


# What the sample shows


@fault(
    "pattern",
    level=Level.SAMPLE,
    chinese="图片编号是小写，且比样例多一个字符。",
    source="a generator with another alphabet",
)
def number_in_lower_case(answer: Answer, operation: Operation) -> Answer:
    """The image number is in lower case and one character longer than the sample's."""
    return with_value(answer, the_number(operation), lambda value: f"{value}x".lower())


@fault(
    "pattern",
    level=Level.SAMPLE,
    chinese="图片编号末尾有换行。",
    source="a value that was read from a file or a command",
)
def number_with_line_break(answer: Answer, operation: Operation) -> Answer:
    """The image number ends in a line break."""
    return with_value(answer, the_number(operation), lambda value: f"{value}\n")


@fault(
    "pattern",
    level=Level.SAMPLE,
    chinese="图片编号是全角字符。",
    source="a value that was typed with a Chinese input method",
)
def number_in_full_width(answer: Answer, operation: Operation) -> Answer:
    """The image number is written in full-width characters."""
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    return with_value(answer, the_number(operation), lambda value: str(value).translate(wide))


@fault(
    "pattern",
    level=Level.SAMPLE,
    chinese="request_id 是不带连字符的 UUID。",
    source="a service that removes them to save space",
)
def request_id_without_dashes(answer: Answer, operation: Operation) -> Answer:
    """The request_id is a UUID without its dashes."""
    member = shown_only(operation, "pattern")
    return with_value(answer, member, lambda value: str(value).replace("-", ""))


@fault(
    "enum",
    level=Level.SAMPLE,
    chinese="提示信息与样例的文字不同。",
    source="a service with another locale",
)
def msg_in_english(answer: Answer, operation: Operation) -> Answer:
    """The message differs from the one in the sample."""
    return with_value(answer, shown_only(operation, "enum"), lambda _: "success")


@fault(
    "enum",
    level=Level.SAMPLE,
    chinese="提示信息乱码：写入和读取的编码不一致。",
    source="UTF-8 that was read as ISO 8859-1, the default of servlet containers",
)
def msg_garbled(answer: Answer, operation: Operation) -> Answer:
    """The message was read in another encoding than it was written in."""
    member = shown_only(operation, "enum")
    return with_value(answer, member, lambda value: str(value).encode().decode("latin-1"))


@fault(
    "business-success",
    level=Level.SAMPLE,
    chinese="业务码不是成功码，业务字段却有值。",
    source="a warning that is reported as an error code",
)
def code_of_failure_with_rows(answer: Answer, operation: Operation) -> Answer:
    """The business code is not a success code, although the field rows have values."""
    return with_value(answer, the_code(operation), lambda _: "999")


def _drawing() -> bytes:
    return saved(Image.linear_gradient("L").resize((125, 45)).convert("RGB"), "JPEG")
