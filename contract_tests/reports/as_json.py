"""`report.json`, for programs; `report.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from contract import printable
from contract_tests.reports.report_values import ReportContents

FILE = "report.json"
SCHEMA = Path(__file__).parent / "report.schema.json"
"""The file of the schema."""


def text(report: ReportContents) -> str:
    """Write the whole report as JSON, with the facts about pictures but never their bytes."""
    plain = asdict(report, dict_factory=_without_bytes)
    return printable.in_json(json.dumps(plain, ensure_ascii=False, indent=2)) + "\n"


def _without_bytes(items: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in items if not isinstance(value, bytes)}
