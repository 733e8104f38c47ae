"""What gives a product away, and that it only improves the evidence."""

from __future__ import annotations

from types import ModuleType

import pytest

from contract.judging import products, who_answered
from contract.judging.exchange import Exchange, Response
from contract.judging.foreign_text import parts_of
from contract.judging.products import PRODUCTS, recognised
from contract.judging.reading import Unjudged, read
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer
from mock_server.faults import foreign_objects, foreign_pages
from mock_server.faults.fault import Fault, faults_in, foreign
from tests.judged_answers import REQUEST

KNOWN = {
    "portal-wispr": "a captive portal",
    "sso-form": "SAML",
    "sso-xhtml": "single sign-on",
    "login-through-oauth": "OAuth 2",
    "waf-challenge": "Aliyun WAF",
    "waf-with-number": "F5 BIG-IP ASM",
    "not-found-by-nginx": "nginx",
    "method-not-allowed-by-openresty": "OpenResty",
    "not-found-by-tomcat": "Tomcat",
    "kong-without-route": "Kong",
    "apisix-without-route": "APISIX",
    "spring-gateway-without-route": "Spring Cloud Gateway",
    "spring-without-mapping": "Spring Boot",
    "tencent-gateway-without-api": "Tencent Cloud API gateway",
    "aliyun-gateway-without-api": "Aliyun API gateway",
    "gone-by-gateway": "Huawei Cloud APIG",
    "traefik-without-route": "Traefik",
    "envoy-without-upstream": "Envoy",
    "haproxy-without-server": "HAProxy",
    "sentinel-at-200": "Sentinel",
    "problem-at-200": "RFC 9457 problem details",
}
FOREIGN = [*foreign_pages.PAGES, *foreign_objects.OBJECTS]


def answer_of(fault: Fault, operation: Operation) -> Response | None:
    made = fault.apply(Answer(200, "", b""), operation)
    if not isinstance(made, Answer):
        return None
    label = (("content-type", made.media_type),) if made.media_type else ()
    return Response(made.status, (*label, *made.headers), made.body)


@pytest.mark.parametrize("name", KNOWN)
def test_a_product_is_named_by_what_gives_it_away(name: str, operation: Operation) -> None:
    (fault,) = (each for each in FOREIGN if each.name == name)
    answer = answer_of(fault, operation)

    assert answer is not None
    assert recognised(answer, answer.body.decode()) == KNOWN[name]
    found = read(Exchange(1, REQUEST, answer, 0.1), operation, ())
    assert isinstance(found, Unjudged)
    assert f"looks like {KNOWN[name]}" in found.evidence


def test_without_any_product_the_verdicts_and_answerers_are_the_same(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [each for fault in FOREIGN if (each := answer_of(fault, operation))]

    def said() -> list[tuple[str, str]]:
        found = (read(Exchange(1, REQUEST, each, 0.1), operation, ()) for each in answers)
        return [(each.reason, str(each.who)) for each in found if isinstance(each, Unjudged)]

    known = said()
    monkeypatch.setattr(who_answered, "recognised", lambda *_: None)
    assert (said(), len(known)) == (known, len(answers))
    assert len(known) >= 60


def test_an_answer_of_another_system_costs_one_row(operation: Operation) -> None:
    module = ModuleType("mock_server.faults.foreign_objects")
    row = foreign(module.__name__, "door", "A door.", "门。", "a door", body="shut", status=404)
    vars(module)["DOORS"] = (row,)

    (added,) = faults_in([module]).values()

    answer = answer_of(added, operation)
    assert answer is not None
    found = read(Exchange(1, REQUEST, answer, 0.1), operation, ())
    assert isinstance(found, Unjudged)
    assert (added.kind, found.reason) == ("foreign_objects", added.inconclusive)


def test_a_product_costs_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    doors = products.Product("Doors", r"server: doors", r"door \d")
    monkeypatch.setattr(products, "PRODUCTS", (*PRODUCTS, doors))

    assert recognised(Response(404, (("Server", "Doors/1"),), b""), "") == "Doors"
    assert recognised(Response(404, (), b""), "door 7") == "Doors"


def test_an_answer_of_nobody_known_names_no_product() -> None:
    assert recognised(Response(200, (("Server", "gateway"),), b"{}"), "{}") is None
    assert len({each.name for each in PRODUCTS}) == len(PRODUCTS)


@pytest.mark.parametrize(
    ("page", "said", "quoted", "scripts"),
    [
        ("<p>a</p>b", "ab", "", ""),
        ("a<!-- b -->c<!-- d", "ac", "", ""),
        ("<title>t</title><style>p{}</style>x", "x", "", ""),
        ("<script>var a='<p>';</script>x", "x", "", "var a='<p>';"),
        ("<SCRIPT>a</SCRIPT><script>b", "", "", "a\nb"),
        ("<pre>a<b>c</b></pre>x<code>d</code>", "x", "ac\nd", ""),
        ("1 < 2 <", "1 < 2 <", "", ""),
        ("<p data='{}'>x", "x", "", ""),
    ],
)
def test_a_page_is_taken_apart(page: str, said: str, quoted: str, scripts: str) -> None:
    parts = parts_of(page)

    assert (parts.said, parts.quoted, parts.scripts) == (said, quoted, scripts)


@pytest.mark.parametrize(
    "piece",
    ["<", "<a", "<!--", "<!-- -->", "{", '{"a":', "<pre>", "<script>", "<?", "<title>", '{"', "&#"],
)
@pytest.mark.parametrize("label", ["text/html", "application/json"])
def test_hostile_bodies_are_read_to_their_end(piece: str, label: str, operation: Operation) -> None:
    body = (piece * (200_000 // len(piece))).encode()

    reading = read(
        Exchange(1, REQUEST, Response(200, (("Content-Type", label),), body), 0.1), operation, ()
    )

    assert not isinstance(reading, Unjudged) or len(reading.evidence) < 400
