"""The samples of a document compared with the examples of the spec, member by member.

Each fact is one finding with both lines. To tell one more kind of difference: a `Departure` of
`value_differences.py`, and how `_words` says it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract.derivation import derive, sent_values
from contract.documents import InterfaceDocument, Sample
from contract.documents.request_rows import FORMS
from contract.findings import Level, Place, named
from contract.json_pointer import Step, pointer_of
from contract.pictures import image
from contract.review.examples import short
from contract.review.look_alikes import told_apart
from contract.review.review_rule import OperationRule, Reviewed, Violation
from contract.review.sample_messages import REQUEST, SampledMessage, Told, messages, told, within
from contract.review.table_differences import RULES as OF_TABLES
from contract.review.value_differences import (
    Departure,
    Steps,
    ValueDifference,
    canonical,
    differences,
    members_of,
    moved_once,
    same,
    value_at,
)
from contract.spec.operations import Operation
from contract.spec.vocabulary import IMAGE, encoded, json_type, picture, shown, validator
from contract.spec.yaml_text import Located

_SMALLEST_PICTURE = 32
"""The shortest base64 that can hold a picture, in characters."""
_MANY = 8
"""How many differences are told one by one, where a sample and its example share less than half."""
_LISTED = 4

_REMEDY = "let the example show what the document's sample shows, or have the document corrected"


# What differs


def differing(reviewed: Reviewed) -> Iterator[Violation]:
    """Find the members that a sample and its example show differently."""
    for message in messages(reviewed):
        for sample, name in message.pairs.pairs:
            example = message.examples[name]
            found = list(differences(sample.value, example))
            found = list(moved_once(found, sample.value, example))
            if found:
                known = told(message.document)
                found = [each for each in found if not _covered(each, sample, known)]
            pair = _Pair(message, sample, name)
            if len(found) > _MANY and 2 * len(found) > _size(sample.value):
                yield pair.altogether(found)
                continue
            yield from map(pair.violation, found)
    yield from _parameters(reviewed)


def _covered(found: ValueDifference, sample: Sample, known: Told) -> bool:
    """Say whether a finding of the document tells a difference already."""
    places = [found.first, *((*found.first, name) for name in found.names)]
    return any(known.covers(sample, each) for each in places)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A sample, and the example that stands for it."""

    message: SampledMessage
    sample: Sample
    name: str

    def violation(self, found: ValueDifference) -> Violation:
        """Say one difference."""
        mine = value_at(self.sample.value, found.first)
        theirs = value_at(self.message.examples[self.name], found.second)
        stated, specified = _words(found, mine, theirs)
        apart = told_apart(mine, theirs) if found.change is Departure.VALUE else ""
        member = _named(found.first)
        about = {self.message.token(self.name, found.second)}
        if found.change is not Departure.VALUE:  # the rules of whole rows may tell it too
            about |= {member, _named(found.second), *found.names}
        if found.change is Departure.REMOVED:
            about |= {within(name) for name in members_of(theirs)}
        return Violation(
            subject=member,
            promise=f"the document's sample shows {stated}",
            evidence=f"the example {self.name} shows {specified}{f'; {apart}' if apart else ''}",
            places=(
                self.message.at_sample(self.sample, found.first),
                self.message.at_example(self.name, found.second),
            ),
            remedy=_REMEDY,
            about=frozenset(about),
            pointer=pointer_of(found.first),
        )

    def altogether(self, found: Sequence[ValueDifference]) -> Violation:
        """Say in one sentence that a sample and its example have little in common."""
        names = list(dict.fromkeys(_named(each.first) for each in found))
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        return Violation(
            subject=_titled(self.sample),
            promise="the document has this sample",
            evidence=f"the example {self.name} is another one: {', '.join(names[:_LISTED])}{more} "
            "differ",
            places=(
                self.message.at_sample(self.sample, ()),
                self.message.at_example(self.name, ()),
            ),
            remedy=_REMEDY,
            about=frozenset(self.message.token(self.name, each.second) for each in found),
        )


