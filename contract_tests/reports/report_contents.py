"""A run → what every report shows (`report_values.py`), without credentials."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from contract import __version__, printable
from contract.findings import Finding, Level
from contract.instances import MISSING, instances
from contract.json_pointer import pointer_of
from contract.judging.exchange import Attempt, Exchange, Failure
from contract.judging.outcomes import Outcome
from contract.judging.reading import JudgeableAnswer, Reading
from contract.judging.reasons import REASONS
from contract.judging.run import Run
from contract.judging.verdict import Judgement, Verdict
from contract.judging.who_answered import WHO
from contract.pictures import image
from contract.spec.members import Member
from contract.spec.vocabulary import IMAGE, encoded, picture
from contract_tests.reports.as_terminal import observed
from contract_tests.reports.observed_members import observed_members
from contract_tests.reports.report_values import (
    TRUTHS,
    VERSION,
    ReportClaim,
    ReportContents,
    ReportEnvironment,
    ReportExchange,
    ReportField,
    ReportFinding,
    ReportMember,
    ReportOperation,
    ReportPicture,
    ReportTry,
    ReportUnjudged,
    ReportWaiver,
)
from contract_tests.reports.side_by_side import side_by_side, weight, word_for


def contents(run: Run) -> ReportContents:
    """Gather what the reports show; each text is on one line, and nothing in it is a command."""
    shown: ReportContents = _printable(_contents(run))
    return shown


def _contents(run: Run) -> ReportContents:
    return ReportContents(
        version=VERSION,
        suite=__version__,
        verdict=run.verdict,
        exit_status=run.exit_status,
        started=run.started.isoformat(timespec="seconds"),
        strictness=str(run.strictness),
        environment=run.environment,
        environments=tuple(
            ReportEnvironment(name=each.name, verdict=each.verdict) for each in run.environments
        ),
        insecure=run.insecure,
        remarks=run.remarks,
        side_by_side=tuple(side_by_side(run.environments)),
        operations=tuple(
            _judged(judgement, each.name)
            for each in run.environments
            for judgement in each.judgements
        ),
    )


def _printable(value: Any) -> Any:  # noqa: ANN401 - whatever a report holds
    """Put every text of a report through the one escape."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return printable.line(value)
    if isinstance(value, tuple):
        return tuple(map(_printable, value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {each.name: _printable(getattr(value, each.name)) for each in fields(value)}
        return replace(value, **changed)
    return value


def _judged(judgement: Judgement, environment: str) -> ReportOperation:
    operation = judgement.operation
    request = judgement.exchanges[0].request
    document = judgement.provenance.of_answer()
    open_ = judgement.verdict is Verdict.INCONCLUSIVE
    found = [_found(each, judgement) for each in judgement.findings]
    weights = list(TRUTHS)
    return ReportOperation(
        id=operation.id,
        environment=environment,
        summary=operation.summary,
        method=operation.method,
        url=request.url,
        document=document[0].path if document else None,
        verdict=judgement.verdict,
        why=judgement.why_inconclusive if open_ else None,
        hints=tuple(_hints(judgement)) if open_ else (),
        curl=request.curl,
        samples=len(judgement.exchanges),
        judged=judgement.judged,
        fields=tuple(_field(member, judgement) for member in judgement.provenance.rows(operation)),
        findings=tuple(sorted(found, key=lambda each: weights.index(each.verdict))),
        unjudged=tuple(
            ReportUnjudged(
                sample=number,
                reason=reading.reason,
                meaning=REASONS[reading.reason].english,
                meaning_zh=REASONS[reading.reason].chinese,
                evidence=reading.evidence,
                who=reading.who,
                who_meaning=WHO[reading.who][0],
                who_meaning_zh=WHO[reading.who][1],
            )
            for number, reading in judgement.unjudged
        ),
        claims=tuple(_claimed(outcome, judgement) for outcome in judgement.outcomes.values()),
        exchanges=tuple(
            _called(exchange, reading, judgement)
            for exchange, reading in zip(judgement.exchanges, judgement.readings, strict=True)
        ),
    )


def _hints(judgement: Judgement) -> Iterator[str]:
    outcomes = (exchange.outcome for exchange in judgement.exchanges)
    hints = (outcome.hint for outcome in outcomes if isinstance(outcome, Failure))
    return (hint for hint in dict.fromkeys(hints) if hint)


def _field(member: Member, judgement: Judgement) -> ReportField:
    row = judgement.provenance.row(member)
    places = judgement.provenance.of(member, Level.TABLE) if row else ()
    return ReportField(
        name=row.name if row else member.name,
        pointer=pointer_of(member.path),
        required=row.required if row else "",
        type=row.type if row else str(member.schema.get("type", "")),
        max_length=row.max_length if row else "",
        description=row.description if row else "",
        observed=observed(judgement, member),
        verdict=judgement.verdict_of_member(member),
        place=places[0] if places else None,
    )


def _claimed(outcome: Outcome, judgement: Judgement) -> ReportClaim:
    claim = outcome.claim
    return ReportClaim(
        id=claim.id,
        pointer=pointer_of(claim.member.path) if claim.member else "",
        level=str(claim.level),
        promise=claim.promise,
        promise_zh=claim.promise_in_chinese,
        places=claim.places,
        verdict=word_for(outcome, judgement),
        kept=outcome.kept,
    )


def _found(finding: Finding, judgement: Judgement) -> ReportFinding:
    waiver = judgement.waived.get(finding.id)
    return ReportFinding(
        id=finding.id,
        subject=finding.subject,
        claim=finding.claim,
        level=str(finding.level),
        verdict=weight(finding, judgement),
        pointer=finding.pointer,
        promise=finding.promise,
        promise_zh=judgement.outcomes[finding.id].claim.promise_in_chinese,
        evidence=finding.evidence,
        places=finding.places,
        samples=finding.samples,
        of=len(judgement.exchanges),
        curl=finding.remedy,
        waiver=None
        if waiver is None
        else ReportWaiver(
            reason=waiver.reason,
            ticket=waiver.ticket,
            expires=waiver.expires.isoformat(),
            place=waiver.place,
        ),
    )


def _called(exchange: Exchange, reading: Reading, judgement: Judgement) -> ReportExchange:
    tried = _tried(exchange)
    response = None if isinstance(exchange.outcome, Failure) else exchange.outcome
    media_type = response.header("Content-Type") if response else None
    return ReportExchange(
        sample=exchange.number,
        started=tried.started,
        seconds=tried.seconds,
        waited=round(exchange.waited, 6),
        status=tried.status,
        failure=tried.failure,
        media_type=media_type,
        size=len(response.body) if response else None,
        transferred=response.transferred if response else None,
        judged=exchange.number not in dict(judgement.unjudged),
        earlier=tuple(_tried(attempt) for attempt in exchange.earlier),
        pictures=tuple(_pictures(reading, judgement)),
        members=_members(reading),
    )


def _tried(attempt: Attempt | Exchange) -> ReportTry:
    outcome = attempt.outcome
    return ReportTry(
        started=attempt.started.isoformat(timespec="milliseconds") if attempt.started else None,
        seconds=round(attempt.seconds, 6),
        status=None if isinstance(outcome, Failure) else outcome.status,
        failure=f"{outcome.kind}: {outcome.evidence}" if isinstance(outcome, Failure) else None,
    )


def _members(reading: Reading) -> tuple[ReportMember, ...]:
    """List the members of an answer; a file, and an answer without a body, have none."""
    if not isinstance(reading, JudgeableAnswer) or reading.value is MISSING:
        return ()
    return observed_members(reading.value)


def _pictures(reading: Reading, judgement: Judgement) -> Iterator[ReportPicture]:
    if isinstance(reading, JudgeableAnswer):
        for member in judgement.operation.members:
            if member.schema.get("format") == IMAGE:
                for found in instances(reading.value, member.path):
                    if isinstance(found.value, str):
                        yield _picture(found.pointer, found.value)


def _picture(pointer: str, text: str) -> ReportPicture:
    data, seen, problem = b"", None, None
    try:
        data = encoded(text).data
        seen = picture(text)
    except (image.NotBase64, image.NotAnImage) as wrong:
        problem = str(wrong)
    return ReportPicture(
        pointer=pointer,
        size=len(data) or None,
        sha256=hashlib.sha256(data).hexdigest() if data else None,
        media_type=seen.media_type if seen else None,
        width=seen.width if seen else None,
        height=seen.height if seen else None,
        problem=problem,
        data=data if seen else b"",
    )
