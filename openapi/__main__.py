"""`python -m openapi …` in a clone: the commands about documents and specs."""

import sys

from contract.commands import main

sys.exit(main())
