"""Two schemas → what the second allows and the first ruled out.

A constraint counts as kept only where that is proved, so every loosening is found. Where two
schemas say the same in different words, a loosening may be found although there is none. To add a
keyword that holds schemas: write its proof and list it in `Inclusion`; other keywords are in
`proofs.py`.

Schemas are graphs: many refer to one, and some lead back to themselves. Each pair is compared once.
Within a pair that is being compared, the same pair counts as kept: a value that broke it there
would be smaller than the one that is looked at, so the smallest of them breaks something else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace

from contract.changes.cases import (
    Case,
    Sending,
    apart,
    branches,
    cases,
    described,
    flat,
    held,
    is_marked,
    texts,
)
from contract.changes.constraints import Loosening, ProofGoal, silent, tried
from contract.changes.likeness import CONSTRAINING, Likeness
from contract.changes.plain_texts import as_text, readings
from contract.changes.proofs import PROOFS, Proof, equal, kept, number, worded
from contract.changes.written_values import UNSAID, form, forms
from contract.spec.deferred import meant
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import Located

Schemas = tuple[Located, ...]
_Key = tuple[object, ...]


class Inclusion:
    """The comparison of schemas, which remembers each pair."""

    def __init__(self, likeness: Likeness) -> None:
        self.likeness = likeness
        self._cases: dict[_Key, tuple[Schemas, list[Case]]] = {}
        self._known: dict[_Key, tuple[Located, Case, tuple[Loosening, ...]]] = {}
        self._open: dict[_Key, tuple[int, int]] = {}  # how many were open before; the level
        self._level = 0
        self._assumed = sys.maxsize  # of the open pairs that were assumed to be kept, the first
        self._proofs: Mapping[str, Proof] = {
            **PROOFS,
            "not": kept(self._is_ruled_out),
            "required": _required,
            "properties": self._properties,
            "additionalProperties": self._additional,
            "items": self._items,
            "anyOf": self._alternatives,
            "oneOf": self._alternatives,
        }

    def loosened(self, old: Located, new: Located, sent: Sending) -> tuple[Loosening, ...]:
        """Find every constraint of `old` that a value allowed by `new` might break.

        `sent` says who sends the value. In requests, `new` is what clients keep, and `old` what a
        server accepts.
        """
        return self._all(meant(old), (meant(new),), sent)

    def _all(self, old: Located, news: Schemas, sent: Sending) -> tuple[Loosening, ...]:
        found: dict[tuple[object, str], Loosening] = {}
        key = (tuple(map(id, news)), sent)
        if key not in self._cases:
            self._cases[key] = news, cases(news, sent)
        for case in self._cases[key][1]:
            for each in self._of_case(old, case):
                found.setdefault((each.path, each.keyword), each)
        return tuple(found.values())

    def _of_case(self, old: Located, case: Case) -> tuple[Loosening, ...]:
        """Compare a case; where it is sent as text, a text and what it stands for are the same."""
        broken = self._unproved(old, case)
        if not broken or not case.sent.texts:
            return broken
        listed, rule = case.values(), validator(old)
        if listed is not None:
            held = all(any(map(rule.is_valid, readings(value))) for value in listed)
            return () if held else broken
        text, other = as_text(case)
        if text is None or self._unproved(old, text) or (other and self._unproved(old, other)):
            return broken
        return ()

    def _unproved(self, old: Located, case: Case) -> tuple[Loosening, ...]:
        parts = tuple(map(id, case.parts))
        key = (id(old), parts, case.kinds, case.names, case.sent)
        if key in self._known:
            return self._known[key][2]
        if key in self._open:
            before, level = self._open[key]
            self._assumed = min(self._assumed, before)
            return () if self._level > level else (_endless(old, case),)
        before, outer = len(self._open), self._assumed
        self._open[key], self._assumed = (before, self._level), sys.maxsize
        found = tuple(self._each(old, case))
        del self._open[key]
        if self._assumed >= before:
            self._known[key] = old, case, found
            self._assumed = outer
        else:
            self._assumed = min(self._assumed, outer)
        return found

    def _each(self, old: Located, case: Case) -> Iterator[Loosening]:
        listed = case.values()
        whole = tuple(flat((old,)))
        for part in whole:
            if any(self.likeness.alike(part, known) for known in case.parts):
                continue
            for keyword in part:
                goal = ProofGoal(part, keyword, case, whole, self.likeness)
                if not silent(goal) and not (listed is not None and tried(goal, listed)):
                    yield from self._proofs.get(keyword, equal)(goal)

    # Keywords of the values within.

    def _properties(self, goal: ProofGoal) -> Iterator[Loosening]:
        members = goal.argument
        for name in members if isinstance(members, Mapping) else ():
            inner, schema = goal.case.member(name), described(goal.part, name)
            if inner is None or schema is None:
                continue
            if goal.case.sent.exact or not is_marked(schema, goal.case.sent.unsent):
                yield from self._inside(goal, schema, inner, name)
            elif goal.case.sent.request and name in goal.case.names:
                yield goal.broken("read-only", "sent", name)

    def _additional(self, goal: ProofGoal) -> Iterator[Loosening]:
        others, members = goal.argument, goal.part.get("properties")
        others = meant(others) if isinstance(others, Located) else others
        if "patternProperties" in goal.part and others is not True:
            yield goal.broken(others, next(iter(goal.others), None))
            return
        known = set(members) if isinstance(members, Mapping) else set()
        for name in (*sorted(goal.case.names - known), None):
            inner = goal.case.member(name)
            steps = (name,) if name else ()
            if inner is None:
                continue
            if others is False and cases(inner, goal.case.sent.within()):
                yield goal.broken(False, "described" if name else "allowed", *steps)  # noqa: FBT003 - the keyword's argument
            elif isinstance(others, Located):
                yield from self._inside(goal, others, inner, name or "*")

    def _items(self, goal: ProofGoal) -> Iterator[Loosening]:
        schema = held(goal.part, "items")
        if schema is None:
            yield from equal(goal)
        elif not any(number(most) < 1 for most in goal.case.each("maxItems")):
            found = (held(part, "items") for part in goal.case.parts)
            inner = tuple(other for other in found if other is not None)
            yield from self._inside(goal, schema, inner, "*", goal.case.sent)

    def _inside(
        self,
        goal: ProofGoal,
        schema: Located,
        inner: Schemas,
        name: str,
        sent: Sending | None = None,
    ) -> Iterator[Loosening]:
        """Compare the values within; a member that is no longer described is one loosening."""
        place = goal.case.parts[0].place
        self._level += 1
        anything = inner or (Located(place),)
        broken = self._all(schema, anything, sent or goal.case.sent.within())
        self._level -= 1
        if inner:
            for each in broken:
                yield replace(each, path=(name, *each.path))
        elif broken:
            yield goal.broken("described", None, name)

    # Alternatives.

    def _alternatives(self, goal: ProofGoal) -> Iterator[Loosening]:
        options = branches(goal.part, goal.keyword)
        exclusive = goal.keyword == "oneOf" and _is_strict(goal)
        if exclusive and any(
            self._same(options, branches(part, "oneOf")) for part in goal.case.parts
        ):
            return
        if self._chosen(goal.case, options, exclusive=exclusive):
            return
        for case in goal.case.split():
            if not self._chosen(case, options, exclusive=exclusive):
                yield from self._nearest(goal, case, options)

    def _same(self, options: list[Located], others: list[Located]) -> bool:
        """Say whether two lists have the same schemas, in whatever order."""
        left = list(others)
        for option in options:
            twin = next((each for each in left if self.likeness.alike(option, each)), None)
            if twin is None:
                return False
            left = [each for each in left if each is not twin]
        return not left

    def _chosen(self, case: Case, options: list[Located], *, exclusive: bool) -> bool:
        """Say whether a case keeps one option and, if it is `exclusive`, none of the others."""
        return any(
            not self._of_case(option, case)
            and (
                not exclusive
                or all(self._apart(case, other) for other in options if other is not option)
            )
            for option in options
        )

    def _apart(self, case: Case, option: Located) -> bool:
        """Say whether a value of a case never keeps an option: by itself, or as oneOf says."""
        if apart(case.parts, (option,), case.sent):
            return True
        refused = []
        for part in case.parts:
            others = branches(part, "oneOf")
            left = [each for each in others if not any(each is known for known in case.parts)]
            refused += left if len(left) == len(others) - 1 else []
        exact = Sending(request=False, exact=True)
        return any(not self._all(branch, (option,), exact) for branch in refused)

    def _nearest(self, goal: ProofGoal, case: Case, options: list[Located]) -> Iterator[Loosening]:
        """Find what the case breaks of the alternative that it most likely comes from."""
        taken = [each for part in case.parts for key in _BRANCHED for each in branches(part, key)]
        left = [
            option
            for option in options
            if not any(self.likeness.alike(option, each) for each in taken)
        ]
        broken = [self._unproved(option, case) for option in left]
        best = min(broken, key=len, default=())
        if not best or any(not each.path and each.keyword == "type" for each in best):
            own = [part for part in case.parts if any(part is each for each in taken)]
            now = form((own or list(case.parts))[-1])
            yield goal.broken(forms(options), worded(case.kinds) if now == UNSAID else now)
        else:
            yield from best

    def _is_ruled_out(self, goal: ProofGoal) -> bool:
        ruled_out = held(goal.part, "not")
        wider = (held(part, "not") for part in goal.case.parts)
        return ruled_out is not None and (
            any(not self._loose_values(other, ruled_out) for other in wider if other is not None)
            or apart(goal.case.parts, (ruled_out,), goal.case.sent)
        )

    def _loose_values(self, old: Located, new: Located) -> bool:
        exact = Sending(request=False, exact=True)
        return any(each.keyword not in CONSTRAINING for each in self._all(old, (new,), exact))


def _required(goal: ProofGoal) -> Iterator[Loosening]:
    unsent = goal.case.sent.unsent
    for name in texts(goal.part, "required"):
        schemas = [described(part, name) for part in goal.whole]
        marked = any(is_marked(schema, unsent) for schema in schemas if schema is not None)
        if name not in goal.case.required() and not marked:
            yield goal.broken("required", "optional", name)


def _is_strict(goal: ProofGoal) -> bool:
    """Say whether a value that keeps two alternatives of oneOf is refused.

    A client that reads an answer reads one of them. A discriminator says which one is meant.
    """
    sent = goal.case.sent
    return sent.exact or (sent.request and "discriminator" not in goal.part)


def _endless(old: Located, case: Case) -> Loosening:
    """Give what an alternative that consists of itself keeps: nothing."""
    places = (old.place, case.parts[0].place)
    return Loosening(
        path=(), keyword="anyOf", was=form(old), now=form(case.parts[0]), places=places
    )


_BRANCHED = ("anyOf", "oneOf")
