"""What one process makes for several: pytest-xdist's workers share a folder."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")

_GLANCE = 0.05


class NotMade(RuntimeError):  # noqa: N818 - it names what is wrong
    """The process that was to make a value has failed, or takes too long."""


def run_once(folder: Path, name: str, make: Callable[[], Made], *, patience: float) -> Made:
    """Have the first process that asks make a value, and the others wait for it.

    Args:
        folder: what only these processes share.
        name: what is made.
        make: makes the value, which can be pickled.
        patience: seconds that the others wait.

    Raises:
        NotMade: the first process failed, or the others waited too long.
    """
    try:
        (folder / f"{name}.begun").mkdir()
    except FileExistsError:
        value: Made = made(folder, name, patience=patience)
        return value
    values: tuple[Made, ...] = ()
    try:
        values = (make(),)
    finally:
        draft = folder / f"{name}.draft"
        draft.write_bytes(pickle.dumps(values))
        draft.rename(folder / f"{name}.pickle")
    return values[0]


def made(folder: Path, name: str, *, patience: float = 0) -> Any:  # noqa: ANN401 - whatever it is
    """Give what another process has made, or will have made within the patience.

    Raises:
        NotMade: it failed, or has made nothing yet.
    """
    file = folder / f"{name}.pickle"
    until = time.monotonic() + patience
    while not file.exists():
        if time.monotonic() >= until:
            raise NotMade(f"no process made {name} within {patience:g} s")
        time.sleep(_GLANCE)
    for value in pickle.loads(file.read_bytes()):  # noqa: S301 - our own workers wrote it
        return value
    raise NotMade(f"another worker failed to make {name}")
