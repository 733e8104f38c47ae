"""Two specs → what changed, and what it does to a client: listed edits and what each is told as."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contract.changes import RULES, Change, Effect, Words, changes
from contract.changes.change_formats import FORMATS
from contract.changes.revisions import loaded
from contract.findings import Place
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Spec
from tests.loopback import python

Told = tuple[str, str, str]
B, C, D = "breaking", "compatible", "documentation"

SHOP = """\
openapi: 3.0.3
info: {title: 商店, version: 1.0.0}
servers:
  - {url: "https://dev.example", x-environment: dev}
  - url: "{scheme}://test.example"
    description: 测试
    x-environment: test
    variables: {scheme: {default: https, enum: [https, http]}}
paths:
  /items/{shop}:
    parameters:
      - {name: shop, in: path, required: true, schema: {type: string}}
    get:
      operationId: listItems
      summary: 查询
      tags: [shop]
      parameters:
        - {name: size, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
        - {name: sort, in: query, required: true, schema: {type: string, enum: [up, down]}}
        - {name: X-Trace, in: header, description: 跟踪, schema: {type: string, maxLength: 32}}
      responses:
        "200":
          description: 好
          content:
            application/json:
              schema:
                type: object
                required: [code, items]
                properties:
                  code: {type: string, x-business-success: ["000"]}
                  total: {type: integer, minimum: 0, example: 3, title: 总数}
                  remark: {type: string, nullable: true, maxLength: 20, description: 备注}
                  state: {type: string, enum: [open, closed]}
                  price:
                    anyOf:
                      - {type: integer, minimum: 0}
                      - {type: string, pattern: "^[0-9]+$", maxLength: 9}
                  items:
                    type: array
                    maxItems: 50
                    items:
                      type: object
                      required: [id]
                      properties:
                        id: {type: string, minLength: 1, x-unique: true}
                        tags: {type: array, uniqueItems: true, items: {type: string}}
                        photo:
                          type: string
                          format: image-base64
                          x-image: {mediaType: image/png, width: 10}
                          x-mock: captcha.image
                          x-sample: {pattern: "^data:"}
                  size: {type: object, additionalProperties: {type: integer}}
                  fixed:
                    {type: object, properties: {x: {type: number}}, additionalProperties: false}
              examples:
                one: {value: {code: "000", items: []}}
        "404":
          description: 没有
          content:
            application/json:
              schema: {type: object, required: [msg], properties: {msg: {type: string}}}
    post:
      operationId: addItem
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string, maxLength: 40}
                kind: {type: string, enum: [a, b]}
                note: {type: string, nullable: true}
                parts: {type: array, items: {type: object, properties: {n: {type: integer}}}}
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {name: {type: string}}}
      responses:
        "200": &done
          description: 好
          content: {application/json: {schema: {$ref: "#/components/schemas/done"}}}
  /ping:
    get:
      operationId: ping
      deprecated: false
      responses: {"200": *done}
components:
  schemas:
    done: {type: object, properties: {ok: {type: boolean}}}
