"""Faults of the body as a whole: bodies that are not JSON, or are badly written JSON."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace

from contract.findings import Level
from contract.spec.operations import Operation
from mock_server.answer_editing import (
    Answer,
    a_row,
    edited,
    encode,
    payload_of,
    the_code,
    the_container,
    with_value,
)
from mock_server.faults.fault import fault


@fault(
    "json",
    chinese="应答体为空。",
    source="a handler that returned before it wrote",
)
def body_empty(answer: Answer, _: Operation) -> Answer:
    """The body is empty."""
    return replace(answer, body=b"")


@fault(
    "json",
    chinese="应答体中途结束，但长度与 Content-Length 一致。",
    source="a buffer that is too small",
)
def body_cut_off(answer: Answer, _: Operation) -> Answer:
    """The body ends in the middle, though its length is right."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


@fault(
    "json",
    chinese="应答体使用 GBK 编码。",
    source="RFC 8259 §8.1; a service with the default encoding of a Chinese Windows",
)
def body_in_gbk(answer: Answer, _: Operation) -> Answer:
    """The body is encoded in GBK."""
    return replace(answer, body=answer.body.decode().encode("gbk"))


@fault(
    "json",
    chinese="应答体使用 UTF-16 编码。",
    source="RFC 8259 §8.1; a service on .NET or Windows",
)
def body_in_utf_16(answer: Answer, _: Operation) -> Answer:
    """The body is encoded in UTF-16."""
    return replace(answer, body=answer.body.decode().encode("utf-16"))


@fault(
    "json",
    chinese="JSON 之后还有别的内容。",
    source="a gateway that appends a comment",
)
def body_with_trailing_bytes(answer: Answer, _: Operation) -> Answer:
    """Something follows the JSON."""
    return replace(answer, body=answer.body + b"\n<!-- served by node 3 -->")


@fault(
    "json",
    chinese="应答体里同一个 JSON 出现两次。",
    source="a filter that writes the response again",
)
def body_twice(answer: Answer, _: Operation) -> Answer:
    """The body holds the JSON twice."""
    return replace(answer, body=answer.body * 2)


@fault(
    "json",
    chinese="应答体是调用函数的脚本：JSONP。",
    source="a framework with JSONP turned on",
)
def body_in_a_callback(answer: Answer, _: Operation) -> Answer:
    """The body is a script that calls a function with the answer: JSONP."""
    return replace(answer, body=b"callback(%s);" % answer.body)


@fault(
    "json",
    chinese="应答体是 XML。",
    source="a framework that ignores Accept",
)
def body_of_xml(answer: Answer, _: Operation) -> Answer:
    """The body is XML."""
    return replace(answer, body=b'<?xml version="1.0"?><response><code>000</code></response>')


@fault(
    "json",
    chinese="JSON 之前有一行注释。",
    source="a JSON library with extensions",
)
def body_with_comment(answer: Answer, _: Operation) -> Answer:
    """A comment stands before the JSON."""
    return replace(answer, body=b"// generated\n" + answer.body)


@fault(
    "json",
    chinese="最后一个成员之后多一个逗号。",
    source="JSON that is put together by hand",
)
def body_with_trailing_comma(answer: Answer, _: Operation) -> Answer:
    """A comma follows the last member."""
    return replace(answer, body=answer.body[:-1] + b",}")


@fault(
    "json",
    chinese="成员名没有引号。",
    source="JavaScript that is taken for JSON",
)
def body_with_bare_names(answer: Answer, _: Operation) -> Answer:
    """The members' names come without quotes."""
    return replace(answer, body=re.sub(rb'"(\w+)":', rb"\1:", answer.body))


