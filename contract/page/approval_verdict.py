"""The verdict on a change, and what it does not rest on.

A change that breaks today's recorded answers is worse than one that may break someone; a change
that needs a decision is no bad change. What was not proved is said beside each verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contract.changes import Effect
from contract.page.plain_words import Said
from contract.page.traffic_verdict import TrafficVerdict


class Advice(StrEnum):
    """What an approver is advised to do."""

    BREAKS = "breaks"
    DECIDE = "decide"
    APPROVE = "approve"
    NOTHING = "nothing"


ADVICE: Mapping[Advice, Said] = {
    Advice.BREAKS: Said(
        "{1} 条录制的应答中有 {0} 条会被破坏", "would break {0} of {1} recorded answers"
    ),
    Advice.DECIDE: Said("需要决定", "needs a decision"),
    Advice.APPROVE: Said("可以批准", "can be approved"),
    Advice.NOTHING: Said("没有变更", "nothing changed"),
}
"""The verdict in both languages; of what breaks, with the number of answers, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalVerdict:
    """What the verdict rests on.

    Attributes:
        effects: the class of every change.
        documented: whether some operation differs, if only in its document.
        traffic: what the recordings say.
        findings: how many findings are open.
        new_findings: how many of these the old version does not have; None where that is unknown.
        apart: how many operations cannot be read.
        waived: how many breaking changes and findings are waived.
    """

    effects: tuple[str, ...]
    documented: bool
    traffic: tuple[TrafficVerdict, ...]
    findings: int
    new_findings: int | None = None
    apart: int = 0
    waived: int = 0

    def count(self, effect: Effect) -> int:
        """Count the changes of one class."""
        return self.effects.count(effect.value)

    @property
    def harmed(self) -> int:
        """How many recorded calls the change breaks."""
        return sum(each.harmed for each in self.traffic)

    @property
    def calls(self) -> int:
        """How many recorded calls could be judged, or call what is removed."""
        return sum(each.calls if each.removed else each.judged for each in self.traffic)

    @property
    def advice(self) -> Advice:
        """The verdict."""
        if self.harmed:
            return Advice.BREAKS
        lost = any(each.lost for each in self.traffic)
        if self.count(Effect.BREAKING) or self.findings or lost or self.apart:
            return Advice.DECIDE
        changed = self.effects or self.documented or self.waived
        return Advice.APPROVE if changed else Advice.NOTHING

    @property
    def words(self) -> Said:
        """The verdict in both languages."""
        chinese, english = ADVICE[self.advice]
        numbers = self.harmed, self.calls
        return Said(chinese.format(*numbers), english.format(*numbers))

    @property
    def exit_status(self) -> int:
        """0 where nothing breaks and nothing is open, else 1."""
        return int(self.advice in {Advice.BREAKS, Advice.DECIDE})

    @property
    def reasons(self) -> tuple[Said, ...]:
        """Why it is this verdict, the worst first."""
        return tuple(self._reasons())

    def _reasons(self) -> Iterator[Said]:
        if self.calls and not self.harmed:
            yield Said(
                f"{self.calls} 条录制的应答都不会因此不符合契约",
                f"breaks none of {self.calls} recorded answers",
            )
        lost = sum(each.lost for each in self.traffic)
        if lost:
            yield Said(
                f"{lost} 条录制的应答按旧契约可以判定，按新契约无法判定",
                f"{lost} recorded answer{_s(lost)} can no longer be judged",
            )
        for effect, words in _EFFECTS.items():
            if number := self.count(effect):
                yield Said(words.chinese.format(number), words.english.format(number, s=_s(number)))
        if not self.effects and not self.waived:
            yield Said("契约没有变化", "the spec did not change")
        if self.findings:
            came = self.new_findings
            chinese, english = (
                ("", "") if came is None else (f"，其中 {came} 处是新增的", f", {came} new")
            )
            yield Said(
                f"{self.findings} 处待处理{chinese}",
                f"{self.findings} open finding{_s(self.findings)}{english}",
            )
        else:
            yield Said("无待处理", "no open findings")
        if self.waived:
            yield Said(f"{self.waived} 处已豁免", f"{self.waived} waived")


_EFFECTS: Mapping[Effect, Said] = {
    Effect.BREAKING: Said("{} 处破坏性变更", "{} breaking change{s}"),
    Effect.COMPATIBLE: Said("{} 处兼容变更", "{} compatible change{s}"),
    Effect.DOCUMENTATION: Said("{} 处仅文档变更", "{} change{s} of documentation only"),
}


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def doubts(
    traffic: Sequence[TrafficVerdict] | None,
    changed: Sequence[str],
    unread: Sequence[str],
    apart: Sequence[str] = (),
) -> Iterator[Said]:
    """Say what the verdict does not rest on.

    Args:
        traffic: what the recordings say; None where there is none.
        changed: the operations that changed or were removed.
        unread: why documents could not be read.
        apart: the operations that could not be read, each with its reason.
    """
    if traffic is None:
        yield Said(
            "没有录制流量，不知道今天的应答是否符合新契约（--traffic）",
            "no recorded traffic: whether today's answers keep the new spec is not known "
            "(--traffic)",
        )
    else:
        yield from _of_traffic(traffic, changed)
    for reason in apart[:_MOST]:
        yield Said(
            f"接口无法读取，未比较：{reason}",
            f"an operation cannot be read, so it is not compared: {reason}",
        )
    if len(apart) > _MOST:
        more = len(apart) - _MOST
        yield Said(f"另有 {more} 个接口无法读取", f"{more} more operations cannot be read")
    for problem in unread:
        yield Said(f"文档无法读取：{problem}", f"a document cannot be read: {problem}")


def _of_traffic(traffic: Sequence[TrafficVerdict], changed: Sequence[str]) -> Iterator[Said]:
    judged = {each.operation for each in traffic if each.judged or each.removed}
    missing = [name for name in changed if name not in judged]
    if missing:
        listed = _few(missing)
        yield Said(
            f"没有可判定的录制应答：{listed}", f"no recorded answer can be judged of: {listed}"
        )
    unjudged = sum(each.calls - each.judged for each in traffic if not each.removed)
    if unjudged:
        yield Said(
            f"{unjudged} 条录制的应答无法判定", f"{unjudged} recorded answers are not judged"
        )
    yield Said(
        "录制的请求不作判定，只判定应答", "requests in recordings are not judged, only answers"
    )


_MOST = 5


def _few(names: Sequence[str]) -> str:
    more = f", … ({len(names)})" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
