"""Logins whose captcha is named by the client, in a header, or by nothing but its session."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx2
import pytest
from PIL import Image

from contract.derivation import derive
from contract.derivation.flow import known_captchas
from contract.derivation.writing import text_of
from contract.documents import read
from contract.review import review
from contract.spec.loading import load
from contract.spec.operations import Spec
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NAME, CAPTCHA_NUMBER, TOKEN
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.serving.reloading import ReloadingApplication
from mock_server.state.memory import CAPTCHAS, InMemory
from mock_server.state.named_captchas import key_of, last_named
from tests.test_logins import Platform, given

LOGINS = Path(__file__).parent / "other_logins"
NAMES = sorted(folder.name for folder in LOGINS.iterdir())
BY_CLIENT = {"key-in-path", "random-str", "device-codes", "time-query", "two-tokens"}
OF_SESSION = {"of-session", "one-file"}
_ORDER = ("all", "captcha", "login", "call", "refresh")


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Spec]:
    """Give the spec that is derived of a folder of documents, once."""
    folder = tmp_path_factory.mktemp("other-logins")
    known: dict[str, Spec] = {}

    def spec(name: str) -> Spec:
        if name not in known:
            paths = [LOGINS / name / f"{each}.md" for each in _ORDER]
            found = [each for path in paths if path.exists() for each in read(path)]
            file = folder / f"{name}.yaml"
            file.write_text(text_of(derive(found, folder)), encoding="utf-8")
            known[name] = load(file)
        return known[name]

    return spec


class Client:
    """A client of one spec, which names its captchas itself where it has to."""

    def __init__(self, spec: Spec, session: str = "mine") -> None:
        self.platform = Platform(spec)
        self.session = session
        served = ReloadingApplication(spec.path, lambda _: self.platform.app, print)
        platform = self.platform
        admin = Admin(served, platform.numbers, platform.state, terms=platform.terms)
        transport = httpx2.ASGITransport(admin_application(admin, None, loopback=True))
        self.admin = httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    @property
    def headers(self) -> dict[str, str]:
        """What names the session, as keywords."""
        return {"X_Mock_Session": self.session}

    async def told(self, number: str = "") -> dict[str, Any]:
        """Ask the interface for tests about a captcha, or about all."""
        path = f"/__admin/captchas/{number}".removesuffix("/")
        answer = await self.admin.get(path, headers={"X-Mock-Session": self.session})
        told: dict[str, Any] = answer.json()
        return told

    async def captcha(self, name: str = "1764150000001") -> tuple[str, str]:
        """Get a captcha; give what names it, and what its picture shows, as /__admin tells it."""
        answer = await self.platform.send(
            self.platform.spec.operations[0], {CAPTCHA_NAME: name}, **self.headers
        )
        assert answer.status_code == 200, answer.text
        made = [value for key, value in answer.headers.items() if "captcha" in key.lower()]
        cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        number = next(iter([*made, *filter(None, [cookie])]), name)
        told = await self.told(number.rpartition("=")[2])
        if "text" not in told:
            told = (await self.told())["captchas"][0]
        return number, told["text"]

    async def log_in(self, number: str, text: str) -> httpx2.Response:
        values = {CAPTCHA_NUMBER: number, CAPTCHA_ANSWER: text}
        return await self.platform.send(self.platform.spec.operations[1], values, **self.headers)

    async def token(self) -> str:
        """Log in; give the token, from the answer or one of its headers."""
        answer = await self.log_in(*await self.captcha())
        operation = self.platform.spec.operations[1]
        in_header = answer.headers.get("x-auth-token")
        return in_header or given(operation, TOKEN, answer.json())


Played = TypeVar("Played")


def run(play: Callable[[], Coroutine[Any, Any, Played]]) -> Played:
    return asyncio.run(play())


def said(answer: httpx2.Response) -> str:
    """Give the message of an answer, whatever it is called."""
    names = ("message", "msg", "errmsg", "info", "rspMsg", "reason", "detail")
    value: Mapping[str, Any] = answer.json()
    return next((str(value[name]) for name in names if value.get(name)), "")


@pytest.mark.parametrize("name", NAMES)
def test_documents_alone_make_a_login_that_works(name: str, specs: Callable[[str], Spec]) -> None:
    client = Client(specs(name))

    async def play() -> tuple[list[httpx2.Response], list[httpx2.Response]]:
        number, text = await client.captcha()
        right = await client.log_in(number, text.lower())
        again = await client.log_in(number, text)
        number, text = await client.captcha()
        wrong = await client.log_in(number, "0000")
        number, text = await client.captcha()
        client.platform.now += 121
        expired = await client.log_in(number, text)
        called = await client.platform.call(await client.token(), **client.headers)
        invented = await client.platform.call("invented", **client.headers)
        return [right, called], [again, wrong, expired, invented]

    good, bad = run(play)

    operations = client.platform.spec.operations
    shown = [next(iter(each.success.values())) for each in operations[1:3]]
    assert [set(each.json()) for each in good] == [set(cast("Any", each)) for each in shown]
    for each in bad:
        documented = [operation.examples.values() for operation in operations]
        assert any(each.json() in examples for examples in documented), each.text
        assert each.json() not in shown, each.text


@pytest.mark.parametrize("name", sorted(BY_CLIENT))
def test_a_name_asked_for_again_gets_another_captcha_in_place_of_the_first(
    name: str, specs: Callable[[str], Spec]
) -> None:
    client = Client(specs(name))

    async def play() -> tuple[list[httpx2.Response], list[str]]:
        _, first = await client.captcha("1764150000001")
        _, second = await client.captcha("1764150000001")
        other, of_other = await client.captcha("1764150000002")
        old = await client.log_in("1764150000001", first)
        _, third = await client.captcha("1764150000001")
        new = await client.log_in("1764150000001", third)
        foreign = await client.log_in(other, of_other)
        return [new, foreign, old], [first, second, third]

    (new, foreign, old), texts = run(play)

    assert len(set(texts)) == 3
    assert new.json().keys() == foreign.json().keys()
    assert new.json() != old.json()


def test_a_picture_is_the_body_itself_of_the_documented_type(specs: Callable[[str], Spec]) -> None:
    platforms = {name: Platform(specs(name)) for name in ("random-str", "of-session", "time-query")}

    async def play() -> dict[str, tuple[str, str | None]]:
        return {
            name: (answer.headers["content-type"], Image.open(io.BytesIO(answer.content)).format)
            for name, each in platforms.items()
            for answer in [await each.send(each.spec.operations[0], {CAPTCHA_NAME: "1"})]
        }

    assert run(play) == {
        "random-str": ("image/png", "PNG"),
        "of-session": ("image/jpeg", "JPEG"),
        "time-query": ("image/png", "PNG"),
    }


def test_the_name_of_one_session_is_unknown_in_another(specs: Callable[[str], Spec]) -> None:
    mine = Client(specs("random-str"))

    async def play() -> list[str]:
        number, text = await mine.captcha("abc")
        mine.session = "yours"
        foreign = await mine.log_in(number, text)
        told = await mine.told("abc")
        return [said(foreign), told["detail"]]

    foreign, told = run(play)

    assert foreign == "验证码不合法"
    assert told == '"abc" is not the name of a captcha that was asked for in this session'


def test_of_a_session_only_the_last_captcha_is_right(specs: Callable[[str], Spec]) -> None:
    client = Client(specs("one-file"))

    async def play() -> list[str]:
        none = await client.log_in("", "ABCD")
        _, first = await client.captcha()
        _, _ = await client.captcha()
        old = await client.log_in("", first)
        _, last = await client.captcha()
        return [said(each) for each in (none, old, await client.log_in("", last))]

    assert run(play) == ["图形验证码已失效", "图形验证码错误", "交易成功"]


CODES = {
    ("device-codes", "wrong"): {"code": "102", "msg": "图形验证码错误", "data": None},
    ("device-codes", "expired"): {"code": "103", "msg": "图形验证码已过期", "data": None},
    ("of-session", "wrong"): {"resultCode": 10021, "message": "验证码错误", "data": None},
    ("picture-header", "wrong"): {
        "status": "captcha_wrong",
        "reason": "验证码输入错误",
        "jwt": None,
    },
}


@pytest.mark.parametrize(("name", "mistake"), CODES)
def test_a_failure_that_only_a_table_of_codes_documents_is_its_envelope(
    name: str, mistake: str, specs: Callable[[str], Spec]
) -> None:
    client = Client(specs(name))

    async def play() -> httpx2.Response:
        number, text = await client.captcha()
        client.platform.now += 121 * (mistake == "expired")
        return await client.log_in(number, text if mistake == "expired" else "0000")

    assert run(play).json() == CODES[name, mistake]


STATUSES = """# 登录

