"""A 图片base64 value is read strictly: nothing cut passes, nothing whole is refused."""

from __future__ import annotations

import base64
import json
import random
import re
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from itertools import product

import pytest
from PIL import Image, ImageFile

from contract.pictures import image
from contract.pictures.image_formats import jpeg
from contract.pictures.image_formats import png as png_format

pytestmark = pytest.mark.filterwarnings("error")  # Pillow warns of profiles: it must not see any

# The picture in the sample of getImgCode.md, byte for byte: a JPEG by Java ImageIO, 125×45.
SAMPLE = (
    "data:image/jpg;base64,/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw"
    "8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMj"
    "IyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAtAH0DASIAAhEBAxEB/8QAHw"
    "AAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhBy"
    "JxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3"
    "R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5u"
    "fo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQ"
    "J3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSE"
    "lKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExc"
    "bHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD3+iiq16t60P8AoMsEcgBP76MuG9"
    "Bwwx9eaaVxN2VyzRWNYHUdQsYrkaiibx8yC2AKMOCpyx5BBH4VHfztp0Ze712ZP9mOGPJ/AqfQ05LlbUugoSlUty"
    "Rbv6f5m7RXKWPjO1lmhtmSdtxC+bLtBJJxyAAPyqx4h8Tro0EFzGFmidQ7DOMg/dA9zkn6K1Ze0ja9zatSqUFeqr"
    "ep0dFcbZfEXTbiDM0bxzZICgjBwuS2TjA7evtVu48XpI/k6ZbNcy4J5V+nYgKpJB9eBx1oVSLV0zBVYNXTOnormf"
    "EXixNAs4VdVe+lUHy/T14ySKw9O8caijxNqUKJE6kgsu0MOGyD67W4HcjHek6sE+VsmVaEZcrep6FRTUdZE3Icqe"
    "9Z1/r1jp5KySF5P7iDJ/wp1KkKceabsvM3jCU3aKuzTorN03W7bU3ZIchhzhvTj/GtKinUhUjzQd0E4Sg7SVmFFF"
    "FWSFZ+rSX8VsrWELyNuy2wqWA9lbAb6ZB9K0KKqMuV3sJq6OETxS+lXV3BJCC9xmZECMjRvjDZR+QDweNwPzEE9o"
    "vD9jB4gup7vUJ1lVACY92MZyee4xWv49gjm0GPzIkcLOv3lzjhq5TT/Dmoa1bRLaz+VBCuB5+WHf7rfeH5kD0qqs"
    "6FaaUk07fI7sJCtQw0qkWrN2v1XXT/AIGp1k+i+HruZViuI4tqgKIXH1znvxWB44Rree0soZZFRI12nPILOy/lty"
    "MelZGpWl94blQXUbIrcBy3mRn6MMEdB95RS+KL0anaWcqqYi0Q+cuJEYAkghlz3Yjn2zisqmHmotxV/Q5cdU5qS5"
    "ZuS89zpNO8J6ZrWhWsrK0UoA+ZVXkDIAOAMjILfU8k4qa38HNpiyyrqHlRO2+fLOAVGTyVZdx5PJ4Hoa5XSZfGGm"
    "2Ub2bu9oRlAxV0I64B5x0PHrkda3tBvNS8TXrWustttljJMSgASnjgg9R3BH51hFxe8bM4oSjK3u2ZnWVuL7xeb7"
    "UU375W8tWYYAUAjPUY5Ax710njC3tktYSgSORnVCy9VXa4yB06ZFc7rnh3W9P1P7RYM00GcgZBAz1+X8Ow7Cs7Uk"
    "1+a1+236kNgA7wFzknGB9GNRzcqacWRz8iknFnUaHdXd74X+zWQd54wgLbgBtK4GM+yj8zWhp/hpDbyT6ouZ2y3L"
    "fd+uDg1T+HiOthcs2MZSMYYHJVcHp25HPvW9q1rqV4fKtZ0igKfNnqTzkflioq4anUSqzjzNLRdP8Ahz0cLXnGmo"
    "J2vuzn9Ds3TxIxhJMEMjqT6jaQK7WuKW6ufDt6sDuhQ9cDqOgzXaKwdQynKkZBrLK1GNOUErNN3Xa/byOnG3lNSv"
    "dNaP0Fooor0ziCiiigDN12w/tHSZ4BnftJUDu2OP1rC8La1a21ibO5kETxnI3nAA7/AK5P4119YeoeFdO1CczOrR"
    "sxJbyzjPFZyi780TsoVqfs3RrXs9dOjOf1vUE8Q6pb2VkGeJT8x7H/AA6dfeqPj/QrSx0u2uIESOY/LKyfK0jcHc"
    "R0bvkHnoR0NdzpeiWWkoRbx/ORhpG5JqxfWNvqVnJa3UYeJxyD1B7EehFEVNJu+rMcbOnXpqlTVora+9+5xPh6zv"
    "ho8V3aR+dGcHdayeVKCAOqPmOQ5HU7c9e9bNnrLRzi3aKKWbnEJT7Nce+EfhvqrYroLW0t7KHyraFIo852IMAH6U"
    "l1Z219AYbu3iniP8EiBh+tdir8ytUV/wCv62scihKK0f8AX9ep53qPinU9I1qaKKN5LfAKrcrIGUdeVZueSee/AG"
    "BxVPVPEd3rW2IxyxvGqjkcRcfMW4GWP4AZ4GcGvSpNIsJbRLWW1jliQYUSjeR+LZNRRaBpcKoqWibExtU5IyCTk5"
    "69e+a5KlNO/I3bsQ6U3dc2jMPQIp9M8N+fb27Er9xZBguucsx9C3YZ4+X050dO8TW1xBuu2SCQdRzg/T8K3CARgj"
    "IrEu/C1jdSmQF4t3UJ61zV44mLi8O1bqn+dzuw6oKPJUv5NGLcufEGuBIFzCCPmxxwO/45rtUUIioowqjAFV7PT7"
    "Wwj8u2iCA9T1J/GrNPCYeVJSlUd5Sd329EVXrKpZRVktEFFFFdZzn/2Q=="
)
JPEG = base64.b64decode(SAMPLE.partition(",")[2])
END = b"\xff\xd9"
DRAWING = Image.open(BytesIO(JPEG)).convert("RGB")
SMALL = DRAWING.resize((31, 11))
GREY_16 = Image.frombytes("I;16", (5, 3), bytes(range(30)))


