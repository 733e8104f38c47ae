"""Pairs of snippets, and what each is told as: the class of every rule that it breaks or keeps.

A row is a snippet of an old spec, the same of a new one, and the rules that tell it, each with the
first letter of its class: b for breaking, c for compatible, d for documentation. To add a pair: a
row in the table of the place where it stands.
"""

from __future__ import annotations

import pytest
import yaml

from tests.comparing import Node, compared, content, placed, tree

Row = tuple[str, str, str]

# Schemas: the same snippet in an answer and in the body of a request.

SCHEMAS: dict[str, tuple[str, str, str, str]] = {
    "a longer text": ("{type: string, maxLength: 3}", "{type: string, maxLength: 4}", "b length-loosened", "c length-loosened"),
    "a shorter text": ("{type: string, maxLength: 4}", "{type: string, maxLength: 3}", "c length-tightened", "b length-tightened"),
    "a limit with a point": ("{type: integer, maximum: 3}", "{type: integer, maximum: 3.0}", "", ""),
    "an enum with a point": ("{enum: [1]}", "{enum: [1.0]}", "", ""),
    "one more value": ("{type: string, enum: [a]}", "{type: string, enum: [a, b]}", "b values-loosened", "c values-loosened"),
    "one value less": ("{type: string, enum: [a, b]}", "{type: string, enum: [a]}", "c values-tightened", "b values-tightened"),
    "values in another order": ("{enum: [a, b]}", "{enum: [b, a]}", "", ""),
    "no values any more": ("{type: string, enum: [a]}", "{type: string}", "b values-loosened", "c values-loosened"),
    "objects as values": ("{enum: [{title: 1}]}", "{enum: [{title: 2}]}", "b values-loosened", "b values-tightened"),
    "null allowed": ("{type: string}", "{type: string, nullable: true}", "b null-loosened", "c null-loosened"),
    "null no more": ("{type: string, nullable: true}", "{type: string}", "c null-tightened", "b null-tightened"),
    "not nullable, written out": ("{type: string}", "{type: string, nullable: false}", "", ""),
    "integer to number": ("{type: integer}", "{type: number}", "b type-loosened", "c type-loosened"),
    "number to integer": ("{type: number}", "{type: integer}", "c type-tightened", "b type-tightened"),
    "integer to text": ("{type: integer}", "{type: string}", "b type-loosened", "b type-tightened"),
    "any type": ("{type: string}", "{}", "b type-loosened", "c type-loosened"),
    "a pattern that allows everything": ("{type: string}", '{type: string, pattern: ".*"}', "", ""),
    "a pattern that allows everything now": ('{type: string, pattern: "^a$"}', '{type: string, pattern: ".*"}', "b pattern-loosened", "c pattern-loosened"),
    "a pattern": ("{type: string}", '{type: string, pattern: "^a"}', "c pattern-tightened", "b pattern-tightened"),
    "a pattern of any start": ("{type: string}", '{type: string, pattern: "^"}', "", ""),
    "a format that nobody asserts": ("{type: string, format: phone}", "{type: string, format: mobile}", "d extension-changed", "d extension-changed"),
    "a format that nobody asserts, new": ("{type: string}", "{type: string, format: phone}", "d extension-changed", "d extension-changed"),
    "a password": ("{type: string}", "{type: string, format: password}", "d extension-changed", "d extension-changed"),
    "a wider format": ("{type: integer, format: int32}", "{type: integer, format: int64}", "b format-loosened", "c format-loosened"),
    "a narrower format": ("{type: integer, format: int64}", "{type: integer, format: int32}", "c format-tightened", "b format-tightened"),
    "no format": ("{type: string, format: date}", "{type: string}", "b format-loosened", "c format-loosened"),
    "another format": ("{type: string, format: date}", "{type: string, format: date-time}", "b format-loosened", "b format-tightened"),
    "a lower bound": ("{type: integer, minimum: 1}", "{type: integer, minimum: 0}", "b range-loosened", "c range-loosened"),
    "an exclusive bound": ("{type: integer, minimum: 1}", "{type: integer, minimum: 1, exclusiveMinimum: true}", "c range-tightened", "b range-tightened"),
    "a longer list": ("{type: array, items: {}, maxItems: 3}", "{type: array, items: {}, maxItems: 4}", "b size-loosened", "c size-loosened"),
    "a list that may repeat": ("{type: array, items: {}, uniqueItems: true}", "{type: array, items: {}}", "b size-loosened", "c size-loosened"),
    "other items": ("{type: array, items: {type: string}}", "{type: array, items: {type: integer}}", "b type-loosened", "b type-tightened"),
    "an alternative more": ("{oneOf: [{type: string}]}", "{oneOf: [{type: string}, {type: integer}]}", "b alternatives-loosened", "c alternatives-loosened"),
    "an alternative less": ("{oneOf: [{type: string}, {type: integer}]}", "{oneOf: [{type: string}]}", "c alternatives-tightened", "b alternatives-tightened"),
    "an alternative more of any": ("{anyOf: [{type: string}]}", "{anyOf: [{type: string}, {type: integer}]}", "b alternatives-loosened", "c alternatives-loosened"),
    "an alternative less of any": ("{anyOf: [{type: string}, {type: integer}]}", "{anyOf: [{type: string}]}", "c alternatives-tightened", "b alternatives-tightened"),
    "an object more": ("{oneOf: [{type: object, required: [a], properties: {a: {}}}]}", "{oneOf: [{type: object, required: [a], properties: {a: {}}}, {type: object, required: [b], properties: {b: {}}}]}", "b alternatives-loosened", "c alternatives-loosened"),
    "an object less": ("{oneOf: [{type: object, required: [a], properties: {a: {}}}, {type: object, required: [b], properties: {b: {}}}]}", "{oneOf: [{type: object, required: [a], properties: {a: {}}}]}", "c alternatives-tightened", "b alternatives-tightened"),
    "alternatives in another order": ("{oneOf: [{type: string}, {type: integer}]}", "{oneOf: [{type: integer}, {type: string}]}", "", ""),
    "all of one": ("{type: string}", "{allOf: [{type: string}]}", "", ""),
    "one of one": ("{type: string}", "{oneOf: [{type: string}]}", "", ""),
    "other members, written out": ("{type: object, properties: {a: {}}}", "{type: object, properties: {a: {}}, additionalProperties: true}", "", ""),
    "other members no more": ("{type: object}", "{type: object, additionalProperties: false}", "c members-tightened", "b members-tightened"),
    "a member needed": ("{type: object, properties: {a: {}}}", "{type: object, required: [a], properties: {a: {}}}", "c member-required", "b member-required"),
    "a member needed no more": ("{type: object, required: [a], properties: {a: {}}}", "{type: object, properties: {a: {}}}", "b member-optional", "c member-optional"),
    "a member more": ("{type: object, properties: {b: {}}}", "{type: object, properties: {b: {}, a: {type: string}}}", "c member-added", "c member-added"),
    "a member of a free object": ("{type: object}", "{type: object, properties: {a: {type: string}}}", "c member-added", "b member-added"),
    "a needed member more": ("{type: object}", "{type: object, required: [a], properties: {a: {type: string}}}", "c member-added", "b member-added"),
    "a member less": ("{type: object, properties: {a: {type: string}}}", "{type: object}", "b member-removed", "c member-removed"),
    "a write-only member less": ("{type: object, properties: {a: {type: string, writeOnly: true}}}", "{type: object}", "c member-removed", "c member-removed"),
    "a write-only member changed": ("{type: object, properties: {a: {type: string, writeOnly: true}}}", "{type: object, properties: {a: {type: string, maxLength: 3, writeOnly: true}}}", "c unsent-member-changed", "b length-tightened"),
    "a needed write-only member less": ("{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}", "{type: object}", "c member-removed", "c member-removed"),
    "a read-only member changed": ("{type: object, properties: {a: {type: string, readOnly: true}}}", "{type: object, properties: {a: {type: string, maxLength: 3, readOnly: true}}}", "c length-tightened", "c unsent-member-changed"),
    "a needed read-only member more": ("{type: object}", "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}", "c member-added", "c member-added"),
    "a member that is read-only now": ("{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string, readOnly: true}}}", "d extension-changed", "b member-removed"),
    "a member that is read-only no more": ("{type: object, properties: {a: {type: string, readOnly: true}}}", "{type: object, properties: {a: {type: string}}}", "d extension-changed", "c member-added"),
    "a needed member that is write-only now": ("{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}", "b member-removed", "d extension-changed"),
    "another default": ("{type: string, default: a}", "{type: string, default: b}", "d default-changed", "c default-changed"),
    "another example": ("{type: string, example: a}", "{type: string, example: b}", "d example-changed", "d example-changed"),
    "an example with a point": ("{type: number, example: 1}", "{type: number, example: 1.0}", "", ""),
    "another description": ("{type: string, description: a}", "{type: string, description: b}", "d wording-changed", "d wording-changed"),
    "deprecated": ("{type: string}", "{type: string, deprecated: true}", "c deprecated", "c deprecated"),
    "deprecated no more": ("{type: string, deprecated: true}", "{type: string}", "d undeprecated", "d undeprecated"),
    "not deprecated, written out": ("{type: string}", "{type: string, deprecated: false}", "", ""),
    "a promise of answers": ("{type: string, x-unique: true}", "{type: string}", "b unique-loosened", "d extension-changed"),
    "a foreign key": ("{type: string, x-team: a}", "{type: string, x-team: b}", "d extension-changed", "d extension-changed"),
    "a title": ("{type: string}", "{type: string, title: a}", "d wording-changed", "d wording-changed"),
    "xml": ("{type: string}", "{type: string, xml: {name: a}}", "d extension-changed", "d extension-changed"),
    "members in another order": ("{type: object, properties: {a: {}, b: {}}}", "{properties: {b: {}, a: {}}, type: object}", "", ""),
    "what is ruled out": ("{not: {type: string}}", "{}", "b alternatives-loosened", "c alternatives-loosened"),
}  # fmt: skip
COMMON = {"wording", "example", "sample", "mock", "extension", "default", "unsent"}


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
    old, new, expected, _ = SCHEMAS[pair]

    found = told(*(placed("answer", member(text)) for text in (old, new)))

    assert found == rules_of(expected, "answer")


