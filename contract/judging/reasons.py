"""The one registry of reasons: why an answer cannot be judged, so that it counts neither way.

To add a reason: list it here, give it where the answer is read (`reading.py`), and add a fault
that leads to it to `mock_server/faults/`. Its sentence also stands in the middle of others, so it
begins with a small letter and ends without a full stop.
"""

from __future__ import annotations

from collections.abc import Mapping

from contract.registry import Entry, registry

__all__ = ["REASONS"]

_JSON = 'HTTP 200 {"code": "000", …}'

REASONS: Mapping[str, Entry] = registry(
    (
        Entry(
            name="no-answer",
            english="no HTTP answer came",
            chinese="没有收到 HTTP 应答",
            source="DNS, TCP, TLS and HTTP: the name, the connection, the certificate, the time",
            broken="connection refused",
            right=_JSON,
        ),
        Entry(
            name="not-observed",
            english="not observed; the call could not be made",
            chinese="未调用；缺少参数或地址",
            source="parameters that only you know, and addresses that the document lacks",
            broken="needs access_token",
            right="--parameters FILE gives access_token, and the call is made",
        ),
        Entry(
            name="too-large",
            english="too large to judge",
            chinese="应答过大，无法判定",
            source="--max-answer, and the budgets for pictures and nesting",
            broken="a body of 2 MiB, a picture of 30 megapixels",
            right="a body of 8 KiB, a picture of 125 × 45 pixels",
        ),
        Entry(
            name="unrecorded",
            english="the recording does not show what came",
            chinese="录制内容不完整，没有应答体",
            source="the HAR file: what browsers leave out of it",
            broken="an entry without response.content.text",
            right="an entry with the whole body",
        ),
        Entry(
            name="redirected",
            english="sent elsewhere; redirects are not followed",
            chinese="被重定向；不跟随重定向",
            source="HTTP 3xx: RFC 9110 §15.4",
            broken="HTTP 302, Location: /login",
            right=_JSON,
        ),
        Entry(
            name="access-refused",
            english="access was refused",
            chinese="访问被拒绝",
            source="HTTP 401, 403 and 407: RFC 9110 §15.5",
            broken="HTTP 401",
            right=_JSON,
        ),
        Entry(
            name="other-cause",
            english="the call was refused for a cause outside the contract",
            chinese="因契约之外的原因被拒绝（账户、锁定、协议、法律等）",
            source="HTTP 402, 423 to 426, 428, 431 and 451: RFC 9110, 4918, 8470, 6585 and 7725; "
            "another 4xx in the service's own envelope",
            broken='HTTP 423 {"error": "environment locked for deployment"}',
            right=_JSON,
        ),
        Entry(
            name="timed-out",
            english="the server gave up waiting",
            chinese="服务器等待超时",
            source="HTTP 408: RFC 9110 §15.5.9",
            broken="HTTP 408",
            right=_JSON,
        ),
        Entry(
            name="rate-limited",
            english="the server asks for fewer calls",
            chinese="服务器要求降低调用频率",
            source="HTTP 429: RFC 6585 §4",
            broken="HTTP 429, Retry-After: 60",
            right=_JSON,
        ),
        Entry(
            name="server-error",
            english="the server failed",
            chinese="服务器出错",
            source="HTTP 5xx: RFC 9110 §15.6",
            broken="HTTP 502",
            right=_JSON,
        ),
        Entry(
            name="not-the-service",
            english="something in front of the service answered",
            chinese="应答来自服务前面的设备或页面（网关、防火墙、登录页）",
            source="a page or a text at 2xx; 404, 405 and 410 without the service's envelope; "
            "other 4xx, a final 1xx, and what is no status of HTTP",
            broken="HTTP 200 <!DOCTYPE html><title>Login</title>",
            right=_JSON,
        ),
        Entry(
            name="not-the-operation",
            english="the answer has nothing of the operation's answer",
            chinese="应答中没有该接口的任何内容，不是该接口的应答",
            source="JSON at 2xx that holds neither the business code nor any documented row",
            broken='HTTP 200 {"status": 500, "error": "Internal Server Error"}',
            right=_JSON,
        ),
        Entry(
            name="refused-sometimes",
            english="the call was refused in some samples only",
            chinese="仅部分样本被拒绝",
            source="4xx with JSON in some samples, and answers in the others",
            broken="HTTP 400 in samples 2 and 4 of 5",
            right="HTTP 200 in every sample",
        ),
        Entry(
            name="business-error",
            english="the system behind the service failed; its fields are not judged",
            chinese="后端系统返回失败；业务字段未判定",
            source="the business code (x-business-success in the spec)",
            broken='{"code": "500", "msg": "系统异常", "data": null}',
            right='{"code": "000", "msg": "成功", "data": {…}}',
        ),
    )
)
"""Why an answer cannot be judged, by the name that reports show."""
