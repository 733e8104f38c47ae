"""No witness escapes: what a new schema allows and the old one refuses is told as breaking."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from pathlib import Path
from random import Random
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.changes import Change, Effect, changes
from contract.changes.sent_as_text import readings
from contract.findings import Place
from contract.spec.loading import interpret
from contract.spec.operations import Spec
from contract.spec.references import mapping
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import Located
from tests.schemas import Schema, edited, schema, value
from tests.thoroughness import tries

VALUES = 12

usually = settings(
    max_examples=tries(300),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
exhaustively = settings(usually, max_examples=tries(1000))


def spec(node: Schema, side: str) -> Spec:
    content = {"content": {"application/json": {"schema": node}}}
    anything: dict[str, object] = {"content": {"application/json": {"schema": {}}}}
    operation: dict[str, object] = {"operationId": "it"}
    operation["responses"] = {"200": anything}
    if side == "answer":  # beside the good one, of which `load` takes no exclusive bounds
        operation["responses"] = {"200": anything, "404": {"description": "", **content}}
    if side == "request":
        operation["requestBody"] = content
    if side == "parameter":
        operation["parameters"] = [{"name": "p", "in": "query", "schema": node}]
    root = located({"openapi": "3.0.3", "paths": {"/it": {"post": operation}}}, count(1))
    return interpret(Path("it.yaml"), mapping(root, Place("it.yaml", 1), "a spec"))


def located(node: object, lines: Iterator[int]) -> object:
    """Give what reading YAML gives, without the time that it takes: each name on its own line."""
    if isinstance(node, list):
        return [located(item, lines) for item in node]
    if not isinstance(node, dict):
        return node
    made = Located(Place("it.yaml", next(lines)))
    for name, inner in node.items():
        made.places[name] = Place("it.yaml", next(lines))
        made[name] = located(inner, lines)
    return made


def pair(seed: int) -> tuple[Random, Schema, Schema]:
    rng = Random(seed)
    old = schema(rng)
    return rng, old, edited(rng, old) if rng.random() < 0.75 else schema(rng)


def told(old: Schema, new: Schema, side: str) -> tuple[Change, ...]:
    return changes(spec(old, side), spec(new, side))


def breaks(found: tuple[Change, ...]) -> bool:
    return any(change.effect is Effect.BREAKING for change in found)


def closed(node: object) -> object:
    """Give what a client sends that keeps to the schema: no member that it does not describe."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {
        key: {name: closed(inner) for name, inner in argument.items()}
        if key == "properties"
        else argument
        if key in {"enum", "required", "not"}
        else closed(argument)
        for key, argument in node.items()
    }
    return {"additionalProperties": False, **copy} if "properties" in copy else copy


def answers(seed: int) -> tuple[Schema, Schema, list[object]]:
    rng, old, new = pair(seed)
    allowed, known = validator(new), validator(lenient(old))
    drawn = [value(rng, rng.choice((old, new, new))) for _ in range(VALUES)]
    return old, new, [v for v in drawn if allowed.is_valid(v) and not known.is_valid(v)]


def lenient(node: object) -> Schema:
    """Give what a client reads: of alternatives one, whether or not another fits too."""

    def within(part: object, *, ruled_out: bool) -> object:
        if isinstance(part, list):
            return [within(item, ruled_out=ruled_out) for item in part]
        if not isinstance(part, dict):
            return part
        made: Schema = {}
        for key, argument in part.items():
            if key in {"enum", "required"}:
                made[key] = argument
            elif key == "properties":
                made[key] = {n: within(each, ruled_out=ruled_out) for n, each in argument.items()}
            elif key == "oneOf" and not ruled_out:
                options = {"anyOf": within(argument, ruled_out=False)}
                known = made.get("allOf", [])
                made["allOf"] = [*(known if isinstance(known, list) else []), options]
            elif key == "allOf":
                known = made.get("allOf", [])
                parts = within(argument, ruled_out=ruled_out)
                made["allOf"] = [
                    *(known if isinstance(known, list) else []),
                    *(parts if isinstance(parts, list) else []),
                ]
            else:
                made[key] = within(argument, ruled_out=ruled_out or key == "not")
        return made

    found = within(node, ruled_out=False)
    assert isinstance(found, dict)
    return found


def requests(seed: int) -> tuple[Schema, Schema, list[object]]:
    rng, old, new = pair(seed)
    kept = closed(old)
    assert isinstance(kept, dict)
    rules = (validator(old), validator(kept))
    refusing = validator(new)
    drawn = [value(rng, rng.choice((old, old, new))) for _ in range(VALUES)]
    good = [v for v in drawn if all(rule.is_valid(v) for rule in rules)]
    return old, new, [v for v in good if not refusing.is_valid(v)]


def parameters(seed: int) -> tuple[Schema, Schema, list[object]]:
    """Give what is sent as text: a server may read 5 as a number or as a text."""
    rng = Random(seed)
    old = schema(rng, 0)
    new = edited(rng, old, 0) if rng.random() < 0.75 else schema(rng, 0)
    known, refusing = validator(old), validator(new)
    drawn = [value(rng, rng.choice((old, old, new)), 1) for _ in range(VALUES)]
    good = [v for v in drawn if isinstance(v, str | int | float) and known.is_valid(v)]
    return old, new, [v for v in good if not any(map(refusing.is_valid, readings(v)))]


