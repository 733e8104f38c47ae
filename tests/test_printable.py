"""What somebody else said is printed through one escape, which leaves nothing that acts."""

from __future__ import annotations

import json

import pytest

from contract import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\u2028c\r", r"a\nb\u2028c\r"),
        ("\x1b]0;x\x07\x9b2J\x7f", r"\x1b]0;x\x07\x9b2J\x7f"),
        ("\u202ecod\u2066", r"\u202ecod\u2066"),
        ("\ud800", r"\ud800"),
        ("获取图形验证码\u3000x", "获取图形验证码\u3000x"),
        ("::error::x", r"\x3a:error::x"),
        ("why  ::error::x", r"why  \x3a:error::x"),
        ("a-::error::x", r"a-\x3a:error::x"),
        ("\u3000::x::", "\u3000\\x3a:x::"),
        ("[::1] a::b", "[::1] a::b"),
        (":::x", r"\x3a::x"),
        ("a##[error]b", r"a\x23#[error]b"),
        ("##VSO[task.x]", r"\x23#VSO[task.x]"),
        ("##teamcity[x]", r"\x23#teamcity[x]"),
        ("## a heading", "## a heading"),
    ],
)
def test_a_line_stays_one_and_commands_nobody(text: str, expected: str) -> None:
    assert printable.line(text) == expected
    assert printable.line(expected) == expected


def test_a_block_keeps_its_own_line_breaks_alone() -> None:
    assert printable.block("a\n::b\r\nc\u2028d") == "a\n\\x3a:b\\r\nc\\u2028d"


def test_json_for_a_console_means_what_it_meant() -> None:
    value = {"a\x7f": "\u202e\U000e0001\x9b成\u3000\n", "b": "\ud800"}

    text = printable.in_json(json.dumps(value, ensure_ascii=False, indent=1))

    assert json.loads(text) == value
    assert printable.block(text) == text
