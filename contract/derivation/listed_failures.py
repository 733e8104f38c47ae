"""Failures of the flow that only a table of business codes documents, as the answers they are.

A document may say `10021 验证码错误` and show no such answer. Then it is the envelope of a success
with that code and message, and without the rows. Only what is said of captchas and tokens is taken,
and only where a request is held to one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from contract.derivation import flow_words
from contract.documents import InterfaceDocument
from contract.documents.learned_envelope import Path, scalars
from contract.documents.listed_codes import ListedCode
from contract.spec.vocabulary import CAPTCHA_ANSWER, TOKEN

_MESSAGE = re.compile(
    r"(?:err|error|ret|return|resp|response|rsp|result|status|code)?_?-?"
    r"(?:msg|message|info|desc|description|reason|text)|提示|信息",
    re.IGNORECASE,
)
_FLAG = re.compile(r"(?:is_?)?(?:success|ok|succeed|successful)", re.IGNORECASE)
_STATUS = re.compile(r"[1-5][0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFailure:
    """A failure that a table lists, its name among the examples, and the answer that it is."""

    name: str
    summary: str
    value: object


def listed_failures(
    document: InterfaceDocument, expected: Collection[str]
) -> tuple[ListedFailure, ...]:
    """Give the failures of captchas and tokens that a document lists and no sample shows.

    Args:
        document: lists them.
        expected: what its request is held to.
    """
    sample = next((each.value for each in document.good if isinstance(each.value, dict)), None)
    code = document.envelope.code
    if sample is None or not code or not document.envelope.success or not expected:
        return ()
    shown = {str(dict(scalars(each.value)).get(code)) for each in document.failed}
    return tuple(
        ListedFailure(name=f"code-{each.code.text}", summary=each.meaning, value=value)
        for each in _about(document, expected)
        if each.code.text not in shown
        for value in _answers(document, sample, each)
    )


def _about(document: InterfaceDocument, expected: Collection[str]) -> Iterator[ListedCode]:
    good = {str(each) for each in document.envelope.success}
    are_statuses = all(_STATUS.fullmatch(each.code.text) for each in document.codes)
    if are_statuses and good.isdisjoint(each.code.text for each in document.codes):
        return  # those of HTTP
    for each in document.codes:
        is_held = TOKEN in expected and flow_words.refuses_token(each.meaning)
        is_held |= CAPTCHA_ANSWER in expected and flow_words.is_about_captchas(each.meaning)
        if is_held and each.code.text not in good:
            yield each


def _answers(
    document: InterfaceDocument, sample: Mapping[str, object], listed: ListedCode
) -> Iterator[object]:
    """Give the answer of a code; none where the code has not the type of that of a success."""
    good, code, root = document.envelope.success[0], document.envelope.code, document.envelope.root
    number = isinstance(good, int)
    if isinstance(good, bool) or (number and not re.fullmatch("-?[0-9]+", listed.code.text)):
        return
    value: Any = deepcopy(dict(sample))
    if not root and code[0] in value:  # the rows stand beside the code
        value = {name: inner if _is_kept(name, inner) else None for name, inner in value.items()}
    elif not root:
        value = {}
    for path, shown in [*scalars(value)]:
        inside = bool(root) and path[: len(root)] == root
        if not inside and isinstance(shown, str) and _MESSAGE.fullmatch(path[-1]):
            _put(value, path, listed.meaning)
        elif not inside and shown is True and _FLAG.fullmatch(path[-1]):
            _put(value, path, not shown)
    if root:
        _put(value, root, None)
    _put(value, code, int(listed.code.text) if number else listed.code.text)
    yield value


def _is_kept(name: str, value: object) -> bool:
    """Say whether a member beside rows says how the call went, as in every answer."""
    return bool(_MESSAGE.fullmatch(name) or (value is True and _FLAG.fullmatch(name)))


def _put(value: dict[str, Any], path: Path, new: object) -> None:
    *outer, last = path
    holder = value
    for name in outer:
        inner = holder.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        holder = inner
    holder[last] = new
