"""Several environments → one table: what holds in each, operation by operation, row by row.

A line is an operation as a whole, a row of its field table, or a finding; its cells are the
environments, in the order in which they were asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from contract.findings import Finding
from contract.judging.outcomes import Outcome
from contract.judging.run import JudgedEnvironment
from contract.judging.verdict import Judgement, Verdict
from contract.spec.members import Member
from contract_tests.reports.as_terminal import observed
from contract_tests.reports.report_values import ReportCell, ReportLine

_WORST_FIRST = (Verdict.VIOLATES, Verdict.INCONCLUSIVE, "moot", Verdict.CONFORMS)


def side_by_side(environments: Sequence[JudgedEnvironment]) -> Iterator[ReportLine]:
    """Lay the environments of a run side by side; give nothing where there is only one."""
    if len(environments) > 1:
        columns = [_by_operation(each.judgements) for each in environments]
        for operation in dict.fromkeys(name for column in columns for name in column):
            yield from _of_operation(operation, [column.get(operation, []) for column in columns])


def weight(finding: Finding, judgement: Judgement) -> str:
    """Say what a finding does: it violates, warns, or is waived."""
    if judgement.fails(finding):
        return "violates"
    return "waived" if finding.id in judgement.waived else "warning"


def word_for(outcome: Outcome, judgement: Judgement) -> str:
    """Say what became of a claim: its verdict, or that it is moot."""
    spared = judgement.verdict is Verdict.VIOLATES or judgement.is_waived(outcome)
    moot = outcome.moot and spared
    return "moot" if moot else str(judgement.verdict_of(outcome))


def _by_operation(judgements: Iterable[Judgement]) -> dict[str, list[Judgement]]:
    """Gather the judgements of each operation: a recording may show it at several base URLs."""
    gathered: dict[str, list[Judgement]] = {}
    for each in judgements:
        gathered.setdefault(each.operation.id, []).append(each)
    return gathered


def _of_operation(operation: str, columns: Sequence[list[Judgement]]) -> Iterator[ReportLine]:
    yield ReportLine(
        operation=operation, kind="operation", name=operation, cells=tuple(map(_whole, columns))
    )
    first = next(each for column in columns for each in column)
    for member in first.provenance.rows(first.operation):
        row = first.provenance.row(member)
        yield ReportLine(
            operation=operation,
            kind="field",
            name=row.name if row else member.name,
            cells=tuple(_of_member(member, column) for column in columns),
        )
    found = [finding for column in columns for each in column for finding in each.findings]
    for name in dict.fromkeys(finding.id for finding in found):
        yield ReportLine(
            operation=operation,
            kind="finding",
            name=name,
            cells=tuple(_of_claim(name, column) for column in columns),
        )


def _whole(judgements: Sequence[Judgement]) -> ReportCell:
    counts = (f"{each.judged} of {len(each.exchanges)} samples judged" for each in judgements)
    return ReportCell(
        verdict=_worst(each.verdict for each in judgements), observed="; ".join(counts)
    )


def _of_member(member: Member, judgements: Sequence[Judgement]) -> ReportCell:
    return ReportCell(
        verdict=_worst(each.verdict_of_member(member) for each in judgements),
        observed="; ".join(observed(each, member) for each in judgements if each.judged),
    )


def _of_claim(name: str, judgements: Sequence[Judgement]) -> ReportCell:
    """Say what became of a claim: the weight of its finding, or its verdict."""
    findings = [(found, each) for each in judgements for found in each.findings if found.id == name]
    evidence = dict.fromkeys(found.evidence for found, _ in findings)
    said = "; ".join(evidence)
    weights = {weight(found, each) for found, each in findings}
    for word in ("violates", "warning", "waived"):
        if word in weights:
            return ReportCell(verdict=word, observed=said)
    return ReportCell(
        verdict=_worst(
            word_for(each.outcomes[name], each) for each in judgements if name in each.outcomes
        ),
        observed="",
    )


def _worst(verdicts: Iterable[str]) -> str | None:
    """Give the worst of some verdicts; None where nothing was judged."""
    there = set(verdicts)
    return next((str(each) for each in _WORST_FIRST if each in there), None)
