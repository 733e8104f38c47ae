"""What stands in a request is read in work that grows with its length, by the libraries too."""

from __future__ import annotations

import asyncio
import http.cookies
import json
from collections.abc import Mapping, Sequence

import pytest
import yaml
from jsonschema import Draft4Validator
from starlette.types import ASGIApp

from contract.spec.default import SPEC
from contract.spec.loading import load
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.requests.request_schemas import RequestSchema
from mock_server.state.journal import _KEPT, entry_of
from tests.in_process import http_scope, sent_by
from tests.work import lines_run

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
FILE = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
STRING = {"type": "string"}
Headers = Sequence[tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    """Operations with a cookie, numbers in the path, a list in the query, and bodies."""
    tree = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    ((_, item),) = tree["paths"].items()

    def operation(name: str, **changes: object) -> dict[str, object]:
        return {"post": {**item["post"], "operationId": name, **changes}}

    def parameter(where: str, schema: object) -> dict[str, object]:
        named = {"in": where, "name": "it", "schema": schema, "required": where == "path"}
        return {"parameters": [named]}

    def body(kind: str, schema: object) -> dict[str, object]:
        return {"requestBody": {"content": {kind: {"schema": schema}}}}

    listed = {"type": "array", "items": STRING}
    unique = {"type": "object", "properties": {"all": {"type": "array", "uniqueItems": True}}}
    tree["paths"] = {
        "/cookie": operation("cookie", **parameter("cookie", {**STRING, "maxLength": 9})),
        "/number/{it}": operation("number", **parameter("path", {"type": "integer"})),
        "/list": operation("list", **parameter("query", listed)),
        "/json": operation("json", **body(JSON, unique)),
        "/long": operation("long", **body(JSON, {"type": "integer", "format": "int64"})),
        "/parts": operation("parts", **body(PARTS, {**FILE, "required": ["file"]})),
        "/form": operation("form", **body(FORM, {"type": "object", "properties": {"a": STRING}})),
    }
    path = tmp_path_factory.mktemp("spec") / "openapi.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    return application(load(path), Captchas("hostile"))


def asked(
    app: ASGIApp, path: str, headers: Headers = (), body: bytes = b"", query: bytes = b""
) -> tuple[int, str]:
    """Give the status that an application answers, and the detail where it refuses."""
    framed = [(b"host", b"a"), *headers, (b"content-length", b"%d" % len(body))]
    scope = http_scope("POST", path.encode() + b"?" + query, framed)
    sent = asyncio.run(sent_by(app, scope, [body]))
    return sent.status, json.loads(sent.body).get("detail", "")


def test_the_application_answers_what_is_right(app: ASGIApp) -> None:
    json_type = [(b"content-type", JSON.encode())]

    assert asked(app, "/cookie", [(b"cookie", b"it=short")]) == (200, "")
    assert asked(app, "/number/12") == (200, "")
    assert asked(app, "/list", query=b"it=a,b") == (200, "")
    assert asked(app, "/json", json_type, b'{"all": [1, 2]}') == (200, "")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"it=123456789", 200),
        (b"it=1234567890", 400),
        (b'it="123456789"', 200),
        (b'a=b; it="1234567890"; c=d', 400),
        (b'it="\\"\\\\\\101\\1"', 200),
        (b'it="' + b"\\1" * 9 + b'"', 200),
        (b'it="' + b"\\101" * 10 + b'"', 400),
        (b'it="' + b"\\" * 60_000 + b'"', 400),
        (b"no cookie; it = 1", 200),
    ],
)
def test_a_cookie_is_read_without_the_search_that_looks_ever_further(
    sent: bytes, status: int, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def searched(_: str) -> str:
        raise AssertionError("http.cookies searches from every backslash to the end")

    monkeypatch.setattr(http.cookies, "_unquote", searched)

    assert asked(app, "/cookie", [(b"cookie", sent)])[0] == status


def test_a_number_in_the_path_that_python_does_not_read_is_refused(app: ASGIApp) -> None:
    told = "the path parameter it must be an integer, and is a text"

    assert asked(app, "/number/" + "9" * 5000) == (400, told)


def test_a_form_of_too_many_fields_is_refused(app: ASGIApp) -> None:
    status, told = asked(app, "/form", [(b"content-type", FORM.encode())], b"a=1&" * 1001)

    assert (status, "Too many fields" in told) == (400, True)


@pytest.mark.parametrize("depth", [400, 900, 5000, 30_000])
def test_a_body_that_is_nested_deeply_is_read_or_refused(depth: int, app: ASGIApp) -> None:
    body = b'{"all": ' + b"[" * depth + b"]" * depth + b"}"

    status, told = asked(app, "/json", [(b"content-type", JSON.encode())], body)

    assert (status, told) == (200, "") or (status, "nested too deeply" in told) == (400, True)


def is_valid(schema: Mapping[str, object], value: object) -> bool:
    return RequestSchema(schema).allows(value)


@pytest.mark.parametrize(
    "items",
    [
        [],
        [1],
        [1, 1],
        [1, 1.0],
        [1, True],
        [0, False],
        ["1", 1],
        [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}],
        [{"a": 1}, {"a": 2}],
        [[1, 2], [2, 1]],
        [[1, 2], [1, 2]],
        [None, "null"],
        ["失", "\u5931"],
        [1.5, 1.5],
    ],
    ids=str,
)
def test_items_are_equal_where_they_were(items: list[object]) -> None:
    schema = {"uniqueItems": True}

    assert is_valid(schema, items) == Draft4Validator(schema).is_valid(items)


