"""The commands about documents and specs: `check`, `derive`, `diff`, `render`.

Each command imports what it needs when it runs, so that none waits for another's modules. To add
one: a function that declares its arguments, one that runs it, and a line in `_COMMANDS`.

Exit status: 0 nothing found · 1 findings, or breaking changes · 2 usage, or a file that cannot
be read · 74 an output that cannot be written.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from contract import printable
from contract.command_ends import STANDARD_OUTPUT, declare_output, exit_status_of, write
from contract.consoles import complain, say, write_utf8
from contract.findings import Finding, Place, Unusable, named
from contract.spec import outside
from contract.spec.default import IN_WORDS, ChosenSpec, default_spec

FOUND = 1

_STATUS = (
    "Exit status: 0 nothing found, 1 findings or breaking changes, 2 usage or a file that cannot "
    "be read, 74 an output that cannot be written."
)


class _Command(NamedTuple):
    """One command: what it declares, what it runs, and its line in the help."""

    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    meaning: str


def main(arguments: Sequence[str], *, prog: str) -> int:
    """Run one command; give its exit status."""
    parsed = _parser(prog, arguments).parse_args(arguments)
    gc.disable()  # a command ends soon; collecting garbage takes a sixth of its time
    with outside.allowing(wanted=getattr(parsed, "allow_outside", False)):
        return exit_status_of(lambda: _COMMANDS[parsed.command].run(parsed), name=prog)


def _parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Make the parser; only the command that is named declares its options, and what they need."""
    parser = argparse.ArgumentParser(prog=prog, epilog=_STATUS, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in _COMMANDS.items():
        described = commands.add_parser(
            name, help=command.meaning, description=command.meaning, epilog=_STATUS
        )
        if name in arguments:
            command.declare(described)
    return parser


def _declare_spec(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, metavar="SPEC", help=IN_WORDS)
    parser.add_argument("--spec", type=Path, metavar="FILE", help="the same, as an option")
    outside.declare(parser.add_argument)


def _spec_of(arguments: argparse.Namespace) -> ChosenSpec:
    if arguments.file and arguments.spec:
        place = Place(named(arguments.spec), 0)
        raise Unusable(place, f"is given together with {named(arguments.file)}: give one spec")
    return default_spec(arguments.file or arguments.spec)


# check


def _declare_check(parser: argparse.ArgumentParser) -> None:
    from contract.review.finding_formats import FORMATS

    _declare_spec(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    _declare_waivers(parser)


def _declare_waivers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--waivers",
        type=Path,
        metavar="FILE",
        help="YAML: findings that do not fail until a date, in environment spec",
    )


def _check(arguments: argparse.Namespace) -> int:
    from contract.review import review, unreadable
    from contract.review.finding_formats import FORMATS
    from contract.spec.yaml_text import UnreadableYaml

    spec = _spec_of(arguments)
    agreed = _Agreed(arguments.waivers)
    layout = FORMATS[arguments.format]
    shown = str(spec.path if arguments.format in {"json", "sarif"} else spec)
    try:
        findings = review(spec.path)
    except UnreadableYaml as problem:
        if arguments.format != "text":  # for a text, the line that is printed of it is enough
            _print(layout([unreadable(problem)], shown), arguments.format)
        raise
    _print(layout(findings, shown, agreed.waived), arguments.format)
    return agreed.status(findings)


class _Agreed:
    """The waivers of a spec's findings that a command was given, and whether they are enough."""

    def __init__(self, path: Path | None) -> None:
        from datetime import UTC, datetime

        from contract import waivers

        self.listed = waivers.load(path) if path else ()
        self.today = datetime.now(UTC).date()
        self.waived = waivers.waiving(self.listed, waivers.SPEC, self.today)

    def status(self, findings: Sequence[Finding]) -> int:
        """Name the waivers that waive nothing; give the exit status."""
        from contract import waivers
        from contract.review import RULES

        found = {each.id for each in findings}
        for remark in waivers.remarks_of_the_spec(self.listed, self.today, found, RULES):
            complain(printable.line(remark))
        return FOUND if found - self.waived.keys() else 0


def _print(text: str, output_format: str) -> None:
    """Print a text for people as the console can show it, one for programs in UTF-8."""
    if output_format in {"json", "github", "sarif"}:  # `say` would disarm the commands of GitHub
        write_utf8(f"{text.rstrip()}\n" if text else "")
    elif text:
        say(text.rstrip("\n"))


# derive


def _declare_derive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "documents", nargs="+", type=Path, metavar="DOCUMENT", help="Markdown files"
    )
    _declare_waivers(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--into",
        type=Path,
        metavar="SPEC",
        help="add to this file what is missing, and change nothing else",
    )
    where.add_argument(
        "--output",
        type=Path,
        default=STANDARD_OUTPUT,
        metavar="FILE",
        help="write a whole spec there, in UTF-8; default: -, which is standard output",
    )
    outside.declare(parser.add_argument)


