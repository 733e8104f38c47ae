"""The tables of the READMEs that registries decide: `python -m tests.readme` writes them."""

from __future__ import annotations

import re

from mock_server.faults import FAULTS
from tests.loopback import ROOT

READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")


def faults_table() -> str:
    """The faults, what each does, and what detects it."""
    rows = ["| fault | what it does | told by |", "|---|---|---|"]
    for fault in FAULTS.values():
        told = ", ".join(f"`{name}`" for name in sorted(fault.detected_by))
        rows.append(f"| `{fault.name}` | {fault.english} | {told or fault.inconclusive} |")
    return "\n".join(rows)


def with_tables(text: str) -> str:
    """Give a README's text with its generated tables as they must be."""
    table = f"<!-- faults -->\n{faults_table()}\n<!-- /faults -->"
    return re.sub(r"<!-- faults -->.*<!-- /faults -->", lambda _: table, text, flags=re.DOTALL)


if __name__ == "__main__":
    for readme in READMES:
        readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8")
