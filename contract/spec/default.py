"""The spec that a command works on, and why it is that one.

It is the first of these: the file that the caller names · the file that the environment
variable `CAPTCHA_CONTRACT_SPEC` names · `openapi/openapi.yaml` of the current folder · the packaged
spec. A named file is chosen even if it does not exist; reading it then says what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "CAPTCHA_CONTRACT_SPEC"
"""The environment variable that names the spec."""

IN_WORDS = f"default: the spec that {VARIABLE} names, openapi/openapi.yaml, or the packaged one"
"""What the help of a command says where no spec is named."""

_PACKAGE = Path(__file__).parents[1]
_USUAL = Path("openapi", "openapi.yaml")

SPEC = _PACKAGE.parent / _USUAL
"""The spec of a clone of this repository; a wheel has none here, see `packaged_spec`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenSpec:
    """A spec, and why it is the one: `why` completes "the spec is PATH, …" in a message."""

    path: Path
    why: str

    def __str__(self) -> str:
        return f"{self.path} ({self.why})"


def default_spec(
    named: Path | None = None, *, environment: Mapping[str, str] = os.environ
) -> ChosenSpec:
    """Choose the spec that a command works on.

    Args:
        named: the file that the caller names, by `--spec` or as an argument.
        environment: the environment variables.
    """
    if named is not None:
        return ChosenSpec(path=named, why="named on the command line")
    variable = environment.get(VARIABLE, "")
    if variable:
        return ChosenSpec(path=Path(variable), why=f"named by {VARIABLE}")
    if _USUAL.is_file():
        return ChosenSpec(path=_USUAL, why="found in this folder")
    return ChosenSpec(path=packaged_spec(), why="the packaged one")


def packaged_spec() -> Path:
    """Give the spec that comes with the package: the wheel's own, or in a clone the clone's."""
    packaged = _PACKAGE / "packaged" / "openapi.yaml"
    return packaged if packaged.is_file() else SPEC
