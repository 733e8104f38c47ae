"""A plugin that runs tests in another order, as pytest-randomly does."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the last test first."""
    items.reverse()
