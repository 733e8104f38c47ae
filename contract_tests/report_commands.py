"""The commands about reports of contract runs: `compare` and `waive`.

To add one: a function that declares its arguments, one that runs it, and a line in `_COMMANDS`.

Exit status: 0 done, and nothing to act on · 1 something that a reader must act on · 2 usage, or a
file that cannot be read · 74 an output that cannot be written.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from contract import printable
from contract.command_ends import STANDARD_OUTPUT, declare_output, exit_status_of, write
from contract.consoles import complain, say, write_utf8
from contract.findings import Place, Unusable, named
from contract.judging.unjudged_limit import A_FIFTH
from contract.waiver_writing import Deed, Written, extended_text, new_text
from contract.waivers import SPEC, Waiver, parsed
from contract_tests.comparing.comparison import comparison
from contract_tests.comparing.comparison_formats import FORMATS
from contract_tests.comparing.counted_runs import side
from contract_tests.comparing.run_reports import (
    RunOperation,
    RunReport,
    findings_of_a_spec,
    run_report,
    runs,
)
from contract_tests.months.history import history
from contract_tests.months.months import months
from contract_tests.months.months_formats import FORMATS as MONTHS_FORMATS
from contract_tests.months.report_store import StoredReports

ACT = 1


class _ReportCommand(NamedTuple):
    """One command: what it declares, what it runs, its lines in the help."""

    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    meaning: str
    status: str


def main(arguments: Sequence[str], *, prog: str) -> int:
    """Run one command; give its exit status."""
    name, *words = arguments
    command = _COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"{prog} {name}",
        description=command.meaning,
        epilog=f"Exit status: {command.status}",
        allow_abbrev=False,
    )
    command.declare(parser)
    parsed_words = parser.parse_args(words)
    return exit_status_of(lambda: command.run(parsed_words), name=f"{prog} {name}")


# compare


def _declare_compare(parser: argparse.ArgumentParser) -> None:
    what = "a report.json, or a folder of them: several runs of one side"
    parser.add_argument("a", type=Path, metavar="A", help=f"what it was: {what}")
    parser.add_argument(
        "b",
        type=Path,
        nargs="?",
        metavar="B",
        help=f"what it is now: {what}; without B, A is a folder of dated reports, and its months "
        "are told",
    )
    parser.add_argument(
        "--environments",
        type=_pair,
        default=(None, None),
        metavar="OF_A,OF_B",
        help="compare only these, where a run judged several: dev,test",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    declare_output(parser)


def _pair(text: str) -> tuple[str, str]:
    a, _, b = text.partition(",")
    if not a or not b or "," in b:
        raise argparse.ArgumentTypeError("name two, that of A and that of B: dev,test")
    return a, b


def _compare(arguments: argparse.Namespace) -> int:
    if arguments.b is None:
        return _compare_months(arguments)
    paths = zip((arguments.a, arguments.b), arguments.environments, strict=True)
    a, b = (side(named(path), runs(path, environment)) for path, environment in paths)
    compared = comparison(a, b)
    _put(FORMATS[arguments.format](compared), arguments)
    return compared.exit_status


def _compare_months(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.a
    if not folder.is_dir():
        raise Unusable(
            Place(named(folder), 0),
            "is no folder: name a second report, or a folder of dated reports",
        )
    if arguments.environments != (None, None):
        raise Unusable(
            Place(named(folder), 0),
            "--environments belongs to two sides: name B, or leave it out; every environment of a "
            "folder is told",
        )
    told = months(history(named(folder), StoredReports(folder)))
    _put(MONTHS_FORMATS[arguments.format](told), arguments)
    if arguments.output != STANDARD_OUTPUT and arguments.format != "text":
        say(MONTHS_FORMATS["text"](told).removesuffix("\n"))
    return told.exit_status


def _put(text: str, arguments: argparse.Namespace) -> None:
    """Write an output where it was asked for."""
    if arguments.output != STANDARD_OUTPUT:
        write(arguments.output, text)
        say(f"written: {arguments.output}")
    elif arguments.format == "text":
        say(text.removesuffix("\n"))
    else:
        write_utf8(text)


# waive


def _declare_waive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "report", type=Path, metavar="REPORT", help="the report.json of a run, or check.json"
    )
    parser.add_argument(
        "--until", type=_day, required=True, metavar="DAY", help="the last day, such as 2026-12-31"
    )
    parser.add_argument("--reason", type=_words, required=True, help="why it is accepted")
    parser.add_argument("--ticket", type=_words, help="where it is followed up")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FILE",
        help="add to this waivers file, and change nothing else; default: standard output",
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{printable.line(text)} is not a day; write it as 2026-12-31"
        ) from None
    today = datetime.now(UTC).date()
    if day < today:
        raise argparse.ArgumentTypeError(f"{day} is past; name {today}, which is today, or later")
    return day


def _words(text: str) -> str:
    words = " ".join(text.split())
    if not words or not words.isprintable():
        raise argparse.ArgumentTypeError("it is empty, or cannot be printed; write a sentence")
    return words


def _waive(arguments: argparse.Namespace) -> int:
    of_spec = findings_of_a_spec(arguments.report)
    report = run_report(arguments.report) if of_spec is None else None
    failing = _failing(report) if report else [(each, SPEC) for each in of_spec or ()]
    file = named(arguments.report)
    wanted = [
        Waiver(
            finding=finding,
            environment=environment,
            reason=arguments.reason,
            ticket=arguments.ticket or "",
            expires=arguments.until,
            place=Place(file, 0),
        )
        for finding, environment in dict.fromkeys(failing)
    ]
    into: Path | None = arguments.into
    if into is None:
        text = new_text(wanted)
        parsed(text.encode(), file)
        write_utf8(text)
        written = [Written(Deed.ADDED, each) for each in wanted]
    else:
        content = _content(into)
        text, written = extended_text(content, named(into), wanted)
        if text.encode() != content:
            write(into, text)
    for each in written:
        complain(_said(each))
    if not wanted:
        complain("nothing to waive 没有可豁免的问题")
    left = list(_left(report)) if report else []
    for line in left:
        complain(line)
    return ACT if left else 0


def _failing(report: RunReport) -> list[tuple[str, str]]:
    """List the findings that fail a run, each with its environment."""
    return [
        (finding.id, operation.environment)
        for operation in report.operations
        for finding in operation.findings.values()
        if finding.weight == "violates"
    ]


def _content(path: Path) -> bytes:
    """Read a waivers file; one that is not there yet is empty."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise Unusable(Place(named(path), 0), f"cannot be read: {error.strerror}") from None


