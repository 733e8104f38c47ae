"""A URL → how it is reached: the address as it is sent, the proxy, and whom TLS trusts."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpcore2
import httpx2

from contract.judging.exchange import Failure
from contract.reaching.certificates import trust
from contract.reaching.environments import address
from contract.reaching.failures import beyond_a_proxy, of_a_proxy
from contract.reaching.proxies import Proxy, proxy_for

_IN_A_TUNNEL, _OVER_SOCKS = "proxy.start_tls.started", "socks.setup_socks5_connection.complete"
_FORWARDED: Mapping[str, str] = {
    "http": "connection.connect_tcp.complete",
    "https": "connection.start_tls.complete",
}


@dataclass(frozen=True, slots=True)
class Route:
    """How a URL is reached: the URL as it is sent, the proxy, and whom TLS trusts."""

    url: httpx2.URL
    proxy: Proxy | None
    tls: ssl.SSLContext | None

    @property
    def beyond(self) -> str:
        """The step of the HTTP library from which on a call is past the proxy; empty without."""
        if self.proxy is None:
            return ""
        if self.proxy.kind == "socks5":
            return _OVER_SOCKS
        return _FORWARDED[self.proxy.kind] if self.url.scheme == "http" else _IN_A_TUNNEL

    def told(self, failure: Failure, *, passed: bool) -> Failure:
        """Name the proxy in a failure, so that nobody takes a dead proxy for a dead service.

        Args:
            failure: what happened.
            passed: whether the call had got past the proxy.
        """
        if self.proxy is None:
            return failure
        named = f"{self.proxy} ({self.proxy.source})"
        beyond = passed and failure.kind != "proxy"
        return beyond_a_proxy(failure, named) if beyond else of_a_proxy(failure, named)

    def message(  # noqa: PLR0913 - what a request consists of
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[bytes, bytes]],
        content: bytes,
        extensions: Mapping[str, Any],
        *,
        target: bytes | None = None,
    ) -> httpcore2.Request:
        """Make a request as it is sent on this route; `target` replaces path and query as is."""
        parsed = httpx2.URL(url)
        host = parsed.raw_host
        if b":" in host and self.proxy is not None and self.proxy.kind != "socks5":
            host = b"[%b]" % host  # the library writes it to an HTTP proxy as it is
        return httpcore2.Request(
            method,
            httpcore2.URL(
                scheme=parsed.raw_scheme,
                host=host,
                port=parsed.port,
                target=target or parsed.raw_path,
            ),
            headers=[*headers],
            content=content,
            extensions={**extensions, "sni_hostname": parsed.raw_host.decode("ascii")},
        )

    def pool(
        self,
        wire: httpcore2.AsyncNetworkBackend | None = None,
        *,
        connections: int,
        kept_open: float,
    ) -> httpcore2.AsyncConnectionPool:
        """Make the connections of this route: how many, and the seconds that an idle one lasts."""
        proxy = self.proxy
        usual: dict[str, Any] = {
            "ssl_context": self.tls,
            "max_connections": connections,
            "keepalive_expiry": kept_open,
            "network_backend": wire,
        }
        if proxy is None:
            return httpcore2.AsyncConnectionPool(**usual)
        at = httpcore2.URL(scheme=proxy.kind, host=proxy.host, port=proxy.port, target=b"/")
        user = (proxy.user[0].encode(), proxy.user[1].encode()) if proxy.user else None
        if proxy.kind == "socks5":
            return httpcore2.AsyncSOCKSProxy(proxy_url=at, proxy_auth=user, **usual)
        tls = self.tls if proxy.kind == "https" else None
        return httpcore2.AsyncHTTPProxy(
            proxy_url=at, proxy_auth=user, proxy_ssl_context=tls, **usual
        )


def route_to(
    url: str,
    *,
    proxy: str | None = None,
    verify: bool = True,
    certificate: Path | None = None,
    key: Path | None = None,
) -> Route:
    """Find the way to a URL, so that whatever it needs is known to be there.

    Args:
        url: what is called.
        proxy: the URL of a proxy, or `none`; None where HTTP_PROXY and similar variables decide.
        verify: whether a server must prove by its certificate who it is.
        certificate: the file of a client certificate.
        key: the file of its key, where the certificate's file does not hold it.

    Raises:
        Misuse: the address, the proxy or a certificate cannot be used.
    """
    read = address(url)
    way = proxy_for(read, proxy)
    secure = read.scheme == "https" or (way is not None and way.kind == "https")
    tls = trust(verify=verify, certificate=certificate, key=key) if secure else None
    return Route(read, way, tls)