@pytest.mark.parametrize("pair", SCHEMAS)
def test_a_pair_of_requests_is_told_as_listed(pair: str) -> None:
    old, new, _, expected = SCHEMAS[pair]

    found = told(*(placed("request", member(text)) for text in (old, new)))

    assert found == rules_of(expected, "request")


def member(text: str) -> Node:
    return {"type": "object", "properties": {"it": yaml.safe_load(text)}}


PARAMETERS: dict[str, Row] = {
    "integer to text": ("schema: {type: integer}", "schema: {type: string}", "c parameter-type-loosened"),
    "flag to text": ("schema: {type: boolean}", "schema: {type: string}", "c parameter-type-loosened"),
    "number to text": ("schema: {type: number}", "schema: {type: string}", "c parameter-type-loosened"),
    "items to texts": ("schema: {type: array, items: {type: integer}}", "schema: {type: array, items: {type: string}}", "c parameter-type-loosened"),
    "text to integer": ("schema: {type: string}", "schema: {type: integer}", "b parameter-type-tightened"),
    "integer to short text": ("schema: {type: integer}", "schema: {type: string, maxLength: 3}", "b parameter-type-tightened"),
    "numbers to their texts": ("schema: {type: integer, enum: [1, 2]}", 'schema: {type: string, enum: ["1", "2", "3"]}', "c parameter-type-loosened, c parameter-values-loosened"),
    "one value more": ("schema: {enum: [a]}", "schema: {enum: [a, b]}", "c parameter-values-loosened"),
    "one value less": ("schema: {enum: [a, b]}", "schema: {enum: [a]}", "b parameter-values-tightened"),
    "empty": ("schema: {type: string}", "allowEmptyValue: true, schema: {type: string}", "c parameter-writing-loosened"),
    "empty no more": ("allowEmptyValue: true, schema: {type: string}", "schema: {type: string}", "b parameter-writing-tightened"),
    "not empty, written out": ("schema: {type: string}", "allowEmptyValue: false, schema: {type: string}", ""),
    "reserved characters": ("schema: {type: string}", "allowReserved: true, schema: {type: string}", "c parameter-writing-loosened"),
    "optional, written out": ("schema: {type: string}", "required: false, schema: {type: string}", ""),
    "required": ("schema: {type: string}", "required: true, schema: {type: string}", "b parameter-required"),
    "optional": ("required: true, schema: {type: string}", "schema: {type: string}", "c parameter-optional"),
    "the style that it has": ("schema: {type: array, items: {}}", "style: form, explode: true, schema: {type: array, items: {}}", ""),
    "another style": ("schema: {type: array, items: {}}", "style: pipeDelimited, schema: {type: array, items: {}}", "b parameter-layout-changed"),
    "not exploded": ("schema: {type: array, items: {}}", "explode: false, schema: {type: array, items: {}}", "b parameter-layout-changed"),
    "a text that is not exploded": ("schema: {type: string}", "explode: false, schema: {type: string}", ""),
    "as JSON": ("schema: {type: string}", "content: {application/json: {schema: {type: string}}}", "b parameter-media-type-changed"),
    "another default": ("schema: {default: 1}", "schema: {default: 2}", "c default-changed"),
    "a default": ("schema: {}", "schema: {default: 2}", "c default-changed"),
    "deprecated": ("schema: {}", "deprecated: true, schema: {}", "c deprecated"),
    "an example": ("schema: {}", "example: 1, schema: {}", "d example-changed"),
    "a description": ("schema: {}", "description: a, schema: {}", "d wording-changed"),
    "a pattern that allows everything": ("schema: {type: string}", 'schema: {type: string, pattern: "^.*$"}', ""),
    "null": ("schema: {type: string}", "schema: {type: string, nullable: true}", "c parameter-null-loosened"),
    "a narrower range": ("schema: {type: integer, maximum: 9}", "schema: {type: integer, maximum: 8}", "b parameter-range-tightened"),
    "a promise of answers": ("schema: {type: string, x-unique: true}", "schema: {type: string}", "d extension-changed"),
    "a style that nobody knows": ("schema: {}", "unheardOf: 1, schema: {}", "b unproved-change"),
}  # fmt: skip


