"""Checks that compare one member over all samples: unique values, and one picture per number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from contract.findings import Level
from contract.judging.checks.check import Breaks, Clause, Spot, WordedClause, check
from contract.judging.checks.pictures_in_base64 import PICTURED
from contract.pictures import image
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import IMAGE, picture, shown

ENOUGH_TO_VARY = 3
"""How many values must be seen before “always the same” is no coincidence."""


@check(
    "names-one-picture",
    "x-unique",
    english="No number comes with two different pictures.",
    chinese="同一编号不得对应两张不同的图片。",
    source="图片编号 beside 图片base64 in the field table; x-unique in the spec",
    level=Level.TABLE,
    after=PICTURED,
    fewest=2,
    broken='img_code_id "A1B2C3" with one picture, and "A1B2C3" again with another',
    right='img_code_id "A1B2C3" with one picture, "D4E5F6" with another',
)
def number_names_one_picture(clause: Clause) -> WordedClause | None:
    """No number comes with two pictures; pictures are compared by their pixels."""
    member = clause.subject
    pictured = _picture_beside(clause.operation, member)
    if clause.level is not Level.TABLE or pictured is None:
        return None

    def pixels(spot: Spot) -> str | None:
        text = (spot.holder or {}).get(pictured.path[-1])
        try:
            return picture(text).pixels if isinstance(text, str) else None
        except (image.NotBase64, image.NotAnImage):
            return None

    def judge(spots: Sequence[Spot]) -> Breaks:
        pictures: dict[str, set[str]] = {}
        for spot in spots:
            found = pixels(spot)
            if found is not None:
                pictures.setdefault(str(spot.value), set()).add(found)
        for spot in spots:
            several = len(pictures.get(str(spot.value), ()))
            if several > 1:
                yield spot, f"{shown(spot.value)} came with {several} different pictures"

    return WordedClause(
        f"one {member.name} names one {pictured.name}",
        f"一个 {member.name} 只对应一张 {pictured.name}",
        judge,
    )


@check(
    "varies",
    "x-unique",
    english="In three or more answers, the value is not always the same.",
    chinese="三次及以上应答中，字段值不得全部相同。",
    source="图片编号 and 图片base64 of a captcha; x-unique in the spec",
    level=Level.TABLE,
    after=PICTURED,
    fewest=ENOUGH_TO_VARY,
    broken='img_code_id: "A1B2C3", "A1B2C3", "A1B2C3"',
    right='img_code_id: "A1B2C3", "D4E5F6", "G7H8J9"',
)
def values_vary(clause: Clause) -> WordedClause | None:
    """Not every answer has the same value."""
    member = clause.subject
    if clause.level is not Level.TABLE:
        return None

    def judge(spots: Sequence[Spot]) -> Breaks:
        if len(spots) >= ENOUGH_TO_VARY and len({_identity(member, spot) for spot in spots}) == 1:
            for spot in spots:
                yield spot, f"{shown(spot.value)} in all of {len(spots)} answers"

    return WordedClause(
        f"not the same in all of {ENOUGH_TO_VARY} or more answers",
        f"在 {ENOUGH_TO_VARY} 次及以上应答中不得全部相同",
        judge,
    )


@check(
    "unique",
    "x-unique",
    english="No two answers have the same value.",
    chinese="每次应答的字段值都不相同。",
    source="the document's 应答样例, and the meaning of a number; x-unique in the spec",
    level=Level.SAMPLE,
    after=(*PICTURED, "names-one-picture", "varies"),
    fewest=2,
    broken='img_code_id: "A1B2C3", "D4E5F6", "A1B2C3"',
    right='img_code_id: "A1B2C3", "D4E5F6", "G7H8J9"',
)
def no_value_comes_twice(clause: Clause) -> WordedClause | None:
    """No two answers have the same value."""
    member = clause.subject

    def judge(spots: Sequence[Spot]) -> Breaks:
        counts = Counter(_identity(member, spot) for spot in spots)
        for spot in spots:
            times = counts[_identity(member, spot)]
            if times > 1:
                yield spot, f"{shown(spot.value)} came {times} times in {len(spots)} answers"

    return WordedClause("a different value in every answer", "每次应答的值都不同", judge)


def _picture_beside(operation: Operation, member: Member) -> Member | None:
    """Find the picture that a number names: the 图片base64 row of the same object."""
    pictures = (
        other
        for other in operation.members
        if other.path[:-1] == member.path[:-1] and other.schema.get("format") == IMAGE
    )
    return None if member.schema.get("format") == IMAGE else next(pictures, None)


def _identity(member: Member, spot: Spot) -> str:
    """Give what is compared to find equal values: the pixels, or the value itself.

    Blank pictures are all alike, and a check of their own says so: each one counts as another.
    """
    if member.schema.get("format") == IMAGE:
        came = picture(str(spot.value))
        return f"blank, {spot.sample} {spot.pointer}" if came.blank else came.pixels
    return repr(spot.value)
