"""How people write a success and a failure: in a business code, in a title, in a text.

Another spelling is one more word of the registries below.
"""

from __future__ import annotations

import re

CODE_NAMES: tuple[tuple[str, int], ...] = (
    (r".*(code|errno|errnum)|(err|error|ret)", 3),
    (r".*(status|state|success|succeed|result|flag|ok)", 2),
)
"""What people call the member that carries the business code → how much the name weighs."""
CODE_DESCRIPTIONS = re.compile(
    r"(状态|返回|响应|应答|错误|结果|业务|交易)(编)?码|是否成功|(成功|失败)标[识志记]|return ?code"
    r"|(成功|success).*(失败|错误|异常|其[他它]|fail|error)"
)
"""How a row describes that member."""
SUCCESSES = frozenset(
    ("1", "200", "10000", "20000", "success", "succeed", "succ", "ok", "true", "y", "yes", "s")
)
"""How people write a success, besides zeros, in any case."""
FAILURES = re.compile(r"-[0-9]+|[45][0-9]{2}|[45]0[0-9]{3}|.*(fail|error|exception).*|false|n|f|e")
"""How people write a failure."""

_NO_SUCCESS_TITLE = re.compile(r"不成功|未成功|非成功|unsuccess", re.IGNORECASE)
_SUCCESS_TITLE = re.compile(r"成功|正常|success|(?<![0-9])200(?![0-9])", re.IGNORECASE)
_FAILURE_TITLE = re.compile(
    r"错误|(?<!部分)失败|异常|error|fail|(?<![0-9])[45][0-9]{2}(?![0-9])", re.IGNORECASE
)
_FAILURE_PROSE = re.compile(r"错误|失败|异常|error|fail|exception|invalid", re.IGNORECASE)
_STATED = re.compile(
    r"(?<![\w非不除.-])[\"'“‘]?([A-Za-z0-9_]{1,24})[\"'”’]?\s*(?:[-—:：=]+|表示|代表|为|是|即)?\s*"
    r"(?:请求|调用|操作|处理|业务|交易|接口)?(?:成功|正常)",
    re.ASCII,
)
_CODE_LIKE = re.compile(r"[A-Za-z0-9_.-]{1,24}")


def successes_stated(description: str) -> tuple[str, ...]:
    """Give the codes of which a row says that they mean a success: `0：成功，1：失败`."""
    return tuple(found[1] for found in _STATED.finditer(description))


def looks_successful(code: object) -> bool:
    """Say whether a value is one that people write for a success: 0, "000", 200, "OK", true."""
    text = str(code).strip().casefold()
    return text in SUCCESSES or (bool(text) and not text.strip("0"))


def looks_failed(code: object) -> bool:
    """Say whether a value is one that people write for a failure: 500, -1, "FAIL", false."""
    return FAILURES.fullmatch(str(code).strip().casefold()) is not None


def said_of(title: str) -> bool | None:
    """Give what a title says of a sample: a success, a failure, or nothing."""
    if _SUCCESS_TITLE.search(title) and not _NO_SUCCESS_TITLE.search(title):
        return True
    return False if _FAILURE_TITLE.search(title) else None


def speaks_of_failure(text: str) -> bool:
    """Say whether a text that people read speaks of a failure."""
    return _FAILURE_PROSE.search(text) is not None


def is_code_like(value: object) -> bool:
    """Say whether a value could be a business code: a short word, an integer, a flag."""
    if isinstance(value, str):
        return _CODE_LIKE.fullmatch(value) is not None
    return isinstance(value, int)