def _derive(arguments: argparse.Namespace) -> int:
    from contract.additions import derive_into
    from contract.derivation import derive, writing
    from contract.derived_summary import summary
    from contract.documents import read
    from contract.review import of_documents
    from contract.review.finding_formats import text

    agreed = _Agreed(arguments.waivers)
    documents = [each for path in arguments.documents for each in read(path)]
    findings = tuple(of_documents(documents))
    into: Path | None = arguments.into
    output: Path = arguments.output
    if into is not None:
        findings += derive_into(into, documents, write)
    elif output == STANDARD_OUTPUT:
        write_utf8(writing.text_of(derive(documents, Path.cwd())))
    else:
        write(output, writing.text_of(derive(documents, output.parent)))
        say(f"written: {output}")
    if findings:
        complain(text(findings, ", ".join(map(str, arguments.documents)), agreed.waived))
    complain(summary(documents))
    return agreed.status(findings)


# diff


def _declare_diff(parser: argparse.ArgumentParser) -> None:
    from contract.changes.change_formats import FORMATS

    parser.add_argument("old", metavar="OLD", help="a file, or git:REV:path")
    parser.add_argument(
        "new", metavar="NEW", nargs="?", help=f"a file, or git:REV:path; {IN_WORDS}"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--waivers",
        type=Path,
        metavar="FILE",
        help='a YAML file of breaking changes that are accepted until a date, in environment "*"',
    )
    outside.declare(parser.add_argument)


def _diff(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from contract import waivers
    from contract.changes import Effect, changes
    from contract.changes.change_formats import FORMATS
    from contract.changes.revisions import loaded

    agreed = waivers.load(arguments.waivers) if arguments.waivers else ()
    new = arguments.new or str(default_spec().path)
    found = changes(loaded(arguments.old), loaded(new))
    today = datetime.now(UTC).date()
    waived = waivers.waiving(agreed, waivers.ANYWHERE, today)
    _print(FORMATS[arguments.format](found, waived), arguments.format)
    broken = [each for each in found if each.effect is Effect.BREAKING]
    for remark in waivers.remarks(agreed, [waivers.ANYWHERE], today, {each.id for each in broken}):
        complain(printable.line(remark))
    return FOUND if any(each.id not in waived for each in broken) else 0


# render


def _declare_render(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Exit status: 0 a page, whatever it shows; 2 usage, or a file that cannot be "
    parser.epilog += "read; 74 an output that cannot be written."
    _declare_spec(parser)
    declare_output(parser)


def _render(arguments: argparse.Namespace) -> int:
    from contract.page import page

    spec = _spec_of(arguments).path
    try:
        spec.read_bytes()
    except OSError as error:
        raise Unusable(Place(named(spec), 1), f"cannot be read: {error.strerror}") from None
    text = page(spec)
    output: Path = arguments.output
    if output == STANDARD_OUTPUT:
        write_utf8(text)
    else:
        write(output, text)
        say(f"written: {output}")
    return 0


_COMMANDS: Mapping[str, _Command] = {
    "derive": _Command(_declare_derive, _derive, "make a spec from documents, or add to one"),
    "check": _Command(_declare_check, _check, "compare a spec with its documents, and with itself"),
    "diff": _Command(_declare_diff, _diff, "list what changed for consumers between two specs"),
    "render": _Command(_declare_render, _render, "show a spec beside its documents, as a page"),
}
