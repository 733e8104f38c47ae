"""The command line of the mock server: its options, and what it says about them.

Exit status: 0 stopped by SIGINT or SIGTERM · 1 unexpected · 2 usage, or an unusable spec · 3
cannot bind.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import secrets
import signal
import ssl
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp

from contract.findings import Unusable, named
from contract.spec.default import SPEC
from mock_server import workers
from mock_server.admin import Admin, admin_application
from mock_server.answer_editing import NotApplicable
from mock_server.app import application
from mock_server.captcha import INSTANCES, WORKERS, Captchas, Numbers
from mock_server.contract_page import Contract
from mock_server.faults import FAULTS, fault_named
from mock_server.faults.fault import Fault
from mock_server.front import Front
from mock_server.journal import Entry, Journal
from mock_server.problems import meant
from mock_server.reloading import Live
from mock_server.selection import NONE, Between, delay_of
from mock_server.server import CannotBind, bind, is_loopback, serve, url_of
from mock_server.settings import Defaults, Settings

USAGE, CANNOT_BIND = 2, 3
TOKEN_VARIABLE = "MOCK_SERVER_ADMIN_TOKEN"  # noqa: S105 - its name, not its value


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m mock_server",
        description="Serve every operation of an OpenAPI spec, with a fresh captcha each time.",
        epilog="Exit status: 0 stopped by a signal, 1 unexpected, 2 usage or unusable spec, "
        "3 cannot bind.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("spec", nargs="?", type=Path, default=SPEC, help=f"default: {named(SPEC)}")
    add("-H", "--host", default="127.0.0.1", help="default: %(default)s")
    add("-p", "--port", type=_port, default=4010, help="0 for a free one; default: %(default)s")
    add("--seed", help="the same seed gives the same captchas; default: random")
    add(
        "--instance",
        type=int,
        choices=range(INSTANCES),
        default=0,
        metavar="N",
        help="of several servers with one seed, which this is: their numbers never meet",
    )
    add(
        "--workers",
        type=int,
        choices=range(1, WORKERS + 1),
        default=1,
        metavar="N",
        help="processes; with several there is no journal, and settings cannot be changed",
    )
    add("--fault", type=_fault, metavar="NAME", help="break every answer that asks for nothing")
    add("--delay", type=_delay, metavar="MS", help="milliseconds, or a range of them: 200-800")
    add("--list-faults", action="store_true", help="print every fault with a sentence, and end")
    add("--check", action="store_true", help="see whether the spec can be served, and end")
    add("--ssl-certfile", type=Path, metavar="FILE", help="serve https by this certificate")
    add("--ssl-keyfile", type=Path, metavar="FILE", help="its key, if the file holds none")
    add("--admin-token", type=_token, metavar="TOKEN", help=f"for /__admin; also {TOKEN_VARIABLE}")
    add("-v", "--verbose", action="store_true", help="print a line for every request")
    arguments = parser.parse_args()
    if arguments.ssl_keyfile and not arguments.ssl_certfile:
        parser.error("--ssl-keyfile belongs to --ssl-certfile")
    return arguments


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - TCP's highest port
        raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is 0 to 65535")
    return int(text)


def _token(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("an empty token protects nothing")
    return text


def _fault(text: str) -> Fault | None:
    fault = fault_named(text)
    if fault is not None or text == NONE:
        return fault
    told = f"there is no fault {text!r}; {meant(text, FAULTS)}--list-faults lists all"
    raise argparse.ArgumentTypeError(told)


def _delay(text: str) -> Between:
    try:
        return delay_of(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _tell(line: str) -> None:
    print(f"mock_server: {line}", file=sys.stderr, flush=True)


def _log(entry: Entry) -> None:
    moment = datetime.fromtimestamp(entry.moment, UTC).isoformat(" ", "milliseconds")
    answered = entry.status or "broken"
    line = f"{moment} {entry.method} {ascii(entry.target)[1:-1]} {answered}"
    print(f"{line} {entry.seconds * 1000:.1f} ms", flush=True)


def main() -> int:
    """Run the mock server until it is stopped; give the exit status."""
    arguments = _arguments()
    if arguments.list_faults:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # who reads the first lines only is no error
        for fault in FAULTS.values():
            print(f"{fault.name}\n    {fault.sentence}")
        return 0
    logging.getLogger("connexion").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # garbage would fill the screen
    try:
        served = _Served(arguments)
        context = _tls(arguments.ssl_certfile, arguments.ssl_keyfile)
        if arguments.check:
            print(f"mock_server: {named(arguments.spec)} can be served")
            return 0
        listener = bind(arguments.host, arguments.port)
    except (Unusable, NotApplicable, _NoCertificate) as problem:
        _tell(str(problem))
        return USAGE
    except CannotBind as problem:
        _tell(str(problem))
        return CANNOT_BIND

    def ready() -> None:
        where = url_of(listener, tls=context is not None)
        print(f"mock_server ({served}) is listening on {where}", flush=True)

    def work(number: int, ready: Callable[[], object]) -> None:
        app = served.by(number, loopback=is_loopback(listener))
        serve(app, listener, ready, context, served.live.look)

    if arguments.workers == 1:
        work(0, ready)
        return 0
    status = workers.run(arguments.workers, work, ready)
    if status != 0:
        _tell("a worker ended by itself, so the others were stopped: start again")
    return status


class _NoCertificate(ValueError):  # noqa: N818 - it names what is wrong
    """The certificate, or its key, cannot be used."""


def _tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    files = [file for file in (certificate, key) if file]
    for file in files:
        if not file.exists():
            raise _NoCertificate(f"{file} does not exist")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ssl.SSLError):
        told = "no certificate with its key, in PEM and without a password"
        hint = "" if key else "; --ssl-keyfile names a key that stands elsewhere"
        raise _NoCertificate(f"{' and '.join(map(str, files))}: {told}{hint}") from None
    return context


class _Served:
    """What the command line asks to be served, by one process or by several."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        seed = arguments.seed if arguments.seed is not None else secrets.token_hex(4)
        self.numbers = Numbers(Captchas(seed), arguments.instance)
        defaults = Defaults(fault=arguments.fault, delay=arguments.delay)
        self.settings = Settings(defaults, random.Random(seed))  # noqa: S311 - no secret
        self.live = Live(
            arguments.spec,
            lambda spec: application(
                spec, self.numbers.captchas, numbers=self.numbers, settings=self.settings
            ),
            _tell,
        )

    def by(self, worker: int, *, loopback: bool) -> ASGIApp:
        """Give the application of one process."""
        self.numbers.worker = worker
        if worker > 0:
            self.live.tell = lambda _: None  # one word is enough
        journal = Journal()
        admin = Admin(
            self.live, self.numbers, self.settings, journal, workers=self.arguments.workers
        )
        token = self.arguments.admin_token or os.environ.get(TOKEN_VARIABLE) or None
        return Front(
            self.live,
            admin_application(admin, token, loopback=loopback),
            journal,
            _log if self.arguments.verbose else None,
            Contract(self.arguments.spec),
        )

    def __str__(self) -> str:
        defaults = self.settings.initial
        fault = f", fault {defaults.fault.name}" if defaults.fault else ""
        delay = f", delay {defaults.delay} ms" if defaults.delay else ""
        return f"seed {self.numbers.captchas.seed}{fault}{delay}"
