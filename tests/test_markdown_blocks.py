"""Lines of a document → blocks, each with its lines; nothing of them is lost."""

from __future__ import annotations

import pytest

from contract.documents.block import Block, Fence, Heading, Prose, Table, TableRow
from contract.documents.markdown import blocks, lines_of


def test_lines_end_as_editors_know_it() -> None:
    assert lines_of("a\r\nb\nc\rd\n\ne") == ["a", "b", "c", "d", "", "e"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n \n", []),
        ("a\n\n  b", [Prose("a", 1), Prose("  b", 3)]),
        ("---\n***\n___\n- - -\n=====\na", [Prose("a", 6)]),
        ("# a\n###### b\n####### c", [Heading("a", 1), Heading("b", 2), Prose("####### c", 3)]),
        (
            "##a\n## b ##\n## c#\n## d#e #",
            [Heading("a", 1), *map(Heading, ("b", "c#", "d#e"), (2, 3, 4))],
        ),
        ("## b  ##  \n## C# #", [Heading("b", 1), Heading("C#", 2)]),
        (
            "**a**\n __b__ ：\n**c**:",
            [Heading(each, n, bold=True) for n, each in enumerate("abc", 1)],
        ),
        ("**a** b\n*a*", [Prose("**a** b", 1), Prose("*a*", 2)]),
        ("a <!-- b -->c<!-- d\ne --> f", [Prose("a c", 1), Prose(" f", 2)]),
        ("<!-- a\n```\n-->\nb", [Prose("b", 4)]),
        ("a -->", [Prose("a -->", 1)]),
        ("<!-- a\n\nb", []),
    ],
)
def test_headings_and_prose_stand_in_their_lines(text: str, expected: list[Block]) -> None:
    assert list(blocks(lines_of(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\na\nb\n```\nc", [Fence("a\nb", 2, closed=True), Prose("c", 5)]),
        ("x\n```json\na\n```", [Prose("x", 1), Fence("a", 3, closed=True)]),
        ("```\n```\na", [Fence("", 2, closed=True), Prose("a", 3)]),
        ("~~~\n```\n~~~~", [Fence("```", 2, closed=True)]),
        ("````\n```\na\n````", [Fence("```\na", 2, closed=True)]),
        ("```\na\n``` b\n```", [Fence("a\n``` b", 2, closed=True)]),
        ("```\na\n  ```", [Fence("a", 2, closed=True)]),
        (
            "```\na\n# b\n## c\nd",
            [Fence("a\n# b", 2, closed=False), Heading("c", 4), Prose("d", 5)],
        ),
        ("```\n## c", [Fence("", 2, closed=False), Heading("c", 2)]),
        ("x\n```\na\nb", [Prose("x", 1), Fence("a\nb", 3, closed=False)]),
        ("x\n```", [Prose("x", 1), Fence("", 3, closed=False)]),
        ("```\n<!-- a -->\n```\n<!-- b -->c", [Fence("<!-- a -->", 2, closed=True), Prose("c", 4)]),
        ("````\n```\n<!-- a -->\n````", [Fence("```\n<!-- a -->", 2, closed=True)]),
        ("```\na\n````\n<!-- b -->c", [Fence("a", 2, closed=True), Prose("c", 4)]),
        ("<!--\n```\n--> <!-- a -->b", [Prose(" b", 3)]),
        ("```\n<!-- a\n```\nb<!-- c -->", [Fence("<!-- a", 2, closed=True), Prose("b", 4)]),
    ],
)
def test_fenced_code_is_kept_as_it_is_to_its_end_or_to_the_next_heading(
    text: str, expected: list[Block]
) -> None:
    assert list(blocks(lines_of(text))) == expected


