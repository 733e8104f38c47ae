"""The first call of `curl` in a program → the request that it sends, with its line.

An option that takes a value and says nothing about the request is one more word of `_OTHERS`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contract.documents.addresses import RequestLine, read_query, read_request_line
from contract.documents.locations import FORM, FORM_WITH_FILES

_METHOD = {"-X", "--request"}
_HEADER = {"-H", "--header"}
_DATA = {"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"}
_PAIR = {"--data-urlencode"}
_FORM = {"-F", "--form", "--form-string"}
_URL = {"--url"}
_IN_QUERY = {"-G", "--get"}
_OTHERS = {
    *("-A", "--user-agent", "-b", "--cookie", "-c", "--cookie-jar", "-e", "--referer", "-m"),
    *("--max-time", "--connect-timeout", "-o", "--output", "-u", "--user", "-w", "--write-out"),
    *("-x", "--proxy", "--cacert", "--cert", "--key", "--retry", "-T", "--upload-file"),
}
_VALUED = _METHOD | _HEADER | _DATA | _PAIR | _FORM | _URL | _OTHERS
_MOST_LINES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CurlCall:
    """What one command sends.

    Attributes:
        request: its method, host, path and query; the members of a form are in the query.
        headers: names and values.
        body: the text of a body that is no form; empty where there is none.
        body_line: the line where this text begins.
        media_type: of the body, as its header or its options say it; empty where they do not.
    """

    request: RequestLine
    headers: tuple[tuple[str, str], ...]
    body: str
    body_line: int
    media_type: str


@dataclass(slots=True)
class _Options:
    """The options of a command, as they are read one by one."""

    method: str = ""
    url: str = ""
    in_query: bool = False
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    forms: list[tuple[str, str]] = field(default_factory=list)


def first_call(text: str, line: int) -> CurlCall | None:
    """Read the first command `curl` of a program; None where there is none.

    Args:
        text: the program.
        line: the line of its first line.
    """
    lines = text.split("\n")
    start = next((n for n, each in enumerate(lines) if each.lstrip("$ ").startswith("curl ")), None)
    words = None if start is None else _words(lines[start:])
    if start is None or words is None:
        return None
    options = _options(words[1:])
    request = read_request_line(options.url.strip("<>"), line + start)
    if request is None:
        return None
    return _call(options, request, _body_line(lines, start, options.data, line))


def _words(lines: Sequence[str]) -> list[str] | None:
    """Split a command that may go on over several lines into its words."""
    for end in range(1, min(len(lines), _MOST_LINES) + 1):
        if lines[end - 1].rstrip().endswith(("\\", "^")) and end < len(lines):
            continue
        command = "\n".join(line.rstrip().removesuffix("^") for line in lines[:end])
        try:
            return shlex.split(command.lstrip("$ ").replace("\\\n", " "))
        except ValueError:  # a quote is still open
            continue
    return None


def _options(words: Sequence[str]) -> _Options:
    options = _Options()
    for name, value in _named(words):
        if name in _METHOD:
            options.method = value.upper()
        elif name in _HEADER:
            key, _, said = value.partition(":")
            options.headers.append((key.strip(), said.strip()))
        elif name in _DATA:
            options.data.append(value)
        elif name in _PAIR | _FORM:
            key, _, said = value.partition("=")
            options.forms.append((key, said.partition(";type=")[0]))
        elif name in _IN_QUERY:
            options.in_query = True
        elif name in _URL or (not name and not options.url):
            options.url = value
    if any(word in _FORM for word in words):
        options.headers.append(("Content-Type", FORM_WITH_FILES))
    return options


def _named(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give each option with its value, and each other word with no name."""
    rest = iter(words)
    for word in rest:
        short, glued = word[:2], word[2:]
        if word in _VALUED:
            yield word, next(rest, "")
        elif word.startswith("--") and "=" in word:
            name, _, value = word.partition("=")
            yield name, value
        elif short in _VALUED and glued and not word.startswith("--"):
            yield short, glued
        else:
            yield (word, "") if word.startswith("-") else ("", word)


def _call(options: _Options, request: RequestLine, body_line: int) -> CurlCall:
    data = "&".join(options.data)
    form = read_query(data, request.line)
    pairs = (*request.query, *(form.query if form else ()), *options.forms)
    sends = bool(options.data or options.forms) and not options.in_query
    stated = next((v for k, v in options.headers if k.casefold() == "content-type"), "")
    implied = FORM if sends and (form or options.forms) else ""
    return CurlCall(
        request=replace(
            request,
            method=options.method or ("POST" if sends else "GET"),
            query=pairs,
        ),
        headers=tuple(options.headers),
        body="" if form else data,
        body_line=body_line,
        media_type=stated.partition(";")[0].strip().casefold() or implied,
    )


def _body_line(lines: Sequence[str], start: int, data: Sequence[str], line: int) -> int:
    """Find the line on which the text of the body begins."""
    first = data[0].lstrip().split("\n")[0] if data else ""
    found = (n for n, each in enumerate(lines[start:], start=start) if first and first in each)
    blank = len(data[0]) - len(data[0].lstrip()) if data else 0
    skipped = data[0][:blank].count("\n") if data else 0
    return line + next(found, start) - skipped
