"""550 made pictures, of all formats and all damage: each is read, or refused, as a browser does."""

from __future__ import annotations

import base64
import importlib
import json
import pkgutil
import random
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from benchmarks.pictures import INCOMPLETE, REASONS, grouped
from contract.pictures import image, image_formats, pixels
from contract.pictures.image_formats import MAX_PIXELS, avif, judge_size, svg
from contract.spec.vocabulary import beyond_budget, picture
from tests.pictures import bmps, gifs, icons, jpegs, others, pngs, webps
from tests.pictures.corpus import ACCEPTED, MADE, REFUSED
from tests.pictures.drawings import DRAWING, HEIGHT, WIDTH, saved
from tests.pictures.in_browser import compare

pytestmark = pytest.mark.filterwarnings("error")
ROOT = Path(__file__).parent.parent


def verdict(data: bytes) -> str:
    """Say "Picture" or which of the two exceptions it was; another one is a traceback."""
    try:
        return type(image.read(data)).__name__
    except (image.NotAnImage, image.TooLarge) as error:
        return type(error).__name__


def told(pictures: Mapping[str, bytes], expected: str) -> dict[str, str]:
    found = {name: verdict(data) for name, data in pictures.items()}
    return {name: each for name, each in found.items() if each != expected}


# Beside a browser


def test_every_picture_that_browsers_show_is_read() -> None:
    assert told(ACCEPTED, "Picture") == {}


def test_every_picture_that_browsers_show_damaged_or_not_at_all_is_refused() -> None:
    assert told(REFUSED, "NotAnImage") == {}


def test_the_corpus_holds_at_least_200_pictures_of_all_formats() -> None:
    kinds = {name.partition("-")[0] for name in ACCEPTED}

    assert (len(MADE) >= 200, len(set(MADE.values())) >= 500) == (True, True)
    assert kinds >= {"jpeg", "png", "gif", "webp", "bmp", "icon", "cursor", "svg", "avif"}


def test_a_format_costs_a_module_with_walk_and_pictures_of_its_own() -> None:
    modules = (
        importlib.import_module(f"{image_formats.__name__}.{module.name}")
        for module in pkgutil.iter_modules(image_formats.__path__)
    )
    formats = [module.__name__ for module in modules if hasattr(module, "walk")]

    shown = {image.read(data).media_type for data in ACCEPTED.values()}

    assert len(shown) == len(formats)


def test_a_part_of_the_corpus_is_shown_by_chromium_as_it_is_read_here(browser: Browser) -> None:
    part = dict(list(MADE.items())[::7])

    shown = compare(browser.new_page(), part)
    groups = grouped({name: each for name, each in shown.items() if not each.agreed})

    assert groups.keys() <= {*REASONS, INCOMPLETE}
    accepted = [name for name in part if shown[name].read and not shown[name].size]
    assert accepted == []


def test_both_pages_list_the_disagreements_with_their_reasons() -> None:
    english, chinese = (
        (ROOT / "docs" / file).read_text(encoding="utf-8")
        for file in ("pictures.md", "pictures.zh-CN.md")
    )

    for reason in (*REASONS, INCOMPLETE):
        assert (reason.english in english, reason.chinese in chinese) == (True, True)
    names = re.findall(r"`([a-z]+-[^`]*)`", english.rpartition("| why |")[2])
    assert set(names) <= MADE.keys()


# What the picture is like


@pytest.mark.parametrize("number", range(10))
def test_a_jpeg_is_as_wide_and_high_as_its_exif_turns_it(number: int) -> None:
    found = image.read(jpegs.exif(number))

    upright = (WIDTH, HEIGHT) if number < 5 or number > 8 else (HEIGHT, WIDTH)
    assert (found.width, found.height) == upright


def test_a_picture_that_is_turned_has_the_pixels_that_are_shown() -> None:
    exif = Image.Exif()
    exif[0x112] = 3
    stored = DRAWING.transpose(Image.Transpose.ROTATE_180)

    turned = image.read(saved(stored, "PNG", exif=exif))

    assert turned.pixels == image.read(saved(DRAWING, "PNG")).pixels


@pytest.mark.parametrize(
    ("name", "blank"),
    [
        *((f"{kind}-one-colour", True) for kind in ("jpeg", "png", "gif", "webp", "bmp", "avif")),
        ("png-transparent", True),
        ("jpeg-4:4:4-quality95", False),
        ("gif-animated", False),
        ("svg", False),
    ],
)
def test_a_picture_of_one_colour_is_blank(name: str, blank: bool) -> None:  # noqa: FBT001 - a column of the table
    assert image.read(MADE[name]).blank is blank


def test_an_animation_is_blank_if_all_of_its_frames_have_the_same_colour() -> None:
    white, black = (Image.new("RGB", (9, 9), colour) for colour in ("white", "black"))

    found = [
        image.read(saved(white, "PNG", save_all=True, append_images=[other])).blank
        for other in (white, black)
    ]

    assert found == [True, False]


def test_one_pixel_in_the_last_row_makes_a_picture_that_is_not_blank() -> None:
    drawing = Image.new("L", (3000, 300), 7)
    drawing.putpixel((2999, 299), 8)

    assert not image.read(saved(drawing, "PNG")).blank


@pytest.mark.parametrize(
    ("name", "unproved"),
    [
        ("svg", True),
        ("avif", True),
        ("avif-animated", True),
        ("jpeg-arithmetic", True),
        ("jpeg-sampled-4x2", False),
        ("icon-24-bits", False),
    ],
)
def test_the_types_whose_last_row_cannot_be_proved_say_so(name: str, unproved: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (image.read(MADE[name]).unproved is not None) is unproved


def test_an_avif_is_measured_where_pillow_cannot_decode_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def size(data: bytes) -> tuple[str, int, int, str | None]:
        found = image.read(data)
        return found.media_type, found.width, found.height, found.unproved

    names = ("avif", "avif-turned-6", "avif-alpha")
    decoded = [size(MADE[name]) for name in names]
    monkeypatch.setattr(avif, "_drawn_here", lambda: False)

    assert [size(MADE[name]) for name in names] == decoded
    assert decoded[1][1:3] == (HEIGHT, WIDTH)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="34" height="22"', (34, 22)),
        ('width="0.5in" height="10mm"', (48, 38)),
        ('width="2EM" height="+1.5e1px"', (32, 15)),
        ('viewBox="0 0 34 22"', (232, 150)),
        ('viewBox="0,0,22,34"', (97, 150)),
        ('width="68" viewBox="0 0 34 22"', (68, 44)),
        ('height="44" viewBox="0 0 34 22"', (68, 44)),
        ('width="100%" height="100%"', (300, 150)),
        ('width="abc" height="22"', (300, 22)),
        ("", (300, 150)),
    ],
)
def test_an_svg_has_the_size_that_browsers_give_it(attributes: str, size: tuple[int, int]) -> None:
    found = image.read(others.svg(attributes))

    assert (found.width, found.height) == size


def test_nothing_outside_of_an_svg_is_opened() -> None:
    events: list[str] = []

    def hook(event: str, _: tuple[object, ...]) -> None:
        if armed and event in {"open", "socket.connect", "socket.getaddrinfo", "exec"}:
            events.append(event)

    armed = False
    sys.addaudithook(hook)
    armed = True
    for name in ("svg-with-outer-entity", "svg-with-link-outside", "svg-with-doctype"):
        image.read(MADE[name])
    armed = False

    assert events == []


# What damage is


@pytest.mark.parametrize("factors", [((3, 1), (1, 1), (1, 1)), ((4, 2), (1, 1), (1, 1))])
@pytest.mark.parametrize("restart", [0, 2])
def test_a_jpeg_of_unusual_sampling_that_was_cut_is_refused(
    factors: jpegs.Factors, restart: int
) -> None:
    data = jpegs.flat_blocks(factors, restart=restart)
    start = data.index(b"\xff\xda") + 14

    cut = [data[:size] + jpegs.END for size in range(start, len(data) - 3)]

    assert [number for number, file in enumerate(cut) if verdict(file) == "Picture"] == []