def seen(block: Block) -> object:
    """Give of a table its header's line and cells, and the line, cells and columns of its rows."""
    if not isinstance(block, Table):
        return block
    rows = [(row.line, [cell.strip() for cell in row.cells], row.columns) for row in block.rows]
    return (block.line, [cell.strip() for cell in block.header.cells], rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| a | b |\n| - | - |\n| c | d |", [(1, ["a", "b"], [(3, ["c", "d"], (3, 7))])]),
        (
            "x\n\na|b\n-|-\nc|d\ne",
            [Prose("x", 1), (3, ["a", "b"], [(5, ["c", "d"], (1, 3))]), Prose("e", 6)],
        ),
        ("| a |\n| c |", [(1, ["a"], [(2, ["c"], (3,))])]),
        ("| a |", [(1, ["a"], [])]),
        ("|", [(1, [""], [])]),
        ("||", [(1, [""], [])]),
        ("| a", [(1, ["a"], [])]),
        ("a|b", [Prose("a|b", 1)]),
        ("a|b\n-", [Prose("a|b", 1), Prose("-", 2)]),
        ("a\n-|-", [Prose("a", 1), Prose("-|-", 2)]),
        ("a|b\nc|d", [Prose("a|b", 1), Prose("c|d", 2)]),
        ("a|b\n-|c", [Prose("a|b", 1), Prose("-|c", 2)]),
        ("a|b\n-|-", [(1, ["a", "b"], [])]),
        ("x\na|b\n-|-", [Prose("x", 1), (2, ["a", "b"], [])]),
        ("| a |\n\n\n| c |\n\nd", [(1, ["a"], [(4, ["c"], (3,))]), Prose("d", 6)]),
        (
            "| a |\nb|c\nd\ne|f",
            [(1, ["a"], [(2, ["b", "c"], (1, 3))]), Prose("d", 3), Prose("e|f", 4)],
        ),
        ("| a |\n\nb|c", [(1, ["a"], []), Prose("b|c", 3)]),
        ("| a |\n| - |\n\n| b |\n| - |\n| c |", [(1, ["a"], []), (4, ["b"], [(6, ["c"], (3,))])]),
        ("| a |\n\n| b |\n| - |", [(1, ["a"], []), (3, ["b"], [])]),
        ("| a |\n| b |\n| - |", [(1, ["a"], [(2, ["b"], (3,)), (3, ["-"], (3,))])]),
        ("| a |\n\n| b |\n| c |", [(1, ["a"], [(3, ["b"], (3,)), (4, ["c"], (3,))])]),
        (
            "| a |\n| x |\n\n| b |\n| - |\n\n| c |\n| - |\n| d |",
            [(1, ["a"], [(2, ["x"], (3,))]), (4, ["b"], []), (7, ["c"], [(9, ["d"], (3,))])],
        ),
        ("|a|b|\n|c|", [(1, ["a", "b"], [(2, ["c"], (2,))])]),
        ("|a|b|\n|c|d|e|", [(1, ["a", "b"], [(2, ["c", "d", "e"], (2, 4, 6))])]),
        (
            "|a|b|\n| |c|\n|d| |",
            [(1, ["a", "b"], [(2, ["", "c"], (3, 4)), (3, ["d", ""], (2, 5))])],
        ),
        ("|a|b|\n|aa|a|", [(1, ["a", "b"], [(2, ["aa", "a"], (2, 5))])]),
        ("|a|b|\n|c｜d|e|", [(1, ["a", "b"], [(2, ["c｜d", "e"], (2, 6))])]),
        ("|a|b|\n｜c｜d｜", [(1, ["a", "b"], [(2, ["c", "d"], (2, 4))])]),
        ("｜a｜b｜\n|c\\|d|e|", [(1, ["a", "b"], [(2, ["c\\|d", "e"], (2, 7))])]),
    ],
)
def test_tables_are_read_as_they_are_drawn(text: str, expected: list[object]) -> None:
    assert [seen(block) for block in blocks(lines_of(text))] == expected


@pytest.mark.parametrize(
    ("delimiters", "centred"),
    [
        ("|---|:--|--:|:-:|", {2, 3}),
        ("| - | ：－ | —： | - |", {2}),
        ("| -: |", {0}),
    ],
)
def test_a_column_that_is_not_aligned_to_the_left_is_centred(
    delimiters: str, centred: set[int]
) -> None:
    (found,) = blocks(["| a | b | c | d |", delimiters, "| e | f | g | h |"])

    assert isinstance(found, Table)
    assert (set(found.centred), len(found.rows)) == (centred, 1)


def test_cells_keep_their_padding() -> None:
    (found,) = blocks(["|  a | b  |", "|   c | d  |  "])

    assert found == Table(
        TableRow(("  a ", " b  "), 1), (TableRow(("   c ", " d  "), 2, (5, 9)),), frozenset()
    )


def test_only_a_heading_that_is_a_bold_line_is_bold() -> None:
    found = [block.bold for block in blocks(["# a", "**b**"]) if isinstance(block, Heading)]

    assert found == [False, True]
