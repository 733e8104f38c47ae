"""A Content-Encoding that was not asked for → the body as it was before, within a limit.

To add a coding: give it a window of zlib here, or a decoder of its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace

from contract.judging.exchange import Failure, Response

_WINDOWS: Mapping[str, int] = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def decoded(response: Response, max_answer: int) -> Response | Failure:
    """Decode the Content-Encoding of a response, or give the failure.

    Args:
        response: the response, with its body as it came.
        max_answer: bytes that the body may have, decoded.
    """
    coding = (response.header("Content-Encoding") or "identity").strip().lower()
    if coding == "identity":
        return response
    window = _WINDOWS.get(coding)
    if window is None:
        return Failure("undecodable", f"Content-Encoding {coding!a}, not asked for")
    inflate = zlib.decompressobj(window)
    try:
        body = inflate.decompress(response.body, max_answer + 1)
    except zlib.error as error:
        return Failure("undecodable", f"Content-Encoding {coding}: {error}")
    if len(body) > max_answer:
        return too_large(max_answer)
    if not inflate.eof:
        return Failure("undecodable", f"Content-Encoding {coding}: it stops early")
    return replace(response, body=body)


def too_large(max_answer: int) -> Failure:
    """Give the failure of a body that is larger than the limit."""
    return Failure("too-large", f"the body is larger than {max_answer} bytes")