UNSENT = "c"
"""The member that is read-only in every request here."""


def marked(node: object) -> Schema:
    """Give a schema whose members of that name are read-only."""
    return _members(
        node, lambda members: {**members, UNSENT: {**members[UNSENT], "readOnly": True}}
    )


def without(node: object) -> Schema:
    """Give what such a schema says about requests: nothing of that member."""
    return _members(node, lambda members: {n: m for n, m in members.items() if n != UNSENT})


def _members(node: object, change: Callable[[dict[str, Schema]], dict[str, Schema]]) -> Schema:
    def within(part: object) -> object:
        if isinstance(part, list):
            return [within(item) for item in part]
        if not isinstance(part, dict):
            return part
        made: Schema = {}
        for key, argument in part.items():
            if key == "properties":
                members = {name: cast("Schema", within(each)) for name, each in argument.items()}
                made[key] = change(members) if UNSENT in members else members
            elif key == "required":
                made[key] = [name for name in argument if name != UNSENT] or ["a"]
            else:
                made[key] = argument if key == "enum" else within(argument)
        return made

    return cast("Schema", within(node))


def sent_without(node: object) -> object:
    if isinstance(node, list):
        return [sent_without(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {name: sent_without(inner) for name, inner in node.items() if name != UNSENT}


def read_only(seed: int) -> tuple[Schema, Schema, list[object]]:
    rng, old, new = pair(seed)
    old, new = (cast("Schema", _plain(each)) for each in (old, new))
    kept = closed(without(old))
    assert isinstance(kept, dict)
    rules = (validator(without(old)), validator(kept))
    refusing = validator(without(new))
    drawn = [sent_without(value(rng, rng.choice((old, old, new)))) for _ in range(VALUES)]
    good = [v for v in drawn if all(rule.is_valid(v) for rule in rules)]
    return marked(old), marked(new), [v for v in good if not refusing.is_valid(v)]


def _plain(node: object) -> object:
    """Leave out what is about the member by other means than its description."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _plain(inner) for key, inner in node.items() if key not in {"not", "enum"}}
    needed = made.get("required")
    if isinstance(needed, list):
        made["required"] = [name for name in needed if name != UNSENT] or ["a"]
    return made


SEEDS = st.integers(min_value=0, max_value=2**32)


@exhaustively
@given(SEEDS)
def test_an_answer_that_the_old_schema_refuses_is_told_as_breaking(seed: int) -> None:
    old, new, witnesses = answers(seed)

    found = told(old, new, "answer")

    assert not witnesses or breaks(found), (old, new, witnesses[0])


@exhaustively
@given(SEEDS)
def test_a_request_that_the_new_schema_refuses_is_told_as_breaking(seed: int) -> None:
    old, new, witnesses = requests(seed)

    found = told(old, new, "request")

    assert not witnesses or breaks(found), (old, new, witnesses[0])


@usually
@given(SEEDS)
def test_a_text_that_the_new_parameter_refuses_is_told_as_breaking(seed: int) -> None:
    old, new, witnesses = parameters(seed)

    found = told(old, new, "parameter")

    assert not witnesses or breaks(found), (old, new, witnesses[0])


@usually
@given(SEEDS)
def test_a_request_without_read_only_members_that_is_refused_is_told_as_breaking(
    seed: int,
) -> None:
    old, new, witnesses = read_only(seed)

    found = told(old, new, "request")

    assert not witnesses or breaks(found), (old, new, witnesses[0])


@usually
@given(SEEDS)
def test_a_schema_that_did_not_change_is_no_change(seed: int) -> None:
    _, old, _ = pair(seed)

    found = told(old, json.loads(json.dumps(old)), "answer")

    assert found == ()


@usually
@given(SEEDS, st.sampled_from(["answer", "request"]))
def test_the_order_in_which_a_schema_says_things_is_no_change(seed: int, side: str) -> None:
    _, old, _ = pair(seed)

    found = told(old, turned(old), side)

    assert found == ()


def turned(node: Schema) -> Schema:
    turning = {"properties", "not", "items", "additionalProperties"}
    return {
        key: turned(value) if key in turning and isinstance(value, dict) else value
        for key, value in reversed(node.items())
    }


@lru_cache
def tally() -> dict[str, float]:
    """Count what fixed seeds give, so that the properties above are about something."""
    count = 300
    found = [answers(seed) for seed in range(count)]
    effects = [told(old, new, "answer") for old, new, _ in found]
    return {
        "compatible": sum(bool(each) and not breaks(each) for each in effects) / count,
        "breaking": sum(map(breaks, effects)) / count,
        "answers": sum(bool(witnesses) for _, _, witnesses in found) / count,
        "requests": sum(bool(requests(seed)[2]) for seed in range(count)) / count,
    }


@pytest.mark.parametrize("share", ["compatible", "breaking", "answers", "requests"])
def test_a_fair_share_of_the_examples_is_of_each_kind(share: str) -> None:
    found = tally()[share]

    assert found > 0.15, found
