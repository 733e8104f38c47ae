"""`python -m examples.login`: a login page, and the service behind it, which knows the answers.

Start `python -m mock_server` first, then open the line that this prints. The service asks the
mock server whether a captcha was read correctly, as a test of the page can. Exit status: 0 stopped
by Ctrl-C · 2 usage · 3 cannot listen.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import json
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

CANNOT_BIND = 3
"""The exit status when the port is taken."""
PAGE = Path(__file__).parent / "login.html"
"""The login page."""


def server(mock: str, port: int) -> ThreadingHTTPServer:
    """Make the server of the login, on this machine; a captcha can be used once."""
    served: set[str] = set()

    class Login(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = PAGE.read_text(encoding="utf-8").replace("{mock}", html.escape(mock))
            self._answer(HTTPStatus.OK, page, "text/html")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            try:
                entered = json.loads(self.rfile.read(length))
                number, text = str(entered["number"]), str(entered["text"])
            except (ValueError, TypeError, KeyError):
                self._answer(HTTPStatus.BAD_REQUEST, "send a number and a text, in JSON")
                return
            try:
                right = number not in served and text.upper() == _answer_of(mock, number)
            except URLError as error:
                problem = f"the mock server at {mock} does not answer: {error.reason}"
                self._answer(HTTPStatus.BAD_GATEWAY, problem)
                return
            served.add(number)
            if right:
                self._answer(HTTPStatus.OK, "welcome")
            else:
                self._answer(HTTPStatus.FORBIDDEN, "wrong captcha")

        def _answer(self, status: HTTPStatus, text: str, media_type: str = "text/plain") -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{media_type}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), Login)


def _answer_of(mock: str, number: str) -> str | None:
    try:
        with urlopen(f"{mock}/__admin/captchas/{quote(number)}") as answer:  # noqa: S310 - ours
            return str(json.load(answer)["text"])
    except HTTPError:
        return None


def main() -> int:
    """Serve until Ctrl-C; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m examples.login")
    parser.add_argument("--mock", default="http://127.0.0.1:4010", help="default: %(default)s")
    parser.add_argument("-p", "--port", type=int, default=8000, help="default: %(default)s")
    arguments = parser.parse_args()
    try:
        listening = server(arguments.mock, arguments.port)
    except OSError as error:
        problem = f"cannot listen on 127.0.0.1:{arguments.port}: {error.strerror}"
        print(f"examples.login: {problem}; choose another with -p PORT", file=sys.stderr)
        return CANNOT_BIND
    with listening:
        print(f"http://127.0.0.1:{listening.server_port}/", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            listening.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
