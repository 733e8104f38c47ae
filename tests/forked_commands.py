"""`captcha-contract` on PATH that starts at once: each call is a fork of a process that loaded all.

A script of a pipeline calls the command a dozen times, and most of a call is loading. What is
called is `captcha_contract.main`, with the arguments, the folder, the variables and the streams of
the call. `python -m tests.forked_commands SOCKET` is the process; `commands` starts it, and gives a
folder for PATH whose `captcha-contract` calls it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import captcha_contract
from tests.loopback import environment

LOADED = (
    "contract.commands",
    "contract.page.review_command",
    "contract_tests.generated",
    "contract_tests.months.months_formats",
    "contract_tests.months.months_page",
    "contract_tests.plugin",
    "contract_tests.report_commands",
    "contract_tests.reports.publishing",
    "mock_server.app",
)
"""What the commands load when they run."""

CALL = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as there:
    there.connect({address!r})
    call = [sys.argv[1:], os.getcwd(), dict(os.environ)]
    socket.send_fds(there, [b"."], [0, 1, 2])
    there.sendall(json.dumps(call).encode() + b"\\n")
    sys.exit(int(there.makefile().readline()))
"""
"""The program that stands on PATH."""


@contextmanager
def commands(folder: Path) -> Iterator[Path]:
    """Start the process; give a folder for PATH that has `captcha-contract` and `python3`."""
    address = folder / "socket"
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.forked_commands", str(address)],
        env=environment(),
        stdout=subprocess.PIPE,
    )
    try:
        if process.stdout is None or not process.stdout.readline():
            raise RuntimeError("the process that is forked did not start")
        programs = folder / "bin"
        programs.mkdir()
        (programs / "python3").symlink_to(sys.executable)
        command = programs / "captcha-contract"
        command.write_text(CALL.format(python=sys.executable, address=str(address)), "utf-8")
        command.chmod(0o755)
        yield programs
    finally:
        process.terminate()
        process.communicate()


def serve(address: str) -> None:
    """Answer calls, one after the other, until the process is ended."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                _, streams, _, _ = socket.recv_fds(connection, 1, 3)
                arguments, folder, variables = json.loads(connection.makefile().readline())
                child = os.fork()
                if child == 0:
                    listener.close()
                    _run(arguments, folder, variables, streams)
                _, status = os.waitpid(child, 0)
                for each in streams:
                    os.close(each)
                connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _run(arguments: list[str], folder: str, variables: dict[str, str], streams: list[int]) -> None:
    """Be the command of a call; this does not return."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8") for number in (1, 2))  # noqa: PTH123, SIM115 - streams, no paths
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    status: object = 1
    try:
        status = captcha_contract.main(arguments)
    except SystemExit as end:
        status = end.code or 0
    except BaseException:  # noqa: BLE001 - it is shown as the interpreter shows it
        traceback.print_exc()
    finally:
        for each in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                each.flush()
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    for name in LOADED:
        import_module(name)
    for each in entry_points(group="pytest11"):
        each.load()
    gc.freeze()  # what is collected in a fork is copied
    serve(sys.argv[1])
