"""Nothing that a spec, a server, a recording or a file's name says acts where it is printed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from contract.changes import changes
from contract.changes.change_formats import FORMATS as CHANGE_FORMATS
from contract.findings import Level, Place
from contract.judging.as_har import text as har_text
from contract.judging.exchange import Attempt, Exchange, Failure, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.run import JudgedEnvironment, Run
from contract.judging.verdict import judge
from contract.review import review
from contract.review.finding_formats import FORMATS as FINDING_FORMATS
from contract.spec.loading import interpret, load
from contract.spec.operations import Spec
from contract.spec.references import mapping
from contract.spec.yaml_text import parse
from contract_tests.reports import as_terminal, github
from contract_tests.reports.publishing import FORMATS
from contract_tests.reports.report_contents import contents
from tests.loopback import ROOT, python

HOSTILE = (
    "\x1b]0;x\x07\x9b2J\r\n::error::x\n  ::set-output name=a::b%0A::add-mask::c ##[error]d"
    " ##vso[task.complete]\u202e\u2066<script>alert(1)</script>|`a` [x](javascript:1)\x7f"
)
NAME = HOSTILE.replace("/", "").replace("{", "")
TREE = {
    "openapi": "3.0.3",
    "info": {"title": HOSTILE, "version": "1", "description": HOSTILE},
    "servers": [{"url": "http://h", "x-environment": "dev", "description": HOSTILE}],
    "paths": {
        f"/x/{NAME}": {
            "get": {
                "operationId": f"op{HOSTILE}",
                "summary": HOSTILE,
                "description": HOSTILE,
                "parameters": [{"name": HOSTILE, "in": "query", "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "description": HOSTILE,
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": [HOSTILE, "b"],
                                    "properties": {
                                        HOSTILE: {
                                            "type": "string",
                                            "pattern": f"^{re.escape(HOSTILE)}$",
                                        },
                                        "b": {"type": "string", "enum": [HOSTILE], "maxLength": 3},
                                        "c": {"type": "integer", "x-own": HOSTILE},
                                    },
                                },
                                "example": {HOSTILE: HOSTILE, "b": "x"},
                            }
                        },
                    }
                },
            }
        }
    },
}
_OURS = re.compile(r"::(?:error|warning|notice) (?:file|title)=")
"""How an annotation of our own begins."""


def acts(text: str, *, commands: bool = False) -> list[str]:
    """Give what acts in a text on a terminal, or in the log of a CI."""
    found = re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    for line in text.splitlines():
        command = line.lstrip().startswith("::") and not (commands and _OURS.match(line))
        found += [line] * (command or "##[" in line or "##vso[" in line)
        found += [line] * (line.startswith("::") and "%0A::" in line)
    return found


def spec_of(tree: object, name: str = f"x{NAME}.yaml") -> Spec:
    path = Path(name)
    root = parse(json.dumps(tree).encode(), str(path))
    return interpret(path, mapping(root, Place(str(path), 1), "a spec"))


def hostile_run() -> Run:
    (operation,) = spec_of(TREE).operations
    request = Request("GET", f"http://h/x?a={HOSTILE}", (("Accept", HOSTILE),))
    body = json.dumps({HOSTILE: HOSTILE, "b": HOSTILE, f"{HOSTILE}2": 1}).encode()
    headers = (("Content-Type", HOSTILE), ("Age", HOSTILE), ("Cache-Control", f"public, {HOSTILE}"))
    outcomes: list[Response | Failure] = [
        Response(200, headers, body),
        Failure("not-http", HOSTILE, HOSTILE),
        Response(302, (("Location", HOSTILE),), b""),
        Response(400, headers, json.dumps({HOSTILE: HOSTILE}).encode()),
    ]
    earlier = (Attempt(Failure("reset", HOSTILE), 0.1, datetime(2026, 1, 1, tzinfo=UTC)),)
    exchanges = [
        Exchange(number, request, outcome, 0.1, earlier=earlier)
        for number, outcome in enumerate(outcomes, 1)
    ]
    judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.STRICT)
    return Run(
        environments=(JudgedEnvironment(name=HOSTILE, judgements=(judgement,)),),
        strictness=Level.STRICT,
        insecure=True,
        started=datetime(2026, 1, 1, tzinfo=UTC),
        exit_status=1,
        remarks=(HOSTILE,),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_acts_in_a_report(form: str) -> None:
    text = FORMATS[form](contents(hostile_run()))

    assert acts(text) == []
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text) if form == "report.md" else text
    data = form in {"report.json", "report.sarif"}
    assert data or not re.search(r"(?<!\\)<script>", outside)
    assert form != "report.md" or not re.search(r"(?<!\\)\]\(javascript", outside)


def test_nothing_acts_in_the_recording() -> None:
    assert acts(har_text(hostile_run().environments[0].judgements)) == []


def test_an_annotation_does_nothing_but_annotate() -> None:
    annotated = list(github.commands(contents(hostile_run())))

    assert annotated
    assert acts("\n".join(annotated), commands=True) == []
    assert all("::" not in each.split(" ", 1)[1].split("::", 1)[0] for each in annotated)


@pytest.mark.parametrize("form", FINDING_FORMATS)
def test_nothing_acts_in_a_review(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"{NAME[:40]}.yaml"
    path.write_text(json.dumps(TREE), encoding="utf-8")

    found = review(path)

    assert found
    assert acts(FINDING_FORMATS[form](found, str(path)), commands=form == "github") == []


@pytest.mark.parametrize("form", CHANGE_FORMATS)
def test_nothing_acts_in_a_list_of_changes(form: str, tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(json.dumps(TREE), encoding="utf-8")
    new.write_text(json.dumps(TREE).replace('"maxLength": 3', '"maxLength": 2'), encoding="utf-8")
    new.write_text(
        new.read_text(encoding="utf-8").replace('"required": [', '"required": ["c", '),
        encoding="utf-8",
    )

    found = changes(load(old), load(new))

    assert found
    assert acts(CHANGE_FORMATS[form](found, ()), commands=form == "github") == []


def recording(folder: Path) -> Path:
    """Write what another tool may have recorded."""
    url = "http://h.example/x%0A::add-mask::0%0A::error file=README.md,line=1::pwned%1B[2J%07"
    calls = [
        {"status": 200, "content": {"text": json.dumps({HOSTILE: HOSTILE}), "mimeType": HOSTILE}},
        {"status": 200, "content": {"text": json.dumps({"code": "500", "msg": HOSTILE})}},
        {"status": 302, "headers": [{"name": "Location", "value": HOSTILE}]},
        {"status": 0, "_error": HOSTILE},
    ]
    entries = [
        {
            "request": {"method": "POST", "url": f"{url}/oauth/api/account/getImgCode"},
            "response": each,
        }
        for each in calls
    ]
    path = folder / "x.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    return path


def test_nothing_acts_in_the_output_of_a_run_on_github(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"

    done = python(
        *("-m", "captcha_contract", "test", "--from-har", str(recording(tmp_path))),
        *("--junitxml", str(junit), "-v", "-k", "type", "--strictness=strict"),
        GITHUB_ACTIONS="true",
    )

    assert done.returncode in {1, 69}, done.stderr
    assert acts(done.stdout + done.stderr, commands=True) == []
    assert acts("".join(ET.parse(junit).getroot().itertext())) == []  # noqa: S314 - our own file


def test_a_recording_without_the_call_is_told_in_a_harmless_line(tmp_path: Path) -> None:
    path = tmp_path / "x.har"
    entry = {"request": {"method": HOSTILE, "url": "http://h/%0A::error::x%1B[2J"}}
    path.write_text(json.dumps({"log": {"entries": [entry]}}), encoding="utf-8")

    done = python("-m", "captcha_contract", "test", "--from-har", str(path))

    assert (done.returncode, acts(done.stdout + done.stderr)) == (4, [])


# Every place that prints

PRINTING = {"write_line", "section", "rewrite", "fail", "skip", "exit", "UsageError"}
HARMLESS = {"printable", "redaction"}
BEFORE_ANYTHING_IS_LOADED = "print(f'{PROGRAM}: {problem}', file=sys.stderr)"
"""Says that `contract` is not ours, so nothing of it can be used."""
MODULES = sorted(
    path
    for room in ("contract", "contract_tests")
    for path in (ROOT / room).rglob("*.py")
    if path.name != "consoles.py"
)


def printing(path: Path) -> Iterator[str]:
    """Give the calls that print a text without the escape."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name == "print" and ast.unparse(node) != BEFORE_ANYTHING_IS_LOADED:
            yield ast.unparse(node)
        if (
            name in PRINTING
            and ast.unparse(function) != "sys.exit"
            and node.args
            and not _is_harmless(node.args[0])
        ):
            yield ast.unparse(node)


def _is_harmless(text: ast.expr) -> bool:
    if isinstance(text, ast.Constant) or ast.unparse(text) == "command":
        return True
    return any(isinstance(node, ast.Name) and node.id in HARMLESS for node in ast.walk(text))


@pytest.mark.parametrize(
    "path", [*MODULES, ROOT / "captcha_contract.py"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_place_that_prints_uses_the_one_escape(path: Path) -> None:
    assert list(printing(path)) == []


def test_terminal_lines_are_escaped_by_who_prints_them() -> None:
    (judgement,) = hostile_run().environments[0].judgements

    assert acts("\n".join(as_terminal.lines(judgement))) != []
