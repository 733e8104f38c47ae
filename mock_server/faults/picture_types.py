"""Faults of 图片base64 as a file of some type: what only some browsers show, or show damaged."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, features

from contract.findings import Level
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, NotApplicable, as_format, repainted, saved
from mock_server.faults.fault import fault

# What browsers show, though not all of them, or not as the sample does


@fault(
    "provable",
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 SVG：浏览器能显示，程序也能直接读出文字。",
    source="svg-captcha and other libraries that draw SVG",
)
def picture_svg(answer: Answer, operation: Operation) -> Answer:
    """The picture is an SVG: browsers show it, and programs can read its text."""
    return repainted(answer, operation, _svg, "data:image/svg+xml;base64,")


@fault(
    "label",
    "provable",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 SVG，data: URI 却写 image/jpg。",
    source="a captcha library that draws SVG behind a prefix that is a constant of the service",
)
def picture_svg_labelled_jpg(answer: Answer, operation: Operation) -> Answer:
    """The picture is an SVG though its data: URI says image/jpg."""
    return repainted(answer, operation, _svg)


@fault(
    "provable",
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 AVIF：新版浏览器能显示，旧版不能。",
    source="a content delivery network that converts pictures",
)
def picture_avif(answer: Answer, operation: Operation) -> Answer:
    """The picture is an AVIF: new browsers show it, and old ones do not."""
    if not features.check("avif"):
        raise NotApplicable("Pillow was built without AVIF here")
    return repainted(answer, operation, as_format("AVIF", speed=10), "data:image/avif;base64,")


@fault(
    "provable",
    level=Level.SAMPLE,
    chinese="图片是算术编码的 JPEG：有的浏览器能显示，有的不能。",
    source="jpegtran -arithmetic; browsers differ by how their libjpeg was built",
)
def picture_coded_arithmetically(answer: Answer, operation: Operation) -> Answer:
    """The picture is an arithmetic-coded JPEG: some browsers show it, and some do not."""

    def coded(data: bytes) -> bytes:
        start, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
        length = struct.unpack_from(">H", data, scan + 2)[0]
        body = data[scan + 2 + length : -2].replace(b"\xff\0", b"\x7f")  # any bytes decode
        frame = b"\xff\xc9" + data[start + 2 : start + 19]
        return data[:start] + frame + data[scan : scan + 2 + length] + body + data[-2:]

    return repainted(answer, operation, coded)


@fault(
    "drawn",
    level=Level.SAMPLE,
    chinese="图片为单一颜色，上面什么都没有画。",
    source="a captcha library on a server without fonts",
)
def picture_of_one_colour(answer: Answer, operation: Operation) -> Answer:
    """The picture has one colour: nothing was drawn on it."""

    def blank(data: bytes) -> bytes:
        return saved(Image.new("RGB", Image.open(io.BytesIO(data)).size, "white"), "JPEG")

    return repainted(answer, operation, blank)


@fault(
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 BMP，前缀也如实写明。",
    source="a service that writes bitmaps of Windows",
)
def picture_bmp(answer: Answer, operation: Operation) -> Answer:
    """The picture is a BMP and says so."""
    return repainted(answer, operation, as_format("BMP"), "data:image/bmp;base64,")


@fault(
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是图标文件（ICO），前缀也如实写明。",
    source="System.Drawing.Icon",
)
def picture_icon(answer: Answer, operation: Operation) -> Answer:
    """The picture is an icon and says so."""

    def icon(data: bytes) -> bytes:
        image = Image.open(io.BytesIO(data))
        return saved(image, "ICO", sizes=[image.size])

    return repainted(answer, operation, icon, "data:image/x-icon;base64,")


@fault(
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 PNG，其中一个文本块的校验和不对，浏览器会忽略该块。",
    source="a tool that edits comments; browsers skip such a chunk",
)
def picture_png_with_a_broken_comment(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG with a text chunk of a bad checksum, which browsers skip."""
    convert = as_format("PNG")

    def commented(data: bytes) -> bytes:
        whole = convert(data)
        return whole[:33] + b"\0\0\0\x0ftEXtComment\0kaptcha\0\0\0\0" + whole[33:]

    return repainted(answer, operation, commented, "data:image/png;base64,")


# What browsers show damaged, or not at all


@fault(
    "image",
    chinese="图片是 PNG，缺少调色板，浏览器显示不出颜色。",
    source="a tool that removed a chunk",
)
def picture_without_palette(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG whose palette is missing."""
    return repainted(answer, operation, lambda data: _with_palette(data, 0))


@fault(
    "image",
    chinese="图片是 PNG，调色板只有 2 种颜色，像素却用了更多。",
    source="an encoder that counts its colours wrongly; browsers show other colours",
)
def picture_with_a_short_palette(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG whose palette has fewer colours than its pixels use."""
    return repainted(answer, operation, lambda data: _with_palette(data, 2))


@fault(
    "image",
    chinese="图片是 BMP，缺少最后几行。",
    source="a buffer or column that is too small",
)
def picture_bmp_cut_off(answer: Answer, operation: Operation) -> Answer:
    """The picture is a BMP whose last rows are missing."""
    convert = as_format("BMP")
    return repainted(answer, operation, lambda data: convert(data)[:-1000])


@fault(
    "image",
    chinese="图片是 TIFF，浏览器不能显示。",
    source="a scanner, a fax, or the default of a drawing library",
)
def picture_tiff(answer: Answer, operation: Operation) -> Answer:
    """The picture is a TIFF, which browsers do not show."""
    return repainted(answer, operation, as_format("TIFF"))


def _svg(data: bytes) -> bytes:
    text = f"{zlib.crc32(data):08X}"[:4]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="125" height="45">'
        f'<text x="20" y="32" font-size="30">{text}</text></svg>'
    ).encode()


def _with_palette(data: bytes, colours: int) -> bytes:
    """Write a PNG of 16 colours with so many of them in its palette."""
    whole = saved(Image.open(io.BytesIO(data)).quantize(16), "PNG", bits=8)
    start = whole.index(b"PLTE") - 4
    length = struct.unpack_from(">I", whole, start)[0]
    body = b"PLTE" + whole[start + 8 : start + 8 + 3 * colours]
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return whole[:start] + (chunk if colours else b"") + whole[start + 12 + length :]
