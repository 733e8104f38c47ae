"""The command line of the mock server: its options, and what it prints.

Exit status: 0 stopped by SIGINT or SIGTERM · 1 unexpected · 2 usage, or an unusable spec · 3
cannot bind · 74 standard output cannot be written.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import secrets
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from starlette.types import ASGIApp

from contract.consoles import UNWRITABLE, Unwritten, lenient_console, reader_may_leave
from contract.findings import Place, Unusable, named
from contract.printable import line
from contract.spec import outside
from contract.spec.default import IN_WORDS, default_spec
from contract.spec.operations import Spec
from contract.spec.references import InvalidSpec
from contract.spelling import did_you_mean
from contract.variables import Variables
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.answer_editing import NotApplicable
from mock_server.app import SpecApplication, application
from mock_server.contract_page import ContractPage
from mock_server.delays import Between, delay_of
from mock_server.drawing.captcha import WORKERS, Captchas, Numbers
from mock_server.faults import FAULTS, NO_FAULT, fault_named
from mock_server.faults.fault import Fault
from mock_server.held_captchas import TTL, USES, Terms
from mock_server.limits import LARGEST_BODY, more_descriptors
from mock_server.log_lines import LogFormat, log_in, log_request, report, tell_ready
from mock_server.metrics import answering, metrics_of
from mock_server.passing_on import upstream_options
from mock_server.passing_on.upstream_options import UnusableUpstream, passage_of, passed_on
from mock_server.requests.rejections import ErrorForm
from mock_server.serving import health_check, workers
from mock_server.serving.front import Front
from mock_server.serving.guard import Admission
from mock_server.serving.handshakes import watch_handshakes
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import PARTING, CannotBind, bind, is_loopback, serve, url_of
from mock_server.state import state_options
from mock_server.state.journal import JournalEntry
from mock_server.state.memory import InMemory
from mock_server.state.protocol import State
from mock_server.state.settings import Settings
from mock_server.state.state_options import UnusableState, shared_state

USAGE, CANNOT_BIND = 2, 3
_LONGEST_TTL, _MOST_USES = 1_000_000, 1_000_000
_UNITS = {"": 0, "K": 10, "M": 20}
_LARGEST = 1 << 30
TOKEN_VARIABLE = "MOCK_SERVER_ADMIN_TOKEN"  # noqa: S105 - its name, not its value
"""The older environment variable for `--admin-token`."""


def main(argv: Sequence[str] | None = None, prog: str = "python -m mock_server") -> int:
    """Run the mock server until it is stopped; give the exit status.

    Args:
        argv: the arguments; by default those of the process.
        prog: what the help calls the command.
    """
    lenient_console()
    log_in(LogFormat.PLAIN)  # until the options say otherwise
    status = 0
    try:
        with reader_may_leave():
            arguments = _arguments(argv, prog)
            with outside.allowing(wanted=arguments.allow_outside):
                status = (health_check.asked if arguments.probe else _run)(arguments)
    except Unwritten as unwritten:
        report(str(unwritten))
        status = UNWRITABLE
    return status


def _run(arguments: argparse.Namespace) -> int:
    if arguments.list_faults:
        for fault in FAULTS.values():
            print(f"{fault.name}\n    {fault.english}\n    {fault.chinese}")
        return 0
    gc.disable()  # until the server starts: collecting takes a sixth of the time of a large spec
    try:
        mock_server = _MockServer(arguments)
        context = _tls(arguments.ssl_certfile, arguments.ssl_keyfile)
        mock_server.tell_unserved()
        if arguments.check:
            print(f"mock_server: {line(str(arguments.chosen))} can be served")
            return 0
        listener = bind(arguments.host, arguments.port)
        mock_server.must_not_call_itself(listener)
        mock_server.take_an_instance()
    except (Unusable, NotApplicable, _NoCertificate, UnusableUpstream, UnusableState) as problem:
        report(str(problem))
        return USAGE
    except CannotBind as problem:
        report(str(problem))
        return CANNOT_BIND

    more_descriptors()
    gc.freeze()  # what is read stays: a collector would look through it, and workers would copy it

    where = url_of(listener, tls=context is not None)

    def ready() -> None:
        tell_ready(str(mock_server), where, arguments.log_format)

    def work(number: int, ready: Callable[[], object]) -> None:
        app = mock_server.application(number, loopback=is_loopback(listener))
        gc.freeze()
        gc.enable()
        serve(
            app,
            listener,
            ready,
            context,
            mock_server.tick,
            mock_server.hang_up,
            largest_body=arguments.max_body,
            parting=PARTING if mock_server.shared else 0.0,
        )

    if arguments.workers == 1:
        work(0, ready)
        return mock_server.close()
    # what nobody accepts any more is refused at once only if this process has let go of it, too
    status = workers.run(arguments.workers, work, ready, listener.close)
    mock_server.close()
    if status != 0:
        report("a worker ended by itself, so the others were stopped: start again")
    return status


def _arguments(argv: Sequence[str] | None, prog: str) -> argparse.Namespace:
    variables = Variables("mock", older={"--admin-token": TOKEN_VARIABLE})
    parser = _Parser(
        prog=prog,
        description="Serve every operation of an OpenAPI spec, with a fresh captcha each time.",
        epilog="Exit status: 0 stopped by a signal, 1 unexpected, 2 usage or unusable spec, "
        "3 cannot bind, 74 standard output cannot be written. " + variables.in_words(),
        allow_abbrev=False,
    )
    add = variables.declaring(parser.add_argument)
    add("positional_spec", nargs="?", type=Path, metavar="SPEC", help=IN_WORDS)
    add("--spec", type=Path, metavar="FILE", help="the spec, in place of SPEC")
    outside.declare(add)
    health_check.declare(add)
    add("--seed", type=_seed, help="the same seed gives the same captchas; default: random")
    state_options.declare(add)
    add(
        "--workers",
        type=int,
        choices=range(1, WORKERS + 1),
        default=1,
        metavar="N",
        help="processes; without --state, several have no journal, no session and fixed settings",
    )
    add("--fault", type=_fault, metavar="NAME", help="break every answer by default")
    add("--delay", type=_delay, metavar="MS", help="milliseconds, or a range of them: 200-800")
    add(
        "--captcha-ttl",
        type=_seconds,
        default=TTL,
        metavar="S",
        help="seconds that a captcha lasts in requests held to one; default: %(default)g",
    )
    add(
        "--captcha-uses",
        type=_uses,
        default=USES,
        metavar="N",
        help="attempts that a captcha allows, right or wrong; default: %(default)s",
    )
    add(
        "--lenient",
        action="store_true",
        help="hold no request to captchas and tokens, nor to the declared security",
    )
    add(
        "--max-body",
        type=_size,
        default=LARGEST_BODY,
        metavar="SIZE",
        help="the most that a body of a call may have, such as 512K or 20M; default: 10M",
    )
    add(
        "--errors",
        type=ErrorForm,
        choices=[*ErrorForm],
        default=ErrorForm.PROBLEM,
        metavar="FORM",
        help="how refusals look: problem (RFC 9457), or envelope, as the documented failures do",
    )
    add("--list-faults", action="store_true", help="print and explain every fault, and exit")
    add("--check", action="store_true", help="check whether the spec can be served, and exit")
    add("--admin-token", type=_token, metavar="TOKEN", help="for the pages and /__admin")
    upstream_options.declare(add)
    add("-v", "--verbose", action="store_true", help="print a line for every request")
    add(
        "--log-format",
        type=LogFormat,
        choices=[*LogFormat],
        default=LogFormat.PLAIN,
        metavar="FORM",
        help="plain, or json: one object a line; default: %(default)s",
    )
    parser.log_format = _log_format(argv, variables)
    arguments = parser.parse_args(argv)
    if wrong := variables.wrong(arguments):
        parser.error(wrong)
    log_in(arguments.log_format)
    for each in variables.unknown():
        report(each)
    if arguments.spec and arguments.positional_spec:
        parser.error("name the spec once: as SPEC, or as --spec FILE")
    arguments.chosen = default_spec(arguments.spec or arguments.positional_spec)
    arguments.spec = arguments.chosen.path
    if arguments.ssl_keyfile and not arguments.ssl_certfile:
        parser.error("--ssl-keyfile needs --ssl-certfile")
    if arguments.workers > 1 and not workers.can_fork():
        parser.error("several workers need os.fork, which this system lacks: leave --workers out")
    try:
        arguments.passage = passage_of(arguments)
    except UnusableUpstream as problem:
        parser.error(str(problem))
    return arguments


class _Parser(argparse.ArgumentParser):
    """A parser that complains in a log line where log lines are for programs."""

    log_format = LogFormat.PLAIN

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the options, and end."""
        if self.log_format is LogFormat.PLAIN:
            super().error(message)
        log_in(self.log_format)
        report(message)
        self.exit(USAGE)


