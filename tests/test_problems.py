"""The mock server's own errors, which quote what others sent and wrote."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest

from mock_server.command_line import main
from mock_server.problems import problem

HOSTILE = "\x1b[31m \x9b \u202e ::error::x \ud800"


def test_a_problem_says_what_it_quotes_and_controls_no_terminal() -> None:
    body = problem(HTTPStatus.NOT_FOUND, f"没有 {HOSTILE}").answer.body

    assert json.loads(body)["detail"] == f"没有 {HOSTILE}"
    assert "没有" in body.decode()
    assert [each for each in "\x1b\x9b\u202e" if each in body.decode()] == []


def test_a_refusal_of_the_command_line_is_one_line_that_controls_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = main(["no\x1b[31m\n::error::such.yaml"])

    said = capsys.readouterr().err
    assert (status, said.count("\n"), "\x1b" in said) == (2, 1, False)
