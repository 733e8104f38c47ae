"""What programs that generate requests are told of a spec, and what is sent without an example."""

from __future__ import annotations

import pytest

from contract.spec.plain_values import plain_value
from contract.spec.refusals import without_credentials


def test_generated_requests_need_no_credentials_and_the_spec_keeps_them() -> None:
    operation = {"operationId": "a", "security": [{"key": []}]}
    tree = {"security": [{"key": []}], "paths": {"/a": {"get": operation}}}

    told = without_credentials(tree)

    assert told == {"paths": {"/a": {"get": {"operationId": "a"}}}}
    assert "security" in tree
    assert "security" in operation


@pytest.mark.parametrize(
    ("pattern", "value"),
    [("^-?[0-9]+$", "1"), ("^[a-z]+$", "text"), ("(", "text"), ("^x$", "x")],
)
def test_a_number_in_a_query_is_sent_as_digits(pattern: str, value: str) -> None:
    assert plain_value({"type": "string", "pattern": pattern}) == value
