"""Whether a spec may refer to files outside its folder: not unless the user allows it.

A spec may come from somebody else, and what its references name is read, served and shown. An
option of each command allows it, or an environment variable, which the processes that a command
starts inherit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OPTION = "--allow-outside"
"""The option that allows it."""
VARIABLE = "CAPTCHA_CONTRACT_ALLOW_OUTSIDE"
"""The environment variable that allows it, if it is set to anything but a flag that says no."""
_NO = ("", "0", "false", "no")


def declare(add: Callable[..., object]) -> None:
    """Declare the option."""
    told = "let the spec refer to files outside its folder"
    add(OPTION, action="store_true", help=f"{told}; also {VARIABLE}=1")


@contextmanager
def allowing(*, wanted: bool) -> Iterator[None]:
    """Allow it for a while, where an option asks for it."""
    before = os.environ.get(VARIABLE)
    if wanted:
        os.environ[VARIABLE] = "1"
    try:
        yield
    finally:
        if wanted:
            os.environ.pop(VARIABLE) if before is None else os.environ.update({VARIABLE: before})


def may_be_read(file: Path, folder: Path) -> bool:
    """Say whether a spec in a folder may refer to a file; both paths with links followed."""
    return file.is_relative_to(folder) or os.environ.get(VARIABLE, "").strip().lower() not in _NO
