"""What programs that generate requests are told of a spec."""

from __future__ import annotations

from contract.spec.refusals import without_credentials


def test_generated_requests_need_no_credentials_and_the_spec_keeps_them() -> None:
    operation = {"operationId": "a", "security": [{"key": []}]}
    tree = {"security": [{"key": []}], "paths": {"/a": {"get": operation}}}

    told = without_credentials(tree)

    assert told == {"paths": {"/a": {"get": {"operationId": "a"}}}}
    assert "security" in tree
    assert "security" in operation