def saved(drawing: Image.Image, name: str, **options: object) -> bytes:
    file = BytesIO()
    drawing.save(file, name, **options)
    return file.getvalue()


def animated(name: str, **options: object) -> bytes:
    first, *others = (SMALL.rotate(angle, fillcolor="white") for angle in (0, 10, 20))
    return saved(first, name, save_all=True, append_images=others, **options)


def chunk(kind: bytes, payload: bytes) -> bytes:
    checksum = zlib.crc32(kind + payload)
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", checksum)


def png(width: int, height: int, *chunks: bytes, kind: str = "0800000000") -> bytes:
    """Put a PNG together; `kind` is the end of its header: depth, colour … interlacing."""
    header = chunk(b"IHDR", struct.pack(">II", width, height) + bytes.fromhex(kind))
    return b"".join((b"\x89PNG\r\n\x1a\n", header, *chunks, chunk(b"IEND", b"")))


def idat(rows: bytes) -> bytes:
    return chunk(b"IDAT", zlib.compress(rows, 1))


def gif(width: int, height: int, codes: bytes, *, frames: int = 1, screen: int = 0) -> bytes:
    """Put a GIF together, with a palette of four colours."""
    frame = struct.pack("<cHHHHBBB", b",", 0, 0, width, height, 0, 2, len(codes)) + codes + b"\0"
    head = b"GIF89a" + struct.pack("<HHB2x", screen, screen, 0x81) + bytes(range(12))
    return head + frame * frames + b";"


def bmp(width: int, height: int, runs: bytes, *, packing: int = 1, offset: int = 1078) -> bytes:
    """Put a run-length encoded BMP of grey pixels together."""
    header = struct.pack(
        "<IiiHHI12xI4x", 40, width, height, 1, 4 if packing == 2 else 8, packing, 256
    )
    return b"BM" + struct.pack("<8xI", offset) + header + bytes(range(256)) * 4 + runs


def webp(kind: bytes, payload: bytes) -> bytes:
    """Put a WebP of one chunk together, with sizes that are right."""
    body = b"WEBP" + kind + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mirror(bmp_file: bytes) -> bytes:
    """Turn the rows of a BMP around: a negative height says that the first one is on top."""
    return (
        bmp_file[:22]
        + struct.pack("<i", -struct.unpack_from("<i", bmp_file, 22)[0])
        + bmp_file[26:]
    )


ROWS = b"\0abc\0def"  # of a grey PNG, 3×2
HEADER = b"\0\0\0\3\0\0\0\2\x08\0\0\0\0"
PACKED = zlib.compress(ROWS)
INTERLACED = b"\0a\0b\0cc\0dddd" + b"\0eee" * 2 + b"\0fffffff" * 2  # 7×4, pass by pass
LOSSLESS = saved(SMALL, "WEBP", lossless=True)
LOSSY = saved(SMALL, "WEBP")

JPEGS = {
    "sample": JPEG,
    **{
        f"jpeg-{mode}-{'progressive' if progressive else 'baseline'}-restart{restart}": saved(
            SMALL.convert(mode), "JPEG", progressive=progressive, restart_marker_blocks=restart
        )
        for mode, progressive, restart in product(("RGB", "L", "CMYK"), (False, True), (0, 2))
    },
    **{
        f"jpeg-{sampling}": saved(SMALL, "JPEG", subsampling=sampling, optimize=True)
        for sampling in ("4:4:4", "4:2:2", "4:1:1")
    },
    "jpeg-rgb": saved(SMALL, "JPEG", keep_rgb=True),
    "jpeg-broken-exif": saved(SMALL, "JPEG", exif=b"Exif\0\0MM\0*" + b"x" * 40, comment=b"x"),
    "jpeg-broken-mpo": JPEG[:20] + b"\xff\xe2\0\x0cMPF\0II*\0\xff\xff" + JPEG[20:],
}
PNGS = {
    **{
        f"png-{mode}": saved(SMALL.convert(mode), "PNG")
        for mode in ("RGB", "RGBA", "L", "LA", "P", "1")
    },
    **{
        f"png-P{bits}": saved(SMALL.quantize(1 << bits), "PNG", bits=bits, transparency=0)
        for bits in (1, 2, 4)
    },
    "png-16": saved(GREY_16, "PNG"),
    "png-interlaced": png(7, 4, idat(INTERLACED), kind="0800000001"),
    "png-interlaced-dot": png(1, 1, idat(b"\0a"), kind="0800000001"),
    "png-in-parts": png(
        3, 2, chunk(b"IDAT", PACKED[:9]), chunk(b"IDAT", b""), chunk(b"IDAT", PACKED[9:])
    ),
    "png-broken-profile": png(3, 2, chunk(b"iCCP", b"x\0\1x"), chunk(b"eXIf", b"MM"), idat(ROWS)),
}
GIFS = {
    **{
        f"gif-{mode}-{'interlaced' if interlace else 'plain'}": saved(
            SMALL.convert(mode), "GIF", interlace=interlace
        )
        for mode, interlace in product(("RGB", "RGBA", "L", "1"), (0, 1))
    },
    "gif-full-table": saved(Image.effect_noise((120, 90), 90), "GIF"),
    "gif-dot": gif(1, 1, b"\x44\x01", screen=1),
    "gif-without-screen": gif(1, 1, b"\x44\x01"),
}
WEBPS = {
    "webp": LOSSY,
    "webp-lossless": LOSSLESS,
    "webp-alpha": saved(SMALL.convert("RGBA").rotate(9), "WEBP"),
    "webp-extended": saved(SMALL, "WEBP", exif=b"Exif\0\0MM\0*xx", icc_profile=b"x"),
}
BMPS = {
    **{f"bmp-{mode}": saved(SMALL.convert(mode), "BMP") for mode in ("RGB", "RGBA", "L", "P", "1")},
    "bmp-from-top": mirror(saved(SMALL, "BMP")),
    "bmp-runs": bmp(3, 2, b"\0\3abc\0\0\0\3\7\0\1"),
    "bmp-runs-of-4-bits": bmp(3, 2, b"\3\x77\0\0\0\3\x12\x30\0\1", packing=2),
    "bmp-runs-with-gap": bmp(9, 2, b"\1\7\0\2\2\1\6\7\0\1"),
}
ANIMATIONS = {
    "gif-animated": animated("GIF"),
    "gif-animated-disposal": animated("GIF", disposal=2),
    "webp-animated": animated("WEBP"),
    "png-animated": animated("PNG"),
    "png-animated-behind-still": animated("PNG", default_image=True),
}
WHOLE = JPEGS | PNGS | GIFS | WEBPS | BMPS | ANIMATIONS


