"""The options of a state that several processes share; nothing here needs a client of Redis.

To add one: a line in `declare`, and its use in `shared_state`. Another kind of store is a scheme of
the URL, and the module that is loaded for it.
"""

from __future__ import annotations

import argparse
import re
import socket
from collections.abc import Callable
from importlib import import_module
from typing import Protocol

from mock_server.drawing.captcha import INSTANCES, Numbers
from mock_server.state.protocol import State
from mock_server.state.settings import Settings

NAME = "default"
"""The name that servers share their state by, if nothing else is said."""

_BY_HOST = "hostname"
_INSTALL = "--state needs the library redis: pip install 'captcha-contract[redis]'"


class UnusableState(ValueError):  # noqa: N818 - it names what is wrong
    """The state cannot be shared as the command line says; the message says why, and what to do."""


class SharedState(State, Protocol):
    """A state that several processes share, from their start to their end."""

    def check(self) -> None:
        """Look whether the store can be used, and take an instance; it may come up later.

        Raises:
            UnusableState: it can never be used as it is.
        """

    def begin_as(self, worker: int) -> None:
        """Take the place of a worker, before it serves anything."""

    async def keep(self) -> None:
        """Keep the place from now on, beside the requests; a further call changes nothing."""

    async def close(self) -> None:
        """Stop to keep the place."""

    def release(self) -> None:
        """Give the instance back, once no worker serves any more."""


def declare(add: Callable[..., object]) -> None:
    """Declare the options of a shared state."""
    add(
        "--state",
        type=_url,
        metavar="URL",
        help="share sessions, journal and captchas in this Redis, with every server that has the"
        " same --seed: redis://host:6379/0, rediss://…, unix://…",
    )
    add(
        "--state-name",
        type=_name,
        metavar="NAME",
        help=f"tells those apart who have one Redis and one seed; default: {NAME}",
    )
    add(
        "--instance",
        type=_instance,
        metavar="N",
        help="the number of this server among several with one seed, or `hostname` for the number"
        " at the end of its host's name; no captcha number comes twice; default: 0, or with --state"
        " a free one",
    )


def shared_state(
    arguments: argparse.Namespace,
    initial: Settings,
    numbers: Numbers,
    report: Callable[[str], object],
) -> SharedState | None:
    """Make the state that the command line asks for; only now is the library loaded.

    Args:
        arguments: those of the command line.
        initial: the settings that every session begins with.
        numbers: those that this process issues.
        report: prints a line for people.

    Returns:
        None where the memory of this process is enough.

    Raises:
        UnusableState: the options do not fit together, or the URL names no store.
    """
    url = arguments.state
    if not url:
        if arguments.state_name is not None:
            raise UnusableState("--state-name needs --state, which names what is shared")
        return None
    if arguments.seed is None:
        raise UnusableState("--state needs --seed: servers that share it draw the same captchas")
    if arguments.upstream is not None:
        raise UnusableState("--upstream keeps its calls in one process: leave --state out")
    try:
        module = import_module("mock_server.shared_state.redis_state")
    except ModuleNotFoundError as missing:
        if missing.name != "redis":
            raise
        raise UnusableState(_INSTALL) from None
    made: SharedState = module.RedisState(
        url,
        initial,
        numbers=numbers,
        name=arguments.state_name or NAME,
        instance=arguments.instance,
        report=report,
    )
    return made


def _url(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; leave it out where nothing is to be shared")
    return text


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text):
        expected = "it is 1 to 64 characters of A-Z a-z 0-9 . _ -"
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a state; {expected}")
    return text


def _instance(text: str) -> int:
    if text == _BY_HOST:
        host = socket.gethostname()
        found = re.search(r"[0-9]{1,9}$", host.partition(".")[0])
        number = int(found[0]) if found else INSTANCES
        named = f"the host's name {host!r} ends in no number of an instance"
    else:
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else INSTANCES
        named = f"{text!r} is no instance"
    if number >= INSTANCES:
        raise argparse.ArgumentTypeError(f"{named}; it is 0 to {INSTANCES - 1}, or {_BY_HOST}")
    return number
