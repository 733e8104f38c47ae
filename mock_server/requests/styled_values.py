"""Texts of queries, paths, headers, cookies and forms → the value that they write, by its style.

The styles are those of OpenAPI 3.0.3 (Parameter Object, Style Values). What cannot be read as its
schema says stays a text, and is refused as one. To add a style: a branch in `Writing`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from contract.spec.composition import merged
from contract.spec.deferred import meant

MISSING = object()
"""Stands for a value that was not sent."""
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_STEP = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 50
"""How many levels a deepObject may have."""
_MARKS = {"spaceDelimited": " ", "pipeDelimited": "|"}
Texts = Mapping[str, Sequence[str]]
"""What was sent, by name."""


class Writing:
    """How one value is written.

    Args:
        name: of the parameter, or of the member of a form.
        schema: of the value.
        style: as OpenAPI names it.
        explode: whether each item, and each member, is written by itself.
        as_json: whether the text is JSON.
    """

    def __init__(
        self,
        name: str,
        schema: Mapping[str, object],
        *,
        style: str,
        explode: bool,
        as_json: bool = False,
    ) -> None:
        self.name = name
        self.schema = schema
        self.style = style
        self.explode = explode
        self.as_json = as_json
        facts = merged(schema)
        self.kind = kind_of(facts)
        properties = facts.get("properties")
        self.members = frozenset(properties if isinstance(properties, Mapping) else ())
        self.takes_others = facts.get("additionalProperties") not in {None, False}

    @property
    def is_spread(self) -> bool:
        """Whether each member of the object has a name of its own in the query."""
        written = self.style == "form" and self.explode and not self.as_json
        return written and self.kind == "object"

    def of_pairs(self, sent: Texts, others: Collection[str] = ()) -> object:
        """Read the value from a query or a form; `MISSING` where it was not sent.

        Args:
            sent: all that was sent.
            others: the names of other values.
        """
        if self.style == "deepObject" and not self.as_json:
            tree = _nested(self.name, sent)
            return read_as(self.schema, tree) if tree else MISSING
        if self.is_spread:
            mine = {name: texts for name, texts in sent.items() if self._is_mine(name, others)}
            return read_as(self.schema, mine) if mine else MISSING
        texts = sent.get(self.name)
        if not texts:
            return MISSING
        if self.as_json:
            return from_json(texts[-1])
        if self.kind == "array" and self.explode:
            return read_as(self.schema, texts)
        return self._divided(texts[-1], _MARKS.get(self.style, ","))

    def owns(self, name: str) -> bool:
        """Say whether a name such as `a[b]` writes a part of the value."""
        return name.startswith(f"{self.name}[")

    def _is_mine(self, name: str, others: Collection[str]) -> bool:
        return name in self.members or (self.takes_others and name not in others)

    def of_text(self, text: str) -> object:
        """Read the value from one text: of a path, a header or a cookie."""
        if self.as_json:
            return from_json(text)
        if self.style == "label":
            rest = text.removeprefix(".")
            return self._divided(rest, "," if "," in rest else ".")  # 3.0.3 and 3.0.4 differ
        if self.style == "matrix":
            if self.explode and self.kind == "object":
                return self._divided(text.removeprefix(";"), ";")
            rest = text.removeprefix(f";{self.name}=")
            return self._divided(rest.replace(f";{self.name}=", ","), ",")
        return self._divided(text, ",")

    def _divided(self, text: str, mark: str) -> object:
        if self.kind == "array":
            return read_as(self.schema, text.split(mark) if text else [])
        if self.kind == "object" and not text.startswith("{"):
            return read_as(self.schema, _members(text.split(mark), explode=self.explode))
        return read_as(self.schema, text)


def kind_of(facts: Mapping[str, object]) -> object:
    """Give the type of a schema, also of one that states it by its other keywords only."""
    meant_by = {"properties": "object", "items": "array"}
    return facts.get("type") or next((meant_by[key] for key in meant_by if key in facts), None)


def _members(parts: Iterable[str], *, explode: bool) -> dict[str, str]:
    if explode:
        pairs = (part.partition("=") for part in parts)
        return {name: value for name, _, value in pairs}
    listed = [*parts]
    return dict(zip(listed[::2], [*listed[1::2], ""], strict=False))


def _nested(name: str, sent: Texts) -> dict[str, object]:
    """Give what names such as `a[b][c]` write, as an object of objects."""
    tree: dict[str, object] = {}
    for key, texts in sent.items():
        steps = _STEP.findall(key[len(name) :]) if key.startswith(f"{name}[") else []
        if not steps or len(steps) > _DEEPEST:
            continue
        holder = tree
        for step in steps[:-1]:
            inner = holder.setdefault(step, {})
            holder = inner if isinstance(inner, dict) else {}
        holder[steps[-1]] = texts
    return tree


def read_as(schema: Mapping[str, object], written: object) -> object:
    """Read what was written as its schema says.

    Args:
        schema: of the value.
        written: a text; several; or, of an object, those of its members.
    """
    facts = merged(meant(schema))
    kind = kind_of(facts)
    if kind == "array":
        items = facts.get("items")
        inner = items if isinstance(items, Mapping) else {}
        return [read_as(inner, each) for each in _items(written)]
    if isinstance(written, Mapping):
        properties, others = facts.get("properties"), facts.get("additionalProperties")
        known = properties if isinstance(properties, Mapping) else {}
        other = others if isinstance(others, Mapping) else {}
        return {name: read_as(known.get(name, other), each) for name, each in written.items()}
    text = written if isinstance(written, str) else _last(written)
    if facts.get("nullable") is True and (text == "null" or (text == "" and kind != "string")):
        return None
    return _of_kind(kind, text)


def _items(written: object) -> Sequence[object]:
    if isinstance(written, Mapping):  # a[0]=…&a[]=…
        return [
            each
            for value in written.values()
            for each in (value if isinstance(value, list) else [value])
        ]
    return [written] if isinstance(written, str) else [*_listed(written)]


def _listed(written: object) -> Sequence[object]:
    return written if isinstance(written, Sequence) else ()


def _last(written: object) -> str:
    texts = _listed(written)
    return str(texts[-1]) if texts else ""


def _of_kind(kind: object, text: str) -> object:
    try:
        if kind == "integer":
            return int(text) if _INTEGER.fullmatch(text) else text
        if kind == "number":
            return float(text) if _NUMBER.fullmatch(text) else text
        if kind == "boolean":
            return _BOOLEANS.get(text, text)
        return json.loads(text) if kind == "object" else text
    except (ValueError, RecursionError):
        return text


def from_json(text: object) -> object:
    """Read a text that is described as JSON, even encoded twice; else it stays a text."""
    try:
        read = json.loads(str(text))
        return json.loads(read) if isinstance(read, str) else read
    except (ValueError, RecursionError):
        return text
