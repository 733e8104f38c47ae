"""What a document's sample shows: an answer or a request, as JSON or as a request line.

Whether a sample is a request is said by its title; another word for it is one more alternative in
the pattern below. Whether an answer shows a failure is learned in `learned_envelope.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from contract.documents.addresses import RequestLine, read_query, read_request_line
from contract.documents.block import Block, Fence, Heading, Prose, Stated
from contract.documents.cells import is_nothing, plain
from contract.documents.curl_calls import CurlCall, first_call
from contract.documents.heading_words import Part
from contract.documents.list_rows import table_of_headers
from contract.documents.sample_json import Names, NotJson, read_json
from contract.documents.schema_rows import is_schema, table_of_schema
from contract.documents.sections import Section
from contract.documents.text_around_json import json_inside

_CAPTION = 20
_ASKED = "请求样例"
"""What the title of a call begins with that does not say itself that it is a request."""
ANSWERS = re.compile(r"应答|响应|返回|出参|输出|response|reply", re.IGNORECASE)
"""What a title says of a sample that shows an answer."""
ASKS = re.compile(r"请求|入参|参数|输入|request|curl", re.IGNORECASE)
"""What a title says of a sample that shows a request."""
_ASKING = re.compile(
    r"(?:http)?(?:请求|入参|request)(?:参数|报文|示例|样例|数据|体|body|json|example)*",
    re.IGNORECASE,
)
"""A caption that says it of a sample below any heading."""
_BAD_REQUEST = re.compile(r"\bbad request\b", re.IGNORECASE)
"""The name of the status 400, which says nothing of a request."""
_PROGRAM = re.compile(
    r"\s*(?:(?:#|//|--)[^\n]*\n\s*)*(?:\$ )?(?:"
    r"(?:curl|wget|import|from|var|const|let|public|package|using|private|func|def|pip|npm)\b"
    r"|(?:yarn|docker|git|sudo|cd)\b|\$\w+ *=|<\?php|#include|fetch\(|axios\b|requests\."
    r"|@[A-Z]\w+\b|(?:SELECT|ALTER|CREATE|DESCRIBE|INSERT INTO|DELETE FROM) )"
)
"""How a program begins that shows how to call an interface."""
_LIST = re.compile(r"([A-Za-z_][\w.-]*)\s*:")
_LISTED = re.compile(r"-\s+(.*)")
_PAIR = re.compile(r"([A-Za-z_][\w.-]*)\s*:\s+(\S.*)")
_HOST_HEADER = re.compile(r"\s*host\s*:\s*(\S+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One fenced sample; `value` is its JSON, or None where it holds no JSON.

    Attributes:
        title: the heading that it stands under, with the caption right above it.
        text: the sample as it is written.
        line: the line of the text's first line.
        value: its JSON; of a request with a request line, the JSON below that line.
        lines: the line of each member and element, by the names and indices that lead to it.
        repeated: members that stand twice in one object; `value` has the last one.
        request: its request line or query string.
        trouble: why it is not JSON, and on which line.
        slips: what is not JSON in it, and is read all the same.
        headers: the headers that a call of curl sends.
        media_type: of the body, as a call of curl says it.
    """

    title: str
    text: str
    line: int
    value: object
    lines: Mapping[Names, int] = field(default_factory=dict)
    repeated: tuple[Stated, ...] = ()
    request: RequestLine | None = None
    trouble: Stated | None = None
    slips: tuple[Stated, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = ""

    @property
    def is_request(self) -> bool:
        """Whether it shows a request, by its title: 请求样例, 业务参数请求样例."""
        if _ASKING.fullmatch(_BAD_REQUEST.sub("", self.title).rpartition(" ")[2]):
            return True
        asks = ASKS.search(_BAD_REQUEST.sub("", self.title))
        return asks is not None and not ANSWERS.search(self.title)

    @property
    def is_program(self) -> bool:
        """Whether it is a program that sends the request, in whatever language."""
        named = ANSWERS.search(self.title) and not ASKS.search(self.title)
        return self.trouble is not None and not named and is_program(self.text)


def is_program(text: str) -> bool:
    """Say whether code is a program that calls an interface, rather than what is sent or comes."""
    return _PROGRAM.match(text) is not None


def read_sample(title: str, text: str, line: int) -> Sample:
    """Read a sample as JSON, as a call of curl, or as a request line with an optional body below.

    That body is JSON or a form. A call of curl is a request, whatever the title says.
    """
    if is_program(text) and (call := first_call(text, line)) is not None:
        return _of_curl(title, text, line, call)
    sample = Sample(title=title, text=text, line=line, value=None)
    body = text
    if sample.is_request:
        request, taken = _opening_request(text, line)
        if request is None and (pairs := _pairs_by_line(text, line)):
            return replace(sample, request=pairs)
        sample = replace(sample, request=request)
        line += taken
        body = "\n".join(text.split("\n")[taken:])
        if request is not None and not body.strip():
            return sample
    return _with_json(sample, body, line)


def _of_curl(title: str, text: str, line: int, call: CurlCall) -> Sample:
    sample = Sample(
        title=_ASKED if ANSWERS.search(title) else _asked(title),
        text=text,
        line=line,
        value=None,
        request=call.request,
        headers=call.headers,
        media_type=call.media_type,
    )
    shown = call.body.strip() and not call.body.startswith("@")
    return _with_json(sample, call.body, call.body_line) if shown else sample


def _asked(title: str) -> str:
    return title if ASKS.search(title) else f"{_ASKED} {title}".strip()


def _with_json(sample: Sample, body: str, line: int) -> Sample:
    """Add the value of a body that begins at a line, or why it is none."""
    try:
        found = read_json(body)
    except NotJson as reason:
        inner = json_inside(body)
        if inner is not None and len(inner.text) < len(body) and not is_program(body):
            title = f"{sample.title} {inner.named}".strip()
            within = _with_json(replace(sample, title=title), inner.text, line + inner.line)
            if within.trouble is None:
                said = tuple(Stated(each, line + at) for each, at in inner.beside)
                return replace(within, slips=(*said, *within.slips))
        return replace(sample, trouble=Stated(str(reason), line + reason.line))
    if is_schema(found.value):
        why = "it is a JSON Schema, which describes a value and shows none"
        return replace(sample, trouble=Stated(why, line))
    return replace(
        sample,
        value=found.value,
        lines={names: line + number for names, number in found.lines.items()},
        repeated=tuple(Stated(name, line + number) for name, number in found.repeated),
        slips=tuple(Stated(reason, line + number) for reason, number in found.slips),
    )


def _pairs_by_line(text: str, line: int) -> RequestLine | None:
    """Read the members of a form that stand in lines of their own: `name: value`.

    A list is its name, and a line `- value` for each of its items.
    """
    pairs: list[tuple[str, str]] = []
    listed = ""
    for content in text.strip().split("\n"):
        pair, item = _PAIR.fullmatch(content.strip()), _LISTED.fullmatch(content.strip())
        if item is not None and listed:
            pairs.append((listed, item[1].strip("\"'")))
            continue
        named = _LIST.fullmatch(content.strip())
        listed = named[1] if named is not None else ""
        if pair is None and not listed:
            return None
        pairs += [(pair[1], pair[2].strip("\"'"))] if pair is not None else []
    return RequestLine(query=tuple(pairs), line=line)


def _opening_request(text: str, line: int) -> tuple[RequestLine | None, int]:
    """Read the request line or query that opens a sample, and count the lines before its body."""
    lines = text.split("\n")
    first = next((number for number, content in enumerate(lines) if content.strip()), 0)
    end = first + 1
    while end < len(lines) and lines[end].strip().startswith(("&", "?")):
        end += 1
    opening = "".join(content.strip() for content in lines[first:end])
    request = read_query(opening, line + first) or read_request_line(opening, line + first)
    if request is None:
        return None, 0
    while end < len(lines) and not lines[end].lstrip().startswith(("{", "[")):
        if host := _HOST_HEADER.fullmatch(lines[end]):
            request = replace(request, host=host[1].lower())
        if form := read_query(lines[end].strip(), line + end):
            request = replace(request, query=(*request.query, *form.query))
        end += 1
    return request, end


def samples_in(section: Section) -> Iterator[Sample]:
    """Read the samples below one heading, each named by its heading and caption."""
    if section.part not in {Part.PARAMETERS, Part.ANSWER, Part.SAMPLES}:
        return
    caption = ""
    status = section.status.text if section.status else ""
    heading = (
        f"{status} {section.title.text}" if status[:1] in {"3", "4", "5"} else section.title.text
    )
    bare = section.bare_sample
    for block in section.blocks if bare is None else ():
        states_headers = isinstance(block, Fence) and table_of_headers(block) is not None
        if section.location == "header" and states_headers:
            continue
        if isinstance(block, Fence) and stands_for_a_table(section, block):
            continue
        if isinstance(block, Fence) and not is_nothing(block.text):
            yield from _read_several(f"{heading} {caption}".strip(), block.text, block.line)
        caption = _caption(block)
    if bare is not None:
        yield read_sample(section.title.text, bare.text, bare.line)


def stands_for_a_table(section: Section, fence: Fence) -> bool:
    """Say whether code is a JSON Schema that states the rows of a message."""
    if section.part not in {Part.PARAMETERS, Part.ANSWER} or section.tables:
        return False
    return table_of_schema(fence) is not None


def _read_several(title: str, text: str, line: int) -> Iterator[Sample]:
    """Read the samples of one fence; each but one alone is named by the comment above it."""
    whole = read_sample(title, text, line)
    if whole.trouble is None or whole.is_program or whole.request is not None:
        yield whole
        return
    parts = [
        read_sample(f"{title} {name}".strip(), each, line + at) for name, each, at in _parts(text)
    ]
    is_several = 1 < len(parts) <= _MOST_TOGETHER and all(each.trouble is None for each in parts)
    yield from parts if is_several else [whole]


def _parts(text: str) -> Iterator[tuple[str, str, int]]:
    """Cut a text where an object begins at the left: what names it, itself, and its first line."""
    lines = text.split("\n")
    starts = [n for n, content in enumerate(lines) if content.startswith(("{", "["))]
    above = -1
    for start, end in pairwise([*starts, len(lines)]):
        named = [_COMMENT.sub("", content).strip() for content in lines[above + 1 : start]]
        body = lines[start:end]
        while body and (not body[-1].strip() or _COMMENT.match(body[-1]) or _is_name(body[-1])):
            body.pop()
        above = start + len(body) - 1
        name = next(filter(None, reversed(named)), "").strip(":： ")
        yield name[:_CAPTION], "\n".join(body), start


def _is_name(line: str) -> bool:
    """Say whether a line between two samples is no JSON, but names the one below."""
    return line.rstrip().endswith((":", "：")) or line.strip() in {"成功", "失败"}


_MOST_TOGETHER = 20
_COMMENT = re.compile(r"\s*(?://+|#+|/\*+|\*/)\s*")


def _caption(block: Block) -> str:
    """Give the short line above a sample that says which one it is: 成功, 余额不足."""
    if not isinstance(block, Heading | Prose) or len(block.text) > _CAPTION:
        return ""
    return "" if is_nothing(block.text) else plain(block.text).strip(":： ")
