"""How an environment is called: how often, how patiently, and by which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.observing.calls import ParameterValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How an environment is called.

    Attributes:
        samples: calls per operation.
        rate: calls a second, at most.
        answer_timeout: seconds from sending to the last byte of the answer.
        max_answer: bytes of an answer's body, decoded, at most.
        headers: what to send besides the documented headers, or in place of them; their values
            are secrets.
        verify: whether a server must prove by its certificate who it is.
        parameter_values: the values of each operation, by operationId; they are secrets.
        invents: whether a parameter without a value may be given a plain one.
        direct: whether proxies are ignored, whatever HTTP_PROXY and similar variables say, as for
            the embedded mock server.
        proxy: the URL of a proxy, or `none`; None where HTTP_PROXY and similar variables decide.
        certificate: the file of a client certificate.
        key: the file of its key, where the certificate's file does not hold it.
        wait: seconds to wait for an environment that does not answer yet.
    """

    samples: int
    rate: float
    answer_timeout: float = 10.0
    max_answer: int = 1 << 20
    headers: tuple[tuple[str, str], ...] = ()
    verify: bool = True
    parameter_values: Mapping[str, ParameterValues] = field(default_factory=dict)
    invents: bool = False
    direct: bool = False
    proxy: str | None = None
    certificate: Path | None = None
    key: Path | None = None
    wait: float = 0.0
