"""Runs that never took place: answers from a seed, with noise, judged and written as reports.

Two runs of different seeds differ in all that may differ: captchas, numbers, texts, times, optional
rows, lists. Each change of `CAPTCHAS` and `PARKING` is what one of two runs may have besides, and
names what a comparison must tell of it.
"""

from __future__ import annotations

import io
import json
import random
import string
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from contract.findings import Level
from contract.judging.exchange import Exchange, Failure, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.run import JudgedEnvironment, Run
from contract.judging.verdict import judge
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation
from contract_tests.reports import as_json
from contract_tests.reports.report_contents import contents
from mock_server.drawing.captcha import draw
from mock_server.drawing.glyphs import ALPHABET

Payload = dict[str, Any]
BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)
TELLS = set[tuple[str, str]]
"""The movements that must be told, each with its subject."""


@dataclass(frozen=True, slots=True)
class Injected:
    """One change of what a server answers, and how quickly.

    Attributes:
        told: what a comparison with a run without it must tell, and nothing else.
        edit: of one answer.
        slower: how many times longer the answers take.
        failure: what comes instead of an answer.
    """

    told: TELLS
    edit: Callable[[Payload, random.Random], object] = lambda *_: None
    slower: float = 1.0
    failure: Failure | None = None


def jpeg(random_: random.Random) -> bytes:
    return draw("".join(random_.choices(ALPHABET, k=4)), entropy=random_.randbytes(8))


def picture(random_: random.Random, size: tuple[int, int], form: str) -> str:
    """Noise on white, of a size, as a data: URI."""
    drawn = Image.new("RGB", size, "white")
    for _ in range(60):
        at = random_.randrange(size[0]), random_.randrange(size[1])
        drawn.putpixel(at, (random_.randrange(256), 90, 30))
    file = io.BytesIO()
    drawn.save(file, form)
    return "data:image/jpg;base64," + b64encode(file.getvalue()).decode()


def captcha(random_: random.Random) -> Payload:
    number = "".join(random_.choices(string.ascii_uppercase + string.digits, k=6))
    digits = "".join(random_.choices("0123456789abcdef", k=32))
    dashed = "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])
    shown = "data:image/jpg;base64," + b64encode(jpeg(random_)).decode()
    data = {"img": shown, "img_code_id": number}
    return {"request_id": dashed, "code": "000", "msg": "成功", "data": data}


def parking(random_: random.Random) -> Payload:
    def record() -> Payload:
        plate = "京A" + "".join(random_.choices("0123456789", k=random_.choice((5, 6))))
        coupon = random_.choice((None, f"C-{random_.randrange(10**6)}"))
        return {"plate": plate, "minutes": random_.randrange(1, 9999), "coupon": coupon}

    records = [record() for _ in range(random_.randrange(4))]
    data: Payload = {"total": len(records), "records": records}
    if random_.random() < 0.5:
        data["remark"] = random_.choice((None, "月卡", "临时停车", "固定车位"))
    return {"code": "000", "msg": "成功", "data": data}


def _set(**members: object) -> Callable[[Payload, random.Random], object]:
    return lambda payload, _: payload["data"].update(members)


def _of_envelope(**members: object) -> Callable[[Payload, random.Random], object]:
    return lambda payload, _: payload.update(members)


def _renamed(payload: Payload, _: random.Random) -> None:
    payload["data"]["imgCodeId"] = payload["data"].pop("img_code_id")


def _longer(payload: Payload, random_: random.Random) -> None:
    payload["data"]["img_code_id"] += "".join(random_.choices(string.digits, k=2))


def _picture(size: tuple[int, int], form: str) -> Callable[[Payload, random.Random], object]:
    return lambda payload, r: payload["data"].update(img=picture(r, size, form))


