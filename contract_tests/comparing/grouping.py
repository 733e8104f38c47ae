"""A comparison → its differences by operation and by row, as every format shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.comparing.comparison import Comparison, Flaky, Moved
from contract_tests.comparing.counted_runs import ComparedSide


@dataclass(frozen=True, slots=True)
class SubjectGroup:
    """The differences of one row, or of one part of the answer; the whole operation has no name."""

    moved: tuple[Moved, ...]

    @property
    def name(self) -> str:
        """The row or part of the answer."""
        return self.moved[0].subject

    @property
    def words(self) -> str:
        """What the document calls the row."""
        return next((each.row.description for each in self.moved if each.row), "")

    @property
    def place(self) -> str:
        """Where the row, or what is promised of it, is written."""
        rows = (each.row.place for each in self.moved if each.row)
        return next((each for each in rows if each), self.moved[0].place)

    @property
    def acts(self) -> bool:
        """Whether a reader must act on one of them."""
        return any(each.movement.act for each in self.moved)


@dataclass(frozen=True, slots=True)
class OperationGroup:
    """The differences of one operation."""

    name: str
    summary: str
    subjects: tuple[SubjectGroup, ...]
    flaky: tuple[Flaky, ...]


def grouped(compared: Comparison) -> Iterator[OperationGroup]:
    """Group what moved; an operation of which nothing is to be told has no group."""
    keys = dict.fromkeys((each.operation, each.environment) for each in compared.moved)
    keys |= dict.fromkeys((each.operation, each.environment) for each in compared.flaky)
    for key in keys:
        mine = [each for each in compared.moved if (each.operation, each.environment) == key]
        subjects: dict[str, list[Moved]] = {}
        for each in mine:
            subjects.setdefault(each.pointer or each.subject, []).append(each)
        yield OperationGroup(
            name=named(*key),
            summary=_summary(compared, key[0]),
            subjects=tuple(SubjectGroup(tuple(each)) for each in subjects.values()),
            flaky=tuple(
                each for each in compared.flaky if (each.operation, each.environment) == key
            ),
        )


def _summary(compared: Comparison, operation: str) -> str:
    sides = (compared.b, compared.a)
    observed = [each for side in sides for each in side.operations.values() if each.id == operation]
    return next((each.summary for each in observed if each.summary), "")


def named(operation: str, environment: str) -> str:
    """Name an operation, with its environment where one run judged it in several."""
    return f"{operation} ({environment})" if environment else operation


def summary(compared: Comparison) -> str:
    """Sum a comparison up in one line."""
    act = sum(each.movement.act for each in compared.moved)
    other = len(compared.moved) - act
    if not compared.moved:
        return "nothing moved 无变化"
    counts = [f"{act} to act on 须处理"] if act else []
    counts += [f"{other} other difference{'s' * (other != 1)} 其他变化"] if other else []
    return ", ".join(counts)


def described(side: ComparedSide) -> str:
    """Describe a side in one line: its environments, its runs, and when they began."""
    began = " … ".join(dict.fromkeys(map(_minute, filter(None, side.started))))
    runs = f"{side.runs} run{'s' * (side.runs != 1)} 次运行"
    return " · ".join(each for each in (", ".join(side.environments), runs, began) if each)


def _minute(moment: str) -> str:
    """Shorten a moment as reports write it to its minute."""
    zone = " UTC" if moment.endswith("+00:00") else ""
    return moment[:16].replace("T", " ") + zone
