"""What a spec of 1,000 operations and 3 MB costs each command, beside `redocly lint` on it.

`npm install --prefix FOLDER @redocly/cli` brings redocly; `python -m benchmarks.large_spec
--redocly FOLDER/node_modules/.bin/redocly` times whole processes in turn, and prints the medians,
the ratios and the memory of each. `--keep FILE` writes the spec there, and measures nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

OPERATIONS = 1000
AT_MOST, MEGABYTES = 1.0, 300
"""The time of each command as a multiple of redocly's, and the memory, that are the goal."""

_WORDS = ("order", "invoice", "parcel", "customer", "voucher", "product", "shelf", "driver")
_RUN = (sys.executable, "-m", "captcha_contract")


class Cost(NamedTuple):
    """What one whole process took."""

    seconds: float
    megabytes: float


def large_spec(operations: int = OPERATIONS) -> dict[str, object]:
    """Describe a platform of so many operations, three kilobytes each, with shared components."""
    paths: dict[str, dict[str, object]] = {}
    schemas: dict[str, object] = {
        "Envelope": _object("code", "msg", required=("code",)),
        "Page": _object("size", "number", "total", required=("total",)),
        "Category": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "items": _to("schemas/Category")},
            },
        },
    }
    for number in range(operations // 2):
        word = f"{_WORDS[number % len(_WORDS)]}{number}"
        schemas[word] = _resource(word)
        item = {
            "type": "object",
            "properties": {"data": {"type": "array", "items": _to(f"schemas/{word}")}},
        }
        paths[f"/{word}/{{id}}"] = {
            "parameters": [_to("parameters/Id")],
            "get": _operation(f"read_{word}", _to(f"schemas/{word}"), _shown(word)),
        }
        paths[f"/{word}"] = {
            "post": {
                **_operation(f"list_{word}", {"allOf": [_to("schemas/Envelope"), item]}, None),
                "requestBody": {
                    "content": {"application/json": {"schema": _to(f"schemas/{word}")}}
                },
            }
        }
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    failure = {"description": "refused", "content": _json(_to("schemas/Envelope"), None)}
    return {
        "openapi": "3.0.3",
        "info": {"title": "A platform", "version": "1.0.0"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {"Id": parameter},
            "responses": {"Refused": failure},
        },
    }


def _to(name: str) -> dict[str, object]:
    return {"$ref": f"#/components/{name}"}


def _object(*names: str, required: Sequence[str]) -> dict[str, object]:
    properties = {name: {"type": "string", "maxLength": 64} for name in names}
    return {"type": "object", "required": list(required), "properties": properties}


def _resource(word: str) -> dict[str, object]:
    properties: dict[str, object] = {
        f"{word}_{name}": {
            "type": "string",
            "description": f"The {name} of one {word}, as the platform shows it to its users.",
            "minLength": 1,
            "maxLength": 64,
        }
        for name in ("id", "name", "title", "address", "note", "owner", "phone", "mail", "city")
    }
    properties |= {
        "amount": {"type": "integer", "minimum": 0, "maximum": 1_000_000},
        "state": {"type": "string", "enum": ["new", "paid", "sent", "done"]},
        "category": _to("schemas/Category"),
        "page": _to("schemas/Page"),
    }
    return {"type": "object", "required": [f"{word}_id", "amount"], "properties": properties}


def _shown(word: str) -> dict[str, object]:
    return {f"{word}_id": "1", f"{word}_name": "name", "amount": 1, "state": "new"}


def _json(schema: object, example: object) -> dict[str, object]:
    shown = {} if example is None else {"example": example}
    return {"application/json": {"schema": schema, **shown}}


def _operation(name: str, schema: object, example: object) -> dict[str, object]:
    return {
        "operationId": name,
        "summary": f"{name}, one of many operations of the platform",
        "description": f"What {name} does is described here in a sentence or two. " * 14,
        "tags": [name.partition("_")[2].rstrip("0123456789")],
        "responses": {
            "200": {"description": "done", "content": _json(schema, example)},
            "400": _to("responses/Refused"),
            "404": {"description": "not found"},
        },
    }


def cost_of(command: Sequence[str], environment: Mapping[str, str] = os.environ) -> Cost:
    """Measure one run of a command as a whole process; status 1 means that it found something."""
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - what the caller names
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(environment)
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - started
    if process.returncode not in {0, 1}:
        said = process.stderr.read().decode() if process.stderr else ""
        raise SystemExit(f"{' '.join(command)} ends with {process.returncode}: {said}")
    return Cost(took, usage.ru_maxrss / 1024)


def main() -> int:
    """Print the figures; give 1 where a command takes longer or more than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_spec")
    parser.add_argument("--redocly", default=shutil.which("redocly"), metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    whole = large_spec()
    if arguments.keep:
        arguments.keep.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
        return 0
    if not arguments.redocly:
        parser.error("redocly is not on PATH: npm install --prefix FOLDER @redocly/cli")
    with tempfile.TemporaryDirectory() as folder:
        spec, older = Path(folder, "openapi.yaml"), Path(folder, "older.yaml")
        spec.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
        older.write_text(spec.read_text(encoding="utf-8").replace("64", "63", 1), encoding="utf-8")
        print(f"{OPERATIONS} operations, {spec.stat().st_size / 1e6:.1f} MB")
        return _measured(spec, older, arguments.redocly, arguments.rounds)


def _measured(spec: Path, older: Path, redocly: str, rounds: int) -> int:
    quiet = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    quiet.pop("PYTHONDONTWRITEBYTECODE", None)
    page = str(spec.with_name("page.html"))
    commands = {
        "redocly lint": (redocly, "lint", str(spec)),
        "check": (*_RUN, "check", str(spec)),
        "diff": (*_RUN, "diff", str(older), str(spec)),
        "render": (*_RUN, "render", str(spec), "--output", page),
        "review": (*_RUN, "review", str(older), str(spec), "--output", page),
        "mock --check": (*_RUN, "mock", "--check", str(spec)),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(cost_of(command, quiet))
    worst = 0
    theirs = statistics.median(each.seconds for each in costs["redocly lint"])
    for name, taken in costs.items():
        took = statistics.median(each.seconds for each in taken)
        most = max(each.megabytes for each in taken)
        print(f"{name:14} {took:6.2f} s, ratio {took / theirs:.2f}, {most:.0f} MB")
        if name in {"check", "diff", "render", "review"}:
            worst |= took > AT_MOST * theirs or most > MEGABYTES
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
