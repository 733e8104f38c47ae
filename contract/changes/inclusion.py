"""Two schemas → what the second allows and the first ruled out.

A constraint counts as kept only where that is proved, so every loosening is found. Where two
schemas say the same in different words, a loosening may be found although there is none. To add a
keyword that holds schemas: write its proof and list it in `Inclusion`; other keywords are in
`proofs.py`.

Schemas are graphs: many refer to one, and some lead back to themselves. So each pair is one proof,
which counts as done until it fails, and whatever stands on a proof that failed is tried again. A
value that broke a proof inside itself is larger than what broke it there, so the smallest value
that breaks anything breaks something that a proof looks at by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

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
from contract.changes.constraints import Loosening, Path, ProofGoal, silent, tried
from contract.changes.likeness import CONSTRAINING, Likeness
from contract.changes.proofs import PROOFS, equal, kept, number, worded
from contract.changes.sent_as_text import as_text, readings
from contract.changes.written_values import UNSAID, form, forms
from contract.findings import Place
from contract.spec.deferred import meant
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import Located

Schemas = tuple[Located, ...]
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """Another proof that this one stands on: of a member, of items, or of an alternative."""

    path: Path
    proof: _Key


@dataclass(slots=True)
class _Proof:
    """What is known of one schema and one case.

    Attributes:
        old: the schema.
        case: the case.
        found: what the case may break, here and in other proofs.
        broken: whether it breaks anything.
        users: the proofs that stand on this one.
    """

    old: Located
    case: Case
    found: tuple[Loosening | _Step, ...] = ()
    broken: bool = False
    users: dict[_Key, None] = field(default_factory=dict)


class Inclusion:
    """The comparison of schemas, which remembers each pair."""

    def __init__(self, likeness: Likeness) -> None:
        self.likeness = likeness
        self._cases: dict[_Key, tuple[Schemas, list[Case]]] = {}
        self._proofs: dict[_Key, _Proof] = {}
        self._waiting: dict[_Key, None] = {}
        self._current: _Key | None = None
        self._free: dict[Place, Located] = {}
        self._texts: dict[_Key, tuple[Case | None, Case | None]] = {}
        self._by_keyword: Mapping[str, Callable[[ProofGoal], Iterator[Loosening | _Step]]] = {
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
        start = self._all(meant(old), (meant(new),), sent)
        while self._waiting:
            while self._waiting:
                key = next(iter(self._waiting))
                del self._waiting[key]
                self._prove(key)
            self._current = None
            start = self._all(meant(old), (meant(new),), sent)
        return tuple(self._collected(start))

    def _collected(self, start: list[_Key]) -> Iterator[Loosening]:
        """Give what was found, with the whole path that leads to it, and the shorter ones first."""
        told: set[tuple[Path, str]] = set()
        seen: set[_Key] = set()
        waiting = deque(_Step((), key) for key in start)
        while waiting:
            step = waiting.popleft()
            inner = step.proof not in seen
            seen.add(step.proof)
            for each in self._proofs[step.proof].found:
                path = (*step.path, *each.path)
                if isinstance(each, Loosening):
                    if (path, each.keyword) not in told:
                        told.add((path, each.keyword))
                        yield replace(each, path=path)
                elif inner and self._proofs[each.proof].broken:
                    waiting.append(_Step(path, each.proof))

    def _all(self, old: Located, news: Schemas, sent: Sending) -> list[_Key]:
        """Give the proofs of the cases that break something, as far as is known."""
        key = (tuple(map(id, news)), sent)
        if key not in self._cases:
            self._cases[key] = news, cases(news, sent)
        return [self._key(old, case) for case in self._cases[key][1] if self._breaks(old, case)]

    def _breaks(self, old: Located, case: Case) -> bool:
        """Say whether a case breaks a schema; sent as text, a text is what it stands for too."""
        if not self._unproved(old, case):
            return False
        if not case.sent.texts:
            return True
        listed, rule = case.values(), validator(old)
        if listed is not None:
            return not all(any(map(rule.is_valid, readings(value))) for value in listed)
        key = self._key(old, case)[1:]
        if key not in self._texts:
            self._texts[key] = as_text(case)
        text, other = self._texts[key]
        return (
            text is None
            or self._unproved(old, text)
            or (other is not None and self._unproved(old, other))
        )

    def _key(self, old: Located, case: Case) -> _Key:
        return (id(old), tuple(map(id, case.parts)), case.kinds, case.names, case.sent)

    def _unproved(self, old: Located, case: Case) -> bool:
        """Say whether a case breaks a schema, as far as is known; the current proof asks."""
        key = self._key(old, case)
        if key not in self._proofs:
            self._proofs[key] = _Proof(old, case)
            self._waiting[key] = None
        proof = self._proofs[key]
        if self._current is not None:
            proof.users[self._current] = None
        return proof.broken

    def _prove(self, key: _Key) -> None:
        """Try one proof; who stands on it tries again when it fails."""
        proof, self._current = self._proofs[key], key
        proof.found = tuple(self._each(proof.old, proof.case))
        if proof.found and not proof.broken:
            proof.broken = True
            self._waiting.update(proof.users)

    def _each(self, old: Located, case: Case) -> Iterator[Loosening | _Step]:
        listed = case.values()
        whole = tuple(flat((old,)))
        for part in whole:
            if any(self.likeness.alike(part, known) for known in case.parts):
                continue
            for keyword in part:
                goal = ProofGoal(part, keyword, case, whole, self.likeness)
                if not silent(goal) and not (listed is not None and tried(goal, listed)):
                    yield from self._by_keyword.get(keyword, equal)(goal)

    # Keywords of the values within.

    def _properties(self, goal: ProofGoal) -> Iterator[Loosening | _Step]:
        members = goal.argument
        for name in members if isinstance(members, Mapping) else ():
            inner, schema = goal.case.member(name), described(goal.part, name)
            if inner is None or schema is None:
                continue
            if goal.case.sent.exact or not is_marked(schema, goal.case.sent.unsent):
                yield from self._inside(goal, schema, inner, name)
            elif goal.case.sent.request and name in goal.case.names:
                yield goal.broken("read-only", "sent", name)

    def _additional(self, goal: ProofGoal) -> Iterator[Loosening | _Step]:
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

    def _items(self, goal: ProofGoal) -> Iterator[Loosening | _Step]:
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
    ) -> Iterator[Loosening | _Step]:
        """Compare the values within; a member that is no longer described is one loosening."""
        anything = inner or self._anything(goal)
        broken = self._all(schema, anything, sent or goal.case.sent.within())
        if inner:
            yield from (_Step((name,), key) for key in broken)
        elif broken:
            yield goal.broken("described", None, name)

    def _anything(self, goal: ProofGoal) -> Schemas:
        """Give the schema of whatever is not described, one for each proof."""
        place = goal.case.parts[0].place
        if place not in self._free:
            self._free[place] = Located(place)
        return (self._free[place],)

    # Alternatives.

    def _alternatives(self, goal: ProofGoal) -> Iterator[Loosening | _Step]:
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
            not self._breaks(option, case)
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

    def _nearest(
        self, goal: ProofGoal, case: Case, options: list[Located]
    ) -> Iterator[Loosening | _Step]:
        """Find what the case breaks of the alternative that it most likely comes from."""
        taken = [each for part in case.parts for key in _BRANCHED for each in branches(part, key)]
        left = [
            self._key(option, case)
            for option in options
            if not any(self.likeness.alike(option, each) for each in taken)
        ]
        best = min(left, key=lambda key: len(self._proofs[key].found), default=())
        found = self._proofs[best].found if best else ()
        if not found or any(
            isinstance(each, Loosening) and not each.path and each.keyword == "type"
            for each in found
        ):
            own = [part for part in case.parts if any(part is each for each in taken)]
            now = form((own or list(case.parts))[-1])
            yield goal.broken(forms(options), worded(case.kinds) if now == UNSAID else now)
        else:
            yield _Step((), best)

    def _is_ruled_out(self, goal: ProofGoal) -> bool:
        ruled_out = held(goal.part, "not")
        wider = (held(part, "not") for part in goal.case.parts)
        return ruled_out is not None and (
            any(not self._loose_values(other, ruled_out) for other in wider if other is not None)
            or apart(goal.case.parts, (ruled_out,), goal.case.sent)
        )

    def _loose_values(self, old: Located, new: Located) -> bool:
        exact = Sending(request=False, exact=True)
        return any(self._breaks_values(key, set()) for key in self._all(old, (new,), exact))

    def _breaks_values(self, key: _Key, seen: set[_Key]) -> bool:
        """Say whether a proof fails for more than what is only told about answers."""
        seen.add(key)
        return any(
            each.keyword not in CONSTRAINING
            if isinstance(each, Loosening)
            else each.proof not in seen and self._breaks_values(each.proof, seen)
            for each in self._proofs[key].found
        )


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


_BRANCHED = ("anyOf", "oneOf")
