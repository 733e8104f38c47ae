"""Which example of a spec stands for which sample of a document.

Equal values belong together. Of the others, an example that has a name of `derive`'s (`documented`,
`error`) stands for the sample that it is most like; one of another name is a reviewer's own, unless
it shares most with a sample.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contract.documents import Sample
from contract.review.value_differences import likeness, same

_DERIVED = re.compile(r"(?:[0-9]{3} )?(?:documented|error)(?:-[0-9]+)?")
"""The names that `derive` gives to what samples show, in answers of other statuses too."""
_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class SamplePairs:
    """Samples, each with the name of the example that stands for it, and what has no partner.

    Attributes:
        pairs: the samples that have an example.
        samples: the samples that have none.
        examples: the names of examples that say that they are documented, and that no sample
            shows.
    """

    pairs: tuple[tuple[Sample, str], ...]
    samples: tuple[Sample, ...]
    examples: tuple[str, ...]


def pairs_of(samples: Sequence[Sample], examples: Mapping[str, object]) -> SamplePairs:
    """Find the example of each sample; several samples may show one value."""
    found: dict[int, str] = {}
    for number, sample in enumerate(samples):
        for name, value in examples.items():
            if number not in found and same(sample.value, value):
                found[number] = name
    taken = set(found.values())
    shown = [name for name, value in examples.items() if _is_shown(value, samples)]
    left = [name for name in examples if name not in taken and name not in shown]
    scored = [
        (likeness(sample.value, examples[name]) + _is_derived(name), -number, name)
        for number, sample in enumerate(samples)
        if number not in found
        for name in left
    ]
    for score, number, name in sorted(scored, key=lambda each: (-each[0], -each[1])):
        if score >= _ENOUGH and -number not in found and name in left:
            found[-number] = name
            left.remove(name)
    return SamplePairs(
        pairs=tuple((samples[number], name) for number, name in sorted(found.items())),
        samples=tuple(each for number, each in enumerate(samples) if number not in found),
        examples=tuple(name for name in left if _is_derived(name)),
    )


def _is_shown(value: object, samples: Sequence[Sample]) -> bool:
    return any(same(sample.value, value) for sample in samples)


def _is_derived(name: str) -> bool:
    return _DERIVED.fullmatch(name) is not None
