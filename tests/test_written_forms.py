"""An interface that is written in a form is read back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.documents import Row
from contract.documents.cells import Kind
from tests.one_interface import read
from tests.thoroughness import tries
from tests.written_forms import FORMS, Member, Written, flat

SETTINGS = settings(
    max_examples=tries(30),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PLAIN = st.sampled_from([Kind.STRING, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN])
NAMES = st.from_regex(r"[a-z][a-zA-Z0-9_]{2,8}[a-z0-9]", fullmatch=True).filter(
    lambda name: name not in {"body", "none", "null"}
)


def leaf(name: str) -> st.SearchStrategy[Member]:
    lengths = st.none() | st.integers(1, 999)
    of_text = st.builds(
        Member,
        name=st.just(name),
        kind=st.just(Kind.STRING),
        required=st.booleans(),
        length=lengths,
    )
    return of_text | st.builds(Member, name=st.just(name), kind=PLAIN, required=st.booleans())


@st.composite
def members(draw: st.DrawFn, depth: int = 2) -> tuple[Member, ...]:
    found = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold)):
        if depth and draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from([Kind.OBJECT, Kind.ARRAY]))
            inner = draw(members(depth - 1))
            required = draw(st.booleans())
            found.append(Member(name=name, kind=kind, required=required, inner=inner))
        else:
            found.append(draw(leaf(name)))
    return tuple(found)


interfaces = st.builds(
    Written,
    method=st.sampled_from(["POST", "PUT", "PATCH"]),
    path=st.from_regex(r"(/[a-z][a-zA-Z0-9_-]{1,8}){1,4}", fullmatch=True),
    asked=members(),
    answered=members(),
)


def stated(rows: tuple[Row, ...]) -> list[tuple[object, ...]]:
    return [(row.path, row.kind, row.is_required, row.limit) for row in rows]


def meant(found: tuple[Member, ...]) -> list[tuple[object, ...]]:
    return [(path, each.kind, each.required, each.length) for each, path in flat(found)]


@pytest.mark.parametrize("form", FORMS)
@SETTINGS
@given(written=interfaces)
def test_an_interface_is_read_back_from_each_form(
    form: str, written: Written, tmp_path: Path
) -> None:
    path = tmp_path / "document.md"
    path.write_text(FORMS[form](written), encoding="utf-8")

    document = read(path)

    assert (document.method.text, document.address.text) == (written.method, written.path)
    assert stated(document.parameters) == meant(written.asked)
    assert stated(document.answer) == meant(written.answered)
