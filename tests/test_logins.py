"""Logins that `derive` alone makes of documents: captcha, login, and a call with the token."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import getitem
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import httpx2
import pytest

from contract.additions import derive_into
from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import read
from contract.documents.contradictions import contradictions
from contract.spec.expectations import BODY, Expectation, expectations
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from contract.spec.plain_values import plain_value
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NUMBER, TOKEN
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.answers.documented_failures import (
    DocumentedFailure,
    HeldTo,
    Mistake,
    chosen,
    failures_of,
)
from mock_server.answers.issued_texts import integer_form, numbers_in
from mock_server.answers.replies import Reply, served_operations
from mock_server.app import SpecApplication, application
from mock_server.command_line import main
from mock_server.drawing.captcha import HALF, PROCESSES, WORKERS, Captchas, Numbers
from mock_server.held_captchas import Terms
from mock_server.requests.request_values import texts_at
from mock_server.serving.reloading import ReloadingApplication
from mock_server.state.memory import InMemory

LOGINS = Path(__file__).parent / "logins"
NAMES = sorted(folder.name for folder in LOGINS.iterdir())
CAPTCHAS = Captchas("logins")


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Spec]:
    """Give the spec that is derived of a folder of documents, once."""
    folder = tmp_path_factory.mktemp("logins")
    known: dict[str, Spec] = {}

    def spec(name: str) -> Spec:
        if name not in known:
            paths = [LOGINS / name / f"{each}.md" for each in ("captcha", "login", "call")]
            documents = [each for path in paths for each in read(path)]
            file = folder / f"{name}.yaml"
            file.write_text(text_of(derive(documents, folder)), encoding="utf-8")
            known[name] = load(file)
        return known[name]

    return spec


@dataclass
class Platform:
    """The mock server of one spec, whose clock stands still, and a client of it."""

    spec: Spec
    terms: Terms | None = field(default_factory=Terms)
    now: float = 0.0
    numbers: Numbers = field(default_factory=lambda: Numbers(CAPTCHAS))
    state: InMemory = field(init=False)
    app: SpecApplication = field(init=False)
    client: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.state = InMemory(clock=lambda: self.now)
        self.app = self._built(self.spec)
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app), base_url="http://mock"
        )

    def _built(self, spec: Spec) -> SpecApplication:
        return application(spec, CAPTCHAS, numbers=self.numbers, state=self.state, terms=self.terms)

    async def told(self, number: str) -> dict[str, Any]:
        """Ask the interface for tests about a captcha."""
        served = ReloadingApplication(self.spec.path, self._built, print)
        admin = Admin(served, self.numbers, self.state, terms=self.terms)
        transport = httpx2.ASGITransport(admin_application(admin, None, loopback=True))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            path = f"/__admin/captchas/{number}".removesuffix("/")
            answer: dict[str, Any] = (await client.get(path)).json()
            return answer

    def shown(self, number: str) -> str:
        """Give what the picture of a number shows."""
        return CAPTCHAS.text(next(numbers_in(number, CAPTCHAS, self.app.forms)))

    async def captcha(self, **headers: str) -> str:
        """Get a captcha; give its number as the answer writes it."""
        operation = self.spec.operations[0]
        answer = await self.send(operation, {}, **headers)
        return given(operation, CAPTCHA_NUMBER, answer.json())

    async def log_in(self, number: str, text: str, **headers: str) -> httpx2.Response:
        values = {CAPTCHA_NUMBER: number, CAPTCHA_ANSWER: text}
        return await self.send(self.spec.operations[1], values, **headers)

    async def call(self, token: str, **headers: str) -> httpx2.Response:
        return await self.send(self.spec.operations[2], {TOKEN: token}, **headers)

    async def send(
        self, operation: Operation, values: Mapping[str, str], **headers: str
    ) -> httpx2.Response:
        """Send a request that has these values where the spec expects such."""
        sent = Sent(operation, headers)
        for each in expectations(operation):
            sent.put(each, values[each.word])
        return await self.client.request(operation.method, sent.path, **sent.rest)


def given(operation: Operation, generator: str, payload: object) -> str:
    """Give the text in an answer that a generator made."""
    made = (each for each in operation.members if each.schema.get("x-mock") == generator)
    path = next(made).path
    return next(texts_at(payload, path), None) or str(reduce(getitem, path, cast("Any", payload)))


class Sent:
    """A request with a value for all that is required."""

    def __init__(self, operation: Operation, headers: Mapping[str, str]) -> None:
        self.template = operation.path
        self.in_path: dict[str, str] = {}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.query: dict[str, str] = {}
        self.is_form = operation.body is not None and "form" in operation.body.media_type
        self.body: Any = deepcopy(plain_value(operation.body.schema)) if operation.body else None
        for each in operation.parameters:
            if each.required:
                self._parameter(each.location, each.name, "x")

    def put(self, expected: Expectation, value: str) -> None:
        if expected.location != BODY:
            self._parameter(expected.location, expected.path[0], value)
            return
        *outer, last = expected.path
        holder = self.body
        for name in outer:
            holder = holder.setdefault(name, {})
        holder[last] = int(value) if isinstance(holder.get(last), int) else value

    def _parameter(self, location: str, name: str, value: str) -> None:
        if location == "query":
            self.query[name] = value
        elif location == "path":
            self.in_path[name] = value
        elif location == "cookie":
            self.headers["Cookie"] = f"{name}={value}"
        else:
            self.headers[name] = f"Bearer {value}" if name == "Authorization" else value

    @property
    def path(self) -> str:
        """The path that is called."""
        return self.template.format_map(self.in_path)

    @property
    def rest(self) -> dict[str, Any]:
        body = {} if self.body is None else {"data" if self.is_form else "json": self.body}
        return {"params": self.query, "headers": self.headers, **body}


Played = TypeVar("Played")


def written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def run(play: Callable[[], Coroutine[Any, Any, Played]]) -> Played:
    return asyncio.run(play())


@pytest.mark.parametrize("name", NAMES)
def test_documents_alone_make_a_login_that_works(name: str, specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs(name))

    async def play() -> list[httpx2.Response]:
        number = await platform.captcha()
        text = platform.shown(number)
        right = await platform.log_in(number, f" {text.lower()} ")
        token = given(platform.spec.operations[1], TOKEN, right.json())
        called = await platform.call(token.removeprefix("Bearer "))
        invented = await platform.call("invented")
        again = await platform.log_in(number, text)
        fresh = await platform.captcha()
        wrong = await platform.log_in(fresh, "0000")
        after = await platform.log_in(fresh, platform.shown(fresh))
        late = await platform.captcha()
        platform.now += 121
        expired = await platform.log_in(late, platform.shown(late))
        return [right, called, invented, again, wrong, after, expired]

    right, called, invented, again, wrong, after, expired = run(play)

    login, call = (next(iter(each.success.values())) for each in platform.spec.operations[1:])
    assert right.json().keys() == cast("dict[str, object]", login).keys()
    assert called.json() == call
    for each in (again, wrong, after, expired):
        assert is_failure(platform.spec.operations[1], each), each.text
    assert is_failure(platform.spec.operations[2], invented), invented.text


def is_failure(operation: Operation, answer: httpx2.Response) -> bool:
    """Say whether an answer is a documented failure, or problem details where none is."""
    failures = [each for name, each in operation.examples.items() if name.startswith("error")]
    if failures:
        return answer.json() in failures
    return answer.headers["content-type"] == "application/problem+json"


TOLD = {
    ("uuid-captcha", "different"): "验证码错误",
    ("uuid-captcha", "used"): "验证码已失效",
    ("uuid-captcha", "expired"): "验证码已失效",
    ("uuid-captcha", "foreign"): "验证码已失效",
    ("captchaid", "different"): "图片验证码错误",
    ("captchaid", "used"): "图片验证码已过期",
    ("captchaid", "expired"): "图片验证码已过期",
    ("captchaid", "foreign"): "图片验证码已过期",
    ("showdoc", "different"): "图形验证码不存在或已过期",
    ("form-cookie", "foreign"): "图形验证码不正确",
    ("html-integer", "different"): "验证码校验未通过",
    ("html-integer", "expired"): "图片已逾期，请重新获取",
    ("short-titles", "different"): "验证码输入错误",
    ("short-titles", "too long"): "验证码输入错误",
    ("short-titles", "empty"): "验证码不能为空",
    ("short-titles", "expired"): "验证码过期",
    ("short-titles", "foreign"): "验证码序号不存在",
}


@pytest.mark.parametrize(("name", "mistake"), TOLD)
def test_of_several_documented_failures_the_one_is_sent_that_says_what_is_wrong(
    name: str, mistake: str, specs: Callable[[str], Spec]
) -> None:
    platform = Platform(specs(name))

    async def play() -> httpx2.Response:
        number = await platform.captcha()
        text = platform.shown(number)
        text = {"different": "0000", "too long": "far wrong", "empty": ""}.get(mistake, text)
        if mistake == "used":
            await platform.log_in(number, text)
        if mistake == "expired":
            platform.now += 121
        if mistake == "foreign":
            elsewhere = Platform(platform.spec)
            number = [await elsewhere.captcha() for _ in range(2)][-1]
        return await platform.log_in(number, text)

    assert f'"{TOLD[name, mistake]}"' in run(play).text


MESSAGES = (
    *("校验码ID错误！", "图片已逾期", "校验码错误！", "该校验码已经使用过！", "请输入校验码"),
    *("密码错误", "短信验证码错误", "系统异常"),
)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (Mistake.DIFFERENT, "校验码错误！"),
        (Mistake.UNKNOWN, "校验码ID错误！"),
        (Mistake.EXPIRED, "图片已逾期"),
        (Mistake.USED, "该校验码已经使用过！"),
        (Mistake.MISSING, "请输入校验码"),
    ],
)
def test_the_message_that_says_best_what_is_wrong_is_chosen_wherever_it_stands(
    mistake: Mistake, message: str
) -> None:
    reply = cast("Reply", SimpleNamespace(status=200))
    failures = [DocumentedFailure(reply=reply, example=each, said=each) for each in MESSAGES]

    several = [chosen(each, HeldTo.CAPTCHA, mistake) for each in (failures, failures[::-1])]

    assert [each.said if each else None for each in several] == [message, message]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "captchaToken: "),
        ({CAPTCHA_ANSWER: "0000"}, "captcha is not what the picture shows; /__admin/captchas/"),
        ({CAPTCHA_NUMBER: "6OPM6H"}, 'captchaToken: "6OPM6H" is not the number of a captcha'),
    ],
)
def test_without_a_documented_failure_problem_details_name_the_member_and_what_is_wrong(
    values: dict[str, str], told: str, specs: Callable[[str], Spec]
) -> None:
    platform = Platform(specs("authorization"))

    async def play() -> httpx2.Response:
        number = await platform.captcha()
        right = {CAPTCHA_NUMBER: number, CAPTCHA_ANSWER: platform.shown(number)}
        if not values:
            await platform.log_in(**dict(zip(("number", "text"), right.values(), strict=True)))
        sent = right | values
        return await platform.log_in(sent[CAPTCHA_NUMBER], sent[CAPTCHA_ANSWER])

    answer = run(play)

    assert (answer.status_code, told in answer.json()["detail"]) == (422, True), answer.text


def test_an_invented_token_is_unauthorized_where_no_failure_is_documented(
    specs: Callable[[str], Spec],
) -> None:
    platform = Platform(specs("authorization"))

    answer = run(lambda: platform.call("invented"))

    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("header Authorization is not a token that this")


def test_a_token_may_stand_behind_any_word(specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("html-integer"))

    async def play() -> list[object]:
        number = await platform.captcha()
        answer = await platform.log_in(number, platform.shown(number))
        token = given(platform.spec.operations[1], TOKEN, answer.json())
        calls = [await platform.call(f"{word}{token}") for word in ("", "JWT ", "JWT")]
        return [each.json()["status"] for each in calls]

    assert run(play) == [0, 0, 7]


@pytest.mark.parametrize("prefer", ["example=documented", "code=200", "fault=code-missing"])
def test_what_a_request_asks_for_wins_over_what_it_is_held_to(
    prefer: str, specs: Callable[[str], Spec]
) -> None:
    platform = Platform(specs("uuid-captcha"))

    async def play() -> list[httpx2.Response]:
        answer = await platform.log_in("invented", "x", Prefer=prefer)
        delayed = await platform.log_in("invented", "x")
        return [answer, delayed]

    answer, held = run(play)

    assert ("token" in answer.json(), "token" in held.json()) == (True, False)


def test_a_missing_token_that_is_declared_too_gets_the_documented_failure(
    specs: Callable[[str], Spec],
) -> None:
    shown, none_shown = Platform(specs("uuid-captcha")), Platform(specs("authorization"))

    answer = run(lambda: shown.client.get("/getInfo"))
    refused = run(lambda: none_shown.client.get("/open/me"))

    assert answer.json()["msg"].startswith("认证失败")
    assert (refused.status_code, "www-authenticate" in refused.headers) == (401, True)
    assert "is missing: send a token that this server gave" in refused.json()["detail"]


def test_a_token_without_the_declared_scheme_is_refused_by_the_security(
    specs: Callable[[str], Spec],
) -> None:
    platform = Platform(specs("authorization"))

    async def play() -> list[httpx2.Response]:
        number = await platform.captcha()
        token = given(
            platform.spec.operations[1],
            TOKEN,
            (await platform.log_in(number, platform.shown(number))).json(),
        ).removeprefix("Bearer ")
        return [
            await platform.client.get("/open/me", headers={"Authorization": f"{scheme}{token}"})
            for scheme in ("", "Bearer ")
        ]

    bare, right = run(play)

    assert (bare.status_code, right.status_code) == (401, 200)
    assert "it must be Bearer and a credential" in bare.json()["detail"]


def test_a_large_body_goes_through_the_flow(specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("uuid-captcha"))

    async def play() -> list[httpx2.Response]:
        number = await platform.captcha()
        body = {"username": "x" * 200_000, "password": "p", "uuid": number}
        return [
            await platform.client.post("/login", json={**body, "code": code})
            for code in (platform.shown(number), "again")
        ]

    first, second = run(play)

    assert ("token" in first.json(), second.json()["msg"]) == (True, "验证码已失效")


def test_a_request_that_is_wrong_otherwise_uses_no_captcha_up(specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("uuid-captcha"))

    async def play() -> list[httpx2.Response]:
        number = await platform.captcha()
        text = platform.shown(number)
        wrong = await platform.client.post("/login", json={"uuid": number, "code": text})
        return [wrong, await platform.log_in(number, text)]

    wrong, right = run(play)

    assert (wrong.status_code, "token" in right.json()) == (400, True)


def test_a_lenient_server_holds_nothing(specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("uuid-captcha"), terms=None)

    async def play() -> list[httpx2.Response]:
        return [await platform.log_in("invented", "x"), await platform.call("invented")]

    assert ["token" in answer.json() or "userName" in answer.json() for answer in run(play)] == [
        True,
        True,
    ]


def test_a_captcha_may_allow_several_attempts(specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("uuid-captcha"), terms=Terms(uses=2))

    async def play() -> list[bool]:
        number = await platform.captcha()
        text = platform.shown(number)
        answers = [await platform.log_in(number, each) for each in ("0000", text, text)]
        return ["token" in each.json() for each in answers]

    assert run(play) == [False, True, False]


def test_sessions_share_neither_captchas_nor_tokens(specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("uuid-captcha"))

    async def play() -> list[object]:
        number = await platform.captcha(X_Mock_Session="anna")
        text = platform.shown(number)
        by_ben = await platform.log_in(number, text, X_Mock_Session="ben")
        by_anna = await platform.log_in(number, text, X_Mock_Session="anna")
        token = by_anna.json()["token"]
        calls = [await platform.call(token, X_Mock_Session=each) for each in ("ben", "anna")]
        return ["token" in by_ben.json(), *("userName" in each.json() for each in calls)]

    assert run(play) == [False, False, True]


@pytest.mark.parametrize("name", NAMES)
def test_a_number_tells_its_server_and_no_other(name: str, specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs(name))
    number = run(platform.captcha)
    forms = platform.app.forms

    assert next(numbers_in(number, CAPTCHAS, forms)) == CAPTCHAS.number(0)
    has_digest = all(form.room >= HALF**2 for form in forms)
    assert not has_digest or {*numbers_in(number, Captchas("other"), forms)} <= {number}


def test_few_numbers_come_again_and_then_name_the_newest_captcha(
    specs: Callable[[str], Spec],
) -> None:
    several = 16**4 // PROCESSES
    platform = Platform(specs("short-titles"))

    async def play() -> tuple[list[str], list[bool]]:
        first = await platform.captcha()
        await platform.log_in(first, "0000")
        platform.numbers.issued = several
        numbers = [first, *[await platform.captcha() for _ in range(2)]]
        answers = [await platform.log_in(each, platform.shown(each)) for each in numbers[1:]]
        return numbers, [each.json()["success"] for each in answers]

    numbers, succeeded = run(play)

    assert numbers[0] == numbers[1] != numbers[2]
    assert "07f3" not in numbers
    assert succeeded == [True, True]


@pytest.mark.parametrize("room", [16**4, 36**4, 10**8])
def test_few_values_name_each_captcha_of_each_process_and_never_the_one_of_the_example(
    room: int,
) -> None:
    form = integer_form(None, 1, room)
    assert form is not None
    taken = replace(form, shown=str(form.written(CAPTCHAS.number(0), CAPTCHAS)))

    folded = [taken.folded(CAPTCHAS.number(at), CAPTCHAS) for at in (0, 1, 127, room, 36**6 - 1)]
    values = [str(taken.written(each, CAPTCHAS)) for each in folded]

    assert [next(numbers_in(each, CAPTCHAS, [taken])) for each in values] == folded
    assert all(1 <= int(each) <= room for each in values)
    assert taken.shown not in values


# What the interface for tests tells, and several workers


def test_the_interface_tells_of_a_captcha_whether_it_can_still_be_used(
    specs: Callable[[str], Spec],
) -> None:
    platform = Platform(specs("uuid-captcha"))

    async def play() -> list[dict[str, object]]:
        number = await platform.captcha()
        fresh = await platform.told(number)
        await platform.log_in(number, "0000")
        used = await platform.told(number)
        later = await platform.told(CAPTCHAS.number(PROCESSES))
        assert [each["img_code_id"] for each in (await platform.told(""))["captchas"]] == [number]
        return [fresh, used, later]

    told = [[each[key] for key in ("text", "issued", "used")] for each in run(play)]

    texts = [CAPTCHAS.text(CAPTCHAS.number(at)) for at in (0, 0, PROCESSES)]
    assert told == [[texts[0], True, 0], [texts[1], True, 1], [texts[2], False, None]]


@pytest.mark.parametrize("index", [1, WORKERS], ids=["another worker", "another instance"])
def test_a_number_of_another_process_is_not_known(index: int, specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("uuid-captcha"))

    told = run(lambda: platform.told(CAPTCHAS.number(index)))

    assert (told["status"], "is not a number of this server" in told["detail"]) == (404, True)


@pytest.mark.parametrize("lenient", [False, True])
def test_several_workers_serve_a_held_spec_only_leniently(
    lenient: bool,  # noqa: FBT001 - a case
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ["examples/login/openapi.yaml", "--workers", "2", "--check"]

    status = main([*options, *(["--lenient"] if lenient else [])])

    said = capsys.readouterr().err
    assert (status, "start with --workers 1, --state, or --lenient" in said) == (
        (0, False) if lenient else (2, True)
    )
    assert said.count("\n") == (0 if lenient else 1)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--captcha-ttl", "0"], "it lasts more than 0 and at most 1000000 s"),
        (["--captcha-ttl", "nan"], "it lasts more than 0 and at most 1000000 s"),
        (["--captcha-uses", "0"], "it is 1 to 1000000"),
    ],
)
def test_terms_that_no_captcha_can_have_are_refused(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)

    assert (ended.value.code, told in capsys.readouterr().err) == (2, True)


# Documents added to a spec


def test_reviewers_additions_stay_where_documents_add_what_requests_are_held_to(
    tmp_path: Path,
) -> None:
    paths = [LOGINS / "captchaid" / f"{name}.md" for name in ("captcha", "login")]
    documents = [each for path in paths for each in read(path)]
    spec = tmp_path / "openapi.yaml"
    whole = text_of(derive(documents, tmp_path))
    older = re.sub(r"( +)x-mock-expects: captcha.id\n", r'\1pattern: "^[0-9]{19}$"\n', whole)
    spec.write_text(re.sub(r" +x-mock: token\n", "", older), encoding="utf-8")

    derive_into(spec, documents, written)

    text = spec.read_text(encoding="utf-8")
    assert older != whole
    assert [
        text.count(each) for each in ("captcha.id\n", 'pattern: "^[0-9]{19}$"', "x-mock: token")
    ] == [
        whole.count("captcha.id\n"),
        1,
        1,
    ]


def test_a_number_is_known_by_the_name_that_the_spec_so_far_gives_it(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    for name in ("captcha", "login"):
        documents = read(LOGINS / "uuid-captcha" / f"{name}.md")
        derive_into(spec, documents, written)

    login = load(spec).operations[1]

    assert [(each.word, each.name) for each in expectations(login)] == [
        (CAPTCHA_ANSWER, "code"),
        (CAPTCHA_NUMBER, "uuid"),
    ]


def test_a_failure_that_only_a_sample_shows_is_derived_under_its_status(tmp_path: Path) -> None:
    path = tmp_path / "login.md"
    written(
        path,
        """## Log in

