"""The state in a Redis that several have: shared, kept apart, lost, found again, and never told."""

from __future__ import annotations

import asyncio
import re
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis import Redis

from mock_server.command_line import main
from mock_server.drawing.captcha import INSTANCES, Captchas, Numbers
from mock_server.shared_state import instance_lease, redis_link, redis_state
from mock_server.shared_state.redis_scripts import MARGIN
from mock_server.shared_state.redis_state import RedisState
from mock_server.state.journal import entry_of
from mock_server.state.kept_bodies import KeptBody
from mock_server.state.protocol import CaptchaAttempt, StateGone
from mock_server.state.sessions import SHARED
from mock_server.state.settings import AnswerRule, Settings
from mock_server.state.state_options import UnusableState
from tests.redis_server import RedisServer, redis_server

ROOT = Path(__file__).parent.parent
ACCEPTED, UNKNOWN, USED = CaptchaAttempt.ACCEPTED, CaptchaAttempt.UNKNOWN, CaptchaAttempt.USED
PASSWORD = "s3cret/word"  # noqa: S105 - of the tests' own Redis


@pytest.fixture(scope="module")
def shared() -> Iterator[RedisServer]:
    """A Redis for all tests; each has a seed of its own."""
    with redis_server() as running:
        yield running


@pytest.fixture
def own() -> Iterator[RedisServer]:
    """A Redis that a test may stop."""
    with redis_server() as running:
        yield running


class Replica:
    """A server that shares a state, and what it prints."""

    def __init__(self, url: str, seed: str = "s", **options: object) -> None:
        self.said: list[str] = []
        self.numbers = Numbers(Captchas(seed))
        self.state = RedisState(url, numbers=self.numbers, report=self.said.append, **options)  # type: ignore[arg-type]  # a test's own

    def begin(self, worker: int = 0) -> Replica:
        self.state.begin_as(worker)
        return self


@asynccontextmanager
async def beating(*replicas: Replica) -> AsyncIterator[None]:
    for each in replicas:
        await each.state.keep()
    try:
        yield
    finally:
        for each in replicas:
            await each.state.close()


def replicas(url: str, count: int = 2) -> list[Replica]:
    seed = secrets.token_hex(8)
    return [Replica(url, seed).begin() for _ in range(count)]


def played(play: Callable[[], Coroutine[object, object, object]]) -> object:
    return asyncio.run(play())


