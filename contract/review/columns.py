"""One row of a field table beside the member that was made of it, column by column.

A rule compares one column and is listed in `COLUMNS`; what a cell means as a schema, says
`derivation/stated_schema.py`, which deriving uses too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.derivation.stated_schema import TYPES, described, value_schema
from contract.documents import Row
from contract.documents.cells import Kind
from contract.documents.shown_values import example
from contract.findings import Level, Place
from contract.spec.members import Member
from contract.spec.operations import Parameter
from contract.spec.vocabulary import branches
from contract.spec.yaml_text import Located

COLUMNS: Mapping[str, str] = {
    "required": "是否必填",
    "type": "类型",
    "max-length": "最大长度",
    "description": "参数描述",
    "example": "示例值",
}
_CELLS = {
    "required": "required",
    "type": "type",
    "max-length": "max_length",
    "description": "description",
    "example": "example",
}


@dataclass(frozen=True, slots=True)
class Field:
    """What a spec says of one member of a message, or of one parameter.

    Attributes:
        path: the names that lead to it; a list's items add none.
        schema: its schema.
        said: the node that holds its description and its example.
        required: whether it must be there.
        nullable: whether it may be null, or is a parameter, which is absent instead.
        place: where the spec describes it.
    """

    path: tuple[str, ...]
    schema: Located
    said: Located
    required: bool
    nullable: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that the row fills otherwise than the spec."""

    rule: str
    stated: str
    column: int | None
    specified: str
    place: Place


def of_member(member: Member) -> Field:
    """Read a member of an answer or of a request's body."""
    return Field(
        path=tuple(step for step in member.path if step != "*"),
        schema=member.schema,
        said=member.schema,
        required=member.required is Level.TABLE,
        nullable=member.nullable,
        place=member.place,
    )


def of_parameter(parameter: Parameter) -> Field:
    """Read a parameter of a request."""
    return Field(
        path=(parameter.name,),
        schema=parameter.schema,
        said=parameter.node,
        required=parameter.required,
        nullable=not parameter.required,
        place=parameter.place,
    )


def differences(row: Row, field: Field) -> Iterator[Difference]:
    """Compare a row with its member; nothing is told of a cell that could not be read."""
    wanted = value_schema(row)
    for rule, cell, stated, specified, place in (
        ("required", row.required, _stated_need(row), _specified_need(row, field), field.place),
        ("type", row.type, *_types(row, field.schema), _at(field.schema, "type", field.place)),
        (
            "max-length",
            row.max_length,
            *_limits(wanted, field.schema),
            _at(field.schema, "maxLength", field.place),
        ),
        (
            "description",
            row.description,
            described(row).get("description", ""),
            field.said.get("description", ""),
            _at(field.said, "description", field.place),
        ),
        (
            "example",
            row.example,
            *_examples(row, field),
            _at(field.said, "example", field.place),
        ),
    ):
        if stated != specified:
            yield Difference(
                rule=rule,
                stated=f"{COLUMNS[rule]} {cell or 'nothing'}",
                column=row.columns.get(_CELLS[rule]) or row.columns.get("name"),
                specified=f"{rule} {'nothing' if specified in (None, '') else specified}",
                place=place,
            )


def _at(node: Located, keyword: str, otherwise: Place) -> Place:
    return node.at(keyword) if keyword in node else otherwise


def _stated_need(row: Row) -> str | None:
    if row.is_required is None:
        return None
    if not row.is_required:
        return "optional and nullable"
    return "required and not empty" if row.kind is Kind.STRING else "required"


def _specified_need(row: Row, field: Field) -> str | None:
    if row.is_required is None:
        return None
    if not field.required:
        return "optional and nullable" if field.nullable else "optional but not nullable"
    if field.nullable:
        return "required but nullable"
    filled = field.schema.get("minLength", 0)
    return "required and not empty" if filled and row.kind is Kind.STRING else "required"


def _types(row: Row, schema: Located) -> tuple[str, str]:
    """Give the stated and the specified types; the same where the spec's are among the stated."""
    specified = [str(part["type"]) for part in branches(schema) if "type" in part]
    told = " or ".join(specified)
    if row.kind is None:
        return told, told
    allowed = {*TYPES[row.kind], *(["integer"] if row.kind is Kind.NUMBER else [])}
    return told if specified and allowed.issuperset(specified) else "another", told


def _limits(wanted: Mapping[str, object], schema: Located) -> tuple[str, str]:
    """Give the bounds that 最大长度 sets and those of the spec, each by the type that it bounds."""
    stated = {str(part.get("type")): part for part in branches(wanted)}
    missing: list[str] = []
    found: list[str] = []
    for part in branches(schema):
        kind = str(part.get("type"))
        bounds = stated.get(kind, stated.get("number", {}) if kind == "integer" else {})
        for keyword in ("maxLength", "maximum", "pattern"):
            is_length = keyword == "maxLength"
            if bounds.get(keyword) != part.get(keyword) and (keyword in bounds or is_length):
                missing.append(f"{keyword} {bounds.get(keyword)}")
                found += [f"{keyword} {part[keyword]}"] if keyword in part else []
    return ", ".join(missing), ", ".join(found) if missing else ""


def _examples(row: Row, field: Field) -> tuple[object, object]:
    stated, specified = example(row), field.said.get("example")
    if isinstance(specified, int | float) and str(specified) == str(stated):
        return specified, specified
    return stated, specified
