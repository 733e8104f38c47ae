"""A folder of dated reports → the runs that it holds, and what was left out, by kind.

Nothing that lies there ends the reading: what cannot be used is counted and named. The moment of a
run is what its report says; where that says none, the day in the name of its folder or file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from contract.findings import Place, named
from contract_tests.comparing.report_files import FILE, UnreadableReport, json_of, stored_files
from contract_tests.comparing.run_reports import RunReport, report_of

MOST_STORED = 100_000
"""The most files of a store that are read."""

_UNDATED = ("without a date", "没有日期")
_TWICE = ("there twice", "重复")
_TOO_MANY = (f"beyond the first {MOST_STORED}", f"超出前 {MOST_STORED} 个")
_UNLISTED = ("a folder that cannot be listed", "无法列出的文件夹")
_IN_A_NAME = re.compile(
    r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?:[T_ -]?(\d\d)[:.-]?(\d\d)(?:[:.-]?(\d\d))?)?(?!\d)"
)


@dataclass(slots=True)
class LeftOut:
    """Files of one kind that were left out: how many, and one of them."""

    kind: tuple[str, str]
    example: str
    why: str
    count: int = 0


@dataclass(slots=True)
class StoredReports:
    """The reports of a folder, read one after the other; none is kept here.

    Attributes:
        folder: the store.
        left_out: what was not used, by kind, once the reports have been read.
        older: how many reports are of before version 1.2, and say nothing about members.
    """

    folder: Path
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    older: int = 0
    _seen: set[bytes] = field(default_factory=set)

    def __iter__(self) -> Iterator[tuple[datetime, Path, RunReport]]:
        """Read the reports, each with its moment and its file.

        Raises:
            UnreadableReport: there is none.
        """
        read = 0
        for count, path in enumerate(stored_files(self.folder, self._unlisted)):
            if count >= MOST_STORED:
                self._leave_out(_TOO_MANY, path, "")
                continue
            try:
                report = report_of(json_of(path), Place(named(path), 0))
            except UnreadableReport as problem:
                self._leave_out(problem.kind, path, problem.problem)
                continue
            moment = moment_of(report.started) or moment_in(path.relative_to(self.folder))
            if moment is None:
                self._leave_out(_UNDATED, path, "")
            elif self._is_new(report):
                read += 1
                self.older += report.version in {"1.0", "1.1"}
                yield moment, path, report
            else:
                self._leave_out(_TWICE, path, "")
        if not read:
            why = "; ".join(f"{each.count} {each.kind[0]}" for each in self.left_out.values())
            said = f"holds no {FILE} that can be used{f' ({why})' if why else ''}"
            raise UnreadableReport(Place(named(self.folder), 0), f"{said}: name another folder")

    def _is_new(self, report: RunReport) -> bool:
        said = (
            report.started,
            report.environment,
            report.exit_status,
            [
                (
                    each.id,
                    each.environment,
                    each.verdict,
                    [sample.seconds for sample in each.judged],
                    list(each.claims.values()),
                    list(each.unjudged.items()),
                )
                for each in report.operations
            ],
        )
        print_ = hashlib.blake2b(repr(said).encode(), digest_size=16).digest()
        before = len(self._seen)
        self._seen.add(print_)
        return len(self._seen) > before

    def _unlisted(self, error: OSError) -> None:
        self._leave_out(_UNLISTED, Path(str(error.filename)), error.strerror or "")

    def _leave_out(self, kind: tuple[str, str], path: Path, why: str) -> None:
        made = LeftOut(kind, example=named(path), why=why)
        self.left_out.setdefault(kind[0], made).count += 1


def moment_of(started: str) -> datetime | None:
    """Read when a run began; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(started)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_in(path: Path) -> datetime | None:
    """Find a day, and maybe a time, in the names of a file and its folders; the last one counts."""
    for found in reversed(list(_IN_A_NAME.finditer(path.as_posix()))):
        numbers = [int(each) for each in found.groups(default="0")]
        try:
            return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]  # six of them
        except ValueError:
            continue
    return None
