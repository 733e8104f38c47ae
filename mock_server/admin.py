"""The mock server's own interface below `/__admin`: `admin.yaml` declares it, this implements it.

To add a call: a path in `admin.yaml`, and a method of `Admin` named as its operationId. Nothing
here runs code, reads files or sets variables for a client.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml
from connexion import AsyncApp, ConnexionMiddleware
from connexion.exceptions import BadRequestProblem
from connexion.json_schema import Draft4RequestValidator
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware.routing import RoutingMiddleware
from connexion.options import SwaggerUIOptions
from jsonschema.protocols import Validator
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from contract import __version__
from contract.spec.vocabulary import shown
from contract.spelling import did_you_mean
from mock_server import swagger_ui
from mock_server.admin_bodies import StrictBodies
from mock_server.app import connexion_response, method_refused
from mock_server.captcha import Numbers
from mock_server.delays import Between, Delay, Lognormal
from mock_server.faults import FAULTS, KINDS, fault_named
from mock_server.guard import Admission, Guard
from mock_server.problems import problem
from mock_server.reloading import ReloadingApplication
from mock_server.routing import Routing
from mock_server.state import Defaults, Journal, Settings
from mock_server.swagger_ui import SwaggerUI

PREFIX = "/__admin"
"""What the paths of the interface begin with."""
ADMIN_SPEC = Path(__file__).parent / "admin.yaml"
"""The spec of the interface."""

_LONGEST = 300
"""How many characters of what a validator says are passed on."""
_CAVEAT = (
    "the mock server draws this text for this number, issued or not;"
    " a fault may show another picture, or another number"
)


class Admin:
    """What the interface shows and changes, in one process."""

    def __init__(
        self,
        served: ReloadingApplication,
        numbers: Numbers,
        settings: Settings,
        journal: Journal,
        *,
        workers: int = 1,
    ) -> None:
        self.served = served
        self.numbers = numbers
        self.defaults = settings
        self.journal = journal
        self.workers = workers
        self.started = datetime.now(UTC)

    async def health(self) -> Mapping[str, object]:
        """Report how the server is, and whether the newest save of its spec is good."""
        now = datetime.now(UTC)
        problem_of_spec = self.served.problem
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
                for each in self.served.spec.operations
                if each.id not in {refused.id for refused in self.served.unserved}
            ]
        }

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

    async def captchas(self, limit: int) -> Mapping[str, object] | ConnexionResponse:
        """List the last captchas."""
        if self.workers > 1:
            return _one_worker_only("the last captchas")
        latest = self.numbers.latest(limit)
        return {
            "captchas": [self._captcha(number) for number in latest],
            "meta": {"total": self.numbers.issued},
        }

    async def captcha(self, img_code_id: str) -> Mapping[str, object] | ConnexionResponse:
        """Give a captcha's answer."""
        return self._not_drawn(img_code_id) or self._captcha(img_code_id) | {"known": _CAVEAT}

    def _not_drawn(self, number: str) -> ConnexionResponse | None:
        """Refuse what is not the number of a captcha, or one whose picture stands in the spec."""
        if not re.fullmatch(r"[0-9A-Z]{6}", number):
            return _refusal(
                HTTPStatus.NOT_FOUND,
                f"{shown(number)} is not the number of a captcha: six characters of 0-9A-Z",
            )
        examples = [each.examples for each in self.served.spec.operations]
        if f'"{number}"' in json.dumps(examples):
            return _refusal(
                HTTPStatus.NOT_FOUND,
                f"{number} is the number of an example in the spec: its picture is not drawn here",
            )
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
        return self._requests(limit)

    async def unmatched(self, limit: int) -> Mapping[str, object] | ConnexionResponse:
        """List the last requests that were not served."""
        return self._requests(limit, unmatched=True)

    def _requests(
        self, limit: int, *, unmatched: bool = False
    ) -> Mapping[str, object] | ConnexionResponse:
        if self.workers > 1:
            return _one_worker_only("the journal")
        newest = self.journal.newest(limit, unmatched=unmatched)
        return {
            "requests": [entry.as_json() for entry in newest],
            "meta": {"total": self.journal.total},
        }

    async def forget(self) -> Mapping[str, object] | ConnexionResponse:
        """Empty the journal."""
        if self.workers > 1:
            return _one_worker_only("the journal")
        self.journal.clear()
        return {}

    async def settings(self) -> Mapping[str, object] | ConnexionResponse:
        """Give the settings in force."""
        if self.workers > 1:
            return _one_worker_only("the settings")
        current = self.defaults.current
        return {"fault": current.fault.name if current.fault else None, **_as_json(current.delay)}

    async def change(self, body: Mapping[str, Any]) -> Mapping[str, object] | ConnexionResponse:
        """Replace the settings."""
        if self.workers > 1:
            return _one_worker_only("the settings")
        name, fixed, distribution = (
            body.get(key) for key in ("fault", "fixedDelay", "delayDistribution")
        )
        fault = None if name is None else fault_named(name)
        if name is not None and fault is None:
            hint = f"{did_you_mean(name, FAULTS)}/__admin/faults lists all"
            return _refusal(
                HTTPStatus.UNPROCESSABLE_ENTITY, f"/fault: there is no fault {shown(name)}; {hint}"
            )
        if fixed is not None and distribution is not None:
            return _refusal(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "/fixedDelay and /delayDistribution exclude each other: send one of them",
            )
        try:
            delay = _distributed(**distribution) if distribution else None
        except ValueError as error:
            return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"/delayDistribution: {error}")
        if fixed is not None:
            delay = Between(fixed, fixed)
        self.defaults.current = Defaults(fault=fault, delay=delay)
        return await self.settings()

    async def reset(self) -> Mapping[str, object] | ConnexionResponse:
        """Restore everything but the numbers, none of which may come twice."""
        if self.workers > 1:
            return _one_worker_only("the settings")
        self.defaults.reset()
        self.journal.clear()
        return {}


