"""The addresses of the servers, and the variables in them."""

from __future__ import annotations

from collections.abc import Iterator

from contract.findings import Level, Place
from contract.review.openapi_objects import Object, templates
from contract.review.review_rule import ObjectRule, Tree, Violation
from contract.spec.yaml_text import Located


def server_addresses(tree: Tree) -> Iterator[Violation]:
    """Find the addresses that cannot be filled in, or that a path cannot be put behind."""
    objects = tree.objects
    for server in objects.of("Server"):
        url = server.node.get("url")
        if isinstance(url, str):
            place = server.node.at("url")
            if url.endswith("/") and url != "/":
                remedy = "remove the slash: every path begins with one"
                yield _violation(server, url, f"{url} ends in a slash", place, remedy)
            if "?" in url or "#" in url:
                remedy = "remove the query: it would stand before the path"
                yield _violation(server, url, f"{url} has a query or a fragment", place, remedy)
            yield from _variables(server, url)


def _variables(server: Object, url: str) -> Iterator[Violation]:
    node = server.node.get("variables")
    described = node if isinstance(node, Located) else Located(server.node.place)
    for name in dict.fromkeys(templates(url)):
        if name not in described:
            evidence = f"{url} has {{{name}}}, and variables does not describe it"
            remedy = f"describe {name} in variables, with a default"
            yield _violation(server, name, evidence, server.node.at("url"), remedy)
    for name, variable in described.items():
        if name not in templates(url):
            evidence = f"the variable {name} does not stand in {url}"
            yield _violation(server, name, evidence, described.at(name), "remove it")
            continue
        choices = variable.get("enum") if isinstance(variable, Located) else None
        if isinstance(choices, list) and isinstance(variable, Located):
            at = variable.at("default")
            if variable.get("default") not in choices:
                evidence = f"default of {name} is not among enum"
                yield _violation(server, name, evidence, at, "list it, or choose another")


def _violation(server: Object, subject: str, evidence: str, place: Place, remedy: str) -> Violation:
    return Violation(
        operation=server.operation,
        subject=subject,
        evidence=evidence,
        places=(place,),
        remedy=remedy,
    )


RULES = (
    ObjectRule(
        name="server-address",
        title="服务器地址有误",
        find=server_addresses,
        english="The address of a server ends without a slash, and its variables are described, "
        "each with a default that it may have.",
        chinese="服务器地址不以斜杠结尾，其中的变量都有定义，默认值在可选值之内。",
        source="OpenAPI 3.0.3, Server Object; Server Variable Object",
        level=Level.TABLE,
        broken='{url: "https://test.example.com/", x-environment: test}',
        right='{url: "https://test.example.com", x-environment: test}',
    ),
)
