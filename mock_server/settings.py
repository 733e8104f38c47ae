"""What the mock server does by default, until somebody sets it otherwise."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from mock_server.faults.fault import Fault
from mock_server.selection import Delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What an answer is if its request asks for nothing else: how broken, and how late."""

    fault: Fault | None = None
    delay: Delay | None = None


@dataclass(slots=True)
class Settings:
    """The defaults in force, and those that a reset goes back to."""

    initial: Defaults = field(default_factory=Defaults)
    current: Defaults = field(init=False)
    choices: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Go back to what the command line said."""
        self.current = self.initial
