"""A recording of ours, judged again, comes to the same verdict, and shows no credential."""

from __future__ import annotations

import json
import random
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import pytest

from contract.findings import Level
from contract.judging import as_har
from contract.judging.exchange import Attempt, Exchange, Failure, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.run import JudgedEnvironment, Run
from contract.judging.verdict import Judgement, judge
from contract.spec.operations import Operation
from contract_tests.observing.recordings import recordings
from contract_tests.reports import as_terminal, github
from contract_tests.reports.publishing import FORMATS
from contract_tests.reports.report_contents import contents
from tests.small_specs import spec_of
from tests.thoroughness import tries

BATCHES, SIZES = tries(250), (1, 3, 4, 8)
"""A thousand exchanges."""
MOMENT = datetime(2026, 11, 24, 1, 51, 3, 17_000, tzinfo=UTC)
LOGIN = """
{type: object, required: [code, data], properties: {
  code: {type: string, x-business-success: ["000"]},
  msg: {type: string, enum: [成功, ok]},
  data: {type: object, required: [token, last], properties: {
    token: {type: string, maxLength: 24, minLength: 1, pattern: "^tk_[a-z0-9]+$", x-unique: true},
    pin: {type: string, format: password, maxLength: 6},
    password: {type: integer, minimum: 100000},
    tickets: {type: array, uniqueItems: true, items: {type: string, maxLength: 12}},
    secret: {oneOf: [{type: string, maxLength: 8}, {type: integer}]},
    last: {type: string, maxLength: 12}}}}}
"""
GIVEN = (
    *("hunter2-hunter2", "data", "html", "000", "0000", "image", "秘密的钥匙", 'a/b\\c"d é 😀+%&<'),
    *("application/json", "1234567890", "tk_abc", "token", "Basic dXNlcjpwYXNzd29yZC0x"),
)
PUBLIC = {"", "data", "html", "000", "0000", "image", "application/json", "token", "tk_abc"}
"""What anybody may say: a word that a user gave is no secret where it stands by itself."""
COOKIES = (
    *("last=data; Path=/", "code=000", "SID=s3cr3t-s3ss10n; HttpOnly", 'a="x; y-of-z"; Path=/'),
    *("only-a-value-9", "t=application/json; Expires=Wed, 21 Oct 2026 07:28:00 GMT, u=v-of-u"),
    *("x={}", "=", ";;", "msg=成功", "data:image/jpg;base64"),
)
PLACES: Sequence[Callable[[str], str]] = (
    lambda text: text,
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    lambda text: "".join(f"\\u{ord(each):04X}" if each < "\uffff" else each for each in text),
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="").lower(),
    quote_plus,
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: b64encode(text.encode()).decode(),
    lambda text: urlsafe_b64encode(b"x" + text.encode() + b"yz").decode(),
    lambda text: b64encode(b"xy" + text.encode()).decode(),
    ascii,
)
"""Ways in which a server may send back what was sent."""


