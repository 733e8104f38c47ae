"""Where a change stands, and the keywords that are not constraints.

To add a keyword that makes no promise: list it in `KINDS`, and a new kind in `_WHY` and in
`change_rules.py`. A keyword that is not listed may be a promise, so a change of it is breaking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.changes.cases import Sending
from contract.changes.change import Change, Effect, Use, Words
from contract.changes.constraints import Path, is_annotating
from contract.changes.discriminators import DISCRIMINATOR, discriminated
from contract.changes.likeness import CONSTRAINING, Likeness
from contract.changes.written_values import brief
from contract.findings import Place
from contract.json_pointer import pointer_of
from contract.spec.yaml_text import Located

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("title", "summary", "description", "externalDocs", "tags"), "wording"),
    **dict.fromkeys(("example", "examples"), "example"),
    "x-sample": "sample",
    **dict.fromkeys(("x-mock", "x-mock-expects"), "mock"),
    "default": "default",
    "discriminator": "discriminator",
    **dict.fromkeys(("xml", "links", "format", "readOnly", "writeOnly"), "extension"),
}
"""The keywords that make no promise, each with its kind."""
_WHY: Mapping[str, Words] = {
    "wording": Words(
        "texts for people changed, and nothing that a program sends or reads",
        "仅供人阅读的文字有变，程序收发的内容不变",
    ),
    "example": Words(
        "an example illustrates the schema, and promises nothing itself",
        "样例仅作说明，本身不构成约定",
    ),
    "sample": Words(
        "a sample shows one answer and promises nothing, so no client can rely on it",
        "样例只展示一次应答，不构成约定，调用方不应依赖",
    ),
    "mock": Words(
        "the mock server makes another value; the environments do not read it",
        "只影响模拟服务生成的值，真实环境不读取",
    ),
    "default": Words(
        "a client that reads an answer finds the value in it, or none",
        "调用方以应答中的实际值为准",
    ),
    "extension": Words(
        "the keyword promises nothing about requests or answers",
        "该关键字对请求和应答均无约束",
    ),
}
_ABSENT = frozenset({"deprecated", "readOnly", "writeOnly", "allowEmptyValue", "allowReserved"})
"""Keywords that mean the same whether they are false or missing."""
_WRITTEN = frozenset({"allowEmptyValue", "allowReserved"})
"""Keywords that allow a parameter to be written in more ways."""
_LAID_OUT = frozenset({"style", "explode", "encoding"})
"""Keywords that say how values are laid out as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Where a schema stands: in which operation, and in which part of it.

    Attributes:
        operation: operationId.
        name: `answer`, `request` or `parameter`.
        subject: what the schema as a whole is called.
        likeness: what was compared so far.
        pointer: the names that lead to it.
        prefix: what its members' subjects begin with, so that those of a 404 are its own.
        texts: how many levels of it are sent as plain text.
    """

    operation: str
    name: str
    subject: str
    likeness: Likeness
    pointer: Path = ()
    prefix: str = ""
    texts: int = 0

    @property
    def answers(self) -> bool:
        """Whether a server sends what the schema is about."""
        return self.name == "answer"

    @property
    def sent(self) -> Sending:
        """Who sends it, and how it is written."""
        return Sending(request=not self.answers, texts=self.texts)

    def change(  # noqa: PLR0913 - a change is made of these, each by name
        self,
        effect: Effect,
        rule: str,
        path: Path = (),
        *,
        was: str,
        now: str,
        what: Words,
        why: Words,
        places: tuple[Place, Place],
    ) -> Change:
        """Make a change of the schema or of the member at a path in it."""
        pointer = pointer_of((*self.pointer, *path))
        return Change(
            effect=effect,
            operation=self.operation,
            subject=self.called(path),
            rule=rule,
            was=was,
            now=now,
            what=what,
            why=why,
            places=places,
            pointer=pointer,
            uses=(Use(self.operation, pointer),),
        )

    def called(self, path: Path) -> str:
        """Give the name of the member at a path."""
        own = next((step for step in reversed(path) if step != "*"), None)
        return self.subject if own is None else f"{self.prefix}{own}"


def is_annotation(side: Side, word: str, schemas: list[Located]) -> bool:
    """Say whether a keyword of some schemas is compared here, and not as a constraint."""
    if word in CONSTRAINING:
        return not side.answers
    if word == "format":
        return all(is_annotating(each["format"]) for each in schemas if "format" in each)
    return word.startswith("x-") or word in KINDS or word in _ABSENT


def plain(word: str, value: object) -> object:
    """Give the value of a keyword; None where it means the same as a missing one."""
    return None if word in _ABSENT and value is False else value


def word_changes(
    side: Side, path: Path, word: str, values: tuple[object, object], places: tuple[Place, Place]
) -> Iterator[Change]:
    """Compare a keyword that is not a constraint; an unknown one may be a constraint."""
    old, new = (plain(word, value) for value in values)
    if side.likeness.same(old, new):
        return
    was, now = (
        f"{word} {brief(value)}" if value is not None else f"no {word}" for value in (old, new)
    )
    name = side.called(path)
    effect, rule, why = (
        discriminated(old, new) if word == DISCRIMINATOR else _class_of(side, word, new)
    )
    yield side.change(
        effect,
        rule,
        path,
        was=was,
        now=now,
        what=_what(name, word, old, new),
        why=why,
        places=places,
    )


def _what(name: str, word: str, old: object, new: object) -> Words:
    was, now = brief(old), brief(new)
    if old is None:
        return Words(f"{name}: {word} {now} is new", f"{name}：新增 {word} {now}")
    if new is None:
        return Words(f"{name}: {word} {was} is gone", f"{name}：删除 {word} {was}")
    return Words(f"{name}: {word} is {now} instead of {was}", f"{name}：{word} 由 {was} 改为 {now}")


def _class_of(side: Side, word: str, new: object) -> tuple[Effect, str, Words]:
    kind = KINDS.get(word, "extension" if word.startswith("x-") else "")
    if kind and not (word == "default" and not side.answers):
        return Effect.DOCUMENTATION, f"{kind}-changed", _WHY.get(kind, _WHY["extension"])
    if word in _LAID_OUT:
        return Effect.BREAKING, f"{side.name}-layout-changed", _LAYOUT
    told = _SAID.get((word, bool(new)))
    if told and (word not in _WRITTEN or side.name == "parameter"):
        return told
    why = Words(
        f"nothing proves that clients do not notice another {word}",
        f"无法证明 {word} 的变更对调用方没有影响",
    )
    return Effect.BREAKING, "unproved-change", why


_LAYOUT = Words(
    "whoever reads the text takes it apart in the old way", "接收方仍按原来的方式拆分文本"
)
_DEFAULT = Words(
    "a request that leaves it out is still accepted, but may now mean something else",
    "省略它的请求仍然有效，但含义可能不同",
)
_SAID: Mapping[tuple[str, bool], tuple[Effect, str, Words]] = {
    **{
        ("default", said): (Effect.COMPATIBLE, "default-changed", _DEFAULT)
        for said in (True, False)
    },
    ("deprecated", True): (
        Effect.COMPATIBLE,
        "deprecated",
        Words("it works as before, but may be removed later", "目前照常可用，今后可能删除"),
    ),
    ("deprecated", False): (
        Effect.DOCUMENTATION,
        "undeprecated",
        Words("it is no longer about to be removed", "不再计划删除"),
    ),
    **{
        (word, True): (
            Effect.COMPATIBLE,
            "parameter-writing-loosened",
            Words("every request that was accepted still is", "以前有效的请求仍然有效"),
        )
        for word in _WRITTEN
    },
    **{
        (word, False): (
            Effect.BREAKING,
            "parameter-writing-tightened",
            Words("a request that writes it so may now be refused", "如此书写的请求现在可能被拒绝"),
        )
        for word in _WRITTEN
    },
}
"""What the change of a keyword does that more than readers notice, by whether it is set now."""


def rest(side: Side, old: Located, new: Located, known: frozenset[str]) -> Iterator[Change]:
    """Compare the keywords that no other function compares; `known` lists those of the others."""
    for word in {**old, **new}:
        if word not in known:
            places = (old.at(word), new.at(word))
            yield from word_changes(side, (), word, (old.get(word), new.get(word)), places)
