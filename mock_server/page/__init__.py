"""The page for people: a few files, read once, that load nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mock_server.answer_editing import Answer

HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _file(name: str, media_type: str) -> Answer:
    headers = (("content-security-policy", _POLICY), ("cache-control", "no-cache"))
    body = (HERE / name).read_bytes()
    return Answer(200, f"{media_type}; charset=utf-8", body, headers)


FILES: Mapping[str, Answer] = {
    "/": _file("page.html", "text/html"),
    "/__page/page.css": _file("page.css", "text/css"),
    **{
        f"/__page/{name}.js": _file(f"{name}.js", "text/javascript")
        for name in ("page", "served", "choices", "request", "answer", "journal", "settings")
    },
}
"""The paths that the page is made of."""
