"""References: each is resolved once and shared, and what they unfold to is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.review import review
from contract.spec.extent import MAX_DEPTH, MAX_VALUES, Extent, Measure
from contract.spec.loading import load
from contract.spec.references import InvalidSpec, References, files, inlined, tree
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
