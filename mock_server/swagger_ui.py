"""Swagger UI over a spec, and the spec as JSON and YAML: a few files that load nothing elsewhere.

The files of Swagger UI come with the package `swagger-ui-bundle-v2`; the page and its start are
ours, because the package's own page holds a script that no strict policy would run. Every link is
relative, and the page calls the server where it found the spec, so all of it works below whatever
path a proxy gives it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path

import yaml
from starlette.types import ASGIApp, Receive, Scope, Send
from swagger_ui_bundle import swagger_ui_path

from contract import printable
from mock_server.answer_editing import HTML, JSON, Answer
from mock_server.answers.delivery import deliver
from mock_server.problems import problem

_OURS = Path(__file__).parent / "page"
_JAVASCRIPT, _CSS = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
_FILES: Mapping[str, tuple[Path, str]] = {
    "/ui/": (_OURS / "swagger.html", HTML),
    "/ui/index.html": (_OURS / "swagger.html", HTML),
    "/ui/start.js": (_OURS / "swagger.js", _JAVASCRIPT),
    "/ui/index.css": (Path(swagger_ui_path) / "index.css", _CSS),
    "/ui/swagger-ui.css": (Path(swagger_ui_path) / "swagger-ui.css", _CSS),
    **{
        f"/ui/{name}": (Path(swagger_ui_path) / name, _JAVASCRIPT)
        for name in ("swagger-ui-bundle.js", "swagger-ui-standalone-preset.js")
    },
    "/ui/favicon-32x32.png": (Path(swagger_ui_path) / "favicon-32x32.png", "image/png"),
}
PATHS = frozenset({"/ui", "/openapi.json", "/openapi.yaml", *_FILES})
"""The paths of all that readers of a spec can open, behind the prefix of its interface."""

PAGES = frozenset({"/ui/", "/ui/index.html"})
"""Those of them that are pages."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""The policy of all of them; Swagger UI writes styles, but no scripts, into its page."""
_METHODS = "GET, HEAD"


class SwaggerUI:
    """An application with Swagger UI and its own spec beside it.

    Args:
        app: the application.
        spec: what it serves, as plain values.
        prefix: what the paths of the application begin with.
    """

    def __init__(self, app: ASGIApp, spec: Mapping[str, object], prefix: str = "") -> None:
        self.app = app
        self.spec = spec
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer who reads the spec, and pass all others on."""
        path = scope["path"].removeprefix(self.prefix)
        if path not in PATHS:
            await self.app(scope, receive, send)
        elif scope["method"] not in _METHODS.split(", "):
            detail = f"{scope['path']} does not allow {scope['method']}: use {_METHODS}"
            await deliver(
                problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, allow=_METHODS).answer, send
            )
        else:
            await deliver(self._answer(path, scope), send)

    def _answer(self, path: str, scope: Scope) -> Answer:
        if path == "/ui":
            return Answer(HTTPStatus.TEMPORARY_REDIRECT, "", b"", (("location", "ui/"),))
        if path in _FILES:
            return _file(path)
        media_type, write = _WRITTEN[path]
        spec = {**self.spec, "servers": [{"url": _origin(scope) + self.prefix or "/"}]}
        return Answer(HTTPStatus.OK, media_type, write(spec).encode())


def _origin(scope: Scope) -> str:
    """Give the origin that a request was sent to: programs that read a file know no other."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return f"{scope['scheme']}://{host.decode('latin-1')}" if host else ""


@functools.cache
def _file(path: str) -> Answer:
    file, media_type = _FILES[path]
    headers = (("content-security-policy", _POLICY), ("cache-control", "no-cache"))
    return Answer(HTTPStatus.OK, media_type, file.read_bytes(), headers)


def _as_yaml(spec: Mapping[str, object]) -> str:
    """Write a spec as people read it, or in ASCII where it would control the terminal."""
    text: str = yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)
    if printable.in_json(text) == text:
        return text
    escaped: str = yaml.safe_dump(spec, sort_keys=False)
    return escaped


_WRITTEN: Mapping[str, tuple[str, Callable[[Mapping[str, object]], str]]] = {
    "/openapi.json": (JSON, json.dumps),
    "/openapi.yaml": ("text/yaml; charset=utf-8", _as_yaml),
}
