"""What the cells of a document mean, and how a finding shows them."""

from __future__ import annotations

import re

import pytest

from contract.documents.cells import (
    Kind,
    entities_resolved,
    holds_members,
    is_nothing,
    kind,
    max_length,
    plain,
    requirement,
    shortened,
    shown,
    word,
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("", ""),
        (" a ", "a"),
        ("**a**", "a"),
        ("__a__", "a"),
        ("`a`", "a"),
        ("`**a**`", "a"),
        ("**`__ a __`**", "a"),
        ("**a** b **c**", "**a** b **c**"),
        ("`a` b `c`", "`a` b `c`"),
        ("`**a** b **c**`", "**a** b **c**"),
        ("**a", "**a"),
        ("a**", "a**"),
        ("****", "****"),
        ("** **", "** **"),
        (r"a\_b\|c", "a_b|c"),
        (r"\a", r"\a"),
        ("a\u200b\ufeffb", "ab"),
        ("a<br/>b<BR >c", "a b c"),
        ("List&lt;A&gt; &amp; &#65;&#x42;", "List<A> & AB"),
    ],
)
def test_a_cell_reads_as_it_is_seen(cell: str, text: str) -> None:
    assert plain(cell) == text


def test_entities_stand_for_characters_also_where_padding_counts() -> None:
    assert entities_resolved("&nbsp;a<br>") == "\u00a0a "


def test_words_are_compared_without_case_width_spaces_and_markup() -> None:
    assert word("**Ｓｔｒ ing**　") == "string"


@pytest.mark.parametrize(
    ("cell", "nothing"),
    [("", True), (" 无。", True), ("None.", True), ("—", True), ("0", False), ("无限", False)],
)
def test_nothing_is_said_by_a_blank_a_dash_or_a_word(cell: str, *, nothing: bool) -> None:
    assert is_nothing(cell) is nothing


@pytest.mark.parametrize(
    ("cell", "length"),
    [("1", 1), ("(8)", 8), ("999999999", 999_999_999), ("2,2", (2, 2)), ("3,0", (3, 0))],
)
def test_a_length_is_a_number_that_is_not_0_with_no_more_decimals_than_digits(
    cell: str, length: object
) -> None:
    assert max_length(cell) == length


@pytest.mark.parametrize(
    ("read", "cell", "problem"),
    [
        (max_length, "0", "“0” is not a length"),
        (max_length, "0,0", "“0,0” is not a length"),
        (max_length, "1234567890", "“1234567890” is not a length"),
        (max_length, "long", "“long” is not a length"),
        (max_length, "2,3", "“2,3” has more decimals than digits"),
        (kind, "thing", "“thing” is not a known type"),
        (requirement, "perhaps", "“perhaps” is neither 是 nor 否"),
    ],
)
def test_a_cell_that_cannot_be_read_is_shown(read: object, cell: str, problem: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        read(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("List<Order>", Kind.ARRAY),
        ("set<a>", Kind.ARRAY),
        ("Order[]", Kind.ARRAY),
        ("map", Kind.OBJECT),
        ("DateTime", Kind.DATE),
        ("整数", Kind.INTEGER),
    ],
)
def test_a_type_is_known_by_its_words_and_a_list_by_its_brackets(cell: str, expected: Kind) -> None:
    assert kind(cell) is expected


@pytest.mark.parametrize(
    ("cell", "holds"),
    [
        ("JSONObject", True),
        ("List", True),
        ("List<Order>", True),
        ("Order[]", True),
        ("List<List<Order>>", True),
        ("List<Map>", True),
        ("List<String>", False),
        ("String[]", False),
        ("List<Integer[]>", False),
        ("String", False),
        ("Order", False),
    ],
)
def test_other_rows_describe_what_is_inside_of_objects_and_of_lists_of_them(
    cell: str, *, holds: bool
) -> None:
    assert holds_members(cell) is holds


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a" * 60, f"“{'a' * 60}”"),
        ("a" * 61, f"“{'a' * 60}…” (61 characters)"),
        ("a\x1b[31m\n", "“a\ufffd[31m\ufffd”"),
    ],
)
def test_a_finding_shows_a_text_short_and_without_control_characters(text: str, seen: str) -> None:
    assert (shown(text), shown(text).startswith(f"“{shortened(text)}”")) == (seen, True)


@pytest.mark.parametrize(
    ("cell", "required"), [("是", True), ("**Y**", True), ("否", False), ("ＮＯ", False)]
)
def test_a_row_is_required_or_not_whatever_the_spelling(cell: str, *, required: bool) -> None:
    assert requirement(cell) is required
