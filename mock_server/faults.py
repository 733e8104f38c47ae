"""Every way to break an answer: an answer in, a broken answer out.

A fault is one function, named as the defect, that says which checks of `contract_tests` must
tell it, or for which reason the answer must count as inconclusive. To add one: write the
function below its kin and register it with `@fault`; the tests prove that it is told by those
checks and by no others. A fault finds the members it breaks by their part in the spec, so it
serves every operation that has such a member.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from PIL import Image

from mock_server.breaking import (
    HTML,
    Answer,
    a_row,
    as_format,
    edited,
    encode,
    first,
    holders,
    payload_of,
    picture_bytes,
    repainted,
    shown_only,
    the_code,
    the_container,
    the_number,
    the_picture,
    with_value,
    without,
)
from openapi.spec import Operation

Break = Callable[[Answer, Operation], Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """One defect: what it does to an answer, and who must tell it."""

    name: str
    sentence: str
    told_by: frozenset[str]
    inconclusive: str | None
    apply: Break


FAULTS: dict[str, Fault] = {}


def fault(*told_by: str, inconclusive: str | None = None) -> Callable[[Break], Break]:
    """Register a function as the fault of its name, told by these checks or for this reason."""

    def register(function: Break) -> Break:
        name = function.__name__.replace("_", "-")
        sentence = (function.__doc__ or "").strip()
        FAULTS[name] = Fault(name, sentence, frozenset(told_by), inconclusive, function)
        return function

    return register


# 是否必填


@fault("required")
def row_missing(answer: Answer, operation: Operation) -> Answer:
    """A required field row is missing."""
    return without(answer, a_row(operation))


@fault("required")
def picture_missing(answer: Answer, operation: Operation) -> Answer:
    """The 图片base64 row is missing."""
    return without(answer, the_picture(operation))


@fault("required")
def row_null(answer: Answer, operation: Operation) -> Answer:
    """A required field row is null."""
    return with_value(answer, a_row(operation), lambda _: None)


@fault("required")
def row_empty(answer: Answer, operation: Operation) -> Answer:
    """A required field row is the empty string."""
    return with_value(answer, a_row(operation), lambda _: "")


@fault("required")
def number_renamed(answer: Answer, operation: Operation) -> Answer:
    """The image number comes under another spelling of its name."""
    member = the_number(operation)
    camel = "".join(part.title() if k else part for k, part in enumerate(member.name.split("_")))
    other = camel if camel != member.name else member.name.upper()

    def rename(holder: MutableMapping[str, object], name: str) -> None:
        holder[other] = holder.pop(name)

    return edited(answer, member, rename)


@fault("required")
def data_missing(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is missing."""
    return without(answer, the_container(operation))


@fault("required")
def code_missing(answer: Answer, operation: Operation) -> Answer:
    """The business code is missing."""
    return without(answer, the_code(operation))


@fault("required")
def request_id_missing(answer: Answer, operation: Operation) -> Answer:
    """An envelope member that the sample shows is missing."""
    return without(answer, shown_only(operation, "pattern"))


# 类型 and 最大长度


