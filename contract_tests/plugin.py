"""The pytest plugin of a contract run: it wires options, fixtures and reports together.

Exit status of a contract run: 0 conforms · 1 violates · 4 usage · 69 inconclusive ·
74 a report that cannot be written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pytest

from contract import printable
from contract.consoles import UNWRITABLE, complain
from contract.findings import Unusable
from contract.judging.outcomes import Outcome
from contract.judging.provenance import provenance_of
from contract.judging.redaction import Redaction
from contract.judging.verdict import Judgement, Verdict
from contract.plain_files import real
from contract.reaching.environments import Misuse, NoAddress, Target
from contract.spec import outside
from contract.spec.default import VARIABLE, ChosenSpec, default_spec
from contract.spec.loading import load
from contract.spec.operations import Spec, UnreadOperation
from contract_tests import options
from contract_tests.exit_status import CLAIM_VERDICT, INCONCLUSIVE, ExitStatus, Progress, told
from contract_tests.interruptions import deferred, terminate_as_interrupted
from contract_tests.labels import Labels
from contract_tests.observing import progress
from contract_tests.observing.caller import route_of
from contract_tests.questions import (
    Cause,
    Question,
    Subject,
    cause_of,
    prefix_of,
    question_of,
    tellers_of,
)
from contract_tests.reports import as_junit, as_terminal
from contract_tests.reports.report_values import Published
from contract_tests.reports.side_by_side import side_by_side
from contract_tests.trial import Trial, not_judged, prepared

TRIAL = pytest.StashKey[Trial]()
"""The trial of the run."""
CHOSEN_SPEC = pytest.StashKey[ChosenSpec]()
"""The spec of the run, and why it is that one."""
JUNIT = pytest.StashKey[as_junit.JUnitReport]()
"""What completes the JUnit report."""
PUBLISHED = pytest.StashKey[Published]()
"""What was published of the run."""
UNWRITTEN = pytest.StashKey[str]()
"""Why a file of another plugin, such as that of --junitxml, could not be written."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the contract run's options."""
    options.declare_with_variables(parser.getgroup("contract", "contract tests").addoption)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that contradict each other, before anything is sent."""
    if config.option.allow_outside:
        _set_variable_of(config, outside.VARIABLE, "1")
    config.stash[CHOSEN_SPEC] = _chosen_spec(config)
    try:
        chosen = options.read(config)
        config.option.base_url = chosen.targets[0].url  # what pytest-base-url shows
        config.stash[TRIAL] = trial = prepared(chosen, lambda: the_spec().operations)
        for target in chosen.targets:
            for url in filter(None, addresses(chosen, target).values()):
                route_of(url, chosen.manners(target, url))
    except (Misuse, Unusable) as problem:
        raise pytest.UsageError(printable.line(str(problem))) from None
    for each in () if hasattr(config, "workerinput") else options.variables().unknown():
        complain(each)
    config.add_cleanup(terminate_as_interrupted())
    # Without a name, so that no `-p no:NAME` can turn a run green.
    config.pluginmanager.register(ExitStatus(_write_reports))
    config.pluginmanager.register(Labels(chosen), "contract-labels")
    config.stash[JUNIT] = as_junit.JUnitReport(config)
    config.pluginmanager.register(config.stash[JUNIT], "contract-junit")
    if hasattr(config, "workerinput"):
        trial.folder = Path(config.workerinput["contract_folder"])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist has no types
    """Give pytest-xdist's workers a folder to share, so that the observation is made once."""
    trial = node.config.stash[TRIAL]
    trial.folder = trial.folder or Path(tempfile.mkdtemp(prefix="contract-tests-"))
    node.workerinput["contract_folder"] = str(trial.folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the shared folder."""
    trial = config.stash.get(TRIAL, None)
    if trial and trial.folder and not hasattr(config, "workerinput"):
        shutil.rmtree(trial.folder, ignore_errors=True)


def _chosen_spec(config: pytest.Config) -> ChosenSpec:
    """Choose the spec of the run; test modules see no options, and find it by the variable."""
    named: Path | None = config.option.spec
    if named is not None:
        _set_variable_of(config, VARIABLE, str(real(named)))
    return default_spec(named)


def _set_variable_of(config: pytest.Config, name: str, value: str) -> None:
    """Set an environment variable for the run, its workers included."""
    before = os.environ.get(name)
    os.environ[name] = value
    config.add_cleanup(partial(_set_variable, name, before))


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def pytest_report_header(config: pytest.Config) -> str:
    """Say which spec the run judges by."""
    return printable.line(f"spec: {config.stash[CHOSEN_SPEC]}")


def the_spec() -> Spec:
    """Read the spec of the run and its documents, once."""
    return _read(real(default_spec().path))


@lru_cache(maxsize=8)
def _read(path: Path) -> Spec:
    """Read a spec and its documents; one that cannot be used is a usage error."""
    try:
        spec = load(path)
        for operation in spec.operations:
            provenance_of(operation)
    except Unusable as problem:
        raise pytest.UsageError(printable.line(str(problem))) from None
    return spec


def pytest_collection() -> None:
    """Refuse an unusable spec once, before every test that needs it fails."""
    the_spec()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keep generated requests away from every server that they are not meant for."""
    generated = collection_path.name == "test_generated_requests.py"
    return True if generated and not config.stash[TRIAL].options.generated else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of every claim that the spec makes."""
    if "outcome" in metafunc.fixturenames:
        asked = metafunc.config.stash[TRIAL].questions(the_spec().operations)
        metafunc.parametrize("outcome", asked, ids=map(str, asked), indirect=True)
    if "unjudged" in metafunc.fixturenames:
        # A recording shows no call of an operation that cannot be read.
        unread = the_spec().unread if metafunc.config.stash[TRIAL].recorded is None else ()
        metafunc.parametrize("unjudged", unread, ids=[each.id for each in unread], indirect=True)
    if "sender" in metafunc.fixturenames:
        chosen = metafunc.config.stash[TRIAL].options
        targets = chosen.generated
        if len(chosen.targets) > 1:
            ids = [prefix_of(each, chosen.targets) for each in targets]
            metafunc.parametrize("sender", targets, ids=ids, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the test that pytest keeps, to skip it, where every operation can be read."""
    items[:] = [each for each in items if not _asks_nothing(each)]


def _asks_nothing(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    asked = callspec.params.get("unjudged") if callspec else None
    return asked is not None and not isinstance(asked, UnreadOperation)


@pytest.fixture(scope="session")
def mock_url() -> Iterator[str]:
    """Serve the spec with the mock server of this repository, on a free loopback port."""
    from mock_server.app import application  # noqa: PLC0415 - half a second, only where it is used
    from mock_server.drawing.captcha import Captchas  # noqa: PLC0415 - as above
    from mock_server.serving.server import serving  # noqa: PLC0415 - as above

    try:
        app = application(the_spec(), Captchas("contract tests"), lenient=True)
    except Unusable as problem:
        pytest.exit(printable.line(f"ERROR: {problem}"), returncode=pytest.ExitCode.USAGE_ERROR)
    with serving(app) as url:
        yield url


def addresses(chosen: options.Options, target: Target) -> Mapping[str, str | None]:
    """Give the base URL of each operation, None for the mock server, "" where there is none.

    Raises:
        Misuse: no operation has one.
    """
    if target.is_mock:
        return dict.fromkeys(each.id for each in the_spec().operations)
    found: dict[str, str | None] = {}
    problems: list[NoAddress] = []
    for operation in the_spec().operations:
        try:
            found[operation.id] = chosen.base_url(target, operation, provenance_of(operation))
        except NoAddress as problem:
            found[operation.id] = ""
            problems.append(problem)
    if problems and not any(found.values()):
        raise problems[0]
    return found


@pytest.fixture(scope="session")
def base_urls(request: pytest.FixtureRequest) -> Callable[[Target], Mapping[str, str]]:
    """The URLs that the operations' paths are appended to, by operationId, for each target."""
    chosen = request.config.stash[TRIAL].options

    def of(target: Target) -> Mapping[str, str]:
        below = {each.id: next(iter(each.base_paths), "") for each in the_spec().operations}
        return {
            name: request.getfixturevalue("mock_url") + below[name] if url is None else url
            for name, url in addresses(chosen, target).items()
        }

    return of


@pytest.fixture(scope="session")
def judgements(request: pytest.FixtureRequest) -> Mapping[Subject, Judgement]:
    """Judge everything that a collected test asks about; once a session."""
    trial = request.config.stash[TRIAL]
    asked = {question.subject for question in map(question_of, request.session.items) if question}
    trial.read()
    trial.observe_and_judge(
        the_spec().operations,
        asked,
        lambda target, operation: request.getfixturevalue("base_urls")(target)[operation.id],
        partial(progress.counted, config=request.config),
    )
    return trial.judgements


@pytest.fixture
def judgement(request: pytest.FixtureRequest, judgements: Mapping[Subject, Judgement]) -> Judgement:
    """The judgement of what a test asks about."""
    return judgements[_question_of(request).subject]


def _question_of(request: pytest.FixtureRequest) -> Question:
    question = question_of(request.node)
    if question is None:
        raise pytest.UsageError("the fixture judgement belongs to tests of an outcome")
    return question


@pytest.fixture(scope="session")
def tellers(
    request: pytest.FixtureRequest, judgements: Mapping[Subject, Judgement]
) -> Mapping[Cause, str]:
    """Why there is no verdict → the name of the first test that has none for this reason."""
    return tellers_of(request.session.items, judgements)


@pytest.fixture
def outcome(
    request: pytest.FixtureRequest, judgement: Judgement, tellers: Mapping[Cause, str]
) -> Outcome:
    """The outcome of a claim; one without a verdict is an error of the set-up, not a failure."""
    question = _question_of(request)
    found = judgement.outcomes[question.claim.id]
    said = told(found, judgement)
    request.node.stash[CLAIM_VERDICT] = said
    as_junit.add(request.node, as_junit.of_outcome(found, judgement, said))
    if said == "moot":
        pytest.skip("another claim about the same value is broken already")
    if said == "waived":
        pytest.skip("another claim about the same value is broken and waived")
    if said == Verdict.INCONCLUSIVE:
        teller = tellers[cause_of(question, judgement)]
        if request.node.name == teller:
            pytest.fail(printable.line(as_terminal.inconclusive(judgement)), pytrace=False)
        pytest.fail(printable.line(as_terminal.as_before(judgement, teller)), pytrace=False)
    return found


@pytest.fixture
def unjudged(request: pytest.FixtureRequest) -> UnreadOperation:
    """An operation that cannot be read; it has no verdict, which is an error of the set-up."""
    operation: UnreadOperation = request.param
    pytest.fail(printable.line(not_judged(operation)), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Take the values of secret headers out of tracebacks, and of what other tools print there."""
    report = yield
    text = str(report.longrepr) if report.failed else ""
    redaction = Redaction(value for _, value in item.config.stash[TRIAL].options.headers)
    if redaction.without(text) != text:
        report.longrepr = redaction.without(text)
    return report


def _write_reports(session: pytest.Session, progress: Progress) -> None:
    """Judge what pytest-xdist's workers observed, and write the reports."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    trial = config.stash[TRIAL]
    with deferred() as signals:
        trial.gather(the_spec().operations)
        run = trial.run(int(session.exitstatus), the_spec(), progress)
        config.stash[JUNIT].tell(as_junit.of_run(run, config.stash[CHOSEN_SPEC].path))
        wanted = {"GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"} & os.environ.keys()
        if trial.options.report_dir or trial.options.metrics or wanted:
            from contract_tests.reports.publishing import publish  # noqa: PLC0415 - only where it is used

            config.stash[PUBLISHED] = published = publish(
                run, trial.options.report_dir, trial.options.metrics
            )
            if published.unwritten:
                _say_unwritten(session)
    if signals:
        session.exitstatus = pytest.ExitCode.INTERRUPTED


def _say_unwritten(session: pytest.Session) -> None:
    """End with the status of a failed write, unless something was violated or went wrong."""
    if session.exitstatus in {pytest.ExitCode.OK, INCONCLUSIVE}:
        session.exitstatus = UNWRITABLE


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Say in one line that a file of another plugin could not be written."""
    try:
        yield
    except OSError as error:
        session.config.stash[UNWRITTEN] = f"a file was not written: {error}"
        _say_unwritten(session)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the field table and every finding, or why there is no verdict."""
    config = terminalreporter.config
    trial = config.stash[TRIAL]
    several = len(trial.options.targets) > 1
    for subject, judgement in trial.judgements.items():
        where = f"{subject.environment}: " if several else ""
        terminalreporter.section(printable.line(f"{where}{judgement.operation.id}"), "=")
        for line in as_terminal.lines(judgement):
            terminalreporter.write_line(printable.line(line))
    judged = [each for each in trial.judged() if each.judgements]
    if several and len(judged) > 1:
        names = [each.name for each in judged]
        terminalreporter.section(printable.line(", ".join(names)), "=")
        for line in as_terminal.compared(names, tuple(side_by_side(judged))):
            terminalreporter.write_line(printable.line(line))
    if trial.options.insecure:
        terminalreporter.write_line("certificates were not verified 未验证证书 (--insecure)")
    told = trial.judgements or the_spec().unread
    remarks = trial.remarks(the_spec()) if told else ()
    published = config.stash.get(PUBLISHED, Published())
    problem = config.stash.get(UNWRITTEN, None)
    for line in (*remarks, *published.lines, *([problem] if problem else ())):
        terminalreporter.write_line(printable.line(line))
    for command in published.commands:
        terminalreporter.write_line(command)
