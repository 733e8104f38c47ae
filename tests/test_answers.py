"""Schema → healthy answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.spec import vocabulary
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from mock_server.answer_editing import encode
from mock_server.answers.draw import Draw
from mock_server.answers.generators import NAMES, maker_of
from mock_server.answers.replies import served_operations
from mock_server.drawing.captcha import Captchas
from mock_server.problems import RequestRefused


def draw(number: str = "A1B2C3") -> Draw:
    return Draw(Captchas("s"), number)


def test_an_answer_is_a_function_of_seed_and_number(operation: Operation) -> None:
    make = maker_of(operation.schema, operation.success)

    assert make(draw()) == make(draw())
    assert make(draw()) != make(draw("A1B2C4"))


def test_a_value_comes_from_the_first_example_where_nothing_generates_it(platform: Spec) -> None:
    answer = maker_of(platform.operations[0].schema, platform.operations[0].success)(draw())

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


@pytest.mark.parametrize(
    "payload",
    [
        {"msg": "成功", "data": ["😀", '"\\\n\x7f', 1.5, 1.0, -1, True, None, {}]},
        "text",
        [10**30],
        {"deep": [{"deep": [[[]] * 3]}]},
    ],
)
def test_what_is_encoded_is_the_payload_without_escapes_or_spaces(payload: object) -> None:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))

    assert encode(payload).decode() == text


def test_every_generated_answer_is_held_to_the_spec_before_it_is_encoded(spec: Spec) -> None:
    good = served_operations(spec, Captchas("s")).operations[spec.operations[0].id].good

    with pytest.raises(RequestRefused) as refused:
        good.make(draw(""))

    answer = refused.value.problem.answer
    assert (answer.status, b"breaks it at data/img_code_id" in answer.body) == (500, True)


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

    answer = maker_of(operation.schema, operation.success)(draw())

    assert isinstance(answer, dict)
    assert list(answer) == ["id", "none", "two", "further"]
    assert (answer["none"], len(answer["two"]), answer["further"]) == ([], 2, 1)
