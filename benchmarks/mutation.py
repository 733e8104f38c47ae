"""How many small changes of the core modules their own tests notice.

`python -m benchmarks.mutation` makes a fixed choice of mutants (an operator, a constant, a
condition, a statement), one at a time, in a copy of the repository, and runs the tests that belong
to the module. A mutant that changes nothing which anybody could notice stands, with its reason, in
`equivalent_mutants.yaml` beside this file. Exit status 1: too few are noticed.

To add a module: a line in `TESTS`. To see what survived: `--survivors`.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.yaml")
NEEDED = 0.95
"""The share of the mutants that are not equivalent which must be noticed."""

SEED, EACH = 20261126, 12
"""What chooses the mutants, and how many of each module."""

PATIENCE = 10.0
"""How many times the time that its tests take unchanged a mutant may take, and ten seconds."""

_TESTS: Mapping[str, str] = {
    "contract/spec/vocabulary.py": "vocabulary spec members",
    "contract/spec/members.py": "members spec",
    "contract/spec/loading.py": "loading spec references",
    "contract/spec/references.py": "references spec",
    "contract/spec/spec_files.py": "references spec",
    "contract/spec/yaml_text.py": "libyaml spec",
    "contract/review/openapi_validity.py": "validity",
    "contract/pictures/image.py": "image pictures",
    "contract/pictures/base64_text.py": "image",
    "contract/pictures/pixels.py": "image pictures",
    "contract/pictures/image_formats/png.py": "image pictures",
    "contract/pictures/image_formats/jpeg.py": "image pictures",
    "contract/pictures/image_formats/gif.py": "image pictures",
    "contract/pictures/image_formats/bmp.py": "image pictures",
    "contract/pictures/image_formats/bitmap.py": "image pictures",
    "contract/pictures/image_formats/icon.py": "image pictures",
    "contract/pictures/image_formats/avif.py": "image pictures",
    "contract/pictures/image_formats/svg.py": "image pictures",
    "contract/documents/cells.py": "cells document_words",
    "contract/documents/field_rows.py": "rows document_words",
    "contract/documents/member_names.py": "nesting document_words",
    "contract/documents/nesting.py": "nesting document_words",
    "contract/documents/markdown.py": "markdown_blocks",
    "contract/derivation/__init__.py": "derivation",
    "contract/derivation/stated_schema.py": "stated_schema",
    "contract/review/columns.py": "columns review_rules review",
    "contract/review/table_differences.py": "review_rules review",
    "contract/review/examples.py": "spec_examples review_rules review",
    "contract/changes/schemas.py": "change_rules changes",
    "contract/changes/inclusion.py": "inclusion proofs change_rules changes",
    "contract/changes/proofs.py": "proofs inclusion change_rules changes soundness",
    "contract/judging/reading.py": "reading judging practice",
    "contract/judging/outcomes.py": "outcomes claims judging",
    "contract/judging/verdict.py": "verdict judging",
    "contract/judging/redaction.py": "redaction reports har",
    "contract/judging/checks/presence_and_type.py": "presence_and_type",
    "contract/judging/checks/over_samples.py": "over_samples judging",
    "contract/judging/checks/good_practice.py": "practice",
    "contract_tests/observing/sending.py": "sending observe",
    "contract_tests/observing/recordings.py": "recordings har",
    "contract_tests/observing/calls.py": "calls parameters",
    "mock_server/answers/choosing.py": "choosing selection",
    "mock_server/preferences.py": "preferences",
    "mock_server/serving/front.py": "front_alone front",
    "mock_server/drawing/captcha.py": "captcha",
}
TESTS: Mapping[str, tuple[str, ...]] = {
    module: tuple(f"tests/test_{name}.py" for name in names.split())
    for module, names in _TESTS.items()
}
"""The tests that belong to each core module."""

LOADED = ("pytest", "xdist", "playwright.sync_api", "connexion", "schemathesis", "jinja2", "PIL")
"""What is loaded once, before a process is forked for each mutant."""

_COMPARED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_CALCULATED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed module: where it was changed, and its whole text."""

    module: str
    function: str
    line: int
    before: str
    after: str
    text: str

    @property
    def id(self) -> str:
        """Names the mutant, also when the lines around it move."""
        return f"{self.module}, {self.function}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant."""

    mutant: Mutant
    noticed: bool


# Making mutants


