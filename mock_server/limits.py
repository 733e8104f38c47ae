"""What a client may take of the mock server: bytes, seconds, and slots, each with its number.

To add a limit: a constant here, the place that keeps it, and a row of the table in
`docs/mock-server.md`; a test holds the table to the constants. What is kept longer than a request
has its limits in `memory.py`.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from typing import Any

HEAD = 64 << 10
"""Bytes of a request's head, or after an answer that came before the request's end."""

HEADERS = 200
"""Header lines of a request."""

TARGET = 16 << 10
"""Bytes of a request's path and query."""

PAIRS = 1000
"""Pairs of a query."""

PREFERENCES = 4 << 10
"""Bytes of the `Prefer` headers of a request, and likewise of the `__` keys of its query."""

LARGEST_BODY = 10 << 20
"""Bytes that the body of a call may have, where `--max-body` says nothing else."""

ADMIN_BODY = 64 << 10
"""Likewise to the interface for tests."""

BODIES = 64 << 20
"""Bytes of bodies that are held at a time, for all calls that are under way."""

VALUES = 500_000
"""Values that the JSON of a body may have."""

FRAMES = 1 << 20
"""Bytes that may frame the chunks of a body, beside as many as the body has itself."""

BEHIND = 16 << 10
"""Bytes that are read behind a request whose answer is open; the rest waits with the client."""

AFTERWARDS = 1 << 20
"""Bytes that are read and thrown away behind a refusal, so that the client can read it."""

PATIENCE = 10.0
"""Seconds for a head, for a TLS handshake, for a part of a body, and for a client to read on."""

BODY_TIME = 60.0
"""Seconds for a whole body, and to read the end of an answer whose connection is being closed."""

ANSWER_TIME = 600.0
"""Seconds of a fault that never ends by itself: as long as the longest delay."""

GRACE = 5.0
"""Seconds for what is under way when the server is stopped."""

CALLS = 1000
"""How many calls of operations are under way at a time; more are answered with 503."""

ADMIN_CALLS = 100
"""Likewise of those to the interface for tests that have a body; others are answered at once."""

WAITS = 50
"""How many calls to the interface for tests wait for a request at a time."""

CONNECTIONS = 2 * CALLS
"""How many connections are open at a time; for one more, the longest idle one is closed."""

HANDSHAKES = CALLS
"""How many TLS handshakes are under way at a time; one more is cut off."""

_OTHER_DESCRIPTORS = 100
"""File descriptors for all but connections."""


def more_descriptors() -> None:
    """Ask the system for as many descriptors as `CONNECTIONS` may need, where it counts them."""
    resource = _resource()
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + _OTHER_DESCRIPTORS  # a burst is accepted before others are closed
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def room() -> int:
    """Give how many connections this process has descriptors for, up to `CONNECTIONS`."""
    resource = _resource()
    if resource is None:
        return CONNECTIONS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    return max(2, min(CONNECTIONS, int(soft - _OTHER_DESCRIPTORS) // 2))


def _resource() -> Any:  # noqa: ANN401 - Windows has no such module
    try:
        return import_module("resource")
    except ImportError:
        return None


def framed(largest_body: int) -> int:
    """Give how many bytes a body may have as it is sent, with all that frames its chunks."""
    return 2 * largest_body + FRAMES


def calls(slots: int) -> int:
    """Give how many calls may be under way, so that half of the slots stay free for others."""
    return min(CALLS, slots // 2)
