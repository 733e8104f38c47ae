"""What an editor knows of the spec while somebody types: `openapi/openapi.schema.json`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest
import yaml

from contract.review.openapi_objects import OBJECTS, fields
from contract.spec.default import SPEC
from contract.spec.vocabulary import ENVIRONMENTS, EXPECTED, EXTENSIONS, FORMATS, GENERATORS
from tests import editor_schema
from tests.conftest import PLATFORM

WHOLE = json.loads(editor_schema.FILE.read_text(encoding="utf-8"))
MEMBER = WHOLE["definitions"]["Schema"]["properties"]
SERVER = shutil.which("yaml-language-server")
"""The program that editors ask; npm's yaml-language-server."""

Json = dict[str, Any]


def problems(text: str) -> list[str]:
    validator = jsonschema_rs.Draft7Validator(WHOLE)
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_spec_names_its_schema_to_editors() -> None:
    first = SPEC.read_text(encoding="utf-8").splitlines()[0]

    assert first == f"# yaml-language-server: $schema={editor_schema.FILE.name}"


def test_the_schema_is_what_its_table_and_the_vocabulary_make_of_it() -> None:
    assert editor_schema.editor_schema() == WHOLE


def test_the_schema_refers_to_nothing_outside_of_it() -> None:
    references = re.findall(r'"\$ref": "([^"]*)"', editor_schema.text())

    assert [each for each in references if not each.startswith("#/definitions/")] == []


def test_the_schema_knows_every_word_of_the_vocabulary() -> None:
    servers = WHOLE["definitions"]["Server"]["properties"]
    keys = frozenset(key for key in [*MEMBER, *servers] if key.startswith("x-"))

    assert (keys, MEMBER["x-mock"]["enum"], MEMBER["format"]["anyOf"][0]["enum"]) == (
        EXTENSIONS,
        sorted(GENERATORS),
        sorted(FORMATS),
    )
    assert MEMBER["x-mock-expects"]["enum"] == list(EXPECTED)
    assert servers["x-environment"]["enum"] == list(ENVIRONMENTS)


def test_every_hover_is_of_a_field_and_in_both_languages() -> None:
    known = {name for kind in OBJECTS for name in fields(kind)} | {"$ref"}
    known |= {f"{kind}.{name}" for kind in OBJECTS for name in fields(kind)}
    said = [*editor_schema.HOVERS.values()]
    said += [str(each["description"]) for each in editor_schema.EXTENSION_SCHEMAS.values()]

    assert set(editor_schema.HOVERS) - known == set()
    assert [each for each in said if not re.search(r"[A-Za-z].*[\u4e00-\u9fff]", each)] == []


@pytest.mark.parametrize("spec", [SPEC, PLATFORM], ids=["openapi", "platform"])
def test_a_spec_keeps_it(spec: Path) -> None:
    assert problems(spec.read_text(encoding="utf-8")) == []


SLIPS = [
    ("x-unique: true", "x-unique: maybe"),
    ("x-mock: captcha.id", "x-mock: captcha.number"),
    ("width: 125", "widht: 125"),
    ("x-environment: dev", "x-environment: develop"),
    (r'\["000"\]', '"000"'),
    ("operationId: getImgCode", "operationId: 获取"),
    ("summary: 获取", "sumary: 获取"),
    ("type: object\n", "type: text\n"),
    ("minLength: 1", "minLength: one"),
    ("    description: 应答报文", "    x-a: 1"),
]


@pytest.mark.parametrize(("old", "new"), SLIPS)
def test_a_slip_is_marked_while_it_is_typed(old: str, new: str) -> None:
    text, count = re.subn(old, new, SPEC.read_text(encoding="utf-8"), count=1)

    assert (count, len(problems(text))) == (1, 1)


# The real server


