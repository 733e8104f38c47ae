"""What an interface document has to keep, rule by rule: the registry behind `--explain RULE`.

A new rule is one more sentence here and the place in `document.py`, `rows.py` or
`contradictions.py` that tells when it is broken.
"""

from __future__ import annotations

from contract.documents.cells import shortened
from contract.findings import Finding, Level, Place

#: What keeps a document, or a part of it, from being read.
READING: dict[str, str] = {
    "unreadable-character": "Every byte of the document is a character in its encoding.",
    "missing-title": "The document opens with a heading that names the interface.",
    "missing-section": "The document has the sections 域名列表, 请求参数 and 应答报文.",
    "repeated-section": "Every section of an interface stands once; one document, one interface.",
    "unreadable-section": "A section holds what its heading announces: a table, samples, or 无.",
    "several-methods": "请求类型 names one method.",
    "unreadable-address": "请求地址 is a path that begins with /; an environment's is one host.",
    "unreadable-table": "A table has the columns that name and fill its rows.",
    "missing-column": "A field table has the columns 是否必填 and 类型.",
    "unknown-column": "Every column of a table has a name that is known, and no two mean the same.",
    "unreadable-row": "Every row names what it describes and has no more cells than the header.",
    "unreadable-name": "A member's name is made of ASCII letters, digits, _, -, $ and @.",
    "unknown-requirement": "是否必填 is 是 or 否, or another word for one of them.",
    "unknown-type": "类型 is one of the types that the platform's documents use.",
    "unreadable-length": "最大长度 is blank, a number, digits and decimals (10,2), - or 不限.",
    "row-without-parent": "A row that is marked or indented follows the object row it belongs to.",
    "unclear-nesting": "It can be told whether a row after an object row belongs into the object.",
    "list-without-list-type": "A member written with [] has a row of type JSONArray or List.",
    "unclosed-fence": "Fenced code ends with the mark that opened it.",
}

#: What one place of a document says against another.
CONTRADICTIONS: dict[str, str] = {
    "repeated-row": "A member is described by one row.",
    "repeated-environment": "An environment is listed once.",
    "row-missing-in-sample": "A sample has every member whose row says 是.",
    "undescribed-member": "A row describes every member of a sample beside or below the rows.",
    "null-in-sample": "A member whose row says 是 is not null in a success sample.",
    "sample-value-type": "A sample's value has the type that its row states.",
    "sample-value-too-long": "A sample's value is no longer than its row's 最大长度.",
    "sample-not-json": "A sample is JSON, apart from comments, tabs and trailing commas.",
    "sample-repeats-member": "A member stands once in each object of a sample.",
    "method-differs": "The document names one method for its interface.",
    "path-differs": "The document names one path for its interface.",
    "host-differs": "A host that the document names is in its list of environments.",
}

RULES: dict[str, str] = {**READING, **CONTRADICTIONS}


def broken(  # noqa: PLR0913 - a finding is made of these, each by name
    rule: str,
    *,
    where: str,
    lines: tuple[int, ...],
    subject: str,
    evidence: str,
    remedy: str,
    pointer: str = "",
) -> Finding:
    """The finding that a document breaks a rule; the promise is the rule's own sentence."""
    return Finding(
        operation=where,
        subject=shortened(subject),
        claim=rule,
        level=Level.TABLE,
        promise=RULES[rule],
        evidence=evidence,
        places=tuple(Place(where, line) for line in dict.fromkeys(lines)),
        remedy=remedy,
        pointer=pointer,
    )
