"""A review as the comment of a pull request: the verdict, and tables that are folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from contract.markdown_text import code, escaped
from contract.page.approval import EFFECTS, STATES, Approval, ComparedOperation, ShownChange
from contract.page.approval_verdict import Advice
from contract.page.before_and_after import FieldPair, FieldSide, ShownFact
from contract.page.numbered_findings import NumberedFinding
from contract.page.plain_words import Said
from contract.page.traffic_verdict import TrafficVerdict
from contract.page.versions import ShownNames

LONGEST = 60_000
"""The most characters of a comment: GitHub takes 65,536."""
_SIGNS = {
    Advice.BREAKS: "❌",
    Advice.DECIDE: "⚠️",
    Advice.APPROVE: "✅",
    Advice.NOTHING: "➖",
}
_CUT = "… 其余见页面 the rest is on the page of `captcha-contract review --format html`"

_Say = Callable[[str], str]


def comment(approval: Approval, names: ShownNames) -> str:
    """Write a review for a pull request; what specs, documents and recordings say is escaped."""

    def said(text: str) -> str:
        return escaped(names.text(text))

    verdict = approval.verdict
    lines = [
        f"## {_SIGNS[verdict.advice]} {_both(verdict.words, str)}",
        "",
        f"{said(approval.base)} → {said(approval.head)}",
        "",
        *(f"- {_both(reason, said)}" for reason in verdict.reasons),
        *(f"- 未证明 not proved: {_both(doubt, said)}" for doubt in approval.doubts),
    ]
    parts = [
        "\n".join(_changes("整个契约 the spec as a whole", approval.whole, said)),
        *("\n".join(_operation(each, said)) for each in approval.different),
        "\n".join(_traffic(approval.traffic_of_unchanged, said)),
        "\n".join(_findings(approval.findings, said, names)),
    ]
    text = "\n".join(lines)
    for part in filter(None, parts):
        if len(text) + len(part) > LONGEST:
            return f"{text}\n\n{_CUT}\n"
        text = f"{text}\n\n{part}"
    return f"{text}\n"


def _both(words: Said, said: _Say) -> str:
    chinese, english = said(words.chinese), said(words.english)
    return chinese if chinese == english else f"{chinese} {english}"


def _changes(title: str, changes: Sequence[ShownChange], said: _Say) -> Iterator[str]:
    if changes:
        yield f"### {title}"
        yield ""
        yield from (_change(each, said) for each in changes)


def _change(shown: ShownChange, said: _Say) -> str:
    effect = EFFECTS[shown.effect]
    move = f"{_both(shown.was, said)} → {_both(shown.now, said)}. " if shown.is_shown else ""
    waived = " *(waived 已豁免)*" if shown.waived else ""
    used = len(shown.operations)
    move += f"涉及 {used} 个接口 used in {used} operations. " if used > 1 else ""
    return (
        f"- **{effect.chinese} {effect.english}**{waived} {said(shown.change.subject)}: "
        f"{move}{said(shown.reason.chinese)}。 {said(shown.reason.english)}."
    )


def _operation(one: ComparedOperation, said: _Say) -> Iterator[str]:
    state = STATES[one.state]
    title = f"{said(one.summary)} {said(one.id)}".strip()
    yield f"### {title}: {state.chinese} {state.english}"
    yield ""
    yield code(f"{one.method} {one.path}")
    yield ""
    yield from (_change(each, said) for each in one.changes)
    if not one.changes and not one.more_changes:
        yield "- 契约没有变化，只有文档变了 the spec did not change, only the document did"
    yield from _traffic(one.traffic, said)
    rows = [each for each in (*one.request, *one.answer) if each.state != "unchanged"]
    if rows:
        yield ""
        yield f"<details><summary>前后对照 before and after ({len(rows)})</summary>"
        yield ""
        yield "| 字段 field | 之前 before | 之后 after |"
        yield "|---|---|---|"
        yield from (_row(each, said) for each in rows)
        yield ""
        yield "</details>"


def _row(pair: FieldPair, said: _Say) -> str:
    name = said(".".join([*pair.holders, pair.name]))
    return f"| {name} | {_side(pair.before, said)} | {_side(pair.after, said)} |"


def _side(side: FieldSide | None, said: _Say) -> str:
    if side is None:
        return "–"
    cells = [
        f"**{said(each.heading)} {said(each.text or '–')}**"
        if each.changed
        else f"{said(each.heading)} {said(each.text)}"
        for each in side.cells or ()
        if each.text or each.changed
    ]
    facts = [f"**{_fact(each, said)}**" for each in side.facts or () if each.changed]
    return "<br>".join([*cells, *facts]) or "–"


def _fact(fact: ShownFact, said: _Say) -> str:
    words = _both(fact.words, said) if fact.words else ""
    return f"{words} {said(fact.value)}".strip()


def _traffic(traffic: Sequence[TrafficVerdict], said: _Say) -> Iterator[str]:
    for one in traffic:
        where = said(one.environment)
        if one.removed:
            yield (
                f"- ❌ {where}: {one.calls} 条录制的调用将不再有应答 "
                f"{one.calls} recorded calls would no longer be answered"
            )
        elif one.judged and not one.broken:
            yield (
                f"- ✅ {where}: {one.judged} 条应答都不会因此不符合契约 "
                f"the change breaks none of {one.judged} answers"
            )
        for each in one.promises:
            if each.level == 1:
                yield (
                    f"- ❌ {where}: {each.answers} of {one.judged} answers would break row "
                    f"{said(each.subject)}: {said(each.promise)} "
                    f"{one.judged} 条应答中有 {each.answers} 条会不符合：{said(each.chinese)}"
                )
        if one.broken_before:
            yield (
                f"- {where}: {one.broken_before} 条按旧契约也不符合，与本次变更无关 "
                "break the old spec too, which is not caused by the change"
            )


def _findings(findings: Sequence[NumberedFinding], said: _Say, names: ShownNames) -> Iterator[str]:
    if findings:
        yield f"<details><summary>待处理 open findings ({len(findings)})</summary>"
        yield ""
        for each in findings:
            places = " ".join(code(names.text(place)) for place in each.finding.places)
            yield (
                f"- **{said(each.chinese)} {said(each.finding.claim)}** "
                f"{said(each.finding.subject)}: {said(each.promise)}; {said(each.evidence)} "
                f"{places}"
            )
        yield ""
        yield "</details>"
