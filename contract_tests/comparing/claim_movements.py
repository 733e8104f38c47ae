"""A claim over the runs of two sides → what became of it, and how that is said."""

from __future__ import annotations

from contract_tests.comparing.counted_runs import ClaimHistory
from contract_tests.comparing.evidence import LIKELY, chance_of_shares
from contract_tests.reports.report_values import TRUTHS


def what_became_of(a: ClaimHistory, b: ClaimHistory) -> str:
    """Name what became of a claim; empty where nothing did, or nothing is known."""
    if _newly_broken(a.violated, a.judged, b.violated, b.judged):
        return "ceased-to-conform"
    if a.violated and not b.violated and b.judged and _mended(a.violated, a.judged, b.judged):
        return "began-to-conform"
    if a.violated or b.violated:
        return ""
    if _newly_broken(a.spared, a.judged, b.spared, b.judged):
        return "warning-began"
    if a.spared and not b.spared and b.judged and _mended(a.spared, a.judged, b.judged):
        return "warning-ended"
    return ""


def _newly_broken(before: int, of_before: int, after: int, of_after: int) -> bool:
    """Say whether a claim ceased to be kept: no noise breaks a promise, so one run is enough."""
    if not before:
        return bool(after)
    more = after * of_before > before * of_after
    return more and chance_of_shares(before, of_before, after, of_after) <= LIKELY


def _mended(before: int, of_before: int, of_after: int) -> bool:
    """Say whether a claim that no run breaks now is mended, and not only kept by chance."""
    return before == of_before or chance_of_shares(before, of_before, 0, of_after) <= LIKELY


def in_words(claim: ClaimHistory) -> str:
    """Say what became of a claim in the runs of a side."""
    if claim.example is not None and claim.broken:
        word = " ".join(reversed(TRUTHS[claim.example.weight]))
        samples = f"{claim.example.samples}/{claim.example.of} samples 样本"
        if claim.judged == 1:
            return f"{word}: {samples}"
        return f"{word}: {claim.broken}/{claim.judged} runs 次运行 ({samples})"
    if not claim.kept:
        return "not judged 未判定"
    return "kept 符合" if claim.kept == 1 else f"kept 符合: {claim.kept}/{claim.judged} runs 次运行"
