"""The mock server's own interface below `/__admin`: `admin.yaml` says what, this does it.

Every function is an operationId of that file. Nothing here runs code, reads files or sets
variables for a caller.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml
from connexion import AsyncApp
from connexion.exceptions import BadRequestProblem
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from contract import __version__
from contract.spec.vocabulary import shown
from mock_server.app import deliver, method_refused, response
from mock_server.captcha import Numbers
from mock_server.faults import FAULTS, fault_named
from mock_server.journal import Journal
from mock_server.problems import Problem, meant, problem
from mock_server.reloading import Live
from mock_server.selection import Between, Delay, Lognormal
from mock_server.settings import Defaults, Settings

PREFIX = "/__admin"
SPEC = Path(__file__).parent / "admin.yaml"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_KNOWN = (
    "what the mock server draws for this number, issued or not;"
    " a fault that shows another picture, or another number, is out of it"
)

Handler = Callable[..., Any]


class Admin:
    """What the interface tells and changes, in one process."""

    def __init__(
        self,
        live: Live,
        numbers: Numbers,
        settings: Settings,
        journal: Journal,
        *,
        workers: int = 1,
    ) -> None:
        self.live = live
        self.numbers = numbers
        self.defaults = settings
        self.journal = journal
        self.workers = workers
        self.started = datetime.now(UTC)

    async def health(self) -> Mapping[str, object]:
        """Say how the server is, and how the newest save of its spec."""
        now = datetime.now(UTC)
        problem_of_spec = self.live.problem
        return {
            "status": "healthy",
            "message": "the mock server is serving"
            if problem_of_spec is None
            else "the last good spec is served; the newest save is broken",
            "version": __version__,
            "uptimeInSeconds": int((now - self.started).total_seconds()),
            "timestamp": now.isoformat("T", "milliseconds"),
            "seed": self.numbers.captchas.seed,
            "workers": self.workers,
            "spec": {
                "path": str(self.live.path),
                "loaded": self.live.loaded.isoformat("T", "milliseconds"),
                "problem": problem_of_spec,
            },
        }

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
                }
                for each in self.live.spec.operations
            ]
        }

    async def faults(self) -> Mapping[str, object]:
        """List the faults."""
        return {
            "faults": [
                {
                    "name": each.name,
                    "sentence": each.sentence,
                    "kind": each.kind,
                    "toldBy": sorted(each.told_by),
                    "level": str(each.level) if each.level else None,
                    "inconclusive": each.inconclusive,
                }
                for each in FAULTS.values()
            ]
        }

    async def captchas(self, limit: int) -> Mapping[str, object] | ConnexionResponse:
        """List the last captchas."""
        if self.workers > 1:
            return _several("the last captchas")
        latest = self.numbers.latest(limit)
        return {
            "captchas": [self._captcha(number) for number in latest],
            "meta": {"total": self.numbers.issued},
        }

    async def captcha(self, img_code_id: str) -> Mapping[str, object] | ConnexionResponse:
        """Tell a captcha's answer."""
        return self._not_drawn(img_code_id) or self._captcha(img_code_id) | {"known": _KNOWN}

    def _not_drawn(self, number: str) -> ConnexionResponse | None:
        """Refuse what is no number of a captcha, or one whose picture the spec shows."""
        if not re.fullmatch(r"[0-9A-Z]{6}", number):
            told = f"{shown(number)} is no number of a captcha: that has six characters of 0-9A-Z"
            return response(problem(HTTPStatus.NOT_FOUND, told))
        examples = [each.examples for each in self.live.spec.operations]
        if f'"{number}"' in json.dumps(examples):
            told = (
                f"{number} is the number of an example in the spec: its picture is not drawn here"
            )
            return response(problem(HTTPStatus.NOT_FOUND, told))
        return None

    def _captcha(self, number: str) -> dict[str, object]:
        return {"img_code_id": number, "text": self.numbers.captchas.text(number)}

    async def image(self, img_code_id: str) -> ConnexionResponse:
        """Draw a captcha again."""
        refusal = self._not_drawn(img_code_id)
        if refusal is not None:
            return refusal
        picture = self.numbers.captchas.picture(img_code_id)
        return ConnexionResponse(body=picture, content_type="image/jpeg", status_code=HTTPStatus.OK)

    async def requests(self, limit: int) -> Mapping[str, object] | ConnexionResponse:
        """List the last requests."""
        return self._journal(limit)

    async def unmatched(self, limit: int) -> Mapping[str, object] | ConnexionResponse:
        """List the last requests that were not served."""
        return self._journal(limit, unmatched=True)

    def _journal(
        self, limit: int, *, unmatched: bool = False
    ) -> Mapping[str, object] | ConnexionResponse:
        if self.workers > 1:
            return _several("the journal")
        newest = self.journal.newest(limit, unmatched=unmatched)
        return {
            "requests": [entry.told() for entry in newest],
            "meta": {"total": self.journal.total},
        }

    async def forget(self) -> Mapping[str, object] | ConnexionResponse:
        """Empty the journal."""
        if self.workers > 1:
            return _several("the journal")
        self.journal.clear()
        return {}

    async def settings(self) -> Mapping[str, object] | ConnexionResponse:
        """Tell the settings."""
        if self.workers > 1:
            return _several("the settings")
        current = self.defaults.current
        return {"fault": current.fault.name if current.fault else None, **_told(current.delay)}

    async def change(self, body: Mapping[str, Any]) -> Mapping[str, object] | ConnexionResponse:
        """Set the settings."""
        if self.workers > 1:
            return _several("the settings")
        name, fixed, spread = (
            body.get(key) for key in ("fault", "fixedDelay", "delayDistribution")
        )
        fault = None if name is None else fault_named(name)
        if name is not None and fault is None:
            told = f"there is no fault {name}; {meant(name, FAULTS)}/__admin/faults lists all"
            return response(problem(HTTPStatus.UNPROCESSABLE_ENTITY, told))
        if fixed is not None and spread is not None:
            told = "fixedDelay and delayDistribution exclude each other"
            return response(problem(HTTPStatus.UNPROCESSABLE_ENTITY, told))
        try:
            delay = _spread(**spread) if spread else None
        except ValueError as error:
            return response(problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)))
        if fixed is not None:
            delay = Between(fixed, fixed)
        self.defaults.current = Defaults(fault=fault, delay=delay)
        return await self.settings()

    async def reset(self) -> Mapping[str, object] | ConnexionResponse:
        """Set everything back but the numbers, none of which ever comes twice."""
        if self.workers > 1:
            return _several("the settings")
        self.defaults.reset()
        self.journal.clear()
        return {}


