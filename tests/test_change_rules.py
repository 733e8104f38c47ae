"""Every rule for changes is told by some pair of specs, in words that say what happened."""

from __future__ import annotations

from itertools import product

import pytest

from contract.changes import RULES, Change, Effect
from tests.comparing import Node, compared, content, placed, tree

B, C, D = Effect.BREAKING, Effect.COMPATIBLE, Effect.DOCUMENTATION
SIDES = ("answer", "request", "parameter")
Told = tuple[Effect, str, str, str, str, str]


def told(found: tuple[Change, ...]) -> list[Told]:
    return [(c.effect, c.subject, c.rule, c.was, c.now, c.reason) for c in found]


def both(found: tuple[Change, ...]) -> set[tuple[str, ...]]:
    return {tuple(place.path for place in change.places) for change in found}


# Constraints that hold less or more


TEXT, LIST, OBJECT = {"type": "string"}, {"type": "array", "items": {}}, {"type": "object"}
EITHER = [TEXT, {"type": "integer"}]
FAMILIES: dict[str, tuple[Node, Node, str, str]] = {
    "type": ({"type": "integer"}, {"type": "number"}, "integer", "number"),
    "type of any": (TEXT, {}, "string", "any type"),
    "null": (TEXT, {**TEXT, "nullable": True}, "string", "string or null"),
    "values": (
        {"enum": ["a"]},
        {"enum": ["a", "b"]},
        'enum ["a"]',
        'enum ["a", "b"]',
    ),
    "length": (
        {**TEXT, "maxLength": 3},
        {**TEXT, "maxLength": 4},
        "maxLength 3",
        "maxLength 4",
    ),
    "range": (
        {"type": "integer", "minimum": 3},
        {"type": "integer"},
        "minimum 3",
        "no minimum",
    ),
    "pattern": ({**TEXT, "pattern": "^a$"}, TEXT, 'pattern "^a$"', "no pattern"),
    "format": ({**TEXT, "format": "ipv4"}, TEXT, 'format "ipv4"', "no format"),
    "size": ({**LIST, "maxItems": 3}, LIST, "maxItems 3", "no maxItems"),
    "members": (
        {**OBJECT, "additionalProperties": False},
        OBJECT,
        "additionalProperties false",
        'additionalProperties "allowed"',
    ),
    "alternatives": (
        {"anyOf": EITHER},
        {"anyOf": [*EITHER, OBJECT]},
        "string / integer",
        "object",
    ),
    "constraint": (
        {**OBJECT, "patternProperties": {"^a": {}}},
        OBJECT,
        'patternProperties {"^a": {}}',
        "no patternProperties",
    ),
    "unique": (
        {**TEXT, "x-unique": True},
        TEXT,
        "x-unique true",
        "no x-unique",
    ),
    "image": (
        {**TEXT, "x-image": {"width": 1}},
        {**TEXT, "x-image": {}},
        'x-image {"width": 1}',
        "x-image {}",
    ),
    "success-codes": (
        {**TEXT, "x-business-success": ["0"]},
        {**TEXT, "x-business-success": ["0", "1"]},
        'x-business-success ["0"]',
        'x-business-success ["0", "1"]',
    ),
}
OF_ANSWERS = ("unique", "image", "success-codes")
HELD = [
    (side, family)
    for side, family in product(SIDES, FAMILIES)
    if side == "answer" or family not in OF_ANSWERS
]
STILL = "every request that was accepted still is"
LOOSENED = {
    "answer": (B, "an answer may now hold what was ruled out before"),
    "request": (C, STILL),
    "parameter": (C, STILL),
}
REFUSED = "a request that was accepted may now be refused"
TIGHTENED = {
    "answer": (C, "every answer still keeps what was promised before"),
    "request": (B, REFUSED),
    "parameter": (B, REFUSED),
}
WHOLE = {"answer": "answer", "request": "request", "parameter": "p"}


def holding(side: str, schema: Node) -> Node:
    return placed(side, {"type": "object", "properties": {"it": schema}})


@pytest.mark.parametrize(("side", "family"), HELD)
def test_a_constraint_that_holds_less_is_told_as_loosened(side: str, family: str) -> None:
    strict, loose, was, now = FAMILIES[family]

    found = compared(holding(side, strict), holding(side, loose))

    effect, reason = LOOSENED[side]
    rule = f"{side}-{family.split(maxsplit=1)[0]}-loosened"
    assert told(found) == [(effect, "it", rule, was, now, reason)]


