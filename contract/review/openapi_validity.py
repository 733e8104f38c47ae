"""Whether the YAML is OpenAPI 3.0 at all: what a validator says, at the line that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract.findings import Level, named
from contract.review.review_rule import Violation, YamlRule
from contract.spec.references import References
from contract.spec.validity import surely_valid
from contract.spec.yaml_nodes import node_at, place_of
from contract.spec.yaml_text import Located

_LONGEST = 100
_UNEXPECTED = re.compile(r"'([^']+)'")


def invalid_openapi(references: References, path: Path) -> Iterator[Violation]:
    """Find what is not OpenAPI.

    Raises:
        InvalidSpec: a reference leads nowhere, or back to itself.
    """
    root = references.root
    if surely_valid(root, references):  # follows the references: a bad one ends the validator
        return
    # half a second that a valid spec can do without
    from jsonschema import Draft4Validator  # noqa: PLC0415 - as above
    from openapi_spec_validator import OpenAPIV30SpecValidator  # noqa: PLC0415 - as above
    from openapi_spec_validator.schemas import schema_v30  # noqa: PLC0415 - as above

    try:
        errors = list(OpenAPIV30SpecValidator(dict(root)).iter_errors())
    except Exception as error:  # noqa: BLE001 - the validator trips over what it is to validate
        evidence = f"the validator fails on it: {type(error).__name__} {error}"
        subject, places = named(path), (root.place,)
        yield Violation(subject=subject, evidence=evidence.splitlines()[0], places=places)
        return
    located = list(Draft4Validator(dict(schema_v30)).iter_errors(root)) if errors else []
    for each in located or errors:
        yield _violation(root, _nearest(each), path)


def _violation(root: Located, wrong: Any, path: Path) -> Violation:  # noqa: ANN401 - jsonschema has no types
    steps = list(getattr(wrong, "absolute_path", ()))
    message = str(getattr(wrong, "message", wrong)).splitlines()[0]
    place = place_of(root, steps)
    holder = node_at(root, steps)
    if getattr(wrong, "validator", "") == "additionalProperties" and isinstance(holder, Located):
        unexpected = next((name for name in _UNEXPECTED.findall(message) if name in holder), None)
        if unexpected is not None:
            steps.append(unexpected)
            message, place = "it means nothing here", holder.at(unexpected)
    where = "/".join(str(step) for step in steps)
    message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
    return Violation(
        subject=str(steps[-1]) if steps else named(path),
        evidence=f"{where}: {message}" if where else message,
        places=(place,),
    )


def _nearest(error: Any) -> Any:  # noqa: ANN401 - jsonschema has no types
    """Find the most precise error inside an error."""
    while getattr(error, "context", None):
        branches = [
            each
            for each in error.context
            if not (each.validator == "required" and "'$ref'" in each.message)
        ]
        error = max(branches or error.context, key=lambda each: len(each.absolute_path))
    return error


INVALID_OPENAPI = YamlRule(
    name="invalid-openapi",
    title="不是有效的 OpenAPI",
    find=invalid_openapi,
    english="The YAML is valid OpenAPI 3.0.",
    chinese="YAML 是有效的 OpenAPI 3.0。",
    source="OpenAPI 3.0.3, and its JSON Schema",
    level=Level.TABLE,
    broken="sumary: 查询账户",
    right="summary: 查询账户",
)
RULES = (INVALID_OPENAPI,)
