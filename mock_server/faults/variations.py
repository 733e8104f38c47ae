"""Every way to answer otherwise and still well: what no check may tell.

A variation is written and served as a fault is, only that nobody tells it. To add one: write the
function and decorate it with `@variation`.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from dataclasses import replace

from PIL import Image

from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, as_format, encode, payload_of, repainted, saved
from mock_server.faults.fault import catalogue, fault
from mock_server.wire import Wire, chunk, head, whole

variation = fault()

# The JSON


def _turned(value: object) -> object:
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(item) for item in value] if isinstance(value, list) else value


@variation
def keys_in_another_order(answer: Answer, _: Operation) -> Answer:
    """Members come in another order than the sample's."""
    return replace(answer, body=encode(_turned(payload_of(answer))))


@variation
def pretty_printed(answer: Answer, _: Operation) -> Answer:
    """The JSON is indented, by tabs and with the line breaks of Windows."""
    text = json.dumps(payload_of(answer), ensure_ascii=False, indent="\t")
    return replace(answer, body=text.replace("\n", "\r\n").encode())


@variation
def a_kilobyte_of_white_space(answer: Answer, _: Operation) -> Answer:
    """White space stands before and behind the JSON."""
    return replace(answer, body=b" \t\r\n" * 256 + answer.body + b"\n" * 1024)


@variation
def trailing_line_break(answer: Answer, _: Operation) -> Answer:
    """The JSON ends in a line break."""
    return replace(answer, body=answer.body + b"\n")


@variation
def characters_escaped(answer: Answer, _: Operation) -> Answer:
    """What is not ASCII is escaped."""
    return replace(answer, body=json.dumps(payload_of(answer)).encode())


@variation
def slashes_escaped(answer: Answer, _: Operation) -> Answer:
    """Slashes are escaped, as some serialisers do."""
    return replace(answer, body=answer.body.replace(b"/", b"\\/"))


@variation
def everything_escaped(answer: Answer, _: Operation) -> Answer:
    """Every character of every string is escaped, in capitals."""

    def escaped(value: object) -> str:
        if isinstance(value, dict):
            members = ",".join(f"{escaped(name)}:{escaped(value[name])}" for name in value)
            return f"{{{members}}}"
        if isinstance(value, list):
            return f"[{','.join(map(escaped, value))}]"
        if isinstance(value, str):
            letters = "".join(f"\\u{ord(letter):04X}" for letter in value)
            return f'"{letters}"'
        return json.dumps(value)

    return replace(answer, body=escaped(payload_of(answer)).encode())


# The headers


@variation
def charset_named(answer: Answer, _: Operation) -> Answer:
    """The media type has a charset parameter."""
    return replace(answer, media_type=f"{answer.media_type};charset=UTF-8")


@variation
def media_type_in_capitals(answer: Answer, _: Operation) -> Answer:
    """The media type is written in capitals, its parameter in quotes."""
    return replace(answer, media_type=f'{answer.media_type.upper()} ; charset="utf-8"')


@variation
def cookies_set(answer: Answer, _: Operation) -> Answer:
    """The answer sets two cookies."""
    cookies = (("set-cookie", "JSESSIONID=1; Path=/; HttpOnly"), ("set-cookie", "route=2"))
    return replace(answer, headers=cookies)


@variation
def gateway_headers(answer: Answer, _: Operation) -> Answer:
    """A gateway leaves its name, a trace and what it allows to scripts of other origins."""
    headers = (
        ("server", "openresty/1.21"),
        ("via", "1.1 gateway"),
        ("x-request-id", "0af7651916cd43dd"),
        ("access-control-allow-origin", "*"),
        ("strict-transport-security", "max-age=31536000"),
    )
    return replace(answer, headers=headers)


@variation
def never_cached(answer: Answer, _: Operation) -> Answer:
    """The answer forbids every cache to keep it, as servlet containers say it."""
    headers = (
        ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
        ("pragma", "no-cache"),
        ("expires", "0"),
    )
    return replace(answer, headers=headers)