@fault("type")
def row_a_number(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is a JSON number."""
    return with_value(answer, a_row(operation), lambda _: 20261123)


@fault("type")
def row_a_list(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is a list of strings."""
    return with_value(answer, a_row(operation), lambda value: [value])


@fault("type")
def data_a_list(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is a list of one object."""
    return with_value(answer, the_container(operation), lambda value: [value])


@fault("type")
def data_a_text(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is a string of JSON: encoded twice."""
    return with_value(answer, the_container(operation), lambda value: encode(value).decode())


@fault("type")
def code_a_number(answer: Answer, operation: Operation) -> Answer:
    """The business code is a number: its leading zeros are lost."""
    return with_value(answer, the_code(operation), lambda value: int(str(value)))


@fault("type")
def msg_a_number(answer: Answer, operation: Operation) -> Answer:
    """The message is a number."""
    return with_value(answer, shown_only(operation, "enum"), lambda _: 0)


@fault("max-length")
def row_too_long(answer: Answer, operation: Operation) -> Answer:
    """A field row is one character longer than its 最大长度."""
    member = first(operation, lambda each: "maxLength" in each.schema, "row with a 最大长度")
    limit = member.schema["maxLength"]
    return with_value(answer, member, lambda _: "字" * (limit + 1 if isinstance(limit, int) else 1))


# 图片base64


@fault("image")
def picture_no_base64(answer: Answer, operation: Operation) -> Answer:
    """The picture is text with characters that base64 lacks."""
    return with_value(answer, the_picture(operation), lambda value: str(value)[:60] + "图片!*")


@fault("image")
def picture_url_safe(answer: Answer, operation: Operation) -> Answer:
    """The picture is encoded in the URL-safe alphabet, which no browser decodes."""

    def url_safe(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + base64.urlsafe_b64encode(data).decode("ascii")

    return with_value(answer, the_picture(operation), url_safe)


@fault("image")
def picture_a_text(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes are a text."""
    return repainted(answer, operation, lambda _: b"no image")


@fault("image")
def picture_empty(answer: Answer, operation: Operation) -> Answer:
    """The picture is a data: URI without a byte behind it."""
    return with_value(answer, the_picture(operation), lambda value: picture_bytes(value)[0])


@fault("image")
def picture_cut_off(answer: Answer, operation: Operation) -> Answer:
    """The picture's last bytes are missing."""
    return repainted(answer, operation, lambda b: b[:-300])


@fault("image")
def picture_half_grey(answer: Answer, operation: Operation) -> Answer:
    """The picture's scan stops early, though its end marker is there: browsers show grey."""
    return repainted(answer, operation, lambda data: data[:-402] + data[-2:])


@fault("base64")
def picture_in_lines(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 is broken into lines of 76 characters, as mail does."""

    def in_lines(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + base64.encodebytes(data).decode("ascii").strip()

    return with_value(answer, the_picture(operation), in_lines)


@fault("base64")
def picture_unpadded(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 comes without its padding."""

    def unpadded(value: object) -> str:
        prefix, data = picture_bytes(value)
        # A trailing byte behind the end marker makes padding necessary, whatever the length was.
        filled = data + b"\0" * (1 if len(data) % 3 == 0 else 0)
        return prefix + base64.b64encode(filled).decode("ascii").rstrip("=")

    return with_value(answer, the_picture(operation), unpadded)


@fault("label", "x-image")
def picture_png_labelled_jpg(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG though its data: URI says image/jpg."""
    convert = as_format("PNG")
    return repainted(answer, operation, convert)


@fault("pattern", "x-image")
def picture_png(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG and says so."""
    prefix = "data:image/png;base64,"
    convert = as_format("PNG")
    return repainted(answer, operation, convert, prefix)


@fault("pattern")
def picture_bare(answer: Answer, operation: Operation) -> Answer:
    """The picture comes without the data: URI prefix."""
    return repainted(answer, operation, bytes, prefix="")


@fault("x-image")
def picture_tiny(answer: Answer, operation: Operation) -> Answer:
    """The picture is one pixel high, though each differs from the next."""

    def shrink(data: bytes) -> bytes:
        file = io.BytesIO()
        Image.open(io.BytesIO(data)).resize((64, 1), Image.Resampling.BOX).save(file, "JPEG")
        return file.getvalue()

    return repainted(answer, operation, shrink)


# One picture, one number


@fault("names-one-picture", "varies")
def number_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same image number, for different pictures."""
    return with_value(answer, the_number(operation), lambda value: "A1B2C3"[: len(str(value))])


@fault("varies")
def picture_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same picture, under different numbers."""
    image = io.BytesIO()
    Image.new("RGB", (125, 45), "white").save(image, "JPEG")
    return repainted(answer, operation, lambda _: image.getvalue())


@fault("unique")
def request_id_constant(answer: Answer, operation: Operation) -> Answer:
    """Every answer has the same request_id."""
    fixed = "00000000-0000-4000-8000-000000000000"
    return with_value(answer, shown_only(operation, "x-unique"), lambda _: fixed)


# What the sample shows


@fault("pattern")
def number_in_lower_case(answer: Answer, operation: Operation) -> Answer:
    """The image number is in lower case and one character longer than the sample's."""
    return with_value(answer, the_number(operation), lambda value: f"{value}x".lower())


@fault("pattern")
def request_id_without_dashes(answer: Answer, operation: Operation) -> Answer:
    """The request_id is a UUID without its dashes."""
    member = shown_only(operation, "pattern")
    return with_value(answer, member, lambda value: str(value).replace("-", ""))


@fault("enum")
def msg_in_english(answer: Answer, operation: Operation) -> Answer:
    """The message is another text than the sample's."""
    return with_value(answer, shown_only(operation, "enum"), lambda _: "success")


@fault("business-success")
def code_of_failure_with_rows(answer: Answer, operation: Operation) -> Answer:
    """The business code is no success code although the field rows are there."""
    return with_value(answer, the_code(operation), lambda _: "999")


# The body as a whole


@fault("json")
def body_empty(answer: Answer, _: Operation) -> Answer:
    """The body is empty."""
    return replace(answer, body=b"")


@fault("json")
def body_cut_off(answer: Answer, _: Operation) -> Answer:
    """The body ends in the middle, though its length is right."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


@fault("json")
def body_in_gbk(answer: Answer, _: Operation) -> Answer:
    """The body is encoded in GBK."""
    return replace(answer, body=answer.body.decode().encode("gbk"))


@fault("json")
def body_with_trailing_bytes(answer: Answer, _: Operation) -> Answer:
    """Something stands behind the JSON."""
    return replace(answer, body=answer.body + b"\n<!-- served by node 3 -->")


@fault("json")
def body_with_nan(answer: Answer, operation: Operation) -> Answer:
    """A member is NaN, which is no JSON."""
    return with_value(answer, a_row(operation), lambda _: float("nan"))


@fault("json")
def body_in_single_quotes(answer: Answer, _: Operation) -> Answer:
    """The body is written in single quotes, as a script language prints its values."""
    return replace(answer, body=repr(payload_of(answer)).encode())


# The answer as HTTP


@fault("status")
def status_created(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but its status is 201."""
    return replace(answer, status=HTTPStatus.CREATED)


@fault("media-type")
def media_type_text(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but it calls itself plain text."""
    return replace(answer, media_type="text/plain; charset=utf-8")


@fault("accepted")
def call_refused(answer: Answer, _: Operation) -> Answer:
    """The documented call is refused as a bad request, in JSON."""
    body = encode({"request_id": "0", "code": "400", "msg": "Required request body is missing"})
    return replace(answer, status=HTTPStatus.BAD_REQUEST, body=body)


@fault("accepted")
def operation_unknown(answer: Answer, operation: Operation) -> Answer:
    """The service does not know the documented path and says so in JSON."""
    body = encode({"status": 404, "error": "Not Found", "path": operation.path})
    return replace(answer, status=HTTPStatus.NOT_FOUND, body=body)


# What cannot be judged


def _page(status: HTTPStatus, title: str) -> Answer:
    body = f"<!DOCTYPE html><html><title>{title}</title><h1>{title}</h1></html>".encode()
    return Answer(status, HTML, body)


@fault(inconclusive="business-error")
def business_error(answer: Answer, operation: Operation) -> Answer:
    """The system behind reports a failure in the documented form, with no data."""
    payload = payload_of(answer)
    for member, value in ((the_code(operation), "500"), (the_container(operation), None)):
        for holder in holders(payload, member.path):
            holder[member.path[-1]] = value
    if isinstance(payload, dict):
        payload["msg"] = "系统异常"
    return replace(answer, body=encode(payload))


@fault(inconclusive="redirected")
def redirected_to_login(_: Answer, __: Operation) -> Answer:
    """The call is sent on to a login page."""
    page = _page(HTTPStatus.FOUND, "302 Found")
    return replace(page, headers=(("location", "/login"),))


@fault(inconclusive="access-refused")
def unauthorized(answer: Answer, _: Operation) -> Answer:
    """The call is refused for want of credentials."""
    return replace(answer, status=HTTPStatus.UNAUTHORIZED, body=encode({"msg": "未登录"}))


@fault(inconclusive="access-refused")
def forbidden(_: Answer, __: Operation) -> Answer:
    """A gateway forbids the call."""
    return _page(HTTPStatus.FORBIDDEN, "403 Forbidden")


@fault(inconclusive="rate-limited")
def rate_limited(answer: Answer, _: Operation) -> Answer:
    """The service asks for patience."""
    body = encode({"msg": "请求过于频繁"})
    answer = replace(answer, status=HTTPStatus.TOO_MANY_REQUESTS, body=body)
    return replace(answer, headers=(("retry-after", "3600"),))


@fault(inconclusive="server-error")
def server_error(answer: Answer, _: Operation) -> Answer:
    """The service fails, and says so in JSON."""
    body = encode({"status": 500, "error": "Internal Server Error"})
    return replace(answer, status=HTTPStatus.INTERNAL_SERVER_ERROR, body=body)


@fault(inconclusive="server-error")
def bad_gateway(_: Answer, __: Operation) -> Answer:
    """The gateway cannot reach the service."""
    return _page(HTTPStatus.BAD_GATEWAY, "502 Bad Gateway")


@fault(inconclusive="not-the-service")
def login_page(_: Answer, __: Operation) -> Answer:
    """A login page answers in place of the service, with status 200."""
    return _page(HTTPStatus.OK, "统一认证登录")


@fault(inconclusive="not-the-service")
def not_deployed(_: Answer, __: Operation) -> Answer:
    """A web server without the service answers 404 with a page."""
    return _page(HTTPStatus.NOT_FOUND, "404 Not Found")


@fault(inconclusive="not-the-service")
def refused_in_text(answer: Answer, _: Operation) -> Answer:
    """Something in front refuses the method in plain text."""
    body = b"Method Not Allowed"
    return replace(
        answer,
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        media_type="text/plain",
        body=body,
    )


@fault(inconclusive="too-large")
def body_too_large(answer: Answer, _: Operation) -> Answer:
    """The body is 2 MiB of white space and then the JSON."""
    return replace(answer, body=b" " * (2 << 20) + answer.body)


@fault(inconclusive="too-large")
def picture_too_large(answer: Answer, operation: Operation) -> Answer:
    """The picture is a small file that decodes to a hundred megapixels."""
    image = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(image, "PNG")
    return repainted(answer, operation, lambda _: image.getvalue())
