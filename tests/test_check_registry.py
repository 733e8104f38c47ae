"""The registries of checks, reasons and words: whole, and in both languages."""

from __future__ import annotations

import ast
import re

import pytest

from contract.findings import Level
from contract.judging.checks import CHECKS
from contract.judging.checks.check import ANSWER, REQUIRED, Check
from contract.judging.checks.schema_keywords import kebab
from contract.judging.claims import Claim, claims
from contract.judging.failure_kinds import FAILURE_KINDS
from contract.judging.glossary import GLOSSARY
from contract.judging.provenance import provenance_of
from contract.judging.reasons import REASONS
from contract.reaching import failures
from contract.registry import Entry
from contract.spec.operations import Spec
from tests.loopback import ROOT
from tests.small_specs import spec_of

of_every_check = pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
of_every_reason = pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
of_every_failure = pytest.mark.parametrize("failure", FAILURE_KINDS.values(), ids=FAILURE_KINDS)
of_every_word = pytest.mark.parametrize("word", GLOSSARY.values(), ids=GLOSSARY)

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def claimed(*contracts: Spec) -> list[Claim]:
    return [
        claim
        for contract in contracts
        for operation in contract.operations
        for claim in claims(operation, provenance_of(operation))
    ]


def is_whole(entry: Entry) -> bool:
    """Whether an entry has both sentences, and an example of each kind."""
    english, chinese = entry.english, entry.chinese
    return bool(english and not CHINESE.search(english.replace("图片base64", ""))) and bool(
        CHINESE.search(chinese)
    )


@of_every_check
def test_a_check_is_explained_in_both_languages_with_its_source_and_an_example(
    check: Check,
) -> None:
    assert is_whole(check)
    assert (check.english[-1], check.chinese[-1]) == (".", "。")
    assert check.source
    assert check.broken
    assert check.right
    assert check.broken != check.right


@of_every_check
def test_a_check_stands_behind_the_checks_that_come_before_it(check: Check) -> None:
    earlier = list(CHECKS)[: list(CHECKS).index(check.name)]

    assert set(check.after) <= set(earlier)


@of_every_check
def test_a_check_is_named_as_other_checks_are(check: Check) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check.name)


@of_every_reason
def test_a_reason_is_explained_in_both_languages_with_its_source_and_an_example(
    reason: Entry,
) -> None:
    assert is_whole(reason)
    assert reason.source
    assert reason.broken
    assert reason.right


@of_every_failure
def test_a_failure_is_explained_in_both_languages_with_its_source_and_an_example(
    failure: Entry,
) -> None:
    assert is_whole(failure)
    assert failure.source
    assert failure.broken.startswith(f"{failure.name}: ")
    assert failure.right


def failures_made() -> set[str]:
    """Give the kinds that stand in the code: what `Failure` is called with, and its table."""
    made = {kind for _, kind in failures._KINDS}  # noqa: SLF001 - the table is what is tested
    rooms = (ROOT / "contract_tests" / "observing", ROOT / "contract" / "reaching")
    for path in (file for room in rooms for file in room.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Failure":
                kinds = ast.walk(node.args[0])
                made |= {str(each.value) for each in kinds if isinstance(each, ast.Constant)}
    return {kind for kind in made if re.fullmatch(r"[a-z-]+", kind)}


def test_every_failure_that_is_noticed_is_explained() -> None:
    assert {"refused", "hung-up", "undecodable", "timeout"} <= failures_made()
    assert failures_made() - {*FAILURE_KINDS, *REASONS} == set()


@of_every_word
def test_a_word_is_explained_in_both_languages(word: Entry) -> None:
    assert is_whole(word)


def test_the_words_that_reports_use_are_explained() -> None:
    words = {"conforms", "violates", "inconclusive", "moot", "waived", "trial", "verdict", "claim"}

    assert words | {str(level) for level in Level} | {"unjudged", "not judged"} <= set(GLOSSARY)


def test_no_name_means_two_things() -> None:
    names = [*CHECKS, *REASONS, *FAILURE_KINDS, *GLOSSARY]

    assert len(names) == len(set(names))


def test_a_promise_stands_in_every_claim_in_both_languages(
    spec: Spec, platform: Spec, keywords: Spec
) -> None:
    listed = claimed(spec, platform, keywords)

    assert [claim.id for claim in listed if not claim.promise] == []
    assert [claim.id for claim in listed if not CHINESE.search(claim.promise_in_chinese)] == []


def test_a_claim_has_the_level_of_its_check_or_else_of_whoever_promised_it(
    spec: Spec, platform: Spec, keywords: Spec
) -> None:
    levels = {(claim.check.level, claim.level) for claim in claimed(spec, platform, keywords)}

    assert {(fixed, level) for fixed, level in levels if fixed not in {None, level}} == set()


def test_a_keyword_is_judged_by_the_check_of_its_name() -> None:
    found = [
        claim.name
        for claim in claimed(spec_of("{type: string, maxLength: 9, pattern: a, enum: [ab]}"))
        if claim.member is not None
    ]

    assert found == ["type", "enum", "pattern", "max-length"]


@pytest.mark.parametrize(
    "schema",
    [
        "{x-unit: metre}",
        "{format: int64}",
        "{type: object, properties: {a: {x-team: parking, x-sample: {x-note: 1}}}}",
    ],
)
def test_a_keyword_that_says_nothing_of_a_value_claims_nothing(schema: str) -> None:
    listed = [claim for claim in claimed(spec_of(schema)) if claim.member is not None]

    assert {claim.name for claim in listed} <= {"type"}


def test_every_keyword_that_the_spec_can_judge_has_a_check() -> None:
    judged = {"type", "anyOf", "format", "enum", "x-image", "x-unique", "x-business-success"}
    sizes = {
        f"{side}{what}" for side in ("min", "max") for what in ("Length", "Items", "Properties")
    }
    bounds = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    others = {"pattern", "uniqueItems", "oneOf", "not"}

    known = {keyword for check in CHECKS.values() for keyword in check.keywords}

    assert known - {ANSWER, REQUIRED, "$ref"} == judged | sizes | bounds | others
    assert {kebab(keyword) for keyword in sizes | bounds | others} <= set(CHECKS)


def test_what_a_recording_does_not_show_is_said_by_the_registry() -> None:
    assert [name for name, check in CHECKS.items() if not check.recorded] == ["no-bom"]
