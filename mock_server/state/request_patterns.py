"""Requests of the journal by a pattern in WireMock's form, as its clients send it.

A pattern names what a request must be: `method`, its URL, and matchers of query, headers, cookies
and body. A matcher looks at what the journal shows, so no credential can be found by trying. What
is not understood is refused. To add a matcher: a function in `_MATCHERS`; a member of
patterns: its reading in `_PARTS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import cookies
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import jsonschema_rs

from contract.spelling import did_you_mean
from mock_server.matching import equal
from mock_server.problems import unprocessable
from mock_server.state.journal import JournalEntry
from mock_server.state.kept_bodies import REDACTION, KeptBody

Test = Callable[[Sequence[str]], bool]
"""Says whether one of the values that a request has at a place is as wanted; none is absent."""

Condition = Callable[[JournalEntry], bool]
"""Says whether a request is as wanted in one way."""

Values = Callable[[JournalEntry], Sequence[tuple[str, str]]]
"""Gives the values that a request has in one place, each with its name."""

MatcherReader = Callable[[object, str], Test]
PartReader = Callable[[object, str], Iterator[Condition]]

_LONGEST = 1000
"""How many characters a regular expression may have."""


def conditions_of(pattern: Mapping[str, Any]) -> Sequence[Condition]:
    """Read a pattern; a request that it means meets every condition.

    Raises:
        RequestRefused: a part of it is not understood; the message names it, and lists those
            that are.
    """
    return [
        condition
        for name, wanted in pattern.items()
        if wanted is not None
        for condition in _known(_PARTS, name, "")(wanted, f"/{name}")
    ]


Read = TypeVar("Read")


def _known(parts: Mapping[str, Read], name: str, place: str) -> Read:
    if name not in parts:
        hint = f"{did_you_mean(name, [*parts])}there are: {', '.join(parts)}"
        raise unprocessable(f"{place}/{name[:40]} is not understood; {hint}")
    return parts[name]


# What is looked at.


def _method(wanted: object, place: str) -> Iterator[Condition]:
    method = _text(wanted, place).upper()
    if method != "ANY":
        yield lambda entry: entry.method == method


def _of_url(read: MatcherReader, *, whole: bool) -> PartReader:
    def conditions(wanted: object, place: str) -> Iterator[Condition]:
        met = read(wanted, place)
        yield lambda entry: met([_url(entry) if whole else _url(entry).partition("?")[0]])

    return conditions


def _url(entry: JournalEntry) -> str:
    return REDACTION.url(entry.target)


def _of_names(values: Values) -> PartReader:
    """Read matchers by names; those of headers have no case."""
    fold = str.lower if values is _headers else str

    def conditions(wanted: object, place: str) -> Iterator[Condition]:
        for name, matcher in _object(wanted, place).items():
            yield _of_name(fold(name), _matcher(matcher, f"{place}/{name}"), values)

    return conditions


def _of_name(name: str, met: Test, values: Values) -> Condition:
    return lambda entry: met([value for each, value in values(entry) if each == name])


def _query(entry: JournalEntry) -> Sequence[tuple[str, str]]:
    return parse_qsl(_url(entry).partition("?")[2], keep_blank_values=True)


def _headers(entry: JournalEntry) -> Sequence[tuple[str, str]]:
    return [*entry.shown_headers()]


def _cookies(entry: JournalEntry) -> Sequence[tuple[str, str]]:
    sent = dict(_headers(entry)).get("cookie", "")
    return [(name, each.value) for name, each in cookies.SimpleCookie(sent).items()]


def _fields(entry: JournalEntry) -> Sequence[tuple[str, str]]:
    content = entry.body.content() if entry.body else None
    fields = content if isinstance(content, Mapping) else {}
    lists = ((name, each if isinstance(each, list) else [each]) for name, each in fields.items())
    return [(name, each) for name, several in lists for each in several if isinstance(each, str)]


def _body(wanted: object, place: str) -> Iterator[Condition]:
    if not isinstance(wanted, list):
        raise unprocessable(f"{place} must be a list of matchers")
    for number, matcher in enumerate(wanted):
        yield _of_body(_matcher(matcher, f"{place}/{number}"))


def _of_body(met: Test) -> Condition:
    return lambda entry: met([*_written(entry.body)])


def _written(body: KeptBody | None) -> Iterator[str]:
    """Give a body as it came, and as JSON without blanks, both as far as the journal shows them."""
    if body is None or not body.length:
        return
    text, content = body.text(), body.content()
    if text is not None:
        yield text
    if content is not None and not isinstance(content, str):
        yield json.dumps(content, ensure_ascii=False, separators=(",", ":"))


# What a value must be.


def _matcher(wanted: object, place: str) -> Test:
    """Read one matcher: all that it says must be met."""
    said = {name: each for name, each in _object(wanted, place).items() if each is not None}
    folds = said.pop("caseInsensitive", False) is True
    if not said or (folds and [*said] != ["equalTo"]):
        alone = "caseInsensitive stands beside equalTo alone" if folds else "says nothing"
        raise unprocessable(f"{place}: {alone}; there are: {', '.join(_MATCHERS)}")
    tests = [_known(_MATCHERS, name, place)(each, f"{place}/{name}") for name, each in said.items()]
    if folds:
        text = str(said["equalTo"]).casefold()
        return lambda values: text in map(str.casefold, values)
    return lambda values: all(test(values) for test in tests)


def _equal_to(wanted: object, place: str) -> Test:
    text = _text(wanted, place)
    return lambda values: text in values


def _contains(wanted: object, place: str) -> Test:
    text = _text(wanted, place)
    return lambda values: any(text in each for each in values)


def _matches(wanted: object, place: str) -> Test:
    """Read a regular expression that a whole value matches, in time that grows with its length."""
    expression = _text(wanted, place)
    if len(expression) > _LONGEST:
        raise unprocessable(f"{place} may have {_LONGEST} characters at most")
    try:
        judge = jsonschema_rs.Draft4Validator(
            {"pattern": f"^(?:{expression})$"}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError:
        raise unprocessable(
            f"{place} must be a regular expression without look-around and flags"
        ) from None
    return lambda values: any(map(judge.is_valid, values))


def _absent(wanted: object, place: str) -> Test:
    if not isinstance(wanted, bool):
        raise unprocessable(f"{place} must be true or false")
    return lambda values: bool(values) is not wanted


def _equal_to_json(wanted: object, place: str) -> Test:
    try:
        value = json.loads(wanted) if isinstance(wanted, str) else wanted
    except (ValueError, RecursionError):
        raise unprocessable(f"{place} must be JSON, or a text of JSON") from None
    return lambda values: any(equal(_parsed(each), value) for each in values)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NO_JSON


_NO_JSON = object()


def _negated(read: MatcherReader) -> MatcherReader:
    def negated(wanted: object, place: str) -> Test:
        met = read(wanted, place)
        return lambda values: bool(values) and not met(values)

    return negated


_MATCHERS: Mapping[str, MatcherReader] = {
    "equalTo": _equal_to,
    "contains": _contains,
    "doesNotContain": _negated(_contains),
    "matches": _matches,
    "doesNotMatch": _negated(_matches),
    "absent": _absent,
    "equalToJson": _equal_to_json,
}
"""How each matcher is read."""

_PARTS: Mapping[str, PartReader] = {
    "method": _method,
    "url": _of_url(_equal_to, whole=True),
    "urlPattern": _of_url(_matches, whole=True),
    "urlPath": _of_url(_equal_to, whole=False),
    "urlPathPattern": _of_url(_matches, whole=False),
    "queryParameters": _of_names(_query),
    "formParameters": _of_names(_fields),
    "headers": _of_names(_headers),
    "cookies": _of_names(_cookies),
    "bodyPatterns": _body,
}
"""How each member of a pattern is read."""


def _text(wanted: object, place: str) -> str:
    if not isinstance(wanted, str):
        raise unprocessable(f"{place} must be a text")
    return wanted


def _object(wanted: object, place: str) -> Mapping[str, object]:
    if not isinstance(wanted, Mapping):
        raise unprocessable(f"{place} must be an object")
    return wanted
