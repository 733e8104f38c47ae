"""AVIF: boxes that lie in the file, the size that they state, and the size that decoding costs.

A decoder draws as many pixels as the AV1 streams say, whatever the boxes around them do, so the
budget is counted from both. An animation is measured, and not decoded. Its pixels are drawn where
Pillow was built with AVIF; AV1 shows no missing bytes, so the last row is never proved.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from contract.pictures.image_formats import (
    MAX_PIXELS,
    Layout,
    NotAnImage,
    TooLarge,
    av1,
    judge_size,
)
from contract.pictures.image_formats.orientation import UPRIGHT

_UNPROVED = "an AVIF: its decoders do not tell where it stops, and older browsers do not show it"
_CONTAINERS = {
    **dict.fromkeys((b"iprp", b"ipco", b"moov", b"trak", b"mdia", b"minf", b"stbl"), 0),
    b"meta": 4,
    b"iinf": 6,
}
"""The boxes that hold boxes, and how many bytes come before those."""
_DEPTH = 9
"""How deep boxes may stand in each other."""
_COPIES = 3
"""How many copies of the pixels are held: the decoder's planes, its colours, and ours."""
_TURNED = {1: 8, 2: 3, 3: 6}
"""Quarter turns to the left, as EXIF's orientation."""
_IN_FILE, _IN_BOX = 0, 1
"""Where the bytes of an item are: anywhere in the file, or in the box `idat`."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    payload: bytes


def walk(data: bytes) -> Layout:
    """Read the boxes and the headers of the streams; nothing is decoded here."""
    boxes = list(_boxes(data, 0, len(data)))
    first = {box.kind: box.payload for box in reversed(boxes)}
    sizes = [struct.unpack_from(">II", box.payload, 4) for box in boxes if box.kind == b"ispe"]
    if b"meta" not in first or not sizes:
        raise NotAnImage("an AVIF that does not say how large it is")
    samples = (struct.unpack_from(">I", box.payload, 8)[0] for box in boxes if box.kind == b"stsz")
    frames = max(samples, default=1)
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    judge_size(width, height, frames, passes=_COPIES)
    known = frames == 1 and _judge_streams(data, boxes, first)
    return Layout(
        form="AVIF",
        width=width,
        height=height,
        frames=frames,
        files=(data,) if known and _drawn_here() else (),
        orientation=_TURNED.get(first[b"irot"][0] & 3, UPRIGHT) if b"irot" in first else UPRIGHT,
        unproved=_UNPROVED,
    )


def _drawn_here() -> bool:
    # it imports Pillow, which a command that meets no picture can do without
    from PIL import features  # noqa: PLC0415 - as above

    return features.check("avif") is True


def _boxes(data: bytes, start: int, end: int, depth: int = 0) -> Iterator[_Box]:
    """Give the boxes of a file and, behind each, those that it holds."""
    if depth > _DEPTH:
        raise NotAnImage("an AVIF whose boxes stand in each other without end")
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1:
            size, header = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = size or end - start
        if size < header or start + size > end:
            raise NotAnImage(f"an AVIF that stops in a box ({kind!a})")
        yield _Box(kind, data[start + header : start + size])
        if kind in _CONTAINERS:
            inner = start + header + _CONTAINERS[kind]
            wide = kind == b"iinf" and data[start + header]  # counts by 32 bits
            yield from _boxes(data, inner + 2 * bool(wide), start + size, depth + 1)
        start += size


def _judge_streams(data: bytes, boxes: list[_Box], first: Mapping[bytes, bytes]) -> bool:
    """Say whether the cost of all streams is known; refuse them if it is too high."""
    streams = {
        struct.unpack_from(">I" if box.payload[0] > 2 else ">H", box.payload, 4)[0]  # noqa: PLR2004 - a version
        for box in boxes
        if box.kind == b"infe" and b"av01" in box.payload[8:14]
    }
    total = 0
    for number, parts in _items(first[b"iloc"]):
        if number not in streams:
            continue
        stream = bytearray()
        for where, offset, length in parts:
            source = {_IN_FILE: data, _IN_BOX: first.get(b"idat", b"")}.get(where, b"")
            stream += source[offset : offset + length if length else None]
            if len(stream) > len(data):
                raise NotAnImage("an AVIF whose items are larger than the file")
            if offset + length > len(source):
                raise NotAnImage("an AVIF that stops in its pixels")
        found = av1.cost(bytes(stream))
        if found is None:
            return False
        total += found
    if total * _COPIES > MAX_PIXELS:
        raise TooLarge(f"an AVIF whose streams draw {total} pixels")
    return total > 0


def _items(box: bytes) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    """Give the number of each item, and where its parts are: in what, from where, how long."""
    version, (offsets, lengths, bases, indices) = (
        box[0],
        (
            box[4] >> 4,
            box[4] & 15,
            box[5] >> 4,
            box[5] & 15 if box[0] else 0,
        ),
    )
    reader = BytesIO(box[6:])

    def number(size: int) -> int:
        read = reader.read(size)
        if len(read) < size:
            raise NotAnImage("an AVIF that stops in its list of items")
        return int.from_bytes(read, "big")

    wide = 4 if version > 1 else 2
    for _ in range(number(wide)):
        item = number(wide)
        where = number(2) & 15 if version else _IN_FILE
        number(2)
        base = number(bases)
        parts = []
        for _ in range(number(2)):
            number(indices)
            offset = number(offsets)
            parts.append((where, base + offset, number(lengths)))
        yield item, parts
