"""JPEG: baseline and progressive Huffman pictures of 8 bits, which is what browsers show."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from contract.pictures.image_formats import Layout, NotAnImage, TooLarge, judge_size

MAX_SCANS = 100
"""The most scans that are decoded: encoders write about ten; each takes a pass over all pixels."""

_MARKER = re.compile(rb"\xff++([^\x00])", re.DOTALL)
_SCAN_END = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_SOF = frozenset({0xC0, 0xC1, 0xC2})
"""The markers of frames that browsers show: baseline, extended and progressive."""
_FOREIGN = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xCC}
"""The markers of frames that browsers do not show: arithmetic, lossless, hierarchical, …"""
_SOS, _EOI = 0xDA, 0xD9
_NO_PIXELS = frozenset({*range(0xE1, 0xF0), 0xFE}) - {0xEE}
"""The segments that make no pixels; those of JFIF and Adobe decide on the colours, so they stay."""
_UNSENT = 16
"""How many bits of a coefficient are due before any scan: more than it can have."""


def walk(data: bytes) -> Layout:
    """Walk to the end marker, check that the scans together send every bit, then decode them."""
    width = height = scans = 0
    parts = [data[:2]]
    due: dict[int, list[int]] = {}  # component → for each coefficient, how many bits are due
    for marker, header, segment in _segments(data):
        if marker in _FOREIGN or (marker in _SOF and due):
            raise NotAnImage(f"a JPEG of a kind that browsers do not show (marker FF{marker:02X})")
        if marker in _SOF:
            height, width, components = struct.unpack_from(">xHHB", header)
            judge_size(width, height)
            due = {header[6 + 3 * number]: [_UNSENT] * 64 for number in range(components)}
        elif marker == _SOS:
            scans += 1
            _send(header, due)
        if marker not in _NO_PIXELS:
            parts.append(segment)
    if scans > MAX_SCANS:
        raise TooLarge(f"a JPEG with {scans} scans; at most {MAX_SCANS} are decoded")
    if not due or any(map(any, due.values())):
        raise NotAnImage("a JPEG whose last scans are missing")
    file = b"".join((*parts, b"\xff\xd9"))
    _decode_scans(file)
    return Layout(width=width, height=height, frames=1, files=(file,))


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Give marker, header and all bytes of each segment up to the end marker."""
    position = 2
    while found := _MARKER.match(data, position):
        marker = found[1][0]
        if marker == _EOI:
            return
        start = found.end()
        position = start + struct.unpack_from(">H", data, start)[0]
        header = data[start + 2 : position]
        if position > len(data):
            raise NotAnImage("a JPEG that stops in a header")
        if marker == _SOS:
            scan_end = _SCAN_END.search(data, position)
            position = scan_end.start() if scan_end else len(data)
        yield marker, header, data[start - 2 : position]
    what = "breaks" if position < len(data) else "stops"
    raise NotAnImage(f"a JPEG that {what} at byte {position}, before its end marker")


def _send(header: bytes, due: dict[int, list[int]]) -> None:
    """Note what a scan promises: these components, these coefficients, down to this bit."""
    components = header[1 : 1 + 2 * header[0] : 2]
    first, last, bits = struct.unpack_from("BBB", header, 1 + 2 * header[0])
    for component in components:
        due[component][first : last + 1] = [bits & 15] * (last + 1 - first)


def _decode_scans(file: bytes) -> None:
    """Decode every scan strictly: Pillow ignores libjpeg's warnings.

    Only one grey pixel in 64 is asked for, which still reads every bit.
    """
    # numpy comes with it, 0.1 s that the mock server can do without
    import simplejpeg  # type: ignore[import-untyped]  # noqa: PLC0415 - as above; it has no types

    try:
        simplejpeg.decode_jpeg(file, "GRAY", min_height=1, min_width=1, min_factor=8)
    except ValueError as error:
        if "premature end of data segment" in str(error):
            raise NotAnImage("a JPEG whose scan stops early") from error
        raise NotAnImage(f"a broken JPEG ({error})") from error
