"""Checks of what no document promises and every good service keeps: the level `strict`.

Each judges the `Reading` of an answer as a whole. To add one: write a function here, with
`@check(NAME, ANSWER, …)`, and a fault that breaks it in `mock_server/faults/`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from contract.findings import Level
from contract.instances import instances
from contract.json_pointer import pointer_of
from contract.judging.checks.check import ANSWER, Clause, WordedClause, check, each_value
from contract.judging.checks.documented_names import likely_meant
from contract.judging.content import BOM
from contract.judging.content_codings import unknown_codings
from contract.judging.exchange import Response
from contract.judging.reading import JudgeableAnswer
from contract.spec.operations import Operation
from contract.spec.vocabulary import shown

PROMPT = 3.0
"""Seconds that a user waits for a captcha without wondering."""

_READ = ("accepted", "json")
_LISTED = 3
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CACHES = ("X-Cache", "CF-Cache-Status", "Cache-Status")
_HIT = re.compile(r"(?:^|[,;]\s*)(?:tcp_(?:mem_)?)?hit(?![\w.=-])", re.IGNORECASE)


@check(
    "documented",
    ANSWER,
    english="No object has a member that neither the field table nor the sample shows.",
    chinese="应答中没有文档未说明的字段。",
    source="the field table and the 应答样例; a client may come to rely on undocumented members",
    level=Level.STRICT,
    after=_READ,
    broken='{"code": "000", "msg": "成功", "data": {…}, "debug": "node 3"}',
    right='{"code": "000", "msg": "成功", "data": {…}}',
)
def no_member_is_undocumented(clause: Clause) -> WordedClause | None:
    """No object has a member that neither its rows nor the sample show.

    A name that seems to be a misspelling of a missing required member belongs to that finding.
    """
    documented, members = clause.documented, clause.operation.members
    needed = {
        path: [each.name for each in members if each.path[:-1] == path and each.required]
        for path in documented
    }

    def judge(reading: object) -> str | None:
        if not isinstance(reading, JudgeableAnswer):
            return None
        undocumented = [
            pointer_of((*found.steps, name))
            for path, names in documented.items()
            for found in instances(reading.value, path)
            if isinstance(found.value, dict)
            for name in _undocumented(found.value, names, needed[path])
        ]
        return _first_few(undocumented)

    return WordedClause("only documented members", "没有文档未说明的字段", each_value(judge))


def _undocumented(
    holder: Mapping[str, object], known: Collection[str], needed: Collection[str]
) -> Iterator[str]:
    meant = {likely_meant(name, holder, known) for name in needed if name not in holder}
    return (name for name in holder if name not in known and name not in meant)


@check(
    "names-once",
    ANSWER,
    english="No object of the JSON names a member twice.",
    chinese="JSON 对象中没有重复的成员名。",
    source="RFC 8259 §4: readers differ in which of the two values they take",
    level=Level.STRICT,
    after=_READ,
    broken='{"code": "000", "code": "999"}',
    right='{"code": "000"}',
)
def names_stand_once(_: Clause) -> WordedClause | None:
    """No object of the JSON names a member twice: readers differ in which of the two they take."""

    def judge(reading: object) -> str | None:
        return _first_few(reading.repeated) if isinstance(reading, JudgeableAnswer) else None

    return WordedClause(
        "no object names a member twice (RFC 8259 §4)",
        "对象中没有重复的成员名（RFC 8259 §4）",
        each_value(judge),
    )


@check(
    "no-bom",
    ANSWER,
    english="No byte order mark stands before the JSON.",
    chinese="JSON 前没有字节顺序标记（BOM）。",
    source="RFC 8259 §8.1: a reader may refuse it",
    level=Level.STRICT,
    after=_READ,
    recorded=False,  # the bodies of a recording are texts that a browser decoded
    broken='EF BB BF, then {"code": "000"}',
    right='{"code": "000"}',
)
def no_bom_stands_before(_: Clause) -> WordedClause | None:
    """The JSON begins without a byte order mark, which a reader may refuse."""

    def judge(reading: object) -> str | None:
        marked = isinstance(reading, JudgeableAnswer) and reading.response.body.startswith(BOM)
        return "a byte order mark stands before the JSON" if marked else None

    return WordedClause(
        "no byte order mark (RFC 8259 §8.1)",
        "没有字节顺序标记 BOM（RFC 8259 §8.1）",
        each_value(judge),
    )


@check(
    "content-coding",
    ANSWER,
    english="A Content-Encoding names only codings that clients know.",
    chinese="Content-Encoding 只写客户端认识的编码。",
    source="RFC 9110 §8.4: a strict client refuses a coding that it does not know",
    level=Level.STRICT,
    after=_READ,
    broken="Content-Encoding: utf-8",
    right="no Content-Encoding, or Content-Encoding: gzip",
)
def content_coding_is_known(_: Clause) -> WordedClause | None:
    """The answer names no Content-Encoding that browsers do not know, such as a charset."""

    def judge(reading: object) -> str | None:
        if not isinstance(reading, JudgeableAnswer):
            return None
        unknown = unknown_codings(reading.response)
        return f"Content-Encoding: {_first_few(unknown)}" if unknown else None

    return WordedClause(
        "only a Content-Encoding that clients know (RFC 9110 §8.4)",
        "Content-Encoding 只写客户端认识的编码（RFC 9110 §8.4）",
        each_value(judge),
    )


@check(
    "prompt",
    ANSWER,
    english="The whole answer arrives within three seconds.",
    chinese="三秒内返回完整应答。",
    source="how long a user waits for a captcha without wondering",
    level=Level.STRICT,
    after=_READ,
    broken="the last byte came after 3.40 s",
    right="the last byte came after 0.08 s",
)
def answer_is_prompt(_: Clause) -> WordedClause | None:
    """The whole answer arrives within three seconds."""

    def judge(reading: object) -> str | None:
        if isinstance(reading, JudgeableAnswer) and reading.seconds > PROMPT:
            return f"it took {reading.seconds:.2f} s"
        return None

    return WordedClause(
        f"answered within {PROMPT:g} s", f"{PROMPT:g} 秒内返回完整应答", each_value(judge)
    )


@check(
    "not-cached",
    ANSWER,
    english="An answer that must be fresh does not come from a cache, and does not allow caching.",
    chinese="必须实时生成的应答，既不来自缓存，也不允许被缓存。",
    source="RFC 9111 §4.2.1, §5.1, §5.2.2 and §5.3; for calls that change something, "
    "and answers with unique values (x-unique)",
    level=Level.STRICT,
    after=_READ,
    broken="Cache-Control: max-age=60",
    right="Cache-Control: no-store",
)
def answer_is_fresh(clause: Clause) -> WordedClause | None:
    """The answer was made for this call, and no cache may use it for the next."""
    if not _must_be_fresh(clause.operation):
        return None

    def judge(reading: object) -> str | None:
        return cached(reading.response) if isinstance(reading, JudgeableAnswer) else None

    return WordedClause(
        "made anew for every call, and not cacheable (RFC 9111)",
        "每次调用重新生成，不得重复使用（RFC 9111）",
        each_value(judge),
    )


def _must_be_fresh(operation: Operation) -> bool:
    """Say whether an old answer is wrong: the call changes something, or values are unique."""
    unique = any(
        promise.keyword == "x-unique" for member in operation.members for promise in member.promises
    )
    return unique or operation.method not in _SAFE


def cached(response: Response) -> str | None:
    """Name the header by which an answer shows that it comes from a cache, or allows caching.

    It comes from a cache if it has an Age above 0 (RFC 9111 §5.1), or a cache says “hit”. It allows
    caching if it states a lifetime: `s-maxage` or `max-age` above 0, else an Expires after its Date
    (§4.2.1), or `public` without either; unless `no-store` or `no-cache` forbids it (§5.2.2).
    Caches reuse an answer to POST only for a later GET (RFC 9110 §9.3.3), but a server that states
    a lifetime wants it to be used. An ETag or a Last-Modified alone states no lifetime.
    """
    age = (response.header("Age") or "").strip()
    if re.fullmatch(r"[0-9]*[1-9][0-9]*", age):
        return f"Age: {shown(age)}"
    for name in _CACHES:
        value = response.header(name)
        if value is not None and _HIT.search(value):
            return f"{name}: {shown(value)}"
    return _lifetime(response)


def _lifetime(response: Response) -> str | None:
    """Name the header by which an answer allows a cache to use it again."""
    said = [value for name, value in response.headers if name.lower() == "cache-control"]
    directives = {
        name.strip().lower(): value.strip(' "')
        for name, _, value in (part.partition("=") for part in ",".join(said).split(","))
    }
    if directives.keys() & {"no-store", "no-cache"}:
        return None
    stated = [directives[name] for name in ("s-maxage", "max-age") if name in directives]
    if stated:
        lasts = any(value.isdecimal() and value.strip("0") for value in stated)
        return f"Cache-Control: {shown(', '.join(said))}" if lasts else None
    expires = response.header("Expires")
    if expires is not None:
        until, now = _moment(expires), _moment(response.header("Date") or "")
        return f"Expires: {shown(expires)}" if until and now and until > now else None
    return f"Cache-Control: {shown(', '.join(said))}" if "public" in directives else None


def _moment(text: str) -> datetime | None:
    """Read an HTTP date; None for an invalid one, which counts as past (RFC 9111 §5.3)."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _first_few(names: Collection[str]) -> str | None:
    """Show the first few of a server's names."""
    first = ", ".join(shown(name) for name in list(names)[:_LISTED])
    more = len(names) - _LISTED
    return (f"{first} and {more} more" if more > 0 else first) or None
