"""A plugin that skips a claim, as pytest-selenium and others do for reasons of their own."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the first claim."""
    items[0].add_marker(pytest.mark.skip(reason="a plugin's own reason"))
