"""`report.md`, for people and for the summary of a GitHub Actions step.

What a server sent stands in code spans whose fences it cannot close, and never in a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract.markdown_text import code, escaped
from contract_tests.reports.as_terminal import HEAD, numbers
from contract_tests.reports.report_values import (
    TRUTHS,
    ReportCell,
    ReportContents,
    ReportExchange,
    ReportFinding,
    ReportLine,
    ReportOperation,
)

FILE = "report.md"

_SIGNS = {
    "conforms": "✅",
    "violates": "❌",
    "inconclusive": "❔",
    "warning": "⚠️",
    "waived": "🤝",
    "moot": "➖",
}


def text(report: ReportContents) -> str:
    """Write the whole report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: ReportContents) -> Iterator[str]:
    yield f"# {_word(report.verdict)}"
    yield ""
    yield f"environment 环境 {code(report.environment)} · strictness {report.strictness}"
    yield f"· exit status {report.exit_status} · {report.started} · captcha-contract {report.suite}"
    if report.insecure:
        yield "\n⚠️ certificates were not verified 未验证证书"
    for remark in report.remarks:
        yield f"\n⚠️ {escaped(remark)}"
    if not report.operations:
        yield "\nNothing was judged. 没有任何接口被判定。"
    if report.side_by_side:
        yield "\n## environments side by side 环境对照\n"
        yield from _side_by_side(report)
    for operation in report.operations:
        yield ""
        where = f"{operation.environment}: " if len(report.environments) > 1 else ""
        yield from _operation(operation, where)


def _side_by_side(report: ReportContents) -> Iterator[str]:
    """Lay the environments side by side: each operation, and below it its fields and findings."""
    yield f"| | {' | '.join(escaped(each.name) for each in report.environments)} |"
    yield f"|{' --- |' * (len(report.environments) + 1)}"
    whole = [ReportCell(verdict=each.verdict, observed="") for each in report.environments]
    for name, cells in [
        ("**verdict 结论**", whole),
        *((_name(line), line.cells) for line in report.side_by_side),
    ]:
        words = ("–" if each.verdict is None else _word(each.verdict) for each in cells)
        yield f"| {name} | {' | '.join(words)} |"


def _name(line: ReportLine) -> str:
    if line.kind == "operation":
        return f"**{escaped(line.name)}**"
    return escaped(line.name.removeprefix(line.start))


def _operation(operation: ReportOperation, where: str) -> Iterator[str]:
    named = escaped(f"{where}{operation.id} {operation.summary}")
    yield f"## {_word(operation.verdict)}: {named}"
    yield ""
    yield code(f"{operation.method} {operation.url}")
    yield f"· {operation.judged} of {operation.samples} samples judged"
    if operation.why is not None:
        yield ""
        yield code(operation.why)
        yield from map(escaped, operation.hints)
        yield f"Repeat 重现: {code(operation.curl)}"
    yield ""
    yield from _table(
        [*HEAD[:-1], "observed 实测", "line 行", HEAD[-1]],
        [
            [
                *(field.name, field.required, field.type, field.max_length, field.description),
                *(field.observed, str(field.place.line if field.place else "")),
                _word(field.verdict),
            ]
            for field in operation.fields
        ],
    )
    for finding in operation.findings:
        yield ""
        yield from _finding(finding)
    for unread in operation.unjudged:
        yield ""
        why = f"{unread.meaning} {unread.meaning_zh}: {code(unread.evidence)}"
        yield f"- sample {unread.sample} not judged 未判定: {why}"
        yield f"  who answered 应答者: {unread.who_meaning} {unread.who_meaning_zh}"
    yield ""
    yield "<details><summary>exchanges 调用记录</summary>"
    yield ""
    yield from _table(
        ["sample 样本", "result 结果", "ms", "bytes", "retries 重试", "pictures 图片"],
        [_exchange(each) for each in operation.exchanges],
    )
    yield ""
    yield "</details>"


def _finding(finding: ReportFinding) -> Iterator[str]:
    yield f"### {_word(finding.verdict)}: {escaped(finding.id)} (level {finding.level})"
    yield ""
    yield f"- promised: {code(finding.promise)}"
    yield f"- 约定: {code(finding.promise_zh)}"
    where = f"{code(finding.pointer)} " if finding.pointer else ""
    count = f"{len(finding.samples)} of {finding.of} samples ({numbers(finding.samples)})"
    yield f"- actual 实际: {where}{code(finding.evidence)} in {count}"
    yield f"- source 出处: {', '.join(code(str(place)) for place in finding.places)}"
    yield f"- repeat 重现: {code(finding.curl)}"
    if finding.waiver is not None:
        waiver = finding.waiver
        why = f"{waiver.reason} {waiver.ticket}".strip()
        yield f"- waived 已豁免: until {waiver.expires}: {escaped(why)} ({code(str(waiver.place))})"


def _exchange(called: ReportExchange) -> list[str]:
    pictures = (
        f"{picture.media_type} {picture.width}×{picture.height} {(picture.sha256 or '')[:12]}"
        if picture.media_type
        else "not a picture 非图片"
        for picture in called.pictures
    )
    return [
        str(called.sample),
        called.failure.partition(":")[0] if called.failure else f"HTTP {called.status}",
        f"{called.seconds * 1000:.1f}",
        "" if called.size is None else str(called.size),
        str(len(called.earlier)),
        ", ".join(pictures),
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |"


def _word(verdict: str) -> str:
    chinese, english = TRUTHS[verdict]
    return f"{_SIGNS[verdict]} {english} {chinese}"
