"""What is known of an answer of an upstream, as its header, the journal and the console tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from contract.findings import Finding
from contract.judging.reading import Unjudged
from contract.judging.reasons import REASONS
from contract.judging.verdict import Judgement, Verdict
from contract.judging.who_answered import Answerer

LONGEST = 300
"""Characters of each text that is told."""
_LISTED, _HEADER = 20, 1000
"""Findings that the journal lists, characters of the header."""
_REFUSED = "unrecorded"
"""The reason of a refusal of values that the client sent, as a recording has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """What is known of one answer of an upstream.

    Attributes:
        verdict: of this answer alone.
        why: why it is inconclusive; else empty.
        findings: every broken promise, those above the table's level too.
        failing: those that make it violate.
        waived: the ids of those that would, and are waived.
        unserved: whether who answered is not the service, or says that it lacks the operation.
    """

    verdict: Verdict
    why: str = ""
    findings: tuple[Finding, ...] = ()
    failing: tuple[Finding, ...] = ()
    waived: frozenset[str] = frozenset()
    unserved: bool = False

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that tell a client: the verdict, and the rows that break the contract."""
        told = [(b"x-contract-verdict", str(self.verdict).encode())]
        words = [f"{each.subject} {each.claim}" for each in self.failing] or [self.why]
        text = "; ".join(filter(None, words))
        if text:
            safe = " !#$&'()*+,-./:;=?@[]^_`{|}~"
            told.append((b"x-contract-findings", quote(text[:_HEADER], safe=safe).encode()))
        return told

    def as_json(self, *, answered_by: str) -> dict[str, object]:
        """Give it as the journal has it.

        Args:
            answered_by: who answered the client, `upstream` or `mock`.
        """
        return {
            "verdict": str(self.verdict),
            "why": self.why[:LONGEST] or None,
            "answeredBy": answered_by,
            "findings": [
                {
                    "id": each.id[:LONGEST],
                    "level": str(each.level),
                    "fails": each in self.failing,
                    "waived": each.id in self.waived,
                    "promise": each.promise[:LONGEST],
                    "evidence": each.evidence[:LONGEST],
                }
                for each in (*self.failing, *_others(self))[:_LISTED]
            ],
        }


def _others(judged: JudgedAnswer) -> tuple[Finding, ...]:
    return tuple(each for each in judged.findings if each not in judged.failing)


def inconclusive(why: str, *, unserved: bool = False) -> JudgedAnswer:
    """Give what is known of an answer that was not judged."""
    return JudgedAnswer(verdict=Verdict.INCONCLUSIVE, why=why, unserved=unserved)


def told_of(judgement: Judgement, together: tuple[Finding, ...] = ()) -> JudgedAnswer:
    """Give what is told of the judgement of one call.

    Args:
        judgement: of the call alone.
        together: what its answer breaks together with those before it.
    """
    reading = judgement.readings[0]
    why, unserved = "", False
    if isinstance(reading, Unjudged):
        reason = REASONS[reading.reason]
        why = f"{reason.name}: {reason.english}: {reading.evidence}"
        unserved = reading.who not in {Answerer.SERVICE, Answerer.OPERATION}
        if reason.name == _REFUSED:
            why, unserved = reading.evidence, False
    findings = (*judgement.findings, *together)
    failing = tuple(each for each in findings if judgement.fails(each))
    return JudgedAnswer(
        verdict=Verdict.VIOLATES if failing else judgement.verdict,
        why=why,
        findings=findings,
        failing=failing,
        waived=frozenset(each.id for each in findings if each.id in judgement.waived),
        unserved=unserved,
    )


UNDER_WAY: Mapping[str, object] = {
    "verdict": None,
    "why": "the answer is under way",
    "answeredBy": "upstream",
    "findings": [],
}
"""What the journal has of a call until its answer is judged."""
