"""A member of answers ↔ its row of the field table, and how both are called."""

from __future__ import annotations

from contract_tests.comparing.counted_runs import Observed
from contract_tests.comparing.run_reports import RunField


def row_of(pointer: str, observed: Observed) -> RunField | None:
    """Find the row of a member: by its pointer, or in an older report by its own name."""
    rows = observed.fields.values()
    there = [row for row in rows if row.pointer and row.pointer == pointer]
    name = pointer.rpartition("/")[2]
    older = [row for row in rows if not row.pointer and row.name.rpartition(".")[2] == name]
    found = there or older
    return found[0] if pointer and len(found) == 1 else None


def is_optional(pointer: str, observed: Observed) -> bool:
    """Say whether a row may be absent: it has claims, and none that requires it."""
    about = [name for name, claim in observed.claims.items() if claim.pointer == pointer]
    required = any(name.endswith("-required") for name in about)
    return bool(about) and row_of(pointer, observed) is not None and not required


def name_of_member(pointer: str) -> str:
    """Name a member as people write it: data.list.name."""
    names = [name for name in pointer.split("/") if name not in {"", "*"}]
    return ".".join(name.replace("~1", "/").replace("~0", "~") for name in names) or pointer
