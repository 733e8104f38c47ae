"""`python -m examples.login`: a login page, and the service behind it, which knows the answers.

Start `python -m mock_server` first, then open the line that this prints. The service asks the
mock server whether a captcha was read rightly, as a test of the page can.
"""

from __future__ import annotations

import argparse
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

PAGE = Path(__file__).parent / "login.html"


def server(mock: str, port: int) -> ThreadingHTTPServer:
    """Make the server of the login, on this machine."""

    class Login(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(HTTPStatus.OK, PAGE.read_bytes(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            entered = json.loads(self.rfile.read(length))
            if entered["text"].upper() == _answer_of(mock, str(entered["number"])):
                self._answer(HTTPStatus.OK, b"welcome", "text/plain")
            else:
                self._answer(HTTPStatus.FORBIDDEN, b"wrong captcha", "text/plain")

        def _answer(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
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


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m examples.login")
    parser.add_argument("--mock", default="http://127.0.0.1:4010", help="default: %(default)s")
    parser.add_argument("-p", "--port", type=int, default=8000, help="default: %(default)s")
    arguments = parser.parse_args()
    with server(arguments.mock, arguments.port) as served:
        print(f"http://127.0.0.1:{served.server_port}/?api={arguments.mock}", flush=True)
        try:
            served.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
