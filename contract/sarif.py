"""SARIF 2.1.0 (OASIS, with errata 01): the parts that every log of ours is made of.

A report that is written as SARIF puts its runs together from here. A part that only one report
needs stands in that report.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import quote

from contract.explanation import facts
from contract.findings import Place
from contract.markdown_text import code, escaped
from contract.registry import Entry

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
"""The name of the form; nothing is fetched from there."""
FINGERPRINT = "findingId/v1"
"""The fingerprint of a result: the id of the finding, which is the same in every run."""
ROOT = "%SRCROOT%"
"""Stands for the folder of the repository, as code scanning expects it."""

Json = Mapping[str, object]
"""A JSON object."""


def log(runs: Iterable[Json]) -> str:
    """Write runs as a SARIF log."""
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": list(runs)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def driver(version: str, rules: Iterable[Entry], notifications: Iterable[Entry] = ()) -> Json:
    """Give the tool of a run, with the rules that its results name."""
    return {
        "driver": {
            "name": "captcha-contract",
            "version": version,
            "language": "en",
            "rules": [_descriptor(each) for each in rules],
            "notifications": [_descriptor(each) for each in notifications],
        }
    }


def _descriptor(entry: Entry) -> Json:
    """Describe an entry by what the registry says of it."""
    listed = list(facts(entry))
    plain = [f"{label}: {said}" for label, said in listed]
    items = [f"- {label}: {code(said)}" for label, said in listed]
    both = f"{entry.english}\n{entry.chinese}"
    return {
        "id": entry.name,
        "name": "".join(word.capitalize() for word in entry.name.split("-")),
        "shortDescription": {"text": entry.english},
        "fullDescription": {"text": both},
        "help": {
            "text": "\n".join([both, *plain]),
            "markdown": "\n".join([escaped(entry.english), "", escaped(entry.chinese), "", *items]),
        },
    }


def of_the_repository() -> Json:
    """Say what places of a run are told from."""
    return {ROOT: {"description": {"text": "the folder of the repository"}}}


def location(place: Place) -> dict[str, object]:
    """Give a place, from the folder of the repository where it lies in it."""
    file = Path.cwd() / place.path
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    inside = file.is_relative_to(root)
    artifact = (
        {"uri": quote(file.relative_to(root).as_posix()), "uriBaseId": ROOT}
        if inside
        else {"uri": file.as_uri()}
    )
    column = {} if place.column is None else {"startColumn": place.column}
    region = {"region": {"startLine": place.line, **column}} if place.line else {}
    return {"physicalLocation": {"artifactLocation": artifact, **region}}


def suppression(*, reason: str, ticket: str, expires: date | str, place: Place) -> Json:
    """Say that a result is waived, why, until when, and where that is written."""
    return {
        "kind": "external",
        "status": "accepted",
        "justification": f"{reason} {ticket}".strip() + f" (until 至 {expires})",
        "location": location(place),
    }


def message(said: str) -> Json:
    """Give a message; what others said is no link in it (SARIF 2.1.0 §3.11.6)."""
    return {"text": said.replace("](", "] (")}
