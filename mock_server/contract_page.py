"""The page of the contract: the spec beside its documents, both as they are on disk now.

It is the page of `captcha-contract review`, live: what changed since it was first asked for stands
above the rest. The page is rendered again only after a file has changed. It asks for its token
every now and then, and reloads itself once the token differs.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from contract.page import PageFiles, policy_of_reloading, sources
from contract.page.live_page import live_page, remembered
from contract.page.versions import Version
from mock_server.answer_editing import Answer
from mock_server.problems import problem
from mock_server.reloading import FileStamps, retry_after, stamps_of

PAGE, TOKEN = "/__page/contract", "/__page/contract.txt"
PATHS = frozenset({PAGE, TOKEN})
"""The paths of the page and its token."""

_UNCACHED = (("cache-control", "no-store"),)
_HEADERS = (
    ("content-security-policy", f"{policy_of_reloading()}; frame-ancestors 'none'"),
    *_UNCACHED,
)


@dataclass(slots=True)
class ContractPage:
    """The page of one spec, and the token that changes whenever the page would.

    Attributes:
        path: the spec's file, which may be broken, or missing.
    """

    path: Path
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _sources: PageFiles = field(default=PageFiles(frozenset(), None), repr=False)
    _seen: FileStamps = field(default_factory=dict, repr=False)
    _since: Version | None = field(default=None, repr=False)
    _retry: float = 0.0
    _token: str = ""
    _page: Answer = field(default=Answer(200, "", b""), repr=False)
    _page_of: str = ""

    async def answer(self, path: str) -> Answer:
        """Answer one of `PATHS`; slow work is done in a thread, once for all requests that wait."""
        async with self._lock:
            try:
                return await asyncio.to_thread(self._answer, path)
            except Exception as error:  # noqa: BLE001 - whatever a spec may hold, the server says so
                detail = f"the page cannot be made: {type(error).__name__}: {error}".splitlines()[0]
                return problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail).answer

    def _answer(self, path: str) -> Answer:
        self._look()
        if path == TOKEN:
            return Answer(200, "text/plain; charset=utf-8", self._token.encode(), _UNCACHED)
        if self._page_of != self._token:
            self._since = self._since or remembered(self.path)
            token = f"{TOKEN.rpartition('/')[2]}#{self._token}"
            text = live_page(self.path, self._since, reloading=token)
            self._page = Answer(200, "text/html; charset=utf-8", text.encode(), _HEADERS)
            self._page_of = self._token
        return self._page

    def _look(self) -> None:
        """Check whether a file changed; the files of a broken spec are not known."""
        before = self._stamps()
        retry = self._sources.problem is not None and time.monotonic() > self._retry
        if self._token and before == self._seen and not retry:
            return
        began, known = time.monotonic(), self._sources.paths
        self._sources = sources(self.path)
        self._retry = retry_after(began)
        self._seen = before if known == self._sources.paths else self._stamps()
        contents = repr((self._seen, self._sources.problem))
        self._token = sha256(contents.encode("utf-8", "backslashreplace")).hexdigest()[:16]

    def _stamps(self) -> FileStamps:
        return stamps_of(sorted(self._sources.paths))
