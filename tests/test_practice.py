"""What no document promises: undocumented and repeated members, BOM, caches, slowness."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contract.findings import Finding, Level
from contract.judging.checks.good_practice import cached
from contract.judging.claims import claims
from contract.judging.exchange import Exchange, Request, Response
from contract.judging.provenance import Provenance, provenance_of
from contract.judging.reading import JudgeableAnswer, read
from contract.judging.verdict import judge
from contract.spec.operations import Operation, Spec
from contract.spec.vocabulary import shown
from contract.spec.yaml_text import Located
from tests.small_specs import operation_of

JSON = ("Content-Type", "application/json")
DATE = ("Date", "Tue, 24 Nov 2026 00:00:00 GMT")
LATER = "Tue, 24 Nov 2026 00:01:00 GMT"
NOWHERE = "Tue, 24 Nov 2026 00:01:00 -0000"
AGES = f"max-age={'9' * 9999}"


def exchange(body: bytes, *headers: tuple[str, str], seconds: float = 0.1) -> Exchange:
    request = Request("POST", "http://127.0.0.1/x", ())
    return Exchange(1, request, Response(200, (JSON, *headers), body), seconds)


def found(operation: Operation, seen: Exchange) -> tuple[Finding, ...]:
    return judge(operation, provenance_of(operation), [seen], strictness=Level.STRICT).findings


def sample(operation: Operation, **changes: object) -> bytes:
    payload = json.loads(json.dumps(operation.examples["documented"]))
    data = payload["data"]
    for name, value in changes.items():
        if value is None:
            del data[name]
        else:
            data[name] = value
    return json.dumps(payload).encode()


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ((), None),
        ((("ETag", '"1"'),), None),
        ((("Last-Modified", DATE[1]),), None),
        ((("Cache-Control", "no-store"),), None),
        ((("Cache-Control", "no-cache, max-age=60"),), None),
        ((("Cache-Control", "max-age=60"), ("Cache-Control", "no-store")), None),
        ((("Cache-Control", "private"),), None),
        ((("Cache-Control", "public, max-age=0"),), None),
        ((("Cache-Control", "max-age=000"),), None),
        ((("Cache-Control", "max-age=-1"),), None),
        ((("Cache-Control", "max-age=soon"),), None),
        ((("Cache-Control", "max-age=0"), DATE, ("Expires", LATER)), None),
        ((("Cache-Control", "max-age=60"),), 'Cache-Control: "max-age=60"'),
        ((("cache-control", 'PRIVATE,Max-Age="60"'),), 'Cache-Control: "PRIVATE,Max-Age="60""'),
        ((("Cache-Control", "max-age=0, s-maxage=9"),), 'Cache-Control: "max-age=0, s-maxage=9"'),
        ((("Cache-Control", "public"),), 'Cache-Control: "public"'),
        ((("Cache-Control", AGES),), f"Cache-Control: {shown(AGES)}"),
        ((DATE, ("Expires", LATER)), f'Expires: "{LATER}"'),
        ((DATE, ("Expires", DATE[1])), None),
        ((DATE, ("Expires", "0")), None),
        ((DATE, ("Expires", "Tue, 99 Foo 99999999999 99:00:00")), None),
        ((DATE, ("Expires", NOWHERE)), f'Expires: "{NOWHERE}"'),
        ((("Expires", LATER),), None),
        ((("Age", "0"),), None),
        ((("Age", "-5"),), None),
        ((("Age", "5"),), 'Age: "5"'),
        ((("X-Cache", "MISS"),), None),
        ((("X-Cache", "MISS from hit.example"),), None),
        ((("X-Cache", "HIT from edge"),), 'X-Cache: "HIT from edge"'),
        ((("X-Cache", "MISS, HIT"),), 'X-Cache: "MISS, HIT"'),
        ((("X-Cache", "TCP_MEM_HIT dirn:1"),), 'X-Cache: "TCP_MEM_HIT dirn:1"'),
        ((("CF-Cache-Status", "DYNAMIC"),), None),
        ((("Cache-Status", "edge; fwd=miss; stored"),), None),
        ((("Cache-Status", "edge; hit; ttl=3"),), 'Cache-Status: "edge; hit; ttl=3"'),
    ],
)
def test_an_answer_is_told_that_came_from_a_cache_or_offers_itself_to_one(
    headers: tuple[tuple[str, str], ...], told: str | None
) -> None:
    evidence = cached(Response(200, headers, b"{}"))

    assert evidence == told


def test_only_an_answer_that_must_be_fresh_may_not_be_cached(spec: Spec, platform: Spec) -> None:
    claimed = [
        claim.operation
        for operation in (*spec.operations, *platform.operations)
        for claim in claims(operation, provenance_of(operation))
        if claim.name == "not-cached"
    ]

    assert claimed == ["getImgCode"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"img_code_id": None, "imgCodeId": "6OPM6H"},
            ['it is missing; did the server mean "imgCodeId"?'],
        ),
        (
            {"img_code_id": None, "img_code_ld": "6OPM6H"},
            ['it is missing; did the server mean "img_code_ld"?'],
        ),
        (
            {"img_code_id": None, "uuid": "6OPM6H"},
            ['"/data/uuid"', "it is missing"],
        ),
        ({"imgCodeId": "6OPM6H"}, ['"/data/imgCodeId"']),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, ['"/data/a", "/data/b", "/data/c" and 1 more']),
        ({"\x1b[2J": 1}, [r'"/data/\x1b[2J"']),
    ],
    ids=["casing", "spelling", "another", "beside", "many", "terminal"],
)
def test_an_undocumented_member_is_told_with_the_row_that_it_seems_to_be_meant_for(
    operation: Operation, changes: dict[str, object], told: list[str]
) -> None:
    findings = found(operation, exchange(sample(operation, **changes)))

    assert [each.evidence for each in findings] == told


def test_undocumented_members_are_told_in_the_items_of_lists(platform: Spec) -> None:
    body = (
        b'{"code": "000", "msg": "", "data": {"total": 1, "records":'
        b' [{"plate": "A", "minutes": 1, "color": 2}]}}'
    )

    (finding,) = found(platform.operations[0], exchange(body))

    assert (finding.id, finding.evidence) == (
        "getParkingRecords-answer-documented",
        '"/data/records/0/color"',
    )


OPTIONAL = """{type: object, required: [data], properties: {
  plates: {type: string}, code: {type: string},
  data: {type: object, required: [plate], properties: {
    plate: {type: string}, coupon: {type: string}, total: {type: string}}}}}"""


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({"data": {"plate": "A", "coupons": "B"}}, ['"/data/coupons"']),
        ({"data": {"plate": "A"}, "Code": "B"}, ['"/Code"']),
        ({"data": {"plate": "A"}, "plate": "B"}, ['"/plate"']),
        ({"data": {"plate": "A", "plates": "B"}}, ['"/data/plates"']),
        ({"data": {"plates": "A"}}, ["it is missing"]),
        ({"data": {"plate": "A", "a": 1, "b": 1, "c": 1}}, ['"/data/a", "/data/b", "/data/c"']),
        ({"data": {"plate": "A", "Total": {"a": 1}}, "b": 1}, ['"/b", "/data/Total"']),
        ({"data": ["plate"]}, ["an array of 1 items, of type array"]),
        ({"data": {"plate": "A"}}, []),
    ],
    ids=str,
)
def test_only_what_seems_to_be_meant_for_a_missing_required_member_is_left_to_it(
    payload: object, told: list[str]
) -> None:
    findings = found(operation_of(OPTIONAL), exchange(json.dumps(payload).encode()))

    assert [each.evidence.partition(";")[0] for each in findings] == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            b'\xef\xbb\xbf{"data": {"plate": "A"}}',
            ["no-bom: a byte order mark stands before the JSON"],
        ),
        (b'{"data": {"plate": "\xef\xbb\xbf"}}', []),
        (b'{"data": {"plate": "A", "plate": "B"}}', ['names-once: "plate"']),
        (b'{"data": {"plate": "A"}', ["json"]),
        (b"\xef\xbb\xbf{", ["json"]),
    ],
)
def test_what_a_reader_of_json_may_refuse_is_told_where_there_is_json(
    body: bytes, told: list[str]
) -> None:
    findings = found(operation_of(OPTIONAL), exchange(body))

    assert [
        f"{each.claim}: {each.evidence}"[: len(words)]
        for each, words in zip(findings, told, strict=True)
    ] == told


def test_what_good_practice_promises_is_asked_at_its_own_level() -> None:
    listed = claims(operation_of(OPTIONAL), Provenance(None))

    assert {each.name for each in listed if each.level is Level.STRICT} == {
        *("documented", "names-once", "no-bom", "content-coding", "prompt")
    }


@pytest.mark.parametrize(
    ("method", "schema", "asked"),
    [
        ("get", "{type: string}", False),
        ("head", "{type: string}", False),
        ("options", "{type: string}", False),
        ("post", "{type: string}", True),
        ("put", "{type: string}", True),
        ("delete", "{type: string}", True),
        ("get", "{type: string, x-unique: true}", True),
        ("get", "{type: object, properties: {a: {x-sample: {x-unique: true}}}}", True),
    ],
)
def test_an_answer_must_be_fresh_where_the_call_changes_something_or_a_value_is_unique(
    method: str, schema: str, *, asked: bool
) -> None:
    operation = replace(operation_of(schema), method=method.upper())

    listed = claims(operation, Provenance(None))

    assert ("not-cached" in {each.name for each in listed}) is asked


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ([("Age", " 7 ")], ['Age: "7"']),
        ([("Age", "07")], ['Age: "07"']),
        ([("Age", "7s")], []),
        ([("Cache-Control", "max-age=60")], ['Cache-Control: "max-age=60"']),
        ([("Cache-Control", "max-age=0"), ("Cache-Control", "public")], []),
        (
            [("Cache-Control", "s-maxage=0, max-age=60")],
            ['Cache-Control: "s-maxage=0, max-age=60"'],
        ),
        ([("Cache-Control", "max-age=60x")], []),
        ([("Expires", LATER), ("Date", "no date")], []),
        ([("Expires", LATER), ("Date", "Tue, 24 Nov 2026 00:01:01 GMT")], []),
        ([("Cache-Control", "public"), DATE, ("Expires", DATE[1])], []),
        ([("X-Cache", "hit.example")], []),
        ([("X-Cache", "no hit")], []),
        ([("X-Cache", "MISS"), ("CF-Cache-Status", "hit")], ['CF-Cache-Status: "hit"']),
    ],
    ids=str,
)
def test_a_stale_answer_to_a_call_that_changes_something_is_told(
    headers: list[tuple[str, str]], told: list[str]
) -> None:
    operation = replace(operation_of(OPTIONAL), method="POST")

    findings = found(operation, exchange(b'{"data": {"plate": "A"}}', *headers))

    assert [each.evidence for each in findings] == told


def test_nothing_is_undocumented_where_anything_is_allowed(spec: Spec) -> None:
    operation = spec.operations[0]
    (data,) = (member for member in operation.members if member.name == "data")
    schema = Located(data.place)
    schema["additionalProperties"] = True
    data_open = replace(data, schema=schema)
    members = tuple(data_open if each is data else each for each in operation.members)
    opened = replace(operation, answer=replace(operation.answer, members=members))

    assert found(opened, exchange(sample(operation, extra=1))) == ()


@pytest.mark.parametrize(
    ("body", "repeated"),
    [
        (b'{"a": 1, "a": 1}', ("a",)),
        (b'{"a": 1, "A": 1}', ()),
        (b'{"a": 1, "b": 2, "a": 3}', ("a",)),
        (b'{"a": 1, "a": 2, "a": 3}', ("a",)),
        (b'{"b": 1, "a": {"c": 2, "c": 3}, "b": 4}', ("c", "b")),
        (b'[{"b": [{"a": 1, "\\u0061": 2}]}, {"c": 1, "c": 2, "c": 3}]', ("a", "c")),
    ],
)
def test_names_that_stand_twice_are_found_wherever_they_are(
    body: bytes, repeated: tuple[str, ...]
) -> None:
    anything = operation_of("{}")

    reading = read(exchange(body), anything, ())

    assert isinstance(reading, JudgeableAnswer)
    assert reading.repeated == repeated


@pytest.mark.parametrize(("seconds", "told"), [(3.0, []), (3.01, ["it took 3.01 s"])])
def test_an_answer_is_slow_beyond_three_seconds(
    operation: Operation, seconds: float, told: list[str]
) -> None:
    findings = found(operation, exchange(sample(operation), seconds=seconds))

    assert [each.evidence for each in findings] == told


@pytest.mark.parametrize(
    "body",
    [
        b'{"code": "000", "data": {'
        + b",".join(b'"img_code_i%d": 1' % k for k in range(20_000))
        + b"}}",
        b'{"code": "000", "data": {"' + b"img_code_id" * 100_000 + b'": 1}}',
        b'{"code": "000", "a": ' + b'{"a":' * 500 + b"{}" + b"}" * 501,
        b'{"code": "000", "\\ud800": 1, "\\ud800": 2}',
        b'{"code": "000", "": 1, "/": 2, "~": 3}',
        b'[{"code": "000"}, ' + b"[" * 900 + b"]" * 901,
        b'{"code": "000", "data": [{"data": {}}]}',
    ],
    ids=["many", "long", "deep", "surrogates", "pointers", "lists", "mixed"],
)
def test_whatever_members_a_server_sends_are_judged(operation: Operation, body: bytes) -> None:
    assert found(operation, exchange(body)) != ()
