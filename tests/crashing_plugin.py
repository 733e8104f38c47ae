"""A plugin under which the judging breaks down, and the reading of a generated request's answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

import pytest

from contract_tests import generated, trial


def _broken(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("broken down")


@pytest.fixture(autouse=True, scope="session")
def _breaking() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated, "_answer", _broken)
        patch.setattr(trial, "judge", _broken)
        yield
