"""The one form of all findings.

A finding names the claim that failed, what was promised and where, what came instead, and what
to do next. The review of a spec and the judgement of an environment use the same form, so one
waivers file and one annotation format serve both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from contract.plain_files import real


class Level(IntEnum):
    """Who made the promise: the document's table, its sample, or good practice."""

    TABLE = 1
    SAMPLE = 2
    STRICT = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line, and where known a column, of a file; both count from 1, and 0 is the whole file."""

    path: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        column = "" if self.column is None else f":{self.column}"
        return f"{self.path}{line}{column}"


class Unusable(ValueError):  # noqa: N818 - its kinds name what is wrong with a file
    """A file cannot be used at all: `place` says where, `problem` why and what to do."""

    def __init__(self, place: Place, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken promise: what was promised, what came, where it is written, what to do next.

    Attributes:
        operation: operationId, or the document's path where no operation is known yet.
        subject: the field row, envelope member or part of the answer that the claim is about.
        claim: the check or review rule that was broken.
        level: who made the promise.
        promise: what was promised.
        evidence: what came instead; never base64, never a credential.
        places: where the promise is written, the document first.
        remedy: what to do next: an edit, or the command that shows it again.
        pointer: JSON Pointer (RFC 6901) into the answer, empty for the whole of it.
        samples: numbers, from 1, of the answers that broke it.
        ordinal: from 1, where a subject is promised several things that one check judges.
    """

    operation: str
    subject: str
    claim: str
    level: Level
    promise: str
    evidence: str
    places: tuple[Place, ...] = ()
    remedy: str = ""
    pointer: str = ""
    samples: tuple[int, ...] = ()
    ordinal: int = 1

    @property
    def id(self) -> str:
        """The name of the broken promise, the same in every run: operation, subject, claim."""
        return promise_id(self.operation, self.subject, self.claim, self.ordinal)


def promise_id(operation: str, subject: str, claim: str, ordinal: int) -> str:
    """Name a promise; the second of one claim about one subject ends in `-2`."""
    name = f"{operation}-{subject}-{claim}"
    return name if ordinal == 1 else f"{name}-{ordinal}"


def named(path: Path) -> str:
    """Name a file as a reader would: from the current directory where it lies below it."""
    absolute = real(path)
    here = Path.cwd()
    if absolute.is_relative_to(here):
        return absolute.relative_to(here).as_posix()
    stepped = path.is_absolute() and ".." in path.parts
    return (absolute if stepped else path).as_posix()