def cases(pictures: dict[str, bytes]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("data", pictures.values(), ids=pictures.keys())


def verdict(data: bytes) -> str:
    """Say "Picture" or which of the two exceptions it was; another one is a traceback."""
    try:
        return type(image.read(data)).__name__
    except (image.NotAnImage, image.TooLarge) as error:
        return type(error).__name__


def accepted(files: list[bytes]) -> list[int]:
    return [number for number, file in enumerate(files) if verdict(file) == "Picture"]


# The text


def test_the_documented_sample_is_read() -> None:
    encoded = image.decode(SAMPLE)
    picture = image.read(encoded.data)
    assert (encoded.label, encoded.untidy, picture.media_type, picture.width, picture.height) == (
        "image/jpg",
        (),
        "image/jpeg",
        125,
        45,
    )


@pytest.mark.parametrize(
    ("text", "label", "untidy"),
    [
        ("AAEC/w==", None, ()),
        ("data:image/png;base64,AAEC/w==", "image/png", ()),
        ("DATA:image/png;a=b;BASE64,AAEC/w==", "image/png;a=b", ()),
        ("data:;base64,AAEC/w==", "", ()),
        ("AAEC\r\n/w==\n", None, ("line breaks",)),
        ("data:image/png;base64, AAEC/w==", "image/png", ("white space",)),
        ("data:image/png; base64,AAEC/w==", "image/png", ("white space",)),
        (" AAEC\t/w= =", None, ("white space",)),
        ("AAEC/w", None, ("no padding",)),
        ("AAEC/x==", None, ("non-zero trailing bits",)),
        ("\nAAEC /x", None, ("line breaks", "white space", "no padding", "non-zero trailing bits")),
    ],
)
def test_base64_is_decoded_and_its_departures_are_named(
    text: str, label: str | None, untidy: tuple[str, ...]
) -> None:
    assert image.decode(text) == image.Encoded(label, b"\0\1\2\xff", untidy)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("====", "empty"),
        ("data:image/png;base64,", "a data: URI that carries nothing"),
        ("data:image/png;base64", "a data: URI without a comma"),
        ("data:image/png,AAEC", "a data: URI without ;base64"),
        ("data:base64,AAEC", "a data: URI without ;base64"),
        ("data:image/png;charset=utf-8,AAEC", "a data: URI without ;base64"),
        ("data:image/png;base64;charset=utf-8,AAEC", "a data: URI without ;base64"),
        ("data:image/png;base64x,AAEC", "a data: URI without ;base64"),
        ("data:image/png;,AAEC", "a data: URI without ;base64"),
        ("AA-C_w==", "the URL-safe alphabet: '-' at position 3"),
        ("data:image/png;base64,AAE_", "the URL-safe alphabet: '_' at position 26"),
        ("A-E.", "a foreign character: '.' at position 4"),
        (" \nAAE%3D", "a foreign character: '%' at position 6"),
        ("AAEC/w==AAEC", "a foreign character: '=' at position 7"),
        ("AAE\N{FULLWIDTH LATIN CAPITAL LETTER A}", r"a foreign character: '\uff21' at position 4"),
        ("AAE\ud800", r"a foreign character: '\ud800' at position 4"),
        ("AAEC\N{NO-BREAK SPACE}", r"a foreign character: '\xa0' at position 5"),
        ("AAEC\v", r"a foreign character: '\x0b' at position 5"),
        ("http://localhost/a.jpg", "a foreign character: ':' at position 5"),
        ("AAECA", "of an impossible length: 5 digits and 0 '='"),
        ("AAEC=", "of an impossible length: 4 digits and 1 '='"),
        ("AA=", "of an impossible length: 2 digits and 1 '='"),
        ("AA===", "of an impossible length: 2 digits and 3 '='"),
    ],
)
def test_what_is_no_base64_is_called_by_its_name(text: str, what: str) -> None:
    with pytest.raises(image.NotBase64) as caught:
        image.decode(text)
    assert str(caught.value) == what


