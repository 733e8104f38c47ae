"""YAML → values with places → operations, environments, members."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.findings import Level
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from contract.spec.references import InvalidSpec
from contract.spec.spec_files import tree
from contract.spec.vocabulary import json_schema, json_type, meaning, shown
from contract.spec.yaml_text import Located, UnreadableYaml, read


def written(folder: Path, text: str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_member_knows_the_line_that_says_it(tmp_path: Path) -> None:
    root = read(written(tmp_path, "a: 1\nb:\n  c: 2\n"))

    assert isinstance(root, Located)
    inner = root["b"]
    assert isinstance(inner, Located)
    assert (root.at("b").line, inner.at("c").line, inner.at("c").column) == (2, 3, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2026-11-23", "2026-11-23"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("000", 0),
        ("true", True),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("~", None),
        ("", None),
        ('"000"', "000"),
    ],
)
def test_scalars_are_read_as_yaml_1_2_has_them(tmp_path: Path, text: str, value: object) -> None:
    root = read(written(tmp_path, f"a: {text}\n"))

    assert isinstance(root, Located)
    assert root["a"] == value


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("200: a", 'the name 200 is not a text; write "200"'),
        ("a: 1\na: 2", "the name a stands twice; the last one counts"),
    ],
)
def test_a_name_that_reads_otherwise_than_it_looks_is_noted(
    tmp_path: Path, text: str, slip: str
) -> None:
    root = read(written(tmp_path, text))

    assert isinstance(root, Located)
    assert [words for _, words in root.slips] == [slip]


def test_an_overridden_member_of_a_merged_mapping_is_no_slip(tmp_path: Path) -> None:
    root = read(written(tmp_path, "a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n"))

    assert isinstance(root, Located)
    assert root["b"] == {"x": 2}
    assert isinstance(root["b"], Located)
    assert not root["b"].slips


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: [", "a.yaml:1:5: is not YAML"),
        (b"a: 1\n\xff", "a.yaml:2: is not UTF-8"),
        (b"a: !!python/object:os.system {}", "is not YAML"),
        (b"[" * 5000, "is nested too deeply"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)

    with pytest.raises(UnreadableYaml) as problem:
        read(path)

    assert told in str(problem.value)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.yaml": "x: {$ref: b.yaml#/y}", "b.yaml": "z: 1"}, "there is no y"),
        (
            {"a.yaml": "x: {$ref: b.yaml#/y}", "b.yaml": "y: {$ref: '#/y'}"},
            "leads back to itself",
        ),
        ({"a.yaml": "x: {$ref: b.yaml}", "b.yaml": "- 1"}, "a referenced file must be a mapping"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_with_its_place(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    for name, text in files.items():
        written(tmp_path, text, name)

    with pytest.raises((InvalidSpec, UnreadableYaml)) as problem:
        tree(tmp_path / "a.yaml")

    assert told in str(problem.value)


def test_a_reference_to_a_file_that_is_not_there_is_told_of_whoever_needs_it(
    tmp_path: Path,
) -> None:
    described = "{responses: {'204': {description: none}}}"
    lost = "{responses: {'200': {$ref: b.yaml}}}"
    text = f"openapi: 3.0.3\npaths:\n  /a: {{get: {described}}}\n  /b: {{get: {lost}}}\n"

    spec = load(written(tmp_path, text))

    assert [each.path for each in spec.operations] == ["/a"]
    assert [each.place.line for each in spec.unread] == [4]
    assert "b.yaml: cannot be read" in spec.unread[0].reason


@pytest.mark.parametrize("version", ["3.1", "3", "3.2.0", "abc", "", "[3]"])
def test_another_version_of_openapi_is_told_with_its_place(tmp_path: Path, version: str) -> None:
    path = written(tmp_path, f"info: {{}}\nopenapi: {version}\npaths: {{}}\n")

    with pytest.raises(InvalidSpec, match=r"a\.yaml:2:1: openapi is .*3\.0\.3"):
        load(path)


def test_the_members_of_an_answer_know_who_promised_them(operation: Operation) -> None:
    required = {".".join(each.path): each.required for each in operation.members if each.path}

    assert required == {
        "request_id": Level.SAMPLE,
        "code": Level.TABLE,
        "msg": Level.SAMPLE,
        "data": Level.TABLE,
        "data.img": Level.TABLE,
        "data.img_code_id": Level.TABLE,
    }


def test_a_line_moved_from_the_sample_up_becomes_a_promise_of_the_table(tmp_path: Path) -> None:
    text = """
        openapi: 3.0.3
        paths:
          /a:
            get:
              operationId: a
              responses:
                "200":
                  content:
                    application/json:
                      schema: {x-sample: {maxLength: 3}, pattern: "^a"}
    """

    member = load(written(tmp_path, text)).operations[0].members[0]

    assert {promise.keyword: promise.level for promise in member.promises} == {
        "pattern": Level.TABLE,
        "maxLength": Level.SAMPLE,
    }


def test_an_environment_has_the_address_of_the_document_and_a_scheme(operation: Operation) -> None:
    test = operation.environments["test"]

    assert (test.host, test.schemes) == ("test-etc.ebaas.com", ("https", "http"))
    assert test.base_url() == "https://test-etc.ebaas.com"
    assert test.base_url("http") == "http://test-etc.ebaas.com"


def test_members_of_a_list_in_another_file_are_members_too(platform: Spec) -> None:
    paths = [".".join(member.path) for member in platform.operations[0].members]

    assert paths[-4:] == [
        "data.records.*",
        "data.records.*.plate",
        "data.records.*.minutes",
        "data.records.*.coupon",
    ]


@pytest.mark.parametrize(
    ("keyword", "argument", "value", "evidence"),
    [
        ("type", "string", "x", None),
        ("type", "string", 1, "1, of type integer"),
        ("type", "integer", True, "true, of type boolean"),
        ("type", "number", 1, None),
        ("type", "string", None, "null"),
        ("type", "object", [1, 2], "an array of 2 items, of type array"),
        ("enum", ["000"], "000", None),
        ("enum", [0], False, "false"),
        ("enum", ["a", "b"], "a", None),
        ("enum", ["a", "b"], "b", None),
        ("enum", ["a", "b"], "c", '"c"'),
        ("enum", [1, "1"], "1", None),
        ("enum", [1, "1"], True, "true"),
        ("enum", [1, None], None, None),
        ("maxLength", 2, "字字", None),
        ("maxLength", 2, "字字字", '"字字字" (3 characters)'),
        ("maxLength", 2, 12345, None),
        ("maxLength", 2, "\ud800" * 3, '"\\ud800\\ud800\\ud800" (3 characters)'),
        ("pattern", "^a$", "a\n", '"a\\n"'),
        ("pattern", r"^\d$", "٣", '"٣"'),
        ("minimum", 0, -1, "-1"),
        ("minimum", 0, 10**400, None),
        ("exclusiveMinimum", 0, 0, "0"),
        ("exclusiveMaximum", 3, 2, None),
        ("multipleOf", 5, 7, "7"),
        ("format", "date", "x", None),
    ],
)
def test_a_keyword_means_for_a_value(
    keyword: str, argument: object, value: object, evidence: str | None
) -> None:
    assert meaning(keyword, argument)(value) == evidence


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("A" * 50, f'"{"A" * 40}"… (50 characters, SHA-256 '),
        ("\x1b[31m", r'"\x1b[31m"'),
        ("成功", '"成功"'),
        ({"a": 1, "b": 2}, "an object of 2 members"),
        pytest.param(10**5000, "an integer of 16610 bits", id="huge"),
        (None, "null"),
        (False, "false"),
    ],
)
def test_a_value_is_shown_short_and_without_control_characters(value: object, words: str) -> None:
    assert shown(value).startswith(words)


def test_json_types_are_named_as_schemas_name_them() -> None:
    values: tuple[object, ...] = (None, True, 1, 1.0, "", [], {})

    assert [json_type(value) for value in values] == [
        "null",
        "boolean",
        "integer",
        "number",
        "string",
        "array",
        "object",
    ]


def test_an_openapi_schema_becomes_a_json_schema() -> None:
    schema = {
        "type": "object",
        "description": "d",
        "x-mock": "uuid",
        "properties": {"description": {"type": "string", "nullable": True, "enum": ["a"]}},
    }

    assert json_schema(schema) == {
        "type": "object",
        "properties": {"description": {"type": ["string", "null"], "enum": ["a", None]}},
    }


@pytest.mark.parametrize(
    "schema",
    [
        '{\npattern: "("}',
        '{x-sample: {\npattern: "("}}',
        "{\nmaxLength: -1}",
        "{\nminLength: one}",
        "{\nrequired: img}",
        "{x-sample: {\nminimum: a}}",
        "{items: {\nenum: 1}}",
        "{items: {enum: [1],\nminItems: x}}",
    ],
)
def test_a_keyword_that_means_nothing_is_told_with_its_place(tmp_path: Path, schema: str) -> None:
    path = written(
        tmp_path,
        f"""
        openapi: 3.0.3
        paths:
          /a:
            get:
              operationId: a
              responses:
                "200":
                  content:
                    application/json:
                      schema: {schema}
        """,
    )

    (unread,) = load(path).unread

    assert "a.yaml:12" in str(unread.place)
