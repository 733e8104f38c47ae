"""GitHub Actions workflow commands: an annotation at a line of a file.

The runner ends a command at a line break, a property at a comma or a colon, and reads `%0A` as a
line break; so all of them are escaped as its own toolkit does it.
"""

from __future__ import annotations

import os
from pathlib import Path

from contract import printable
from contract.findings import Place


def annotation(command: str, place: Place | None, title: str, message: str) -> str:
    r"""Give the command that annotates a line: `error`, `warning` or `notice`.

    A file outside of the workspace has no line there; its annotation stands beside no file. Only
    `\n` breaks a line of the message; whoever puts a foreign text into it keeps that on its line.
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
    return printable.block(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable.line(text)).replace(":", "%3A").replace(",", "%2C")
