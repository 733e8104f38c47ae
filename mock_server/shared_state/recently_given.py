"""What a process has given and used lately, for a Redis that did not hear of it, or forgot it.

While Redis is gone, captchas and tokens go out all the same: it is told of them when it is back.
One that has lost its data is told of all that was given lately, and of what was used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

LATELY = 10_000
"""How many captchas, tokens and uses a process remembers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A captcha or a token that a session was given, or a captcha's use.

    Attributes:
        session: whose it is.
        kind: captcha, token or use.
        text: its number, or the token.
        moment: when, by the clock of the event loop.
    """

    session: str
    kind: str
    text: str
    moment: float


class RecentlyGiven:
    """What was given lately, the oldest first."""

    def __init__(self) -> None:
        self._all: deque[Given] = deque(maxlen=LATELY)

    def add(self, given: Given) -> None:
        """Remember one more; the oldest may be forgotten."""
        self._all.append(given)

    def since(self, moment: float) -> Iterator[Given]:
        """Give what was given from a moment on."""
        return (each for each in self._all if each.moment >= moment)

    def forget(self, session: str | None) -> None:
        """Forget what a session was given; None stands for all of them."""
        kept = (each for each in self._all if session is not None and each.session != session)
        self._all = deque(kept, maxlen=LATELY)


def by_session(given: Iterable[Given]) -> Mapping[str, list[Given]]:
    """Give what each session was given."""
    found: dict[str, list[Given]] = {}
    for each in given:
        found.setdefault(each.session, []).append(each)
    return found
