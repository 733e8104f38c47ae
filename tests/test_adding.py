"""What adding one thing costs: each row of CONTRIBUTING's table is done, and its files are counted.

All is added to one copy of the repository, and one process there says what has taken effect.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.loopback import ROOT, environment

Edit = Callable[[str], str]
"""The text of a file → its text with the addition; a new file was empty."""


@dataclass(frozen=True)
class Addition:
    """One thing to add: the files that it costs, and an expression that is true afterwards."""

    edits: Mapping[str, Edit]
    proof: str


def behind(anchor: str, text: str) -> Edit:
    def edit(old: str) -> str:
        assert anchor in old, f"{anchor} is not there"
        return old.replace(anchor, anchor + text, 1)

    return edit


def before(anchor: str, text: str) -> Edit:
    def edit(old: str) -> str:
        assert anchor in old, f"{anchor} is not there"
        return old.replace(anchor, text + anchor, 1)

    return edit


def appended(text: str) -> Edit:
    return lambda old: old + text


def copied(path: str) -> Edit:
    return lambda _: (ROOT / path).read_text(encoding="utf-8")


SPEC = "load(Path('openapi/openapi.yaml'))"
ADDITIONS = {
    "an interface document": Addition(
        {"openapi/documents/login.md": copied("tests/documents/login.md")},
        f"'login' in [each.id for each in {SPEC}.operations]",
    ),
    "an environment": Addition(
        {
            "openapi/openapi.yaml": before(
                "security: []",
                '  - url: "{scheme}://pre-etc.ebaas.com"\n    description: 预发布\n'
                "    x-environment: staging\n    variables: *scheme\n",
            ),
            "openapi/documents/getImgCode.md": behind(
                "test-etc.ebaas.com |\n", "|   4   | 预发布 | pre-etc.ebaas.com |\n"
            ),
        },
        f"'staging' in {SPEC}.operations[0].environments",
    ),
    "a way to write a document": Addition(
        {
            "contract/documents/column_words.py": behind('("类型", ', '"种类", '),
            "tests/documents/another.md": copied("tests/documents/listCities.md"),
        },
        "'种类' in COLUMNS",
    ),
    "a fault": Addition(
        {
            "mock_server/faults/responses.py": appended(
                '''

@fault("media-type", level=Level.SAMPLE, chinese="Content-Type 是 CSV。", source="an export")
def media_type_csv(answer: Answer, _: Operation) -> Answer:
    """The answer is right, but it calls itself CSV."""
    return replace(answer, media_type="text/csv")
''',
            )
        },
        "'media-type-csv' in FAULTS",
    ),
    "a harmless variation": Addition(
        {
            "mock_server/faults/variations.py": before(
                "\n\nVARIATIONS: ",
                '''

@variation(chinese="JSON 前有空格。", source="RFC 8259 §2")
def blank_before_the_json(answer: Answer, _: Operation) -> Answer:
    """A blank stands before the JSON."""
    return replace(answer, body=b" " + answer.body)
''',
            )
        },
        "'blank-before-the-json' in VARIATIONS",
    ),
    "a check": Addition(
        {
            "contract/judging/checks/good_practice.py": appended(
                '''

@check(
    "few-headers",
    ANSWER,
    english="The answer has at most fifty headers.",
    chinese="应答头不超过五十个。",
    source="good practice",
    level=Level.STRICT,
    broken="a hundred headers",
    right="ten headers",
)
def headers_are_few(clause: Clause) -> WordedClause | None:
    """The answer has at most fifty headers."""
    del clause
    return WordedClause("at most fifty headers", "应答头不超过五十个", each_value(lambda _: None))
''',
            ),
            "mock_server/faults/bodies.py": appended(
                '''

@fault("few-headers", level=Level.STRICT, chinese="应答头过多。", source="a proxy in a loop")
def headers_by_the_hundred(answer: Answer, _: Operation) -> Answer:
    """The answer has a hundred headers more."""
    return replace(answer, headers=tuple((f"x-{number}", "1") for number in range(100)))
''',
            ),
        },
        "'few-headers' in CHECKS and 'headers-by-the-hundred' in FAULTS and any("
        f"each.name == 'few-headers' for each in claims({SPEC}.operations[0], "
        f"provenance_of({SPEC}.operations[0])))",
    ),
    "a report format": Addition(
        {
            "contract_tests/reports/as_lines.py": appended(
                '''"""`report.txt`, a line for each operation."""

FILE = "report.txt"


def text(report):
    """Write a line for each operation."""
    return "".join(f"{each.id} {each.verdict}\\n" for each in report.operations)
''',
            )
        },
        "'report.txt' in REPORT_FORMATS",
    ),
    "an output format of `check` or `diff`": Addition(
        {
            "contract/review/finding_formats.py": behind(
                '    "text": text,\n', '    "lines": text,\n'
            )
        },
        "check('--format', 'lines') == 0",
    ),
    "an output format of `compare`": Addition(
        {
            "contract_tests/comparing/comparison_formats.py": behind(
                '    "text": text,\n', '    "lines": text,\n'
            )
        },
        "'lines' in COMPARISON_FORMATS",
    ),
    "a keyword of the spec": Addition(
        {
            "contract/spec/vocabulary.py": behind(
                '    "x-image": _image,\n',
                '    "x-odd": lambda _, value: None if value else "it is even",\n',
            ),
            "openapi/README.md": appended("| `x-odd` | a schema | the value is odd |\n"),
            "mock_server/faults/broken_keywords.py": appended("\n# a fault that breaks it\n"),
        },
        "meaning('x-odd', True)(0) == 'it is even'",
    ),
    "a generator of values (`x-mock`)": Addition(
        {
            "mock_server/answers/generators.py": behind(
                '    "uuid": _uuid,\n',
                '    "one": lambda _: "1",\n',
            ),
            "contract/spec/vocabulary.py": behind(
                'GENERATORS = frozenset({"captcha.image", ', '"one", '
            ),
            "openapi/README.md": appended("`x-mock: one` makes a 1.\n"),
        },
        "set(NAMES) == set(NAMED_GENERATORS) and 'one' in GENERATORS",
    ),
    "a layer of the captcha": Addition(
        {
            "mock_server/drawing/captcha.py": appended(
                '''

def _spotted(picture: Canvas, _text: str, choices: Choices) -> None:
    """Draw one black pixel."""
    picture.putpixel((choices.below(PICTURE[0]), choices.below(PICTURE[1])), (0, 0, 0))


LAYERS = (*LAYERS, _spotted)
''',
            )
        },
        "draw('6F93', entropy=b'e')[:2] == b'\\xff\\xd8' and len(LAYERS) == 3",
    ),
    "a call of `/__admin`": Addition(
        {
            "mock_server/admin.yaml": behind(
                "paths:\n",
                "  /seed:\n    get:\n      operationId: seed\n      summary: The seed\n"
                '      responses:\n        "200": { $ref: "#/components/responses/json" }\n',
            ),
            "mock_server/admin.py": before(
                "    async def captchas(",
                "    async def seed(self) -> Mapping[str, object]:\n"
                '        """Give the seed."""\n'
                '        return {"seed": self.numbers.captchas.seed}\n\n',
            ),
        },
        "admin_call('/__admin/seed')['seed'] == 'x'",
    ),
}


PROOFS = """
import asyncio, contextlib, io, json, sys
from pathlib import Path

