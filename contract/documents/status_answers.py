"""The HTTP statuses that tables of a document list, and the answers with a status of their own.

A table of statuses is known by the word above its first column: one more is one more entry of
`STATUS_COLUMNS`. A line above other tables says whose rows they are: 状态码 **400**.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from contract.documents.block import Stated, Table
from contract.documents.cells import is_nothing, plain, unlinked, word
from contract.documents.column_words import COLUMNS
from contract.documents.field_rows import Row
from contract.documents.sections import Section
from contract.documents.tables import cell, columns

STATUS_COLUMNS = frozenset(
    {"状态码", "http状态码", "响应状态码", "httpcode", "statuscode", "status", "httpstatuscode"}
)
"""The words that head the first column of a table of HTTP statuses."""
_COLUMNS: dict[str, str] = {
    **dict.fromkeys(("说明", "描述", "description"), "description"),
    **dict.fromkeys(("状态码含义", "含义", "meaning"), "meaning"),
    **dict.fromkeys(("数据模型", "schema", "模型", "响应模型", "dataschema"), "model"),
}
_STATUS = re.compile(r"[1-5][0-9]{2}")
_IN_TITLE = re.compile(r"(?<![0-9])[1-5][0-9]{2}(?![0-9])")
_PHRASES = {int(each): each.phrase.casefold() for each in HTTPStatus}
NO_CONTENT = "204"
"""The status of a success without a body."""
SUCCESS = "200"
"""The status of a success that no table lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStatus:
    """One row of a table of statuses: the status, what it means, and the model of its answer."""

    status: Stated
    description: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """The answer with a status other than that of the success.

    Attributes:
        status: and the line that states it.
        description: what the document says of it.
        rows: the members of the answer.
        whole: the row of the whole answer, where it is a list.
    """

    status: Stated
    description: str = ""
    rows: tuple[Row, ...] = ()
    whole: Row | None = field(default=None)


def is_status_table(table: Table) -> bool:
    """Say whether a table lists HTTP statuses, and no members."""
    names_members = "name" in columns(table, COLUMNS)
    first = word(table.header.cells[0] if table.header.cells else "")
    codes = [plain(row.cells[0]) for row in table.rows if row.cells] if first == "code" else []
    are_statuses = bool(codes) and all(map(_STATUS.fullmatch, codes))
    return not names_members and (first in STATUS_COLUMNS or are_statuses)


def listed_statuses(found: Sequence[Section]) -> tuple[ListedStatus, ...]:
    """Give the HTTP statuses that tables list."""
    return tuple(
        each
        for section in found
        for table in section.tables
        if is_status_table(table)
        for each in _listed(table)
    )


def _listed(table: Table) -> Iterator[ListedStatus]:
    known = columns(table, _COLUMNS)
    for row in table.rows:
        status = plain(row.cells[0]) if row.cells else ""
        if _STATUS.fullmatch(status):
            said = (plain(unlinked(cell(row, known, each))) for each in ("description", "meaning"))
            yield ListedStatus(
                status=Stated(status, row.line),
                description=next((each for each in said if not is_nothing(each)), ""),
                model=plain(cell(row, known, "model")),
            )


def status_in(title: str) -> str:
    """Give the status that the title of a sample names; empty where it names none."""
    found = _IN_TITLE.search(title)
    return found[0] if found else ""


def failure_in(title: str) -> str:
    """Give the status of a failure that a title names with its name in HTTP: 410 Gone."""
    status = status_in(title)
    is_failure = status.startswith(("4", "5")) and int(status) in _PHRASES
    return status if is_failure and _PHRASES[int(status)] in title.casefold() else ""


def success_of(listed: Sequence[ListedStatus], described: Sequence[str]) -> str:
    """Choose the status of the success: 200, where it is stated, else the first 2xx that is.

    An answer with the status 204 has no body, so it is the success only where no other is stated.
    """
    stated = [*described, *(each.status.text for each in listed)]
    successes = [each for each in stated if each.startswith("2")]
    successes = [each for each in successes if each != NO_CONTENT] or successes
    return SUCCESS if SUCCESS in successes or not successes else successes[0]
