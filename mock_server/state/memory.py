"""The state in the memory of one process, within bounds that no client can move.

A session that keeps too much forgets its own oldest first. When there are too many sessions, or
they keep too much together, the one that was not used for longest is forgotten as a whole.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from mock_server.state.journal import JournalEntry
from mock_server.state.protocol import CaptchaAttempt, IssuedCaptcha
from mock_server.state.settings import AnswerRule, Settings

SESSIONS = 1000
"""How many sessions there are at a time."""

JOURNAL_LENGTH = 1000
"""How many requests the journal of a session keeps."""

JOURNAL_SIZE = 4 << 20
"""How many bytes the journal of a session keeps, about."""

CAPTCHAS = 10_000
"""How many captchas of a session are remembered."""

TOKENS = 1000
"""How many tokens of a session are remembered."""

WHOLE_SIZE = 64 << 20
"""How many bytes all sessions keep together, about."""

OF_A_CAPTCHA, OF_A_TOKEN, OF_A_SESSION, OF_AN_ENTRY = 250, 150, 2000, 500
"""How many bytes each takes besides its text, about."""


@dataclass(slots=True)
class _Session:
    """What one session keeps, and how many bytes that is about."""

    settings: Settings
    entries: deque[JournalEntry] = field(default_factory=deque)
    journal_size: int = 0
    total: int = 0
    last_end: int = 0
    waiting: list[asyncio.Future[None]] = field(default_factory=list)
    issued: dict[str, float] = field(default_factory=dict)
    issued_order: deque[str] = field(default_factory=deque)
    used: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, None] = field(default_factory=dict)
    other_size: int = OF_A_SESSION

    def drop_request(self) -> int:
        """Forget the oldest request; give its size."""
        dropped = self.entries.popleft()
        size, dropped.counted = dropped.counted, 0
        self.journal_size -= size
        return size


@dataclass(slots=True)
class InMemory:
    """The state of one process.

    Attributes:
        initial: the settings that every session begins with.
        clock: gives the seconds since some moment.
        size: how many bytes all sessions keep, about.
    """

    initial: Settings = field(default_factory=Settings)
    clock: Callable[[], float] = time.monotonic
    _sessions: OrderedDict[str, _Session] = field(default_factory=OrderedDict)
    size: int = 0
    _ended: int = 0

    @property
    def shared(self) -> bool:
        """Whether several processes have it together; none has the memory of another."""
        return False

    @property
    def where(self) -> str:
        """What keeps it."""
        return "memory"

    @property
    def problem(self) -> str | None:
        """Why it cannot be reached now; the own memory always can."""
        return None

    async def settings(self, session: str) -> Settings:
        """Give the settings in force."""
        found = self._sessions.get(session)
        return self.initial if found is None else found.settings

    async def change(self, session: str, settings: Settings) -> None:
        """Replace the settings."""
        self._of(session).settings = settings

    async def meet(self, session: str, rule: AnswerRule) -> bool:
        """Count that a request met a rule; say whether it was still in force."""
        mine = self._of(session)
        found = next((each for each in mine.settings.rules if each.key == rule.key), None)
        if found is not None and found.times is not None:
            left = found.times - 1
            rules = (
                replace(each, times=left) if each is found else each
                for each in mine.settings.rules
                if each is not found or left
            )
            mine.settings = replace(mine.settings, rules=tuple(rules))
        return found is not None

    async def begin(self, entry: JournalEntry) -> None:
        """Add a request to the journal of its session, and number it."""
        mine = self._of(entry.session)
        mine.total += 1
        entry.number = mine.total
        mine.entries.append(entry)
        entry.counted = entry.size
        self._grow(mine, entry.counted)
        if len(mine.entries) > JOURNAL_LENGTH:
            self.size -= mine.drop_request()

    async def end(self, entry: JournalEntry) -> None:
        """Complete what the journal says of a request that is answered."""
        if not entry.counted:
            return  # it is forgotten by now
        mine = self._sessions[entry.session]
        self._ended += 1
        entry.ended = mine.last_end = self._ended
        size = entry.size
        grown, entry.counted = size - entry.counted, size
        self._grow(mine, grown)
        for waiting in mine.waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def journal(self, session: str) -> Sequence[JournalEntry]:
        """Give what the journal of a session keeps, the newest first."""
        mine = self._sessions.get(session)
        return list(reversed(mine.entries)) if mine else []

    async def total(self, session: str) -> int:
        """Say how many requests a session has had since its journal was last emptied."""
        mine = self._sessions.get(session)
        return mine.total if mine else 0

    async def ended(self, session: str, after: int, seconds: float) -> Sequence[JournalEntry]:
        """Wait until a request ends that is not among the first `after` that ended; give those."""
        mine = self._of(session)
        if mine.last_end <= after:
            waiting = asyncio.get_running_loop().create_future()
            mine.waiting.append(waiting)
            try:
                async with asyncio.timeout(seconds):
                    await waiting
            except TimeoutError:
                return []
            finally:
                mine.waiting.remove(waiting)
        return [each for each in mine.entries if each.ended > after]

    async def forget(self, session: str) -> None:
        """Empty the journal of a session."""
        mine = self._sessions.get(session)
        if mine is not None:
            while mine.entries:
                self.size -= mine.drop_request()
            mine.total = 0

    async def issue(self, session: str, number: str) -> None:
        """Remember that a captcha was issued now."""
        mine = self._of(session)
        mine.used.pop(number, None)
        if number in mine.issued:
            mine.issued_order.remove(number)
        else:
            self._grow(mine, OF_A_CAPTCHA, journal=False)
        mine.issued[number] = self.clock()
        mine.issued_order.append(number)
        if len(mine.issued) > CAPTCHAS:
            oldest = mine.issued_order.popleft()
            del mine.issued[oldest]
            mine.used.pop(oldest, None)
            self._grow(mine, -OF_A_CAPTCHA, journal=False)

    async def attempt(self, session: str, number: str, *, ttl: float, uses: int) -> CaptchaAttempt:
        """Use a captcha once, whether the answer that came with it is right or wrong."""
        mine = self._sessions.get(session)
        if mine is None or number not in mine.issued:
            return CaptchaAttempt.UNKNOWN
        used = mine.used.get(number, 0)
        mine.used[number] = used + 1
        if used >= uses:
            return CaptchaAttempt.USED
        return (
            CaptchaAttempt.EXPIRED
            if self.clock() - mine.issued[number] > ttl
            else CaptchaAttempt.ACCEPTED
        )

    async def captchas(self, session: str, limit: int) -> Sequence[IssuedCaptcha]:
        """Give the captchas that were issued last, the newest first."""
        mine = self._sessions.get(session)
        numbers = islice(reversed(mine.issued_order), limit) if mine else ()
        return [self._captcha(mine, number) for number in numbers if mine]

    async def captchas_kept(self, session: str) -> int:
        """Say how many captchas of a session are remembered."""
        mine = self._sessions.get(session)
        return len(mine.issued) if mine else 0

    async def captcha(self, session: str, number: str) -> IssuedCaptcha | None:
        """Give one captcha; None where it was not issued in this session."""
        mine = self._sessions.get(session)
        return self._captcha(mine, number) if mine and number in mine.issued else None

    def _captcha(self, mine: _Session, number: str) -> IssuedCaptcha:
        age = self.clock() - mine.issued[number]
        return IssuedCaptcha(number=number, age=age, uses=mine.used.get(number, 0))

    async def remember(self, session: str, token: str) -> None:
        """Remember a token that an answer gave."""
        mine = self._of(session)
        if mine.tokens.pop(token, self) is self:
            self._grow(mine, len(token) + OF_A_TOKEN, journal=False)
        mine.tokens[token] = None
        if len(mine.tokens) > TOKENS:
            oldest = next(iter(mine.tokens))
            del mine.tokens[oldest]
            self._grow(mine, -len(oldest) - OF_A_TOKEN, journal=False)

    async def remembers(self, session: str, token: str) -> bool:
        """Say whether an answer of this session gave a token."""
        mine = self._sessions.get(session)
        return mine is not None and token in mine.tokens

    async def sessions(self) -> Sequence[str]:
        """Name the sessions that hold anything, the one that was used last first."""
        return list(reversed(self._sessions))

    async def reset(self, session: str | None) -> None:
        """Let a session begin again; None stands for all of them."""
        for name in [*self._sessions] if session is None else [session]:
            self._drop(name)

    def _of(self, session: str) -> _Session:
        """Give what a session keeps, also where it keeps nothing yet."""
        mine = self._sessions.get(session)
        if mine is None:
            mine = self._sessions[session] = _Session(self.initial)
            self.size += mine.other_size
            if len(self._sessions) > SESSIONS:
                self._drop(next(iter(self._sessions)))
        else:
            self._sessions.move_to_end(session)
        return mine

    def _grow(self, mine: _Session, size: int, *, journal: bool = True) -> None:
        """Count what a session keeps more; forget what is too much."""
        self.size += size
        if not journal:
            mine.other_size += size
        else:
            mine.journal_size += size
            while mine.journal_size > JOURNAL_SIZE and len(mine.entries) > 1:
                self.size -= mine.drop_request()
        while self.size > WHOLE_SIZE and len(self._sessions) > 1:
            self._drop(next(iter(self._sessions)))

    def _drop(self, session: str) -> None:
        mine = self._sessions.pop(session, None)
        if mine is not None:
            while mine.entries:
                self.size -= mine.drop_request()
            self.size -= mine.other_size
            for waiting in mine.waiting:
                if not waiting.done():
                    waiting.set_result(None)
