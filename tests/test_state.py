"""What outlives one request, in every store: sessions that touch no other, within bounds."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterator

import pytest

from mock_server.delays import Between, Lognormal
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.faults import FAULTS
from mock_server.problems import RequestRefused
from mock_server.shared_state.redis_state import RedisState
from mock_server.state import memory
from mock_server.state.journal import JournalEntry, entry_of
from mock_server.state.kept_bodies import KeptBody
from mock_server.state.memory import InMemory
from mock_server.state.protocol import CaptchaAttempt, State
from mock_server.state.sessions import SHARED, session_of
from mock_server.state.settings import AnswerRule, Settings
from tests.redis_server import RedisServer, redis_server

Play = Callable[[State], Coroutine[object, object, object]]
Played = Callable[[Play], object]
INITIAL = Settings(delay=Between(1, 1))


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@pytest.fixture(params=["memory", "redis"])
def played(request: pytest.FixtureRequest) -> Played:
    """What plays on a new store of each kind."""

    if request.param == "memory":
        return lambda play: asyncio.run(play(InMemory(INITIAL)))
    server: RedisServer = request.getfixturevalue("server")

    def in_redis(play: Play) -> object:
        seed = secrets.token_hex(8)
        state = RedisState(server.url, INITIAL, numbers=Numbers(Captchas(seed)))
        state.begin_as(0)

        async def to_the_end() -> object:
            try:
                return await play(state)
            finally:
                await state.close()

        return asyncio.run(to_the_end())

    return in_redis


async def request_came(state: State, session: str = SHARED, target: str = "/") -> JournalEntry:
    """Let a request come and be answered."""
    entry = entry_of("GET", target, [], moment=0, session=session)
    await state.begin(entry)
    await state.end(entry)
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


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores that keep little."""
    for name, value in {
        "SESSIONS": 3,
        "JOURNAL_LENGTH": 12,
        "JOURNAL_SIZE": 10_000,
        "WHOLE_SIZE": 26_000,
        "CAPTCHAS": 3,
        "TOKENS": 3,
    }.items():
        monkeypatch.setattr(memory, name, value)


@pytest.mark.usefixtures("little")
def test_the_journal_is_bounded(played: Played) -> None:
    async def play(state: State) -> object:
        for _ in range(17):
            await request_came(state)
        newest = await state.journal(SHARED)
        return len(newest), newest[0].number, newest[-1].number, await state.total(SHARED)

    assert played(play) == (12, 17, 6, 17)


@pytest.mark.usefixtures("little")
def test_of_too_many_sessions_the_one_that_was_unused_for_longest_is_forgotten(
    played: Played,
) -> None:
    async def play(state: State) -> object:
        for session in ("a", "b", "c", "a", "d"):
            await request_came(state, session)
        return await state.sessions()

    assert played(play) == ["d", "a", "c"]


@pytest.mark.usefixtures("little")
def test_a_journal_that_grows_large_forgets_its_oldest(played: Played) -> None:
    async def play(state: State) -> object:
        for number in range(20):
            await request_came(state, "a", f"/{number}" + "x" * 1000)
        kept = await state.journal("a")
        return 0 < len(kept) < 10, kept[0].number, kept[-1].number + len(kept)

    assert played(play) == (True, 20, 21)


@pytest.mark.usefixtures("little")
def test_sessions_that_keep_too_much_together_are_forgotten(played: Played) -> None:
    async def play(state: State) -> object:
        for session in ("a", "b", "c"):
            for _ in range(20):
                await request_came(state, session, "/" + "x" * 1000)
            await state.issue(session, "AAAAAA")
        return await state.sessions()

    assert played(play) == ["c", "b"]


@pytest.mark.usefixtures("little")
def test_what_is_forgotten_is_counted_no_more(played: Played) -> None:
    async def play(state: State) -> object:
        for _ in range(50):  # as much each time as there is room for
            for number in range(12):
                await request_came(state, "a", "/" + "x" * 300)
                await state.issue("a", f"{number}")
                await state.remember("a", f"{number}")
            await state.forget("a")
            await state.reset("a")
        await request_came(state, "b")
        await request_came(state, "c")
        return await state.sessions()

    assert played(play) == ["c", "b"]


