"""The changes of one schema: of an answer, of a body, of a parameter, or of a header.

`inclusion.py` finds what was loosened and what was tightened, `walks.py` which members came and
went, and which words changed; here each finding gets its rule and its effect. An added or removed
member is one change, whatever its schema says. `families.py` names the kinds of constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from contract.changes.change import Change, Effect, Words
from contract.changes.constraints import Loosening, Path
from contract.changes.families import family_of
from contract.changes.inclusion import Inclusion
from contract.changes.likeness import Likeness
from contract.changes.sentences import changed
from contract.changes.sides import Side, is_annotation, plain, word_changes
from contract.changes.walks import Met, Presence, met
from contract.changes.written_values import brief, form, sorted_json
from contract.spec.yaml_text import Located


@dataclass(frozen=True, slots=True)
class _Difference:
    """What was found between two schemas: looser and stricter constraints, and members."""

    looser: tuple[Loosening, ...]
    tighter: tuple[Loosening, ...]
    met: tuple[Met, ...]


class SpecComparison:
    """The comparison of two specs, which remembers each pair of schemas."""

    def __init__(self) -> None:
        self.likeness = Likeness()
        self._inclusion = Inclusion(self.likeness)
        self._found: dict[tuple[object, ...], tuple[Located, Located, _Difference]] = {}

    def schema_changes(self, side: Side, old: Located, new: Located) -> Iterator[Change]:
        """Find what changed between two schemas that stand in the same place."""
        if self.likeness.same(old, new):
            return
        key = (id(old), id(new), side.sent)
        if key not in self._found:
            self._found[key] = old, new, self._difference(side, old, new)
        yield from _told(side, self._found[key][2])

    def holds_less(self, side: Side, old: Located, new: Located) -> bool:
        """Say whether a new schema allows what the old one does not."""
        return bool(self._inclusion.loosened(old, new, side.sent))

    def _difference(self, side: Side, old: Located, new: Located) -> _Difference:
        return _Difference(
            looser=self._inclusion.loosened(old, new, side.sent),
            tighter=tuple(map(_turned, self._inclusion.loosened(new, old, side.sent))),
            met=tuple(met(old, new, side.sent, self.likeness)),
        )


def _turned(record: Loosening) -> Loosening:
    """Swap old and new in a loosening that was found from new to old."""
    old, new = record.places
    return replace(record, was=record.now, now=record.was, places=(new, old))


def _told(side: Side, found: _Difference) -> Iterator[Change]:
    looser, tighter = found.looser, found.tighter
    worse, better = (looser, tighter) if side.answers else (tighter, looser)
    hidden: list[Path] = []
    for each in found.met:
        if each.presence is not Presence.BOTH and not _is_told_otherwise(each, found):
            hidden.append(each.path)
            yield _member(side, each, worse, better)
    seen = {(each.path, each.keyword) for each in worse}
    for records, effect in ((worse, Effect.BREAKING), (better, Effect.COMPATIBLE)):
        direction = "loosened" if records is looser else "tightened"
        for record in records:
            repeated = effect is Effect.COMPATIBLE and (record.path, record.keyword) in seen
            if not repeated and not any(_within(record.path, path) for path in hidden):
                yield _constraint(side, effect, direction, record)
    told = {(each.path, each.keyword) for each in (*worse, *better)}
    for each in found.met:
        if each.presence is Presence.BOTH:
            if not side.answers and (each.path, _OTHERS) not in told:
                yield from _closed(side, each)
            yield from _annotations(side, each.path, each.olds, each.news)


# Members that come and go.


def _is_told_otherwise(each: Met, found: _Difference) -> bool:
    """Say whether what is around a member became something else, which is a change by itself."""
    around = (each.path[:-1], "type")
    retyped = all(
        any((record.path, record.keyword) == around for record in records)
        for records in (found.looser, found.tighter)
    )
    chosen = each.alternative is not None and any(
        record.path == each.alternative and record.keyword in {"anyOf", "oneOf"}
        for record in (*found.looser, *found.tighter)
    )
    return retyped or chosen


def _within(path: Path, holder: Path) -> bool:
    return path[: len(holder)] == holder


def _member(
    side: Side, each: Met, worse: Iterable[Loosening], better: Iterable[Loosening]
) -> Change:
    path, name = each.path, side.called(each.path)
    harm = [record for record in worse if _within(record.path, path)]
    gain = any(_within(record.path, path) for record in better)
    needed = any(record.path == path and record.keyword == "required" for record in harm)
    effect = Effect.BREAKING if harm else Effect.COMPATIBLE
    if each.presence is Presence.UNSENT:
        word = "changed" if each.olds and each.news else "added" if each.news else "removed"
        effect, why = Effect.COMPATIBLE, _UNSENT[side.answers]
        rule = "unsent-member-changed" if word == "changed" else f"{side.name}-member-{word}"
    else:
        word = "removed" if each.presence is Presence.GONE else "added"
        rule = f"{side.name}-member-{word}"
        if side.answers and word == "removed" and each.news:  # it is write-only now
            effect, needed = Effect.BREAKING, True
        elif side.answers and word == "removed" and not harm and not gain:
            effect = Effect.DOCUMENTATION
        why = _why(side, name, word, effect, needed=needed)
    was, now = ("described", "nothing") if word == "removed" else ("nothing", "described")
    if word == "changed":
        was, now = form(each.olds[0]), form(each.news[0])
    elif needed and word == "added":
        now = "required"
    what = Words(f"{name} {_WORDS[word].english}", f"{name} {_WORDS[word].chinese}")
    return side.change(effect, rule, path, was=was, now=now, what=what, why=why, places=each.places)


_WORDS: Mapping[str, Words] = {
    "removed": Words("is no longer described", "不再列出"),
    "added": Words("is new", "为新增成员"),
    "changed": Words("is described in another way", "的说明有变"),
}
_UNSENT: Mapping[bool, Words] = {
    True: Words("it is write-only: no answer carries it", "只写成员（writeOnly），应答中不会出现"),
    False: Words("it is read-only: no request carries it", "只读成员（readOnly），请求中不会出现"),
}


def _why(side: Side, name: str, word: str, effect: Effect, *, needed: bool) -> Words:
    """Say why a member that came or went has its effect."""
    kind = "needed" if needed and side.answers is (word == "removed") else effect.value
    return Words(*(each.format(name=name) for each in _REASONS[side.answers, word, kind]))


_REASONS: Mapping[tuple[bool, str, str], Words] = {
    (True, "removed", "documentation"): Words(
        "{name} is no longer described, and nothing was promised about it",
        "不再说明 {name}，而此前对它并无约定",
    ),
    (True, "removed", "compatible"): Words(
        "an answer no longer carries {name}, which was never promised",
        "应答不再含有 {name}，而此前并未保证它存在",
    ),
    (True, "removed", "needed"): Words("an answer may now lack {name}", "应答现在可能没有 {name}"),
    (True, "removed", "breaking"): Words("{name} may now be anything", "{name} 现在可能为任意值"),
    (True, "added", "breaking"): Words(
        "an answer may now carry {name}, which was ruled out before",
        "应答现在可能含有以前不会出现的 {name}",
    ),
    (True, "added", "compatible"): Words(
        "an answer may carry {name}, which a client may ignore",
        "应答可能含有 {name}，调用方可以忽略",
    ),
    (False, "removed", "breaking"): Words(
        "a request that carries {name} may now be refused", "带有 {name} 的请求现在可能被拒绝"
    ),
    (False, "removed", "compatible"): Words(
        "a request may carry {name} or leave it out", "请求可以带 {name}，也可以不带"
    ),
    (False, "added", "needed"): Words(
        "a request without {name} is now refused", "不带 {name} 的请求现在会被拒绝"
    ),
    (False, "added", "breaking"): Words(
        "a request that carries another {name} may now be refused",
        "{name} 取其他值的请求现在可能被拒绝",
    ),
    (False, "added", "compatible"): Words(
        "a request may carry {name}, but need not", "请求可以带 {name}，但不必须"
    ),
}
"""Why a member that came or went has its effect: in an answer or not, the word, and the effect."""


# Constraints that hold less or more.


def _constraint(side: Side, effect: Effect, direction: str, record: Loosening) -> Change:
    name = side.called(record.path)
    if record.keyword == "required":
        needed = direction == "tightened"
        rule = f"{side.name}-member-{'required' if needed else 'optional'}"
        why = Words(*(each.format(name=name) for each in _NEEDED[side.answers, needed]))
        was, now = ("optional", "required") if needed else ("required", "optional")
        what = Words(
            f"{name}: {now} instead of {was}",
            f"{name}：由{'可选变为必填' if needed else '必填变为可选'}",
        )
    else:
        rule = f"{side.name}-{family_of(record.keyword).name}-{direction}"
        looser = direction == "loosened"
        what = changed(name, record.keyword, record.was, record.now, looser=looser)
        why = _HELD[side.answers, direction]
        was, now = (_argument(record.keyword, value) for value in (record.was, record.now))
    return side.change(
        effect, rule, record.path, was=was, now=now, what=what, why=why, places=record.places
    )


_NEEDED: Mapping[tuple[bool, bool], Words] = {
    (True, False): Words("an answer may now lack {name}", "应答现在可能没有 {name}"),
    (True, True): Words("an answer now always carries {name}", "应答现在必有 {name}"),
    (False, True): Words("a request without {name} is now refused", "不带 {name} 的请求会被拒绝"),
    (False, False): Words("a request may now leave {name} out", "请求现在可以不带 {name}"),
}
_HELD: Mapping[tuple[bool, str], Words] = {
    (True, "loosened"): Words(
        "an answer may now hold what was ruled out before", "应答可能出现以前不会出现的值"
    ),
    (True, "tightened"): Words(
        "every answer still keeps what was promised before", "应答仍符合以前的约定"
    ),
    (False, "tightened"): Words(
        "a request that was accepted may now be refused", "以前有效的请求现在可能被拒绝"
    ),
    (False, "loosened"): Words(
        "every request that was accepted still is", "以前有效的请求仍然有效"
    ),
}


_OTHERS = "additionalProperties"


def _closed(side: Side, each: Met) -> Iterator[Change]:
    """Tell that members which nothing describes are refused now, or that they no longer are.

    No client is known to send them, so that `inclusion` has nothing to prove.
    """
    was, now = (
        next((part for part in parts if part.get(_OTHERS, True) not in (True, {})), None)
        for parts in (each.olds, each.news)
    )
    if (was is None) is (now is None):
        return
    places = (was or each.olds[0]).at(_OTHERS), (now or each.news[0]).at(_OTHERS)
    record = Loosening(
        path=each.path,
        keyword=_OTHERS,
        was=was.get(_OTHERS) if was else None,
        now=now.get(_OTHERS) if now else None,
        places=places,
    )
    effect = Effect.COMPATIBLE if now is None else Effect.BREAKING
    yield _constraint(side, effect, "loosened" if now is None else "tightened", record)


def _argument(keyword: str, value: object) -> str:
    if keyword in {"type", "nullable"}:
        return str(value or "any type")
    if keyword in {"anyOf", "oneOf"}:
        return str(value)
    return f"no {keyword}" if value is None else f"{keyword} {brief(value)}"


# Keywords that make no promise.


def _annotations(
    side: Side, path: Path, old: tuple[Located, ...], new: tuple[Located, ...]
) -> Iterator[Change]:
    words = {key: None for schema in (*old, *new) for key in schema}
    for word in words:
        if not is_annotation(side, word, [*old, *new]):
            continue
        was = [schema for schema in old if word in schema]
        now = [schema for schema in new if word in schema]
        values = [[plain(word, each[word]) for each in schemas] for schemas in (was, now)]
        places = ((was or old)[0].at(word), (now or new)[0].at(word))
        yield from word_changes(side, path, word, (_one(values[0]), _one(values[1])), places)


def _one(values: list[object]) -> object:
    """Give the value that some schemas have for a word, each once; None if there is none."""
    kept: list[object] = []
    for value in values:
        if value is not None and not any(value is each for each in kept):
            kept.append(value)
    if len(kept) <= 1:
        return kept[0] if kept else None
    return sorted(kept, key=sorted_json)
