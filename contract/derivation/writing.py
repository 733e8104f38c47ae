"""A derived spec → YAML, or lines added to a spec that people edit.

What is there never changes: only what is missing is added, in the order of the document. The text
is merged line by line, so every line stays as it is written where nothing is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from contract.derivation.extension import extend, move
from contract.derivation.standing import Call
from contract.derivation.stated_schema import Schema
from contract.derivation.yaml_writer import dumped, node_of, yaml_writer
from contract.findings import Place, Unusable, named


class NotExtensible(Unusable):
    """A spec that cannot be extended as it is written."""


def text_of(tree: Schema) -> str:
    """Write a whole spec as YAML 1.2 that means the same in YAML 1.1."""
    return dumped(yaml_writer(), node_of(tree))


def added(path: Path, derived: Schema, moved: Mapping[Call, Call] | None = None) -> str:
    """Add to the text of a spec what a derived spec has and it lacks.

    Args:
        path: the spec.
        derived: what is added.
        moved: the operations that first get another method or path: from where, to where.

    Raises:
        NotExtensible: the file cannot be read as YAML that can be added to.
    """
    try:
        original = path.read_bytes().decode("utf-8")
        text = original.replace("\r\n", "\n")
        writer = yaml_writer(*_indented(text))
        tree = writer.load(text)
        if not isinstance(tree, CommentedMap):
            raise NotExtensible(Place(named(path), 1), "an OpenAPI document must be a mapping")
        before = dumped(writer, tree)
        for old, new in (moved or {}).items():
            move(tree, old, new)
        extend(tree, derived)
        after = dumped(writer, tree)
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise NotExtensible(Place(named(path), 1), f"cannot be added to: {problem}") from None
    merged = _merged(text, before, after)
    merged = merged if _loaded(merged) == _loaded(after) else after
    return merged.replace("\n", "\r\n") if "\r\n" in original else merged


def _indented(text: str) -> tuple[int, int]:
    """Measure how far the text indents a member, and the items of a list, below their key."""
    members: Counter[int] = Counter()
    items: Counter[int] = Counter()
    above = -1
    for line in filter(str.strip, text.splitlines()):
        depth = _depth(line) - above
        if above >= 0 and line.lstrip().startswith("- "):
            items[depth] += 1
        elif above >= 0 and depth > 0:
            members[depth] += 1
        above = _depth(line) if line.rstrip().endswith(":") else -1
    (step, _), *_ = members.most_common(1) or [(2, 0)]
    (offset, _), *_ = items.most_common(1) or [(2, 0)]
    return step, max(0, offset)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _loaded(text: str) -> object:
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return None


def _merged(text: str, before: str, after: str) -> str:
    """Apply to a text the difference between two renderings of it."""
    ours, old, new = (each.splitlines(keepends=True) for each in (text, before, after))
    at = _positions(old, ours)
    merged: list[str] = []
    done = 0
    for tag, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            merged += ours[done : at[start]] + _moved(new[first:last], old, ours, at[: start + 1])
            done = at[end]
    return "".join(merged + ours[done:])


def _moved(lines: list[str], old: list[str], ours: list[str], at: list[int]) -> list[str]:
    """Indent new lines as the text indents the lines around them."""
    depth = _depth(lines[0]) if lines else 0
    for line in range(len(at) - 2, -1, -1):
        if old[line].strip() and _depth(old[line]) <= depth:
            shift = _depth(ours[at[line]]) - _depth(old[line])
            return [" " * (_depth(each) + shift) + each.lstrip(" ") for each in lines]
    return lines


def _positions(old: list[str], ours: list[str]) -> list[int]:
    """Map each line of one text, and its end, to its position in the other."""
    at = [0] * (len(old) + 1)
    for _, start, end, first, last in SequenceMatcher(None, old, ours).get_opcodes():
        for line in range(start, end):
            at[line] = min(first + line - start, last)
    at[len(old)] = len(ours)
    return at