@pytest.mark.parametrize(("side", "family"), HELD)
def test_a_constraint_that_holds_more_is_told_as_tightened(side: str, family: str) -> None:
    strict, loose, now, was = FAMILIES[family]

    found = compared(holding(side, loose), holding(side, strict))

    effect, reason = TIGHTENED[side]
    rule = f"{side}-{family.split(maxsplit=1)[0]}-tightened"
    assert told(found) == [(effect, "it", rule, was, now, reason)]


@pytest.mark.parametrize("side", SIDES)
def test_a_constraint_of_the_whole_is_told_of_it_itself(side: str) -> None:
    found = [
        *compared(placed(side, OBJECT), placed(side, {})),
        *compared(placed(side, {}), placed(side, OBJECT)),
    ]

    assert [change.what.english for change in found] == [
        f"{WHOLE[side]}: any type instead of object",
        f"{WHOLE[side]}: object instead of any type",
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_stands_in_the_old_spec_and_what_is_now_in_the_new_one(family: str) -> None:
    strict, loose, *_ = FAMILIES[family]

    found = [
        *compared(holding("answer", strict), holding("answer", loose)),
        *compared(holding("answer", loose), holding("answer", strict)),
    ]

    assert both(tuple(found)) == {("old.yaml", "new.yaml")}


@pytest.mark.parametrize(("side", "family"), [*product(SIDES[1:], OF_ANSWERS)])
def test_what_holds_an_answer_is_only_told_where_a_client_sends_it(side: str, family: str) -> None:
    strict, loose, *_ = FAMILIES[family]

    found = [
        *compared(holding(side, strict), holding(side, loose)),
        *compared(holding(side, loose), holding(side, strict)),
    ]

    assert [(change.effect, change.rule) for change in found] == [(D, "extension-changed")] * 2


# Members that come, go, and are needed


def having(schema: Node, **words: object) -> Node:
    return {"type": "object", "properties": {"it": schema}, **words}


OPEN, CLOSED = {"type": "object"}, {"type": "object", "additionalProperties": False}
NEEDED, NEEDLESS, TYPED = having({}, required=["it"]), having({}), having(TEXT)
ONLY = having({}, additionalProperties=False)
GONE, CAME = ("described", "nothing"), ("nothing", "described")
WANTED, SPARED = ("optional", "required"), ("required", "optional")
ANSWERED: dict[str, tuple[Node, Node, Effect, str, tuple[str, str], str]] = {
    "a promised one is gone": (NEEDED, OPEN, B, "removed", GONE, "an answer may now lack it"),
    "one of a type is gone": (TYPED, OPEN, B, "removed", GONE, "it may now be anything"),
    "the only one is gone": (
        *(ONLY, CLOSED, C, "removed", GONE),
        "an answer no longer carries it, which was never promised",
    ),
    "one that means nothing is gone": (
        *(NEEDLESS, OPEN, D, "removed", GONE),
        "it is no longer described, and nothing was promised about it",
    ),
    "one is new where all others were ruled out": (
        *(CLOSED, ONLY, B, "added", CAME),
        "an answer may now carry it, which was ruled out before",
    ),
    "one is new": (
        *(OPEN, TYPED, C, "added", CAME),
        "an answer may carry it, which a client may ignore",
    ),
    "one is always there now": (
        *(NEEDLESS, NEEDED, C, "required", WANTED),
        "an answer now always carries it",
    ),
    "one may be missing now": (
        *(NEEDED, NEEDLESS, B, "optional", SPARED),
        "an answer may now lack it",
    ),
}
SENT: dict[str, tuple[Node, Node, Effect, str, tuple[str, str], str]] = {
    "one is taken no more": (
        *(ONLY, CLOSED, B, "removed", GONE),
        "a request that carries it may now be refused",
    ),
    "one is gone": (
        *(NEEDED, OPEN, C, "removed", GONE),
        "a request may carry it or leave it out",
    ),
    "one that is needed is new": (
        *(OPEN, NEEDED, B, "added", ("nothing", "required")),
        "a request without it is now refused",
    ),
    "one is of a type now": (
        *({**OPEN, "additionalProperties": {}}, TYPED, B, "added", CAME),
        "a request that carries another it may now be refused",
    ),
    "one is new": (
        *(OPEN, NEEDLESS, C, "added", CAME),
        "a request may carry it, but need not",
    ),
    "one is needed now": (
        *(NEEDLESS, NEEDED, B, "required", WANTED),
        "a request without it is now refused",
    ),
    "one is needed no more": (
        *(NEEDED, NEEDLESS, C, "optional", SPARED),
        "a request may now leave it out",
    ),
}


@pytest.mark.parametrize("case", ANSWERED)
def test_a_member_of_an_answer_that_came_or_went_is_told_with_its_reason(case: str) -> None:
    old, new, effect, word, (was, now), reason = ANSWERED[case]

    found = compared(placed("answer", old), placed("answer", new))

    assert told(found) == [(effect, "it", f"answer-member-{word}", was, now, reason)]


@pytest.mark.parametrize("side", ["request", "parameter"])
@pytest.mark.parametrize("case", SENT)
def test_a_member_that_is_sent_and_came_or_went_is_told_with_its_reason(
    case: str, side: str
) -> None:
    old, new, effect, word, (was, now), reason = SENT[case]

    found = compared(placed(side, old), placed(side, new))

    assert told(found) == [(effect, "it", f"{side}-member-{word}", was, now, reason)]


FULL = having({"type": "object", "required": ["a"], "properties": {"a": TEXT}}, maxProperties=3)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (FULL, TYPED, {"it answer-type-loosened", "answer answer-members-loosened"}),
        (TYPED, FULL, {"it answer-type-loosened", "answer answer-members-tightened"}),
        (
            *(FULL, NEEDLESS),
            {
                *("a answer-member-removed", "it answer-type-loosened"),
                "answer answer-members-loosened",
            },
        ),
        (
            *(NEEDLESS, FULL),
            {
                *("a answer-member-added", "it answer-type-tightened"),
                "answer answer-members-tightened",
            },
        ),
    ],
    ids=["object to text", "text to object", "object to anything", "anything to object"],
)
def test_members_go_untold_only_where_their_object_became_something_else(
    old: Node, new: Node, expected: set[str]
) -> None:
    found = compared(placed("answer", old), placed("answer", new))

    assert {f"{change.subject} {change.rule}" for change in found} == expected


