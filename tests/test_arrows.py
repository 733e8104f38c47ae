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


SMALL = {
    *("findings", "registry", "rules", "instances", "json_pointer", "markdown_text"),
    *(
        "annotations",
        "command_ends",
        "credentials",
        "consoles",
        "content_security",
        "files",
        "merge_conflicts",
        "plain_files",
        "printable",
        "spelling",
    ),
}
"""Modules of `contract/` that any room of it may import; they import none of the rooms."""
READING = {"documents", "spec", "pictures"}
INSIDE = {
    "pictures": set[str](),
    "documents": SMALL,
    "spec": SMALL | {"pictures"},
    "waivers": SMALL | {"spec"},
    "waiver_writing": SMALL | {"spec", "waivers"},
    "derivation": SMALL | READING,
    "review": SMALL | READING | {"derivation", "sarif", "waivers"},
    "changes": SMALL | {"spec"},
    "judging": SMALL | READING | {"waivers"},
    "page": SMALL | READING | {"review", "changes", "judging", "waivers"},
    "reaching": SMALL | {"spec", "judging"},
    "explanation": SMALL,
    "variables": SMALL | {"spec"},
    "sarif": SMALL | {"explanation"},
    "derived_summary": SMALL | READING,
    "additions": SMALL | READING | {"derivation", "review"},
    "commands": SMALL
    | READING
    | {"waivers", "additions", "derived_summary", "derivation", "review", "changes", "page"},
    **dict.fromkeys(SMALL, SMALL),
}
"""What each room of `contract/` may import of the others."""
INSIDE_THE_TESTS = {
    "observing": {"observing"},
    "reports": {"reports"},
    "comparing": {"comparing", "reports"},
    "months": {"months", "comparing", "reports"},
    "run_once": set[str](),
}
"""Likewise of `contract_tests/`; its other modules wire these together."""

ROOMS_OF_THE_SERVER = ("drawing", "faults", "state", "shared_state", "answers", "requests")
"""The rooms of `mock_server/`, each of which may import those before it."""
WIRED = {"serving", "passing_on"}
"""Its rooms that wire the others together, but not each other's: none of the above imports them."""


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


KNOW_CONNEXION = {"raised.py", "app.py", "admin.py", "admin_application.py", "routing.py"}


def rooms_inside(path: Path, top: str) -> tuple[str, set[str]]:
    """Give the room of a module below `top`, and the other rooms there that it imports."""
    own = path.relative_to(ROOT / top).parts[0].removesuffix(".py")
    names = [name.split(".") for name in imported(path)]
    return own, {name[1] for name in names if name[0] == top and len(name) > 1} - {own}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.is_relative_to(ROOT / "contract")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_room_of_the_contract_imports_only_what_its_arrows_lead_to(path: Path) -> None:
    own, others = rooms_inside(path, "contract")

    assert others <= INSIDE.get(own, set())


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.is_relative_to(ROOT / "contract_tests")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_observing_and_reporting_know_nothing_of_each_other(path: Path) -> None:
    own, others = rooms_inside(path, "contract_tests")

    assert others <= INSIDE_THE_TESTS.get(own, others)


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.parent.parent == ROOT / "mock_server"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_room_of_the_mock_server_imports_only_rooms_before_it(path: Path) -> None:
    own, others = rooms_inside(path, "mock_server")
    rooms = others & {*ROOMS_OF_THE_SERVER, *WIRED}

    if own in ROOMS_OF_THE_SERVER:
        assert rooms <= {*ROOMS_OF_THE_SERVER[: ROOMS_OF_THE_SERVER.index(own)]}
    elif own == "serving":
        assert "passing_on" not in rooms


def test_no_two_modules_share_a_name() -> None:
    every = [path.name for path in MODULES if path.name[:2] != "__"]
    shared = {name for name in every if every.count(name) > 1}

    assert shared == set()


def test_no_two_classes_share_a_name() -> None:
    every = [
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]

    assert {name for name in every if every.count(name) > 1} == set()


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.name not in KNOW_CONNEXION],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_only_applications_their_routing_and_their_parser_know_connexion(path: Path) -> None:
    assert "connexion" not in {name.partition(".")[0] for name in imported(path)}
