"""The kinds of constraints in schemas; each kind has its rules for changes.

To add a kind of constraint: one `Family`. To add a keyword to a kind: name it in its `keywords`.
A keyword that no family names belongs to `OTHER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A kind of constraint: keywords whose changes have the same rules.

    Attributes:
        name: its name in the names of rules.
        english: what the constraint is called, without an article.
        chinese: the same in Chinese.
        keywords: the keywords of schemas that belong to it.
        tight: a schema with such a constraint.
        loose: the same schema with a looser one, or with none.
        of_requests: whether the constraint means anything in a request.
    """

    name: str
    english: str
    chinese: str
    keywords: tuple[str, ...]
    tight: str
    loose: str
    of_requests: bool = True


OTHER = Family(
    name="constraint",
    english="constraints",
    chinese="其他约束",
    keywords=(),
    tight="{type: string, const: a}",
    loose="{type: string}",
)
"""The kind of keywords that OpenAPI 3.0 does not have."""

FAMILIES = (
    Family(
        name="type",
        english="type",
        chinese="类型",
        keywords=("type", "properties", "items"),
        tight="{type: integer}",
        loose="{type: number}",
    ),
    Family(
        name="null",
        english="ban on null",
        chinese="对 null 的限制",
        keywords=("nullable",),
        tight="{type: string}",
        loose="{type: string, nullable: true}",
    ),
    Family(
        name="values",
        english="list of values",
        chinese="取值列表",
        keywords=("enum",),
        tight="{type: string, enum: [a]}",
        loose="{type: string, enum: [a, b]}",
    ),
    Family(
        name="length",
        english="limits of length",
        chinese="长度限制",
        keywords=("minLength", "maxLength"),
        tight="{type: string, maxLength: 20}",
        loose="{type: string, maxLength: 30}",
    ),
    Family(
        name="range",
        english="range",
        chinese="数值范围",
        keywords=("minimum", "maximum", "multipleOf"),
        tight="{type: integer, maximum: 50}",
        loose="{type: integer, maximum: 100}",
    ),
    Family(
        name="pattern",
        english="pattern",
        chinese="正则表达式",
        keywords=("pattern",),
        tight='{type: string, pattern: "^[0-9]+$"}',
        loose="{type: string}",
    ),
    Family(
        name="format",
        english="format",
        chinese="格式",
        keywords=("format",),
        tight="{type: integer, format: int32}",
        loose="{type: integer, format: int64}",
    ),
    Family(
        name="size",
        english="limits of a list",
        chinese="列表限制",
        keywords=("minItems", "maxItems", "uniqueItems"),
        tight="{type: array, maxItems: 50, items: {type: string}}",
        loose="{type: array, maxItems: 60, items: {type: string}}",
    ),
    Family(
        name="members",
        english="limits on members",
        chinese="成员限制",
        keywords=("additionalProperties", "minProperties", "maxProperties"),
        tight="{type: object, maxProperties: 3}",
        loose="{type: object, maxProperties: 5}",
    ),
    Family(
        name="alternatives",
        english="alternatives",
        chinese="备选结构",
        keywords=("anyOf", "oneOf", "not"),
        tight="{anyOf: [{type: integer}, {type: boolean}]}",
        loose="{anyOf: [{type: integer}, {type: boolean}, {type: string}]}",
    ),
    Family(
        name="unique",
        english="promise to be unique",
        chinese="唯一性约束",
        keywords=("x-unique",),
        tight="{type: string, x-unique: true}",
        loose="{type: string}",
        of_requests=False,
    ),
    Family(
        name="image",
        english="description of the picture",
        chinese="图片属性",
        keywords=("x-image",),
        tight="{type: string, format: image-base64, x-image: {width: 125, height: 45}}",
        loose="{type: string, format: image-base64, x-image: {width: 125}}",
        of_requests=False,
    ),
    Family(
        name="success-codes",
        english="list of success codes",
        chinese="成功业务码列表",
        keywords=("x-business-success",),
        tight='{type: string, x-business-success: ["000"]}',
        loose='{type: string, x-business-success: ["000", "001"]}',
        of_requests=False,
    ),
    OTHER,
)
"""Every kind of constraint."""

BY_KEYWORD: Mapping[str, Family] = {
    keyword: family for family in FAMILIES for keyword in family.keywords
}
"""The kind of constraint of each keyword."""


def family_of(keyword: str) -> Family:
    """Give the kind of constraint that a keyword belongs to."""
    return BY_KEYWORD.get(keyword, OTHER)
