"""The wiring room: options, fixtures and exit status; what they wire stands in the packages.

Exit status of a contract run: 0 conforms · 1 violates · 4 usage · 69 inconclusive.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from contract_tests import environments, report
from contract_tests.claims import Claim, claims
from contract_tests.environments import Misuse, Target
from contract_tests.observe import Manners, observe
from contract_tests.sources import sources_of
from contract_tests.verdict import Judgement, Outcome, Verdict, judge
from openapi.findings import Level, Unusable
from openapi.spec import SPEC, Operation, Spec, load

INCONCLUSIVE = 69
VERDICT = "contract verdict"
"""The property of a test's report that carries a claim's verdict."""
FEWEST, ON_MOCK, ELSEWHERE = 2, 10, 5
UNHURRIED = 1.0
LOOPBACK_RATE = 1000.0

TARGET = pytest.StashKey[Target]()
JUDGEMENTS = pytest.StashKey[dict[str, Judgement]]()
CLAIM_VERDICT = pytest.StashKey[str]()
"""What the fixture `outcome` found: a verdict, or moot where another claim tells it already."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the contract run's options; pytest-base-url owns --base-url."""
    group = parser.getgroup("contract", "contract tests")
    group.addoption(
        "--target",
        choices=environments.TARGETS,
        help="environment to judge; default: mock, the mock server of this repository",
    )
    group.addoption(
        "--samples",
        type=int,
        metavar="N",
        help=f"calls per operation; default: {ON_MOCK} on the mock server, {ELSEWHERE} elsewhere",
    )
    group.addoption(
        "--strictness",
        choices=[str(level) for level in Level],
        default=str(Level.TABLE),
        help="highest level of promises whose breaking fails the run; default: table",
    )
    group.addoption(
        "--allow-production",
        action="store_true",
        help="needed with --target production",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Refuse what cannot be meant, before anything is sent."""
    config.stash[JUDGEMENTS] = {}
    config.pluginmanager.register(Settlement(), "contract-settlement")
    if config.getoption("verify_base_url"):
        problem = "--verify-base-url sends a request that no document describes: leave it out"
        raise pytest.UsageError(problem)
    samples = config.getoption("samples")
    if samples is not None and samples < FEWEST:
        raise pytest.UsageError(f"--samples {samples}: it takes at least {FEWEST} to judge")
    try:
        config.stash[TARGET] = target = environments.target(
            config.getoption("target"),
            config.getoption("base_url") or None,
            url_was_typed=any(
                argument.partition("=")[0] == "--base-url"
                for argument in config.invocation_params.args
            ),
        )
        if target.name is not None:
            config.option.base_url = None  # what was typed beats what surrounds
        if target.url is None and not target.is_mock:
            for operation in the_spec().operations:
                _base_url(operation, config)
    except Misuse as problem:
        raise pytest.UsageError(str(problem)) from None


@lru_cache(maxsize=1)
def the_spec() -> Spec:
    """Read the spec and its documents, once; one that cannot be used is a usage error."""
    try:
        spec = load(SPEC)
        for operation in spec.operations:
            sources_of(operation)
    except Unusable as problem:
        raise pytest.UsageError(str(problem)) from None
    return spec


def _base_url(operation: Operation, config: pytest.Config) -> str:
    target = config.stash[TARGET]
    if target.url is not None or target.name is None:
        return target.url or ""
    return environments.base_url(
        operation,
        sources_of(operation),
        target.name,
        allow_production=config.getoption("allow_production"),
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keep generated requests away from every server but the mock server."""
    generated = collection_path.name == "test_generated_requests.py"
    return True if generated and not config.stash[TARGET].is_mock else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of every claim that the spec makes."""
    if "outcome" in metafunc.fixturenames:
        listed = [
            claim
            for operation in the_spec().operations
            for claim in claims(operation, sources_of(operation))
        ]
        metafunc.parametrize("outcome", listed, ids=[claim.id for claim in listed], indirect=True)


@pytest.fixture(scope="session")
def mock_url() -> Iterator[str]:
    """Serve the spec by the mock server of this repository, on a free loopback port."""
    from mock_server.app import application  # noqa: PLC0415 - half a second, only where it is used
    from mock_server.captcha import Captchas  # noqa: PLC0415 - likewise
    from mock_server.server import serving  # noqa: PLC0415 - likewise

    with serving(application(the_spec(), Captchas("contract tests"))) as url:
        yield url


@pytest.fixture(scope="session")
def judgements(request: pytest.FixtureRequest) -> dict[str, Judgement]:
    """Observe every operation that a collected claim is about, then judge it; once a session."""
    config = request.config
    on_mock = config.stash[TARGET].is_mock
    asked = {claim.operation for claim in map(_claim_of, request.session.items) if claim}
    for operation in the_spec().operations:
        if operation.id in asked:
            url = request.getfixturevalue("mock_url") if on_mock else _base_url(operation, config)
            manners = Manners(
                samples=config.getoption("samples") or (ON_MOCK if on_mock else ELSEWHERE),
                rate=LOOPBACK_RATE if environments.is_loopback(url) else UNHURRIED,
            )
            exchanges = observe(operation, url, manners)
            config.stash[JUDGEMENTS][operation.id] = judge(
                operation,
                sources_of(operation),
                exchanges,
                strictness=Level[config.getoption("strictness").upper()],
            )
    return config.stash[JUDGEMENTS]


def _claim_of(item: pytest.Item) -> Claim | None:
    """Give the claim that a test is about, if it is about one."""
    callspec = getattr(item, "callspec", None)
    claim = callspec.params.get("outcome") if callspec else None
    return claim if isinstance(claim, Claim) else None


@pytest.fixture
def judgement(request: pytest.FixtureRequest, judgements: dict[str, Judgement]) -> Judgement:
    """The judgement of the operation that a claim is about."""
    claim = _claim_of(request.node)
    if claim is None:
        raise pytest.UsageError("the fixture judgement belongs to tests of an outcome")
    return judgements[claim.operation]


@pytest.fixture
def outcome(request: pytest.FixtureRequest, judgement: Judgement) -> Outcome:
    """How a claim fared; a claim without a verdict is an error of the set-up, never a failure."""
    found = judgement.outcomes[request.param.id]
    verdict = judgement.verdict_of(found)
    moot = found.moot and judgement.verdict is Verdict.VIOLATES
    request.node.stash[CLAIM_VERDICT] = "moot" if moot else str(verdict)
    if moot:
        pytest.skip("broken already by another claim about the same value")
    if verdict is Verdict.INCONCLUSIVE:
        pytest.fail(report.inconclusive(judgement), pytrace=False)
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write a claim's verdict into its report, where every other plugin can carry it."""
    made = yield
    found = item.stash.get(CLAIM_VERDICT, None)
    expected = {
        "conforms": ("call", "passed"),
        "violates": ("call", "failed"),
        "inconclusive": ("setup", "failed"),
        "moot": ("setup", "skipped"),
    }
    if found is not None and (made.when, made.outcome) == expected[found]:
        made.user_properties.append((VERDICT, found))
    return made


class Settlement:
    """Follows every collected claim to its verdict, and gives the run its exit status."""

    def __init__(self) -> None:
        self.unsettled: set[str] = set()
        self.failed = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note every claim that waits for a verdict."""
        self.unsettled = {item.nodeid for item in session.items if _claim_of(item)}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Settle the claims that have a verdict; whatever else failed in a call is a failure."""
        verdict = dict(report.user_properties).get(VERDICT)
        if verdict in {"conforms", "violates", "moot"}:
            self.unsettled.discard(report.nodeid)
        self.failed |= report.failed and report.when == "call"

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Name a claim's verdict in the progress; its story is told once, at the end."""
        verdict = dict(report.user_properties).get(VERDICT)
        letters = {"violates": "V", "inconclusive": "I", "moot": "m"}
        if verdict not in letters:
            return None
        return str(verdict), letters[str(verdict)], str(verdict).upper()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Tell a run that could not judge from one that found something."""
        ended = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if self.unsettled and ended and not self.failed and not session.config.option.collectonly:
            session.exitstatus = INCONCLUSIVE
        return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the field table and every finding, or in one paragraph why there is none."""
    config = terminalreporter.config
    for judgement in config.stash[JUDGEMENTS].values():
        terminalreporter.section(judgement.operation.id, "=")
        for line in report.lines(judgement):
            terminalreporter.write_line(line)