@pytest.mark.parametrize(
    ("label", "same"),
    [
        ("image/jpeg", True),
        ("image/jpg", True),
        ("image/pjpeg", True),
        ("Image/JPG; q=1", True),
        (" image/jpeg", True),
        ("image/png", False),
        ("jpg", False),
        ("", False),
    ],
)
def test_a_label_may_be_another_name_for_the_media_type(label: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert image.same_media_type(label, "image/jpeg") is same


# What is whole


@cases(WHOLE)
def test_a_whole_picture_is_read(data: bytes) -> None:
    assert verdict(data) == "Picture"


@cases(WHOLE)
def test_bytes_behind_the_end_are_ignored(data: bytes) -> None:
    assert image.read(data + b"\0\0\r\n<html>") == image.read(data)


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        (saved(SMALL, "JPEG"), ("image/jpeg", 31, 11, 1)),
        (saved(SMALL, "PNG"), ("image/png", 31, 11, 1)),
        (LOSSY, ("image/webp", 31, 11, 1)),
        (LOSSLESS, ("image/webp", 31, 11, 1)),
        (saved(SMALL, "BMP"), ("image/bmp", 31, 11, 1)),
        (BMPS["bmp-from-top"], ("image/bmp", 31, 11, 1)),
        (ANIMATIONS["gif-animated"], ("image/gif", 31, 11, 3)),
        (ANIMATIONS["webp-animated"], ("image/webp", 31, 11, 3)),
        (ANIMATIONS["png-animated"], ("image/png", 31, 11, 3)),
        (ANIMATIONS["png-animated-behind-still"], ("image/png", 31, 11, 2)),
        (GIFS["gif-without-screen"], ("image/gif", 1, 1, 1)),
    ],
)
def test_a_picture_knows_its_media_type_size_and_frames(
    data: bytes, facts: tuple[str, int, int, int]
) -> None:
    picture = image.read(data)
    assert (picture.media_type, picture.width, picture.height, picture.frames) == facts


def test_two_encodings_of_the_same_pixels_have_the_same_digest() -> None:
    drawing = SMALL.quantize(9)
    files = (
        saved(drawing, "PNG"),
        saved(drawing.convert("RGBA"), "PNG", optimize=True),
        saved(drawing, "GIF"),
        saved(drawing, "BMP"),
        saved(drawing.convert("RGB"), "WEBP", lossless=True),
    )
    assert len({image.read(file).pixels for file in files}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (png(3, 2, idat(ROWS)), png(3, 2, idat(ROWS[:-1] + b"g"))),
        (png(6, 1, idat(b"\0abcdef")), png(3, 2, idat(ROWS))),
        (
            png(1, 1, idat(b"\0\x10\0"), kind="1000000000"),
            png(1, 1, idat(b"\0\x11\0"), kind="1000000000"),
        ),
        (gif(1, 1, b"\x44\x01"), gif(1, 1, b"\x44\x01", frames=2)),
        (
            saved(SMALL, "GIF", save_all=True, append_images=[SMALL.rotate(9)]),
            saved(SMALL, "GIF", save_all=True, append_images=[SMALL.rotate(8)]),
        ),
        (png(1, 300, idat(bytes(600))), png(1, 300, idat(bytes(599) + b"\1"))),
    ],
    ids=[
        "one pixel",
        "another shape",
        "16 bits",
        "one more frame",
        "the second frame",
        "the last of many rows",
    ],
)
def test_other_pixels_have_another_digest(one: bytes, other: bytes) -> None:
    assert image.read(one).pixels != image.read(other).pixels


# What is cut


@cases(WHOLE)
def test_a_picture_that_was_cut_is_refused(data: bytes) -> None:
    cut = [data[:size] for size in (*range(0, len(data), 3), len(data) - 1)]
    only_the_trailer = [
        number
        for number, file in enumerate(cut)
        if file.startswith(b"GIF") and verdict(file + b";") == "Picture"
    ]
    assert accepted(cut) == only_the_trailer


@cases(JPEGS)
def test_a_jpeg_that_was_cut_before_its_end_marker_is_refused(data: bytes) -> None:
    assert accepted([data[:size] + END for size in range(2, len(data) - 2)]) == []


def test_a_jpeg_without_its_last_restart_intervals_is_refused() -> None:
    data = saved(DRAWING, "JPEG", restart_marker_blocks=2)  # 12 of them; markers count to 8
    markers = [data.rindex(bytes((0xFF, marker))) for marker in range(0xD0, 0xD8)]
    assert accepted([data[:position] + END for position in markers]) == []


def test_a_jpeg_with_rows_that_were_never_sent_is_refused() -> None:
    position = JPEG.index(b"\xff\xc0") + 5
    taller = JPEG[:position] + struct.pack(">H", 64) + JPEG[position + 2 :]
    with pytest.raises(image.NotAnImage, match="a JPEG whose scan stops early"):
        image.read(taller)


def test_a_progressive_jpeg_without_its_last_scans_is_refused() -> None:
    data = JPEGS["jpeg-RGB-progressive-restart0"]
    with pytest.raises(image.NotAnImage, match="a JPEG whose last scans are missing"):
        image.read(data[: data.rindex(b"\xff\xda")] + END)


@cases({name: data for name, data in JPEGS.items() if "progressive" in name})
def test_a_progressive_jpeg_without_any_one_of_its_scans_is_refused(data: bytes) -> None:
    starts = [found.start() for found in re.finditer(b"\xff\xda", data)]
    scans = zip(starts, [*starts[1:], len(data) - 2], strict=True)

    without = [data[:start] + data[end:] for start, end in scans]

    assert len(without) > 5
    assert accepted(without) == []


