"""Samples beside examples: which belong together, how values differ, and how a reader sees it."""

from __future__ import annotations

import pytest

from contract.documents.samples import Sample
from contract.review.look_alikes import told_apart
from contract.review.sample_pairs import pairs_of
from contract.review.value_differences import Departure, differences, likeness, moved_once, same

FIRST = {"code": "000", "data": {"id": "A", "list": [1, 2]}}


def told(first: object, second: object) -> list[tuple[str, str, str]]:
    found = moved_once(list(differences(first, second)), first, second)
    return [
        (each.change.name, "/".join(map(str, each.first)), "/".join(map(str, each.second)))
        for each in found
    ]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"data": {"list": [1, 2.0], "id": "A"}, "code": "000"}, []),
        ({**FIRST, "code": 0}, [("VALUE", "code", "code")]),
        ({**FIRST, "code": None}, [("VALUE", "code", "code")]),
        ({**FIRST, "msg": "x"}, [("REMOVED", "msg", "msg")]),
        ({"data": FIRST["data"]}, [("ADDED", "code", "code")]),
        ({"errcode": "000", "data": FIRST["data"]}, [("RENAMED", "code", "errcode")]),
        ({"code": "000", "result": FIRST["data"]}, [("RENAMED", "data", "result")]),
        ({"code": "000", "id": "A", "list": [1, 2]}, [("MOVED", "data", "")]),
        ({"code": "000", "data": {"in": FIRST["data"]}}, [("MOVED", "data", "data/in")]),
        ({"code": "000", "data": [FIRST["data"]]}, [("VALUE", "data", "data")]),
        ({"data": {**FIRST["data"], "code": "000"}}, [("MOVED", "", "data")]),  # type: ignore[dict-item]
        ({**FIRST, "data": {"id": "A", "list": [2, 1]}}, [("ORDER", "data/list", "data/list")]),
        ({**FIRST, "data": {"id": "A", "list": [1]}}, [("COUNT", "data/list/1", "data/list/1")]),
        ({**FIRST, "data": {"id": "A", "list": [2]}}, [("COUNT", "data/list/0", "data/list/0")]),
        (
            {**FIRST, "data": {"id": "A", "list": [1, 3]}},
            [("VALUE", "data/list/1", "data/list/1")],
        ),
        ([], [("VALUE", "", "")]),
    ],
    ids=str,
)
def test_each_fact_in_which_two_values_differ_is_told_once(
    second: object, expected: list[tuple[str, str, str]]
) -> None:
    assert told(FIRST, second) == expected


def test_a_member_that_went_into_another_object_or_out_of_it_is_moved_both_ways() -> None:
    flat, nested = {"a": 1, "b": 2}, {"data": {"a": 1, "b": 2}}

    assert (told(flat, nested), told(nested, flat)) == (
        [("MOVED", "", "data")],
        [("MOVED", "data", "")],
    )


def test_a_long_list_is_told_by_its_number_of_items() -> None:
    found = list(differences(list(range(2000)), list(range(1, 2000))))

    assert [each.change for each in found] == [Departure.COUNT]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(1, 1.0, True), (1, True, False), ("1", 1, False), (0, False, False), (None, None, True)],
)
def test_values_are_equal_as_json_has_it(first: object, second: object, expected: bool) -> None:  # noqa: FBT001
    assert same(first, second) is expected


def test_values_are_the_more_alike_the_more_leaves_they_share() -> None:
    near = {**FIRST, "code": "001"}
    far = {"x": 1}

    assert 1 > likeness(FIRST, near) > likeness(FIRST, far) == 0


# Which example stands for which sample


def sample(value: object, line: int = 1) -> Sample:
    return Sample(title="应答样例", text="", line=line, value=value)


GOOD, BAD = {"code": "000", "msg": "成功"}, {"code": "E1", "msg": "失败"}


@pytest.mark.parametrize(
    ("examples", "pairs", "left", "beyond"),
    [
        ({"documented": GOOD, "error": BAD}, ["documented", "error"], 0, []),
        ({"success": GOOD, "failure": BAD}, ["success", "failure"], 0, []),
        ({"documented": {**GOOD, "msg": "OK"}, "error": BAD}, ["documented", "error"], 0, []),
        ({"error": {**BAD, "msg": "x"}, "documented": GOOD}, ["documented", "error"], 0, []),
        ({"documented": GOOD}, ["documented"], 1, []),
        ({"documented": GOOD, "error": BAD, "own": {"a": 1}}, ["documented", "error"], 0, []),
        ({"documented": GOOD, "error": BAD, "error-2": BAD}, ["documented", "error"], 0, []),
        (
            {"documented": GOOD, "error": BAD, "error-2": {"code": 7}},
            ["documented", "error"],
            0,
            ["error-2"],
        ),
        ({}, [], 2, []),
        ({"own": {"a": 1}}, [], 2, []),
        ({"documented": GOOD, "400 documented": BAD}, ["documented", "400 documented"], 0, []),
    ],
    ids=str,
)
def test_an_example_belongs_to_the_sample_that_it_shows_or_that_it_is_most_like(
    examples: dict[str, object], pairs: list[str], left: int, beyond: list[str]
) -> None:
    found = pairs_of([sample(GOOD), sample(BAD, 9)], examples)

    assert ([name for _, name in found.pairs], len(found.samples), list(found.examples)) == (
        pairs,
        left,
        beyond,
    )


# Two texts that look the same


@pytest.mark.parametrize(
    ("stated", "specified", "expected"),
    [
        ("图片", "图片", ""),
        ("图片", "图像", ""),
        ("图片", "图片\n", "the spec has a line break (U+000A) at the end"),
        ("图片 ", "图片", "the document has a space (U+0020) at the end"),
        ("图\u00a0片", "图片", "the document has a no-break space (U+00A0) at character 2"),
        ("图片", "图\u200b片", "the spec has a zero width space (U+200B) at character 2"),
        (
            "a b",
            "a\u3000b",
            (
                "at character 2 the document has a space (U+0020), and the spec an ideographic "
                "space (U+3000)"
            ),
        ),
        (
            "(元)",
            "（元）",
            (
                "at character 1 the document has the character ( (U+0028), and the spec the "
                "full-width character （ (U+FF08)"
            ),
        ),
        (
            '"x"',
            "“x”",
            (
                'at character 1 the document has the character " (U+0022), and the spec a curly '
                "quote (U+201C)"
            ),
        ),
        ("a\x07b", "ab", "the document has an invisible character (U+0007) at character 2"),
        (1, "1", ""),
        ("a" * 10_001, "a" * 10_001 + " ", ""),
    ],
)
def test_what_the_eye_does_not_see_between_two_texts_is_said_in_words(
    stated: object, specified: object, expected: str
) -> None:
    assert told_apart(stated, specified) == expected
