"""Faults that say nothing about the contract: others answer, or the system behind has failed."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from contract.spec.operations import Operation
from mock_server.answer_editing import (
    HTML,
    Answer,
    encode,
    holders,
    in_some,
    payload_of,
    the_code,
    the_container,
)
from mock_server.faults.fault import fault


def _page(status: HTTPStatus, title: str) -> Answer:
    body = f"<!DOCTYPE html><html><title>{title}</title><h1>{title}</h1></html>".encode()
    return Answer(status, HTML, body)


def _failed(answer: Answer, operation: Operation, code: object, msg: str) -> Answer:
    payload = payload_of(answer)
    for member, value in ((the_code(operation), code), (the_container(operation), None)):
        for holder in holders(payload, member.path):
            holder[member.path[-1]] = value
    if isinstance(payload, dict):
        payload["msg"] = msg
    return replace(answer, body=encode(payload))


# The system behind


@fault(inconclusive="business-error")
def business_error(answer: Answer, operation: Operation) -> Answer:
    """The system behind reports a failure in the documented form, with no data."""
    return _failed(answer, operation, "500", "系统异常")


@fault(inconclusive="business-error")
def business_error_in_an_integer(answer: Answer, operation: Operation) -> Answer:
    """The system behind reports a failure, its code an integer."""
    return _failed(answer, operation, 9999, "服务繁忙，请稍后再试")


@fault(inconclusive="server-error")
def server_error(answer: Answer, _: Operation) -> Answer:
    """The service fails, and says so in JSON."""
    body = encode({"status": 500, "error": "Internal Server Error"})
    return replace(answer, status=HTTPStatus.INTERNAL_SERVER_ERROR, body=body)


@fault(inconclusive="refused-sometimes")
def call_refused_in_some(answer: Answer, operation: Operation) -> Answer:
    """About half of the calls are refused as bad requests, in JSON."""
    if not in_some(answer, operation):
        return answer
    return replace(answer, status=HTTPStatus.BAD_REQUEST, body=encode({"msg": "busy"}))


# What stands in front


@fault(inconclusive="redirected")
def redirected_to_login(_: Answer, __: Operation) -> Answer:
    """The call is sent on to a login page."""
    page = _page(HTTPStatus.FOUND, "302 Found")
    return replace(page, headers=(("location", "/login"),))


@fault(inconclusive="redirected")
def redirected_in_a_loop(_: Answer, operation: Operation) -> Answer:
    """The call is sent on to itself, for ever."""
    page = _page(HTTPStatus.TEMPORARY_REDIRECT, "307 Temporary Redirect")
    return replace(page, headers=(("location", operation.path),))


@fault(inconclusive="redirected")
def redirected_to_https(answer: Answer, operation: Operation) -> Answer:
    """The call is sent on to another scheme, for good, in JSON."""
    to = ("location", f"https://127.0.0.1{operation.path}")
    return replace(answer, status=HTTPStatus.PERMANENT_REDIRECT, headers=(to,))


@fault(inconclusive="access-refused")
def unauthorized(answer: Answer, _: Operation) -> Answer:
    """The call is refused for want of credentials."""
    return replace(answer, status=HTTPStatus.UNAUTHORIZED, body=encode({"msg": "未登录"}))


@fault(inconclusive="access-refused")
def forbidden(_: Answer, __: Operation) -> Answer:
    """A gateway forbids the call."""
    return _page(HTTPStatus.FORBIDDEN, "403 Forbidden")


@fault(inconclusive="access-refused")
def proxy_unauthorized(_: Answer, __: Operation) -> Answer:
    """A proxy asks for credentials."""
    status = HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
    return _page(status, "407 Proxy Authentication Required")


@fault(inconclusive="timed-out")
def request_timed_out(answer: Answer, _: Operation) -> Answer:
    """The service says that the call took too long to come."""
    return replace(answer, status=HTTPStatus.REQUEST_TIMEOUT, body=encode({"msg": "timeout"}))


@fault(inconclusive="rate-limited")
def rate_limited(answer: Answer, _: Operation) -> Answer:
    """The service asks for patience."""
    body = encode({"msg": "请求过于频繁"})
    answer = replace(answer, status=HTTPStatus.TOO_MANY_REQUESTS, body=body)
    return replace(answer, headers=(("retry-after", "3600"),))


@fault(inconclusive="server-error")
def bad_gateway(_: Answer, __: Operation) -> Answer:
    """The gateway cannot reach the service."""
    return _page(HTTPStatus.BAD_GATEWAY, "502 Bad Gateway")


@fault(inconclusive="server-error")
def gateway_timeout(_: Answer, __: Operation) -> Answer:
    """The gateway waited for the service in vain."""
    return _page(HTTPStatus.GATEWAY_TIMEOUT, "504 Gateway Time-out")


@fault(inconclusive="not-the-service")
def login_page(_: Answer, __: Operation) -> Answer:
    """A login page answers in place of the service, with status 200."""
    return _page(HTTPStatus.OK, "统一认证登录")


@fault(inconclusive="not-the-service")
def firewall_page(_: Answer, __: Operation) -> Answer:
    """A firewall takes the call for an attack, and says so in a page with status 405."""
    return _page(HTTPStatus.METHOD_NOT_ALLOWED, "您的访问被拦截")


@fault(inconclusive="not-the-service")
def not_deployed(_: Answer, __: Operation) -> Answer:
    """A web server without the service answers 404 with a page."""
    return _page(HTTPStatus.NOT_FOUND, "404 Not Found")


@fault(inconclusive="not-the-service")
def refused_in_text(answer: Answer, _: Operation) -> Answer:
    """Something in front refuses the method in plain text."""
    return replace(
        answer,
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        media_type="text/plain",
        body=b"Method Not Allowed",
    )