@pytest.mark.parametrize("where", ["query", "header"])
@pytest.mark.parametrize("pair", PARAMETERS)
def test_a_pair_of_parameters_is_told_as_listed(pair: str, where: str) -> None:
    *snippets, expected = PARAMETERS[pair]
    if where == "header":
        snippets = [
            text.replace("style: form, explode: true", "style: simple") for text in snippets
        ]
        snippets = [text.replace("explode: false", "explode: true") for text in snippets]
    parameters = [
        [{"name": "p", "in": where, **yaml.safe_load(f"{{{text}}}")}] for text in snippets
    ]

    found = told(*(tree(parameters=each) for each in parameters))

    assert found == rules_of(expected, "")


OPERATIONS: dict[str, Row] = {
    "a success less": ('responses: {"200": {}, "201": {}}', 'responses: {"200": {}}', "b answer-success-removed"),
    "a success more": ('responses: {"200": {}}', 'responses: {"200": {}, "201": {}}', "c answer-success-added"),
    "another success": ('responses: {"200": {}}', 'responses: {"201": {}}', "b answer-status-changed"),
    "a range of successes": ('responses: {"200": {}}', "responses: {2XX: {}}", ""),
    "one of a range": ("responses: {2XX: {}}", 'responses: {"200": {}}', ""),
    "an error more": ('responses: {"200": {}}', 'responses: {"200": {}, "404": {}}', "c answer-status-added"),
    "an error less": ('responses: {"200": {}, "404": {}}', 'responses: {"200": {}}', "c answer-status-removed"),
    "an error unlike the others": ('responses: {"200": {}, default: {content: {a/b: {schema: {type: string}}}}}', 'responses: {"200": {}, "404": {content: {a/b: {schema: {type: integer}}}}, default: {content: {a/b: {schema: {type: string}}}}}', "c answer-status-added, b answer-type-loosened"),
    "no content": ('responses: {"200": {content: {a/b: {}}}}', 'responses: {"200": {}}', "b answer-content-removed"),
    "content": ('responses: {"200": {}}', 'responses: {"200": {content: {a/b: {}}}}', "c answer-content-added"),
    "no schema": ('responses: {"200": {content: {a/b: {schema: {type: string}}}}}', 'responses: {"200": {content: {a/b: {}}}}', "b answer-schema-removed"),
    "a schema": ('responses: {"200": {content: {a/b: {}}}}', 'responses: {"200": {content: {a/b: {schema: {type: string}}}}}', "c answer-schema-added"),
    "an empty schema": ('responses: {"200": {content: {a/b: {}}}}', 'responses: {"200": {content: {a/b: {schema: {}}}}}', "d answer-schema-added"),
    "a charset": ('responses: {"200": {content: {text/plain: {}}}}', 'responses: {"200": {content: {text/plain; charset=utf-8: {}}}}', ""),
    "another media type": ('responses: {"200": {content: {a/b: {}}}}', 'responses: {"200": {content: {a/c: {}}}}', "b answer-media-type-changed"),
    "a media type more": ('responses: {"200": {content: {a/b: {}}}}', 'responses: {"200": {content: {a/b: {}, a/c: {}}}}', "c answer-media-type-added"),
    "a media type less": ('responses: {"200": {content: {a/b: {}, a/c: {}}}}', 'responses: {"200": {content: {a/b: {}}}}', "b answer-media-type-removed"),
    "a header less": ('responses: {"200": {headers: {X: {}}}}', 'responses: {"200": {}}', "b answer-header-removed"),
    "a header more": ('responses: {"200": {}}', 'responses: {"200": {headers: {X: {}}}}', "c answer-header-added"),
    "a header in other letters": ('responses: {"200": {headers: {x-a: {}}}}', 'responses: {"200": {headers: {X-A: {}}}}', ""),
    "a header that may be missing": ('responses: {"200": {headers: {X: {required: true}}}}', 'responses: {"200": {headers: {X: {}}}}', "b answer-header-optional"),
    "a header that is always there": ('responses: {"200": {headers: {X: {}}}}', 'responses: {"200": {headers: {X: {required: true}}}}', "c answer-header-required"),
    "a header of another type": ('responses: {"200": {headers: {X: {schema: {type: integer}}}}}', 'responses: {"200": {headers: {X: {schema: {type: string}}}}}', "b answer-type-loosened"),
    "a header that is a number now": ('responses: {"200": {headers: {X: {schema: {type: string}}}}}', 'responses: {"200": {headers: {X: {schema: {type: integer}}}}}', "c answer-type-tightened"),
    "the content type as a header": ('responses: {"200": {headers: {Content-Type: {}}}}', 'responses: {"200": {}}', ""),
    "a link": ('responses: {"200": {}}', 'responses: {"200": {links: {a: {operationId: it}}}}', "d extension-changed"),
    "no body": ("requestBody: {content: {a/b: {}}}", "", "b request-removed"),
    "a body": ("", "requestBody: {content: {a/b: {}}}", "c request-added"),
    "a needed body": ("", "requestBody: {required: true, content: {a/b: {}}}", "b request-added"),
    "a body that is needed": ("requestBody: {content: {a/b: {}}}", "requestBody: {required: true, content: {a/b: {}}}", "b request-required"),
    "a body that is optional": ("requestBody: {required: true, content: {a/b: {}}}", "requestBody: {content: {a/b: {}}}", "c request-optional"),
    "an optional body, written out": ("requestBody: {content: {a/b: {}}}", "requestBody: {required: false, content: {a/b: {}}}", ""),
    "a form of a body less": ("requestBody: {content: {a/b: {}, a/c: {}}}", "requestBody: {content: {a/b: {}}}", "b request-media-type-removed"),
    "a form of a body more": ("requestBody: {content: {a/b: {}}}", "requestBody: {content: {a/b: {}, a/c: {}}}", "c request-media-type-added"),
    "any form of a body": ("requestBody: {content: {a/b: {}}}", 'requestBody: {content: {"*/*": {}}}', "c request-media-type-added"),
    "a schema of a body": ("requestBody: {content: {a/b: {}}}", "requestBody: {content: {a/b: {schema: {type: string}}}}", "b request-schema-added"),
    "a number in a form": ("requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: integer}}}}}}", "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}}}", "c request-type-loosened"),
    "a way to authenticate more": ("security: [{a: []}]", "security: [{a: []}, {b: []}]", "c security-loosened"),
    "a way to authenticate less": ("security: [{a: []}, {b: []}]", "security: [{a: []}]", "b security-tightened"),
    "two credentials": ("security: [{a: []}]", "security: [{a: [], b: []}]", "b security-tightened"),
    "one of two credentials": ("security: [{a: [], b: []}]", "security: [{a: []}]", "c security-loosened"),
    "one more scope": ("security: [{a: [x]}]", "security: [{a: [x, y]}]", "b security-tightened"),
    "one scope less": ("security: [{a: [x, y]}]", "security: [{a: [x]}]", "c security-loosened"),
    "no credentials": ("security: [{a: []}]", "security: []", "c security-loosened"),
    "credentials": ("security: []", "security: [{a: []}]", "b security-tightened"),
    "credentials that may be left out": ("security: []", "security: [{}, {a: []}]", "c security-loosened"),
    "ways in another order": ("security: [{a: []}, {b: []}]", "security: [{b: []}, {a: []}]", ""),
    "a callback": ("", "callbacks: {done: {/x: {post: {responses: {}}}}}", "c callback-added"),
    "no callback": ("callbacks: {done: {/x: {post: {responses: {}}}}}", "", "b callback-removed"),
    "a parameter more": ("parameters: []", "parameters: [{name: p, in: query, schema: {}}]", "c parameter-added"),
    "a needed parameter more": ("parameters: []", "parameters: [{name: p, in: query, required: true, schema: {}}]", "b parameter-added"),
    "a parameter less": ("parameters: [{name: p, in: query, schema: {}}]", "parameters: []", "c parameter-removed"),
    "a parameter elsewhere": ("parameters: [{name: p, in: query, schema: {}}]", "parameters: [{name: p, in: header, schema: {}}]", "b parameter-moved"),
    "parameters in another order": ("parameters: [{name: p, in: query, schema: {}}, {name: q, in: query, schema: {}}]", "parameters: [{name: q, in: query, schema: {}}, {name: p, in: query, schema: {}}]", ""),
    "a header that OpenAPI ignores": ("parameters: []", "parameters: [{name: Accept, in: header, required: true, schema: {}}]", ""),
    "another name": ("operationId: a", "operationId: b", "c operation-renamed"),
    "tags": ("tags: [a]", "tags: [b]", "d wording-changed"),
    "a summary": ("summary: a", "summary: b", "d wording-changed"),
    "to be removed": ("", "deprecated: true", "c deprecated"),
    "servers in another order": ("servers: [{url: /a}, {url: /b}]", "servers: [{url: /b}, {url: /a}]", ""),
    "a server less": ("servers: [{url: /a}, {url: /b}]", "servers: [{url: /a}]", "b environment-removed"),
    "a server more": ("servers: [{url: /a}]", "servers: [{url: /a}, {url: /b}]", "c environment-added"),
    "a foreign key": ("x-a: 1", "x-a: 2", "d extension-changed"),
    "an unknown word": ("unheardOf: 1", "unheardOf: 2", "b unproved-change"),
}  # fmt: skip


@pytest.mark.parametrize("pair", OPERATIONS)
def test_a_pair_of_operations_is_told_as_listed(pair: str) -> None:
    *snippets, expected = OPERATIONS[pair]

    found = told(*(tree(**yaml.safe_load(f"{{{text}}}")) for text in snippets))

    assert found == rules_of(expected, "")


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
        ("{type: string}", "{type: string, nullable: true}", "it may now be null", "it 现在可以为 null"),
        ("{anyOf: [{type: string}]}", "{anyOf: [{type: string}, {type: object, required: [b], properties: {b: {}}}]}", "it may now be object {b}", "it 现在可以为 object {b}"),
        ("{type: integer}", "{type: number}", "it: number instead of integer", "it：类型为 number（原为 integer）"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_changed_in_both_languages(
    old: str, new: str, english: str, chinese: str
) -> None:
    (found,) = compared(*(placed("answer", member(text)) for text in (old, new)))

    assert found.what == (english, chinese)
