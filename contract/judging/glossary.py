"""The words that reports use, each explained once, in both languages.

To add a word: list it here; `explain` and the docs are made of this registry.
"""

from __future__ import annotations

from collections.abc import Mapping

from contract.judging.who_answered import ANSWERERS
from contract.registry import Entry, registry

__all__ = ["GLOSSARY"]

GLOSSARY: Mapping[str, Entry] = registry(
    (
        Entry(
            name="verdict",
            english="What is known of an operation, or of one claim, after judging it: conforms, "
            "violates or inconclusive. The three are never mixed.",
            chinese="结论：对一个接口或一条断言的判定结果，即符合、不符合或无法判定，三者互斥。",
        ),
        Entry(
            name="conforms",
            english="No promise that counts was broken, and enough samples were judged.",
            chinese="符合：没有违反任何计入结论的约定，并且判定的样本数量足够。",
        ),
        Entry(
            name="violates",
            english="At least one promise that counts was broken.",
            chinese="不符合：至少违反了一条计入结论的约定。",
        ),
        Entry(
            name="inconclusive",
            english="Too few answers could be judged, so nothing is known: exit status 69. This "
            "does not mean that the contract is broken.",
            chinese="无法判定：可判定的应答太少，不能得出结论，退出码为 69；不视为违反契约。",
        ),
        Entry(
            name="moot",
            english="A claim that could not be asked, because another claim about the same value "
            "was broken already. That finding says what is wrong; this one adds nothing. Behind a "
            "waived finding it is accepted with it.",
            chinese="从略：同一字段已违反另一条约定，这条断言无从判定；请看已报告的那一条。"
            "如果那一条已豁免，这条随之豁免。",
            broken="img is missing, so it cannot be judged as a picture",
        ),
        Entry(
            name="waived",
            english="A finding that is accepted until a date, for a stated reason. It is shown, "
            "and does not fail the run.",
            chinese="已豁免：写明理由、在到期日之前被接受的问题；仍会显示，但不导致失败。",
        ),
        Entry(
            name="warning",
            english="A finding above the strictness: it is shown, and does not fail the run.",
            chinese="提示：级别高于 --strictness 的问题；会显示，但不导致失败。",
        ),
        Entry(
            name="unjudged",
            english="A sample that says nothing about the contract, such as a login page or a 502. "
            "Its reason is named.",
            chinese="未判定的样本：与契约无关的应答，例如登录页或 502，并给出原因。",
        ),
        Entry(
            name="not judged",
            english="What a report says of a sample, or of a claim, that could not be judged.",
            chinese="未判定：报告中对无法判定的样本或断言的说明。",
        ),
        Entry(
            name="unasked",
            english="A claim that no sample says anything about: an optional row that never came, "
            "a comparison of too few samples, a fact that recordings do not show. A run that "
            "chose only such claims ends with 69.",
            chinese="未问及：没有样本能说明的断言，例如从未出现的选填字段、样本太少而无法比较，"
            "或录制内容不包含的信息；只选中此类断言的运行以 69 结束。",
        ),
        Entry(
            name="table",
            english="The level of what the document's tables state. It always fails the run.",
            chinese="级别 table：文档表格写明的约定；违反时运行总是失败。",
        ),
        Entry(
            name="sample",
            english="The level of what only the document's sample shows. It fails the run with "
            "--strictness sample or strict. (A sample is also one call of a run.)",
            chinese="级别 sample：仅由文档样例体现的约定；--strictness 为 sample 或 strict "
            "时导致失败。（sample 也指一次调用，即样本。）",
        ),
        Entry(
            name="strict",
            english="The level of good practice, which no document promises. It fails the run with "
            "--strictness strict.",
            chinese="级别 strict：文档未要求的良好实践；--strictness 为 strict 时导致失败。",
        ),
        Entry(
            name="strictness",
            english="The highest level of promises that fails the run: --strictness, by default "
            "table.",
            chinese="严格程度：违反哪些级别的约定会导致失败，由 --strictness 指定，默认 table。",
        ),
        Entry(
            name="finding",
            english="One broken promise: what was promised, what came, where it is written, in "
            "which samples, and how to see it again.",
            chinese="问题：一条被违反的约定，包括约定内容、实际内容、出处、所在样本和重现方法。",
        ),
        Entry(
            name="trial",
            english="Everything that one contract run judges: the operations, the environment or "
            "the recording, and what came.",
            chinese="一次检验：一次契约测试所判定的全部内容，包括接口、环境或录制流量，以及收到的应答。",
        ),
        Entry(
            name="claim",
            english="One check of one subject, such as getImgCode-img-required. Each claim is a "
            "test, and the name of its finding.",
            chinese="断言：对一个对象应用一个校验项，例如 getImgCode-img-required；"
            "每条断言是一个测试，也是问题的编号。",
        ),
        Entry(
            name="breaking",
            english="The effect of a change that breaks a client written for the old spec.",
            chinese="破坏性变更：会使按旧契约编写的客户端出错。",
        ),
        Entry(
            name="compatible",
            english="The effect of a change that no client written for the old spec notices.",
            chinese="兼容变更：按旧契约编写的客户端不受影响。",
        ),
        Entry(
            name="documentation",
            english="The effect of a change of words only: no request and no answer differs.",
            chinese="文档变更：仅涉及文字，请求与应答不变。",
        ),
        *ANSWERERS.values(),
        *(
            Entry(
                name=status,
                english=f"Exit status of a contract run: {english}",
                chinese=f"契约测试的退出码：{chinese}",
                source="docs/exit-status.md",
            )
            for status, english, chinese in (
                (
                    "0",
                    "conforms. Every claim was judged and kept.",
                    "符合，每条断言都已判定并成立。",
                ),
                ("1", "violates. The contract is broken.", "不符合，契约被违反。"),
                ("2", "the run was interrupted.", "运行被中断。"),
                ("3", "the run broke down by itself.", "运行自身出错。"),
                (
                    "4",
                    "wrong usage, or a file that cannot be used. The message says what to write.",
                    "用法错误或文件不可用，消息会说明正确写法。",
                ),
                ("5", "no claim was selected.", "没有选中任何断言。"),
                (
                    "69",
                    "inconclusive. Too little could be judged: warn, and look at the environment.",
                    "无法判定。可判定的内容太少：请提示，并检查环境。",
                ),
                (
                    "74",
                    "a report, or standard output, cannot be written; nothing was violated.",
                    "报告或标准输出无法写入；没有违反约定之处。",
                ),
            )
        ),
    )
)
"""The words of reports, each with its explanation."""
