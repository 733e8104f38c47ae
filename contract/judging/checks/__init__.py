"""The one registry of checks: every promise that answers are checked for.

To add a check: write a function in the module where it belongs, decorate it with `@check(NAME, …)`,
and add a fault that breaks it to `mock_server/faults/`. Nothing else knows a check by its name:
`claims.py` lists the claims of a spec in the order of this registry, so a check must stand after
those that it names in `after`.
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
"""Every check by its name, in the order of judgement."""
