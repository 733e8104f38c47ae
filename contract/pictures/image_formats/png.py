"""PNG, animated or not: every checksum, and every row of every frame.

Chunks that make no pixels are left out, and may therefore have a bad checksum: browsers skip them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from contract.pictures.image_formats import Layout, NotAnImage, judge_size
from contract.pictures.image_formats.orientation import UPRIGHT, orientation

SIGNATURE = b"\x89PNG\r\n\x1a\n"
"""How a PNG begins."""

_Pass = tuple[int, int, int, int]  # first column, first row, step to the right, step down

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
_LONGEST = 3 << 8
"""The length of a palette of 256 colours."""
_LAST_FILTER, _LAST_DISPOSAL, _LAST_BLENDING = 4, 2, 1
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
    if b"IDAT" not in kinds:
        raise NotAnImage("a PNG without pixels")
    before = chunks[: kinds.index(b"IDAT")]
    held = next((orientation(payload) for kind, payload in before if kind == b"eXIf"), UPRIGHT)
    judge_size(width, height, passes=1 + (held != UPRIGHT))
    colours = _colours(before, kinds, header)
    frames = _frames(chunks, width, height)
    shared = b"".join(_chunk(kind, payload) for kind, payload in before if kind in _COLOURS)
    files = tuple(_still(frame, header, shared) for frame in frames)
    return Layout(
        form="PNG",
        width=width,
        height=height,
        frames=len(frames),
        files=files,
        orientation=held,
        colours=colours,
    )


def _colours(before: list[tuple[bytes, bytes]], kinds: list[bytes], header: bytes) -> int | None:
    """Count the colours of the palette, if the pixels are numbers of colours."""
    palettes = [payload for kind, payload in before if kind == b"PLTE"]
    if kinds.count(b"PLTE") > 1 or any(not 3 <= len(each) <= _LONGEST for each in palettes):  # noqa: PLR2004 - one colour
        raise NotAnImage("a PNG with a palette that browsers refuse")
    if header[9] != _INDEXED:
        return None
    if not palettes:
        raise NotAnImage("a PNG without its palette")
    return len(palettes[0]) // 3


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    kind, position = b"", len(SIGNATURE)
    while kind != b"IEND":
        if position + 12 > len(data):
            raise NotAnImage("a PNG that stops before its end")
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise NotAnImage(f"a PNG that stops in a chunk ({kind!a})")
        payload = data[position + 8 : end - 4]
        if kind == b"IEND" or data[position:end] == _chunk(kind, payload):
            yield kind, payload
        elif not kind[0] & _ANCILLARY:
            raise NotAnImage(f"a PNG with a bad checksum (chunk {kind!a})")
        position = end


def _chunk(kind: bytes, payload: bytes) -> bytes:
    body = kind + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def _frames(chunks: list[tuple[bytes, bytes]], width: int, height: int) -> list[_Frame]:
    """Sort pixels by frame; the picture for readers without animation may be one of them."""
    frames: list[_Frame] = []
    announced = animated = number = 0
    previous = b""
    for kind, payload in chunks:
        if kind == b"acTL" and not frames:
            announced = struct.unpack_from(">I", payload)[0]
            judge_size(width, height, announced + 1)
        elif announced and kind in {b"fcTL", b"fdAT"}:
            if struct.unpack_from(">I", payload)[0] != number:
                raise NotAnImage("a PNG whose animated frames are out of order")
            number += 1
            if kind == b"fcTL":
                animated += 1
                frames.append(_controlled(payload, width, height))
            else:
                frames[-1].parts.append(payload[4:])
        elif kind == b"IDAT":
            frames = frames or [_Frame(width, height, [])]
            if len(frames) > 1 or (frames[0].parts and previous != kind):
                raise NotAnImage("a PNG with pixels in two places")
            frames[0].parts.append(payload)
        previous = kind
    if animated != announced:
        raise NotAnImage(f"a PNG with {animated} of its {announced} animated frames")
    return frames[-animated:]  # browsers show no still that is not of the animation


def _controlled(payload: bytes, width: int, height: int) -> _Frame:
    """Read a frame's control chunk: its size and place, what becomes of it."""
    across, down, left, top, disposal, blending = struct.unpack(">4xIIII4xBB", payload)
    if not across or not down or left + across > width or top + down > height:
        raise NotAnImage("a PNG with a frame outside of its canvas")
    if disposal > _LAST_DISPOSAL or blending > _LAST_BLENDING:
        raise NotAnImage("a PNG with a frame that browsers refuse")
    return _Frame(across, down, [])


def _still(frame: _Frame, header: bytes, colours: bytes) -> bytes:
    depth, colour, packing, filtering, interlacing = struct.unpack(">8xBBBBB", header)
    if packing or filtering or interlacing > 1:
        raise NotAnImage("a PNG with a header that browsers refuse")
    passes = _ADAM7 if interlacing else _ONE_PASS
    stream = _checked(b"".join(frame.parts), frame, depth * _CHANNELS[colour], passes)
    chunks = (
        (b"IHDR", struct.pack(">II", frame.width, frame.height) + header[8:]),
        (b"IDAT", stream),
        (b"IEND", b""),
    )
    first, *rest = (_chunk(*chunk) for chunk in chunks)
    return b"".join((SIGNATURE, first, colours, *rest))


def _checked(stream: bytes, frame: _Frame, bits: int, passes: tuple[_Pass, ...]) -> bytes:
    """Check that the stream holds every row, each with a known filter, and then its own end.

    Rows beyond the last one are ignored, as browsers do: the picture is whole without them. So is
    the stream's own checksum, which encoders get wrong; those of the chunks guard its bytes. What
    comes out has the right one.
    """
    if int.from_bytes(stream[:2], "big") % 31 or stream[0] & 15 != zlib.DEFLATED or stream[1] & 32:
        raise NotAnImage("a PNG whose pixels are packed in a way that browsers refuse")
    inflater, rest, checksum = zlib.decompressobj(-zlib.MAX_WBITS), stream[2:], 1
    for left, top, right, down in passes:
        columns, rows = -((left - frame.width) // right), -((top - frame.height) // down)
        stride = 1 + (columns * bits + 7) // 8
        size = rows * stride if columns > 0 and rows > 0 else 0
        done = 0
        while done < size:
            piece = b"" if inflater.eof else inflater.decompress(rest, min(_PIECE, size - done))
            rest = inflater.unconsumed_tail
            if not piece:
                raise NotAnImage("a PNG whose pixels stop early")
            if max(piece[-done % stride :: stride], default=0) > _LAST_FILTER:
                raise NotAnImage("a PNG with a row that cannot be decoded")
            done += len(piece)
            checksum = zlib.adler32(piece, checksum)
    if not inflater.eof and inflater.decompress(rest, 1):
        return stream
    if not inflater.eof:
        raise NotAnImage("a PNG whose pixels lack their end")
    return stream[: len(stream) - len(inflater.unused_data)] + checksum.to_bytes(4, "big")
