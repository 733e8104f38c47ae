"""The words by which rows speak of captchas and tokens, in descriptions and in names.

Descriptions are compared as `word` writes them, names without case and separators. To add a way of
saying it: a word here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from contract.documents import Row
from contract.documents.cells import Kind, word

_CLAUSE = re.compile(r"[，,。；;（(:：、]")
_SEPARATORS = re.compile(r"[\W_]+")

_NUMBER = re.compile(
    r"(图片|图形|图像|图|验证码|校验码|captcha)(的|对应的?)?(图片)?(唯一|唯一的)?"
    r"(编号|编码|标识符?|id|key|键值?|序号|uuid|token|令牌|流水号?|序列号|number|identifier)"
)
_NUMBER_NAME = re.compile(
    r"(img|image|pic|picture|captcha|kaptcha|verify|ver|verification|valid|validate|check|graph|v)?"
    r"(img|image|code|captcha)?(id|key|uuid|token|no|sn|number|uid|ticket)"
)
_PLAIN_NUMBERS = frozenset(
    {"uuid", "key", "id", "uid", "token", "ticket", "nonce", "rid", "randomstr", "random", "sn"}
    | {"codekey", "codeid", "no", "clientid", "sessionid"}
)
"""Names of numbers only where they stand beside the picture of a captcha."""

_ANSWER = re.compile(
    r"(图形|图片|图像|图文|图)(验证码|校验码|码)|验证码图|k?captcha|verif(y|ication)code"
)
_ANSWER_NAME = re.compile(
    r"(img|image|pic|picture|graph|graphic|captcha|kaptcha|verify|ver|verification|valid|validate"
    r"|validation|check|v)(code|value|text|answer|val|result)|captcha|kaptcha|imgcaptcha"
)
_SHOWN = re.compile(
    r"图(片|形|像)?(上|中|里|内)?(所示|显示)?的?(字符|文字|字母|数字|算式|结果|答案)|计算结果"
)
_ANY_CODE = re.compile(r"验证码|校验码")
_OTHER_CODE = re.compile(
    r"短信|手机|邮箱|邮件|语音|动态|谷歌|令牌码|滑块|行为|人机|sms|e?mail|mobile|phone|otp"
    r"|google|slider|邀请|推荐"
)
"""What sends or shows a code that is no picture's."""

_CERTAIN = 3
"""The rank of an answer that speaks of a picture."""

_ABOUT_CAPTCHAS = re.compile(
    r"(图形|图片|图像|图)(验证码|校验码)|验证码|校验码|k?captcha|imgcode|imagecode|verifycode"
    r"|validcode|validatecode|vercode|checkcode|codeimage|codeimg|randomimage|verificationcode"
)
_PICTURE = re.compile(r"图|img|image|pic|base64|k?captcha|验证码|data")
_NO_PICTURE = re.compile(r"url|地址|链接|路径|path|宽|高|width|height|格式|类型|type|开关|是否")
_BASE64 = re.compile(r"data:image/|/9j/|iVBOR|R0lGOD|Qk|UklGR|PHN2Zy|[A-Za-z0-9+/\s]{64}")

_TOKEN = re.compile(r"(令牌|token|凭证|凭据|票据)(值|串|字符串|信息|内容)?$")
_TOKEN_NAME = re.compile(r"(\w*)(token|jwt)(value)?|authorization|xauth|ticket")
_NO_TOKEN = re.compile(
    r"验证码|图形|图片|captcha|推送|设备|device|push|csrf|xsrf|防重|幂等|重复提交|上传|upload|微信"
    r"|支付|第三方|小程序|wechat|wx|alipay|类型|type|有效|过期|expire|前缀|名称|name|header|head"
    r"|长度|时间|time|签名|sign|短信|sms"
)
_REFUSES_TOKEN = re.compile(
    r"令牌|token|登录(状?态)?(已?过期|失效|超时)|(未|请先?|请?重新)登[录陆]|凭证|会话|未授权|未认证|鉴权",
    re.IGNORECASE,
)
_NAMED_BY_CLIENT = frozenset(
    {"deviceid", "deviceno", "devicecode", "device", "imei", "udid", "timestamp", "time", "t", "ts"}
    | {"clientid", "requestid", "seqno", "serialno", "randomkey", "randomcode", "guid", "machineid"}
    | {"randomid", "randcode", "captcharandom", "mark", "sid", "session", "rand"}
)
"""Names that a client may give to its captcha, besides those of numbers."""
_NO_NAME = re.compile(r"sign|app(id|key)|secret|tenant|version|channel|platform|width|height|type")
_SPEAKS_OF_NAME = re.compile(r"随机|唯一|标识|uuid|时间戳|设备|客户端生成|前端生成|自定义|key")
_LOGGING_IN = re.compile(
    r"password|passwd|pwd|密码|口令|验证码|captcha|smscode|openid|jscode|授权码|secret|密钥"
    r"|账号|帐号|用户名|登录名|username|loginname|account|手机号|mobile|phone"
)


def bare(name: str) -> str:
    """Write a name as names are compared: `img_code_id` and `imgCodeId` are the same."""
    return _SEPARATORS.sub("", name).casefold()


