"""Whether the YAML is OpenAPI 3.0 at all: every object has the fields that it may have.

`openapi_objects.py` knows the fields. What is broken is told at its own line, all of it in one
run. A misspelt name or word is read as the one that was meant from then on, so that it is told
once, and what stands below it is checked as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from contract.findings import Level, Place
from contract.review.item_places import item_place
from contract.review.openapi_objects import (
    COMPONENT_NAME,
    MAPS,
    REFERABLE,
    VALUES,
    Object,
    choices,
    fields,
    inner,
    referred,
)
from contract.review.review_rule import Violation, YamlRule, lines_of
from contract.rules import Rule
from contract.spec.deferred import Unfollowed
from contract.spec.references import References
from contract.spec.vocabulary import json_type, shown
from contract.spec.yaml_text import Located
from contract.spelling import did_you_mean

_WORDS = {
    "text": "a text",
    "flag": "true or false",
    "number": "a number",
    "count": "a number from 0 on",
}


def invalid_openapi(root: Located) -> Iterator[Violation]:
    """Find what is not OpenAPI; what was surely meant is put in its place."""
    seen: set[tuple[int, str]] = set()
    waiting = [Object(kind="OpenAPI", node=root, name="openapi")]
    while waiting:
        each = waiting.pop()
        if (id(each.node), each.kind) not in seen:
            seen.add((id(each.node), each.kind))
            yield from _of_object(each, root)
            waiting += reversed(list(inner(each)))


def _of_object(each: Object, root: Located) -> Iterator[Violation]:
    node = each.node
    if "$ref" in node and (each.kind in REFERABLE or each.kind == "PathItem"):
        reference = node["$ref"]
        if not isinstance(reference, str):
            yield _wrong(each, "$ref", f"$ref is {shown(reference)}, and must be a text")
        elif isinstance(node, Unfollowed):
            remedy = _named_here(root, reference)
            yield _wrong(each, "$ref", f"$ref {reference} {node.reason}", remedy)
        elif not isinstance(referred(root, reference), Located):
            lost = _lost(root, reference)
            yield _wrong(each, "$ref", f"$ref {reference} leads nowhere{lost}")
        if each.kind != "PathItem":
            return
    if each.kind in MAPS:
        yield from _of_map(each)
        return
    known = fields(each.kind)
    yield from _unknown(each, known)
    for name, field in known.items():
        if name in node:
            yield from _of_value(each, name, node[name], field.type)
        elif field.required:
            yield Violation(
                subject=name,
                evidence=f"{_called(each)} has no {name}, which it must have",
                places=(node.place,),
                remedy=f"write {name}",
                operation=each.operation,
            )
    yield from _exclusive(each)


def _unknown(each: Object, known: Collection[str]) -> Iterator[Violation]:
    node = each.node
    for name in [key for key in node if key not in known and not key.startswith("x-")]:
        hint, meant = _meant(name, known)
        yield Violation(
            subject=name,
            evidence=f"{name} means nothing in {_called(each)}{hint}",
            places=(node.at(name),),
            remedy=f"write {meant}" if meant else "remove it, or begin its name with x-",
            operation=each.operation,
        )
        if meant and meant not in node and _surely(name, meant):
            _rename(node, name, meant)


def _meant(word: str, known: Collection[str]) -> tuple[str, str]:
    """Guess which word was meant; give a hint with it, and the word itself."""
    same = [each for each in known if each.lower() == word.strip().lower()]
    hint = did_you_mean(word, same or known, most=1).strip()
    found = re.fullmatch(r"did you mean (.*)\?", hint)
    return (f"; {hint}", found[1]) if found else ("", "")


def _surely(word: str, meant: str) -> bool:
    """Say whether a word is so close to another that it is read as that one."""
    return SequenceMatcher(None, word.lower(), meant.lower()).ratio() >= _SURE


_SURE = 0.8


def _rename(node: Located, name: str, meant: str) -> None:
    """Read a member under the name that was meant; it keeps its place."""
    node[meant] = node.pop(name)
    node.places[meant] = node.places.pop(name, node.place)


def _leave_out(each: Object, name: str) -> None:
    """Read a schema without a keyword that means nothing, so that the rest of it is checked."""
    if each.kind == "Schema":
        each.node.pop(name, None)


def _of_map(each: Object) -> Iterator[Violation]:
    type_, form = MAPS[each.kind]
    for name in [key for key in each.node if not key.startswith("x-")]:
        if not re.fullmatch(form, name):
            said = "begins with /" if each.kind == "Paths" else 'is a status such as "200"'
            yield _wrong(each, name, f"{name} means nothing in {_called(each)}: each name {said}")
        yield from _of_value(each, name, each.node[name], type_)
    if each.kind == "Responses" and not any(re.fullmatch(form, name) for name in each.node):
        yield Violation(
            subject="responses",
            evidence="responses documents no answer: no status, and no default",
            places=(each.node.place,),
            remedy='write "200", with what is answered',
            operation=each.operation,
        )


def _of_value(each: Object, name: str, value: object, type_: str) -> Iterator[Violation]:
    """Find where a value is not of its type; what stands in it is another object's matter."""
    if type_ == "*":
        return
    if type_ in VALUES:
        if not VALUES[type_](value):
            yield _of_another_type(each, name, value, _WORDS[type_])
            _leave_out(each, name)
    elif choices(type_):
        yield from _of_choice(each, name, value, choices(type_))
    elif "|" in type_:
        if not isinstance(value, bool | Located):
            yield _of_another_type(each, name, value, "true, false or a schema")
    elif type_.startswith("["):
        yield from _of_list(each, name, value, type_[1:-1])
    elif not isinstance(value, Located):
        yield _of_another_type(each, name, value, "a mapping")
    elif type_.startswith(("{", "<")):
        yield from _of_members(each, value, type_)


