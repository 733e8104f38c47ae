"""Faults of 图片base64 as a text: its alphabet, its form, its data: URI prefix."""

from __future__ import annotations

import base64

from contract.findings import Level
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, picture_bytes, repainted, the_picture, with_value
from mock_server.faults.fault import fault


@fault(
    "image",
    chinese="图片文本含有 Base64 字母表之外的字符。",
    source="RFC 4648 §4; text in the wrong member",
)
def picture_no_base64(answer: Answer, operation: Operation) -> Answer:
    """The picture is text with characters that base64 lacks."""
    return with_value(answer, the_picture(operation), lambda value: str(value)[:60] + "图片!*")


@fault(
    "image",
    chinese="图片使用 URL 安全的 Base64 字母表，浏览器无法解码。",
    source="RFC 4648 §5; browsers decode data: URIs by §4 only",
)
def picture_url_safe(answer: Answer, operation: Operation) -> Answer:
    """The picture is encoded in the URL-safe alphabet, which no browser decodes."""

    def url_safe(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + base64.urlsafe_b64encode(data).decode("ascii")

    return with_value(answer, the_picture(operation), url_safe)


@fault(
    "image",
    chinese="图片字节写成了十六进制。",
    source="a service that prints bytes by another routine",
)
def picture_in_hexadecimal(answer: Answer, operation: Operation) -> Answer:
    """The picture's bytes are written in hexadecimal."""

    def hexadecimal(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + data.hex()

    return with_value(answer, the_picture(operation), hexadecimal)


@fault(
    "image",
    chinese="图片的 Base64 又做了百分号编码。",
    source="a service or proxy that escapes the value as for a URL",
)
def picture_percent_encoded(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 is percent-encoded, as for a URL."""

    def percent(value: object) -> str:
        prefix, data = picture_bytes(value)
        text = base64.b64encode(data + b"\xff\xff\xff").decode("ascii")
        return prefix + text.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")

    return with_value(answer, the_picture(operation), percent)


@fault(
    "image",
    "pattern",
    chinese="该字段是图片地址，而不是图片本身。",
    source="a service that moved its pictures to a file store",
)
def picture_an_address(answer: Answer, operation: Operation) -> Answer:
    """The row holds the address of a picture, not the picture."""
    return with_value(answer, the_picture(operation), lambda _: "https://example.com/captcha.jpg")


@fault(
    "image",
    "pattern",
    chinese="图片的 data: URI 缺少 ;base64。",
    source="RFC 2397: without it the data is percent-encoded text",
)
def picture_label_without_base64(answer: Answer, operation: Operation) -> Answer:
    """The picture's data: URI lacks its ;base64."""
    return repainted(answer, operation, bytes, prefix="data:image/jpg,")


@fault(
    "image",
    chinese="图片做了两次 Base64 编码。",
    source="a service that encodes what its library has encoded",
)
def picture_encoded_twice(answer: Answer, operation: Operation) -> Answer:
    """The picture is encoded in base64 twice."""
    return repainted(answer, operation, base64.b64encode)


@fault(
    "base64",
    level=Level.SAMPLE,
    chinese="图片的 Base64 像邮件那样每 76 个字符换行。",
    source="RFC 2045 §6.8; sun.misc.BASE64Encoder and openssl break lines",
)
def picture_in_lines(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 is broken into lines of 76 characters, as mail does."""

    def in_lines(value: object) -> str:
        prefix, data = picture_bytes(value)
        return prefix + base64.encodebytes(data).decode("ascii").strip()

    return with_value(answer, the_picture(operation), in_lines)


@fault(
    "base64",
    level=Level.SAMPLE,
    chinese="图片的 Base64 末尾多一个换行。",
    source="Python's encodebytes; a shell's base64",
)
def picture_with_line_break(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 ends in a line break."""
    return with_value(answer, the_picture(operation), lambda value: f"{value}\r\n")


@fault(
    "base64",
    level=Level.SAMPLE,
    chinese="图片的 Base64 缺少末尾的填充符 =。",
    source="RFC 4648 §3.2; encoders made for URLs and tokens",
)
def picture_unpadded(answer: Answer, operation: Operation) -> Answer:
    """The picture's base64 comes without its padding."""

    def unpadded(value: object) -> str:
        prefix, data = picture_bytes(value)
        # A byte after the end marker makes padding necessary, whatever the length was.
        filled = data + b"\0" * (1 if len(data) % 3 == 0 else 0)
        return prefix + base64.b64encode(filled).decode("ascii").rstrip("=")

    return with_value(answer, the_picture(operation), unpadded)


@fault(
    "label",
    "pattern",
    level=Level.SAMPLE,
    chinese="图片是 JPEG，data: URI 却写 image/png。",
    source="a prefix that is a constant of the service",
)
def picture_labelled_png(answer: Answer, operation: Operation) -> Answer:
    """The picture is a JPEG, but its data: URI says image/png."""
    return repainted(answer, operation, bytes, prefix="data:image/png;base64,")


@fault(
    "pattern",
    level=Level.SAMPLE,
    chinese="图片的 data: URI 写 image/jpeg，样例写的是 image/jpg。",
    source="a service that uses the registered media type",
)
def picture_labelled_jpeg(answer: Answer, operation: Operation) -> Answer:
    """The picture's data: URI says image/jpeg, where the sample says image/jpg."""
    return repainted(answer, operation, bytes, prefix="data:image/jpeg;base64,")


@fault(
    "pattern",
    level=Level.SAMPLE,
    chinese="图片没有 data: URI 前缀。",
    source="a service that leaves the prefix to the page",
)
def picture_bare(answer: Answer, operation: Operation) -> Answer:
    """The picture comes without the data: URI prefix."""
    return repainted(answer, operation, bytes, prefix="")
