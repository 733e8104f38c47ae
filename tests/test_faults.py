"""The teeth: a fault is detected by the checks it names and no others; every check has a fault."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import mock_server.faults.rows
from contract.findings import Level
from contract.judging.checks import CHECKS
from contract.judging.claims import claims
from contract.judging.exchange import Exchange
from contract.judging.provenance import provenance_of
from contract.judging.reasons import REASONS
from contract.judging.verdict import Verdict, judge
from contract.spec.operations import Spec
from contract_tests.observing.sending import observe
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS, KINDS
from mock_server.faults.fault import Fault, faults_in
from mock_server.faults.variations import VARIATIONS
from mock_server.serving.server import serving
from tests import matrix
from tests.loopback import python
from tests.matrix import EVERY, SEED, USUAL, Row, expected, reasons_of, rows

of_every_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
of_every_variation = pytest.mark.parametrize("variation", VARIATIONS.values(), ids=VARIATIONS)


@pytest.fixture(scope="module")
def judged() -> Mapping[str, Row]:
    return {row.fault.name: row for row in rows(EVERY.values())}


@of_every_fault
def test_a_fault_is_detected_as_it_says_and_by_nothing_else(
    fault: Fault, judged: Mapping[str, Row]
) -> None:
    row = judged[fault.name]

    assert (row.detected_by, row.reasons) == (fault.detected_by, reasons_of(fault))


@of_every_fault
def test_a_fault_comes_to_the_verdict_of_its_level_at_every_strictness(
    fault: Fault, judged: Mapping[str, Row]
) -> None:
    row = judged[fault.name]

    assert (row.level, row.verdicts) == (fault.level, expected(fault))


@of_every_variation
def test_nothing_is_detected_in_a_harmless_variation(
    variation: Fault, judged: Mapping[str, Row]
) -> None:
    row = judged[variation.name]

    assert (row.detected_by, row.reasons) == (frozenset(), frozenset())
    assert row.verdicts == (Verdict.CONFORMS,) * 3


@of_every_fault
def test_a_fault_names_what_must_detect_it_and_explains_itself(fault: Fault) -> None:
    assert bool(fault.detected_by) != bool(fault.inconclusive)
    assert (fault.english[-1:], fault.chinese[-1:], fault.source != "") == (".", "。", True)


@of_every_variation
def test_a_variation_names_no_check_and_explains_itself(variation: Fault) -> None:
    named = (variation.detected_by, variation.level, variation.inconclusive)

    assert named == (frozenset(), None, None)
    explained = (variation.english[-1:], variation.chinese[-1:], variation.source != "")
    assert explained == (".", "。", True)


def observed(contract: Spec) -> tuple[Exchange, ...]:
    with serving(application(contract, Captchas(SEED))) as url:
        return tuple(observe(contract.operations[0], url, USUAL))


@pytest.mark.parametrize("contract", ["spec", "platform", "keywords"])
def test_a_healthy_server_conforms(contract: str, request: pytest.FixtureRequest) -> None:
    served: Spec = request.getfixturevalue(contract)
    operation = served.operations[0]

    judgement = judge(
        operation, provenance_of(operation), observed(served), strictness=Level.STRICT
    )

    assert (judgement.verdict, judgement.findings) == (Verdict.CONFORMS, ())


def claimed(*contracts: Spec) -> set[tuple[str, Level]]:
    return {
        (claim.name, claim.level)
        for contract in contracts
        for operation in contract.operations
        for claim in claims(operation, provenance_of(operation))
    }


def test_every_check_has_a_fault_that_breaks_it_at_its_level(
    spec: Spec, platform: Spec, keywords: Spec, forms: Spec, judged: Mapping[str, Row]
) -> None:
    told = {
        (finding.claim, finding.level)
        for row in judged.values()
        for finding in row.judgement.findings
    }

    assert claimed(spec, platform, keywords, forms) - told == set()


def test_every_check_of_the_registry_is_claimed_by_a_spec_and_told_by_a_fault(
    spec: Spec, platform: Spec, keywords: Spec, forms: Spec
) -> None:
    names = {name for name, _ in claimed(spec, platform, keywords, forms)}

    assert (names, {name for fault in FAULTS.values() for name in fault.detected_by}) == (
        set(CHECKS),
        set(CHECKS),
    )


def test_every_reason_not_to_judge_has_a_fault_where_an_answer_came() -> None:
    named = {fault.inconclusive for fault in FAULTS.values()}

    assert named == {*REASONS, None} - {"unrecorded", "not-observed"}


A_FAULT = '''
from dataclasses import replace

from contract.findings import Level
from mock_server.faults.fault import fault


@fault(
    "media-type",
    level=Level.SAMPLE,
    chinese="Content-Type 是 CSV。",
    source="a service that exports",
)
def media_type_csv(answer, _):
    """The answer is right, but it calls itself CSV."""
    return replace(answer, media_type="text/csv")
'''


def test_a_fault_costs_one_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "added.py").write_text(A_FAULT, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    (added,) = faults_in([importlib.import_module("added")]).values()
    (row,) = rows([added])

    assert (added.name, added.english, added.chinese) == (
        "media-type-csv",
        "The answer is right, but it calls itself CSV.",
        "Content-Type 是 CSV。",
    )
    assert row.is_as_named
    assert [path.name for path in tmp_path.glob("*.py")] == ["added.py"]


def test_two_faults_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="row-missing is listed twice"):
        faults_in([mock_server.faults.rows, mock_server.faults.rows])


def test_every_kind_of_fault_has_a_title_and_every_title_a_fault() -> None:
    assert list(KINDS) == list(dict.fromkeys(fault.kind for fault in FAULTS.values()))


def test_there_are_eighty_faults_and_fifteen_variations_at_least() -> None:
    assert (len(FAULTS) >= 80, len(VARIATIONS) >= 15) == (True, True)


def test_the_matrix_prints_what_came_of_each_and_counts() -> None:
    done = python("-m", "tests.matrix", "row-missing", "msg-in-english", "gzipped", "--runs", "2")

    assert [line.split() for line in done.stdout.splitlines()[:3]] == [
        ["row-missing", "violates", "table", "required"],
        ["msg-in-english", "conforms", "sample", "enum"],
        ["gzipped", "conforms", "–", "–"],
    ]
    assert done.stdout.splitlines()[3:] == [
        f"run {run}: 2 faults and 1 variations, 3 of 3 as they name it" for run in (1, 2)
    ]
    assert done.returncode == 0


def test_the_matrix_fails_for_what_is_not_as_it_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = replace(FAULTS["row-missing"], detected_by=frozenset({"type"}))
    monkeypatch.setitem(matrix.EVERY, wrong.name, wrong)
    monkeypatch.setattr(sys, "argv", ["matrix", wrong.name])

    status = matrix.main()

    assert (status, "NOT AS NAMED" in capsys.readouterr().out) == (1, True)
