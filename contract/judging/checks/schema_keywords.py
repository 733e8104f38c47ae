"""Checks of one keyword of JSON Schema each, named after the keyword: max-length, pattern.

To add one: teach `contract/spec/vocabulary.py` what the keyword means, give it a line here, and a
fault that breaks it in `mock_server/faults/`. A keyword that is not listed makes no claim.
"""

from __future__ import annotations

import re

from contract.findings import Level
from contract.judging.checks.check import Check, Clause, WordedClause, check, each_value
from contract.judging.checks.worded import listed
from contract.spec.vocabulary import meaning


def kebab(keyword: str) -> str:
    """Name the check of a keyword: maxLength is judged by max-length."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda found: "-" + found[0], keyword).lower()


def keyword_check(  # noqa: PLR0913 - what a reader must know of a check
    keyword: str,
    *,
    english: str,
    chinese: str,
    in_words: str,
    broken: str,
    right: str,
    source: str = "",
) -> Check:
    """Make the check of a keyword that is judged by its meaning alone.

    Args:
        keyword: as the spec writes it.
        english: what it asks for.
        chinese: the same in Chinese.
        in_words: the Chinese promise, with `{}` for the argument.
        broken: an example that breaks it.
        right: the same in its right form.
        source: which column of the document asks for it, where one does.
    """

    def state(clause: Clause) -> WordedClause | None:
        argument = listed(clause.argument)
        return WordedClause(
            f"{keyword} {argument}",
            in_words.format(argument),
            each_value(meaning(keyword, clause.argument)),
        )

    spec = f"{keyword} in the spec"
    return check(
        kebab(keyword),
        keyword,
        english=english,
        chinese=chinese,
        source=f"{source}; {spec}" if source else spec,
        broken=broken,
        right=right,
    )(state)


enum = keyword_check(
    "enum",
    english="The value is one of the listed ones.",
    chinese="字段值必须是所列取值之一。",
    in_words="取值为 {} 之一",
    source="values in 参数描述, or a fixed text of the 应答样例",
    broken='enum [成功]: "success"',
    right='enum [成功]: "成功"',
)

pattern = keyword_check(
    "pattern",
    english="The text matches the regular expression.",
    chinese="文本匹配正则表达式。",
    in_words="匹配正则表达式 {}",
    source="the form of the value in the 应答样例",
    broken='pattern ^[0-9A-Z]{6}$: "6opm6h"',
    right='pattern ^[0-9A-Z]{6}$: "6OPM6H"',
)

max_length = keyword_check(
    "maxLength",
    english="The text has no more characters than the limit.",
    chinese="文本长度不超过最大长度（按字符计）。",
    in_words="最大长度 {} 个字符",
    source="最大长度 of the field table",
    broken='最大长度 4: "ABCDE"',
    right='最大长度 4: "ABCD"',
)


@check(
    "min-length",
    "minLength",
    english="The text has no fewer characters than the limit.",
    chinese="文本长度不小于最小长度（按字符计）。",
    source="minLength in the spec, if it is larger than 1",
    broken='minLength 6: "ABC"',
    right='minLength 6: "ABCDEF"',
)
def text_is_long_enough(clause: Clause) -> WordedClause | None:
    """The text has no fewer characters than the limit; a limit of 1 belongs to `required`."""
    argument = clause.argument
    if argument == 1 and clause.subject.required is not None:
        return None
    return WordedClause(
        f"minLength {argument}",
        f"最小长度 {argument} 个字符",
        each_value(meaning(clause.keyword, argument)),
    )


minimum = keyword_check(
    "minimum",
    english="The number is not smaller than the bound.",
    chinese="数值不小于下限。",
    in_words="不小于 {}",
    broken="minimum 0: -1",
    right="minimum 0: 0",
)

maximum = keyword_check(
    "maximum",
    english="The number is not larger than the bound.",
    chinese="数值不大于上限。",
    in_words="不大于 {}",
    broken="maximum 100: 101",
    right="maximum 100: 100",
)

exclusive_minimum = keyword_check(
    "exclusiveMinimum",
    english="The number is larger than the bound.",
    chinese="数值大于下限。",
    in_words="大于 {}",
    broken="minimum 0, exclusiveMinimum true: 0",
    right="minimum 0, exclusiveMinimum true: 1",
)

exclusive_maximum = keyword_check(
    "exclusiveMaximum",
    english="The number is smaller than the bound.",
    chinese="数值小于上限。",
    in_words="小于 {}",
    broken="maximum 100, exclusiveMaximum true: 100",
    right="maximum 100, exclusiveMaximum true: 99",
)

multiple_of = keyword_check(
    "multipleOf",
    english="The number is a multiple of the given one.",
    chinese="数值是指定数的整数倍。",
    in_words="是 {} 的整数倍",
    broken="multipleOf 5: 12",
    right="multipleOf 5: 10",
)

min_items = keyword_check(
    "minItems",
    english="The list has no fewer items than the limit.",
    chinese="数组元素个数不少于下限。",
    in_words="至少 {} 个元素",
    broken="minItems 1: []",
    right='minItems 1: ["a"]',
)

max_items = keyword_check(
    "maxItems",
    english="The list has no more items than the limit.",
    chinese="数组元素个数不超过上限。",
    in_words="至多 {} 个元素",
    broken='maxItems 1: ["a", "b"]',
    right='maxItems 1: ["a"]',
)

unique_items = keyword_check(
    "uniqueItems",
    english="No item stands in the list twice.",
    chinese="数组元素不重复。",
    in_words="元素不重复（uniqueItems {}）",
    broken='uniqueItems true: ["a", "a"]',
    right='uniqueItems true: ["a", "b"]',
)

min_properties = keyword_check(
    "minProperties",
    english="The object has no fewer members than the limit.",
    chinese="对象成员个数不少于下限。",
    in_words="至少 {} 个成员",
    broken="minProperties 1: {}",
    right='minProperties 1: {"a": 1}',
)

max_properties = keyword_check(
    "maxProperties",
    english="The object has no more members than the limit.",
    chinese="对象成员个数不超过上限。",
    in_words="至多 {} 个成员",
    broken='maxProperties 1: {"a": 1, "b": 2}',
    right='maxProperties 1: {"a": 1}',
)

one_of = keyword_check(
    "oneOf",
    english="The value matches exactly one of several schemas.",
    chinese="字段值恰好符合多个 schema 中的一个。",
    in_words="恰好符合其一：{}",
    broken="oneOf [{type: string}, {type: integer}]: null",
    right="oneOf [{type: string}, {type: integer}]: 1",
)

is_not = keyword_check(
    "not",
    english="The value does not match the given schema.",
    chinese="字段值不符合所列 schema。",
    in_words="不得符合：{}",
    broken='not {enum: ["N/A"]}: "N/A"',
    right='not {enum: ["N/A"]}: "12"',
)


@check(
    "whole-schema",
    "$ref",
    english="A value inside one of its own kind matches the schema of that kind.",
    chinese="嵌套在同类值内部的值符合该类的 schema。",
    source="a $ref that leads back into the schema that holds it, in the spec",
    broken='Node {name: String, children: [Node]}: {"children": [{"children": [{"name": 1}]}]}',
    right='Node {name: String, children: [Node]}: {"children": [{"children": [{"name": "a"}]}]}',
)
def value_matches_its_whole_schema(clause: Clause) -> WordedClause | None:
    """A value whose members are not listed one by one matches its whole schema."""
    return WordedClause(
        "the schema that its $ref names",
        "$ref 所指的 schema",
        each_value(meaning(clause.keyword, clause.argument)),
    )


@check(
    "business-success",
    "x-business-success",
    english="An answer that carries the field rows has a business code of success.",
    chinese="返回了业务数据时，业务码必须是成功码。",
    source="the code of the document's 应答样例; x-business-success in the spec",
    level=Level.SAMPLE,
    broken='x-business-success ["000"]: {"code": "999", "data": {"img": "…"}}',
    right='x-business-success ["000"]: {"code": "000", "data": {"img": "…"}}',
)
def code_means_success(clause: Clause) -> WordedClause | None:
    """An answer that carries the field rows has a business code of success."""
    codes = listed(clause.argument)
    return WordedClause(
        f"a success code ({codes}) in an answer that carries the field rows",
        f"返回业务数据时，业务码为成功码（{codes}）",
        each_value(meaning("enum", clause.argument)),
    )
