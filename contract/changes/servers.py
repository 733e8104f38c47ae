"""The changes of where an operation is called, and of who may call it.

A server is known by its `x-environment`, or else by its URL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.changes.change import Change, Effect, Words
from contract.changes.likeness import Likeness
from contract.changes.sides import Side, rest
from contract.changes.written_values import sorted_json
from contract.findings import Place
from contract.spec.operations import Operation, Spec
from contract.spec.references import mapping
from contract.spec.yaml_text import Located

WHOLE = "spec"
"""The operation of a change that concerns every operation."""

Server = tuple[frozenset[str], Located]
"""The addresses of a server, and its node in the spec."""
_Way = Mapping[str, frozenset[str]]
"""What one way to authenticate needs: schemes, each with its scopes."""


def environment_changes(
    old: tuple[Spec, Operation], new: tuple[Spec, Operation], likeness: Likeness
) -> Iterator[Change]:
    """Find the addresses that came and went; those of the whole spec are changes of the spec."""
    owners = [operation.servers for _, operation in (old, new)]
    if likeness.same(owners[0].get("servers"), owners[1].get("servers")):
        return
    shared = all(owner is spec.tree for owner, (spec, _) in zip(owners, (old, new), strict=True))
    operation = WHOLE if shared else new[1].id
    before, after = (_addresses(owner) for owner in owners)
    places = (old[1].servers_place, new[1].servers_place)
    for name in {**before, **after}:
        side = Side(operation=operation, name="answer", subject=name, likeness=likeness)
        was, now = before.get(name), after.get(name)
        if was and now:
            yield from rest(side, was[1], now[1], frozenset({"url", "variables", "x-environment"}))
        lost = was is not None and not (now and was[0] <= now[0])
        won = now is not None and not (was and now[0] <= was[0])
        if lost or won:
            word = "removed" if not now else "moved" if lost else "added"
            addresses = [", ".join(sorted(each[0])) if each else "nothing" for each in (was, now)]
            yield side.change(
                Effect.BREAKING if lost else Effect.COMPATIBLE,
                f"environment-{word}",
                was=addresses[0],
                now=addresses[1],
                what=Words(
                    f"{name}: {addresses[1]} instead of {addresses[0]}",
                    f"{name}：地址为 {addresses[1]}（原为 {addresses[0]}）",
                ),
                why=Words(
                    "a client that calls it there is no longer answered",
                    "仍在原地址调用的调用方得不到应答",
                )
                if lost
                else Words(
                    "it is one more address, and the others remain", "只是多了一个地址，其余不变"
                ),
                places=(
                    was[1].at("url") if was else places[0],
                    now[1].at("url") if now else places[1],
                ),
            )


_MOST = 64
"""How many addresses the variables of one server may spell out."""


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
            few = isinstance(choices, list) and len(choices) * len(urls) <= _MOST
            listed_values = choices if isinstance(choices, list) and few else []
            all_values = {str(value) for value in [values.get("default", ""), *listed_values]}
            urls = {url.replace(f"{{{name}}}", value) for url in urls for value in all_values}
        key = str(node.get("x-environment") or node.get("url", "/"))
        known = found[key][0] if key in found else frozenset()
        found[key] = (known | {url.rstrip("/") for url in urls}, node)
    return found


# Credentials.


def security_changes(
    side: Side, old: tuple[Spec, Operation], new: tuple[Spec, Operation]
) -> Iterator[Change]:
    """Find out whether a request needs other credentials, or may carry others."""
    was, now = (operation.security for _, operation in (old, new))
    before, after = (_ways(each) for each in (was, now))
    refused = [way for way in before if not any(_enough(way, each) for each in after)]
    if {frozenset(way.items()) for way in before} == {frozenset(way.items()) for way in after}:
        return
    shown = [_shown(each) for each in (was, now)]
    yield side.change(
        Effect.BREAKING if refused else Effect.COMPATIBLE,
        f"security-{'tightened' if refused else 'loosened'}",
        was=shown[0],
        now=shown[1],
        what=Words(
            f"credentials: {shown[1]} instead of {shown[0]}",
            f"凭证：{shown[1]}（原为 {shown[0]}）",
        ),
        why=Words(
            "a request with the credentials of before may now be refused",
            "带原有凭证的请求现在可能被拒绝",
        )
        if refused
        else Words("the credentials of before are still enough", "原有凭证仍然够用"),
        places=(_place(*old), _place(*new)),
    )


def _place(spec: Spec, operation: Operation) -> Place:
    owner = operation.node if "security" in operation.node else spec.tree
    return owner.at("security")


def _ways(security: tuple[Mapping[str, object], ...]) -> list[_Way]:
    """Give the ways to authenticate, each scheme by what it is and not by its name."""
    ways: list[_Way] = []
    for each in security or ({},):
        way: dict[str, frozenset[str]] = {}
        for name, said in each.items():
            scopes, scheme = said if isinstance(said, list) else ([], None)
            known = sorted_json(_essence(scheme)) if isinstance(scheme, Mapping) else name
            way[known] = frozenset(map(str, scopes if isinstance(scopes, list) else ()))
        ways.append(way)
    return ways


def _essence(scheme: Mapping[str, object]) -> dict[str, object]:
    """Give a scheme without what is only told to people, and without the list of all scopes."""
    return {
        word: _essence(value) if isinstance(value, Mapping) else value
        for word, value in scheme.items()
        if word not in _TOLD and not word.startswith("x-")
    }


_TOLD = frozenset({"description", "bearerFormat", "scopes", "refreshUrl"})


def _enough(carried: _Way, asked: _Way) -> bool:
    """Say whether a request that carries one way is one that another way asks for."""
    return all(name in carried and scopes <= carried[name] for name, scopes in asked.items())


def _shown(security: tuple[Mapping[str, object], ...]) -> str:
    ways = [" + ".join(_named(name, said) for name, said in way.items()) for way in security]
    return " / ".join(way or "none" for way in ways) or "none"


def _named(name: str, said: object) -> str:
    scopes = said[0] if isinstance(said, list) and said else []
    listed = ", ".join(map(str, scopes)) if isinstance(scopes, list) else ""
    return f"{name} ({listed})" if listed else name
