"""The one registry of failures: what keeps an HTTP answer from coming, and what may help.

Reports show the name before the message of the failure, such as `refused: Connection refused`. To
add a kind: list it here, and give it where `contract_tests/observing/` notices it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.judging.exchange import NOT_SENT
from contract.registry import Entry, registry

__all__ = ["FAILURE_KINDS", "FailureKind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKind(Entry):
    """One kind of failure.

    Attributes:
        hint: what may help; empty if nothing is known to help.
    """

    hint: str = ""


FAILURE_KINDS: Mapping[str, FailureKind] = registry(
    (
        FailureKind(
            name="dns",
            english="The name of the host cannot be resolved.",
            chinese="域名无法解析。",
            source="the resolver of this machine: RFC 1035",
            broken="dns: Name or service not known",
            right="the name resolves to an address",
            hint="Is the name right, and the VPN up?",
        ),
        FailureKind(
            name="refused",
            english="Nothing listens at the port of the host.",
            chinese="连接被拒绝；该端口没有服务在监听。",
            source="TCP: RFC 9293 §3.5",
            broken="refused: Connection refused",
            right="a server listens, and answers",
            hint="Is a server listening there, and the VPN up?",
        ),
        FailureKind(
            name="unreachable",
            english="The host cannot be reached.",
            chinese="主机不可达。",
            source="the network of this machine",
            broken="unreachable: No route to host",
            right="the host is reached",
            hint="Is the address right, and the VPN up?",
        ),
        FailureKind(
            name="proxy",
            english="A proxy did not let the call through.",
            chinese="代理未放行请求。",
            source="--proxy, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY",
            broken="proxy: refused: Connection refused",
            right="the proxy lets the call through, or NO_PROXY names the host",
            hint="Correct that, name the host in NO_PROXY, or give --proxy none.",
        ),
        FailureKind(
            name="tls",
            english="The TLS handshake failed, or the certificate could not be verified.",
            chinese="TLS 握手失败，或证书未通过验证。",
            source="TLS: RFC 8446, and the trusted certificates of this machine",
            broken="tls: certificate verify failed: self-signed certificate",
            right="a certificate of an authority that is trusted",
            hint="Try --scheme http for a named environment, http:// in a base URL, "
            "REQUESTS_CA_BUNDLE for another authority, or --insecure.",
        ),
        FailureKind(
            name="reset",
            english="The other side reset the connection.",
            chinese="连接被对方重置。",
            source="TCP: RFC 9293 §3.5.2",
            broken="reset: Connection reset by peer",
            right="the connection stays open until the answer is there",
        ),
        FailureKind(
            name="hung-up",
            english="The server closed the connection without sending an answer.",
            chinese="服务器未返回任何内容即关闭连接。",
            source="HTTP/1.1: RFC 9112 §9.6",
            broken="hung-up: Server disconnected without sending a response.",
            right="an answer comes before the connection is closed",
        ),
        FailureKind(
            name="cut",
            english="The connection was closed in the middle of the answer.",
            chinese="应答尚未传完，连接即被关闭。",
            source="HTTP/1.1: RFC 9112 §8",
            broken="cut: peer closed connection without sending complete message body",
            right="as many bytes come as Content-Length says",
        ),
        FailureKind(
            name="timeout",
            english="The complete answer did not arrive in time.",
            chinese="未在规定时间内收到完整应答。",
            source="--answer-timeout",
            broken="timeout: no complete answer within 10 s",
            right="the last byte comes within 10 s",
        ),
        FailureKind(
            name="not-http",
            english="What the server sent is not HTTP.",
            chinese="收到的内容不是 HTTP 应答。",
            source="HTTP/1.1: RFC 9112 §2",
            broken="not-http: illegal status line",
            right="HTTP/1.1 200 OK",
            hint="Is this the port of an HTTP server?",
        ),
        FailureKind(
            name="undecodable",
            english="The body has a Content-Encoding that cannot be decoded.",
            chinese="应答体的 Content-Encoding 无法解码。",
            source="HTTP: RFC 9110 §8.4; the calls ask for identity",
            broken="undecodable: Content-Encoding gzip: incorrect header check",
            right="no Content-Encoding, or a body that has the one it names",
        ),
        FailureKind(
            name="failed",
            english="A recording says that the call failed, but not why.",
            chinese="录制内容只说明调用失败，未说明原因。",
            source="the HAR file: an entry with an error, or without a status",
            broken="failed: net::ERR_FAILED",
            right="an entry with a status and a body",
        ),
        FailureKind(
            name=NOT_SENT,
            english="The call could not be made because something that it needs is missing.",
            chinese="未发出调用；缺少必需的参数或地址。",
            source="parameters that only you know, and addresses that the document lacks",
            broken="not-sent: needs access_token",
            right="--parameters FILE gives access_token, and the call is made",
        ),
    )
)
"""Why no answer came, by the name that reports show.

`too-large` and `no-answer` are failures too; they are explained as reasons.
"""
