"""Every way to answer differently and still correctly: what no check may object to.

A variation is written and served like a fault, but nothing may detect it. To add one: write the
function and decorate it with `@variation`. Those of the picture stand in `picture_variations`.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Mapping
from dataclasses import replace

from contract.spec.media_types import BodyForm
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, encode, payload_of
from mock_server.faults import picture_variations
from mock_server.faults.fault import Fault, faults_in, variation
from mock_server.wire import Wire, chunk, head, whole

# The JSON


def _turned(value: object) -> object:
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(item) for item in value] if isinstance(value, list) else value


@variation(
    chinese="成员的顺序与样例不同。",
    source="RFC 8259 §4: an object is unordered",
)
def keys_in_another_order(answer: Answer, _: Operation) -> Answer:
    """Members come in another order than the sample's."""
    return replace(answer, body=encode(_turned(payload_of(answer))))


@variation(
    chinese="JSON 带缩进，使用制表符和 Windows 换行。",
    source="RFC 8259 §2: white space is insignificant",
)
def pretty_printed(answer: Answer, _: Operation) -> Answer:
    """The JSON is indented, by tabs and with the line breaks of Windows."""
    text = json.dumps(payload_of(answer), ensure_ascii=False, indent="\t")
    return replace(answer, body=text.replace("\n", "\r\n").encode())


@variation(
    chinese="JSON 前后有空白。",
    source="RFC 8259 §2: white space is insignificant",
    forms={BodyForm.JSON},
)
def a_kilobyte_of_white_space(answer: Answer, _: Operation) -> Answer:
    """White space stands before and after the JSON."""
    return replace(answer, body=b" \t\r\n" * 256 + answer.body + b"\n" * 1024)


@variation(
    chinese="JSON 以换行结尾。",
    source="RFC 8259 §2: white space is insignificant",
)
def trailing_line_break(answer: Answer, _: Operation) -> Answer:
    """The JSON ends in a line break."""
    return replace(answer, body=answer.body + b"\n")


@variation(
    chinese="非 ASCII 字符做了转义。",
    source="RFC 8259 §7: any character may be escaped",
)
def characters_escaped(answer: Answer, _: Operation) -> Answer:
    """What is not ASCII is escaped."""
    return replace(answer, body=json.dumps(payload_of(answer)).encode())


@variation(
    chinese="斜杠做了转义，有些序列化库会这样做。",
    source="RFC 8259 §7; PHP's json_encode",
)
def slashes_escaped(answer: Answer, _: Operation) -> Answer:
    """Slashes are escaped, as some serialisers do."""
    return replace(answer, body=answer.body.replace(b"/", b"\\/"))


@variation(
    chinese="所有字符串的每个字符都做了转义，使用大写十六进制。",
    source="RFC 8259 §7: any character may be escaped",
)
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


@variation(
    chinese="Content-Type 带 charset 参数。",
    source="RFC 8259 §11: the parameter has no effect; Spring used to send it",
)
def charset_named(answer: Answer, _: Operation) -> Answer:
    """The media type has a charset parameter."""
    return replace(answer, media_type=f"{answer.media_type};charset=UTF-8")


@variation(
    chinese="Content-Type 用大写，参数带引号。",
    source="RFC 9110 §8.3.1: case and quotes do not matter",
)
def media_type_in_capitals(answer: Answer, _: Operation) -> Answer:
    """The media type is written in capitals, its parameter in quotes."""
    return replace(answer, media_type=f'{answer.media_type.upper()} ; charset="utf-8"')


@variation(
    chinese="应答设置了两个 Cookie。",
    source="a servlet container, a load balancer with sticky sessions",
)
def cookies_set(answer: Answer, _: Operation) -> Answer:
    """The answer sets two cookies."""
    cookies = (("set-cookie", "JSESSIONID=1; Path=/; HttpOnly"), ("set-cookie", "route=2"))
    return replace(answer, headers=cookies)


@variation(
    chinese="网关留下自己的名称、追踪号和跨域许可。",
    source="a gateway",
)
def gateway_headers(answer: Answer, _: Operation) -> Answer:
    """A gateway adds its name, a trace id, and permissions for other origins."""
    headers = (
        ("server", "openresty/1.21"),
        ("via", "1.1 gateway"),
        ("x-request-id", "0af7651916cd43dd"),
        ("access-control-allow-origin", "*"),
        ("strict-transport-security", "max-age=31536000"),
    )
    return replace(answer, headers=headers)


