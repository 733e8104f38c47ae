"""The options of an upstream, as the command line has them; nothing here needs the HTTP library.

To add one: a line in `declare`, an attribute of `Passage`, and the line in `passage_of` between.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from starlette.types import ASGIApp

from contract.spec.operations import Spec
from contract.spec.vocabulary import ENVIRONMENTS

ANSWER_TIMEOUT = 30.0
"""Seconds that the upstream may take for the head of its answer, unless the user says otherwise."""

MAX_ANSWER = 1 << 20
"""Likewise the bytes of an answer that is judged."""

LONGEST_WAIT = 600.0
"""Seconds that `--answer-timeout` may say: as long as the longest delay."""

LARGEST_JUDGED = 64 << 20
"""Bytes that `--max-answer` may say: each answer under way may take as many."""


_PASSPHRASE = "the passphrase of its key in CONTRACT_TESTS_KEY_PASSPHRASE"  # noqa: S105 - where


class UnusableUpstream(ValueError):  # noqa: N818 - it names what is wrong
    """The upstream cannot be called; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What the command line says of an upstream.

    Attributes:
        named: the name of an environment, or a base URL.
        fallback: whether the mock server answers what the upstream does not.
        har: the file that the calls are written to; None for none.
        scheme: of a named environment; None for its first.
        proxy: the URL of a proxy, or `none`; None where HTTP_PROXY and similar variables decide.
        allow_production: whether production may be called.
        patience: seconds for the head of an answer, and for each further part.
        max_answer: bytes of an answer that is judged.
        certificate: the file of a client certificate.
        key: the file of its key, where the certificate's file does not hold it.
        verify: whether the upstream must prove by its certificate who it is.
        waivers: the file of findings that do not make an answer violate; None for none.
        hosts: further names of this server, and of hosts whose pages may call the upstream.
    """

    named: str
    fallback: bool = False
    har: Path | None = None
    scheme: str | None = None
    proxy: str | None = None
    allow_production: bool = False
    patience: float = ANSWER_TIMEOUT
    max_answer: int = MAX_ANSWER
    certificate: Path | None = None
    key: Path | None = None
    verify: bool = True
    waivers: Path | None = None
    hosts: frozenset[str] = frozenset()


class CallsPassedOn(Protocol):
    """What passes the calls on to an upstream, and judges the answers."""

    def check(self, spec: Spec, own: tuple[str, int] | None = None) -> None:
        """Make sure that the upstream of a spec can be called.

        Raises:
            UnusableUpstream: it cannot.
        """

    def between(self, spec: Spec) -> Callable[[ASGIApp], ASGIApp]:
        """Give what stands between routing and the mock server's own answers."""

    async def hang_up(self) -> None:
        """Close the connections to the upstream."""

    def close(self) -> None:
        """Stop judging, and write what was recorded.

        Raises:
            OSError: it cannot be written.
        """


def passed_on(passage: Passage, report: Callable[[str], object]) -> CallsPassedOn:
    """Make what passes calls on; only now is the HTTP library loaded.

    Raises:
        UnusableUpstream: it cannot be called.
    """
    made: CallsPassedOn = import_module("mock_server.passing_on.passing").Passing(passage, report)
    return made


def declare(add: Callable[..., object]) -> None:
    """Declare the options of an upstream."""
    names = ", ".join(ENVIRONMENTS)
    add(
        "--upstream",
        metavar="NAME|URL",
        help=f"pass the calls on, to {names} or a base URL, and judge what is answered",
    )
    add("--fallback", action="store_true", help="answer what the upstream does not")
    add("--har", type=Path, metavar="FILE", help="write the calls to this file, when stopped")
    add("--scheme", choices=("https", "http"), help="of a named upstream; default: https")
    add("--proxy", metavar="URL", help="reach the upstream through this proxy, or none")
    add("--cert", type=Path, metavar="FILE", help=f"client certificate in PEM; {_PASSPHRASE}")
    add("--key", type=Path, metavar="FILE", help="key of --cert, where that does not hold it")
    add("--insecure", action="store_true", help="accept any certificate of the upstream")
    add("--waivers", type=Path, metavar="FILE", help="YAML: findings that do not make it violate")
    add("--allow-production", action="store_true", help="needed with --upstream production")
    add(
        "--allow-host",
        action="append",
        metavar="NAME",
        help="of this server, or of a host whose pages may call, or null for files; repeatable",
    )
    add(
        "--answer-timeout",
        type=_seconds,
        metavar="SECONDS",
        help="for the head of the upstream's answer, and for each part of it; default: 30",
    )
    add(
        "--max-answer",
        type=_bytes,
        metavar="BYTES",
        help="of an answer that is judged; a larger one is passed on; default: 1048576",
    )


def passage_of(given: argparse.Namespace) -> Passage | None:
    """Read the options; None without an upstream.

    Raises:
        UnusableUpstream: they contradict each other.
    """
    if given.upstream is None:
        names = ("fallback", "har", "scheme", "proxy", "allow_production", "allow_host")
        more = ("cert", "key", "insecure", "waivers", "answer_timeout", "max_answer")
        alone = next((name for name in (*names, *more) if getattr(given, name)), None)
        if alone:
            option = alone.replace("_", "-")
            raise UnusableUpstream(f"--{option} belongs to --upstream: say where the calls go")
        return None
    if given.workers > 1:
        raise UnusableUpstream("--upstream needs one worker: leave --workers out")
    if given.key and not given.cert:
        raise UnusableUpstream("--key belongs to --cert: give the certificate too")
    return Passage(
        named=given.upstream,
        fallback=given.fallback,
        har=given.har,
        scheme=given.scheme,
        proxy=given.proxy,
        allow_production=given.allow_production,
        patience=given.answer_timeout or ANSWER_TIMEOUT,
        max_answer=given.max_answer or MAX_ANSWER,
        certificate=given.cert,
        key=given.key,
        verify=not given.insecure,
        waivers=given.waivers,
        hosts=frozenset(each.lower().rstrip(".") for each in given.allow_host or ()),
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_WAIT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of seconds above 0, up to {LONGEST_WAIT:g}"
        )
    return seconds


def _bytes(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:20]) <= LARGEST_JUDGED:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of bytes from 1 to {LARGEST_JUDGED}"
        )
    return int(text)