def _said(written: Written) -> str:
    waiver, known = written.waiver, written.known
    said = f"{written.deed}: {waiver.finding} in {waiver.environment} until "
    if known is None:
        return f"{said}{waiver.expires}"
    if written.deed is Deed.THERE:
        return f"{said}{known.expires} ({known.place})"
    return f"{said}{waiver.expires}, was {known.expires}; its reason stays ({known.place})"


def _left(report: RunReport) -> Iterator[str]:
    """Say what no waiver covers, so that the same run does not pass."""
    for operation in report.operations:
        reasons = ", ".join(f"{name} ({count})" for name, count in operation.unjudged.items())
        if operation.verdict == _OPEN:
            yield _not_waived(operation, "is inconclusive 无法判定", reasons)
        elif not A_FIFTH.allows(sum(operation.unjudged.values()), operation.samples):
            yield _not_waived(operation, "has answers that were not judged 有未判定的样本", reasons)
        else:
            left = [name for name, verdict in operation.claims.items() if verdict == _OPEN]
            if left:
                what = "has inconclusive claims 有无法判定的断言"
                yield _not_waived(operation, what, ", ".join(left))
    found = any(
        each.weight == "violates"
        for operation in report.operations
        for each in operation.findings.values()
    )
    if report.exit_status == ACT and not found:
        yield "not waived 未豁免: the run failed by something that is no finding of a claim"


_OPEN = "inconclusive"


def _not_waived(operation: RunOperation, what: str, why: str) -> str:
    return f"not waived 未豁免: {operation.id} in {operation.environment} {what}: {why}"


_COMMANDS: Mapping[str, _ReportCommand] = {
    "compare": _ReportCommand(
        _declare_compare,
        _compare,
        "tell what moved between two reports, or two folders of them, or in the months of a folder "
        "of dated reports  比较两次或历次契约测试的结果",
        "0 nothing moved, or nothing that must be acted on; 1 something that must be, such as a "
        "row that ceased to conform, and of one folder only what its newest runs still show; "
        "2 usage, or a file that cannot be read; 74 an output that cannot be written.",
    ),
    "waive": _ReportCommand(
        _declare_waive,
        _waive,
        "write the waivers of what a run found  为发现的问题生成豁免",
        "0 all that fails is waived, or nothing fails; 1 something cannot be waived, such as an "
        "inconclusive operation; 2 usage, or a file that cannot be read; 74 an output that cannot "
        "be written.",
    ),
}
