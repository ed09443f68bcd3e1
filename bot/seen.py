"""What is seen of `bookend serve` from outside, put together: how it fares, and what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from starlette.routing import Route

from bot import metrics
from bot.config import Settings
from bot.core.watched import Watched
from bot.health import Health, Part, State
from bot.metrics import Counts, Gauge
from bot.platforms import Platforms
from bot.store.store import SqlStore


@dataclass(kw_only=True, slots=True)
class Seen:
    """What is looked at; `turned` says how many seconds ago the rounds began a turn, `None` without any."""

    store: SqlStore
    platforms: Platforms
    counts: Counts
    turned: Callable[[], float | None]
    #: what the watchdog saw at its last look, by clinic
    watched: Mapping[str, Watched] = field(default_factory=dict)

    def routes(self, settings: Settings) -> list[Route]:
        """Return where this is asked: its reasons and counts on this machine, elsewhere only if so set."""
        everywhere = settings.metrics_open
        health = Health(
            {"database": self._database, "platforms": self._platforms, "watchdog": self._watchdog},
            turned=self.turned,
            everywhere=everywhere,
        )
        return [*health.routes(), *metrics.routes(self.counts, self._gauges, everywhere=everywhere)]

    def saw(self, watched: Mapping[str, Watched]) -> None:
        """Know how each clinic stood at the watchdog's look, where this program works."""
        self.watched = watched

    def _database(self) -> Iterable[Part]:
        self.store.look()
        return [Part(part="database", state=State.GOOD)]

    def _platforms(self) -> Iterator[Part]:
        well = self.platforms.well()
        bad = State.ODD if not all(well.values()) else State.ILL
        for name, why in well.items():
            yield Part(part=name, state=bad if why else State.GOOD, why=why)

    def _watchdog(self) -> Iterator[Part]:
        for clinic in self.watched.values():
            if not clinic.well:
                minutes = clinic.late_by.total_seconds() / 60
                why = f"Something of {clinic.clinic} has waited {minutes:.0f} minutes to go out."
                yield Part(part="watchdog", state=State.ODD, why=why)

    def _gauges(self) -> Iterator[Gauge]:
        yield from gauges(self.watched)
        well = self.platforms.well()
        yield Gauge(
            name="platform_up",
            says="Whether a platform is joined and reaches us, 1 or 0.",
            labels=("platform",),
            rows={(name,): float(not why) for name, why in well.items()},
        )
        ago = self.turned()
        if ago is not None:
            yield Gauge(
                name="turn_age_seconds", says="How long ago a turn of the rounds began.", rows={(): ago}
            )


def gauges(seen: Mapping[str, Watched]) -> Iterator[Gauge]:
    """Return how each clinic stood at the watchdog's last look, in numbers."""
    of: Mapping[str, tuple[str, Callable[[Watched], float]]] = {
        "due": ("Items that are due by the plan and wait for an answer.", lambda each: each.due),
        "shown": ("Of those, items on a card that a platform took.", lambda each: each.sent),
        "late_seconds": ("How long the longest of them waits.", lambda each: each.late_by.total_seconds()),
        "checked_timestamp_seconds": ("When the watchdog looked.", lambda each: each.at.timestamp()),
    }
    for name, (says, value) in of.items():
        rows: dict[tuple[str, ...], float] = {(clinic,): value(each) for clinic, each in seen.items()}
        yield Gauge(name=name, says=says, labels=("clinic",), rows=rows)
    labels = ("clinic", "platform")
    yield Gauge(
        name="late",
        says="Items that should have gone out, and did not in time; without a platform where none was meant.",
        labels=labels,
        rows={row: number for each in seen.values() for row, number in _late(each).items()},
    )
    queues = [(queue, each.at) for each in seen.values() for queue in each.queues]
    yield Gauge(
        name="queue_parcels",
        says="What waits in the outbox.",
        labels=labels,
        rows={(queue.clinic, queue.platform): queue.waiting for queue, _ in queues},
    )
    yield Gauge(
        name="queue_age_seconds",
        says="How long the first of it waits.",
        labels=labels,
        rows={(queue.clinic, queue.platform): (at - queue.oldest).total_seconds() for queue, at in queues},
    )


def _late(clinic: Watched) -> Mapping[tuple[str, ...], int]:
    # where nothing is late there is a row as well: what is not there cannot be watched
    found: dict[tuple[str, ...], int] = {(clinic.clinic, ""): 0}
    return found | Counter((clinic.clinic, each.platform) for each in clinic.late)
