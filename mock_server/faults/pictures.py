"""Faults of 图片base64 as a picture: the bytes of the file, and what they show."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from contract.findings import Level
from contract.spec.operations import Operation
from mock_server.answer_editing import (
    Answer,
    as_format,
    picture_bytes,
    repainted,
    saved,
    the_picture,
    with_value,
)
from mock_server.faults.fault import fault

# The bytes


@fault(
    "image",
    chinese="图片只有 data: URI 前缀，后面没有内容。",
    source="a drawing service that answers with no bytes",
)
def picture_empty(answer: Answer, operation: Operation) -> Answer:
    """The picture is a data: URI without any bytes."""
    return with_value(answer, the_picture(operation), lambda value: picture_bytes(value)[0])


@fault(
    "image",
    chinese="图片的字节是一段文本。",
    source="a service that encodes an error message",
)
def picture_a_text(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes are text."""
    return repainted(answer, operation, lambda _: b"no image")


@fault(
    "image",
    chinese="图片的字节是一个 HTML 页面：绘图服务返回的错误页。",
    source="a service that does not check the status of the drawing service",
)
def picture_a_page(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes are an HTML page: what the drawing service answered instead."""
    return repainted(answer, operation, lambda _: b"<html><h1>502 Bad Gateway</h1></html>")


@fault(
    "image",
    chinese="图片只有文件头和各种表，没有像素数据。",
    source="a write that was interrupted",
)
def picture_header_only(answer: Answer, operation: Operation) -> Answer:
    """The picture has its headers and tables, but no pixels."""
    return repainted(answer, operation, lambda data: data[: data.index(b"\xff\xda")])


@fault(
    "image",
    chinese="图片末尾缺少一段字节。",
    source="a buffer or column that is too small",
)
def picture_cut_off(answer: Answer, operation: Operation) -> Answer:
    """The picture's last bytes are missing."""
    return repainted(answer, operation, lambda data: data[:-300])


@fault(
    "image",
    chinese="图片缺少最后两个字节，即结束标记。",
    source="ITU T.81 §B.2.1: EOI ends a JPEG; a stream that was not flushed",
)
def picture_without_end_marker(answer: Answer, operation: Operation) -> Answer:
    """The picture's last two bytes are missing, its end marker."""
    return repainted(answer, operation, lambda data: data[:-2])


@fault(
    "image",
    chinese="图片的扫描数据提前结束，但有结束标记：浏览器下半部分显示灰色。",
    source="an encoder that was interrupted; browsers show grey without an error",
)
def picture_half_grey(answer: Answer, operation: Operation) -> Answer:
    """The picture's scan stops early, though its end marker is there: browsers show grey."""
    return repainted(answer, operation, lambda data: data[:-402] + data[-2:])


@fault(
    "image",
    chinese="图片字节途中被当作 UTF-8 读取，无法识别的字节被替换。",
    source="a proxy or log that treats bytes as text",
)
def picture_through_a_text(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes were read as UTF-8 on their way, and invalid ones replaced."""
    return repainted(answer, operation, lambda data: data.decode("utf-8", "replace").encode())


@fault(
    "image",
    chinese="图片是 PNG，传输途中有一位被改变。",
    source="a faulty memory or disk; PNG's CRC detects it",
)
def picture_with_a_flipped_bit(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG with one bit changed on its way."""
    convert = as_format("PNG")

    def flipped(data: bytes) -> bytes:
        whole = convert(data)
        middle = len(whole) // 2
        return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]

    return repainted(answer, operation, flipped)


# The picture


@fault(
    "label",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 PNG，data: URI 却写 image/jpg。",
    source="a prefix that is a constant of the service",
)
def picture_png_labelled_jpg(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG though its data: URI says image/jpg."""
    return repainted(answer, operation, as_format("PNG"))


@fault(
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 PNG，前缀也如实写明。",
    source="a captcha library that draws PNG",
)
def picture_png(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG and says so."""
    return repainted(answer, operation, as_format("PNG"), "data:image/png;base64,")


@fault(
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 GIF，前缀也如实写明。",
    source="a captcha library that draws GIF",
)
def picture_gif(answer: Answer, operation: Operation) -> Answer:
    """The picture is a GIF and says so."""
    return repainted(answer, operation, as_format("GIF"), "data:image/gif;base64,")


@fault(
    "pattern",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片是 WebP，前缀也如实写明。",
    source="a content delivery network that converts pictures",
)
def picture_webp(answer: Answer, operation: Operation) -> Answer:
    """The picture is a WebP and says so."""
    return repainted(answer, operation, as_format("WEBP"), "data:image/webp;base64,")


@fault(
    "drawn",
    "x-image",
    level=Level.SAMPLE,
    chinese="图片只有 1×1 像素，每次颜色不同。",
    source="a placeholder that was left in",
)
def picture_of_one_pixel(answer: Answer, operation: Operation) -> Answer:
    """The picture is 1×1, of another colour each time."""

    def pixel(data: bytes) -> bytes:
        colour = struct.unpack("4B", struct.pack(">I", zlib.crc32(data)))[:3]
        return saved(Image.new("RGB", (1, 1), colour), "JPEG", quality=100, subsampling=0)

    return repainted(answer, operation, pixel)


@fault(
    "x-image",
    level=Level.SAMPLE,
    chinese="图片的宽和高都是样例的两倍。",
    source="a drawing service for high-resolution screens",
)
def picture_twice_as_large(answer: Answer, operation: Operation) -> Answer:
    """The picture is twice as wide and twice as high as the sample's."""

    def enlarged(data: bytes) -> bytes:
        image = Image.open(io.BytesIO(data))
        return saved(image.resize((image.width * 2, image.height * 2)), "JPEG")

    return repainted(answer, operation, enlarged)


@fault(
    "x-image",
    level=Level.SAMPLE,
    chinese="图片的宽和高颠倒了。",
    source="a call with its arguments exchanged",
)
def picture_upright(answer: Answer, operation: Operation) -> Answer:
    """The picture's width and height are exchanged."""

    def turned(data: bytes) -> bytes:
        return saved(Image.open(io.BytesIO(data)).transpose(Image.Transpose.ROTATE_90), "JPEG")

    return repainted(answer, operation, turned)
