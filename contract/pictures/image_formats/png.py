"""PNG, animated or not: every checksum, and every row of every frame."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from contract.pictures.image_formats import Layout, NotAnImage, judge_size

_Pass = tuple[int, int, int, int]  # first column, first row, step to the right, step down

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""The number of channels of each colour type."""
_INDEXED = 3
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_COLOURS = frozenset({b"PLTE", b"tRNS"})
_ONE_PASS: tuple[_Pass, ...] = ((0, 0, 1, 1),)
_ADAM7: tuple[_Pass, ...] = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_LAST_FILTER = 4
_ANCILLARY = 32
"""The bit of a chunk's name that marks it as optional."""
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Frame:
    """A size, and the parts of a zlib stream that must fill it."""

    width: int
    height: int
    parts: list[bytes]


def walk(data: bytes) -> Layout:
    """Walk the chunks to IEND, then inflate every frame; each one comes out as its own file."""
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    strange = {kind for kind in kinds if not kind[0] & _ANCILLARY} - _CRITICAL
    if [number for number, kind in enumerate(kinds) if kind == b"IHDR"] != [0] or strange:
        raise NotAnImage(f"a PNG with chunks that browsers refuse: {kinds[0]!a} … {strange!a}")
    header = chunks[0][1]
    width, height = struct.unpack_from(">II", header)
    judge_size(width, height)
    if header[9] == _INDEXED and b"PLTE" not in kinds:
        raise NotAnImage("a PNG without its palette")
    frames = _frames(chunks, width, height)
    colours = b"".join(_chunk(kind, payload) for kind, payload in chunks if kind in _COLOURS)
    files = tuple(_still(frame, header, colours) for frame in frames)
    return Layout(width=width, height=height, frames=len(frames), files=files)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    kind, position = b"", len(_SIGNATURE)
    while kind != b"IEND":
        if position + 12 > len(data):
            raise NotAnImage("a PNG that stops before its end")
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise NotAnImage(f"a PNG that stops in a chunk ({kind!a})")
        payload = data[position + 8 : end - 4]
        if data[position:end] != _chunk(kind, payload):
            raise NotAnImage(f"a PNG with a bad checksum (chunk {kind!a})")
        yield kind, payload
        position = end


def _chunk(kind: bytes, payload: bytes) -> bytes:
    body = kind + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def _frames(chunks: list[tuple[bytes, bytes]], width: int, height: int) -> list[_Frame]:
    """Sort pixels by frame; the picture for readers without animation may be one of them."""
    frames: list[_Frame] = []
    announced, animated, previous = 0, 0, b""
    for kind, payload in chunks:
        if kind == b"acTL" and not frames:
            announced = struct.unpack_from(">I", payload)[0]
            judge_size(width, height, announced + 1)
        elif kind == b"fcTL" and announced:
            animated += 1
            across, down, left, top = struct.unpack_from(">4xIIII", payload)
            if left + across > width or top + down > height:
                raise NotAnImage("a PNG with a frame outside of its canvas")
            frames.append(_Frame(across, down, []))
        elif kind == b"fdAT" and announced:
            frames[-1].parts.append(payload[4:])
        elif kind == b"IDAT":
            frames = frames or [_Frame(width, height, [])]
            if len(frames) > 1 or (frames[0].parts and previous != kind):
                raise NotAnImage("a PNG with pixels in two places")
            frames[0].parts.append(payload)
        previous = kind
    if animated != announced:
        raise NotAnImage(f"a PNG with {animated} of its {announced} animated frames")
    if not frames:
        raise NotAnImage("a PNG without pixels")
    return frames


def _still(frame: _Frame, header: bytes, colours: bytes) -> bytes:
    depth, colour, packing, filtering, interlacing = struct.unpack(">8xBBBBB", header)
    if packing or filtering or interlacing > 1:
        raise NotAnImage("a PNG with a header that browsers refuse")
    stream = b"".join(frame.parts)
    _inflate(stream, frame, depth * _CHANNELS[colour], _ADAM7 if interlacing else _ONE_PASS)
    chunks = (
        (b"IHDR", struct.pack(">II", frame.width, frame.height) + header[8:]),
        (b"IDAT", stream),
        (b"IEND", b""),
    )
    first, *rest = (_chunk(*chunk) for chunk in chunks)
    return b"".join((_SIGNATURE, first, colours, *rest))


def _inflate(stream: bytes, frame: _Frame, bits: int, passes: tuple[_Pass, ...]) -> None:
    """Check that the stream holds every row, each with a known filter, and then its own end.

    Rows beyond the last one are ignored, as browsers do: the picture is whole without them.
    """
    inflater = zlib.decompressobj()
    for left, top, right, down in passes:
        columns, rows = -((left - frame.width) // right), -((top - frame.height) // down)
        stride = 1 + (columns * bits + 7) // 8
        size = rows * stride if columns > 0 and rows > 0 else 0
        done = 0
        while done < size:
            piece = inflater.decompress(stream, min(_PIECE, size - done))
            stream = inflater.unconsumed_tail
            if not piece:
                raise NotAnImage("a PNG whose pixels stop early")
            if max(piece[-done % stride :: stride], default=0) > _LAST_FILTER:
                raise NotAnImage("a PNG with a row that cannot be decoded")
            done += len(piece)
    surplus = inflater.decompress(stream, 1)
    if not surplus and not inflater.eof:
        raise NotAnImage("a PNG whose pixels lack their end")
