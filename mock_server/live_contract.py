"""The page of the contract as it is now: the spec beside its documents, both from the disk.

It is the page of `captcha-contract review`, live: what changed since it was first asked for stands
above the rest. The page is rendered again only after a file has changed. It asks for its token
every now and then, and reloads itself once the token differs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from contract.page import PageFiles, policy_of_reloading, sources
from contract.page.live_page import live_page, remembered
from contract.page.versions import Version
from mock_server.answer_editing import Answer
from mock_server.contract_page import TOKEN
from mock_server.serving.reloading import FileStamps, retry_after, stamps_of

_UNCACHED = (("cache-control", "no-store"),)
_HEADERS = (
    ("content-security-policy", f"{policy_of_reloading()}; frame-ancestors 'none'"),
    *_UNCACHED,
)


@dataclass(slots=True)
class LiveContract:
    """The page of one spec, and the token that changes whenever the page would.

    Attributes:
        path: the spec's file, which may be broken, or missing.
    """

    path: Path
    _sources: PageFiles = field(default=PageFiles(frozenset(), None), repr=False)
    _seen: FileStamps = field(default_factory=dict, repr=False)
    _since: Version | None = field(default=None, repr=False)
    _retry: float = 0.0
    _token: str = ""
    _page: Answer = field(default=Answer(200, "", b""), repr=False)
    _page_of: str = ""

    def answer(self, path: str) -> Answer:
        """Answer one of `PATHS`; it takes as long as reading the spec does."""
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
