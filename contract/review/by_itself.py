"""The YAML of a spec by itself → findings: what not every reader takes as it is meant.

A rule is one generator of findings, listed in `RULES` with the sentence that explains it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from contract.findings import Finding, Level, Place, named
from contract.review.patterns import PORTABLE, unportable
from contract.spec.operations import Spec
from contract.spec.references import References
from contract.spec.validity import surely_valid
from contract.spec.vocabulary import EXTENSIONS, FORMATS, GENERATORS
from contract.spec.yaml_text import Located

RULES: Mapping[str, str] = {
    "invalid-openapi": "The YAML is valid OpenAPI 3.0.",
    "unclear-name": "Every name in the YAML is a text, and stands once.",
    "unknown-word": "Every x- key, format, generator and required member is one that there is.",
    "unportable-pattern": f"A pattern means the same to every reader; portable are: {PORTABLE}.",
    "operation-id": "An operationId is a word of letters, digits, _ and -, and no other's.",
    "unused-component": "Every component is referred to by some operation.",
}

_DATA = frozenset({"example", "examples", "default", "enum", "value"})
_SHOWN = 100
_OPERATION_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_UNEXPECTED = re.compile(r"'([^']+)'")


def found(rule: str, subject: str, evidence: str, place: Place, remedy: str = "") -> Finding:
    """Tell what breaks a rule of the YAML by itself."""
    return Finding(
        operation="spec",
        subject=subject,
        claim=rule,
        level=Level.TABLE,
        promise=RULES[rule],
        evidence=evidence,
        places=(place,),
        remedy=remedy,
    )


def unclear_names(node: object, path: Path) -> Iterator[Finding]:
    """Find the names that are no texts, or stand twice."""
    if isinstance(node, Located):
        for place, slip in node.slips:
            yield found("unclear-name", named(path), slip, place, "name every member once")
    for value in _inner(node):
        yield from unclear_names(value, path)


def unknown_words(node: object, path: Path) -> Iterator[Finding]:
    """Find what a reader of the YAML takes for a promise, and every program passes over."""
    if isinstance(node, list):
        for item in node:
            yield from unknown_words(item, path)
    if not isinstance(node, Located):
        return
    for key, value in node.items():
        for known, word in _words(node, key, value):
            if not isinstance(word, str | bool) or word not in known:
                alike = get_close_matches(str(word), [str(each) for each in known], n=1)
                meant = f"; did you mean {alike[0]}?" if alike else ""
                evidence = f"{key}: {word}" if word != key else str(word)
                told = f"{evidence} means nothing here{meant}"
                remedy = "write one that there is: openapi/README.md, or remove it"
                yield found("unknown-word", str(word), told, node.at(key), remedy)
        if key == "properties" and isinstance(value, Located):
            for schema in value.values():
                yield from unknown_words(schema, path)
        elif key not in _DATA:
            yield from unknown_words(value, path)


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


def unportable_patterns(node: object, path: Path) -> Iterator[Finding]:
    """Find the patterns that not every reader of the spec takes alike."""
    if isinstance(node, Located) and isinstance(node.get("pattern"), str):
        problem = unportable(str(node["pattern"]))
        if problem is not None:
            remedy = f"write it with {PORTABLE}"
            yield found("unportable-pattern", named(path), problem, node.at("pattern"), remedy)
    named_members = node.get("properties") if isinstance(node, Located) else None
    for value in _inner(node):
        if value is named_members:
            for schema in value.values() if isinstance(value, Located) else ():
                yield from unportable_patterns(schema, path)
        else:
            yield from unportable_patterns(value, path)


def _inner(node: object) -> Iterator[object]:
    """Give what a node of the spec holds; examples are data, and no part of it."""
    if isinstance(node, list):
        yield from node
    elif isinstance(node, Located):
        yield from (value for key, value in node.items() if key not in _DATA)


def operation_ids(spec: Spec) -> Iterator[Finding]:
    """Find the operationIds that are no names, or another operation's too."""
    first: dict[str, Place] = {}
    for operation in spec.operations:
        place = operation.node.at("operationId")
        if not _OPERATION_ID.fullmatch(operation.id):
            told = f"{operation.id!a} is no word of letters, digits, _ and -"
            yield found("operation-id", operation.id, told, place, "rename it")
        if operation.id in first:
            told = f"{operation.id} is the operation in line {first[operation.id].line} too"
            yield found("operation-id", operation.id, told, place, "rename one of the two")
        first.setdefault(operation.id, place)


