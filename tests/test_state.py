"""What outlives one request: sessions that touch no other, within bounds."""

from __future__ import annotations

import asyncio

import pytest

from mock_server import memory
from mock_server.journal import JournalEntry, entry_of
from mock_server.memory import JOURNAL_LENGTH, InMemory
from mock_server.problems import RequestRefused
from mock_server.sessions import SHARED, session_of
from mock_server.settings import AnswerRule, Settings
from mock_server.state import CaptchaAttempt, IssuedCaptcha


def request(state: InMemory, session: str = SHARED, target: str = "/") -> JournalEntry:
    """Let a request come and be answered."""
    entry = entry_of("GET", target, [], moment=0, session=session)

    async def comes_and_ends() -> None:
        await state.begin(entry)
        await state.end(entry)

    asyncio.run(comes_and_ends())
    return entry


# Whose request it is


@pytest.mark.parametrize(
    ("headers", "session"),
    [
        ([], SHARED),
        ([(b"x-mock-session", b"anna")], "anna"),
        ([(b"x-mock-session", b" anna ")], "anna"),
        ([(b"cookie", b"mock_session=ben")], "ben"),
        ([(b"cookie", b'a=b; mock_session="ben"; c=d')], "ben"),
        ([(b"cookie", b"a=b"), (b"cookie", b"mock_session=ben")], "ben"),
        ([(b"cookie", b"mock_session=ben"), (b"x-mock-session", b"anna")], "anna"),
        ([(b"cookie", b"my_mock_session=x; mock_sessions=y; mock_session")], SHARED),
        ([(b"x-mock-session", b"A-z_0.9" + b"x" * 57)], "A-z_0.9" + "x" * 57),
    ],
)
def test_the_header_names_the_session_else_the_cookie_else_nobody(
    headers: list[tuple[bytes, bytes]], session: str
) -> None:
    assert session_of({"headers": headers}) == session


@pytest.mark.parametrize("name", [b"", b"a b", b"a/b", "ä".encode(), b"x" * 65, b"a\tb"])
@pytest.mark.parametrize("header", [b"x-mock-session", b"cookie"])
def test_a_session_of_another_form_is_refused_with_the_form(header: bytes, name: bytes) -> None:
    value = name if header != b"cookie" else b"mock_session=" + name
    with pytest.raises(RequestRefused) as refused:
        session_of({"headers": [(header, value)]})

    assert b"1 to 64 characters of A-Z, a-z, 0-9" in refused.value.problem.answer.body


# Bounds


