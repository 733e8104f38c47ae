"""What is wrong with a request → the documented failure that says it best.

The failures of an operation are its examples of failed calls, and its answers with a status of
4xx, or of 5xx where an example speaks of what is held. What they say is compared by words: those of
the subject, and those of what is wrong, the fittest first. To add a way of saying it: a word here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from contract.instances import present
from contract.spec.operations import DocumentedResponse, Operation
from contract.spec.yaml_text import Located
from mock_server.answers.replies import Reply, ServedOperation

_LONGEST = 500
"""How many characters of a text of an example may be a message."""


class HeldTo(Enum):
    """What a request is held to."""

    CAPTCHA = "captcha"
    TOKEN = "token"  # noqa: S105 - no secret


class Mistake(Enum):
    """What can be wrong with it."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    DIFFERENT = "different"


def _words(*groups: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(group, re.IGNORECASE) for group in groups)


_EXPIRED = r"过期|超时|逾期|已过有效期|expired?\b|timed? ?out"
_INVALID = r"失效|无效|invalid|非法"
_DIFFERENT = (
    r"错误|有误|输错|有错|不正确|不对|不匹配|不一致|不符|不合法|[未不]通过|校验失败|验证失败"
    r"|wrong|incorrect|mismatch|(not|n't) match|does not pass"
)
_UNKNOWN = r"不存在|未找到|找不到|查无|无此|没有找到|未知|not found|not exist|unknown|no such"
_USED = (
    r"已使用|已被使用|使用过|已用|用过|重复|已验证|已核销|只能(使)?用一次"
    r"|already|\bused\b|once|replay|reuse"
)
_MISSING = (
    r"为空|必填|缺少|缺失|请输入|未输入|未填|未登录|请登录|请先登录|missing|required|empty|blank"
)
_FAILED = r"失败|fail"
_NUMBER = r"编号|标识|流水号|序号|(?<![a-z])(id|key|uuid)(?![a-z])"
"""What names the number of a captcha, and not what its picture shows."""
_TITLE = re.compile(
    r"(错误|失败|异常|出错|error|failure)[\s的]*(请求|返回|应答|响应|报文|业务|数据|结果)*"
    r"(样例|示例|例子|样本|报文|结果|数据|examples?|samples?|response)|^(error|failure)(-\d+)?$",
    re.IGNORECASE,
)
"""What the title or the name of an example says of every failure: 错误样例, error-2."""

_OF_WHAT_IS_WRONG: Mapping[Mistake, Sequence[re.Pattern[str]]] = {
    Mistake.DIFFERENT: _words(
        rf"(?m)^(?!.*(?:{_NUMBER})).*(?:{_DIFFERENT})", _DIFFERENT, _INVALID, _FAILED
    ),
    Mistake.EXPIRED: _words(_EXPIRED, _INVALID, _UNKNOWN, _DIFFERENT, _FAILED),
    Mistake.USED: _words(_USED, _INVALID, _EXPIRED, _UNKNOWN, _DIFFERENT, _FAILED),
    Mistake.UNKNOWN: _words(
        _UNKNOWN, rf"(?:{_NUMBER}).*(?:{_DIFFERENT})", _INVALID, _EXPIRED, _DIFFERENT, _FAILED
    ),
    Mistake.MISSING: _words(_MISSING, _DIFFERENT, _INVALID, _UNKNOWN, _EXPIRED, _FAILED),
}
"""The words of each thing that can be wrong, the fittest first."""

_OF_SUBJECT: Mapping[HeldTo, re.Pattern[str]] = {
    HeldTo.CAPTCHA: re.compile(
        r"(?<!短信)(?<!手机)(?<!邮箱)(?<!语音)(?<!动态)(验证码|校验码)|图形|图片|图文|captcha|picture"
        r"|(verif\w*|image|img|check) ?_?code",
        re.IGNORECASE,
    ),
    HeldTo.TOKEN: re.compile(
        r"令牌|token|登录(状?态)?(已?过期|失效|超时)|未登录|请(先|重新)?登[录陆]|重新登[录陆]|凭证|会话"
        r"|未授权|未认证|认证失败|鉴权|身份|unauthori[sz]ed|not logged|log ?in again|session",
        re.IGNORECASE,
    ),
}
"""The words of each subject."""