class Editor:
    """An editor that talks to the language server, as the Language Server Protocol says."""

    def __init__(self, program: str, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        proxy = "http://127.0.0.1:9"  # nothing answers there: what is needed must be at hand
        self.process = subprocess.Popen(  # noqa: S603 - the server, as editors start it
            [program, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HTTPS_PROXY": proxy, "HTTP_PROXY": proxy},
        )
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
        self.tell("initialized")
        settings = {"validate": True, "hover": True, "completion": True}
        everything = {"yaml": {**settings, "schemaStore": {"enable": False, "url": ""}}}
        self.tell("workspace/didChangeConfiguration", settings=everything)

    def opened(self, text: str, name: str = "openapi.yaml") -> str:
        """Open a document; give its address."""
        address = (self.folder / name).as_uri()
        document = {"uri": address, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        return address

    def problems(self, address: str) -> list[Json]:
        """Wait for what the server finds wrong with a document."""
        while True:
            came = self._received()
            if came.get("method") == "textDocument/publishDiagnostics":
                said = came["params"]
                if said["uri"] == address:
                    return cast("list[Json]", said["diagnostics"])

    def ask(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON of any form
        self.number += 1
        self._send({"id": self.number, "method": method, "params": parameters})
        while True:
            came = self._received()
            if came.get("id") == self.number and "method" not in came:
                return came["result"]

    def tell(self, method: str, **parameters: object) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: Json) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self.process.stdin.flush()

    def _received(self) -> Json:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: Json = json.loads(self.process.stdout.read(length))
        if "method" in message and "id" in message:  # the server asks: nothing is set
            items = message.get("params", {}).get("items", [])
            self._send({"id": message["id"], "result": [None] * len(items) or None})
        return message


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    if SERVER is None:
        if os.environ.get("REQUIRE_EDITOR"):
            pytest.fail("yaml-language-server is missing")
        pytest.skip("yaml-language-server is missing; npm has it")
    folder = tmp_path_factory.mktemp("editor")
    shutil.copy(editor_schema.FILE, folder)
    talking = Editor(SERVER, folder)
    yield talking
    talking.process.kill()
    talking.process.communicate()


def test_the_file_is_clean_in_the_editor_without_a_network(editor: Editor) -> None:
    address = editor.opened(SPEC.read_text(encoding="utf-8"))

    assert editor.problems(address) == []


def test_the_editor_marks_a_slip_at_its_line(editor: Editor) -> None:
    text = SPEC.read_text(encoding="utf-8").replace("summary: 获取图", "sumary: 获取图")
    address = editor.opened(text, "slip.yaml")

    lines = {each["range"]["start"]["line"] for each in editor.problems(address)}
    assert [text.splitlines()[number].strip()[:7] for number in lines] == ["sumary:"]


@pytest.mark.parametrize(
    ("word", "said"),
    [("x-mock", "模拟服务"), ("minLength", "最小长度"), ("operationId", "接口标识")],
)
def test_the_editor_explains_a_word_in_both_languages(word: str, said: str, editor: Editor) -> None:
    lines = SPEC.read_text(encoding="utf-8").splitlines()
    address = editor.opened("\n".join(lines), f"{word}.yaml")
    number = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{word}:"))
    place = {"line": number, "character": lines[number].index(word) + 1}

    shown = editor.ask("textDocument/hover", textDocument={"uri": address}, position=place)

    assert said in json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("x-mock: uuid", "x-mock: ", {"captcha.image", "captcha.id", "uuid"}),
        ("x-environment: dev", "x-environment: ", set(ENVIRONMENTS)),
        ("          x-mock: uuid", "          x-", {"x-unique", "x-image"}),
        ("      summary: 获取图形验证码", "      s", {"summary", "security", "servers"}),
        ("type: string", "type: ", {"string", "integer", "object"}),
    ],
)
def test_the_editor_offers_the_words_that_may_stand_there(
    old: str, new: str, expected: set[str], editor: Editor
) -> None:
    text = SPEC.read_text(encoding="utf-8")
    at = text.index(old) + len(new)
    text = text.replace(old, new, 1)
    address = editor.opened(text, f"{len(new)}-{at}.yaml")
    place = {"line": text[:at].count("\n"), "character": at - text.rfind("\n", 0, at) - 1}

    offered = editor.ask("textDocument/completion", textDocument={"uri": address}, position=place)

    labels = {str(each["label"]) for each in offered["items"]}
    assert expected <= labels
