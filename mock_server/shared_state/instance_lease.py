"""Which of several servers this is: a number that no other has while this one lives, held in Redis.

A process beats: it renews the lease of its server, marks how many captchas it has issued, and finds
out whether Redis is there. A server that names its instance has it; another takes a free one, and
another free one where its own was taken over while it did not beat. No number of a captcha comes
twice even so: who takes over a place begins `MARGIN` numbers behind its mark.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import cast

from mock_server.drawing.captcha import HALF, INSTANCES, PROCESSES, Numbers
from mock_server.shared_state.redis_link import Link

LEASE = 10.0
"""Seconds that a lease lasts without a beat."""

BEAT, RETRY = 2.0, 0.5
"""Seconds between two beats, and between two tries to reach a Redis that is gone."""


class NoFreeInstance(Exception):  # noqa: N818 - it names what there is not
    """All instances are taken by other servers."""


class InstanceLease:
    """The instance of one server, as one of its processes sees it.

    Attributes:
        numbers: those that the process issues.
    """

    def __init__(
        self, numbers: Numbers, fixed: int | None, report: Callable[[str], object]
    ) -> None:
        """Begin without a lease, at a place where hardly any other server is.

        Args:
            numbers: those that the process issues.
            fixed: the instance that the command line names, if it names one.
            report: prints a line for people.
        """
        self.numbers = numbers
        self.fixed = fixed
        self.report = report
        kind = "leased" if fixed is None else "fixed"
        self._server = f"{kind}:{secrets.token_hex(8)}"
        self._held: int | None = None
        self._rivals = 0
        numbers.instance = secrets.randbelow(INSTANCES) if fixed is None else fixed
        numbers.issued = secrets.randbelow(HALF**2 // PROCESSES)

    async def beat(self, link: Link, worker: int | None) -> str:
        """Renew the lease, or take one; give what tells whether Redis has lost its data.

        Args:
            link: leads to Redis.
            worker: the number of the process; None for one that issues nothing.

        Raises:
            NoFreeInstance: there is none.
            RedisError: and OSError and TimeoutError, where Redis is not there.
        """
        numbers = self.numbers
        wanted = self.fixed if self.fixed is not None else self._held
        said = await link.trial(
            "beat",
            self._server,
            "" if wanted is None else wanted,
            int(self.fixed is not None),
            int(LEASE * 1000),
            "" if worker is None else worker,
            "" if self._held is None or worker is None else self._held,
            numbers.issued,
        )
        instance, count, rival, epoch = cast(tuple[int, int, int, bytes], said)
        if instance < 0:
            raise NoFreeInstance
        if worker is not None:
            if instance != self._held:
                self._tell(instance)
                numbers.instance, numbers.issued = instance, count
            self._held = instance
        self._tell_rival(bool(rival))
        return epoch.decode()

    async def release(self, link: Link) -> None:
        """Give the lease back, so that another server can have it at once."""
        await link.trial("release", self._server)

    def _tell(self, instance: int) -> None:
        if self._held is not None:
            self.report(
                f"another server has taken over instance {self._held}: it was started with that"
                " --instance, or this one did not reach Redis for too long; this one goes on as"
                f" instance {instance}"
            )

    def _tell_rival(self, rival: bool) -> None:  # noqa: FBT001 - what was seen
        self._rivals = self._rivals + 1 if rival else 0
        if self._rivals == int(LEASE / BEAT) + 1:  # a server that was killed keeps it for so long
            self.report(
                f"another server has --instance {self.fixed}, too: give each its own, or none, and "
                "a free one is taken"
            )
