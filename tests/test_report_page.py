"""`docs/report-json.md` explains every member of the report, as its schema has them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.generated_runs import write_a_run
from tests.loopback import ROOT

PAGES = ("report-json.md", "report-json.zh-CN.md")
SCHEMA = json.loads(
    (ROOT / "contract_tests" / "reports" / "report.schema.json").read_text(encoding="utf-8")
)
DEFINITIONS: Mapping[str, Any] = SCHEMA["$defs"]
of_both_languages = pytest.mark.parametrize("name", PAGES)


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def objects() -> dict[str, Any]:
    """The objects of the report, by where they first stand in it; the report itself is empty."""
    found: dict[str, Any] = {}

    def walk(schema: Mapping[str, Any], place: str) -> None:
        named = schema.get("$ref", "").removeprefix("#/$defs/")
        for each in schema.get("anyOf", ()):
            walk(each, place)
        if named == "place":
            found["places"] = DEFINITIONS[named]
        elif named:
            walk(DEFINITIONS[named], place)
        if "items" in schema:
            walk(schema["items"], f"{place}[]")
        if "properties" in schema:
            found[place] = schema
            for member, inner in schema["properties"].items():
                walk(inner, f"{place}.{member}".lstrip("."))

    walk(SCHEMA, "")
    return found


def sections(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The sections of a page: the place that each is about, and the form of its members."""
    for part in text_of(name).split("\n## ")[1:]:
        heading = part.partition("\n")[0]
        place = heading.strip("`") if heading.startswith("`") else ""
        yield place, dict(re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", part, re.MULTILINE))


def words(schema: Mapping[str, Any]) -> set[str]:
    """The words that a value can be, and its types."""
    named = schema.get("$ref", "").removeprefix("#/$defs/")
    inner = words(DEFINITIONS[named]) if named else set()
    for each in schema.get("anyOf", ()):
        inner |= words(each)
    types = schema.get("type", [])
    choices = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return {
        *inner,
        *([types] if isinstance(types, str) else types),
        *(f"`{json.dumps(each)}`" for each in choices),
    }


@of_both_languages
def test_every_object_and_member_of_the_report_is_explained_and_no_other(name: str) -> None:
    told = {place: set(members) for place, members in sections(name)}

    assert told == {place: set(each["properties"]) for place, each in objects().items()}


@of_both_languages
def test_the_form_of_each_member_is_that_of_the_schema(name: str) -> None:
    known = objects()
    wrong = [
        (place, member, form)
        for place, members in sections(name)
        for member, form in members.items()
        if set(re.findall(r"`[^`]+`|[a-z]+", form.replace(" or ", " ")))
        != words(known[place]["properties"][member])
    ]

    assert wrong == []


def test_every_member_always_stands_there() -> None:
    assert [
        place
        for place, each in objects().items()
        if set(each["required"]) != set(each["properties"])
    ] == []


def test_the_example_reads_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```$", text_of(PAGES[0]), re.MULTILINE | re.DOTALL)
    write_a_run(tmp_path / "reports" / "report.json", "today")
    monkeypatch.chdir(tmp_path)

    exec(compile(example, PAGES[0], "exec"), {})  # noqa: S102 - the page's own example

    assert capsys.readouterr().out.splitlines()[0] in {"conforms", "violates", "inconclusive"}