@variation(
    chinese="应答禁止任何缓存保存，是 Servlet 容器的写法。",
    source="RFC 9111 §5.2.2; Spring Security",
)
def never_cached(answer: Answer, _: Operation) -> Answer:
    """The answer forbids every cache to store it, in the words of servlet containers."""
    headers = (
        ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
        ("pragma", "no-cache"),
        ("expires", "0"),
    )
    return replace(answer, headers=headers)


@variation(
    chinese="前面的缓存声明未命中，已向服务请求。",
    source="a content delivery network",
)
def missed_by_caches(answer: Answer, _: Operation) -> Answer:
    """A cache in front of the service says that it had no answer, and asked the service."""
    headers = (("age", "0"), ("x-cache", "MISS from edge"), ("etag", '"1"'))
    return replace(answer, headers=headers)


@variation(
    chinese="应答头的名称用大写。",
    source="RFC 9110 §5.1: names are case-insensitive",
)
def headers_in_capitals(answer: Answer, _: Operation) -> Wire:
    """Header names are in capitals."""
    plain = replace(answer, media_type="", headers=())
    names = f"CONTENT-TYPE:{answer.media_type}", f"CONTENT-LENGTH:\t{len(answer.body)} "
    return Wire(steps=(head(plain, *names) + answer.body,))


# The transfer


@variation(
    chinese="应答体用 gzip 压缩。",
    source="RFC 9110 §8.4.1.3",
)
def gzipped(answer: Answer, _: Operation) -> Answer:
    """The body is compressed by gzip."""
    body = zlib.compress(answer.body, wbits=31)
    return replace(answer, body=body, headers=(("content-encoding", "gzip"),))


@variation(
    chinese="应答体用 deflate 压缩。",
    source="RFC 9110 §8.4.1.2",
)
def deflated(answer: Answer, _: Operation) -> Answer:
    """The body is compressed by deflate."""
    body = zlib.compress(answer.body)
    return replace(answer, body=body, headers=(("content-encoding", "deflate"),))


@variation(
    chinese="应答体按每块一百字节分块传输，末尾带 trailer。",
    source="RFC 9112 §7.1",
)
def chunked(answer: Answer, _: Operation) -> Wire:
    """The body comes in chunks of a hundred bytes, followed by a trailer."""
    starts = range(0, len(answer.body), 100)
    chunks = b"".join(chunk(answer.body[start : start + 100]) for start in starts)
    trailer = b"0\r\nx-checksum: 1\r\n\r\n"
    return Wire(steps=(head(answer, "transfer-encoding: chunked") + chunks + trailer,))


@variation(
    chinese="应答分成许多小段到达。",
    source="TCP promises no boundaries",
)
def in_small_segments(answer: Answer, _: Operation) -> Wire:
    """The answer arrives in many small segments."""
    sent = whole(answer)
    size = len(sent) // 20 + 1
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    return Wire(steps=tuple(step for piece in pieces for step in (piece, 0.002)))


@variation(
    chinese="应答是 HTTP/1.0，以关闭连接表示结束。",
    source="RFC 9112 §6.3: a body without a length ends with the connection",
)
def ended_by_closing(answer: Answer, _: Operation) -> Wire:
    """The answer is HTTP/1.0, and ends where the connection does."""
    return Wire(steps=(head(answer, version="HTTP/1.0"), answer.body))


@variation(
    chinese="每次应答后都关闭连接。",
    source="RFC 9112 §9.6",
)
def closed_after_each(answer: Answer, _: Operation) -> Wire:
    """The connection is closed after every answer."""
    return Wire(steps=(whole(answer),))


@variation(
    chinese="最终应答之前先有一个 103 信息性应答。",
    source="RFC 8297; RFC 9110 §15.2: a client must accept it",
)
def hints_before(answer: Answer, _: Operation) -> Wire:
    """An informational answer, 103, precedes the final one."""
    return Wire(steps=(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", whole(answer)))


@variation(
    chinese="状态行没有原因短语。",
    source="RFC 9112 §4: the phrase may be empty; Tomcat since 8.5",
)
def reason_missing(answer: Answer, _: Operation) -> Wire:
    """The status line has no reason phrase."""
    return Wire(steps=(whole(answer).replace(b" 200 OK\r\n", b" 200 \r\n", 1),))


@variation(
    chinese="应答耗时三分之一秒。",
    source="a service in another region",
)
def slow_but_fine(answer: Answer, _: Operation) -> Wire:
    """The answer takes a third of a second."""
    return Wire(steps=(0.3, whole(answer)))


VARIATIONS: Mapping[str, Fault] = faults_in((sys.modules[__name__], picture_variations))
"""Every variation by its name."""
