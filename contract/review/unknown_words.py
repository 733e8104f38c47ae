"""Words that look like a promise, but that every program ignores."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from contract.findings import Level
from contract.review.review_rule import SpecRule, Violation
from contract.spec.operations import Spec
from contract.spec.vocabulary import EXTENSIONS, FORMATS, GENERATORS
from contract.spec.yaml_nodes import DATA
from contract.spec.yaml_text import Located
from contract.spelling import did_you_mean


def unknown_words(spec: Spec) -> Iterator[Violation]:
    """Find the words that mean nothing where they stand."""
    yield from _unknown(spec.tree)


def _unknown(node: object) -> Iterator[Violation]:
    if isinstance(node, list):
        for item in node:
            yield from _unknown(item)
    if not isinstance(node, Located):
        return
    for key, value in node.items():
        for known, word in _words(node, key, value):
            if not isinstance(word, str | bool) or word not in known:
                hint = did_you_mean(str(word), map(str, known), most=1).strip()
                meant = f"; {hint}" if hint else ""
                written = f"{key}: {word}" if word != key else str(word)
                yield Violation(
                    subject=str(word),
                    evidence=f"{written} means nothing here{meant}",
                    places=(node.at(key),),
                    remedy="use a word from openapi/README.md, or remove it",
                )
        if key == "properties" and isinstance(value, Located):
            for schema in value.values():
                yield from _unknown(schema)
        elif key not in DATA:
            yield from _unknown(value)


def _words(node: Located, key: str, value: object) -> Iterator[tuple[Collection[object], object]]:
    """Give the words of a member that must be known, each with those that are."""
    if key.startswith("x-"):
        yield EXTENSIONS, key
    if key == "format" and isinstance(value, str):
        yield FORMATS, value
    if key == "x-mock":
        yield GENERATORS, value
    if key == "x-unique":
        yield (True, False), value
    properties = node.get("properties")
    if key == "required" and isinstance(value, list) and isinstance(properties, Located):
        for name in value:
            yield properties, name


RULES = (
    SpecRule(
        name="unknown-word",
        title="未知的关键字",
        find=unknown_words,
        english="Every x- key, format, generator and required member is known.",
        chinese="x- 扩展、format、生成器的名称和 required 中的属性都是已知的。",
        source="openapi/README.md; OpenAPI 3.0.3, Schema Object",
        level=Level.TABLE,
        after=(
            *("invalid-openapi", "name", "row-without-property"),
            *("member-without-property", "rows-elsewhere"),
        ),
        broken='x-bussiness-success: ["000"]',
        right='x-business-success: ["000"]',
    ),
)
