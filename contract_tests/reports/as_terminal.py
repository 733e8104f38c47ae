"""A judgement → what people read on a terminal: the field table, and every broken promise.

Written for 80 columns, with the document's own column names; nothing a server sent is printed
as it came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from unicodedata import east_asian_width

from contract.findings import Finding, Level
from contract.instances import present
from contract.judging.exchange import Failure
from contract.judging.reading import JudgeableAnswer, Unjudged
from contract.judging.reasons import REASONS
from contract.judging.verdict import Judgement, Verdict
from contract.judging.who_answered import WHO
from contract.spec.members import Member
from contract.spec.vocabulary import json_type
from contract_tests.reports.report_values import TRUTHS, ReportLine

HEAD = ("参数", "是否必填", "类型", "最大长度", "参数描述", "verdict 结论")
"""The columns of the field table."""
COLUMNS = 80
"""How wide a terminal is taken to be."""
IN_CHINESE: Mapping[Verdict, str] = {
    Verdict.CONFORMS: "符合",
    Verdict.VIOLATES: "不符合",
    Verdict.INCONCLUSIVE: "无法判定",
}
"""The verdicts in Chinese."""


def lines(judgement: Judgement) -> Iterator[str]:
    """Print the whole judgement of one operation, line by line."""
    operation = judgement.operation
    request = judgement.exchanges[0].request
    yield f"{operation.id} {operation.summary}".rstrip()
    yield f"{request.method} {request.url}"
    yield ""
    if judgement.verdict is Verdict.INCONCLUSIVE:
        yield inconclusive(judgement)
        yield ""
        yield verdict_line(judgement)
        return
    yield from _table(judgement)
    yield ""
    if judgement.unjudged:
        yield from _unjudged(judgement)
        yield ""
    for finding in judgement.findings:
        yield from explained(finding, judgement)
        yield ""
    yield verdict_line(judgement)


def verdict_line(judgement: Judgement) -> str:
    """Say the operation's verdict in one line."""
    word = f"{judgement.verdict} {IN_CHINESE[judgement.verdict]}"
    spared = sum(not judgement.fails(finding) for finding in judgement.findings)
    warned = f", {spared} not counted: warnings or waived" if spared else ""
    counted = f"{judgement.judged} of {len(judgement.exchanges)} samples judged"
    levels = f"strictness {judgement.strictness}"
    return f"{judgement.operation.id}: {word} ({counted}, {levels}{warned})"


def explained(finding: Finding, judgement: Judgement) -> Iterator[str]:
    """Print one finding: what was promised, what came, where it is written, how to repeat it."""
    waiver = judgement.waived.get(finding.id)
    if judgement.fails(finding):
        word = f"violates {IN_CHINESE[Verdict.VIOLATES]}"
    else:
        word = "warning 提示" if waiver is None else "waived 已豁免"
    yield f"{finding.id}: {word} (level {finding.level})"
    yield f"  promised  {finding.promise}"
    yield f"            {judgement.outcomes[finding.id].claim.promise_in_chinese}"
    count = f"{len(finding.samples)} of {len(judgement.exchanges)} samples"
    where = f"{finding.pointer}: " if finding.pointer else ""
    yield f"  actual    {where}{finding.evidence}"
    yield f"            in {count}: {numbers(finding.samples)}"
    document, *others = [str(place) for place in finding.places]
    row = f", row {finding.subject}" if finding.level is Level.TABLE and others else ""
    yield f"  source    {document}{row}"
    yield from (f"            {place}" for place in others)
    yield f"  repeat    {finding.remedy}"
    if waiver is not None:
        ticket = f", {waiver.ticket}" if waiver.ticket else ""
        yield f"  waived    until {waiver.expires}: {waiver.reason}{ticket} ({waiver.place})"


def inconclusive(judgement: Judgement) -> str:
    """Say in one paragraph why there is no verdict on an operation, and what to do next."""
    request = judgement.exchanges[0].request
    hints = dict.fromkeys(
        exchange.outcome.hint
        for exchange in judgement.exchanges
        if isinstance(exchange.outcome, Failure) and exchange.outcome.hint
    )
    said = f"{request.method} {request.url}: {judgement.why_inconclusive}."
    return " ".join([said, *hints, f"To repeat it: {request.curl}"])