def _spread(type: str, **bounds: float) -> Delay:  # noqa: A002 - the member's name
    if type == "lognormal" and bounds.keys() == {"median", "sigma"}:
        return Lognormal(**bounds)
    if type == "uniform" and bounds.keys() == {"lower", "upper"}:
        if bounds["lower"] > bounds["upper"]:
            raise ValueError("the lower bound of a delay is above its upper bound")
        return Between(**bounds)
    raise ValueError("a uniform delay has lower and upper, a lognormal one median and sigma")


def _told(delay: Delay | None) -> Mapping[str, object]:
    fixed = distribution = None
    if isinstance(delay, Between) and delay.lower == delay.upper:
        fixed = delay.lower
    elif isinstance(delay, Between):
        distribution = {"type": "uniform", "lower": delay.lower, "upper": delay.upper}
    elif isinstance(delay, Lognormal):
        distribution = {"type": "lognormal", "median": delay.median, "sigma": delay.sigma}
    return {"fixedDelay": fixed, "delayDistribution": distribution}


def _several(what: str) -> ConnexionResponse:
    told = f"with several workers there is no access to {what}: start with --workers 1"
    return response(problem(HTTPStatus.CONFLICT, told))


def admin_application(admin: Admin, token: str | None, *, loopback: bool) -> ASGIApp:
    """Make the ASGI application below `/__admin`, behind its guard."""
    app = AsyncApp("mock_server.admin")
    described = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    app.add_api(described, base_path=PREFIX, resolver=lambda name: getattr(admin, name))
    methods = {f"{PREFIX}{path}": list(item) for path, item in described["paths"].items()}
    app.add_error_handler(HTTPStatus.METHOD_NOT_ALLOWED, method_refused(methods))
    app.add_error_handler(BadRequestProblem, _in_a_line)
    return _Guard(app, token, loopback=loopback)


def _in_a_line(_: ConnexionRequest, refusal: BadRequestProblem) -> ConnexionResponse:
    """Tell what a validator says without the schema that it quotes after it."""
    return response(problem(HTTPStatus.BAD_REQUEST, refusal.detail.splitlines()[0]))


class _Guard:
    """Lets in who may: anybody on this machine, or whoever has the token.

    A page of another origin may not change anything, and a name that leads here from outside
    (DNS rebinding) is none of this machine.
    """

    def __init__(self, app: ASGIApp, token: str | None, *, loopback: bool) -> None:
        self.app = app
        self.token = token
        self.loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(headers)
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await deliver(refusal.answer, send)

    def _refusal(self, headers: Mapping[bytes, str]) -> Problem | None:
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if origin is not None and origin.partition("://")[2] != host:
            return problem(HTTPStatus.FORBIDDEN, f"a page of {origin} may not use this interface")
        if self.token is not None:
            given = headers.get(b"authorization", "").removeprefix("Bearer ")
            if hmac.compare_digest(given.encode(), self.token.encode()):
                return None
            told = "send the token: Authorization: Bearer TOKEN"
            return problem(HTTPStatus.UNAUTHORIZED, told, www_authenticate="Bearer")
        if not self.loopback:
            told = "reached from outside, this interface needs a token: start with --admin-token"
            return problem(HTTPStatus.FORBIDDEN, told)
        if _name(host) not in LOOPBACK:
            return problem(HTTPStatus.FORBIDDEN, f"{host} is no name of this machine")
        return None


def _name(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host
