"""The rows of a bitmap, in any of Windows' forms → RGBA, and the one form that decoders read alike.

Pixels are numbers of colours of 1, 2, 4 or 8 bits, runs of them, or channels by masks.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contract.pictures.image_formats import NotAnImage
from contract.pictures.image_formats.bmp import MAX_INDEXED, RUNS_OF_4, RUNS_OF_8, BitmapHeader

Rows = NDArray[np.uint8]
"""Height × width × 4 bytes: red, green, blue and alpha, from top to bottom."""

_OPAQUE = 255
_BLACK = (0, 0, 0, _OPAQUE)
"""What browsers show where runs draw nothing."""
_USUAL_MASKS = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
_END_OF_LINE, _END, _MOVE = 0, 1, 2


def pixels(data: bytes, header: BitmapHeader, offset: int) -> Rows:
    """Read every row, from where the pixels begin.

    Raises:
        NotAnImage: rows are missing, or colours that they use.
    """
    if header.depth > MAX_INDEXED:
        rows = _by_masks(data, header, offset)
    else:
        rows = _by_palette(data, header, offset)
    return rows if header.from_top else rows[::-1]


def masked(data: bytes, header: BitmapHeader, *, has_alpha: bool) -> Rows:
    """Read a bitmap of an icon: rows, then a mask of one bit a pixel that hides some of them.

    Raises:
        NotAnImage: rows are missing, or colours that they use.
    """
    height = header.height // 2
    alpha = (*header.masks[:3], 0xFF000000) if has_alpha else header.masks
    rows = pixels(data, replace(header, height=height, masks=alpha), header.end)
    if has_alpha and rows[:, :, 3].any():
        return rows
    rows[:, :, 3] = _OPAQUE
    end = header.end + row_size(header.width, header.depth) * height
    hidden = bits(data, (header.width, height), end, 1).astype(np.bool_)
    rows[hidden if header.from_top else hidden[::-1]] = 0
    return rows


def row_size(width: int, depth: int) -> int:
    """Give the bytes of a row: a multiple of four."""
    return (width * depth + 31) // 32 * 4


def bits(data: bytes, size: tuple[int, int], offset: int, depth: int) -> NDArray[np.uint8]:
    """Read rows of numbers of up to 8 bits.

    Raises:
        NotAnImage: rows are missing.
    """
    width, height = size
    rows = _rows(data, offset, row_size(width, depth), height)
    if depth == MAX_INDEXED:
        return rows[:, :width]
    parts = [rows >> shift & (1 << depth) - 1 for shift in range(8 - depth, -1, -depth)]
    return np.stack(parts, axis=2).reshape(height, -1)[:, :width]


def usual_form(rows: Rows) -> bytes:
    """Write a BMP of 32 bits a pixel, with the masks that decoders know."""
    height, width = rows.shape[:2]
    header = struct.pack(
        "<IiiHHIIiiII4I", 108, width, -height, 1, 32, 3, 0, 0, 0, 0, 0, *_USUAL_MASKS
    ).ljust(108, b"\0")
    start = struct.pack("<2sIII", b"BM", 14 + len(header) + rows.size, 0, 14 + len(header))
    return start + header + rows[:, :, [2, 1, 0, 3]].tobytes()


def _rows(data: bytes, offset: int, stride: int, height: int) -> NDArray[np.uint8]:
    if offset + stride * height > len(data):
        raise NotAnImage("a BMP whose pixels stop early")
    return np.frombuffer(data, np.uint8, stride * height, offset).reshape(height, stride)


def _by_masks(data: bytes, header: BitmapHeader, offset: int) -> Rows:
    size = header.depth // 8
    rows = _rows(data, offset, row_size(header.width, header.depth), header.height)
    samples = rows[:, : header.width * size].reshape(header.height, header.width, size)
    values: NDArray[np.uint32] = np.zeros(samples.shape[:2], np.uint32)
    for number in range(size):
        values |= samples[:, :, number].astype(np.uint32) << np.uint32(8 * number)
    result = np.full((*values.shape, 4), _OPAQUE, np.uint8)
    for channel, mask in enumerate(header.masks):
        if mask or channel < 3:  # noqa: PLR2004 - without a mask for alpha, all is opaque
            if mask >> header.depth:
                raise NotAnImage("a BMP with a channel mask beyond its bits")
            result[:, :, channel] = _channel(values, mask)
    return result


def _channel(values: NDArray[np.uint32], mask: int) -> NDArray[Any]:
    if not mask:
        return np.zeros(values.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    if most & (most + 1):
        raise NotAnImage("a BMP with a channel mask that browsers refuse: it has holes")
    samples = (values & np.uint32(mask)) >> np.uint32(shift)
    if most > _OPAQUE:
        return samples >> np.uint32(most.bit_length() - 8)
    return (samples * np.uint32(_OPAQUE) + np.uint32(most // 2)) // np.uint32(most)


def _by_palette(data: bytes, header: BitmapHeader, offset: int) -> Rows:
    size = header.width, header.height
    if header.packing in {RUNS_OF_8, RUNS_OF_4}:
        numbers, drawn = _runs(data, size, offset, nibbles=header.packing == RUNS_OF_4)
    else:
        numbers, drawn = bits(data, size, offset, header.depth), None
    last = int(numbers.max())
    if last >= header.colours:
        raise NotAnImage(
            f"a BMP whose palette is too short: it has {header.colours} colours, and a pixel has "
            f"the colour number {last}"
        )
    table = _rows(data, header.palette, header.colour_size, header.colours)
    result = np.full((*numbers.shape, 4), _OPAQUE, np.uint8)
    result[:, :, :3] = table[:, [2, 1, 0]][numbers]
    if drawn is not None:
        result[~drawn] = _BLACK
    return result


def _runs(
    data: bytes, size: tuple[int, int], position: int, *, nibbles: bool
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Undo the runs; what is moved over is not drawn. Running out of bytes is an IndexError."""
    width, height = size
    numbers, drawn = bytearray(width * height), bytearray(width * height)
    x = y = 0
    while True:
        count, value = data[position], data[position + 1]
        position += 2
        if count == 0 and value == _END_OF_LINE:
            x, y = 0, y + 1
        elif count == 0 and value == _END:
            break
        elif count == 0 and value == _MOVE:
            x, y = x + data[position], y + data[position + 1]
            position += 2
        else:
            if count:
                sent = _pair(value, count) if nibbles else bytes((value,)) * count
            else:
                length = (value + 1) // 2 if nibbles else value
                sent = data[position : position + length]
                position += length + length % 2
                sent = _nibbles(sent)[:value] if nibbles else sent
            shown = sent[: max(width - x, 0)] if y < height else b""
            start = y * width + x
            numbers[start : start + len(shown)] = shown
            drawn[start : start + len(shown)] = b"\1" * len(shown)
            x += len(sent)
    if y < height - 1 or (y == height - 1 and x < width):
        raise NotAnImage("a BMP whose pixels stop early")
    shape = height, width
    return (
        np.frombuffer(numbers, np.uint8).reshape(shape),
        np.frombuffer(drawn, np.bool_).reshape(shape),
    )


def _pair(value: int, count: int) -> bytes:
    return (bytes((value >> 4, value & 15)) * ((count + 1) // 2))[:count]


def _nibbles(data: bytes) -> bytes:
    return bytes(number for byte in data for number in (byte >> 4, byte & 15))
