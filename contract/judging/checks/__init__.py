"""The one registry of checks: every promise that an answer can be held to.

To add a check: write a function in the module of its kin, make it a check by `@check(NAME, …)`,
and add a fault that breaks it to `mock_server/faults/`. Nothing else knows a check by its name:
`claims.py` lists the claims of a spec by this registry, in its order, so a check stands behind
those that come before it (`after`).
"""

from __future__ import annotations

from collections.abc import Mapping

from contract.judging.checks import (
    good_practice,
    over_samples,
    pictures_in_base64,
    presence_and_type,
    schema_keywords,
    whole_answers,
)
from contract.judging.checks.check import Check, listed_in
from contract.registry import registry

__all__ = ["CHECKS"]

CHECKS: Mapping[str, Check] = registry(
    listed_in(
        (
            whole_answers,
            good_practice,
            presence_and_type,
            pictures_in_base64,
            schema_keywords,
            over_samples,
        )
    )
)
