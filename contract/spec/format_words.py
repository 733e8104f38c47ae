"""The name of a format → texts that have it, the plainest first.

To add a format: a function in `_OF_FORMATS` that gives its texts of a turn; each turn has others.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from ipaddress import IPv4Address, IPv6Address

_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR42mNgYGD4//8/0////xkY"
    "GAAp8gX9PG+fOwAAAABJRU5ErkJggg=="
)
"""A picture of two by two pixels, as a 图片base64 text."""
_FIRST_DAY = date(2026, 1, 1)
_SECONDS = 86_400
_NETWORKS = ("192.0.2.0", "10.0.0.0", "192.168.0.0", "172.16.0.0", "127.0.0.0")
_CODED = 4
"""The length of a text in base64 is a multiple of it."""


def words(form: str, turn: int, shortest: int = 0) -> Iterator[str]:
    """Give the texts of a format, the plainest first; none where the format is not known.

    Args:
        form: the name of the format.
        turn: 0 for the plainest; each further turn has other texts.
        shortest: how long the texts should be at least, where their length can be chosen.
    """
    if form == "byte":
        yield _bytes(turn, shortest)
    elif form in _OF_FORMATS:
        yield from _OF_FORMATS[form](turn)


def _bytes(turn: int, shortest: int) -> str:
    text = f"text{turn or ''}"
    if shortest > len(base64.b64encode(text.encode())):
        text = text.rjust(-(-shortest // _CODED) * 3, "t")
    return base64.b64encode(text.encode()).decode()


def _day(turn: int) -> str:
    return (_FIRST_DAY + timedelta(days=turn)).isoformat()


def _dates(turn: int) -> Iterator[str]:
    yield _day(turn)
    yield (_FIRST_DAY - timedelta(days=turn + 1)).isoformat()


def _moments(turn: int) -> Iterator[str]:
    for time in ("08:00:00Z", "08:00:00+08:00", "08:00:00.000Z", "08:00:00.000+08:00"):
        yield f"{_day(turn)}T{time}"


def _times(turn: int) -> Iterator[str]:
    seconds = (8 * 3600 + turn) % _SECONDS
    time = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    yield from (f"{time}Z", f"{time}+08:00", f"{time}.000Z")


def _addresses(turn: int) -> Iterator[str]:
    for network in _NETWORKS:
        yield str(IPv4Address(network) + turn + 1)


def _hosts(turn: int) -> Iterator[str]:
    yield f"host{turn}.example.com"
    yield f"h{turn or ''}.cn"


def _emails(turn: int) -> Iterator[str]:
    yield f"name{turn}@example.com"
    yield f"n{turn or ''}@e.cn"


def _links(turn: int) -> Iterator[str]:
    yield f"https://example.com/{turn}"
    yield f"http://example.com/{turn}"
    yield f"http://e.cn{f'/{turn}' if turn else ''}"
    yield f"https://e.cn{f'/{turn}' if turn else ''}"


def _uuids(turn: int) -> Iterator[str]:
    yield f"00000000-0000-4000-8000-{turn:012}"
    yield f"0A0A0A0A-0000-4000-8000-{turn:012}"
    yield f"0a0a0a0a-0000-1000-8000-{turn:012}"


def _like(text: str) -> Callable[[int], Iterator[str]]:
    def texts(turn: int) -> Iterator[str]:
        yield text.format(n=turn, next=turn + 1)

    return texts


_OF_FORMATS: Mapping[str, Callable[[int], Iterator[str]]] = {
    "date": _dates,
    "date-time": _moments,
    "time": _times,
    "duration": _like("P{next}D"),
    "email": _emails,
    "idn-email": _emails,
    "hostname": _hosts,
    "idn-hostname": _hosts,
    "ipv4": _addresses,
    "ipv6": lambda turn: iter([str(IPv6Address("2001:db8::") + turn + 1)]),
    "uri": _links,
    "url": _links,
    "uri-reference": _like("/{n}"),
    "iri": _links,
    "iri-reference": _like("/{n}"),
    "uri-template": _like("/{n}/{{id}}"),
    "json-pointer": _like("/{n}"),
    "relative-json-pointer": _like("{n}"),
    "regex": _like("^{n}$"),
    "uuid": _uuids,
    "image-base64": lambda _: iter([_PICTURE]),
    **dict.fromkeys(("int32", "int64", "integer", "number"), _like("{next}")),
    **dict.fromkeys(("decimal", "float", "double"), _like("{next}.5")),
    **dict.fromkeys(("phone", "mobile"), _like("138{n:08}")),
}
