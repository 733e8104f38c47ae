"""What the interface for tests takes and refuses: a table, and a thousand requests made up."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from contract.spec.default import SPEC
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.admin_bodies import MAX_DEPTH
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.serving.reloading import ReloadingApplication
from mock_server.state.memory import InMemory
from tests.in_process import http_scope, sent_by

CALLS = 1000
"""How many requests are made up; the seed is fixed, so they are always the same."""
NO_SETTINGS: dict[str, object] = {
    "fault": None,
    "fixedDelay": None,
    "delayDistribution": None,
    "operations": {},
}


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def detail(self) -> str:
        return str(json.loads(self.body)["detail"])


class Interface:
    """The interface and the operations behind it, asked without a network."""

    def __init__(self) -> None:
        numbers, state = Numbers(Captchas("x")), InMemory()
        self.served = ReloadingApplication(
            SPEC,
            lambda spec: application(spec, numbers.captchas, state=state),
            print,
        )
        admin = Admin(self.served, numbers, state)
        self.app = admin_application(admin, None, loopback=True)

    def asked(
        self, method: str, path: str, body: bytes = b"", *headers: tuple[bytes, bytes]
    ) -> Said:
        target = path.encode("utf-8", "surrogatepass")
        scope = http_scope(method, target, [(b"host", b"localhost"), *headers])
        sent = asyncio.run(sent_by(self.app, scope, [body]))
        return Said(sent.status, sent.headers, sent.body)

    def put(self, body: bytes) -> Said:
        headers = (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))
        return self.asked("PUT", "/__admin/settings", body, *headers)

    def settings(self) -> object:
        return json.loads(self.asked("GET", "/__admin/settings").body, parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def interface() -> Interface:
    return Interface()


FINITE = "must be a finite number"
HALF = "must be text; it holds one half of a surrogate pair"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"fixedDelay":NaN}', f"/fixedDelay: {FINITE}"),
        (b'{"fixedDelay":-Infinity}', f"/fixedDelay: {FINITE}"),
        (b'{"fixedDelay":1e999}', f"/fixedDelay: {FINITE}"),
        (b'{"fixedDelay":' + b"9" * 5000 + b"}", f"/fixedDelay: {FINITE}"),
        (b'{"fixedDelay":' + b"9" * 25 + b"}", "/fixedDelay: 1e+25 must be 600000 or less"),
        (b'{"delayDistribution":{"type":"lognormal","median":NaN}}', "/delayDistribution/median: "),
        (b'{"fault":"\\ud800"}', f"/fault: {HALF}"),
        (b'{"\\udc00":1}', "the body: a name must be text"),
        (b'{"fault":"\xed\xa0\x80"}', "byte 10: the body is not UTF-8"),
        (b'{"fault":"\xff"}', "byte 10: the body is not UTF-8"),
        (b'{"fault":"slow","fault":null}', 'the body: the member "fault" stands twice'),
        (
            b'{"delayDistribution":{"type":"uniform","type":"uniform"}}',
            '/delayDistribution: the member "type" stands twice',
        ),
        (b"[" * 60000, f"the body: must nest at most {MAX_DEPTH} levels"),
        (b"[" * 17 + b"]" * 17, f"the body: must nest at most {MAX_DEPTH} levels"),
        (b"", "the body is empty"),
        (b"null", "the body: null must be of type object"),
        (b'{"fixedDelay":true}', "/fixedDelay: true must be of type number"),
        (b'{"fixedDelay":"%s"}' % (b"a" * 60000), "(60000 characters"),
        (b'{"fault":[1]}', "/fault: an array of 1 items must be of type string"),
        (b'{"%s":1}' % (b"a" * 60000), "is not a member; the members are: fault, fixedDelay"),
        (b"{} x", "line 1, column 4: the body is not JSON"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_setting_is_refused_with_its_place_and_changes_nothing(
    body: bytes, told: str, interface: Interface
) -> None:
    said = interface.put(body)

    assert (said.status, said.headers[b"content-type"]) == (400, b"application/problem+json")
    assert told in said.detail
    assert len(said.detail) < 300
    assert interface.settings() == NO_SETTINGS


@pytest.mark.parametrize("media_type", [b"text/plain", b"application/x-www-form-urlencoded"])
def test_another_media_type_is_refused_with_the_right_one(
    media_type: bytes, interface: Interface
) -> None:
    said = interface.asked("PUT", "/__admin/settings", b"{}", (b"content-type", media_type))

    assert (said.status, "must be application/json" in said.detail) == (415, True)


@pytest.mark.parametrize(
    "headers",
    [(), ((b"content-type", b"Application/JSON; charset=nope"),), ((b"content-type", b""),)],
)
def test_json_is_read_however_it_is_labelled_and_sent(
    headers: tuple[tuple[bytes, bytes], ...], interface: Interface
) -> None:
    said = interface.asked("PUT", "/__admin/settings", b'\xef\xbb\xbf{"fixedDelay": 2}', *headers)
    interface.asked("POST", "/__admin/reset")

    assert (said.status, json.loads(said.body)) == (200, {**NO_SETTINGS, "fixedDelay": 2})


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/__admin/reset"), ("DELETE", "/__admin/requests")]
)
def test_a_body_that_nobody_needs_must_be_json_too_if_it_says_so(
    method: str, path: str, interface: Interface
) -> None:
    json_type = (b"content-type", b"application/json")

    assert interface.asked(method, path, b'{"a": NaN}', json_type).status == 400
    assert interface.asked(method, path, b"{}", json_type).status == 200


# The fuzzer

Draw = Callable[[random.Random], str]

_TEXTS = (
    *("slow", "row-missing", "nope", "", "\u0000", "\\ud800", "\\udfff\\ud800", "成功", "\x7f"),
    *("\\u202e", "a" * 5000, "__proto__", "../../etc/passwd", "%s%n", "{{7*7}}", "$ref"),
)
_NUMBERS = (
    *("0", "-0", "-0.0", "1", "600000", "600001", "1e5", "1e400", "-1e400", "1e-400", "NaN"),
    *("Infinity", "-Infinity", "0.1", "9" * 30, "9" * 5000, "1" + "0" * 400, "00", "1.", ".5"),
)
_NAMES = ("fault", "fixedDelay", "delayDistribution", "type", "lower", "upper", "median", "sigma")


def _value(draw: random.Random, level: int = 0) -> str:
    kind = draw.randrange(8 if level < 4 else 4)
    if kind == 0:
        return draw.choice(_NUMBERS)
    if kind == 1:
        return f'"{draw.choice(_TEXTS)}"'
    if kind == 2:
        return draw.choice(["null", "true", "false", "undefined"])
    if kind == 3:
        return draw.choice(['"uniform"', '"lognormal"', "3", "5"])
    if kind == 4:
        return f"[{','.join(_value(draw, level + 1) for _ in range(draw.randrange(3)))}]"
    names = [draw.choice((*_NAMES, *_TEXTS[:3])) for _ in range(draw.randrange(1, 5))]
    return "{" + ",".join(f'"{name}":{_value(draw, level + 1)}' for name in names) + "}"


def _nearly_settings(draw: random.Random) -> str:
    fault = draw.choice(["null", '"slow"', '"nope"', '"row-missing"', "1"])
    bounds = draw.choice(['"lower":1,"upper":2', '"lower":3,"upper":2', '"median":1,"sigma":9', ""])
    kind = draw.choice(["uniform", "lognormal"])
    spread = draw.choice(["null", f'{{"type":"{kind}"{bounds and ","}{bounds}}}'])
    delay = draw.choice(["null", "1", draw.choice(_NUMBERS)])
    return f'{{"fault":{fault},"fixedDelay":{delay},"delayDistribution":{spread}}}'


def _body(draw: random.Random) -> bytes:
    body = draw.choice([_value, _nearly_settings])(draw).encode()
    for _ in range(draw.choice([0, 0, 0, 1, 3])):  # and now and then it is no JSON at all
        at = draw.randrange(len(body) + 1)
        body = body[:at] + draw.choice([b"", b"\xff", b"\xed\xa0\x80", b'"', b"}", b"\x00"]) + body[
            at + draw.randrange(2) :
        ]  # fmt: skip
    return draw.choice([body, body, body, b"[" * draw.randrange(60000), b"\xef\xbb\xbf" + body])


def _request(draw: random.Random) -> tuple[str, str, bytes, tuple[tuple[bytes, bytes], ...]]:
    method = draw.choice(["PUT", "PUT", "PUT", "GET", "POST", "DELETE", "PATCH", "HEAD"])
    number = draw.choice(["A1B2C3", "\x00", "％", "a" * 3000, "..", "%ff", "A1B2C3\n"])
    limit = draw.choice(["1", "0", "-1", "1e3", "NaN", "9" * 5000, "%ff", "", "1&limit=x", "true"])
    path = draw.choice([
        *("settings", "settings", "settings", "settings/", "reset", "health", "nowhere", "faults"),
        *(f"captchas/{number}", f"captchas/{number}/image", f"captchas?limit={limit}"),
        *(f"requests?limit={limit}", f"requests/unmatched?limit={limit}", "requests?x[]=1"),
    ])  # fmt: skip
    body = _body(draw)
    kinds = ["application/json", "application/json;charset=gbk", "text/plain", "", "a" * 99]
    headers = [
        (b"content-type", draw.choice([*kinds[:1] * 4, *kinds]).encode()),
        (b"content-length", b"%d" % len(body)),
    ]
    kept = draw.choice([headers, headers, headers, headers[:1], headers[1:], []])
    return method, f"/__admin/{path}", body, tuple(kept)


def test_nothing_that_is_sent_breaks_the_interface_or_the_operations() -> None:
    interface, draw = Interface(), random.Random(11)
    seen: dict[int, int] = {}
    for _ in range(CALLS):
        method, path, body, headers = _request(draw)
        said = interface.asked(method, path, body, *headers)

        seen[said.status] = seen.get(said.status, 0) + 1
        what = method, path[:80], body[:80], headers
        assert said.status < 500, what
        if said.status >= 400:
            assert said.headers[b"content-type"] == b"application/problem+json", what
            assert said.detail, what
            assert len(said.body) < 2000, what
        if method == "PUT" and said.status == 200:
            interface.settings()
            interface.asked("POST", "/__admin/reset")

    assert {200, 400, 404, 405, 415, 422} <= seen.keys()
    call = http_scope("POST", b"/oauth/api/account/getImgCode")
    called = asyncio.run(sent_by(interface.served, call))
    assert (called.status, json.loads(called.body)["code"]) == (200, "000")
