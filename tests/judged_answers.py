"""Answers that are read and judged without a server: what the tests of judging share."""

from __future__ import annotations

import json
from base64 import b64encode
from io import BytesIO

from PIL import Image, ImageOps
from PIL.Image import Image as Picture

from contract.findings import Level
from contract.judging.exchange import Exchange, Failure, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.reading import read
from contract.judging.verdict import Judgement, judge
from contract.spec.operations import Operation

JSON = (("Content-Type", "application/json"),)
REQUEST = Request("POST", "http://127.0.0.1/x", (("Accept", "application/json"),))


def exchange(body: bytes | Failure, status: int = 200, number: int = 1) -> Exchange:
    outcome = body if isinstance(body, Failure) else Response(status, JSON, body)
    return Exchange(number, REQUEST, outcome, 0.1)


def judged(operation: Operation, *payloads: object, level: Level = Level.SAMPLE) -> Judgement:
    exchanges = [
        exchange(json.dumps(payload).encode(), operation.status, number=number)
        for number, payload in enumerate(payloads, 1)
    ]
    return judge(operation, provenance_of(operation), exchanges, strictness=level)


def reading(operation: Operation, body: bytes | Failure, status: int = 200) -> object:
    return read(exchange(body, status), operation, provenance_of(operation).rows(operation))


def documented(operation: Operation) -> dict[str, object]:
    return json.loads(json.dumps(operation.examples["documented"]))  # type: ignore[no-any-return]


DEEP = b"[" * 10_000 + b"]" * 10_000


ONE = Image.linear_gradient("L").convert("RGB")
OTHER = ImageOps.flip(ONE)


def encoded(picture: Picture, level: int) -> str:
    """Encode a picture in bytes that no other level gives."""
    file = BytesIO()
    picture.save(file, "PNG", compress_level=level)
    return b64encode(file.getvalue()).decode()