@fault(
    "json",
    chinese="业务码写成不带引号的 000，这不是合法的 JSON 数字。",
    source="RFC 8259 §6; JSON that is put together by hand",
)
def body_with_leading_zeros(answer: Answer, operation: Operation) -> Answer:
    """The business code is written 000 without quotes, which is not a JSON number."""
    name = json.dumps(the_code(operation).path[-1]).encode()
    body = re.sub(re.escape(name) + rb':"(\w+)"', name + rb":\1", answer.body)
    return replace(answer, body=body)


@fault(
    "json",
    chinese="某个成员是 NaN，这不是合法的 JSON。",
    source="RFC 8259 §6; Python's json and JavaScript-like serialisers",
)
def body_with_nan(answer: Answer, operation: Operation) -> Answer:
    """A member is NaN, which is not JSON."""
    marked = with_value(answer, a_row(operation), lambda _: "not a number")
    return replace(marked, body=marked.body.replace(b'"not a number"', b"NaN"))


@fault(
    "json",
    chinese="字符串里有未转义的换行。",
    source="RFC 8259 §7; JSON that is put together by hand",
)
def body_with_raw_control(answer: Answer, operation: Operation) -> Answer:
    """A line break stands unescaped in a string."""
    broken = with_value(answer, a_row(operation), lambda value: f"{value}\n")
    return replace(broken, body=broken.body.replace(b"\\n", b"\n"))


@fault(
    "json",
    chinese="应答体使用单引号，像脚本语言打印出的值。",
    source="a Python service that sends str() of a dictionary",
)
def body_in_single_quotes(answer: Answer, _: Operation) -> Answer:
    """The body is written in single quotes, as a script language prints its values."""
    return replace(answer, body=repr(payload_of(answer)).encode())


@fault(
    "json",
    chinese="应答体经过压缩，但没有任何应答头说明。",
    source="RFC 9110 §8.4; a proxy that removes Content-Encoding",
)
def body_gzipped_unsaid(answer: Answer, _: Operation) -> Answer:
    """The body is compressed, but no header says so."""
    return replace(answer, body=zlib.compress(answer.body, wbits=31))


@fault(
    "names-once",
    level=Level.STRICT,
    chinese="同一个对象里某个字段出现两次，值不同。",
    source="RFC 8259 §4; a filter that adds a member without looking",
)
def name_twice(answer: Answer, operation: Operation) -> Answer:
    """A field row stands in its object twice, with two values."""
    name = a_row(operation).path[-1]
    marked = edited(answer, a_row(operation), lambda holder, _: holder.update({"\0": holder[name]}))
    # The mark comes last, so that a reader that takes the last of the two has the right one.
    first = re.sub(rb'"%s":"[^"]*"' % name.encode(), b'"%s":"0"' % name.encode(), marked.body)
    return replace(answer, body=first.replace(b'"\\u0000"', json.dumps(name).encode()))


@fault(
    "no-bom",
    level=Level.STRICT,
    chinese="JSON 之前有字节顺序标记（BOM）。",
    source="RFC 8259 §8.1; a file that a Windows editor saved",
)
def body_with_bom(answer: Answer, _: Operation) -> Answer:
    """A byte order mark stands before the JSON."""
    return replace(answer, body=b"\xef\xbb\xbf" + answer.body)


@fault(
    inconclusive="too-large",
    chinese="应答体先是 2 MiB 空白，然后才是 JSON。",
    source="a template engine in a loop; an attacker",
)
def body_of_2_megabytes(answer: Answer, _: Operation) -> Answer:
    """The body is 2 MiB of white space, then the JSON."""
    return replace(answer, body=b" " * (2 << 20) + answer.body)


@fault(
    inconclusive="too-large",
    chinese="某个成员是一万层嵌套的数组。",
    source="an attacker: recursive parsers overflow their stack",
)
def body_nested_deeply(answer: Answer, operation: Operation) -> Answer:
    """A member holds ten thousand lists, each in the next."""
    nested = with_value(answer, the_container(operation), lambda _: "\0")
    deep = b"[" * 10_000 + b"]" * 10_000
    return replace(nested, body=nested.body.replace(encode("\0"), deep))
