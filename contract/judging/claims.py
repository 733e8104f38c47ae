"""Spec → claims: which checks are applied to what, who promised it, and where.

The spec alone decides which claims there are, so another operation is judged without new code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.findings import Level, Place
from contract.judging import checks, good_practice
from contract.judging.checks import Check, each
from contract.judging.provenance import Sources
from contract.spec.members import Member, Promise
from contract.spec.operations import Operation
from contract.spec.vocabulary import IMAGE, meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One check of one subject: what is promised, by whom, where, and how it is judged.

    `member` is None for a claim about the answer as a whole. A claim is not asked of a spot
    where one of the checks named in `after` has failed: what it would tell is told already.
    """

    operation: str
    subject: str
    name: str
    level: Level
    promise: str
    places: tuple[Place, ...]
    member: Member | None
    check: Check
    after: frozenset[str]

    @property
    def id(self) -> str:
        """Names the claim, the same in every run: operation, subject, check."""
        return f"{self.operation}-{self.subject}-{self.name}"


@dataclass(frozen=True, slots=True)
class _Words:
    """One check as it is claimed: the claim's name, its promise, its judge, what it follows."""

    name: str
    promise: str
    check: Check
    after: tuple[str, ...] = ("required", "type")
    level: Level | None = None


_READ = ("accepted", "json")
_PICTURED = ("required", "type", "image")
_ORDER = {"type": 0, "anyOf": 0, "format": 1, "x-unique": 3}


def claims(operation: Operation, sources: Sources) -> tuple[Claim, ...]:
    """List every claim that the spec makes of an operation's answer, in the order of judgement."""
    names = Counter(member.name for member in operation.members)
    of_members = (
        claim
        for member in operation.members
        for claim in _of_member(operation, member, _subject(member, names), sources)
    )
    return (*_of_answer(operation, sources), *of_members)


def _of_answer(operation: Operation, sources: Sources) -> Iterator[Claim]:
    call = f"{operation.method} {operation.path}"
    for words in (
        _Words("accepted", f"{call} is accepted as documented", each(checks.call_is_accepted), ()),
        _Words("json", "the body is JSON in UTF-8", each(checks.body_is_json), ("accepted",)),
        _Words(
            "status",
            f"the status is {operation.status}",
            checks.status_is(operation.status),
            _READ,
            Level.SAMPLE,
        ),
        _Words(
            "media-type",
            f"the media type is {operation.media_type}",
            checks.media_type_is(operation.media_type),
            _READ,
            Level.SAMPLE,
        ),
        *_of_practice(operation),
    ):
        yield Claim(
            operation=operation.id,
            subject="answer",
            name=words.name,
            level=words.level or Level.TABLE,
            promise=words.promise,
            places=(*sources.of_answer(), operation.place),
            member=None,
            check=words.check,
            after=frozenset(words.after),
        )


def _of_practice(operation: Operation) -> Iterator[_Words]:
    """List what no document promises, and every good service keeps."""
    documented = good_practice.documented_members(operation)
    for name, promise, check in (
        (
            "documented",
            "no member but the documented ones",
            good_practice.no_member_is_undocumented(operation, documented),
        ),
        (
            "names-once",
            "no object names a member twice (RFC 8259 §4)",
            good_practice.names_stand_once,
        ),
        ("no-bom", "no byte order mark (RFC 8259 §8.1)", good_practice.no_bom_stands_before),
        ("prompt", f"answered within {good_practice.PROMPT:g} s", good_practice.answer_is_prompt),
    ):
        yield _Words(name, promise, each(check), _READ, Level.STRICT)
    if good_practice.must_be_fresh(operation):
        words = "made anew for every call, and not to be used again (RFC 9111)"
        yield _Words("not-cached", words, each(good_practice.not_cached), _READ, Level.STRICT)


def _subject(member: Member, names: Mapping[str, int]) -> str:
    """Name a member by its own name, or by its whole path where two share a name."""
    return member.name if names[member.name] == 1 else ".".join(member.path) or "answer"


