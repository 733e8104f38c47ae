"""The probes of an orchestrator, beside a spec that may have operations at their paths."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.serving.front import Front
from mock_server.serving.guard import Admission
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.state.memory import InMemory
from mock_server.state.sessions import SHARED

SPEC = """\
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /PATH:
    get:
      operationId: own
      responses:
        '200': {description: ok, content: {text/plain: {example: the operation}}}
"""


class Probed:
    """A server for whom this client is not on its own machine, without a token."""

    def __init__(self, spec: Path) -> None:
        self.spec = spec
        self.state = InMemory()
        self.live = ReloadingApplication(
            spec, lambda spec: application(spec, Captchas("x"), state=self.state), lambda _: None
        )
        admission = Admission("s3cret", loopback=False)
        self.app = Front(
            self.live, self.live, self.state, admission=admission, probe=self.live.probe
        )

    def save(self, text: str) -> None:
        self.spec.write_text(text, encoding="utf-8")
        asyncio.run(self.live.reload_if_changed())


@pytest.fixture
def probed(tmp_path: Path) -> Probed:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    return Probed(spec)


@pytest.fixture
def url(probed: Probed) -> Iterator[str]:
    with serving(probed.app) as address:
        yield address


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_probe_answers_any_host_without_a_token_and_is_in_no_journal(
    method: str, path: str, url: str, probed: Probed
) -> None:
    answer = httpx2.request(method, url + path, headers={"Host": "10.0.0.7:4010"})

    assert (answer.status_code, answer.text) == (200, "ok\n" if method == "GET" else "")
    assert asyncio.run(probed.state.journal(SHARED)) == []


def test_a_broken_save_is_told_by_readiness_and_takes_nothing_out_of_service(
    url: str, probed: Probed
) -> None:
    probed.save("openapi: [")

    ready, live = (httpx2.get(url + path) for path in ("/readyz", "/livez"))

    assert (ready.status_code, ready.text.partition(":")[0]) == (200, "degraded")
    assert (live.status_code, live.text) == (200, "ok\n")
    assert httpx2.get(f"{url}/PATH").text == "the operation"


def test_an_operation_of_the_spec_at_the_path_of_a_probe_is_answered_in_its_place(
    url: str, probed: Probed
) -> None:
    probed.save(SPEC.replace("/PATH", "/livez"))

    answers = [httpx2.get(url + path).text for path in ("/livez", "/readyz")]

    assert answers == ["the operation", "ok\n"]