async def until(true: Callable[[], object]) -> None:
    """Wait until something is true, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


# Shared, and kept apart


def test_what_one_server_does_all_others_see(shared: RedisServer) -> None:
    one, two = replicas(shared.url)
    rule = AnswerRule(operation="a", times=2)

    async def play() -> object:
        async with beating(one, two):
            await one.state.change("s", Settings(rules=(rule,)))
            met = [await each.state.meet("s", rule) for each in (one, two, one)]
            await one.state.issue("s", "1")
            used = [await each.state.attempt("s", "1", ttl=9, uses=1) for each in (two, one)]
            await two.state.remember("s", "t")
            waiting = asyncio.ensure_future(one.state.ended("s", 0, 5))
            await asyncio.sleep(0.02)
            entry = entry_of("GET", "/", [], moment=0, session="s")
            await two.state.begin(entry)
            await two.state.end(entry)
            ended = [each.target for each in await waiting]
            return met, used, await one.state.remembers("s", "t"), ended, await one.state.sessions()

    assert played(play) == ([True, True, False], [ACCEPTED, USED], True, ["/"], ["s"])


def test_of_many_attempts_at_all_servers_one_is_accepted(shared: RedisServer) -> None:
    servers = replicas(shared.url, 4)

    async def play() -> object:
        async with beating(*servers):
            await servers[0].state.issue("s", "1")
            attempts = (
                each.state.attempt("s", "1", ttl=9, uses=1) for _ in range(25) for each in servers
            )
            return (await asyncio.gather(*attempts)).count(ACCEPTED)

    assert played(play) == 1


@pytest.mark.parametrize("others", [{"seed": "other"}, {"name": "other"}])
def test_another_seed_and_another_name_share_nothing(
    others: dict[str, str], shared: RedisServer
) -> None:
    seed = secrets.token_hex(8)
    mine = Replica(shared.url, seed).begin()
    other = Replica(shared.url, **{"seed": seed, **others}).begin()

    async def play() -> object:
        async with beating(mine, other):
            await mine.state.issue("s", "1")
            await mine.state.remember("s", "t")
            await other.state.reset(None)
            seen = other.state
            return [
                await seen.sessions(),
                await seen.attempt("s", "1", ttl=9, uses=1),
                await seen.remembers("s", "t"),
                await mine.state.attempt("s", "1", ttl=9, uses=1),
            ]

    assert played(play) == [[], UNKNOWN, False, ACCEPTED]


def test_every_key_is_below_one_prefix_and_passes_by_itself_and_none_holds_a_credential(
    own: RedisServer,
) -> None:
    (server,) = replicas(own.url, 1)

    async def play() -> None:
        async with beating(server):
            headers = [(b"authorization", b"Bearer s3cret"), (b"cookie", b"sid=s3cret")]
            entry = entry_of("POST", "/login?token=s3cret", headers, moment=0)
            for body in ("body", "answer"):
                kept = KeptBody("application/json")
                kept.add(b'{"password":"s3cret","token":"s3cret"}')
                setattr(entry, body, kept)
            await server.state.begin(entry)
            await server.state.end(entry)
            await server.state.issue(SHARED, "1")
            await server.state.attempt(SHARED, "1", ttl=9, uses=1)
            await server.state.remember(SHARED, "s3cret")
            await server.state.change(SHARED, Settings(rules=(AnswerRule(operation="a"),)))

    asyncio.run(play())
    with Redis.from_url(own.url) as client:
        keys = [*client.scan_iter()]
        prefix = re.compile(rb"captcha-contract:1:\{default:[0-9a-f]{16}\}:")
        unlike = [key for key in keys if not prefix.match(key) or client.ttl(key) < 1]
        contents = b"".join(client.dump(key) or b"" for key in keys)
    assert (len(keys) > 10, unlike, b"s3cret" in contents) == (True, [], False)


# The instance


def test_servers_that_name_no_instance_get_different_ones_and_a_freed_one_is_taken_again(
    shared: RedisServer,
) -> None:
    one, two = replicas(shared.url)
    third = Replica(shared.url, one.numbers.captchas.seed)

    one.state.release()

    assert (one.numbers.instance, two.numbers.instance) == (0, 1)
    assert third.begin().numbers.instance == 0


def test_a_named_instance_is_taken_from_who_leased_it_and_that_one_takes_another(
    shared: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_state, "BEAT", 0.01)
    (leased,) = replicas(shared.url, 1)
    named = Replica(shared.url, leased.numbers.captchas.seed, instance=0).begin()

    async def play() -> None:
        async with beating(leased, named):
            await until(lambda: leased.said)

    asyncio.run(play())
    assert (named.numbers.instance, leased.numbers.instance, named.said) == (0, 1, [])
    assert "taken over instance 0" in leased.said[0]
    assert len(leased.said) == 1


def test_two_servers_that_name_one_instance_are_told_once(
    shared: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_state, "BEAT", 0.01)
    seed = secrets.token_hex(8)
    one, two = (Replica(shared.url, seed, instance=3).begin() for _ in range(2))

    async def play() -> None:
        async with beating(one, two):
            await until(lambda: two.said)
            await asyncio.sleep(0.1)

    asyncio.run(play())
    assert (one.said, [text.partition(",")[0] for text in two.said]) == (
        [],
        ["another server has --instance 3"],
    )


def test_an_instance_that_is_not_renewed_is_taken_over(
    shared: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_lease, "LEASE", 0.001)
    killed, other = replicas(shared.url)

    assert (killed.numbers.instance, other.numbers.instance) == (0, 0)
    assert other.numbers.issued == MARGIN  # what the other issued since its last beat comes before


def test_a_server_without_a_free_instance_does_not_start(shared: RedisServer) -> None:
    seed = secrets.token_hex(8)
    for _ in range(INSTANCES):
        Replica(shared.url, seed).begin()

    with pytest.raises(UnusableState, match="all 16 instances of this seed and name are taken"):
        Replica(shared.url, seed).state.check()


def test_a_server_that_starts_again_issues_no_number_again(shared: RedisServer) -> None:
    def issued() -> set[str]:
        (server,) = [Replica(shared.url, seed).begin()]

        async def some() -> set[str]:
            async with beating(server):
                return {next(server.numbers) for _ in range(100)}

        numbers = asyncio.run(some())
        server.state.release()
        return numbers

    seed = secrets.token_hex(8)
    first, second, third = issued(), issued(), issued()

    assert Captchas(seed).number(0) in first
    assert len(first | second | third) == 300


def test_workers_of_one_server_have_one_instance(shared: RedisServer) -> None:
    server = Replica(shared.url, secrets.token_hex(8))
    server.state.check()
    instances = [server.begin(worker).numbers.instance for worker in range(3)]

    assert instances == [0, 0, 0]


# Redis is gone, and comes back


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that looks for Redis often."""
    monkeypatch.setattr(redis_state, "BEAT", 0.05)
    monkeypatch.setattr(redis_state, "RETRY", 0.02)
    monkeypatch.setattr(redis_state, "SETTLING", 0.3)


