"""Options → an upstream: where the calls of each operation go, and by which way.

Names, addresses, proxies and certificates mean the same as in a contract run. This is imported only
with `--upstream`, for it needs the HTTP library.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpcore2

from contract.documents import UnreadableDocument
from contract.judging.provenance import Provenance, provenance_of
from contract.reaching.environments import (
    PRODUCTION,
    Misuse,
    NoAddress,
    Target,
    base_url,
    is_loopback,
    server_at,
)
from contract.reaching.routes import Route, route_to
from contract.spec.operations import Operation, Spec, UnreadOperation
from contract.spec.vocabulary import ENVIRONMENTS
from contract.waivers import load
from mock_server.passing_on.har_recording import HarRecording
from mock_server.passing_on.judged_traffic import JudgedTraffic
from mock_server.passing_on.upstream_options import Passage
from mock_server.requests.request_bodies import Room

CONNECTIONS = 500
"""How many connections to one address are open at a time; calls beyond them wait."""

_PORTS = {"http": 80, "https": 443}
OPTION = "--upstream"
"""The option that names it."""


def _mark() -> bytes:
    return b"captcha-contract-" + secrets.token_hex(4).encode()


@dataclass(slots=True)
class Upstream:
    """The upstream of one mock server, with its connections and the judge of its answers.

    Attributes:
        passage: what the command line says of it.
        report: prints a line for people.
        traffic: the judge of its answers.
        url: its base URL; None for a named environment.
        mark: what every request to it carries, so that one which comes back is known again.
        room: for the bodies that are on their way to it.
    """

    passage: Passage
    report: Callable[[str], object]
    traffic: JudgedTraffic = field(init=False)
    url: str | None = field(init=False, default=None)
    mark: bytes = field(default_factory=_mark)
    room: Room = field(default_factory=Room)
    _ways: dict[str, tuple[Route, httpcore2.AsyncConnectionPool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        passage = self.passage
        if passage.named not in ENVIRONMENTS:
            target = _target(passage.named)
            if target.user is not None:
                raise Misuse(
                    f"{OPTION} {target.url}: a user is not sent for the clients; leave it out,"
                    " and let them send their own Authorization"
                )
            if passage.scheme is not None:
                raise Misuse("--scheme belongs to a named environment: a base URL has its own")
            self.url = target.url
        har = passage.har
        if har is not None and (har.is_dir() or not har.absolute().parent.is_dir()):
            raise Misuse(f"--har {har}: name a file in a folder that exists")
        self.traffic = JudgedTraffic(
            str(self),
            passage.max_answer,
            self.report,
            HarRecording(har, self.report) if har is not None else None,
            load(passage.waivers) if passage.waivers else (),
        )
        if not passage.verify:
            self.report("certificates of the upstream are not verified (--insecure)")

    def __str__(self) -> str:
        return self.passage.named if self.url is None else urlsplit(self.url).netloc

    def check(self, spec: Spec, own: tuple[str, int] | None) -> None:
        """Find the way for every operation of a spec, before anything is served.

        Args:
            spec: what is served.
            own: the address and the port of this server, where they are known.

        Raises:
            Misuse: no operation has an address there, or an address, a proxy or a certificate
                cannot be used.
        """
        missing: NoAddress | None = None
        found = False
        for operation in spec.operations:
            try:
                url = self.base_url(operation)
            except NoAddress as reason:
                missing = missing or reason
            else:
                found = True
                route = self._route(url)
                if own is not None and _is_at(route, own):
                    raise Misuse(f"{OPTION} {url} is this server itself: name the one behind it")
        if missing is not None and not found:
            raise missing

    def base_url(self, operation: Operation | UnreadOperation) -> str:
        """Give the URL that the operation's path is appended to.

        Raises:
            NoAddress: there is none for it.
            Misuse: production was not allowed, or the environment does not have the scheme.
        """
        if self.url is not None:
            self._must_be_allowed(operation)
            return self.url
        if isinstance(operation, UnreadOperation):
            raise NoAddress(f"{operation} has no address that can be read")
        return base_url(
            operation,
            _provenance(operation),
            self.passage.named,
            scheme=self.passage.scheme,
            allow_production=self.passage.allow_production,
            option=OPTION,
        )

    def _must_be_allowed(self, operation: Operation | UnreadOperation) -> None:
        """Refuse production by its address as by its name."""
        if self.passage.allow_production or isinstance(operation, UnreadOperation):
            return
        production = operation.environments.get(PRODUCTION)
        host = urlsplit(self.url or "").hostname
        if production is not None and urlsplit(production.base_url()).hostname == host:
            raise Misuse(
                f"{OPTION} {self.url} is {PRODUCTION}: add --allow-production if that is intended"
            )

    def way_to(self, url: str) -> tuple[Route, httpcore2.AsyncConnectionPool]:
        """Give the route to an address, and its connections."""
        if url not in self._ways:
            route = self._route(url)
            pool = route.pool(connections=CONNECTIONS, kept_open=0.0)
            self._ways[url] = route, pool
        return self._ways[url]

    async def hang_up(self) -> None:
        """Close every connection."""
        ways, self._ways = self._ways, {}
        for _, pool in ways.values():
            await pool.aclose()

    def _route(self, url: str) -> Route:
        passage = self.passage
        return route_to(
            url,
            proxy=passage.proxy,
            verify=passage.verify,
            certificate=passage.certificate,
            key=passage.key,
        )


def _target(named: str) -> Target:
    """Read a base URL; what is none may be meant for a name."""
    try:
        return server_at(named, OPTION)
    except Misuse as misuse:
        if "://" in named:
            raise
        raise Misuse(f"{misuse}; the names are {', '.join(ENVIRONMENTS)}") from None


def _is_at(route: Route, own: tuple[str, int]) -> bool:
    """Say whether a route leads to an address and port of this machine."""
    url, (here, port) = route.url, own
    if route.proxy is not None or (url.port or _PORTS[url.scheme]) != port:
        return False
    return is_loopback(str(url)) or url.host == here


def _provenance(operation: Operation) -> Provenance:
    try:
        return provenance_of(operation)
    except UnreadableDocument:
        return Provenance(None)
