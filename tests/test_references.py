"""References: each is resolved once and shared, and what they unfold to is bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.findings import Place
from contract.review import review
from contract.spec import outside, spec_files
from contract.spec.extent import MAX_REPEATED, Extent, Measure
from contract.spec.grammar import DOCUMENT
from contract.spec.loading import load
from contract.spec.references import (
    InvalidSpec,
    References,
    child,
    inlined,
    listed,
    mapping,
    optional,
)
from contract.spec.spec_files import files, tree
from contract.spec.vocabulary import json_schema, validator
from contract.spec.yaml_text import Located, parse
from tests.work import lines_run

SPEC = """
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses:
        "200":
          description: d
          content:
            application/json:
              schema: {$ref: "#/components/schemas/s0"}
components:
  schemas:
"""


def nested(levels: int, file: str = "#/components/schemas") -> str:
    """Describe a schema that holds the next one twice, and that one the next, and so on."""
    lines = [
        f"    s{n}: {{type: object, properties: {{a: {{$ref: '{file}/s{n + 1}'}},"
        f" b: {{$ref: '{file}/s{n + 1}'}}}}}}"
        for n in range(levels)
    ]
    return "\n".join([*lines, f"    s{levels}: {{type: string}}\n"])


def written(folder: Path, text: str, name: str = "openapi.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mappings(node: object) -> Iterator[Located]:
    """Give every mapping of a tree, each once."""
    seen: dict[int, object] = {}
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict | list) and id(each) not in seen:
            seen[id(each)] = each
            waiting += each.values() if isinstance(each, dict) else each
            if isinstance(each, Located):
                yield each


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Located]:
    """Every mapping that is made while a test runs."""
    found: list[Located] = []
    make = Located.__init__

    def noted(self: Located, *arguments: object) -> None:
        found.append(self)
        make(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Located, "__init__", noted)
    return found


def test_a_node_that_two_references_name_is_one_node() -> None:
    root = parse(b"a: {$ref: '#/c'}\nb: {$ref: '#/c'}\nc: {d: {$ref: '#/e'}}\ne: {f: 1}", "a.yaml")
    assert isinstance(root, Located)

    whole = inlined(root, root, DOCUMENT)

    assert whole == {
        "a": {"d": {"f": 1}},
        "b": {"d": {"f": 1}},
        "c": {"d": {"f": 1}},
        "e": {"f": 1},
    }
    assert whole["a"] is whole["b"] is whole["c"]


def test_a_node_without_references_is_not_copied() -> None:
    root = parse(b"a: {b: [{c: 1}]}\nd: {$ref: '#/a'}", "a.yaml")
    assert isinstance(root, Located)

    whole = inlined(root, root, DOCUMENT)

    assert whole["d"] is root["a"]


def test_nodes_stay_as_they_are(tmp_path: Path) -> None:
    root = tree(written(tmp_path, SPEC + nested(3)))
    before = repr(root)

    References(root).inlined(root, DOCUMENT)

    assert repr(root) == before


@pytest.mark.parametrize("levels", [16, 40, 150])
def test_as_many_nodes_are_made_as_the_file_has_however_often_they_are_repeated(
    levels: int, tmp_path: Path, made: list[Located]
) -> None:
    root = tree(written(tmp_path, SPEC + nested(levels)))
    in_the_file = len(list(mappings(root)))
    made.clear()

    whole = inlined(root, root, DOCUMENT)

    assert Measure().of(whole).values < MAX_REPEATED * in_the_file
    assert len(made) <= 2 * in_the_file


def test_what_stands_in_another_file_stands_in_the_tree_once(
    tmp_path: Path, made: list[Located]
) -> None:
    written(tmp_path, "components:\n  schemas:\n" + nested(40), "parts.yaml")
    spec = SPEC.replace("#/", "parts.yaml#/").replace("components:\n  schemas:\n", "")

    root = tree(written(tmp_path, spec))

    assert Measure().of(root).values < 500
    assert len(made) < 500
    assert files(root) == {tmp_path / "openapi.yaml", tmp_path / "parts.yaml"}
    assert load(tmp_path / "openapi.yaml").operations[0].members


@pytest.mark.parametrize("levels", [16, 30])
def test_the_work_on_a_spec_follows_its_size_however_often_its_parts_are_repeated(
    levels: int, tmp_path: Path
) -> None:
    path = written(tmp_path, SPEC + nested(levels))

    done = lines_run(lambda: review(path))

    operation = load(path).operations[0]
    text = json.dumps(json_schema(operation.schema))
    assert done < 10_000 * levels
    assert len(operation.members) < 50 * levels
    assert len(text) < 5_000 * levels


def test_references_may_repeat_what_a_spec_needs(tmp_path: Path) -> None:
    operation = load(written(tmp_path, SPEC + nested(6))).operations[0]

    assert len(operation.members) == 2**7 - 1


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_references_may_have_any_length(tmp_path: Path, *, backwards: bool) -> None:
    numbers = range(1000)
    chain = [
        f"    s{n}: {{properties: {{a: {{$ref: '#/components/schemas/s{n + 1}'}}}}}}"
        for n in (reversed(numbers) if backwards else numbers)
    ]
    text = "\n".join([f"    s{len(numbers)}: {{}}", *chain] if backwards else chain)

    path = written(tmp_path, f"{SPEC}{text}\n    s{len(numbers)}: {{type: string}}\n")

    operation = load(path).operations[0]
    deep: object = 1
    for _ in range(100):
        deep = {"a": deep}
    assert validator(operation.schema).is_valid(deep)
    assert len(operation.members) > 100


def test_a_measure_counts_values_and_levels() -> None:
    shared = [1, 2]

    assert Measure().of({"a": shared, "b": shared, "c": "text"}) == Extent(values=8, depth=2)
    assert Measure().of("text") == Extent(values=1, depth=0)


@pytest.mark.parametrize(
    ("schemas", "right", "wrong"),
    [
        pytest.param(
            "s0: {properties: {a: {$ref: '#/components/schemas/s0'}, n: {type: integer}}}",
            {"a": {"a": {"n": 1}}},
            {"a": {"a": {"n": "1"}}},
            id="a schema in itself",
        ),
        pytest.param(
            "s0: {type: array, items: {$ref: '#/components/schemas/s0'}}",
            [[], [[]]],
            [[], [1]],
            id="lists of lists",
        ),
        pytest.param(
            "s0: {properties: {a: {$ref: '#/components/schemas/s1'}}}\n"
            "    s1: {items: {$ref: '#/components/schemas/s0'}, type: array}",
            {"a": [{"a": []}]},
            {"a": [{"a": {}}]},
            id="two schemas in each other",
        ),
        pytest.param(
            "s0: {anyOf: [{type: string}, {properties: {a: {$ref: '#/components/schemas/s0'}},"
            " type: object}]}",
            {"a": {"a": "text"}},
            {"a": {"a": 1}},
            id="through anyOf",
        ),
        pytest.param(
            "s0: {allOf: [{type: object},"
            " {additionalProperties: {$ref: '#/components/schemas/s0'}}]}",
            {"a": {"b": {}}},
            {"a": {"b": 1}},
            id="through allOf and additionalProperties",
        ),
        pytest.param(
            "s0: {properties: {b: {properties: {a: {$ref: '#/components/schemas/s0'}}},"
            " c: {$ref: '#/components/schemas/s0/properties/b'}}, type: object}",
            {"c": {"a": {"c": {}}}},
            {"c": {"a": 1}},
            id="to a part of what holds it",
        ),
    ],
)
def test_a_schema_may_hold_itself(
    tmp_path: Path, schemas: str, right: object, wrong: object
) -> None:
    path = written(tmp_path, f"{SPEC}    {schemas}\n")

    operation = load(path).operations[0]

    judge = validator({"anyOf": [operation.schema, *operation.failures]})
    assert (judge.is_valid(right), judge.is_valid(wrong)) == (True, False)
    assert "invalid-openapi" not in {each.claim for each in review(path)}


@pytest.mark.parametrize(
    ("schemas", "problem"),
    [
        ("s0: {$ref: '#/components/schemas/s0'}", "#/components/schemas/s0 leads back to itself"),
        (
            "s0: {$ref: '#/components/schemas/s1'}\n    s1: {$ref: '#/components/schemas/s0'}",
            "#/components/schemas/s0 leads back to itself",
        ),
        ("s0: {allOf: [{$ref: '#/components/schemas/s0'}]}", "it is a part of itself"),
        (
            (
                "s0: {anyOf: [{type: string}, {not: {$ref: '#/components/schemas/s1'}}]}\n"
                "    s1: {oneOf: [{$ref: '#/components/schemas/s0'}]}"
            ),
            "it is a part of itself",
        ),
    ],
)
def test_a_schema_that_is_a_part_of_itself_is_refused(
    tmp_path: Path, schemas: str, problem: str
) -> None:
    path = written(tmp_path, f"{SPEC}    {schemas}\n")

    (unread,) = load(path).unread

    assert problem in unread.reason


class Texts:
    """Files that stand in memory, and how often each was read."""

    def __init__(self, **files: str) -> None:
        self.texts = {f"{name}.yaml": text for name, text in files.items()}
        self.read_so_far: list[str] = []

    def resolved(self, path: Path) -> Path:
        return Path(path.name)

    def named(self, path: Path) -> str:
        return f"memory/{path.name}"

    def read(self, path: Path) -> object:
        self.read_so_far.append(path.name)
        return parse(self.texts[path.name].encode(), self.named(path))


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"a": "- 1"}, "memory/a.yaml:1: an OpenAPI document must be a mapping"),
        ({"a": "$ref: b.yaml#/x", "b": "x: 1"}, "a.yaml:1: an OpenAPI document must be a mapping"),
        ({"a": "x: {$ref: b.yaml}", "b": "- 1"}, "b.yaml:1: a referenced file must be a mapping"),
        ({"a": "x:\n  $ref: b.yaml#/y", "b": "x: 1"}, "a.yaml:2:3: $ref b.yaml#/y leads nowhere"),
        (
            {"a": "x: {$ref: b.yaml#/y/z}", "b": "y: [z]"},
            "b.yaml#/y/z leads nowhere: there is no z",
        ),
        ({"a": "x: {$ref: b.yaml#/y/z}", "b": "y: z"}, "b.yaml#/y/z leads nowhere: there is no z"),
        ({"a": "x: {$ref: b.yaml}", "b": "$ref: '#'"}, "b.yaml:1:1: $ref # leads back to itself"),
        (
            {"a": "x: {$ref: b.yaml#/y}", "b": "y: {$ref: '#/z'}\nz: {$ref: '#/y'}"},
            "b.yaml:2:5: $ref #/y leads back to itself",
        ),
        ({"a": "x: {$ref: b.yaml#y}", "b": "y: 1"}, "$ref b.yaml#y leads nowhere"),
        ({"a": "x: {$ref: b.yaml#/y/-1}", "b": "y: [{}]"}, "there is no -1"),
        ({"a": "x: {$ref: b.yaml#/y/1}", "b": "y: [{}]"}, "there is no 1"),
        ({"a": "x: {$ref: b.yaml#/y/00}", "b": "y: [{}]"}, "there is no 00"),
    ],
)
def test_a_reference_between_files_that_cannot_be_followed_is_refused_with_its_place(
    files: dict[str, str], problem: str
) -> None:
    with pytest.raises(InvalidSpec, match=re.escape(problem)):
        tree(Path("a.yaml"), Texts(**files))


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("https://host/b.yaml", "is a URL; only files are read"),
        ("ftp://b.yaml", "is a URL; only files are read"),
        ("//host/b.yaml", "is a URL; only files are read"),
        (
            "/etc/passwd",
            "leads out of the folder of the spec; move the file into it, or allow such",
        ),
        ("/dev/zero", "leads out of the folder of the spec"),
        ("../b.yaml", "leads out of the folder of the spec"),
        ("folder/%2E%2E/../../b.yaml", "leads out of the folder of the spec"),
        ("link.yaml", "leads out of the folder of the spec"),
        ("folder/link/b.yaml", "leads out of the folder of the spec"),
        ("b.yaml", "leads out of the folder of the spec"),
    ],
)
def test_a_reference_that_may_not_be_followed_refuses_its_operation_only(
    reference: str, why: str, tmp_path: Path
) -> None:
    inside = tmp_path / "spec"
    (inside / "folder").mkdir(parents=True)
    written(tmp_path, "type: string", "b.yaml")
    (inside / "link.yaml").symlink_to(tmp_path / "b.yaml")
    (inside / "folder" / "link").symlink_to(tmp_path)
    (inside / "b.yaml").symlink_to("../b.yaml")
    other = "  /b:\n    get:\n      responses: {default: {description: d}}\ncomponents:\n"
    spec = SPEC.replace("#/components/schemas/s0", reference).replace("components:\n", other)

    found = load(written(inside, spec))

    (unread,) = found.unread
    assert why in unread.reason
    assert [each.path for each in found.operations] == ["/b"]


def test_references_out_of_the_folder_are_followed_where_they_are_allowed(tmp_path: Path) -> None:
    (tmp_path / "spec").mkdir()
    written(tmp_path, "type: string", "b.yaml")
    path = written(tmp_path / "spec", SPEC.replace("#/components/schemas/s0", "../b.yaml"))

    with outside.allowing(wanted=True):
        allowed = load(path)
    refused = load(path)

    assert ([each.id for each in allowed.operations], refused.operations) == (["a"], ())


def test_references_between_files_become_what_they_name_and_those_inside_the_main_file_stay() -> (
    None
):
    reader = Texts(
        a="x: {$ref: 'b.yaml#/y'}\nz: [{$ref: '#/x'}, {$ref: b.yaml#/y}]\nu: {$ref: 'b.yaml#/l'}\n"
        "v: {$ref: 'b.yaml#/l/1'}\nw: {$ref: 'b.yaml#/back'}",
        b="y: {k: {$ref: '#/d~1e~0f%20g'}, n: 1, properties: {$ref: {m: 1}}}\nd/e~f g: {h: 2}\n"
        "l: [{$ref: '#/d~1e~0f%20g'}, {i: 3}]\nback: {$ref: 'a.yaml#/x'}",
    )

    y = {"k": {"h": 2}, "n": 1, "properties": {"$ref": {"m": 1}}}
    assert tree(Path("a.yaml"), reader) == {
        "x": y,
        "z": [{"$ref": "#/x"}, {"$ref": "#/x"}],
        "u": [{"$ref": "#/x/k"}, {"i": 3}],
        "v": {"i": 3},
        "w": {"$ref": "#/x"},
    }
    assert reader.read_so_far == ["a.yaml", "b.yaml"]


def test_a_schema_of_another_file_may_hold_itself(tmp_path: Path) -> None:
    written(tmp_path, "N: {type: object, properties: {up: {$ref: '#/N'}}}", "n.yaml")
    path = written(tmp_path, SPEC.replace("#/components/schemas/s0", "n.yaml#/N") + "    s: {}\n")

    operation = load(path).operations[0]

    judge = validator(operation.schema)
    assert (judge.is_valid({"up": {"up": {}}}), judge.is_valid({"up": {"up": 1}})) == (True, False)


DATA = """
openapi: 3.0.3
info: {title: T, version: "1"}
x-parts: {n: {type: integer}}
paths:
  x-note: {$ref: nowhere}
  /a:
    get:
      operationId: a
      x-note: {$ref: '#/nowhere'}
      responses:
        x-note: {$ref: '#/nowhere'}
        "200":
          description: d
          content:
            application/json:
              example: {$ref: '#/nowhere'}
              examples:
                value: {value: {$ref: /etc/passwd}}
              schema:
                type: object
                default: {$ref: '#/nowhere'}
                enum: [{$ref: '#/nowhere'}]
                x-sample: {enum: [{$ref: '#/nowhere'}], x: {$ref: '#/nowhere'}}
                properties:
                  example: {$ref: '#/x-parts/n'}
                  default: {$ref: '#/x-parts/n'}
                  enum: {type: array, items: {$ref: '#/x-parts/n'}}
                  x-note: {$ref: '#/x-parts/n'}
                  $ref: {$ref: '#/x-parts/n'}
