"""Faults that say nothing about the contract: something else answers, or a backend fails."""

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


@fault(
    inconclusive="business-error",
    chinese="后端系统以文档规定的格式返回失败，没有数据。",
    source="the system behind the service",
)
def business_error(answer: Answer, operation: Operation) -> Answer:
    """The system behind the service reports a failure in the documented form, without data."""
    return _failed(answer, operation, "500", "系统异常")


@fault(
    inconclusive="business-error",
    chinese="后端系统返回失败，业务码是整数。",
    source="the system behind the service",
)
def business_error_in_an_integer(answer: Answer, operation: Operation) -> Answer:
    """The system behind the service reports a failure, with an integer as its code."""
    return _failed(answer, operation, 9999, "服务繁忙，请稍后再试")


@fault(
    inconclusive="server-error",
    chinese="服务出错，以 JSON 返回 500。",
    source="an uncaught exception",
)
def server_error(answer: Answer, _: Operation) -> Answer:
    """The service fails, and says so in JSON."""
    body = encode({"status": 500, "error": "Internal Server Error"})
    return replace(answer, status=HTTPStatus.INTERNAL_SERVER_ERROR, body=body)


@fault(
    inconclusive="refused-sometimes",
    chinese="约一半的调用被当作错误请求拒绝，返回 JSON。",
    source="a service that limits calls without saying so",
)
def call_refused_in_some(answer: Answer, operation: Operation) -> Answer:
    """About half of the calls are refused as bad requests, in JSON."""
    if not in_some(answer, operation):
        return answer
    return replace(answer, status=HTTPStatus.BAD_REQUEST, body=encode({"msg": "busy"}))


# What stands in front


@fault(
    inconclusive="redirected",
    chinese="调用被重定向到登录页。",
    source="single sign-on in front of the service",
)
def redirected_to_login(_: Answer, __: Operation) -> Answer:
    """The call is redirected to a login page."""
    page = _page(HTTPStatus.FOUND, "302 Found")
    return replace(page, headers=(("location", "/login"),))


@fault(
    inconclusive="redirected",
    chinese="调用不断被重定向到自身。",
    source="a gateway and a service that disagree about the path",
)
def redirected_in_a_loop(_: Answer, operation: Operation) -> Answer:
    """The call is redirected to itself, again and again."""
    page = _page(HTTPStatus.TEMPORARY_REDIRECT, "307 Temporary Redirect")
    return replace(page, headers=(("location", operation.path),))


@fault(
    inconclusive="redirected",
    chinese="调用被永久重定向到另一种协议，返回 JSON。",
    source="a gateway that enforces https",
)
def redirected_to_https(answer: Answer, operation: Operation) -> Answer:
    """The call is permanently redirected to another scheme, in JSON."""
    to = ("location", f"https://127.0.0.1{operation.path}")
    return replace(answer, status=HTTPStatus.PERMANENT_REDIRECT, headers=(to,))


@fault(
    inconclusive="access-refused",
    chinese="因缺少凭证，调用被拒绝。",
    source="RFC 9110 §15.5.2; a gateway that requires a token",
)
def unauthorized(answer: Answer, _: Operation) -> Answer:
    """The call is refused because it has no credentials."""
    return replace(answer, status=HTTPStatus.UNAUTHORIZED, body=encode({"msg": "未登录"}))


@fault(
    inconclusive="access-refused",
    chinese="网关禁止该调用。",
    source="RFC 9110 §15.5.4; a gateway with a list of addresses",
)
def forbidden(_: Answer, __: Operation) -> Answer:
    """A gateway forbids the call."""
    return _page(HTTPStatus.FORBIDDEN, "403 Forbidden")


@fault(
    inconclusive="access-refused",
    chinese="代理要求提供凭证。",
    source="RFC 9110 §15.5.8; a company's proxy",
)
def proxy_unauthorized(_: Answer, __: Operation) -> Answer:
    """A proxy asks for credentials."""
    status = HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
    return _page(status, "407 Proxy Authentication Required")


@fault(
    inconclusive="timed-out",
    chinese="服务认为请求到达得太慢。",
    source="RFC 9110 §15.5.9; a slow network",
)
def request_timed_out(answer: Answer, _: Operation) -> Answer:
    """The service says that the request came too slowly."""
    return replace(answer, status=HTTPStatus.REQUEST_TIMEOUT, body=encode({"msg": "timeout"}))


@fault(
    inconclusive="rate-limited",
    chinese="服务要求稍后再试。",
    source="RFC 6585 §4; a gateway that limits calls",
)
def rate_limited(answer: Answer, _: Operation) -> Answer:
    """The service asks to try again later."""
    body = encode({"msg": "请求过于频繁"})
    answer = replace(answer, status=HTTPStatus.TOO_MANY_REQUESTS, body=body)
    return replace(answer, headers=(("retry-after", "3600"),))


@fault(
    inconclusive="server-error",
    chinese="网关无法连接服务。",
    source="RFC 9110 §15.6.3; a service that is being restarted",
)
def bad_gateway(_: Answer, __: Operation) -> Answer:
    """The gateway cannot reach the service."""
    return _page(HTTPStatus.BAD_GATEWAY, "502 Bad Gateway")


@fault(
    inconclusive="server-error",
    chinese="网关等不到服务的应答。",
    source="RFC 9110 §15.6.5; a service under load",
)
def gateway_timeout(_: Answer, __: Operation) -> Answer:
    """The gateway gets no answer from the service in time."""
    return _page(HTTPStatus.GATEWAY_TIMEOUT, "504 Gateway Time-out")


@fault(
    inconclusive="not-the-service",
    chinese="登录页代替服务应答，状态码是 200。",
    source="single sign-on or a Wi-Fi portal",
)
def login_page(_: Answer, __: Operation) -> Answer:
    """A login page answers in place of the service, with status 200."""
    return _page(HTTPStatus.OK, "统一认证登录")


@fault(
    inconclusive="not-the-service",
    chinese="防火墙把调用判为攻击，返回 405 拦截页面。",
    source="a web application firewall, such as a cloud provider's",
)
def firewall_page(_: Answer, __: Operation) -> Answer:
    """A firewall takes the call for an attack, and answers 405 with a page."""
    return _page(HTTPStatus.METHOD_NOT_ALLOWED, "您的访问被拦截")


@fault(
    inconclusive="not-the-service",
    chinese="没有部署该服务的 Web 服务器返回 404 页面。",
    source="nginx or Tomcat before the service is deployed",
)
def not_deployed(_: Answer, __: Operation) -> Answer:
    """A web server without the service answers 404 with a page."""
    return _page(HTTPStatus.NOT_FOUND, "404 Not Found")


@fault(
    inconclusive="not-the-service",
    chinese="前面的某一层以纯文本拒绝了请求方法。",
    source="a load balancer or gateway",
)
def refused_in_text(answer: Answer, _: Operation) -> Answer:
    """Something in front of the service refuses the method in plain text."""
    return replace(
        answer,
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        media_type="text/plain",
        body=b"Method Not Allowed",
    )
