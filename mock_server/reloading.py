"""The spec as it is on disk: a good save is served, a broken one is told and changes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from contract.findings import Place, Unusable, named
from contract.spec.loading import load
from contract.spec.operations import Spec
from contract.spec.references import InvalidSpec, files
from mock_server.answer_editing import NotApplicable

AGAIN = 1.0
"""Seconds until a broken spec is tried again: what was missing may be there by now."""

Stamp = tuple[tuple[int, int, int] | None, ...]


@dataclass(slots=True)
class Live:
    """An ASGI application that is the newest good save of a spec.

    Attributes:
        path: the spec's file.
        build: spec → application.
        tell: what to do with a line for people.
        spec: the newest good one.
        problem: what is wrong with the newest save; None where nothing is.
        loaded: when the spec was read.
    """

    path: Path
    build: Callable[[Spec], ASGIApp]
    tell: Callable[[str], object]
    spec: Spec = field(init=False)
    app: ASGIApp = field(init=False)
    problem: str | None = None
    loaded: datetime = field(init=False)
    _seen: Stamp = field(init=False)
    _tried: float = 0.0

    def __post_init__(self) -> None:
        self._load()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; one that is under way stays with the save it began with."""
        await self.app(scope, receive, send)

    async def look(self) -> None:
        """Serve what was saved since the last look, if it is good; tell what is not."""
        again = self.problem is not None and time.monotonic() - self._tried > AGAIN
        if again or self._stamp() != self._seen:
            await asyncio.to_thread(self._reload)

    def _reload(self) -> None:
        before = self.problem
        try:
            self._load()
        except (Unusable, NotApplicable) as problem:
            self.problem = str(problem)
            if self.problem != before:
                self.tell(f"{problem}; the last good spec is served")
        else:
            self.tell(f"{self.path} was read again")

    def _load(self) -> None:
        self._tried = time.monotonic()
        self._seen = self._stamp() if hasattr(self, "spec") else ()
        try:
            spec = load(self.path)
            app = self.build(spec)
        except (Unusable, NotApplicable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a save may hold, the server stays
            told = f"cannot be served: {type(error).__name__}: {error}".splitlines()[0]
            raise InvalidSpec(Place(named(self.path), 0), told) from None
        changed = not hasattr(self, "spec") or files(spec.tree) != files(self.spec.tree)
        self.spec, self.app, self.problem = spec, app, None
        self.loaded = datetime.now(UTC)
        if changed:
            self._seen = self._stamp()

    def _stamp(self) -> Stamp:
        return tuple(map(stamp, sorted({self.path.resolve(), *files(self.spec.tree)})))


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Give what changes with every save of a file; None where there is none."""
    try:
        seen = path.stat()
    except (OSError, ValueError):
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
