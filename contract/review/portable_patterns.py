"""Regular expressions that mean the same in Python, ECMAScript, Rust and Java.

Portable are: literal characters and escaped marks, `.`, classes such as `[0-9A-Z]`, groups `(…)`
and `(?:…)`, `|`, the quantifiers `?`, `*`, `+` and `{n,m}`, and `^` and `$` at the ends. Everything
else differs between dialects, or is missing from some of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from contract.findings import Level, named
from contract.review.review_rule import Violation, YamlRule
from contract.spec.yaml_nodes import inner_nodes
from contract.spec.yaml_text import Located

PORTABLE = (
    "literals, \\ before a mark, \\t, \\r, \\n, ., [a-z0-9], (…), (?:…), |, ?, *, +, {n,m}, "
    "^ first, $ last"
)
"""The portable parts of a pattern, as messages list them."""

_TOKEN = re.compile(
    r"""(?P<escape>\\(?P<escaped>.?))
    | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<group>\((?P<special>\?(?:[:=!]|<[=!]|[^)]{0,20})?)?)
    | (?P<repeated>(?:[?*+]|\{[0-9]+(?:,[0-9]*)?\})(?P<lazy>[?+])?)
    | (?P<anchor>[\^$])
    | (?P<brace>[{}])
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_MARKS = frozenset(r"\^$.|?*+()[]{}/-")
_CONTROLS = frozenset("trnf")
"""The letters that mean the same control character in every dialect."""
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r" \t\r\n"}
"""What the letter of a class stands for, as members of a set; its capital stands for the rest."""


def unportable_patterns(node: object, path: Path) -> Iterator[Violation]:
    """Find the patterns that do not mean the same to every reader of a spec."""
    if isinstance(node, Located) and isinstance(node.get("pattern"), str):
        problem = unportable(str(node["pattern"]))
        if problem is not None:
            yield Violation(
                subject=named(path),
                evidence=problem,
                places=(node.at("pattern"),),
                remedy=f"write it with {PORTABLE}",
            )
    members = node.get("properties") if isinstance(node, Located) else None
    for value in inner_nodes(node):
        if value is members:
            for schema in value.values() if isinstance(value, Located) else ():
                yield from unportable_patterns(schema, path)
        else:
            yield from unportable_patterns(value, path)


def unportable(pattern: str) -> str | None:
    """Say what is not portable in a pattern; None if all of it is."""
    for token in _TOKEN.finditer(pattern):
        problem = _problem(token, pattern)
        if problem is not None:
            return f"{token[0]} at character {token.start() + 1} {problem}"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{pattern} is not a regular expression: {error}"
    return None


def _problem(token: re.Match[str], pattern: str) -> str | None:
    problem: str | None = None
    match token.lastgroup:
        case "escape" if token["escaped"] not in _MARKS | _CONTROLS:
            instead = _instead(token["escaped"])
            problem = f"means something else in other dialects{instead}"
        case "set":
            problem = _set_problem(token["set"])
        case "group" if token["special"] not in {None, "?:"}:
            problem = "is missing from some dialects"
        case "repeated" if token["lazy"]:
            problem = "is missing from some dialects; leave it out, it changes no verdict"
        case "anchor":
            problem = _anchor_problem(token, pattern)
        case "brace":
            problem = "is read as a quantifier by some dialects; put \\ before it"
    return problem


def _instead(letter: str) -> str:
    """Say what to write for the class of a letter."""
    members = _CLASSES.get(letter.lower())
    turned = "^" if letter.isupper() else ""
    return f"; write [{turned}{members}]" if members else ""


def _set_problem(text: str) -> str | None:
    inner = text[1:-1].removeprefix("^")
    known = _MARKS | _CONTROLS
    letters = [each for each in re.findall(r"\\(.)", inner) if each not in known]
    if letters:
        members = _CLASSES.get(letters[0])
        said = f"; write {members} there" if members else ""
        if len(inner) == len(letters[0]) + 1 and letters[0].lower() in _CLASSES:
            turned = text.startswith("[^") != letters[0].isupper()
            said = f"; write [{'^' if turned else ''}{_CLASSES[letters[0].lower()]}]"
        named = f"\\{letters[0]}"
        return f"holds {named}, which means something else in other dialects{said}"
    if inner.startswith("]") or "[" in re.sub(r"\\.", "", inner) or "&&" in inner:
        return "holds a bracket or && that some dialects read otherwise; put \\ before it"
    return None


def _anchor_problem(token: re.Match[str], pattern: str) -> str | None:
    before, after = pattern[: token.start()], pattern[token.end() :]
    first = not before or before.endswith(("(", "|", "(?:"))
    last = not after or after.startswith((")", "|"))
    kept = first if token[0] == "^" else last
    return None if kept else "stands in the middle, where some dialects read a line's end"


RULES = (
    YamlRule(
        name="unportable-pattern",
        title="正则表达式不通用",
        find=lambda references, path: unportable_patterns(references.root, path),
        english=f"A pattern means the same in every dialect. Portable: {PORTABLE}.",
        chinese=f"正则表达式在各种实现中含义相同；通用写法：{PORTABLE}。",
        source="OpenAPI 3.0.3, Schema Object: pattern; ECMA-262 §21.2.1",
        level=Level.TABLE,
        broken=r'pattern: "^\\w+$"',
        right='pattern: "^[0-9a-z]+$"',
    ),
)
