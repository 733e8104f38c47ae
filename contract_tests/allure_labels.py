"""What Allure shows of a claim: a title that people can read, and labels to sort by.

Allure recognises a test over many runs by its name and its parameter, and the parameter of a claim
is the claim's id. Nothing of Allure is imported: its plugin for pytest reads marks and one
attribute, and where it is not installed they say nothing to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from contract.findings import Level
from contract.judging.claims import Claim

PLUGIN = "allure_pytest"
"""The name of Allure's plugin, which knows the marks."""

TITLE = "{param_id}: {outcome.claim.promise_in_chinese} ({outcome.claim.promise})"
"""The title of a claim; Allure fills it in, where both a question and its outcome have a claim."""

_SEVERITIES: Mapping[Level, str] = {
    Level.TABLE: "critical",
    Level.SAMPLE: "normal",
    Level.STRICT: "minor",
}


def titled(test: Callable[..., None]) -> Callable[..., None]:
    """Have Allure show a title that is made of the claim."""
    test.__dict__["__allure_display_name__"] = TITLE
    return test


def marks(claim: Claim) -> Iterator[Any]:
    """Give the marks of a claim: its operation, how much it matters, and where it is promised."""
    yield pytest.mark.allure_label(claim.operation, label_type="feature")
    yield pytest.mark.allure_label(claim.subject, label_type="story")
    yield pytest.mark.allure_label(_SEVERITIES[claim.level], label_type="severity")
    places = ", ".join(map(str, claim.places))
    said = f"promised: {claim.promise}\n\n约定：{claim.promise_in_chinese}\n\nsource 出处: {places}"
    yield pytest.mark.allure_description(said)
