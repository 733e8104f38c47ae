"""The probes of an orchestrator: is the server alive, and should it get requests?

They answer any Host without a token, because a kubelet asks by the address of a pod, and they tell
nothing but a word. `/livez` says that the process answers. `/readyz` says that a spec is served:
that it is, from the start on, so what is wrong is told in the body and takes nothing out of
service: a broken save, because the last good one is served, and a shared state that is gone,
because captchas are drawn without it. All replicas miss it together, so another status would take
all of them out of service, and make of logins that wait an outage of everything. An operation of
the spec at one of these paths is answered in their place.
"""

from __future__ import annotations

from http import HTTPStatus

from mock_server.answer_editing import Answer

LIVE, READY = "/livez", "/readyz"
PROBES = frozenset({LIVE, READY})
"""The paths of the probes."""

_BROKEN = "degraded: the newest save of the spec is broken, the last good one is served\n"
_GONE = "degraded: {}; captchas are drawn, what needs sessions is answered with 503\n"
_HEADERS = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))


def probe(path: str, problem: str | None, gone: str | None = None) -> Answer:
    """Answer a probe.

    Args:
        path: which one.
        problem: what is wrong with the newest save of the spec; None where nothing is.
        gone: why the state cannot be reached; None where it can.
    """
    told = (_BROKEN if problem is not None else "") + (_GONE.format(gone) if gone else "")
    body = (told if path == READY and told else "ok\n").encode()
    return Answer(HTTPStatus.OK, "text/plain; charset=utf-8", body, _HEADERS)
