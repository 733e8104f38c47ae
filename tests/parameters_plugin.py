"""A plugin that prints what tools know tests by from run to run: their ids and parameters."""

from __future__ import annotations

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    """Print the id of every test, and how its parameters are written."""
    for item in session.items:
        callspec = getattr(item, "callspec", None)
        print("TEST", item.nodeid, callspec and repr(callspec.params))
