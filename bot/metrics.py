"""What Bookend counts, for Prometheus: how much, how late and where, and nothing about whom.

A count has a platform, a clinic and one of few words; never a person, a case, a card or a text, so that there
are never more rows than clinics allow. What is due and late is what the watchdog found at its last look: to
read the page costs the same whatever is stored. `prometheus_client` is loaded when the page is read first.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.happened import Happened, Kind
from bot.web import kept_here

if TYPE_CHECKING:
    from prometheus_client.core import Metric

#: Until when a message counts as one that waited no longer than this, in seconds.
WAITS = (1, 5, 15, 60, 300, 900, 3600)
#: What a count of each kind is called, and what it says; all are by platform, clinic and why.
COUNTS: Mapping[Kind, tuple[str, str]] = {
    Kind.ASKED: ("asked", "Prompts that went to the outbox."),
    Kind.SENT: ("sent", "Messages, drawings of messages and lines that a platform took."),
    Kind.RETRIED: ("retried", "Tries that a platform did not take, and that are made again."),
    Kind.GIVEN_UP: ("given_up", "What will never arrive, and why."),
    Kind.ANSWERED: ("answers", "What people pressed, filled in, typed or commanded, and what was kept."),
    Kind.REPEATED: ("repeats", "Deliveries that came again and changed nothing."),
    Kind.REFUSED: ("refusals", "What people tried and what was refused, by the kind of refusal."),
}
_LABELS = ("platform", "clinic", "why")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gauge:
    """Something that is so now: a value for each row of labels."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    rows: Mapping[tuple[str, ...], float] = field(default_factory=dict)


PATH = "/metrics"
#: What is so now, looked up where nothing stored is counted.
Gauges = Callable[[], Iterable[Gauge]]


class Counts:
    """The port Meter: counts since this program began, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[Kind, str, str, str]] = Counter()
        self._waits: dict[tuple[str, str], list[float]] = {}

    def note(self, what: Happened) -> None:
        """Count it."""
        with self._lock:
            self._counts[what.kind, what.platform, what.clinic, what.why] += what.number
            if what.waited is not None:
                self._wait(what.platform, what.clinic, what.waited)

    def _wait(self, platform: str, clinic: str, waited: timedelta) -> None:
        seconds = max(0.0, waited.total_seconds())
        row = self._waits.setdefault((platform, clinic), [0.0] * (len(WAITS) + 2))
        row[next((place for place, most in enumerate(WAITS) if seconds <= most), len(WAITS))] += 1
        row[-1] += seconds

    def counted(self, kind: Kind) -> dict[tuple[str, str, str], int]:
        """Return how often something happened, by platform, clinic and why."""
        with self._lock:
            rows = self._counts.items()
            return {(to, clinic, why): n for (each, to, clinic, why), n in rows if each is kind}

    def waits(self) -> dict[tuple[str, str], Sequence[float]]:
        """Return, by platform and clinic, how many waited until each of `WAITS`, longer, and the sum."""
        with self._lock:
            return {where: tuple(row) for where, row in self._waits.items()}


def routes(counts: Counts, gauges: Gauges, *, everywhere: bool = False) -> list[Route]:
    """Return the page's route, which answers only on this machine unless `everywhere`."""

    async def scraped(_: Request) -> Response:
        content, kind = page(counts, gauges)
        return Response(content, media_type=kind)

    return [Route(PATH, kept_here(scraped, everywhere=everywhere), methods=["GET"])]


def page(counts: Counts, gauges: Gauges) -> tuple[bytes, str]:
    """Return the page that Prometheus reads, and its content type."""
    from prometheus_client import (
        CONTENT_TYPE_PLAIN_0_0_4,
        CollectorRegistry,
        ProcessCollector,
        generate_latest,
    )

    registry = CollectorRegistry()
    registry.register(_Collected(counts, gauges))
    ProcessCollector(registry=registry)
    return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4


class _Collected:
    """What is counted, in the library's own terms; made anew for each page."""

    def __init__(self, counts: Counts, gauges: Gauges) -> None:
        self._counts = counts
        self._gauges = gauges

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        for kind, (name, says) in COUNTS.items():
            counter = CounterMetricFamily(f"bookend_{name}", says, labels=_LABELS)
            for where, number in sorted(self._counts.counted(kind).items()):
                counter.add_metric(where, number)
            yield counter
        waits = HistogramMetricFamily(
            "bookend_wait_seconds", "How long what arrived had waited.", labels=("platform", "clinic")
        )
        for there, row in sorted(self._counts.waits().items()):
            waits.add_metric(there, [*_buckets(row)], row[-1])
        yield waits
        for gauge in self._gauges():
            family = GaugeMetricFamily(f"bookend_{gauge.name}", gauge.says, labels=gauge.labels)
            for values, value in sorted(gauge.rows.items()):
                family.add_metric(values, value)
            yield family


def _buckets(row: Sequence[float]) -> Iterator[tuple[str, float]]:
    total = 0.0
    for most, number in zip((*map(str, WAITS), "+Inf"), row[:-1], strict=True):
        total += number
        yield most, total
