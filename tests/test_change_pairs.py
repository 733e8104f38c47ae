"""Pairs of snippets, and what each is told as: the class of every rule that it breaks or keeps.

The tables stand in `change_pairs/`. A row is a snippet of an old spec, the same of a new one, and
the rules that tell it, each with the first letter of its class: b for breaking, c for compatible, d
for documentation. To add a pair: a row in the table of the place where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pytest
import yaml

from contract.changes import changes
from tests.comparing import Node, compared, content, placed, read, tree
from tests.loopback import ROOT
from tests.work import lines_run

Row = Mapping[str, str]
FOLDER = ROOT / "tests" / "change_pairs"


def rows(name: str) -> dict[str, Row]:
    """Read a table of pairs by their names."""
    listed = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return {row["pair"]: row for row in listed}


SCHEMAS, PARAMETERS, OPERATIONS = map(rows, ("schemas.yaml", "parameters.yaml", "operations.yaml"))
COMMON = {
    *("wording", "example", "sample", "mock", "extension", "default", "unsent"),
    "discriminator",
}


def rules_of(told: str, side: str) -> set[tuple[str, str]]:
    found = set()
    for each in filter(None, told.split(", ")):
        effect, rule = each.split()
        own = not side or rule in {"deprecated", "undeprecated"} or rule.partition("-")[0] in COMMON
        found.add((effect, rule if own else f"{side}-{rule}"))
    return found


def told(old: Node, new: Node) -> set[tuple[str, str]]:
    return {(change.effect.value[0], change.rule) for change in compared(old, new)}


@pytest.mark.parametrize("pair", SCHEMAS)
def test_a_pair_of_answers_is_told_as_listed(pair: str) -> None:
    row = SCHEMAS[pair]

    found = told(*(placed("answer", member(row[each])) for each in ("old", "new")))

    assert found == rules_of(row["answer"], "answer")


@pytest.mark.parametrize("pair", SCHEMAS)
def test_a_pair_of_requests_is_told_as_listed(pair: str) -> None:
    row = SCHEMAS[pair]

    found = told(*(placed("request", member(row[each])) for each in ("old", "new")))

    assert found == rules_of(row["request"], "request")


def member(text: str) -> Node:
    return {"type": "object", "properties": {"it": yaml.safe_load(text)}}


@pytest.mark.parametrize("where", ["query", "header"])
@pytest.mark.parametrize("pair", PARAMETERS)
def test_a_pair_of_parameters_is_told_as_listed(pair: str, where: str) -> None:
    row = PARAMETERS[pair]
    snippets = [row["old"], row["new"]]
    if where == "header":
        snippets = [
            text.replace("style: form, explode: true", "style: simple") for text in snippets
        ]
        snippets = [text.replace("explode: false", "explode: true") for text in snippets]
    parameters = [
        [{"name": "p", "in": where, **yaml.safe_load(f"{{{text}}}")}] for text in snippets
    ]

    found = told(*(tree(parameters=each) for each in parameters))

    assert found == rules_of(row["told"], "")


@pytest.mark.parametrize("pair", OPERATIONS)
def test_a_pair_of_operations_is_told_as_listed(pair: str) -> None:
    row = OPERATIONS[pair]

    found = told(*(tree(**yaml.safe_load(f"{{{row[each]}}}")) for each in ("old", "new")))

    assert found == rules_of(row["told"], "")


def test_more_than_150_pairs_are_listed() -> None:
    assert 2 * len(SCHEMAS) + len(PARAMETERS) + len(OPERATIONS) > 150


# One text, many uses


def shared(operations: int, schema: Node) -> Node:
    answer = content({"$ref": "#/components/schemas/it"})
    paths = {
        f"/{number}": {"get": {"operationId": f"op{number}", "responses": {"200": answer}}}
        for number in range(operations)
    }
    return {**tree(), "paths": paths, "components": {"schemas": {"it": schema}}}


def test_one_change_of_a_shared_schema_is_one_change_with_the_list_of_its_uses() -> None:
    found = compared(*(shared(100, {"type": "string", "maxLength": most}) for most in (5, 9)))

    assert [(change.rule, len(change.operations)) for change in found] == [
        ("answer-length-loosened", 100)
    ]


def test_a_schema_in_place_of_a_reference_to_it_is_no_change() -> None:
    found = compared(shared(1, {"type": "string"}), shared(1, {"allOf": [{"type": "string"}]}))

    assert found == ()


def chained(schemas: int, most: int) -> Node:
    """Give schemas that lead in a circle, each to itself too; the middle one has the limit."""
    known: dict[str, dict[str, object]] = {}
    for number in range(schemas):
        own = {"type": "string", **({"maxLength": most} if number == schemas // 2 else {})}
        nearby = ((number + 1) % schemas, number)
        inner = {f"to{each}": {"$ref": f"#/components/schemas/it{each}"} for each in nearby}
        known[f"it{number}"] = {"type": "object", "properties": {"text": own, **inner}}
    answer = content({"$ref": "#/components/schemas/it0"})
    return tree(responses={"200": answer}, root={"components": {"schemas": known}})


def test_schemas_that_lead_back_to_themselves_are_compared_once() -> None:
    found = compared(chained(60, 5), chained(60, 9))

    assert [(change.rule, change.subject) for change in found] == [
        ("answer-length-loosened", "text")
    ]


def test_the_work_grows_with_the_schemas_and_not_with_the_ways_through_them() -> None:
    specs = {size: [read(chained(size, most), "it.yaml") for most in (5, 9)] for size in (20, 80)}

    few, many = (lines_run(partial(changes, *pair)) for pair in specs.values())

    assert many < 6 * few


def test_an_operation_that_cannot_be_read_is_told_and_not_called_removed() -> None:
    broken = placed("answer", {"type": "string", "maxLength": "long"})

    found = compared(placed("answer", {"type": "string"}), broken)

    assert [(change.effect.value, change.rule) for change in found] == [
        ("breaking", "unproved-change")
    ]


@pytest.mark.parametrize(
    ("old", "new", "english", "chinese"),
    [
        ("{enum: [a]}", "{enum: [a, x]}", 'it may now be "x"', 'it 现在可以为 "x"'),
        ("{enum: [a, y]}", "{enum: [a]}", 'it may no longer be "y"', 'it 不再为 "y"'),
        (
            "{type: string, maxLength: 50}",
            "{type: string, maxLength: 20}",
            "it: at most 20 characters instead of at most 50 characters",
            "it：最多 20 个字符（原为最多 50 个字符）",
        ),
        (
            "{type: string}",
            "{type: string, nullable: true}",
            "it may now be null",
            "it 现在可以为 null",
        ),
        (
            "{anyOf: [{type: string}]}",
            "{anyOf: [{type: string}, {type: object, properties: {b: {}}}]}",
            "it may now be object {b}",
            "it 现在可以为 object {b}",
        ),
        (
            "{type: integer}",
            "{type: number}",
            "it: number instead of integer",
            "it：类型为 number（原为 integer）",
        ),
    ],
)
def test_a_sentence_says_what_changed_in_both_languages(
    old: str, new: str, english: str, chinese: str
) -> None:
    (found,) = compared(*(placed("answer", member(text)) for text in (old, new)))

    assert found.what == (english, chinese)
