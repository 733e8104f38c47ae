"""The documented answer from Flask, its PNG pictures made by captcha."""

from __future__ import annotations

import base64
import os
import secrets
import uuid

from captcha.image import ImageCaptcha
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

FAULT = os.environ.get("FAULT")
app = Flask(__name__)
images = ImageCaptcha(width=125, height=45, font_sizes=(28, 32))


@app.post("/oauth/api/account/getImgCode")
def get_img_code() -> ResponseReturnValue:
    """获取图形验证码."""
    picture = images.generate(secrets.token_hex(2).upper()).getvalue()
    if FAULT == "picture-cut-off":
        picture = picture[: len(picture) // 2]
    img = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    number: object = secrets.token_hex(3).upper()
    if FAULT == "number-an-integer":
        number = secrets.randbelow(10**6)
    data = {"img": img} if FAULT == "row-missing" else {"img": img, "img_code_id": number}
    return jsonify(request_id=str(uuid.uuid4()), code="000", msg="成功", data=data)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
