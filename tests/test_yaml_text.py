"""YAML and JSON of any origin: what is legal is read, and what is not is told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.spec import yaml_text
from contract.spec.yaml_text import Located, UnreadableYaml, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud83d\ude00"}', {"a": "😀"}),
        (r'{"\ud83d\ude00": [1]}', {"😀": [1]}),
        (r'a: "\ud83d\ude00"', {"a": "😀"}),
        (r'{"a": "\\ud83d\\ude00 \u4e2d"}', {"a": r"\ud83d\ude00 中"}),
        (r"a: \ud83d\ude00", {"a": r"\ud83d\ude00"}),
        ('{\t"a"\t:\t[\t1,\n\t2 ]\n}', {"a": [1, 2]}),
        ('"a":\t1\nb:\tc\n', {"a": 1, "b": "c"}),
        ('\ufeff{"a": 1}', {"a": 1}),
        (r'{"a\/b": "c\/d"}', {"a/b": "c/d"}),
        ('{"a": -1.5e3, "b": 1E2}', {"a": -1500.0, "b": 100.0}),
        ('{"a": 1' + "0" * 40 + "}", {"a": 10**40}),
        ("a: no\nb: 2026-11-26\nc: 1:30", {"a": "no", "b": "2026-11-26", "c": "1:30"}),
        ("a: 012\nb: ~", {"a": 12, "b": None}),
    ],
)
def test_what_is_legal_is_read(text: str, value: object) -> None:
    assert parse(text.encode(), "a.yaml") == value


def test_places_behind_a_character_that_is_written_as_two_halves_stay_right() -> None:
    line = r'{"a": "\ud83d\ude00 \" \ud83d\ude00", "b": {"c": 1}}'
    root = parse(f'{{"x": 1,\n"y": {line}}}'.encode(), "a.json")

    assert isinstance(root, Located)
    inner = root["y"]
    assert isinstance(inner, Located)
    at = (inner.at("b").line, inner.at("b").column)
    assert at == (2, 5 + line.index('"b"') + 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: !!int abc", "a.yaml:1:4: is not YAML: 'abc' is not a valid int"),
        (b"a: !!float x", "'x' is not a valid float"),
        (b"a: !!bool abc", "'abc' is not a valid bool"),
        (b"a: !!null x", "'x' is not a valid null"),
        (b"a: !!timestamp 2026-11-26", "the tag !!timestamp has no meaning in OpenAPI"),
        (b"a: !!set {a, b}", "the tag !!set has no meaning in OpenAPI"),
        (b"a: !!omap [a: 1]", "the tag !!omap has no meaning in OpenAPI"),
        (b"a: !!binary YQ==", "the tag !!binary has no meaning in OpenAPI"),
        (b"a: !!python/object/apply:os.system [x]", "has no meaning in OpenAPI"),
        (b"a: !own x", "the tag !own has no meaning in OpenAPI"),
        (b"a: " + b"9" * 5000, "an integer has at most 4300 digits"),
        (b"a: 1e999", "1e999 is larger than any number that JSON readers know"),
        (b"a: -1e999", "-1e999 is larger than any number"),
        (b'a: "\\ud800"', "a.yaml:1:4: is not YAML: half of a surrogate pair is no character"),
        (b'b: {"\\udfff": 1}', "half of a surrogate pair is no character"),
        (b'{"a": "\\ude00\\ud83d"}', "half of a surrogate pair is no character"),
        (b"a: \x00", "special characters are not allowed"),
        ("a: 1".encode("utf-16"), "is not UTF-8; save it as UTF-8"),
        ("a: 1".encode("utf-16-le"), "special characters are not allowed"),
        (b"a: [" * 100_000, "is nested too deeply"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"- " * 100_000, "is nested too deeply"),
        (b"a: &a [*a]", "an alias leads back to itself"),
        (b"a: *b", "found undefined alias 'b'"),
        (b"a: 1\n---\nb: 2", "found another document"),
        (b"%YAML 2.0\n---\na: 1", "version 1.* is required"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableYaml) as problem:
        parse(content, "a.yaml")

    assert told in str(problem.value)
    assert "\n" not in str(problem.value)


LAUGHS = {
    "mappings": ("{{a: lol}}", "{{{}}}", "k{0}: *l{1}"),
    "lists": ("[lol]", "[{}]", "*l{1}"),
    "lists in mappings": ("[lol]", "{{k: [{}]}}", "*l{1}"),
    "merge keys": ("{{a: lol}}", "{{{}}}", "k{0}: {{<<: *l{1}}}"),
    "merged lists": ("{{a: lol}}", "{{<<: [{0}], k{2}: *l{2}}}", "*l{1}"),
}


@pytest.mark.parametrize("form", LAUGHS)
def test_aliases_cost_no_more_than_the_file(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0
    make = Located.__init__

    def counted(self: Located, *arguments: object) -> None:
        nonlocal made
        made += 1
        make(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Located, "__init__", counted)
    first, level, item = LAUGHS[form]
    lines = [f"x-l0: &l0 {first.format()}"]
    for n in range(1, 20):
        items = ", ".join(item.format(k, n - 1) for k in range(9))
        lines.append(f"x-l{n}: &l{n} " + level.format(items, 0, n - 1))

    with pytest.raises(UnreadableYaml, match="its aliases repeat more than"):
        parse("\n".join(lines).encode(), "a.yaml")
    assert made < 500


def test_merging_one_mapping_again_and_again_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_VALUES", 1000)
    members = ", ".join(f"k{n}: 1" for n in range(100))
    text = f"a: &a {{{members}}}\nb: {{<<: [{', '.join(['*a'] * 50)}]}}"

    with pytest.raises(UnreadableYaml, match="its aliases repeat more than"):
        parse(text.encode(), "a.yaml")


@pytest.mark.parametrize("kind", ["folder", "nothing", "loop", "name"])
def test_what_is_no_file_is_told_in_one_line(kind: str, tmp_path: Path) -> None:
    path = tmp_path / ("a\0b" if kind == "name" else "it.yaml")
    if kind == "folder":
        path.mkdir()
    elif kind == "loop":
        path.symlink_to(path)

    with pytest.raises(UnreadableYaml, match="cannot be read: ") as problem:
        yaml_text.read(path)

    assert "\n" not in str(problem.value)


def test_a_mapping_counts_for_the_memory_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_NODES", 100)

    assert parse(b"[" + b"0," * 90 + b"]", "a.yaml") == [0] * 90
    with pytest.raises(UnreadableYaml, match="has more than 100 names and values"):
        parse(b"[" + b"{}," * 30 + b"]", "a.yaml")
