"""The changes of a body or of an answer, media type by media type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contract.changes.change import Change, Effect, Words
from contract.changes.schemas import SpecComparison
from contract.changes.sides import Side, rest
from contract.changes.written_values import form
from contract.spec.media_types import FORM
from contract.spec.references import InvalidSpec, mapping
from contract.spec.vocabulary import Meaningless, validator
from contract.spec.yaml_text import Located

_FIELDS = 2
"""How many levels of a form are sent as plain text: its fields, and the items of a field."""


def media_changes(
    comparison: SpecComparison, side: Side, old: Located, new: Located
) -> Iterator[Change]:
    """Find what changed in the content of a body or an answer."""
    before, after = contents(old), contents(new)
    pairs = {name: _partner(name, after) for name in before}
    came = [name for name in after if not _partner(name, before)]
    gone = [name for name, partner in pairs.items() if partner is None]
    if side.answers:  # a range that became one of its types holds less
        gone = [name for name in gone if not any(_covers(name, other) for other in after)]
    yield from _types(side, (before, after), (gone, came), (old, new))
    for name, node in before.items():
        partner = pairs[name] or next((each for each in after if _covers(name, each)), None)
        if partner and (pairs[name] or side.answers):
            here = replace(side, texts=_texts(name))
            yield from rest(here, node, after[partner], frozenset({"schema"}))
            yield from described_changes(comparison, here, node, after[partner])


def _types(
    side: Side,
    sides: tuple[Mapping[str, Located], Mapping[str, Located]],
    found: tuple[list[str], list[str]],
    nodes: tuple[Located, Located],
) -> Iterator[Change]:
    (before, after), (gone, came) = sides, found
    places = (nodes[0].at("content"), nodes[1].at("content"))
    was, now = (", ".join(each) or "no media type" for each in (before, after))
    if gone:
        whole = not after and side.answers
        word = "content-removed" if whole else "media-type-removed"
        word = "media-type-changed" if side.answers and came else word
        if side.answers:
            why = Words(
                f"an answer no longer comes as {gone[0]}", f"应答不再以 {gone[0]} 的形式返回"
            )
        else:
            why = Words(
                f"a request that is sent as {gone[0]} is now refused",
                f"以 {gone[0]} 发送的请求现在会被拒绝",
            )
        what = Words(
            f"{side.subject}: no longer {', '.join(gone)}" + (f", but {now}" if came else ""),
            f"{side.subject}：不再为 {', '.join(gone)}" + (f"，而为 {now}" if came else ""),
        )
        yield side.change(
            Effect.BREAKING,
            f"{side.name}-{word}",
            was=was,
            now=now,
            what=what,
            why=why,
            places=places,
        )
    if came and not (gone and side.answers):
        whole = not before and side.answers
        why = Words(
            f"{came[0]} is one more choice, and the others remain",
            f"多了一种选择 {came[0]}，其余不变",
        )
        if whole:
            why = Words("a client may ignore a body", "调用方可以忽略应答体")
        yield side.change(
            Effect.COMPATIBLE,
            f"{side.name}-{'content' if whole else 'media-type'}-added",
            was=was,
            now=now,
            what=Words(
                f"{side.subject}: {', '.join(came)} too", f"{side.subject}：新增 {', '.join(came)}"
            ),
            why=why,
            places=places,
        )


def _partner(name: str, others: Mapping[str, Located]) -> str | None:
    """Give the media type of another side that a type belongs to: itself, or a range with it."""
    if name in others:
        return name
    return next((other for other in others if _covers(other, name)), None)


def _covers(wide: str, name: str) -> bool:
    return wide == "*/*" or (wide.endswith("/*") and name.startswith(wide[:-1]))


def _texts(media_type: str) -> int:
    """Give how many levels of a body of this type are sent as plain text."""
    if media_type.startswith("text/"):
        return 1
    form_types = ("multipart/", FORM)
    return _FIELDS if media_type.startswith(form_types) else 0


def described_changes(
    comparison: SpecComparison, side: Side, old: Located, new: Located
) -> Iterator[Change]:
    """Compare what two nodes say by their `schema`; that it came or went is one change."""
    before, after = schema_of(old), schema_of(new)
    if ("schema" in old) == ("schema" in new):
        yield from comparison.schema_changes(side, before, after)
        return
    gone = "schema" in old
    promise, other = (before, after) if gone else (after, before)
    held = comparison.holds_less(side, promise, other)
    if side.answers:
        effect = Effect.BREAKING if gone else Effect.COMPATIBLE
    else:
        effect = Effect.COMPATIBLE if gone else Effect.BREAKING
    yield side.change(
        effect if held else Effect.DOCUMENTATION,
        f"{side.name}-schema-{'removed' if gone else 'added'}",
        was=form(before) if gone else "no schema",
        now="no schema" if gone else form(after),
        what=Words(
            f"{side.subject} is {'no longer' if gone else 'now'} described by a schema",
            f"{side.subject} {'不再' if gone else '现在'}有 schema 说明",
        ),
        why=_WHY[side.answers, gone] if held else _NOTHING,
        places=(old.at("schema"), new.at("schema")),
    )


_NOTHING = Words("the schema promises nothing", "该 schema 不构成约定")
_WHY: Mapping[tuple[bool, bool], Words] = {
    (True, True): Words("it may now be anything", "现在可能为任意内容"),
    (True, False): Words("before, it could be anything", "以前可能为任意内容"),
    (False, True): Words("anything is accepted now", "现在接受任意内容"),
    (False, False): Words(
        "a request that was accepted may now be refused", "以前有效的请求现在可能被拒绝"
    ),
}


def schema_of(node: Located) -> Located:
    """Give the schema of a node; a node without a schema allows anything.

    Raises:
        InvalidSpec: the schema is not valid.
    """
    schema = mapping(node.get("schema", Located(node.place)), node.at("schema"), "schema")
    try:
        validator(schema)
    except Meaningless as problem:
        raise InvalidSpec(schema.place, str(problem)) from None
    return schema


def contents(node: Located) -> dict[str, Located]:
    """Give the content of a body or an answer, by media type; parameters of types mean nothing.

    Raises:
        InvalidSpec: it is not a mapping.
    """
    content = mapping(node.get("content", Located(node.place)), node.at("content"), "content")
    names = [name.replace(" ", "").lower() for name in content]
    bare = [name.partition(";")[0] for name in names]
    return {
        short if bare.count(short) == 1 else name: mapping(value, content.at(key), key)
        for short, name, (key, value) in zip(bare, names, content.items(), strict=True)
    }