@pytest.mark.usefixtures("quick")
def test_captchas_given_while_redis_is_gone_can_be_used_when_it_is_back(own: RedisServer) -> None:
    one, two = replicas(own.url)

    async def play() -> object:
        async with beating(one, two):
            await one.state.issue("s", "before")
            await asyncio.to_thread(own.stop)
            await one.state.issue("s", "meanwhile")
            await one.state.remember("s", "token")
            refused = []
            for call in (
                one.state.attempt("s", "before", ttl=99, uses=1),
                one.state.settings("s"),
                one.state.journal("s"),
                one.state.reset(None),
            ):
                with pytest.raises(StateGone) as gone:
                    await call
                refused.append(gone.value.problem.answer.status)
            await until(lambda: two.state.problem)
            await asyncio.to_thread(own.start)
            await until(lambda: not one.state.problem and not two.state.problem)
            await asyncio.sleep(redis_state.SETTLING)
            used = [
                await each.state.attempt("s", number, ttl=99, uses=1)
                for number in ("meanwhile", "before")
                for each in (two, one)
            ]
            return refused, used, await two.state.remembers("s", "token")

    assert played(play) == ([503] * 4, [ACCEPTED, USED] * 2, True)
    assert [re.sub(r" \(.*", "", text) for text in one.said] == [
        "Redis is not reached",
        "Redis is back",
    ]


@pytest.mark.usefixtures("quick")
def test_a_redis_that_has_lost_its_data_accepts_no_captcha_twice(shared: RedisServer) -> None:
    one, two = replicas(shared.url)

    async def play() -> object:
        async with beating(one, two):
            await one.state.issue("s", "used")
            await one.state.issue("s", "fresh")
            first = await two.state.attempt("s", "used", ttl=99, uses=1)
            with Redis.from_url(shared.url) as client:
                client.flushall()
            with pytest.raises(StateGone):
                await one.state.attempt("s", "used", ttl=99, uses=1)
            await asyncio.sleep(redis_state.SETTLING + 0.2)
            return first, [
                await one.state.attempt("s", number, ttl=99, uses=1) for number in ("used", "fresh")
            ]

    assert played(play) == (ACCEPTED, [USED, ACCEPTED])


@pytest.mark.usefixtures("quick")
def test_whoever_waits_for_a_request_is_told_when_redis_goes(own: RedisServer) -> None:
    (server,) = replicas(own.url, 1)

    async def play() -> None:
        async with beating(server):
            waiting = asyncio.ensure_future(server.state.ended("s", 0, 30))
            await asyncio.sleep(0.05)
            await asyncio.to_thread(own.stop)
            async with asyncio.timeout(5):
                with pytest.raises(StateGone):
                    await waiting

    asyncio.run(play())


def test_a_call_that_was_given_up_has_no_effect_later(
    own: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_link, "LIMIT", 0.2)
    (server,) = replicas(f"{own.url}?socket_timeout=9", 1)

    async def play() -> object:
        await server.state.issue("s", "1")
        with Redis.from_url(own.url) as client:
            client.client_pause(600, all=True)
        slow = asyncio.ensure_future(server.state.settings("s"))
        await asyncio.sleep(0.05)
        given_up = server.state.attempt("s", "1", ttl=9, uses=1)
        ends = await asyncio.gather(slow, given_up, return_exceptions=True)
        await asyncio.sleep(0.7)
        server.state.link.back()
        used = await server.state.attempt("s", "1", ttl=9, uses=1)
        await server.state.close()
        return [type(each) for each in ends], used

    assert played(play) == ([StateGone, StateGone], ACCEPTED)