def test_a_progressive_jpeg_whose_scans_leave_out_one_coefficient_is_refused() -> None:
    data = JPEGS["jpeg-L-progressive-restart0"]
    scans = re.compile(rb"(\xff\xda\0\x08\x01..[^\0])\x3f", re.DOTALL)  # to coefficient 63
    shorter, count = scans.subn(lambda found: found[1] + b"\x3e", data)

    assert count > 1
    with pytest.raises(image.NotAnImage, match="a JPEG whose last scans are missing"):
        image.read(shorter)


@pytest.mark.parametrize("marker", [*range(0xE0, 0xF0), 0xFE], ids=hex)
def test_a_decoder_sees_no_segment_of_a_jpeg_but_those_that_make_pixels(marker: int) -> None:
    more = JPEG[:20] + bytes((0xFF, marker, 0, 4)) + b"xy" + JPEG[20:]

    kept = jpeg.walk(more).files != jpeg.walk(JPEG).files

    assert kept == (marker in {0xE0, 0xEE})


@cases(
    {
        name: data
        for name, data in (PNGS | ANIMATIONS).items()
        if name.startswith("png") and name != "png-in-parts"
    }
)
def test_a_png_with_pixels_that_were_cut_but_checksums_that_fit_is_refused(data: bytes) -> None:
    start = max(data.rfind(b"IDAT"), data.rfind(b"fdAT")) - 4
    length, kind = struct.unpack_from(">I4s", data, start)
    pixels, rest = data[start + 8 : start + 8 + length], data[start + 12 + length :]
    needed = length - 4  # the stream's own checksum is no pixel
    cut = [data[:start] + chunk(kind, pixels[:size]) + rest for size in range(needed)]
    assert accepted(cut) == []


@cases(
    {
        "checksum": png(3, 2, chunk(b"IDAT", PACKED)[:-1] + b"x"),
        "no pixels": png(3, 2),
        "a header behind a comment": png(3, 2, idat(ROWS)).replace(
            chunk(b"IHDR", HEADER), chunk(b"tEXt", b"a\0b") + chunk(b"IHDR", HEADER)
        ),
        "no header": png(3, 2, idat(ROWS)).replace(chunk(b"IHDR", HEADER), b""),
        "two headers": png(3, 2, png(3, 2)[8:33], idat(ROWS)),
        "no palette": png(3, 2, idat(ROWS), kind="0803000000"),
        "a row too few": png(3, 3, idat(ROWS)),
        "an unknown filter": png(3, 2, idat(b"\0abc\5def")),
        "an unknown packing": png(3, 2, idat(ROWS), kind="0800010000"),
        "an unknown interlacing": png(3, 2, idat(ROWS), kind="0800000002"),
        "an unknown interlacing of its rows": png(7, 4, idat(INTERLACED), kind="0800000002"),
        "an unknown colour": png(3, 2, idat(ROWS), kind="0805000000"),
        "an unknown critical chunk": png(3, 2, chunk(b"CgBI", b""), idat(ROWS)),
        "pixels in two places": png(
            3, 2, chunk(b"IDAT", PACKED[:9]), chunk(b"tEXt", b"a\0b"), chunk(b"IDAT", PACKED[9:])
        ),
        "a frame outside": png(
            3,
            2,
            chunk(b"acTL", b"\0\0\0\1\0\0\0\0"),
            chunk(b"fcTL", struct.pack(">IIIII6x", 0, 3, 2, 0, 1)),
            idat(ROWS),
        ),
        "a frame too few": png(3, 2, chunk(b"acTL", bytes(3) + b"\2" + bytes(4)), idat(ROWS)),
    }
)
def test_a_png_that_is_not_in_order_is_refused(data: bytes) -> None:
    assert verdict(data) == "NotAnImage"


def animation(*chunks: bytes, frames: int) -> bytes:
    return png(3, 2, chunk(b"acTL", struct.pack(">II", frames, 0)), *chunks)


def frame(
    number: int = 0, *, size: tuple[int, int] = (3, 2), at: tuple[int, int] = (0, 0), ops: int = 0
) -> bytes:
    return chunk(b"fcTL", struct.pack(">IIIII4xH", number, *size, *at, ops))


def sent(number: int) -> bytes:
    return chunk(b"fdAT", struct.pack(">I", number) + PACKED)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (png(3, 2), "a PNG without pixels"),
        (png(3, 2, idat(ROWS), kind="0803000000"), "a PNG without its palette"),
        (png(3, 2, idat(ROWS), chunk(b"IDAT", b""))[:-12], "a PNG that stops before its end"),
        (png(3, 2, idat(ROWS))[:60], "a PNG that stops in a chunk (b'IDAT')"),
        (png(3, 2, chunk(b"IDAT", b"a")[:-1] + b"x"), "a PNG with a bad checksum (chunk b'IDAT')"),
        (png(3, 2, idat(ROWS), kind="0800000100"), "a PNG with a header that browsers refuse"),
        (png(3, 2, idat(ROWS), kind="0800010000"), "a PNG with a header that browsers refuse"),
        (png(3, 2, idat(ROWS), kind="0800000002"), "a PNG with a header that browsers refuse"),
        (png(3, 2, idat(ROWS[:-1])), "a PNG whose pixels stop early"),
        (png(3, 2, chunk(b"IDAT", PACKED[:-5])), "a PNG whose pixels lack their end"),
        (png(3, 2, idat(b"\5" + ROWS[1:])), "a PNG with a row that cannot be decoded"),
        (png(3, 2, idat(ROWS), frame(), idat(ROWS)), "a PNG with pixels in two places"),
        (
            animation(frame(), frame(1), idat(ROWS), sent(2), frames=2),
            "a PNG with pixels in two places",
        ),
        (animation(frame(), idat(ROWS), frames=2), "a PNG with 1 of its 2 animated frames"),
        (
            animation(frame(), idat(ROWS), frame(1), sent(2), frames=1),
            "a PNG with 2 of its 1 animated frames",
        ),
        (
            animation(frame(), idat(ROWS), frame(2), sent(1), frames=2),
            "a PNG whose animated frames are out of order",
        ),
        (
            animation(frame(ops=0x300), idat(ROWS), frames=1),
            "a PNG with a frame that browsers refuse",
        ),
        (animation(frame(ops=2), idat(ROWS), frames=1), "a PNG with a frame that browsers refuse"),
        (
            animation(frame(size=(0, 2)), idat(ROWS), frames=1),
            "a PNG with a frame outside of its canvas",
        ),
        (
            animation(frame(size=(2, 2), at=(2, 0)), idat(ROWS), frames=1),
            "a PNG with a frame outside of its canvas",
        ),
        (
            animation(frame(size=(3, 1), at=(0, 2)), idat(ROWS), frames=1),
            "a PNG with a frame outside of its canvas",
        ),
    ],
)
def test_what_a_png_lacks_is_called_by_its_name(data: bytes, what: str) -> None:
    with pytest.raises(image.NotAnImage, match=rf"^{re.escape(what)}$"):
        image.read(data)