def test_a_palette_is_long_enough_if_no_pixel_needs_more() -> None:
    """Each format: a palette of five colours, and pixels below 5, and one pixel of number 5."""
    for form, depth in product(("png", "bmp"), (4, 8)):
        rows = [[x * y % 5 for x in range(8)] for y in range(4)]
        found = []
        for last in (4, 5):
            rows[3][7] = last
            found.append(verdict(indexed(form, depth, rows)))
        assert (form, depth, found) == (form, depth, ["Picture", "NotAnImage"])
    gif = [verdict(gifs.gif(gifs.frame(bits=3, most=most, own=gifs.colours(2)))) for most in (4, 5)]
    assert gif == ["Picture", "NotAnImage"]


def indexed(form: str, depth: int, rows: list[list[int]]) -> bytes:
    packed = [
        bytes(row)
        if depth == 8
        else bytes(a << 4 | b for a, b in zip(row[::2], row[1::2], strict=True))
        for row in rows
    ]
    size = len(rows[0]), len(rows)
    if form == "png":
        sent = pngs.chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in packed)))
        return pngs.png(depth, 3, pngs.palette(5), size=size, sent=sent)
    return bmps.bmp(depth, colours=5, stated=5, pixels=b"".join(packed[::-1]), size=size)


def test_the_message_says_how_short_a_palette_is() -> None:
    with pytest.raises(image.NotAnImage, match="it has 20 colours, and a pixel has the colour"):
        image.read(MADE["png-palette-of-20"])


# What is hostile


def bombs() -> dict[str, bytes]:
    ispe = others.box(b"ispe", bytes(4) + struct.pack(">II", 9000, 9000))
    start = others.box(b"ftyp", b"avif" + bytes(4) + b"avif")
    large, odd = struct.pack(">HH", 4000, 4000), ((3, 1), (1, 1), (1, 1))
    bits = f"{0b00011:05b}" + "0" * 5 + "1" * 40  # AV1's header: a still of 65,536 × 65,536
    lying = others.AVIF.replace(struct.pack(">II", WIDTH, HEIGHT), struct.pack(">II", 9, 9))
    position = lying.index(b"\x0a\x09", lying.index(b"mdat")) + 2  # the header's 9 bytes
    sequence = int(bits.ljust(72, "0"), 2).to_bytes(9, "big")
    lying = lying[:position] + sequence + lying[position + 9 :]
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]>'.encode()
    long_entity = b'<!DOCTYPE svg [<!ENTITY a "' + b"x" * 5000 + b'">]>'
    attributes = " ".join(f'a{n} CDATA "{"x" * 90}"' for n in range(300))
    scan = b"\xff\xda\0\x08\1\1\0\0\0\0" + b"\0"
    frame = jpegs.segment(0xC2, struct.pack(">BHHBBBB", 8, 5000, 5000, 1, 1, 0x11, 0))
    turned = jpegs.exif(6)
    header = turned.index(b"\xff\xc0") + 5
    return {
        "webp-of-38-bytes": webps.webp(
            webps.chunk(b"VP8L", struct.pack("<BI", 0x2F, 15_999 | 1_559 << 14).ljust(18, b"\0"))
        ),
        "jpeg-of-100-scans": b"\xff\xd8" + frame + scan * 100 + jpegs.END,
        "jpeg-of-1000-scans": b"\xff\xd8" + frame + scan * 1000 + jpegs.END,
        "jpeg-that-is-turned": turned[:header] + large + turned[header + 4 :],
        "jpeg-of-unusual-sampling": jpegs.flat_blocks(odd, size=(9, 9)).replace(
            struct.pack(">HH", 9, 9), large
        ),
        "gif-of-99-frames": gifs.gif(
            *(gifs.frame((1, 1)) for _ in range(99)), shared=gifs.colours(2), screen=(2000, 2000)
        ),
        "gif-of-thousands-of-frames": gifs.gif(
            *(gifs.frame((1, 1)) for _ in range(5000)), shared=gifs.colours(2)
        ),
        "gif-frame-larger-than-screen": gifs.gif(
            gifs.frame((1, 1)), gifs.frame((1, 1), at=(9000, 9000)), shared=gifs.colours(2)
        ),
        "png-of-thousands-of-frames": pngs.png(
            8, 2, pngs.chunk(b"acTL", struct.pack(">II", 5000, 0))
        ),
        "bmp-of-runs": bmps.bmp(8, packing=bmps.RLE8, size=(5000, 5000), pixels=b"\0\1"),
        "icon-of-a-png": icons.icon(
            icons.inside(pngs.png(1, 0, size=(60_000, 60_000), sent=pngs.chunk(b"IDAT", b"")))
        ),
        "avif-of-81-megapixels": start + others.box(b"meta", bytes(4) + ispe),
        "avif-whose-stream-is-larger": lying,
        "avif-of-thousands-of-frames": others.AVIFS["avif-animated"].replace(
            struct.pack(">4xII", 0, 3), struct.pack(">4xII", 0, 5000)
        ),
        "svg-of-a-billion-laughs": dtd + others.svg(inner="<text>&l9;</text>"),
        "svg-of-one-long-entity": long_entity + others.svg(inner="<g>&a;</g>" * 300),
        "svg-of-attributes-by-default": f"<!DOCTYPE svg [<!ATTLIST g {attributes}>]>".encode()
        + others.svg(inner="<g/>" * 9),
        "svg-of-a-parameter-entity": b'<!DOCTYPE svg [<!ENTITY % a "x"> %a;]>' + others.svg(),
    }


