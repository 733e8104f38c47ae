"""A plugin that runs the last test twice, and tears the session down between the two.

So did pytest-rerunfailures before its version 16, where the last test failed.
"""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Run the last test once more than pytest does."""
    if nextitem is None:
        runtestprotocol(item, nextitem=None, log=False)