"""

EDITS: dict[str, tuple[str, str, set[Told]]] = {
    "nothing": ("", "", set()),
    # what a server answers
    "a member that an answer may lack": (
        "required: [code, items]",
        "required: [code]",
        {(B, "items", "answer-member-optional")},
    ),
    "a member that an answer always has": (
        "required: [code, items]",
        "required: [code, items, total]",
        {(C, "total", "answer-member-required")},
    ),
    "another member of an answer": (
        "state: {",
        "more: {type: string}\n                  state: {",
        {(C, "more", "answer-member-added")},
    ),
    "another member of an answer, always there": (
        "required: [code, items]\n                properties:",
        (
            "required: [code, items, more]\n                properties:\n"
            "                  more: {type: string}"
        ),
        {(C, "more", "answer-member-added")},
    ),
    "another member of an answer that ruled it out": (
        "properties: {x: {type: number}}",
        "properties: {x: {type: number}, y: {type: number}}",
        {(B, "y", "answer-member-added")},
    ),
    "a promised member that is gone": (
        '                  code: {type: string, x-business-success: ["000"]}\n',
        "",
        {(B, "code", "answer-member-removed")},
    ),
    "a member of a closed object that is gone": (
        "properties: {x: {type: number}}",
        "properties: {}",
        {(C, "x", "answer-member-removed")},
    ),
    "integer to number": (
        "total: {type: integer",
        "total: {type: number",
        {(B, "total", "answer-type-loosened")},
    ),
    "number to integer": (
        "x: {type: number}",
        "x: {type: integer}",
        {(C, "x", "answer-type-tightened")},
    ),
    "a length that goes with the type": (
        "type: string, nullable: true, maxLength: 20",
        "type: integer, nullable: true",
        {(B, "remark", "answer-type-loosened")},
    ),
    "another type of a list": (
        "tags: {type: array, uniqueItems: true, items: {type: string}}",
        "tags: {type: string}",
        {(B, "tags", "answer-type-loosened")},
    ),
    "null where there was none": (
        "state: {type: string, enum",
        "state: {type: string, nullable: true, enum",
        {(B, "state", "answer-null-loosened")},
    ),
    "null no more": (
        "remark: {type: string, nullable: true",
        "remark: {type: string",
        {(C, "remark", "answer-null-tightened")},
    ),
    "one more value": (
        "enum: [open, closed]",
        "enum: [open, closed, lost]",
        {(B, "state", "answer-values-loosened")},
    ),
    "one value less": (
        "enum: [open, closed]",
        "enum: [open]",
        {(C, "state", "answer-values-tightened")},
    ),
    "one value for another": (
        "enum: [open, closed]",
        "enum: [open, lost]",
        {(B, "state", "answer-values-loosened")},
    ),
    "values in another order": ("enum: [open, closed]", "enum: [closed, open]", set()),
    "a longer text": ("maxLength: 20", "maxLength: 21", {(B, "remark", "answer-length-loosened")}),
    "a shorter text": (
        "maxLength: 20",
        "maxLength: 19",
        {(C, "remark", "answer-length-tightened")},
    ),
    "a text that may be empty": ("minLength: 1, ", "", {(B, "id", "answer-length-loosened")}),
    "a longer list": ("maxItems: 50", "maxItems: 60", {(B, "items", "answer-size-loosened")}),
    "a list that repeats itself": (
        "uniqueItems: true, ",
        "",
        {(B, "tags", "answer-size-loosened")},
    ),
    "items of any type": (
        "uniqueItems: true, items: {type: string}",
        "uniqueItems: true, items: {}",
        {(B, "tags", "answer-type-loosened")},
    ),
    "a lower number": (
        "total: {type: integer, minimum: 0",
        "total: {type: integer, minimum: -1",
        {(B, "total", "answer-range-loosened")},
    ),
    "a higher number": (
        "minimum: 0, example",
        "minimum: 1, example",
        {(C, "total", "answer-range-tightened")},
    ),
    "a looser alternative": (
        'pattern: "^[0-9]+$", maxLength: 9',
        'pattern: "^[0-9]+$"',
        {(B, "price", "answer-length-loosened")},
    ),
    "one more alternative": (
        "                      - {type: integer, minimum: 0}\n",
        (
            "                      - {type: integer, minimum: 0}\n"
            "                      - {type: boolean}\n"
        ),
        {(B, "price", "answer-alternatives-loosened")},
    ),
    "one alternative less": (
        "                      - {type: integer, minimum: 0}\n",
        "",
        {(C, "price", "answer-alternatives-tightened")},
    ),
    "alternatives in another order": (
        (
            "                      - {type: integer, minimum: 0}\n"
            '                      - {type: string, pattern: "^[0-9]+$", maxLength: 9}\n'
        ),
        (
            '                      - {type: string, pattern: "^[0-9]+$", maxLength: 9}\n'
            "                      - {type: integer, minimum: 0}\n"
        ),
        set(),
    ),
    "members of another type": (
        "additionalProperties: {type: integer}",
        "additionalProperties: {type: string}",
        {(B, "size", "answer-type-loosened")},
    ),
    "an object that is open": (
        ", additionalProperties: false}",
        "}",
        {(B, "fixed", "answer-members-loosened")},
    ),
    "an answer without unique numbers": (
        ", x-unique: true}",
        "}",
        {(B, "id", "answer-unique-loosened")},
    ),
    "another picture": ("width: 10", "width: 11", {(B, "photo", "answer-image-loosened")}),
    "less of a picture": (", width: 10", "", {(B, "photo", "answer-image-loosened")}),
    "more of a picture": (
        "width: 10",
        "width: 10, height: 5",
        {(C, "photo", "answer-image-tightened")},
    ),
    "a text that need be no picture": (
        "                          format: image-base64\n",
        "",
        {(B, "photo", "answer-format-loosened")},
    ),
    "one more success code": (
        '["000"]',
        '["000", "001"]',
        {(B, "code", "answer-success-codes-loosened")},
    ),
    "no success codes": (
        ', x-business-success: ["000"]',
        "",
        {(B, "code", "answer-success-codes-loosened")},
    ),
    "an error that says less": (
        "required: [msg], ",
        "",
        {(B, "404.msg", "answer-member-optional")},
    ),
    "another status": (
        '        "404":',
        '        "401": {description: 不许}\n        "404":',
        {(C, "401.answer", "answer-status-added")},
    ),
    "another good status": (
        '        "200":\n',
        '        "201":\n',
        {(B, "answer", "answer-status-changed")},
    ),
    "another media type of an answer": (
        "content: {application/json: {schema: {$ref",
        "content: {text/json: {schema: {$ref",
        {(B, "answer", "answer-media-type-changed")},
    ),
    "one more media type of an answer": (
        'done"}}}',
        'done"}}, text/json: {}}',
        {(C, "answer", "answer-media-type-added")},
    ),
    # what a client sends
    "one more parameter": (
        "        - {name: size,",
        "        - {name: page, in: query, schema: {type: integer}}\n        - {name: size,",
        {(C, "page", "parameter-added")},
    ),
    "one more parameter that is needed": (
        "        - {name: size,",
        "        - {name: page, in: query, required: true, schema: {}}\n        - {name: size,",
        {(B, "page", "parameter-added")},
    ),
    "a parameter less": (
        "        - {name: size, in: query, schema: {type: integer, minimum: 1, maximum: 50}}\n",
        "",
        {(C, "size", "parameter-removed")},
    ),
    "a parameter that is needed now": (
        "name: size, in: query",
        "name: size, in: query, required: true",
        {(B, "size", "parameter-required")},
    ),
    "a parameter that is needed no more": (
        "in: query, required: true",
        "in: query",
        {(C, "sort", "parameter-optional")},
    ),
    "a parameter elsewhere": (
        "name: size, in: query",
        "name: size, in: header",
        {(B, "size", "parameter-moved")},
    ),
    "a header in other letters": ("X-Trace", "x-trace", set()),
    "a narrower parameter": (
        "maximum: 50",
        "maximum: 20",
        {(B, "size", "parameter-range-tightened")},
    ),
    "a wider parameter": (
        "maximum: 50}",
        "maximum: 100}",
        {(C, "size", "parameter-range-loosened")},
    ),
    "a value less of a parameter": (
        "enum: [up, down]",
        "enum: [up]",
        {(B, "sort", "parameter-values-tightened")},
    ),
    "a parameter with a default": (
        "minimum: 1, maximum",
        "default: 9, minimum: 1, maximum",
        {(C, "size", "default-changed")},
    ),
    "a style that a parameter has anyway": (
        "name: size, in: query",
        "name: size, in: query, style: form, explode: true",
        set(),
    ),
    "another name of a part of the path": (
        "/items/{shop}:\n    parameters:\n      - {name: shop",
        "/items/{store}:\n    parameters:\n      - {name: store",
        {(D, "store", "parameter-renamed")},
    ),
    "another type of a part of the path": (
        "in: path, required: true, schema: {type: string}",
        "in: path, required: true, schema: {type: integer}",
        {(B, "shop", "parameter-type-tightened")},
    ),
    "one more member of a body": (
        "kind: {",
        "size: {type: integer}\n                kind: {",
        {(C, "size", "request-member-added")},
    ),
    "one more member of a body that is needed": (
        "required: [name]\n              properties:",
        "required: [name, size]\n              properties:\n                size: {type: integer}",
        {(B, "size", "request-member-added")},
    ),
    "a member of a body that is needed now": (
        "required: [name]",
        "required: [name, kind]",
        {(B, "kind", "request-member-required")},
    ),
    "a member of a body that is needed no more": (
        "              required: [name]\n",
        "",
        {(C, "name", "request-member-optional")},
    ),
    "a member less of a body": (
        "                kind: {type: string, enum: [a, b]}\n",
        "",
        {(C, "kind", "request-member-removed")},
    ),
    "a shorter member of a body": (
        "maxLength: 40",
        "maxLength: 30",
        {(B, "name", "request-length-tightened")},
    ),
    "a member of a body that must not be null": (
        "note: {type: string, nullable: true}",
        "note: {type: string}",
        {(B, "note", "request-null-tightened")},
    ),
    "one more value in a body": (
        "enum: [a, b]",
        "enum: [a, b, c]",
        {(C, "kind", "request-values-loosened")},
    ),
    "a member deep in a body": (
        "properties: {n: {type: integer}}",
        "required: [n], properties: {n: {type: integer}}",
        {(B, "n", "request-member-required")},
    ),
    "a body that is optional": (
        "        required: true\n",
        "",
        {(C, "request", "request-optional")},
    ),
    "a body in one form less": (
        (
            "          application/x-www-form-urlencoded:\n"
            "            schema: {type: object, properties: {name: {type: string}}}\n"
        ),
        "",
        {(B, "request", "request-media-type-removed")},
    ),
    "a body in one form more": (
        "          application/x-www-form-urlencoded:",
        "          text/plain: {}\n          application/x-www-form-urlencoded:",
        {(C, "request", "request-media-type-added")},
    ),
    "an optional body where there was none": (
        "      operationId: ping\n",
        "      operationId: ping\n      requestBody: {content: {text/plain: {}}}\n",
        {(C, "request", "request-added")},
    ),
    "a needed body where there was none": (
        "      operationId: ping\n",
        "      operationId: ping\n      requestBody: {required: true, content: {text/plain: {}}}\n",
        {(B, "request", "request-added")},
    ),
    # operations, servers, credentials
    "an operation elsewhere": (
        "  /ping:",
        "  /pong:",
        {(B, "operation", "operation-removed"), (C, "operation", "operation-added")},
    ),
    "an operation by another name": (
        "operationId: ping",
        "operationId: pong",
        {(C, "operation", "operation-renamed")},
    ),
    "an operation that is to go": (
        "deprecated: false",
        "deprecated: true",
        {(C, "operation", "deprecated")},
    ),
    "an environment less": (
        '  - {url: "https://dev.example", x-environment: dev}\n',
        "",
        {(B, "dev", "environment-removed")},
    ),
    "an environment more": (
        '  - {url: "https://dev.example", x-environment: dev}\n',
        (
            '  - {url: "https://dev.example", x-environment: dev}\n'
            '  - {url: "https://live.example", x-environment: production}\n'
        ),
        {(C, "production", "environment-added")},
    ),
    "an environment at another host": (
        "dev.example",
        "dev2.example",
        {(B, "dev", "environment-moved")},
    ),
    "an environment without TLS no more": (
        "enum: [https, http]",
        "enum: [https]",
        {(B, "test", "environment-moved")},
    ),
    "another default of a scheme": ("default: https", "default: http", set()),
    "credentials": (
        "deprecated: false",
        "security: [{key: []}]",
        {(B, "operation", "security-tightened")},
    ),
    # what is only told
    "another summary": ("summary: 查询", "summary: 列表", {(D, "operation", "wording-changed")}),
    "other tags": ("tags: [shop]", "tags: [store]", {(D, "operation", "wording-changed")}),
    "another description": ("备注", "说明", {(D, "remark", "wording-changed")}),
    "another title": ("title: 总数", "title: 数", {(D, "total", "wording-changed")}),
    "another example": ("example: 3", "example: 4", {(D, "total", "example-changed")}),
    "other examples": ("items: []", "items: [], total: 1", {(D, "answer", "example-changed")}),
    "another sample": ('"^data:"', '"^data:image"', {(D, "photo", "sample-changed")}),
    "another generator": ("captcha.image", "captcha.id", {(D, "photo", "mock-changed")}),
    "another description of a parameter": (
        "description: 跟踪",
        "description: 编号",
        {(D, "X-Trace", "wording-changed")},
    ),
    "another description of a server": (
        "description: 测试",
        "description: 测试环境",
        {(D, "test", "wording-changed")},
    ),
    "another version": ("version: 1.0.0", "version: 1.0.1", {(D, "info", "wording-changed")}),
    # what is no change
    "a comment": ("openapi: 3.0.3", "# a\nopenapi: 3.0.3", set()),
    "a reference in place of a schema": (
        '{$ref: "#/components/schemas/done"}',
        "{type: object, properties: {ok: {type: boolean}}}",
        set(),
    ),
    "members in another order": (
        "name: {type: string, maxLength: 40}\n                kind: {type: string, enum: [a, b]}",
        "kind: {type: string, enum: [a, b]}\n                name: {maxLength: 40, type: string}",
        set(),
    ),
    "parameters of the path in the operation": (
        (
            "    parameters:\n"
            "      - {name: shop, in: path, required: true, schema: {type: string}}\n"
            "    get:"
        ),
        (
            "    parameters: [{in: path, name: shop, schema: {type: string}, required: true}]\n"
            "    get:"
        ),
        set(),
    ),
}

OURS: dict[str, tuple[str, str, set[Told]]] = {
    "a number that may be missing": (
        "required: [img, img_code_id]",
        "required: [img]",
        {(B, "img_code_id", "answer-member-optional")},
    ),
    "a sample that becomes a promise": (
        'x-sample:\n                pattern: "^[0-9A-Z]{6}$"',
        'pattern: "^[0-9A-Z]{6}$"',
        {(C, "img_code_id", "answer-pattern-tightened"), (D, "img_code_id", "sample-changed")},
    ),
    "a picture that is only a text": (
        "format: image-base64",
        "format: byte",
        {(B, "img", "answer-format-loosened")},
    ),
    "a picture of another size": ("width: 125", "width: 120", {(D, "img", "sample-changed")}),
    "a member of which nothing was promised": (
        "        request_id:\n          x-sample",
        "        trace_id:\n          x-sample",
        {(D, "request_id", "answer-member-removed"), (C, "trace_id", "answer-member-added")},
    ),
    "another address": (
        "test-etc.ebaas.com",
        "test.ebaas.com",
        {(B, "test", "environment-moved")},
    ),
    "another document": (
        "documents/getImgCode.md",
        "documents/other.md",
        {(D, "operation", "wording-changed")},
    ),
}


def written(folder: Path, text: str) -> Spec:
    path = folder / "new.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    path = tmp_path_factory.mktemp("old") / "old.yaml"
    path.write_text(SHOP, encoding="utf-8")
    return load(path)


def kinds(found: tuple[Change, ...]) -> set[Told]:
    return {(each.effect.value, each.subject, each.rule) for each in found}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_told_as_what_it_is(edit: str, shop: Spec, tmp_path: Path) -> None:
    was, now, expected = EDITS[edit]
    assert was in SHOP

    found = changes(shop, written(tmp_path, SHOP.replace(was, now, 1) if was else SHOP))

    assert kinds(found) == expected


@pytest.mark.parametrize("edit", OURS)
def test_an_edit_of_our_spec_is_told_as_what_it_is(edit: str, spec: Spec, tmp_path: Path) -> None:
    was, now, expected = OURS[edit]
    text = SPEC.read_text(encoding="utf-8")
    assert was in text

    found = changes(spec, written(tmp_path, text.replace(was, now, 1)))

    assert kinds(found) == expected


def edited() -> Iterator[str]:
    return (SHOP.replace(was, now, 1) for was, now, _ in EDITS.values() if was)


def test_nothing_is_told_twice(shop: Spec, tmp_path: Path) -> None:
    found = [changes(shop, written(tmp_path, text)) for text in edited()]

    ids = [[change.id for change in each] for each in found]

    assert all(len(each) == len(set(each)) for each in ids)


def test_every_rule_that_is_told_is_listed(shop: Spec, tmp_path: Path) -> None:
    found = [change for text in edited() for change in changes(shop, written(tmp_path, text))]

    assert {change.rule for change in found} <= set(RULES)


def test_what_changed_one_way_changed_the_other_way_too(shop: Spec, tmp_path: Path) -> None:
    specs = [written(tmp_path, text) for text in edited()]

    assert [bool(changes(shop, s)) for s in specs] == [bool(changes(s, shop)) for s in specs]


def test_two_members_of_one_name_do_not_share_an_id(tmp_path: Path) -> None:
    text = SHOP.replace("x: {type: number}", "x: {type: number}, total: {type: string}")
    old = written(tmp_path, text)
    new = written(
        tmp_path,
        text.replace("total: {type: integer", "total: {type: number").replace(
            "total: {type: string}", "total: {}"
        ),
    )

    found = changes(old, new)

    assert [each.id for each in found] == [
        "listItems-total-answer-type-loosened",
        "listItems-fixed.total-answer-type-loosened",
    ]


def test_a_change_knows_both_places(shop: Spec, tmp_path: Path) -> None:
    now = "required: [code]\n                # a comment"
    found = changes(shop, written(tmp_path, SHOP.replace("required: [code, items]", now)))

    assert [place.line for place in found[0].places] == [38, 39]


def test_a_change_says_why(shop: Spec, tmp_path: Path) -> None:
    text = SHOP.replace("required: [code, items]", "required: [code]")

    found = changes(shop, written(tmp_path, text))

    assert found[0].reason == "an answer may now lack items"


def test_an_operation_tells_its_own_servers_for_itself(shop: Spec, tmp_path: Path) -> None:
    now = 'deprecated: false\n      servers: [{url: "https://a.example", x-environment: dev}]'

    found = changes(shop, written(tmp_path, SHOP.replace("deprecated: false", now)))

    assert {each.id for each in found} == {
        "ping-dev-environment-moved",
        "ping-test-environment-removed",
    }


def test_an_operation_that_cannot_be_read_keeps_no_other_from_being_compared(
    shop: Spec, tmp_path: Path
) -> None:
    new = tmp_path / "new.yaml"
    text = SHOP.replace("maxLength: 40", "maxLength: long")
    new.write_text(text.replace("deprecated: false", "deprecated: true"), encoding="utf-8")

    found = changes(shop, loaded(str(new)))

    assert [each.rule for each in found] == ["unproved-change", "deprecated"]
    assert "new.yaml:70:15" in str(found[0].places[1])


# The command line


def test_a_break_is_exit_status_1_and_told_at_the_line_of_both(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SHOP, encoding="utf-8")
    new.write_text(SHOP.replace("maxLength: 40", "maxLength: 30"), encoding="utf-8")

    done = python("-m", "openapi", "diff", str(old), str(new))

    line = SHOP[: SHOP.index("maxLength: 40")].count("\n") + 1
    told = [f"    see  {each}:{line}:" in done.stdout for each in (old, new)]
    assert (done.returncode, told) == (1, [True, True])


def test_a_break_that_is_agreed_is_exit_status_0_until_the_waiver_expires(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SHOP, encoding="utf-8")
    new.write_text(SHOP.replace("maxLength: 40", "maxLength: 30"), encoding="utf-8")
    told = json.loads(
        python("-m", "openapi", "diff", str(old), str(new), "--format", "json").stdout
    )
    (name,) = [each["id"] for each in told["changes"] if each["effect"] == "breaking"]
    waivers = tmp_path / "waivers.yaml"

    statuses = []
    for day in ("2000-01-01", "2999-12-31"):
        waivers.write_text(
            f'- {{finding: {name}, environment: "*", reason: agreed, expires: {day}}}\n',
            encoding="utf-8",
        )
        done = python("-m", "openapi", "diff", str(old), str(new), "--waivers", str(waivers))
        statuses.append((done.returncode, "expired" in done.stderr))

    assert statuses == [(1, True), (0, False)]


@pytest.mark.parametrize(
    "name", ["none.yaml", "git:none:openapi.yaml", "git:HEAD:none.yaml", "git:"]
)
def test_a_spec_that_cannot_be_read_is_one_line_and_exit_status_2(name: str) -> None:
    done = python("-m", "openapi", "diff", name)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


GONE = Change(
    effect=Effect.BREAKING,
    operation="get",
    subject="id",
    rule="answer-member-optional",
    was="required",
    now="optional",
    what=Words("id: optional instead of required", "id：由必填变为可选"),
    why=Words("an answer may now lack id", "应答现在可能没有 id"),
    places=(Place("old.yaml", 1, 2), Place("new.yaml", 3, 4)),
    pointer="/id",
)


def test_breaking_changes_come_first_and_a_line_sums_up(shop: Spec, tmp_path: Path) -> None:
    text = SHOP.replace("summary: 查询", "summary: 列表").replace("maxLength: 40", "maxLength: 4")

    lines = FORMATS["text"](changes(shop, written(tmp_path, text)), []).splitlines()

    assert (lines[0], lines[-1]) == (
        "breaking 破坏性",
        "1 breaking 破坏性, 0 compatible 兼容, 1 documentation 仅文档",
    )


def test_no_change_is_told_in_a_line() -> None:
    assert FORMATS["text"]([], []) == "no change 无变化\n"


def test_the_text_keeps_to_eighty_columns() -> None:
    text = FORMATS["text"]([replace(GONE, why=Words("word " * 60, "字 " * 60))], [])

    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("evil", ["a\nb", "a\x1b[2Jb", "a\u2028b", "\ud800"])
def test_no_form_lets_a_text_of_the_spec_leave_its_line(form: str, evil: str) -> None:
    lines = FORMATS[form]([GONE], []).splitlines()

    found = FORMATS[form]([replace(GONE, was=evil, what=Words(evil, evil), subject=evil)], [])

    assert len(found.encode().decode().split("\n")) == len(lines) + 1


def test_markdown_means_nothing_that_the_spec_says() -> None:
    found = FORMATS["markdown"]([replace(GONE, subject="<b>*a*|[x](y)`", now="| a |")], [])

    assert r"**get-\<b\>\*a\*\|\[x\](y)\`-answer-member-optional**" in found


def test_json_has_the_changes_and_their_counts() -> None:
    found = json.loads(FORMATS["json"]([GONE], []))

    assert (found["breaking"], found["changes"][0]["id"]) == (1, "get-id-answer-member-optional")


@pytest.mark.parametrize(
    ("effect", "waived", "command"),
    [
        (Effect.BREAKING, [], "::error file=new.yaml,line=3,col=4,"),
        (Effect.BREAKING, ["get-id-answer-member-optional"], "::notice file=new.yaml,"),
        (Effect.COMPATIBLE, [], "::notice file=new.yaml,"),
        (Effect.DOCUMENTATION, [], ""),
    ],
)
def test_github_is_told_what_a_client_may_notice(
    effect: Effect, waived: list[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)

    found = FORMATS["github"]([replace(GONE, effect=effect)], waived)

    assert found.startswith(command) if command else found == ""


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_waived_change_is_still_told_and_marked(form: str) -> None:
    found = FORMATS[form]([GONE], ["get-id-answer-member-optional"])

    assert "waived" in found
