"""One change between two specs, what it does to a client, and the form of the rules for changes.

A rule names its mirror: what the same change is called when old and new are swapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from contract.findings import Place
from contract.registry import Entry


class Effect(Enum):
    """What a change does to a client that is written against the old spec."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    DOCUMENTATION = "documentation"


class Words(NamedTuple):
    """The same sentence in both languages."""

    english: str
    chinese: str

    def joined(self, other: Words) -> Words:
        """Say both, or one of two that are the same."""
        if self == other:
            return self
        return Words(f"{self.english}; {other.english}", f"{self.chinese}；{other.chinese}")


@dataclass(frozen=True, slots=True)
class Use:
    """Where a change acts: the operationId, and the names that lead to the member there."""

    operation: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two specs, and what it does to a client.

    Attributes:
        effect: whether it breaks a client.
        operation: operationId, the first of those that it concerns; `spec` for what concerns
            every operation.
        subject: the member, parameter or part of the operation that changed.
        rule: its name in `change_rules.RULES`.
        was: what the old spec says.
        now: what the new one says.
        what: what changed, in one sentence.
        why: why it has this effect, in one sentence.
        places: where the old and the new spec say it, or would say it.
        pointer: the names that lead to the member, `*` for the items of a list.
        uses: everywhere that it acts, where one text of the spec is used several times; the first
            is `operation` and `pointer`.
    """

    effect: Effect
    operation: str
    subject: str
    rule: str
    was: str
    now: str
    what: Words
    why: Words
    places: tuple[Place, Place]
    pointer: str = ""
    uses: tuple[Use, ...] = ()

    @property
    def id(self) -> str:
        """The name that a waiver gives the change: operation, subject, rule."""
        return f"{self.operation}-{self.subject}-{self.rule}"

    @property
    def reason(self) -> str:
        """Why it has this effect, in English."""
        return self.why.english

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that it concerns, each once."""
        return tuple(dict.fromkeys(use.operation for use in self.uses)) or (self.operation,)


_GONE, _CAME = "- ", "+ "
"""What marks the removed and the added lines of an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule(Entry):
    """A rule that says what changed.

    Attributes:
        effects: what changes of this kind can do to a client.
        mirror: the rule for the same change the other way round; its own name where both ways
            are called the same.
    """

    effects: tuple[Effect, ...]
    mirror: str

    @property
    def was(self) -> str:
        """The excerpt of the old spec in the example."""
        return self._excerpt(_GONE)

    @property
    def now(self) -> str:
        """The same excerpt of the new spec."""
        return self._excerpt(_CAME)

    def _excerpt(self, mark: str) -> str:
        lines = (line for line in self.broken.splitlines() if line.startswith(mark))
        return "\n".join(line.removeprefix(mark) for line in lines)


def change_rule(  # noqa: PLR0913 - a rule is made of these, each by name
    name: str,
    *,
    mirror: str | None = None,
    effects: tuple[Effect, ...],
    english: str,
    chinese: str,
    source: str,
    was: str,
    now: str,
) -> ChangeRule:
    """Make a rule whose example shows the change as removed and added lines."""
    gone = [f"{_GONE}{line}" for line in was.splitlines()]
    came = [f"{_CAME}{line}" for line in now.splitlines()]
    return ChangeRule(
        name=name,
        mirror=mirror or name,
        effects=effects,
        english=english,
        chinese=chinese,
        source=source,
        broken="\n".join([*gone, *came]),
        right=was,
    )
