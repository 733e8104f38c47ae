"""What a fault is: a function that spoils an answer, and the names of those who must tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

from contract.findings import Level
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer
from mock_server.wire import Wire

Break = Callable[[Answer, Operation], Answer | Wire]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One departure from the healthy answer.

    Attributes:
        name: as users ask for it.
        sentence: what it does.
        kind: the module that it stands in, with its kin.
        told_by: the checks of `contract_tests` that must tell it; none for a harmless one.
        level: the level of the strongest promise that it breaks.
        inconclusive: why the answer must count as not to be judged.
        apply: answer → answer, or what goes over the wire in its place.
    """

    name: str
    sentence: str
    kind: str
    told_by: frozenset[str]
    level: Level | None
    inconclusive: str | None
    apply: Break


def fault(
    *told_by: str, level: Level = Level.TABLE, inconclusive: str | None = None
) -> Callable[[Break], Fault]:
    """Make a function the fault of its name, told by these checks or for this reason."""

    def register(function: Break) -> Fault:
        return Fault(
            name=function.__name__.replace("_", "-"),
            sentence=(function.__doc__ or "").strip(),
            kind=function.__module__.rpartition(".")[2],
            told_by=frozenset(told_by),
            level=level if told_by else None,
            inconclusive=inconclusive,
            apply=function,
        )

    return register


def catalogue(modules: Iterable[ModuleType]) -> dict[str, Fault]:
    """List the faults of modules, each in the order it is written in."""
    listed = (value for module in modules for value in vars(module).values())
    return {each.name: each for each in listed if isinstance(each, Fault)}
