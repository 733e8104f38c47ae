"""Two schemas → what the second allows and the first ruled out.

A constraint counts as kept only where that is proved, so every loosening is found. Where two
schemas say the same in different words, a loosening may be found although there is none. To add a
keyword that holds schemas: write its proof and list it in `_PROOFS`; other keywords are in
`proofs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.changes.cases import (
    CONSTRAINING,
    Case,
    apart,
    branches,
    canonical,
    cases,
    flat,
    texts,
)
from contract.changes.constraints import Loosening, Path, ProofGoal, silent, tried
from contract.changes.proofs import PROOFS, Proof, equal, kept, number
from contract.spec.yaml_text import Located


def loosened(old: Located, new: Located, *, request: bool) -> tuple[Loosening, ...]:
    """Find every constraint of `old` that a value allowed by `new` might break.

    In the schemas of a `request`, `new` is what clients keep: they send no member that it neither
    describes nor allows explicitly, and the x- keys about answers mean nothing.
    """
    found: dict[tuple[Path, str], Loosening] = {}
    for each in _compared(old, (new,), (), request=request):
        found.setdefault((each.path, each.keyword), each)
    return tuple(found.values())


def _compared(
    old: Located, news: tuple[Located, ...], path: Path, *, request: bool
) -> Iterator[Loosening]:
    for case in cases(news, closed=request):
        yield from _unproved(old, case, path)


def _unproved(old: Located, case: Case, path: Path) -> Iterator[Loosening]:
    listed = case.values()
    known = set(map(canonical, case.parts))
    for part in flat((old,)):
        for keyword in part if canonical(part) not in known else ():
            goal = ProofGoal(part, keyword, case, path)
            if not silent(goal) and not (listed is not None and tried(goal, listed)):
                yield from _PROOFS.get(keyword, equal)(goal)


# Keywords of the values within.


def _required(goal: ProofGoal) -> Iterator[Loosening]:
    for name in texts(goal.part, "required"):
        if name not in goal.case.required():
            yield goal.broken("required", "optional", name)


def _properties(goal: ProofGoal) -> Iterator[Loosening]:
    described = goal.argument
    for name, schema in described.items() if isinstance(described, Mapping) else ():
        inner = goal.case.member(name)
        if inner is not None and isinstance(schema, Located):
            yield from _inside(goal, schema, inner, name)


def _additional(goal: ProofGoal) -> Iterator[Loosening]:
    others, described = goal.argument, goal.part.get("properties")
    if "patternProperties" in goal.part and others is not True:
        yield goal.broken(others, next(iter(goal.others), None))
        return
    known = set(described) if isinstance(described, Mapping) else set()
    for name in (*sorted(goal.case.names - known), None):
        inner = goal.case.member(name)
        steps = (name,) if name else ()
        if inner is None:
            continue
        if others is False and cases(inner):
            yield goal.broken(False, "described" if name else "allowed", *steps)  # noqa: FBT003 - the keyword's argument
        elif isinstance(others, Located):
            yield from _inside(goal, others, inner, name or "*")


def _items(goal: ProofGoal) -> Iterator[Loosening]:
    schema = goal.argument
    if not isinstance(schema, Located):
        yield from equal(goal)
    elif not any(number(most) < 1 for most in goal.case.each("maxItems")):
        inner = tuple(other for other in goal.others if isinstance(other, Located))
        yield from _inside(goal, schema, inner, "*")


def _inside(
    goal: ProofGoal, schema: Located, inner: tuple[Located, ...], name: str
) -> Iterator[Loosening]:
    """Compare the values within; a member that is no longer described is one loosening."""
    path, place = (*goal.path, name), goal.case.parts[0].place
    broken = _compared(schema, inner or (Located(place),), path, request=goal.case.closed)
    if inner:
        yield from broken
    elif next(broken, None) is not None:
        yield goal.broken("described", None, name)


def _alternatives(goal: ProofGoal) -> Iterator[Loosening]:
    options = branches(goal.part, goal.keyword)
    exclusive = goal.keyword == "oneOf"
    same = sorted(map(canonical, options))
    if exclusive and any(
        same == sorted(map(canonical, branches(part, "oneOf"))) for part in goal.case.parts
    ):
        return
    if _chosen(goal.case, options, goal.path, exclusive=exclusive):
        return
    for case in goal.case.split():
        if not _chosen(case, options, goal.path, exclusive=exclusive):
            yield from _nearest(goal, case, options)


def _chosen(case: Case, options: list[Located], path: Path, *, exclusive: bool) -> bool:
    """Say whether a case keeps one of the options and, if it is `exclusive`, none of the others."""
    return any(
        next(_unproved(option, case, path), None) is None
        and (not exclusive or all(apart(case.parts, (o,)) for o in options if o is not option))
        for option in options
    )


def _nearest(goal: ProofGoal, case: Case, options: list[Located]) -> Iterator[Loosening]:
    """Find what the case breaks of the alternative that it most likely comes from."""
    taken = {
        canonical(each) for part in case.parts for key in _BRANCHED for each in branches(part, key)
    }
    left = [option for option in options if canonical(option) not in taken]
    broken = [list(_unproved(option, case, goal.path)) for option in left]
    best = min(broken, key=len, default=[])
    if not best or any(each.path == goal.path and each.keyword == "type" for each in best):
        yield goal.broken(f"one of {len(options)}", "another alternative")
    else:
        yield from best


@kept
def _not(goal: ProofGoal) -> bool:
    ruled_out = goal.argument
    wider = (other for other in goal.others if isinstance(other, Located))
    return isinstance(ruled_out, Located) and (
        any(not _loose_values(other, ruled_out) for other in wider)
        or apart(goal.case.parts, (ruled_out,))
    )


def _loose_values(old: Located, new: Located) -> bool:
    return any(each.keyword not in CONSTRAINING for each in loosened(old, new, request=False))


_BRANCHED = ("anyOf", "oneOf")
_PROOFS: Mapping[str, Proof] = {
    **PROOFS,
    "not": _not,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "anyOf": _alternatives,
    "oneOf": _alternatives,
}
