"""Covering: the manager is told once which booked sessions have nobody on duty.

That is on the afternoon before, or as soon as a roster, a move or a booking makes it newly true. What was
seen and told stands in one arrangement of the clinic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.core.asking import duty_manager
from bot.core.course import Course
from bot.core.coverage import AHEAD, Uncovered, coverage, told_from, uncovered_words
from bot.core.due import Place
from bot.core.errors import Conflict
from bot.core.messages import Notice
from bot.core.outgoing import Arrangement, Posting, Verb
from bot.core.people import Clinic
from bot.ports import Reading, Transaction
from bot.service.practice import Practice
from bot.service.telling import stand

#: The kind of the notice that nobody is on duty for booked patients.
COVERAGE = "coverage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """What the last look saw: gaps up to which day, for whom, of which the manager was told, on what card."""

    until: date
    seen: frozenset[str] = frozenset()
    booked: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    card: str = ""

    @property
    def detail(self) -> Mapping[str, Any]:
        """Return it as an arrangement keeps it."""
        return {
            "until": self.until.isoformat(),
            "seen": sorted(self.seen),
            "booked": sorted(self.booked),
            "told": sorted(self.told),
            "card": self.card,
        }

    def draws_as(self, before: Watched) -> bool:
        """Say whether the card reads as it did: the same cases, and tomorrow still is tomorrow."""
        same_day = self.until == before.until or not self.seen
        return (self.seen, self.booked) == (before.seen, before.booked) and same_day


def _watched(kept: Arrangement) -> Watched:
    return Watched(
        until=date.fromisoformat(kept.detail["until"]),
        seen=frozenset(kept.detail["seen"]),
        booked=frozenset(kept.detail.get("booked", ())),
        told=frozenset(kept.detail["told"]),
        card=kept.detail["card"],
    )


def watch_coverage(practice: Practice, clinic: Clinic, now: datetime) -> None:
    """Look whether booked sessions of the next days have somebody on duty, and tell the manager once.

    It is a look: only what is new is written, and of two instances that see the same one is late.
    """
    with practice.store.reading() as reading:
        kept = reading.arrangement(COVERAGE, clinic.id)
        gaps = coverage(clinic, coming_courses(practice, reading, clinic, now), now)
    before = _watched(kept) if kept else None
    to_tell = [gap for gap in gaps if _is_news(gap, clinic, before, now)]
    after = Watched(
        until=clinic.calendar.day(now) + timedelta(days=AHEAD),
        seen=frozenset(gap.key for gap in gaps),
        booked=frozenset(f"{gap.key}:{code}" for gap in gaps for code in gap.codes),
        told=_told(before, clinic, now) | {gap.key for gap in to_tell},
        card=before.card if before else "",
    )
    if after == before:
        return
    made = kept or Arrangement(kind=COVERAGE, key=clinic.id, clinic=clinic.id, by="bookend", at=now)
    with suppress(Conflict), practice.store.writing() as tx:
        if to_tell:
            after = replace(after, card=_tell(practice, tx, clinic, to_tell, now) or after.card)
        elif after.card and before is not None and not after.draws_as(before):
            tx.queue(after.card, Verb.DRAW, key=f"cover:{now.isoformat()}:{after.card}", at=now)
        tx.arrange(replace(made, detail=after.detail))


def coming_courses(practice: Practice, reading: Reading, clinic: Clinic, now: datetime) -> list[Course]:
    """Return the open cases of a clinic that have a session in the days that are looked at."""
    until = clinic.calendar.instant(clinic.calendar.day(now) + timedelta(days=AHEAD + 1), time())
    cases = reading.cases_near(clinic.id, now, until, now)
    tasks = reading.tasks_of([case.code for case in cases])
    return [practice.course_of(case, tasks.get(case.code, ())) for case in cases]


def _is_news(gap: Uncovered, clinic: Clinic, before: Watched | None, now: datetime) -> bool:
    if before is not None and gap.key in before.told:
        return False
    newly = before is not None and gap.day <= before.until and gap.key not in before.seen
    return newly or now >= told_from(gap, clinic)


def _told(before: Watched | None, clinic: Clinic, now: datetime) -> frozenset[str]:
    # what is over need not be remembered
    today = clinic.calendar.day(now).isoformat()
    return frozenset(key for key in before.told if key >= today) if before else frozenset()


def _tell(
    practice: Practice, tx: Transaction, clinic: Clinic, gaps: Sequence[Uncovered], now: datetime
) -> str:
    manager = duty_manager(clinic, now) or ""
    address = practice.reached(clinic, manager)
    if address is None:
        return ""
    day = clinic.calendar.day(now)
    place = Place(
        key=f"{COVERAGE}:{clinic.id}:{day}:{manager or 'channel'}", kind=COVERAGE, person=manager, day=day
    )
    stood = stand(tx, clinic, place, address)
    once = f"{now.isoformat()}:{place.key}"
    tx.queue(place.key, Verb.DRAW, key=f"cover:{once}", at=now)
    if stood:
        text = "; ".join(uncovered_words(gap, clinic, now) for gap in gaps)
        tx.queue(place.key, Verb.NUDGE, key=f"covernudge:{once}", at=now, text=f"{text}.")
    return place.key


def draw_coverage(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw what nobody is on duty for, as it is now."""
    gaps = coverage(clinic, coming_courses(practice, reading, clinic, now), now)
    lines = tuple(f"{uncovered_words(gap, clinic, now)} ({', '.join(gap.codes[:6])})." for gap in gaps)
    heading = "Nobody on duty for booked patients"
    if not lines:
        return Notice(heading=heading, text="Settled: somebody is on duty for everybody who is booked.")
    what = "Change the roster, or move them. Until then their items go to the role’s channel."
    return Notice(heading=heading, text=what, tone="bad", lines=lines)