BOMBS = bombs()
DEEP = {
    "svg-nested-30000-deep": others.svg(inner="<g>" * 30_000 + "</g>" * 30_000),
    "jpeg-of-thousands-of-segments": b"\xff\xd8" + b"\xff\xfe\0\2" * 9000 + jpegs.PLAIN[2:],
    "png-of-thousands-of-chunks": pngs.png(8, 2, pngs.chunk(b"teXt", b"") * 9000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_beyond_the_budget_is_too_large_before_anything_is_decoded(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[object] = []
    monkeypatch.setattr(pixels, "frames", decoded.append)
    monkeypatch.setattr(zlib, "decompressobj", decoded.append)

    found = verdict(BOMBS[name])

    assert (found, decoded) == ("TooLarge", [])


@pytest.mark.parametrize(
    ("size", "frames", "passes", "fits"),
    [
        ((5000, 5000), 1, 1, True),
        ((5000, 5001), 1, 1, False),
        ((2500, 5000), 1, 2, True),
        ((2500, 5000), 2, 1, True),
        ((2500, 5000), 2, 2, False),
        ((500, 500), 10, 10, True),
        ((500, 501), 10, 10, False),
    ],
)
def test_the_budget_is_pixels_times_frames_times_passes(
    size: tuple[int, int],
    frames: int,
    passes: int,
    fits: bool,  # noqa: FBT001 - a column of the table
) -> None:
    said = ""
    try:
        judge_size(*size, frames, passes)
    except image.TooLarge as error:
        said = str(error)

    assert (said == "", f"at most {MAX_PIXELS} pixels" in said) == (fits, not fits)


def test_the_text_of_a_picture_beyond_the_budget_says_so_and_every_other_does_not() -> None:
    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    found = [
        beyond_budget(each)
        for each in (text(BOMBS["webp-of-38-bytes"]), text(jpegs.PLAIN), text(b"no image"), "-")
    ]

    assert found[0] is not None
    assert (found[0].startswith("16000×1560 pixels"), found[1:]) == (True, [None] * 3)


def test_a_picture_that_is_none_is_read_once_for_all_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads: list[bytes] = []

    def read(data: bytes) -> image.Picture:
        reads.append(data)
        raise image.NotAnImage("something else")

    monkeypatch.setattr(image, "read", read)
    for _ in range(3):
        with pytest.raises(image.NotAnImage, match="something else"):
            picture("bm90aGluZyBidXQgdGhpcyB0ZXN0")

    assert len(reads) == 1


def test_the_entities_of_an_svg_may_expand_to_the_limit_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = b'<!DOCTYPE svg [<!ENTITY a "12345">]>' + others.svg(inner="&a;&a;")

    monkeypatch.setattr(svg, "_MAX_EXPANDED", 10)
    exactly = verdict(data)
    monkeypatch.setattr(svg, "_MAX_EXPANDED", 9)

    assert (exactly, verdict(data)) == ("Picture", "TooLarge")


def test_what_is_deep_or_in_many_pieces_is_read() -> None:
    assert told(DEEP, "Picture") == {}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Flip, overwrite, cut out, insert and double bytes; chunks of a PNG keep their checksums."""
    file = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        position = chance.randrange(min(len(file), chance.choice((40, 300, 10_000))) or 1)
        size = chance.choice((1, 2, 4, 50))
        file[position : position + size] = chance.choice(
            (
                bytes(byte ^ 1 << chance.randrange(8) for byte in file[position : position + 1]),
                b"\xff" * size,
                bytes(size),
                b"",
                chance.randbytes(size) + file[position : position + size],
                file[position : position + size] * 2,
            )
        )
    return bytes(file)


EACH = 6
"""How many mutants of each picture are tried."""
FUZZED = """
import json, pathlib, resource, sys
from contract.pictures import image
first, *files = [bytes.fromhex(line) for line in sys.stdin]
for data in files[:40]:
    try:
        image.read(data)
    except (image.NotAnImage, image.TooLarge):
        pass
pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 180_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
told = {}
for data in files:
    try:
        verdict = type(image.read(data)).__name__
    except (image.NotAnImage, image.TooLarge) as error:
        verdict = type(error).__name__ + " for this process" * ("this process" in str(error))
    told[verdict] = told.get(verdict, 0) + 1
print(json.dumps(told))
"""
"""Reads pictures with no more than 180 MB beside what the program itself takes."""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc how much memory is in use")
def test_mutants_of_every_picture_end_in_a_verdict_and_within_the_memory() -> None:
    chance = random.Random(11)
    files = [mutated(data, chance) for data in MADE.values() for _ in range(EACH)]

    found = read_in_a_child([jpegs.PLAIN, *MADE.values(), *files])

    assert set(found) == {"Picture", "NotAnImage", "TooLarge"}
    assert sum(found.values()) == len(MADE) + len(files)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc how much memory is in use")
def test_the_largest_pictures_within_the_budget_fit_into_the_memory() -> None:
    rows, packed = bytes(20_001 * 5000), zlib.compressobj(1)
    sent = pngs.chunk(b"IDAT", packed.compress(rows) + packed.flush())
    runs = b"\xff\1" * 11 + bytes((2886 - 255 * 11, 2)) + b"\0\0"
    flat = Image.new("RGB", (2886, 2886), "white")
    files = [
        saved(Image.new("RGB", (5000, 5000), "white"), "JPEG"),
        pngs.png(8, 6, size=(5000, 5000), sent=sent),
        saved(flat, "WEBP", lossless=True, quality=0, method=0),
        bmps.bmp(8, packing=bmps.RLE8, size=(2886, 2886), pixels=runs * 2885 + runs[:-1] + b"\1"),
        saved(flat.crop((0, 0, 1580, 1580)), "JPEG", progressive=True),
    ]

    assert read_in_a_child([jpegs.PLAIN, *files]) == {"Picture": len(files)}


def read_in_a_child(files: list[bytes]) -> dict[str, int]:
    arguments = [sys.executable, "-W", "error", "-c", FUZZED]
    text = "".join(f"{data.hex()}\n" for data in files)
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own program
        arguments, input=text, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]
