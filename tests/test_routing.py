"""Calls without parameters, which are looked up, and those that are compared with every path."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from connexion.middleware.routing import RoutingMiddleware
from starlette.types import Scope

from contract.spec.operations import Spec
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from tests.in_process import http_scope, sent_by


def status_of(spec: Spec, **changed: object) -> int:
    """The status of the documented call, with changes to its scope."""
    operation = spec.operations[0]
    scope = http_scope(operation.method.upper(), operation.path.encode())
    scope.update(changed)
    sent = asyncio.run(sent_by(application(spec, Captchas("routing")), scope))
    return sent.status


def test_a_call_without_parameters_is_compared_with_no_path(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    route = RoutingMiddleware.__call__

    async def noted(self: RoutingMiddleware, scope: Scope, *rest: Any) -> None:  # noqa: ANN401
        compared.append(scope["method"])
        await route(self, scope, *rest)

    monkeypatch.setattr(RoutingMiddleware, "__call__", noted)

    statuses = [status_of(spec), status_of(spec, method="PUT"), status_of(spec, path="/no")]

    assert (statuses, compared) == ([200, 405, 404], ["PUT", spec.operations[0].method.upper()])


def test_a_path_below_the_root_of_another_server_is_found(spec: Spec) -> None:
    path = spec.operations[0].path

    assert status_of(spec, path=f"/below{path}", root_path="/below") == 200