def _words(found: ValueDifference, mine: object, theirs: object) -> tuple[str, str]:
    """Say what the sample shows, and what the example shows."""
    member = _named(found.first)
    if found.change is Departure.VALUE and json_type(mine) != json_type(theirs):
        return f"{member}: {_value(mine)} ({_type(mine)})", f"{_value(theirs)} ({_type(theirs)})"
    words: Mapping[Departure, tuple[str, str]] = {
        Departure.VALUE: (f"{member}: {_value(mine)}", _value(theirs)),
        Departure.ADDED: (f"{member}: {_value(mine)}", f"no {member} there"),
        Departure.REMOVED: (f"no {member} there", f"{member}: {_value(theirs)}"),
        Departure.RENAMED: (f"the member {member}", f"it as {_named(found.second)}"),
        Departure.COUNT: (f"{'fewer' if mine is None else 'other'} items in {member}", "others"),
        Departure.ORDER: (f"the items of {member} in this order", "them in another order"),
        Departure.MOVED: (
            f"{', '.join(found.names)} {_inside(found.first)}",
            f"{'them' if len(found.names) > 1 else 'it'} {_inside(found.second)}",
        ),
    }
    return words[found.change]


def _inside(steps: Steps) -> str:
    return f"in {_named(steps)}" if steps else "at the top"


def _type(value: object) -> str:
    kind = json_type(value)
    article = "an" if kind[0] in "aeiou" else "a"
    return kind if kind == "null" else f"{article} {kind}"


def _value(value: object) -> str:
    """Show a value; a picture by its type, size and digest, never its base64."""
    if isinstance(value, str) and len(value) >= _SMALLEST_PICTURE:
        try:
            seen, data = picture(value), encoded(value).data
        except (image.NotBase64, image.NotAnImage, image.TooLarge):
            return shown(value)
        label = value[: value.find(",") + 1] if value.startswith("data:") else ""
        digest = hashlib.sha256(data).hexdigest()[:16]
        kind = f"a picture, {seen.media_type}, {seen.width}×{seen.height}, {len(data)} bytes"
        return f"{kind}, SHA-256 {digest}…{f', labelled {label}' if label else ''}"
    return shown(value)


def _named(steps: Sequence[Step]) -> str:
    return str(next((step for step in reversed(steps) if isinstance(step, str)), "answer"))


def _size(value: object) -> int:
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list) else 1


def _titled(sample: Sample) -> str:
    return sample.title or "sample"


