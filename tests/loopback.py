"""Processes and servers on this machine: what a user would start, and what no user should meet."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest

from contract.spec.default import SPEC
from contract.spec.loading import load
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, draw
from mock_server.faults import FAULTS
from mock_server.serving.server import serving

ROOT = Path(__file__).parent.parent
_COLLECTED = ("contract_tests.test_contract", "contract_tests.test_generated_requests")
GUARD = Path(__file__).parent / "guard"
SILENT = "http://127.0.0.1:9"


def environment(**changes: str) -> dict[str, str]:
    """Give a child the guard, and proxies that refuse, so that nothing leaves the machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith("_PROXY") and not name.startswith("PYTEST_")
    }
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), SILENT)
    path = os.pathsep.join([str(GUARD), str(ROOT)])
    inside = {"NO_PROXY": "127.0.0.1,localhost", "PYTHONPATH": path, "COLUMNS": "80"}
    return {**kept, **proxies, **inside, **changes}


def python(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments from the repository, as a user would."""
    return subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        text=True,
        errors="backslashreplace",  # what a console of another encoding would show
        timeout=120,
        check=False,
    )


def command(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module that ends by itself as `python -m` does, but in this process: nothing starts."""
    said, complained = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    status: object = 0
    pipe = signal.getsignal(signal.SIGPIPE)
    with (
        mock.patch.dict(os.environ, environment(), clear=True),
        mock.patch.object(sys, "argv", [module, *arguments]),
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
    ):
        try:
            runpy.run_module(module, run_name="__main__")
        except SystemExit as end:
            status = end.code or 0
        finally:
            signal.signal(signal.SIGPIPE, pipe)
    code = status if isinstance(status, int) else 1
    said.seek(0)
    return subprocess.CompletedProcess(
        [module, *arguments], code, said.read(), complained.getvalue()
    )


def contract(*options: str | Path, **changes: str) -> tuple[int, str]:
    """Run the contract tests, as a user would; give the exit status and what is printed.

    The run is one of this process: it does not have to start, and sees the surroundings, the
    folder and the modules of a process of its own. Several processes are children.
    """
    arguments = ["contract_tests", *map(str, options)]
    if "-n" in arguments:
        done = python("-m", "pytest", *arguments, **changes)
        status, printed = done.returncode, done.stdout + done.stderr
    else:
        status, printed = _inside(arguments, environment(**changes))
    if "Traceback" in printed:
        raise RuntimeError(f"a contract run broke down:\n{printed}")
    return status, printed


_NOT_INSIDE = (
    *("faulthandler", "threadexception", "unraisableexception"),
    "allure_pytest",
)
"""Plugins that would take from the tests what they watch over, or leave something behind."""


def _inside(arguments: Sequence[str], surroundings: Mapping[str, str]) -> tuple[int, str]:
    unused = () if "--reruns" in arguments else ("rerunfailures",)  # it listens on a port
    plugins = [f"-pno:{name}" for name in (*_NOT_INSIDE, *unused)]
    printed = io.StringIO()
    before = dict(sys.modules)
    with (
        mock.patch.dict(os.environ, surroundings, clear=True),
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
    ):
        warnings.resetwarnings()
        try:
            status = pytest.main([*arguments, "--capture=sys", *plugins])
        finally:
            for name in ("conftest", *_COLLECTED):
                sys.modules.pop(name, None)
                if name in before:
                    sys.modules[name] = before[name]
    return int(status), printed.getvalue()


def interrupted(when: Callable[[], bool], *options: str) -> tuple[int, str]:
    """Press Ctrl-C in a slow contract run as soon as it is time to; give its status and output."""
    run = subprocess.Popen(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "contract_tests", "--rate", "0.5", *options],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        # Who runs these tests in the background has Ctrl-C ignored, and its children with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    until = time.monotonic() + 30
    while not when() and time.monotonic() < until:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    output, _ = run.communicate(timeout=30)
    return run.returncode, output


@dataclass(frozen=True)
class Started:
    """A mock server as a process of its own: what it said when it was ready, and where it is."""

    process: subprocess.Popen[str]
    line: str

    @property
    def url(self) -> str:
        """Where it listens."""
        ready = re.search(r"is listening on (\S+)", self.line)
        if ready is None:
            raise RuntimeError(f"the mock server is not ready: {self.line!r}")
        return ready[1]

    def said(self) -> str:
        """The next line that it prints."""
        return self.process.stdout.readline() if self.process.stdout else ""


def started(*arguments: str, errors: int | None = None) -> Started:
    """Run `python -m mock_server` on a free port, until its ready line."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "mock_server", "-p", "0", *arguments],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    return Started(process, process.stdout.readline() if process.stdout else "")


@contextmanager
def mock_server(*arguments: str) -> Iterator[str]:
    """Run `python -m mock_server` for as long as the context lasts; give its URL."""
    server = started(*arguments)
    process = server.process
    try:
        yield server.url
    finally:
        process.terminate()
        process.communicate(timeout=30)


@contextmanager
def broken_server(fault: str) -> Iterator[str]:
    """Serve the contract of this repository in this process, every answer broken by a fault."""
    app = application(load(SPEC), Captchas("broken"), FAULTS[fault] if fault else None)
    with serving(app) as url:
        yield url


def several_environments(folder: Path, **urls: str) -> list[str | Path]:
    """Write a spec whose environments are at these URLs; give the options that judge by it."""
    shutil.copytree(ROOT / "openapi" / "documents", folder / "documents")
    text = SPEC.read_text(encoding="utf-8")
    for name, url in urls.items():
        text = text.replace(f"://{name}-etc.ebaas.com", url.removeprefix("http"))
    (folder / "openapi.yaml").write_text(text, encoding="utf-8")
    return ["--spec", folder / "openapi.yaml", "--scheme", "http"]


@contextmanager
def raw_server(
    answer: Callable[[socket.socket], object],
    tls: ssl.SSLContext | None = None,
    *,
    reads: bool = True,
) -> Iterator[str]:
    """Accept connections and let `answer` do with each what no HTTP server would.

    A request is read before, unless `answer` is to read it.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stopped = threading.Event()

    def accept() -> None:
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            connection.settimeout(2)
            try:
                with tls.wrap_socket(connection, server_side=True) if tls else connection as opened:
                    if reads:
                        opened.recv(65536)
                    answer(opened)
            except OSError:
                connection.close()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        host, port = listener.getsockname()
        yield f"{'https' if tls else 'http'}://{host}:{port}"
    finally:
        stopped.set()
        thread.join()
        listener.close()


class _OverIPv6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@contextmanager
def sample_server(
    change: Callable[[dict[str, object]], object],
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
) -> Iterator[tuple[str, list[str]]]:
    """Answer the document's own sample, each time with a new number, picture and request_id.

    It shares nothing with the mock server but the drawing. `change` may spoil the payload. Gives
    its URL and the requests that came, each as request line and headers.
    """
    document = (ROOT / "openapi" / "documents" / "getImgCode.md").read_text(encoding="utf-8")
    sample = re.search(r"```\n(\{.*?\})\s*```", document, re.DOTALL)
    if sample is None:
        raise RuntimeError("the document has no sample")
    text = sample[1]
    arrived: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            arrived.append(f"{self.requestline}\n{self.headers}")
            payload = json.loads(text)
            number = uuid4().hex[:6].upper()
            picture = b64encode(draw("6F93", entropy=number.encode())).decode()
            payload["request_id"] = str(uuid4())
            payload["data"] = {"img": f"data:image/jpg;base64,{picture}", "img_code_id": number}
            change(payload)
            body = json.dumps(payload).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "application/json;charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # one side does not like the certificate of the other
                with socket.socket(fileno=os.dup(self.connection.fileno())) as below:
                    below.settimeout(1)
                    while below.recv(65536):  # else closing would reset, and lose the alert
                        pass

    server = (_OverIPv6 if ":" in host else ThreadingHTTPServer)((host, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        named = f"[{host}]" if ":" in host else host
        yield f"{'https' if tls else 'http'}://{named}:{server.server_port}", arrived
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
