"""What an operation asks for: filled from the document's samples, given by the user, or missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.findings import Level
from contract.judging.as_har import text
from contract.judging.exchange import Exchange, Failure
from contract.judging.provenance import provenance_of
from contract.judging.reading import Unjudged, read
from contract.judging.verdict import Judgement, judge
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation
from contract_tests.observing.calls import Call, ParameterValues, call_of
from contract_tests.observing.parameter_values import UnusableParameters, parameter_values
from contract_tests.observing.recordings import recordings
from contract_tests.observing.sending import Manners, observe
from tests.loopback import GUARD, ROOT, command, contract, environment, raw_server
from tests.one_interface import read as read_document

DOCUMENTS = Path(__file__).parent / "documents"
VALUE = "t0ken-of-zhang-san"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Operation]:
    folder = tmp_path_factory.mktemp("derived")
    documents = [
        read_document(DOCUMENTS / f"{name}.md")
        for name in (
            *("unbindBankCard", "getRouteDetail", "createOrder", "listMessages", "login"),
            *("reportLocation", "bindEtcCard"),
        )
    ]
    path = folder / "openapi.yaml"
    path.write_text(text_of(derive(documents, folder)), encoding="utf-8")
    return {each.id: each for each in load(path).operations}


def called(
    operation: Operation, values: ParameterValues | None = None, *, invents: bool = False
) -> Call:
    return call_of(operation, values or {}, invents=invents)


def judgement_of(operation: Operation, *exchanges: Exchange) -> Judgement:
    return judge(operation, provenance_of(operation), exchanges, strictness=Level.TABLE)


def recorded(operation: Operation, exchange: Exchange) -> str:
    return text([judgement_of(operation, exchange)])


def sent(operation: Operation, values: ParameterValues) -> Exchange:
    """Make one call with given values."""
    with raw_server(lambda connection: connection.sendall(ANSWER)) as url:
        manners = Manners(samples=1, rate=1000, parameter_values={operation.id: values})
        (exchange,) = observe(operation, url, manners)
    return exchange


def test_a_call_has_the_values_that_the_document_shows(
    operations: Mapping[str, Operation],
) -> None:
    paths = {name: called(operations[name]).path for name in ("getRouteDetail", "listMessages")}

    assert paths == {
        "getRouteDetail": "/route/api/getRouteDetail/R-88?with_toll=true",
        "listMessages": "/message/api/listMessages?page_no=1&page_size=20&unread_only=false",
    }


def test_a_body_is_the_documented_one(operations: Mapping[str, Operation]) -> None:
    call = called(operations["create"])

    assert (dict(call.headers), json.loads(call.body)) == (
        {"Content-Type": "application/json"},
        {"user": {"name": "张三", "phone": "12\t34"}, "remark": "快一点"},
    )


def test_a_form_is_sent_as_a_form(operations: Mapping[str, Operation]) -> None:
    call = called(operations["reportLocation"], {"token": "x"})

    assert (dict(call.headers)["Content-Type"], call.body.startswith(b"token=x&lng=")) == (
        "application/x-www-form-urlencoded",
        True,
    )


def test_what_only_its_owner_knows_is_not_taken_from_a_sample(
    operations: Mapping[str, Operation],
) -> None:
    assert called(operations["unbindBankCard"]).needs == ("pay_password",)


def test_for_the_mock_server_a_value_may_be_made_up(operations: Mapping[str, Operation]) -> None:
    assert called(operations["login"], invents=True).needs == ()


def test_a_given_value_goes_before_a_documented_one(
    operations: Mapping[str, Operation],
) -> None:
    call = called(operations["create"], {"user.name": "李四", "remark": "无"})

    assert json.loads(call.body) == {"user": {"name": "李四", "phone": "12\t34"}, "remark": "无"}


def test_a_call_that_nobody_can_make_is_not_sent_and_says_what_it_needs(
    operations: Mapping[str, Operation],
) -> None:
    (exchange,) = observe(operations["login"], "http://127.0.0.1:9", Manners(samples=5, rate=1000))

    reading = read(exchange, operations["login"], ())

    assert isinstance(reading, Unjudged)
    assert (reading.reason, reading.evidence.startswith("needs password")) == ("not-observed", True)


def test_a_given_value_is_sent_and_never_told(operations: Mapping[str, Operation]) -> None:
    operation = operations["unbindBankCard"]
    exchange = sent(operation, {"pay_password": VALUE})

    told = exchange.request.curl + exchange.request.url + recorded(operation, exchange)
    assert exchange.request.sent is not None
    assert (VALUE in exchange.request.sent[0], VALUE in told, "redacted" in told) == (
        True,
        False,
        True,
    )


def test_a_given_value_in_a_body_is_never_told(operations: Mapping[str, Operation]) -> None:
    operation = operations["login"]
    exchange = sent(operation, {"password": VALUE, "account": "zhang-san"})

    told = exchange.request.curl + recorded(operation, exchange)
    assert (VALUE in told, "zhang-san" in told, "[redacted]" in told) == (False, False, True)


def test_a_given_value_that_comes_back_is_taken_out(operations: Mapping[str, Operation]) -> None:
    operation = operations["login"]
    exchange = sent(operation, {"password": VALUE})
    echoed = replace(exchange, outcome=Failure("reset", f"it was {VALUE}"))

    assert VALUE not in recorded(operation, echoed)


# Where values come from


@pytest.fixture
def login(operations: Mapping[str, Operation]) -> list[Operation]:
    return [operations["login"]]


def test_a_file_gives_values_by_operation(login: list[Operation], tmp_path: Path) -> None:
    path = tmp_path / "parameters.yaml"
    path.write_text("login: {password: secret, account: '138'}", encoding="utf-8")

    assert parameter_values(path, login) == {"login": {"password": "secret", "account": "138"}}


def test_a_variable_gives_a_value_to_every_operation(
    login: list[Operation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTRACT_TESTS_PARAMETER_PASSWORD", "secret")

    assert parameter_values(None, login) == {"login": {"password": "secret"}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- login", "is not a mapping of operationIds"),
        ("login: 1", "login is not a mapping of parameters"),
        ("logn: {password: x}", "logn is not an operationId; did you mean login?"),
        ("login: {pasword: x}", "pasword is not a parameter of login; did you mean password?"),
    ],
)
def test_a_file_that_names_nothing_is_refused(
    text: str, told: str, login: list[Operation], tmp_path: Path
) -> None:
    path = tmp_path / "parameters.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UnusableParameters, match=told.replace("?", r"\?")):
        parameter_values(path, login)


def test_an_unusable_file_of_parameters_is_a_usage_error(tmp_path: Path) -> None:
    status, output = contract("--parameters", tmp_path / "none.yaml")

    assert (status, "none.yaml: cannot be read" in output) == (4, True)


def test_a_recording_of_a_path_with_a_parameter_is_that_operation(
    operations: Mapping[str, Operation], tmp_path: Path
) -> None:
    operation = operations["getRouteDetail"]
    with raw_server(lambda connection: connection.sendall(ANSWER)) as url:
        exchanges = list(observe(operation, f"{url}/gateway", Manners(samples=1, rate=1000)))
        path = tmp_path / "traffic.har"
        path.write_text(text([judgement_of(operation, *exchanges)]), encoding="utf-8")

        (recording,) = recordings(path, list(operations.values()))

    assert (recording.operation.id, recording.base_url) == ("getRouteDetail", f"{url}/gateway")


@pytest.mark.parametrize("option", ["--samples=5", "--header=A: b", "--insecure"])
def test_what_is_about_sending_is_refused_for_a_recording(option: str) -> None:
    status, output = contract("--from-har", ROOT / "tests" / "har" / "firefox.har", option)

    assert (status, "a recording sends nothing" in output) == (4, True)


# As a user would: one file, one command


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the suite, into whose spec two more documents were derived."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("openapi", "contract", "mock_server", "contract_tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    spec = folder / "openapi" / SPEC.name
    for name in ("login.md", "listMessages.md"):
        document = folder / "openapi" / "documents" / name
        shutil.copy(DOCUMENTS / name, document)
        command("openapi", "derive", str(document), "--into", str(spec))
    return folder


def judged(project: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "contract_tests", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        env=environment(PYTHONPATH=os.pathsep.join([str(GUARD), str(project)])),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_new_document_is_tested_on_the_mock_server_at_once(project: Path) -> None:
    status, output = judged(project, "-k", "not generated")

    judged_all = all(f"{name}: conforms" in output for name in ("login", "listMessages"))
    assert (status, judged_all) == (0, True)


def test_an_environment_that_asks_for_a_secret_is_not_observed(project: Path) -> None:
    with raw_server(lambda connection: connection.sendall(ANSWER)) as url:
        status, output = judged(project, "--base-url", url, "-k", "login", "--samples", "2")

    assert (status, "not observed" in output, "needs password" in output) == (69, True, True)


def test_an_operation_without_an_address_there_is_not_observed_and_ends_no_other(
    project: Path,
) -> None:
    status, output = judged(project, "--target", "dev", "--samples", "2", "-k", "listMessages")

    assert (status, "needs an address" in output) == (69, True)