def _distributed(type: str, **bounds: float) -> Delay:  # noqa: A002 - the member's name
    if type == "lognormal" and bounds.keys() == {"median", "sigma"}:
        return Lognormal(**bounds)
    if type == "uniform" and bounds.keys() == {"lower", "upper"}:
        if bounds["lower"] > bounds["upper"]:
            raise ValueError("the lower bound of a delay is above its upper bound")
        return Between(**bounds)
    raise ValueError("a uniform delay has lower and upper, a lognormal one median and sigma")


def _as_json(delay: Delay | None) -> Mapping[str, object]:
    fixed = distribution = None
    if isinstance(delay, Between) and delay.lower == delay.upper:
        fixed = delay.lower
    elif isinstance(delay, Between):
        distribution = {"type": "uniform", "lower": delay.lower, "upper": delay.upper}
    elif isinstance(delay, Lognormal):
        distribution = {"type": "lognormal", "median": delay.median, "sigma": delay.sigma}
    return {"fixedDelay": fixed, "delayDistribution": distribution}


def _refusal(status: HTTPStatus, detail: str) -> ConnexionResponse:
    return connexion_response(problem(status, detail))


def _one_worker_only(what: str) -> ConnexionResponse:
    return _refusal(
        HTTPStatus.CONFLICT,
        f"with several workers there is no access to {what}: start with --workers 1",
    )


def admin_application(admin: Admin, token: str | None, *, loopback: bool) -> ASGIApp:
    """Make the ASGI application below `/__admin`, behind its guard.

    Args:
        admin: what the interface shows and changes.
        token: what a client must send; None where none is required.
        loopback: whether the server can be reached from this machine only.
    """
    options = SwaggerUIOptions(serve_spec=False, swagger_ui=False)
    usual = ConnexionMiddleware.default_middlewares
    middlewares = [Routing if each is RoutingMiddleware else each for each in usual]
    app = AsyncApp("mock_server.admin", swagger_ui_options=options, middlewares=middlewares)
    declared = yaml.safe_load(ADMIN_SPEC.read_text(encoding="utf-8"))
    app.add_api(declared, base_path=PREFIX, resolver=lambda name: getattr(admin, name))
    methods = {f"{PREFIX}{path}": list(item) for path, item in declared["paths"].items()}
    app.add_error_handler(HTTPStatus.METHOD_NOT_ALLOWED, method_refused(methods))
    app.add_error_handler(HTTPStatus.NOT_FOUND, _no_such_call)
    app.add_error_handler(BadRequestProblem, _in_one_line)
    strict = StrictBodies(app, _bodies(declared))
    pages = frozenset(PREFIX + page for page in swagger_ui.PAGES)
    admission = Admission(token, loopback=loopback)
    return Guard(SwaggerUI(strict, declared, PREFIX), admission, pages)


def _bodies(declared: Mapping[str, Any]) -> Mapping[tuple[str, str], Validator]:
    """Give what validates every body that the interface takes, by method and path."""
    return {
        (method.upper(), f"{PREFIX}{path}"): Draft4RequestValidator(
            {
                **call["requestBody"]["content"]["application/json"]["schema"],
                "components": declared["components"],
            }
        )
        for path, item in declared["paths"].items()
        for method, call in item.items()
        if "requestBody" in call
    }


def _in_one_line(request: ConnexionRequest, refusal: BadRequestProblem) -> ConnexionResponse:
    """Give what a validator says of a parameter, without the schema that it quotes after it."""
    line = refusal.detail.splitlines()[0]
    shortened = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    sent = ", ".join(map(shown, request.query_params))
    return _refusal(HTTPStatus.BAD_REQUEST, f"the query, {sent}: {shortened}")


def _no_such_call(request: ConnexionRequest, _: HTTPException) -> ConnexionResponse:
    path = shown(request.scope["path"])
    return _refusal(HTTPStatus.NOT_FOUND, f"{path} is no call; {PREFIX}/ui/ lists them")
