"""The contract run's options: declared here, read once, refused where they make no sense."""

from __future__ import annotations

import argparse
import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract.credentials import Secret
from contract.findings import Level
from contract.judging.provenance import Provenance
from contract.judging.unjudged_limit import A_FIFTH, UnjudgedLimit, unjudged_limit
from contract.reaching import environments, proxies
from contract.reaching.certificates import PASSPHRASE_VARIABLE
from contract.reaching.environments import MOCK, TARGETS, Misuse, Target
from contract.spec import outside
from contract.spec.default import VARIABLE as SPEC_VARIABLE
from contract.spec.operations import Operation
from contract.variables import Variables
from contract_tests.observing.calls import ParameterValues
from contract_tests.observing.manners import Manners
from contract_tests.observing.parameter_values import VARIABLE

FEWEST, ON_MOCK, ELSEWHERE = 2, 10, 5
UNHURRIED, UNLIMITED = 1.0, 1000.0
URL_VARIABLE = "PYTEST_BASE_URL"
"""The environment variable for `--base-url`; it belongs to pytest-base-url."""
HEADERS_VARIABLE = "CONTRACT_TESTS_HEADERS"
"""The older environment variable for `--header`, one per line."""

_SENDING = (
    *("target", "intrusive", "samples", "rate", "header", "parameters", "insecure"),
    *("proxy", "cert", "wait"),
)
"""The options about sending, as argparse names them."""

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a contract run."""

    targets: tuple[Target, ...]
    strictness: Level
    samples: int | None
    rate: float | None
    answer_timeout: float
    max_answer: int
    max_unjudged: UnjudgedLimit
    headers: tuple[tuple[str, str], ...]
    proxy: str | None
    certificate: Path | None
    key: Path | None
    wait: float
    scheme: str | None
    insecure: bool
    allow_production: bool
    intrusive: bool
    waivers: Path | None
    parameters: Path | None
    from_har: Path | None
    har_host: str | None
    report_dir: Path | None
    metrics: Path | None

    @property
    def generated(self) -> tuple[Target, ...]:
        """The targets of generated requests: a shared environment gets the documented call only."""
        return tuple(each for each in self.targets if each.is_mock or self.intrusive)

    def base_url(self, target: Target, operation: Operation, sources: Provenance) -> str | None:
        """Give the URL that an operation's path is appended to; None for the mock server.

        Raises:
            Misuse: the document gives no address, or production was not allowed.
        """
        if target.url is not None and target.url.endswith(operation.path):
            raise Misuse(
                f"--base-url ends in the path of {operation.id}: leave {operation.path} out"
            )
        if target.url is not None or target.name in {None, MOCK}:
            return target.url
        return environments.base_url(
            operation,
            sources,
            str(target.name),
            scheme=self.scheme,
            allow_production=self.allow_production,
        )

    def manners(
        self, target: Target, url: str, values: Mapping[str, ParameterValues] | None = None
    ) -> Manners:
        """Give the manners for a target at a URL; this machine needs no pause."""
        pace = UNLIMITED if environments.is_loopback(url) else UNHURRIED
        return Manners(
            samples=self.samples or (ON_MOCK if target.is_mock else ELSEWHERE),
            rate=self.rate or pace,
            answer_timeout=self.answer_timeout,
            max_answer=self.max_answer,
            headers=self.headers,
            verify=not self.insecure,
            parameter_values=values or {},
            invents=target.is_mock,
            direct=target.is_mock,
            proxy=self.proxy,
            certificate=self.certificate,
            key=self.key,
            wait=0.0 if target.is_mock else self.wait,
        )


def variables() -> Variables:
    """Give the variables of the options, read anew."""
    found = Variables("test", older={"--header": HEADERS_VARIABLE})
    add = found.declaring(lambda *_, **__: None)
    add("--base-url")
    declare(add)
    return found


def declare_with_variables(add: Callable[..., object]) -> None:
    """Declare the options with the values of their variables as defaults."""
    declare(Variables("test", older={"--header": HEADERS_VARIABLE}).declaring(add))


def declare(add: Callable[..., object]) -> None:
    """Declare the options; pytest-base-url owns --base-url, pytest-timeout --timeout."""
    add("--spec", type=Path, metavar="FILE", help=f"the spec to judge by; also {SPEC_VARIABLE}")
    outside.declare(add)
    add(
        "--target",
        type=_names,
        metavar="NAME[,NAME]",
        help=f"environment to judge, or several: {', '.join(TARGETS)}; default: the mock server",
    )
    add(
        "--samples",
        type=int,
        metavar="N",
        help=f"calls per operation; default: {ON_MOCK} on the mock server, {ELSEWHERE} elsewhere",
    )
    add(
        "--rate",
        type=float,
        metavar="N",
        help="calls per second, at most; default: 1, unlimited on this machine",
    )
    add(
        "--answer-timeout",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="for connecting and the whole answer; default: 10",
    )
    add(
        "--max-answer",
        type=int,
        default=1 << 20,
        metavar="BYTES",
        help="larger answers are not judged; default: 1048576",
    )
    add(
        "--max-unjudged",
        default=str(A_FIFTH),
        metavar="N|P%",
        help="samples of an operation that may go unjudged, a share or a number; "
        f"default: {str(A_FIFTH).replace('%', '%%')}",
    )
    add(
        "--header",
        action="append",
        default=[],
        type=_secret,
        metavar="'NAME: VALUE'",
        help="send a header with every call; repeatable",
    )
    add(
        "--proxy",
        type=_secret,
        metavar="URL|none",
        help="call through this proxy (http, https, socks5), or none, whatever HTTP_PROXY says",
    )
    add(
        "--cert",
        type=Path,
        metavar="FILE",
        help=f"client certificate in PEM; the passphrase of its key in {PASSPHRASE_VARIABLE}",
    )
    add("--key", type=Path, metavar="FILE", help="key of --cert, where that does not hold it")
    add(
        "--wait",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="wait for a deployment to answer before judging it; default: 0",
    )
    add("--scheme", choices=("https", "http"), help="of a named environment; default: https")
    add("--insecure", action="store_true", help="accept any certificate; every report says so")
    add(
        "--strictness",
        choices=[str(level) for level in Level],
        default=str(Level.TABLE),
        help="highest level of promises that fails the run; default: table",
    )
    add("--allow-production", action="store_true", help="needed with --target production")
    add(
        "--intrusive",
        action="store_true",
        help="send generated requests to a real environment too, by the documented method",
    )
    add("--waivers", type=Path, metavar="FILE", help="YAML: findings that do not fail until a date")
    add(
        "--parameters",
        type=Path,
        metavar="FILE",
        help=f"YAML: operationId → values of its parameters; also {VARIABLE}NAME",
    )
    add("--from-har", type=Path, metavar="FILE", help="judge recorded traffic; send nothing")
    add("--har-host", metavar="HOST", help="judge only this host of the recording")
    add(
        "--report-dir",
        type=Path,
        metavar="DIR",
        help="write report.html, .md, .json, .sarif, traffic.har",
    )
    add(
        "--metrics",
        type=Path,
        metavar="FILE",
        help="write the run for Prometheus' node exporter, such as DIR/contract.prom",
    )


def _names(text: str) -> tuple[str, ...]:
    """Read the names of targets, with commas between them."""
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in TARGETS:
            known = ", ".join(TARGETS)
            raise argparse.ArgumentTypeError(f"invalid choice: {name!r} (choose from {known})")
        if names.count(name) > 1:
            raise argparse.ArgumentTypeError(f"{name} is named twice: name it once")
    return names


def _in_utf8(text: str) -> str:
    """Read in UTF-8 what a locale such as C could not."""
    try:
        return os.fsencode(text).decode()
    except UnicodeError:
        return text


def _secret(text: str) -> Secret:
    return Secret(_in_utf8(text))


def read(config: pytest.Config) -> Options:
    """Read the options of a run.

    Raises:
        Misuse: they contradict each other, or make no sense; the message says what to do.
    """
    given = config.option
    typed = any(word.partition("=")[0] == "--base-url" for word in config.invocation_params.args)
    _read_variables(given, url_was_typed=typed)
    if given.verify_base_url:
        raise Misuse("--verify-base-url sends a request that no document describes: leave it out")
    if given.samples is not None and given.samples < FEWEST:
        raise Misuse(f"--samples {given.samples}: at least {FEWEST} samples are needed")
    for name in ("rate", "answer_timeout", "max_answer"):
        value = getattr(given, name)
        if value is not None and not 0 < value < float("inf"):
            raise Misuse(f"--{name.replace('_', '-')} {value}: it must be more than 0")
    _refuse_a_way_that_is_none(given)
    if not given.base_url and (typed or not (given.target or os.environ.get(URL_VARIABLE, "-"))):
        raise Misuse(f"--base-url or {URL_VARIABLE} is empty: give a URL, or --target mock")
    _refuse_beside_a_recording(given, url_was_typed=typed)
    targets = (
        (Target(None, None),)
        if given.from_har
        else environments.targets(
            given.target or (), _in_utf8(given.base_url or "") or None, url_was_typed=typed
        )
    )
    if given.scheme is not None and all(each.name in {None, MOCK} for each in targets):
        raise Misuse("--scheme belongs to a named environment: a base URL has its own")
    headers = tuple(_header(line) for line in given.header if line.strip())
    return Options(
        targets=targets,
        strictness=Level[given.strictness.upper()],
        samples=given.samples,
        rate=given.rate,
        answer_timeout=given.answer_timeout,
        max_answer=given.max_answer,
        max_unjudged=_max_unjudged(given.max_unjudged),
        headers=(
            *headers,
            *(header for each in targets for header in _authorization(each.user, headers)),
        ),
        proxy=given.proxy,
        certificate=given.cert,
        key=given.key,
        wait=given.wait,
        scheme=given.scheme,
        insecure=given.insecure,
        allow_production=given.allow_production,
        intrusive=given.intrusive,
        waivers=given.waivers,
        parameters=given.parameters,
        from_har=given.from_har,
        har_host=given.har_host,
        report_dir=_directory(given.report_dir),
        metrics=given.metrics,
    )


def _read_variables(given: argparse.Namespace, *, url_was_typed: bool) -> None:
    """Let what was typed win over variables that it excludes.

    Raises:
        Misuse: a variable gives no value of its option.
    """
    found = variables()
    if wrong := found.wrong(given):
        raise Misuse(wrong)
    if given.from_har and not found.from_variable(given, "from_har"):
        found.take_back(given, *_SENDING)
    elif url_was_typed:
        found.take_back(given, "target")
    elif "base_url" in found.gave:
        given.base_url = found.gave["base_url"][0]


def _refuse_a_way_that_is_none(given: argparse.Namespace) -> None:
    """Refuse options about the way to an environment that make no sense by themselves."""
    if not 0 <= given.wait < float("inf"):
        raise Misuse(f"--wait {given.wait}: it must be 0 or more")
    if given.key is not None and given.cert is None:
        raise Misuse("--key belongs to --cert: give the certificate too")
    if given.proxy is not None and given.proxy.lower() != proxies.NONE:
        proxies.read(given.proxy, proxies.OPTION)


def _refuse_beside_a_recording(given: argparse.Namespace, *, url_was_typed: bool) -> None:
    """Refuse options about sending where a recording is judged."""
    if given.from_har is None:
        if given.har_host is not None:
            raise Misuse("--har-host belongs to --from-har: it chooses a host of the recording")
        return
    asked = [name for name in _SENDING if getattr(given, name)] + ["base-url"] * url_was_typed
    if asked:
        raise Misuse(
            f"--from-har and --{asked[0]} exclude each other: a recording sends nothing, and is "
            "judged as it is"
        )


def _max_unjudged(text: str) -> UnjudgedLimit:
    try:
        return unjudged_limit(text)
    except ValueError as problem:
        raise Misuse(f"--max-unjudged: {problem}; write 20% or 2") from None


def _directory(path: Path | None) -> Path | None:
    """Make the directory for the reports before the run, so that a failure is known early."""
    if path is not None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Misuse(f"--report-dir {path}: {error.strerror}; name a directory") from None
        if not os.access(path, os.W_OK):
            raise Misuse(f"--report-dir {path}: it cannot be written to; name another directory")
    return path


def _authorization(
    user: str | None, headers: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str]]:
    """Give the header for a user and a password (RFC 7617), unless `--header` has it already."""
    if user is not None and all(name.lower() != "authorization" for name, _ in headers):
        yield "Authorization", Secret(f"Basic {b64encode(user.encode()).decode()}")


def _header(line: str) -> tuple[str, str]:
    found = _HEADER.fullmatch(line.strip())
    if found is None or found[1].lower() in _OURS:
        # The message does not quote the line: it may hold a secret.
        raise Misuse(f"--header takes 'Name: value', but not {', '.join(sorted(_OURS))}")
    value = Secret(found[2].strip())
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise Misuse(
            f"--header {found[1]}: its value is no Latin-1, the only text that a header can carry; "
            "write it in the form that the service reads, such as %E4%BD%A0"
        ) from None
    return found[1], value