- 接口地址：/login
- 请求方式：POST

## 请求参数

| 参数名 | 必填 | 类型 | 说明 |
|---|---|---|---|
| token | 是 | string | 令牌 |

## 返回参数

| 参数名 | 类型 | 说明 |
|---|---|---|
| code | int | 0 成功 |
| msg | string | 信息 |

## 返回示例

```json
{"code": 0, "msg": "ok"}
```

## 状态码

| 状态码 | 说明 |
|---|---|
| 200 | 成功 |
| 401 | 未登录 |
"""


def test_a_table_of_the_statuses_of_http_lists_no_codes(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(STATUSES, encoding="utf-8")
    (tmp_path / "b.md").write_text(STATUSES.replace("| 200 |", "| 0 |"), encoding="utf-8")

    texts = [text_of(derive(read(tmp_path / name), tmp_path)) for name in ("a.md", "b.md")]

    assert ["code-401" in text for text in texts] == [False, True]


def test_headers_are_described_as_their_table_does(specs: Callable[[str], Spec]) -> None:
    headers = specs("header-number").operations[0].answer.headers

    assert {name: dict(each) for name, each in headers.items()} == {
        "Captcha-Id": {
            "description": "验证码编号",
            "schema": {"type": "string", "x-mock": "captcha.id"},
            "example": "8f14e45fceea167a",
        },
        "Cache-Control": {
            "description": "不缓存",
            "schema": {"type": "string"},
            "example": "no-store",
        },
    }


@pytest.mark.parametrize("asked", ["", "code=200"])
def test_only_the_value_of_a_cookie_is_made(asked: str, specs: Callable[[str], Spec]) -> None:
    platform = Platform(specs("cookie-number"))

    async def play() -> list[str]:
        headers = {"Prefer": asked} if asked else {}
        operation = platform.spec.operations[0]
        answers = [await platform.send(operation, {}, **headers) for _ in range(2)]
        return [each.headers["set-cookie"] for each in answers]

    first, second = run(play)

    assert first != second
    for each in (first, second):
        cookie, *attributes = each.split("; ")
        assert (len(cookie), cookie[:11], attributes) == (23, "JSESSIONID=", ["Path=/", "HttpOnly"])


def test_tokens_of_two_kinds_are_each_held_to_their_own_place(
    specs: Callable[[str], Spec],
) -> None:
    client = Client(specs("two-tokens"))
    call, refresh = client.platform.spec.operations[2:]

    async def play() -> list[int]:
        answer = (await client.log_in(*await client.captcha())).json()["data"]
        tokens = answer["accessToken"], answer["refreshToken"]
        return [
            (await client.platform.send(operation, {TOKEN: token}, **client.headers)).json()["code"]
            for operation in (call, refresh)
            for token in tokens
        ]

    assert run(play) == [0, 401, 402, 0]


def test_the_name_of_a_long_past_captcha_is_looked_for_among_all_that_are_kept() -> None:
    state = InMemory()
    long = "长" * 1000

    async def play() -> list[str | None]:
        await state.issue("s", key_of("000001", long))
        await state.issue("s", key_of("000002", "mine"))
        for number in range(1000):
            await state.issue("s", key_of(f"{number:06}", None))
        return [await last_named(state, "s", name) for name in ("mine", long, "other")]

    mine, of_long, other = run(play)

    assert (mine, other) == ("000002 mine", None)
    assert of_long is not None
    assert len(of_long) < 80 < CAPTCHAS


def rows(*named: tuple[str, str]) -> str:
    return "".join(f"| {name} | 是 | string | {about} |\n" for name, about in named)


DEVICE = (("deviceId", "设备号"),)
SIGNED = (("appId", "应用"), ("timestamp", "时间戳"), ("nonce", "随机串"), ("sign", "签名"))


@pytest.mark.parametrize(
    ("captcha", "login", "call", "found"),
    [
        ((), (), (), set()),
        (SIGNED, SIGNED, SIGNED, set()),
        (DEVICE, DEVICE, DEVICE, {"deviceid"}),
        ((*SIGNED, ("uid", "随机数")), (*SIGNED, ("uid", "随机数")), SIGNED, {"uid"}),
        ((("t", "时间戳"),), (), (), set()),
    ],
)
def test_what_every_request_has_names_no_captcha(
    captcha: Sequence[tuple[str, str]],
    login: Sequence[tuple[str, str]],
    call: Sequence[tuple[str, str]],
    found: set[str],
    tmp_path: Path,
) -> None:
    parts = {"captcha": captcha, "login": (*login, ("vcode", "图形验证码")), "call": call}
    for name, sent in parts.items():
        head = f"# {'图形验证码' if name == 'captcha' else name}\n\nPOST /{name}\n\n## 请求参数\n\n"
        table = "| 参数名 | 必填 | 类型 | 说明 |\n|---|---|---|---|\n" + rows(*sent)
        answer = "\n## 返回\n\n图片流\n" if name == "captcha" else "\n## 返回参数\n\n无\n"
        text = head + (table if sent else "无\n") + answer
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")

    known = known_captchas([each for name in parts for each in read(tmp_path / f"{name}.md")])

    assert (set(known.numbers), known.of_session) == (found, not found)


def test_an_answer_alone_is_half_a_captcha_only_where_captchas_have_numbers(
    specs: Callable[[str], Spec],
) -> None:
    for name, expected in (("of-session", []), ("random-str", ["half-captcha"])):
        spec = specs(name)
        text = spec.path.read_text(encoding="utf-8").replace("x-mock-expects: captcha.id", "")
        file = spec.path.with_name(f"half-{name}.yaml")
        file.write_text(text, encoding="utf-8")
        told = [each.claim for each in review(file) if each.claim == "half-captcha"]
        assert told == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ((("mobile", "手机号"), ("code", "验证码")), False),
        ((("mobile", "手机号"), ("verifyCode", "验证码")), False),
        ((("mobile", "手机号"), ("code", "图形验证码")), True),
        ((("mobile", "手机号"), ("pwd", "密码"), ("code", "验证码")), True),
    ],
)
def test_a_code_that_may_come_by_sms_is_not_that_of_the_last_picture(
    sent: Sequence[tuple[str, str]], *, expected: bool, tmp_path: Path
) -> None:
    captcha = (LOGINS / "of-session" / "captcha.md").read_text(encoding="utf-8")
    (tmp_path / "captcha.md").write_text(captcha, encoding="utf-8")
    table = "| 参数名 | 必填 | 类型 | 说明 |\n|---|---|---|---|\n" + rows(*sent)
    text = f"# 登录\n\nPOST /login\n\n## 请求参数\n\n{table}\n## 返回参数\n\n无\n"
    (tmp_path / "login.md").write_text(text, encoding="utf-8")
    found = [each for name in ("captcha", "login") for each in read(tmp_path / f"{name}.md")]

    assert ("captcha.answer" in text_of(derive(found, tmp_path))) is expected
