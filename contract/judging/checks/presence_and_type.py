"""Checks that come before every other check of a member: it is there, and of its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.instances import MISSING
from contract.judging.checks.check import (
    REQUIRED,
    Clause,
    Spot,
    WordedClause,
    check,
    each_spot,
    each_value,
)
from contract.judging.checks.documented_names import likely_meant
from contract.spec.vocabulary import meaning, shown


@check(
    "required",
    REQUIRED,
    english="A required member is present, not null, and not an empty string.",
    chinese="必填字段必须存在，不为 null，也不为空字符串。",
    source="是否必填 of the field table (是); required, nullable and minLength in the spec",
    after=(),
    asks_the_absent=True,
    blocks_inner=True,
    broken='{"data": {"img_code_id": ""}}',
    right='{"data": {"img_code_id": "6OPM6H"}}',
)
def required_is_there(clause: Clause) -> WordedClause | None:
    """The member is present, not null, and not an empty string if its row says so.

    If it is missing, the evidence names the undocumented member that is most likely meant.
    """
    member = clause.subject
    known = clause.documented.get(member.path[:-1], frozenset())

    def judge(spot: Spot) -> str | None:
        if spot.value is MISSING:
            other = likely_meant(member.name, spot.holder or {}, known)
            hint = "" if other is None else f"; did the server mean {shown(other)}?"
            return f"it is missing{hint}"
        if spot.value is None and not member.nullable:
            return "it is null"
        if spot.value == "" and member.schema.get("minLength"):
            return "it is an empty string"
        return None

    if clause.is_row:
        english = "是否必填 是: present, not null, not empty"
        chinese = "是否必填 是：必须存在，不为 null，不为空字符串"
    else:
        english, chinese = "present, not null", "必须存在，不为 null"
    return WordedClause(english, chinese, each_spot(judge))


@check(
    "type",
    "type",
    "anyOf",
    english="The value has the documented JSON type.",
    chinese="字段值的 JSON 类型与文档一致。",
    source="类型 of the field table; type and anyOf in the spec",
    after=("required",),
    blocks_inner=True,
    broken='类型 String: {"code": 0}',
    right='类型 String: {"code": "000"}',
)
def type_is_the_documented_one(clause: Clause) -> WordedClause | None:
    """The value has the documented JSON type, or one of several."""
    argument = clause.argument
    one = clause.keyword == "type"
    return WordedClause(
        f"a JSON {argument if one else ' or '.join(_alternatives(argument))}",
        f"类型：JSON {argument if one else ' 或 '.join(_alternatives(argument))}",
        each_value(meaning(clause.keyword, argument)),
    )


def _alternatives(argument: object) -> Iterator[str]:
    for part in argument if isinstance(argument, list) else ():
        yield ", ".join([str(part.get("type", "value")), *_bounds(part)])


def _bounds(part: Mapping[str, object]) -> Iterator[str]:
    for keyword, argument in part.items():
        if keyword not in {"type", "nullable", "minLength"}:
            yield f"{keyword} {argument}"
