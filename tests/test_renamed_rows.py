"""A row whose property has another name is found in one pass over the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.documents import Row
from contract.findings import Place
from contract.review.fields import SpecField
from contract.review.table_differences import FieldTable
from contract.spec.yaml_text import Located

PLACE = Place("x.yaml", 1)


class Counted(dict[tuple[str, ...], SpecField]):
    """Fields that count how often all of them are looked at."""

    passes = 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        self.passes += 1
        return super().__iter__()


def row(*path: str) -> Row:
    return Row(path=path, line=1, required="", type="", max_length="", description="", example="")


def field(*path: str) -> SpecField:
    node = Located(PLACE)
    return SpecField(path, node, node, required=False, nullable=False, place=PLACE, listed=PLACE)


def table(rows: list[Row], fields: Mapping[tuple[str, ...], SpecField]) -> FieldTable:
    return FieldTable(
        rows=rows,
        line=1,
        fields=fields,
        holders=frozenset(),
        exempt=frozenset(),
        fallback=(),
        place=PLACE,
    )


def test_the_only_row_and_the_only_property_left_in_an_object_belong_together() -> None:
    rows = [row("a"), row("o"), row("o", "b"), row("o", "c")]
    paths: list[tuple[str, ...]] = [("a",), ("o",), ("o", "b"), ("o", "other")]
    fields = {path: field(*path) for path in paths}

    pairs = {pair.row.path: pair.path for pair in table(rows, fields).pairs()}

    assert pairs["o", "c"] == ("o", "other")


def test_a_thousand_rows_without_a_property_take_a_few_passes_over_the_fields() -> None:
    rows = [row(f"r{n}") for n in range(1_000)]
    fields = Counted({(f"f{n}",): field(f"f{n}") for n in range(1_000)})

    pairs = list(table(rows, fields).pairs())

    assert len(pairs) == 1_000
    assert fields.passes <= 3
