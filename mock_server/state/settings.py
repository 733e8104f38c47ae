"""What a session asks for where its requests do not: a fault, a delay, and rules for operations.

A rule is met by the requests of one operation that fit its conditions (`matching.py`). The first
rule that a request meets decides; it ends when it was met as often as it says. To add something
that a rule can ask for: a field here, its member in `admin.yaml`, its meaning in `choosing.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_server.delays import Delay
from mock_server.faults.fault import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRule:
    """An answer for the requests of one operation.

    Attributes:
        operation: the operationId.
        asked: what it asks for, by the keys of preferences: code, example, fault.
        delay: how long the answer waits; None where the rule does not say.
        times: how often it is still to be met; None for ever.
        match: what a request must hold, by place; empty for every request.
        key: tells it from every other rule.
    """

    operation: str
    asked: Mapping[str, str] = field(default_factory=dict)
    delay: Delay | None = None
    times: int | None = None
    match: Mapping[str, object] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every answer of a session gets whose request asks for nothing itself."""

    fault: Fault | None = None
    delay: Delay | None = None
    rules: tuple[AnswerRule, ...] = ()

    @property
    def say_anything(self) -> bool:
        """Whether any answer may be another because of them."""
        return bool(self.rules) or self.fault is not None or self.delay is not None