@pytest.mark.usefixtures("quick")
def test_a_captcha_that_nobody_knows_is_not_refused_before_all_have_told_theirs(
    own: RedisServer,
) -> None:
    (server,) = replicas(own.url, 1)

    async def play() -> object:
        async with beating(server):
            await asyncio.to_thread(own.stop)
            await until(lambda: server.state.problem)
            await asyncio.to_thread(own.start)
            await until(lambda: not server.state.problem)
            with pytest.raises(StateGone, match="is being told"):
                await server.state.attempt("s", "of another", ttl=9, uses=1)
            await asyncio.sleep(redis_state.SETTLING)
            return await server.state.attempt("s", "of nobody", ttl=9, uses=1)

    assert played(play) == UNKNOWN


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[str]:
    """Something that answers every call with the same, or never; give its URL."""

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            if answer is not None:
                writer.write(answer)
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"-LOADING Redis is loading the dataset in memory\r\n", "is still loading its data"),
        (b"-READONLY You can't write against a read only replica.\r\n", "takes no writes"),
        (b"-OOM command not allowed when used memory > 'maxmemory'.\r\n", "has no memory left"),
        (b"-MISCONF Redis is configured to save RDB snapshots\r\n", r"now \(MISCONF\)"),
        (b"-NOREPLICAS Not enough good replicas to write.\r\n", r"now \(NOREPLICAS\)"),
        (None, "does not answer within 1 s"),
    ],
    ids=["loading", "read-only", "no-memory", "cannot-save", "no-replicas", "silent"],
)
def test_what_redis_cannot_do_now_is_as_if_it_were_gone(
    answer: bytes | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answer is None:
        monkeypatch.setattr(redis_link, "LIMIT", 0.1)

    async def play() -> object:
        async with answering(answer) as url:
            server = Replica(url)
            with pytest.raises(StateGone, match=reason):
                await server.state.change("s", Settings())
            with pytest.raises(StateGone, match=reason):  # at once
                await server.state.settings("s")
            await server.state.link.close()
            return len(server.said), server.state.problem is not None

    assert played(play) == (1, True)


# At the start


@pytest.fixture(scope="module")
def locked() -> Iterator[RedisServer]:
    """A Redis with a password."""
    with redis_server("--requirepass", PASSWORD) as running:
        yield running


def test_the_password_stands_in_the_url_and_is_told_to_nobody(locked: RedisServer) -> None:
    url = locked.url.replace("unix://", "unix://:s3cret%2Fword@")
    server = Replica(url, secrets.token_hex(8))
    server.state.check()
    server.begin()

    assert (server.state.problem, "s3cret" in server.state.where) == (None, False)


@pytest.mark.parametrize(
    ("credentials", "told"),
    [("", "needs a password"), (":wr0ng@", "refuses the password"), ("x:wr0ng@", "the password")],
)
def test_a_wrong_password_is_told_in_one_message_at_the_start(
    credentials: str, told: str, locked: RedisServer
) -> None:
    server = Replica(locked.url.replace("unix://", f"unix://{credentials}"))

    with pytest.raises(UnusableState, match=told) as refused:
        server.state.check()

    assert "wr0ng" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://u:s3cret@h", "begins with none of redis, rediss, unix"),
        ("redis://:s3cret@", "names no host"),
        ("redis://:s3cret@h/abc", "no number of a database"),
        ("redis://:s3cret@h:x", "cannot be read"),
        ("unix://:s3cret@", "names no socket"),
        ("rediss://:s3cret@h?ssl_ca_certs=/no/ca.pem", "ssl_ca_certs=/no/ca.pem in the URL is not"),
        ("redis://:s3cret@h?nothing=s3cret", "nothing behind the . of the URL does not exist"),
        ("redis://:s3cret@h?retry_on_error=s3cret", "retry_on_error behind"),
        ("redis://:s3cret@h?health_check_interval=s3cret", "has no such value"),
    ],
)
def test_a_url_that_names_no_redis_is_refused_without_its_password(url: str, told: str) -> None:
    with pytest.raises(UnusableState, match=told) as refused:
        Replica(url)

    assert "s3cret" not in str(refused.value)


