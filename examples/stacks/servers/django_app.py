"""The documented answer from Django under gunicorn, its pictures made by multicolorcaptcha."""

from __future__ import annotations

import base64
import io
import os
import secrets
import uuid

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from multicolorcaptcha import CaptchaGenerator

FAULT = os.environ.get("FAULT")
settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=secrets.token_hex(),
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
images = CaptchaGenerator(0)


@csrf_exempt
@require_POST
def get_img_code(request: HttpRequest) -> JsonResponse:
    """获取图形验证码."""
    del request
    written = io.BytesIO()
    images.gen_captcha_image().image.convert("RGB").save(written, "JPEG", quality=60)
    picture = written.getvalue()
    if FAULT == "picture-cut-off":
        picture = picture[: len(picture) // 2]
    img = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
    number: object = secrets.token_hex(3).upper()
    if FAULT == "number-an-integer":
        number = secrets.randbelow(10**6)
    data = {"img": img} if FAULT == "row-missing" else {"img": img, "img_code_id": number}
    answer = {"request_id": str(uuid.uuid4()), "code": "000", "msg": "成功", "data": data}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


urlpatterns = [path("oauth/api/account/getImgCode", get_img_code)]
application = get_wsgi_application()