def _parameters(reviewed: Reviewed) -> Iterator[Violation]:
    """Find the parameters whose documented example is not what a sample of a request shows."""
    document = reviewed.document
    if document is None or not any(each.is_request for each in document.samples):
        return
    values = sent_values(document)
    for parameter in reviewed.operation.parameters:
        seen, example = values.get(parameter.name), parameter.examples.get("documented")
        if seen is None or example is None or _text(seen) == _text(example):
            continue
        apart = told_apart(seen, example)
        yield Violation(
            subject=parameter.name,
            promise=f"the document's sample shows {parameter.name}: {_value(seen)}",
            evidence=f"the example documented shows {_value(example)}"
            f"{f'; {apart}' if apart else ''}",
            places=(_sent_at(document, parameter.name), parameter.node.at("examples")),
            remedy=_REMEDY,
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical(value)


def _sent_at(document: InterfaceDocument, name: str) -> Place:
    """Find the line of a request's sample that shows a parameter."""
    asked = [each for each in document.samples if each.is_request]
    lines = [each.lines[name,] for each in asked if (name,) in each.lines]
    lines += [each.request.line for each in asked if each.request]
    return Place(named(document.path), lines[0] if lines else document.title.line, 1)


# What is missing on one side


def without_example(reviewed: Reviewed) -> Iterator[Violation]:
    """Find the samples that the spec has no example for, and that nobody says why."""
    for message in messages(reviewed):
        derived = _derived(message) if message.pairs.samples else ()
        for sample in message.pairs.samples:
            is_derived = any(same(sample.value, value) for value in derived)
            broken = "" if is_derived else _breaks(message, sample, reviewed.operation)
            if is_derived or broken:
                yield Violation(
                    subject=_titled(sample),
                    promise="the document has this sample",
                    evidence=f"the spec has no example of it{broken}",
                    places=(message.at_sample(sample, ()), message.place),
                    remedy="correct the sample, or the table"
                    if broken
                    else _restoring(message, sample, reviewed.operation, len(derived)),
                )


def _breaks(message: SampledMessage, sample: Sample, operation: Operation) -> str:
    """Say how a sample breaks every schema of its message, where the document does not tell it."""
    if told(message.document).names(sample):
        return ""
    schemas = _schemas(message, operation)
    wrong = [list(validator(each).iter_errors(sample.value)) for each in schemas]
    nearest = [each for each in min(wrong, key=len, default=[]) if IMAGE not in each.message]
    if message.kind == REQUEST:  # exports write "" for every text that is to be filled in
        nearest = [each for each in nearest if each.instance != ""]
    if not nearest:  # a document may show a picture cut short
        return ""
    where = "".join(f"{step}: " for step in list(nearest[0].instance_path)[-1:])
    return f", for it breaks the schema: {where}{short(nearest[0].message)}"


def _schemas(message: SampledMessage, operation: Operation) -> Sequence[Located]:
    if message.kind == REQUEST:
        body = operation.body
        return (body.schema,) if body and body.media_type not in FORMS else ()
    return (operation.schema, *operation.failures)


def _derived(message: SampledMessage) -> tuple[object, ...]:
    """Give the values of the examples that `derive` makes of a document."""
    document = message.document
    whole = derive([document], document.path.parent)
    components = whole["components"]
    examples = components.get("examples", {}) if isinstance(components, dict) else {}
    return tuple(each["value"] for each in examples.values())


def _restoring(message: SampledMessage, sample: Sample, operation: Operation, derived: int) -> str:
    """Say how the example is restored: by `derive` where that is certain to do it."""
    by_hand = "add it to the examples of the spec, or remove it from the document"
    keeps = any(validator(each).is_valid(sample.value) for each in _schemas(message, operation))
    if message.examples or derived == 0 or not keeps:
        return by_hand
    document, spec = named(message.document.path), operation.path_place.path
    return f"captcha-contract derive {document} --into {spec}"


def without_sample(reviewed: Reviewed) -> Iterator[Violation]:
    """Find the examples that say that they are documented, and that no sample shows."""
    for message in messages(reviewed):
        for name in message.pairs.examples if not message.unread else ():
            yield Violation(
                subject=name,
                promise="the document shows no such sample",
                evidence=f"the example {name} has the name of a documented one",
                places=(_heading(message), message.at_example(name, ())),
                remedy="restore the sample in the document, remove the example, or name it "
                "otherwise if it is your own",
            )


def _heading(message: SampledMessage) -> Place:
    """Find the heading of the message that has no sample, or the title of the document."""
    document = message.document
    line = document.parameters_line if message.kind == REQUEST else document.answer_line
    return Place(named(document.path), line or document.title.line, 1)


RULES = (
    OperationRule(
        name="sample-differs",
        title="样例与契约不一致",
        find=differing,
        compares=True,
        english="An example of the spec shows what the document's sample shows, member by member.",
        chinese="契约中的 example 与文档样例逐个字段一致。",
        source="the samples of the document",
        level=Level.TABLE,
        after=(
            *("invalid-openapi", "example-breaks-schema", "rows-elsewhere"),
            *("member-without-property", *(rule.name for rule in OF_TABLES)),
        ),
        broken="        request_id: r1",
        right="        request_id: r",
    ),
    OperationRule(
        name="sample-without-example",
        title="契约缺少该样例",
        find=without_example,
        compares=True,
        english="Every sample of the document that keeps its table is an example of the spec.",
        chinese="文档中符合字段表的每个样例在契约中都有对应的 example。",
        source="the samples of the document",
        level=Level.TABLE,
        after=("invalid-openapi",),
        broken="examples: {}",
        right="examples: {documented: {value: {account_no: a1024}}}",
    ),
    OperationRule(
        name="example-without-sample",
        title="文档缺少该样例",
        find=without_sample,
        compares=True,
        english="An example of the spec that is named documented or error is a sample of the "
        "document; examples of your own have other names.",
        chinese="契约中名为 documented 或 error 的 example 来自文档样例；"
        "自行添加的 example 用其他名称。",
        source="the samples of the document",
        level=Level.TABLE,
        after=("invalid-openapi",),
        broken='documented: {$ref: "#/components/examples/account"}\n'
        "                documented-2: {value: {code: E01, msg: 账户不存在}}",
        right='documented: {$ref: "#/components/examples/account"}',
    ),
)
