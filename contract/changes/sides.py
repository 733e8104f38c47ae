"""Where a change stands, and the keywords that are not constraints.

To add a keyword that makes no promise: list it in `KINDS`, and a new kind in `_WHY` and in
`change_rules.py`. A keyword that is not listed may be a promise, so a change of it is breaking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.changes.cases import CONSTRAINING
from contract.changes.change import Change, Effect
from contract.changes.constraints import Path
from contract.changes.written_values import brief, sorted_json
from contract.findings import Place
from contract.json_pointer import pointer_of
from contract.spec.yaml_text import Located

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("title", "summary", "description", "externalDocs", "tags"), "wording"),
    **dict.fromkeys(("example", "examples"), "example"),
    "x-sample": "sample",
    "x-mock": "mock",
    **dict.fromkeys(("xml", "discriminator", "links"), "extension"),
}
"""The keywords that make no promise, each with its kind."""
_WHY: Mapping[str, str] = {
    "wording": "texts for people changed, and nothing that a program sends or reads",
    "example": "an example illustrates the schema, and promises nothing itself",
    "sample": "a sample shows one answer and promises nothing, so no client can rely on it",
    "mock": "the mock server makes another value; the environments do not read it",
    "extension": "the keyword promises nothing about requests or answers",
}
_ABSENT = frozenset({"deprecated", "readOnly", "writeOnly", "allowEmptyValue", "allowReserved"})
"""Keywords that mean the same whether they are false or missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Where a schema stands: in which operation, and in which part of it.

    Attributes:
        operation: operationId.
        name: `answer`, `request` or `parameter`.
        subject: what the schema as a whole is called.
        pointer: the names that lead to it.
        prefix: what its members' subjects begin with, so that those of a 404 are its own.
    """

    operation: str
    name: str
    subject: str
    pointer: Path = ()
    prefix: str = ""

    @property
    def answers(self) -> bool:
        """Whether a server sends what the schema is about."""
        return self.name == "answer"

    def change(  # noqa: PLR0913 - a change is made of these, each by name
        self,
        effect: Effect,
        rule: str,
        path: Path,
        *,
        was: str,
        now: str,
        reason: str,
        places: tuple[Place, Place],
    ) -> Change:
        """Make a change of the schema or of the member at a path in it."""
        return Change(
            effect=effect,
            operation=self.operation,
            subject=self.called(path),
            rule=rule,
            was=was,
            now=now,
            reason=reason,
            places=places,
            pointer=pointer_of((*self.pointer, *path)),
        )

    def called(self, path: Path) -> str:
        """Give the name of the member at a path."""
        own = next((step for step in reversed(path) if step != "*"), None)
        return self.subject if own is None else f"{self.prefix}{own}"


def is_annotation(side: Side, word: str) -> bool:
    """Say whether a keyword of a schema is compared here, and not as a constraint."""
    if word in CONSTRAINING:
        return not side.answers
    return word.startswith("x-") or word in KINDS or word in _ABSENT or word == "default"


def plain(word: str, value: object) -> object:
    """Give the value of a keyword; None where it means the same as a missing one."""
    return None if word in _ABSENT and value is False else value


def word_changes(
    side: Side, path: Path, word: str, values: tuple[object, object], places: tuple[Place, Place]
) -> Iterator[Change]:
    """Compare a keyword that is not a constraint; an unknown one may be a constraint."""
    old, new = (plain(word, value) for value in values)
    if sorted_json(old) == sorted_json(new):
        return
    kind = KINDS.get(word, "extension" if word.startswith("x-") else "")
    effect, rule = Effect.DOCUMENTATION, f"{kind}-changed"
    reason = _WHY.get(kind, "")
    if word == "default" and side.answers:
        rule, reason = "extension-changed", _WHY["extension"]
    elif word == "deprecated":
        effect = Effect.COMPATIBLE if new else Effect.DOCUMENTATION
        rule = "deprecated" if new else "undeprecated"
        reason = (
            "it works as before, but may be removed later"
            if new
            else "it is no longer about to be removed"
        )
    elif not kind:
        effect, rule = Effect.BREAKING, "unproved-change"
        reason = f"nothing proves that clients do not notice another {word}"
    was, now = (
        f"{word} {brief(value)}" if value is not None else f"no {word}" for value in (old, new)
    )
    yield side.change(effect, rule, path, was=was, now=now, reason=reason, places=places)


def rest(
    side: Side, old: Located, new: Located, known: frozenset[str] = frozenset(), subject: Path = ()
) -> Iterator[Change]:
    """Compare the keywords that no other function compares; `known` lists those of the others."""
    for word in {**old, **new}:
        if word not in known:
            places = (old.at(word), new.at(word))
            yield from word_changes(side, subject, word, (old.get(word), new.get(word)), places)
