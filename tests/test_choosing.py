"""The one answer that is chosen, or the problem that says which there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.findings import Place
from contract.spec.loading import interpret
from contract.spec.references import mapping
from contract.spec.yaml_text import parse
from mock_server.answers.choosing import Choice, choose
from mock_server.answers.replies import ServedOperation, served_operations
from mock_server.delays import Between
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.problems import Problem
from mock_server.state.settings import Settings
from tests.comparing import Node, tree

NO_DEFAULTS = Settings()
BROKEN = Settings(fault=FAULTS["body-empty"], delay=Between(50, 50))


def answer(schema: Node, **examples: object) -> Node:
    shown = {name: {"value": value} for name, value in examples.items()}
    return {"content": {"application/json": {"schema": schema, "examples": shown}}}


@pytest.fixture(scope="module")
def served() -> ServedOperation:
    responses = {
        "200": answer({}, documented=1, other=2),
        "503": answer({}, busy=3),
        "404": {"description": "nothing"},
    }
    root = parse(json.dumps(tree(responses=responses)).encode(), "x.yaml")
    spec = interpret(Path("x.yaml"), mapping(root, Place("x.yaml", 1), "a spec"))
    return served_operations(spec, Captchas("x")).operations["it"]


def chosen(
    served: ServedOperation, wanted: dict[str, str], defaults: Settings = NO_DEFAULTS
) -> Choice:
    found = choose(served, wanted, defaults)
    assert isinstance(found, Choice)
    return found


def refused(
    served: ServedOperation, wanted: dict[str, str], defaults: Settings = NO_DEFAULTS
) -> tuple[int, str]:
    found = choose(served, wanted, defaults)
    assert isinstance(found, Problem)
    return int(found.answer.status), json.loads(found.answer.body)["detail"]


@pytest.mark.parametrize(
    ("wanted", "status", "example"),
    [
        ({}, 200, None),
        ({"code": "200"}, 200, None),
        ({"code": "503"}, 503, None),
        ({"code": "404"}, 404, None),
        ({"example": "documented"}, 200, "documented"),
        ({"example": "other"}, 200, "other"),
        ({"code": "503", "example": "busy"}, 503, "busy"),
    ],
)
def test_a_reply_and_an_example_are_chosen_by_code_and_name(
    served: ServedOperation, wanted: dict[str, str], status: int, example: str | None
) -> None:
    found = chosen(served, wanted)

    assert (found.reply.status, found.example, found.operation) == (
        *(status, example),
        served.operation,
    )
    assert found.preferences == tuple(wanted.items())


@pytest.mark.parametrize(
    ("wanted", "defaults", "fault", "requested"),
    [
        ({}, NO_DEFAULTS, None, False),
        ({}, BROKEN, "body-empty", False),
        ({"code": "503"}, BROKEN, None, False),
        ({"code": "200"}, BROKEN, "body-empty", False),
        ({"fault": "none"}, BROKEN, None, True),
        ({"fault": "none", "code": "503"}, BROKEN, None, True),
        ({"fault": "login-page"}, NO_DEFAULTS, "login-page", True),
        ({"fault": "LOGIN_PAGE"}, BROKEN, "login-page", True),
        ({"code": "200", "fault": "login-page"}, NO_DEFAULTS, "login-page", True),
        ({"delay": "1"}, BROKEN, "body-empty", False),
    ],
)
def test_a_fault_is_the_requested_one_or_else_that_of_the_settings_for_the_good_answer(
    served: ServedOperation,
    wanted: dict[str, str],
    defaults: Settings,
    fault: str | None,
    *,
    requested: bool,
) -> None:
    found = chosen(served, wanted, defaults)

    assert (found.fault and found.fault.name, found.fault_was_requested) == (fault, requested)


@pytest.mark.parametrize(
    ("wanted", "defaults", "delay"),
    [
        ({}, NO_DEFAULTS, "None"),
        ({}, BROKEN, "50"),
        ({"code": "503"}, BROKEN, "50"),
        ({"delay": "0"}, BROKEN, "0"),
        ({"delay": "200-800"}, NO_DEFAULTS, "200-800"),
    ],
)
def test_a_delay_is_the_requested_one_or_else_that_of_the_settings(
    served: ServedOperation, wanted: dict[str, str], defaults: Settings, delay: str
) -> None:
    assert str(chosen(served, wanted, defaults).delay) == delay


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"code": "500"}, (404, "code=500 does not exist; there are: 200, 503, 404")),
        ({"example": "no"}, (404, "example=no does not exist; there are: documented, other, busy")),
        (
            {"code": "503", "example": "other"},
            (404, "example=other does not exist; there are: busy"),
        ),
        ({"code": "404", "example": "x"}, (404, "example=x does not exist; there are: none")),
        ({"fault": "x"}, (404, "fault=x does not exist; /__admin/faults lists all")),
        (
            {"code": "404", "fault": "body-empty"},
            (422, "fault=body-empty breaks only the successful answer: omit code=404"),
        ),
        ({"delay": "x"}, (422, "delay: 'x' is not a delay; ")),
        (
            {"__falt": "x"},
            (422, "__falt is not a key; did you mean __fault? the keys are: __code, "),
        ),
        ({"x": ""}, (422, "x is not a key; the keys are: __code, __example, __fault, __delay")),
        ({"code": "500", "x": ""}, (422, "x is not a key; ")),
    ],
)
def test_what_cannot_be_chosen_is_a_problem_that_says_what_can(
    served: ServedOperation, wanted: dict[str, str], problem: tuple[int, str]
) -> None:
    status, detail = refused(served, wanted)

    assert (status, detail[: len(problem[1])]) == problem