def _log_format(argv: Sequence[str] | None, variables: Variables) -> LogFormat:
    """Find out how log lines are asked for, before anything is known to be right."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    variable = variables.environment.get(variables.name_of("--log-format"))
    early.add_argument("--log-format", nargs="?", default=variable)
    asked = early.parse_known_args(argv)[0].log_format
    return LogFormat.JSON if asked == LogFormat.JSON else LogFormat.PLAIN


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_TTL:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time for a captcha; it lasts more than 0 and at most {_LONGEST_TTL} s"
        )
    return seconds


def _uses(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MOST_USES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of attempts; it is 1 to 1000000")
    return int(text)


def _size(text: str) -> int:
    found = re.fullmatch(r"(\d{1,12})([KM]?)(?:i?B)?", text, re.IGNORECASE)
    size = int(found[1]) << _UNITS[found[2].upper()] if found else 0
    if not 0 < size <= _LARGEST:
        expected = "a size is a number of bytes, with K or M: 512K, 20M; at most 1024M"
        raise argparse.ArgumentTypeError(f"{text!r} is not a size; {expected}")
    return size


def _seed(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("a seed is text; this one is not UTF-8") from None
    return text


def _token(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("an empty token protects nothing")
    return text


def _fault(text: str) -> Fault | None:
    fault = fault_named(text)
    if fault is not None or text == NO_FAULT:
        return fault
    hint = f"{did_you_mean(text, FAULTS)}--list-faults lists all"
    raise argparse.ArgumentTypeError(f"there is no fault {text!r}; {hint}")


def _delay(text: str) -> Between:
    try:
        return delay_of(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


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
    watch_handshakes(context, report)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ssl.SSLError):
        expected = "no certificate with its key, in PEM and without a password"
        hint = "" if key else "; --ssl-keyfile names a key in another file"
        raise _NoCertificate(f"{' and '.join(map(str, files))}: {expected}{hint}") from None
    return context


class _MockServer:
    """What the command line asks for, served by one process or by several."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        seed = arguments.seed if arguments.seed is not None else secrets.token_hex(4)
        self.metrics = metrics_of(arguments.workers)
        self.numbers = Numbers(Captchas(seed), arguments.instance or 0)
        initial = Settings(fault=arguments.fault, delay=arguments.delay)
        self.shared = shared_state(arguments, initial, self.numbers, report)
        self.state: State = self.shared or InMemory(initial)
        choices = random.Random(seed)  # noqa: S311 - no secret
        held = Terms(ttl=arguments.captcha_ttl, uses=arguments.captcha_uses)
        self.terms = None if arguments.lenient else held
        self.upstream = passed_on(arguments.passage, report) if arguments.passage else None
        self.served = ReloadingApplication(
            arguments.spec,
            lambda spec: self._alone(
                spec,
                application(
                    spec,
                    self.numbers.captchas,
                    numbers=self.numbers,
                    state=self.state,
                    choices=choices,
                    terms=self.terms,
                    passing=self.upstream.between(spec) if self.upstream else None,
                    lenient=arguments.lenient,
                    errors=arguments.errors,
                    metrics=self.metrics,
                ),
            ),
            report,
            self.metrics.reloaded,
        )
        if self.upstream is not None:
            self.upstream.check(self.served.spec)

    def _alone(self, spec: Spec, app: SpecApplication) -> SpecApplication:
        """Refuse to share what cannot be shared.

        Raises:
            InvalidSpec: requests are held to captchas or tokens, and there are several workers.
        """
        if app.holds and self.arguments.workers > 1 and not self.state.shared:
            raise InvalidSpec(
                Place(named(spec.path), 0),
                "its requests are held to captchas or tokens (x-mock-expects), and several workers"
                " do not share which were issued and used: start with --workers 1, --state, or"
                " --lenient",
            )
        return app

    def application(self, worker: int, *, loopback: bool) -> ASGIApp:
        """Give the application of one process."""
        self.numbers.worker = self.metrics.worker = worker
        if self.shared is not None:
            self.shared.begin_as(worker)
        if worker > 0:
            # the first worker reports for all
            self.served.report = self.served.reloaded = lambda _: None
        admin = Admin(
            self.served,
            self.numbers,
            self.state,
            workers=self.arguments.workers,
            terms=self.terms,
            passes=self.upstream is not None,
        )
        token = self.arguments.admin_token
        return Front(
            self.served,
            admin_application(admin, token, loopback=loopback),
            self.state,
            self._ended,
            ContractPage(self.arguments.spec),
            admission=Admission(token, loopback=loopback),
            has_root=self.served.has_root,
            probe=lambda path: self.served.probe(path, self.state.problem),
            measured=answering(
                self.metrics, self.served.has, lambda: self.served.problem is not None
            ),
            largest_body=self.arguments.max_body,
        )

    def _ended(self, entry: JournalEntry) -> None:
        """Count a request that was answered, and print its line where that is asked for."""
        self.metrics.request(entry)
        if self.arguments.verbose:
            log_request(entry, self.arguments.log_format)

    def must_not_call_itself(self, listener: socket.socket) -> None:
        """Refuse an upstream that is this server.

        Raises:
            UnusableUpstream: it is.
        """
        if self.upstream is not None:
            host, port = listener.getsockname()[:2]
            self.upstream.check(self.served.spec, (host, port))

    def take_an_instance(self) -> None:
        """Take the place of a server among those that share a state.

        Raises:
            UnusableState: what is shared can never be used as it is.
        """
        if self.shared is not None:
            self.shared.check()

    async def tick(self) -> None:
        """Do what is done ten times a second."""
        await self.served.reload_if_changed()
        if self.shared is not None:
            await self.shared.keep()

    async def hang_up(self) -> None:
        """Close what was opened for requests."""
        if self.upstream is not None:
            await self.upstream.hang_up()
        if self.shared is not None:
            await self.shared.close()

    def close(self) -> int:
        """Write what is left to write; give the exit status."""
        if self.shared is not None:
            self.shared.release()
        try:
            if self.upstream is not None:
                self.upstream.close()
        except OSError as error:
            report(f"{self.arguments.har}: {error.strerror or error}; the calls are lost")
            return UNWRITABLE
        return 0

    def tell_unserved(self) -> None:
        """Print the operations that cannot be served, each with the reason."""
        for each in self.served.unserved:
            report(f"{each}; it is answered with 501")

    def __str__(self) -> str:
        initial = self.state.initial
        fault = f", fault {initial.fault.name}" if initial.fault else ""
        delay = f", delay {initial.delay} ms" if initial.delay else ""
        spec = named(self.arguments.spec)
        upstream = f", upstream {self.upstream}" if self.upstream else ""
        shared = f", state {self.state.where}" if self.shared else ""
        return f"{spec}, seed {self.numbers.captchas.seed}{fault}{delay}{upstream}{shared}"
