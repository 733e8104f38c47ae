"""Content-Encodings that were not asked for → the body as it was before, within a limit.

Codings are undone from the last to the first (RFC 9110 §8.4). One that browsers do not know is left
alone where the body reads as JSON. To add a coding: give it a decoder in `_DECODERS`.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import brotli

from contract.judging.content_codings import KNOWN, codings_of
from contract.judging.exchange import Failure, Response

zstd: Any = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
"""The module of the standard library, or what brings it to an older Python."""
MOST = 5
"""How many codings are undone, one on top of the other."""
PIECES = 1000
"""How many members or frames a body may have: each costs work, even an empty one."""

_GZIP, _ZLIB, _RAW = 31, 15, -15
_MAGIC = b"\x1f\x8b"
_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 23}
"""A window of 8 MiB, which is what browsers give zstd: RFC 9659."""
_EARLY = "it stops early"
_PIECES = f"it has more than {PIECES} pieces"


class _Undecodable(ValueError):  # noqa: N818 - it names what is wrong
    """The body does not have the coding that it is said to have."""


class _TooLarge(Exception):  # noqa: N818 - likewise
    """The body is larger than the limit."""


def decoded(response: Response, max_answer: int) -> Response | Failure:
    """Undo the Content-Encodings of a response, or give the failure.

    Args:
        response: the response, with its body as it came.
        max_answer: bytes that the body may have, before, between and after its codings.
    """
    named = codings_of(response)
    known = [each for each in named if each in KNOWN]
    body = response.body
    if not body or not named:
        return response
    if len(known) > MOST:
        return Failure("undecodable", f"Content-Encoding: more than {MOST} codings")
    for coding in reversed(known):
        try:
            body = _DECODERS[coding](body, max_answer)
        except _TooLarge:
            return too_large(max_answer)
        except (_Undecodable, zlib.error, brotli.error, zstd.ZstdError) as error:
            return Failure("undecodable", f"Content-Encoding {coding}: {error}")
    unknown = next((each for each in named if each not in KNOWN), None)
    if unknown is not None and not _reads_as_json(body):
        return Failure("undecodable", f"Content-Encoding {unknown!a}, which nobody knows")
    return replace(response, body=body)


def too_large(max_answer: int) -> Failure:
    """Give the failure of a body that is larger than the limit."""
    return Failure("too-large", f"the body is larger than {max_answer} bytes")


def _reads_as_json(body: bytes) -> bool:
    try:
        json.loads(body.removeprefix(b"\xef\xbb\xbf"), parse_int=float)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _gunzip(body: bytes, limit: int) -> bytes:
    """Undo gzip, of however many members (RFC 1952 §2.2); what follows them is ignored."""
    whole = bytearray()
    for _ in range(PIECES):
        member, body = _inflate(body, limit - len(whole), _GZIP)
        whole += member
        if not body.startswith(_MAGIC):
            return bytes(whole)
    raise _Undecodable(_PIECES)


def _undeflate(body: bytes, limit: int) -> bytes:
    """Undo deflate, in the form of zlib (RFC 1950), or raw as some servers send it (RFC 1951)."""
    try:
        return _inflate(body, limit, _ZLIB)[0]
    except zlib.error:
        return _inflate(body, limit, _RAW)[0]


def _inflate(body: bytes, limit: int, window: int) -> tuple[bytes, bytes]:
    inflate = zlib.decompressobj(window)
    plain = inflate.decompress(body, limit + 1)
    if len(plain) > limit:
        raise _TooLarge
    if not inflate.eof:
        raise _Undecodable(_EARLY)
    return plain, inflate.unused_data


def _unbrotli(body: bytes, limit: int) -> bytes:
    decompressor = brotli.Decompressor()
    plain = decompressor.process(body, output_buffer_limit=limit + 1)
    while len(plain) <= limit and not decompressor.is_finished():
        more = decompressor.process(b"", output_buffer_limit=limit + 1)
        if not more:
            raise _Undecodable(_EARLY)
        plain += more
    if len(plain) > limit:
        raise _TooLarge
    return bytes(plain)


def _unzstd(body: bytes, limit: int) -> bytes:
    """Undo zstd, of however many frames (RFC 8878 §3)."""
    whole = bytearray()
    for _ in range(PIECES):
        decompressor = zstd.ZstdDecompressor(options=_WINDOW)
        whole += decompressor.decompress(body, limit - len(whole) + 1)
        if len(whole) > limit:
            raise _TooLarge
        if not decompressor.eof:
            raise _Undecodable(_EARLY)
        body = decompressor.unused_data
        if not body:
            return bytes(whole)
    raise _Undecodable(_PIECES)


_DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