def _said(row: Row) -> str:
    """Give what a row says first of its value, as words are compared."""
    return word(_CLAUSE.split(row.description, maxsplit=1)[0])


def _may_number(row: Row) -> bool:
    return _is_text(row) or row.kind in {Kind.INTEGER, Kind.LONG, Kind.NUMBER}


def _is_text(row: Row) -> bool:
    return row.kind in {None, Kind.STRING, Kind.ANY}


def is_number(row: Row) -> bool:
    """Say whether a row speaks of the number of a captcha: 图片编号, captchaId."""
    if not _may_number(row) or _OTHER_CODE.search(_said(row)):
        return False
    named = _NUMBER_NAME.fullmatch(bare(row.name))
    is_named = named is not None and bool(named[1] or named[2])
    about = _ABOUT_CAPTCHAS.search(f"{bare(row.name)} {_said(row)}") or not row.description
    return bool(_NUMBER.search(_said(row))) or (is_named and bool(about))


def may_be_number(row: Row) -> bool:
    """Say whether a row beside a picture can be its number: uuid, key, 唯一标识."""
    spoken = re.search(r"标识|编号|uuid|key|唯一", _said(row))
    return _may_number(row) and (bare(row.name) in _PLAIN_NUMBERS or bool(spoken))


def answer_rank(row: Row) -> int:
    """Say how surely a row of a request is what a picture shows: 3 by its words, 0 not at all."""
    text, name = _said(row), bare(row.name)
    if not _is_text(row) or _OTHER_CODE.search(text) or _OTHER_CODE.search(name):
        return 0
    if _NUMBER.search(text):
        return 0
    if _ANSWER.search(text):
        return 3
    if _ANSWER_NAME.fullmatch(name):
        return 2
    return 1 if _ANY_CODE.search(text) else 0


def may_be_sent(answer: Row, rows: Sequence[Row]) -> bool:
    """Say whether a code may as well be one that was sent to a phone: 手机号 and no 密码."""
    said = [f"{bare(row.name)} {_said(row)}" for row in rows]
    has_phone = any(re.search(r"手机|邮箱|mobile|phone|mail", each) for each in said)
    has_password = any(re.search(r"密码|口令|password|passwd|pwd|pin", each) for each in said)
    return answer_rank(answer) < _CERTAIN and has_phone and not has_password


def may_be_answer(row: Row) -> bool:
    """Say whether a row beside the known number of a captcha can be what its picture shows."""
    said = word(row.description)
    if not _is_text(row) or _OTHER_CODE.search(f"{said} {bare(row.name)}"):
        return False
    return bool(_SHOWN.search(said) or _ANY_CODE.search(said))


def is_about_captchas(text: str) -> bool:
    """Say whether a title, a path or a row speaks of captchas, and not of codes by SMS."""
    plain = bare(word(text))
    return bool(_ABOUT_CAPTCHAS.search(plain)) and not _OTHER_CODE.search(plain)


def may_be_picture(row: Row, shown: object) -> bool:
    """Say whether a row of an answer about captchas is the picture.

    Args:
        row: describes it.
        shown: what a sample shows; None where none does.
    """
    text = f"{bare(row.name)} {_said(row)}"
    if not _is_text(row) or _NO_PICTURE.search(text):
        return False
    if shown is None:
        return bool(re.search(r"base64|图片|图像|图形|img|image|pic", text)) and not is_number(row)
    return isinstance(shown, str) and bool(_PICTURE.search(text) and _BASE64.match(shown))


def leads_to_picture(row: Row) -> bool:
    """Say whether a row of an answer about captchas is the address of the picture."""
    text = f"{bare(row.name)} {_said(row)}"
    return _is_text(row) and bool(
        re.search(r"url|地址|链接|路径|src", text) and _PICTURE.search(text)
    )


def is_token(row: Row) -> bool:
    """Say whether a row speaks of a token: 令牌, access_token."""
    text, name = _said(row), bare(row.name)
    if not _is_text(row) or _NO_TOKEN.search(text) or _NO_TOKEN.search(name):
        return False
    return bool(_TOKEN.search(text) or _TOKEN_NAME.fullmatch(name))


def refuses_token(text: str) -> bool:
    """Say whether a message says that a token is missing, wrong or too old."""
    return bool(_REFUSES_TOKEN.search(text)) and not is_about_captchas(text)


def may_be_name(row: Row) -> bool:
    """Say whether a row of what gives captchas can be the client's name of one: uuid, 设备号."""
    name = bare(row.name)
    if not _may_number(row) or _NO_NAME.search(name):
        return False
    known = name in _PLAIN_NUMBERS or name in _NAMED_BY_CLIENT
    return known or is_number(row) or bool(_SPEAKS_OF_NAME.search(_said(row)))


def names_client(row: Row) -> bool:
    """Say whether a row names a client rather than a request, so that every request may have it."""
    return bool(re.search(r"device|imei|uuid|udid|client|设备", f"{bare(row.name)} {_said(row)}"))


def logs_in(row: Row) -> bool:
    """Say whether a row of a request is what somebody logs in with: 密码, 手机号, username."""
    return bool(_LOGGING_IN.search(f"{bare(row.name)} {_said(row)}"))
