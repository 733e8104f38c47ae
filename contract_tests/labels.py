"""What each test says of itself, where every other plugin can carry it: JUnit, Allure, reruns.

To serve another plugin, give it here what it reads: a property, a mark or an attribute.
"""

from __future__ import annotations

import pytest

from contract.reaching.environments import Target
from contract_tests import allure_labels
from contract_tests.exit_status import GENERATED, own_name
from contract_tests.options import Options
from contract_tests.questions import question_of
from contract_tests.reports import as_junit


class Labels:
    """A pytest plugin that labels the tests of a contract run as they are collected."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Say what a test is about.

        What was observed is kept, so to run a claim again cannot change its verdict.
        """
        question = question_of(item)
        if question is not None:
            as_junit.add(item, as_junit.of_claim(question.claim, question.subject.environment))
            if item.config.pluginmanager.hasplugin("rerunfailures"):
                item.add_marker(pytest.mark.flaky(reruns=0))
            if item.config.pluginmanager.hasplugin(allure_labels.PLUGIN):
                for mark in allure_labels.marks(question.claim):
                    item.add_marker(mark)
        elif own_name(item.nodeid) == GENERATED:
            as_junit.add(item, iter([("environment", self._sent_to(item).environment)]))

    def _sent_to(self, item: pytest.Item) -> Target:
        """Say which target generated requests are sent to."""
        callspec = getattr(item, "callspec", None)
        target = callspec.params.get("sender") if callspec else None
        return target if isinstance(target, Target) else self._options.generated[0]
