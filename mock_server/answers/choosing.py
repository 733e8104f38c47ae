"""What a request and the settings ask for → the one answer that is chosen, or why there is none.

To add a preference: a key in `preferences.py`, a field of `Choice`, and its meaning in `choose`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from contract.spec.operations import Operation
from contract.spelling import did_you_mean
from mock_server.answers.replies import Reply, ServedOperation
from mock_server.delays import Delay, delay_of
from mock_server.faults import FAULTS, NO_FAULT, fault_named
from mock_server.faults.fault import Fault
from mock_server.preferences import KEYS
from mock_server.problems import Problem, RequestRefused, problem, unprocessable
from mock_server.state.settings import AnswerRule, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The chosen answer: made by a reply or taken from an example, then broken, then delayed.

    Attributes:
        operation: the operation that is called.
        reply: which of its replies is sent.
        example: the name of the example that is sent; None for a generated payload.
        fault: what breaks the answer.
        delay: how long the answer waits.
        preferences: what the request itself asked for, as it was written.
    """

    operation: Operation
    reply: Reply
    example: str | None
    fault: Fault | None
    delay: Delay | None
    preferences: tuple[tuple[str, str], ...]

    @property
    def is_plain(self) -> bool:
        """Whether nothing is chosen but the good answer, whole, at whatever time."""
        asked = any(key in {"code", "example"} for key, _ in self.preferences)
        good = self.reply.documented is self.operation.answer and self.example is None
        return good and not asked and self.fault is None

    @property
    def fault_was_requested(self) -> bool:
        """Whether the request itself named the fault; otherwise the settings did."""
        return any(key == "fault" for key, _ in self.preferences)


ANSWERS = ("code", "example", "fault")
"""The preferences that name an answer; a request that has one takes none of them from a rule."""


def leaves_room(preferences: Mapping[str, str], rule: AnswerRule) -> bool:
    """Say whether a rule would decide anything of the answer to a request."""
    named = any(key in preferences for key in ANSWERS)
    return bool(rule.asked and not named) or bool(rule.delay and "delay" not in preferences)


def choose(
    served: ServedOperation,
    preferences: Mapping[str, str],
    settings: Settings,
    rule: AnswerRule | None = None,
) -> Choice | Problem:
    """Choose the answer of an operation, or list the answers that exist.

    Args:
        served: the operation and its replies.
        preferences: what the request asks for, by key.
        settings: what is asked for where neither the request nor a rule asks for anything.
        rule: the one that the request meets.
    """
    asked, delay = preferences, settings.delay
    if rule is not None:
        named = any(key in preferences for key in ANSWERS)
        asked = preferences if named else {**preferences, **rule.asked}
        delay = rule.delay or delay
    try:
        _must_know(preferences)
        reply = reply_of(served, asked)
        return Choice(
            operation=served.operation,
            reply=reply,
            example=asked.get("example"),
            fault=_fault(asked, settings, good=reply is served.good),
            delay=_delay(preferences, delay),
            preferences=tuple(preferences.items()),
        )
    except RequestRefused as refused:
        if rule is None or not rule.asked.items() <= asked.items():
            return refused.problem
        detail = f"a rule of the settings cannot be met any more: {refused.problem.detail}"
        return problem(HTTPStatus(refused.problem.answer.status), detail)


def _must_know(preferences: Iterable[str]) -> None:
    key = next((key for key in preferences if key not in KEYS), None)
    if key is not None:
        known = [f"__{each}" for each in KEYS]
        hint = f"{did_you_mean(key, known)}the keys are: {', '.join(known)}"
        raise unprocessable(f"{key} is not a key; {hint}")


def reply_of(served: ServedOperation, asked: Mapping[str, str]) -> Reply:
    """Give the reply with a code and an example; without a code, the first that has the example.

    Raises:
        RequestRefused: there is none; the message lists those that there are.
    """
    code, example = asked.get("code"), asked.get("example")
    if code is not None and code not in served.replies:
        raise _not_found("code", code, served.replies)
    replies = [*served.replies.values()] if code is None else [served.replies[code]]
    if example is None:
        return replies[0]
    found = next((reply for reply in replies if example in reply.examples), None)
    if found is None:
        names = dict.fromkeys(name for reply in replies for name in reply.examples)
        raise _not_found("example", example, names)
    return found


def _fault(preferences: Mapping[str, str], settings: Settings, *, good: bool) -> Fault | None:
    name = preferences.get("fault")
    if name is None:
        return settings.fault if good else None
    fault = fault_named(name)
    if fault is None and name != NO_FAULT:
        hint = f"{did_you_mean(name, FAULTS)}/__admin/faults lists all"
        raise RequestRefused(problem(HTTPStatus.NOT_FOUND, f"fault={name} does not exist; {hint}"))
    if fault is not None and not good:
        key = "code" if "code" in preferences else "example"
        named = f"{key}={preferences[key]}"
        raise unprocessable(f"fault={fault.name} breaks only the successful answer: omit {named}")
    return fault


def _delay(preferences: Mapping[str, str], otherwise: Delay | None) -> Delay | None:
    try:
        return delay_of(preferences["delay"]) if "delay" in preferences else otherwise
    except ValueError as error:
        raise unprocessable(f"delay: {error}") from None


def _not_found(key: str, value: str, known: Iterable[str]) -> RequestRefused:
    listed = ", ".join(known) or "none"
    detail = f"{key}={value} does not exist; there are: {listed}"
    return RequestRefused(problem(HTTPStatus.NOT_FOUND, detail))
