"""`python -m mock_server`: the command line of the mock server.

Exit status: 0 stopped by SIGINT or SIGTERM · 2 usage, or an unusable spec · 3 cannot bind.
"""

from __future__ import annotations

import argparse
import logging
import secrets
import sys
from pathlib import Path

from mock_server.app import application
from mock_server.breaking import NotApplicable
from mock_server.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.server import CannotBind, bind, serve, url_of
from openapi.findings import Unusable
from openapi.spec import SPEC, load

USAGE, CANNOT_BIND = 2, 3


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m mock_server",
        description="Serve every operation of an OpenAPI spec, with a fresh captcha each time.",
        epilog="Exit status: 0 stopped by a signal, 2 usage or unusable spec, 3 cannot bind.",
        allow_abbrev=False,
    )
    parser.add_argument("spec", nargs="?", type=Path, default=SPEC, help="default: openapi.yaml")
    parser.add_argument("-H", "--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument("-p", "--port", type=_port, default=4010, help="0 for a free one")
    parser.add_argument("--seed", help="the same seed gives the same captchas; default: random")
    parser.add_argument("--fault", choices=FAULTS, metavar="NAME", help="break every answer so")
    return parser.parse_args()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - TCP's highest port
        raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is 0 to 65535")
    return int(text)


def main() -> int:
    """Run the mock server until it is stopped; give the exit status."""
    arguments = _arguments()
    logging.getLogger("connexion").setLevel(logging.CRITICAL)
    seed = arguments.seed if arguments.seed is not None else secrets.token_hex(4)
    fault = FAULTS.get(arguments.fault)
    try:
        app = application(load(arguments.spec), Captchas(seed), fault)
        listener = bind(arguments.host, arguments.port)
    except (Unusable, NotApplicable) as problem:
        print(f"mock_server: {problem}", file=sys.stderr)
        return USAGE
    except CannotBind as problem:
        print(f"mock_server: {problem}", file=sys.stderr)
        return CANNOT_BIND
    broken = "" if fault is None else f", fault {fault.name}"
    line = f"mock_server (seed {seed}{broken}) is listening on {url_of(listener)}"
    serve(app, listener, lambda: print(line, flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