import httpx2

import captcha_contract
from contract.documents.column_words import COLUMNS
from contract.judging.checks import CHECKS
from contract.judging.claims import claims
from contract.judging.provenance import provenance_of
from contract.spec.loading import load
from contract.spec.vocabulary import GENERATORS as NAMED_GENERATORS
from contract.spec.vocabulary import meaning
from contract_tests.comparing.comparison_formats import FORMATS as COMPARISON_FORMATS
from contract_tests.reports.publishing import FORMATS as REPORT_FORMATS
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.drawing.captcha import LAYERS, Captchas, Numbers, draw
from mock_server.faults import FAULTS
from mock_server.faults.variations import VARIATIONS
from mock_server.answers.generators import GENERATORS, NAMES
from mock_server.state.memory import InMemory


def check(*words):
    with contextlib.redirect_stdout(io.StringIO()):
        return captcha_contract.main(["check", *words])


def admin_call(path):
    admin = Admin(None, Numbers(Captchas("x")), InMemory())
    app = admin_application(admin, None, loopback=True)

    async def call():
        transport = httpx2.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.get(path)).json()

    return asyncio.run(call())


print(json.dumps({name: bool(eval(proof)) for name, proof in json.load(sys.stdin).items()}))
"""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bool]:
    """Whether each addition is there, in a copy of the repository to which all were added."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("openapi", "contract", "mock_server", "contract_tests", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "captcha_contract.py", folder)
    for addition in ADDITIONS.values():
        for name, edit in addition.edits.items():
            file = folder / name
            old = file.read_text(encoding="utf-8") if file.exists() else ""
            file.write_text(edit(old), encoding="utf-8")

    def python(*words: str, given: str = "") -> str:
        done = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, *words],
            cwd=folder,
            env=environment(PYTHONPATH=str(ROOT / "tests" / "guard")),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    into = ("--into", "openapi/openapi.yaml")
    python("-m", "captcha_contract", "derive", "openapi/documents/login.md", *into)
    proofs = {name: addition.proof for name, addition in ADDITIONS.items()}
    told: Mapping[str, bool] = json.loads(python("-c", PROOFS, given=json.dumps(proofs)))
    return told


@pytest.mark.parametrize("name", ADDITIONS)
def test_what_was_added_is_there(name: str, there: Mapping[str, bool]) -> None:
    assert there[name]


def rows() -> Mapping[str, str]:
    """The rows of the table: what to add, and what to write."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.search(r"\| to add \|.*?\n((?:\|.*\n)+)", text)
    assert table is not None
    return dict(re.findall(r"^\| (.+?) \| (.+) \|$", table[1], re.MULTILINE))


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_costs_the_files_that_the_table_names(name: str) -> None:
    costs = rows()[name]

    unnamed = [
        file
        for file in ADDITIONS[name].edits
        if file not in costs and not any(each in costs for each in parents(file))
    ]
    assert unnamed == []


def parents(file: str) -> list[str]:
    return [f"`{parent.as_posix()}/`" for parent in Path(file).parents if parent.name]


ELSEWHERE = {
    "a review rule": "tests/test_rule_registry.py",
    "a change rule": "tests/test_change_registry.py",
    "a kind of difference between two runs": "tests/test_compare.py",
    "a reason for an inconclusive verdict": "tests/test_check_registry.py",
    "a picture format": "tests/test_pictures.py",
    "an answer of another system as a fault": "tests/test_products.py",
    "a product that is recognised in front of a service": "tests/test_products.py",
    "a message that a user can cause": "tests/test_troubleshooting.py",
    "a member of `report.json`": "tests/test_report_page.py",
    "a page of `docs/`": "tests/test_readme.py",
}
"""Rows whose cost other tests hold."""


def test_every_row_of_the_table_is_held_by_a_test() -> None:
    assert rows().keys() - ADDITIONS.keys() == ELSEWHERE.keys()
