"""Faults of the body as a whole: what is no JSON, and JSON as no one should write it."""

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
def body_in_utf_16(answer: Answer, _: Operation) -> Answer:
    """The body is encoded in UTF-16."""
    return replace(answer, body=answer.body.decode().encode("utf-16"))


@fault("json")
def body_with_trailing_bytes(answer: Answer, _: Operation) -> Answer:
    """Something stands behind the JSON."""
    return replace(answer, body=answer.body + b"\n<!-- served by node 3 -->")


@fault("json")
def body_twice(answer: Answer, _: Operation) -> Answer:
    """The JSON stands in the body twice."""
    return replace(answer, body=answer.body * 2)


@fault("json")
def body_in_a_callback(answer: Answer, _: Operation) -> Answer:
    """The body is a script that calls a function with the answer: JSONP."""
    return replace(answer, body=b"callback(%s);" % answer.body)


@fault("json")
def body_of_xml(answer: Answer, _: Operation) -> Answer:
    """The body is XML."""
    return replace(answer, body=b'<?xml version="1.0"?><response><code>000</code></response>')


@fault("json")
def body_with_comment(answer: Answer, _: Operation) -> Answer:
    """A comment stands before the JSON."""
    return replace(answer, body=b"// generated\n" + answer.body)


@fault("json")
def body_with_trailing_comma(answer: Answer, _: Operation) -> Answer:
    """A comma stands behind the last member."""
    return replace(answer, body=answer.body[:-1] + b",}")


@fault("json")
def body_with_bare_names(answer: Answer, _: Operation) -> Answer:
    """The members' names come without quotes."""
    return replace(answer, body=re.sub(rb'"(\w+)":', rb"\1:", answer.body))


@fault("json")
def body_with_leading_zeros(answer: Answer, operation: Operation) -> Answer:
    """The business code is written 000 without quotes, which is no JSON number."""
    name = json.dumps(the_code(operation).path[-1]).encode()
    body = re.sub(re.escape(name) + rb':"(\w+)"', name + rb":\1", answer.body)
    return replace(answer, body=body)


@fault("json")
def body_with_nan(answer: Answer, operation: Operation) -> Answer:
    """A member is NaN, which is no JSON."""
    return with_value(answer, a_row(operation), lambda _: float("nan"))


@fault("json")
def body_with_raw_control(answer: Answer, operation: Operation) -> Answer:
    """A line break stands unescaped in a string."""
    broken = with_value(answer, a_row(operation), lambda value: f"{value}\n")
    return replace(broken, body=broken.body.replace(b"\\n", b"\n"))


@fault("json")
def body_in_single_quotes(answer: Answer, _: Operation) -> Answer:
    """The body is written in single quotes, as a script language prints its values."""
    return replace(answer, body=repr(payload_of(answer)).encode())


@fault("json")
def body_gzipped_unsaid(answer: Answer, _: Operation) -> Answer:
    """The body is compressed, but no header says so."""
    return replace(answer, body=zlib.compress(answer.body, wbits=31))


@fault("names-once", level=Level.STRICT)
def name_twice(answer: Answer, operation: Operation) -> Answer:
    """A field row stands in its object twice, with two values."""
    name = a_row(operation).path[-1]
    marked = edited(answer, a_row(operation), lambda holder, _: holder.update({"\0": holder[name]}))
    # The mark comes last, so that a reader who takes the last of the two has the right one.
    first = re.sub(rb'"%s":"[^"]*"' % name.encode(), b'"%s":"0"' % name.encode(), marked.body)
    return replace(answer, body=first.replace(b'"\\u0000"', json.dumps(name).encode()))


@fault("no-bom", level=Level.STRICT)
def body_with_bom(answer: Answer, _: Operation) -> Answer:
    """A byte order mark stands before the JSON."""
    return replace(answer, body=b"\xef\xbb\xbf" + answer.body)


@fault(inconclusive="too-large")
def body_of_2_megabytes(answer: Answer, _: Operation) -> Answer:
    """The body is 2 MiB of white space and then the JSON."""
    return replace(answer, body=b" " * (2 << 20) + answer.body)


@fault(inconclusive="too-large")
def body_nested_deeply(answer: Answer, operation: Operation) -> Answer:
    """A member holds ten thousand lists, each in the next."""
    nested = with_value(answer, the_container(operation), lambda _: "\0")
    deep = b"[" * 10_000 + b"]" * 10_000
    return replace(nested, body=nested.body.replace(encode("\0"), deep))
