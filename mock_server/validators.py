"""Replacements for connexion's validators of requests that crash or are slow.

They extend those of connexion, which still do the validating, by the schemas that `routed_spec`
seals. To add a media type of requests: write one more class, and list it in `VALIDATORS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from copy import deepcopy

import jsonschema_rs
from connexion.datastructures import MediaTypeDict
from connexion.exceptions import BadRequestProblem
from connexion.json_schema import Draft4RequestValidator
from connexion.lifecycle import ConnexionRequest
from connexion.uri_parsing import OpenAPIURIParser
from connexion.utils import is_null, is_nullable
from connexion.validators.form_data import FormDataValidator
from connexion.validators.json import JSONRequestBodyValidator
from connexion.validators.parameter import ParameterValidator
from jsonschema import Draft4Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from starlette.datastructures import FormData, Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Scope

from contract.spec.composition import merged
from mock_server.keywords import bounded
from mock_server.routed_spec import unsealed

FORM = "application/x-www-form-urlencoded"
"""The media type of bodies that are forms."""
MULTIPART = "multipart/form-data"
"""The media type of bodies that are forms with files."""

_FORMATS = deepcopy(Draft4Validator.FORMAT_CHECKER)
_BODY, _PARAMETER = bounded(Draft4RequestValidator), bounded(Draft4Validator)
_INT64, _INT32 = 1 << 63, 1 << 31
_BOOLEANS = {"true": True, "false": False}
_DEEP = "nested too deeply"
_ESCAPE = re.compile(r"\\(?:([0-3][0-7]{2})|(.))", re.DOTALL)


def _fits_64_bits(value: object) -> bool:
    """Say whether an integer fits the format int64 (OpenAPI 3.0.3, data types)."""
    return not isinstance(value, int) or -_INT64 <= value < _INT64


def _fits_32_bits(value: object) -> bool:
    """Say whether an integer fits the format int32."""
    return not isinstance(value, int) or -_INT32 <= value < _INT32


def _has_format(name: str) -> Callable[[object], bool]:
    """Make the check of a format that jsonschema does not know without further packages."""
    judge = jsonschema_rs.Draft201909Validator({"format": name}, validate_formats=True)
    return lambda value: not isinstance(value, str) or judge.is_valid(value)


for _name in ("date", "date-time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"):
    _FORMATS.checks(_name)(_has_format(_name))
_FORMATS.checks("int64")(_fits_64_bits)
_FORMATS.checks("int32")(_fits_32_bits)


class RequestParser(OpenAPIURIParser):  # type: ignore[misc]  # connexion has no types
    """connexion's parser of queries and paths, which accepts parameters that state no type."""

    @property
    def param_schemas(self) -> Mapping[str, Mapping[str, object]]:
        """Give the schemas of the parameters, by name."""
        return {
            name: {"type": "", **each.get("schema", {})} for name, each in self.param_defns.items()
        }

    @property
    def form_defns(self) -> Mapping[str, Mapping[str, object]]:
        """Give the schemas of the members of a form, by name."""
        members = self._body_schema.get("properties", {})
        return {name: {"type": "", **each} for name, each in members.items()}


class _Parameters(ParameterValidator):  # type: ignore[misc]  # connexion has no types
    """connexion's validator of parameters, skipped where there are none."""

    def validate(self, scope: Scope) -> None:
        if self.parameters:
            super().validate(scope)

    @staticmethod
    def validate_parameter(
        kind: str, value: object, param: Mapping[str, object], param_name: str | None = None
    ) -> str | None:
        token = param.get("schema", param)
        if value is None or (is_nullable(token) and is_null(value)):
            told: str | None = ParameterValidator.validate_parameter(kind, value, param, param_name)
            return told
        schema = unsealed(token) if isinstance(token, Mapping) else {}
        if param.get("x-json") is True:
            value = _from_json(value)
        elif kind in {"header", "cookie"}:
            value = _read(value, schema)
        elif param.get("style") in {"label", "matrix"}:
            value = _read(_bare(str(value), str(param["x-name"])), schema)
        judge = _PARAMETER(schema, format_checker=_FORMATS)
        wrong = best_match(judge.iter_errors(value))
        # A text may also be the number that an alternative asks for.
        if wrong is None or ("type" not in schema and judge.is_valid(_from_json(value))):
            return None
        return str(wrong)

    def validate_cookie_parameter(
        self, param: Mapping[str, object], request: ConnexionRequest
    ) -> str | None:
        value = _cookies(request.headers).get(str(param["name"]))
        return self.validate_parameter("cookie", value, param)


