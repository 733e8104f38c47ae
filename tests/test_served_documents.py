"""Any document, derived and served: the mock server's answer conforms, and so does the sample."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract import documents
from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents.cells import Kind
from contract.findings import Level
from contract.instances import present
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Verdict
from contract.spec.loading import load
from contract.spec.media_types import BodyForm
from contract.spec.operations import Operation
from contract.spec.vocabulary import validator
from mock_server.answers.draw import Draw
from mock_server.answers.replies import ServedOperation, served_operations
from mock_server.drawing.captcha import Captchas
from tests.judged_answers import judged

DOCUMENTS = Path(__file__).parent / "documents"
EVERY = pytest.mark.parametrize(
    "path",
    sorted(DOCUMENTS.rglob("*.md")),
    ids=lambda path: path.relative_to(DOCUMENTS).as_posix(),
)
CAPTCHAS = Captchas("served")
NOT_BROKEN = {None, Kind.ANY, Kind.OBJECT, Kind.ARRAY}
"""The kinds that another object does not break."""


def served(path: Path, folder: Path) -> list[ServedOperation]:
    """Derive a document among its neighbours, and compile the answers in JSON."""
    read = documents.read(path)
    spec = folder / "openapi.yaml"
    spec.write_text(text_of(derive(read, folder)), encoding="utf-8")
    compiled = served_operations(load(spec), CAPTCHAS).operations.values()
    return [each for each in compiled if each.operation.answer.form is BodyForm.JSON]


@EVERY
def test_the_default_answer_to_any_document_conforms_by_table_and_sample(
    path: Path, tmp_path: Path
) -> None:
    for each in served(path, tmp_path):
        draws = [Draw(CAPTCHAS, CAPTCHAS.number(number)) for number in range(3)]
        answers = [json.loads(each.good.answer(each.good.make(draw)).body) for draw in draws]

        judgement = judged(each.operation, *answers, level=Level.SAMPLE)

        found = [finding for finding in judgement.findings if finding.level <= Level.SAMPLE]
        assert (judgement.verdict, found) == (Verdict.CONFORMS, [])


def shown(operation: Operation) -> list[object]:
    return [json.loads(json.dumps(each)) for each in operation.success.values()]


@EVERY
def test_a_server_that_answers_the_documented_sample_conforms(path: Path, tmp_path: Path) -> None:
    for each in served(path, tmp_path):
        for answer in shown(each.operation):
            found = judged(each.operation, answer, level=Level.TABLE).findings

            assert [finding for finding in found if finding.level is Level.TABLE] == []


def shape(value: object) -> object:
    """Give the names, the lengths of lists and the types of a value."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else type(value)


@EVERY
def test_the_default_answer_has_the_shape_and_the_lists_of_the_sample(
    path: Path, tmp_path: Path
) -> None:
    for each in served(path, tmp_path):
        sample = next(iter(shown(each.operation)), None)
        answer = json.loads(each.good.answer(each.good.make(Draw(CAPTCHAS, "6OPM6H"))).body)

        assert validator(each.operation.schema).is_valid(answer)
        assert sample is None or shape(answer) == shape(sample)


@EVERY
def test_a_row_of_the_wrong_type_violates_at_its_own_line(path: Path, tmp_path: Path) -> None:
    for each in served(path, tmp_path):
        provenance = provenance_of(each.operation)
        for member in provenance.rows(each.operation):
            answer = json.loads(each.good.answer(each.good.make(Draw(CAPTCHAS, "6OPM6H"))).body)
            row = provenance.row(member)
            holders = [found.holder for found in present(answer, member.path)]
            if row is None or row.kind in NOT_BROKEN or row.holds_rows or not any(holders):
                continue
            for holder in filter(None, holders):
                holder[member.name] = {"of": "another type"}

            judgement = judged(each.operation, answer, answer, level=Level.TABLE)

            lines = {finding.places[0].line for finding in judgement.findings if finding.pointer}
            assert (judgement.verdict, row.line in lines) == (Verdict.VIOLATES, True), row
