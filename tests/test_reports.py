from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract.findings import Level, Place
from contract.judging.exchange import Attempt, Exchange, Failure, Response
from contract.judging.provenance import provenance_of
from contract.judging.reasons import REASONS
from contract.judging.run import JudgedEnvironment, Run
from contract.judging.verdict import Judgement, Verdict, judge
from contract.spec.operations import Operation, Spec
from contract.waivers import Waiver
from contract_tests.observing.sending import Manners, observe
from contract_tests.reports.as_json import SCHEMA
from contract_tests.reports.github import commands
from contract_tests.reports.publishing import FORMATS, publish
from contract_tests.reports.report_contents import contents
from contract_tests.reports.report_values import TRUTHS
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, draw
from mock_server.faults import FAULTS
from mock_server.serving.server import serving

STARTED = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
HOSTILE = "`<script>alert(1)</script>`|\"'\n# x ``](javascript:1)"
SECRET = "k3y-0f-the-h0use-and-of-the-garden-behind-it"  # noqa: S105 - a made-up one
COOKIE = "c00kie-of-the-session"
PASSWORD = "p4ssword"  # noqa: S105 - a made-up one
TABLE = Level.TABLE

Payload = dict[str, Any]


def seen(spec: Spec, fault: str | None = None) -> tuple[Exchange, ...]:
    with serving(application(spec, Captchas("reports"), FAULTS.get(fault or ""))) as url:
        manners = Manners(samples=4, rate=10_000, headers=(("X-Door", SECRET),))
        return tuple(observe(spec.operations[0], url, manners))


def judged(operation: Operation, exchanges: Sequence[Exchange], **waived: Waiver) -> Judgement:
    return judge(operation, provenance_of(operation), exchanges, strictness=TABLE, waived=waived)


def run_of(*judgements: Judgement, exit_status: int = 1) -> Run:
    return Run(
        environments=(JudgedEnvironment(name="mock", judgements=judgements),),
        strictness=TABLE,
        insecure=False,
        started=STARTED,
        exit_status=exit_status,
    )


def changed(exchanges: Sequence[Exchange], change: Callable[[Payload], object]) -> list[Exchange]:
    """Change every payload as a server would have sent it."""
    spoilt = []
    for exchange in exchanges:
        assert isinstance(exchange.outcome, Response)
        payload = json.loads(exchange.outcome.body)
        change(payload)
        body = json.dumps(payload).encode()
        spoilt.append(replace(exchange, outcome=replace(exchange.outcome, body=body)))
    return spoilt


@pytest.fixture(scope="module")
def healthy(spec: Spec) -> tuple[Exchange, ...]:
    return seen(spec)


@pytest.fixture(scope="module")
def runs(spec: Spec, healthy: tuple[Exchange, ...]) -> dict[str, Run]:
    operation = spec.operations[0]
    refused = Failure("refused", "Connection refused", "Is a server listening there?")
    tried = replace(healthy[0], outcome=refused, earlier=(Attempt(refused, 0.1, STARTED),))
    expires = date(2026, 12, 31)
    waiver = Waiver(
        finding="getImgCode-img_code_id-required",
        environment="mock",
        reason="agreed",
        ticket="ETC-7",
        expires=expires,
        place=Place("waivers.yaml", 1),
    )
    renamed = seen(spec, "number-renamed")
    return {
        "healthy": run_of(judged(operation, healthy), exit_status=0),
        "broken": run_of(judged(operation, renamed)),
        "waived": run_of(judged(operation, renamed, **{waiver.finding: waiver}), exit_status=0),
        "no-picture": run_of(judged(operation, seen(spec, "picture-no-base64"))),
        "inconclusive": run_of(judged(operation, seen(spec, "login-page")), exit_status=69),
        "down": run_of(judged(operation, [tried]), exit_status=69),
        "nothing": run_of(exit_status=69),
    }


RUNS = ("healthy", "broken", "waived", "no-picture", "inconclusive", "down", "nothing")
of_every_run = pytest.mark.parametrize("name", RUNS)
in_every_format = pytest.mark.parametrize("form", FORMATS)


def told(run: Run, form: str) -> str:
    return FORMATS[form](contents(run))


