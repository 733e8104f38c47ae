"""What a spec says about one member or parameter, for comparing it with a row of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contract.findings import Level, Place
from contract.spec.members import Member, members_of
from contract.spec.operations import Operation, Parameter
from contract.spec.yaml_text import Located


@dataclass(frozen=True, slots=True)
class SpecField:
    """One member or parameter.

    Attributes:
        path: the names that lead to it; a list's items add none.
        schema: its schema.
        annotated: the node that holds its description and its example.
        required: whether it must be there.
        nullable: whether it may be null; a parameter that may be absent counts as nullable.
        place: where the spec describes it.
        listed: where the spec lists what is required beside it.
    """

    path: tuple[str, ...]
    schema: Located
    annotated: Located
    required: bool
    nullable: bool
    place: Place
    listed: Place


def request_fields(operation: Operation) -> Mapping[tuple[str, ...], SpecField]:
    """List what an operation asks for: its parameters, and the members of its body."""
    body = operation.body
    fields = [_of_parameter(each) for each in operation.parameters]
    fields += [field for each in operation.parameters for field in _inside(each)]
    fields += [_of_member(each) for each in (body.members if body else ()) if each.path]
    return _by_path(fields)


def answer_fields(operation: Operation) -> Mapping[tuple[str, ...], SpecField]:
    """List the members of a successful answer."""
    return _by_path([_of_member(each) for each in operation.members if each.path])


def _of_member(member: Member) -> SpecField:
    return SpecField(
        path=tuple(step for step in member.path if step != "*"),
        schema=member.schema,
        annotated=member.schema,
        required=member.required is Level.TABLE,
        nullable=member.nullable,
        place=member.place,
        listed=member.listed,
    )


def _of_parameter(parameter: Parameter) -> SpecField:
    return SpecField(
        path=(parameter.name,),
        schema=parameter.schema,
        annotated=parameter.node,
        required=parameter.required,
        nullable=not parameter.required,
        place=parameter.place,
        listed=parameter.node.at("required"),
    )


def _inside(parameter: Parameter) -> Iterator[SpecField]:
    """Give the members of a parameter that is JSON."""
    inside = members_of(parameter.schema, (), None, parameter.place)
    for member in inside if "content" in parameter.node else ():
        if member.path:
            field = _of_member(member)
            yield replace(field, path=(parameter.name, *field.path))


def _by_path(fields: Sequence[SpecField]) -> dict[tuple[str, ...], SpecField]:
    """List fields by their paths; the items of a list are not fields of their own."""
    listed: dict[tuple[str, ...], SpecField] = {}
    for field in fields:
        if field.path:  # the items of an answer that is a list have none
            listed.setdefault(field.path, field)
    return listed
