"""What a request carries, as it was read, and what of it is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contract.json_pointer import Step, pointer_of
from mock_server.problems import Problem

CARRIED = "mock_server.carried"
"""The extension of the scope that holds the `Carried` of a request which is not refused."""

BODY = "body"
"""The place of what stands in a body; the others are those of parameters."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a request carries.

    Attributes:
        parameters: the values by place (`path`, `query`, `header`, `cookie`) and name.
        body: the value of JSON, the members of a form (files are empty texts), a text, or None.
        refusal: what refuses the request for its token, where the flow of tokens does not.
    """

    parameters: Mapping[tuple[str, str], object] = field(default_factory=dict)
    body: object = None
    refusal: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong with a request.

    Attributes:
        place: `path`, `query`, `header`, `cookie` or `body`.
        name: of the parameter; empty for the body.
        steps: from the whole value of the parameter or the body to what is wrong.
        must: what must stand there.
    """

    place: str
    name: str = ""
    steps: Sequence[Step] = ()
    must: str

    def __str__(self) -> str:
        pointer = pointer_of(self.steps)
        where = f" at {pointer}" if pointer else ""
        what = "the body" if self.place == BODY else _NAMED[self.place].format(self.name)
        return f"{what}{where} {self.must}"

    def as_json(self) -> dict[str, str]:
        """Give it as a member of `errors` in problem details (RFC 9457, section 3)."""
        pointer = pointer_of(self.steps)
        named = {"name": self.name} if self.name else {}
        pointed = {"pointer": f"#{pointer}"} if self.place == BODY or pointer else {}
        return {"in": self.place, **named, **pointed, "detail": self.must}


_NAMED: Mapping[str, str] = {
    "path": "the path parameter {}",
    "query": "the query parameter {}",
    "header": "the header {}",
    "cookie": "the cookie {}",
}
