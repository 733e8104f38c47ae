"""A server that keeps the contract of an OpenAPI spec, and breaks it on request."""

import sys

# connexion imports httpx, and httpx its own command line, which nobody runs here: 3 MB, 50 ms.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: not to be imported
