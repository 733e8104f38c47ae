"""`python -m examples.login`: a login page, and nothing behind it but the mock server.

`captcha-contract derive` alone made `openapi.yaml` of the documents beside it. Start
`captcha-contract mock examples/login/openapi.yaml` first, then open the line that this prints. Exit
status: 0 stopped by Ctrl-C · 2 usage · 3 cannot listen.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CANNOT_BIND = 3
"""The exit status when the port is taken."""
PAGE = Path(__file__).parent / "login.html"
"""The login page."""
SPEC = Path(__file__).parent / "openapi.yaml"
"""What the mock server serves for it."""


def server(mock: str, port: int) -> ThreadingHTTPServer:
    """Make the server of the page, on this machine; the page calls the mock server itself."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = PAGE.read_text(encoding="utf-8").replace("{mock}", html.escape(mock))
            body = page.encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), Page)


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
