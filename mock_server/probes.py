"""The probes of an orchestrator: is the server alive, and should it get requests?

They answer any Host without a token, because a kubelet asks by the address of a pod, and they tell
nothing but a word. `/livez` says that the process answers. `/readyz` says that a spec is served:
that it is, from the start on, so a broken save is told in the body and does not take the last good
one out of service. An operation of the spec at one of these paths is answered in their place.
"""

from __future__ import annotations

from http import HTTPStatus

from mock_server.answer_editing import Answer

LIVE, READY = "/livez", "/readyz"
PROBES = frozenset({LIVE, READY})
"""The paths of the probes."""

_HEADERS = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))


def probe(path: str, problem: str | None) -> Answer:
    """Answer a probe.

    Args:
        path: which one.
        problem: what is wrong with the newest save of the spec; None where nothing is.
    """
    degraded = path == READY and problem is not None
    body = b"degraded: the newest save of the spec is broken, the last good one is served\n"
    return Answer(
        HTTPStatus.OK, "text/plain; charset=utf-8", body if degraded else b"ok\n", _HEADERS
    )