@variation
def missed_by_caches(answer: Answer, _: Operation) -> Answer:
    """A cache in front says that it had nothing, and asked the service."""
    headers = (("age", "0"), ("x-cache", "MISS from edge"), ("etag", '"1"'))
    return replace(answer, headers=headers)


@variation
def headers_in_capitals(answer: Answer, _: Operation) -> Wire:
    """Header names are in capitals."""
    plain = replace(answer, media_type="", headers=())
    names = f"CONTENT-TYPE:{answer.media_type}", f"CONTENT-LENGTH:\t{len(answer.body)} "
    return Wire(steps=(head(plain, *names) + answer.body,))


# The transfer


@variation
def gzipped(answer: Answer, _: Operation) -> Answer:
    """The body is compressed by gzip."""
    body = zlib.compress(answer.body, wbits=31)
    return replace(answer, body=body, headers=(("content-encoding", "gzip"),))


@variation
def deflated(answer: Answer, _: Operation) -> Answer:
    """The body is compressed by deflate."""
    body = zlib.compress(answer.body)
    return replace(answer, body=body, headers=(("content-encoding", "deflate"),))


@variation
def chunked(answer: Answer, _: Operation) -> Wire:
    """The body comes in chunks of a hundred bytes, a trailer behind them."""
    starts = range(0, len(answer.body), 100)
    chunks = b"".join(chunk(answer.body[start : start + 100]) for start in starts)
    trailer = b"0\r\nx-checksum: 1\r\n\r\n"
    return Wire(steps=(head(answer, "transfer-encoding: chunked") + chunks + trailer,))


@variation
def in_small_segments(answer: Answer, _: Operation) -> Wire:
    """The answer arrives in many small segments."""
    sent = whole(answer)
    size = len(sent) // 20 + 1
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    return Wire(steps=tuple(step for piece in pieces for step in (piece, 0.002)))


@variation
def ended_by_closing(answer: Answer, _: Operation) -> Wire:
    """The answer is HTTP/1.0, and ends where the connection does."""
    return Wire(steps=(head(answer, version="HTTP/1.0"), answer.body))


@variation
def closed_after_each(answer: Answer, _: Operation) -> Wire:
    """The connection is closed after every answer."""
    return Wire(steps=(whole(answer),))


@variation
def hints_before(answer: Answer, _: Operation) -> Wire:
    """An informational answer, 103, comes before the final one."""
    return Wire(steps=(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", whole(answer)))


@variation
def reason_missing(answer: Answer, _: Operation) -> Wire:
    """The status line has no reason phrase."""
    return Wire(steps=(whole(answer).replace(b" 200 OK\r\n", b" 200 \r\n", 1),))


@variation
def slow_but_fine(answer: Answer, _: Operation) -> Wire:
    """The answer takes a third of a second."""
    return Wire(steps=(0.3, whole(answer)))


# The picture


@variation
def picture_progressive(answer: Answer, operation: Operation) -> Answer:
    """The picture is a progressive JPEG."""
    return repainted(answer, operation, as_format("JPEG", progressive=True))


@variation
def picture_optimised(answer: Answer, operation: Operation) -> Answer:
    """The picture's Huffman tables are its own, its chroma is not subsampled."""
    return repainted(answer, operation, as_format("JPEG", optimize=True, subsampling=0))


@variation
def picture_greyscale(answer: Answer, operation: Operation) -> Answer:
    """The picture is a JPEG in shades of grey."""

    def greyed(data: bytes) -> bytes:
        return saved(Image.open(io.BytesIO(data)).convert("L"), "JPEG")

    return repainted(answer, operation, greyed)


@variation
def picture_with_comment(answer: Answer, operation: Operation) -> Answer:
    """The picture's file holds a comment and a resolution, and zeros behind its end."""
    convert = as_format("JPEG", comment="kaptcha", dpi=(96, 96))
    return repainted(answer, operation, lambda data: convert(data) + b"\0" * 5)


VARIATIONS = catalogue((sys.modules[__name__],))
