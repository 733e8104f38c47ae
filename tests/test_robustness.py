"""Whatever a document or a spec holds, no command ends otherwise than it says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.changes import changes
from contract.derivation import derive
from contract.derivation.writing import added, text_of
from contract.documents import read
from contract.findings import Unusable
from contract.page import page
from contract.review import of_documents, review
from contract.spec.default import SPEC
from contract.spec.loading import interpret, load
from contract.spec.operations import Spec
from contract.spec.spec_files import tree
from tests.thoroughness import tries

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.md"))
PLATFORM = Path(__file__).parent / "platform" / "openapi.yaml"
DERIVED = {"createOrder", "login", "getRouteDetail"}
MANY = settings(
    max_examples=tries(1000),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEWER = settings(MANY, max_examples=tries(100))

WORDS = st.sampled_from(
    [
        *("", "|", "是", "否", "```", "#### 应答报文", "10,2", "{", "}", '"', ":", "-", "null"),
        *("[]", "\t", "x-sample", "required", "$ref", "#/components/schemas/x", "anyOf"),
        *("9" * 40, "&a", "*a", "<<"),
    ]
)
PARTS = st.sampled_from(["|", ":", " ", "String", "是"])
Value = TypeVar("Value")


def done(work: Callable[[], Value]) -> Value | None:
    """What came of it; None where it was refused, in one line that says where and why."""
    try:
        return work()
    except Unusable as problem:
        refused = problem
    place = refused.place
    ended = Path(place.path).read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = 1 + ended.count(b"\n")
    assert (refused.problem.splitlines(), place.line <= lines) == ([refused.problem], True)
    return None


@cache
def text_of_file(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


@cache
def specs() -> tuple[str, ...]:
    documents = [each for path in DOCUMENTS if path.stem in DERIVED for each in read(path)]
    return (text_of_file(SPEC), text_of_file(PLATFORM), text_of(derive(documents, SPEC.parent)))


@st.composite
def edited(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text after a few slips of the hand: lines and words that went, came or were exchanged."""
    lines = draw(texts).splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        slip = draw(st.integers(0, 6))
        line = lines[at]
        middle = draw(st.integers(0, len(line)))
        if slip == 0 and len(lines) > 1:
            del lines[at]
        elif slip == 1:
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif slip == 2:
            lines[at] = line[:middle] + draw(WORDS) + line[middle:]
        elif slip == 3:
            lines[at] = line[:middle]
        elif slip == 4:
            lines[at] = line[middle:]
        elif slip == 5:
            lines[at] = line.replace(draw(PARTS), draw(WORDS), 1)
        else:
            lines[at] = draw(st.text(max_size=20))
    return "\n".join(lines)


documents = edited(st.sampled_from(DOCUMENTS).map(text_of_file))
yamls = edited(st.sampled_from(range(3)).map(lambda number: specs()[number]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("edited")
    for name in ("schemas.yaml", "documents/getParkingRecords.md"):
        (path / name).parent.mkdir(exist_ok=True)
        shutil.copy(PLATFORM.parent / name, path / name)
    shutil.copy(SPEC.parent / "documents" / "getImgCode.md", path / "documents")
    return path


def saved(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


@MANY
@given(text=documents)
def test_an_edited_document_is_derived_and_what_is_derived_can_be_read(
    text: str, folder: Path
) -> None:
    path = saved(folder / "document.md", text)
    found = done(lambda: read(path))
    if found is not None:
        list(of_documents(found))

        spec = saved(folder / "derived.yaml", text_of(derive(found, folder)))

        calls = {(each.method.text, each.address.text) for each in found}
        assert len(load(spec).operations) == len(calls)


@MANY
@given(text=yamls)
def test_an_edited_spec_is_reviewed(text: str, folder: Path) -> None:
    path = saved(folder / "openapi.yaml", text)

    findings = done(lambda: review(path))

    if findings is None:  # what is no YAML at all is of use to nobody else
        assert done(lambda: load(path)) is None
    else:
        assert all(finding.places and finding.evidence for finding in findings)


@MANY
@given(text=yamls, number=st.integers(0, 2))
def test_an_edited_spec_is_compared_with_another(text: str, number: int, folder: Path) -> None:
    old = specified(folder / "old.yaml", number)
    path = saved(folder / "new.yaml", text)

    found = done(lambda: changes(old, load(path)))

    if found is None:  # then the review tells what is wrong with it
        assert done(lambda: review(path)) != ()
    else:
        assert all(change.reason for change in found)


@cache
def specified(path: Path, number: int) -> Spec:
    saved(path, specs()[number])
    return interpret(path, tree(path))


@FEWER
@given(text=yamls)
def test_an_edited_spec_is_shown(text: str, folder: Path) -> None:
    shown = page(saved(folder / "shown.yaml", text))

    assert shown.startswith("<!doctype html>")


@FEWER
@given(text=yamls, document=st.sampled_from(DOCUMENTS))
def test_a_document_is_added_to_an_edited_spec_or_refused(
    text: str, document: Path, folder: Path
) -> None:
    path = saved(folder / "into.yaml", text)

    def extended() -> str:
        known = {(each.method, each.path): each.id for each in load(path).operations}
        return added(path, derive(read(document), folder, known))

    new = done(extended)

    assert new is None or load(saved(path, new)).operations


@pytest.mark.parametrize(("texts", "work"), [(documents, read), (yamls, load)], ids=["md", "yaml"])
def test_a_fair_share_of_what_was_edited_is_taken_and_some_is_refused(
    texts: st.SearchStrategy[str], work: Callable[[Path], object], folder: Path
) -> None:
    taken: list[bool] = []

    @settings(MANY, max_examples=100)
    @given(text=texts)
    def tried(text: str) -> None:
        path = saved(folder / "tried", text)
        taken.append(done(lambda: work(path)) is not None)

    tried()

    assert 0.15 < sum(taken) / len(taken) < 1