def test_a_url_that_other_programs_share_decides_nothing_that_calls_depend_on(
    shared: RedisServer,
) -> None:
    said = "decode_responses=true&max_connections=1&socket_timeout=0&encoding=gbk&protocol=3"
    mark = "&" if "?" in shared.url else "?"
    server = Replica(f"{shared.url}{mark}{said}", secrets.token_hex(8))
    server.state.check()

    assert server.begin().state.problem is None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "what answers there is no Redis"),
        (b"-ERR unknown command `AUTH`, with args beginning with: `s3cret`\r\n", "refuses a call"),
        (b"-NOPERM User default has no permissions\r\n", "does not let this user"),
        (b"-ERR DB index is out of range\r\n", "DB index is out of range"),
    ],
    ids=["http", "no-auth", "no-permission", "no-database"],
)
def test_what_is_no_usable_redis_is_told_at_the_start(answer: bytes, told: str) -> None:
    async def play() -> str:
        async with answering(answer) as url:
            server = Replica(url.replace("//", "//:s3cret@") + "/7")
            with pytest.raises(UnusableState, match=told) as refused:
                await asyncio.to_thread(server.state.check)
            return str(refused.value)

    assert "s3cret" not in str(played(play))


def test_a_redis_that_is_not_up_yet_stops_no_server_from_starting() -> None:
    server = Replica("redis://127.0.0.1:1")
    server.state.check()
    server.begin()

    assert (server.state.problem, len(server.said)) == ("Redis is not reached", 1)
    assert len({Replica("redis://127.0.0.1:1").numbers.issued for _ in range(3)}) == 3


def test_no_module_but_those_of_redis_imports_its_library() -> None:
    ours = r"^(?:from|import) (?:redis\b|mock_server\.shared_state)"
    importing = {
        path.parent.name
        for path in (ROOT / "mock_server").rglob("*.py")
        if re.search(ours, path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert importing == {"shared_state"}


def test_without_the_library_one_sentence_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [*sys.modules]:
        if name.startswith(("redis", "mock_server.shared_state")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)

    status = main(["--seed", "s", "--state", "redis://127.0.0.1:1", "--check"])

    assert (status, capsys.readouterr().err) == (
        2,
        "mock_server: --state needs the library redis: pip install 'captcha-contract[redis]'\n",
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--state", "redis://h"], "--state needs --seed"),
        (["--state", "redis://h", "--seed", "s", "--upstream", "test"], "leave --state out"),
        (["--state-name", "a"], "--state-name needs --state"),
        (["--state", "http://:s3cret@h", "--seed", "s"], "begins with none of"),
    ],
)
def test_options_that_do_not_fit_together_are_refused_in_one_sentence(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*options, "--check"])

    said = capsys.readouterr().err
    assert (status, told in said, said.count("\n"), "s3cret" in said) == (2, True, 1, False)


def test_the_url_may_stand_in_the_environment_and_the_help_does_not_show_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAPTCHA_CONTRACT_MOCK_STATE", "redis://:s3cret@h")
    status = main(["--check"])
    with pytest.raises(SystemExit):
        main(["--help"])

    said = "".join(capsys.readouterr())
    assert (status, "--state needs --seed" in said, "s3cret" in said) == (2, True, False)


@pytest.mark.parametrize(
    ("text", "host", "told"),
    [
        ("hostname", "mock-12", None),
        ("hostname", "mock-3.mock.default.svc", None),
        ("hostname", "mock", "ends in no number of an instance"),
        ("hostname", "mock-16", "it is 0 to 15"),
        ("16", "", "it is 0 to 15"),
        ("-1", "", "it is 0 to 15"),
    ],
)
def test_an_instance_is_a_number_or_the_end_of_the_name_of_the_host(
    text: str,
    host: str,
    told: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: host)
    try:
        status: object = main([f"--instance={text}", "--check"])
    except SystemExit as end:
        status = end.code

    assert (status, told is None or told in capsys.readouterr().err) == (2 if told else 0, True)
