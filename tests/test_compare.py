"""`captcha-contract compare`: what moved between two runs is told, and noise is not."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import captcha_contract
from contract.spec.operations import Spec
from contract_tests.comparing.comparison import comparison
from contract_tests.comparing.run_reports import runs
from contract_tests.comparing.sides import side
from tests.generated_runs import (
    CAPTCHAS,
    PARKING,
    Injected,
    captcha,
    exchanges,
    parking,
    report,
    written,
)

PAIRS, BEFORE = 200, 20
SAMPLES = (5, 6, 8, 10)


def told(a: Path, b: Path) -> set[tuple[str, str]]:
    compared = comparison(side("A", runs(a)), side("B", runs(b)))
    return {(each.movement.name, each.subject) for each in compared.moved}


def run(*words: str) -> int:
    try:
        return captcha_contract.main(words)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


# 200 generated pairs


@pytest.fixture(scope="module")
def made(
    spec: Spec, platform: Spec, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """Make a side: a report, or a folder of several runs."""
    folder = tmp_path_factory.mktemp("pairs")
    kinds = {"captcha": (spec.operations[0], captcha), "parking": (platform.operations[0], parking)}

    def make(name: str, kind: str, injected: Injected, number: int) -> Path:
        operation, answer = kinds[kind]
        several = number % 5 == 0
        top = folder / f"{kind}-{name}-{number}"
        for each in range(3 if several else 1):
            path = top / str(each) / "report.json"
            if not path.exists():
                samples = SAMPLES[number % len(SAMPLES)]
                observed = exchanges(f"{name} {number} {each}", answer, injected, samples)
                written(path, report(operation, observed))
        return top if several else path

    return make


def pairs() -> Iterator[tuple[int, str, str]]:
    """Every change in turn, and in between nothing."""
    every = [("captcha", name) for name in CAPTCHAS] + [("parking", name) for name in PARKING]
    quiet = [("captcha", "nothing"), ("parking", "nothing")] * 3
    wanted = itertools.islice(itertools.cycle(every + quiet), PAIRS)
    return ((number, *each) for number, each in enumerate(wanted))


def of_kind(kind: str) -> Mapping[str, Injected]:
    return CAPTCHAS if kind == "captcha" else PARKING


def test_of_200_pairs_exactly_the_injected_changes_are_told(made: Callable[..., Path]) -> None:
    wrong = []
    for number, kind, name in pairs():
        changes = of_kind(kind)
        a = made("a", kind, changes["nothing"], number % BEFORE)
        b = made("b", kind, changes[name], number)
        found = told(a, b)
        if found != changes[name].told:
            wrong.append((number, kind, name, found ^ changes[name].told))

    assert wrong == []
