"""The documented answer from Python's own HTTP server, its pictures drawn with Pillow alone."""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image, ImageDraw

PATH = "/oauth/api/account/getImgCode"
FAULT = os.environ.get("FAULT")


def _picture() -> bytes:
    """Draw a captcha."""
    image = Image.new("RGB", (125, 45), "white")
    pen = ImageDraw.Draw(image)
    for place, letter in enumerate(secrets.token_hex(2).upper()):
        pen.text((20 + 22 * place, 12 + secrets.randbelow(8)), letter, fill=(51, 102, 153))
    pen.line([(0, secrets.randbelow(45)), (125, secrets.randbelow(45))], fill=(204, 51, 51))
    written = io.BytesIO()
    image.save(written, "JPEG")
    picture = written.getvalue()
    return picture[:-200] if FAULT == "picture-cut-off" else picture


def _answer() -> dict[str, object]:
    """Make an answer, broken as `FAULT` asks for."""
    number: object = secrets.token_hex(3).upper()
    if FAULT == "number-an-integer":
        number = secrets.randbelow(10**6)
    encoded = base64.b64encode(_picture()).decode()
    data = {"img": f"data:image/jpg;base64,{encoded}", "img_code_id": number}
    if FAULT == "row-missing":
        del data["img_code_id"]
    return {"request_id": str(uuid.uuid4()), "code": "000", "msg": "成功", "data": data}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        known = self.path == PATH
        body = json.dumps(_answer(), ensure_ascii=False).encode() if known else b"not found"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json" if known else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), _Handler).serve_forever()