@pytest.mark.parametrize(
    ("data", "frames"),
    [
        (png(3, 2, frame(), idat(ROWS), sent(1)), 1),
        (png(3, 2, idat(ROWS), chunk(b"acTL", struct.pack(">II", 1, 0))), 1),
        (animation(frame(), idat(ROWS), frame(1), sent(2), frames=2), 2),
        (animation(idat(ROWS), frame(), sent(1), frame(2), sent(3), frames=2), 2),
        (animation(idat(ROWS), *(frame(n) + sent(n + 1) for n in range(0, 198, 2)), frames=99), 99),
    ],
    ids=[
        "announced by none",
        "announced too late",
        "the first one is the still",
        "behind it",
        "99",
    ],
)
def test_a_png_moves_where_its_frames_are_announced_before_its_pixels(
    data: bytes, frames: int
) -> None:
    assert len(png_format.walk(data).files) == frames


def test_a_png_of_100_frames_beside_its_still_is_too_large() -> None:
    frames = (frame(number) + sent(number + 1) for number in range(0, 200, 2))
    assert verdict(animation(idat(ROWS), *frames, frames=100)) == "TooLarge"


def test_a_png_with_more_rows_than_it_needs_is_whole() -> None:
    assert verdict(png(3, 2, idat(ROWS + ROWS))) == "Picture"


@pytest.mark.parametrize(
    ("rows", "last_filter", "expected"),
    [
        (35, b"\0", "Picture"),  # the 35th of them goes beyond a piece, in which no row begins
        (36, b"\0", "Picture"),
        (35, b"\4", "Picture"),
        (35, b"\5", "NotAnImage"),
        (36, b"\5", "NotAnImage"),
        (70, b"\5", "NotAnImage"),
    ],
)
def test_a_png_that_is_inflated_in_pieces_is_judged_row_by_row(
    rows: int, last_filter: bytes, expected: str
) -> None:
    width = 30_000  # a row is no divisor of a piece
    pixels = bytes((rows - 1) * (width + 1)) + last_filter + bytes(width)

    assert verdict(png(width, rows, idat(pixels))) == expected


ADAM7 = (  # which pass sends each pixel of 8×8 (PNG, third edition, §8.2)
    "16462646",
    "77777777",
    "56565656",
    "77777777",
    "36463646",
    "77777777",
    "56565656",
    "77777777",
)


