"""The changes of answers: their statuses, their headers and their content.

To compare another part of an answer: write its function here, and call it in `_answer`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contract.changes.change import Change, Effect, Words
from contract.changes.media import contents, described_changes, media_changes
from contract.changes.schemas import SpecComparison
from contract.changes.sides import Side, rest, word_changes
from contract.findings import Place
from contract.spec.operations import Operation
from contract.spec.references import mapping
from contract.spec.yaml_text import Located

_Answers = Mapping[str, Located]
_DEFAULT = "default"
_IGNORED = frozenset({"content-type"})
"""The headers that OpenAPI says to ignore: the content says them."""
_HEADER = frozenset({"required", "schema", "content", "name", "in"})
_PLAIN = 2
"""How many levels of a header are sent as plain text: itself, and the items of a list."""


def answer_changes(
    comparison: SpecComparison, side: Side, old: Operation, new: Operation
) -> Iterator[Change]:
    """Find what changed in the answers of an operation.

    Raises:
        InvalidSpec: an answer cannot be read.
    """
    before, after = dict(old.responses), dict(new.responses)
    places = (old.node.at("responses"), new.node.at("responses"))
    good, now = (_successful(each) for each in (before, after))
    if good and now and not _is_documented(before, after, good):
        after = {good: after.pop(now), **after}
        yield side.change(
            Effect.BREAKING,
            "answer-status-changed",
            was=good,
            now=now,
            what=Words(
                f"a success is answered with {now} instead of {good}",
                f"成功应答的状态码由 {good} 变为 {now}",
            ),
            why=Words(
                f"a client that waits for the status {good} never gets it",
                f"等待状态码 {good} 的调用方再也等不到它",
            ),
            places=places,
        )
    first = good or now
    for status in {**before, **after}:
        here = side if status == first else _beside(side, status)
        if status in before and status in after:
            yield from _answer(comparison, here, before[status], after[status])
        elif status in before:
            yield from _gone(comparison, here, (status, before[status]), after, places)
        else:
            yield from _came(comparison, here, (status, after[status]), before, places)


def _is_documented(before: _Answers, after: _Answers, good: str) -> bool:
    """Say whether a success of before, or what stands for it, is documented still."""
    kept = any(_is_success(code) and code in after for code in before)
    return kept or any(_stands_for(each, good) or _stands_for(good, each) for each in after)


def _beside(side: Side, status: str) -> Side:
    return replace(side, subject=f"{status}.answer", pointer=(status,), prefix=f"{status}.")


def _is_success(status: str) -> bool:
    return status.upper().startswith("2")


def _successful(answers: _Answers) -> str | None:
    """Give the status of the successful answer, if any is documented."""
    return next((code for code in answers if _is_success(code)), None)


def _stands_for(status: str, other: str) -> bool:
    """Say whether a status is another one, or a range with it, or what stands for all others."""
    wide = status.upper().endswith("XX") and status[0] == other[0]
    return status in {other, _DEFAULT} or wide


def _gone(
    comparison: SpecComparison,
    side: Side,
    answer: tuple[str, Located],
    after: _Answers,
    places: tuple[Place, Place],
) -> Iterator[Change]:
    """Tell a status that is no longer documented; a success may be one of a range now."""
    status, node = answer
    inside = [each for each in after if _stands_for(status, each) and _is_success(each)]
    wide = next((each for each in after if _stands_for(each, status)), None)
    if _is_success(status) and wide:
        yield from _noticed(_answer(comparison, side, node, after[wide]))
    elif not (inside and status.upper().endswith("XX")):
        yield _status_change(side, "removed", status, places)


def _came(
    comparison: SpecComparison,
    side: Side,
    answer: tuple[str, Located],
    before: _Answers,
    places: tuple[Place, Place],
) -> Iterator[Change]:
    """Tell a status that is documented now; it keeps what was said of the range that it is in."""
    status, node = answer
    wide = next((each for each in before if _stands_for(each, status)), None)
    inside = any(_stands_for(status, each) and _is_success(each) for each in before)
    if wide:
        yield from _noticed(_answer(comparison, side, before[wide], node))
    if not (_is_success(status) and (wide or inside)):
        yield _status_change(side, "added", status, places)


def _noticed(found: Iterator[Change]) -> Iterator[Change]:
    """Give the changes that a client may notice: that of two texts one is another is none."""
    return (change for change in found if change.effect is Effect.BREAKING)


def _status_change(side: Side, word: str, status: str, places: tuple[Place, Place]) -> Change:
    good, gone = _is_success(status), word == "removed"
    if good and gone:
        why = Words(
            f"a client that waits for the status {status} may never get it",
            f"等待状态码 {status} 的调用方可能再也等不到它",
        )
    elif good:
        why = Words("the successes that were there remain", "原有的成功应答不变")
    else:
        why = Words(
            "the successful answers are the same, and others were always possible",
            "成功应答不变，其他状态码本来就可能出现",
        )
    return side.change(
        Effect.BREAKING if good and gone else Effect.COMPATIBLE,
        f"answer-{'success' if good else 'status'}-{word}",
        was=status if gone else "nothing",
        now="nothing" if gone else status,
        what=Words(
            f"the status {status} is {'no longer' if gone else 'now'} documented",
            f"状态码 {status} {'不再' if gone else '现在'}有说明",
        ),
        why=why,
        places=places,
    )


def _answer(comparison: SpecComparison, side: Side, old: Located, new: Located) -> Iterator[Change]:
    if side.likeness.same(old, new):
        return
    yield from rest(side, old, new, frozenset({"content", "headers"}))
    yield from _header_changes(comparison, side, old, new)
    yield from media_changes(comparison, side, old, new)


# Headers.


def _header_changes(
    comparison: SpecComparison, side: Side, old: Located, new: Located
) -> Iterator[Change]:
    before, after = _headers(old), _headers(new)
    places = (old.at("headers"), new.at("headers"))
    for key in {**before, **after}:
        name = (after.get(key) or before[key])[0]
        here = replace(
            side,
            subject=f"{side.prefix}{name}",
            pointer=(*side.pointer, "headers", name),
            texts=_PLAIN,
        )
        if key in before and key in after:
            yield from _header(comparison, here, before[key][1], after[key][1])
            continue
        gone = key in before
        yield here.change(
            Effect.BREAKING if gone else Effect.COMPATIBLE,
            f"answer-header-{'removed' if gone else 'added'}",
            was=name if gone else "nothing",
            now="nothing" if gone else name,
            what=Words(
                f"the header {name} is {'no longer' if gone else 'now'} documented",
                f"应答头 {name} {'不再' if gone else '现在'}有说明",
            ),
            why=Words(f"a client may rely on {name}", f"调用方可能依赖 {name}")
            if gone
            else Words("a client may ignore a header", "调用方可以忽略应答头"),
            places=(
                before[key][1].place if gone else places[0],
                places[1] if gone else after[key][1].place,
            ),
        )


def _headers(answer: Located) -> dict[str, tuple[str, Located]]:
    """Give the headers of an answer with their names, whose case means nothing."""
    place = answer.at("headers")
    headers = mapping(answer.get("headers", Located(place)), place, "headers")
    return {
        name.lower(): (name, mapping(header, headers.at(name), name))
        for name, header in headers.items()
        if name.lower() not in _IGNORED
    }


def _header(comparison: SpecComparison, side: Side, old: Located, new: Located) -> Iterator[Change]:
    was, now = (header.get("required") is True for header in (old, new))
    if was != now:
        word = "required" if now else "optional"
        yield side.change(
            Effect.COMPATIBLE if now else Effect.BREAKING,
            f"answer-header-{word}",
            was="required" if was else "optional",
            now=word,
            what=Words(
                f"the header {side.subject} is now always there",
                f"应答头 {side.subject} 现在必有",
            )
            if now
            else Words(
                f"the header {side.subject} may now be missing",
                f"应答头 {side.subject} 现在可能没有",
            ),
            why=Words("a client may rely on more", "调用方可依赖的更多")
            if now
            else Words("a client may rely on it", "调用方可能依赖它"),
            places=(old.at("required"), new.at("required")),
        )
    places = (old.place, new.place)
    layouts = [
        f"simple, {'' if header.get('explode') is True else 'not '}exploded"
        for header in (old, new)
    ]
    if _is_composed(old) or _is_composed(new):
        yield from word_changes(side, (), "style", (layouts[0], layouts[1]), places)
    yield from rest(side, old, new, _HEADER | {"style", "explode"})
    if contents(old) or contents(new):
        yield from media_changes(comparison, replace(side, texts=0), old, new)
    else:
        yield from described_changes(comparison, side, old, new)


def _is_composed(header: Located) -> bool:
    """Say whether a value may have parts, whose layout matters then."""
    schema = header.get("schema")
    return not isinstance(schema, Located) or schema.get("type") in {"array", "object", None}
