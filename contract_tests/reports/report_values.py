"""What every report tells: plain values, and what their verdicts and reasons are called.

`report.json` is these values as they are; the other reports lay them out. To tell something
more: add it here, gather it in `contents.py`, describe it in `report.schema.json`, and show it
where people should see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.findings import Place
from contract.judging.verdict import Verdict

VERSION = "1.0"
"""Of the form: a reader of 1.0 understands every 1.x."""

TRUTHS: Mapping[str, tuple[str, str]] = {
    "conforms": ("符合", "conforms"),
    "violates": ("不符合", "violates"),
    "inconclusive": ("无法判定", "inconclusive"),
    "warning": ("提示", "warning"),
    "waived": ("已豁免", "waived"),
    "moot": ("从略", "moot"),
}
"""What a verdict, or the weight of a finding, is called in Chinese and English."""

REASONS_IN_CHINESE: Mapping[str, str] = {
    "no-answer": "没有收到 HTTP 应答",
    "not-observed": "未调用；缺少参数",
    "unrecorded": "记录中没有应答体",
    "too-large": "应答过大，无法判定",
    "redirected": "被重定向；不跟随重定向",
    "access-refused": "访问被拒绝",
    "timed-out": "服务器等待超时",
    "rate-limited": "服务器要求减少调用",
    "server-error": "服务器出错",
    "not-the-service": "应答来自服务之前的设备",
    "refused-sometimes": "仅部分样本被拒绝",
    "business-error": "后台系统失败；字段未判定",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row of the document's field table, in its own words, and what came."""

    name: str
    required: str
    type: str
    max_length: str
    description: str
    observed: str
    verdict: Verdict
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One claim: its verdict is also moot, where another claim tells already what it would."""

    id: str
    level: str
    promise: str
    places: tuple[Place, ...]
    verdict: str
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """Why a finding does not fail, and until when."""

    reason: str
    ticket: str
    expires: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding: it violates, or it is a warning, or it is waived."""

    id: str
    subject: str
    claim: str
    level: str
    verdict: str
    pointer: str
    promise: str
    evidence: str
    places: tuple[Place, ...]
    samples: tuple[int, ...]
    of: int
    curl: str
    waiver: Waived | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """One sample that could not be judged."""

    sample: int
    reason: str
    meaning: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What came where a picture was promised; `data` only if it is one, of `media_type`."""

    pointer: str
    size: int | None
    sha256: str | None
    media_type: str | None
    width: int | None
    height: int | None
    problem: str | None
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One try of a call: a status, or a failure."""

    started: str | None
    seconds: float
    status: int | None
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One exchange; `earlier` are the tries before it."""

    sample: int
    started: str | None
    seconds: float
    waited: float
    status: int | None
    failure: str | None
    media_type: str | None
    size: int | None
    transferred: int | None
    judged: bool
    earlier: tuple[Tried, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One operation."""

    id: str
    summary: str
    method: str
    url: str
    document: str | None
    verdict: Verdict
    why: str | None
    hints: tuple[str, ...]
    curl: str
    samples: int
    judged: int
    fields: tuple[Field, ...]
    findings: tuple[Found, ...]
    unjudged: tuple[Unread, ...]
    claims: tuple[Claimed, ...]
    exchanges: tuple[Called, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that the reports tell."""

    version: str
    suite: str
    verdict: Verdict
    exit_status: int
    started: str
    strictness: str
    environment: str
    insecure: bool
    remarks: tuple[str, ...]
    operations: tuple[Judged, ...]
