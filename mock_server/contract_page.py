"""The page of the contract; `live_contract.py` makes it, and is imported when it is asked for.

Making it needs most of `contract/`, and no call of the spec does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from pathlib import Path

from mock_server.answer_editing import Answer
from mock_server.problems import problem

PAGE, TOKEN = "/__page/contract", "/__page/contract.txt"
PATHS = frozenset({PAGE, TOKEN})
"""The paths of the page and its token."""


class ContractPage:
    """The page of one spec, and the token that changes whenever the page would.

    Args:
        path: the spec's file, which may be broken, or missing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = asyncio.Lock()

    async def answer(self, path: str) -> Answer:
        """Answer one of `PATHS`; slow work is done in a thread, once for all requests that wait."""
        async with self._lock:
            try:
                return await asyncio.to_thread(self._made, path)
            except Exception as error:  # noqa: BLE001 - whatever a spec may hold, the server says so
                detail = f"the page cannot be made: {type(error).__name__}: {error}".splitlines()[0]
                return problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail).answer

    def _made(self, path: str) -> Answer:
        """Make the answer, in a thread from its import on."""
        return self._live(path)

    @cached_property
    def _live(self) -> Callable[[str], Answer]:
        from mock_server.live_contract import LiveContract  # noqa: PLC0415 - 6 MB, for a page only

        return LiveContract(self.path).answer
