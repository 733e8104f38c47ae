"""Every way to break an answer: a healthy answer in, a broken answer out.

A fault is one function, named after the defect. Its docstring is the English sentence. Its
decorator gives the Chinese sentence, who would produce the defect, and the checks that must detect
it with their level, or the reason why the answer must be inconclusive.

To add one: write the function in the module of its kind and decorate it with `@fault`; the tests
prove that those checks detect it and no others. A fault finds the members that it breaks by what
the spec says about them, so it works for every operation that has such a member.
"""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.faults import (
    bodies,
    broken_keywords,
    foreign_objects,
    foreign_pages,
    intermediaries,
    picture_bombs,
    picture_texts,
    picture_types,
    pictures,
    responses,
    row_types,
    rows,
    unlike_forms,
    values,
    wires,
)
from mock_server.faults.fault import Fault, faults_in

__all__ = ["FAULTS", "KINDS", "NO_FAULT", "fault_named"]

FAULTS: Mapping[str, Fault] = faults_in(
    (
        rows,
        row_types,
        picture_texts,
        pictures,
        picture_types,
        picture_bombs,
        values,
        broken_keywords,
        bodies,
        responses,
        unlike_forms,
        intermediaries,
        foreign_pages,
        foreign_objects,
        wires,
    )
)
"""Every fault by its name."""

KINDS: Mapping[str, tuple[str, str]] = {
    "rows": ("fields", "字段"),
    "row_types": ("types", "类型"),
    "picture_texts": ("base64", "Base64 文本"),
    "pictures": ("pictures", "图片"),
    "picture_types": ("types of pictures", "图片类型"),
    "picture_bombs": ("pictures too large", "过大的图片"),
    "values": ("values", "取值"),
    "broken_keywords": ("other keywords", "其他关键字"),
    "bodies": ("body", "应答体"),
    "responses": ("HTTP response", "HTTP 应答"),
    "unlike_forms": ("texts, files, nothing", "文本、文件、无应答体"),
    "intermediaries": ("intermediaries", "中间环节"),
    "foreign_pages": ("pages of other systems", "其他系统的页面"),
    "foreign_objects": ("answers of other systems", "其他系统的应答"),
    "wires": ("transfer", "传输"),
}
"""The title of each kind of faults, in English and in Chinese."""

NO_FAULT = "none"
"""The name by which one request declines the fault that the server applies by default."""


def fault_named(text: str) -> Fault | None:
    """Find a fault by its name, also as WireMock would write it: EMPTY_RESPONSE."""
    return FAULTS.get(text.lower().replace("_", "-"))
