"""Credentials are taken out of every text, in whatever form they come back."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from contract.credentials import REDACTED
from contract.judging.exchange import LONG_AGO, Attempt, Exchange, Failure, Request, Response
from contract.judging.redaction import Redaction, redaction_of

FOUR = " ".join([REDACTED] * 4)
KEY = "k3y/ü-0f\\it"


@pytest.mark.parametrize(
    ("secrets", "came", "left"),
    [
        (["k3y-0f"], "it was k3y-0f!", f"it was {REDACTED}!"),
        (["k3y-0f"], "k3y-0fk3y-0f", REDACTED * 2),
        (["k3y-0f"], "k3y-0g and k3y-", "k3y-0g and k3y-"),
        (["k3y-0f"], "k3y-k3y-0f", f"k3y-{REDACTED}"),
        (["k3y-0f", "k3y-0f-and-more"], "k3y-0f-and-more", REDACTED),
        (["abcd"], "abcd", REDACTED),
        (["abc"], "abc", "abc"),
        ([""], "anything", "anything"),
        (["Bearer k3y-0f"], "k3y-0f", REDACTED),
        (["Bearer k3y-0f"], "Bearer k3y-0f", REDACTED),
        (["one two three"], "two three", REDACTED),
        (
            ['a=first;b=second, c:third"fourth'],
            "first second third fourth",
            " ".join([REDACTED] * 4),
        ),
        ([KEY], KEY, REDACTED),
        ([KEY], repr(KEY), f"'{REDACTED}'"),
        ([KEY], ascii(KEY), f"'{REDACTED}'"),
        ([KEY], json.dumps(KEY), f'"{REDACTED}"'),
        ([KEY], "k3y%2F%C3%BC-0f%5Cit", REDACTED),
        (
            [f"Basic {b64encode(b'user:pass').decode()}"],
            "user and pass",
            f"{REDACTED} and {REDACTED}",
        ),
        ([f"BASIC {b64encode(b'user:p:ss').decode()}"], "p:ss", REDACTED),
        ([f"Digest {b64encode(b'user:pass').decode()}"], "user and pass", "user and pass"),
        (["Basic nobase64!"], "nobase64!", REDACTED),
        (["Basic /////w=="], "/////w==", REDACTED),
    ],
    ids=str,
)
def test_a_secret_is_taken_out_in_every_form_and_nothing_else(
    secrets: list[str], came: str, left: str
) -> None:
    assert Redaction(secrets).without(came) == left


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ("'k3y-0'… (9 characters)", f"'{REDACTED}'… (9 characters)"),
        ('"k3y-0"… (9 characters)', f'"{REDACTED}"… (9 characters)'),
        ('"k3y-"…', f'"{REDACTED}"…'),
        ('"k3y"…', '"k3y"…'),
        ('"k3y-0"', '"k3y-0"'),
        ('"k3y-1"…', '"k3y-1"…'),
        ('"x k3y-k3y-0"…', f'"x k3y-{REDACTED}"…'),
    ],
)
def test_the_beginning_of_a_secret_is_taken_out_where_the_text_was_cut(
    came: str, left: str
) -> None:
    assert Redaction(["k3y-0f-it"]).without(came) == left


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ("http://u:p@host/", f"http://{REDACTED}@host/"),
        ("http://u@host/", f"http://{REDACTED}@host/"),
        ("http://a@b@host/", f"http://{REDACTED}@host/"),
        ("http://host/u:p@x", "http://host/u:p@x"),
        ("u:p@host", "u:p@host"),
        ('"http://u:pass"…', f'"http://{REDACTED}"…'),
        ('"http://host"…', '"http://host"…'),
        ("http://host:80/", "http://host:80/"),
    ],
)
def test_user_and_password_are_taken_out_of_a_url(came: str, left: str) -> None:
    assert Redaction([]).without(came) == left


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ("成功 x", "成功 x"),
        ("a\nb", r"a\nb"),
        ("成\x1b[2J", r"成\x1b[2J"),
        ("k3y-0f\n", rf"{REDACTED}\n"),
    ],
)
def test_what_cannot_be_printed_is_escaped_and_all_else_is_left(came: str, left: str) -> None:
    assert Redaction(["k3y-0f"]).text(came) == left


@pytest.mark.parametrize(
    ("data", "found"),
    [(b"a k3y-0f b", True), (b"k3y-0", False), (b"", False), ("甲乙丙丁".encode(), True)],
)
def test_a_secret_is_found_in_bytes(data: bytes, *, found: bool) -> None:
    assert Redaction(["k3y-0f", "甲乙丙丁", "other"]).found_in(data) is found


def exchange(request: Request, came: Response | Failure, *earlier: Response | Failure) -> Exchange:
    attempts = tuple(Attempt(each, 0.1, LONG_AGO) for each in earlier)
    return Exchange(1, request, came, 0.1, earlier=attempts)


def request(*headers: tuple[str, str], values: frozenset[str] = frozenset()) -> Request:
    return Request("POST", "http://x/", headers, frozenset({"X-Door"}), values=values)


FAILED, COOKIE = Failure("reset", "x"), ("Set-Cookie", "SID=secret-value; Path=/")


@pytest.mark.parametrize(
    "seen",
    [
        exchange(request(("x-door", "secret-value")), FAILED),
        exchange(request(("Authorization", "secret-value")), FAILED),
        exchange(request(("COOKIE", "secret-value")), FAILED),
        exchange(request(values=frozenset({"secret-value"})), FAILED),
        exchange(request(), Response(200, (COOKIE,), b"")),
        exchange(request(), Response(200, (("X-DOOR", "secret-value"),), b"")),
        exchange(request(), FAILED, Response(503, (COOKIE,), b"")),
        exchange(request(), Response(200, (COOKIE,), b""), FAILED),
    ],
    ids=[
        *("asked-for", "authorization", "cookie", "value", "set-cookie", "sent-back"),
        *("earlier", "after-a-failure"),
    ],
)
def test_what_is_secret_in_an_exchange_is_taken_out_whoever_sent_it(seen: Exchange) -> None:
    assert redaction_of([seen]).without("it was secret-value") == f"it was {REDACTED}"


def test_what_is_no_secret_in_an_exchange_is_left() -> None:
    seen = exchange(request(("Accept", "application/json")), Response(200, (("X-A", "bcde"),), b""))

    assert redaction_of([seen]).without("application/json bcde") == "application/json bcde"