**Endpoint:** `POST /v1/sessions`

### Request Body

| Field | Type | Required | Description |
| ----- | ---- | -------- | ----------- |
| email | string | Yes | Email address |

### Response

**200 OK**

```json
{"access_token": "at_9d8f7s6df"}
```

| Field | Type | Description |
| ----- | ---- | ----------- |
| access_token | string | Access token |

**400 Bad Request**

```json
{"error": "captcha_incorrect"}
```

**410 Gone**

```json
{"error": "captcha_expired"}
```

**502 Bad Gateway**

```json
{"error": "the captcha is not known"}
```

**504 Gateway Timeout**

```json
{"error": "busy"}
```
""",
    )

    documents = read(path)
    written(tmp_path / "openapi.yaml", text_of(derive(documents, tmp_path)))
    served = served_operations(load(tmp_path / "openapi.yaml"), CAPTCHAS).operations["sessions"]

    shown = {each.status: [*each.examples.values()] for each in served.operation.others}
    assert shown[400] == [{"error": "captcha_incorrect"}]
    assert contradictions(documents[0]) == ()
    assert [each.reply.status for each in failures_of(served)] == [400, 410, 502]


def test_where_no_answer_gives_a_number_no_login_is_held_to_one(tmp_path: Path) -> None:
    captcha = (LOGINS / "short-titles" / "captcha.md").read_text(encoding="utf-8")
    row, shown = "| sn | 是 | String | 4 | 图片序号 | 07f3 |", ', "sn": "07f3"'
    written(tmp_path / "captcha.md", captcha.replace(row, "").replace(shown, ""))
    login = (LOGINS / "short-titles" / "login.md").read_text(encoding="utf-8")
    login = login.replace("图片序号", "图片编号").replace("图片上的字符", "图片验证码")
    written(tmp_path / "login.md", login)
    documents = [each for name in ("captcha", "login") for each in read(tmp_path / f"{name}.md")]
    written(tmp_path / "openapi.yaml", text_of(derive(documents, tmp_path)))
    platform = Platform(load(tmp_path / "openapi.yaml"))

    assert run(lambda: platform.log_in("mine", "x")).json()["success"]


def test_a_login_beside_the_address_of_a_picture_is_held_to_its_number(tmp_path: Path) -> None:
    captcha = (LOGINS / "short-titles" / "captcha.md").read_text(encoding="utf-8")
    captcha = captcha.replace("验证码图片的base64字符串", "验证码图片地址").replace(
        '"iVBORw0KGgo="', '"https://img.example.com/1.png"'
    )
    written(tmp_path / "captcha.md", captcha)
    paths = [tmp_path / "captcha.md", LOGINS / "short-titles" / "login.md"]
    derived = derive([each for path in paths for each in read(path)], tmp_path)
    written(tmp_path / "openapi.yaml", text_of(derived))
    platform = Platform(load(tmp_path / "openapi.yaml"))

    async def play() -> list[bool]:
        number = await platform.captcha()
        texts = (platform.shown(number), "0000")
        return [(await platform.log_in(number, each)).json()["success"] for each in texts]

    assert run(play) == [True, False]


def test_a_login_is_not_held_to_the_token_that_it_gives(tmp_path: Path) -> None:
    text = (LOGINS / "key-verifycode" / "login.md").read_text(encoding="utf-8")
    head = "| 字段 | 类型 | 是否必填 | 说明 |\n| --- | --- | --- | --- |\n"
    rows = f"### 请求头\n\n{head}| token | String | 是 | 令牌 |\n\n### 请求参数"
    document = tmp_path / "login.md"
    document.write_text(text.replace("### 请求参数", rows), encoding="utf-8")
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text_of(derive(list(read(document)), tmp_path)), encoding="utf-8")

    (login,) = load(spec).operations

    assert [each.name for each in login.parameters] == ["token"]
    assert {each.word for each in expectations(login)} == {CAPTCHA_NUMBER, CAPTCHA_ANSWER}
