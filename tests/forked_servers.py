"""Mock servers as processes of their own that start at once: forks of one that has loaded all.

Each line of the input is the arguments of one server, as JSON; its number of a process is printed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys

from mock_server.command_line import main


def serve(arguments: list[str]) -> None:
    """Run one server in a fork."""
    child = os.fork()
    if child == 0:
        sys.stdin.close()
        status = 1
        try:
            status = main(arguments)
        finally:
            sys.stdout.flush()
            os._exit(status)
    print(json.dumps({"pid": child}), flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        serve(json.loads(line))
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