@pytest.mark.usefixtures("little")
def test_captchas_and_tokens_are_bounded(played: Played) -> None:
    async def play(state: State) -> object:
        for number in range(5):
            await state.issue("a", f"{number}")
            await state.remember("a", f"token {number}")
        numbers = [each.number for each in await state.captchas("a", 10)]
        known = [await state.remembers("a", f"token {number}") for number in range(5)]
        newest = [each.number for each in await state.captchas("a", 1)]
        return (
            numbers,
            known,
            newest,
            await state.captchas_kept("a"),
            await state.captchas_kept("b"),
        )

    assert played(play) == (["4", "3", "2"], [False, False, True, True, True], ["4"], 3, 0)


# The journal


def test_the_journal_tells_of_a_request_what_it_had_and_what_it_got(played: Played) -> None:
    async def play(state: State) -> object:
        headers = [(b"prefer", b"fault=slow"), (b"authorization", b"Bearer s3cret")]
        entry = entry_of("POST", "/a?b=c&token=s3cret", headers, moment=5, session="s")
        entry.body = KeptBody("application/json")
        entry.body.add(b'{"name":"tom"}')
        await state.begin(entry)
        came = [each.status for each in await state.journal("s")]
        entry.status, entry.operation, entry.seconds, entry.why = 422, "login", 0.25, "wrong"
        entry.answer = KeptBody("text/plain")
        entry.answer.add("错".encode())
        await state.end(entry)
        (kept,) = await state.journal("s")
        assert kept.body is not None
        return came, kept.body.text(), kept.as_json()

    assert played(play) == (
        [None],
        '{"name":"tom"}',
        {
            "number": 1,
            "session": "s",
            "loggedDate": "1970-01-01T00:00:05.000+00:00",
            "method": "POST",
            "url": "/a?b=c&token=[redacted]",
            "headers": {"prefer": "fault=slow", "authorization": "[redacted]"},
            "ignored": [],
            "operationId": "login",
            "status": 422,
            "milliseconds": 250.0,
            "why": "wrong",
            "body": {
                "mediaType": "application/json",
                "length": 14,
                "content": {"name": "tom"},
            },
            "answer": {"mediaType": "text/plain", "length": 3, "content": "错"},
            "upstream": None,
        },
    )


def test_an_emptied_journal_counts_from_one_again(played: Played) -> None:
    async def play(state: State) -> object:
        await request_came(state)
        await request_came(state)
        await state.forget(SHARED)
        empty = len(await state.journal(SHARED)), await state.total(SHARED)
        await request_came(state)
        return empty, [each.number for each in await state.journal(SHARED)]

    assert played(play) == ((0, 0), [1])


@pytest.mark.parametrize("how", ["forget", "reset"])
def test_a_request_that_ends_after_its_journal_was_emptied_stays_forgotten(
    how: str, played: Played
) -> None:
    async def play(state: State) -> object:
        entry = entry_of("GET", "/", [], moment=0)
        await state.begin(entry)
        await (state.forget(SHARED) if how == "forget" else state.reset(None))
        later = entry_of("GET", "/later", [], moment=0)
        await state.begin(later)
        await state.end(entry)
        kept = await state.journal(SHARED)
        return [(each.target, each.ended) for each in kept], await state.total(SHARED)

    assert played(play) == ([("/later", 0)], 1)


def test_whoever_waits_is_told_of_the_next_request_that_ends(played: Played) -> None:
    async def play(state: State) -> object:
        first, second, other = (
            entry_of("GET", "/", [], moment=0, session=session) for session in ("a", "a", "b")
        )
        for entry in (first, second, other):
            await state.begin(entry)
        waiting = asyncio.ensure_future(state.ended("a", 0, 5))
        await asyncio.sleep(0.05)
        await state.end(other)
        await asyncio.sleep(0.05)
        too_early = waiting.done()
        await state.end(second)
        ended = await waiting
        at_once = await state.ended("a", 0, 5)
        nothing = await state.ended("a", ended[-1].ended, 0.01)
        return too_early, [[each.number for each in some] for some in (ended, at_once, nothing)]

    assert played(play) == (False, [[2], [2], []])


# Captchas and tokens


