"""The names of operations that have no operationId, or of documents that give none."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_IN_PATH = re.compile(r"\{([^{}/]+)\}")
_WORD = re.compile(r"[A-Za-z0-9]+")


def operation_name(method: str, path: str, taken: Collection[str]) -> str:
    """Name an operation by the end of its path, with as many segments as make the name unique."""
    steps = [step for step in path.split("/") if not _IN_PATH.fullmatch(step)]
    words = [_camel(_WORD.findall(step)) for step in steps if _WORD.search(step)] or ["root"]
    ends = [words[-count:] for count in range(1, len(words) + 1)]
    candidates = [_camel(end) for end in ends]
    candidates += [_camel([method.lower(), *end]) for end in ends]
    candidates += [f"{candidates[-1]}{number}" for number in range(2, len(taken) + 3)]
    return next(name for name in candidates if name not in taken)


def _camel(words: Sequence[str]) -> str:
    return words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])
