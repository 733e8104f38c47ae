"""One row of a field table compared with its field in the spec, column by column.

`derivation/stated_schema.py` gives the meaning of a cell as a schema; `derive` uses it too.
To add a column: a function that reads both sides, and its entry in `RULES`.
"""

from __future__ import annotations

from collections.abc import Mapping

from contract.derivation.message import speaks_of_picture
from contract.derivation.stated_schema import TYPES, described, value_schema
from contract.documents import Row
from contract.documents.cells import Kind
from contract.documents.shown_values import departure, example
from contract.findings import Level, Place
from contract.review.fields import SpecField
from contract.review.review_rule import Column, ColumnRule
from contract.spec.vocabulary import IMAGE, branches
from contract.spec.yaml_text import Located


def _required(row: Row, field: SpecField) -> Column:
    keyword = "nullable" if row.is_required and field.nullable else "minLength"
    return Column(
        stated=_stated_need(row),
        specified=_specified_need(row, field),
        place=_at(field.schema, keyword, field.place) if row.is_required else field.place,
        beside=(field.listed,)
        if field.required is not row.is_required and field.listed != field.place
        else (),
    )


def _stated_need(row: Row) -> str | None:
    if row.is_required is None:
        return None
    if not row.is_required:
        return "optional and nullable"
    return "required and not empty" if row.kind is Kind.STRING else "required"


def _specified_need(row: Row, field: SpecField) -> str | None:
    if row.is_required is None:
        return None
    if not field.required:
        return "optional and nullable" if field.nullable else "optional but not nullable"
    if field.nullable:
        return "required but nullable"
    if row.kind is not Kind.STRING:
        return "required"
    least = field.schema.get("minLength")
    if least:
        return "required and not empty"
    length = "has no minLength" if least is None else f"has minLength {least}"
    return f"required, but {length}, which allows the empty text that 是 forbids"


def _type(row: Row, field: SpecField) -> Column:
    """Compare types; those of the spec must be among those that the row allows."""
    types = [str(part["type"]) for part in branches(field.schema) if "type" in part]
    specified = " or ".join(types)
    stated = specified
    if row.kind is not None and row.kind is not Kind.ANY:
        allowed = {*TYPES[row.kind], *(["integer"] if row.kind is Kind.NUMBER else [])}
        carries = row.kind is Kind.STRING and not types and "properties" in field.schema
        fits = carries or (types and allowed.issuperset(types))
        stated = specified if fits else "another"
    place = _at(field.schema, "type", field.place)
    return Column(stated=stated, specified=specified, place=place)


def _max_length(row: Row, field: SpecField) -> Column:
    """Compare the bounds of 最大长度 with those of the spec, each by the type that it bounds."""
    bounded = {str(part.get("type")): part for part in branches(value_schema(row))}
    stated: list[str] = []
    specified: list[str] = []
    for part in branches(field.schema):
        kind = str(part.get("type"))
        bounds: Mapping[str, object] = bounded.get(
            kind, bounded.get("number", {}) if kind == "integer" else {}
        )
        least = ("minLength",) if row.min_length else ()
        for keyword in ("maxLength", "maximum", "pattern", *least):
            is_length = keyword == "maxLength"
            if bounds.get(keyword) != part.get(keyword) and (keyword in bounds or is_length):
                stated.append(f"{keyword} {bounds.get(keyword)}")
                specified += [f"{keyword} {part[keyword]}"] if keyword in part else []
    return Column(
        stated=", ".join(stated),
        specified=", ".join(specified) if stated else "",
        place=_at(field.schema, "maxLength", field.place),
    )


def _description(row: Row, field: SpecField) -> Column:
    return Column(
        stated=described(row).get("description", ""),
        specified=field.annotated.get("description", ""),
        place=_at(field.annotated, "description", field.place),
    )


def _picture(row: Row, field: SpecField) -> Column:
    """Compare the format with the description, where both sides speak of a picture."""
    specified = field.schema.get("format", "none")
    same = described(row).get("description", "") == field.annotated.get("description", "")
    speaks = same and row.kind is Kind.STRING and speaks_of_picture(row)
    return Column(
        stated=IMAGE if speaks else specified,
        specified=specified,
        place=_at(field.schema, "format", field.place),
    )


def _example(row: Row, field: SpecField) -> Column:
    stated, specified = example(row), field.annotated.get("example")
    if specified is None and departure(row, stated) is not None:
        stated = None  # the document's own findings say that it breaks its row
    if isinstance(specified, int | float) and str(specified) == str(stated):
        stated = specified
    place = _at(field.annotated, "example", field.place)
    return Column(stated=stated, specified=specified, place=place)


def _at(node: Located, keyword: str, otherwise: Place) -> Place:
    return node.at(keyword) if keyword in node else otherwise


RULES = (
    ColumnRule(
        name="required",
        title="是否必填不一致",
        cell="required",
        column="是否必填",
        keywords=("required", "nullable", "minLength"),
        compare=_required,
        english="A row with 是 is required, and not empty if it is a String; a row with 否 is "
        "optional and nullable.",
        chinese="「是否必填」为「是」的字段必填，且 String 不为空；为「否」的可缺省，可为 null。",
        source="是否必填",
        level=Level.TABLE,
        after=("document-missing", "unknown-requirement"),
        broken="required: [balance]",
        right="required: [name, balance]",
    ),
    ColumnRule(
        name="type",
        title="类型不一致",
        cell="type",
        column="类型",
        keywords=("type", "anyOf"),
        wording="type {}",
        compare=_type,
        english="The type is what 类型 says.",
        chinese="类型与文档的「类型」一致。",
        source="类型",
        level=Level.TABLE,
        after=("document-missing", "unknown-type"),
        broken="name: {type: integer,",
        right="name: {type: string,",
    ),
    ColumnRule(
        name="max-length",
        title="最大长度不一致",
        cell="max_length",
        column="最大长度",
        keywords=("maxLength", "minimum", "maximum", "pattern", "anyOf"),
        compare=_max_length,
        english="maxLength, or the bounds of a number, is what 最大长度 says.",
        chinese="maxLength（数值则为取值范围）与文档的「最大长度」一致。",
        source="最大长度",
        level=Level.TABLE,
        after=("document-missing",),
        broken="maxLength: 200, description: 姓名",
        right="maxLength: 20, description: 姓名",
    ),
    ColumnRule(
        name="description",
        title="参数描述不一致",
        cell="description",
        column="参数描述",
        keywords=("description",),
        wording="description {}",
        compare=_description,
        english="The description is what 参数描述 says.",
        chinese="description 与文档的「参数描述」一致。",
        source="参数描述",
        level=Level.TABLE,
        after=("document-missing",),
        broken="description: 名字",
        right="description: 姓名",
    ),
    ColumnRule(
        name="picture",
        title="图片格式不一致",
        cell="description",
        column="参数描述",
        keywords=("format",),
        wording="format {}",
        compare=_picture,
        english="A row of 图片base64 has the format image-base64.",
        chinese="描述为「图片base64」的字段，format 为 image-base64。",
        source="参数描述",
        level=Level.TABLE,
        after=("document-missing",),
        broken="description: 头像图片base64",
        right="description: 头像图片base64, format: image-base64",
    ),
    ColumnRule(
        name="example",
        title="示例值不一致",
        cell="example",
        column="示例值",
        keywords=("example",),
        wording="example {}",
        compare=_example,
        english="The example is what 示例值 says.",
        chinese="example 与文档的「示例值」一致。",
        source="示例值",
        level=Level.TABLE,
        after=("document-missing",),
        broken="example: 李四",
        right="example: 张三",
    ),
)
