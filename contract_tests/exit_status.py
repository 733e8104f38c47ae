"""The exit status of a contract run: every collected claim is followed to its verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field

import pytest

from contract import printable
from contract.judging.outcomes import Outcome
from contract.judging.verdict import Judgement, Verdict
from contract.reaching.environments import TARGETS

INCONCLUSIVE = 69
"""EX_UNAVAILABLE of sysexits.h."""

VERDICT = "contract verdict"
"""The property of a test's report that carries a claim's verdict."""

CLAIM_VERDICT = pytest.StashKey[str]()
"""What was found for a claim, as `told` says it."""

RERUN = "rerun"
"""What pytest-rerunfailures makes of the outcome of a test that it is about to run again."""

GENERATED = "test_generated_request"
"""The name of the tests of generated requests."""

_EXPECTED = {
    "conforms": ("call", "passed"),
    "violates": ("call", "failed"),
    "inconclusive": ("setup", "failed"),
    "moot": ("setup", "skipped"),
    "waived": ("setup", "skipped"),
    "unasked": ("call", "passed"),
}
_SETTLED = frozenset({"conforms", "violates", "moot", "waived", "unasked"})
_OURS = frozenset({"test_claim", "test_operation_can_be_judged", GENERATED})
_PREFIX = re.compile(rf"\[({'|'.join(TARGETS)}):")
_LETTERS = {"violates": "V", "inconclusive": "I", "moot": "m", "waived": "w"}


def own_name(test: str) -> str:
    """Give the name of a test's function, by the id of the test, whatever its parameters hold."""
    return test.partition("[")[0].rpartition("::")[2]


def told(outcome: Outcome, judgement: Judgement) -> str:
    """Say what is known of a claim: its verdict, or why it has none that counts.

    It is moot where a finding that fails says it already, waived behind a waived finding, and
    unasked where no sample says anything about it.
    """
    if outcome.moot and judgement.verdict is Verdict.VIOLATES:
        return "moot"
    verdict = judgement.verdict_of(outcome)
    if verdict is Verdict.CONFORMS and judgement.is_waived(outcome):
        return "waived"
    return "unasked" if verdict is Verdict.CONFORMS and not outcome.asked else str(verdict)


@dataclass(slots=True)
class Progress:
    """How far the tests of a run are, by their ids.

    Attributes:
        asked: the claims and generated requests.
        waiting: those without a verdict.
        moot: the claims that rest on the finding of another.
        judged: those that some sample says something about.
        failed: the tests that failed.
    """

    asked: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    moot: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    @property
    def open_claims(self) -> str:
        """Why chosen claims have no verdict; empty if all have one."""
        if self.waiting:
            return "some chosen claims have no verdict 部分选中的断言没有结论"
        if self.moot:
            return (
                "some chosen claims are moot, and the one that says why was not chosen "
                "部分选中的断言从略，而说明原因的断言未选中"
            )
        if set(map(_environment, self.asked)) - set(map(_environment, self.judged)):
            return "no sample says anything about the chosen claims 没有样本能说明选中的断言"
        return ""

    @property
    def is_open(self) -> bool:
        """Whether the run can say neither that something is wrong nor that all is well."""
        return not self.failed and bool(self.open_claims)


def _environment(test: str) -> str:
    """Give the environment that the id of a test begins with; empty where there is only one."""
    found = _PREFIX.search(test)
    return found[1] if found else ""


class ExitStatus:
    """A pytest plugin that decides the exit status: it knows which claims have no verdict yet.

    A claim without a verdict at the end makes the run inconclusive, unless something was found
    wrong. So does a generated request that got no answer. A moot claim rests on a finding: if no
    test of this run failed, the finding was not among those that were chosen, and the claim was
    never asked. And if no claim was asked of any sample of an environment, nothing is known of it.
    """

    def __init__(self, before_the_end: Callable[[pytest.Session, Progress], object]) -> None:
        self.progress = Progress()
        self.exit_status = 0
        self.before_the_end = before_the_end

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give the generated requests of each operation an id of their own.

        Schemathesis gives them such names, but pytest 9.2 makes ids from the function's name alone.
        """
        for item in items:
            if item.name.startswith(f"{GENERATED}[") and item.nodeid.endswith(f"::{GENERATED}"):
                label = item.name.removeprefix(f"{GENERATED}[").removesuffix("]")
                item._id = item.id.with_params(label)  # noqa: SLF001 - there is no other way

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the claims of this process."""
        self._note(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """Note the claims that pytest-xdist's workers have collected."""
        self._note(ids)

    def _note(self, names: Iterable[str]) -> None:
        ours = {name for name in names if own_name(name) in _OURS}
        self.progress.asked |= ours
        self.progress.waiting |= ours

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Write a claim's verdict into its report, where every other plugin can carry it."""
        made = yield
        verdict = item.stash.get(CLAIM_VERDICT, None)
        if verdict is not None and (made.when, made.outcome) == _EXPECTED[verdict]:
            made.user_properties.append((VERDICT, verdict))
        return made

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Cross off the claims that have a verdict; whatever else failed in a call is a failure."""
        if report.outcome == RERUN:
            return
        generated = (
            own_name(report.nodeid) == GENERATED and report.when == "call" and not report.skipped
        )
        verdict = dict(report.user_properties).get(VERDICT)
        if generated or verdict in _SETTLED:
            self.progress.waiting.discard(report.nodeid)
        if verdict == "moot":
            self.progress.moot.add(report.nodeid)
        if generated or verdict in {"conforms", "violates"}:
            self.progress.judged.add(report.nodeid)
        if report.failed and report.when == "call":
            self.progress.failed.add(report.nodeid)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Show a claim's verdict in the progress; the summary at the end says the rest."""
        verdict = str(dict(getattr(report, "user_properties", ())).get(VERDICT))
        if verdict not in _LETTERS or report.outcome == RERUN:
            return None
        return verdict, _LETTERS[verdict], verdict.upper()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why a run ends with 69, where no operation says it."""
        if self.exit_status == INCONCLUSIVE:
            why = f"exit status 退出码 {INCONCLUSIVE}: {self.progress.open_claims}"
            terminalreporter.write_line(printable.line(why))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Separate the runs that could not judge from those that found something."""
        ended = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if self.progress.is_open and ended and not session.config.option.collectonly:
            session.exitstatus = self.exit_status = INCONCLUSIVE
        if self.progress.asked and not session.config.option.collectonly:
            self.before_the_end(session, self.progress)
        return (yield)