def rows_of(width: int, height: int, bits: int, *, interlaced: bool) -> list[int]:
    """Give the bytes of each row that a PNG sends, its filter aside."""
    sizes = []
    for number in "1234567" if interlaced else "1":
        for y in range(height):
            drawn = [ADAM7[y % 8][x % 8] if interlaced else "1" for x in range(width)]
            sizes += [-(-drawn.count(number) * bits // 8)] if number in drawn else []
    return sizes


SHAPES = [
    *((width, height, 8, True) for width, height in product(range(1, 10), repeat=2)),
    *((width, height, 8, True) for width, height in product(range(1, 10), range(10, 19))),
    *((width, height, 8, True) for width, height in product(range(10, 19), range(1, 10))),
    *((width, 3, bits, False) for width in (1, 7, 8, 9) for bits in (1, 2, 4, 8, 16)),
    *((width, 9, bits, True) for width in (5, 9, 17) for bits in (1, 2, 4, 16)),
]


def test_a_png_of_any_size_needs_every_byte_of_every_row() -> None:
    wrong = []
    for width, height, bits, interlaced in SHAPES:
        kind = f"{bits:02x}000000{interlaced:02x}"
        rows = [
            b"\0" + b"\xff" * size for size in rows_of(width, height, bits, interlaced=interlaced)
        ]
        whole = b"".join(rows)
        files = [
            whole,
            whole[:-1],
            *(whole[:-size] + b"\5" + whole[1 - size :] for size in map(len, rows[-1:])),
        ]
        found = [verdict(png(width, height, idat(data), kind=kind)) for data in files]
        if found != ["Picture", "NotAnImage", "NotAnImage"]:
            wrong.append((width, height, bits, interlaced, found))

    assert wrong == []


@pytest.mark.parametrize(("kind", "channels"), [("00", 1), ("02", 3), ("04", 2), ("06", 4)])
def test_a_png_has_as_many_channels_as_its_colour_needs(kind: str, channels: int) -> None:
    rows = (b"\0" + bytes(3 * channels)) * 2

    files = [png(3, 2, idat(data), kind=f"08{kind}000000") for data in (rows, rows[:-1])]

    assert accepted(files) == [0]


@cases(GIFS)
def test_a_gif_that_was_cut_before_its_trailer_is_refused(data: bytes) -> None:
    ends = (b";", b"\0;", b"\0\0;")
    cut = [data[:size] + end for size in range(6, len(data) - 4, 7) for end in ends]
    assert accepted(cut) == []


@cases(
    {
        "no frame": b"GIF89a\1\0\1\0\0\0\0;",
        "an end before the last pixel": gif(2, 1, b"\x44\x01"),
        "a code that was never made": gif(2, 1, b"\xfc"),
        "no pixels in the second frame": gif(1, 1, b"\x44\x01", frames=2)[:-4] + b"\x2c\1\0;",
        "colours of 60 bits": gif(1, 1, b"\x44\x01").replace(b"\2\2\x44", b"\x3c\2\x44"),
        "foreign bytes before its frame": gif(1, 1, b"\x44\x01").replace(b",", b"x,", 1),
    }
)
def test_a_gif_that_is_not_in_order_is_refused(data: bytes) -> None:
    assert verdict(data) == "NotAnImage"


@pytest.mark.parametrize(("kind", "data"), [(b"VP8 ", LOSSY), (b"VP8L", LOSSLESS)])
def test_a_webp_that_was_cut_but_has_sizes_that_fit_is_refused(kind: bytes, data: bytes) -> None:
    payload = data[20:].rstrip(b"\0")
    tolerated = 2  # libwebp takes the last bytes of a lossy picture for zeros
    cut = [webp(kind, payload[:size]) for size in range(len(payload) - tolerated)]
    assert accepted(cut) == []


def test_an_animated_webp_whose_second_frame_is_broken_is_refused() -> None:
    data = ANIMATIONS["webp-animated"]
    position = data.index(b"VP8 ", data.index(b"ANMF", data.index(b"ANMF") + 4))
    with pytest.raises(image.NotAnImage, match="a WEBP that does not decode"):
        image.read(data[: position + 11] + bytes(40) + data[position + 51 :])


@cases(
    {
        "the last row": bmp(3, 2, b"\3\7\0\0\0\1"),
        "the last pixel": bmp(3, 2, b"\3\7\0\0\2\7\0\1"),
        "room for its palette": bmp(3, 2, b"\3abc\3def", packing=0, offset=54),
    }
)
def test_a_bmp_that_lacks_something_is_refused(data: bytes) -> None:
    assert verdict(data) == "NotAnImage"


# What is something else


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"\n <!DOCTYPE html><p>", "HTML"),
        (b"<svg xmlns=''/>", "XML whose root is no svg of its namespace"),
        (b'{"code": "000"}', "JSON"),
        (b"/9j/4AAQSkZJRg", "base64 once more: it was encoded twice"),
        (b"\0\0\0\x1cftypheic", "HEIC"),
        (b"\0\0\0\x1cftypavif", "an AVIF that stops in a box (b'ftyp')"),
        (b"II*\0", "TIFF"),
        (b"\0\0\1\0\0\0", "an icon without a picture"),
        (b"\xff\x0a\0\0", "JPEG XL"),
        (b"PK\3\4", "a ZIP archive"),
        (LOSSY[:50], f"a WebP that stops early, at byte 50 of {len(LOSSY)}"),
        (b"6F93", "no picture format that is known here: it begins with 36 46 39 33"),
        (JPEG[:300], "a JPEG that stops in a header"),
        (JPEG[:20], "a JPEG that stops at byte 20, before its end marker"),
        (JPEG[:20] + b"x", "a JPEG that stops at byte 21, before its end marker"),
        (JPEG[:-2], "a JPEG that stops at byte 2201, before its end marker"),
        (JPEG[:-402] + END, "a JPEG whose scan stops early"),
        (
            JPEG.replace(b"\xff\xc0", b"\xff\xc3", 1),
            "a JPEG of a kind that browsers do not show (marker FFC3)",
        ),
        (
            b"BM but not a bitmap at all: text that begins by chance like one",
            "no picture format that is known here: it begins with 42 4d 20 62 75 74 20 6e",
        ),
    ],
)
def test_what_is_no_image_is_called_by_its_name(data: bytes, what: str) -> None:
    with pytest.raises(image.NotAnImage) as caught:
        image.read(data)
    assert str(caught.value) == what


@cases(
    {
        "png": png(0, 5, idat(b"")),
        "gif": gif(0, 1, b"\x44\x01"),
        "bmp": bmp(-3, 2, b"\0\1"),
        "jpeg": JPEG.replace(b"\xff\xc0\0\x11\x08\0\x2d", b"\xff\xc0\0\x11\x08\0\0", 1),
    }
)
def test_a_picture_without_pixels_is_no_image(data: bytes) -> None:
    assert verdict(data) == "NotAnImage"


# What is hostile

