"""Settings as JSON: what `PUT /__admin/settings` takes, and what `GET` shows.

`admin.yaml` states the form; here is read what only the spec that is served can decide: whether an
operation, an example, a code and a member exist. To add a member of a rule: its schema there, its
reading in `_rule` and its showing in `_rule_as_json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contract.json_pointer import pointer_of
from contract.spelling import did_you_mean
from mock_server.answer_editing import NotApplicable
from mock_server.answers.choosing import reply_of
from mock_server.answers.replies import ServedOperation, must_apply
from mock_server.delays import Between, Delay, Lognormal, delay_of
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS, NO_FAULT, fault_named
from mock_server.faults.fault import Fault
from mock_server.matching import wrong_place
from mock_server.problems import RequestRefused, unprocessable
from mock_server.state.settings import AnswerRule, Settings

_ASKED = ("code", "example", "fault")
_DELAYS = ("delay", "fixedDelay", "delayDistribution")


def read_settings(
    body: Mapping[str, Any], served: Mapping[str, ServedOperation], captchas: Captchas
) -> Settings:
    """Read settings that have the form that `admin.yaml` states.

    Args:
        body: the settings as JSON.
        served: the operations that rules may be for.
        captchas: what answers show that a fault must be able to break.

    Raises:
        RequestRefused: they cannot be met; the message names the place and lists what can.
    """
    name = body.get("fault")
    return Settings(
        fault=None if name is None else _fault(name, "/fault"),
        delay=_delay(body, ""),
        rules=tuple(_rules(body.get("operations") or {}, served, captchas)),
    )


def as_json(settings: Settings) -> Mapping[str, object]:
    """Give settings as JSON; the rules say how often they are still to be met."""
    operations: dict[str, list[object]] = {}
    for rule in settings.rules:
        operations.setdefault(rule.operation, []).append(_rule_as_json(rule))
    fault = settings.fault.name if settings.fault else None
    return {"fault": fault, **_delay_as_json(settings.delay), "operations": operations}


def _rules(
    stated: Mapping[str, Any], served: Mapping[str, ServedOperation], captchas: Captchas
) -> Iterator[AnswerRule]:
    for operation, said in stated.items():
        place = pointer_of(("operations", operation))
        if operation not in served:
            raise _refused(place, "operation", operation, served)
        several = isinstance(said, list)
        for index, each in enumerate(said if several else [said]):
            at = f"{place}/{index}" if several else place
            yield _rule(each, at, served[operation], captchas)


def _rule(
    stated: Mapping[str, Any], place: str, served: ServedOperation, captchas: Captchas
) -> AnswerRule:
    asked = {key: str(stated[key]) for key in _ASKED if stated.get(key) is not None}
    delay, times = _delay(stated, place), stated.get("times")
    if not asked and delay is None:
        raise unprocessable(f"{place}: a rule asks for one of {', '.join((*_ASKED, *_DELAYS))}")
    try:
        reply = reply_of(served, asked)
    except RequestRefused as refused:
        raise unprocessable(f"{place}: {refused.problem.detail}") from None
    fault = _fault(asked["fault"], f"{place}/fault") if "fault" in asked else None
    if fault is not None:
        if reply is not served.good:
            detail = f"{fault.name} breaks only the successful answer: leave out code and example"
            raise unprocessable(f"{place}/fault: {detail}")
        try:
            must_apply(fault, [served], captchas)
        except NotApplicable as reason:
            raise unprocessable(f"{place}/fault: {reason}") from None
    match = stated.get("match") or {}
    for each in match:
        wrong = wrong_place(each, served.operation)
        if wrong is not None:
            raise unprocessable(f"{place}/match: {wrong}")
    return AnswerRule(
        operation=served.operation.id,
        asked=asked,
        delay=delay,
        times=None if times is None else int(times),
        match=match,
    )


def _rule_as_json(rule: AnswerRule) -> Mapping[str, object]:
    delay = _delay_as_json(rule.delay) if rule.delay else {}
    return {
        **{key: int(value) if key == "code" else value for key, value in rule.asked.items()},
        **{name: value for name, value in delay.items() if value is not None},
        **({} if rule.times is None else {"times": rule.times}),
        **({"match": rule.match} if rule.match else {}),
    }


def _fault(name: str, place: str) -> Fault | None:
    fault = fault_named(name)
    if fault is None and (name != NO_FAULT or place == "/fault"):
        hint = f"{did_you_mean(name, FAULTS)}/__admin/faults lists all"
        raise unprocessable(f'{place}: there is no fault "{name}"; {hint}')
    return fault


def _delay(stated: Mapping[str, Any], place: str) -> Delay | None:
    said = [name for name in _DELAYS if stated.get(name) is not None]
    if not said:
        return None
    if len(said) > 1:
        both = " and ".join(f"{place}/{name}" for name in said)
        raise unprocessable(f"{both} exclude each other: send one of them")
    value = stated[said[0]]
    try:
        if said == ["delayDistribution"]:
            return _distributed(**value)
        return delay_of(value) if isinstance(value, str) else Between(value, value)
    except ValueError as error:
        raise unprocessable(f"{place}/{said[0]}: {error}") from None


def _distributed(type: str, **bounds: float) -> Delay:  # noqa: A002 - the member's name
    if type == "lognormal" and bounds.keys() == {"median", "sigma"}:
        return Lognormal(**bounds)
    if type == "uniform" and bounds.keys() == {"lower", "upper"}:
        if bounds["lower"] > bounds["upper"]:
            raise ValueError("the lower bound of a delay is above its upper bound")
        return Between(**bounds)
    raise ValueError("a uniform delay has lower and upper, a lognormal one median and sigma")


def _delay_as_json(delay: Delay | None) -> Mapping[str, object]:
    fixed = distribution = None
    if isinstance(delay, Between) and delay.lower == delay.upper:
        fixed = delay.lower
    elif isinstance(delay, Between):
        distribution = {"type": "uniform", "lower": delay.lower, "upper": delay.upper}
    elif isinstance(delay, Lognormal):
        distribution = {"type": "lognormal", "median": delay.median, "sigma": delay.sigma}
    return {"fixedDelay": fixed, "delayDistribution": distribution}


def _refused(place: str, what: str, name: str, known: Iterable[str]) -> RequestRefused:
    listed: Sequence[str] = [*known]
    hint = did_you_mean(name, listed)
    return unprocessable(f"{place}: there is no {what} {name}; {hint}there are: "
                          f"{', '.join(listed) or 'none'}")  # fmt: skip
