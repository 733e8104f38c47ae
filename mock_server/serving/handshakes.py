"""TLS handshakes within limits: so many at a time, and one line on the first that is no TLS."""

from __future__ import annotations

import ssl
import weakref
from collections.abc import Callable

from mock_server.limits import HANDSHAKES

_PLAIN = "a client speaks plain HTTP to this port, which speaks https; this is said once"


def watch_handshakes(context: ssl.SSLContext, report: Callable[[str], object]) -> None:
    """Bound the handshakes of a context that are under way, and report that plain HTTP came."""
    under_way: weakref.WeakSet[ssl.SSLObject] = weakref.WeakSet()
    said: list[str] = []

    class Watched(ssl.SSLObject):
        """The TLS of one connection."""

        def do_handshake(self) -> None:
            under_way.add(self)
            if len(under_way) > HANDSHAKES:
                under_way.discard(self)
                raise ssl.SSLError("too many handshakes are under way")
            try:
                super().do_handshake()
            except ssl.SSLWantReadError:
                raise
            except ssl.SSLError as error:
                under_way.discard(self)
                if error.reason == "HTTP_REQUEST" and not said:
                    said.append(_PLAIN)
                    report(_PLAIN)
                raise
            under_way.discard(self)

    context.sslobject_class = Watched
