"""Replacements for connexion's validators of requests and answers that crash or are slow.

They extend those of connexion, which still do the validating. Only successful answers are validated
here, with schemas that are compiled once. To add a media type of requests: write one more class,
and list it in `validators`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping

import jsonschema_rs
from connexion.exceptions import BadRequestProblem, NonConformingResponseBody
from connexion.validators.form_data import FormDataValidator
from connexion.validators.json import JSONRequestBodyValidator, JSONResponseBodyValidator
from connexion.validators.parameter import ParameterValidator
from starlette.types import Scope

from mock_server.answer_editing import JSON

FORM = "application/x-www-form-urlencoded"
"""The media type of bodies that are forms."""

AnswerSchema = Callable[[Scope], jsonschema_rs.Draft4Validator | None]
"""The compiled schema of the answer to a request, by its scope; None leaves it to connexion."""


def validators(answer_schema: AnswerSchema) -> Mapping[str, object]:
    """Give the `validator_map` of connexion."""
    return {
        "parameter": _Parameters,
        "body": {JSON: _JsonBody, FORM: _Form},
        "response": {JSON: _answer_validator(answer_schema)},
    }


class _Parameters(ParameterValidator):  # type: ignore[misc]  # connexion has no types
    """connexion's validator of parameters, skipped where there are none."""

    def validate(self, scope: Scope) -> None:
        if self.parameters:
            super().validate(scope)


class _JsonBody(JSONRequestBodyValidator):  # type: ignore[misc]  # connexion has no types
    """connexion's validator of JSON, which accepts any bytes, and the lack of an optional body.

    connexion itself answers 500 to bytes that are not text, or JSON that is nested too deeply.
    """

    _came = False

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> object:
        body = b"".join([part async for part in stream])
        self._came = bool(body)

        async def again() -> AsyncGenerator[bytes, None]:
            yield body

        try:
            return await super()._parse(again(), scope)
        except (ValueError, LookupError, RecursionError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else error
            raise BadRequestProblem(detail=f"the body is not JSON: {reason}") from None

    def _validate(self, body: object) -> None:
        if self._came or self._required:
            super()._validate(body)


class _Form(FormDataValidator):  # type: ignore[misc]  # connexion has no types
    """connexion's validator of forms, which also checks the bounds of numbers."""

    def _validate(self, body: Mapping[str, object]) -> None:
        members = self._schema.get("properties", {})
        kinds = {name: member.get("type") for name, member in members.items()}
        super()._validate({name: _typed(kinds.get(name), value) for name, value in body.items()})


def _typed(kind: object, value: object) -> object:
    try:
        if kind == "integer":
            return int(str(value))
        return float(str(value)) if kind == "number" else value
    except ValueError:
        return value


def _answer_validator(answer_schema: AnswerSchema) -> type[JSONResponseBodyValidator]:
    class CompiledValidator(JSONResponseBodyValidator):  # type: ignore[misc]  # connexion has no types
        """connexion's validator of answers, with schemas that are compiled once."""

        def _validate(self, body: object) -> None:
            validator = answer_schema(self._scope)
            if validator is None:
                super()._validate(body)
            elif not validator.is_valid(body):
                wrong = next(iter(validator.iter_errors(body)))
                raise NonConformingResponseBody(wrong.message)

    return CompiledValidator
