"""`python -m openapi`: the command line of the contract.

Exit status: 0 nothing found · 1 findings, or breaking changes · 2 usage, or a file that cannot
be read.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from contract import waivers
from contract.changes import RULES as CHANGES
from contract.changes import Effect, changes
from contract.changes.change_formats import FORMS
from contract.changes.revisions import loaded
from contract.derivation import derive, writing
from contract.documents import InterfaceDocument, read
from contract.findings import Place, Unusable, named
from contract.page import page
from contract.review import EVERY_RULE, of_documents, review
from contract.review import finding_formats as telling
from contract.spec.default import SPEC
from contract.spec.loading import load

FOUND, UNUSABLE = 1, 2
EXPLAINED = {**EVERY_RULE, **CHANGES}


def main() -> int:
    """Run one command; give the exit status."""
    arguments = _arguments()
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # who reads the first lines only is no error
    try:
        status: int = arguments.run(arguments)
    except Unusable as problem:
        print(f"openapi: {problem}", file=sys.stderr)
        return UNUSABLE
    return status


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m openapi",
        description="Derive, review, compare and read the contract.",
        epilog="Exit status: 0 nothing found, 1 findings or breaking changes, 2 usage or a file "
        "that cannot be read.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, declare, told in (
        ("check", _declare_check, "compare a spec with its documents, and with itself"),
        ("derive", _declare_derive, "make a spec of interface documents, or add to one"),
        ("diff", _declare_diff, "tell what changed between two specs"),
        ("render", _declare_render, "show a spec beside its documents, as a page"),
    ):
        declare(commands.add_parser(name, help=told, allow_abbrev=False))
    return parser.parse_args()


# check


def _declare_check(parser: argparse.ArgumentParser) -> None:
    parser.description = "Compare a spec with its interface documents, and with itself."
    parser.add_argument("spec", nargs="?", type=Path, default=SPEC, help="default: openapi.yaml")
    parser.add_argument("--format", choices=telling.FORMS, default="text", help="default: text")
    parser.add_argument(
        "--explain",
        choices=sorted(EXPLAINED),
        metavar="RULE",
        help="say what a rule asks for, of diff too",
    )
    parser.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    if arguments.explain:
        print(f"{arguments.explain}: {EXPLAINED[arguments.explain]}")
        return 0
    findings = review(arguments.spec)
    _print(telling.FORMS[arguments.format](findings, str(arguments.spec)))
    return FOUND if findings else 0


def _print(told: str) -> None:
    if told:
        print(told)


# derive


def _declare_derive(parser: argparse.ArgumentParser) -> None:
    parser.description = "Make a spec of interface documents, or add to one what it lacks of them."
    parser.add_argument(
        "documents", nargs="+", type=Path, metavar="DOCUMENT", help="Markdown files"
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="SPEC",
        help="add to this file what is missing, and change nothing else; default: print a spec",
    )
    parser.set_defaults(run=_derive)


def _derive(arguments: argparse.Namespace) -> int:
    documents = [read(path) for path in arguments.documents]
    findings = tuple(of_documents(documents))
    into: Path | None = arguments.into
    if into is None:
        print(writing.text_of(derive(documents, Path.cwd())), end="")
    else:
        _add(documents, into)
    if findings:
        print(telling.text(findings, ", ".join(map(str, arguments.documents))), file=sys.stderr)
    return FOUND if findings else 0


def _add(documents: Sequence[InterfaceDocument], into: Path) -> None:
    calls = {(each.method.text, each.address.text) for each in documents}
    known: dict[tuple[str, str], str] = {}
    if into.exists():
        known = {(each.method, each.path): each.id for each in load(into).operations}
    derived = derive(documents, into.parent, known)
    new = writing.added(into, derived) if into.exists() else writing.text_of(derived)
    _write(into, new)
    for each in load(into).operations:
        if (each.method, each.path) in calls:
            what = "extended" if (each.method, each.path) in known else "added"
            print(f"{what} {each.id}: {each.method} {each.path}")


# diff


def _declare_diff(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Tell consumers what changed: loosening an answer and tightening a request break them."
    )
    parser.add_argument("old", metavar="OLD", help="a file, or git:REV:path")
    parser.add_argument(
        "new", metavar="NEW", nargs="?", default=str(SPEC), help="likewise; default: openapi.yaml"
    )
    parser.add_argument("--format", choices=FORMS, default="text", help="default: text")
    parser.add_argument(
        "--waivers",
        type=Path,
        metavar="FILE",
        help='YAML: breaking changes that are agreed, until when; their environment is "*"',
    )
    parser.set_defaults(run=_diff)


def _diff(arguments: argparse.Namespace) -> int:
    agreed = waivers.load(arguments.waivers) if arguments.waivers else ()
    found = changes(loaded(arguments.old), loaded(arguments.new))
    today = datetime.now(UTC).date()
    waived = waivers.waiving(agreed, waivers.ANYWHERE, today)
    print(FORMS[arguments.format](found, waived), end="")
    broken = [each for each in found if each.effect is Effect.BREAKING]
    for remark in waivers.remarks(agreed, [waivers.ANYWHERE], today, {each.id for each in broken}):
        print(f"openapi: {remark}", file=sys.stderr)
    return FOUND if any(each.id not in waived for each in broken) else 0


# render


def _declare_render(parser: argparse.ArgumentParser) -> None:
    parser.description = "Show a spec beside its interface documents, as one HTML page."
    parser.epilog = "Exit status: 0 a page, whatever it shows; 2 usage, or a file that cannot be "
    parser.epilog += "read or written."
    parser.add_argument("spec", nargs="?", type=Path, default=SPEC, help="default: openapi.yaml")
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: print the page")
    parser.set_defaults(run=_render)


def _render(arguments: argparse.Namespace) -> int:
    spec: Path = arguments.spec
    try:
        spec.read_bytes()
    except OSError as error:
        raise Unusable(Place(named(spec), 1), f"cannot be read: {error.strerror}") from None
    text = page(spec)
    output: Path | None = arguments.output
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        _write(output, text)
        print(f"written: {output}")
    return 0


def _write(path: Path, text: str) -> None:
    content = text.encode("utf-8")
    try:
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    except OSError as error:
        raise Unusable(Place(named(path), 1), f"cannot be written: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main())
