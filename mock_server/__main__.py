"""`python -m mock_server`: what `command_line.py` says; Ctrl-C ends it while it loads, too."""

import sys

try:
    from mock_server.command_line import main

    status = main()
except KeyboardInterrupt:
    status = 0
sys.exit(status)
