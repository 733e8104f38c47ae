"""Faults of 图片base64: the text, the bytes that it carries, the picture that they hold."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from functools import lru_cache

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

# The text


@fault("image")
def picture_no_base64(answer: Answer, operation: Operation) -> Answer:
    """The picture is text with characters that base64 lacks."""
    return with_value(answer, the_picture(operation), lambda value: str(value)[:60] + "图片!*")


@fault("image")
def picture_url_safe(answer: Answer, operation: Operation) -> Answer:
    """The picture is encoded in the URL-safe alphabet, which no browser decodes."""

    def url_safe(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + base64.urlsafe_b64encode(data).decode("ascii")

    return with_value(answer, the_picture(operation), url_safe)


@fault("image")
def picture_in_hexadecimal(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes are written in hexadecimal."""

    def hexadecimal(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + data.hex()

    return with_value(answer, the_picture(operation), hexadecimal)


@fault("image")
def picture_percent_encoded(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 is percent-encoded, as for a URL."""

    def percent(value: object) -> str:
        prefix, data = picture_bytes(value)
        text = base64.b64encode(data + b"\xff\xff\xff").decode("ascii")
        return prefix + text.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")

    return with_value(answer, the_picture(operation), percent)


@fault("image", "pattern")
def picture_an_address(answer: Answer, operation: Operation) -> Answer:
    """The row holds the address of a picture, not the picture."""
    return with_value(answer, the_picture(operation), lambda _: "https://example.com/captcha.jpg")


@fault("image", "pattern")
def picture_label_without_base64(answer: Answer, operation: Operation) -> Answer:
    """The picture's data: URI lacks its ;base64."""
    return repainted(answer, operation, bytes, prefix="data:image/jpg,")


@fault("image")
def picture_encoded_twice(answer: Answer, operation: Operation) -> Answer:
    """The picture is encoded in base64 twice."""
    return repainted(answer, operation, base64.b64encode)


@fault("base64", level=Level.SAMPLE)
def picture_in_lines(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 is broken into lines of 76 characters, as mail does."""

    def in_lines(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + base64.encodebytes(data).decode("ascii").strip()

    return with_value(answer, the_picture(operation), in_lines)


@fault("base64", level=Level.SAMPLE)
def picture_with_line_break(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 ends in a line break."""
    return with_value(answer, the_picture(operation), lambda value: f"{value}\r\n")


@fault("base64", level=Level.SAMPLE)
def picture_unpadded(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 comes without its padding."""

    def unpadded(value: object) -> str:
        prefix, data = picture_bytes(value)
        # A trailing byte behind the end marker makes padding necessary, whatever the length was.
        filled = data + b"\0" * (1 if len(data) % 3 == 0 else 0)
        return prefix + base64.b64encode(filled).decode("ascii").rstrip("=")

    return with_value(answer, the_picture(operation), unpadded)


@fault("label", "pattern", level=Level.SAMPLE)
def picture_labelled_png(answer: Answer, operation: Operation) -> Answer:
    """The picture is a JPEG, but its data: URI says image/png."""
    return repainted(answer, operation, bytes, prefix="data:image/png;base64,")


@fault("pattern", level=Level.SAMPLE)
def picture_labelled_jpeg(answer: Answer, operation: Operation) -> Answer:
    """The picture's data: URI says image/jpeg, where the sample says image/jpg."""
    return repainted(answer, operation, bytes, prefix="data:image/jpeg;base64,")


@fault("pattern", level=Level.SAMPLE)
def picture_bare(answer: Answer, operation: Operation) -> Answer:
    """The picture comes without the data: URI prefix."""
    return repainted(answer, operation, bytes, prefix="")


# The bytes


@fault("image")
def picture_empty(answer: Answer, operation: Operation) -> Answer:
    """The picture is a data: URI without a byte behind it."""
    return with_value(answer, the_picture(operation), lambda value: picture_bytes(value)[0])


@fault("image")
def picture_a_text(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes are a text."""
    return repainted(answer, operation, lambda _: b"no image")


@fault("image")
def picture_a_page(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes are an HTML page: what the drawing service answered instead."""
    return repainted(answer, operation, lambda _: b"<html><h1>502 Bad Gateway</h1></html>")


@fault("image")
def picture_svg(answer: Answer, operation: Operation) -> Answer:
    """The picture is an SVG: text that a browser draws, and a program reads as well."""
    return repainted(answer, operation, lambda _: b'<svg xmlns="http://www.w3.org/2000/svg"/>')


@fault("image")
def picture_header_only(answer: Answer, operation: Operation) -> Answer:
    """The picture's tables are there, but not a pixel."""
    return repainted(answer, operation, lambda data: data[: data.index(b"\xff\xda")])


@fault("image")
def picture_cut_off(answer: Answer, operation: Operation) -> Answer:
    """The picture's last bytes are missing."""
    return repainted(answer, operation, lambda data: data[:-300])


@fault("image")
def picture_without_end_marker(answer: Answer, operation: Operation) -> Answer:
    """The picture's last two bytes are missing, its end marker."""
    return repainted(answer, operation, lambda data: data[:-2])


@fault("image")
def picture_half_grey(answer: Answer, operation: Operation) -> Answer:
    """The picture's scan stops early, though its end marker is there: browsers show grey."""
    return repainted(answer, operation, lambda data: data[:-402] + data[-2:])


@fault("image")
def picture_through_a_text(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes were read as UTF-8 on their way; what is none was replaced."""
    return repainted(answer, operation, lambda data: data.decode("utf-8", "replace").encode())


@fault("image")
def picture_with_a_flipped_bit(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG, one bit of which was changed on its way."""
    convert = as_format("PNG")

    def flipped(data: bytes) -> bytes:
        whole = convert(data)
        middle = len(whole) // 2
        return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]

    return repainted(answer, operation, flipped)


# The picture


@fault("label", "x-image", level=Level.SAMPLE)
def picture_png_labelled_jpg(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG though its data: URI says image/jpg."""
    return repainted(answer, operation, as_format("PNG"))


@fault("pattern", "x-image", level=Level.SAMPLE)
def picture_png(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG and says so."""
    return repainted(answer, operation, as_format("PNG"), "data:image/png;base64,")


@fault("pattern", "x-image", level=Level.SAMPLE)
def picture_gif(answer: Answer, operation: Operation) -> Answer:
    """The picture is a GIF and says so."""
    return repainted(answer, operation, as_format("GIF"), "data:image/gif;base64,")


@fault("pattern", "x-image", level=Level.SAMPLE)
def picture_webp(answer: Answer, operation: Operation) -> Answer:
    """The picture is a WebP and says so."""
    return repainted(answer, operation, as_format("WEBP"), "data:image/webp;base64,")


@fault("x-image", level=Level.SAMPLE)
def picture_of_one_pixel(answer: Answer, operation: Operation) -> Answer:
    """The picture is 1×1, of another colour each time."""

    def pixel(data: bytes) -> bytes:
        colour = struct.unpack("4B", struct.pack(">I", zlib.crc32(data)))[:3]
        return saved(Image.new("RGB", (1, 1), colour), "JPEG", quality=100, subsampling=0)

    return repainted(answer, operation, pixel)


@fault("x-image", level=Level.SAMPLE)
def picture_twice_as_large(answer: Answer, operation: Operation) -> Answer:
    """The picture is twice as wide and twice as high as the sample's."""

    def enlarged(data: bytes) -> bytes:
        image = Image.open(io.BytesIO(data))
        return saved(image.resize((image.width * 2, image.height * 2)), "JPEG")

    return repainted(answer, operation, enlarged)


@fault("x-image", level=Level.SAMPLE)
def picture_upright(answer: Answer, operation: Operation) -> Answer:
    """The picture's width and height are exchanged."""

    def turned(data: bytes) -> bytes:
        return saved(Image.open(io.BytesIO(data)).transpose(Image.Transpose.ROTATE_90), "JPEG")

    return repainted(answer, operation, turned)


@fault(inconclusive="too-large")
def picture_of_5_megabytes(answer: Answer, operation: Operation) -> Answer:
    """The picture's file has 5 MB, most of them behind its end."""
    return repainted(answer, operation, lambda data: data.ljust(5_000_000, b"\0"))


@fault(inconclusive="too-large")
def picture_bomb(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG of 50 kB that decodes to 20,000×20,000 pixels."""
    return repainted(answer, operation, lambda _: _bomb(20_000))


@lru_cache(maxsize=1)
def _bomb(side: int) -> bytes:
    """Write a white square, one bit for each pixel, in the memory that its file takes."""
    row = b"\0" + b"\xff" * (side // 8)
    deflate = zlib.compressobj(9)
    rows = b"".join(deflate.compress(row) for _ in range(side)) + deflate.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
