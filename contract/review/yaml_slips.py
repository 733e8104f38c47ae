"""The slips of the hand in YAML that a line shows: how each looks, and what was meant.

A full-width colon, a smart quote or a tab breaks a file somewhere else, or changes what it says
without a word. To add a slip: its rule, and one entry of `IN_ANY`; in a broken text only, of
`IN_BROKEN`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from contract.findings import Level
from contract.review.openapi_objects import OBJECTS, fields
from contract.rules import Rule
from contract.spec.vocabulary import EXTENSIONS

_SOURCE = "YAML 1.2 §5, §6, §7: characters, indentation and flow styles"

FULL_WIDTH_MARK = Rule(
    name="full-width-mark",
    title="全角标点",
    english="The marks of YAML are ASCII: a colon, a comma or a bracket is not full-width.",
    chinese="YAML 的标点是半角字符：冒号、逗号、括号不用全角。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="summary：查询账户",
    right="summary: 查询账户",
)
SMART_QUOTE = Rule(
    name="smart-quote",
    title="弯引号",
    english="A value stands in straight quotes; smart quotes would be a part of it.",
    chinese="值写在直引号中；弯引号会成为值的一部分。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="x-business-success: [“000”]",
    right='x-business-success: ["000"]',
)
TAB_INDENT = Rule(
    name="tab-indentation",
    title="用制表符缩进",
    english="Lines are indented by spaces, never by tabs.",
    chinese="行首用空格缩进，不用制表符。",
    source="YAML 1.2 §6.1: tabs must not be used in indentation",
    level=Level.TABLE,
    broken="\t  operationId: findAccount",
    right="      operationId: findAccount",
)
ODD_SPACE = Rule(
    name="odd-space",
    title="看不见的字符",
    english="Blanks around names and values are plain spaces, and nothing invisible stands there.",
    chinese="名称和值前后的空白是普通空格，没有看不见的字符。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="summary:\u00a0查询账户",
    right="summary: 查询账户",
)
MISSING_SPACE = Rule(
    name="missing-space",
    title="冒号后缺少空格",
    english="A space follows the colon behind a name.",
    chinese="名称的冒号之后有一个空格。",
    source="YAML 1.2 §7.4.2: a colon without a blank behind it is a part of the text",
    level=Level.TABLE,
    broken="operationId:findAccount",
    right="operationId: findAccount",
)
UNCLOSED = Rule(
    name="unclosed",
    title="引号或括号未闭合",
    english="A quote or a bracket that opens in a line closes in it, or further down.",
    chinese="引号和括号成对出现。",
    source=_SOURCE,
    level=Level.TABLE,
    broken="required: [name, balance",
    right="required: [name, balance]",
)
AMBIGUOUS_WORD = Rule(
    name="ambiguous-word",
    title="yes、no、on、off 缺少引号",
    english="yes, no, on and off are quoted, because YAML 1.1 reads them as true and false.",
    chinese="yes、no、on、off 加引号，因为 YAML 1.1 会把它们读成布尔值。",
    source="YAML 1.1, the boolean type; YAML 1.2 §10.3.2",
    level=Level.TABLE,
    broken="msg: {x-sample: {type: string, enum: [no, 成功]}}",
    right="msg: {x-sample: {type: string}}",
)
RULES = (
    FULL_WIDTH_MARK,
    SMART_QUOTE,
    TAB_INDENT,
    ODD_SPACE,
    MISSING_SPACE,
    UNCLOSED,
    AMBIGUOUS_WORD,
)


@dataclass(frozen=True, slots=True)
class SlipPattern:
    """How a slip looks: its group `slip` is what is wrong; `mend` gives what was meant for it.

    Only lines in which `trigger` is found are looked at, because most lines are right.
    """

    rule: Rule
    trigger: re.Pattern[str]
    form: re.Pattern[str]
    evidence: str
    remedy: str
    mend: Callable[[str], str]
    in_quotes: bool = False


_OF_IMAGES = {"mediaType", "width", "height"}
_KEYWORDS = sorted(
    {name for kind in OBJECTS for name in fields(kind)} | EXTENSIONS | _OF_IMAGES,
    key=len,
    reverse=True,
)
_PROSE = {"description", "title", "summary", "example", "default", "value", "name"}
_KEY = "|".join(map(re.escape, _KEYWORDS))
_PLAIN_KEY = "|".join(re.escape(each) for each in _KEYWORDS if each not in _PROSE)
_LIST_KEY = "required|enum|tags|x-business-success"
_START = r"^[ \t]*+(?:- ++)*+"
_ODD = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_UNSEEN = "\u200b-\u200d\u2060\ufeff"
_HALF_WIDTH = str.maketrans("：，、［］【】｛｝", ":,,[][]{}")
_STRAIGHT = str.maketrans("“”‘’＂", '""\'\'"')
_NO_SPACE = r"[\w$]:(?=[^\s:/,}\]])"
_FLAG_WORD = "yes|no|on|off|Yes|No|On|Off|YES|NO|ON|OFF"


def _form(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


def _narrow(text: str) -> str:
    return text.translate(_HALF_WIDTH)


def _colon(text: str) -> str:
    return text.replace("：", ": ")


_COLON = "a full-width colon （：） stands here, and YAML needs a plain one"
_ASCII = "write the plain mark, and a space behind it"
IN_ANY = (
    SlipPattern(
        FULL_WIDTH_MARK,
        _form("："),
        _form(rf"(?:{_START}|[{{,][ ]*+)[\"']?(?:{_KEY})[\"']?[ ]*(?P<slip>：)"),
        _COLON,
        _ASCII,
        _colon,
    ),
    SlipPattern(
        FULL_WIDTH_MARK,
        _form("[，、]"),
        _form(
            rf"(?:{_LIST_KEY}): *\[[^\[\]{{}}\"'\n]*?(?P<slip>[，、][^\]\n]*)"
            rf"|[{{,] *+(?:{_KEY}): *+[^\n\"'{{}}\[\]]*?(?P<other>，)(?= *(?:{_KEY}) *[:：])"
        ),
        "a full-width comma stands here, and YAML needs a plain one",
        _ASCII,
        lambda text: _narrow(text).replace(",", ", "),
    ),
    SlipPattern(
        FULL_WIDTH_MARK,
        _form("[［【｛]"),
        _form(rf"(?:{_START}|[{{,] *+)(?:{_PLAIN_KEY}): *(?P<slip>[［【｛][^\n]*)"),
        "a full-width bracket stands here, and YAML needs a plain one",
        _ASCII,
        _narrow,
    ),
    SlipPattern(
        SMART_QUOTE,
        _form("[“”‘’＂]"),
        _form(
            rf"(?:{_PLAIN_KEY}): *+(?:\[[^\]\n]*?)?(?P<slip>[“”‘’＂][^\n]*)"
            rf"|{_START}(?P<other>[“‘][^“”‘’\n]*[”’])(?= *:(?: |$))"
        ),
        "smart quotes (“ ”) stand here, and are a part of the text",
        'write straight quotes, as in "000"',
        lambda text: text.translate(_STRAIGHT),
    ),
    SlipPattern(
        ODD_SPACE,
        _form(f"[{_ODD}]"),
        _form(
            rf"^[ ]*(?P<slip>[{_ODD}][ {_ODD}]*)(?=\S)"
            rf"|{_START}(?:{_KEY}):[ ]*(?P<other>[{_ODD}][ {_ODD}]*)"
            rf"|{_START}(?:{_KEY})(?P<third>[{_ODD}]+)(?= *:)"
            rf"|{_START}(?:{_PLAIN_KEY}): [^\"'\n]*?(?P<fourth>[{_ODD}]+)(?= *$)"
        ),
        "a blank that is no plain space, or something invisible, stands here",
        "replace it by a plain space, or remove it",
        lambda text: re.sub("[^ ]", " ", re.sub(f"[{_UNSEEN}]", "", text)),
    ),
    SlipPattern(
        MISSING_SPACE,
        _form(_NO_SPACE),
        _form(
            rf"{_START}(?:{_KEY})(?P<slip>:)(?=[^\s:/])"
            rf"|[{{,] *+(?:{_KEY})(?P<other>:)(?=[^\s,}}\]:/])"
        ),
        "no space follows the colon, so that it is a part of the text",
        "write a space behind the colon",
        lambda text: f"{text} ",
    ),
    SlipPattern(
        AMBIGUOUS_WORD,
        _form(rf"[ \[](?:{_FLAG_WORD})[ ,\]\r\n#]|(?:{_FLAG_WORD})$"),
        _form(
            rf"(?:enum|x-business-success): *\[(?:[^\]\n]*?, *)?(?P<slip>{_FLAG_WORD})(?= *[,\]])"
            rf"|{_START}(?:default|example|code): +(?P<other>{_FLAG_WORD})(?= *(?:#.*)?$)"
        ),
        "some readers of YAML take this for true or false",
        'quote it, as in "no"',
        lambda text: f'"{text}"',
    ),
)
IN_BROKEN = (
    SlipPattern(
        UNCLOSED,
        _form("[\"']"),
        _form(rf"{_START}(?P<slip>\"[^\"\n:]+|'[^'\n:]+)(?=:(?: |\r?$))"),
        "the quote that opens here is not closed",
        "close it before the colon",
        lambda text: text + text[0],
    ),
    SlipPattern(
        SMART_QUOTE,
        _form("”"),
        _form(r"(?:[:\-\[{,]) *\"[^\"“”\n]*(?P<slip>”)(?= *(?:[,\]}]|$))"),
        "a smart quote stands here, and does not close the straight one",
        'write straight quotes, as in "000"',
        lambda text: text.translate(_STRAIGHT),
        in_quotes=True,
    ),
    SlipPattern(
        FULL_WIDTH_MARK,
        _form("："),
        _form(rf"{_START}[\"']?[\w/{{}}$.-]+[\"']?[ ]*(?P<slip>：)"),
        _COLON,
        _ASCII,
        _colon,
    ),
    SlipPattern(
        MISSING_SPACE,
        _form(_NO_SPACE),
        _form(rf"{_START}[A-Za-z_][\w-]*(?P<slip>:)(?=[^\s:/])"),
        "no space follows the colon, so that it is a part of the text",
        "write a space behind the colon",
        lambda text: f"{text} ",
    ),
)
"""The slips that are surely some only where the text is not YAML."""