def test_the_journal_is_bounded() -> None:
    state = InMemory()
    for _ in range(JOURNAL_LENGTH + 5):
        request(state)

    newest = asyncio.run(state.journal(SHARED))
    assert (len(newest), newest[0].number, asyncio.run(state.total(SHARED))) == (
        JOURNAL_LENGTH,
        JOURNAL_LENGTH + 5,
        JOURNAL_LENGTH + 5,
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> InMemory:
    """A state that keeps little."""
    monkeypatch.setattr(memory, "SESSIONS", 3)
    monkeypatch.setattr(memory, "JOURNAL_SIZE", 10_000)
    monkeypatch.setattr(memory, "WHOLE_SIZE", 25_000)
    monkeypatch.setattr(memory, "CAPTCHAS", 3)
    monkeypatch.setattr(memory, "TOKENS", 3)
    return InMemory()


def test_of_too_many_sessions_the_one_that_was_unused_for_longest_is_forgotten(
    small: InMemory,
) -> None:
    for session in ("a", "b", "c", "a", "d"):
        request(small, session)

    assert asyncio.run(small.sessions()) == ["d", "a", "c"]


def test_a_journal_that_grows_large_forgets_its_oldest(small: InMemory) -> None:
    for number in range(20):
        request(small, "a", f"/{number}" + "x" * 1000)

    kept = asyncio.run(small.journal("a"))
    assert (0 < len(kept) < 10, kept[0].number, kept[-1].number) == (True, 20, 21 - len(kept))


def test_sessions_that_keep_too_much_together_are_forgotten_and_counted_right(
    small: InMemory,
) -> None:
    for session in ("a", "b", "c"):
        for _ in range(20):
            request(small, session, "/" + "x" * 1000)
        asyncio.run(small.issue(session, "AAAAAA"))

    assert asyncio.run(small.sessions()) == ["c", "b"]
    asyncio.run(small.reset(None))
    assert small.size == 0


def test_captchas_and_tokens_are_bounded(small: InMemory) -> None:
    async def many() -> tuple[list[str], list[bool]]:
        for number in range(5):
            await small.issue("a", f"{number}")
            await small.remember("a", f"token {number}")
        numbers = [each.number for each in await small.captchas("a", 10)]
        return numbers, [await small.remembers("a", f"token {number}") for number in range(5)]

    assert asyncio.run(many()) == (["4", "3", "2"], [False, False, True, True, True])


def test_a_request_that_ends_after_its_journal_was_emptied_stays_forgotten() -> None:
    async def emptied_meanwhile() -> tuple[int, int]:
        state = InMemory()
        entry = entry_of("GET", "/", [], moment=0)
        await state.begin(entry)
        await state.reset(None)
        await state.end(entry)
        return len(await state.journal(SHARED)), state.size

    assert asyncio.run(emptied_meanwhile()) == (0, 0)


# Captchas


def test_a_captcha_is_accepted_as_often_as_it_may_be_used_until_it_is_too_old() -> None:
    now = [0.0]
    state = InMemory(clock=lambda: now[0])

    async def used() -> list[CaptchaAttempt]:
        seen = [await state.attempt("a", "1", ttl=10, uses=2)]
        await state.issue("a", "1")
        seen += [await state.attempt("b", "1", ttl=10, uses=2)]
        seen += [await state.attempt("a", "1", ttl=10, uses=2) for _ in range(3)]
        await state.issue("a", "2")
        now[0] = 10.5
        return [*seen, await state.attempt("a", "2", ttl=10, uses=2)]

    assert asyncio.run(used()) == [
        CaptchaAttempt.UNKNOWN,
        CaptchaAttempt.UNKNOWN,
        CaptchaAttempt.ACCEPTED,
        CaptchaAttempt.ACCEPTED,
        CaptchaAttempt.USED,
        CaptchaAttempt.EXPIRED,
    ]
    told = asyncio.run(state.captcha("a", "1"))
    assert told == IssuedCaptcha(number="1", age=10.5, uses=3)


# Rules


def test_a_rule_ends_when_it_was_met_as_often_as_it_says() -> None:
    state = InMemory()
    twice, always = AnswerRule(operation="a", times=2), AnswerRule(operation="b")

    async def met() -> list[bool]:
        await state.change("s", Settings(rules=(twice, always)))
        return [await state.meet("s", rule) for rule in (twice, always, twice, twice, always)]

    assert asyncio.run(met()) == [True, True, True, False, True]
    assert asyncio.run(state.settings("s")).rules == (always,)


# Waiting


def test_whoever_waits_is_told_of_the_next_request_that_ends() -> None:
    async def waited() -> tuple[bool, list[int], int]:
        state = InMemory()
        first, second, other = (
            entry_of("GET", "/", [], moment=0, session=session) for session in ("a", "a", "b")
        )
        for entry in (first, second, other):
            await state.begin(entry)
        waiting = asyncio.ensure_future(state.ended("a", 0, 5))
        await asyncio.sleep(0)
        await state.end(other)
        await asyncio.sleep(0)
        too_early = waiting.done()
        await state.end(second)
        ended = await waiting
        nothing = await state.ended("a", ended[-1].ended, 0.01)
        return too_early, [each.number for each in ended], len(nothing)

    assert asyncio.run(waited()) == (False, [2], 0)
