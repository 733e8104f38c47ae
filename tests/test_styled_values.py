"""Each style of parameters: what is written is read as the schema says, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.datastructures import FormData, Headers, UploadFile

from mock_server.requests.form_members import FormMembers
from mock_server.requests.styled_values import MISSING, Writing, read_as

WHOLE: dict[str, object] = {"type": "integer"}
LIST: dict[str, object] = {"type": "array", "items": WHOLE}
OBJECT: dict[str, object] = {"type": "object", "properties": {"a": WHOLE, "l": LIST}}
QUERIES: Mapping[str, tuple[str, bool, Mapping[str, object], str, object]] = {
    "form list": ("form", True, LIST, "p=1&p=2", [1, 2]),
    "form list in one": ("form", False, LIST, "p=1,2", [1, 2]),
    "form list of nothing": ("form", False, LIST, "p=", []),
    "form list of texts with commas": (
        "form",
        True,
        {"type": "array", "items": {"type": "string"}},
        "p=1%2C2",
        ["1,2"],
    ),
    "form object": ("form", True, OBJECT, "a=1&b=2", {"a": 1}),
    "form object in one": ("form", False, OBJECT, "p=a,1", {"a": 1}),
    "form object that is mistyped": ("form", True, OBJECT, "a=x", {"a": "x"}),
    "spaces": ("spaceDelimited", False, LIST, "p=1%202", [1, 2]),
    "pipes": ("pipeDelimited", False, LIST, "p=1|2", [1, 2]),
    "deep object": ("deepObject", True, OBJECT, "p[a]=1&q[a]=2", {"a": 1}),
    "deep object of lists": ("deepObject", True, OBJECT, "p[l]=1&p[l]=2", {"l": [1, 2]}),
    "deep object of numbered lists": (
        "deepObject",
        True,
        OBJECT,
        "p[l][]=1&p[l][1]=2",
        {"l": [1, 2]},
    ),
    "deep object that is torn": ("deepObject", True, OBJECT, "p[a]=1&p[a][b]=2", {"a": 1}),
    "nothing": ("form", True, OBJECT, "q=1", MISSING),
}
TEXTS: Mapping[str, tuple[str, bool, Mapping[str, object], str, object]] = {
    "simple": ("simple", False, LIST, "1,2", [1, 2]),
    "simple object": ("simple", False, OBJECT, "a,1", {"a": 1}),
    "simple object, exploded": ("simple", True, OBJECT, "a=1", {"a": 1}),
    "label": ("label", False, LIST, ".1,2", [1, 2]),
    "label of 3.0.3": ("label", False, LIST, ".1.2", [1, 2]),
    "label object": ("label", True, OBJECT, ".a=1", {"a": 1}),
    "matrix": ("matrix", False, LIST, ";p=1,2", [1, 2]),
    "matrix, exploded": ("matrix", True, LIST, ";p=1;p=2", [1, 2]),
    "matrix object": ("matrix", True, OBJECT, ";a=1;b=2", {"a": 1, "b": "2"}),
    "matrix that is mistyped": ("matrix", True, LIST, ";p=x", ["x"]),
}
STRICT: Mapping[str, tuple[str, object]] = {
    "1_0": ("integer", "1_0"),
    "+5": ("integer", "+5"),
    "５": ("integer", "５"),
    " 1": ("number", " 1"),
    "nan": ("number", "nan"),
    "1e2": ("number", 100.0),
    "-1.5": ("number", -1.5),
    "True": ("boolean", "True"),
    "false": ("boolean", False),
}


@pytest.mark.parametrize("what", QUERIES)
def test_a_query_is_read_by_its_style(what: str) -> None:
    style, explode, schema, query, expected = QUERIES[what]

    value = Writing("p", schema, style=style, explode=explode).of_pairs(
        parse_qs(query, keep_blank_values=True)
    )

    assert value == expected


@pytest.mark.parametrize("what", TEXTS)
def test_a_text_of_a_path_or_a_header_is_read_by_its_style(what: str) -> None:
    style, explode, schema, text, expected = TEXTS[what]

    assert Writing("p", schema, style=style, explode=explode).of_text(text) == expected


@pytest.mark.parametrize("text", STRICT)
def test_only_what_json_writes_is_a_number_or_a_flag(text: str) -> None:
    kind, expected = STRICT[text]

    assert read_as({"type": kind}, text) == expected


def test_a_null_may_be_written_as_nothing() -> None:
    schema = {"type": "integer", "nullable": True}

    assert [read_as(schema, text) for text in ("null", "", "1")] == [None, None, 1]


def test_a_form_is_read_by_its_encoding() -> None:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {
        **dict.fromkeys(("deep", "json", "usual"), OBJECT),
        "ids": LIST,
        "file": {"type": "string", "format": "binary"},
    }
    encoding = {
        "deep": {"style": "deepObject"},
        "json": {"contentType": "application/json"},
        "ids": {"explode": False},
    }
    sent = [("deep[a]", "1"), ("json", '{"a":1}'), ("usual", '{"a":1}'), ("ids", "1,2")]
    file = UploadFile(None, headers=Headers())  # type: ignore[arg-type]  # nobody reads it

    read = FormMembers(schema, encoding).read(FormData([*sent, ("file", file), ("b", "2")]))

    assert read == {
        **{name: {"a": 1} for name in ("deep", "json", "usual")},
        "ids": [1, 2],
        "file": "",
        "b": "2",
    }
