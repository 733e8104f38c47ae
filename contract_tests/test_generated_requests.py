"""Requests that Schemathesis generates from the spec, judged by our checks and its own.

They run on the mock server; on a real environment only where `--intrusive` asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from schemathesis import Case

from contract.reaching.environments import Target
from contract.spec.refusals import (
    as_forms_write,
    with_refusals,
    without_credentials,
    without_unread,
)
from contract_tests.generated import Sender, register
from contract_tests.plugin import TRIAL, the_spec

SPECIFIED = the_spec()
# Schemathesis wants plain values, and a spec that it may change.
READ = without_unread(SPECIFIED.tree, SPECIFIED.unread)
schema = schemathesis.openapi.from_dict(as_forms_write(without_credentials(with_refusals(READ))))


@pytest.fixture(scope="session")
def registered(request: pytest.FixtureRequest) -> None:
    """The checks of Schemathesis, with one for each claim."""
    register(SPECIFIED.operations, request.config.stash[TRIAL].options.strictness)


@pytest.fixture(scope="session")
def sender(
    request: pytest.FixtureRequest,
    base_urls: Callable[[Target], Mapping[str, str]],
    registered: None,
) -> Iterator[Sender]:
    """How generated requests are sent to a target."""
    del registered
    chosen = request.config.stash[TRIAL].options
    target = getattr(request, "param", chosen.generated[0])
    urls = base_urls(target)
    manners = chosen.manners(target, next(filter(None, urls.values())))
    sender = Sender(SPECIFIED.operations, urls, manners, real=not target.is_mock)
    yield sender
    sender.session.close()


@schema.parametrize()
def test_generated_request(case: Case[Any], sender: Sender) -> None:
    """Every generated request is answered as the spec allows."""
    sender.send(case)