# All else


def served(*servers: tuple[str, str]) -> Node:
    listed = [{"url": f"https://{host}", "x-environment": name} for name, host in servers]
    return tree(root={"servers": listed})


def answered(**words: object) -> Node:
    return tree(responses={"200": {**content({}), **words}})


def asked(**words: object) -> Node:
    return tree(parameters=[{"name": "p", "in": "query", "schema": {}, **words}])


def sent(*media_types: str, **words: object) -> Node:
    return tree(requestBody={"content": {each: {} for each in media_types}, **words})


def described(**words: object) -> Node:
    return placed("answer", having(words))


def named(name: str) -> Node:
    part = {"name": name, "in": "path", "required": True, "schema": {}}
    return tree(path=f"/it/{{{name}}}", parameters=[part])


def traced(**words: object) -> Node:
    return answered(headers={"X-Trace": {"schema": LIST, **words}})


def written(described: Node) -> Node:
    parameter = {"name": "p", "in": "query", "content": {JSON: described}}
    return tree(parameters=[parameter])


def failing(described: Node) -> Node:
    return tree(responses={"200": content({}), "404": {"content": {JSON: described}}})


JSON = "application/json"
MORE = tree(responses={"200": content({}), "404": {}})
MORE_GOOD = tree(responses={"200": content({}), "202": content({})})
FAILED = tree(responses={"200": content({}), "404": content({})})
NO_CONTENT = MORE
CALLBACK: Node = {"done": {"{$request.query.url}": {"post": {"responses": {"200": {}}}}}}
ELSE: dict[str, tuple[Node, Node, Effect]] = {
    "operation-removed": (tree(), {**tree(), "paths": {}}, B),
    "operation-added": ({**tree(), "paths": {}}, tree(), C),
    "operation-renamed": (tree(), tree(operationId="other"), C),
    "environment-removed": (served(("dev", "a"), ("test", "b")), served(("dev", "a")), B),
    "environment-moved": (served(("dev", "a")), served(("dev", "b")), B),
    "environment-added": (served(("dev", "a")), served(("dev", "a"), ("test", "b")), C),
    "security-tightened": (tree(), tree(security=[{"key": []}]), B),
    "security-loosened": (tree(security=[{"key": []}]), tree(), C),
    "answer-status-changed": (tree(), tree(responses={"201": content({})}), B),
    "answer-status-added": (tree(), MORE, C),
    "answer-status-removed": (MORE, tree(), C),
    "answer-media-type-changed": (tree(), answered(content={"text/json": {"schema": {}}}), B),
    "answer-media-type-removed": (
        answered(content={"application/json": {"schema": {}}, "text/json": {}}),
        tree(),
        B,
    ),
    "answer-media-type-added": (
        tree(),
        answered(content={"application/json": {"schema": {}}, "text/json": {}}),
        C,
    ),
    "answer-header-added": (tree(), answered(headers={"X-Trace": {}}), C),
    "answer-header-removed": (answered(headers={"X-Trace": {}}), tree(), B),
    "request-added": (tree(), sent("text/plain"), C),
    "request-removed": (sent("text/plain"), tree(), B),
    "request-required": (sent("text/plain"), sent("text/plain", required=True), B),
    "request-optional": (sent("text/plain", required=True), sent("text/plain"), C),
    "request-media-type-removed": (sent("a/b", "text/plain"), sent("text/plain"), B),
    "request-media-type-added": (sent("text/plain"), sent("a/b", "text/plain"), C),
    "parameter-added": (tree(), asked(), C),
    "parameter-removed": (asked(), tree(), C),
    "parameter-moved": (asked(), asked(**{"in": "header"}), B),
    "parameter-renamed": (named("a"), named("b"), D),
    "parameter-required": (asked(), asked(required=True), B),
    "parameter-optional": (asked(required=True), asked(), C),
    "deprecated": (tree(), tree(deprecated=True), C),
    "undeprecated": (tree(deprecated=True), tree(), D),
    "wording-changed": (tree(summary="a"), tree(summary="b"), D),
    "example-changed": (described(example=1), described(example=2), D),
    "sample-changed": (described(), described(**{"x-sample": {"enum": [1]}}), D),
    "mock-changed": (described(), described(**{"x-mock": "uuid"}), D),
    "extension-changed": (described(), described(**{"x-team": "a"}), D),
    "discriminator-changed": (
        described(discriminator={"propertyName": "a"}),
        described(discriminator={"propertyName": "b"}),
        B,
    ),
    "answer-success-added": (tree(), MORE_GOOD, C),
    "answer-success-removed": (MORE_GOOD, tree(), B),
    "answer-content-added": (NO_CONTENT, FAILED, C),
    "answer-content-removed": (FAILED, NO_CONTENT, B),
    "answer-schema-added": (failing({}), failing({"schema": TEXT}), C),
    "answer-schema-removed": (failing({"schema": TEXT}), failing({}), B),
    "answer-header-required": (traced(), traced(required=True), C),
    "answer-header-optional": (traced(required=True), traced(), B),
    "answer-layout-changed": (traced(), traced(explode=True), B),
    "callback-added": (tree(), tree(callbacks=CALLBACK), C),
    "callback-removed": (tree(callbacks=CALLBACK), tree(), B),
    "request-schema-added": (sent(JSON), tree(requestBody=content(TEXT)), B),
    "request-schema-removed": (tree(requestBody=content(TEXT)), sent(JSON), C),
    "request-layout-changed": (
        tree(requestBody={"content": {"multipart/form-data": {}}}),
        tree(requestBody={"content": {"multipart/form-data": {"encoding": {"a": {}}}}}),
        B,
    ),
    "parameter-layout-changed": (asked(), asked(style="spaceDelimited"), B),
    "parameter-writing-loosened": (asked(), asked(allowEmptyValue=True), C),
    "parameter-writing-tightened": (asked(allowReserved=True), asked(), B),
    "parameter-media-type-changed": (asked(), written({}), B),
    "parameter-schema-added": (written({}), written({"schema": TEXT}), B),
    "parameter-schema-removed": (written({"schema": TEXT}), written({}), C),
    "default-changed": (asked(schema={"default": 1}), asked(schema={"default": 2}), C),
    "unsent-member-changed": (
        placed("request", having({**TEXT, "readOnly": True})),
        placed("request", having({"readOnly": True})),
        C,
    ),
    "unproved-change": (tree(), tree(unheardOf=1), B),
}


@pytest.mark.parametrize("rule", ELSE)
def test_what_changed_is_told_by_the_rule_that_is_about_it(rule: str) -> None:
    old, new, effect = ELSE[rule]

    found = compared(old, new)

    assert [(change.effect, change.rule) for change in found] == [(effect, rule)]


def test_a_word_that_one_part_says_and_another_denies_is_the_word_that_is_said() -> None:
    parts = [{"deprecated": False}, {"deprecated": True}]

    assert compared(described(allOf=parts), described(deprecated=True)) == ()


def test_every_rule_is_told_by_a_pair_of_specs_that_is_listed_here() -> None:
    constraints = {
        f"{side}-{family.split()[0]}-{word}"
        for side, family in HELD
        for word in ("loosened", "tightened")
    }
    members = {
        f"{side}-member-{word}"
        for side, listed in (("answer", ANSWERED), ("request", SENT), ("parameter", SENT))
        for _, _, _, word, _, _ in listed.values()
    }

    assert constraints | members | set(ELSE) == set(RULES)
