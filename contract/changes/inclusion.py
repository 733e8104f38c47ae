"""Two schemas → what the second allows and the first ruled out.

A constraint counts as kept only where that is proved, so nothing that was loosened goes untold;
what is told may, for schemas that say one thing in two ways, be no loosening at all. To add a
keyword that holds schemas: write its proof and list it in `_PROOFS`; the others: `proofs.py`.
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
from contract.changes.constraints import Claim, Loosening, Path, silent, tried
from contract.changes.proofs import PROOFS, Proof, equal, kept, number
from contract.spec.yaml_text import Located


def loosened(old: Located, new: Located, *, request: bool = False) -> tuple[Loosening, ...]:
    """Tell every constraint of `old` that a value allowed by `new` might break.

    With the schemas of a `request`, `new` is what its senders keep: they send no member that it
    neither describes nor allows in so many words, and the x- keys of answers mean nothing.
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
            claim = Claim(part, keyword, case, path)
            if not silent(claim) and not (listed is not None and tried(claim, listed)):
                yield from _PROOFS.get(keyword, equal)(claim)


# Keywords of the values within.


def _required(claim: Claim) -> Iterator[Loosening]:
    for name in texts(claim.part, "required"):
        if name not in claim.case.required():
            yield claim.broken("required", "optional", name)


def _properties(claim: Claim) -> Iterator[Loosening]:
    described = claim.argument
    for name, schema in described.items() if isinstance(described, Mapping) else ():
        inner = claim.case.member(name)
        if inner is not None and isinstance(schema, Located):
            yield from _inside(claim, schema, inner, name)


def _additional(claim: Claim) -> Iterator[Loosening]:
    others, described = claim.argument, claim.part.get("properties")
    if "patternProperties" in claim.part and others is not True:
        yield claim.broken(others, next(iter(claim.others), None))
        return
    known = set(described) if isinstance(described, Mapping) else set()
    for name in (*sorted(claim.case.names - known), None):
        inner = claim.case.member(name)
        steps = (name,) if name else ()
        if inner is None:
            continue
        if others is False and cases(inner):
            yield claim.broken(False, "described" if name else "allowed", *steps)  # noqa: FBT003 - the keyword's argument
        elif isinstance(others, Located):
            yield from _inside(claim, others, inner, name or "*")


def _items(claim: Claim) -> Iterator[Loosening]:
    schema = claim.argument
    if not isinstance(schema, Located):
        yield from equal(claim)
    elif not any(number(most) < 1 for most in claim.case.each("maxItems")):
        inner = tuple(other for other in claim.others if isinstance(other, Located))
        yield from _inside(claim, schema, inner, "*")


def _inside(
    claim: Claim, schema: Located, inner: tuple[Located, ...], name: str
) -> Iterator[Loosening]:
    """Compare what holds within; a member that nothing holds for is told as one loosening."""
    path, place = (*claim.path, name), claim.case.parts[0].place
    broken = _compared(schema, inner or (Located(place),), path, request=claim.case.closed)
    if inner:
        yield from broken
    elif next(broken, None) is not None:
        yield claim.broken("described", None, name)


def _alternatives(claim: Claim) -> Iterator[Loosening]:
    options = branches(claim.part, claim.keyword)
    exclusive = claim.keyword == "oneOf"
    same = sorted(map(canonical, options))
    if exclusive and any(
        same == sorted(map(canonical, branches(part, "oneOf"))) for part in claim.case.parts
    ):
        return
    if _chosen(claim.case, options, claim.path, exclusive=exclusive):
        return
    for case in claim.case.split():
        if not _chosen(case, options, claim.path, exclusive=exclusive):
            yield from _nearest(claim, case, options)


def _chosen(case: Case, options: list[Located], path: Path, *, exclusive: bool) -> bool:
    """Whether a case keeps one of the options; where that is asked, none of the others."""
    return any(
        next(_unproved(option, case, path), None) is None
        and (not exclusive or all(apart(case.parts, (o,)) for o in options if o is not option))
        for option in options
    )


def _nearest(claim: Claim, case: Case, options: list[Located]) -> Iterator[Loosening]:
    """Tell what the case breaks of the alternative that it is likely to come from."""
    taken = {
        canonical(each) for part in case.parts for key in _BRANCHED for each in branches(part, key)
    }
    left = [option for option in options if canonical(option) not in taken]
    broken = [list(_unproved(option, case, claim.path)) for option in left]
    best = min(broken, key=len, default=[])
    if not best or any(each.path == claim.path and each.keyword == "type" for each in best):
        yield claim.broken(f"one of {len(options)}", "another alternative")
    else:
        yield from best


@kept
def _not(claim: Claim) -> bool:
    ruled_out = claim.argument
    if not isinstance(ruled_out, Located):
        return False
    wider = (other for other in claim.others if isinstance(other, Located))
    kept = any(not _loose_values(other, ruled_out) for other in wider)
    return kept or apart(claim.case.parts, (ruled_out,))


def _loose_values(old: Located, new: Located) -> bool:
    return any(each.keyword not in CONSTRAINING for each in loosened(old, new))


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
