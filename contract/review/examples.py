"""The examples of a spec, held to its schemas and to what `x-sample` says a sample shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contract.findings import Finding, Level, Place
from contract.pictures import image
from contract.review.by_itself import place_of
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import meaning, validator
from contract.spec.yaml_text import Located

RULES: Mapping[str, str] = {
    "example-breaks-schema": "Every example keeps the schema that it illustrates.",
    "sample-breaks-x-sample": "x-sample says what the documented sample shows.",
    "unquoted-code": "A business code that is a text is quoted, so that its zeros stay.",
}

_MESSAGE = 120
_LACKED = re.compile(r'"([^"]+)" is a required property')


def examples(operation: Operation) -> Iterator[tuple[frozenset[str], Finding]]:
    """Find the examples that break their schemas, each with the members that it is about."""
    for name, schemas, value, place in _illustrated(operation):
        wrong = [list(validator(schema).iter_errors(value)) for schema in schemas]
        if not all(wrong):
            continue
        for error in min(wrong, key=len):
            steps = list(error.instance_path)
            where = "".join(f"{step}: " for step in steps[-1:])
            about = {str(step) for step in steps[-1:]} | {name, *_LACKED.findall(error.message)}
            yield (
                frozenset(about),
                _found(
                    operation,
                    "example-breaks-schema",
                    name,
                    f"{where}{_short(error.message)}",
                    place_of(value, steps) if isinstance(value, Located) else place,
                    "make the example keep the schema, or the schema allow the example",
                ),
            )


_Illustrated = tuple[str, tuple[Located, ...], object, Place]


def _illustrated(operation: Operation) -> Iterator[_Illustrated]:
    """Give every example with the schemas of which it must keep one."""
    for name, value in operation.examples.items():
        yield name, (operation.schema, *operation.failures), value, operation.place
    members = operation.members
    if operation.body is not None:
        members += operation.body.members
        for name, value in operation.body.examples.items():
            yield name, (operation.body.schema,), value, operation.body.place
    for member in members:
        if "example" in member.schema:
            yield member.name, (member.schema,), member.schema["example"], member.place
    for each in operation.parameters:
        for value in each.examples.values():
            yield each.name, (each.schema,), value, each.place


def samples(operation: Operation) -> Iterator[Finding]:
    """Find where the documented sample shows otherwise than `x-sample` says."""
    shown = next(iter(operation.examples.values()), None)
    for member in operation.members if shown is not None else ():
        for value in _values(shown, member.path):
            if value is not None or not member.nullable:
                yield from _otherwise(operation, member, value)
        yield from _absent(operation, member, shown)


def _otherwise(operation: Operation, member: Member, value: object) -> Iterator[Finding]:
    for promise in member.promises:
        if promise.level is Level.SAMPLE and promise.keyword != "x-unique":
            evidence = _departure(promise.keyword, promise.argument, value)
            if evidence:
                yield _found(
                    operation,
                    "sample-breaks-x-sample",
                    member.name,
                    f"{promise.keyword} {promise.argument}, but the sample shows {evidence}",
                    promise.place,
                    "make x-sample say what the sample shows",
                )


def _absent(operation: Operation, member: Member, shown: object) -> Iterator[Finding]:
    holders = [each for each in _values(shown, member.path[:-1]) if isinstance(each, dict)]
    if member.required is Level.SAMPLE and any(member.name not in each for each in holders):
        yield _found(
            operation,
            "sample-breaks-x-sample",
            member.name,
            f"required {member.name}, but the sample lacks it",
            member.place,
            "make x-sample say what the sample shows",
        )


def _departure(keyword: str, argument: object, value: object) -> str | None:
    try:
        return meaning(keyword, argument)(value)
    except (image.NotBase64, image.NotAnImage, image.TooLarge) as wrong:
        return str(wrong)


def _values(value: object, path: tuple[str, ...]) -> Iterator[object]:
    if not path:
        yield value
    elif path[0] == "*":
        for item in value if isinstance(value, list) else ():
            yield from _values(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:])


def business_code(operation: Operation) -> Iterator[Finding]:
    """Find success codes that YAML reads as numbers though the code is a text."""
    member = operation.business_code
    success = member.schema["x-business-success"] if member else []
    for code in success if isinstance(success, list) else [success]:
        if member and not isinstance(code, str) and member.schema.get("type") == "string":
            yield _found(
                operation,
                "unquoted-code",
                member.name,
                f"YAML reads the code as the number {code}",
                member.schema.at("x-business-success"),
                'quote it, as in ["000"]',
            )


def _found(  # noqa: PLR0913, PLR0917 - a finding is made of these
    operation: Operation, rule: str, subject: str, evidence: str, place: Place, remedy: str
) -> Finding:
    return Finding(
        operation=operation.id,
        subject=subject,
        claim=rule,
        level=Level.TABLE,
        promise=RULES[rule],
        evidence=evidence,
        places=(place,),
        remedy=remedy,
    )


def _short(message: str) -> str:
    return message if len(message) <= _MESSAGE else f"{message[:_MESSAGE]}…"