def _of_choice(
    each: Object, name: str, value: object, words: Collection[str]
) -> Iterator[Violation]:
    if value in words:
        return
    hint, meant = _meant(value, words) if isinstance(value, str) else ("", "")
    if isinstance(value, list):
        hint = "; a list of types is of OpenAPI 3.1: write one type, and nullable: true for null"
    evidence = f"{name} is {shown(value)}, and must be one of {', '.join(words)}{hint}"
    yield _wrong(each, name, evidence, f"write {meant}" if meant else "")
    if meant and _surely(str(value), meant):
        each.node[name] = meant
    else:
        _leave_out(each, name)


def _of_list(each: Object, name: str, value: object, type_: str) -> Iterator[Violation]:
    if not isinstance(value, list):
        yield _of_another_type(each, name, value, "a list")
        if isinstance(value, str) and type_ == "text" and value.lower() not in _FLAG_WORDS:
            each.node[name] = [value]
        else:
            _leave_out(each, name)
        return
    if name == "required":
        yield from _repeated(each, name, value)
    for number, item in enumerate(value) if type_ != "*" else ():
        kept = VALUES[type_](item) if type_ in VALUES else isinstance(item, Located)
        if not kept:
            promised = _WORDS.get(type_, "a mapping")
            place = item_place(each.node, name, number)
            yield _of_another_type(each, name, item, promised, place)


def _repeated(each: Object, name: str, value: list[object]) -> Iterator[Violation]:
    """Find what stands twice in a list that names everything once."""
    for number, item in enumerate(value):
        if item in value[:number]:
            evidence = f"{shown(item)} stands twice in {name}"
            place = item_place(each.node, name, number)
            yield _wrong(each, name, evidence, "remove one of the two", place=place)


_FLAG_WORDS = {"yes", "no", "on", "off"}


def _of_members(each: Object, value: Located, type_: str) -> Iterator[Violation]:
    for key, item in value.items():
        at = (value.at(key), key)
        if type_.startswith("<") and not re.fullmatch(COMPONENT_NAME, key):
            said = "the name of a component has letters, digits, ., _ and - only"
            yield _wrong(each, *at[1:], f"{key}: {said}", place=at[0])
        if type_[1:-1] in VALUES:
            if not VALUES[type_[1:-1]](item):
                yield _of_another_type(each, key, item, _WORDS[type_[1:-1]], at[0])
        elif not isinstance(item, Located):
            yield _of_another_type(each, key, item, "a mapping", at[0])


