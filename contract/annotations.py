"""GitHub Actions workflow commands: an annotation at a line of a file."""

from __future__ import annotations

import os
from pathlib import Path

from contract.findings import Place


def annotation(command: str, place: Place | None, title: str, message: str) -> str:
    """Give the command that annotates a line: `error`, `warning` or `notice`.

    A file outside of the workspace has no line there; its annotation stands beside no file.
    """
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    properties = {"title": title}
    file = Path.cwd() / place.path if place else None
    if place and file and file.is_relative_to(root):
        properties = {
            "file": file.relative_to(root).as_posix(),
            "line": str(place.line or 1),
            **({"col": str(place.column)} if place.column else {}),
            "title": title,
        }
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
