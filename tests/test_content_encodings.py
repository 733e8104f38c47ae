"""Content-Encodings that are undone, ignored or refused, all within one limit."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest

from contract.judging.content_codings import unknown_codings
from contract.judging.exchange import Failure, Response
from contract.reaching.content_encodings import decoded, zstd

PLAIN = b'{"a": "\xe5\x9b\xbe"}' * 50
JSON = b'{"a": 1}'
LIMIT = 10_000


def raw(body: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(body) + deflate.flush()


def gzips(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)  # or its tests have other names in other processes


def answer(body: bytes, *said: str) -> Response:
    return Response(200, tuple(("Content-Encoding", each) for each in said), body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (PLAIN, []),
        (PLAIN, ["identity"]),
        (gzips(PLAIN), ["gzip"]),
        (gzips(PLAIN), ["x-gzip"]),
        (gzips(PLAIN), [" GZIP "]),
        (gzips(PLAIN[:7]) + gzips(b"") + gzips(PLAIN[7:]), ["gzip"]),
        (gzips(PLAIN) + b"\0\0\0 and more", ["gzip"]),
        (zlib.compress(PLAIN), ["deflate"]),
        (raw(PLAIN), ["deflate"]),
        (brotli.compress(PLAIN), ["br"]),
        (zstd.compress(PLAIN), ["zstd"]),
        (zstd.compress(PLAIN[:7]) + zstd.compress(PLAIN[7:]), ["zstd"]),
        (gzips(PLAIN), ["gzip, identity"]),
        (gzips(PLAIN), ["identity,,gzip"]),
        (gzips(gzips(PLAIN)), ["gzip, gzip"]),
        (gzips(gzips(PLAIN)), ["gzip", "gzip"]),
        (gzips(raw(PLAIN)), ["deflate", "gzip"]),
        (brotli.compress(gzips(zstd.compress(PLAIN))), ["zstd, gzip", "br"]),
        (b"", ["gzip"]),
    ],
)
def test_what_was_done_to_a_body_is_undone_from_the_last_to_the_first(
    body: bytes, said: list[str]
) -> None:
    came = decoded(answer(body, *said), LIMIT)

    assert isinstance(came, Response)
    assert came.body == (PLAIN if body else b"")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (JSON, ["utf-8"]),
        (JSON, ["none"]),
        (JSON, [""]),
        (JSON, ['""']),
        (b"\xef\xbb\xbf" + JSON, ["UTF-8"]),
        (b"[" * 9000, ["utf-8"]),
        (b"9" * 9000, ["utf-8"]),
        (gzips(JSON), ["gzip, utf-8"]),
        (gzips(JSON), ["utf-8", "gzip"]),
    ],
)
def test_a_coding_that_nobody_knows_is_ignored_where_the_body_reads_as_json(
    body: bytes, said: list[str]
) -> None:
    assert isinstance(decoded(answer(body, *said), LIMIT), Response)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (JSON, "gzip"),
        (JSON, "deflate"),
        (JSON, "br"),
        (JSON, "zstd"),
        (gzips(PLAIN)[:-9], "gzip"),
        (gzips(PLAIN) + gzips(PLAIN)[:20], "gzip"),
        (zlib.compress(PLAIN)[:-5], "deflate"),
        (raw(PLAIN)[:-2], "deflate"),
        (brotli.compress(PLAIN)[:-2], "br"),
        (zstd.compress(PLAIN)[:-2], "zstd"),
        (zstd.compress(PLAIN) + b"more", "zstd"),
        (gzips(PLAIN), "gzip, gzip"),
        (gzips(PLAIN), "br, gzip"),
        (b"<html>", "utf-8"),
        (gzips(JSON), "gzip, " * 6),
        (gzips(b"") * 1001, "gzip"),
        (zstd.compress(b"") * 1001, "zstd"),
    ],
)
def test_a_coding_that_is_untrue_is_a_failure(body: bytes, said: str) -> None:
    came = decoded(answer(body, said), LIMIT)

    assert isinstance(came, Failure)
    assert came.kind == "undecodable"


def bomb(coding: str) -> bytes:
    """Compress much into little, in pieces, without holding it."""
    zeros, pieces = bytes(1 << 20), 64
    if coding == "br":
        press = brotli.Compressor(quality=5)
        return b"".join([*(press.process(zeros) for _ in range(pieces)), press.finish()])
    if coding == "zstd":
        frame = zstd.ZstdCompressor()
        return b"".join([*(frame.compress(zeros) for _ in range(pieces)), frame.flush()])
    deflate = zlib.compressobj(wbits={"gzip": 31, "deflate": 15}[coding])
    return b"".join([*(deflate.compress(zeros) for _ in range(pieces)), deflate.flush()])


@pytest.mark.parametrize("said", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "br, gzip"])
def test_a_bomb_is_too_large_and_costs_no_memory(said: str) -> None:
    first, _, second = said.partition(", ")
    body = bomb(first)
    body = gzips(body) if second else body
    tracemalloc.start()
    try:
        came = decoded(answer(body, said), 1 << 20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert isinstance(came, Failure)
    assert (came.kind, peak < 8 << 20) == ("too-large", True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize(("limit", "kind"), [(len(PLAIN), Response), (len(PLAIN) - 1, Failure)])
def test_a_body_may_be_as_large_as_the_limit_and_no_larger(
    coding: str, limit: int, kind: type
) -> None:
    press = {"gzip": gzips, "deflate": raw, "br": brotli.compress, "zstd": zstd.compress}

    assert isinstance(decoded(answer(press[coding](PLAIN), coding), limit), kind)


def test_a_window_larger_than_browsers_give_is_refused() -> None:
    wide = zstd.ZstdCompressor(options={int(zstd.CompressionParameter.window_log): 27})
    body = wide.compress(PLAIN) + wide.flush()

    assert isinstance(decoded(answer(body, "zstd"), LIMIT), Failure)


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ([], ()),
        (["gzip, identity", "br,"], ()),
        (["utf-8"], ("utf-8",)),
        (["gzip, None"], ("none",)),
        ([""], ("",)),
    ],
)
def test_the_codings_that_nobody_knows_are_listed(
    said: list[str], unknown: tuple[str, ...]
) -> None:
    assert unknown_codings(answer(JSON, *said)) == unknown
