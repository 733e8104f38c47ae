"""The form of a fault: a function that breaks an answer, and what a reader must know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType

from contract.findings import Level
from contract.registry import Entry, registry
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer
from mock_server.wire import Wire

Break = Callable[[Answer, Operation], Answer | Wire]
"""A function that breaks an answer to an operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Entry):
    """One departure from the healthy answer.

    Its level is that of the strongest promise that it breaks, and its source says who would
    produce it in reality.

    Attributes:
        kind: the name of its module, which holds the faults of one kind.
        detected_by: the checks that must detect it; none for a harmless variation.
        inconclusive: the reason why an answer with it must not be judged.
        apply: answer → broken answer, or what goes over the wire in its place.
    """

    kind: str
    detected_by: frozenset[str]
    inconclusive: str | None
    apply: Break


def fault(
    *detected_by: str,
    chinese: str,
    source: str,
    level: Level = Level.TABLE,
    inconclusive: str | None = None,
) -> Callable[[Break], Fault]:
    """Make a fault of a function; its name and its docstring are those of the fault.

    Args:
        detected_by: the checks that must detect the fault.
        chinese: the sentence in Chinese.
        source: who would produce it in reality, or the clause that it breaks.
        level: the level of the strongest promise that it breaks.
        inconclusive: in place of checks, the reason why the answer must not be judged.
    """

    def register(function: Break) -> Fault:
        return Fault(
            name=function.__name__.replace("_", "-"),
            english=(function.__doc__ or "").strip(),
            chinese=chinese,
            source=source,
            level=level if detected_by else None,
            kind=function.__module__.rpartition(".")[2],
            detected_by=frozenset(detected_by),
            inconclusive=inconclusive,
            apply=function,
        )

    return register


def variation(*, chinese: str, source: str) -> Callable[[Break], Fault]:
    """Make a harmless variation of a function: a fault that no check may detect."""
    return fault(chinese=chinese, source=source)


def faults_in(modules: Iterable[ModuleType]) -> Mapping[str, Fault]:
    """Register the faults of modules, in the order in which they are written."""
    values = (value for module in modules for value in vars(module).values())
    return registry(value for value in values if isinstance(value, Fault))
