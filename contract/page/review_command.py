"""The command `review`: may a change of the contract be approved?

Exit status: 0 nothing breaks, and nothing is open · 1 breaking changes, recorded answers that would
break, or open findings · 2 usage, or an input that cannot be used · 74 an output that cannot be
written.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from pathlib import Path

from contract import waivers
from contract.command_ends import STANDARD_OUTPUT, declare_output, exit_status_of, write
from contract.consoles import complain, say, write_utf8
from contract.page.recorded_traffic import TrafficReader
from contract.page.reviewed_change import FORMATS, ReviewedChange, reviewed_change
from contract.spec import outside
from contract.spec.default import IN_WORDS, default_spec

MEANING = "show a change to those who approve it, with what it breaks  变更评审页面"
"""What the command is for, in both languages."""
_STATUS = (
    "Exit status: 0 nothing breaks and nothing is open; 1 breaking changes, recorded answers that "
    "would break, or open findings; 2 usage, or a file that cannot be used; 74 an output that "
    "cannot be written."
)


def main(arguments: Sequence[str], *, prog: str, read: TrafficReader) -> int:
    """Run the command; give its exit status.

    Args:
        arguments: those behind its name.
        prog: what the help calls it.
        read: reads a recording.
    """
    parser = argparse.ArgumentParser(
        prog=prog, description=MEANING, epilog=_STATUS, allow_abbrev=False
    )
    parser.add_argument("base", metavar="BASE", help="the old spec: a file, or git:REV:path")
    parser.add_argument(
        "head", metavar="HEAD", nargs="?", help=f"the new one: a file, or git:REV:path; {IN_WORDS}"
    )
    parser.add_argument(
        "--traffic",
        type=Path,
        metavar="HAR",
        nargs="+",
        action="extend",
        default=[],
        help="recordings (HAR) of today's traffic; each answer is judged by both specs",
    )
    parser.add_argument(
        "--waivers",
        type=Path,
        metavar="FILE",
        help="a YAML file of breaking changes and findings that are accepted until a date",
    )
    parser.add_argument("--format", choices=FORMATS, default="html", help="default: html")
    outside.declare(parser.add_argument)
    declare_output(parser)
    parsed = parser.parse_args(arguments)
    gc.disable()  # a command ends soon; collecting garbage takes a sixth of its time
    with outside.allowing(wanted=parsed.allow_outside):
        return exit_status_of(lambda: _review(parsed, read), name=prog)


def _review(arguments: argparse.Namespace, read: TrafficReader) -> int:
    head = arguments.head or str(default_spec().path)
    agreed = waivers.load(arguments.waivers) if arguments.waivers else ()
    reviewed = reviewed_change(arguments.base, head, arguments.traffic, read, agreed)
    text = FORMATS[arguments.format](reviewed)
    output: Path = arguments.output
    if output == STANDARD_OUTPUT:
        write_utf8(text)
    else:
        write(output, text)
        say(f"written: {output}")
        complain(_summary(reviewed))
    return reviewed.approval.verdict.exit_status


def _summary(reviewed: ReviewedChange) -> str:
    verdict = reviewed.approval.verdict
    words = verdict.words
    reasons = "; ".join(f"{each.english} {each.chinese}" for each in verdict.reasons)
    return f"{words.english} {words.chinese}: {reasons}"
