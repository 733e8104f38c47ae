"""A line that shows how far a long observation is, on a terminal; a log gets none."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from contract import printable
from contract.judging.exchange import Exchange

_PATIENCE = 1.0
"""Seconds before progress is shown."""


def counted(
    exchanges: Iterable[Exchange], what: str, total: int, config: pytest.Config
) -> Iterator[Exchange]:
    """Pass exchanges on, and show on a terminal how many of them have come."""
    writer: Any = config.pluginmanager.get_plugin("terminalreporter")
    if writer is None or not writer.isatty:
        yield from exchanges
        return
    capture: Any = config.pluginmanager.get_plugin("capturemanager")
    started = time.monotonic()
    shown = bool(config.option.wait)
    if shown:
        with capture.global_and_fixture_disabled():
            writer.rewrite(printable.line(f"{what}: waiting for an answer "), erase=True)
    for exchange in exchanges:
        if shown or time.monotonic() - started > _PATIENCE:
            with capture.global_and_fixture_disabled():
                line = f"{what}: {exchange.number} of {total} samples "
                writer.rewrite(printable.line(line), erase=True)
            shown = True
        yield exchange
    if shown:
        with capture.global_and_fixture_disabled():
            writer.rewrite("", erase=True)