class Page(HTMLParser):
    """What a browser makes of a page: its elements, their attributes and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(run: Run) -> Page:
    return Page(told(run, "report.html"))


# report.json


@of_every_run
def test_the_json_report_is_as_its_schema_says(name: str, runs: dict[str, Run]) -> None:
    schema = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))

    errors = [
        error.message for error in schema.iter_errors(json.loads(told(runs[name], "report.json")))
    ]

    assert errors == []


def test_the_schema_of_the_report_is_a_json_schema_and_refuses_strange_members() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)

    objects = [part for part in (schema, *schema["$defs"].values()) if "properties" in part]

    assert all(part["unevaluatedProperties"] is False for part in objects)
    assert all(set(part["required"]) == set(part["properties"]) for part in objects)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("healthy", "conforms"),
        ("broken", "violates"),
        ("waived", "conforms"),
        ("inconclusive", "inconclusive"),
        ("nothing", "inconclusive"),
    ],
)
def test_the_report_holds_the_verdict_of_the_run(
    name: str, verdict: str, runs: dict[str, Run]
) -> None:
    report = json.loads(told(runs[name], "report.json"))

    assert report["verdict"] == verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (0, Verdict.CONFORMS),
        (1, Verdict.VIOLATES),
        (2, Verdict.INCONCLUSIVE),
        (69, Verdict.INCONCLUSIVE),
    ],
)
def test_a_run_conforms_only_if_it_also_ends_so(
    status: int, verdict: Verdict, runs: dict[str, Run]
) -> None:
    assert replace(runs["healthy"], exit_status=status).verdict is verdict


def test_a_finding_is_told_with_all_that_is_known_of_it(runs: dict[str, Run]) -> None:
    operation = json.loads(told(runs["broken"], "report.json"))["operations"][0]

    finding = operation["findings"][0]

    assert finding["id"] == "getImgCode-img_code_id-required"
    assert (finding["verdict"], finding["level"]) == ("violates", "table")
    assert finding["pointer"] == "/data/img_code_id"
    assert finding["places"][0]["path"] == "openapi/documents/getImgCode.md"
    assert (finding["samples"], finding["of"]) == ([1, 2, 3, 4], 4)


def test_a_waived_finding_is_told_with_its_reason(runs: dict[str, Run]) -> None:
    operation = json.loads(told(runs["waived"], "report.json"))["operations"][0]

    finding = operation["findings"][0]

    assert (finding["verdict"], finding["waiver"]["ticket"]) == ("waived", "ETC-7")


def test_the_json_report_knows_pictures_by_their_digest(
    healthy: tuple[Exchange, ...], runs: dict[str, Run]
) -> None:
    text = told(runs["healthy"], "report.json")
    response = healthy[0].outcome
    assert isinstance(response, Response)
    base64 = json.loads(response.body)["data"]["img"].partition(",")[2]

    picture = json.loads(text)["operations"][0]["exchanges"][0]["pictures"][0]

    assert picture["sha256"] == hashlib.sha256(b64decode(base64)).hexdigest()
    assert base64[:60] not in text


def test_earlier_tries_are_told(runs: dict[str, Run]) -> None:
    operation = json.loads(told(runs["down"], "report.json"))["operations"][0]

    assert operation["exchanges"][0]["earlier"][0]["failure"] == "refused: Connection refused"


def test_every_verdict_has_a_chinese_name() -> None:
    assert set(Verdict) <= set(TRUTHS)


def test_a_promise_and_a_reason_are_given_in_both_languages(runs: dict[str, Run]) -> None:
    (broken,) = json.loads(told(runs["broken"], "report.json"))["operations"]
    (unjudged,) = json.loads(told(runs["inconclusive"], "report.json"))["operations"]

    finding, sample = broken["findings"][0], unjudged["unjudged"][0]

    assert (finding["promise"], finding["promise_zh"]) == (
        "是否必填 是: present, not null, not empty",
        "是否必填 是：必须存在，不为 null，不为空字符串",
    )
    assert (sample["meaning"], sample["meaning_zh"]) == (
        REASONS["not-the-service"].english,
        REASONS["not-the-service"].chinese,
    )


# Every form


@in_every_format
def test_a_promise_stands_in_every_format_in_both_languages(
    form: str, runs: dict[str, Run]
) -> None:
    text = told(runs["broken"], form)

    assert "是否必填 是: present, not null, not empty" in text
    assert "是否必填 是：必须存在，不为 null，不为空字符串" in text


@in_every_format
@of_every_run
def test_every_run_can_be_told_in_every_format(
    name: str, form: str, runs: dict[str, Run], tmp_path: Path
) -> None:
    (line,) = publish(runs[name], tmp_path / "made" / "here").lines

    text = (tmp_path / "made" / "here" / form).read_text(encoding="utf-8")
    assert form in line

    assert runs[name].verdict in text


@in_every_format
def test_a_violation_is_told_with_its_document_line(form: str, runs: dict[str, Run]) -> None:
    text = told(runs["broken"], form)

    assert "openapi/documents/getImgCode.md" in text
    assert re.search(r'getImgCode\.md:28|"line": 28', text)


@pytest.mark.parametrize("form", ["report.md", "report.html"])
def test_an_inconclusive_run_is_told_with_what_may_help(form: str, runs: dict[str, Run]) -> None:
    assert "Is a server listening there?" in told(runs["down"], form)


@pytest.mark.parametrize("form", ["report.md", "report.html"])
def test_people_are_told_of_unverified_certificates_and_of_remarks(
    form: str, runs: dict[str, Run]
) -> None:
    run = replace(runs["healthy"], insecure=True, remarks=("a waiver is unused",))

    text = told(run, form)

    assert "certificates were not verified" in text
    assert "a waiver is unused" in text


# A server is not to be trusted


@pytest.fixture(scope="module")
def hostile(operation: Operation, healthy: tuple[Exchange, ...]) -> Run:
    def spoil(payload: Payload) -> None:
        payload["msg"] = HOSTILE
        payload["data"]["img_code_id"] = HOSTILE
        payload["data"]["img"] = "data:text/html;base64," + b64encode(HOSTILE.encode()).decode()

    return run_of(judged(operation, changed(healthy, spoil)))


@pytest.fixture(scope="module")
def failing(operation: Operation, healthy: tuple[Exchange, ...]) -> Run:
    failed = replace(healthy[0], outcome=Failure("not-http", f"\u202e{HOSTILE}\udc80"))
    return run_of(judged(operation, [failed, failed]), exit_status=69)


def test_the_page_holds_no_element_that_a_server_sent(hostile: Run, runs: dict[str, Run]) -> None:
    strange = {tag for tag, _ in page(hostile).elements}

    assert strange - {tag for tag, _ in page(runs["no-picture"]).elements} == set()
    assert "script" not in strange


def test_the_page_shows_what_a_server_sent_as_text(hostile: Run) -> None:
    assert "<script>alert(1)</script>" in page(hostile).text


@of_every_run
def test_the_page_lets_nothing_run_and_nothing_be_loaded(name: str, runs: dict[str, Run]) -> None:
    elements = page(runs[name]).elements
    links = [
        str(value)
        for _, attributes in elements
        for key, value in attributes.items()
        if key in {"src", "href", "srcset", "action", "data", "poster", "xlink:href"}
    ]

    active = [
        (tag, key)
        for tag, attributes in elements
        for key in attributes
        if key.startswith("on") or key == "style" or tag in {"script", "iframe", "object", "form"}
    ]

    assert active == []
    assert all(link == "data:," or link.startswith("data:image/jpeg;base64,") for link in links)


def test_the_policy_of_the_page_allows_its_own_style_and_pictures_only(
    runs: dict[str, Run],
) -> None:
    text = told(runs["healthy"], "report.html")
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()

    metas = [attributes for tag, attributes in Page(text).elements if tag == "meta"]

    assert {
        "http-equiv": "Content-Security-Policy",
        "content": f"default-src 'none'; img-src data:; style-src 'sha256-{digest}';"
        " base-uri 'none'; form-action 'none'",
    } in metas
    assert not re.search(r"url\(|@import", style)


def test_every_captcha_is_shown_as_a_picture(runs: dict[str, Run]) -> None:
    pictures = [attributes for tag, attributes in page(runs["healthy"]).elements if tag == "img"]

    assert len(pictures) == 4


def test_what_is_no_picture_is_not_shown_as_one(hostile: Run) -> None:
    assert "img" not in {tag for tag, _ in page(hostile).elements}


def test_a_picture_is_shown_under_its_own_type_whatever_its_label_says(
    operation: Operation, healthy: tuple[Exchange, ...]
) -> None:
    def mislabel(payload: Payload) -> None:
        base64 = payload["data"]["img"].partition(",")[2]
        payload["data"]["img"] = f"data:image/svg+xml;base64,{base64}"

    elements = page(run_of(judged(operation, changed(healthy, mislabel)))).elements

    sources = [str(attributes["src"]) for tag, attributes in elements if tag == "img"]
    assert {source.partition(";")[0] for source in sources} == {"data:image/jpeg"}


def test_the_markdown_keeps_what_a_server_sent_between_its_backticks(hostile: Run) -> None:
    text = told(hostile, "report.md")

    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)

    assert "alert(1)" in text
    assert "alert(1)" not in outside
    assert "script" not in outside


def test_no_line_of_the_markdown_is_made_by_a_server(failing: Run, runs: dict[str, Run]) -> None:
    lines = [line for line in told(failing, "report.md").splitlines() if line.startswith("#")]

    assert len(lines) == len(
        [line for line in told(runs["down"], "report.md").splitlines() if line.startswith("#")]
    )


def test_a_document_cannot_break_the_tables_of_the_markdown(
    operation: Operation, healthy: tuple[Exchange, ...]
) -> None:
    run = run_of(judged(replace(operation, summary="a | b <img> ``` [x](y)"), healthy))

    heading = next(line for line in told(run, "report.md").splitlines() if line.startswith("## "))

    assert not re.search(r"(?<!\\)[|<>`\[\]]", heading)


@in_every_format
def test_what_cannot_be_printed_is_escaped(form: str, failing: Run, tmp_path: Path) -> None:
    publish(failing, tmp_path)

    text = (tmp_path / form).read_text(encoding="utf-8")

    assert "\u202e" not in text
    assert "u202e" in text


# GitHub Actions


def test_a_violation_is_annotated_at_its_line_of_the_document(runs: dict[str, Run]) -> None:
    command, *others = commands(contents(runs["broken"]))

    properties, _, message = command.removeprefix("::error ").partition("::")
    assert others == []
    assert properties.split(",") == [
        "file=openapi/documents/getImgCode.md",
        "line=28",
        "title=getImgCode-img_code_id-required%3A violates 不符合",
    ]
    assert "promised: 是否必填 是: present, not null, not empty%0A约定: 是否必填 是：" in message
    assert "%0Aactual: /data/img_code_id: it is missing" in message


@pytest.mark.parametrize(
    ("name", "command"),
    [("waived", "::notice file="), ("inconclusive", "::notice file="), ("down", "::notice file=")],
)
def test_what_fails_nobody_is_a_notice(name: str, command: str, runs: dict[str, Run]) -> None:
    annotated = list(commands(contents(runs[name])))

    assert [each.startswith(command) for each in annotated] == [True]


def test_a_warning_is_annotated_as_one(spec: Spec) -> None:
    run = run_of(judged(spec.operations[0], seen(spec, "msg-in-english")), exit_status=0)

    annotated = list(commands(contents(run)))

    assert [each.partition(" ")[0] for each in annotated] == ["::warning"]


def test_a_healthy_run_is_not_annotated(runs: dict[str, Run]) -> None:
    assert list(commands(contents(runs["healthy"]))) == []


def test_an_annotation_is_one_line_whatever_a_server_sent(hostile: Run, failing: Run) -> None:
    annotated = [*commands(contents(hostile)), *commands(contents(failing))]

    assert all(each.startswith("::") and len(each.splitlines()) == 1 for each in annotated)


def test_a_percent_sign_is_escaped_before_the_rest(
    operation: Operation, healthy: tuple[Exchange, ...]
) -> None:
    failed = replace(healthy[0], outcome=Failure("not-http", "100%0A::error::x"))
    run = run_of(judged(operation, [failed, failed]), exit_status=69)

    command = next(commands(contents(run)))

    assert "100%250A::error::x" in command


def test_a_document_outside_of_the_repository_is_annotated_without_a_file(
    runs: dict[str, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))

    command = next(commands(contents(runs["broken"])))

    assert command.startswith("::error title=getImgCode-img_code_id-required%3A violates")


# Credentials


def echoing(exchange: Exchange, said: str) -> Exchange:
    """Have the server send back what it must not, wherever a report may show it."""
    assert isinstance(exchange.outcome, Response)
    payload = json.loads(exchange.outcome.body)
    payload["msg"] = said
    payload["request_id"] = said
    picture = draw("6F93", entropy=b"x") + said.encode()
    payload["data"] = {"img": b64encode(picture).decode(), "img_code_id": {said: said}}
    headers = (("Content-Type", f"text/{said}"), ("Set-Cookie", f"SESSION={COOKIE}; Path=/"))
    outcome = replace(exchange.outcome, headers=headers, body=json.dumps(payload).encode())
    user = ("Authorization", f"Basic {b64encode(f'user:{PASSWORD}'.encode()).decode()}")
    request = replace(exchange.request, headers=(*exchange.request.headers, user))
    moved = Response(302, (("Location", f"https://user:{PASSWORD}@127.0.0.1/{said}"),), b"")
    earlier = (Attempt(Failure("reset", said), 0.1, STARTED), Attempt(moved, 0.1, STARTED))
    return replace(exchange, request=request, outcome=outcome, earlier=earlier)


@in_every_format
@pytest.mark.parametrize("secret", [SECRET, PASSWORD])
def test_no_credential_comes_back_in_a_report(
    secret: str, form: str, operation: Operation, healthy: tuple[Exchange, ...]
) -> None:
    exchanges = [echoing(exchange, f"it was {secret}!") for exchange in healthy]
    run = run_of(judged(operation, exchanges))

    text = told(run, form) + "\n".join(commands(contents(run)))

    encoded = {b64encode(b" " * pad + secret.encode())[4:20].decode() for pad in range(3)}
    assert "[redacted]" in text
    assert [each for each in (secret[:12], *encoded) if each in text] == []


@in_every_format
def test_no_credential_comes_back_in_why_nothing_can_be_said(
    form: str, operation: Operation, healthy: tuple[Exchange, ...]
) -> None:
    to = Response(302, (("Location", f"https://u:{PASSWORD * 9}@127.0.0.1/{SECRET}"),), b"")
    run = run_of(judged(operation, [replace(healthy[0], outcome=to)]), exit_status=69)

    text = told(run, form)

    assert PASSWORD not in text
    assert SECRET[:12] not in text


@pytest.mark.parametrize("secret", [SECRET, f"http://u:{PASSWORD * 9}@127.0.0.1/"])
@pytest.mark.parametrize("before", ["", "it was\n", 'it is "\n'], ids=ascii)
def test_no_beginning_of_a_credential_is_told_wherever_a_text_was_cut(
    before: str, secret: str, operation: Operation, healthy: tuple[Exchange, ...]
) -> None:
    texts = iter([before + "." * dots + secret * 3 for dots in range(60)])
    calls = changed(
        healthy[:1] * 60, lambda each: each.update(msg=next(texts), code="500", data=None)
    )
    exchanges = [replace(each, number=number) for number, each in enumerate(calls, 1)]

    told = [reading.evidence for _, reading in judged(operation, exchanges).unjudged]

    assert len(told) == 60
    assert [each for each in told if re.search("k3y-|p4ss", each)] == []


def test_what_is_short_keeps_no_secret_and_the_report_readable(
    operation: Operation, healthy: tuple[Exchange, ...]
) -> None:
    request = replace(healthy[0].request, headers=(("X-Flag", "4"),), secret=frozenset({"X-Flag"}))
    exchanges = [replace(each, request=request) for each in healthy]
    run = run_of(judged(operation, changed(exchanges, lambda each: each.update(msg="4"))))

    assert '"4"' in told(run, "report.md")
