"""Spots of an answer → what is wrong there: one function per claim, named as the claim.

A spot is a place in one sample where a member stands, or should. A check takes the spots that it
can be asked of and gives those that break it, with the evidence. To add a check: write the
function here (in `practice.py` if no document promises it), say in `claims.py` when it is
claimed, and add a fault that breaks it to `mock_server/faults/`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from contract.instances import MISSING
from contract.judging.reading import Answer, Broken, Refused
from contract.pictures import image
from contract.spec.members import Member
from contract.spec.vocabulary import IMAGE, encoded, picture, shown

ENOUGH_TO_VARY = 3
"""How many values must be seen before «always the same» is no accident."""

_ALIKE = 0.7
"""How like a name must be to be meant: image is like enough to img, msg is not."""
_COMPARED, _NAME = 1000, 100
"""How many names are compared, and of each how many characters: nobody may keep us comparing."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where a member stands, or should: the sample, a JSON Pointer, the value, what holds it.

    For a claim about the answer as a whole the value is the `Reading`.
    """

    sample: int
    pointer: str
    value: object
    holder: Mapping[str, object] | None = None


Breaks = Iterator[tuple[Spot, str]]
Check = Callable[[Sequence[Spot]], Breaks]


def each(judge: Callable[[object], str | None]) -> Check:
    """Make a check of a judge of single values."""

    def check(spots: Sequence[Spot]) -> Breaks:
        for spot in spots:
            evidence = judge(spot.value)
            if evidence is not None:
                yield spot, evidence

    return check


# The answer as a whole.


def call_is_accepted(reading: object) -> str | None:
    """The service accepts the call as documented."""
    return reading.evidence if isinstance(reading, Refused) else None


def body_is_json(reading: object) -> str | None:
    """The body is JSON (RFC 8259) in UTF-8, and nothing else."""
    return reading.evidence if isinstance(reading, Broken) else None


def status_is(status: int) -> Check:
    """The status is the documented one."""

    def judge(reading: object) -> str | None:
        came = reading.response.status if isinstance(reading, Answer) else status
        return None if came == status else f"HTTP {came}"

    return each(judge)


def media_type_is(media_type: str) -> Check:
    """The media type is the documented one; its parameters do not matter."""

    def judge(reading: object) -> str | None:
        header = reading.response.header("Content-Type") if isinstance(reading, Answer) else None
        came = (header or "").partition(";")[0].strip().lower()
        return None if came == media_type.lower() else f"Content-Type {shown(header)}"

    return each(judge)


# One member.


def required_is_there(member: Member, known: Collection[str]) -> Check:
    """The member is present, not null, and no empty string where its row says so.

    Args:
        member: what must be there.
        known: the names that are documented beside it; any other may be meant for it.
    """

    def judge(spot: Spot) -> str | None:
        if spot.value is MISSING:
            other = meant(member.name, spot.holder or {}, known)
            hint = "" if other is None else f"; did the server mean {shown(other)}?"
            return f"it is missing{hint}"
        if spot.value is None and not member.nullable:
            return "it is null"
        if spot.value == "" and member.schema.get("minLength"):
            return "it is an empty string"
        return None

    def check(spots: Sequence[Spot]) -> Breaks:
        for spot in spots:
            evidence = judge(spot)
            if evidence is not None:
                yield spot, evidence

    return check


def meant(missing: str, holder: Mapping[str, object], known: Collection[str]) -> str | None:
    """Find the undocumented member that is the likeliest to be meant for a missing one."""
    unknown = islice((name for name in holder if name not in known), _COMPARED)
    strangers = {_plain(name): name for name in unknown}
    alike = get_close_matches(_plain(missing), strangers, n=1, cutoff=_ALIKE)
    return strangers[alike[0]] if alike else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()[:_NAME]


def base64_is_tidy(value: object) -> str | None:
    """The base64 is in one line and padded, as RFC 4648 §4 has it."""
    return ", ".join(encoded(str(value)).untidy) or None


def label_names_the_picture(value: object) -> str | None:
    """The data: URI names the type that the picture's own bytes show."""
    label, came = encoded(str(value)).label, picture(str(value)).media_type
    if label is None or image.same_media_type(label, came):
        return None
    return f"labelled {shown(label)}, but the bytes are {came}"


# One member over all samples.


def values_vary(member: Member) -> Check:
    """Not every answer has the same value."""

    def check(spots: Sequence[Spot]) -> Breaks:
        if len(spots) >= ENOUGH_TO_VARY and len({identity(member, spot) for spot in spots}) == 1:
            for spot in spots:
                yield spot, f"{shown(spot.value)} in all of {len(spots)} answers"

    return check


def no_value_comes_twice(member: Member) -> Check:
    """No answer has the value of another."""

    def check(spots: Sequence[Spot]) -> Breaks:
        counts = Counter(identity(member, spot) for spot in spots)
        for spot in spots:
            times = counts[identity(member, spot)]
            if times > 1:
                yield spot, f"{shown(spot.value)} came {times} times in {len(spots)} answers"

    return check


def number_names_one_picture(pictured: Member) -> Check:
    """No number comes with two pictures; pictures are compared by their pixels."""

    def pixels(spot: Spot) -> str | None:
        text = (spot.holder or {}).get(pictured.path[-1])
        try:
            return picture(text).pixels if isinstance(text, str) else None
        except (image.NotBase64, image.NotAnImage):
            return None

    def check(spots: Sequence[Spot]) -> Breaks:
        pictures: dict[str, set[str]] = {}
        for spot in spots:
            found = pixels(spot)
            if found is not None:
                pictures.setdefault(str(spot.value), set()).add(found)
        for spot in spots:
            several = len(pictures.get(str(spot.value), ()))
            if several > 1:
                yield spot, f"{shown(spot.value)} came with {several} different pictures"

    return check


def identity(member: Member, spot: Spot) -> str:
    """Say what makes a value the same as another: its pixels, or the value itself."""
    if member.schema.get("format") == IMAGE:
        return picture(str(spot.value)).pixels
    return repr(spot.value)
