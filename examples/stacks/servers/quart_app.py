"""The documented answer from Quart under hypercorn, its WebP pictures made by captcha."""

from __future__ import annotations

import base64
import os
import secrets
import uuid

from captcha.image import ImageCaptcha
from quart import Quart

FAULT = os.environ.get("FAULT")
app = Quart(__name__)
images = ImageCaptcha(width=125, height=45, font_sizes=(28, 32))


@app.post("/oauth/api/account/getImgCode")
async def get_img_code() -> dict[str, object]:
    """获取图形验证码."""
    picture = images.generate(secrets.token_hex(2).upper(), format="webp").getvalue()
    if FAULT == "picture-cut-off":
        picture = picture[: len(picture) // 2]
    img = f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
    number: object = secrets.token_hex(3).upper()
    if FAULT == "number-an-integer":
        number = secrets.randbelow(10**6)
    data = {"img": img} if FAULT == "row-missing" else {"img": img, "img_code_id": number}
    return {"request_id": str(uuid.uuid4()), "code": "000", "msg": "成功", "data": data}
