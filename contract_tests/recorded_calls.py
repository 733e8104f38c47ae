"""Recordings as `captcha-contract review` judges them: the calls of each operation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from contract.page.recorded_traffic import RecordedCalls
from contract.reaching.environments import name_of
from contract.spec.operations import Operation
from contract_tests.observing.recordings import recordings


def recorded_calls(path: Path, operations: Sequence[Operation]) -> tuple[RecordedCalls, ...]:
    """Read the calls of some operations from a HAR file.

    Raises:
        UnreadableHar: it is not a HAR file, or has no call of the operations.
    """
    return tuple(
        RecordedCalls(
            operation=each.operation,
            environment=each.environment or name_of(each.operation, each.base_url),
            base_url=each.base_url,
            exchanges=each.exchanges,
        )
        for each in recordings(path, operations)
    )
