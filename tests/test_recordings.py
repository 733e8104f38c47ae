"""Entries of a HAR file as calls of operations: which belong, where they went, what came."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.credentials import REDACTED
from contract.findings import Place
from contract.judging.exchange import Exchange, Failure, Response
from contract.spec.loading import interpret
from contract.spec.operations import Operation
from contract.spec.references import mapping
from contract.spec.yaml_text import parse
from contract_tests.observing.har_file import UnreadableHar
from contract_tests.observing.recordings import recordings
from tests.comparing import Node, content

URL = "https://shop.example/api/orders"
Entry = dict[str, object]


def operations_of(*calls: tuple[str, str, bool]) -> list[Operation]:
    """Make operations: the method, the path, and whether a body is documented."""
    paths: dict[str, dict[str, object]] = {}
    for method, path, has_body in calls:
        body = {"requestBody": content({})} if has_body else {}
        name = method + "".join(each for each in path if each.isalpha())
        described = {"operationId": name, "responses": {"200": content({})}, **body}
        paths.setdefault(path, {})[method] = described
    tree: Node = {"openapi": "3.0.3", "paths": paths}
    root = parse(json.dumps(tree).encode(), "x.yaml")
    spec = interpret(Path("x.yaml"), mapping(root, Place("x.yaml", 1), "a spec"))
    return list(spec.operations)


ORDERS = operations_of(("post", "/orders", False))


def entry(url: str = URL, method: str = "POST", status: object = 200, **others: object) -> Entry:
    response = {"status": status, "content": {"text": "{}", "size": 2}}
    return {"request": {"method": method, "url": url}, "response": response, **others}


def read(
    folder: Path, *entries: Entry, operations: list[Operation] = ORDERS, **options: object
) -> dict[str, tuple[Exchange, ...]]:
    """Give the exchanges by operation and base URL."""
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    found = recordings(path, operations, **options)  # type: ignore[arg-type]
    return {f"{each.operation.id} {each.base_url}": each.exchanges for each in found}


# Which calls belong to an operation


@pytest.mark.parametrize(
    ("url", "method", "found"),
    [
        (URL, "POST", ["postorders https://shop.example/api"]),
        (URL, "post", ["postorders https://shop.example/api"]),
        ("http://shop.example:8080/orders", "POST", ["postorders http://shop.example:8080"]),
        ("https://u:p@SHOP.example/orders?a=1", "POST", ["postorders https://shop.example"]),
        ("https://shop.example/%61pi/orders", "POST", ["postorders https://shop.example/api"]),
    ],
)
def test_a_call_belongs_to_an_operation_by_its_method_and_the_end_of_its_path(
    url: str, method: str, found: list[str], tmp_path: Path
) -> None:
    assert list(read(tmp_path, entry(url, method))) == found


def test_of_operations_whose_path_fits_the_longest_is_meant(tmp_path: Path) -> None:
    paths = ("/orders", "/shop/orders", "/{id}")
    several = operations_of(*(("post", path, False) for path in paths))

    found = read(
        tmp_path,
        *(entry(f"http://x/{path}") for path in ("a/orders", "shop/orders", "a/shop/orders", "7")),
        operations=several,
    )

    assert {name: len(each) for name, each in found.items()} == {
        "postorders http://x/a": 1,
        "postshoporders http://x": 1,
        "postshoporders http://x/a": 1,
        "postid http://x": 1,
    }


def test_calls_of_one_operation_are_numbered_at_each_address(tmp_path: Path) -> None:
    other = "http://other.example/orders"

    found = read(tmp_path, entry(), entry(other), entry(), entry(method="GET"), entry())

    assert [[each.number for each in exchanges] for exchanges in found.values()] == [[1, 2, 3], [1]]


@pytest.mark.parametrize(
    ("host", "found"),
    [
        (None, 2),
        ("shop.example", 1),
        ("SHOP.example", 1),
        ("other.example", 1),
        ("other.example:81", 1),
    ],
)
def test_a_host_may_be_said_with_or_without_its_port(
    host: str | None, found: int, tmp_path: Path
) -> None:
    calls = entry(), entry("http://other.example:81/orders")

    assert len(read(tmp_path, *calls, host=host)) == found


# What a file says that shows nothing

NONE = "records no POST …/orders; it records "


@pytest.mark.parametrize(
    ("urls", "options", "problem"),
    [
        ([], {}, "records no POST …/orders; it records no request at all"),
        (
            ["http://x/a", "http://x/a", "http://x/b"],
            {},
            "records no POST …/orders; it records POST x/a, POST x/b",
        ),
        (
            ["http://x/a", "http://y:81/orders"],
            {"host": "z"},
            "records no POST …/orders at z; it records POST y:81/orders, POST x/a",
        ),
        (
            [f"http://x/{name}" for name in "abcde"],
            {},
            "records no POST …/orders; it records POST x/a, POST x/b, POST x/c, POST x/d, POST x/e",
        ),
        (
            [f"http://x/{name}" for name in "abcdefg"],
            {},
            f"{NONE}POST x/a, POST x/b, POST x/c, POST x/d, POST x/e and 2 more",
        ),
        (
            [f"http://x/{'a' * 93}", f"http://x/{'b' * 92}"],
            {},
            f"records no POST …/orders; it records POST x/{'a' * 93}, POST x/{'b' * 92}",
        ),
        (
            [f"http://x/{'a' * 94}"],
            {},
            f"records no POST …/orders; it records POST x/{'a' * 93}…",
        ),
        (
            ["http://x/%1B%E5%A4%B1"],
            {},
            r"records no POST …/orders; it records POST x/\x1b失",
        ),
        (["http://x/%E5%A4%B1"], {}, "records no POST …/orders; it records POST x/失"),
    ],
    ids=range(9),
)
def test_a_file_that_shows_no_operation_says_what_it_shows_the_nearest_first(
    urls: list[str], options: dict[str, object], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableHar) as refused:
        read(tmp_path, *map(entry, urls), **options)  # type: ignore[arg-type]

    assert (refused.value.problem, refused.value.place.line) == (problem, 1)


def test_all_operations_that_are_not_shown_are_named(tmp_path: Path) -> None:
    several = operations_of(("post", "/a", False), ("get", "/b", False))

    with pytest.raises(UnreadableHar, match="records no POST …/a or GET …/b; "):
        read(tmp_path, operations=several)


# What came


def outcome(folder: Path, said: Entry, **options: object) -> Response | Failure:
    ((seen,),) = read(folder, said, **options).values()  # type: ignore[arg-type]
    return seen.outcome


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (entry(status=0), Failure("failed", "no status")),
        (entry(status=99), Failure("failed", "no status")),
        (entry(_error="net::ERR_FAILED"), Failure("failed", "net::ERR_FAILED")),
        (entry(_error="refused: nobody\nlistens"), Failure("refused", "nobody\nlistens")),
        (entry(_error="Refused: x"), Failure("failed", "Refused: x")),
        (entry(_error="x: refused: y"), Failure("x", "refused: y")),
        (entry(response={"status": 200, "_error": "a: b"}, _error="c: d"), Failure("a", "b")),
        (entry(response={"status": 200, "_failureText": "a: b"}), Failure("a", "b")),
        (entry(response={"status": 200, "_failureText": "a"}, _error="b"), Failure("failed", "b")),
        (entry(_error=""), Response(200, (), b"{}", "", 0)),
        (entry(status=100), Response(100, (), b"{}", "", 0)),
    ],
    ids=range(11),
)
def test_a_failure_is_read_in_the_words_of_whoever_recorded_it(
    said: Entry, expected: Response | Failure, tmp_path: Path
) -> None:
    assert outcome(tmp_path, said) == expected


@pytest.mark.parametrize(("size", "kind"), [(10, "Response"), (11, "Failure")])
def test_a_body_is_too_large_beyond_the_limit(size: int, kind: str, tmp_path: Path) -> None:
    body = {"status": 200, "content": {"text": "x" * size, "size": size}}

    found = outcome(tmp_path, entry(response=body), max_answer=10)

    assert type(found).__name__ == kind
    assert not isinstance(found, Failure) or found == Failure(
        "too-large", "the body is larger than 10 bytes"
    )


def test_by_default_a_body_of_a_mebibyte_is_read_and_no_more(tmp_path: Path) -> None:
    bodies = [
        {"status": 200, "content": {"text": "x" * size, "size": size}}
        for size in (1 << 20, (1 << 20) + 1)
    ]

    found = [outcome(tmp_path, entry(response=body)) for body in bodies]

    assert [type(each).__name__ for each in found] == ["Response", "Failure"]


def test_an_answer_is_read_whole(tmp_path: Path) -> None:
    response = {
        "status": 201,
        "httpVersion": "HTTP/2",
        "headers": [{"name": "X-A", "value": "1"}],
        "content": {"text": "{}", "size": 2},
        "bodySize": 22,
    }

    assert outcome(tmp_path, entry(response=response)) == Response(
        201, (("X-A", "1"),), b"{}", "HTTP/2", 22
    )


SENT: Node = {"method": "POST", "url": URL, "postData": {"text": "{}"}}
WITH_A_BODY = operations_of(("post", "/orders", True))


@pytest.mark.parametrize(
    ("said", "operations", "lack"),
    [
        (entry(_fromCache="disk"), ORDERS, "the browser's cache answered"),
        (entry(_fromCache=""), ORDERS, ""),
        (
            entry(status=415, request=SENT),
            ORDERS,
            "the call had a body, which the document does not have",
        ),
        (entry(status=499, request={**SENT, "postData": {"text": ""}}), ORDERS, ""),
        (entry(status=415, request=SENT), WITH_A_BODY, ""),
        (entry(status=200, request=SENT), ORDERS, ""),
        (entry(status=500, request=SENT), ORDERS, ""),
        (entry(status=415), ORDERS, ""),
        (entry(response={"status": 200}), ORDERS, "its body is not recorded"),
    ],
    ids=range(9),
)
def test_an_answer_to_another_call_than_the_documented_one_is_unrecorded(
    said: Entry, operations: list[Operation], lack: str, tmp_path: Path
) -> None:
    found = outcome(tmp_path, said, operations=operations)

    assert isinstance(found, Response)
    assert found.unrecorded == lack


# The call itself


def test_the_time_of_a_call_is_what_the_server_took(tmp_path: Path) -> None:
    timings = {"blocked": 8000, "send": 1, "wait": 20, "receive": 4, "ssl": 3000}
    moment = "2026-11-24T09:51:03+08:00"

    ((seen,),) = read(tmp_path, entry(timings=timings, startedDateTime=moment)).values()

    assert [seen.waited, seen.seconds] == pytest.approx([0.021, 0.025])
    assert (seen.started, seen.recorded) == (datetime(2026, 11, 24, 1, 51, 3, tzinfo=UTC), True)


def test_a_call_is_shown_without_its_query_and_its_credentials(tmp_path: Path) -> None:
    headers = [
        {"name": "AUTHORIZATION", "value": "a"},
        {"name": "X-Door", "value": REDACTED},
        {"name": "Accept", "value": "b"},
    ]
    request = {"method": "POST", "url": f"{URL}?token=x", "headers": headers}

    ((seen,),) = read(tmp_path, entry(request=request)).values()

    assert (seen.request.url, seen.request.method) == (URL, "POST")
    assert seen.request.headers == (("AUTHORIZATION", "a"), ("X-Door", REDACTED), ("Accept", "b"))
    assert seen.request.secret == {"AUTHORIZATION", "X-Door"}


@pytest.mark.parametrize(("retried", "shown"), [(True, [(1, 2), (2, 0)]), (1, [(1, 0)] * 0)])
def test_a_call_that_was_made_again_is_an_attempt_of_the_next(
    retried: object, shown: list[tuple[int, int]], tmp_path: Path
) -> None:
    again = entry(status=503, _retried=retried)

    ((*seen,),) = read(tmp_path, again, again, entry(), entry()).values()

    found = [(each.number, len(each.earlier)) for each in seen]
    assert found == (shown or [(1, 0), (2, 0), (3, 0), (4, 0)])


def test_an_attempt_belongs_to_the_operation_and_the_address_that_it_went_to(
    tmp_path: Path,
) -> None:
    other = "http://other.example/orders"

    found = read(tmp_path, entry(other, _retried=True), entry(), entry(other))

    assert [len(each.earlier) for (each,) in found.values()] == [0, 1]


def test_an_attempt_whose_moment_is_not_known_lies_long_ago(tmp_path: Path) -> None:
    ((seen,),) = read(tmp_path, entry(_retried=True), entry()).values()

    assert seen.earlier[0].started == datetime(1970, 1, 1, tzinfo=UTC)
