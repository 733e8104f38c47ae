"""`python -m openapi …` in a clone: `captcha-contract …`."""

import sys

from captcha_contract import main

sys.exit(main())
