"""What the spec says about one field, keyword by keyword, each with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from contract.findings import Place
from contract.page.numbered_findings import NumberedFinding
from contract.page.shortening import shortened
from contract.review import RULES
from contract.review.fields import SpecField
from contract.review.review_rule import ColumnRule
from contract.spec.yaml_text import Located

_ELSEWHERE = frozenset({"properties", "required", "x-sample", "allOf", "items", "anyOf"})
_SAID = ("description", "example")


@dataclass(frozen=True, slots=True)
class Fact:
    """One keyword; `differs` where a finding is about it."""

    keyword: str
    text: str
    place: Place
    differs: bool


def stated(field: SpecField, findings: tuple[NumberedFinding, ...]) -> tuple[Fact, ...]:
    """Give what the spec states of a field: what the document's table should say too."""
    columns = [rule for each in findings if (rule := _column(each)) is not None]
    wrong = frozenset(word for rule in columns for word in rule.keywords)
    facts = tuple(_marked(_stated(field), findings, wrong))
    there = {fact.keyword for fact in facts}
    missing = dict.fromkeys(rule.keywords[0] for rule in columns if there.isdisjoint(rule.keywords))
    return (*facts, *(Fact(keyword, "–", field.place, differs=True) for keyword in missing))


def _column(each: NumberedFinding) -> ColumnRule | None:
    rule = RULES[each.finding.claim]
    return rule if isinstance(rule, ColumnRule) else None


def sampled(
    field: SpecField, findings: tuple[NumberedFinding, ...], *, required: bool
) -> tuple[Fact, ...]:
    """Give what only the sample shows of a field, `required` if its presence is such a fact."""
    return tuple(_marked(_sampled(field, required=required), findings))


_Found = Iterator[tuple[str, str, Place]]


def _stated(field: SpecField) -> _Found:
    is_parameter = field.annotated is not field.schema
    if is_parameter:
        yield "in", value_text(field.annotated.get("in", "")), field.annotated.at("in")
    if field.required:
        yield "required", "", field.place
    yield from _keywords(field.schema, "")
    if is_parameter:
        for keyword in _SAID:
            if keyword in field.annotated:
                yield keyword, value_text(field.annotated[keyword]), field.annotated.at(keyword)


def _keywords(schema: Located, prefix: str) -> _Found:
    for keyword, value in schema.items():
        if keyword not in _ELSEWHERE:
            yield f"{prefix}{keyword}", value_text(value), schema.at(keyword)
    for part in _parts(schema, "allOf"):
        yield from _keywords(part, prefix)
    for part in _parts(schema, "anyOf"):
        inner = ", ".join(f"{word} {text}" for word, text, _ in _keywords(part, ""))
        yield f"{prefix}anyOf", inner, schema.at("anyOf")
    items = schema.get("items")
    if isinstance(items, Located):
        yield from _keywords(items, f"{prefix}items ")


def _parts(schema: Located, keyword: str) -> Iterator[Located]:
    parts = schema.get(keyword)
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, Located):
            yield part


def _sampled(field: SpecField, *, required: bool) -> _Found:
    if required:
        yield "required", "", field.place
    sample = field.schema.get("x-sample")
    if isinstance(sample, Located):
        for keyword, value in sample.items():
            if keyword != "required":
                yield keyword, value_text(value), sample.at(keyword)


def _marked(
    found: _Found, findings: tuple[NumberedFinding, ...], wrong: frozenset[str] = frozenset()
) -> Iterator[Fact]:
    others = [each for each in findings if _column(each) is None]
    for keyword, text, place in found:
        about = others and any(
            each.finding.subject in {keyword, text} and each.is_at(place) for each in others
        )
        yield Fact(keyword, text, place, keyword in wrong or bool(about))


def value_text(value: object) -> str:
    """Write the value of a keyword: a text as it is, members by their names, all else as JSON."""
    if isinstance(value, str) and value:
        return shortened(value)
    if isinstance(value, Located):
        return ", ".join(f"{key} {value_text(inner)}" for key, inner in value.items())
    return shortened(json.dumps(value, ensure_ascii=False, default=str))
