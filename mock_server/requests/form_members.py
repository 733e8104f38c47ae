"""The members of a form → their values, as the schema and the encoding of the form say."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData

from contract.spec.composition import merged
from mock_server.requests.styled_values import MISSING, Writing, kind_of

_FILES = frozenset({"binary", "base64"})


class FormMembers:
    """The reader of a form.

    Args:
        schema: of the form.
        encoding: how its members are written, by name (OpenAPI 3.0.3, Encoding Object).

    Attributes:
        texts: the names of the members that are no files.
        files: those of the others.
        lists: those of the members that are lists.
    """

    def __init__(self, schema: Mapping[str, object], encoding: Mapping[str, object]) -> None:
        members = merged(schema).get("properties")
        known = members if isinstance(members, Mapping) else {}
        self.lists = frozenset(name for name in known if kind_of(merged(known[name])) == "array")
        self.files = frozenset(name for name in known if _is_file(known[name]))
        self.texts = frozenset(known) - self.files
        self.writings = [_writing(name, known[name], encoding.get(name)) for name in self.texts]

    def read(self, form: FormData) -> dict[str, object]:
        """Give the members of a form; a file is an empty text."""
        texts: dict[str, list[str]] = {}
        read: dict[str, object] = {}
        for name in form:
            several = form.getlist(name)
            texts[name] = [each for each in several if isinstance(each, str)]
            if name in self.files or len(texts[name]) < len(several):
                listed = name in self.lists or len(several) > 1
                read[name] = [""] * len(several) if listed else ""
            elif name not in self.texts:
                read[name] = texts[name] if len(several) > 1 else several[0]
        for writing in self.writings:
            value = writing.of_pairs(texts)
            if value is not MISSING and writing.name not in read:
                read[writing.name] = value
                if writing.style == "deepObject":
                    read = {name: each for name, each in read.items() if not writing.owns(name)}
        return read


def _is_file(member: Mapping[str, object]) -> bool:
    facts = merged(member)
    items = facts.get("items")
    listed = merged(items) if isinstance(items, Mapping) else {}
    return facts.get("format") in _FILES or listed.get("format") in _FILES


def _writing(name: str, member: Mapping[str, object], encoding: object) -> Writing:
    said = encoding if isinstance(encoding, Mapping) else {}
    style, explode = str(said.get("style") or "form"), said.get("explode")
    is_object = kind_of(merged(member)) == "object"
    return Writing(
        name,
        member,
        style=style,
        explode=explode if isinstance(explode, bool) else style == "form",
        as_json="json" in str(said.get("contentType", "")) or (is_object and "style" not in said),
    )
