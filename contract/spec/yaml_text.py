"""YAML text → plain values that know where the text says them.

OpenAPI asks for YAML 1.2, where `no` and `2026-11-23` are texts; PyYAML reads 1.1. What is read
here keeps to the core schema of 1.2, so a spec means the same as in every other OpenAPI tool.

libyaml reads the text where PyYAML has it, and PyYAML's own parser where not. Both give the same
values at the same places. What libyaml refuses is read once more by PyYAML's parser, so that a
message is the same on every machine. Only libyaml reads a few legal texts, such as `[a?b]`.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import jsonschema_rs
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver

from contract.findings import Place, Unusable, named
from contract.plain_files import content_of
from contract.spec.extent import MAX_DEPTH, MAX_NODES, MAX_VALUES, Measure


class UnreadableYaml(Unusable):
    """The file cannot be read, or is not YAML."""


class Located(dict[str, object]):
    """A mapping that knows its place and the places of its members; never changed once it is read.

    Several mappings may hold one and the same `Located`: by an alias, or by a reference.

    `slips` lists what a reader of the text may misunderstand: a name that stands twice, or a name
    that is not a text, such as an unquoted `200`. `validator` and `request_validator` are what
    `vocabulary.validator` made of it, if it is a schema. `called` is the last name of a reference
    that leads to it; empty where none was followed.
    """

    __slots__ = ("called", "place", "places", "request_validator", "slips", "validator")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.places: dict[str, Place] = {}
        self.slips: Sequence[tuple[Place, str]] = ()
        self.called = ""
        self.validator: jsonschema_rs.Draft4Validator | None = None
        self.request_validator: jsonschema_rs.Draft4Validator | None = None

    def at(self, key: str) -> Place:
        """Give the place of one member, or of the mapping where it has no such member."""
        return self.places.get(key, self.place)


def read(path: Path) -> object:
    """Read one YAML file; every mapping in it is a `Located`.

    Raises:
        UnreadableYaml: no such file, not UTF-8, or not YAML.
    """
    name = named(path)
    try:
        content = content_of(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnreadableYaml(Place(name, 0), f"cannot be read: {why}") from None
    return parse(content, name)


_NO_COLON = "could not find expected ':'"


def parse(content: bytes, name: str) -> object:
    """Read the content of one YAML file; its places carry the name.

    Raises:
        UnreadableYaml: not UTF-8, or not YAML.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableYaml(Place(name, line), "is not UTF-8; save it as UTF-8") from None
    try:
        return _Values(name, text).of()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.problem == _NO_COLON:  # seen a line later than it is missing
            mark = error.context_mark or mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1)
        raise UnreadableYaml(place, f"is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise UnreadableYaml(Place(name, 1), f"is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise UnreadableYaml(Place(name, 1), "is nested too deeply") from None
    except OverflowError:
        problem = f"has more than {MAX_NODES} names and values"
        raise UnreadableYaml(Place(name, 1), problem) from None


# Text → nodes.


_OF_A_MAPPING = 3
"""How many further names and values a mapping counts for: it needs as much memory."""


class _CoreResolver(BaseResolver):
    """The types of plain scalars as in the core schema of YAML 1.2, and a limit of the depth."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own class attribute

    depth = 0
    nodes = 0

    def resolve(self, kind: type[Node], value: str | None, implicit: tuple[bool, bool]) -> str:
        """Give the tag of a node that states none."""
        if kind is ScalarNode:
            if implicit[0] and value is not None:
                for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                    if pattern.match(value):
                        return tag
            return _STRING
        if kind is SequenceNode:
            return _SEQUENCE
        self.nodes += _OF_A_MAPPING
        return _MAPPING

    def descend_resolver(self, current_node: Node | None, current_index: object) -> None:
        """Note that a node begins.

        Raises:
            RecursionError: it lies deeper than the readers of a spec can follow.
            OverflowError: there are more than a file may have.
        """
        del current_node, current_index
        self.depth += 1
        self.nodes += 1
        if self.depth > MAX_DEPTH:
            raise RecursionError
        if self.nodes > MAX_NODES:
            raise OverflowError

    def ascend_resolver(self) -> None:
        """Note that a node ends."""
        self.depth -= 1


_TAG = "tag:yaml.org,2002:"
_STRING, _SEQUENCE, _MAPPING, _MERGE = (f"{_TAG}{name}" for name in ("str", "seq", "map", "merge"))
_BOOLEANS = "true|True|TRUE|false|False|FALSE"
_NULLS = "~|null|Null|NULL|"
_BLANKS, _ENDS_OF_LINES = frozenset(" \t"), frozenset("\r\n\x85\u2028\u2029")
_MAX_DIGITS = 4300
"""The most digits of an integer: Python reads no more."""
_INTEGER = re.compile(rf"[-+]?[0-9]{{1,{_MAX_DIGITS}}}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_CORE = (
    ("bool", _BOOLEANS, "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", _FLOAT.pattern, "-+0123456789."),
    ("null", _NULLS, ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
)
for _name, _pattern, _first in _CORE:
    _CoreResolver.add_implicit_resolver(
        _TAG + _name, re.compile(rf"(?:{_pattern})\Z"), list(_first)
    )


class _PurePython(_CoreResolver, yaml.SafeLoader):
    """Text → nodes, by PyYAML's own parser, changed to treat tabs as libyaml does."""

    def scan_to_next_token(self) -> None:
        """Skip what separates tokens: a tab too, where it does not indent."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: int, start_mark: yaml.Mark) -> list[str] | None:
        """Skip the blanks inside a plain scalar: a tab is one of them."""
        length = 0
        while self.peek(length) in _BLANKS:
            length += 1
        blanks: str = self.prefix(length)
        ends = self.peek(length) in _ENDS_OF_LINES
        if "\t" not in blanks:
            return super().scan_plain_spaces(indent, start_mark)
        self.forward(length)
        return super().scan_plain_spaces(indent, start_mark) if ends else [blanks]


def composed_by_pyyaml(text: str) -> Node | None:
    """Compose the nodes of the one document of a text by PyYAML's own parser."""
    return _PurePython(text).get_single_node()


if yaml.__with_libyaml__:

    class _Libyaml(_CoreResolver, yaml.CSafeLoader):
        """Text → nodes, by libyaml."""

    def composed(text: str) -> Node | None:
        """Compose the nodes of the one document of a text."""
        if "\ufeff" not in text[1:]:  # libyaml counts it as a column
            with contextlib.suppress(yaml.YAMLError):
                return _Libyaml(text).get_single_node()
        return composed_by_pyyaml(text)

else:
    composed = composed_by_pyyaml


_ESCAPE = re.compile(r"\\(?:u([dD][89abAB]\w\w)\\u([dD][c-fC-F]\w\w)|.)")
_SHORTER = len(r"\ud83d\ude00") - len(r"\U0001f600")


def _with_pairs_joined(text: str) -> tuple[str, Mapping[int, list[int]]]:
    """Write in one escape, as YAML does, the characters that JSON writes as two halves.

    libyaml knows no halves. Where the text is not JSON, PyYAML's own parser reads them.

    Returns:
        The text, and the columns of these characters by line.
    """
    if "\\u" not in text or not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return text, {}
    lines = text.split("\n")
    columns: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        if "\\u" in line and any(found[1] for found in _ESCAPE.finditer(line)):
            lines[number] = _ESCAPE.sub(_joined, line)
            joined = _ESCAPE.finditer(lines[number])
            columns[number] = [found.start() for found in joined if found[0] == "\\U"]
    return "\n".join(lines), columns


def _joined(escape: re.Match[str]) -> str:
    if not escape[1]:
        return escape[0]
    halves = int(escape[1], 16), int(escape[2], 16)
    return f"\\U{0x10000 + ((halves[0] - 0xD800) << 10) + halves[1] - 0xDC00:08x}"


# Nodes → values.

_COUNTS = frozenset(
    f"{end}{what}" for end in ("min", "max") for what in ("Length", "Items", "Properties")
)
"""The keywords whose value is an integer, also where it is written as 3.0."""
_Members = list[tuple[Node, Node]]


class _Values:
    """The values of the nodes of one file; what an alias repeats is one value."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text, self.shortened = _with_pairs_joined(text)
        self.made: dict[int, object] = {}
        self.merged: dict[int, _Members] = {}
        self.open: set[int] = set()
        self.repeated = 0

    def of(self) -> object:
        """Give the value of the whole document."""
        root = composed(self.text)
        if root is None:
            return None
        value = self._value(root)
        if self.repeated:
            measure = Measure()
            self._limit(measure.of(value).values - measure.distinct)
        return value

    def _limit(self, repeated: int) -> None:
        if repeated > MAX_VALUES:
            problem = f"its aliases repeat more than {MAX_VALUES} values"
            raise UnreadableYaml(Place(self.file, 1), problem)

    def _value(self, node: Node) -> object:
        if isinstance(node, ScalarNode):
            return _scalar(node)
        key = id(node)
        if key in self.made:
            self.repeated += 1
            return self.made[key]
        if key in self.open:
            raise _problem(node, "an alias leads back to itself")
        self.open.add(key)
        value = self._mapping(node) if isinstance(node, MappingNode) else self._list(node)
        self.made[key] = value
        return value

    def _list(self, node: Node) -> list[object]:
        if node.tag != _SEQUENCE:
            raise _foreign(node)
        return [self._value(item) for item in node.value]

    def _mapping(self, node: MappingNode) -> Located:
        if node.tag != _MAPPING:
            raise _foreign(node)
        located = Located(self._place(node))
        for key_node, value_node in self._merged(node):
            self._add(located, key_node, value_node)
        written: set[str] = set()
        for key_node, value_node in node.value:
            if key_node.tag != _MERGE:
                name = self._add(located, key_node, value_node)
                if name in written:
                    place = located.places[name]
                    slip = f"the name {name} stands twice; the last one counts"
                    located.slips = (*located.slips, (place, slip))
                written.add(name)
        return located

    def _add(self, located: Located, key_node: Node, value_node: Node) -> str:
        place = self._place(key_node)
        name = _scalar(key_node) if isinstance(key_node, ScalarNode) else None
        if not isinstance(name, str):
            name = str(key_node.value) if isinstance(key_node, ScalarNode) else "[…]"
            slip = f'the name {name} is not a text; write "{name}"'
            located.slips = (*located.slips, (place, slip))
        if isinstance(value_node, ScalarNode):
            value = _scalar(value_node)
            if isinstance(value, float) and name in _COUNTS and value.is_integer():
                value = int(value)
            located[name] = value
        else:
            located[name] = self._value(value_node)
        located.places[name] = place
        return name

    def _merged(self, node: MappingNode) -> _Members:
        """List what `<<` adds to a mapping: of several sources the first one counts."""
        key = id(node)
        if key in self.merged:
            return self.merged[key]
        self.merged[key] = []  # what a mapping that merges itself gets from itself
        members: dict[object, tuple[Node, Node]] = {}
        for merge, sources in node.value:
            if merge.tag == _MERGE:
                listed = sources.value[::-1] if isinstance(sources, SequenceNode) else [sources]
                for source in listed:
                    if not isinstance(source, MappingNode):
                        raise _problem(source, "only mappings can be merged by <<")
                    own = [pair for pair in source.value if pair[0].tag != _MERGE]
                    for pair in (*self._merged(source), *own):
                        name = pair[0]
                        scalar = isinstance(name, ScalarNode)
                        members[(name.tag, name.value) if scalar else id(name)] = pair
                    self.repeated += len(source.value) + len(self._merged(source))
                    self._limit(self.repeated)
        self.merged[key] = [*members.values()]
        return self.merged[key]

    def _place(self, node: Node) -> Place:
        line, column = node.start_mark.line, node.start_mark.column
        if line in self.shortened:
            column += _SHORTER * sum(at < column for at in self.shortened[line])
        return Place(self.file, line + 1, column + 1)


_CONSTANTS: Mapping[str, Mapping[str, bool | None]] = {
    "bool": {text: text.lower() == "true" for text in _BOOLEANS.split("|")},
    "null": dict.fromkeys(_NULLS.split("|")),
}


def _scalar(node: ScalarNode) -> object:
    text: str = node.value
    if not text.isascii() and _HALF.search(text):
        text = _whole(node)
    if node.tag == _STRING:
        return text
    kind = node.tag.removeprefix(_TAG)
    if node.tag == _MERGE:
        return text
    if kind in _CONSTANTS and text in _CONSTANTS[kind]:
        return _CONSTANTS[kind][text]
    if kind == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "float" and _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise _problem(node, f"{text[:40]} is larger than any number that JSON readers know")
        return number
    if kind == "int" and re.fullmatch(r"[-+]?[0-9]+", text):
        raise _problem(node, f"an integer has at most {_MAX_DIGITS} digits")
    if kind in {"bool", "null", "int", "float"}:
        raise _problem(node, f"{text[:40]!r} is not a valid {kind}")
    raise _foreign(node)


_HALF = re.compile("[\ud800-\udfff]")


def _whole(node: ScalarNode) -> str:
    """Give a text whose characters were written as two halves, as JSON does it."""
    try:
        return str(node.value).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        problem = "half of a surrogate pair is no character; write the whole one"
        raise _problem(node, problem) from None


def _foreign(node: Node) -> yaml.MarkedYAMLError:
    shown = node.tag.replace(_TAG, "!!")
    return _problem(node, f"the tag {shown} has no meaning in OpenAPI, or not here")


def _problem(node: Node, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
