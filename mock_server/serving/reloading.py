"""The spec as it is on disk: a good save is served, a broken one is reported and ignored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import Receive, Scope, Send

from contract.findings import Place, Unusable, named
from contract.plain_files import real
from contract.spec.loading import load
from contract.spec.operations import Spec, UnreadOperation
from contract.spec.references import InvalidSpec
from contract.spec.spec_files import files
from mock_server.answer_editing import Answer, NotApplicable
from mock_server.app import SpecApplication
from mock_server.serving.probes import probe

RETRY_AFTER = 1.0
"""Seconds until a broken spec is tried again: a file that was missing may exist by now."""

SHARE = 20
"""How many times as long as a failed try took, at least, until the next one without a save."""

FileStamps = Mapping[Path, tuple[int, int, int] | None]
"""What changes with every save, by file; None stands for a file that does not exist."""


@dataclass(slots=True)
class ReloadingApplication:
    """An ASGI application that serves the newest good save of a spec.

    Attributes:
        path: the spec's file.
        build: makes the application of a spec.
        report: prints a line for people.
        reloaded: is told of every save whether it is served or refused.
        spec: the newest good one.
        problem: what is wrong with the newest save; None where nothing is.
        loaded: when the spec was read.
    """

    path: Path
    build: Callable[[Spec], SpecApplication]
    report: Callable[[str], object]
    spec: Spec = field(init=False)
    app: SpecApplication = field(init=False)
    reloaded: Callable[[str], object] = lambda _: None
    problem: str | None = None
    loaded: datetime = field(init=False)
    _seen: FileStamps = field(default_factory=dict)
    _retry: float = 0.0

    def __post_init__(self) -> None:
        self._load()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; one that is under way stays with the save it began with."""
        await self.app(scope, receive, send)

    @property
    def unserved(self) -> tuple[UnreadOperation, ...]:
        """The operations that are answered with 501, each with the reason."""
        return self.app.unserved

    def has_root(self) -> bool:
        """Say whether the spec has an operation at `/`."""
        return "/" in self.app.paths

    def probe(self, path: str, gone: str | None = None) -> Answer | None:
        """Answer a probe; None where the spec has an operation at its path.

        Args:
            path: of the probe.
            gone: why the state cannot be reached; None where it can.
        """
        return None if path in self.app.paths else probe(path, self.problem, gone)

    def has(self, path: str) -> bool:
        """Say whether the spec has an operation at a path."""
        return path in self.app.paths

    async def reload_if_changed(self) -> None:
        """Serve what was saved since the last call if it is good; report it if it is not."""
        retry = self.problem is not None and time.monotonic() > self._retry
        if retry or stamps_of(self._seen) != self._seen:
            await asyncio.to_thread(self._reload)

    def _reload(self) -> None:
        before, began = self.problem, time.monotonic()
        try:
            self._load()
        except (Unusable, NotApplicable) as problem:
            self.problem = str(problem)
            self._retry = retry_after(began)
            if self.problem != before:
                self.reloaded("refused")
                self.report(f"{problem}; the last good spec is served")
        else:
            self.reloaded("served")
            self.report(f"{self.path} was read again")
            for each in self.unserved:
                self.report(f"{each}; it is answered with 501")

    def _load(self) -> None:
        try:
            spec = self._read()
            app = self.build(spec)
        except (Unusable, NotApplicable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a save may hold, the server stays up
            message = f"cannot be served: {type(error).__name__}: {error}".splitlines()[0]
            raise InvalidSpec(Place(named(self.path), 0), message) from None
        self.spec, self.app, self.problem = spec, app, None
        self.loaded = datetime.now(UTC)

    def _read(self) -> Spec:
        """Read the spec, after the stamps of all its files: a save meanwhile is seen next time."""
        watched = {real(self.path), *self._seen}
        while True:
            self._seen = stamps_of(watched)
            spec = load(self.path)
            needed = {real(self.path), *files(spec.tree)}
            if needed <= watched:
                self._seen = {path: self._seen[path] for path in needed}
                return spec
            watched |= needed


def retry_after(began: float) -> float:
    """Give the moment to try again what failed just now, so that trying takes a small share."""
    failed = time.monotonic()
    return failed + max(RETRY_AFTER, SHARE * (failed - began))


def stamps_of(paths: Iterable[Path]) -> FileStamps:
    """Give what changes with every save of some files."""
    return {path: stamp_of(path) for path in paths}


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """Give what changes with every save of a file; None where there is no such file."""
    try:
        seen = path.stat()
    except (OSError, ValueError):
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
