"""The paths, the parameters that stand in them, and the paths that mean the same request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract.findings import Level, Place
from contract.review.openapi_objects import METHODS, Object, Objects, inner, meant, templates
from contract.review.review_rule import ObjectRule, Tree, Violation
from contract.spec.yaml_text import Located

_Parameter = tuple[str, str, Located, Place]
"""The name of a parameter, where it is sent, what describes it, and where it is listed."""


def path_parameters(tree: Tree) -> Iterator[Violation]:
    """Find braces of a path without a parameter, and parameters that the path does not have."""
    objects = tree.objects
    for item in _items(objects):
        path, place = item.name, _place(item)
        names = templates(path)
        for name in sorted({each for each in names if names.count(each) > 1 or not each}):
            evidence = f"{{{name}}} stands twice in {path}" if name else f"{{}} of {path} is empty"
            yield _violation("", name or path, evidence, place, "give each its own name")
        shared = list(_parameters(objects, item))
        for operation in inner(item):
            if operation.kind == "Operation":
                own = list(_parameters(objects, operation))
                declared = {name for name, where, *_ in (*shared, *own) if where == "path"}
                for name in dict.fromkeys(each for each in names if each not in declared and each):
                    evidence = f"{path} has {{{name}}}, and no parameter of that name is in: path"
                    remedy = f"describe {name} in parameters, with in: path and required: true"
                    yield _violation(operation.operation, name, evidence, place, remedy)
                yield from _of_parameters(operation.operation, path, names, own)
        yield from _of_parameters("", path, names, shared)


def _of_parameters(
    operation: str, path: str, names: list[str], parameters: list[_Parameter]
) -> Iterator[Violation]:
    for name, where, node, place in parameters:
        if where == "path" and name not in names:
            evidence = f"the parameter {name} is in: path, and {path} has no {{{name}}}"
            remedy = f"write {{{name}}} into the path, or say where the parameter is sent"
            yield _violation(operation, name, evidence, place, remedy)
        elif where == "path" and node.get("required") is not True:
            evidence = f"the parameter {name} is in: path, and not required: true"
            at = node.at("required") if "required" in node else place
            yield _violation(operation, name, evidence, at, "write required: true")


def repeated_parameters(tree: Tree) -> Iterator[Violation]:
    """Find the parameters that stand twice in one list."""
    objects = tree.objects
    for owner in (*_items(objects), *objects.of("Operation")):
        seen: set[tuple[str, str]] = set()
        for name, where, _, place in _parameters(objects, owner):
            if (name, where) in seen:
                evidence = f"the parameter {name} in: {where} is listed twice"
                yield _violation(owner.operation, name, evidence, place, "remove one of the two")
            seen.add((name, where))


def ambiguous_paths(tree: Tree) -> Iterator[Violation]:
    """Find two paths that one request can mean, where neither is the more concrete one."""
    alike: dict[tuple[frozenset[int], int], list[_Path]] = {}
    for item in _items(tree.objects):
        steps = [re.sub(r"\{[^{}]*\}", "{}", step) for step in item.name.split("/")]
        open_steps = frozenset(n for n, step in enumerate(steps) if "{}" in step)
        alike.setdefault((open_steps, len(steps)), []).append((item, steps))
    for (opened, length), here in alike.items():
        yield from _pairs(here, here, opened)
        for (others, other_length), there in alike.items():
            only, only_there = sorted(opened - others), sorted(others - opened)
            # Without steps that are open in one path only, the other is the more concrete one.
            if length == other_length and only and only < only_there:
                yield from _pairs(here, there, opened | others)


_Path = tuple[Object, list[str]]
"""A path and its steps, what stands in braces left out."""


def _pairs(here: list[_Path], there: list[_Path], opened: frozenset[int]) -> Iterator[Violation]:
    """Find the paths of two groups that are alike in every step that is open in neither."""
    by_rest: dict[tuple[str, ...], list[_Path]] = {}
    for one, steps in here:
        rest = tuple(step for n, step in enumerate(steps) if n not in opened)
        by_rest.setdefault(rest, []).append((one, steps))
    for other, steps in there:
        rest = tuple(step for n, step in enumerate(steps) if n not in opened)
        for one, first in by_rest.get(rest, ()):
            if here is there and one is other:
                break  # each pair once
            if not all(map(_may_be_one, first, steps)):
                continue
            if _methods(one) & _methods(other):
                same = "are one path" if first == steps else "can mean one request"
                yield _violation(
                    "",
                    other.name,
                    f"{other.name} and {one.name} in line {_place(one).line} {same}",
                    _place(other),
                    "join the two, or tell them apart by a fixed part",
                )
                break


def _may_be_one(one: str, other: str) -> bool:
    """Say whether two steps can be the same text: not {}.json and {}.xml."""
    open_one, open_other = "{}" in one, "{}" in other
    if open_one == open_other:
        return one == other
    form, text = (one, other) if open_one else (other, one)
    return re.fullmatch(".+".join(map(re.escape, form.split("{}"))), text) is not None


def queries_in_paths(tree: Tree) -> Iterator[Violation]:
    """Find paths that hold a query, a fragment or unpaired braces."""
    objects = tree.objects
    for item in _items(objects):
        path = item.name
        left = re.sub(r"\{[^{}]*\}", "", path)
        found = next((mark for mark in "?#{}" if mark in left), None)
        if found is not None:
            remedy = "pair the braces" if found in "{}" else "describe it in parameters, in: query"
            yield _violation("", path, f"the path {path} has a {found}", _place(item), remedy)


def _items(objects: Objects) -> Iterator[Object]:
    for item in objects.of("PathItem"):
        if item.holder is not None and item.holder.kind == "Paths":
            yield item


def _place(item: Object) -> Place:
    return item.holder.node.at(item.name) if item.holder else item.node.place


def _methods(item: Object) -> set[str]:
    return set(METHODS) & item.node.keys()


def _parameters(objects: Objects, owner: Object) -> Iterator[_Parameter]:
    for each in inner(owner):
        if each.kind == "Parameter":
            node = meant(objects, each)
            if node is not None:
                place = each.node.at("name")
                yield str(node.get("name")), str(node.get("in")), node, place


def _violation(operation: str, name: str, evidence: str, place: Place, remedy: str) -> Violation:
    return Violation(
        operation=operation, subject=name, evidence=evidence, places=(place,), remedy=remedy
    )


RULES = (
    ObjectRule(
        name="path-parameter",
        title="路径参数不一致",
        find=path_parameters,
        english="Every {name} of a path is a required parameter with in: path, and every such "
        "parameter stands in the path.",
        chinese="路径中的每个 {name} 都有 in: path 且必填的参数，每个路径参数也都出现在路径中。",
        source="OpenAPI 3.0.3, Path Templating; Parameter Object: in, required",
        level=Level.TABLE,
        broken="/account/find/{id}:",
        right="/account/find:",
    ),
    ObjectRule(
        name="repeated-parameter",
        title="参数重复",
        find=repeated_parameters,
        english="A list of parameters has each name once for each place.",
        chinese="同一参数列表中，相同位置的参数名只出现一次。",
        source="OpenAPI 3.0.3, Operation Object: parameters",
        level=Level.TABLE,
        broken="summary: 查询账户\n      parameters:\n"
        "        - {name: a, in: query, schema: {type: string}}\n"
        "        - {name: a, in: query, schema: {type: string}}",
        right="summary: 查询账户",
    ),
    ObjectRule(
        name="ambiguous-path",
        title="路径有歧义",
        find=ambiguous_paths,
        english="No request can mean two paths of which neither is the more concrete one.",
        chinese="任何请求都不会同时匹配两个路径，除非其中一个更具体。",
        source="OpenAPI 3.0.3, Paths Object: path templating matching",
        level=Level.TABLE,
        broken="paths:\n  /a/{b}: {get: {responses: {default: {description: b}}}}\n"
        "  /a/{c}: {get: {responses: {default: {description: c}}}}",
        right="paths:",
    ),
    ObjectRule(
        name="path-with-query",
        title="路径写法有误",
        find=queries_in_paths,
        english="A path has no query, no fragment, and only paired braces.",
        chinese="路径不含查询串和片段，花括号成对出现。",
        source="OpenAPI 3.0.3, Paths Object",
        level=Level.TABLE,
        broken="/account/find?all=1:",
        right="/account/find:",
    ),
)
