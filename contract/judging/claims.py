"""Spec → claims: what is checked, who promised it, and where.

The spec and the registry of checks alone decide which claims there are, so another operation is
judged without new code, and another check without a change here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from contract.findings import Level, Place, promise_id
from contract.judging.checks import CHECKS
from contract.judging.checks.check import ANSWER, REQUIRED, Check, Clause, SpotJudge
from contract.judging.checks.documented_names import DocumentedNames, documented_names
from contract.judging.provenance import Provenance
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import has_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One check of one subject: what is promised, by whom, where, and how it is judged.

    Attributes:
        operation: the operationId.
        subject: the name of the member, or `answer`.
        check: the entry of the registry. It does not judge a spot where a check that comes before
            it has failed: that finding says already what is wrong.
        level: who made the promise.
        promise: in English; `promise_in_chinese` says the same.
        places: where it is written, the document first.
        member: None for a claim about the answer as a whole.
        judge: finds the spots that break it.
        ordinal: from 1, where one check judges several promises about the subject: one in the
            table and one in `x-sample`, or two in the parts of an `allOf`.
    """

    operation: str
    subject: str
    check: Check
    level: Level
    promise: str
    promise_in_chinese: str
    places: tuple[Place, ...]
    member: Member | None
    judge: SpotJudge
    ordinal: int = 1

    @property
    def name(self) -> str:
        """The name of its check."""
        return self.check.name

    @property
    def id(self) -> str:
        """The name of the claim, the same in every run: operation, subject, check."""
        return promise_id(self.operation, self.subject, self.name, self.ordinal)


def claims(operation: Operation, provenance: Provenance) -> tuple[Claim, ...]:
    """List every claim that the spec makes of an operation's answer, in the order of judgement."""
    members = operation.answer.shown_members
    names = Counter(member.name for member in members)
    documented = documented_names(members)
    answer = Clause(
        operation=operation,
        member=None,
        keyword=ANSWER,
        argument=None,
        level=Level.TABLE,
        place=operation.place,
        is_row=False,
        documented=documented,
    )
    found = list(_of_clauses("answer", (answer,), provenance))
    for member in members:
        clauses = tuple(_clauses(operation, member, provenance, documented))
        found += _of_clauses(_subject(member, names), clauses, provenance)
    return tuple(_numbered(found))


def _numbered(found: Iterable[Claim]) -> Iterator[Claim]:
    """Number the claims of one check about one subject, so that each has an id of its own."""
    seen: Counter[str] = Counter()
    for claim in found:
        seen[claim.id] += 1
        yield replace(claim, ordinal=seen[claim.id])


def _subject(member: Member, names: Mapping[str, int]) -> str:
    """Name a member by its own name, or by its whole path where two share a name."""
    return member.name if names[member.name] == 1 else ".".join(member.path) or "answer"


def _clauses(
    operation: Operation, member: Member, provenance: Provenance, documented: DocumentedNames
) -> Iterator[Clause]:
    """Give what the spec says of a member, each as one clause."""
    said = [(each.keyword, each.argument, each.level, each.place) for each in member.promises]
    if member.required is not None and not has_word(member.schema, "writeOnly"):
        said.insert(0, (REQUIRED, None, member.required, member.place))
    is_row = provenance.row(member) is not None
    for keyword, argument, level, place in said:
        yield Clause(
            operation=operation,
            member=member,
            keyword=keyword,
            argument=argument,
            level=level,
            place=place,
            is_row=is_row,
            documented=documented,
        )


def _of_clauses(
    subject: str, clauses: tuple[Clause, ...], provenance: Provenance
) -> Iterator[Claim]:
    """Give the claims about one subject, in the order of the checks."""
    for check in CHECKS.values():
        for clause in clauses:
            stated = check.state(clause) if clause.keyword in check.keywords else None
            if stated is None:
                continue
            level, member = check.level or clause.level, clause.member
            written = provenance.of(member, level) if member else provenance.of_answer()
            yield Claim(
                operation=clause.operation.id,
                subject=subject,
                check=check,
                level=level,
                promise=stated.english,
                promise_in_chinese=stated.chinese,
                places=(*written, clause.place),
                member=member,
                judge=stated.judge,
            )
