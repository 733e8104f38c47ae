"""What a spec or a server says is shown in Markdown, and means nothing in it."""

from __future__ import annotations

import pytest

from contract.markdown_text import code, escaped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* `b` [x](y) <b> | ~c~ #1 @me &amp; $x !", None),
        ("_a_ and a_b", r"\_a\_ and a_b"),
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("= a", r"\= a"),
        ("1. a", r"1\. a"),
        ("2) a", r"2\) a"),
        ("a - 1. b", "a - 1. b"),
        ("https://a.example", r"https:\//a.example"),
        ("a\nb\tc", "a b c"),
        ("a\x1b[2J", r"a\\x1b\[2J"),
        ("\ud800", r"\\ud800"),
    ],
)
def test_nothing_in_an_escaped_text_is_markdown(text: str, expected: str | None) -> None:
    if expected is None:
        marks = "*`[]<>|~#@&$!"
        expected = "".join(f"\\{each}" if each in marks else each for each in text)

    assert escaped(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("", "` `"),
        ("a\nb", "`a b`"),
        ("a\x00", r"`a\x00`"),
    ],
)
def test_a_code_span_is_not_closed_by_what_it_holds(text: str, expected: str) -> None:
    assert code(text) == expected
