"""Names that one part of a spec uses and another gives: security schemes, tags, linked operations.

To add a kind of name: a function that finds the uses that nothing gives, and its entry in `RULES`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from contract.findings import Level, Place
from contract.review.item_places import item_place
from contract.review.review_rule import ObjectRule, Tree, Violation
from contract.spec.yaml_text import Located
from contract.spelling import did_you_mean


def undefined_security(tree: Tree) -> Iterator[Violation]:
    """Find the security schemes that are asked for and described nowhere."""
    objects = tree.objects
    components = objects.root.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, Located) else None
    known = schemes.keys() if isinstance(schemes, Located) else ()
    for each in objects.of("Security"):
        for name in each.node:
            if name not in known:
                what = "securitySchemes describes no scheme of that name"
                yield _unknown(each.operation, name, what, each.node.at(name), known)


def undefined_tags(tree: Tree) -> Iterator[Violation]:
    """Find the tags that the spec's list lacks, where it has one, and those that it has twice."""
    objects = tree.objects
    known: set[str] = set()
    for tag in objects.of("Tag"):
        name = str(tag.node.get("name"))
        if name in known:
            place = tag.node.at("name")
            evidence = f"the tag {name} is described twice"
            remedy = "remove one of the two"
            yield Violation(subject=name, evidence=evidence, places=(place,), remedy=remedy)
        known.add(name)
    for each in objects.of("Operation") if known else ():
        tags = each.node.get("tags")
        for number, name in enumerate(tags if isinstance(tags, list) else ()):
            if isinstance(name, str) and name not in known:
                place = item_place(each.node, "tags", number)
                yield _unknown(each.operation, name, "tags of the spec lacks it", place, known)


def undefined_links(tree: Tree) -> Iterator[Violation]:
    """Find the links to operations that there are not."""
    objects = tree.objects
    known = {each.operation for each in objects.of("Operation")}
    for link in objects.of("Link"):
        name = link.node.get("operationId")
        if isinstance(name, str) and name not in known:
            place = link.node.at("operationId")
            yield _unknown(link.operation, name, "no operation has this operationId", place, known)


def _unknown(
    operation: str, name: str, what: str, place: Place, known: Collection[str]
) -> Violation:
    hint = did_you_mean(name, known, most=1).strip()
    return Violation(
        operation=operation,
        subject=name,
        evidence=f"{name}: {what}{f'; {hint}' if hint else ''}",
        places=(place,),
        remedy="correct the name, or describe it",
    )


RULES = (
    ObjectRule(
        name="undefined-security",
        title="安全方案未定义",
        find=undefined_security,
        english="Every security scheme that is asked for is described in components.",
        chinese="引用的每个安全方案都在 components 中有定义。",
        source="OpenAPI 3.0.3, Security Requirement Object",
        level=Level.TABLE,
        broken="security: [{token: []}]",
        right="security: []",
    ),
    ObjectRule(
        name="undefined-tag",
        title="标签未定义",
        find=undefined_tags,
        english="Where the spec lists its tags, it lists each one once, and all that are used.",
        chinese="如果契约列出了标签，则每个标签只列一次，且包含所有用到的标签。",
        source="OpenAPI 3.0.3, OpenAPI Object: tags",
        level=Level.TABLE,
        broken="security: []\ntags: [{name: 账户}, {name: 账户}]",
        right="security: []",
    ),
    ObjectRule(
        name="undefined-link",
        title="链接的接口不存在",
        find=undefined_links,
        english="A link names an operation that there is.",
        chinese="链接指向的接口存在。",
        source="OpenAPI 3.0.3, Link Object: operationId",
        level=Level.TABLE,
        broken="description: 应答报文\n          links: {next: {operationId: findAcount}}",
        right="description: 应答报文",
    ),
)
