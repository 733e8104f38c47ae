"""Checks of a 图片base64 member: the text is clean base64, and the bytes are a whole picture."""

from __future__ import annotations

from contract.findings import Level
from contract.judging.checks.check import PRESENT_AND_TYPED, Clause, WordedClause, check, each_value
from contract.judging.checks.worded import listed
from contract.pictures import image
from contract.spec.vocabulary import IMAGE, encoded, meaning, picture, shown

PICTURED = (*PRESENT_AND_TYPED, "image")
"""The checks that come before those of a picture that can be read."""


@check(
    "image",
    "format",
    english="The text is base64 of an image that browsers show, complete to its last row.",
    chinese="内容为图片的 base64；图片类型为浏览器可显示的类型，能完整解码到最后一行。",
    source="图片base64 in the field table; format: image-base64 in the spec; what browsers decode",
    broken='"data:image/jpg;base64,/9j/4AAQSkZJRgAB" (the picture is cut off)',
    right='"data:image/jpg;base64,/9j/4AAQSkZJRgABAgAA…/9k=" (a whole JPEG)',
)
def image_decodes_to_its_last_row(clause: Clause) -> WordedClause | None:
    """The text is base64 of an image that decodes to its last row."""
    if clause.argument != IMAGE:
        return None
    return WordedClause(
        "base64 of an image that decodes to its last row",
        "图片base64：可完整解码到最后一行的图片",
        each_value(meaning(clause.keyword, clause.argument)),
    )


@check(
    "base64",
    "format",
    english="The base64 is in one line and padded.",
    chinese="base64 不换行，并以 = 补齐。",
    source="RFC 4648 §3.1, §3.2 and §4",
    level=Level.SAMPLE,
    after=PICTURED,
    broken='"/9j/4AAQ\\r\\nSkZJRg" (a line break, no padding)',
    right='"/9j/4AAQSkZJRg=="',
)
def base64_is_tidy(clause: Clause) -> WordedClause | None:
    """The base64 is in one line and padded (RFC 4648 §4)."""
    if clause.argument != IMAGE:
        return None
    return WordedClause(
        "base64 in one line, padded (RFC 4648)",
        "base64 不换行并补齐（RFC 4648）",
        each_value(lambda value: ", ".join(encoded(str(value)).untidy) or None),
    )


@check(
    "label",
    "format",
    english="A data: URI names the type that the picture's own bytes show.",
    chinese="data: URI 标明的图片类型与图片字节的实际类型一致。",
    source="RFC 2397 (data: URI); browsers believe the bytes, other clients believe the label",
    level=Level.SAMPLE,
    after=PICTURED,
    broken='"data:image/png;base64,/9j/…" (the bytes are a JPEG)',
    right='"data:image/jpeg;base64,/9j/…"',
)
def label_names_the_picture(clause: Clause) -> WordedClause | None:
    """The data: URI names the type that the picture's own bytes show."""
    if clause.argument != IMAGE:
        return None

    def judge(value: object) -> str | None:
        label, came = encoded(str(value)).label, picture(str(value)).media_type
        if label is None or image.same_media_type(label, came):
            return None
        return f"labelled {shown(label)}, but the bytes are {came}"

    return WordedClause(
        "a data: URI that names the picture's own type",
        "data: URI 标明的类型与图片实际类型一致",
        each_value(judge),
    )


@check(
    "provable",
    "format",
    english="The picture's type lets its last row be proved: no SVG, AVIF or arithmetic JPEG.",
    chinese="图片类型能证明最后一行完整，不是 SVG、AVIF 或算术编码的 JPEG。",
    source="the picture in the document's 应答样例; not every browser shows these types",
    level=Level.SAMPLE,
    after=PICTURED,
    broken='"data:image/svg+xml;base64,PHN2Zy…" (an SVG)',
    right='"data:image/jpeg;base64,/9j/…" (a JPEG)',
)
def last_row_can_be_proved(clause: Clause) -> WordedClause | None:
    """The picture is of a type whose last row can be proved."""
    if clause.argument != IMAGE:
        return None
    return WordedClause(
        "a picture whose last row can be proved",
        "能证明最后一行完整的图片",
        each_value(lambda value: picture(str(value)).unproved),
    )


@check(
    "drawn",
    "format",
    english="The picture shows something: not all of its pixels have one colour.",
    chinese="图片上有内容，不是单一颜色。",
    source="the picture in the document's 应答样例; servers without fonts draw blank captchas",
    level=Level.SAMPLE,
    after=PICTURED,
    broken="a JPEG of 125 × 45 white pixels",
    right="a JPEG of four characters",
)
def picture_is_drawn(clause: Clause) -> WordedClause | None:
    """The picture has more than one colour."""
    if clause.argument != IMAGE:
        return None

    def judge(value: object) -> str | None:
        came = picture(str(value))
        size = f"{came.width} × {came.height}"
        return f"all of its {size} pixels have one colour" if came.blank else None

    return WordedClause(
        "a picture of more than one colour", "不止一种颜色的图片", each_value(judge)
    )


@check(
    "x-image",
    "x-image",
    english="The picture has the media type, the width and the height that the spec states.",
    chinese="图片的媒体类型、宽度和高度与契约一致。",
    source="the picture in the document's 应答样例; x-image in the spec",
    after=PICTURED,
    broken="x-image: {mediaType: image/jpeg, width: 125}, but a PNG of 1 × 1 pixels came",
    right="x-image: {mediaType: image/jpeg, width: 125}, and a JPEG of 125 × 45 pixels came",
)
def picture_is_as_described(clause: Clause) -> WordedClause | None:
    """The picture has the media type, width and height that the spec states."""
    described = listed(clause.argument)
    return WordedClause(
        f"a picture with {described}",
        f"图片符合 {described}",
        each_value(meaning(clause.keyword, clause.argument)),
    )
