"""Faults of 图片base64 as a burden: files that are small, and pictures that are not.

Only their headers are written: a budget that is counted before anything is decoded needs no more.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, repainted
from mock_server.faults.fault import fault


@fault(
    inconclusive="too-large",
    chinese="图片文件有 5 MB，大部分在图片结尾之后。",
    source="a buffer that is sent to its full length",
)
def picture_of_5_megabytes(answer: Answer, operation: Operation) -> Answer:
    """The picture's file has 5 MB, most of it after the end of the picture."""
    return repainted(answer, operation, lambda data: data.ljust(5_000_000, b"\0"))


@fault(
    inconclusive="too-large",
    chinese="图片是 50 kB 的 PNG，解码后有 20,000×20,000 像素。",
    source="an attacker: a decompression bomb",
)
def picture_bomb(answer: Answer, operation: Operation) -> Answer:
    """The picture is a PNG of 50 kB that decodes to 20,000×20,000 pixels."""
    return repainted(answer, operation, lambda _: _bomb(20_000))


@fault(
    inconclusive="too-large",
    chinese="图片是 38 字节的 WebP，解码后有 16,000×1,560 像素。",
    source="an attacker; libwebp holds three canvases of that size",
)
def picture_webp_bomb(answer: Answer, operation: Operation) -> Answer:
    """The picture is a WebP of 38 bytes that decodes to 16,000×1,560 pixels."""
    bits = (16_000 - 1) | (1_560 - 1) << 14
    chunk = b"VP8L" + struct.pack("<IBI", 18, 0x2F, bits).ljust(22, b"\0")
    file = b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk
    return repainted(answer, operation, lambda _: file)


@fault(
    inconclusive="too-large",
    chinese="图片是渐进式 JPEG，5,000×5,000 像素，有 100 次扫描。",
    source="an attacker: each scan is a pass over all pixels",
)
def picture_of_100_scans(answer: Answer, operation: Operation) -> Answer:
    """The picture is a progressive JPEG of 5,000×5,000 pixels in 100 scans."""

    def scanned(data: bytes) -> bytes:
        tables = data[: data.index(b"\xff\xc0")]
        frame = b"\xff\xc2" + struct.pack(">HBHHBBBB", 11, 8, 5_000, 5_000, 1, 1, 0x11, 0)
        scan = b"\xff\xda\0\x08\1\1\0\0\0\0" + b"\0"
        return tables + frame + scan * 100 + data[-2:]

    return repainted(answer, operation, scanned)


@fault(
    inconclusive="too-large",
    chinese="图片是 GIF 动画，画布 2,000×2,000，有 99 帧，每帧只有一个像素。",
    source="an attacker: each frame is drawn on the whole canvas",
)
def picture_of_99_frames(answer: Answer, operation: Operation) -> Answer:
    """The picture is a GIF of 99 frames of one pixel each, on a canvas of 2,000×2,000."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 2_000, 2_000, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0"
    return repainted(answer, operation, lambda _: screen + frame * 99 + b";")


@fault(
    inconclusive="too-large",
    chinese="图片是 PNG 动画，声明有四十亿帧。",
    source="an attacker",
)
def picture_of_countless_frames(answer: Answer, operation: Operation) -> Answer:
    """The picture is an animated PNG that announces four billion frames."""
    header = struct.pack(">IIBBBBB", 9, 9, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"acTL", b"\xff" * 8), (b"IDAT", zlib.compress(bytes(27))))
    return repainted(answer, operation, lambda _: _png((*parts, (b"IEND", b""))))


@fault(
    inconclusive="too-large",
    chinese="图片是 SVG，其中的实体层层引用，展开后有数十亿字符。",
    source="an attacker: a billion laughs",
)
def picture_of_a_billion_laughs(answer: Answer, operation: Operation) -> Answer:
    """The picture is an SVG whose entities name each other, and expand to two billion letters."""
    inner = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    text = (
        f'<!DOCTYPE svg [<!ENTITY l0 "ha">{inner}]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>'
    )
    return repainted(answer, operation, lambda _: text.encode())


@lru_cache(maxsize=1)
def _bomb(side: int) -> bytes:
    """Write a white square, one bit for each pixel, in the memory that its file takes."""
    row = b"\0" + b"\xff" * (side // 8)
    deflate = zlib.compressobj(9)
    rows = b"".join(deflate.compress(row) for _ in range(side)) + deflate.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return _png(((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")))


def _png(parts: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
