"""EXIF → how a camera was held. JPEG and PNG carry it, and browsers turn the picture by it."""

from __future__ import annotations

import struct

UPRIGHT = 1
"""The orientation of a picture that is shown as it is stored."""
EXIF = b"Exif\0\0"
"""How the segment of a JPEG begins; what follows is TIFF."""
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_TAG, _SHORT, _LAST = 0x112, 3, 8


def orientation(tiff: bytes) -> int:
    """Give the orientation, 1 to 8; browsers ignore EXIF that is broken, and so is it here."""
    order = _ORDERS.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        entries = struct.unpack_from(f"{order}H", tiff, start)[0]
        for number in range(entries):
            entry = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if entry[:3] == (_TAG, _SHORT, 1):
                return entry[3] if UPRIGHT <= entry[3] <= _LAST else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT
