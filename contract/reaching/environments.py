"""Options → the environment to judge, known before any request is sent.

An environment is a `server` of the spec with an `x-environment`; to add one, add a line there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx2

from contract.credentials import Secret
from contract.findings import Place, named
from contract.judging.provenance import Provenance
from contract.judging.redaction import Redaction
from contract.spec.operations import Operation
from contract.spec.vocabulary import ENVIRONMENTS

MOCK = "mock"
"""The target that is the built-in mock server."""
PRODUCTION = "production"
"""The target that needs `--allow-production`."""
TARGETS = (MOCK, *ENVIRONMENTS)
"""The names that `--target` takes."""
_LABEL = 63
"""How long a part of a host's name may be: RFC 1035 §2.3.4."""


class Misuse(ValueError):  # noqa: N818 - it names what the user did
    """The options contradict each other, or make no sense; the message says what to do."""


class NoAddress(Misuse):
    """The document of an operation gives no address for the environment."""


@dataclass(frozen=True, slots=True)
class Target:
    """The environment to judge: one of `TARGETS`, or any server by its base URL.

    Attributes:
        name: one of `TARGETS`; None for a base URL.
        url: the base URL, without the user that it may name.
        user: `user:password`, where the base URL names one.
    """

    name: str | None
    url: str | None
    user: Secret | None = None

    @property
    def is_mock(self) -> bool:
        """Whether the mock server of this repository is judged."""
        return self.name == MOCK

    @property
    def environment(self) -> str:
        """Its name, or the host and port of its base URL; empty for a recording."""
        return self.name or urlsplit(self.url or "").netloc


def targets(names: Sequence[str], url: str | None, *, url_was_typed: bool) -> tuple[Target, ...]:
    """Choose the environments; a typed option wins over a base URL from the environment variables.

    Args:
        names: some of `TARGETS`; none for the mock server, or the base URL.
        url: a base URL.
        url_was_typed: whether it stands on the command line.

    Raises:
        Misuse: both were typed, or the base URL is not one.
    """
    if names and url is not None and url_was_typed:
        raise Misuse("--target and --base-url exclude each other: give one of them")
    if names or url is None:
        return tuple(Target(name, None) for name in names or [MOCK])
    return (server_at(url, "--base-url"),)


def server_at(url: str, option: str) -> Target:
    """Choose any server by its base URL.

    Args:
        url: the base URL.
        option: what named it.

    Raises:
        Misuse: it is no base URL.
    """
    if not _is_base_url(url):
        shown = Redaction(()).text(url)
        raise Misuse(f"{option} {shown}: a base URL is http://HOST/PREFIX or https://HOST/PREFIX")
    parts = urlsplit(url.rstrip("/"))
    user, at, host = parts.netloc.rpartition("@")
    named = parts._replace(netloc=host).geturl()
    address(named)
    return Target(None, named, Secret(unquote(user)) if at else None)


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port beyond 65535, a bracket that does not close
        return False
    named = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return named and not parts.query and not parts.fragment and url.isprintable()


def address(url: str) -> httpx2.URL:
    """Read a URL; the name of its host becomes ASCII, as it is sent (RFC 5891).

    Raises:
        Misuse: its host cannot be a name, or its port no port.
    """
    try:
        read = httpx2.URL(url)
    except httpx2.InvalidURL:
        read = httpx2.URL()
    host = read.raw_host.decode("ascii").removesuffix(".")
    labels = host.split(".")
    if ":" not in host and ("%" in host or not all(0 < len(each) <= _LABEL for each in labels)):
        raise Misuse(
            f"{Redaction(()).text(url)}: no host can have this name, or no port this number"
        )
    return read


def name_of(operation: Operation, base_url: str) -> str:
    """Name the environment of a base URL: one of the spec's, else its host and port."""
    host = urlsplit(base_url).netloc
    named = operation.environments.items()
    hosts = {urlsplit(environment.base_url()).netloc: name for name, environment in named}
    usual = ":443" if base_url.startswith("https:") else ":80"  # some recorders write it
    return hosts.get(host) or hosts.get(host.removesuffix(usual), host)


def is_loopback(url: str) -> bool:
    """Say whether a URL leads to this machine, where no pauses are needed."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def base_url(  # noqa: PLR0913 - what an address depends on
    operation: Operation,
    sources: Provenance,
    name: str,
    *,
    scheme: str | None,
    allow_production: bool,
    option: str = "--target",
) -> str:
    """Give the URL that the operation's path is appended to in a named environment.

    Raises:
        NoAddress: the document gives no address.
        Misuse: production was not allowed, or the environment does not have the scheme.
    """
    environment = operation.environments.get(name)
    if environment is None:
        own = [MOCK] if option == "--target" else []
        there = ", ".join([*own, *operation.environments]) or "none"
        raise NoAddress(
            f"{option} {name}: {_missing(sources, name)}; targets with an address: {there}"
        )
    if name == PRODUCTION and not allow_production:
        raise Misuse(
            f"{option} {name} calls {environment.url}: add --allow-production if that is intended"
        )
    if scheme is not None and scheme not in environment.schemes:
        raise Misuse(f"--scheme {scheme}: {name} speaks {', '.join(environment.schemes)}")
    return environment.base_url(scheme)


def _missing(sources: Provenance, name: str) -> str:
    document = sources.document
    if document is None:
        return "the spec gives no address for it"
    words = ENVIRONMENTS[name]
    for row in document.environments:
        if row.name in words:
            place = Place(named(document.path), row.line)
            return f"the document gives no address for {row.name} ({place})"
    return f"the document gives no address for {words[0]} ({named(document.path)})"
