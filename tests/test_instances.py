from __future__ import annotations

import pytest

from contract.instances import MISSING, instances, present
from contract.json_pointer import escape, pointer_of, unescape

NESTED = {"data": {"list": [{"name": "a"}, {}, "no object", {"name": None}]}}


@pytest.mark.parametrize(
    ("value", "path", "places"),
    [
        ({"a": 1}, (), [("", {"a": 1})]),
        ({"a": 1}, ("a",), [("/a", 1)]),
        ({"a": 1}, ("b",), [("/b", MISSING)]),
        ({"a": 1}, ("a", "b"), []),
        ({"a": [1, 2]}, ("a", "b"), []),
        ({"*": 1}, ("*",), []),
        ([1, 2], ("*",), [("/0", 1), ("/1", 2)]),
        (
            NESTED,
            ("data", "list", "*", "name"),
            [
                ("/data/list/0/name", "a"),
                ("/data/list/1/name", MISSING),
                ("/data/list/3/name", None),
            ],
        ),
        ({"a/b": {"~": 1}}, ("a/b", "~"), [("/a~1b/~0", 1)]),
    ],
)
def test_a_member_has_a_place_wherever_its_parent_is(
    value: object, path: tuple[str, ...], places: list[tuple[str, object]]
) -> None:
    assert [(each.pointer, each.value) for each in instances(value, path)] == places


def test_a_place_knows_the_object_that_holds_it_or_lacks_it() -> None:
    inner = NESTED["data"]["list"]

    holders = [each.holder for each in instances(NESTED, ("data", "list", "*", "name"))]

    assert [holder is inner[at] for holder, at in zip(holders, (0, 1, 3), strict=True)] == [
        True
    ] * 3


def test_names_lead_through_lists_where_that_is_asked_for_and_a_star_is_then_a_name() -> None:
    starred = {"list": [{"*": 1}]}

    through = [each.steps for each in present(NESTED, ("data", "list", "name"), through_lists=True)]

    assert through == [("data", "list", 0, "name"), ("data", "list", 3, "name")]
    assert [each.steps for each in present(starred, ("list", "*"), through_lists=True)] == [
        ("list", 0, "*")
    ]


def test_only_members_that_are_there_are_present() -> None:
    assert [each.value for each in present(NESTED, ("data", "list", "*", "name"))] == ["a", None]


@pytest.mark.parametrize("name", ["plain", "a/b", "~1", "~", "/~/"])
def test_a_name_comes_back_from_its_token(name: str) -> None:
    assert (unescape(escape(name)), "/" in escape(name)) == (name, False)


def test_a_pointer_is_written_of_names_and_indices() -> None:
    assert (pointer_of(()), pointer_of(("a/b", 0, ""))) == ("", "/a~1b/0/")
