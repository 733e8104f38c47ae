"""Models that a document describes apart from its interfaces, below 数据模型 or at its end.

A row whose type names a model holds its rows; so does an answer whose status names it. A heading
for all models is one more word of `HEADINGS`, one for the rows of a model one of `MEMBERS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from contract.documents.block import Heading, Table
from contract.documents.cells import KINDS, plain, unlinked, word
from contract.documents.heading_words import Part
from contract.documents.sections import Section
from contract.documents.stated_calls import calls, is_call
from contract.documents.tables import columns

HEADINGS = frozenset(
    {
        *(
            "数据模型",
            "数据结构",
            "公共数据结构",
            "公共模型",
            "公共对象",
            "对象说明",
            "模型",
            "实体",
        ),
        *("schemas", "schema", "models", "model", "datamodels", "definitions", "datastructures"),
        *(
            "模型定义",
            "数据字典",
            "数据类型",
            "实体说明",
            "对象定义",
            "数据模型定义",
            "数据结构定义",
        ),
    }
)
"""What heads all models, as `word` gives it."""
MEMBERS = frozenset({"属性", "properties", "attributes", "字段", "fields"})
"""What heads the rows of one model."""

_TAIL = re.compile(
    r"\s*(?:对象|模型|结构体?|实体|类|说明|定义|字段|参数|model|object|schema)+$", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]\s*$")
_LISTED = re.compile(
    r"(?:list|array|set|collection)[<(\[](.+)[>)\]]|\[(.+)\]|(.+?)(?:\[\]|数组|列表)", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$.«»<>-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Model:
    """One model: its name as it is written, and the tables that state its members."""

    name: str
    line: int
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a document by the words for them, and those that none of its rows names."""

    known: Mapping[str, Model] = field(default_factory=dict)
    unused: tuple[Model, ...] = ()

    def named(self, type_: str) -> Model | None:
        """Give the model that a 类型 names, alone or as the items of a list; None for no model."""
        if not self.known:
            return None
        name = word(unlinked(plain(type_)))
        for _ in range(2):
            if name in self.known:
                return self.known[name]
            listed = _LISTED.fullmatch(name)
            name = "" if listed is None else listed[1] or listed[2] or listed[3]
        return None


NO_MODELS = Models()
"""The models of a document that describes none."""


def models_in(found: Sequence[Section]) -> tuple[tuple[Section, ...], Models]:
    """Take the models out of the sections of a document.

    A heading for all models, as exports have it, is taken with all below it that has the rows of a
    model under 属性; any other table only if a row names its model.
    """
    region = _region(found)
    groups = list(_groups([(n, found[n]) for n in sorted(region)]))
    others = [(n, section) for n, section in enumerate(found) if n not in region]
    told = _named_types([section for _, section in others], [each.model for each in groups])
    listed: list[Model] = []
    kept: list[tuple[int, Section]] = []
    for group in groups:
        if group.is_exported or word(group.model.name) in told:
            listed.append(group.model)
        else:
            kept += group.sections
    for position, whole in others:
        below = list(_below_bold_lines(whole, told))
        listed += [model for model, _ in below]
        taken = [block for model, heading in below for block in (heading, *model.tables)]
        rest = tuple(block for block in whole.blocks if not any(block is each for each in taken))
        section = replace(whole, blocks=rest) if below else whole
        model = _alone(section)
        if model is not None and word(model.name) in told:
            listed.append(model)
        else:
            kept.append((position, section))
    known: dict[str, Model] = {}
    for model in listed:
        known.setdefault(word(model.name), model)
    unused = tuple(model for key, model in known.items() if key not in told)
    return tuple(section for _, section in sorted(kept, key=_position)), Models(known, unused)


def _position(placed: tuple[int, Section]) -> int:
    return placed[0]


@dataclass(frozen=True, slots=True)
class _Group:
    """The sections below one heading among those for all models."""

    model: Model
    sections: tuple[tuple[int, Section], ...]

    @property
    def is_exported(self) -> bool:
        """Whether it has the form of an export, or has no table that could be lost."""
        titles = {word(section.title.text) for _, section in self.sections}
        return not self.model.tables or bool(titles & MEMBERS)


def _region(found: Sequence[Section]) -> set[int]:
    """Find the sections below a heading for all models."""
    region: set[int] = set()
    for position, section in enumerate(found):
        if position in region or word(section.title.text) not in HEADINGS or not section.level:
            continue
        if any(calls(section)) or section.part not in {Part.UNKNOWN, Part.ANSWER}:
            continue
        end = position + 1
        while end < len(found) and found[end].level > section.level:
            end += 1
        inner = found[position + 1 : end]
        if inner and not any(any(calls(each)) for each in inner):
            region |= set(range(position, end))
    return region


def _groups(found: Sequence[tuple[int, Section]]) -> Iterator[_Group]:
    """Give the models below the heading for all: each heading begins one, but 属性 and 枚举值."""
    groups: list[list[tuple[int, Section]]] = []
    for position, section in found:
        if not groups or word(section.title.text) not in MEMBERS | _ENUMERATIONS:
            groups.append([])
        groups[-1].append((position, section))
    for group in groups:
        _, first = group[0]
        tables = tuple(table for _, section in group for table in section.tables)
        yield _Group(Model(_name(first), first.title.line, tables), tuple(group))


_ENUMERATIONS = frozenset({"枚举值", "enumeratedvalues"})


def _name(section: Section) -> str:
    """Give the name of a model: its heading, without the words that say what it is."""
    text = plain(section.title.text)
    if (inner := _IN_BRACKETS.search(text)) and _IDENTIFIER.fullmatch(inner[1].strip()):
        return inner[1].strip()
    text = _IN_BRACKETS.sub("", text).strip() or text
    first = text.split(maxsplit=1)[0] if text.split() else ""
    if _IDENTIFIER.fullmatch(first):
        return first
    return _TAIL.sub("", text) or text


def _alone(section: Section) -> Model | None:
    """Give the model that a section of its own describes, at the end of a document."""
    if section.part is not Part.UNKNOWN or not section.level or any(calls(section)):
        return None
    tables = [table for table in section.tables if not is_call(table)]
    return Model(_name(section), section.title.line, tuple(tables)) if tables else None


def _below_bold_lines(section: Section, told: set[str]) -> Iterator[tuple[Model, Heading]]:
    """Give the models whose tables stand below a bold line with their name."""
    for heading, table in pairwise(section.blocks):
        if isinstance(heading, Heading) and isinstance(table, Table) and heading.bold:
            name = plain(heading.text)
            if word(name) in told and _IDENTIFIER.fullmatch(name):
                yield Model(name, heading.line, (table,)), heading


def _named_types(found: Sequence[Section], listed: Sequence[Model]) -> set[str]:
    """Collect the types that the tables of interfaces and models name, as `word` gives them."""
    tables = [table for section in found for table in section.tables]
    tables += [table for model in listed for table in model.tables]
    told: set[str] = set()
    for table in tables:
        at = columns(table, _TYPED)
        for row in table.rows:
            for position in at.values():
                if position < len(row.cells):
                    told |= _names(row.cells[position])
    return told - KINDS.keys()


_TYPED = {
    **dict.fromkeys(("类型", "参数类型", "数据类型", "字段类型", "属性类型", "type"), "type"),
    **dict.fromkeys(("数据模型", "模型", "schema", "datamodel"), "model"),
}


def _names(cell: str) -> set[str]:
    name = word(unlinked(plain(cell)))
    listed = _LISTED.fullmatch(name)
    inner = "" if listed is None else listed[1] or listed[2] or listed[3]
    return {each for each in (name, inner) if each}
