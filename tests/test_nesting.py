"""Which member stands inside which other, by what its row and the samples say."""

from __future__ import annotations

import pytest

from contract.documents.cells import holds_members, kind
from contract.documents.member_names import NameCell, read_name
from contract.documents.nesting import UnplacedRow, placed


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a", NameCell(("a",), (), 0, marked=False)),
        (" a ", NameCell(("a",), (), 0, marked=False)),
        ("  a", NameCell(("a",), (), 0, marked=False)),
        ("   a", NameCell(("a",), (), 2, marked=False)),
        ("    a", NameCell(("a",), (), 3, marked=False)),
        ("\ta", NameCell(("a",), (), 4, marked=False)),
        ("\u3000a", NameCell(("a",), (), 2, marked=False)),
        ("&nbsp;&emsp;a", NameCell(("a",), (), 4, marked=False)),
        ("└ a", NameCell(("a",), (), 1, marked=True)),
        (" └─ a", NameCell(("a",), (), 2, marked=True)),
        ("   └ a", NameCell(("a",), (), 3, marked=True)),
        ("- - a", NameCell(("a",), (), 3, marked=True)),
        ("**└ a**", NameCell(("a",), (), 1, marked=True)),
        ("- **- a**", NameCell(("a",), (), 3, marked=True)),
        ("`a`", NameCell(("a",), (), 0, marked=False)),
        ("└ `a`", NameCell(("a",), (), 1, marked=True)),
        ("a.b", NameCell(("a", "b"), (), 0, marked=False)),
        ("a . b", NameCell(("a", "b"), (), 0, marked=False)),
        ("a[0].b[].c", NameCell(("a", "b", "c"), (0, 1), 0, marked=False)),
        ("a[].", NameCell(("a[].",), (), 0, marked=False)),
        ("a..b", NameCell(("a..b",), (), 0, marked=False)),
        (".", NameCell((".",), (), 0, marked=False)),
        (".".join("a" * 20), NameCell(tuple("a" * 20), (), 0, marked=False)),
        (".".join("a" * 21), NameCell((".".join("a" * 21),), (), 0, marked=False)),
        ("", NameCell((), (), 0, marked=False)),
        ("└", NameCell((), (), 1, marked=True)),
    ],
)
def test_a_name_is_read_with_what_moves_it_to_the_right(raw: str, expected: NameCell) -> None:
    assert read_name(raw, centred=False) == expected


@pytest.mark.parametrize(
    ("raw", "width"), [("    a", 0), ("  └ a", 1), ("  \u3000a", 2), ("   \ta", 4)]
)
def test_in_a_centred_column_the_spaces_before_a_name_mean_nothing(raw: str, width: int) -> None:
    assert read_name(raw, centred=True).width == width


@pytest.mark.parametrize(
    ("name", "readable"),
    [("a", True), ("a.b-c.$d", True), ("a.b c", False), ("甲.b", False), ("a.乙", False)],
)
def test_a_name_is_readable_where_all_its_parts_are(name: str, *, readable: bool) -> None:
    assert read_name(name, centred=False).is_readable is readable


def rows(*texts: str) -> list[UnplacedRow]:
    """Make rows of texts such as `└ a:str`, one a line."""
    found = []
    for line, text in enumerate(texts, 1):
        name, _, word = text.partition(":")
        shown = kind(word) if word else None
        cell = read_name(name, centred=False)
        found.append(UnplacedRow(cell, shown, holds_members(word), line))
    return found


Found = list[tuple[str, str, list[int]]]
"""Of each finding its rule, its subject and its lines."""


def placed_as(texts: list[str], *values: object) -> tuple[list[str], Found]:
    paths, findings = placed(rows(*texts), "a.md", values)
    told = [(f.claim, f.subject, [place.line for place in f.places]) for f in findings]
    return [".".join(path) for path in paths], told


@pytest.mark.parametrize(
    ("texts", "paths"),
    [
        (["a:Map", "└ b:str", "└ c:str", "d:str"], ["a", "a.b", "a.c", "d"]),
        (
            ["a:Map", "- b:List", "-- c:str", "- d:str"],
            ["a", "a.b", "a.b.c", "a.d"],
        ),
        (["a:Map", "-- b:str", "- c:str"], ["a", "a.b", "a.c"]),
        (["a:Map", "- b:str", "-- c:str"], ["a", "a.b", "a.c"]),
        (["a:Map", "- a.b:Map", "-- a.b.c:str"], ["a", "a.b", "a.b.c"]),
        (["a:Map", "- a:str", "- b.c:str"], ["a", "a.a", "a.b.c"]),
        (["a:Map", "b:Map", "- c:str"], ["a", "b", "b.c"]),
        (["a:Map", "   b:str", "c:str"], ["a", "a.b", "c"]),
        (["a.b:str", "c:str"], ["a.b", "c"]),
    ],
)
def test_a_marked_row_stands_in_the_nearest_row_further_left_that_holds_members(
    texts: list[str], paths: list[str]
) -> None:
    assert placed_as(texts, {"c": 1, "d": 1}) == (paths, [])