_AT_MOST_ONE = {
    "Parameter": (("schema", "content"), ("example", "examples")),
    "Header": (("schema", "content"), ("example", "examples")),
    "MediaType": (("example", "examples"),),
    "Example": (("value", "externalValue"),),
    "Link": (("operationId", "operationRef"),),
    "License": (),
}
"""The fields that exclude each other."""
_NEEDED = {
    "apiKey": ("name", "in"),
    "http": ("scheme",),
    "oauth2": ("flows",),
    "openIdConnect": ("openIdConnectUrl",),
}
"""What a security scheme of a type must have."""
_NEEDED_URLS = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
}
"""What a flow must have, by its name."""


def _exclusive(each: Object) -> Iterator[Violation]:
    """Find fields that exclude each other, and those that others ask for."""
    node = each.node
    for one, other in _AT_MOST_ONE.get(each.kind, ()):
        if one in node and other in node:
            yield _wrong(each, other, f"{one} and {other} exclude each other", f"remove {other}")
    needed: tuple[str, ...] = ()
    if each.kind == "SecurityScheme":
        needed = _NEEDED.get(str(node.get("type")), ())
    elif each.kind == "Flow":
        needed = _NEEDED_URLS.get(each.name, ())
    elif each.kind == "Parameter" and not {"schema", "content"} & node.keys():
        needed = ("schema",)
    for name in needed:
        if name not in node:
            what = f"{_called(each)} has no {name}, which it must have"
            yield Violation(
                subject=name,
                evidence=what,
                places=(node.place,),
                remedy=f"write {name}",
                operation=each.operation,
            )


def _called(each: Object) -> str:
    """Name an object as a reader knows it."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", each.kind).lower()
    if each.kind in {"OpenAPI", "Info", "Components", "Paths", "Responses"}:
        return each.kind.lower() if each.kind != "OpenAPI" else "the spec"
    named = each.node.get("name") if each.kind in {"Parameter", "Tag"} else each.name
    named = each.operation if each.kind == "Operation" else named
    return f"the {words} {named}" if isinstance(named, str) and named != "" else f"a {words}"


def _of_another_type(
    each: Object, name: str, value: object, promised: str, place: Place | None = None
) -> Violation:
    came = "nothing" if value is None else f"{shown(value)}, of type {json_type(value)}"
    if isinstance(value, dict | list):
        came = shown(value)
    quoted = promised == "a text" and isinstance(value, int | float | bool)
    remedy = "put it in quotes" if quoted else ""
    return _wrong(each, name, f"{name} is {came}, and must be {promised}", remedy, place=place)


def _wrong(
    each: Object, name: str, evidence: str, remedy: str = "", *, place: Place | None = None
) -> Violation:
    return Violation(
        subject=name,
        evidence=evidence,
        places=(place or each.node.at(name),),
        remedy=remedy,
        operation=each.operation,
        lines=lines_of(each.node),
    )


def _named_here(root: Located, reference: str) -> str:
    """Say which part of this file was meant by what is read as the name of another."""
    steps = reference.replace("\\", "/").lstrip("./#")
    here = f"#/{steps}"
    return f"write {here}" if isinstance(referred(root, here), Located) else ""


def _lost(root: Located, reference: str) -> str:
    """Say which component was meant by a reference that leads nowhere."""
    holder, _, name = reference.rpartition("/")
    there = referred(root, holder)
    hint = _meant(name, there.keys())[0] if isinstance(there, Located) and there else ""
    return f": there is no {name}{hint}"


def _whole(references: References, path: Path) -> Iterator[Violation]:
    del path
    yield from invalid_openapi(references.root)


INVALID_OPENAPI = YamlRule(
    name="invalid-openapi",
    title="不是有效的 OpenAPI",
    find=_whole,
    english="The YAML is valid OpenAPI 3.0.",
    chinese="YAML 是有效的 OpenAPI 3.0。",
    source="OpenAPI 3.0.3, and its JSON Schema",
    level=Level.TABLE,
    broken="sumary: 查询账户",
    right="summary: 查询账户",
)
RULES: tuple[Rule, ...] = (INVALID_OPENAPI,)
