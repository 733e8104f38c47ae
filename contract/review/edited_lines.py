"""The lines that a pull request changed, so that a finding is shown where its cause was written.

A finding about a document and a spec has a place in both. The one that was edited is the one that
its author looks at. git knows it: the work tree beside the branch that the request is for.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from contract.findings import Finding, Place
from contract.plain_files import real

BASE_VARIABLE = "GITHUB_BASE_REF"
"""The environment variable in which GitHub Actions names the branch that a request is for."""

_PLAIN = ("--unified=0", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/")
_FILE = re.compile(r'\+\+\+ "?b/(.*?)"?\t?')
_HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@.*")

EditedLines = Mapping[Path, tuple[range, ...]]
"""A file → the lines that were added or changed in it; a removal counts for both its neighbours."""


def edited_lines(environment: Mapping[str, str] = os.environ) -> EditedLines:
    """List what differs from the base of a pull request; nothing where git cannot tell."""
    base = environment.get(BASE_VARIABLE, "")
    if not base or base.startswith("-"):
        return {}
    top = _git("rev-parse", "--show-toplevel")
    for name in (f"origin/{base}", base, "HEAD^1"):
        told = _git(
            "diff", "--merge-base", "--unified=0", "--no-color", "--no-ext-diff", name, "--"
        )
        if top is not None and told is not None:
            return dict(_files(told, Path(top.strip())))
    return {}


def edited_place(finding: Finding, edited: EditedLines) -> Place:
    """Choose the place of a finding that was edited: its line, else its file, else the first."""
    files = {place: edited.get(real(Path(place.path))) for place in finding.places}
    at_line = (
        place for place, lines in files.items() if any(place.line in each for each in lines or ())
    )
    in_file = (place for place, lines in files.items() if lines is not None)
    return next(at_line, None) or next(in_file, finding.places[0])


def _files(told: str, top: Path) -> Iterator[tuple[Path, tuple[range, ...]]]:
    """Read a diff without context lines."""
    file, lines = "", list[range]()
    for line in [*told.split("\n"), "+++ b/"]:
        if named := _FILE.fullmatch(line):
            if file:
                yield real(top / file), tuple(lines)
            file, lines = named[1], []
        elif hunk := _HUNK.fullmatch(line):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            lines.append(range(start, start + count) if count else range(start, start + 2))


def _git(*arguments: str) -> str | None:
    """Run git; None where it is missing, or fails."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell; no argument can pass for an option
            ["git", "-c", "core.quotePath=false", *arguments],  # noqa: S607 - as users have it
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError):
        return None
    return None if done.returncode else done.stdout.decode(errors="replace")
