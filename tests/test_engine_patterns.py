"""Patterns of ECMA-262 as the validator takes them."""

from __future__ import annotations

import pytest

from contract.spec.vocabulary import validator


@pytest.mark.parametrize(
    ("pattern", "kept", "broken"),
    [
        ("^{a}$", "{a}", "a"),
        ("^a{2}$", "aa", "a{2}"),
        ("^a{2,}$", "aaa", "a"),
        (r"^\{a\}$", "{a}", "a"),
        (r"^\p{Han}+$", "图片", "a"),
        ("^{{name}}$", "{{name}}", "name"),
        ("^a{,2}$", "a{,2}", "aa"),
        ("^[[]x$", "[x", "x"),
        ("^[{}]+$", "{}", "a"),
        ("^[a&&b]$", "&", "c"),
        ("^[a-z]{1,3}$", "abc", "abcd"),
    ],
)
def test_a_pattern_means_to_the_engine_what_it_means_to_others(
    pattern: str, kept: str, broken: str
) -> None:
    judge = validator({"type": "string", "pattern": pattern})

    assert (judge.is_valid(kept), judge.is_valid(broken)) == (True, False)