class Invented:
    """Exchanges of an operation, hostile and ordinary ones, drawn from a seed."""

    def __init__(self, operation: Operation, seed: int) -> None:
        self.operation = operation
        self.size = SIZES[seed // 2 % len(SIZES)]
        self.draw = random.Random(seed)
        self.given = self.draw.choice(GIVEN) if self.draw.random() < 0.6 else ""
        self.secrets: set[str] = {self.given} - PUBLIC

    def secret(self, text: str) -> str:
        self.secrets.add(text)
        return text

    def word(self, size: int = 12) -> str:
        return "".join(self.draw.choices("abcdefghijkmnopqrstuvwxyz23456789", k=size))

    def echoed(self) -> str:
        return self.draw.choice(PLACES)(self.given)

    def answer(self) -> object:
        draw = self.draw
        documented = next(iter(self.operation.examples.values()), None)
        if documented is not None and draw.random() < 0.6:
            value = json.loads(json.dumps(documented))
        else:
            value = {"code": draw.choice(["000", "000", "500", 0, None]), "msg": "成功", "data": {}}
        data = value.get("data") if isinstance(value, dict) else None
        if isinstance(data, dict):
            token = draw.choice(["tk_", "TK-", ""]) + self.word(draw.choice([4, 12, 30]))
            data["token"] = draw.choice(
                [self.secret(token), self.secret(token), "", None, 7, "tk_same1"]
            )
            data["last"] = draw.choice(["data", self.word(), json.loads(f'"{self.word()}"')])
            others: Mapping[str, Callable[[], object]] = {
                "pin": lambda: (self.secret if self.operation.id == "getX" else str)(
                    self.word(draw.choice([6, 9]))
                ),
                "password": lambda: draw.choice([123456, 1, 99.5, self.secret(self.word())]),
                "tickets": lambda: [self.secret(self.word(draw.choice([8, 16]))) for _ in range(3)],
                "secret": lambda: draw.choice([self.secret(self.word(8)), True, 5, ["a", {}]]),
                "accessToken": lambda: {"value": self.secret(self.word(20)), "expires": 3600},
                "url": lambda: (
                    f"https://u:{self.secret(self.word())}@h/?ticket={self.secret(self.word())}&a=b"
                ),
                "inner": lambda: json.dumps(
                    {"Refresh-Token": self.secret(self.word(20)), "a": "/"}
                ),
                "echo": self.echoed,
                self.given or "x": lambda: 1,
                "img_code_id": lambda: draw.choice(["6OPM6H", self.given, self.word(6).upper()]),
            }
            data |= {name: drawn() for name, drawn in others.items() if draw.random() < 0.3}
        return value

    def body(self) -> bytes:
        draw = self.draw
        text = json.dumps(
            self.answer(), ensure_ascii=draw.random() < 0.5, indent=draw.choice([None, 2])
        )
        shape = draw.randrange(16)
        if shape < 8:
            return text.encode()
        named, echo = f"token={self.secret(self.word())}", self.echoed()
        others: Sequence[bytes] = (
            b"\xef\xbb\xbf" + text.encode(),
            text.encode("gb18030", "replace"),
            text.encode()[: draw.randrange(len(text))],
            f"callback({text});".encode(),
            f"<!DOCTYPE html><p>{echo}<a href='/?{named}'>".encode(),
            draw.randbytes(50),
            b"",
            f"access_{named}&x={echo}".encode(),
        )
        return others[shape - 8]

    def headers(self) -> Iterator[tuple[str, str]]:
        draw = self.draw
        yield (
            "Content-Type",
            draw.choice(
                ["application/json", "application/json;charset=UTF-8", "text/html", "a\xff\xe9/b"]
            ),
        )
        for _ in range(draw.randrange(3)):
            cookie = draw.choice(COOKIES)
            self.secrets |= {
                each
                for each in ("s3cr3t-s3ss10n", "y-of-z", "only-a-value-9", "v-of-u")
                if each in cookie
            }
            yield draw.choice(["Set-Cookie", "set-cookie"]), cookie
        extra: Mapping[str, Callable[[], str]] = {
            "token": lambda: self.secret(self.word()),
            "X-Access-Token": lambda: self.secret(self.word()),
            "Location": lambda: (
                f"/x?a=b&ticket=ST-{self.secret(self.word())}#access_token={self.secret(self.word())}"
            ),
            "Cache-Control": lambda: draw.choice(["max-age=60", "no-store"]),
            "Content-Encoding": lambda: draw.choice(["gzip", "utf-8"]),
            "X-Echo": self.echoed,
            "Age": lambda: "7",
            "Retry-After": lambda: "5",
            "X-Bytes": lambda: "\x80\xff",
        }
        for name, value in extra.items():
            if draw.random() < 0.15:
                yield name, value().replace("\r", "").replace("\n", "")
                if draw.random() < 0.2:
                    yield name, value()

    def outcome(self) -> Response | Failure:
        draw = self.draw
        if draw.random() < 0.12:
            return draw.choice(
                [
                    Failure("refused", "Connection refused", "Is a server listening there?"),
                    Failure("timeout", "no complete answer within 10 s"),
                    Failure("too-large", "the body is larger than 1048576 bytes"),
                    Failure("not-sent", "needs token"),
                    Failure("proxy", f"http://u:{self.secret(self.word())}@p:3128 {self.echoed()}"),
                    Failure("not-http", "x: y\n: z"),
                ]
            )
        status = draw.choice(
            [200] * 8 + [201, 302, 400, 404, 415, 429, 500, 502, 99, 101, 299, 999]
        )
        body = self.body()
        version = draw.choice(["HTTP/1.1", "HTTP/2", "HTTP/1.0"])
        return Response(status, tuple(self.headers()), body, version, draw.choice([len(body), 3]))

    def exchanges(self) -> list[Exchange]:
        draw = self.draw
        base = draw.choice(
            [
                "http://127.0.0.1:8080",
                "https://test-etc.ebaas.com",
                "http://h/a%2Fb/x",
                "http://h/失",
            ]
        )
        query = draw.choice(["", f"?token=%5Bredacted%5D&a={quote('ü/')}"])
        headers = (
            ("Accept", "application/json"),
            ("X-Door", self.given),
            ("Cookie", "SID=s3cr3t-s3ss10n"),
        )
        self.secrets.add("s3cr3t-s3ss10n")
        request = Request(
            self.operation.method,
            base + self.operation.path + query,
            headers,
            frozenset({"X-Door"}),
        )
        return [
            Exchange(
                number,
                request,
                self.outcome(),
                draw.choice([0.1, 3.0, 3.0000000001, 4.7]),
                draw.choice([MOMENT, None]),
                draw.choice([0.0, 0.05]),
                tuple(
                    Attempt(self.outcome(), 0.2, MOMENT)
                    for _ in range(draw.choice([0, 0, 0, 1, 2]))
                ),
            )
            for number in range(1, self.size + 1)
        ]


def as_they_came(operation: Operation, exchanges: Sequence[Exchange]) -> Judgement:
    """Judge exchanges with all credentials in them."""
    with patch("contract.judging.verdict.without_credentials", lambda calls, *_: calls):
        return judge(operation, provenance_of(operation), exchanges, strictness=Level.STRICT)


def judged(operation: Operation, exchanges: Sequence[Exchange]) -> Judgement:
    found = judge(operation, provenance_of(operation), exchanges, strictness=Level.STRICT)
    return replace(found, environment="dev")


def verdicts(judgement: Judgement) -> Mapping[str, object]:
    return {
        "verdict": judgement.verdict,
        "judged": judgement.judged,
        "findings": [
            (each.id, each.samples, each.pointer, each.level) for each in judgement.findings
        ],
        "kept": [(name, outcome.kept) for name, outcome in judgement.outcomes.items()],
        "moot": [outcome.claim.id for outcome in judgement.outcomes.values() if outcome.moot],
        "unjudged": [(number, reading.reason) for number, reading in judgement.unjudged],
    }


def facts(judgement: Judgement) -> Mapping[str, object]:
    evidence = [reading.evidence for _, reading in judgement.unjudged]
    return {**verdicts(judgement), "evidence": evidence}


def artefacts(judgement: Judgement, har: str) -> Iterator[str]:
    run = Run(
        environments=(JudgedEnvironment(name="dev", judgements=(judgement,)),),
        strictness=Level.STRICT,
        insecure=False,
        started=MOMENT,
        exit_status=1,
    )
    report = contents(run)
    yield from (text(report) for text in FORMATS.values())
    yield "\n".join(github.commands(report))
    yield "\n".join(as_terminal.lines(judgement))
    yield har


ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})")