@pytest.mark.parametrize("item", [lambda number: {"a": number}, lambda number: [number]])
def test_the_work_of_telling_equal_items_grows_with_their_number_alone(item: object) -> None:
    def work(count: int) -> int:
        items = [item(number) for number in range(count)]  # type: ignore[operator]
        return lines_run(lambda: is_valid({"uniqueItems": True}, items))

    assert work(2000) <= 2 * work(1000) + 200


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^(a+)+$", "a" * 20 + "!", False),
        ("^(a+)+$", "a" * 60_000, True),
        ("^(a|aa)+$", "a" * 60 + "!", False),
        ("b", "abc", True),
        (r"^\d+$", "12", True),
    ],
)
def test_a_pattern_is_searched_without_pythons_backtracking(
    pattern: str, text: str, *, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def searched(*_: object) -> None:
        raise AssertionError("re tries every way to match")

    monkeypatch.setattr("re.search", searched)

    assert is_valid({"pattern": pattern}, text) == found


def test_a_pattern_that_nobody_can_read_is_not_asked_for_but_the_rest_is() -> None:
    schema = {"pattern": "^(?<year", "maxLength": 2}

    assert (is_valid(schema, "12"), is_valid(schema, "123")) == (True, False)


def test_the_journal_keeps_little_of_what_is_long() -> None:
    headers = [(b"cookie", b"c" * 60_000), (b"b", b"d")]
    entry = entry_of("GET", "/" + "a" * 60_000, headers, moment=0)

    assert len(entry.target) + len(entry.headers) <= 2000 + _KEPT
    assert entry.as_json()["headers"] == {"cookie": "[redacted]"}


@pytest.mark.parametrize(
    ("number", "status"), [(2**63 - 1, 200), (2**63, 400), (-(2**63) - 1, 400)]
)
def test_a_long_is_one_of_64_bits(app: ASGIApp, number: int, status: int) -> None:
    headers = ((b"content-type", JSON.encode()),)

    assert asked(app, "/long", headers, str(number).encode())[0] == status


@pytest.mark.parametrize(("name", "status"), [("file", 200), ("other", 400)])
def test_a_form_of_parts_lacks_no_required_file(app: ASGIApp, name: str, status: int) -> None:
    headers = ((b"content-type", f"{PARTS}; boundary=x".encode()),)
    named = f'form-data; name="{name}"; filename="a.png"'
    body = f"--x\r\nContent-Disposition: {named}\r\n\r\na\r\n--x--\r\n"

    assert asked(app, "/parts", headers, body.encode())[0] == status