def as_before(judgement: Judgement, teller: str) -> str:
    """Say in a line why there is no verdict, where the paragraph stands with another test."""
    names = dict.fromkeys(reading.reason for _, reading in judgement.unjudged)
    why = "; ".join(f"{REASONS[name].english} {REASONS[name].chinese}" for name in names)
    return f"{why or judgement.why_inconclusive}: see {teller}"


def compared(environments: Collection[str], table: Sequence[ReportLine]) -> Iterator[str]:
    """Print environments side by side: each operation, and below it its fields and findings."""
    names = [
        line.name if line.kind == "operation" else f"  {line.name.removeprefix(line.start)}"
        for line in table
    ]
    for in_both in (True, False):  # languages, where the columns have room for both
        rows = [
            (name, *(_truth(cell.verdict, in_both=in_both) for cell in line.cells))
            for name, line in zip(names, table, strict=True)
        ]
        head = ("", *environments)
        widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
        if sum(widths) + 2 * len(environments) <= COLUMNS:
            break
    yield from (_aligned(cells, widths) for cells in (head, *rows))


def _truth(word: str | None, *, in_both: bool) -> str:
    if word is None:
        return "–"
    chinese, english = TRUTHS[word]
    return f"{english} {chinese}" if in_both else english


def numbers(samples: Sequence[int]) -> str:
    """Write sample numbers as people do: 1–3, 5."""
    runs: list[list[int]] = []
    for sample in samples:
        if runs and sample == runs[-1][-1] + 1:
            runs[-1].append(sample)
        else:
            runs.append([sample])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _table(judgement: Judgement) -> Iterator[str]:
    rows: list[tuple[tuple[str, ...], str]] = []
    for member in judgement.provenance.rows(judgement.operation):
        row = judgement.provenance.row(member)
        cells: tuple[str, ...] = (
            (row.name, row.required, row.type, row.max_length, row.description)
            if row
            else (member.name, "", str(member.schema.get("type", "")), "", "")
        )
        verdict = judgement.verdict_of_member(member)
        rows.append(((*cells, f"{verdict} {IN_CHINESE[verdict]}"), observed(judgement, member)))
    widths = [
        max(map(width, column)) for column in zip(HEAD, *(row for row, _ in rows), strict=True)
    ]
    yield _aligned(HEAD, widths)
    yield _aligned(["-" * each for each in widths], widths)
    for cells, seen in rows:
        yield _aligned(cells, widths)
        yield f"  {seen}"


def observed(judgement: Judgement, member: Member) -> str:
    """Sum up what was seen of one member over all samples that could be judged."""
    answers = [reading for reading in judgement.readings if isinstance(reading, JudgeableAnswer)]
    there = [each.value for answer in answers for each in present(answer.value, member.path)]
    facts = [f"present {len(there)}/{len(answers)}"]
    if there:
        facts.append("/".join(dict.fromkeys(json_type(value) for value in there)))
        lengths = [len(value) for value in there if isinstance(value, str)]
        if lengths:
            facts.append(f"{_span(min(lengths), max(lengths))} characters")
        facts.append(f"{len({repr(value) for value in there})} distinct")
    return ", ".join(facts)


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _unjudged(judgement: Judgement) -> Iterator[str]:
    grouped: dict[Unjudged, list[int]] = {}
    for number, reading in judgement.unjudged:
        grouped.setdefault(reading, []).append(number)
    for reading, samples in grouped.items():
        why = f"{reading.reason} {REASONS[reading.reason].chinese}: {reading.evidence}"
        yield f"not judged 未判定: sample {numbers(samples)}: {why}"
        yield f"  who answered 应答者: {' '.join(WHO[reading.who])}"


def width(text: str) -> int:
    """Count the terminal columns of a text; Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _aligned(cells: Iterable[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
