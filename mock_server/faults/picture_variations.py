"""Every way to write the picture differently and still rightly: what no check may object to.

Pillow writes the usual samplings only. Where each component has a scan of its own, that scan is the
one of a grey picture of the component's size, so `sampled` joins three of them.
"""

from __future__ import annotations

import io
import struct

from PIL import Image

from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, as_format, repainted, saved
from mock_server.faults.fault import variation


@variation(
    chinese="图片是渐进式 JPEG。",
    source="ITU T.81 §G; every browser shows it",
)
def picture_progressive(answer: Answer, operation: Operation) -> Answer:
    """The picture is a progressive JPEG."""
    return repainted(answer, operation, as_format("JPEG", progressive=True))


@variation(
    chinese="图片使用自己的霍夫曼表，色度不做二次采样。",
    source="another JPEG encoder; every browser shows it",
)
def picture_optimised(answer: Answer, operation: Operation) -> Answer:
    """The picture has Huffman tables of its own, and its chroma is not subsampled."""
    return repainted(answer, operation, as_format("JPEG", optimize=True, subsampling=0))


@variation(
    chinese="图片是灰度 JPEG。",
    source="a captcha library that draws without colours",
)
def picture_greyscale(answer: Answer, operation: Operation) -> Answer:
    """The picture is a JPEG in shades of grey."""
    return repainted(answer, operation, lambda data: saved(_opened(data).convert("L"), "JPEG"))


@variation(
    chinese="图片文件带注释和分辨率，结尾之后有零字节。",
    source="another JPEG encoder; browsers ignore what follows EOI",
)
def picture_with_comment(answer: Answer, operation: Operation) -> Answer:
    """The picture's file holds a comment and a resolution, and zero bytes after its end."""
    convert = as_format("JPEG", comment="kaptcha", dpi=(96, 96))
    return repainted(answer, operation, lambda data: convert(data) + b"\0" * 5)


@variation(
    chinese="图片的色度采样为 4x2。",
    source="ITU T.81 §A.1.1; an encoder of a camera; every browser shows it",
)
def picture_sampled_4x2(answer: Answer, operation: Operation) -> Answer:
    """The picture's chroma is sampled once for 4×2 pixels."""
    return repainted(answer, operation, lambda data: sampled(data, 4, 2))


@variation(
    chinese="图片的色度采样为 3x1。",
    source="ITU T.81 §A.1.1; an encoder of a camera; every browser shows it",
)
def picture_sampled_3x1(answer: Answer, operation: Operation) -> Answer:
    """The picture's chroma is sampled once for 3×1 pixels."""
    return repainted(answer, operation, lambda data: sampled(data, 3, 1))


@variation(
    chinese="图片的色度采样为 1x3。",
    source="ITU T.81 §A.1.1; an encoder of a camera; every browser shows it",
)
def picture_sampled_1x3(answer: Answer, operation: Operation) -> Answer:
    """The picture's chroma is sampled once for 1×3 pixels."""
    return repainted(answer, operation, lambda data: sampled(data, 1, 3))


@variation(
    chinese="图片是 CMYK 颜色的 JPEG。",
    source="a drawing program for print; every browser shows it",
)
def picture_cmyk(answer: Answer, operation: Operation) -> Answer:
    """The picture is a JPEG in CMYK."""
    return repainted(answer, operation, lambda data: saved(_opened(data).convert("CMYK"), "JPEG"))


@variation(
    chinese="图片按 EXIF 方向转正后，宽和高与样例一致。",
    source="a camera that was held upright; browsers turn the picture",
)
def picture_turned_by_exif(answer: Answer, operation: Operation) -> Answer:
    """The picture is stored upright, and its EXIF turns it to the sample's width and height."""

    def turned(data: bytes) -> bytes:
        exif = Image.Exif()
        exif[0x112] = 6
        stored = _opened(data).transpose(Image.Transpose.ROTATE_90)
        return saved(stored, "JPEG", exif=exif)

    return repainted(answer, operation, turned)


@variation(
    chinese="图片写明了未知的 JFIF 版本，扫描之后有零字节。",
    source="an encoder of a device; every browser shows it",
)
def picture_of_an_odd_encoder(answer: Answer, operation: Operation) -> Answer:
    """The picture names a version of JFIF that is none, and has zero bytes behind its scan."""

    def odd(data: bytes) -> bytes:
        return data[:11] + b"\x07\x63" + data[13:-2] + b"\0" * 20 + data[-2:]

    return repainted(answer, operation, odd)


def sampled(data: bytes, across: int, down: int) -> bytes:
    """Write a picture as a JPEG that sends one value of chroma for so many pixels."""
    planes = _opened(data).convert("YCbCr").split()
    width, height = planes[0].size
    smaller = (-(-width // across), -(-height // down))
    parts = [
        saved(planes[0], "JPEG"),
        *(saved(each.resize(smaller), "JPEG") for each in planes[1:]),
    ]
    frame, scan = parts[0].index(b"\xff\xc0"), parts[0].index(b"\xff\xda")
    components = bytes((1, across << 4 | down, 0, 2, 0x11, 0, 3, 0x11, 0))
    header = struct.pack(">HBHHB", 8 + len(components), 8, height, width, 3) + components
    sent = b"".join(
        b"\xff\xda\0\x08\1" + bytes((number,)) + part[part.index(b"\xff\xda") + 6 : -2]
        for number, part in enumerate(parts, start=1)
    )
    tables = parts[0][frame + 2 + struct.unpack_from(">H", parts[0], frame + 2)[0] : scan]
    return parts[0][:frame] + b"\xff\xc0" + header + tables + sent + b"\xff\xd9"


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
