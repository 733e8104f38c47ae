from __future__ import annotations

import argparse
import ssl
from http import HTTPStatus
from pathlib import Path

import pytest

import captcha_contract
from contract.spec import outside
from contract.variables import COMMANDS, PREFIX, Variables
from mock_server import command_line
from mock_server.serving import health_check, probes
from tests.loopback import SILENT, broken_server, contract, raw_server


def read(variables: dict[str, str], *words: str) -> argparse.Namespace:
    """Read options of every kind, some by variables."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    given = Variables("mock", {"--token": "OLD_TOKEN"}, variables)
    add = given.declaring(parser.add_argument)
    add("-p", "--port", type=int, default=4010)
    add("--some-name", default="none")
    add("--lenient", action="store_true")
    add("--allow-host", action="append", default=[])
    add("--scheme", choices=("http", "https"))
    add("--har", type=Path)
    add("--token")
    read = parser.parse_args(words)
    read.wrong = given.wrong(read)
    read.unknown = list(given.unknown())
    return read


@pytest.mark.parametrize(
    ("variable", "text", "option", "value"),
    [
        ("PORT", "80", "port", 80),
        ("SOME_NAME", "名称 with blanks", "some_name", "名称 with blanks"),
        ("LENIENT", "1", "lenient", True),
        ("LENIENT", "True", "lenient", True),
        ("LENIENT", "0", "lenient", False),
        ("LENIENT", "", "lenient", False),
        ("PORT", "", "port", 4010),
        ("ALLOW_HOST", "a\n b \n\n", "allow_host", ["a", "b"]),
        ("SCHEME", "http", "scheme", "http"),
        ("HAR", "/reports/calls.har", "har", Path("/reports/calls.har")),
        ("TOKEN", "-starts with a dash", "token", "-starts with a dash"),
        ("TOKEN", "of a file\r\n", "token", "of a file"),
    ],
)
def test_every_kind_of_option_can_be_given_by_a_variable(
    variable: str, text: str, option: str, value: object
) -> None:
    given = read({f"CAPTCHA_CONTRACT_MOCK_{variable}": text})
    assert (getattr(given, option), given.wrong, given.unknown) == (value, None, [])


def test_the_command_line_wins_over_a_variable_even_over_a_wrong_one() -> None:
    given = read({"CAPTCHA_CONTRACT_MOCK_PORT": "many"}, "-p", "81")
    assert (given.port, given.wrong) == (81, None)


def test_the_command_line_adds_to_what_a_variable_repeats() -> None:
    given = read({"CAPTCHA_CONTRACT_MOCK_ALLOW_HOST": "a\nb"}, "--allow-host", "c")
    assert given.allow_host == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("variables", "token"),
    [
        ({"OLD_TOKEN": "old"}, "old"),
        ({"OLD_TOKEN": "old", "CAPTCHA_CONTRACT_MOCK_TOKEN": "new"}, "new"),
        ({"OLD_TOKEN": "old", "CAPTCHA_CONTRACT_MOCK_TOKEN": ""}, "old"),
    ],
)
def test_an_older_name_is_read_where_the_newer_one_is_not_set(
    variables: dict[str, str], token: str
) -> None:
    assert read(variables).token == token


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("PORT", "many", "invalid int value: 'many'"),
        ("LENIENT", "maybe", "'maybe' is no flag; write 1 or 0"),
        ("SCHEME", "ftp", "invalid choice: 'ftp' (choose from http, https)"),
        ("PORT", "tcp://10.0.0.1:4010", "unless enableServiceLinks is false"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(
    variable: str, text: str, message: str
) -> None:
    name = f"CAPTCHA_CONTRACT_MOCK_{variable}"
    wrong = read({name: text}).wrong
    assert wrong.startswith(f"{name}: ")
    assert wrong.endswith(message)


def test_a_misspelt_variable_is_told_and_those_of_other_commands_are_not() -> None:
    variables = {
        "CAPTCHA_CONTRACT_MOCK_PROT": "1",
        "CAPTCHA_CONTRACT_SPCE": "x",
        "captcha_contract_mock_port": "1",
        "CAPTCHA_CONTRACT_SPEC": "x",
        "CAPTCHA_CONTRACT_TEST_TARGET": "test",
        "MOCK_SERVER_PORT": "tcp://10.0.0.1:4010",
    }
    told = read(variables).unknown
    assert [each.split()[2] for each in told] == list(variables)[:3]
    assert "did you mean CAPTCHA_CONTRACT_MOCK_PORT" in told[0]
    assert "did you mean CAPTCHA_CONTRACT_SPEC" in told[1]
    assert "did you mean CAPTCHA_CONTRACT_MOCK_PORT" in told[2]


def test_a_flag_that_says_no_allows_no_file_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = []
    for text in ("1", "true", "0", "No", ""):
        monkeypatch.setenv(outside.VARIABLE, text)
        allowed.append(outside.may_be_read(Path("/a/x"), Path("/b")))
    assert allowed == [True, True, False, False, False]


def test_the_mock_server_takes_its_options_by_variables_and_refuses_wrong_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAPTCHA_CONTRACT_MOCK_DELAY", "soon")
    monkeypatch.setenv("CAPTCHA_CONTRACT_MOCK_SEDE", "7")
    with pytest.raises(SystemExit) as ended:
        command_line.main(["--check"])
    monkeypatch.setenv("CAPTCHA_CONTRACT_MOCK_DELAY", "20")
    monkeypatch.setenv("CAPTCHA_CONTRACT_MOCK_CHECK", "1")
    assert (ended.value.code, command_line.main([])) == (2, 0)
    told = capsys.readouterr()
    assert "error: CAPTCHA_CONTRACT_MOCK_DELAY: 'soon'" in told.err
    assert "CAPTCHA_CONTRACT_MOCK_SEDE says nothing to mock: did you mean" in told.err
    assert "can be served" in told.out


def test_the_help_says_how_variables_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            raise SystemExit(captcha_contract.main([command, "--help"]))
        said = "".join(capsys.readouterr().out.split())
        assert f"whosenameis{PREFIX}{command.upper()}_andtheoptionincapitals" in said


def test_the_contract_run_takes_its_options_by_variables(tmp_path: Path) -> None:
    with broken_server("row-missing") as url:
        status, printed = contract(
            CAPTCHA_CONTRACT_TEST_BASE_URL=url,
            CAPTCHA_CONTRACT_TEST_SAMPLES="2",
            CAPTCHA_CONTRACT_TEST_HEADER="X-One: 1\nX-Two: 2",
            CAPTCHA_CONTRACT_TEST_REPORT_DIR=str(tmp_path),
            CAPTCHA_CONTRACT_TEST_TARGTE="dev",
        )
    assert status == 1
    assert "2 of 2 samples judged" in printed
    assert "CAPTCHA_CONTRACT_TEST_TARGTE says nothing to test: did you mean" in printed
    assert "X-Two" in (tmp_path / "traffic.har").read_text(encoding="utf-8")


def test_what_is_typed_wins_over_variables_that_it_excludes(tmp_path: Path) -> None:
    with broken_server("") as url:
        options = ("--samples", "2", "--report-dir", tmp_path)
        status, _ = contract("--base-url", url, *options, CAPTCHA_CONTRACT_TEST_TARGET="test")
    recorded, printed = contract(
        *("--from-har", tmp_path / "traffic.har"),
        CAPTCHA_CONTRACT_TEST_TARGET="test",
        CAPTCHA_CONTRACT_TEST_HEADER="X-One: 1",
    )
    assert (status, recorded) == (0, 0), printed


def test_a_wrong_variable_of_the_contract_run_is_wrong_usage() -> None:
    status, printed = contract("-q", CAPTCHA_CONTRACT_TEST_SAMPLES="many")
    assert status == 4
    assert "CAPTCHA_CONTRACT_TEST_SAMPLES: invalid int value: 'many'" in printed


def probed(*words: str) -> int:
    return captcha_contract.main(["mock", "--probe", *words])


def test_a_probe_says_whether_the_server_at_its_address_is_ready(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def answered(status: HTTPStatus) -> int:
        answer = f"HTTP/1.1 {status} \r\nContent-Length: 4\r\n\r\nwhy\n".encode()
        with raw_server(lambda connection: connection.sendall(answer)) as url:
            return probed("-p", url.rpartition(":")[2], "-H", "0.0.0.0")  # noqa: S104 - it is asked, not bound

    assert [answered(HTTPStatus.OK), answered(HTTPStatus.SERVICE_UNAVAILABLE)] == [0, 1]
    assert probed("-p", SILENT.rpartition(":")[2]) == 1
    assert probed("-p", "0") == 2
    assert health_check.READY == probes.READY
    said = capsys.readouterr()
    assert said.out == "mock_server: ready: why\n"
    assert [line.split(": ", 1)[1] for line in said.err.splitlines()] == [
        "not ready: 503 why",
        "not ready: 127.0.0.1:9: [Errno 111] Connection refused",
        "--probe needs the port of the server: -p PORT",
    ]


def test_a_server_of_https_is_probed_by_its_own_options(tls: ssl.SSLContext) -> None:
    answer = b"HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nok\n"
    with raw_server(lambda connection: connection.sendall(answer), tls) as url:
        assert probed("-p", url.rpartition(":")[2], "--ssl-certfile", "any.pem") == 0
        assert probed("-p", url.rpartition(":")[2]) == 1
