"""What a request prefers, read from a header and a query, and written again."""

from __future__ import annotations

import pytest

from mock_server.preferences import (
    as_header,
    preferences_in,
    preferences_of,
    without_preferences,
)


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
