"""The rules for changes of schemas: in an answer, in the body of a request, in a parameter.

Each kind of constraint in `families.py` gives rules for each of these places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract.changes.change import ChangeRule, Effect, change_rule
from contract.changes.families import FAMILIES, Family

_BREAKING, _COMPATIBLE, _DOCUMENTATION = Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """A place of schemas: its name in rules, in both languages, and one schema in it."""

    name: str
    english: str
    chinese: str
    excerpt: str

    @property
    def is_answer(self) -> bool:
        return self.name == "answer"


_PLACES = (
    _Where(name="answer", english="an answer", chinese="应答", excerpt="shown: %s"),
    _Where(name="request", english="the body of a request", chinese="请求体", excerpt="sent: %s"),
    _Where(
        name="parameter",
        english="a parameter",
        chinese="请求参数",
        excerpt="{name: asked, in: query, schema: %s}",
    ),
)
_SCHEMA = "OpenAPI 3.0.3, Schema Object"
_ID = "{type: object, properties: {id: {type: string}}}"
_ID_AND_NAME = "{type: object, properties: {id: {type: string}, name: {type: string}}}"
_NEEDED_ID = "{type: object, required: [id], properties: {id: {type: string}}}"


def _of_members(where: _Where) -> Iterator[ChangeRule]:
    """Give the rules for members that are added or removed, or become required or optional."""
    answer = where.is_answer
    both = (_BREAKING, _COMPATIBLE)
    for word, mirror, effects, english, chinese, why, was, now in (
        (
            "added",
            "removed",
            both,
            "is new",
            "新增成员",
            "properties; it breaks clients if the member is required or was ruled out"
            if not answer
            else "properties; it breaks clients only if the member was ruled out",
            _ID,
            _ID_AND_NAME,
        ),
        (
            "removed",
            "added",
            (*both, _DOCUMENTATION) if answer else both,
            "is no longer described",
            "删除成员的说明",
            "properties; it breaks clients if something was promised about the member"
            if answer
            else "properties; it breaks clients if the member may now be refused",
            _ID_AND_NAME,
            _ID,
        ),
        (
            "required",
            "optional",
            (_COMPATIBLE,) if answer else (_BREAKING,),
            "was optional and is now required",
            "的成员由可选变为必填",
            "required; clients may rely on more"
            if answer
            else "required; old requests may lack it",
            _ID,
            _NEEDED_ID,
        ),
        (
            "optional",
            "required",
            (_BREAKING,) if answer else (_COMPATIBLE,),
            "was required and is now optional",
            "的成员由必填变为可选",
            "required; clients rely on it" if answer else "required; requests may still carry it",
            _NEEDED_ID,
            _ID,
        ),
    ):
        yield change_rule(
            f"{where.name}-member-{word}",
            mirror=f"{where.name}-member-{mirror}",
            effects=effects,
            english=f"A member of {where.english} {english}.",
            chinese=f"{where.chinese}{chinese}。",
            source=f"{_SCHEMA}: {why}",
            was=where.excerpt % was,
            now=where.excerpt % now,
        )


_CONSEQUENCES = {
    (True, "loosened"): ("放宽，可能出现以前不会出现的值", "clients rely on what was promised"),
    (True, "tightened"): ("收紧，所有值仍符合原来的约束", "the old promise is still kept"),
    (False, "loosened"): ("放宽，以前有效的请求仍然有效", "what was accepted still is"),
    (False, "tightened"): ("收紧，以前有效的请求可能被拒绝", "what was accepted may be refused"),
}


def _of_family(where: _Where, family: Family) -> Iterator[ChangeRule]:
    """Give the two rules for a kind of constraint: it became looser, or stricter."""
    keywords = ", ".join(family.keywords) or "a keyword that OpenAPI 3.0 does not have"
    for word, mirror, english, was, now in (
        ("loosened", "tightened", "looser", family.tight, family.loose),
        ("tightened", "loosened", "stricter", family.loose, family.tight),
    ):
        chinese, why = _CONSEQUENCES[where.is_answer, word]
        yield change_rule(
            f"{where.name}-{family.name}-{word}",
            mirror=f"{where.name}-{family.name}-{mirror}",
            effects=(_BREAKING if where.is_answer is (word == "loosened") else _COMPATIBLE,),
            english=f"In {where.english}, the {family.english} became {english}.",
            chinese=f"{where.chinese}的{family.chinese}{chinese}。",
            source=f"{_SCHEMA}: {keywords}; {why}",
            was=where.excerpt % was,
            now=where.excerpt % now,
        )


def rules_of(families: Iterable[Family]) -> Iterator[ChangeRule]:
    """Give the rules for kinds of constraints, in every place where they mean something."""
    for where in _PLACES:
        for family in families:
            if where.is_answer or family.of_requests:
                yield from _of_family(where, family)


SCHEMA_RULES = (
    *(rule for where in _PLACES for rule in _of_members(where)),
    change_rule(
        "unsent-member-changed",
        effects=(_COMPATIBLE,),
        english="A member that is never sent this way changed.",
        chinese="不会在此方向发送的成员有变更。",
        source=f"{_SCHEMA}: readOnly members stand in no request, writeOnly ones in no answer",
        was="sent: {properties: {id: {type: string, readOnly: true}}}",
        now="sent: {properties: {id: {type: integer, readOnly: true}}}",
    ),
    *rules_of(FAMILIES),
)
"""The rules for the members of objects, and for every kind of constraint."""