@pytest.mark.parametrize(
    ("texts", "paths", "line"),
    [
        (["└ a.b:str"], ["a.b"], 1),
        (["a:str", "└ b:str"], ["a", "b"], 2),
        (["a:Map", "b:str", "└ b:str"], ["a", "b", "b"], 3),
    ],
)
def test_a_marked_row_below_no_row_that_holds_members_is_a_finding(
    texts: list[str], paths: list[str], line: int
) -> None:
    assert placed_as(texts) == (paths, [("row-without-parent", "b", [line])])


@pytest.mark.parametrize(
    ("texts", "values", "paths"),
    [
        (["a:Map", "b:str", "c:str"], [{"a": {"b": 1}, "c": 1}], ["a", "a.b", "c"]),
        (["a:Map", "b:str"], [{"a": {"b": None}}], ["a", "a.b"]),
        (["a:List", "b:str"], [{"a": [{}, {"b": 1}]}], ["a", "a.b"]),
        (["a:Map", "b:str"], [{"a": {}}, {"a": {"b": 1}}], ["a", "a.b"]),
        (
            ["a:Map", "b:Map", "c:str", "d:str", "e:str"],
            [{"a": {"b": {"c": 1}, "d": 1}, "e": 1}],
            ["a", "a.b", "a.b.c", "a.d", "e"],
        ),
        (
            ["a:Map", "b:str", "c:Map", "b:str"],
            [{"a": {"b": 1}, "c": {"b": 2}}],
            ["a", "a.b", "c", "c.b"],
        ),
        (
            ["a:Map", "b:str", "b:str"],
            [{"a": {"b": 1}, "b": 2}],
            ["a", "a.b", "b"],
        ),
        (["a:str", "b:str"], [{"a": {"b": 1}}], ["a", "a.b"]),
        (["a:str", "b:str"], [{"a": '{"b": 1}'}], ["a", "a.b"]),
        (["a:str", "b:str"], [{"a": '{"b": 1'}], ["a", "b"]),
        (["a:Map", "b:str", "c:str"], [{"b": 1, "c": 2}], ["a", "b", "c"]),
        (["a:Map", "x:str", "y:str"], [{"a": {"y": 1}, "x": 1}], ["a", "x", "y"]),
    ],
)
def test_a_row_without_a_mark_stands_in_the_innermost_object_that_a_sample_shows_it_in(
    texts: list[str], values: list[object], paths: list[str]
) -> None:
    assert placed_as(texts, *values) == (paths, [])


@pytest.mark.parametrize(
    ("texts", "values", "paths", "findings"),
    [
        (
            ["a:Map", "b:str", "c:str"],
            [],
            ["a", "a.b", "a.c"],
            [("unclear-nesting", "b", [2, 1])],
        ),
        (
            ["a:Map", "b:str", "c:str"],
            [{"a": {"b": 1}}],
            ["a", "a.b", "a.c"],
            [],
        ),
        (["a:str", "b:str"], [{}], ["a", "b"], []),
    ],
)
def test_a_row_that_no_sample_shows_stands_in_the_object_right_above_and_that_is_a_finding(
    texts: list[str],
    values: list[object],
    paths: list[str],
    findings: Found,
) -> None:
    assert placed_as(texts, *values) == (paths, findings)


def test_rows_are_nested_no_deeper_than_a_limit() -> None:
    value: object = 1
    for number in reversed(range(30)):
        value = {f"a{number}": value}

    paths, _ = placed_as([f"a{number}:Map" for number in range(30)], value)

    assert max(len(path.split(".")) for path in paths) == 20


@pytest.mark.parametrize(
    ("texts", "findings"),
    [
        (["a:List", "a[].b:str"], []),
        (["a", "a[].b:str"], []),
        (["a:Map", "a[].b:str"], [("list-without-list-type", "a", [2])]),
        (["a[].b:str"], [("list-without-list-type", "a", [1])]),
        (["a[]:List", "a.b:str"], []),
        (
            ["a:Map", "- b:List", "- b[].c[].d:str"],
            [("list-without-list-type", "c", [3])],
        ),
        (["a:Map", "- b[].c:str", "- b:List"], []),
        (["a:Map", "- b:List", "- b[].c:List", "- b[].c[].d:str"], []),
    ],
)
def test_a_name_with_brackets_has_a_row_that_says_it_is_a_list(
    texts: list[str], findings: Found
) -> None:
    assert placed_as(texts)[1] == findings
