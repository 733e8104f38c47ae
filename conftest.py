"""The wiring room: options, fixtures, reports; what they wire stands in the packages.

Exit status of a contract run: 0 conforms · 1 violates · 4 usage · 69 inconclusive.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests import options, progress, report
from contract_tests.claims import claims
from contract_tests.environments import Misuse
from contract_tests.observe import Exchange, observe
from contract_tests.once import NotMade, made, once
from contract_tests.options import Options
from contract_tests.settlement import CLAIM_VERDICT, Settlement, claim_of
from contract_tests.sources import sources_of
from contract_tests.verdict import Judgement, Outcome, Verdict, judge
from openapi import waivers
from openapi.findings import Unusable
from openapi.spec import SPEC, Operation, Spec, load
from openapi.waivers import Waiver

if TYPE_CHECKING:
    from contract_tests.generated import Sender

OPTIONS = pytest.StashKey[Options]()
JUDGEMENTS = pytest.StashKey[dict[str, Judgement]]()
WAIVERS = pytest.StashKey[Iterable[Waiver]]()
SHARED = pytest.StashKey[Path]()
"""The folder that pytest-xdist's workers share; there is none without them."""

A_MINUTE = 60.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the contract run's options."""
    options.declare(parser.getgroup("contract", "contract tests"))


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Refuse what cannot be meant, before anything is sent."""
    config.stash[JUDGEMENTS] = {}
    config.pluginmanager.register(Settlement(lambda: _gather(config)), "contract-settlement")
    try:
        config.stash[OPTIONS] = chosen = options.read(config)
        if chosen.target.url is None:
            config.option.base_url = None  # what was typed beats what surrounds
        if chosen.target.url is None and not chosen.target.is_mock:
            for operation in the_spec().operations:
                chosen.base_url(operation, sources_of(operation))
        config.stash[WAIVERS] = waivers.load(chosen.waivers) if chosen.waivers else ()
    except (Misuse, Unusable) as problem:
        raise pytest.UsageError(str(problem)) from None
    if hasattr(config, "workerinput"):
        config.stash[SHARED] = Path(config.workerinput["contract_folder"])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist has no types
    """Give pytest-xdist's workers a folder to share, so that the observation is made once."""
    if SHARED not in node.config.stash:
        node.config.stash[SHARED] = Path(tempfile.mkdtemp(prefix="contract-tests-"))
    node.workerinput["contract_folder"] = str(node.config.stash[SHARED])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if SHARED in config.stash and not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[SHARED], ignore_errors=True)


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


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keep generated requests away from every server that they are not meant for."""
    generated = collection_path.name == "test_generated_requests.py"
    return True if generated and not config.stash[OPTIONS].generates else None


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
def base_urls(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The URL that each operation's path is appended to, by operationId."""
    chosen = request.config.stash[OPTIONS]
    return {
        each.id: chosen.base_url(each, sources_of(each)) or request.getfixturevalue("mock_url")
        for each in the_spec().operations
    }


@pytest.fixture(scope="session")
def sender(request: pytest.FixtureRequest, base_urls: Mapping[str, str]) -> Sender:
    """How generated requests are sent."""
    from contract_tests.generated import Sender  # noqa: PLC0415 - loads Schemathesis

    chosen = request.config.stash[OPTIONS]
    manners = chosen.manners(next(iter(base_urls.values())))
    return Sender(base_urls, manners, real=not chosen.target.is_mock)


@pytest.fixture(scope="session")
def judgements(request: pytest.FixtureRequest) -> dict[str, Judgement]:
    """Observe every operation that a collected claim is about, then judge it; once a session."""
    config = request.config
    asked = {claim.operation for claim in map(claim_of, request.session.items) if claim}
    for operation in the_spec().operations:
        if operation.id in asked:
            if SHARED in config.stash:
                seen = once(
                    config.stash[SHARED],
                    operation.id,
                    lambda each=operation: _observed(each, request),  # type: ignore[misc]
                    patience=10 * A_MINUTE,
                )
                _judge(operation, seen, config)
            else:
                _observed(operation, request)
    return config.stash[JUDGEMENTS]


def _observed(operation: Operation, request: pytest.FixtureRequest) -> tuple[Exchange, ...]:
    """Observe and judge; what an interruption leaves is judged too."""
    config = request.config
    url = request.getfixturevalue("base_urls")[operation.id]
    manners = config.stash[OPTIONS].manners(url)
    seen: list[Exchange] = []
    try:
        calls = observe(operation, url, manners)
        seen.extend(progress.told(calls, operation.id, manners.samples, config))
    finally:
        _judge(operation, tuple(seen), config)
    return tuple(seen)


def _judge(operation: Operation, seen: tuple[Exchange, ...], config: pytest.Config) -> None:
    if not seen:
        return
    chosen = config.stash[OPTIONS]
    config.stash[JUDGEMENTS][operation.id] = judge(
        operation,
        sources_of(operation),
        seen,
        strictness=chosen.strictness,
        waived=waivers.waiving(config.stash[WAIVERS], chosen.environment, _today()),
    )


def _gather(config: pytest.Config) -> None:
    """Have pytest-xdist's controller judge what its workers observed."""
    if SHARED in config.stash and not hasattr(config, "workerinput"):
        for operation in the_spec().operations:
            with contextlib.suppress(NotMade):
                _judge(operation, made(config.stash[SHARED], operation.id), config)


@pytest.fixture
def judgement(request: pytest.FixtureRequest, judgements: dict[str, Judgement]) -> Judgement:
    """The judgement of the operation that a claim is about."""
    claim = claim_of(request.node)
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the field table and every finding, or in one paragraph why there is none."""
    config = terminalreporter.config
    for judgement in config.stash[JUDGEMENTS].values():
        terminalreporter.section(judgement.operation.id, "=")
        for line in report.lines(judgement):
            terminalreporter.write_line(line)
    for remark in _remarks(config):
        terminalreporter.write_line(remark)


def _today() -> date:
    return datetime.now(UTC).date()


def _remarks(config: pytest.Config) -> Iterator[str]:
    """Say what a reader must know beside the judgements."""
    chosen = config.stash[OPTIONS]
    judged = config.stash[JUDGEMENTS].values()
    if chosen.insecure:
        yield "certificates were not verified 未验证证书 (--insecure)"
    if judged:
        found = {finding.id for judgement in judged for finding in judgement.findings}
        yield from waivers.remarks(config.stash[WAIVERS], chosen.environment, _today(), found)
