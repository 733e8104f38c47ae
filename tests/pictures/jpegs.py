"""JPEGs of every kind, made without a library where none writes that kind.

`flat_blocks` writes any sampling, any order of components and any frame: each block has one
colour, so that a scan is no more than the differences of those colours.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Mapping, Sequence
from itertools import product

from tests.pictures.drawings import DRAWING, HEIGHT, WIDTH, saved, turned

END = b"\xff\xd9"
"""The end marker."""
Factors = Sequence[tuple[int, int]]
"""How often each component is sampled, across and down."""

_DC = bytes((0, 0, 0, 12, *(0,) * 12)) + bytes(range(12))  # a code of 4 bits for each size
_AC = bytes((1, *(0,) * 15, 0))  # one bit: the rest of the block is zero


def segment(marker: int, payload: bytes) -> bytes:
    """Write a marker segment."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def adobe(transform: int) -> bytes:
    """Write Adobe's segment, which says how colours are stored."""
    return segment(0xEE, b"Adobe\0d\0\0\0\0" + bytes((transform,)))


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
"""The segment that files begin with."""


class _Bits:
    def __init__(self) -> None:
        self.text = ""

    def put(self, value: int, size: int) -> None:
        self.text += f"{value:0{size}b}" if size else ""

    def flushed(self) -> bytes:
        padded = self.text + "1" * (-len(self.text) % 8)
        self.text = ""
        data = bytes(int(padded[start : start + 8], 2) for start in range(0, len(padded), 8))
        return data.replace(b"\xff", b"\xff\0")


