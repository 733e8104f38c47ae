"""The teeth: every fault is told by the checks it names and no others; every check has a fault."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from contract_tests.claims import claims
from contract_tests.observe import Manners, observe
from contract_tests.sources import sources_of
from contract_tests.verdict import Judgement, Verdict, judge
from mock_server.app import application
from mock_server.captcha import Captchas
from mock_server.faults import FAULTS, Fault
from mock_server.server import serving
from openapi.findings import Level
from openapi.spec import SPEC, Spec, load

PLATFORM = Path(__file__).parent / "platform" / "openapi.yaml"
MANNERS = Manners(samples=4, rate=10_000)
ELSEWHERE = {"row-too-long"}
"""Faults that 获取图形验证码 has nothing for; the platform's other operation has."""

of_every_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


def judged(spec: Spec, fault: Fault | None) -> Judgement:
    operation = spec.operations[0]
    with serving(application(spec, Captchas("teeth"), fault)) as url:
        exchanges = tuple(observe(operation, url, MANNERS))
    return judge(operation, sources_of(operation), exchanges, strictness=Level.STRICT)


@pytest.fixture(scope="module")
def contracts() -> dict[bool, Spec]:
    return {False: load(SPEC), True: load(PLATFORM)}


@of_every_fault
def test_a_fault_is_told_by_the_checks_it_names_and_by_no_others(
    fault: Fault, contracts: dict[bool, Spec]
) -> None:
    judgement = judged(contracts[fault.name in ELSEWHERE], fault)

    told = {finding.claim for finding in judgement.findings}
    reasons = {reading.reason for _, reading in judgement.unjudged}
    assert told == fault.told_by
    assert reasons == ({fault.inconclusive} if fault.inconclusive else set())


@of_every_fault
def test_a_fault_names_what_must_tell_it_and_says_what_it_does(fault: Fault) -> None:
    assert bool(fault.told_by) != bool(fault.inconclusive)
    assert fault.sentence.endswith(".")


@pytest.mark.parametrize("elsewhere", [False, True], ids=["getImgCode", "getParkingRecords"])
def test_a_healthy_server_conforms(contracts: dict[bool, Spec], *, elsewhere: bool) -> None:
    judgement = judged(contracts[elsewhere], None)

    assert (judgement.verdict, judgement.findings) == (Verdict.CONFORMS, ())


def test_every_check_has_a_fault_that_breaks_it(contracts: dict[bool, Spec]) -> None:
    claimed = {
        claim.name
        for spec in contracts.values()
        for operation in spec.operations
        for claim in claims(operation, sources_of(operation))
    }

    told = {name for fault in FAULTS.values() for name in fault.told_by}

    assert claimed - told == set()


def test_there_are_at_least_twenty_faults_over_all_table_rules(
    contracts: dict[bool, Spec],
) -> None:
    table = {
        claim.name
        for spec in contracts.values()
        for operation in spec.operations
        for claim in claims(operation, sources_of(operation))
        if claim.level is Level.TABLE
    }

    counted = Counter(name for fault in FAULTS.values() for name in fault.told_by & table)

    assert (counted.keys() == table, counted.total() >= 20) == (True, True)
