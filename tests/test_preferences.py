"""What a request prefers, read from a header and a query, and written again."""

from __future__ import annotations

import random

import pytest

from mock_server.limits import PREFERENCES
from mock_server.preferences import (
    _PIECE,
    as_header,
    preferences_in,
    preferences_of,
    without_preferences,
)
from mock_server.problems import RequestRefused
from tests.work import lines_run


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"", {}),
        (b"code", {"code": ""}),
        (b"code=", {"code": ""}),
        (b'code=""', {"code": ""}),
        (b'code="4 \\"0\\" \\\\4"', {"code": '4 "0" \\4'}),
        (b"CODE=404", {"code": "404"}),
        (b"code = 404 , Fault=x;delay=1", {"code": "404", "fault": "x", "delay": "1"}),
        (b"code=1, code=2", {"code": "1"}),
        (b"code, code=2", {"code": ""}),
        (b"example=\xe5\xa4\xb1", {"example": "失"}),
        (b"example=\xff", {"example": "\ufffd"}),
        (b"wait=10, respond-async", {"wait": "10", "respond-async": ""}),
    ],
)
def test_a_header_is_read_key_by_key_and_the_first_mention_decides(
    header: bytes, expected: dict[str, str]
) -> None:
    assert preferences_in(header) == expected


@pytest.mark.parametrize(
    "malformed",
    [b"a b", b"a=b c", b'a="b', b'a="b" c', b'"a"=b', b"(", b"a(=b", b'a=b"c"', b'a="b\\"'],
)
def test_what_is_malformed_is_ignored_and_hides_nothing_behind_it(malformed: bytes) -> None:
    behind = {} if malformed.count(b'"') % 2 or malformed.endswith(b'\\"') else {"code": "1"}

    assert preferences_in(malformed + b", code=1") == behind
    assert preferences_in(b"code=1;" + malformed) == {"code": "1"}


@pytest.mark.parametrize("part", [b'"', b" ", b"a ", b"a=", b'"\\', b'\\"', b",", b";a", b'a="b" '])
def test_the_work_of_reading_a_header_grows_with_its_length_alone(part: bytes) -> None:
    def work(times: int) -> int:
        return lines_run(lambda: preferences_in(b"a" + part * times))

    assert work(20_000) <= 2 * work(10_000) + 50


def test_every_character_of_a_header_is_read_once() -> None:
    choices = random.Random(11)
    for _ in range(2000):
        text = "".join(choices.choices('a =,;"\\(\n', k=choices.randrange(40)))

        assert "".join(_PIECE.findall(text)) == text


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ([b"code=" + b"1" * (PREFERENCES - 5)], b"", None),
        ([b"code=" + b"1" * (PREFERENCES - 4)], b"", 431),
        ([b"a=1"] * (PREFERENCES // 3 + 1), b"", 431),
        ([], b"__code=" + b"1" * (PREFERENCES - 7), None),
        ([], b"__code=" + b"1" * (PREFERENCES - 6), 400),
        ([], b"&".join([b"__a=1"] * 1000), 400),
        ([], b"a=" + b"1" * PREFERENCES + b"&__code=1", None),
    ],
)
def test_preferences_have_a_size_beyond_which_they_are_refused(
    headers: list[bytes], query: bytes, status: int | None
) -> None:
    refused: int | None = None
    try:
        preferences_of([(b"prefer", each) for each in headers], query)
    except RequestRefused as refusal:
        refused = refusal.problem.answer.status

    assert refused == status


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ([], b"", []),
        ([b"fault=a, code=1"], b"", [("code", "1"), ("fault", "a")]),
        ([b"fault=a"], b"__fault=b&__code=1", [("fault", "a"), ("code", "1")]),
        ([b"fault=a", b"fault=b, code=2", b"code=3"], b"", [("code", "2"), ("fault", "a")]),
        ([b"other=a"], b"", []),
        ([], b"__fault=a&__fault=b", [("fault", "a")]),
        ([], b"__fault", [("fault", "")]),
        ([], b"__fault=a=b", [("fault", "a=b")]),
        ([], b"__other=a&_code=1&x__code=2", [("__other", "a")]),
        ([], b"code=1&fault=a", []),
        ([], b"a=__code", []),
        ([], b"__CODE=1", [("__CODE", "1")]),
        ([], b"__example=a+b%20%E5%A4%B1", [("example", "a b 失")]),
        ([], b"__\xff=a", [("__\xff", "a")]),
    ],
)
def test_a_header_goes_before_the_query_and_its_first_mention_before_others(
    headers: list[bytes], query: bytes, expected: list[tuple[str, str]]
) -> None:
    sent = [(b"x-prefer", b"code=500"), *((b"prefer", each) for each in headers)]

    assert list(preferences_of(sent, query).items()) == expected


@pytest.mark.parametrize(
    ("pairs", "header"),
    [
        ([], ""),
        ([("code", "200")], "code=200"),
        ([("code", "200"), ("delay", "200-800")], "code=200, delay=200-800"),
        ([("example", "a b")], 'example="a b"'),
        ([("example", 'a"b\\')], r'example="a\"b\\"'),
        ([("example", "失")], r'example="\u5931"'),
        ([("example", "")], 'example=""'),
    ],
)
def test_a_preference_is_quoted_where_it_is_no_token(
    pairs: list[tuple[str, str]], header: str
) -> None:
    assert as_header(pairs) == header


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (b"", b""),
        (b"__code=1", b""),
        (b"a=1&__code=1&b=2", b"a=1&b=2"),
        (b"__example=1&__fault=1&__delay=1&c", b"c"),
        (b"__other=1&__code", b"__other=1&__code"),
        (b"a=__code=1", b"a=__code=1"),
    ],
)
def test_only_what_is_meant_for_the_mock_server_is_left_out_of_a_query(
    query: bytes, kept: bytes
) -> None:
    assert without_preferences(query) == kept
