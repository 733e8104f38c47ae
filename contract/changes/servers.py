"""The changes of where an operation is called, and of who may call it.

A server is known by its `x-environment`, or else by its URL.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract.changes.change import Change, Effect
from contract.changes.sides import Side, rest
from contract.changes.written_values import sorted_json
from contract.spec.operations import Operation, Spec
from contract.spec.references import mapping
from contract.spec.yaml_text import Located

WHOLE = "spec"
"""The operation of a change that concerns every operation."""

Server = tuple[frozenset[str], Located]
"""The addresses of a server, and its node in the spec."""


def environment_changes(
    old: tuple[Spec, Operation], new: tuple[Spec, Operation]
) -> Iterator[Change]:
    """Find the addresses that came and went; those of the whole spec are changes of the spec."""
    owners = [operation.servers for _, operation in (old, new)]
    shared = all(owner is spec.tree for owner, (spec, _) in zip(owners, (old, new), strict=True))
    operation = WHOLE if shared else new[1].id
    before, after = (_addresses(owner) for owner in owners)
    places = (old[1].servers_place, new[1].servers_place)
    for name in {**before, **after}:
        side = Side(operation=operation, name="answer", subject=name)
        was, now = before.get(name), after.get(name)
        if was and now:
            yield from rest(side, was[1], now[1], frozenset({"url", "variables", "x-environment"}))
        lost = was is not None and not (now and was[0] <= now[0])
        won = now is not None and not (was and now[0] <= was[0])
        if lost or won:
            word = "removed" if not now else "moved" if lost else "added"
            yield side.change(
                Effect.BREAKING if lost else Effect.COMPATIBLE,
                f"environment-{word}",
                (),
                was=", ".join(sorted(was[0])) if was else "nothing",
                now=", ".join(sorted(now[0])) if now else "nothing",
                reason="a client that calls it there is no longer answered"
                if lost
                else "it is one more address, and the others remain",
                places=(
                    was[1].at("url") if was else places[0],
                    now[1].at("url") if now else places[1],
                ),
            )


def _addresses(owner: Located) -> dict[str, Server]:
    """Give the addresses of each server, by its environment or else by its URL."""
    found: dict[str, Server] = {}
    listed = owner.get("servers", [])
    for server in listed if isinstance(listed, list) else ():
        node = mapping(server, owner.at("servers"), "a server")
        urls = {str(node.get("url", "/"))}
        variables = mapping(
            node.get("variables", Located(node.place)), node.at("variables"), "variables"
        )
        for name, described in variables.items():
            values = mapping(described, variables.at(name), name)
            choices = values.get("enum")
            listed_values = choices if isinstance(choices, list) and name == "scheme" else []
            all_values = {str(value) for value in [values.get("default", ""), *listed_values]}
            urls = {url.replace(f"{{{name}}}", value) for url in urls for value in all_values}
        key = str(node.get("x-environment") or node.get("url", "/"))
        known = found[key][0] if key in found else frozenset()
        found[key] = (known | {url.rstrip("/") for url in urls}, node)
    return found


def security_changes(side: Side, old: Operation, new: Operation) -> Iterator[Change]:
    """Find out whether a request needs other credentials."""
    was, now = (sorted(each.security, key=sorted_json) for each in (old, new))
    if sorted_json(was) != sorted_json(now):
        free = not now or {} in now
        yield side.change(
            Effect.COMPATIBLE if free else Effect.BREAKING,
            "security-changed",
            (),
            was=f"{len(was)} ways" if was else "none needed",
            now=f"{len(now)} ways" if now else "none needed",
            reason="a request may leave its credentials out"
            if free
            else "a request with the credentials of before may now be refused",
            places=(old.node.at("security"), new.node.at("security")),
        )
