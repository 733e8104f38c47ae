"""AV1 → what drawing a stream costs: the size in its sequence headers, and its frames.

Source: the AV1 Bitstream & Decoding Process Specification, §5.3 and §5.5.
"""

from __future__ import annotations

_SEQUENCE_HEADER, _FRAMES = 1, frozenset({3, 6})
"""The types of the units that state the size, and of those that are frames."""
_HIGH_LEVEL = 7
"""The last level that has no tier."""


class _Bits:
    """Numbers of some bits each, from the first bit on; beyond the end, an IndexError."""

    def __init__(self, data: bytes) -> None:
        self._data, self._position = data, 0

    def read(self, size: int) -> int:
        value = 0
        for position in range(self._position, self._position + size):
            value = value << 1 | self._data[position >> 3] >> (7 - (position & 7)) & 1
        self._position += size
        return value


def cost(stream: bytes) -> int | None:
    """Give the pixels × frames of a stream; None where its header cannot be understood.

    A stream that breaks is an IndexError.
    """
    area = frames = position = 0
    while position < len(stream):
        kind, extended, sized = (
            stream[position] >> 3 & 15,
            stream[position] & 4,
            stream[position] & 2,
        )
        position += 2 if extended else 1
        size, position = _length(stream, position) if sized else (len(stream) - position, position)
        if kind == _SEQUENCE_HEADER:
            found = _area(_Bits(stream[position : position + size]))
            if found is None:
                return None
            area = max(area, found)
        frames += kind in _FRAMES
        position += size
    return area * frames


def _length(stream: bytes, position: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, and say where it ends."""
    value = shift = 0
    while True:
        byte = stream[position]
        value |= (byte & 127) << shift
        shift, position = shift + 7, position + 1
        if byte < 128 or shift > 56:  # noqa: PLR2004 - the last byte of at most eight
            return value, position


def _area(bits: _Bits) -> int | None:
    bits.read(4)  # profile, still picture
    if bits.read(1):  # the reduced header of a still picture
        bits.read(5)
    else:
        if bits.read(1):  # timing, which no picture needs
            return None
        delayed = bits.read(1)
        for _ in range(bits.read(5) + 1):
            bits.read(12)
            if bits.read(5) > _HIGH_LEVEL:
                bits.read(1)
            if delayed and bits.read(1):
                bits.read(4)
    across, down = bits.read(4) + 1, bits.read(4) + 1
    return (bits.read(across) + 1) * (bits.read(down) + 1)
