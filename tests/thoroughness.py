"""How many generated inputs the tests try: a quarter on every push, all where `THOROUGH=1` is set.

The inputs come from fixed seeds, so that every run tries the same ones, and the quarter is a part
of the whole. `THOROUGH=1` is for whoever changes what reads documents, specs or recordings.
"""

from __future__ import annotations

import os


def tries(most: int) -> int:
    """Say how many of so many inputs are tried."""
    return most if os.environ.get("THOROUGH") else -(-most // 4)
