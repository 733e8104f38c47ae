"""The counts of the mock server in the text form of Prometheus, by prometheus-client.

It is imported at the first question, so that a server that nobody asks is ready as fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from contract import __version__
from mock_server.answer_editing import Answer
from mock_server.metrics import ATTEMPTS, BUCKETS, ISSUED, RELOADS, REQUESTS, TIMES, Metrics

ATTEMPTED = ("right", "different", "missing", "unknown", "expired", "used")
"""What can become of an attempt to use a captcha."""
_MILLION = 1e6


class _Counts(Collector):
    """The families of what a mock server has counted."""

    def __init__(self, metrics: Metrics, *, broken: bool) -> None:
        self.metrics = metrics
        self.broken = broken

    def collect(self) -> Iterator[Metric]:
        """Give every family, also where nothing was counted yet."""
        sums = self.metrics.sums()
        requests = CounterMetricFamily(
            "mock_server_requests",
            "Requests answered; operation is empty where none was reached, status is broken where"
            " the connection was, fault is empty where the answer was whole.",
            labels=("operation", "status", "fault"),
        )
        times = HistogramMetricFamily(
            "mock_server_request_duration_seconds",
            "Time until an answer was sent, delays included.",
            labels=("operation",),
        )
        for name, numbers in sorted(sums.items()):
            if name[0] == REQUESTS:
                requests.add_metric(name[1:], numbers[0])
            elif name[0] == TIMES:
                summed = accumulate(numbers[:-1])
                bounds = (*map(str, BUCKETS), "+Inf")
                buckets = list(zip(bounds, map(float, summed), strict=True))
                times.add_metric(name[1:], buckets, sum_value=numbers[-1] / _MILLION)
        yield requests
        yield times
        yield CounterMetricFamily(
            "mock_server_captchas_issued",
            "Captchas that answers showed.",
            value=sums.get((ISSUED,), [0])[0],
        )
        yield _by(
            CounterMetricFamily(
                "mock_server_captcha_attempts",
                "Attempts to use a captcha, where requests are held to one.",
                labels=("outcome",),
            ),
            {name: sums.get((ATTEMPTS, name), [0])[0] for name in ATTEMPTED},
        )
        yield _by(
            CounterMetricFamily(
                "mock_server_reloads",
                "Saves of the spec that were served, or refused for being broken.",
                labels=("result",),
            ),
            {name: sums.get((RELOADS, name), [0])[0] for name in ("served", "refused")},
        )
        yield GaugeMetricFamily(
            "mock_server_spec_broken",
            "1 while the newest save of the spec is broken, and the last good one is served.",
            value=int(self.broken),
        )
        yield GaugeMetricFamily(
            "mock_server_workers", "Processes whose counts are summed here.",
            value=len(self.metrics.regions),
        )  # fmt: skip
        yield _by(
            GaugeMetricFamily(
                "mock_server_build_info", "The version of the mock server.", labels=("version",)
            ),
            {__version__: 1},
        )


def _by(
    family: CounterMetricFamily | GaugeMetricFamily, values: dict[str, int]
) -> CounterMetricFamily | GaugeMetricFamily:
    for label, value in values.items():
        family.add_metric((label,), value)
    return family


def answer_of(metrics: Metrics, *, broken: bool) -> Answer:
    """Answer Prometheus.

    Args:
        metrics: what was counted.
        broken: whether the newest save of the spec cannot be served.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counts(metrics, broken=broken))
    body = generate_latest(registry)
    headers = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))
    return Answer(HTTPStatus.OK, CONTENT_TYPE_PLAIN_0_0_4, body, headers)
