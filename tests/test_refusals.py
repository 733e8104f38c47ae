"""What programs that generate requests are told of a spec, and what is sent without an example."""

from __future__ import annotations

import pytest

from contract.spec.plain_values import plain_value
from contract.spec.refusals import as_forms_write, with_refusals, without_credentials


def test_generated_requests_need_no_credentials_and_the_spec_keeps_them() -> None:
    operation = {"operationId": "a", "security": [{"key": []}]}
    tree = {"security": [{"key": []}], "paths": {"/a": {"get": operation}}}

    told = without_credentials(tree)

    assert told == {"paths": {"/a": {"get": {"operationId": "a"}}}}
    assert "security" in tree
    assert "security" in operation


def test_a_form_writes_one_item_for_a_list_and_nothing_for_null() -> None:
    items = {"type": "string", "format": "binary"}
    form = {
        "type": "object",
        "properties": {
            "files": {"type": "array", "nullable": True, "items": items},
            "any": {"type": "array", "items": {}},
            "note": {"type": "string", "nullable": True},
        },
    }
    content = {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/form"}}}
    tree = {
        "paths": {"/a": {"post": {"requestBody": {"content": content}}}},
        "components": {"schemas": {"form": form}},
    }

    told = as_forms_write(tree)

    schema = told["paths"]["/a"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]  # type: ignore[index]
    assert schema["properties"] == {
        "files": items,
        "any": {"type": "string"},
        "note": {"type": "string"},
    }
    assert told["components"] == tree["components"]


def test_a_documented_refusal_may_look_otherwise_where_a_request_breaks_the_spec() -> None:
    json = {"content": {"application/json": {"schema": {"type": "object"}}}}
    answers = {"200": json, "400": json}
    tree = {"paths": {"/a": {"get": {"parameters": [{}], "responses": answers}}}}

    told = with_refusals(tree)

    found = told["paths"]["/a"]["get"]["responses"]  # type: ignore[index]
    assert (found["200"], "content" in found["400"], "4XX" in found) == (json, False, True)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [("^-?[0-9]+$", "1"), ("^[a-z]+$", "text"), ("(", "text"), ("^x$", "x")],
)
def test_a_number_in_a_query_is_sent_as_digits(pattern: str, value: str) -> None:
    assert plain_value({"type": "string", "pattern": pattern}) == value
