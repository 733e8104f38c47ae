"""JPEG: baseline, progressive and arithmetic-coded pictures of 8 bits, which browsers show.

Every bit of every coefficient must be sent, and every scan must be whole. libjpeg-turbo says so of
the usual samplings (`simplejpeg`). It knows no name for the others, and those are decoded thrice by
Pillow: with other bytes behind each scan, a scan that stops early gives other pixels.
"""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Iterator

from contract.pictures.image_formats import Layout, NotAnImage, TooLarge, judge_size
from contract.pictures.image_formats.orientation import EXIF, UPRIGHT, orientation

MAX_SCANS = 100
"""The most scans that are decoded: encoders write about ten; each takes a pass over all pixels."""

_Segment = tuple[int, bytes, bytes]  # its marker, its header, all of its bytes
_Due = dict[int, list[int]]  # component → for each coefficient, how many bits are due

_MARKER = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
_SCAN_END = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_INTERVAL_END = re.compile(rb"\xff[\xd0-\xd7]")
_ARITHMETIC = frozenset({0xC9, 0xCA})
"""The markers of arithmetic-coded frames."""
_SOF = frozenset({0xC0, 0xC1, 0xC2}) | _ARITHMETIC
"""The markers of frames that browsers show: baseline, extended and progressive."""
_FOREIGN = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xCC} - _ARITHMETIC
"""The markers of frames that browsers do not show: lossless, hierarchical, …"""
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""The markers without a segment, which mean nothing outside of a scan."""
_SOS, _EOI, _APP1, _DRI = 0xDA, 0xD9, 0xE1, 0xDD
_COLOURS = frozenset({0xE0, 0xEE})
"""The segments of JFIF and Adobe, which say what colours the components are."""
_NO_PIXELS = frozenset({*range(0xE1, 0xF0), 0xFE}) - _COLOURS
"""The segments that make no pixels."""
_FACTORS = frozenset({1, 2, 3, 4})
"""How often a component may be sampled, across and down."""
_UNSENT = 16
"""How many bits of a coefficient are due before any scan: more than it can have."""
_UNPROVED = "an arithmetic-coded JPEG: any bytes decode, and not every browser shows it"
_PADDINGS = tuple(
    random.Random(seed).randbytes(64).replace(b"\xff", b"\x5a").replace(b"\\", b"\x5a")  # noqa: S311 - no secret
    for seed in (1, 2)
)
"""What is put behind each scan in turn; no code reads the same in both."""
_END = b"\xff\xd9"
_BEHIND = "extraneous bytes before marker 0xd9"
"""What libjpeg-turbo says of bytes between the last scan and the end marker."""
_UNNAMED = "Could not determine subsampling"
"""What libjpeg-turbo says of a sampling that it has no name for."""


def walk(data: bytes) -> Layout:
    """Walk to the end marker, check that the scans together send every bit, then decode them."""
    segments = list(_segments(data))
    frame, size, due = _frame(segments)
    scans = [header for marker, header, _ in segments if marker == _SOS]
    if len(scans) > MAX_SCANS:
        raise TooLarge(f"a JPEG with {len(scans)} scans; at most {MAX_SCANS} are decoded")
    exif = (
        header[len(EXIF) :]
        for marker, header, _ in segments
        if marker == _APP1 and header.startswith(EXIF)
    )
    held = orientation(next(exif, b""))
    judge_size(*size, passes=max(len(scans), 1) + (held != UPRIGHT))
    for header in scans:
        _send(header, due)
    if any(map(any, due.values())):
        raise NotAnImage("a JPEG whose last scans are missing")
    parts = (segment for marker, _, segment in segments if marker not in _NO_PIXELS)
    file = b"".join((data[:2], *parts, _END))
    if frame not in _ARITHMETIC:
        _decode_scans(file, size, len(scans))
    return Layout(
        form="JPEG",
        width=size[0],
        height=size[1],
        files=(file,),
        orientation=held,
        unproved=_UNPROVED if frame in _ARITHMETIC else None,
    )


def _frame(segments: list[_Segment]) -> tuple[int, tuple[int, int], _Due]:
    """Give the marker of the frame, the size, and what is due of each component."""
    for marker, _, _ in segments:
        if marker in _FOREIGN:
            raise NotAnImage(f"a JPEG of a kind that browsers do not show (marker FF{marker:02X})")
    frames = [(marker, header) for marker, header, _ in segments if marker in _SOF]
    if not frames:
        raise NotAnImage("a JPEG whose last scans are missing")
    if len(frames) > 1:
        marker = frames[1][0]
        raise NotAnImage(f"a JPEG of a kind that browsers do not show (marker FF{marker:02X})")
    marker, header = frames[0]
    height, width, components = struct.unpack_from(">xHHB", header)
    due = {header[6 + 3 * number]: [_UNSENT] * 64 for number in range(components)}
    if any(not {each >> 4, each & 15} <= _FACTORS for each in header[7 : 6 + 3 * components : 3]):
        raise NotAnImage("a JPEG of a sampling that is none")
    return marker, (width, height), due


def _segments(data: bytes) -> Iterator[_Segment]:
    """Give marker, header and all bytes of each segment up to the end marker.

    As in every decoder, what stands between two segments is skipped.
    """
    position = 2
    while found := _MARKER.search(data, position):
        marker, start = found[1][0], found.end()
        if marker == _EOI:
            return
        if marker in _ALONE:
            position = start
            continue
        position = start + struct.unpack_from(">H", data, start)[0]
        header = data[start + 2 : position]
        if position > len(data):
            raise NotAnImage("a JPEG that stops in a header")
        if marker == _SOS:
            scan_end = _SCAN_END.search(data, position)
            position = scan_end.start() if scan_end else len(data)
        yield marker, header, data[start - 2 : position]
    raise NotAnImage(f"a JPEG that stops at byte {len(data)}, before its end marker")


def _send(header: bytes, due: _Due) -> None:
    """Note what a scan promises: these components, these coefficients, down to this bit."""
    components = header[1 : 1 + 2 * header[0] : 2]
    first, last, bits = struct.unpack_from("BBB", header, 1 + 2 * header[0])
    for component in components:
        due[component][first : last + 1] = [bits & 15] * (last + 1 - first)


def _decode_scans(file: bytes, size: tuple[int, int], scans: int) -> None:
    """Decode every scan strictly: Pillow ignores libjpeg's warnings.

    Only one grey pixel in 64 is asked for, which still reads every bit. The segments of JFIF and
    Adobe do not matter for that, and libjpeg-turbo warns of versions that it does not know.
    """
    # numpy comes with it, 0.1 s that the mock server can do without
    import simplejpeg  # type: ignore[import-untyped]  # noqa: PLC0415 - as above; it has no types

    parts = (segment for marker, _, segment in _segments(file) if marker not in _COLOURS)
    bare = b"".join((file[:2], *parts, _END))
    try:
        simplejpeg.decode_jpeg(bare, "GRAY", min_height=1, min_width=1, min_factor=8)
    except ValueError as error:
        padded = file[: -len(_END)].rstrip(b"\0") + _END
        if _BEHIND in str(error) and padded != file:  # zeros behind the scan are no part of it
            _decode_scans(padded, size, scans)
        elif _UNNAMED in str(error):
            judge_size(*size, passes=scans * (1 + len(_PADDINGS)))
            _pad_scans(file)
        elif "premature end of data segment" in str(error):
            raise NotAnImage("a JPEG whose scan stops early") from error
        else:
            raise NotAnImage(f"a broken JPEG ({error})") from error


def _pad_scans(file: bytes) -> None:
    """Decode a picture as it is, and with other bytes behind each of its scans and intervals."""
    # it imports Pillow, which a command that meets no picture can do without
    from contract.pictures.pixels import digest  # noqa: PLC0415 - as above

    segments = list(_segments(file))
    _count_intervals(segments)
    whole = digest("JPEG", file)
    for padding in _PADDINGS:
        parts = [
            _INTERVAL_END.sub(padding + rb"\g<0>", segment) + padding if marker == _SOS else segment
            for marker, _, segment in segments
        ]
        if digest("JPEG", b"".join((file[:2], *parts, _END))) != whole:
            raise NotAnImage("a JPEG whose scan stops early")


def _count_intervals(segments: list[_Segment]) -> None:
    """Check that each scan has all of its restart intervals."""
    interval, size, factors = 0, (0, 0), dict[int, tuple[int, int]]()
    for marker, header, segment in segments:
        if marker == _DRI:
            interval = struct.unpack_from(">H", header)[0]
        elif marker in _SOF:
            height, width, count = struct.unpack_from(">xHHB", header)
            size = width, height
            named = (header[6 + 3 * number : 8 + 3 * number] for number in range(count))
            factors = {name: (both >> 4, both & 15) for name, both in named}
        elif marker == _SOS and interval:
            units = _units(size, factors, header[1 : 1 + 2 * header[0] : 2])
            if len(_INTERVAL_END.findall(segment)) != (units - 1) // interval:
                raise NotAnImage("a JPEG whose scan lacks some of its restart intervals")


def _units(size: tuple[int, int], factors: dict[int, tuple[int, int]], components: bytes) -> int:
    """Count the units of a scan (ITU T.81 §A.2): blocks of one component, or groups of several."""
    most = [max(each[axis] for each in factors.values()) for axis in (0, 1)]
    alone = factors[components[0]] if len(components) == 1 else most
    if len(components) > 1:
        across, down = (-(-length // (8 * each)) for length, each in zip(size, most, strict=True))
    else:
        across, down = map(_blocks, size, alone, most)
    return across * down


def _blocks(length: int, factor: int, most: int) -> int:
    samples = -(-length * factor // most)
    return -(-samples // 8)
