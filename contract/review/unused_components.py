"""The components, and whether the operations use them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from contract.findings import Level
from contract.json_pointer import unescape
from contract.review.review_rule import ObjectRule, Tree, Violation
from contract.spec.yaml_nodes import node_at
from contract.spec.yaml_text import Located


def unused_components(tree: Tree) -> Iterator[Violation]:
    """Find the components that no operation reaches."""
    root = tree.objects.root
    components = root.get("components")
    if not isinstance(components, Located):
        return
    reached = _reached(root)
    # A reference that leads nowhere may have meant any component of its section.
    lost = {each.split("/")[2] for each in reached if not _is_there(components, each)}
    for section, members in components.items():
        if section == "securitySchemes" or not isinstance(members, Located):
            continue
        for name in members:
            if f"#/components/{section}/{name}" not in reached and section not in lost:
                yield Violation(
                    subject=name,
                    evidence=f"no operation refers to #/components/{section}/{name}",
                    places=(members.at(name),),
                    remedy="remove it",
                )


def _is_there(components: Located, reference: str) -> bool:
    steps = reference.split("/")
    if steps[:2] != ["#", "components"] or len(steps) < _STEPS_OF_A_COMPONENT:
        return True
    members = components.get(steps[2])
    return isinstance(members, Located) and unescape(unquote(steps[3])) in members


_STEPS_OF_A_COMPONENT = 4


def _reached(root: Located) -> set[str]:
    reached: set[str] = set()
    waiting: list[object] = [value for key, value in root.items() if key != "components"]
    while waiting:
        node = waiting.pop()
        waiting += node if isinstance(node, list) else ()
        if isinstance(node, Located):
            waiting += node.values()
            reference = node.get("$ref")
            if isinstance(reference, str):
                component = "/".join(reference.split("/")[:4])  # what it refers to may lie inside
                if component not in reached:
                    reached.add(component)
                    waiting.append(node_at(root, component.split("/")[1:]))
    return reached


RULES = (
    ObjectRule(
        name="unused-component",
        title="未被引用的组件",
        find=unused_components,
        english="Every component is used by an operation.",
        chinese="每个组件都被某个接口引用。",
        source="OpenAPI 3.0.3, Components Object",
        level=Level.TABLE,
        after=("invalid-openapi",),
        broken="components:\n  schemas:\n    spare: {type: string}",
        right="components:\n  schemas:",
    ),
)
