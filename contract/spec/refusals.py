"""A spec for programs that send requests which break it: every such request may be refused.

Documents do not say what a server answers to a request that breaks them. Any 4xx answer is right
where an operation asks for something, and a program that generates requests needs to know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from contract.json_pointer import unescape
from contract.spec.media_types import FORM, FORM_WITH_FILES
from contract.spec.operations import UnreadOperation

REFUSED = "4XX"
"""The status of every refusal."""

_ASKING = ("parameters", "requestBody")


def with_refusals(tree: Mapping[str, object]) -> dict[str, object]:
    """Copy a spec as plain values; every operation that asks for something answers 4XX too.

    What a document says of an answer with such a status is about calls that keep the document.
    """
    copy = _plain(tree)
    paths = copy.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        for operation in item.values() if isinstance(item, dict) else ():
            asks = isinstance(operation, dict) and any(key in operation for key in _ASKING)
            responses = operation.get("responses") if asks else None
            if isinstance(responses, dict):
                for status in (each for each in responses if str(each).startswith("4")):
                    responses[status] = {"description": "请求不符合文档"}
                responses.setdefault(REFUSED, {"description": "请求不符合文档"})
    return copy


def without_unread(
    tree: Mapping[str, object], unread: Iterable[UnreadOperation]
) -> dict[str, object]:
    """Copy a spec as plain values, without the operations that cannot be read."""
    copy = _plain(tree)
    paths = copy.get("paths")
    known = paths if isinstance(paths, dict) else {}
    for each in unread:
        item = known.get(each.path)
        if each.method and isinstance(item, dict):
            item.pop(each.method.lower(), None)
        else:
            known.pop(each.path, None)
    return copy


def without_credentials(tree: Mapping[str, object]) -> dict[str, object]:
    """Copy a spec as plain values, without what it says of credentials.

    Documents do not say what a server answers without them, and a mock server answers all the same.
    """
    copy = _plain(tree)
    copy.pop("security", None)
    paths = copy.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        for operation in item.values() if isinstance(item, dict) else ():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return copy


def as_forms_write(tree: Mapping[str, object]) -> dict[str, object]:
    """Copy a spec as plain values; no member of a form is null, and each list is one of its items.

    A form has texts only: it writes a list of one as it writes the item, and cannot write null. No
    server can refuse what a form does not tell apart.
    """
    copy = _plain(tree)
    for schema in _form_schemas(copy):
        properties = schema.get("properties")
        members = properties if isinstance(properties, dict) else {}
        for name, member in members.items():
            is_list = isinstance(member, dict) and member.get("type") == "array"
            items = member.get("items") if isinstance(member, dict) and is_list else None
            one = {"type": "string", **items} if isinstance(items, dict) else member
            if isinstance(one, dict):
                members[name] = {key: said for key, said in one.items() if key != "nullable"}
    return copy


_FORMS = (FORM, FORM_WITH_FILES)


def _form_schemas(tree: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Give the schemas of bodies that are forms, those of components in their place."""
    for holder in _mappings(tree.get("paths")):
        for operation in _mappings(holder):
            body = operation.get("requestBody")
            content = body.get("content") if isinstance(body, dict) else None
            for media_type in _FORMS:
                stated = content.get(media_type) if isinstance(content, dict) else None
                schema = stated.get("schema") if isinstance(stated, dict) else None
                if isinstance(stated, dict) and isinstance(schema, dict):
                    stated["schema"] = _copied(_followed(schema, tree))
                    yield stated["schema"]


def _mappings(node: object) -> Iterator[dict[str, object]]:
    yield from (
        each for each in (node.values() if isinstance(node, dict) else ()) if isinstance(each, dict)
    )


def _followed(schema: dict[str, object], tree: Mapping[str, object]) -> dict[str, object]:
    """Follow a reference to a component; any other schema is itself."""
    reference = schema.get("$ref")
    node: object = tree
    for step in str(reference).split("/")[1:] if isinstance(reference, str) else ():
        node = node.get(unescape(step)) if isinstance(node, Mapping) else None
    return node if isinstance(reference, str) and isinstance(node, dict) else schema


def _plain(node: Mapping[str, object]) -> dict[str, object]:
    return {key: _copied(value) for key, value in node.items()}


def _copied(value: object) -> object:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return _plain(value) if isinstance(value, Mapping) else value
