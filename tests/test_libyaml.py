"""YAML by libyaml and by PyYAML's own parser: the same values, places, slips and messages."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
import yaml

from contract.findings import Place
from contract.spec import yaml_text
from contract.spec.extent import MAX_DEPTH, MAX_VALUES
from contract.spec.yaml_text import Located, UnreadableYaml, composed_by_pyyaml, parse

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path
    for path in ROOT.rglob("*.y*ml")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts[:-1])
)
FRAGMENTS = (
    *("&a ", "*a", "<<: *a\n", "|\n  x\n   y\n", ">-\n  成功\n  b\n", "\r\n", "\ufeff", "- ", ": "),
    *('"', "'", "#", "# c\n", "{", "}", "[", "]", ",", "!!str ", "!!int ", "%YAML 1.2\n", "---\n"),
    *(
        "...\n",
        "\u0085",
        "\u2028",
        "\U0001f600",
        "成",
        "é",
        "\x07",
        "0",
        "~",
        "\n",
        "\\",
        '"\\u4e2d"',
    ),
    *("|2", "<<", "a: 1\n", "a: 2\n", '"a": b\n', "200: x\n", "- - ", "\r", "\xa0", ":\t", " "),
)

pytestmark = pytest.mark.skipif(
    not yaml.__with_libyaml__, reason="this PyYAML was built without libyaml"
)


def described(value: object) -> object:
    """Give a value with every place and slip in it."""
    if isinstance(value, Located):
        members = [(name, value.at(name), described(each)) for name, each in value.items()]
        return (value.place, members, value.slips)
    return [described(each) for each in value] if isinstance(value, list) else (type(value), value)


def outcome(text: str) -> object:
    try:
        return described(parse(text.encode(), "a.yaml"))
    except UnreadableYaml as problem:
        return str(problem)


@pytest.fixture
def by_pyyaml(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    def read(text: str) -> object:
        with monkeypatch.context() as patched:
            patched.setattr(yaml_text, "composed", composed_by_pyyaml)
            return outcome(text)

    return read


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_yaml_file_of_this_repository_reads_the_same(
    path: Path, by_pyyaml: Callable[[str], object]
) -> None:
    text = path.read_text(encoding="utf-8")

    assert outcome(text) == by_pyyaml(text)


def edited(number: int) -> str:
    """Make a text of fragments, or of a part of a file with some fragments put into it."""
    chance = random.Random(number)
    text = "".join(chance.choice((*FRAGMENTS, "a", "b")) for _ in range(chance.randint(1, 25)))
    if number % 2:
        whole = chance.choice(FILES).read_text(encoding="utf-8")
        lines = re.sub(r"[A-Za-z0-9+/]{200,}", "AAAA", whole).splitlines(keepends=True)
        first = chance.randrange(len(lines))
        text = "".join(lines[first : first + chance.randint(1, 15)])
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(FRAGMENTS) + text[at + chance.randint(0, 3) :]
    return text


def test_edited_and_invented_texts_read_the_same_but_for_a_few_that_only_libyaml_reads(
    by_pyyaml: Callable[[str], object],
) -> None:
    texts = [edited(number) for number in range(800)]

    unlike = [text for text in texts if outcome(text) != by_pyyaml(text)]

    assert [text for text in unlike if not re.search(r"[?\t]", text)] == []
    assert [text for text in unlike if "is not YAML" not in str(by_pyyaml(text))] == []


def test_the_edited_texts_are_no_mere_errors() -> None:
    readable = [text for text in map(edited, range(800)) if not isinstance(outcome(text), str)]

    assert len(readable) > 150


@pytest.mark.parametrize("text", ["{a: x?y}", "[a? b]", "a\n\tb"])
def test_a_question_mark_in_a_flow_collection_and_a_tab_in_front_only_libyaml_reads(
    text: str, by_pyyaml: Callable[[str], object]
) -> None:
    assert "is not YAML" not in str(outcome(text))
    assert "is not YAML" in str(by_pyyaml(text))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("成功: ]\n", 5),
        ("a: 成功\n\U0001f600: ]\n", 4),
        ("\ufeffa: ]\n", 4),
        ("a: 1\r\nb: ]\r\n", 4),
        ("a: 1\rb: ]\r", 4),
    ],
)
def test_a_column_counts_characters(
    text: str, column: int, by_pyyaml: Callable[[str], object]
) -> None:
    assert re.match(rf"a\.yaml:\d:{column}: is not YAML", str(outcome(text)))
    assert outcome(text) == by_pyyaml(text)


READ_AS_TYPES = {"a": -12, "b": 1500.0, "c": 12.0, "d": True, "e": False, "f": None}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}", {"a": {"b": 1}, "c": {"b": 2}}),
        ("- &x {b: 1}\n- &y {b: 2}\n- {<<: [*x, *y]}", [{"b": 1}, {"b": 2}, {"b": 1}]),
        (
            "- &x {b: 1, c: 1}\n- &y {<<: *x, c: 2}\n- <<: *y",
            [{"b": 1, "c": 1}, *2 * [{"b": 1, "c": 2}]],
        ),
        ("a: >-\n  x\n  y\nb: |+\n  z\n\n", {"a": "x y", "b": "z\n\n"}),
        ("a:\tb\n", {"a": "b"}),
        ("a: b\tc\t# d\n", {"a": "b\tc"}),
        ("{a: b,\tc: d}", {"a": "b", "c": "d"}),
        ("{a: b,\t # e\n \t c: d}", {"a": "b", "c": "d"}),
        ("- !!str 1\n- !!int '2'\n- !!float 3\n- !!bool 'true'", ["1", 2, 3.0, True]),
        ("<<", "<<"),
        ("- &x {a: <<}\n- <<: *x", [{"a": "<<"}, {"a": "<<"}]),
        ("- &x {b: 1}\n- {<<: [*x, {b: 2}, {b: 3, c: 3}]}", [{"b": 1}, {"b": 1, "c": 3}]),
        ("- {1: a, <<: {1: b, '1': c}}", [{"1": "a"}]),
        ("- &x [a]\n- <<: {*x : b}", [["a"], {"[…]": "b"}]),
        ("a: !!str 12\nb: '12'\nc: !!str", {"a": "12", "b": "12", "c": ""}),
        ("a: " + "9" * 4300, {"a": int("9" * 4300)}),
        ("a: -12\nb: +1.5e3\nc: 12.\nd: True\ne: FALSE\nf: Null", READ_AS_TYPES),
        ("a\ufeff: {b: 1}", {"a\ufeff": {"b": 1}}),
        ("", None),
    ],
)
def test_a_text_means(text: str, value: object, by_pyyaml: Callable[[str], object]) -> None:
    assert parse(text.encode(), "a.yaml") == value
    assert outcome(text) == by_pyyaml(text)


def test_what_an_alias_repeats_is_one_value() -> None:
    root = parse(b"a: &x {b: 1}\nc: *x\nd: {<<: {e: *x}}", "a.yaml")

    assert isinstance(root, Located)
    assert isinstance(root["d"], Located)
    assert root["a"] is root["c"] is root["d"]["e"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &x [*x]", "1:4: is not YAML: an alias leads back to itself"),
        ("&x {a: *x}", "1:1: is not YAML: an alias leads back to itself"),
        ("a: {<<: 1}", "1:9: is not YAML: only mappings can be merged by <<"),
        ("a: !!int x", "1:4: is not YAML: 'x' is not a valid int"),
        ("a: !!bool x", "1:4: is not YAML: 'x' is not a valid bool"),
        ("a: " + "9" * 4301, "1:4: is not YAML: an integer has at most 4300 digits"),
        ("a: !!set {b}", "1:4: is not YAML: the tag !!set has no meaning in OpenAPI, or not here"),
        ("a: !!map [b]", "1:4: is not YAML: the tag !!map has no meaning in OpenAPI, or not here"),
        ("a: !!float x", "1:4: is not YAML: 'x' is not a valid float"),
        ("a: !!bool 1", "1:4: is not YAML: '1' is not a valid bool"),
        ("a: !!int 1.5", "1:4: is not YAML: '1.5' is not a valid int"),
        ("a: !!int true", "1:4: is not YAML: 'true' is not a valid int"),
        ("a: !!null 0", "1:4: is not YAML: '0' is not a valid null"),
        ("a: !!int " + "x" * 41, f"1:4: is not YAML: '{'x' * 40}' is not a valid int"),
        ("a: !!foo 1", "1:4: is not YAML: the tag !!foo has no meaning in OpenAPI, or not here"),
        ("a: !!foo 1.5", "1:4: is not YAML: the tag !!foo has no meaning in OpenAPI, or not here"),
        ("a: !!foo x", "1:4: is not YAML: the tag !!foo has no meaning in OpenAPI, or not here"),
        (
            "a: !!seq {b: 1}",
            "1:4: is not YAML: the tag !!seq has no meaning in OpenAPI, or not here",
        ),
        ("b: 1\na: 1\n---\n", "3:1: is not YAML: but found another document"),
        (
            "a: \x07",
            "1: is not YAML: unacceptable character #x0007: special characters are not allowed",
        ),
        ("a: " + "[" * 201, "1: is nested too deeply"),
        ("[" * 201, "1: is nested too deeply"),
        ("- [1]\n" * 300 + "- " + "[" * 200, "1: is nested too deeply"),
    ],
    ids=lambda text: text[:20],
)
def test_a_text_is_refused(text: str, problem: str, by_pyyaml: Callable[[str], object]) -> None:
    assert outcome(text) == f"a.yaml:{problem}"
    assert by_pyyaml(text) == f"a.yaml:{problem}"


def doubled(way: str, levels: int) -> bytes:
    lines = [f"x{n}: &x{n} {way.replace('*x', f'*x{n - 1}')}" for n in range(1, levels)]
    return "\n".join(["x0: &x0 {k: v}", *lines]).encode()


@pytest.mark.parametrize("way", ["[*x, *x]", "{a: *x, b: *x}"])
def test_aliases_that_repeat_too_much_are_refused_at_once(way: str) -> None:
    with pytest.raises(UnreadableYaml, match=f"repeat more than {MAX_VALUES} values"):
        parse(doubled(way, 60), "a.yaml")


def test_merging_the_same_mapping_again_and_again_repeats_nothing() -> None:
    root = parse(doubled("{<<: [*x, *x]}", 60), "a.yaml")

    assert isinstance(root, Located)
    assert root["x59"] == {"k": "v"}


def test_aliases_may_repeat_what_a_spec_needs() -> None:
    root = parse(doubled("[*x, *x]", 10), "a.yaml")

    assert isinstance(root, Located)


@pytest.mark.parametrize("before", ["", "- [[]]\n" * 150 + "- "], ids=["alone", "after others"])
def test_as_many_levels_are_read_as_recursive_readers_can_follow(
    before: str, by_pyyaml: Callable[[str], object]
) -> None:
    levels = MAX_DEPTH - (2 if before else 1)
    text = f"{before}{'[' * levels}1{']' * levels}"

    assert isinstance(parse(text.encode(), "a.yaml"), list)
    assert isinstance(by_pyyaml(text), list)


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("a: &x [1, 2]\nb: *x", 3),
        ("a: &x []\nb: [*x, *x]\nc: {}", 2),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x}", 2),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\ne: {<<: *x}", 4),
    ],
)
def test_aliases_and_merges_repeat_as_many_values_as_the_limit_and_no_more(
    text: str, repeated: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_text, "MAX_VALUES", repeated)
    exactly = outcome(text)
    monkeypatch.setattr(yaml_text, "MAX_VALUES", repeated - 1)

    problem = f"a.yaml:1: its aliases repeat more than {repeated - 1} values"
    assert (isinstance(exactly, str), outcome(text)) == (False, problem)


def test_a_name_that_is_no_scalar_is_noted_where_it_stands() -> None:
    root = parse(b"x: 1\n? [a]\n: b", "a.yaml")

    assert isinstance(root, Located)
    assert ([*root.slips], root.at("x").line, root.at("y").line) == (
        [(Place("a.yaml", 2, 3), 'the name […] is not a text; write "[…]"')],
        *(1, 1),
    )


MARK = yaml.Mark("a", 0, 3, 4, None, 0)


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (
            yaml.MarkedYAMLError("context", MARK, "problem", None),
            "a.yaml:4:5: is not YAML: problem",
        ),
        (yaml.MarkedYAMLError("context", MARK), "a.yaml:4:5: is not YAML: context"),
        (yaml.MarkedYAMLError("context"), "a.yaml:1: is not YAML: context"),
        (yaml.YAMLError("one\ntwo"), "a.yaml:1: is not YAML: one"),
    ],
)
def test_a_parsers_error_is_one_line_with_as_much_of_its_place_as_it_knows(
    error: yaml.YAMLError, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_text, "composed", Mock(side_effect=error))

    assert outcome("") == problem
