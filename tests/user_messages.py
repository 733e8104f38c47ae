"""The messages that a user can cause, as the code writes them, for `docs/troubleshooting.md`.

They are found by the syntax tree: the texts of whatever ends a command or refuses a request, with
`…` for each part that is filled in. To have another kind of error listed: derive it from one of
`KINDS`, or name it there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.loopback import ROOT

KINDS = frozenset(
    {
        *("Misuse", "Unusable", "UnusableUpstream", "Unreadable", "Unwritten", "CannotBind"),
        *("_NoCertificate", "ArgumentTypeError", "UsageError", "HTTPException", "_problem"),
        *("Meaningless", "NoValue", "NotApplicable", "_Ours", "ValueError", "NotSo"),
        *(
            "complain",
            "error",
            "exit",
            "problem",
            "malformed",
            "unprocessable",
            "_not_found",
            "_no_captcha",
            "_refused",
        ),
    }
)
"""The names of what is raised or called with a message for the user."""

ELSEWHERE = (
    *("contract/pictures/", "contract/page/before_and_after.py", "contract/registry.py"),
    *("contract/judging/checks/", "mock_server/drawing/captcha.py", "mock_server/drawing/glyphs/"),
)
"""Where messages are for developers, or are what is wrong with a picture (`docs/pictures.md`)."""

PARTS = ("contract", "contract_tests", "mock_server")


@cache
def messages(root: Path = ROOT) -> dict[str, str]:
    """Collect every message, and the first line of code that gives it, as `file:line`."""
    trees = {path: tree_of(path) for path in modules(root)}
    kinds = _with_their_kin(trees.values())
    found: dict[str, str] = {}
    for path, tree in trees.items():
        constants = _assigned(tree.body)
        for scope in ast.walk(tree):
            if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
                continue
            told = [call for call in _calls(scope) if _name(call.func) in kinds]
            inner = _assigned(ast.walk(scope)) if told else {}
            known = constants if isinstance(scope, ast.Module) else constants | inner
            for call in told:
                for text in _told(call, known):
                    found.setdefault(text, f"{path.relative_to(root)}:{call.lineno}")
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    """Read the syntax of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(root: Path) -> Iterator[Path]:
    """Give every module whose messages are for users."""
    yield root / "captcha_contract.py"
    for part in PARTS:
        for path in sorted((root / part).rglob("*.py")):
            if not path.relative_to(root).as_posix().startswith(ELSEWHERE):
                yield path


def _with_their_kin(trees: Iterable[ast.Module]) -> set[str]:
    """The kinds, and every class derived from one."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    kinds = set(KINDS)
    while grown := {name for name, of in bases.items() if of & kinds} - kinds:
        kinds |= grown
    return kinds


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    """The calls of a scope, without those of the functions in it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


Known = Mapping[str, list[ast.expr]]


def _assigned(body: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """What names are given by assignments."""
    values: dict[str, list[ast.expr]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            values.setdefault(node.name, []).extend(each for each in returned if each)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(node.value)
    return values


def _told(call: ast.Call, known: Known) -> Iterator[str]:
    """The messages among the arguments: what has words of its own."""
    for argument in (*call.args, *(each.value for each in call.keywords if each.arg == "detail")):
        for text in _texts(argument, known):
            if _says_something(text):
                yield re.sub("…+", "…", re.sub(r"\s+", " ", text).strip())


def _texts(node: ast.expr, known: Known, depth: int = 0) -> list[str]:
    """Every text that an expression can be, with … for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, known, depth), *_texts(node.orelse, known, depth)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(_part(part, known, depth) for part in node.values)]
    if isinstance(node, ast.Call | ast.Name) and depth < 3:
        name = _name(node.func if isinstance(node, ast.Call) else node)
        return [text for each in known.get(name, []) for text in _texts(each, known, depth + 1)]
    return []


def _part(part: ast.expr, known: Known, depth: int) -> str:
    """What stands in a text at one place: words where only one text can stand there, else …."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    named = part.value.id if isinstance(part.value, ast.Name) else ""
    texts = _texts(part.value, known, depth + 1) if len(known.get(named, [0])) == 1 else []
    return texts[0] if len(texts) == 1 and _says_something(texts[0]) else "…"


def _says_something(text: str) -> bool:
    return len(re.findall(r"\b[A-Za-z]\w+", text, re.ASCII)) > 1
