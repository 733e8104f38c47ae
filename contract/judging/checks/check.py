"""The form of a check: one promise about answers, and the function that judges it.

A clause is one thing that the spec says: of the answer as a whole, or by one keyword of one
member. A check says which clauses it belongs to, puts the clause into words, and judges the spots
where the member stands, or should stand. The `check` decorator makes a function a check.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from contract.findings import Level, Place
from contract.judging.checks.documented_names import DocumentedNames
from contract.registry import Entry
from contract.spec.members import Member
from contract.spec.operations import Operation

ANSWER = "answer"
"""Stands for a keyword in the clauses about the answer as a whole."""
REQUIRED = "required"
"""The keyword of the clause that a member must be present; it stands in the object around it."""

PRESENT_AND_TYPED = ("required", "type")
"""The checks that come before nearly every other check of a member."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where a member stands, or should stand: the sample, a JSON Pointer, the value, its holder.

    For a claim about the answer as a whole the value is the `Reading`.
    """

    sample: int
    pointer: str
    value: object
    holder: Mapping[str, object] | None = None


Breaks = Iterator[tuple[Spot, str]]
"""The spots that break a promise, each with the evidence."""
SpotJudge = Callable[[Sequence[Spot]], Breaks]
"""A function that judges spots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing that the spec says, and that checks can judge.

    Attributes:
        operation: whose answer it is about.
        member: which member it is about; None for the answer as a whole.
        keyword: `ANSWER`, `REQUIRED` or a keyword of the member's schema.
        argument: the value of the keyword.
        level: who says it.
        place: where the spec says it.
        is_row: whether a row of the document's field table describes the member.
        documented: the names that the spec documents in each object.
    """

    operation: Operation
    member: Member | None
    keyword: str
    argument: object
    level: Level
    place: Place
    is_row: bool
    documented: DocumentedNames

    @property
    def subject(self) -> Member:
        """The member, in a clause that is about one."""
        if self.member is None:
            raise ValueError(f"the clause {self.keyword} is about no member")
        return self.member


@dataclass(frozen=True, slots=True)
class WordedClause:
    """A clause in words, in both languages, and the judge of the spots it is about."""

    english: str
    chinese: str
    judge: SpotJudge


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Entry):
    """One promise that answers are checked for.

    Attributes:
        keywords: the keywords of the clauses that it belongs to.
        state: puts a clause into words; None if the check does not apply to it.
        fewest: how many values it needs before it says anything.
        asks_the_absent: whether it also judges an optional member that is absent or null.
        blocks_inner: whether nothing inside a member that breaks it can be judged.
    """

    keywords: frozenset[str]
    state: Callable[[Clause], WordedClause | None]
    fewest: int = 1
    asks_the_absent: bool = False
    blocks_inner: bool = False


def check(  # noqa: PLR0913 - what a reader must know of a check
    name: str,
    *keywords: str,
    english: str,
    chinese: str,
    source: str,
    broken: str,
    right: str,
    level: Level | None = None,
    after: tuple[str, ...] = PRESENT_AND_TYPED,
    recorded: bool = True,
    fewest: int = 1,
    asks_the_absent: bool = False,
    blocks_inner: bool = False,
) -> Callable[[Callable[[Clause], WordedClause | None]], Check]:
    """Make a check of a function that puts clauses into words."""

    def register(state: Callable[[Clause], WordedClause | None]) -> Check:
        return Check(
            name=name,
            keywords=frozenset(keywords),
            english=english,
            chinese=chinese,
            source=source,
            broken=broken,
            right=right,
            level=level,
            after=after,
            recorded=recorded,
            fewest=fewest,
            asks_the_absent=asks_the_absent,
            blocks_inner=blocks_inner,
            state=state,
        )

    return register


def listed_in(modules: Collection[ModuleType]) -> Iterator[Check]:
    """Give the checks of modules, in the order in which they are written."""
    values = (value for module in modules for value in vars(module).values())
    return (value for value in values if isinstance(value, Check))


def each_value(judge: Callable[[object], str | None]) -> SpotJudge:
    """Judge every spot by its value alone."""
    return each_spot(lambda spot: judge(spot.value))


def each_spot(judge: Callable[[Spot], str | None]) -> SpotJudge:
    """Judge every spot by itself."""

    def judged(spots: Sequence[Spot]) -> Breaks:
        for spot in spots:
            evidence = judge(spot)
            if evidence is not None:
                yield spot, evidence

    return judged