def test_a_captcha_is_accepted_as_often_as_it_may_be_used_in_its_session(played: Played) -> None:
    async def play(state: State) -> object:
        seen = [await state.attempt("a", "1", ttl=10, uses=2)]
        await state.issue("a", "1")
        seen += [await state.attempt("b", "1", ttl=10, uses=2)]
        seen += [await state.attempt("a", "1", ttl=10, uses=2) for _ in range(3)]
        told = await state.captcha("a", "1")
        assert told is not None
        return seen, told.number, told.uses, 0 <= told.age < 5, await state.captcha("b", "1")

    seen = [
        CaptchaAttempt.UNKNOWN,
        CaptchaAttempt.UNKNOWN,
        CaptchaAttempt.ACCEPTED,
        CaptchaAttempt.ACCEPTED,
        CaptchaAttempt.USED,
    ]
    assert played(play) == (seen, "1", 3, True, None)


def test_a_captcha_that_is_issued_again_is_fresh(played: Played) -> None:
    async def play(state: State) -> object:
        seen = []
        for _ in range(2):
            await state.issue("a", "1")
            seen.append(await state.attempt("a", "1", ttl=10, uses=1))
        return seen

    assert played(play) == [CaptchaAttempt.ACCEPTED] * 2


@pytest.mark.usefixtures("little")
def test_a_captcha_that_is_issued_again_outlives_those_before_it(played: Played) -> None:
    async def play(state: State) -> object:
        for number in ("1", "2", "3", "1", "4"):
            await state.issue("a", number)
            await asyncio.sleep(0.002)
        return [each.number for each in await state.captchas("a", 10)]

    assert played(play) == ["4", "1", "3"]


def test_a_captcha_that_is_too_old_is_expired_unless_it_is_used_up(played: Played) -> None:
    async def play(state: State) -> object:
        await state.issue("a", "1")
        await asyncio.sleep(0.002)
        return [await state.attempt("a", "1", ttl=0.001, uses=1) for _ in range(2)]

    assert played(play) == [CaptchaAttempt.EXPIRED, CaptchaAttempt.USED]


def test_of_many_attempts_at_a_time_one_is_accepted(played: Played) -> None:
    async def play(state: State) -> object:
        await state.issue("a", "1")
        attempts = (state.attempt("a", "1", ttl=10, uses=1) for _ in range(50))
        return (await asyncio.gather(*attempts)).count(CaptchaAttempt.ACCEPTED)

    assert played(play) == 1


def test_a_token_is_known_in_its_session(played: Played) -> None:
    async def play(state: State) -> object:
        await state.remember("a", "x\ny")
        return [await state.remembers(*each) for each in (("a", "x\ny"), ("a", "x"), ("b", "x\ny"))]

    assert played(play) == [True, False, False]


# Settings


def test_a_rule_ends_when_it_was_met_as_often_as_it_says(played: Played) -> None:
    twice, always = AnswerRule(operation="a", times=2), AnswerRule(operation="b")

    async def play(state: State) -> object:
        await state.change("s", Settings(rules=(twice, always)))
        met = [await state.meet("s", rule) for rule in (twice, always, twice, twice, always)]
        return met, await state.settings("s")

    assert played(play) == ([True, True, True, False, True], Settings(rules=(always,)))


def test_settings_are_given_as_they_were_changed_in_their_session_until_it_is_reset(
    played: Played,
) -> None:
    rule = AnswerRule(
        operation="a",
        asked={"code": "404"},
        delay=Lognormal(5, 0.5),
        times=3,
        match={"/a": None, "query:b": "ü", "/c": [1, {"d": 1.5}]},
    )
    changed = Settings(fault=FAULTS["slow"], delay=Between(5, 10), rules=(rule,))

    async def play(state: State) -> object:
        await state.change("s", changed)
        before = [await state.settings(session) for session in ("s", "t")]
        await state.reset("s")
        return before, await state.settings("s")

    assert played(play) == ([changed, INITIAL], INITIAL)


def test_of_many_requests_at_a_time_as_many_meet_a_rule_as_it_says(played: Played) -> None:
    rule = AnswerRule(operation="a", times=7)

    async def play(state: State) -> object:
        await state.change("s", Settings(rules=(rule,)))
        return sum(await asyncio.gather(*(state.meet("s", rule) for _ in range(40))))

    assert played(play) == 7


def test_all_sessions_begin_again_together(played: Played) -> None:
    async def play(state: State) -> object:
        for session in ("a", "b"):
            await request_came(state, session)
            await state.issue(session, "1")
            await state.remember(session, "t")
        await state.reset(None)
        left: list[object] = [await state.sessions()]
        for session in ("a", "b"):
            left += [await state.journal(session), await state.captchas(session, 9)]
            left.append(await state.remembers(session, "t"))
        return left

    assert played(play) == [[], *([[], [], False] * 2)]
