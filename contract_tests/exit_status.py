"""The exit status of a contract run: every collected claim is followed to its verdict."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

import pytest

from contract_tests.trial import Question

INCONCLUSIVE = 69
"""EX_UNAVAILABLE of sysexits.h."""

VERDICT = "contract verdict"
"""The property of a test's report that carries a claim's verdict."""

CLAIM_VERDICT = pytest.StashKey[str]()
"""What was found for a claim: a verdict, or moot where another finding says it already."""

TEST_OF_CLAIMS = "test_claim["
"""What the names of tests of claims hold."""
GENERATED = "test_generated_request["
"""What the names of tests of generated requests hold."""

_EXPECTED = {
    "conforms": ("call", "passed"),
    "violates": ("call", "failed"),
    "inconclusive": ("setup", "failed"),
    "moot": ("setup", "skipped"),
}
_DECIDED = frozenset({"conforms", "violates", "moot"})
_LETTERS = {"violates": "V", "inconclusive": "I", "moot": "m"}


def question_of(item: pytest.Item) -> Question | None:
    """Give the question of a test, if it asks whether a claim is kept."""
    callspec = getattr(item, "callspec", None)
    question = callspec.params.get("outcome") if callspec else None
    return question if isinstance(question, Question) else None


class ExitStatus:
    """A pytest plugin that decides the exit status: it knows which claims have no verdict yet.

    A claim without a verdict at the end makes the run inconclusive, unless something was found
    wrong. So does a generated request that got no answer.
    """

    def __init__(self, before_the_end: Callable[[pytest.Session], object]) -> None:
        self.asked = False
        self.waiting: set[str] = set()
        self.failed = False
        self.before_the_end = before_the_end

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give the generated requests of each operation an id of their own.

        Schemathesis gives them such names, but pytest 9.2 makes ids from the function's name alone.
        """
        for item in items:
            if GENERATED in item.name and item.nodeid.endswith(f"::{GENERATED[:-1]}"):
                label = item.name.removeprefix(GENERATED).removesuffix("]")
                item._id = item.id.with_params(label)  # noqa: SLF001 - there is no other way

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the claims of this process."""
        self._note(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """Note the claims that pytest-xdist's workers have collected."""
        self._note(ids)

    def _note(self, names: Iterable[str]) -> None:
        self.waiting |= {name for name in names if TEST_OF_CLAIMS in name or GENERATED in name}
        self.asked |= bool(self.waiting)

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
        generated = GENERATED in report.nodeid and report.when == "call" and not report.skipped
        if generated or dict(report.user_properties).get(VERDICT) in _DECIDED:
            self.waiting.discard(report.nodeid)
        self.failed |= report.failed and report.when == "call"

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Show a claim's verdict in the progress; the summary at the end says the rest."""
        verdict = str(dict(getattr(report, "user_properties", ())).get(VERDICT))
        if verdict not in _LETTERS:
            return None
        return verdict, _LETTERS[verdict], verdict.upper()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Separate the runs that could not judge from those that found something."""
        ended = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if self.waiting and ended and not self.failed and not session.config.option.collectonly:
            session.exitstatus = INCONCLUSIVE
        if self.asked and not session.config.option.collectonly:
            self.before_the_end(session)
        return (yield)