def unused_components(root: Located) -> Iterator[Finding]:
    """Find the components that no operation reaches."""
    components = root.get("components")
    if not isinstance(components, Located):
        return
    reached: set[str] = set()
    waiting: list[object] = [value for key, value in root.items() if key != "components"]
    while waiting:
        node = waiting.pop()
        waiting += node if isinstance(node, list) else ()
        if isinstance(node, Located):
            waiting += node.values()
            for reference in _references(node):
                if reference not in reached:
                    reached.add(reference)
                    waiting.append(_at(root, reference))
    for section, members in components.items():
        if section == "securitySchemes" or not isinstance(members, Located):
            continue
        for name in members:
            if f"#/components/{section}/{name}" not in reached:
                told = f"no operation refers to #/components/{section}/{name}"
                yield found("unused-component", name, told, members.at(name), "remove it")


def _references(node: Located) -> Iterator[str]:
    reference = node.get("$ref")
    if isinstance(reference, str):
        # A reference into a component reaches the component.
        yield "/".join(reference.split("/")[:4])


def _at(root: Located, reference: str) -> object:
    node: object = root
    for step in reference.split("/")[1:]:
        node = node.get(step) if isinstance(node, Located) else None
    return node


def invalid(root: Located, path: Path, references: References) -> Iterator[Finding]:
    """Find what is no OpenAPI, at the line that says it."""
    if surely_valid(root, references):  # follows the references: a bad one ends the validator
        return
    # half a second that a valid spec can do without
    from jsonschema import Draft4Validator  # noqa: PLC0415 - as above
    from openapi_spec_validator import OpenAPIV30SpecValidator  # noqa: PLC0415 - as above
    from openapi_spec_validator.schemas import schema_v30  # noqa: PLC0415 - as above

    try:
        errors = list(OpenAPIV30SpecValidator(dict(root)).iter_errors())
    except Exception as error:  # noqa: BLE001 - the validator trips over what it is to validate
        evidence = f"it cannot even be validated: {type(error).__name__} {error}"
        yield found("invalid-openapi", named(path), evidence.splitlines()[0], root.place)
        return
    located = list(Draft4Validator(dict(schema_v30)).iter_errors(root)) if errors else []
    for each in located or errors:
        yield _told(root, _nearest(each), path)


def _told(root: Located, wrong: Any, path: Path) -> Finding:  # noqa: ANN401 - jsonschema has no types
    steps = list(getattr(wrong, "absolute_path", ()))
    told = str(getattr(wrong, "message", wrong)).splitlines()[0]
    place = place_of(root, steps)
    known = _at_steps(root, steps)
    if getattr(wrong, "validator", "") == "additionalProperties" and isinstance(known, Located):
        unexpected = next((name for name in _UNEXPECTED.findall(told) if name in known), None)
        if unexpected is not None:
            steps.append(unexpected)
            told, place = "it means nothing here", known.at(unexpected)
    where = "/".join(str(step) for step in steps)
    told = told if len(told) <= _SHOWN else f"{told[:_SHOWN]}…"
    evidence = f"{where}: {told}" if where else told
    return found("invalid-openapi", str(steps[-1]) if steps else named(path), evidence, place)


def _nearest(error: Any) -> Any:  # noqa: ANN401 - jsonschema has no types
    """Give the error at the bottom of an error that lists what none of its branches took."""
    while getattr(error, "context", None):
        branches = [
            each
            for each in error.context
            if not (each.validator == "required" and "'$ref'" in each.message)
        ]
        error = max(branches or error.context, key=lambda each: len(each.absolute_path))
    return error


def place_of(root: Located, steps: list[str | int]) -> Place:
    """Find the place of the last step of a path that the text names."""
    place = root.place
    node: object = root
    for step in steps:
        if isinstance(node, Located) and step in node:
            place = node.at(str(step))
            node = node[str(step)]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
            place = node.place if isinstance(node, Located) else place
    return place


def _at_steps(root: Located, steps: list[str | int]) -> object:
    node: object = root
    for step in steps:
        inner = isinstance(node, list) and isinstance(step, int) and step < len(node)
        if inner and isinstance(node, list) and isinstance(step, int):
            node = node[step]
        else:
            node = node.get(str(step)) if isinstance(node, Located) else None
    return node