_OTHER_SUBJECTS: Mapping[HeldTo, re.Pattern[str]] = {
    HeldTo.CAPTCHA: re.compile(
        r"密码|账号|账户|帐号|用户|手机|短信|邮箱|余额|锁定|冻结|令牌|token|password|account|user|sms"
        r"|locked|权限|频繁",
        re.IGNORECASE,
    ),
    HeldTo.TOKEN: re.compile(r"验证码|密码|余额|锁定|captcha|password|sms", re.IGNORECASE),
}
"""The words of other subjects: a failure that speaks of them is chosen last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedFailure:
    """A documented failure: what is sent, and all that its documentation says of it.

    `example` is None where nothing shows it, so that it is made as its schema says.
    """

    reply: Reply
    example: str | None
    said: str


def failures_of(served: ServedOperation) -> tuple[DocumentedFailure, ...]:
    """List the documented failures of an operation, in the order of the spec."""
    shown = [
        DocumentedFailure(
            reply=served.good, example=name, said=_said(served.good.documented, name, value)
        )
        for name, value in served.good.examples.items()
        if _fails(served.operation, name, value)
    ]
    return (*shown, *_with_status(served))


def _with_status(served: ServedOperation) -> Iterator[DocumentedFailure]:
    for reply in served.replies.values():
        documented = reply.documented
        if reply.status < HTTPStatus.BAD_REQUEST or not documented.key.isdecimal():
            continue
        is_refusal = reply.status < HTTPStatus.INTERNAL_SERVER_ERROR
        for name, value in reply.examples.items():
            said = _said(documented, name, value)
            if is_refusal or any(each.search(said) for each in _OF_SUBJECT.values()):
                yield DocumentedFailure(reply=reply, example=name, said=said)
        if is_refusal and not reply.examples:
            yield DocumentedFailure(reply=reply, example=None, said=_said(documented, "", None))


def _fails(operation: Operation, name: str, value: object) -> bool:
    """Say whether an example shows a failed call: by its schema, its business code, or its name."""
    code = operation.business_code
    if code is not None:
        listed = code.schema["x-business-success"]
        good = listed if isinstance(listed, list) else [listed]
        found = [each.value for each in present(value, code.path)]
        if found:
            return all(each not in good for each in found)
    return name not in operation.success or re.match("error|fail|错误|失败", name) is not None


def _said(documented: DocumentedResponse, name: str, value: object) -> str:
    described = [str(documented.node.get("description", ""))]
    content = documented.node.get("content")
    media = content.get(documented.media_type) if isinstance(content, Located) else None
    examples = media.get("examples") if isinstance(media, Located) else None
    example = examples.get(name) if isinstance(examples, Located) else None
    if isinstance(example, Located):
        described = [str(example.get("summary", "")), str(example.get("description", ""))]
    said = (_TITLE.sub("", each) for each in (*described, name))
    return "\n".join([*said, *_texts(value)])


def _texts(value: object) -> Iterator[str]:
    """Give the texts that an example holds; pictures are none."""
    if isinstance(value, str) and len(value) <= _LONGEST:
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def chosen(
    failures: Sequence[DocumentedFailure], subject: HeldTo, wrong: Mistake
) -> DocumentedFailure | None:
    """Choose the failure that says best what is wrong; None where none is documented."""
    return max(failures, key=lambda each: _fitness(each, subject, wrong), default=None)


def _fitness(
    failure: DocumentedFailure, subject: HeldTo, wrong: Mistake
) -> tuple[bool, bool, bool, int]:
    about = _OF_SUBJECT[subject].search(failure.said) is not None
    elsewhere = not about and _OTHER_SUBJECTS[subject].search(failure.said) is not None
    unauthorized = subject is HeldTo.TOKEN and failure.reply.status == HTTPStatus.UNAUTHORIZED
    words = _OF_WHAT_IS_WRONG[wrong]
    rank = next((at for at, each in enumerate(words) if each.search(failure.said)), len(words))
    return about or unauthorized, unauthorized, not elsewhere, -rank