"""


def test_a_reference_inside_data_is_data_and_a_member_may_have_any_name(tmp_path: Path) -> None:
    operation = load(written(tmp_path, DATA)).operations[0]

    shown = {"$ref": "#/nowhere"}
    assert operation.examples == {"example": shown, "value": {"$ref": "/etc/passwd"}}
    assert (operation.schema["default"], operation.schema["enum"]) == (shown, [shown])
    numbers = {each.path for each in operation.members if each.schema.get("type") == "integer"}
    names = {("example",), ("default",), ("enum", "*"), ("x-note",), ("$ref",)}
    assert numbers == names


def test_a_copied_mapping_keeps_its_places_and_slips() -> None:
    reader = Texts(a="x:\n  y: {$ref: b.yaml}\n  200: 1", b="z: 1")

    copied = tree(Path("a.yaml"), reader)["x"]

    assert isinstance(copied, Located)
    assert (copied.place.line, copied.at("200").line, len(copied.slips)) == (2, 3, 1)


def test_the_names_that_were_followed_are_known() -> None:
    root = parse(b"a: {$ref: '#/b'}\nb: {c: {$ref: '#/d'}}\nd: {}\ne: {$ref: '#/d'}", "a.yaml")
    assert isinstance(root, Located)
    followed = References(root)

    followed.inlined(mapping(root["a"], root.place, "a"))

    assert {name for name, _ in followed.followed} == {"#/b", "#/d"}


def test_the_files_of_a_tree_are_those_that_its_mappings_stand_in() -> None:
    reader = Texts(a="x: [{$ref: 'b.yaml'}, 1, t, null, [2.5]]", b="y: [{z: true}]", c="{}")

    assert files(tree(Path("a.yaml"), reader)) == {Path("memory/a.yaml"), Path("memory/b.yaml")}


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("a: 1", "b", "a.yaml:1:1: 'b' is missing here"),
        ("x: 1\na: 1", "a", "a.yaml:2:1: a must be a mapping"),
    ],
)
def test_a_member_that_must_be_a_mapping_is_one(text: str, key: str, problem: str) -> None:
    root = mapping(parse(text.encode(), "a.yaml"), Place("a.yaml", 1), "a spec")

    with pytest.raises(InvalidSpec, match=re.escape(problem)):
        child(root, key)


def test_a_member_that_may_be_missing_is_as_good_as_an_empty_one() -> None:
    root = mapping(parse(b"a: {b: 1}\nc: [2]", "a.yaml"), Place("a.yaml", 1), "a spec")

    found = (optional(root, "a"), optional(root, "x"), listed(root, "c"), listed(root, "x"))

    assert found == ({"b": 1}, {}, [2], [])


def test_a_member_that_must_be_a_list_is_one() -> None:
    root = mapping(parse(b"x: 1\na: {}", "a.yaml"), Place("a.yaml", 1), "a spec")

    with pytest.raises(InvalidSpec, match=r"a\.yaml:2:1: a must be a list"):
        listed(root, "a")


def test_a_file_on_the_disk_is_named_as_seen_from_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InvalidSpec, match=r"^openapi\.yaml:1: an OpenAPI document must be"):
        tree(written(tmp_path, "- 1"))


def test_the_files_of_a_spec_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec_files, "MAX_SIZE", 20)
    reader = Texts(
        a="x: {$ref: b.yaml}\ny: {$ref: c.yaml}",
        b="z: [1, 2, 3, 4, 5, 6]",
        c="z: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]",
    )

    with pytest.raises(InvalidSpec, match=r"c\.yaml:1: its files have more than 20 names"):
        tree(Path("a.yaml"), reader)
