"""Values that are sent as plain text: parameters, headers, and the fields of a form.

There, 5 and "5" are the same text, so a server that takes any text takes every number too.
"""

from __future__ import annotations

import re
from dataclasses import replace

from contract.changes.cases import Case
from contract.spec.yaml_text import Located

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_POINTED = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+", re.ASCII)
_PLAIN = frozenset({"integer", "fraction", "boolean"})
_FLAG = re.compile("true|false")
_FLAGS = {"true": True, "false": False}
_MANY = 15


def readings(value: object) -> list[object]:
    """Give a value, and what else its text stands for."""
    if isinstance(value, bool):
        return [value, str(value).lower()]
    if isinstance(value, int | float):
        return [value, str(value)]
    if not isinstance(value, str) or len(value) > _MANY:
        return [value]
    kinds = ((_WHOLE, int), (_POINTED, float), (_FLAG, _FLAGS.get))
    return [value, *(read(value) for shape, read in kinds if shape.fullmatch(value))]


def as_text(case: Case) -> tuple[Case | None, Case | None]:
    """Give the numbers and flags of a case as the texts that are sent, and all that is left."""
    plain = case.kinds & _PLAIN
    if not plain:
        return None, case
    part = Located(case.parts[0].place)
    part["type"] = "string"
    part.update({"minLength": 1} if plain - {"boolean"} else {"enum": ["true", "false"]})
    text = replace(case, parts=(part,), kinds=frozenset({"string"}), names=frozenset())
    left = case.kinds - plain
    return text, replace(case, kinds=left) if left else None
