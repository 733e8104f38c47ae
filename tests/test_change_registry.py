"""Every rule for changes, told by its own example, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from contract.changes import RULES, Change, Effect, changes, families, schema_rules, sides
from contract.changes.change import ChangeRule, change_rule
from contract.changes.change_formats import FORMATS
from contract.changes.families import Family
from contract.registry import registry
from contract.spec.loading import load

SHOP = """\
openapi: 3.0.3
info: {title: 商店, version: 1.0.0}
servers:
  - {url: "https://dev.example", x-environment: dev}
  - {url: "https://test.example", x-environment: test}
security: []
paths:
  /items/{shop}:
    parameters:
      - {name: shop, in: path, required: true, schema: {type: string}}
    post:
      operationId: listItems
      summary: 查询商品
      deprecated: false
      parameters:
        - {name: size, in: query, schema: {type: integer}}
        - {name: asked, in: query, schema: {}}
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {sent: {}}}
          text/csv: {}
      responses:
        "200":
          description: 好
          content:
            application/json:
              schema: {type: object, properties: {shown: {}}}
        "410": {}
  /ping: {get: {operationId: ping, responses: {"200": {description: 好, content: \
{text/plain: {schema: {}}}}}}}
"""
SLOTS = {
    "shown: ": "shown: {}",
    "sent: ": "sent: {}",
    "{name: asked, ": "{name: asked, in: query, schema: {}}",
    '"410": ': '"410": {}',
    "text/csv: ": "text/csv: {}",
}
"""Where an excerpt goes that the shop does not have, by what the excerpt begins with."""

NAMED = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)


def compared(folder: Path, rule: ChangeRule) -> tuple[Sequence[Change], Sequence[Change]]:
    """Compare the excerpts of a rule, each in the shop: there, and back."""
    specs = []
    for name, excerpt in (("old.yaml", rule.was), ("new.yaml", rule.now)):
        path = folder / name
        path.write_text(with_excerpt(rule, excerpt), encoding="utf-8")
        specs.append(load(path))
    old, new = specs
    return changes(old, new), changes(new, old)


def with_excerpt(rule: ChangeRule, excerpt: str) -> str:
    for shown in (rule.was, rule.now):
        if shown in SHOP:
            return SHOP.replace(shown, excerpt, 1)
    slot = next(slot for beginning, slot in SLOTS.items() if excerpt.startswith(beginning))
    return SHOP.replace(slot, excerpt, 1)


@NAMED
def test_the_example_of_a_rule_is_told_by_it_with_an_effect_that_it_lists(
    rule: ChangeRule, tmp_path: Path
) -> None:
    there, _ = compared(tmp_path, rule)

    effects = {change.effect for change in there if change.rule == rule.name}
    assert effects
    assert effects <= set(rule.effects)


@NAMED
def test_the_example_of_a_rule_the_other_way_round_is_told_by_its_mirror(
    rule: ChangeRule, tmp_path: Path
) -> None:
    _, back = compared(tmp_path, rule)

    assert rule.mirror in {change.rule for change in back}


@NAMED
def test_a_rule_and_its_mirror_name_each_other(rule: ChangeRule) -> None:
    assert RULES[rule.mirror].mirror == rule.name


@pytest.mark.parametrize(
    ("word", "opposite"),
    [
        ("added", "removed"),
        ("loosened", "tightened"),
        ("required", "optional"),
        ("deprecated", "undeprecated"),
    ],
)
def test_words_of_opposite_meaning_come_in_pairs(word: str, opposite: str) -> None:
    stems, opposites = (
        {name.removesuffix(each) for name in RULES if name == each or name.endswith(f"-{each}")}
        for each in (word, opposite)
    )

    assert stems == opposites != set()


@NAMED
def test_a_rule_says_itself_in_both_languages_and_names_its_source(rule: ChangeRule) -> None:
    assert (rule.english.endswith("."), rule.chinese.endswith("。"), rule.source != "") == (
        True,
        True,
        True,
    )


@NAMED
def test_the_example_of_a_rule_shows_what_goes_before_what_comes(rule: ChangeRule) -> None:
    lines = [f"- {line}" for line in rule.was.splitlines()]
    lines += [f"+ {line}" for line in rule.now.splitlines()]

    assert rule.broken == "\n".join(lines)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", ["answer-length-loosened", "request-length-loosened"])
def test_every_format_has_the_chinese_sentence_of_the_rule(
    format_: str, name: str, tmp_path: Path
) -> None:
    there, _ = compared(tmp_path, RULES[name])

    assert RULES[name].chinese in FORMATS[format_](there, [])


# What adding one costs


def test_a_new_kind_of_constraint_is_one_family(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    colour = Family(
        name="colour",
        english="colours",
        chinese="颜色",
        keywords=("colour",),
        tight="{type: string, colour: red}",
        loose="{type: string}",
    )
    monkeypatch.setitem(cast("dict[str, Family]", families.BY_KEYWORD), "colour", colour)
    made = registry(schema_rules.rules_of((colour,)))
    monkeypatch.setattr("contract.changes.change_formats.RULES", {**RULES, **made})

    reports = {
        name: FORMATS["text"](compared(tmp_path, rule)[0], []) for name, rule in made.items()
    }

    assert len(made) == 6
    assert all(rule.chinese in reports[name] for name, rule in made.items())


def test_a_new_rule_is_one_entry_and_the_place_where_it_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = change_rule(
        "team-changed",
        effects=(Effect.DOCUMENTATION,),
        english="Another team looks after it.",
        chinese="负责团队变更。",
        source="x-team",
        was="shown: {type: string, x-team: a}",
        now="shown: {type: string, x-team: b}",
    )
    monkeypatch.setitem(cast("dict[str, ChangeRule]", RULES), rule.name, rule)
    monkeypatch.setitem(cast("dict[str, str]", sides.KINDS), "x-team", "team")

    there, back = compared(tmp_path, rule)

    told = {(change.rule, change.effect) for change in (*there, *back)}
    assert told == {("team-changed", Effect.DOCUMENTATION)}
    assert all(rule.chinese in FORMATS[name](there, []) for name in ("text", "markdown", "json"))


def test_an_effect_that_no_rule_lists_would_be_noticed(tmp_path: Path) -> None:
    rule = replace(RULES["answer-length-loosened"], effects=(Effect.DOCUMENTATION,))
    there, _ = compared(tmp_path, rule)

    assert not {change.effect for change in there if change.rule == rule.name} <= set(rule.effects)
