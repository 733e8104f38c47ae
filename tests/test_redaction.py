"""Credentials are taken out by what holds them; what a user gave, in every spelling."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest

from contract.credentials import REDACTED, names_credential
from contract.findings import Level
from contract.judging.exchange import LONG_AGO, Attempt, Exchange, Failure, Request, Response
from contract.judging.provenance import Provenance
from contract.judging.redacted_bodies import without_credentials
from contract.judging.redacted_exchanges import redacted, redaction_of
from contract.judging.redaction import Redaction, given_values
from contract.judging.verdict import judge
from tests.small_specs import operation_of

KEY = 'k3y/ü-0f\\it "😀"'

# What holds a credential


@pytest.mark.parametrize(
    "name",
    [
        *(
            "token",
            "access_token",
            "accessToken",
            "Access-Token",
            "refresh_token",
            "TICKET",
            "satoken",
        ),
        *(
            "password",
            "userPassword",
            "newPwd",
            "client_secret",
            "apiKey",
            "X-Api-Key",
            "sign",
            "tokens",
        ),
        *("Authorization", "Cookie", "JSESSIONID", "user[password]", "token2", "登录密码"),
        *("tokenValue", "access_token_value", "X-Session", "userSession", "bearer"),
    ],
)
def test_a_credential_is_known_by_the_name_of_what_holds_it(name: str) -> None:
    assert names_credential(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "img",
            "img_code_id",
            "request_id",
            "code",
            "data",
            "token_type",
            "expires_in",
            "key",
            "passenger",
        ),
        *("tokenizer", "ticketCount", "design", "Content-Type", "", "sid", "value", "sessionType"),
    ],
)
def test_what_has_another_name_is_no_credential(name: str) -> None:
    assert not names_credential(name)


@pytest.mark.parametrize(
    ("name", "came", "left"),
    [
        ("Authorization", "Bearer x", REDACTED),
        ("token", "", ""),
        ("X-Trace", "x", "x"),
        ("Cookie", "a=b; c; d=", f"a={REDACTED}; {REDACTED}; d="),
        ("Set-Cookie", "last=data; Path=/x; HttpOnly", f"last={REDACTED}; Path=/x; HttpOnly"),
        (
            "set-cookie",
            "a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=3",
            f"a={REDACTED}; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=3",
        ),
        ("Set-Cookie", 'a="b; c"; Secure', f"a={REDACTED}; {REDACTED}; Secure"),
        ("Set-Cookie", "a=b; Path=/, c=d", f"a={REDACTED}; {REDACTED}"),
        ("Set-Cookie", "only", REDACTED),
        (
            "Location",
            "/x?ticket=ST-1&a=b#access_token=z",
            f"/x?ticket={REDACTED}&a=b#access_token={REDACTED}",
        ),
        ("Referer", "http://u:p@h/", f"http://{REDACTED}@h/"),
        (
            "Location",
            "/login?service=https%3A%2F%2Fu%3Ap%40h%2F%3Fticket%3DST-2%26a%3Db",
            f"/login?service=https%3A%2F%2F{REDACTED}%40h%2F%3Fticket%3D{REDACTED}%26a%3Db",
        ),
    ],
)
def test_of_a_header_only_the_credential_is_taken_out(name: str, came: str, left: str) -> None:
    redaction = Redaction()

    assert redaction.header(name, came) == left
    assert redaction.header(name, left) == left


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ("http://u:p@host/", f"http://{REDACTED}@host/"),
        ("http://u@host/", f"http://{REDACTED}@host/"),
        ("http://a@b@host/", f"http://{REDACTED}@host/"),
        ("http://host/u:p@x", "http://host/u:p@x"),
        ("u:p@host", "u:p@host"),
        ("http://host:80/", "http://host:80/"),
        ("password=a&b=c", f"password={REDACTED}&b=c"),
        ("my-token=a b", f"my-token={REDACTED} b"),
        ("a=token", "a=token"),
    ],
)
def test_users_in_urls_and_named_values_are_taken_out_of_any_text(came: str, left: str) -> None:
    assert Redaction().without(came) == left


# Bodies


def body(text: str | bytes, redaction: Redaction | None = None, *spared: str) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return without_credentials(data, redaction or Redaction(), spared)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "x", "b":1e2 , "a":"/9j\\/", "é":"\\u00e9"}',
        '{"token": null, "password": "", "secret": true, "tickets": []}',
        '{"data": {"img_code_id": "6OPM6H", "key": "token"}}',
        '{"token',
        "token",
        '{"a":"b\\',
        "",
        '<input name="token" value=""><input name="user" value="abc"><input type="text">',
    ],
)
def test_a_body_without_credentials_stays_as_it_came(text: str) -> None:
    assert body(text) == text.encode()


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ('{"token" : "abc", "a": 1}', '{"token" : "***", "a": 1}'),
        ('{"tok\\u0065n":"abc"}', '{"tok\\u0065n":"***"}'),
        ('{"pwd":-12.5e3}', '{"pwd":-**.*e3}'),
        (
            '{"token":{"v":"abc","n":7,"ok":true},"b":"c"}',
            '{"token":{"v":"***","n":*,"ok":true},"b":"c"}',
        ),
        ('{"tickets":["ab",["cd"]],"b":"c"}', '{"tickets":["**",["**"]],"b":"c"}'),
        (
            '{"in":"{\\"token\\": \\"abc\\", \\"a\\": 1}"}',
            '{"in":"{\\"token\\": \\"***\\", \\"a\\": 1}"}',
        ),
        ('{"url":"/a?token=abc&b=c"}', '{"url":"/a?token=[redacted]&b=c"}'),
        ('{"token":"abc', '{"token":"[redacted]'),
        ('f({"token": "abc"});', 'f({"token": "[redacted]"});'),
        ("access_token=abc&b=c", "access_token=[redacted]&b=c"),
        ("<r><token>abc</token></r>", "<r><token>[redacted]</token></r>"),
        ("Authorization: Bearer abc\nb: c", "Authorization: [redacted]\nb: c"),
        ('<input name="_csrf" value="abc">', '<input name="_csrf" value="[redacted]">'),
        ("<INPUT value='abc' name=csrf_token/>", "<INPUT value='[redacted]' name=csrf_token/>"),
        ("<input value=abc type=password>", "<input value=[redacted] type=password>"),
        ('<meta name="csrf-token" content="abc">', '<meta name="csrf-token" content="[redacted]">'),
        (
            '<input id="SAMLResponse" value="abc">',
            '<input id="SAMLResponse" value="[redacted]">',
        ),
    ],
)
def test_a_credential_in_a_body_is_replaced_and_nothing_else(text: str, pattern: str) -> None:
    came = body(text).decode()

    assert len(came) == len(pattern)
    assert all(
        one in {other, "*"} or other == "*" for one, other in zip(came, pattern, strict=True)
    )
    assert "abc" not in came


def test_what_stands_for_a_credential_is_as_long_and_another_for_another() -> None:
    redaction = Redaction()
    values = [f"{at:x}" * size for at in range(1, 9) for size in (6, 30)]

    found = [json.loads(body(json.dumps({"token": value}), redaction))["token"] for value in values]

    assert [len(each) for each in found] == [len(each) for each in values]
    assert len({*found}) == len(values)
    assert not {*found} & {*values}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-be", "utf-8-sig"])
def test_a_credential_is_found_in_any_encoding(encoding: str) -> None:
    came = body('{"登录": "页面", "token": "abcdef"}'.encode(encoding)).decode(encoding)

    assert ("abcdef" in came, came.startswith('{"登录": "页面", "token": "')) == (False, True)


# What the user gave


SPELLINGS = {
    "plain": KEY,
    "json": json.dumps(KEY)[1:-1],
    "json-unescaped": json.dumps(KEY, ensure_ascii=False)[1:-1],
    "json-slashes": json.dumps(KEY)[1:-1].replace("/", "\\/").upper().replace("\\U", "\\u"),
    "json-in-json": json.dumps(json.dumps(KEY)[1:-1])[1:-1],
    "percent": quote(KEY, safe=""),
    "percent-lower": quote(KEY, safe="").lower(),
    "percent-twice": quote(quote(KEY, safe=""), safe=""),
    "percent-some": quote(KEY, safe="/"),
    "form": quote_plus(KEY),
    "python": repr(KEY)[1:-1],
    "ascii": ascii(KEY)[1:-1],
    "html": KEY.replace("&", "&amp;").replace('"', "&#34;"),
    "base64": b64encode(KEY.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("came", SPELLINGS.values(), ids=SPELLINGS)
def test_what_was_given_is_taken_out_in_every_spelling(came: str) -> None:
    if came == SPELLINGS["json-slashes"]:
        came = came.replace("K3Y", "k3y").replace("0F", "0f").replace("IT", "it")

    # The last character of base64 holds bits that belong to nothing.
    assert re.fullmatch(r"it was \[redacted\]\w?!", Redaction([KEY]).without(f"it was {came}!"))


@pytest.mark.parametrize("before", [b"", b"x", b"xy"])
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_what_was_given_is_taken_out_of_base64_wherever_it_stands_in_it(
    before: bytes, encode: object
) -> None:
    text = encode(before + KEY.encode() + b"and more").decode()  # type: ignore[operator]

    left = Redaction([KEY]).without(text)

    assert REDACTED in left
    assert len(left.replace(REDACTED, "")) <= len(text) - len(KEY.encode()) * 8 // 6 + 2


@pytest.mark.parametrize(
    ("given", "came", "left"),
    [
        (
            "data",
            '{"data":{"a":"data:image/png","b":"data","data":1}}',
            f'{{"data":{{"a":"data:image/png","b":"{REDACTED}","data":1}}}}',
        ),
        ("hunter2-hunter2", '{"hunter2-hunter2":1}', f'{{"{REDACTED}":1}}'),
        ("abc", '{"a":"abc"}', '{"a":"abc"}'),
        ("html", "<html>x-html</html>", f"<{REDACTED}>x-{REDACTED}</{REDACTED}>"),
        ("1234", '{"a":12345,"b":"1234"}', f'{{"a":12345,"b":"{REDACTED}"}}'),
    ],
)
def test_a_short_value_that_was_given_tears_no_holes(given: str, came: str, left: str) -> None:
    assert body(came, Redaction([given]), "data") == left.encode()


def test_a_number_that_was_given_stays_a_number() -> None:
    came = json.loads(body('{"a":13800000000,"b":138000000001}', Redaction(["13800000000"])))

    assert (came["a"] == 13800000000, len(str(came["a"])), came["b"]) == (False, 11, 138000000001)


def test_a_long_value_is_found_in_time_that_grows_with_the_text() -> None:
    value = "ab" * 50_000

    assert Redaction([value]).without(f"it was {value} twice {quote(value)}.") == (
        f"it was {REDACTED} twice {REDACTED}"
    )


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("X-Door", "k3y", {"k3y", ""}),
        ("Authorization", "Bearer k3y", {"Bearer k3y", "k3y"}),
        (
            "Authorization",
            f"Basic {b64encode(b'user:p:ss').decode()}",
            {
                f"Basic {b64encode(b'user:p:ss').decode()}",
                b64encode(b"user:p:ss").decode(),
                "user:p:ss",
                "user",
                "p:ss",
            },
        ),
        ("Authorization", "Basic nobase64!", {"Basic nobase64!", "nobase64!"}),
        ("Cookie", "a=b; c=d", {"a=b; c=d", "b", "d", "c=d"}),
        ("Accept", "application/json", set()),
        ("User-Agent", "curl", set()),
    ],
)
def test_parts_of_a_header_that_was_given_are_secret_too(
    name: str, value: str, found: set[str]
) -> None:
    assert {*given_values(name, value)} == found


# What was found of a credential


LOGIN_SCHEMA = """
{type: object, properties: {token: {type: string, pattern: "^tk_", maxLength: 8}}}
"""


@pytest.mark.parametrize(
    ("tokens", "broken"),
    [
        (["tk_a", "tk_b"], []),
        (["a", "b"], ["pattern"]),
        (["tk_123456", "tk_b"], ["max-length"]),
        ([7, 8], ["type"]),
    ],
)
def test_claims_about_a_credential_are_judged_by_its_value_and_show_what_stands_for_it(
    tokens: list[object], broken: list[str]
) -> None:
    operation = operation_of(LOGIN_SCHEMA.strip())
    json_type = (("Content-Type", "application/json"),)
    exchanges = [
        Exchange(at, request(), Response(200, json_type, json.dumps({"token": each}).encode()), 0.1)
        for at, each in enumerate(tokens, 1)
    ]

    judgement = judge(operation, Provenance(None), exchanges, strictness=Level.STRICT)

    assert [each.claim for each in judgement.findings] == broken
    assert "tk_" not in repr(judgement.exchanges) + repr([f.evidence for f in judgement.findings])


def test_a_claim_that_is_younger_than_the_recording_is_not_judged_by_what_stands_there() -> None:
    old, new = (
        operation_of(f"{{type: object, properties: {{token: {{type: string{more}}}}}}}")
        for more in ("", ", maxLength: 2")
    )
    answer = Response(200, (("Content-Type", "application/json"),), b'{"token":"abcdef"}')
    calls = [Exchange(at, request(), answer, 0.1) for at in (1, 2)]
    recorded = judge(old, Provenance(None), calls, strictness=Level.STRICT).exchanges

    judgement = judge(new, Provenance(None), recorded, strictness=Level.STRICT)

    (outcome,) = [each for each in judgement.outcomes.values() if each.claim.name == "max-length"]
    assert (outcome.kept, outcome.finding) == (0, None)


# Exchanges


OPERATION = operation_of("{type: object, properties: {pin: {type: string, format: password}}}")
SECRET = "s3cr3t-value"  # noqa: S105 - nobody's
FAILED = Failure("reset", f"it was {SECRET}")
ECHO = Response(200, (("X-Echo", SECRET),), f'{{"echo":"{SECRET}"}}'.encode())
LOGIN = Response(200, (("Set-Cookie", f"SID={SECRET}; Path=/"), ("token", SECRET)), b"")


def request(*headers: tuple[str, str], **others: object) -> Request:
    return Request("POST", "http://x/", headers, frozenset({"X-Door"}), **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "came"),
    [
        (request(("x-door", SECRET)), FAILED),
        (request(("x-door", SECRET)), ECHO),
        (request(values=frozenset({SECRET})), ECHO),
        (request(("Authorization", SECRET)), LOGIN),
        (request(("COOKIE", f"a={SECRET}")), LOGIN),
        (request(body=f'{{"password":"{SECRET}"}}'.encode()), LOGIN),
        (request(body=f"token={SECRET}".encode()), LOGIN),
        (request(), Response(200, (), f'{{"pin":"{SECRET}"}}'.encode())),
    ],
)
def test_no_part_of_an_exchange_holds_a_credential(sent: Request, came: Response | Failure) -> None:
    exchange = Exchange(1, sent, came, 0.1, earlier=(Attempt(came, 0.1, LONG_AGO),))

    hidden = redacted(exchange, OPERATION, redaction_of([exchange], OPERATION), lambda _: came)  # type: ignore[arg-type,return-value]

    assert SECRET not in repr(hidden)


def test_what_is_no_secret_in_an_exchange_is_left() -> None:
    cookie = Response(200, (("Set-Cookie", "last=data"), ("X-A", "data")), b'{"data":"data"}')
    exchange = Exchange(1, request(("Accept", "data")), cookie, 0.1)

    hidden = redacted(exchange, OPERATION, redaction_of([exchange], OPERATION), lambda _: cookie)  # type: ignore[arg-type,return-value]

    assert isinstance(hidden.outcome, Response)
    assert (hidden.outcome.body, hidden.outcome.headers[1:], hidden.request) == (
        cookie.body,
        cookie.headers[1:],
        exchange.request,
    )


@pytest.mark.parametrize(
    "text",
    ['{"token":' * 50_000, "a=%3F" * 50_000, '"token"' * 50_000, "token://" * 50_000, "[" * 99_999],
    ids=["members", "urls", "names", "users", "lists"],
)
def test_what_nests_deeply_or_repeats_ends(text: str) -> None:
    assert len(body(text, Redaction(["hunter2-hunter2"]))) <= 2 * len(text)
