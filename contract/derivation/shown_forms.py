"""The form of a text that a sample shows, or that a description gives → a pattern of `x-sample`.

Dates and numbers have a form that other values share; other texts have none. To add a form: its
expression in `_FORMS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_DATED = re.compile(
    r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"
    r"|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日.*|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?"
)
_FORMS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"[0-9]+"), "^[0-9]+$"),
    (re.compile(r"-?[0-9]+(\.[0-9]+)?"), r"^-?[0-9]+(\.[0-9]+)?$"),
)
_LETTERS = re.compile(
    r"[yY]{4}([-/.年]?)MM\1?[月]?[dD]{2}日?(?:[ T\']*[Hh]{2}[:时]?mm(?:[:分]?ss(?:\.?SSS)?秒?)?)?"
)
_EXAMPLE: Mapping[str, str] = {
    "y": "2026",
    "Y": "2026",
    "M": "01",
    "d": "31",
    "D": "31",
    "H": "08",
    "h": "08",
    "m": "30",
    "s": "00",
    "S": "000",
}


def text_form(shown: Sequence[object]) -> dict[str, object]:
    """Give the form that all texts of samples have: of a date, of digits, of a number."""
    texts = [value for value in shown if isinstance(value, str)]
    if not texts:
        return {}
    if all(_DATED.fullmatch(text) for text in texts):
        patterns = {pattern_like(text) for text in texts}
        return {"pattern": patterns.pop()} if len(patterns) == 1 else {}
    for form, pattern in _FORMS:
        if all(form.fullmatch(text) for text in texts):
            return {"pattern": pattern}
    return {}


def described_form(description: str) -> dict[str, object]:
    """Give the form of a date that a description writes out, as yyyy-MM-dd HH:mm:ss does."""
    written = _LETTERS.search(description)
    if written is None:
        return {}
    runs = re.finditer(r"([A-SU-Za-z])\1*|[^A-SU-Za-z]+", written[0].replace("'", ""))
    example = "".join(_EXAMPLE.get(run[0][0], run[0]) for run in runs)
    return {"pattern": pattern_like(example), "example": example}


def pattern_like(text: str) -> str:
    """Give a pattern that matches texts with digits where this one has digits."""
    runs: Iterator[str] = (match[0] for match in re.finditer(r"[0-9]+|[^0-9]+", text))
    return "^" + "".join(_run(run) for run in runs) + "$"


def escaped(text: str) -> str:
    """Write a text as a pattern that matches only this text, in every regex dialect."""
    return re.sub(r"[\\^$.|?*+()\[\]{}]", r"\\\g<0>", text)


def _run(run: str) -> str:
    if run.isascii() and run.isdigit():
        return "[0-9]" if len(run) == 1 else f"[0-9]{{{len(run)}}}"
    return escaped(run)
