"""Tokens that a request brings back: whether an answer of this server gave them.

Any token of a session passes at any place of one. Only where answers give tokens of two kinds, some
that refresh others, is each held to its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from starlette.types import Scope

from contract.spec.composition import merged
from contract.spec.expectations import BODY, Expectation, expectations
from contract.spec.operations import Operation
from contract.spec.vocabulary import TOKEN
from mock_server.answers.documented_failures import Mistake
from mock_server.answers.made_headers import generator_of, value_in
from mock_server.answers.replies import ServedOperation
from mock_server.requests.request_values import texts_at, texts_sent
from mock_server.state.protocol import State
from mock_server.state.sessions import session_of

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\s+")
_REFRESH = re.compile(r"refresh|renew", re.IGNORECASE)
_REFRESHING = "refresh "
"""What stands before a token that refreshes others, where the state knows two kinds."""
_MISSING = "{name} is missing: send a token that this server gave in an answer"
_UNKNOWN = "{name} is not a token that this server gave in this session"


class HeldTokens:
    """The tokens of a spec: which answers give them, and which operations are held to them."""

    def __init__(self, operations: Mapping[str, ServedOperation], state: State) -> None:
        self.state = state
        self.operations = {name: each.operation for name, each in operations.items()}
        self._members = {name: tuple(_members(each)) for name, each in self.operations.items()}
        self._headers = {name: frozenset(_headers(each)) for name, each in self.operations.items()}
        members = [path[-1] for paths in self._members.values() for path in paths if path]
        headers = [name for names in self._headers.values() for name in names]
        self._are_two_kinds = len({_refreshes(name) for name in (*members, *headers)}) > 1
        gives = any([*self._members.values(), *self._headers.values()])
        self._held = {
            name: held
            for name, each in self.operations.items()
            for held in [tuple(place for place in expectations(each) if place.word == TOKEN)]
            if held and gives
        }

    def held(self, operation: str) -> Sequence[Expectation]:
        """Give the places of tokens that an operation is held to."""
        return self._held.get(operation, ())

    @property
    def holds(self) -> bool:
        """Whether any operation is held to one."""
        return bool(self._held)

    async def remember(
        self, operation: str, scope: Scope, payload: object, headers: Iterable[tuple[str, str]]
    ) -> None:
        """Remember the tokens that a good answer gives."""
        paths, names = self._members.get(operation, ()), self._headers.get(operation, frozenset())
        if not paths and not names:
            return
        given = [(path[-1:], text) for path in paths for text in texts_at(payload, path)]
        given += [((name,), value_in(name, text)) for name, text in headers if name in names]
        for name, token in given:
            await self.state.remember(session_of(scope), self._kind("".join(name)) + _bare(token))

    async def wrong(
        self, operation: str, scope: Scope, body: object, *, in_body: bool
    ) -> tuple[Mistake, str] | None:
        """Say what is wrong with the tokens of a request; None where nothing is.

        Args:
            operation: that is called.
            scope: of the request.
            body: what it carries.
            in_body: whether those in the body are judged, or those in parameters.
        """
        called = self.operations[operation]
        for each in self.held(operation):
            if (each.location == BODY) is not in_body:
                continue
            sent = [_bare(text) for text in texts_sent(each, called, scope, body)]
            if not any(sent) and not each.required:
                continue
            if not any(sent):
                return Mistake.MISSING, _MISSING.format(name=each.name)
            if not await self._knows(session_of(scope), self._kinds(called, each), sent):
                return Mistake.UNKNOWN, _UNKNOWN.format(name=each.name)
        return None

    async def _knows(self, session: str, kinds: Iterable[str], tokens: Sequence[str]) -> bool:
        for kind in kinds:
            for token in tokens:
                if await self.state.remembers(session, kind + token):
                    return True
        return False

    def _kinds(self, operation: Operation, place: Expectation) -> Sequence[str]:
        """Give the kinds that belong at a place; what refreshes may call either a token."""
        kind = self._kind(place.path[-1])
        both = self._are_two_kinds and _refreshes(f"{operation.id} {operation.path}")
        return ("", _REFRESHING) if both else (kind,)

    def _kind(self, name: str) -> str:
        return _REFRESHING if self._are_two_kinds and _refreshes(name) else ""


def _refreshes(name: str) -> bool:
    return _REFRESH.search(name) is not None


def _members(operation: Operation) -> Iterator[tuple[str, ...]]:
    for member in operation.members:
        if merged(member.schema).get("x-mock") == TOKEN:
            yield member.path


def _headers(operation: Operation) -> Iterator[str]:
    for name, described in operation.answer.headers.items():
        if generator_of(described) == TOKEN:
            yield name.lower()


def _bare(token: str) -> str:
    """Give a token without the word that stands before it in a header: Bearer, JWT, Token."""
    found = _SCHEME.match(token := token.strip())
    return token[found.end() :] if found else token
