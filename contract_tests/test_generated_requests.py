"""Requests that Schemathesis generates from the spec, judged by our checks beside its own.

They run on the mock server; on a real environment only where `--intrusive` asks for them.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import Case

from contract.spec.default import default_spec
from contract.spec.loading import load
from contract.spec.refusals import with_refusals
from contract_tests.generated import Sender, register

SPECIFIED = load(default_spec().path)
register(SPECIFIED.operations)
# Schemathesis wants plain values, and a spec that it may change.
schema = schemathesis.openapi.from_dict(with_refusals(SPECIFIED.tree))


@schema.parametrize()
def test_generated_request(case: Case[Any], sender: Sender) -> None:
    """Every generated request is answered as the spec allows."""
    sender.send(case)