def _from_json(value: object) -> object:
    """Read a parameter that is described as JSON, even encoded twice; else it stays a text."""
    try:
        read = json.loads(str(value))
        return json.loads(read) if isinstance(read, str) else read
    except (ValueError, RecursionError):
        return value


def _bare(text: str, name: str) -> str:
    """Take from a part of a path what the styles `label` and `matrix` write before it."""
    return text.removeprefix(".").removeprefix(f";{name}=")


def _read(value: object, schema: Mapping[str, object]) -> object:
    """Read the text of a header or a cookie as its schema says."""
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, Mapping):
        return [_typed(items.get("type"), part.strip()) for part in str(value).split(",")]
    return _typed(schema.get("type"), value)


def _cookies(headers: Headers) -> Mapping[str, str]:
    """Read the cookies of a request; http.cookies takes ever longer for ever more backslashes."""
    pairs = (pair.partition("=") for pair in ";".join(headers.getlist("cookie")).split(";"))
    return {name.strip(): _unquoted(value.strip()) for name, mark, value in pairs if mark}


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(lambda found: found[2] or chr(int(found[1], 8)), value[1:-1])
    return value


class _JsonBody(JSONRequestBodyValidator):  # type: ignore[misc]  # connexion has no types
    """connexion's validator of JSON, which accepts any bytes, and the lack of an optional body.

    connexion itself answers 500 to bytes that are not text, or JSON that is nested too deeply.
    """

    _came = False

    def __init__(self, *, schema: Mapping[str, object], **options: object) -> None:
        super().__init__(schema=unsealed(schema), **options)

    @property
    def _validator(self) -> Validator:
        return _BODY(self._schema, format_checker=_FORMATS)

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> object:
        body = b"".join([part async for part in stream])
        self._came = bool(body)

        async def again() -> AsyncGenerator[bytes, None]:
            yield body

        try:
            return await super()._parse(again(), scope)
        except (ValueError, LookupError, RecursionError) as error:
            reason = _DEEP if isinstance(error, RecursionError) else error
            raise BadRequestProblem(detail=f"the body is not JSON: {reason}") from None

    def _validate(self, body: object) -> None:
        try:
            if self._came or self._required:
                super()._validate(body)
        except RecursionError:
            raise BadRequestProblem(detail=f"the body is {_DEEP}") from None


class _Form(FormDataValidator):  # type: ignore[misc]  # connexion has no types
    """connexion's validator of forms, which also checks the bounds of numbers."""

    _came = False

    def __init__(self, *, schema: Mapping[str, object], **options: object) -> None:
        super().__init__(schema=unsealed(schema), **options)

    @property
    def _validator(self) -> Validator:
        return _BODY(self._schema, format_checker=_FORMATS)

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> object:
        self._came = "content-type" in Headers(scope=scope)
        if not self._came:
            return {}
        try:
            return await super()._parse(stream, scope)
        except MultiPartException as error:
            raise BadRequestProblem(detail=f"the body is not a form: {error.message}") from None

    def _validate(self, body: Mapping[str, object]) -> None:
        if not self._came and not self._required:
            return
        members = merged(self._schema).get("properties", {})
        kinds = {name: merged(member).get("type") for name, member in members.items()}
        super()._validate({name: _typed(kinds.get(name), value) for name, value in body.items()})


class _Multipart(_Form):
    """The validator of forms, for those that carry files."""

    @property
    def _form_parser_cls(self) -> type[MultiPartParser]:
        return _Parts


class _Parts(MultiPartParser):
    """The parser of a form's parts, which keeps no file open: only their names are judged."""

    async def parse(self) -> FormData:
        """Read the form."""
        form = await super().parse()
        await form.close()
        return form


def _typed(kind: object, value: object) -> object:
    try:
        if kind == "integer":
            return int(str(value))
        if kind == "boolean":
            return _BOOLEANS.get(str(value), value)
        if kind == "object" and isinstance(value, str):
            return json.loads(value)
        return float(str(value)) if kind == "number" else value
    except ValueError:
        return value


VALIDATORS: Mapping[str, object] = {
    "parameter": _Parameters,
    "body": MediaTypeDict({"*/*json": _JsonBody, FORM: _Form, MULTIPART: _Multipart}),
}
"""The `validator_map` of connexion."""
