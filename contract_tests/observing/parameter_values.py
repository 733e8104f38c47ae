"""The values of parameters that the user gives: a YAML file, environment variables.

The file is a mapping of operationIds to the values of their parameters. A variable
`CONTRACT_TESTS_PARAMETER_ACCESS_TOKEN` gives `access_token` to every operation that takes one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from contract.credentials import Secret, secret
from contract.findings import Place, Unusable, named
from contract.spec.operations import Operation
from contract.spec.yaml_text import Located, read
from contract.spelling import did_you_mean
from contract_tests.observing.calls import ParameterValues

VARIABLE = "CONTRACT_TESTS_PARAMETER_"
"""What the variables that give a parameter begin with."""


class UnusableParameters(Unusable):
    """The file of parameters is not a mapping, or names what no operation takes."""


def parameter_values(
    path: Path | None, operations: Sequence[Operation]
) -> Mapping[str, ParameterValues]:
    """Read the values of each operation, by operationId; the file wins over the variables.

    Raises:
        UnreadableYaml: the file cannot be read, or is not YAML.
        UnusableParameters: it names what no operation takes.
    """
    by_variable = {each.id: dict(_by_variable(each)) for each in operations}
    written = _written(path, operations) if path else {}
    return {name: {**values, **written.get(name, {})} for name, values in by_variable.items()}


def names(operation: Operation) -> Iterator[str]:
    """List everything that a value can be given for."""
    yield from (each.name for each in operation.parameters)
    for member in operation.body.members if operation.body else ():
        if member.path and "*" not in member.path:
            yield ".".join(member.path)


def variable(name: str) -> str:
    """Name the environment variable that gives a parameter."""
    return VARIABLE + re.sub(r"\W", "_", name, flags=re.ASCII).upper()


def _by_variable(operation: Operation) -> Iterator[tuple[str, str]]:
    for name in names(operation):
        value = os.environ.get(variable(name))
        if value is not None:
            yield name, Secret(value)


def _written(path: Path, operations: Sequence[Operation]) -> Mapping[str, ParameterValues]:
    content = read(path)
    if not isinstance(content, Located):
        problem = "is not a mapping of operationIds to the values of their parameters"
        raise UnusableParameters(Place(named(path), 1), problem)
    taken = {each.id: set(names(each)) for each in operations}
    values: dict[str, ParameterValues] = {}
    for operation, members in content.items():
        _known(operation, taken, content.at(operation), "is not an operationId")
        if not isinstance(members, Located):
            problem = f"{operation} is not a mapping of parameters to values"
            raise UnusableParameters(content.at(operation), problem)
        for name in members:
            _known(name, taken[operation], members.at(name), f"is not a parameter of {operation}")
        values[operation] = {name: secret(value) for name, value in members.items()}
    return values


def _known(name: str, known: Mapping[str, object] | set[str], place: Place, problem: str) -> None:
    if name not in known:
        hint = did_you_mean(name, known, most=1).strip()
        listed = hint or f"known are: {', '.join(sorted(known))}"
        raise UnusableParameters(place, f"{name} {problem}; {listed}")