def _of_member(
    operation: Operation, member: Member, subject: str, sources: Sources
) -> Iterator[Claim]:
    said = [
        (words, promise.level, promise.place) for words, promise in _promised(operation, member)
    ]
    if member.required is not None:
        is_row = sources.row(member) is not None
        there = "是否必填 是: present, not null, not empty" if is_row else "present, not null"
        known = good_practice.documented_members(operation).get(member.path[:-1], frozenset())
        words = _Words("required", there, checks.required_is_there(member, known), ())
        said.insert(0, (words, member.required, member.place))
    for words, stated, place in said:
        level = words.level or stated
        yield Claim(
            operation=operation.id,
            subject=subject,
            name=words.name,
            level=level,
            promise=words.promise,
            places=(*sources.of(member, level), place),
            member=member,
            check=words.check,
            after=frozenset(words.after),
        )


def _promised(operation: Operation, member: Member) -> Iterator[tuple[_Words, Promise]]:
    for promise in sorted(member.promises, key=lambda each: _ORDER.get(each.keyword, 2)):
        for words in _of_promise(operation, member, promise):
            yield words, promise


def _of_promise(operation: Operation, member: Member, promise: Promise) -> Iterator[_Words]:
    keyword, argument = promise.keyword, promise.argument
    if keyword == "minLength" and argument == 1 and member.required is not None:
        return  # «not empty» is a part of being there
    if keyword == "x-unique":
        yield from _over_samples(operation, member, promise)
        return
    judge = each(meaning("enum" if keyword == "x-business-success" else keyword, argument))
    match keyword:
        case "type":
            yield _Words("type", f"a JSON {argument}", judge, ("required",))
        case "anyOf":
            yield _Words("type", f"a JSON {_alternatives(argument)}", judge, ("required",))
        case "format" if argument == IMAGE:
            yield _Words("image", "base64 of an image that decodes to its last row", judge)
            tidy = each(checks.base64_is_tidy)
            words = "base64 in one line, padded (RFC 4648)"
            yield _Words("base64", words, tidy, _PICTURED, Level.SAMPLE)
            label = each(checks.label_names_the_picture)
            words = "a data: URI that names the picture's own type"
            yield _Words("label", words, label, _PICTURED, Level.SAMPLE)
        case "x-image":
            yield _Words("x-image", f"a picture with {_listed(argument)}", judge, _PICTURED)
        case "x-business-success":
            words = f"a success code ({_listed(argument)}) where the field rows are there"
            yield _Words("business-success", words, judge, level=Level.SAMPLE)
        case _:
            yield _Words(_kebab(keyword), f"{keyword} {_listed(argument)}", judge)


def _over_samples(operation: Operation, member: Member, promise: Promise) -> Iterator[_Words]:
    after: tuple[str, ...] = _PICTURED
    if promise.level is Level.TABLE:
        pictured = _picture_beside(operation, member)
        if pictured is not None:
            check = checks.number_names_one_picture(pictured)
            words = f"one {member.name} names one {pictured.name}"
            yield _Words("names-one-picture", words, check, after)
        words = f"not the same in all of {checks.ENOUGH_TO_VARY} or more answers"
        yield _Words("varies", words, checks.values_vary(member), after)
        after = (*_PICTURED, "names-one-picture", "varies")
    words = "another value in every answer"
    yield _Words("unique", words, checks.no_value_comes_twice(member), after, Level.SAMPLE)


def _picture_beside(operation: Operation, member: Member) -> Member | None:
    """Find the picture that a number names: the 图片base64 row of the same object."""
    pictures = (
        other
        for other in operation.members
        if other.path[:-1] == member.path[:-1] and other.schema.get("format") == IMAGE
    )
    return None if member.schema.get("format") == IMAGE else next(pictures, None)


def _kebab(keyword: str) -> str:
    return re.sub(r"(?<=[a-z])[A-Z]", lambda found: "-" + found[0], keyword).lower()


def _alternatives(argument: object) -> str:
    parts = argument if isinstance(argument, list) else []
    return " or ".join(
        ", ".join([str(part.get("type", "value")), *_bounds(part)]) for part in parts
    )


def _bounds(part: Mapping[str, object]) -> Iterator[str]:
    for keyword, argument in part.items():
        if keyword not in {"type", "nullable", "minLength"}:
            yield f"{keyword} {argument}"


def _listed(argument: object) -> str:
    if isinstance(argument, Mapping):
        return ", ".join(f"{key} {value}" for key, value in argument.items())
    return ", ".join(map(str, argument)) if isinstance(argument, list) else str(argument)
