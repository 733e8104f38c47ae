"""The mock server's own interface below `/__admin`: `admin.yaml` declares it, this implements it.

To add a call: a path in `admin.yaml`, and a method of `Admin` named as its operationId. Nothing
here runs code, reads files or sets variables for a client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from math import isnan
from typing import Any

from connexion.context import request as called
from connexion.lifecycle import ConnexionResponse

from contract import __version__
from contract.spec.vocabulary import shown
from mock_server.answers.issued_texts import NUMBER, numbers_in
from mock_server.drawing.captcha import Numbers
from mock_server.faults import FAULTS, KINDS
from mock_server.held_captchas import Terms
from mock_server.page.sample_request import draws_captchas, sample_request
from mock_server.problems import RequestRefused, malformed, problem
from mock_server.serving.reloading import ReloadingApplication
from mock_server.settings_json import as_json, read_settings
from mock_server.state.journal import JournalEntry
from mock_server.state.journal_filters import filters_of
from mock_server.state.named_captchas import last_named, name_in, number_in
from mock_server.state.protocol import IssuedCaptcha, State, StateGone
from mock_server.state.request_patterns import conditions_of
from mock_server.state.sessions import SHARED, checked, session_of
from mock_server.state.waiting import Waits

PREFIX = "/__admin"
"""What the paths of the interface begin with."""
_CAVEAT = (
    "the mock server draws this text for this number;"
    " a fault may show another picture, or another number"
)


class Admin:
    """What the interface shows and changes, in one process."""

    def __init__(  # noqa: PLR0913 - what it shows and changes
        self,
        served: ReloadingApplication,
        numbers: Numbers,
        state: State,
        *,
        workers: int = 1,
        terms: Terms | None = None,
        passes: bool = False,
    ) -> None:
        self.terms = terms
        self.passes = passes
        self.served = served
        self.numbers = numbers
        self.state = state
        self.waits = Waits(state)
        self.workers = workers
        self.apart = workers > 1 and not state.shared
        self.started = datetime.now(UTC)

    async def health(self) -> Mapping[str, object]:
        """Report how the server is, and whether the newest save of its spec is good."""
        now = datetime.now(UTC)
        problem_of_spec = self.served.problem
        sessions: list[str] = []
        with suppress(StateGone):
            sessions = [] if self.apart else [*await self.state.sessions()]
        gone = self.state.problem
        return {
            "status": "healthy",
            "message": _message(problem_of_spec, gone),
            "version": __version__,
            "uptimeInSeconds": int((now - self.started).total_seconds()),
            "timestamp": now.isoformat("T", "milliseconds"),
            "seed": self.numbers.captchas.seed,
            "workers": self.workers,
            "session": _session(),
            "instance": self.numbers.instance,
            "state": {"kept": self.state.where, "shared": self.state.shared, "problem": gone},
            "sessions": sessions,
            "spec": {
                "path": str(self.served.path),
                "loaded": self.served.loaded.isoformat("T", "milliseconds"),
                "problem": problem_of_spec,
                "unserved": [
                    {
                        "operationId": each.id,
                        "method": each.method,
                        "path": each.path,
                        "place": str(each.place),
                        "reason": each.reason,
                    }
                    for each in self.served.unserved
                ],
            },
        }

    async def sessions(self, limit: int) -> Mapping[str, object]:
        """List the sessions."""
        self._needs_all_of("the sessions")
        names = await self.state.sessions()
        return {"sessions": list(names[:limit]), "meta": {"total": len(names)}}

    async def operations(self) -> Mapping[str, object]:
        """List what is served."""
        return {
            "operations": [
                {
                    "operationId": each.id,
                    "summary": each.summary,
                    "method": each.method,
                    "path": each.path,
                    "codes": [each.status, *(other.status for other in each.others)],
                    "examples": list(each.examples),
                    "captcha": draws_captchas(each),
                }
                for each in self.served.spec.operations
                if each.id not in {refused.id for refused in self.served.unserved}
            ]
        }

    async def call(self, operation: str) -> Mapping[str, object]:
        """Give a request of an operation, filled in."""
        found = next((each for each in self.served.spec.operations if each.id == operation), None)
        if found is None:
            hint = f"{PREFIX}/operations lists all"
            detail = f"there is no operation {shown(operation)}; {hint}"
            raise _refused(HTTPStatus.NOT_FOUND, detail)
        return sample_request(found)

    async def faults(self) -> Mapping[str, object]:
        """List the faults, and their kinds in the order of the list."""
        return {
            "faults": [
                {
                    "name": each.name,
                    "english": each.english,
                    "chinese": each.chinese,
                    "source": each.source,
                    "kind": each.kind,
                    "detectedBy": sorted(each.detected_by),
                    "level": str(each.level) if each.level else None,
                    "inconclusive": each.inconclusive,
                }
                for each in FAULTS.values()
            ],
            "kinds": [
                {"name": name, "english": english, "chinese": chinese}
                for name, (english, chinese) in KINDS.items()
            ],
        }

    async def captchas(self, limit: int) -> Mapping[str, object]:
        """List the last captchas."""
        self._needs_all_of("the last captchas")
        latest = await self.state.captchas(_session(), limit)
        return {
            "captchas": [self._captcha(each.number) | self._uses(each) for each in latest],
            "meta": {"total": await self.state.captchas_kept(_session())},
        }

    async def captcha(self, img_code_id: str) -> Mapping[str, object]:
        """Give a captcha's answer, and whether it can still be used."""
        key = await self._key(img_code_id)
        issued = await self._issued(key)
        origin = self.numbers.origin(number_in(key))
        by_me = origin.worker == self.numbers.worker and not self.state.shared
        known = issued is not None or None  # of another session, or too long ago, it is not known
        return {
            **self._captcha(key),
            "img_code_id": img_code_id,
            "issued": origin.count < self.numbers.issued if by_me else known,
            **self._uses(issued),
            "known": _CAVEAT,
        }

    async def _key(self, named: str) -> str:
        """Give what the state knows a captcha of this server by, or refuse what is none."""
        if not self.served.app.by_name:
            return await self._number(named)
        with suppress(StateGone):
            last = await last_named(self.state, _session(), named)
            if last is not None:
                return last
        if NUMBER.fullmatch(named):
            return await self._number(named)
        raise _no_captcha(
            f"{shown(named)} is not the name of a captcha that was asked for in this session"
        )

    def _needs_all_of(self, what: str) -> None:
        """Refuse a call that needs what each of several workers has for itself.

        Raises:
            RequestRefused: there are several, and no state that they share.
        """
        if self.apart:
            detail = f"with several workers there is no access to {what}"
            raise _refused(HTTPStatus.CONFLICT, f"{detail}: start with --workers 1, or --state")

    async def _issued(self, number: str) -> IssuedCaptcha | None:
        """Give what the session knows of a captcha; nothing while its state is gone."""
        with suppress(StateGone):
            return await self.state.captcha(_session(), number)
        return None

    async def _number(self, named: str) -> str:
        """Give the number of a captcha of this server, or refuse what is none."""
        captchas = self.numbers.captchas
        named_by = [*numbers_in(named, captchas, self.served.app.forms)]
        if not named_by:
            raise _no_captcha(
                f"{shown(named)} is not the number of a captcha: six characters of 0-9A-Z"
            )
        if any(_holds(each.examples, named) for each in self.served.spec.operations):
            raise _no_captcha(
                f"{named} is the number of an example in the spec: its picture is not drawn here"
            )
        if self.state.shared:  # then it is one of this server, whichever drew it
            known = [each for each in named_by if await self._issued(each) is not None]
            return known[0] if known else named_by[0]
        for number in named_by:
            origin = self.numbers.origin(number)
            mine = origin.instance == self.numbers.instance and origin.worker < self.workers
            if mine and (not self.passes or origin.count < self.numbers.issued):
                return number
        raise _no_captcha(
            f"{named} is not a number of this server: another one issues it, or one that has "
            "another seed"
        )

    def _captcha(self, key: str) -> dict[str, object]:
        """Tell of a captcha; its number as the answers write it, where all write it alike."""
        captchas, forms = self.numbers.captchas, self.served.app.forms
        number, name = number_in(key), name_in(key)
        if name is not None:
            return {"img_code_id": name, "text": captchas.text(number)}
        written = forms[0].written(number, captchas) if len(forms) == 1 else number
        return {"img_code_id": written, "text": captchas.text(number)}

    def _uses(self, issued: IssuedCaptcha | None) -> dict[str, object]:
        """Say how often a captcha was used, and when it expires; nothing of a lenient server."""
        if issued is None or self.terms is None:
            return {"used": issued.uses if issued else None, "expires": None}
        end = datetime.now(UTC) + timedelta(seconds=self.terms.ttl - issued.age)
        return {"used": issued.uses, "expires": end.isoformat("T", "milliseconds")}

    async def image(self, img_code_id: str) -> ConnexionResponse:
        """Draw a captcha again."""
        key = await self._key(img_code_id)
        picture = self.numbers.captchas.picture(number_in(key))
        return ConnexionResponse(body=picture, content_type="image/jpeg", status_code=HTTPStatus.OK)

    async def requests(self, limit: int, wait: float = 0) -> Mapping[str, object]:
        """List the last requests that fit, or wait for one."""
        return await self._requests(limit, wait)

    async def unmatched(self, limit: int, wait: float = 0) -> Mapping[str, object]:
        """List the last requests that fit and were not served, or wait for one."""
        return await self._requests(limit, wait, unmatched=True)

    async def count(self, wait: float = 0) -> Mapping[str, object]:
        """Count the requests that fit, or wait for one."""
        self._needs_all_of("the journal")
        fitting, _ = await self._fitting(wait)
        return {"count": sum(1 for _ in fitting)}

    async def find(self, body: Mapping[str, Any]) -> Mapping[str, object]:
        """List the requests that a pattern in WireMock's form means, the oldest first as there."""
        self._needs_all_of("the journal")
        found = [each.as_json() for each in await self._meant(body)]
        return {"requests": found[::-1], "requestJournalDisabled": False}

    async def count_found(self, body: Mapping[str, Any]) -> Mapping[str, object]:
        """Count the requests that a pattern in WireMock's form means."""
        self._needs_all_of("the journal")
        return {"count": len(await self._meant(body)), "requestJournalDisabled": False}

    async def _meant(self, pattern: Mapping[str, Any]) -> Sequence[JournalEntry]:
        conditions = conditions_of(pattern)
        entries = await self.state.journal(_session_asked())
        return [each for each in entries if all(meets(each) for meets in conditions)]

    async def _requests(
        self, limit: int, wait: float, *, unmatched: bool = False
    ) -> Mapping[str, object]:
        self._needs_all_of("the journal")
        fitting, session = await self._fitting(wait, unmatched=unmatched)
        return {
            "requests": [each.as_json() for each in islice(fitting, limit)],
            "meta": {"total": await self.state.total(session)},
        }

    async def _fitting(
        self, wait: float, *, unmatched: bool = False
    ) -> tuple[Iterator[JournalEntry], str]:
        """Give the entries that fit, the newest first, and the session that they are of."""
        asked = called.query_params
        filters = filters_of(asked.multi_items(), unmatched=unmatched)
        session = _session_asked()
        if isnan(wait):
            raise malformed("wait: must be a number of seconds, 60 at most")
        if wait:
            await self.waits.until(session, filters, wait, called.scope)
        return filter(filters.fits, await self.state.journal(session)), session

    async def forget(self) -> Mapping[str, object]:
        """Empty the journal."""
        self._needs_all_of("the journal")
        await self.state.forget(_session())
        return {}

    async def settings(self) -> Mapping[str, object]:
        """Give the settings in force."""
        self._needs_all_of("the settings")
        return as_json(await self.state.settings(_session()))

    async def change(self, body: Mapping[str, Any]) -> Mapping[str, object]:
        """Replace the settings."""
        self._needs_all_of("the settings")
        settings = read_settings(body, self.served.app.operations, self.numbers.captchas)
        await self.state.change(_session(), settings)
        return await self.settings()

    async def reset(self, all: bool = False) -> Mapping[str, object]:  # noqa: A002, FBT001, FBT002 - connexion passes the parameter of this name
        """Let one session, or all, begin again; no number may come twice, so they go on."""
        self._needs_all_of("the settings")
        await self.state.reset(None if all else _session())
        return {}


def _session() -> str:
    """Give the session of the call that is being answered; the shared one outside of any."""
    return session_of(called.scope) if called else SHARED


def _session_asked() -> str:
    """Give the session that the query of the call names, else the one of the call.

    Raises:
        RequestRefused: it is no name of a session.
    """
    named = called.query_params.get("session")
    return checked(named.encode(), "session") if named else _session()


def _holds(example: object, named: str) -> bool:
    """Say whether an example holds a text, or an integer that is written so."""
    if isinstance(example, Mapping):
        return any(_holds(each, named) for each in example.values())
    if isinstance(example, list):
        return any(_holds(each, named) for each in example)
    return isinstance(example, str | int) and str(example) == named


def _message(problem_of_spec: str | None, gone: str | None) -> str:
    """Say in a sentence how the server is."""
    if gone is not None:
        return f"captchas are drawn, but what needs sessions is answered with 503: {gone}"
    if problem_of_spec is not None:
        return "the last good spec is served; the newest save is broken"
    return "the mock server is serving"


def _refused(status: HTTPStatus, detail: str) -> RequestRefused:
    return RequestRefused(problem(status, detail))


def _no_captcha(detail: str) -> RequestRefused:
    return _refused(HTTPStatus.NOT_FOUND, detail)
