"""A run → GitHub Actions workflow commands: each finding stands at its line of the document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contract_tests.reports.facts import TRUTHS, Contents
from openapi.findings import Place

_COMMANDS = {"violates": "error", "warning": "warning", "waived": "notice"}


def commands(told: Contents, root: Path) -> Iterator[str]:
    """Give one annotation for each finding, and for each operation that stays open.

    Args:
        told: what is told.
        root: the root of the repository, which GitHub counts paths from.
    """
    for operation in told.operations:
        if operation.why is not None:
            place = next((each.places[0] for each in operation.claims if each.places), None)
            said = " ".join([operation.why, *operation.hints])
            yield _command("notice", place, root, f"{operation.id}: {_truth('inconclusive')}", said)
        for finding in operation.findings:
            place = finding.places[0] if finding.places else None
            where = f"{finding.pointer}: " if finding.pointer else ""
            count = f"{len(finding.samples)} of {finding.of} samples"
            said = f"promised: {finding.promise}\ncame: {where}{finding.evidence}\nin {count}"
            title = f"{finding.id}: {_truth(finding.verdict)}"
            yield _command(_COMMANDS[finding.verdict], place, root, title, said)


def _truth(word: str) -> str:
    return " ".join(reversed(TRUTHS[word]))


def _command(command: str, place: Place | None, root: Path, title: str, message: str) -> str:
    properties = {"title": title}
    file = Path.cwd() / place.path if place else None
    if place and file and file.is_relative_to(root):
        properties = {
            "file": file.relative_to(root).as_posix(),
            "line": str(place.line),
            "title": title,
        }
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
