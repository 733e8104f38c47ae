"""References: each is resolved once and shared, and what they unfold to is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.findings import Place
from contract.review import review
from contract.spec import references
from contract.spec.extent import MAX_DEPTH, MAX_VALUES, Extent, Measure
from contract.spec.loading import load
from contract.spec.references import (
    InvalidSpec,
    References,
    child,
    files,
    inlined,
    listed,
    mapping,
    optional,
    tree,
)
from contract.spec.yaml_text import Located, parse

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

    whole = inlined(root, root)

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

    whole = inlined(root, root)

    assert whole["d"] is root["a"]


def test_nodes_stay_as_they_are(tmp_path: Path) -> None:
    root = tree(written(tmp_path, SPEC + nested(3)))
    before = repr(root)

    References(root).inlined(root)

    assert repr(root) == before


def test_as_many_nodes_are_made_as_the_file_has_however_often_they_are_repeated(
    tmp_path: Path, made: list[Located]
) -> None:
    root = tree(written(tmp_path, SPEC + nested(40)))
    in_the_file = len(list(mappings(root)))
    made.clear()

    whole = inlined(root, root)

    assert Measure().of(whole).values > 2**40
    assert len(made) <= in_the_file
    assert len(list(mappings(whole))) <= in_the_file


def test_references_to_other_files_are_followed_once_each(
    tmp_path: Path, made: list[Located]
) -> None:
    written(tmp_path, "components:\n  schemas:\n" + nested(9), "parts.yaml")
    spec = SPEC.replace("#/", "parts.yaml#/").replace("components:\n  schemas:\n", "")

    root = tree(written(tmp_path, spec))

    assert Measure().of(root).values > 2**9
    assert len(made) < 150
    assert files(root) == {tmp_path / "openapi.yaml", tmp_path / "parts.yaml"}


def test_references_to_other_files_that_repeat_too_much_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "components:\n  schemas:\n" + nested(40), "parts.yaml")
    path = written(tmp_path, SPEC.replace("#/", "parts.yaml#/"))

    with pytest.raises(InvalidSpec, match=rf":1: its references .* repeat more than {MAX_VALUES}"):
        tree(path)


def test_an_operation_that_unfolds_to_too_much_is_refused_in_a_line(tmp_path: Path) -> None:
    path = written(tmp_path, SPEC + nested(40))

    with pytest.raises(InvalidSpec, match=f":7:7: GET /a has more than {MAX_VALUES} values"):
        load(path)


def test_the_review_of_such_a_spec_is_one_finding(tmp_path: Path) -> None:
    (finding,) = review(written(tmp_path, SPEC + nested(40)))

    assert finding.claim == "invalid-openapi"
    assert f"GET /a has more than {MAX_VALUES} values" in finding.evidence


def test_what_no_operation_refers_to_may_unfold_to_anything(tmp_path: Path) -> None:
    spec = (SPEC + nested(40)).replace("schemas/s0", "schemas/s40", 1)

    assert load(written(tmp_path, spec)).operations[0].id == "a"


def test_references_may_repeat_what_a_spec_needs(tmp_path: Path) -> None:
    operation = load(written(tmp_path, SPEC + nested(8))).operations[0]

    assert len(operation.members) == 2**9 - 1


def test_a_chain_of_references_that_is_too_long_is_refused_in_a_line(tmp_path: Path) -> None:
    chain = "\n".join(
        f"    s{n}: {{properties: {{a: {{$ref: '#/components/schemas/s{n + 1}'}}}}}}"
        for n in range(MAX_DEPTH)
    )
    path = written(tmp_path, f"{SPEC}{chain}\n    s{MAX_DEPTH}: {{}}\n")

    with pytest.raises(InvalidSpec, match="is nested too deeply"):
        load(path)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_resolved_references_is_as_deep(tmp_path: Path, *, backwards: bool) -> None:
    numbers = range(MAX_DEPTH // 2)
    chain = [
        f"    s{n}: {{properties: {{a: {{$ref: '#/components/schemas/s{n + 1}'}}}}}}"
        for n in (reversed(numbers) if backwards else numbers)
    ]
    text = "\n".join([f"    s{len(numbers)}: {{}}", *chain] if backwards else chain)
    path = written(tmp_path, f"{SPEC}{text}\n    s{len(numbers)}: {{}}\n")

    with pytest.raises(InvalidSpec, match="is nested too deeply"):
        load(path)


def test_a_measure_counts_values_and_levels() -> None:
    shared = [1, 2]

    assert Measure().of({"a": shared, "b": shared, "c": "text"}) == Extent(values=8, depth=2)
    assert Measure().of("text") == Extent(values=1, depth=0)


@pytest.mark.parametrize(
    "circle",
    [
        "{properties: {a: {$ref: '#/components/schemas/s0'}}}",
        "{$ref: '#/components/schemas/s0'}",
        (
            "{items: {$ref: '#/components/schemas/s1'}}\n"
            "    s1: {items: {$ref: '#/components/schemas/s0'}}"
        ),
    ],
    ids=["a schema in itself", "a reference to itself", "two schemas in each other"],
)
def test_a_circle_is_refused(tmp_path: Path, circle: str) -> None:
    path = written(tmp_path, f"{SPEC}    s0: {circle}\n")

    with pytest.raises(InvalidSpec, match="#/components/schemas/s0 leads back to itself"):
        load(path)


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
        ({"a": "x: {$ref: 'ftp://b.yaml'}"}, "a.yaml:1:5: $ref ftp://b.yaml is a URL"),
        ({"a": "x: {$ref: a.yaml}"}, "a.yaml:1:5: $ref a.yaml leads back to itself"),
        ({"a": "x: {$ref: b.yaml}", "b": "y: [{$ref: '#'}]"}, "b.yaml:1:6: $ref # leads back"),
    ],
)
def test_a_reference_between_files_that_cannot_be_followed_is_refused_with_its_place(
    files: dict[str, str], problem: str
) -> None:
    with pytest.raises(InvalidSpec, match=re.escape(problem)):
        tree(Path("a.yaml"), Texts(**files))


def test_references_between_files_become_what_they_name_and_those_inside_the_main_file_stay() -> (
    None
):
    reader = Texts(
        a="x: {$ref: 'b.yaml#/y'}\nz: [{$ref: '#/x'}, {$ref: b.yaml#/y}]\nu: {$ref: 'b.yaml#/l'}",
        b="y: {k: {$ref: '#/d~1e~0f%20g'}, n: 1, properties: {$ref: {m: 1}}}\nd/e~f g: {h: 2}\n"
        "l: [{$ref: '#/d~1e~0f%20g'}, 3]",
    )

    y = {"k": {"h": 2}, "n": 1, "properties": {"$ref": {"m": 1}}}
    assert tree(Path("a.yaml"), reader) == {
        "x": y,
        "z": [{"$ref": "#/x"}, y],
        "u": [{"h": 2}, 3],
    }
    assert reader.read_so_far == ["a.yaml", "b.yaml"]


def test_a_copied_mapping_keeps_its_places_and_slips() -> None:
    reader = Texts(a="x:\n  y: {$ref: b.yaml}\n  200: 1", b="z: 1")

    copied = tree(Path("a.yaml"), reader)["x"]

    assert isinstance(copied, Located)
    assert (copied.place.line, copied.at("200").line, len(copied.slips)) == (2, 3, 1)


TWO_FILES = Texts(a="x: {$ref: 'b.yaml'}\ny: [[[{$ref: b.yaml}]]]", b="z: {u: [1, 2]}")
"""14 values, 9 of them distinct, in 7 levels."""


@pytest.mark.parametrize(
    ("limit", "most", "problem"),
    [
        ("MAX_VALUES", 5, "a.yaml:1: its references to other files repeat more than 4 values"),
        ("MAX_DEPTH", 7, "a.yaml:1: is nested too deeply"),
    ],
)
def test_files_together_may_be_as_large_and_deep_as_the_limits_and_no_more(
    limit: str, most: int, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, limit, most)
    exactly = tree(Path("a.yaml"), TWO_FILES)
    monkeypatch.setattr(references, limit, most - 1)

    with pytest.raises(InvalidSpec, match=re.escape(problem)):
        tree(Path("a.yaml"), TWO_FILES)
    assert exactly["x"] == {"z": {"u": [1, 2]}}


def test_references_inside_a_file_are_followed_as_deep_as_the_limit_and_no_deeper(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = parse(b"a: {$ref: '#/b'}\nb: {c: {d: [1]}}", "a.yaml")
    assert isinstance(root, Located)

    monkeypatch.setattr(references, "MAX_DEPTH", 4)
    exactly = inlined(root, root)
    monkeypatch.setattr(references, "MAX_DEPTH", 3)

    with pytest.raises(InvalidSpec, match=r"a\.yaml:2:8: is nested too deeply"):
        inlined(root, root)
    assert exactly["a"] == {"c": {"d": [1]}}


def test_the_names_that_were_followed_are_known() -> None:
    root = parse(b"a: {$ref: '#/b'}\nb: {c: {$ref: '#/d'}}\nd: {}\ne: {$ref: '#/d'}", "a.yaml")
    assert isinstance(root, Located)
    followed = References(root)

    followed.inlined(mapping(root["a"], root.place, "a"))

    assert followed.followed_names == {"#/b", "#/d"}


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
