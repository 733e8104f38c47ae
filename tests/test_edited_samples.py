"""A derived spec says what its document says; one edit of a sample is told once, at its line."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from contract import documents
from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import InterfaceDocument, Sample, UnreadableDocument, document_rules
from contract.findings import Finding
from contract.review import review

FOLDER = Path(__file__).parent / "documents"
ALL = sorted(FOLDER.rglob("*.md"))
EDITED = ("applyInvoice", "cancelOrder", "login", "queryTransactions")
TIMES = 4
OF_FILES = {"document-without-operation", "repeated-operation"}

Steps = tuple[str | int, ...]


def readable(path: Path) -> tuple[InterfaceDocument, ...]:
    try:
        return documents.read(path)
    except UnreadableDocument:
        return ()


@pytest.mark.parametrize("folder", sorted({each.parent for each in ALL}), ids=lambda p: p.name)
def test_a_spec_says_what_the_documents_say_that_it_is_derived_from(
    folder: Path, tmp_path: Path
) -> None:
    found = [each for path in sorted(folder.glob("*.md")) for each in readable(path)]
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text_of(derive(found, tmp_path)), encoding="utf-8")

    told = review(spec)

    apart = {*document_rules.RULES, *OF_FILES}
    assert [each for each in told if each.claim not in apart] == []


# One edit of one member


def with_lines(name: str) -> str:
    """Give a document whose samples have a line for each member."""
    (document,) = documents.read(FOLDER / f"{name}.md")
    text = "\n".join(document.lines)
    for sample in document.samples:
        if isinstance(sample.value, dict):
            text = text.replace(sample.text, dumped(sample.value))
    return text


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def members(value: object, at: Steps = ()) -> Iterator[Steps]:
    """Give the steps to every member of an object, at any depth."""
    inner = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*at, name)
        yield from members(each, (*at, name))
    for number, each in items:
        yield from members(each, (*at, number))


def edited(value: object, steps: Steps, edit: str) -> object:
    """Change a member, remove it, or add one before it."""
    changed = copy.deepcopy(value)
    holder = changed
    for step in steps[:-1]:
        holder = holder[step]  # type: ignore[index]
    assert isinstance(holder, dict)
    name = steps[-1]
    if edit == "remove":
        del holder[name]
    elif edit == "change":
        holder[name] = other(holder[name])
    else:
        before = dict(holder)
        holder.clear()
        for key, each in before.items():
            holder |= {"brand_new": 7} if key == name else {}
            holder[key] = each
    return changed


def other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value[:-1]}{'1' if value[-1:] == '0' else '0'}" if isinstance(value, str) else "x"


def keys(findings: tuple[Finding, ...]) -> Counter[tuple[str, str]]:
    return Counter((each.claim, each.subject) for each in findings)


def changed_line(old: str, new: str) -> int:
    both = zip(old.split("\n"), new.split("\n"), strict=False)
    lines = (n for n, (a, b) in enumerate(both, start=1) if a.rstrip(",") != b.rstrip(","))
    return next(lines)


@pytest.mark.parametrize("side", ["document", "spec"])
@pytest.mark.parametrize("name", EDITED)
def test_one_edit_of_a_sample_or_of_its_example_is_one_finding_at_its_line(
    name: str, side: str, tmp_path: Path
) -> None:
    path, spec = tmp_path / "d.md", tmp_path / "openapi.yaml"
    text = with_lines(name)
    path.write_text(text, encoding="utf-8")
    (document,) = documents.read(path)
    tree = derive([document], tmp_path)
    yaml = text_of(tree)
    spec.write_text(yaml, encoding="utf-8")
    before = keys(review(spec))
    random = Random(f"{name} {side}")
    samples = [each for each in document.samples if isinstance(each.value, dict)]
    for _ in range(TIMES):
        sample = random.choice(samples)
        held = [each for each in members(sample.value) if not isinstance(at(sample, each), dict)]
        steps, edit = random.choice(held), random.choice(["change", "remove", "add"])
        value = edited(sample.value, steps, edit)
        new, new_yaml = text, yaml
        if side == "document":
            new = text.replace(sample.text, dumped(value))
        else:
            new_yaml = text_of(with_example(tree, sample, value))
        path.write_text(new, encoding="utf-8")
        spec.write_text(new_yaml, encoding="utf-8")

        found = review(spec)

        more = keys(found) - before
        line = changed_line(text, new) if side == "document" else changed_line(yaml, new_yaml)
        suffix = ".md" if side == "document" else ".yaml"
        told = [each for each in found if (each.claim, each.subject) in more]
        lines = {p.line for each in told for p in each.places if p.path.endswith(suffix)}
        where = f"{edit} {steps}: {told}"
        assert (more.total(), before - keys(found)) == (1, Counter()), where
        assert edit == "remove" or line in lines, where


def at(sample: Sample, steps: Steps) -> object:
    value = sample.value
    for step in steps:
        value = value[step]  # type: ignore[index]
    return value


def with_example(tree: Mapping[str, object], sample: Sample, value: object) -> dict[str, object]:
    """Give a spec in which the example that shows a sample shows another value."""
    whole = copy.deepcopy(dict(tree))
    components = whole["components"]
    assert isinstance(components, dict)
    example = next(e for e in components["examples"].values() if e["value"] == sample.value)
    example["value"] = value
    return whole
