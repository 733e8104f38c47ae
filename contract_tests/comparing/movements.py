"""The one registry of movements: every kind of difference that `compare` tells.

To add one: its entry here, and the place in `comparison.py` that finds it. Nothing else knows a
movement by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.registry import Entry, registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement(Entry):
    """A kind of difference between two sides.

    Attributes:
        title: its name in reports, in English and in Chinese.
        exit_status: of a comparison that tells it; empty where nobody has to act on it.
    """

    title: tuple[str, str]
    exit_status: str = ""

    @property
    def act(self) -> bool:
        """Whether a reader must act on it."""
        return bool(self.exit_status)


MOVEMENTS: Mapping[str, Movement] = registry(
    (
        Movement(
            name="ceased-to-conform",
            title=("ceased to conform", "不再符合"),
            english="A claim that no run of A found violated is violated in a run of B.",
            chinese="A 的各次运行均未发现某断言不符合，而 B 中至少一次不符合。",
            exit_status="1",
        ),
        Movement(
            name="began-to-conform",
            title=("began to conform", "开始符合"),
            english="A claim that was violated in A is kept in every run of B.",
            chinese="某断言在 A 中不符合，而在 B 的各次运行中均符合。",
        ),
        Movement(
            name="warning-began",
            title=("a warning began", "出现提示"),
            english="A promise kept in A is broken in B, but does not count there: it is above the "
            "strictness, or waived.",
            chinese="某约定在 A 中符合，在 B 中不符合，但因高于严格程度或已豁免而不计入结论。",
        ),
        Movement(
            name="warning-ended",
            title=("a warning ended", "提示消失"),
            english="A promise that was broken in A, without counting there, is kept in B.",
            chinese="某约定在 A 中不符合（不计入结论），在 B 中符合。",
        ),
        Movement(
            name="no-longer-judged",
            title=("could no longer be judged", "不再能够判定"),
            english="An operation that had a verdict in every run of A has none in a run of B.",
            chinese="某接口在 A 的各次运行中均有结论，而在 B 中至少一次无法判定。",
            exit_status="1",
        ),
        Movement(
            name="judged-again",
            title=("can be judged again", "恢复判定"),
            english="An operation that had a verdict in no run of A has one in every run of B.",
            chinese="某接口在 A 的各次运行中均无法判定，而在 B 的各次运行中均有结论。",
        ),
        Movement(
            name="unjudged-moved",
            title=("the share of answers not judged moved", "未判定样本的比例变化"),
            english="More answers, or fewer, could not be judged than chance explains.",
            chinese="未判定样本的比例变化超出偶然范围。",
        ),
        Movement(
            name="operation-vanished",
            title=("the operation is missing", "接口缺失"),
            english="An operation of A is in no report of B.",
            chinese="A 中的接口在 B 的报告中均未出现。",
            exit_status="1",
        ),
        Movement(
            name="operation-appeared",
            title=("the operation is new", "新增接口"),
            english="An operation of B is in no report of A.",
            chinese="B 中的接口在 A 的报告中均未出现。",
        ),
        Movement(
            name="member-vanished",
            title=("the member vanished", "字段消失"),
            english="A member came in A, and never comes in B, or far more rarely than chance "
            "explains.",
            chinese="某字段在 A 中出现，在 B 中不再出现，或出现比例的下降超出偶然范围。",
            exit_status="1",
        ),
        Movement(
            name="member-appeared",
            title=("the member appeared", "字段出现"),
            english="A member never came in A and comes in B, or comes far more often than chance "
            "explains.",
            chinese="某字段在 A 中未出现，在 B 中出现，或出现比例的上升超出偶然范围。",
        ),
        Movement(
            name="type-changed",
            title=("the type changed", "类型变化"),
            english="The values of a member are of another JSON type.",
            chinese="字段值的 JSON 类型发生变化。",
            exit_status="1",
        ),
        Movement(
            name="length-moved",
            title=("the length moved", "长度变化"),
            english="The texts of a member are longer or shorter, by more than their lengths vary.",
            chinese="字段值的长度变化，且超出其自身波动。",
        ),
        Movement(
            name="picture-moved",
            title=("the picture moved", "图片变化"),
            english="The pictures of a member are of another type, width, height or number of "
            "bytes.",
            chinese="图片的类型、宽高或字节数发生变化。",
        ),
        Movement(
            name="latency-moved",
            title=("the latency moved", "耗时变化"),
            english="Answers take longer, or less long, by more than their times vary.",
            chinese="应答耗时变化，且超出其自身波动。",
        ),
    )
)
"""Every movement by its name, in the order of reports."""