CAPTCHAS: Mapping[str, Injected] = {
    "nothing": Injected(set()),
    "number missing": Injected(
        {("ceased-to-conform", "img_code_id")}, lambda p, _: p["data"].pop("img_code_id")
    ),
    "picture missing": Injected({("ceased-to-conform", "img")}, lambda p, _: p["data"].pop("img")),
    "rows missing": Injected(
        {("ceased-to-conform", "img"), ("ceased-to-conform", "img_code_id")},
        lambda p, _: p.update(data={}),
    ),
    "number null": Injected({("ceased-to-conform", "img_code_id")}, _set(img_code_id=None)),
    "number an integer": Injected({("ceased-to-conform", "img_code_id")}, _set(img_code_id=7)),
    "number renamed": Injected(
        {("ceased-to-conform", "img_code_id"), ("member-appeared", "data.imgCodeId")}, _renamed
    ),
    "number longer": Injected({("warning-began", "img_code_id")}, _longer),
    "picture cut": Injected(
        {("ceased-to-conform", "img")}, lambda p, _: p["data"].update(img=p["data"]["img"][:-400])
    ),
    "picture larger": Injected(
        {("warning-began", "img"), ("picture-moved", "img")}, _picture((150, 50), "JPEG")
    ),
    "picture a PNG": Injected(
        {("warning-began", "img"), ("picture-moved", "img")}, _picture((125, 45), "PNG")
    ),
    "one number": Injected({("ceased-to-conform", "img_code_id")}, _set(img_code_id="AAAAAA")),
    "message in English": Injected({("warning-began", "msg")}, _of_envelope(msg="success")),
    "request_id missing": Injected(
        {("warning-began", "request_id")}, lambda p, _: p.pop("request_id")
    ),
    "code an integer": Injected({("ceased-to-conform", "code")}, _of_envelope(code=0)),
    "undocumented member": Injected(
        {("warning-began", "answer"), ("member-appeared", "data.expire")}, _set(expire=60)
    ),
    "slow": Injected({("latency-moved", "")}, slower=4.0),
    "down": Injected({("no-longer-judged", "")}, failure=Failure("refused", "refused")),
}
"""The changes of 获取图形验证码."""

PARKING: Mapping[str, Injected] = {
    "nothing": Injected(set()),
    "total missing": Injected(
        {("ceased-to-conform", "total")}, lambda p, _: p["data"].pop("total")
    ),
    "total a text": Injected(
        {("ceased-to-conform", "total")},
        lambda p, _: p["data"].update(total=str(p["data"]["total"])),
    ),
    "records missing": Injected(
        {("ceased-to-conform", "records")}, lambda p, _: p["data"].pop("records")
    ),
    "slow": Injected({("latency-moved", "")}, slower=4.0),
    "plates missing": Injected(
        {("ceased-to-conform", "plate")},
        lambda p, _: [each.pop("plate") for each in p["data"]["records"]],
    ),
    "message gone": Injected({("member-vanished", "msg")}, lambda p, _: p.pop("msg")),
}
"""The changes of 查询停车记录."""


def exchanges(
    seed: str, answer: Callable[[random.Random], Payload], injected: Injected, samples: int
) -> tuple[Exchange, ...]:
    """Answer some calls; about one time in thirty the network dawdles."""
    random_ = random.Random(seed)
    made = []
    for number in range(1, samples + 1):
        payload = answer(random_)
        injected.edit(payload, random_)
        body = json.dumps(payload).encode()
        seconds = 0.08 * injected.slower * random_.lognormvariate(0, 0.12)
        seconds += 0.3 * (random_.random() < 1 / 30)
        response = Response(200, (("Content-Type", "application/json"),), body)
        made.append(
            Exchange(
                number=number,
                request=Request("POST", "http://test.example/x", ()),
                outcome=injected.failure or response,
                seconds=seconds,
                started=BEGAN + timedelta(seconds=number),
                waited=seconds / 2,
            )
        )
    return tuple(made)


def report(
    operation: Operation,
    observed: tuple[Exchange, ...],
    *,
    environment: str = "test",
    strictness: Level = Level.TABLE,
) -> str:
    """Judge a run, and write its report as JSON."""
    judgement = judge(operation, provenance_of(operation), observed, strictness=strictness)
    status = {"violates": 1, "inconclusive": 69}.get(judgement.verdict, 0)
    run = Run(
        environments=(JudgedEnvironment(name=environment, judgements=(judgement,)),),
        strictness=strictness,
        insecure=False,
        started=observed[0].started or BEGAN,
        exit_status=status,
    )
    return as_json.text(contents(run))


def written(path: Path, text: str) -> Path:
    """Write a report, and the folder around it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_a_run(path: Path, seed: str) -> None:
    """Write the report of a run that found nothing."""
    operation = load(SPEC).operations[0]
    written(path, report(operation, exchanges(seed, captcha, CAPTCHAS["nothing"], 5)))