def told(text: str) -> Iterator[str]:
    """Give a text as it is, and as those read it who undo escapes."""
    yield text
    plain = ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    plain = unescape(plain.replace("\\/", "/").replace('\\"', '"').replace("\\\\", "\\"))
    yield plain
    yield unquote(unquote(plain))
    yield unquote_plus(plain)
    for run in re.findall(r"[A-Za-z0-9+/_-]{8,400}", text):
        for start in range(4):
            data = run[start:].replace("-", "+").replace("_", "/")
            yield b64decode(data[: len(data) // 4 * 4]).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def login() -> Operation:
    return spec_of(" ".join(LOGIN.split())).operations[0]


@pytest.mark.parametrize("part", range(10))
def test_generated_exchanges_are_judged_as_their_recording_which_holds_no_secret(
    part: int, operation: Operation, login: Operation, tmp_path: Path
) -> None:
    for seed in range(part, BATCHES, 10):
        asked = operation if seed % 2 else login
        invented = Invented(asked, seed)
        exchanges = invented.exchanges()
        live = judged(asked, exchanges)
        path = tmp_path / "traffic.har"
        har = as_har.text([live])
        path.write_text(har, encoding="utf-8")

        (recording,) = recordings(path, [asked])
        again = judged(recording.operation, recording.exchanges)
        path.write_text(as_har.text([again]), encoding="utf-8")
        (copy,) = recordings(path, [asked])

        assert verdicts(live) == verdicts(as_they_came(asked, exchanges)), seed
        assert facts(again) == facts(live), seed
        assert facts(judged(copy.operation, copy.exchanges)) == facts(live), seed
        secret = re.compile("|".join(map(re.escape, invented.secrets)))
        for text in artefacts(live, har):
            assert [found[0] for form in told(text) if (found := secret.search(form))] == [], seed