def _blocks(length: int, factor: int, most: int) -> int:
    samples = -(-length * factor // most)
    return -(-samples // 8)


def scan(
    size: tuple[int, int],
    factors: Factors,
    chosen: Sequence[int],
    *,
    restart: int = 0,
    ends: bool = True,
) -> bytes:
    """Write the data of a scan: differences of DC, each followed by an end of block."""
    across, down = max(h for h, _ in factors), max(v for _, v in factors)
    chance, bits, done = random.Random(repr((size, factors, chosen))), _Bits(), bytearray()
    alone = len(chosen) == 1
    if alone:
        h, v = factors[chosen[0]]
        units = _blocks(size[0], h, across) * _blocks(size[1], v, down)
    else:
        units = -(-size[0] // (8 * across)) * -(-size[1] // (8 * down))
    previous = dict.fromkeys(chosen, 0)
    for unit in range(units):
        if restart and unit and unit % restart == 0:
            done += bits.flushed() + bytes((0xFF, 0xD0 + (unit // restart - 1) % 8))
            previous = dict.fromkeys(chosen, 0)
        for component in chosen:
            for _ in range(1 if alone else factors[component][0] * factors[component][1]):
                level = chance.choice((-60, -20, 0, 25, 60))
                difference = level - previous[component]
                previous[component] = level
                length = abs(difference).bit_length()
                bits.put(length, 4)
                bits.put(difference if difference >= 0 else difference + (1 << length) - 1, length)
                bits.put(0, int(ends))
    return bytes(done + bits.flushed())


def flat_blocks(  # noqa: PLR0913 - the parts of a JPEG that vary
    factors: Factors,
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    start: bytes = JFIF,
    frame: int = 0xC0,
    precision: int = 8,
    restart: int = 0,
    names: Sequence[int] = (1, 2, 3, 4),
    scans: Sequence[Sequence[int]] = (),
    end: bytes = END,
) -> bytes:
    """Write a JPEG whose blocks have one colour each.

    Args:
        factors: the sampling of each component.
        size: width and height.
        start: the segments behind the first marker.
        frame: the marker of the frame.
        precision: bits of a sample.
        restart: the units between two restart markers; 0 for none.
        names: the identifiers of the components.
        scans: the components of each scan; one scan of all without it.
        end: what the file ends with.
    """
    numbers = range(len(factors))
    parts = [b"\xff\xd8", start, segment(0xDB, b"\0" + bytes((16,)) * 64)]
    header = struct.pack(">BHHB", precision, size[1], size[0], len(factors))
    header += b"".join(bytes((names[n], factors[n][0] << 4 | factors[n][1], 0)) for n in numbers)
    parts += [segment(frame, header), segment(0xC4, b"\0" + _DC), segment(0xC4, b"\x10" + _AC)]
    parts += [segment(0xDD, struct.pack(">H", restart))] if restart else []
    for chosen in scans or (tuple(numbers),):
        named = b"".join(bytes((names[n], 0)) for n in chosen)
        parts.append(segment(0xDA, bytes((len(chosen),)) + named + b"\0\x3f\0"))
        parts.append(scan(size, factors, chosen, restart=restart))
    return b"".join((*parts, end))


def progressive(factors: Factors, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """Write a progressive JPEG of flat blocks: a scan of DC, then one of AC for each component."""
    numbers = range(len(factors))
    across, down = max(h for h, _ in factors), max(v for _, v in factors)
    whole = flat_blocks(factors, size=size, frame=0xC2)
    start = whole[: whole.index(b"\xff\xda")]
    named = b"".join(bytes((number + 1, 0)) for number in numbers)
    parts = [
        segment(0xDA, bytes((len(factors),)) + named + b"\0\0\0"),
        scan(size, factors, tuple(numbers), ends=False),
    ]
    for number, (h, v) in enumerate(factors):
        blocks = _blocks(size[0], h, across) * _blocks(size[1], v, down)
        bits = _Bits()
        bits.put(0, blocks)  # one bit for each: no more coefficients
        parts += [segment(0xDA, bytes((1, number + 1, 0, 1, 63, 0))), bits.flushed()]
    return b"".join((start, *parts, END))


def arithmetic(frame: int = 0xC9, colours: int = 3) -> bytes:
    """Write an arithmetic-coded JPEG: a decoder takes any bytes for a picture."""
    header = struct.pack(">BHHB", 8, HEIGHT, WIDTH, colours)
    header += b"".join(bytes((number, 0x11, 0)) for number in range(1, colours + 1))
    named = b"".join(bytes((number, 0)) for number in range(1, colours + 1))
    last = 0x3F if frame == 0xC9 else 0
    noise = random.Random(colours).randbytes(600).replace(b"\xff", b"\x7f")
    parts = (
        *(b"\xff\xd8", JFIF, segment(0xDB, b"\0" + bytes((4,)) * 64), segment(frame, header)),
        *(segment(0xDA, bytes((colours,)) + named + bytes((0, last, 0))), noise, END),
    )
    return b"".join(parts)


def exif(orientation: int, order: str = "MM") -> bytes:
    """Write the drawing as a camera does that was held another way."""
    return saved(DRAWING, "JPEG", exif=turned(orientation, order))


def _without(data: bytes, marker: int) -> bytes:
    """Leave out all segments of a kind."""
    while (start := data.find(bytes((0xFF, marker)))) >= 0:
        data = data[:start] + data[start + 2 + struct.unpack_from(">H", data, start + 2)[0] :]
    return data


def _before_end(data: bytes, size: int) -> bytes:
    return data[:-size] + END


PLAIN = saved(DRAWING, "JPEG")
PROGRESSIVE = saved(DRAWING, "JPEG", progressive=True)
CMYK = saved(DRAWING.convert("CMYK"), "JPEG")
_ONE, _TWO = (1, 1), (2, 2)
YCCK = (_TWO, _ONE, _ONE, _TWO)
_EACH = ((0,), (1,), (2,))

SAMPLINGS: Mapping[str, Factors] = {
    f"{h}x{v}": ((h, v), _ONE, _ONE) for h, v in product((1, 2, 3, 4), repeat=2) if h * v <= 8
} | {
    "chroma-twice": (_ONE, _TWO, _TWO),
    "2x2-2x1-1x2": (_TWO, (2, 1), (1, 2)),
    "2x2-1x2-1x2": (_TWO, (1, 2), (1, 2)),
    "3x2-1x1-3x1": ((3, 2), _ONE, (3, 1)),
    "3x1-2x1-1x1": ((3, 1), (2, 1), _ONE),
    "grey-2x2": (_TWO,),
    "grey-4x1": ((4, 1),),
    "all-2x2": (_TWO, (2, 2), _ONE),
}
WHOLE: Mapping[str, bytes] = {
    **{
        f"jpeg-{mode}-{'progressive' if progressive else 'baseline'}-restart{restart}": saved(
            DRAWING.convert(mode), "JPEG", progressive=progressive, restart_marker_blocks=restart
        )
        for mode, progressive, restart in product(("RGB", "L", "CMYK"), (False, True), (0, 2))
    },
    **{
        f"jpeg-{sampling}-quality{quality}": saved(
            DRAWING, "JPEG", subsampling=sampling, optimize=True, quality=quality
        )
        for sampling, quality in product(("4:4:4", "4:2:2", "4:1:1"), (10, 95))
    },
    **{f"jpeg-sampled-{name}": flat_blocks(factors) for name, factors in SAMPLINGS.items()},
    "jpeg-rgb": saved(DRAWING, "JPEG", keep_rgb=True),
    "jpeg-rgb-by-name": flat_blocks((_ONE,) * 3, start=b"", names=b"RGB"),
    "jpeg-without-jfif": flat_blocks((_TWO, _ONE, _ONE), start=b""),
    "jpeg-adobe-rgb": flat_blocks((_ONE,) * 3, start=adobe(0)),
    "jpeg-adobe-ycc": flat_blocks((_TWO, _ONE, _ONE), start=adobe(1)),
    "jpeg-cmyk-4:2:0": flat_blocks(YCCK, start=adobe(0)),
    "jpeg-cmyk-without-adobe": flat_blocks((_ONE,) * 4, start=b""),
    "jpeg-ycck": flat_blocks((_ONE,) * 4, start=adobe(2)),
    "jpeg-ycck-4:2:0": flat_blocks(YCCK, start=adobe(2)),
    "jpeg-ycck-4:2:2": flat_blocks(((2, 1), _ONE, _ONE, (2, 1)), start=adobe(2)),
    "jpeg-cmyk-sampled-as-adobe": flat_blocks((_TWO, _ONE, _ONE, _ONE), start=adobe(0)),
    "jpeg-ycck-4x1": flat_blocks(((4, 1), _ONE, _ONE, (4, 1)), start=adobe(2)),
    **{
        f"jpeg-sampled-{name}-progressive": progressive(SAMPLINGS[name])
        for name in ("1x1", "2x2", "3x1", "1x3", "4x2", "2x2-2x1-1x2")
    },
    "jpeg-standard-huffman-left-out": _without(PLAIN, 0xC4),
    "jpeg-unknown-jfif-version": PLAIN[:11] + b"\7\x63" + PLAIN[13:],
    "jpeg-unknown-adobe-transform": flat_blocks((_ONE,) * 3, start=adobe(7)),
    "jpeg-extended": flat_blocks((_TWO, _ONE, _ONE), frame=0xC1),
    "jpeg-one-scan-each": flat_blocks((_TWO, _ONE, _ONE), scans=_EACH),
    "jpeg-one-scan-each-odd": flat_blocks(((3, 1), _ONE, (1, 1)), scans=_EACH, restart=3),
    "jpeg-two-scans": flat_blocks((_TWO, _ONE, _ONE), scans=((0,), (1, 2))),
    "jpeg-restart-1": flat_blocks((_TWO, _ONE, _ONE), restart=1),
    "jpeg-names-from-zero": flat_blocks((_TWO, _ONE, _ONE), names=(0, 1, 2)),
    "jpeg-one-pixel": flat_blocks((_TWO, _ONE, _ONE), size=(1, 1)),
    "jpeg-thin": flat_blocks((_TWO, _ONE, _ONE), size=(1, 100)),
    "jpeg-wide": flat_blocks((_TWO, _ONE, _ONE), size=(300, 1)),
    **{f"jpeg-turned-{number}": exif(number) for number in range(1, 9)},
    "jpeg-turned-6-little-endian": exif(6, "II"),
    "jpeg-turned-0": exif(0),
    "jpeg-turned-9": exif(9),
    "jpeg-turned-behind-comment": PLAIN[:20]
    + segment(0xFE, b"x")
    + segment(0xE1, turned(6))
    + PLAIN[20:],
    "jpeg-turned-twice": PLAIN[:20]
    + segment(0xE1, turned(6))
    + segment(0xE1, turned(1))
    + PLAIN[20:],
    "jpeg-turned-twice-other-way": PLAIN[:20]
    + segment(0xE1, turned(1))
    + segment(0xE1, turned(6))
    + PLAIN[20:],
    "jpeg-turned-behind-frame": PLAIN.replace(
        b"\xff\xda", segment(0xE1, turned(6)) + b"\xff\xda", 1
    ),
    "jpeg-exif-broken": PLAIN[:20] + segment(0xE1, b"Exif\0\0MM\0*" + b"x" * 40) + PLAIN[20:],
    "jpeg-mpf-broken": PLAIN[:20] + segment(0xE2, b"MPF\0II*\0\xff\xff") + PLAIN[20:],
    "jpeg-profile-broken": PLAIN[:20] + segment(0xE2, b"ICC_PROFILE\0\1\1x") + PLAIN[20:],
    "jpeg-comment": saved(DRAWING, "JPEG", comment=b"kaptcha"),
    "jpeg-fill-bytes": PLAIN.replace(b"\xff\xda", b"\xff\xff\xff\xda", 1),
    "jpeg-fill-before-end": PLAIN[:-2] + b"\xff\xff\xff\xd9",
    "jpeg-bytes-behind": PLAIN + b"\0" * 9,
    "jpeg-two-pictures": PLAIN + PROGRESSIVE,
    "jpeg-states-arithmetic": PLAIN.replace(b"\xff\xda", b"\xff\xcc\0\4\0\x10\xff\xda", 1),
    "jpeg-one-colour": saved(DRAWING.resize((1, 1)).resize((40, 20)), "JPEG"),
}
"""JPEGs that are complete, and that browsers may show."""
_HEIGHT_AT = PLAIN.index(b"\xff\xc0") + 5
_SCANS = PROGRESSIVE.split(b"\xff\xda")
DAMAGED: Mapping[str, bytes] = {
    "jpeg-arithmetic": arithmetic(),
    "jpeg-arithmetic-grey": arithmetic(colours=1),
    "jpeg-arithmetic-progressive": arithmetic(frame=0xCA),
    "jpeg-12-bits": flat_blocks((_ONE,), frame=0xC1, precision=12),
    "jpeg-16-bits": flat_blocks((_ONE,), precision=16),
    "jpeg-lossless": flat_blocks((_ONE,), frame=0xC3),
    "jpeg-hierarchical": flat_blocks((_ONE,), frame=0xC5),
    "jpeg-two-components": flat_blocks((_ONE,) * 2),
    "jpeg-five-components": flat_blocks((_ONE,) * 5, names=range(1, 6)),
    "jpeg-sampled-4x4": flat_blocks(((4, 4), _ONE, _ONE)),
    "jpeg-sampled-5x1": flat_blocks(((5, 1), _ONE, _ONE)),
    "jpeg-sampled-0x1": flat_blocks((_ONE, _ONE, _ONE)).replace(
        b"\2\x11\0\3\x11\0", b"\2\x01\0\3\x11\0", 1
    ),
    "jpeg-height-later": flat_blocks((_ONE,), size=(WIDTH, HEIGHT)).replace(
        struct.pack(">HH", HEIGHT, WIDTH), struct.pack(">HH", 0, WIDTH), 1
    )[:-2]
    + segment(0xDC, struct.pack(">H", HEIGHT))
    + END,
    "jpeg-without-end": PLAIN[:-2],
    "jpeg-sampled-3x1-progressive-cut": _before_end(progressive(SAMPLINGS["3x1"]), 20),
    "jpeg-sampled-4x2-cut": _before_end(flat_blocks(SAMPLINGS["4x2"]), 12),
    "jpeg-ycck-4x1-cut": _before_end(flat_blocks(((4, 1), _ONE, _ONE, (4, 1)), start=adobe(2)), 12),
    "jpeg-half-end": PLAIN[:-1],
    "jpeg-without-end-progressive": PROGRESSIVE[:-2],
    **{f"jpeg-cut-{part}%": PLAIN[: len(PLAIN) * part // 100] for part in (1, 30, 70, 90, 97, 99)},
    **{
        f"jpeg-cut-{size}-bytes-end-put-back": _before_end(PLAIN, size + 2)
        for size in (1, 2, 3, 5, 10, 50)
    },
    "jpeg-higher": PLAIN[:_HEIGHT_AT] + struct.pack(">H", 40) + PLAIN[_HEIGHT_AT + 2 :],
    "jpeg-progressive-without-scan-1": b"\xff\xda".join((_SCANS[0], *_SCANS[2:])),
    "jpeg-progressive-without-last-scan": b"\xff\xda".join(_SCANS[:-1]) + END,
    "jpeg-progressive-cut-in-last-scan": _before_end(PROGRESSIVE, 12),
    "jpeg-one-component-missing": flat_blocks((_ONE,) * 3, scans=((0,), (1,))),
    "jpeg-without-quantisation": PLAIN.replace(b"\xff\xdb", b"\xff\xfe"),
    "jpeg-without-huffman": flat_blocks((_ONE,)).replace(b"\xff\xc4", b"\xff\xfe"),
    "jpeg-restart-missing": flat_blocks((_TWO, _ONE, _ONE), restart=1).replace(b"\xff\xd1", b"", 1),
    "jpeg-restart-exchanged": flat_blocks((_TWO, _ONE, _ONE), restart=1).replace(
        b"\xff\xd1", b"\xff\xd5", 1
    ),
    "jpeg-zeros-in-scan": PLAIN[:-60] + bytes(40) + PLAIN[-20:],
    "jpeg-ones-in-scan": PLAIN[:-60] + b"\xfe" * 40 + PLAIN[-20:],
    "jpeg-through-a-text": PLAIN.decode("utf-8", "replace").encode(),
    "jpeg-line-ends-changed": PLAIN.replace(b"\n", b"\r\n"),
    "jpeg-two-frames": PLAIN.replace(
        b"\xff\xda", PLAIN[PLAIN.index(b"\xff\xc0") :][:19] + b"\xff\xda", 1
    ),
    "jpeg-without-width": PLAIN[: _HEIGHT_AT + 2] + b"\0\0" + PLAIN[_HEIGHT_AT + 4 :],
    "jpeg-without-start": PLAIN[2:],
    "jpeg-garbage-before-end": PLAIN[:-2] + b"garbage" + END,
    "jpeg-zeros-before-end": PLAIN[:-2] + bytes(9) + END,
}
"""JPEGs that lack something, or that browsers do not show."""
