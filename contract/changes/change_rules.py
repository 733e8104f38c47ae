"""What a change is, the rules that tell one, and the words that they tell it in.

A rule is a line of `RULES`; which place uses it says whether a change of the kind breaks a client.
To add a keyword to a family of rules: list it in `FAMILIES`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from contract.changes.cases import CONSTRAINING
from contract.findings import Place
from contract.spec.vocabulary import shown


class Effect(Enum):
    """What a change does to a client that is written against the old spec."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two specs, and what it does to a client.

    Attributes:
        effect: whether it breaks a client.
        operation: operationId; `spec` for what concerns every operation.
        subject: the member, parameter or part of the operation that changed.
        rule: which of `RULES` tells it.
        was: what the old spec says.
        now: what the new one says.
        reason: why it has this effect, in one sentence.
        places: where the old and the new spec say it, or would.
        pointer: the names that lead to the member, `*` for the items of a list.
    """

    effect: Effect
    operation: str
    subject: str
    rule: str
    was: str
    now: str
    reason: str
    places: tuple[Place, Place]
    pointer: str = ""

    @property
    def id(self) -> str:
        """Names the change, as a waiver does: operation, subject, rule."""
        return f"{self.operation}-{self.subject}-{self.rule}"


FAMILIES: Mapping[str, str] = {
    **dict.fromkeys(("type", "properties", "items"), "type"),
    "nullable": "null",
    "enum": "values",
    **dict.fromkeys(("minLength", "maxLength"), "length"),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), "range"),
    "pattern": "pattern",
    "format": "format",
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), "size"),
    **dict.fromkeys(("additionalProperties", "minProperties", "maxProperties"), "members"),
    **dict.fromkeys(("anyOf", "oneOf", "not"), "alternatives"),
    "x-unique": "unique",
    "x-image": "image",
    "x-business-success": "success-codes",
}
"""The kind of constraint that a keyword is; a rule is about a kind."""

OTHER = "constraint"
NOUNS: Mapping[str, str] = {
    "type": "type",
    "null": "ban on null",
    "values": "list of values",
    "length": "limits of length",
    "range": "range",
    "pattern": "pattern",
    "format": "format",
    "size": "limits of a list",
    "members": "limits on members",
    "alternatives": "alternatives",
    "unique": "promise to be unique",
    "image": "picture's facts",
    "success-codes": "list of success codes",
    OTHER: "constraints",
}

_OF_ANSWERS = frozenset(FAMILIES[word] for word in CONSTRAINING)
_SIDES: Mapping[str, str] = {
    "answer": "an answer",
    "request": "the body of a request",
    "parameter": "a parameter",
}
RULES: Mapping[str, str] = {
    "operation-removed": "An operation is there no more.",
    "operation-added": "An operation is new.",
    "operation-renamed": "An operationId changed; generated clients name their functions by it.",
    "environment-removed": "A server answers an operation no more.",
    "environment-moved": "An environment is no longer at an address that it had.",
    "environment-added": "An environment, or an address of one, is new.",
    "security-changed": "An operation asks for other credentials.",
    "answer-status-changed": "The good answer has another status.",
    "answer-status-added": "Another status is documented.",
    "answer-status-removed": "Another status is documented no more.",
    "answer-media-type-changed": "An answer has no longer a media type that it had.",
    "answer-media-type-added": "An answer may be had in another media type.",
    "answer-header-added": "An answer documents another header.",
    "request-added": "An operation takes a body.",
    "request-removed": "An operation takes a body no more.",
    "request-required": "A request needs a body, which was optional.",
    "request-optional": "A request needs a body no more.",
    "request-media-type-removed": "A body is taken in a media type no more.",
    "request-media-type-added": "A body is taken in another media type.",
    "parameter-added": "A parameter is new.",
    "parameter-removed": "A parameter is documented no more.",
    "parameter-moved": "A parameter is sent in another part of the request.",
    "parameter-renamed": "A part of the path has another name; no request shows it.",
    "parameter-required": "A parameter is needed, which was optional.",
    "parameter-optional": "A parameter is needed no more.",
    "deprecated": "Something is marked as deprecated.",
    "undeprecated": "Something is marked as deprecated no more.",
    "wording-changed": "A title, a summary, a description, a tag or a link changed.",
    "example-changed": "An example changed.",
    "sample-changed": "What the document's sample shows (x-sample) changed.",
    "mock-changed": "The mock server makes a value otherwise (x-mock).",
    "extension-changed": "A word changed that holds nobody to anything.",
    "unproved-change": "Something changed that cannot be proved to be harmless.",
    **{
        f"{side}-member-{word}": f"A member of {name} {told}."
        for side, name in _SIDES.items()
        for word, told in {
            "added": "is new",
            "removed": "is described no more",
            "required": "is needed, which was optional",
            "optional": "is needed no more",
        }.items()
    },
    **{
        f"{side}-{family}-{word}": f"The {noun} of something in {name} {told}."
        for side, name in _SIDES.items()
        for family, noun in NOUNS.items()
        if side == "answer" or family not in _OF_ANSWERS
        for word, told in {"loosened": "rules out less", "tightened": "rules out more"}.items()
    },
}
"""Each rule, and in one sentence what it tells."""

_FEW = 6
_SHORT = 60


def said(value: object) -> str:
    """Show a value of a spec in one short line; base64 is cut."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        more = f", … ({len(value)} in all)" if len(value) > _FEW else ""
        return f"[{', '.join(map(listed, value[:_FEW]))}{more}]"
    return listed(value)


def listed(value: object) -> str:
    """Show a value within a list."""
    if not isinstance(value, list | Mapping):
        return shown(value)
    text = dumped(value)
    return text if len(text) <= _SHORT and text.isprintable() else shown(text)


def dumped(value: object) -> str:
    """Write a value so that two that are the same are written the same."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)
