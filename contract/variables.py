"""Options by environment variables, for containers: CAPTCHA_CONTRACT_MOCK_PORT is `mock --port`.

The names are those of the options: nothing is listed here, and an option that is added has its
variable at once. `declaring` stands between a command and the parser that it declares to.

An empty variable counts as unset, and line breaks at the end of a value are none of it: a secret
that was made from a file ends with one. A flag is `1` or `0`; an option that may be repeated takes
one value a line, and what the command line gives is added. Else the command line wins, also over a
value that is wrong.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.spec import default, outside
from contract.spelling import did_you_mean

PREFIX = "CAPTCHA_CONTRACT_"
"""What the names of all variables begin with."""

OF_ALL = {"--spec": default.VARIABLE, outside.OPTION: outside.VARIABLE}
"""The options that every command has, and their variables, which are read where they are needed."""

COMMANDS = ("mock", "test")
"""The commands that take options by variables."""

_FLAG = "store_true"
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_LINKED = "; Kubernetes sets it for a Service of this name, unless enableServiceLinks is false"


@dataclass(frozen=True, slots=True)
class WrongVariable:
    """What stands in place of an option's value that a variable gives wrongly, and why."""

    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(slots=True)
class Variables:
    """The variables of one command, as they are met while its options are declared.

    Attributes:
        command: its name, such as `mock`.
        older: options that have a second, older name of a variable.
        environment: the environment variables.
        read: the names of the variables that an option reads.
        gave: what variables gave, by the names that argparse has for options, each with the
            default in whose place it stands.
    """

    command: str
    older: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    read: list[str] = field(default_factory=lambda: [*OF_ALL.values()])
    gave: dict[str, tuple[object, object]] = field(default_factory=dict)

    def declaring(self, add: Callable[..., object]) -> Callable[..., object]:
        """Give a function that declares options as `add` does, with their values as defaults."""

        def declared(*names: str, **said: Any) -> object:  # noqa: ANN401 - as argparse has them
            option = names[-1]
            if option.startswith("--") and option not in OF_ALL:
                name = self.name_of(option)
                self.read.append(name)
                for each in filter(self.environment.get, (name, self.older.get(option, ""))):
                    value = _value(each, self.environment[each], said)
                    before = said.get("default", False if said.get("action") == _FLAG else None)
                    self.gave[option[2:].replace("-", "_")] = value, before
                    said["default"] = value
                    break
            return add(*names, **said)

        return declared

    def name_of(self, option: str) -> str:
        """Give the variable of an option."""
        return f"{PREFIX}{self.command}_{option[2:]}".upper().replace("-", "_")

    def wrong(self, given: argparse.Namespace) -> str | None:
        """Say what a variable gives wrongly that nothing on the command line replaces."""
        found = (str(each) for each in vars(given).values() if isinstance(each, WrongVariable))
        return next(found, None)

    def from_variable(self, given: argparse.Namespace, name: str) -> bool:
        """Say whether an option has its value from a variable, and not from the command line."""
        return name in self.gave and getattr(given, name) == self.gave[name][0]

    def take_back(self, given: argparse.Namespace, *names: str) -> None:
        """Leave out what variables say of options that the command line excludes."""
        for name in names:
            if self.from_variable(given, name):
                setattr(given, name, self.gave[name][1])

    def unknown(self) -> Iterator[str]:
        """Say of each variable of our prefix that no option reads it; those of others may stand."""
        others = tuple(f"{PREFIX}{each.upper()}_" for each in COMMANDS if each != self.command)
        for name in sorted(self.environment):
            capitals = name.upper()
            ours = capitals.startswith(PREFIX) and not capitals.startswith(others)
            if ours and name not in self.read:
                yield (
                    f"the variable {name} says nothing to {self.command}: "
                    f"{did_you_mean(capitals, self.read)}--help says how variables are named"
                )

    def in_words(self) -> str:
        """Say how the variables are named, for the help."""
        return (
            "Each option may be given by an environment variable too, whose name is "
            f"{self.name_of('--')} and the option in capitals, with _ for -: a flag by 1 or 0, an "
            "option that may be repeated by a value a line. The command line wins."
        )


def _value(name: str, text: str, said: Mapping[str, Any]) -> object:
    """Read what a variable gives as the option's value on the command line would be read."""
    kind = said.get("action")
    if kind == _FLAG:
        flag = _FLAGS.get(text.strip().lower())
        return WrongVariable(f"{name}: {text!r} is no flag; write 1 or 0") if flag is None else flag
    values = [line.strip() for line in text.splitlines() if line.strip()]
    texts = values if kind == "append" else [text.rstrip("\r\n")]
    try:
        read = [_one(each, said) for each in texts]
    except (argparse.ArgumentTypeError, TypeError, ValueError) as problem:
        return WrongVariable(f"{name}: {problem}{_LINKED if text.startswith('tcp://') else ''}")
    return read if kind == "append" else read[0]


def _one(text: str, said: Mapping[str, Any]) -> object:
    """Read one value.

    Raises:
        ArgumentTypeError: it is none; the message is that of argparse.
    """
    convert = said.get("type") or str
    try:
        value: object = convert(text)
    except (TypeError, ValueError) as problem:
        name = getattr(convert, "__name__", str(convert))
        raise argparse.ArgumentTypeError(f"invalid {name} value: {text!r}") from problem
    choices = said.get("choices")
    if choices is not None and value not in choices:
        listed = ", ".join(map(str, choices))
        raise argparse.ArgumentTypeError(f"invalid choice: {text!r} (choose from {listed})")
    return value