def mutants(module: str) -> Iterator[Mutant]:
    """Make every mutant of a module, in the order of its text."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    known = {ast.unparse(tree)}
    sites = list(_sites(tree, "module"))
    for place, (statement, node, function) in enumerate(sites):
        for number in range(len(list(_changes(node)))):
            changed = copy.deepcopy(tree)
            statement_there, there, _ = list(_sites(changed, "module"))[place]
            before = _first_line(statement)
            list(_changes(there))[number]()
            after = _first_line(statement_there)
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in known:
                known.add(text)
                yield Mutant(module, function, node.lineno, before, after, text)


Site = tuple[ast.stmt, ast.stmt | ast.expr, str]


def _sites(node: ast.AST, function: str, statement: ast.stmt | None = None) -> Iterator[Site]:
    """Give each node that may be changed, its statement, and the function it stands in."""
    for name, child in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases", "type_params"}:
            continue
        for each in child if isinstance(child, list) else [child]:
            if not isinstance(each, ast.AST) or _says_nothing(each):
                continue
            inside = function
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inside = each.name
            owner = each if isinstance(each, ast.stmt) else statement
            if owner is not None and isinstance(each, ast.stmt | ast.expr):
                yield owner, each, inside
            yield from _sites(each, inside, owner)


def _says_nothing(node: ast.AST) -> bool:
    """Whether a node is a docstring, an import, a message, or about types only.

    `strict` of `zip` says nothing either: it only notices code that is wrong elsewhere.
    """
    match node:
        case ast.Expr(value=ast.Constant()) | ast.keyword(arg="strict"):
            return True
        case ast.Assign(value=value):
            return _is_type(value)
        case ast.BinOp(op=ast.BitOr()):
            return _is_type(node)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Global)


def _is_type(node: ast.AST) -> bool:
    """Whether an expression is a union of types, or an alias such as `Callable[[int], str]`."""
    match node:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _is_type_name(left) and _is_type_name(right)
        case ast.Subscript(value=ast.Name(id=name)):
            return name in {"Callable", "dict", "list", "tuple"}
    return False


def _is_type_name(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return not name.isupper()
        case ast.Constant(value=None):
            return True
    return _is_type(node)


Change = Callable[[], object]


def _changes(node: ast.AST) -> Iterator[Change]:
    """Give the ways to change a node in its place, as functions."""
    yield from _changes_of_expressions(node)
    match node:
        case ast.If() | ast.While() | ast.IfExp() if not _is_turned_round(node.test):
            yield lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.Constant(value=False | None)):
            pass
        case ast.Return(value=ast.expr()):
            yield lambda: setattr(node, "value", ast.Constant(None))
        case ast.Expr() | ast.Raise() | ast.AugAssign():
            yield lambda: _remove(node)


def _is_turned_round(test: ast.expr) -> bool:
    """Whether a condition is a comparison whose own mutant is its contrary already."""
    opposites = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
    return isinstance(test, ast.Compare) and [type(op) in opposites for op in test.ops] == [True]


def _changes_of_expressions(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[operator, *_]) if type(operator) in _COMPARED:
            yield lambda: node.ops.__setitem__(0, _COMPARED[type(operator)]())
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield lambda: setattr(node, "op", other)
        case ast.BinOp() if type(node.op) in _CALCULATED:
            yield lambda: setattr(node, "op", _CALCULATED[type(node.op)]())
        case ast.Constant(value=bool(value)):
            yield lambda: setattr(node, "value", not value)
        case ast.Constant(value=int(number)):
            yield lambda: setattr(node, "value", number + 1)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            if node.generators[0].ifs:
                yield node.generators[0].ifs.clear
        case ast.Call(func=ast.Name(id="any" | "all" as name)):
            yield lambda: setattr(node.func, "id", "all" if name == "any" else "any")


def _remove(node: ast.AST) -> None:
    """Turn a statement into one that does nothing; a generator stays one."""
    never = ast.Constant(value=False)
    dead = ast.If(never, [copy.copy(node)], [])  # type: ignore[list-item]
    node.__class__ = ast.If
    node.__dict__.clear()
    node.__dict__.update(dead.__dict__)


def _first_line(statement: ast.stmt) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(statement)).split("\n", 1)[0].split())


def chosen(modules: Sequence[str], each: int) -> Iterator[Mutant]:
    """Choose the same mutants of each module in every run."""
    for module in modules:
        every = list(mutants(module))
        picked = random.Random(f"{SEED} {module}").sample(  # noqa: S311 - no secret
            range(len(every)), min(each, len(every))
        )
        yield from (every[index] for index in sorted(picked))


# Running tests


class Copies:
    """Copies of the repository, one for each process; a module is changed in one and mended."""

    def __init__(self, folder: Path, count: int) -> None:
        listed = subprocess.check_output(
            ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - git, wherever it is
            cwd=ROOT,
            text=True,
        ).splitlines()
        self.free = deque(folder / str(number) for number in range(count))
        for root in self.free:
            for name in listed:
                target = root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / name).is_file():
                    shutil.copy(ROOT / name, target)


def _run(root: Path, tests: Sequence[str], limit: float) -> bool:
    """In a forked process: run tests in a copy; give whether they pass in time."""
    os.setsid()
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(0, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, limit)
    os.chdir(root)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.dont_write_bytecode = True
    sys.path[:] = [str(root), *(each for each in sys.path if Path(each or ".").resolve() != ROOT)]
    for name in [name for name in sys.modules if name.split(".")[0] in {"benchmarks", "tests"}]:
        del sys.modules[name]
    pytest = importlib.import_module("pytest")
    options = ["-x", "-q", "-p", "no:cacheprovider", "--deselect", "tests/test_readme.py"]
    return bool(pytest.main([*options, *tests]) == 0)


def _forked(root: Path, tests: Sequence[str], limit: float) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        with contextlib.suppress(BaseException):
            status = 0 if _run(root, tests, limit) else 1
        os._exit(status)
    return child


def timed(copies: Copies, tests: Sequence[str]) -> float:
    """Run tests on unchanged code; give the seconds that they take.

    Raises:
        RuntimeError: they fail.
    """
    started = time.monotonic()
    _, status = os.waitpid(_forked(copies.free[0], tests, 600), 0)
    if status != 0:
        raise RuntimeError(f"unchanged, these tests fail: {' '.join(tests)}")
    return time.monotonic() - started


def outcomes(found: Sequence[Mutant], copies: Copies) -> Iterator[Outcome]:
    """Run the tests of each mutant, as many at a time as there are copies."""
    limits = {
        module: PATIENCE * timed(copies, TESTS[module]) + 10
        for module in dict.fromkeys(mutant.module for mutant in found)
    }
    running: dict[int, tuple[Path, Mutant]] = {}
    waiting = deque(found)
    while waiting or running:
        while waiting and copies.free:
            mutant, root = waiting.popleft(), copies.free.popleft()
            (root / mutant.module).write_text(mutant.text, encoding="utf-8")
            child = _forked(root, TESTS[mutant.module], limits[mutant.module])
            running[child] = root, mutant
        child, status = os.wait()
        root, mutant = running.pop(child)
        shutil.copy(ROOT / mutant.module, root / mutant.module)
        copies.free.append(root)
        yield Outcome(mutant, status != 0)


def main() -> int:
    """Print the share of each module; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", allow_abbrev=False)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="default: all of them")
    parser.add_argument("--each", type=int, default=EACH, help=f"of each module; default: {EACH}")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="at a time")
    parser.add_argument("--survivors", action="store_true", help="list what nobody noticed")
    arguments = parser.parse_args()
    modules = arguments.modules or list(TESTS)
    for name in LOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    equivalent: Mapping[str, str] = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or {}
    found = [each for each in chosen(modules, arguments.each) if each.id not in equivalent]
    noticed: dict[str, list[bool]] = {module: [] for module in modules}
    with tempfile.TemporaryDirectory() as folder:
        for outcome in outcomes(found, Copies(Path(folder), arguments.processes)):
            noticed[outcome.mutant.module].append(outcome.noticed)
            if arguments.survivors and not outcome.noticed:
                print(f"{outcome.mutant.line}: {outcome.mutant.id}", flush=True)
    print("| module | mutants | noticed |\n|---|---|---|")
    for module, each in noticed.items():
        print(f"| `{module}` | {len(each)} | {sum(each)} |")
    total = [one for each in noticed.values() for one in each]
    share = sum(total) / len(total)
    print(f"| all | {len(total)} | {sum(total)}, {share:.1%} |")
    return 0 if share >= NEEDED else 1


if __name__ == "__main__":
    sys.exit(main())
