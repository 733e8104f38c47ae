"""The matrix: each fault, the verdict it must come to, its level, and the checks that detect it.

`python -m tests.matrix` prints it; exit status 1 tells that something came to another verdict
than it names. One server serves every fault, each below a path of its own, so they are judged
side by side and none meets another's state.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from contract.findings import Level
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Judgement, Verdict, judge
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from contract_tests.observing.sending import Manners, observe
from mock_server.answer_editing import NotApplicable
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.faults.fault import Fault
from mock_server.faults.variations import VARIATIONS
from mock_server.serving.server import serving

PLATFORM = Path(__file__).parent / "platform" / "openapi.yaml"
KEYWORDS = Path(__file__).parent / "keywords" / "openapi.yaml"
FORMS = Path(__file__).parent / "specs" / "forms.yaml"
"""A contract with a member for every keyword that few documents need."""
EVERY = {**FAULTS, **VARIATIONS}
SEED = "c"
"""With this seed a fault that comes and goes hits three of the first four answers."""

USUAL = Manners(samples=4, rate=10_000)
MANNERS: Mapping[str, Manners] = {
    name: Manners(samples=2, rate=10_000, answer_timeout=0.5)
    for name in ("never-answers", "head-dripping", "body-dripping", "body-stuck")
} | {"slow": Manners(samples=2, rate=10_000)}
"""How to ask where the usual manners would take long."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fault and what came of it: its operation, and the judgement at the level `strict`."""

    fault: Fault
    operation: Operation
    judgement: Judgement

    @property
    def detected_by(self) -> frozenset[str]:
        """The checks that detected it."""
        return frozenset(finding.claim for finding in self.judgement.findings)

    @property
    def level(self) -> Level | None:
        """The level of the strongest promise that was broken."""
        return min((finding.level for finding in self.judgement.findings), default=None)

    @property
    def reasons(self) -> frozenset[str]:
        """Why samples could not be judged."""
        return frozenset(reading.reason for _, reading in self.judgement.unjudged)

    def verdict(self, strictness: Level) -> Verdict:
        """The verdict at another strictness."""
        return replace(self.judgement, strictness=strictness).verdict

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict at each strictness."""
        return tuple(self.verdict(level) for level in Level)

    @property
    def is_as_named(self) -> bool:
        """Whether all that the fault names came true, and nothing else."""
        fault = self.fault
        named = (fault.detected_by, fault.level, reasons_of(fault), expected(fault))
        return named == (self.detected_by, self.level, self.reasons, self.verdicts)

    def __str__(self) -> str:
        by = ", ".join(sorted(self.detected_by) or sorted(self.reasons)) or "–"
        verdict, level = self.verdict(Level.TABLE), self.level or "–"
        wrong = "" if self.is_as_named else "  NOT AS NAMED"
        return f"{self.fault.name:<30}  {verdict!s:<12}  {level!s:<6}  {by}{wrong}"


def reasons_of(fault: Fault) -> frozenset[str]:
    """Give the reason that a fault names, if it names one."""
    return frozenset([fault.inconclusive] if fault.inconclusive else [])


def expected(fault: Fault) -> tuple[Verdict, ...]:
    """Say what the design demands of a fault at each strictness."""
    if fault.inconclusive:
        return tuple(Verdict.INCONCLUSIVE for _ in Level)
    breaks = fault.level
    return tuple(
        Verdict.VIOLATES if breaks and breaks <= strictness else Verdict.CONFORMS
        for strictness in Level
    )


class Shelf:
    """Serves each application below its name: `/row-missing/…`."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self.apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, name, path = scope["path"].split("/", 2)
        below = {**scope, "path": f"/{path}", "raw_path": f"/{path}".encode()}
        await self.apps[name](below, receive, send)


def one_by_one(spec: Spec) -> list[Spec]:
    """Give a spec of each operation of a spec."""
    return [replace(spec, operations=(each,)) for each in spec.operations]


def rows(faults: Iterable[Fault]) -> Iterator[Row]:
    """Serve, observe and judge faults; eight at a time, for most of the time is waiting."""
    contracts = [load(SPEC), load(PLATFORM), load(KEYWORDS), *one_by_one(load(FORMS))]
    asked = {fault.name: fault for fault in faults}
    apps: dict[str, ASGIApp] = {}
    operations: dict[str, Operation] = {}
    for fault in asked.values():
        for contract in contracts:
            try:
                apps[fault.name] = application(contract, Captchas(SEED), fault)
            except NotApplicable:
                continue
            operations[fault.name] = contract.operations[0]
            break

    def row(name: str) -> Row:
        operation = operations[name]
        seen = tuple(observe(operation, f"{url}/{name}", MANNERS.get(name, USUAL)))
        judgement = judge(operation, provenance_of(operation), seen, strictness=Level.STRICT)
        return Row(asked[name], operation, judgement)

    with serving(Shelf(apps)) as url, ThreadPoolExecutor(8) as pool:
        yield from pool.map(row, apps)


def main() -> int:
    """Print the matrix; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", allow_abbrev=False)
    parser.add_argument("names", nargs="*", metavar="NAME", help="faults; default: all")
    parser.add_argument("--runs", type=int, default=1, help="run so often; default: 1")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - EVERY.keys())
    if unknown:
        parser.error(f"no such fault: {', '.join(unknown)}")
    chosen = [EVERY[name] for name in arguments.names or EVERY]
    wrong = 0
    for run in range(1, arguments.runs + 1):
        judged = list(rows(chosen))
        wrong += sum(not row.is_as_named for row in judged)
        for row in judged:
            if run == 1 or not row.is_as_named:
                print(row)
        kinds = [row.fault.name in VARIATIONS for row in judged]
        as_named = sum(row.is_as_named for row in judged)
        print(
            f"run {run}: {kinds.count(False)} faults and {kinds.count(True)} variations, "
            f"{as_named} of {len(judged)} as they name it"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
