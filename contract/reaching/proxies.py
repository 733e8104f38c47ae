"""Options and environment variables → the proxy that a call goes through.

`--proxy` beats the variables; they are those that curl knows: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY
and NO_PROXY, in either case. To add a kind of proxy, list its scheme in `_SCHEMES`.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.request import getproxies

import httpx2

from contract.credentials import Secret
from contract.reaching.environments import Misuse, address

NONE = "none"
"""The value of `--proxy` for no proxy at all."""
OPTION = "--proxy"
"""The option that beats the variables."""

_SCHEMES: Mapping[str, str] = {
    "http": "http",
    "https": "https",
    "socks": "socks5",  # what desktops write into ALL_PROXY
    "socks5": "socks5",
    "socks5h": "socks5",
}
_PORTS: Mapping[str, int] = {"http": 80, "https": 443, "socks5": 1080}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy, and who chose it.

    Attributes:
        kind: http, https or socks5.
        host: its name in ASCII, or its address without brackets.
        port: its port.
        user: the name and the password that it wants, where the URL holds them.
        source: the option or the variable that names it.
    """

    kind: str
    host: str
    port: int
    user: tuple[Secret, Secret] | None
    source: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind}://{host}:{self.port}"


def proxy_for(url: httpx2.URL, chosen: str | None) -> Proxy | None:
    """Give the proxy that a URL is reached through; None where it is reached directly.

    Args:
        url: what is called.
        chosen: what `--proxy` says: a URL, `none`, or None for the variables.

    Raises:
        Misuse: the proxy that is needed is no URL of one.
    """
    if chosen is not None:
        return None if chosen.lower() == NONE else read(chosen, OPTION)
    found = getproxies()
    if _is_exempt(url, found.get("no", "")):
        return None
    for scheme in (url.scheme, "all"):
        if found.get(scheme):
            return read(found[scheme], _variable(scheme))
    return None


def read(text: str, source: str) -> Proxy:
    """Read the URL of a proxy; without a scheme it is one that speaks HTTP.

    Raises:
        Misuse: it is none, told without its user and password.
    """
    written = text if "://" in text else f"http://{text}"
    scheme, _, rest = written.partition("://")
    kind = _SCHEMES.get(scheme.lower())
    try:
        url = address(f"socks5://{rest}")  # whose port is never taken for granted
    except Misuse:
        url = httpx2.URL()
    port = _PORTS.get(kind or "", 0) if url.port is None else url.port
    if kind is None or not url.host or not 0 < port < 1 << 16:
        shown = text[: -len(rest)] + rest.rpartition("@")[2] if rest else str(text)
        raise Misuse(
            f"{source} {ascii(shown)[1:-1]}: a proxy is http://HOST:PORT, https://HOST:PORT or "
            "socks5://HOST:PORT, or --proxy none"
        )
    user = (Secret(url.username), Secret(url.password)) if url.userinfo else None
    host = url.raw_host.decode("ascii")
    return Proxy(kind=kind, host=host, port=port, user=user, source=source)


def _variable(scheme: str) -> str:
    """Name the variable that names a proxy, as it is written; the small one wins."""
    name = f"{scheme}_proxy"
    return name if name in os.environ else name.upper()


def _is_exempt(url: httpx2.URL, listed: str) -> bool:
    """Say whether NO_PROXY names a host, as curl reads it: names, suffixes, addresses, networks."""
    host = url.raw_host.decode("ascii").lower().rstrip(".")
    port = url.port or (443 if url.scheme == "https" else 80)
    return any(
        entry == "*" or _names(entry, host, port) for entry in listed.replace(",", " ").split()
    )


def _names(entry: str, host: str, port: int) -> bool:
    for network in _networks(entry):
        try:
            return ipaddress.ip_address(host) in network
        except ValueError:
            return False
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal() and not name.endswith(":"):
        return int(number[:6]) == port and _names(name, host, port)
    if "/" in entry:
        return False
    try:
        wanted = address(f"http://{entry.removeprefix('*').strip('.')}").raw_host.decode("ascii")
    except Misuse:
        return False
    return host == wanted.lower() or host.endswith(f".{wanted.lower()}")


def _networks(entry: str) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        yield ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return
