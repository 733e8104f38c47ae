"""Faults of the answer as HTTP: its status, its media type, what it allows caches, its time."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from contract.findings import Level
from contract.spec.media_types import BodyForm
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, encode, the_code
from mock_server.faults.fault import fault
from mock_server.wire import Wire, whole


@fault(
    "status",
    level=Level.SAMPLE,
    chinese="应答内容正确，但状态码是 201。",
    source="a framework whose default for POST is 201",
)
def status_created(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but its status is 201."""
    return replace(answer, status=HTTPStatus.CREATED)


@fault(
    "content-coding",
    level=Level.STRICT,
    chinese="Content-Encoding 写成字符集 utf-8，应答体没有压缩。",
    source='Java servers: response.setHeader("Content-Encoding", "UTF-8")',
)
def encoding_charset(answer: Answer, _: Operation) -> Answer:
    """The Content-Encoding names a charset, and nothing is compressed."""
    return replace(answer, headers=(("content-encoding", "UTF-8"),))


@fault(
    "status",
    level=Level.SAMPLE,
    chinese="应答内容正确，但状态码是 202。",
    source="a gateway that queues calls",
)
def status_accepted(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but its status is 202."""
    return replace(answer, status=HTTPStatus.ACCEPTED)


@fault(
    "json",
    chinese="调用成功，但返回 204，没有应答体。",
    source="a handler that returns nothing",
)
def status_no_content(answer: Answer, _: Operation) -> Answer:
    """The call succeeds with 204 and so without a body."""
    return replace(answer, status=HTTPStatus.NO_CONTENT, body=b"")


@fault(
    "media-type",
    level=Level.SAMPLE,
    chinese="应答内容正确，但 Content-Type 是纯文本。",
    source="a handler that returns a string",
    forms={BodyForm.JSON},
)
def media_type_text(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but it calls itself plain text."""
    return replace(answer, media_type="text/plain; charset=utf-8")


@fault(
    "media-type",
    level=Level.SAMPLE,
    chinese="应答内容正确，但 Content-Type 是 HTML。",
    source="a servlet's default; PHP's default",
    forms={BodyForm.JSON, BodyForm.TEXT},
)
def media_type_html(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but it calls itself HTML."""
    return replace(answer, media_type="text/html;charset=UTF-8")


@fault(
    "media-type",
    level=Level.SAMPLE,
    chinese="应答内容正确，但 Content-Type 是二进制文件。",
    source="a web server that does not know the file's type",
)
def media_type_bytes(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but it calls itself a file of bytes."""
    return replace(answer, media_type="application/octet-stream")


@fault(
    "media-type",
    level=Level.SAMPLE,
    chinese="应答内容正确，但没有 Content-Type。",
    source="RFC 9110 §8.3: a sender should name it",
)
def media_type_missing(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but has no Content-Type."""
    return replace(answer, media_type="")


@fault(
    "accepted",
    chinese="按文档发起的调用被当作错误请求拒绝，返回 JSON。",
    source="a service that requires a body which no document mentions",
)
def call_refused(answer: Answer, _: Operation) -> Answer:
    """The documented call is refused as a bad request, in JSON."""
    body = encode({"request_id": "0", "code": "400", "msg": "Required request body is missing"})
    return replace(answer, status=HTTPStatus.BAD_REQUEST, body=body)


@fault(
    "accepted",
    chinese="按文档发起的调用因缺少 Content-Type 被拒绝，返回 JSON。",
    source="Spring's @PostMapping with consumes",
)
def media_type_demanded(answer: Answer, _: Operation) -> Answer:
    """The documented call is refused, in JSON, because it names no media type."""
    body = encode({"status": 415, "error": "Unsupported Media Type"})
    return replace(answer, status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, body=body)


@fault(
    "accepted",
    chinese="服务以自己的外层结构拒绝文档所写的请求方法。",
    source="a service that was changed from POST to GET",
)
def method_refused(answer: Answer, operation: Operation) -> Answer:
    """The service refuses the documented method, in its own envelope."""
    the_code(operation)
    body = encode({"request_id": "0", "code": "405", "msg": "请求方式不支持"})
    return replace(answer, status=HTTPStatus.METHOD_NOT_ALLOWED, body=body)


@fault(
    "accepted",
    chinese="服务不认识文档所写的路径，以自己的外层结构返回 404。",
    source="a service that was moved to another path",
)
def operation_unknown(answer: Answer, operation: Operation) -> Answer:
    """The service does not know the documented path, and says so in its own envelope."""
    the_code(operation)
    body = encode({"request_id": "0", "code": "404", "msg": "接口不存在", "data": None})
    return replace(answer, status=HTTPStatus.NOT_FOUND, body=body)


# What caches may do


@fault(
    "not-cached",
    level=Level.STRICT,
    chinese="应答允许在一分钟内被缓存复用。",
    source="RFC 9111 §5.2.2; a rule of a content delivery network",
)
def cacheable_for_a_minute(answer: Answer, _: Operation) -> Answer:
    """The answer may be used again for a minute."""
    return replace(answer, headers=(("cache-control", "public, max-age=60"),))


@fault(
    "not-cached",
    level=Level.STRICT,
    chinese="应答到 2100 年才过期。",
    source="RFC 9111 §5.3; a web server's rule for static files",
)
def cacheable_until_2100(answer: Answer, _: Operation) -> Answer:
    """The answer expires in the year 2100."""
    return replace(answer, headers=(("expires", "Fri, 01 Jan 2100 00:00:00 GMT"),))


@fault(
    "not-cached",
    level=Level.STRICT,
    chinese="应答已在缓存中存放数秒。",
    source="RFC 9111 §5.1; a cache in front",
)
def aged_in_a_cache(answer: Answer, _: Operation) -> Answer:
    """The answer has been in a cache for some seconds."""
    return replace(answer, headers=(("age", "7"),))


@fault(
    "not-cached",
    level=Level.STRICT,
    chinese="缓存声明是它代替服务作了应答。",
    source="a content delivery network that caches the path",
)
def served_by_a_cache(answer: Answer, _: Operation) -> Answer:
    """A cache says that it answered in place of the service."""
    return replace(answer, headers=(("x-cache", "HIT from edge"),))


# How long it takes


@fault(
    "prompt",
    level=Level.STRICT,
    chinese="应答内容正确，但耗时超过三秒。",
    source="a service under load",
)
def slow(answer: Answer, _: Operation) -> Wire:
    """The answer is right, but takes more than three seconds."""
    return Wire(steps=(3.1, whole(answer)))
