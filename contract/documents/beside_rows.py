"""What stands beside the rows and is kept as a remark, though only a row could promise it.

An entry that names a member (`api_code : car.query`), a line of prose that names what is required
or which credential is sent, and a model that no row names. Another such line is one more branch of
`unread_prose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contract.documents.block import Stated
from contract.documents.cells import is_nothing, shown, word
from contract.documents.document_rules import broken
from contract.documents.field_rows import Row
from contract.documents.heading_words import Part
from contract.documents.locations import MEDIA_TYPE_KEYS
from contract.documents.message_rows import count
from contract.documents.models import Model
from contract.documents.sections import Section, entry
from contract.documents.stated_calls import KEYS, entries
from contract.findings import Finding

_MEMBER = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|method|service")


def unread_entries(found: Sequence[Section], rows: Sequence[Row], where: str) -> Iterator[Finding]:
    """Tell the entries that name a member which no row describes: `api_code : car.query`."""
    known = {row.name for row in rows}
    for section in found:
        for line in entries(section) if section.part is Part.OPERATION else ():
            is_known = word(line.key) in KEYS | MEDIA_TYPE_KEYS or line.key in known
            if _MEMBER.fullmatch(line.key) and not is_known and not is_nothing(line.value):
                yield broken(
                    "unread-entry",
                    where=where,
                    lines=(line.line,),
                    subject=line.key,
                    evidence=f"{shown(f'{line.key} : {line.value}')} is kept as a remark",
                    remedy=f"if callers send it, add a row {line.key} to 请求参数",
                )


def unread_prose(found: Sequence[Section], rows: Sequence[Row], where: str) -> Iterator[Finding]:
    """Tell the lines of prose that promise what only rows can: 必填字段：name, Authorization."""
    sends_key = any(row.location == "header" and _CREDENTIAL.search(row.name) for row in rows)
    for section in found:
        is_about_keys = _ABOUT_KEYS.search(word(section.title.text)) is not None
        for text in section.texts:
            key, value = entry(text.text) or ("", "")
            if _REQUIRED.fullmatch(word(key)) and _NAMES.fullmatch(value.strip()):
                yield _only_said(text, key, where, "write 是 in the column 是否必填 of these rows")
            elif (named := _KEY.search(text.text)) and is_about_keys and not sends_key:
                remedy = "add a table 请求头 with a row for it to each interface that needs it"
                yield _only_said(text, named[0], where, remedy)
                sends_key = True  # once


_REQUIRED = re.compile(
    r"(?:必填|必传|必选|必须|必输)(?:的)?(?:字段|参数|项|属性)?|required(?:fields?|parameters?|params)?"
)
_NAMES = re.compile(r"`?[A-Za-z_][\w.]*`?(?:\s*[,，、;；]\s*`?[A-Za-z_][\w.]*`?)*[。.]?", re.ASCII)
_ABOUT_KEYS = re.compile(r"认证|鉴权|授权|authentication|authorization")
_CREDENTIAL = re.compile(r"auth|token|key|session|cookie|sign", re.IGNORECASE)
_KEY = re.compile(r"Authorization|Bearer|X-[A-Za-z-]*(?:Token|Key)\b", re.IGNORECASE)


def _only_said(text: Stated, subject: str, where: str, remedy: str) -> Finding:
    return broken(
        "unread-entry",
        where=where,
        lines=(text.line,),
        subject=subject,
        evidence=f"{shown(text.text.strip())} is kept as a remark",
        remedy=remedy,
    )


def unnamed_models(unused: Sequence[Model], where: str) -> Iterator[Finding]:
    """Tell the models that no row and no status names, all at once."""
    left = [each for each in unused if any(map(count, each.tables))]
    if left:
        rows = sum(count(table) for each in left for table in each.tables)
        names = ", ".join(each.name for each in left)
        yield broken(
            "unreadable-section",
            where=where,
            lines=(left[0].line,),
            subject=left[0].name,
            evidence=f"no row names {shown(names)} as its type; {_rows_in_words(rows)} not read",
            remedy="name the model in the 类型 of a row, or remove it",
        )


def _rows_in_words(rows: int) -> str:
    return "its one row is" if rows == 1 else f"{rows} rows are"
