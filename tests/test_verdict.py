"""What is known of an operation after it was judged."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contract.findings import Level, Place
from contract.judging.exchange import NO_STATUS, Exchange, Failure, Response
from contract.judging.provenance import provenance_of
from contract.judging.reasons import REASONS
from contract.judging.unjudged_limit import unjudged_limit
from contract.judging.verdict import Judgement, Verdict, judge
from contract.spec.operations import Operation
from contract.waivers import Waiver
from tests.judged_answers import JSON, REQUEST
from tests.small_specs import operation_of

SHORT_PLATE = """{type: object, required: [plate], properties: {
  plate: {type: string, maxLength: 3, x-sample: {pattern: "^A"}},
  note: {type: object, required: [at], properties: {at: {type: string}}}}}"""
KEPT, SAMPLE_BROKEN, TABLE_BROKEN = ({"plate": each} for each in ("A", "B", "AAAA"))
WAIVER = Waiver(
    finding="getX-plate-max-length",
    environment="*",
    reason="agreed",
    ticket="",
    expires=date(2026, 12, 31),
    place=Place("waivers.yaml", 1),
)
BARE = {"note": {"at": "x"}}
CONFORMS, VIOLATES, OPEN = Verdict
DOWN = Failure("refused", "x")
UNKNOWN, UNSHOWN = Failure("failed", NO_STATUS), Response(200, JSON, b"", unrecorded="no body")
MOVED = Response(302, (), b"", unrecorded="no body")


def judgement_of(
    *came: object,
    level: Level = Level.SAMPLE,
    waived: bool = False,
    recorded: bool = False,
    limit: str = "20%",
) -> Judgement:
    """Judge payloads, or what came instead of them."""
    operation = operation_of(SHORT_PLATE)
    exchanges = [
        Exchange(
            number,
            REQUEST,
            each
            if isinstance(each, Response | Failure)
            else Response(200, JSON, json.dumps(each).encode()),
            0.1,
            recorded=recorded,
        )
        for number, each in enumerate(came, 1)
    ]
    return judge(
        operation,
        provenance_of(operation),
        exchanges,
        strictness=level,
        waived={WAIVER.finding: WAIVER} if waived else {},
        limit=unjudged_limit(limit),
    )


@pytest.mark.parametrize(
    ("came", "said", "expected"),
    [
        ([KEPT, KEPT], {}, CONFORMS),
        ([KEPT], {}, OPEN),
        ([KEPT], {"recorded": True}, CONFORMS),
        ([DOWN], {"recorded": True}, OPEN),
        ([], {}, OPEN),
        ([KEPT, DOWN], {}, OPEN),
        ([KEPT, DOWN, KEPT], {}, OPEN),
        ([KEPT, DOWN, KEPT], {"limit": "1"}, CONFORMS),
        ([KEPT, DOWN, KEPT], {"limit": "33%"}, OPEN),
        ([KEPT, DOWN, KEPT], {"limit": "34%"}, CONFORMS),
        ([KEPT, DOWN, KEPT, KEPT, KEPT], {}, CONFORMS),
        ([KEPT, DOWN, KEPT, KEPT, KEPT], {"limit": "0"}, OPEN),
        ([KEPT, DOWN, DOWN, KEPT, KEPT], {}, OPEN),
        ([KEPT, DOWN], {"limit": "100%"}, OPEN),
        ([KEPT, DOWN, DOWN], {"limit": "100%", "recorded": True}, CONFORMS),
        ([KEPT, UNKNOWN, UNSHOWN], {"recorded": True}, CONFORMS),
        ([UNKNOWN, UNSHOWN], {"recorded": True}, OPEN),
        ([KEPT, MOVED], {"recorded": True}, OPEN),
        ([KEPT, KEPT, UNKNOWN], {}, OPEN),
        ([TABLE_BROKEN, DOWN, DOWN, DOWN], {}, VIOLATES),
        ([TABLE_BROKEN], {}, VIOLATES),
        ([TABLE_BROKEN], {"waived": True}, OPEN),
        ([TABLE_BROKEN, KEPT], {"waived": True}, CONFORMS),
        ([SAMPLE_BROKEN, KEPT], {}, VIOLATES),
        ([SAMPLE_BROKEN, KEPT], {"level": Level.TABLE}, CONFORMS),
        ([SAMPLE_BROKEN, TABLE_BROKEN], {"waived": True}, VIOLATES),
        ([TABLE_BROKEN, KEPT], {"level": Level.TABLE}, VIOLATES),
    ],
    ids=repr,
)
def test_an_operation_violates_by_what_counts_and_conforms_by_enough_samples(
    came: list[object], said: dict[str, Any], expected: Verdict
) -> None:
    assert judgement_of(*came, **said).verdict is expected


@pytest.mark.parametrize(
    ("came", "said", "claim", "expected"),
    [
        ([KEPT, KEPT], {}, "plate-max-length", CONFORMS),
        ([KEPT], {}, "plate-max-length", OPEN),
        ([TABLE_BROKEN, KEPT], {}, "plate-max-length", VIOLATES),
        ([TABLE_BROKEN, KEPT], {}, "plate-type", CONFORMS),
        ([TABLE_BROKEN, KEPT], {"waived": True}, "plate-max-length", CONFORMS),
        ([TABLE_BROKEN], {"waived": True}, "plate-max-length", OPEN),
        ([SAMPLE_BROKEN, KEPT], {}, "plate-pattern", VIOLATES),
        ([SAMPLE_BROKEN, KEPT], {"level": Level.TABLE}, "plate-pattern", CONFORMS),
        ([BARE, BARE], {}, "plate-required", VIOLATES),
        ([BARE, BARE], {}, "plate-max-length", OPEN),
        ([BARE, BARE], {}, "plate-pattern", OPEN),
        ([BARE, BARE], {"level": Level.TABLE}, "plate-pattern", CONFORMS),
        ([BARE], {"level": Level.TABLE}, "plate-pattern", OPEN),
    ],
    ids=repr,
)
def test_a_claim_has_a_verdict_of_its_own(
    came: list[object], said: dict[str, Any], claim: str, expected: Verdict
) -> None:
    judgement = judgement_of(*came, **said)

    assert judgement.verdict_of(judgement.outcomes[f"getX-{claim}"]) is expected


@pytest.mark.parametrize(
    ("came", "name", "expected"),
    [
        ([KEPT, KEPT], "plate", CONFORMS),
        ([KEPT], "plate", OPEN),
        ([TABLE_BROKEN, KEPT], "plate", VIOLATES),
        ([TABLE_BROKEN, KEPT], "note", CONFORMS),
        ([BARE, BARE], "plate", VIOLATES),
        ([{"plate": "A", "note": 7}, KEPT], "note", VIOLATES),
        ([{"plate": "A", "note": 7}, {"plate": "A", "note": 7}], "at", OPEN),
        ([{"plate": "A", "note": 7}, {"plate": "A", "note": 7}], "plate", CONFORMS),
    ],
    ids=repr,
)
def test_a_member_has_the_worst_verdict_of_its_claims(
    came: list[object], name: str, expected: Verdict
) -> None:
    judgement = judgement_of(*came)
    (member,) = (each for each in judgement.operation.members if each.name == name)

    assert judgement.verdict_of_member(member) is expected


def test_a_member_that_is_none_of_the_operation_conforms(operation: Operation) -> None:
    judgement = judgement_of(TABLE_BROKEN, DOWN)

    assert judgement.verdict_of_member(operation.members[1]) is CONFORMS


def test_why_too_few_samples_could_be_judged_is_said_once_for_each_reason() -> None:
    judgement = judgement_of(DOWN, KEPT, DOWN, Failure("too-large", "2 MiB"))

    down, large = REASONS["no-answer"], REASONS["too-large"]
    assert judgement.why_inconclusive == (
        "1 of 4 samples could be judged: "
        f"{down.english} {down.chinese} (no-answer: refused: x; "
        "who answered 应答者: nobody 无应答); "
        f"{large.english} {large.chinese} (too-large: too-large: 2 MiB; "
        "who answered 应答者: not known 不明)"
    )


def test_a_finding_says_by_which_command_it_is_seen_again() -> None:
    (found,) = judgement_of(TABLE_BROKEN, KEPT).findings

    assert found.remedy == REQUEST.curl


def test_the_evidence_of_findings_and_of_unjudged_samples_holds_no_credential() -> None:
    request = replace(REQUEST, headers=(("X-Door", "k3y-0f"),), secret=frozenset({"X-Door"}))
    operation = operation_of(SHORT_PLATE)
    broken = Response(200, JSON, b'{"plate": "k3y-0f"}')
    came: list[Response | Failure] = [broken, Failure("reset", "it was k3y-0f")]
    exchanges = [Exchange(number, request, each, 0.1) for number, each in enumerate(came, 1)]

    judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.TABLE)

    told = [each.evidence for each in judgement.findings]
    told += [each.evidence for _, each in judgement.unjudged]
    assert ["k3y" in each for each in told] == [False] * 3
    assert all("[redacted]" in each for each in told)


def test_without_a_sample_as_many_are_needed_as_live() -> None:
    assert (judgement_of().enough, judgement_of(KEPT, recorded=True).enough) == (2, 1)


def test_one_recorded_sample_makes_the_whole_a_recording() -> None:
    operation = operation_of(SHORT_PLATE)
    good = Response(200, JSON, json.dumps(KEPT).encode())
    exchanges = [Exchange(number, REQUEST, good, 0.1, recorded=number == 1) for number in (1, 2)]

    judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.STRICT)

    assert (judgement.enough, judgement.outcomes["getX-answer-no-bom"].kept) == (1, 0)
