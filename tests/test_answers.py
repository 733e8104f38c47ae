"""Schema → healthy answer."""

from __future__ import annotations

from contract.spec import vocabulary
from contract.spec.operations import Operation, Spec
from mock_server.captcha import Captchas
from mock_server.draw import Draw
from mock_server.generators import NAMES, answer_maker


def draw(number: str = "A1B2C3") -> Draw:
    return Draw(Captchas("s"), number)


def test_an_answer_is_a_function_of_seed_and_number(operation: Operation) -> None:
    make = answer_maker(operation)

    assert make(draw()) == make(draw())
    assert make(draw()) != make(draw("A1B2C4"))


def test_a_value_comes_from_the_first_example_where_nothing_generates_it(platform: Spec) -> None:
    answer = answer_maker(platform.operations[0])(draw())

    assert answer == {
        "code": "000",
        "msg": "成功",
        "data": {
            "total": 2,
            "remark": "月卡",
            "records": [
                {"plate": "京A12345", "minutes": 35, "coupon": None},
                {"plate": "沪B54321", "minutes": 120, "coupon": "C-2026"},
            ],
        },
    }


def test_the_generators_are_those_that_the_vocabulary_names() -> None:
    assert set(NAMES) == vocabulary.GENERATORS
