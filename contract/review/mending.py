"""Reading the files of a spec as they were meant, and telling the slips in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contract.findings import Place
from contract.plain_files import content_of
from contract.review.mended_yaml import Slip, mended, mended_further, parsed
from contract.review.review_rule import Violation
from contract.rules import Rule
from contract.spec.spec_files import Disk
from contract.spec.yaml_text import UnreadableYaml, read


class Mending(Disk):
    """A reader of files that reads each slip as what was meant, and keeps what it found.

    Attributes:
        found: the slips, each with the name of its file.
        problem: why a file is not YAML as it stands; None where every file is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Slip]] = []
        self.problem: UnreadableYaml | None = None

    def read(self, path: Path) -> object:
        """Read a file; its slips are kept.

        Raises:
            UnreadableYaml: it cannot be read, or is not YAML even without its slips.
        """
        try:
            text = content_of(path).decode()
        except (OSError, ValueError):
            return read(path)  # which says why
        name = self.named(path)
        better = mended(text)
        value, problem = parsed(better.text, name)
        if problem is not None:
            before = better.text
            mended_further(better)
            if better.text != before:
                value, problem = parsed(better.text, name)
        slips = sorted(better.slips, key=lambda each: each.line)
        self.found += [(name, slip) for slip in slips]
        self.problem = self.problem or (parsed(text, name)[1] if slips else problem)
        if problem is None:
            return value
        raise problem

    def violations(self) -> Iterator[tuple[Rule, Violation]]:
        """Give the slips of all files that were read."""
        for name, slip in self.found:
            place = Place(name, slip.line, slip.column)
            yield (
                slip.rule,
                Violation(
                    subject=slip.subject,
                    evidence=slip.evidence,
                    places=(place,),
                    remedy=slip.remedy,
                    lines=frozenset({(name, slip.line)}),
                ),
            )
