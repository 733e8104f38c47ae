"""Rows whose types name models → the same rows, with the members of the models inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contract.documents.cells import Kind
from contract.documents.document_rules import broken
from contract.documents.enumerations import is_enumeration, with_values
from contract.documents.field_rows import Row, read_rows
from contract.documents.models import NO_MODELS, Model, Models
from contract.documents.whole_rows import Message, lifted
from contract.findings import Finding

_DEEPEST = 12
_MOST_ROWS = 5_000


@dataclass(slots=True)
class ModelRows:
    """The models of one document, each read once, as the rows of its interfaces need them."""

    models: Models = NO_MODELS
    where: str = ""
    read: dict[int, Message] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def is_model(self, type_: str) -> bool:
        """Say whether a 类型 names a model."""
        return self.models.named(type_) is not None

    def model_of(self, row: Row) -> Model | None:
        """Give the model that a row holds: 类型 names it, or the column schema beside it."""
        model = self.models.named(row.type)
        holds = row.kind in {Kind.ARRAY, Kind.OBJECT, None}
        return model or (self.models.named(row.schema) if holds and row.schema else None)

    def of(self, type_: str) -> Message | None:
        """Give the message that is a model, or a list of it; None where a 类型 names none."""
        model = self.models.named(type_)
        if model is None:
            return None
        message = self._message(model)
        left = [_MOST_ROWS]
        rows = tuple(self._expanded(message.rows, (model.line,), left))
        return Message(rows, message.whole)

    def expanded(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Put the members of models into the rows whose types name them."""
        if not self.models.known:
            return tuple(rows)
        left = [_MOST_ROWS]
        found = tuple(self._expanded(rows, (), left))
        if left[0] < 0:
            self.findings.append(_too_many(rows[0], self.where))
        return found

    def _expanded(
        self, rows: Sequence[Row], above: tuple[int, ...], left: list[int]
    ) -> Iterator[Row]:
        parents = {row.path[:-1] for row in rows}
        for row in rows:
            model = None if row.path in parents else self.model_of(row)
            if model is None or model.line in above or len(above) > _DEEPEST or left[0] < 0:
                yield replace(row, holds_rows=True) if model else row
                continue
            message = self._message(model)
            whole = message.whole
            stated = replace(row, holds_rows=False).kind
            if whole is not None and not message.rows and stated is None:
                description = _both(row, whole)
                yield replace(row, type=whole.type, description=description, holds_rows=False)
                continue
            is_list = whole is not None and whole.kind is Kind.ARRAY and stated is None
            yield replace(row, type=f"array[{row.type}]", holds_rows=False) if is_list else row
            left[0] -= len(message.rows)
            for inner in self._expanded(message.rows, (*above, model.line), left):
                yield replace(inner, path=(*row.path, *inner.path))

    def _message(self, model: Model) -> Message:
        """Read the tables of a model, once."""
        if model.line not in self.read:
            rows: list[Row] = []
            for table in model.tables:
                if is_enumeration(table):
                    rows, unknown = with_values(rows, table, self.where)
                    self.findings += unknown
                else:
                    never = frozenset({"required"})
                    more, wrong = read_rows(
                        table, self.where, (), never=never, is_model=self.is_model
                    )
                    rows += more
                    self.findings += wrong
            message = lifted(rows, self.where)
            self.findings += message.findings
            self.read[model.line] = message
        return self.read[model.line]


def _both(row: Row, whole: Row) -> str:
    said = (each for each in (row.description, whole.description) if each and each != "none")
    return "；".join(dict.fromkeys(said))


def _too_many(row: Row, where: str) -> Finding:
    return broken(
        "unreadable-row",
        where=where,
        lines=(row.line,),
        subject=row.name,
        evidence=f"with the models inside them, these rows are more than {_MOST_ROWS}",
        remedy="state the members that count in rows of their own",
    )
