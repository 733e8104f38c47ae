"""The documented answer from Starlette under uvicorn, which stands behind HAProxy."""

from __future__ import annotations

import base64
import os
import secrets
import uuid

from captcha.image import ImageCaptcha
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

FAULT = os.environ.get("FAULT")
images = ImageCaptcha(width=125, height=45, font_sizes=(28, 32))


async def get_img_code(request: Request) -> JSONResponse:
    """获取图形验证码."""
    del request
    picture = images.generate(secrets.token_hex(2).upper(), format="jpeg").getvalue()
    if FAULT == "picture-cut-off":
        picture = picture[: len(picture) // 2]
    img = f"data:image/jpg;base64,{base64.b64encode(picture).decode()}"
    number: object = secrets.token_hex(3).upper()
    if FAULT == "number-an-integer":
        number = secrets.randbelow(10**6)
    data = {"img": img} if FAULT == "row-missing" else {"img": img, "img_code_id": number}
    answer = {"request_id": str(uuid.uuid4()), "code": "000", "msg": "成功", "data": data}
    return JSONResponse(answer)


app = Starlette(routes=[Route("/oauth/api/account/getImgCode", get_img_code, methods=["POST"])])
