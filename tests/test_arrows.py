from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "openapi": {"contract"},
    "contract": {"contract"},
    "mock_server": {"mock_server", "contract"},
    "contract_tests": {"contract_tests", "contract"},
}
WIRING = {ROOT / "contract_tests" / "plugin.py"}
"""What starts the embedded mock server, and so knows both sides."""
MODULES = [
    path
    for room in MAY_IMPORT
    for path in sorted((ROOT / room).rglob("*.py"))
    if path not in WIRING
]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_the_rooms_its_arrows_lead_to(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]

    ours = {name.partition(".")[0] for name in imported(path)} & {
        *MAY_IMPORT,
        "conftest",
        "tests",
        "",
    }

    assert ours <= MAY_IMPORT[room]


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.name not in {"app.py", "validators.py", "admin.py"}],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_only_the_two_applications_and_their_validators_know_connexion(path: Path) -> None:
    assert "connexion" not in {name.partition(".")[0] for name in imported(path)}
