"""The form of a fault: a function that breaks an answer, and what a reader must know about it.

A fault is a function with the decorator `@fault`, or a row of a table: `foreign(…)` for an answer
of another system, which is the same whatever the operation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import ModuleType

from contract.findings import Level
from contract.registry import Entry, registry
from contract.spec.media_types import BodyForm
from contract.spec.operations import Operation
from mock_server.answer_editing import HTML, Answer, NotApplicable, the_code
from mock_server.wire import Wire, whole

_STATUSES = frozenset(status.value for status in HTTPStatus)

ANY_FORM = frozenset(BodyForm)
"""Every form of a body."""
SOME_BODY = ANY_FORM - {BodyForm.NONE}
"""Every form but that of no body."""

_OF_ANY: Mapping[str, frozenset[BodyForm]] = {
    **dict.fromkeys(("accepted", "content-coding", "not-cached", "prompt", "status"), ANY_FORM),
    "media-type": SOME_BODY,
    "body-as-documented": frozenset({BodyForm.TEXT, BodyForm.BYTES}),
}
"""The checks that judge more than JSON, and what they judge."""

_OF_BODIES = frozenset({"business-error", "not-the-operation", "too-large"})
"""The reasons that lie in a body."""

Break = Callable[[Answer, Operation], Answer | Wire]
"""A function that breaks an answer to an operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Entry):
    """One departure from the healthy answer.

    Its level is that of the strongest promise that it breaks, and its source says who would
    produce it in reality.

    Attributes:
        kind: the name of its module, which holds the faults of one kind.
        detected_by: the checks that must detect it; none for a harmless variation.
        inconclusive: the reason why an answer with it must not be judged.
        forms: what the body of an operation must be that it can break.
        breaks: answer → broken answer, or what goes over the wire in its place.
    """

    kind: str
    detected_by: frozenset[str]
    inconclusive: str | None
    forms: frozenset[BodyForm]
    breaks: Break

    def apply(self, answer: Answer, operation: Operation) -> Answer | Wire:
        """Break an answer of an operation.

        Raises:
            NotApplicable: the answer has nothing that this fault breaks.
        """
        form = operation.answer.form
        if form not in self.forms:
            raise NotApplicable(f"{operation.id} answers with {_IN_WORDS[form]}")
        return self.breaks(answer, operation)


_IN_WORDS: Mapping[BodyForm, str] = {
    BodyForm.NONE: "no body",
    BodyForm.JSON: "JSON",
    BodyForm.TEXT: "a text",
    BodyForm.BYTES: "a file",
}


def _forms(detected_by: Iterable[str]) -> frozenset[BodyForm]:
    """Give the forms that every one of some checks judges."""
    known = (_OF_ANY.get(name, frozenset({BodyForm.JSON})) for name in detected_by)
    return ANY_FORM.intersection(*known)


def fault(
    *detected_by: str,
    chinese: str,
    source: str,
    level: Level = Level.TABLE,
    inconclusive: str | None = None,
    forms: Collection[BodyForm] | None = None,
) -> Callable[[Break], Fault]:
    """Make a fault of a function; its name and its docstring are those of the fault.

    Args:
        detected_by: the checks that must detect the fault.
        chinese: the sentence in Chinese.
        source: who would produce it in reality, or the clause that it breaks.
        level: the level of the strongest promise that it breaks.
        inconclusive: in place of checks, the reason why the answer must not be judged.
        forms: what the body must be that it can break; by default what those checks judge, or
            JSON where they judge its members.
    """
    any_form = SOME_BODY if inconclusive in _OF_BODIES or not detected_by else ANY_FORM
    breakable = forms if forms is not None else _forms(detected_by) & any_form

    def register(function: Break) -> Fault:
        return Fault(
            name=function.__name__.replace("_", "-"),
            english=(function.__doc__ or "").strip(),
            chinese=chinese,
            source=source,
            level=level if detected_by else None,
            kind=function.__module__.rpartition(".")[2],
            detected_by=frozenset(detected_by),
            inconclusive=inconclusive,
            forms=frozenset(breakable),
            breaks=function,
        )

    return register


def variation(
    *, chinese: str, source: str, forms: Collection[BodyForm] | None = None
) -> Callable[[Break], Fault]:
    """Make a harmless variation of a function: a fault that no check may detect."""
    return fault(chinese=chinese, source=source, forms=forms)


def foreign(  # noqa: PLR0913 - what a row of the tables says
    module: str,
    name: str,
    english: str,
    chinese: str,
    source: str,
    *,
    body: str,
    status: int = 200,
    media_type: str = HTML,
    headers: tuple[tuple[str, str], ...] = (),
    encoding: str = "utf-8",
    reason: str = "not-the-service",
    forms: Collection[BodyForm] | None = None,
) -> Fault:
    """Make a fault of an answer that another system gives in place of the operation.

    Args:
        module: the name of the module that lists it.
        name: of the fault.
        english: the sentence in English.
        chinese: the sentence in Chinese.
        source: which system answers so.
        body: what it answers; `{path}` stands for the path of the operation.
        status: with this status, even if it is none of HTTP.
        media_type: empty for none.
        headers: further headers.
        encoding: of the body.
        reason: why such an answer must not be judged.
        forms: what the body must be in whose place it comes; where none is documented, only a
            page and an error are foreign.
    """
    is_page_or_error = media_type == HTML or status // 100 != HTTPStatus.OK // 100
    anywhere = ANY_FORM if is_page_or_error else SOME_BODY

    def answered(_: Answer, operation: Operation) -> Answer | Wire:
        if reason == "business-error":
            the_code(operation)
        data = body.replace("{path}", operation.path).encode(encoding)
        answer = Answer(status, media_type, data, headers)
        return answer if status in _STATUSES else _of_its_own(answer)

    return Fault(
        name=name,
        english=english,
        chinese=chinese,
        source=source,
        level=None,
        kind=module.rpartition(".")[2],
        detected_by=frozenset(),
        inconclusive=reason,
        forms=frozenset(anywhere if forms is None else forms),
        breaks=answered,
    )


def _of_its_own(answer: Answer) -> Wire:
    """Write an answer whose status no library sends."""
    as_usual = whole(replace(answer, status=HTTPStatus.OK))
    return Wire(steps=(as_usual.replace(b" 200 OK", b" %d Odd" % answer.status, 1),))


def faults_in(modules: Iterable[ModuleType]) -> Mapping[str, Fault]:
    """Register the faults of modules, in the order in which they are written; also in tables."""
    values = (value for module in modules for value in vars(module).values())
    listed = (each for value in values for each in (value if type(value) is tuple else (value,)))
    return registry(each for each in listed if isinstance(each, Fault))
