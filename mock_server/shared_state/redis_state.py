"""The state in a Redis, or a Valkey, which many processes share: workers, and servers elsewhere.

Every call is one script there (`redis_scripts.py`), so that of several requests only one has what
only one may. The bounds are those of `memory.py`, for all processes together, and Redis's clock is
everybody's. While Redis is gone (`redis_link.py`), calls raise `StateGone`; captchas and tokens
that are given meanwhile are told to it when it is back.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from mock_server.drawing.captcha import INSTANCES, Numbers
from mock_server.shared_state.instance_lease import BEAT, RETRY, InstanceLease, NoFreeInstance
from mock_server.shared_state.recently_given import Given, RecentlyGiven, by_session
from mock_server.shared_state.redis_batches import FAILURES, Argument
from mock_server.shared_state.redis_link import LIMIT, Link, unusable
from mock_server.shared_state.redis_scripts import scripts
from mock_server.shared_state.redis_values import (
    beginning,
    end,
    entries_of,
    settings_as_text,
    settings_of,
)
from mock_server.state.journal import JournalEntry
from mock_server.state.protocol import CaptchaAttempt, IssuedCaptcha, StateGone
from mock_server.state.settings import AnswerRule, Settings
from mock_server.state.state_options import NAME, UnusableState

LAYOUT = 1
"""The number of the form in which all is kept; servers of another form share nothing."""

SETTLING = BEAT + LIMIT
"""Seconds until every process has told a Redis that is back what it knows."""

_AT_ONCE = 500
_JUST_BACK = "Redis is just back: what was given meanwhile is being told to it"
_LOST = "Redis has lost its data: what was given lately is being told to it again"
_NONE_FREE = (
    f"all {INSTANCES} instances of this seed and name are taken by other servers: give this one"
    " another --seed or --state-name"
)


class RedisState:
    """The state of all processes that have one Redis, one seed and one name.

    Attributes:
        initial: the settings that every session begins with.
        link: leads to Redis.
        lease: says which of several servers this is.
    """

    def __init__(  # noqa: PLR0913 - all that it depends on
        self,
        url: str,
        initial: Settings | None = None,
        *,
        numbers: Numbers,
        name: str = NAME,
        instance: int | None = None,
        report: Callable[[str], object] = lambda _: None,
    ) -> None:
        """Begin to share; nothing is reached yet.

        Args:
            url: of Redis; it may hold a password, which is told to nobody.
            initial: the settings that every session begins with.
            numbers: those that this process issues; their seed is shared.
            name: tells users of one Redis apart who share nothing.
            instance: which of several servers this is; None to take a free one.
            report: prints a line for people.

        Raises:
            UnusableState: the URL names no Redis.
        """
        self._initial = initial or Settings()
        self.report = report
        self.link = Link(url, _prefix(name, numbers.captchas.seed), scripts(INSTANCES), self._told)
        self.lease = InstanceLease(numbers, instance, self._told)
        self._worker: int | None = None
        self._lately = RecentlyGiven()
        self._epoch: str | None = None
        self._lost_data = False
        self._settled = 0.0
        self._none_free = False
        self._keeper: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    @property
    def initial(self) -> Settings:
        """The settings that every session begins with."""
        return self._initial

    @property
    def shared(self) -> bool:
        """Whether several processes have it together."""
        return True

    @property
    def where(self) -> str:
        """What keeps it: the URL without credentials."""
        return self.link.where

    @property
    def problem(self) -> str | None:
        """Why it cannot be reached now."""
        return self.link.problem

    def _told(self, text: str) -> None:
        if not self._worker:  # the first worker reports for all
            self.report(text)

    # From the start to the end of a process

    def check(self) -> None:
        """Look whether Redis can be used, and take an instance; it may come up later.

        Raises:
            UnusableState: it can never be used as it is, or all instances are taken.
        """
        asyncio.run(self._begin(None))

    def begin_as(self, worker: int) -> None:
        """Take the place of a worker, before it serves anything."""
        self._worker = worker
        asyncio.run(self._begin(worker))

    async def _begin(self, worker: int | None) -> None:
        try:
            self._epoch = await self.lease.beat(self.link, worker)
        except NoFreeInstance:
            if worker is None:
                raise UnusableState(_NONE_FREE) from None
            self._told(_NONE_FREE)
        except FAILURES as error:
            never = unusable(error)
            if never is not None and worker is None:
                raise UnusableState(f"--state: {never} ({self.link.where})") from None
            self.link.lose(error)
        finally:
            await self.link.close()

    async def keep(self) -> None:
        """Beat from now on, beside the requests; a call while it beats changes nothing."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._beating())

    async def close(self) -> None:
        """Stop to beat, and mark which numbers were issued."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        with contextlib.suppress(NoFreeInstance, *FAILURES):
            if self.link.problem is None:
                await self.lease.beat(self.link, self._worker)
        await self.link.close()

    def release(self) -> None:
        """Give the instance back, once no process of this server issues a number any more."""

        async def released() -> None:
            with contextlib.suppress(*FAILURES):
                await self.lease.release(self.link)
            await self.link.close()

        if self.link.problem is None:
            asyncio.run(released())

    async def _beating(self) -> None:
        while True:
            await self._beat()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY if self.link.problem else BEAT):
                    await self._wake.wait()
            self._wake.clear()

    async def _beat(self) -> None:
        try:
            epoch = await self.lease.beat(self.link, self._worker)
            lost_data = self._epoch not in {None, epoch}
            if lost_data or self.link.problem is not None:
                await self._restore(0.0 if lost_data else self.link.lost - LIMIT)
                self._lost_data = lost_data
                self._settled = _now() + SETTLING
        except NoFreeInstance:
            if not self._none_free:
                self._told(_NONE_FREE)
            self._none_free = True
        except FAILURES as error:
            self.link.lose(error, always=True)
        else:
            self._epoch, self._none_free = epoch, False
            self.link.back()

    async def _restore(self, since: float) -> None:
        for session, given in by_session(self._lately.since(since)).items():
            for at in range(0, len(given), _AT_ONCE):
                now = _now()
                told = ((each.kind, each.text, now - each.moment) for each in given[at:][:_AT_ONCE])
                await self.link.trial(
                    "restore", session, *(value for each in told for value in each)
                )

    # Settings

    async def settings(self, session: str) -> Settings:
        """Give the settings in force."""
        text, left = cast(tuple[bytes | None, list[bytes]], await self._call("settings", session))
        if text is None:
            return self._initial
        times = {key.decode(): int(times) if times else None for key, times in _pairs(left)}
        return settings_of(text, times)

    async def change(self, session: str, settings: Settings) -> None:
        """Replace the settings."""
        times = ((each.key, "" if each.times is None else each.times) for each in settings.rules)
        text = settings_as_text(settings)
        await self._call("change", session, text, *(value for each in times for value in each))

    async def meet(self, session: str, rule: AnswerRule) -> bool:
        """Count that a request met a rule; say whether it was still in force."""
        return bool(await self._call("meet", session, rule.key))

    # The journal

    async def begin(self, entry: JournalEntry) -> None:
        """Add a request to the journal of its session, and number it."""
        said = await self._call("begin", entry.session, beginning(entry))
        number, place = cast(tuple[int, bytes], said)
        entry.number, entry.place, entry.counted = number, place.decode(), entry.size

    async def end(self, entry: JournalEntry) -> None:
        """Complete what the journal says of a request that is answered."""
        if entry.place:  # otherwise Redis was gone when it came
            said = await self._call("end", entry.session, entry.place, end(entry))
            entry.ended = cast(int, said)

    async def journal(self, session: str) -> Sequence[JournalEntry]:
        """Give what the journal of a session keeps, the newest first."""
        entries = _entries(session, await self._call("journal", session))
        return sorted(entries, key=lambda each: each.number, reverse=True)

    async def total(self, session: str) -> int:
        """Say how many requests a session has had since its journal was last emptied."""
        return cast(int, await self._call("total", session))

    async def ended(self, session: str, after: int, seconds: float) -> Sequence[JournalEntry]:
        """Wait until a request ends that is not among the first `after` that ended; give those."""
        found = await self._ended(session, after)
        if found:
            return found
        until = _now() + seconds
        async with self.link.listening(f"ends:{session}") as heard:
            found = await self._ended(session, after)  # it may have ended before there was an ear
            while not found and (left := until - _now()) > 0:
                await heard(left)
                found = await self._ended(session, after)
        return found

    async def _ended(self, session: str, after: int) -> Sequence[JournalEntry]:
        entries = _entries(session, await self._call("ended", session, after))
        return sorted(entries, key=lambda each: each.number)

    async def forget(self, session: str) -> None:
        """Empty the journal of a session."""
        await self._call("forget", session)

    # Captchas and tokens

    async def issue(self, session: str, number: str) -> None:
        """Remember that a captcha was issued now, also while Redis is gone."""
        await self._give(
            "issue", Given(session=session, kind="captcha", text=number, moment=_now())
        )

    async def attempt(self, session: str, number: str, *, ttl: float, uses: int) -> CaptchaAttempt:
        """Use a captcha once, whether the answer that came with it is right or wrong."""
        settling = _now() < self._settled
        if settling and self._lost_data:
            raise StateGone(_LOST)
        said = await self._call("attempt", session, number, ttl, uses, self._epoch or "")
        if said == b"lost":
            self._wake.set()
            raise StateGone(_LOST)
        attempt = CaptchaAttempt(cast(bytes, said).decode())
        if attempt is CaptchaAttempt.UNKNOWN and settling:
            raise StateGone(_JUST_BACK)
        if attempt is not CaptchaAttempt.UNKNOWN:
            self._lately.add(Given(session=session, kind="use", text=number, moment=_now()))
        return attempt

    async def captchas(self, session: str, limit: int) -> Sequence[IssuedCaptcha]:
        """Give the captchas that were issued last, the newest first."""
        return _captchas(await self._call("captchas", session, limit))

    async def captchas_kept(self, session: str) -> int:
        """Say how many captchas of a session are remembered."""
        return cast(int, await self._call("captchas_kept", session))

    async def captcha(self, session: str, number: str) -> IssuedCaptcha | None:
        """Give one captcha; None where it was not issued in this session."""
        found = _captchas(await self._call("captchas", session, 1, number))
        return found[0] if found else None

    async def remember(self, session: str, token: str) -> None:
        """Remember a token that an answer gave, also while Redis is gone."""
        given = Given(session=session, kind="token", text=_digest(token), moment=_now())
        await self._give("remember", given)

    async def remembers(self, session: str, token: str) -> bool:
        """Say whether an answer of this session gave a token."""
        known = bool(await self._call("remembers", session, _digest(token)))
        if not known and _now() < self._settled:
            raise StateGone(_JUST_BACK)
        return known

    async def _give(self, script: str, given: Given) -> None:
        self._lately.add(given)
        with contextlib.suppress(StateGone):
            await self._call(script, given.session, given.text)

    # Sessions

    async def sessions(self) -> Sequence[str]:
        """Name the sessions that hold anything, the one that was used last first."""
        return [name.decode() for name in cast(list[bytes], await self._call("sessions", ""))]

    async def reset(self, session: str | None) -> None:
        """Let a session begin again; None stands for all of them."""
        await self._call("reset", session or "")
        self._lately.forget(session)

    async def _call(self, script: str, session: str, *arguments: Argument) -> object:
        return await self.link.call(script, session, *arguments)


def _prefix(name: str, seed: str) -> str:
    """Give what all keys begin with; the braces keep them in one slot of a cluster."""
    return f"captcha-contract:{LAYOUT}:{{{name}:{_digest(seed)[:16]}}}:"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _pairs(flat: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _entries(session: str, said: object) -> Iterator[JournalEntry]:
    base, kept, ended = cast(tuple[bytes | None, list[bytes], list[bytes]], said)
    texts: Mapping[int, Any] = {int(place): text for place, text in _pairs(kept)}
    counts = {int(place): int(count) for place, count in _pairs(ended)}
    return entries_of(session, int(base or 0), texts, counts)


def _captchas(said: object) -> Sequence[IssuedCaptcha]:
    found = cast(list[tuple[bytes, bytes, int]], said)
    return [
        IssuedCaptcha(number=number.decode(), age=int(age) / 1_000_000, uses=uses)
        for number, age, uses in found
    ]
