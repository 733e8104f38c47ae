"""Values → YAML 1.2 as people write it, which means the same in YAML 1.1."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_WIDEST = 1 << 20


def yaml_writer(step: int = 2, offset: int = 2) -> YAML:
    """Make a writer that indents members by `step`, and the items of lists by `offset`."""
    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = _WIDEST
    writer.representer.add_representer(
        type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    writer.indent(mapping=step, sequence=offset + 2, offset=offset)
    return writer


def dumped(writer: YAML, tree: object) -> str:
    """Write a tree as text."""
    stream = StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()


def node_of(value: object) -> object:
    """Give a value as a node that the YAML library writes as people would."""
    if isinstance(value, Mapping):
        return CommentedMap((_text(str(key)), node_of(inner)) for key, inner in value.items())
    if isinstance(value, list):
        items = CommentedSeq(node_of(item) for item in value)
        if not any(isinstance(item, Mapping | list) for item in value):
            items.fa.set_flow_style()
        return items
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    """Quote what a reader of YAML could take for a number, a date or a boolean."""
    try:
        safe = yaml.safe_load(f"[{text}]") == [text] and not text.startswith(("{", "^"))
    except (yaml.YAMLError, ValueError):  # 2026-02-30 is a date to it, and none
        safe = False
    return text if safe else DoubleQuotedScalarString(text)
