"""Captchas that a client names: what the state knows one by, and the last one of a name.

A client may name a captcha itself, by a random text or its device, and ask for another one by the
same name. Each is drawn by a number of its own; the state keeps the number and the name as one key,
and of several keys with a name the newest counts. So all that keeps captchas keeps these.
"""

from __future__ import annotations

import hashlib

from mock_server.state.protocol import State

_NUMBER = 6
_LONGEST = 64
_LIMITS = (20, 500, 10_000)
"""How many of the newest captchas are looked through, one after the other."""


def key_of(number: str, name: str | None) -> str:
    """Give what the state knows a captcha by; one without a name by its number alone."""
    return number if name is None else f"{number} {_short(name)}"


def number_in(key: str) -> str:
    """Give the number by which a captcha is drawn."""
    return key[:_NUMBER]


def name_in(key: str) -> str | None:
    """Give the client's name of a captcha; None where it has none."""
    return key[_NUMBER + 1 :] if len(key) > _NUMBER else None


async def last_named(state: State, session: str, name: str) -> str | None:
    """Find the last captcha of a session that a client named so."""
    wanted = _short(name)
    for limit in _LIMITS:
        issued = await state.captchas(session, limit)
        found = next((each.number for each in issued if name_in(each.number) == wanted), None)
        if found is not None or len(issued) < limit:
            return found
    return None


def _short(name: str) -> str:
    """Give a name, or what stands for one that is long or no text in UTF-8."""
    encoded = name.encode(errors="surrogatepass")
    if len(encoded) <= _LONGEST and encoded.decode(errors="replace") == name:
        return name
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()
