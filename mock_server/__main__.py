"""`python -m mock_server`: runs `command_line.py`; Ctrl-C ends it even while it loads."""

import sys

try:
    from mock_server.command_line import main

    status = main()
except KeyboardInterrupt:
    status = 0
sys.exit(status)
