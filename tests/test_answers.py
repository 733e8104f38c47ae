"""Schema → healthy answer."""

from __future__ import annotations

from pathlib import Path

from contract.spec import vocabulary
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from mock_server.captcha import Captchas
from mock_server.generators import GENERATORS, Draw, answer_maker


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
    assert set(GENERATORS) == vocabulary.GENERATORS


GENERATED = """
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses:
        "200":
          description: x
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {type: string, x-mock: uuid}
                  none: {type: array, items: {type: string, x-mock: uuid}}
                  two: {type: array, items: {type: string, x-mock: uuid}}
                  picture: {type: string, x-mock: captcha.image}
              example: {none: [], two: [a, b], further: 1}
"""


def test_an_answer_has_the_lists_and_the_members_of_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(GENERATED, encoding="utf-8")
    (operation,) = load(path).operations

    answer = answer_maker(operation)(draw())

    assert isinstance(answer, dict)
    assert list(answer) == ["id", "none", "two", "further"]
    assert (answer["none"], len(answer["two"]), answer["further"]) == ([], 2, 1)
