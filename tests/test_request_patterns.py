"""Requests of the journal that a pattern in WireMock's form means, as its clients send it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from mock_server.problems import RequestRefused
from mock_server.state.journal import JournalEntry, entry_of
from mock_server.state.kept_bodies import KeptBody
from mock_server.state.request_patterns import conditions_of

HEADERS = [
    (b"content-type", b"application/json"),
    (b"x-client", b"App"),
    (b"authorization", b"Bearer s3cret"),
]


def entry(body: bytes, media_type: str = "application/json") -> JournalEntry:
    made = entry_of("POST", "/users/7?page=2&token=s3cret", HEADERS, moment=0)
    made.body = KeptBody(media_type)
    made.body.add(body)
    made.body.settle()
    return made


SENT = entry(b'{"name": "tom",\n "age": 7.0, "password": "s3cret"}')
FORM = entry(b"user=tom&user=ann&pwd=s3cret", "application/x-www-form-urlencoded")


def means(pattern: Mapping[str, Any], sent: JournalEntry) -> bool:
    return all(meets(sent) for meets in conditions_of(pattern))


@pytest.mark.parametrize(
    ("pattern", "is_meant"),
    [
        ({}, True),
        ({"method": "ANY"}, True),
        ({"method": "GET"}, False),
        ({"urlPath": "/users/7"}, True),
        ({"url": "/users/7"}, False),
        ({"urlPathPattern": "/users/[0-9]+"}, True),
        ({"urlPathPattern": "/users"}, False),
        ({"urlPattern": r"/users/7\?page=2.*"}, True),
        ({"queryParameters": {"page": {"equalTo": "2"}}}, True),
        ({"queryParameters": {"page": {"equalTo": "3"}}}, False),
        ({"queryParameters": {"size": {"absent": True}}}, True),
        ({"queryParameters": {"token": {"contains": "s3c"}}}, False),
        ({"headers": {"X-CLIENT": {"equalTo": "app", "caseInsensitive": True}}}, True),
        ({"headers": {"Authorization": {"contains": "s3c"}}}, False),
        ({"headers": {"Authorization": {"absent": False}}}, True),
        ({"bodyPatterns": [{"contains": '"name":"tom"'}, {"contains": '"name": "tom"'}]}, True),
        ({"bodyPatterns": [{"doesNotContain": "ann"}, {"doesNotMatch": "[a-z]+"}]}, True),
        ({"bodyPatterns": [{"contains": "s3cret"}]}, False),
        ({"bodyPatterns": [{"equalToJson": {"name": "tom"}}]}, False),
    ],
)
def test_a_pattern_means_the_requests_that_meet_all_of_it(
    pattern: dict[str, Any], *, is_meant: bool
) -> None:
    assert means(pattern, SENT) is is_meant


def test_json_and_forms_are_compared_as_what_they_say() -> None:
    sent = entry(b'{"name": "tom", "age": 7.0}')

    assert means({"bodyPatterns": [{"equalToJson": '{"age": 7, "name": "tom"}'}]}, sent)
    assert means({"formParameters": {"user": {"equalTo": "ann"}}}, FORM)
    assert not means({"formParameters": {"pwd": {"equalTo": "s3cret"}}}, FORM)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ({"scenarioName": "x"}, "/scenarioName is not understood; there are: method, url"),
        ({"urlPathPatern": "x"}, "did you mean urlPathPattern"),
        ({"method": 1}, "/method must be a text"),
        ({"headers": {"A": "b"}}, "/headers/A must be an object"),
        ({"headers": {"A": {}}}, "/headers/A: says nothing; there are: equalTo"),
        ({"bodyPatterns": [{"matchesJsonPath": "$"}]}, "/bodyPatterns/0/matchesJsonPath is not"),
        ({"bodyPatterns": {}}, "/bodyPatterns must be a list of matchers"),
        ({"bodyPatterns": [{"equalToJson": "{"}]}, "must be JSON, or a text of JSON"),
        ({"url": "a", "urlPattern": "(?=a)"}, "/urlPattern must be a regular expression without"),
        ({"urlPattern": "a" * 1001}, "/urlPattern may have 1000 characters at most"),
        ({"headers": {"A": {"absent": "yes"}}}, "/headers/A/absent must be true or false"),
        ({"headers": {"A": {"contains": "x", "caseInsensitive": True}}}, "beside equalTo alone"),
    ],
)
def test_what_is_not_understood_is_refused_in_a_sentence(
    pattern: dict[str, Any], told: str
) -> None:
    with pytest.raises(RequestRefused) as refused:
        conditions_of(pattern)

    assert told in json.loads(refused.value.problem.answer.body)["detail"]


def test_an_expression_that_other_engines_never_finish_is_answered() -> None:
    sent = entry(b"a" * 10_000, "text/plain")

    assert not means({"bodyPatterns": [{"matches": "(a+)+b"}]}, sent)
