"""What outlives one request, behind one interface: sessions with settings, journal and captchas.

Every call is whole in itself, so that a store elsewhere can answer it in one round trip, and no two
requests can both have what only one may. `memory.py` keeps it all in one process, `shared_state/`
in a Redis that several have. To keep something more: a call here, and its meaning in every store;
`tests/test_state.py` holds all of them to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Protocol

from mock_server.problems import RequestRefused, problem
from mock_server.state.journal import JournalEntry
from mock_server.state.settings import AnswerRule, Settings


class CaptchaAttempt(Enum):
    """What becomes of the number of a captcha that a request brings."""

    ACCEPTED = "accepted"
    """It was issued in this session, and this attempt has used it once."""
    UNKNOWN = "unknown"
    """It was not issued in this session, or that is too many captchas ago."""
    EXPIRED = "expired"
    """It is too old."""
    USED = "used"
    """It was used as often as it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCaptcha:
    """A captcha that a session was given.

    Attributes:
        number: names it.
        age: seconds since it was issued.
        uses: how many attempts have used it.
    """

    number: str
    age: float
    uses: int


class StateGone(RequestRefused):
    """What is kept cannot be reached now; a request that needs it is answered with 503."""

    def __init__(self, reason: str) -> None:
        detail = f"{reason}; captchas are still drawn, what needs sessions is not answered"
        super().__init__(problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry_after="1"))


class State(Protocol):
    """All that outlives one request; the sessions are named by texts, and need no beginning.

    Calls to a store elsewhere may raise `StateGone`, all but `issue` and `remember`: what was given
    meanwhile is kept until the store is back.
    """

    @property
    def shared(self) -> bool:
        """Whether several processes have it together."""

    @property
    def where(self) -> str:
        """What keeps it, for people: nothing that opens it."""

    @property
    def problem(self) -> str | None:
        """Why it cannot be reached now; None where it can."""

    @property
    def initial(self) -> Settings:
        """The settings that a session begins with: those of the command line."""

    async def settings(self, session: str) -> Settings:
        """Give the settings in force; their rules say how often they are still to be met."""

    async def change(self, session: str, settings: Settings) -> None:
        """Replace the settings."""

    async def meet(self, session: str, rule: AnswerRule) -> bool:
        """Count that a request met a rule; say whether it was still in force."""

    async def begin(self, entry: JournalEntry) -> None:
        """Add a request to the journal of its session, and number it."""

    async def end(self, entry: JournalEntry) -> None:
        """Complete what the journal says of a request that is answered."""

    async def journal(self, session: str) -> Sequence[JournalEntry]:
        """Give what the journal of a session keeps, the newest first."""

    async def total(self, session: str) -> int:
        """Say how many requests a session has had since its journal was last emptied."""

    async def ended(self, session: str, after: int, seconds: float) -> Sequence[JournalEntry]:
        """Wait until a request of a session has ended after a moment; give those that have.

        Args:
            session: whose requests.
            after: the moment, as `JournalEntry.ended` counts; 0 for all that are kept.
            seconds: how long to wait at most; then nothing is given.
        """

    async def forget(self, session: str) -> None:
        """Empty the journal of a session."""

    async def issue(self, session: str, number: str) -> None:
        """Remember that a captcha was issued now."""

    async def attempt(self, session: str, number: str, *, ttl: float, uses: int) -> CaptchaAttempt:
        """Use a captcha once, whether the answer that came with it is right or wrong.

        Args:
            session: whose captcha it must be.
            number: names it.
            ttl: how many seconds it lasts.
            uses: how many attempts it allows.
        """

    async def captchas(self, session: str, limit: int) -> Sequence[IssuedCaptcha]:
        """Give the captchas that were issued last, the newest first."""

    async def captchas_kept(self, session: str) -> int:
        """Say how many captchas of a session are remembered."""

    async def captcha(self, session: str, number: str) -> IssuedCaptcha | None:
        """Give one captcha; None where it was not issued in this session."""

    async def remember(self, session: str, token: str) -> None:
        """Remember a token that an answer gave."""

    async def remembers(self, session: str, token: str) -> bool:
        """Say whether an answer of this session gave a token."""

    async def sessions(self) -> Sequence[str]:
        """Name the sessions that hold anything, the one that was used last first."""

    async def reset(self, session: str | None) -> None:
        """Let a session begin again; None stands for all of them."""