TOO_LARGE = {
    "png": png(20_000, 20_000, idat(bytes(2501 * 20_000)), kind="0100000000"),
    "png-16-bits": png(5001, 5000, idat(b""), kind="1006000000"),
    "png-thin": png(1, 65_536, idat(b"")),
    "png-frames": png(9, 9, chunk(b"acTL", b"\xff" * 8), idat(bytes(90))),
    "jpeg": JPEG.replace(b"\x08\0\x2d\0\x7d", b"\x08\xff\xff\xff\xff", 1),
    "gif": gif(65_535, 65_535, b"\x44\x01"),
    "gif-screen": gif(1, 1, b"\x44\x01", screen=65_535),
    "gif-frames": gif(1, 1, b"\x44\x01", frames=5000),
    "gif-frames-of-many-pixels": gif(1000, 1000, b"\x44\x01", frames=26),
    "webp": webp(b"VP8X", bytes(4) + b"\xff\x1f\0\xff\x1f\0"),
    "webp-lossless": webp(b"VP8L", b"\x2f\xff\xdf\xff\x07"),
    "webp-lossy": webp(b"VP8 ", b"\0\0\0\x9d\1\x2a\xff\x1f\xff\x1f"),
    "bmp": bmp(20_000, -20_000, b"\0\1"),
}
BOMBS = {
    kind.decode(): png(3, 2, chunk(kind, head + zlib.compress(bytes(100_000_000), 1)), idat(ROWS))
    for kind, head in ((b"zTXt", b"x\0\0"), (b"iCCP", b"x\0\0"), (b"iTXt", b"x\0\1\0\0\0"))
}
LIMITED = """
import json, pathlib, resource, sys
from contract.pictures import image
files = [bytes.fromhex(line) for line in sys.stdin]
image.read(files[0])
pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 24_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
verdicts = []
for data in files:
    try:
        verdicts.append(type(image.read(data)).__name__)
    except Exception as error:
        verdicts.append(type(error).__name__)
print(json.dumps(verdicts))
"""


def child(program: str, text: str = "") -> str:
    arguments = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(  # noqa: S603 - our own interpreter, our own program
        arguments, input=text, capture_output=True, text=True, check=True
    ).stdout


@cases(TOO_LARGE)
def test_a_picture_beyond_the_limits_is_too_large(data: bytes) -> None:
    assert verdict(data) == "TooLarge"


def test_a_picture_beyond_the_limit_that_pillow_was_given_is_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2000)
    assert verdict(JPEG) == "TooLarge"


@pytest.mark.parametrize("marker", sorted({*range(0xC3, 0xD0)} - {0xC4, 0xC9, 0xCA, 0xCC}), ids=hex)
def test_a_jpeg_with_a_frame_that_browsers_do_not_show_is_refused(marker: int) -> None:
    data = JPEG.replace(b"\xff\xc0", bytes((0xFF, marker)), 1)

    with pytest.raises(image.NotAnImage, match=f"browsers do not show .marker FF{marker:02X}"):
        image.read(data)


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2], ids=hex)
def test_a_jpeg_of_two_frames_is_refused(marker: int) -> None:
    header = JPEG[JPEG.index(b"\xff\xc0") + 2 :][:17]
    data = JPEG.replace(b"\xff\xda", bytes((0xFF, marker)) + header + b"\xff\xda", 1)

    with pytest.raises(image.NotAnImage, match=f"browsers do not show .marker FF{marker:02X}"):
        image.read(data)


def test_a_jpeg_may_state_how_it_would_code_arithmetically() -> None:
    data = JPEG.replace(b"\xff\xda", b"\xff\xcc\0\4\0\x10\xff\xda", 1)

    assert image.read(data) == image.read(JPEG)


def test_a_jpeg_of_more_than_100_scans_is_too_large() -> None:
    data = JPEGS["jpeg-L-progressive-restart0"]
    scan = data[data.rindex(b"\xff\xda") : -2]
    most = 100 - data.count(b"\xff\xda")

    found = [verdict(data[:-2] + scan * more + END) for more in (most, most + 1)]

    assert [each == "TooLarge" for each in found] == [False, True]


def test_a_jpeg_may_have_as_many_scans_as_the_limit_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = JPEGS["jpeg-L-progressive-restart0"]
    scans = data.count(b"\xff\xda")

    monkeypatch.setattr(jpeg, "MAX_SCANS", scans)
    exactly = verdict(data)
    monkeypatch.setattr(jpeg, "MAX_SCANS", scans - 1)

    assert (exactly, verdict(data)) == ("Picture", "TooLarge")


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc how much memory is in use")
def test_a_bomb_costs_no_memory() -> None:
    files = [JPEG, *TOO_LARGE.values(), *BOMBS.values()]
    verdicts = json.loads(child(LIMITED, "\n".join(data.hex() for data in files)))
    assert verdicts == ["Picture"] + ["TooLarge"] * len(TOO_LARGE) + ["Picture"] * len(BOMBS)


def mutations(data: bytes, count: int) -> list[bytes]:
    """Flip, overwrite, cut out, insert and double bytes, the same ones in every run."""
    chance = random.Random(data)
    files = []
    for _ in range(count):
        file = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5))):
            position = chance.randrange(min(len(file), chance.choice((40, 700, 10_000))))
            size = chance.choice((1, 2, 4, 50))
            file[position : position + size] = chance.choice(
                (
                    bytes([file[position] ^ 1 << chance.randrange(8)]),
                    b"\xff" * size,
                    bytes(size),
                    b"",
                    chance.randbytes(size) + file[position : position + size],
                    file[position : position + size] * 2,
                )
            )
        files.append(checked(bytes(file)))
    return files


def checked(data: bytes) -> bytes:
    """Give every chunk of a PNG the checksum that fits, for what is behind it to be reached."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data
    position, chunks = 8, []
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        chunks.append(chunk(kind, data[position + 8 : position + 8 + length]))
        position += 12 + length
    return data[:8] + b"".join(chunks)


@cases(WHOLE)
def test_mutilated_bytes_raise_nothing_else_whatever_pillow_is_told_to_load(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = mutations(data, 120)
    strict = [verdict(file) for file in files]
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert [verdict(file) for file in files] == strict


def test_neither_numpy_nor_pillow_is_loaded_before_a_picture_needs_it() -> None:
    assert (
        child("import sys; import contract.pictures.image; print('numpy' in sys.modules)")
        == "False\n"
    )
