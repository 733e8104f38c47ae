"""Every way to break an answer: an answer in, a broken answer out.

A fault is one function, named as the defect, that says which checks of `contract_tests` must
tell it and at which level, or for which reason the answer must count as inconclusive. To add one:
write the function in the module of its kin and decorate it with `@fault`; the tests prove that it
is told by those checks and by no others. A fault finds the members it breaks by their part in the
spec, so it serves every operation that has such a member.
"""

from __future__ import annotations

from mock_server.faults import (
    bodies,
    broken_keywords,
    intermediaries,
    pictures,
    responses,
    rows,
    values,
    wires,
)
from mock_server.faults.fault import Fault, catalogue

__all__ = ["FAULTS", "fault_named"]


def fault_named(text: str) -> Fault | None:
    """Find a fault by its name, also as WireMock would write it: EMPTY_RESPONSE."""
    return FAULTS.get(text.lower().replace("_", "-"))


FAULTS = catalogue(
    (rows, pictures, values, broken_keywords, bodies, responses, intermediaries, wires)
)
