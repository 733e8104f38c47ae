"""What no document promises and every good service keeps: the claims of the level `strict`.

Each is asked of the `Reading` of an answer as a whole. To add one: write its judge here, list it
in `claims.py`, and add a fault that breaks it to `mock_server/faults/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from contract.instances import instances
from contract.json_pointer import pointer_of
from contract.judging.checks import meant
from contract.judging.exchange import Response
from contract.judging.reading import BOM, Answer
from contract.spec.operations import Operation
from contract.spec.vocabulary import shown

PROMPT = 3.0
"""Seconds that a user waits for a captcha without wondering."""

_LISTED = 3
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CACHES = ("X-Cache", "CF-Cache-Status", "Cache-Status")
_HIT = re.compile(r"(?:^|[,;]\s*)(?:tcp_(?:mem_)?)?hit(?![\w.=-])", re.IGNORECASE)

Members = Mapping[tuple[str, ...], frozenset[str]]
"""The path of each object that the spec describes → the names of its members."""


def documented_members(operation: Operation) -> Members:
    """List what is documented of every object, but for those that may hold anything."""
    found: dict[tuple[str, ...], set[str]] = {}
    for member in operation.members:
        if member.path and member.path[-1] != "*":
            found.setdefault(member.path[:-1], set()).add(member.name)
    for member in operation.members:
        if member.schema.get("additionalProperties", False) is not False:
            found.pop(member.path, None)
    return {path: frozenset(names) for path, names in found.items()}


def no_member_is_undocumented(
    operation: Operation, documented: Members
) -> Callable[[object], str | None]:
    """No object has a member that neither its rows nor the sample show.

    One that seems to be meant for a required member, which is missing, is told with that one.
    """
    needed = {
        path: [each.name for each in operation.members if each.path[:-1] == path and each.required]
        for path in documented
    }

    def judge(reading: object) -> str | None:
        if not isinstance(reading, Answer):
            return None
        strange = [
            pointer_of((*found.steps, name))
            for path, names in documented.items()
            for found in instances(reading.value, path)
            if isinstance(found.value, dict)
            for name in _strangers(found.value, names, needed[path])
        ]
        return _listed(strange)

    return judge


def _strangers(
    holder: Mapping[str, object], known: Collection[str], needed: Collection[str]
) -> Iterator[str]:
    told = {meant(name, holder, known) for name in needed if name not in holder}
    return (name for name in holder if name not in known and name not in told)


def names_stand_once(reading: object) -> str | None:
    """No object of the JSON names a member twice: readers differ in which of the two they take."""
    return _listed(reading.repeated) if isinstance(reading, Answer) else None


def no_bom_stands_before(reading: object) -> str | None:
    """The JSON begins without a byte order mark, which a reader may refuse."""
    marked = isinstance(reading, Answer) and reading.response.body.startswith(BOM)
    return "a byte order mark stands before the JSON" if marked else None


def answer_is_prompt(reading: object) -> str | None:
    """The whole answer is there within three seconds."""
    late = isinstance(reading, Answer) and reading.seconds > PROMPT
    return f"it took {reading.seconds:.2f} s" if isinstance(reading, Answer) and late else None


def must_be_fresh(operation: Operation) -> bool:
    """Whether an old answer is a wrong one: the call changes something, or values are unique."""
    unique = any(
        promise.keyword == "x-unique" for member in operation.members for promise in member.promises
    )
    return unique or operation.method not in _SAFE


def not_cached(reading: object) -> str | None:
    """The answer was made for this call, and does not offer itself for the next.

    It came out of a cache if it has an Age above 0 (RFC 9111 §5.1) or a cache says «hit». It
    offers itself if it states a lifetime: `s-maxage` or `max-age` above 0, else an Expires behind
    its Date (§4.2.1), or `public` without one; unless `no-store` or `no-cache` forbids it (§5.2.2).
    Caches reuse an answer to POST for a later GET only (RFC 9110 §9.3.3), but who states a
    lifetime wants it used. An ETag or a Last-Modified alone states none.
    """
    if not isinstance(reading, Answer):
        return None
    response = reading.response
    age = (response.header("Age") or "").strip()
    if re.fullmatch(r"[0-9]*[1-9][0-9]*", age):
        return f"Age: {shown(age)}"
    for name in _CACHES:
        value = response.header(name)
        if value is not None and _HIT.search(value):
            return f"{name}: {shown(value)}"
    return _lifetime(response)


def _lifetime(response: Response) -> str | None:
    """Say where an answer states that it may be used again."""
    said = [value for name, value in response.headers if name.lower() == "cache-control"]
    directives = {
        name.strip().lower(): value.strip(' "')
        for name, _, value in (part.partition("=") for part in ",".join(said).split(","))
    }
    if directives.keys() & {"no-store", "no-cache"}:
        return None
    stated = [directives[name] for name in ("s-maxage", "max-age") if name in directives]
    if stated:
        lasts = any(value.isdecimal() and value.strip("0") for value in stated)
        return f"Cache-Control: {shown(', '.join(said))}" if lasts else None
    expires = response.header("Expires")
    if expires is not None:
        until, now = _moment(expires), _moment(response.header("Date") or "")
        return f"Expires: {shown(expires)}" if until and now and until > now else None
    return f"Cache-Control: {shown(', '.join(said))}" if "public" in directives else None


def _moment(text: str) -> datetime | None:
    """Read an HTTP date; what is none lies in the past (RFC 9111 §5.3)."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _listed(names: Collection[str]) -> str | None:
    """Show the first few of a server's names."""
    first = ", ".join(shown(name) for name in list(names)[:_LISTED])
    more = len(names) - _LISTED
    return (f"{first} and {more} more" if more > 0 else first) or None
