"""Pictures of other types: AVIF, SVG, and types that browsers do not show."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO

from PIL import Image, features

from tests.pictures.drawings import DRAWING, GLASS, HEIGHT, WIDTH, animated, saved, turned

_SVG = 'xmlns="http://www.w3.org/2000/svg"'
_INNER = '<rect width="34" height="10" fill="red"/><rect y="10" width="34" height="12"/>'


def svg(attributes: str = f'width="{WIDTH}" height="{HEIGHT}"', inner: str = _INNER) -> bytes:
    """Write an SVG."""
    return f"<svg {_SVG} {attributes}>{inner}</svg>".encode()


def box(kind: bytes, payload: bytes) -> bytes:
    """Write a box of ISO base media."""
    return struct.pack(">I", len(payload) + 8) + kind + payload


_PLAIN = svg().decode()
SVGS: Mapping[str, bytes] = {
    "svg": svg(),
    "svg-declared": b'<?xml version="1.0" encoding="UTF-8"?>\n' + svg(),
    "svg-with-doctype": b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + svg(),
    "svg-behind-comment": b"<!-- kaptcha -->" + svg(),
    "svg-behind-bom": b"\xef\xbb\xbf" + svg(),
    "svg-behind-white-space": b"\n  " + svg(),
    "svg-in-utf-16": _PLAIN.encode("utf-16"),
    "svg-in-gbk": b'<?xml version="1.0" encoding="GBK"?>'
    + svg(inner="<title>验证码</title>" + _INNER).decode().encode("gbk"),
    "svg-prefixed": svg()
    .replace(b"<svg xmlns=", b"<s:svg xmlns:s=")
    .replace(b"</svg", b"</s:svg")
    .replace(b"<rect", b"<s:rect"),
    "svg-view-box-only": svg(f'viewBox="0 0 {WIDTH} {HEIGHT}"'),
    "svg-view-box-and-width": svg(f'width="68" viewBox="0 0 {WIDTH} {HEIGHT}"'),
    "svg-in-per-cent": svg('width="100%" height="100%"'),
    "svg-in-per-cent-with-view-box": svg(
        f'width="100%" height="100%" viewBox="0 0 {WIDTH} {HEIGHT}"'
    ),
    "svg-without-size": svg(""),
    "svg-in-px": svg('width="34px" height="22.4px"'),
    "svg-in-mm": svg('width="10mm" height="1cm"'),
    "svg-in-pt": svg('width="30pt" height="2pc"'),
    "svg-in-inches": svg('width="0.5in" height="40Q"'),
    "svg-in-em": svg('width="2em" height="1.5rem"'),
    "svg-of-odd-width": svg('width="abc" height="22"'),
    "svg-of-style": svg('style="width:50px;height:40px"'),
    "svg-with-script": svg(inner=_INNER + "<script>while(true){}</script>"),
    "svg-with-link-outside": svg(
        inner=_INNER + '<image href="http://127.0.0.1:9/x.png" width="5" height="5"/>'
    ),
    "svg-with-entity": b'<!DOCTYPE svg [<!ENTITY colour "red">]>'
    + svg(inner=_INNER.replace('"red"', '"&colour;"')),
    "svg-with-outer-entity": b'<!DOCTYPE svg [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    + svg(inner=_INNER + "<text>&file;</text>"),
    "svg-nested-50": svg(inner="<g>" * 50 + _INNER + "</g>" * 50),
    "svg-nested-300": svg(inner="<g>" * 300 + _INNER + "</g>" * 300),
    "svg-without-content": svg(inner=""),
}
"""SVGs that browsers may show."""
NO_SVGS: Mapping[str, bytes] = {
    "svg-without-namespace": svg().replace(_SVG.encode(), b""),
    "svg-of-other-namespace": svg().replace(b"2000/svg", b"1999/xhtml"),
    "svg-cut": svg()[:-20],
    "svg-without-end": svg()[:-6],
    "svg-attribute-without-quotes": svg().replace(b'"red"', b"red"),
    "svg-unknown-entity": svg(inner="<text>&nbsp;</text>"),
    "svg-bytes-behind": svg() + b"more",
    "svg-two-roots": svg() * 2,
    "svg-control-character": svg(inner=_INNER + "\x01"),
    "svg-no-utf-8": svg().replace(b"</svg>", b"\xff\xfe</svg>"),
    "svg-inside-html": b"<html><body>" + svg() + b"</body></html>",
    "svg-of-no-width": svg('width="0" height="22"'),
    "svg-of-negative-width": svg('width="-5" height="22"'),
    "xml": b'<?xml version="1.0"?><error>busy</error>',
}
"""What is no SVG, or none that browsers show."""

AVIF = saved(DRAWING, "AVIF") if features.check("avif") else b""
"""Empty where Pillow was built without AVIF."""
AVIFS: Mapping[str, bytes] = (
    {
        "avif": AVIF,
        **{
            f"avif-{sampling}": saved(DRAWING, "AVIF", subsampling=sampling)
            for sampling in ("4:4:4", "4:2:2", "4:0:0")
        },
        "avif-alpha": saved(GLASS, "AVIF"),
        "avif-grey": saved(DRAWING.convert("L"), "AVIF"),
        "avif-lossless": saved(DRAWING, "AVIF", quality=100, subsampling="4:4:4"),
        "avif-animated": animated("AVIF"),
        "avif-bytes-behind": AVIF + box(b"free", b"more"),
        **{
            f"avif-turned-{number}": saved(DRAWING, "AVIF", exif=turned(number)[6:])
            for number in (3, 6)
        },
        "avif-one-colour": saved(Image.new("RGB", (40, 20), "white"), "AVIF"),
        "avif-tiles": saved(DRAWING.resize((200, 140)), "AVIF", tile_rows=1, tile_cols=1),
    }
    if AVIF
    else {}
)
"""AVIFs that browsers show."""
NO_AVIFS: Mapping[str, bytes] = (
    {
        **{f"avif-cut-{part}%": AVIF[: len(AVIF) * part // 100] for part in (5, 40, 80, 99)},
        "avif-cut-20-bytes": AVIF[:-20],
        "avif-zeros-inside": AVIF[:-60] + bytes(60),
        "avif-without-meta": AVIF.replace(b"meta", b"skip"),
        "avif-without-data": AVIF.replace(b"mdat", b"skip"),
        "avif-of-other-brand": AVIF.replace(b"avif", b"heic"),
    }
    if AVIF
    else {}
)
"""AVIFs that browsers do not show."""


def _xbm() -> bytes:
    return b"#define a_width 8\n#define a_height 1\nstatic char a_bits[] = {0x55};\n"


def _saved(form: str) -> bytes:
    file = BytesIO()
    DRAWING.save(file, form)
    return file.getvalue()


FOREIGN: Mapping[str, bytes] = {
    "tiff": _saved("TIFF"),
    "jpeg-2000": _saved("JPEG2000"),
    "ppm": _saved("PPM"),
    "tga": _saved("TGA"),
    "pcx": _saved("PCX"),
    "dds": _saved("DDS"),
    "psd": b"8BPS\0\1" + bytes(40),
    "xbm": _xbm(),
    "pdf": b"%PDF-1.4\n%%EOF",
    "heic": box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(4)),
    "jpeg-xl": b"\xff\x0a" + bytes(30),
    "html": b"<!doctype html><p>busy",
    "json": b'{"code": "500"}',
    "text": b"no image",
    "zip": b"PK\3\4" + bytes(40),
    "gzip": b"\x1f\x8b\x08" + bytes(40),
    "zeros": bytes(200),
    "png-as-base64": b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB",
    "one-byte": b"\xff",
}
"""Other files, none of which browsers show as a picture."""
