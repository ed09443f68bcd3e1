"""Outages: when what is due did not go out, a manager and the escalations channel hear of it, once.

An outage begins when the watchdog finds something late, or finds that nobody looked for a while, and is over
when nothing is late any more. It has one card for each of its readers: a warning while it lasts, and after it
the report, on the same card. One that ended before anybody could be warned is only reported. Where a platform
is away, its readers are told on another one, if there is one; else the warning comes with what it warns of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core import huddle, wording
from bot.core.case import case_of
from bot.core.errors import Conflict
from bot.core.messages import Notice
from bot.core.outgoing import Arrangement, Posting, Verb
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.core.sentences import listed
from bot.core.standing import row
from bot.core.watched import LATE, MOST, Watched, unsent_words
from bot.core.wording import few
from bot.ports import Reading, Transaction
from bot.service.news import some_manager
from bot.service.practice import Practice, boards_of
from bot.service.watchdog import keep_check, last_check, watched

#: The kind of the arrangement that keeps an outage, and of the cards that tell of it.
OUTAGE = "outage"
#: What is late for so long is worth a warning; a shorter delay is over before anybody could look.
WARN = timedelta(minutes=10)
#: How far ahead the report looks for who comes next, and how many late cases it names.
SOON = timedelta(hours=1)
SHOWN = 10
#: The reader of a card in a channel.
_CHANNEL = "channel"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """From when on something was late, until when (`None` while it lasts), since when each item waited, on
    which platforms messages did, and whether Bookend itself was `away`. `told` says that its cards are out.
    """

    since: datetime
    until: datetime | None = None
    late: Mapping[str, datetime]
    slow: Mapping[str, int]
    away: bool = False
    cards: tuple[str, ...] = ()

    @property
    def detail(self) -> Mapping[str, Any]:
        """Return it as an arrangement keeps it."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "late": {task: since.isoformat() for task, since in self.late.items()},
            "slow": dict(self.slow),
            "away": self.away,
            "cards": [*self.cards],
        }

    def with_look(self, seen: Watched) -> Outage:
        """Return the outage with what one more look saw."""
        late = {each.task: each.since for each in seen.late} | dict(self.late)
        slow = {each.platform: max(each.waiting, self.slow.get(each.platform, 0)) for each in seen.slow}
        since = min(self.since, seen.oldest or self.since)
        return replace(self, since=since, late=dict([*late.items()][:MOST]), slow={**self.slow, **slow})


def outage_of(kept: Arrangement) -> Outage:
    """Return the outage that an arrangement keeps."""
    told = kept.detail
    return Outage(
        since=datetime.fromisoformat(told["since"]),
        until=datetime.fromisoformat(told["until"]) if told["until"] else None,
        late={task: datetime.fromisoformat(since) for task, since in told["late"].items()},
        slow=told["slow"],
        away=told["away"],
        cards=tuple(told["cards"]),
    )


def look_back(practice: Practice) -> None:
    """Note what is late after a time in which nobody looked, before it is asked and sent at last."""
    now = practice.clock.now()
    for clinic in practice.clinics.values():
        with practice.store.reading() as reading:
            last = last_check(reading, clinic)
        if last is not None and now - last.at >= LATE:
            _look(practice, clinic, away=last.at)


def watch(practice: Practice) -> Mapping[str, Watched]:
    """Look once whether all that is due went out, and tell who must know; return how each clinic stands."""
    return {clinic.id: _look(practice, clinic) for clinic in practice.clinics.values()}


def _look(practice: Practice, clinic: Clinic, *, away: datetime | None = None) -> Watched:
    now = practice.clock.now()
    with practice.store.reading() as reading:
        seen = watched(practice, reading, clinic, now)
        was_well = (last := last_check(reading, clinic)) is None or last.oldest is None
    # another program that looks at the same time saw the same, and one of us is late
    with suppress(Conflict), practice.store.writing() as tx:
        keep_check(tx, clinic, seen.check)
        kept = next(iter(tx.arrangements(clinic.id, OUTAGE)), None)
        if away or not seen.well:
            _goes_on(practice, tx, clinic, kept, seen, away)
        elif kept is not None:
            _ends(practice, tx, clinic, kept, now)
        if was_well != seen.well:
            _redraw_boards(practice, tx, clinic, now)
    return seen


def _goes_on(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    kept: Arrangement | None,
    seen: Watched,
    away: datetime | None,
) -> None:
    since = away or seen.oldest or seen.at
    before = outage_of(kept) if kept else Outage(since=since, late={}, slow={})
    outage = replace(before, since=min(before.since, since), away=before.away or away is not None)
    outage = outage.with_look(seen)
    made = kept or _begun(clinic, since, seen.at)
    if not outage.cards and seen.late_by >= WARN and not away:
        outage = replace(outage, cards=_tell(practice, tx, clinic, made, outage, seen.at))
    elif outage != before:
        for card in outage.cards:
            tx.queue(card, Verb.DRAW, key=f"more:{card}:{seen.at.isoformat()}", at=seen.at)
    if outage != before or kept is None:
        tx.arrange(replace(made, detail=outage.detail))


def _begun(clinic: Clinic, since: datetime, now: datetime) -> Arrangement:
    key = f"{clinic.id}:{since:%Y%m%dT%H%M%S}"
    return Arrangement(kind=OUTAGE, key=key, clinic=clinic.id, by="bookend", at=now)


def _ends(practice: Practice, tx: Transaction, clinic: Clinic, kept: Arrangement, now: datetime) -> None:
    outage = replace(outage_of(kept), until=now)
    if outage.cards:
        _say_it_is_over(tx, clinic, outage, now)
    elif outage.late or outage.slow or _was_open(clinic, outage.since, now):
        outage = replace(outage, cards=_tell(practice, tx, clinic, kept, outage, now))
    tx.arrange(replace(kept, detail=outage.detail, ended=now))


def _was_open(clinic: Clinic, since: datetime, now: datetime) -> bool:
    # presses that were made meanwhile did not arrive
    return clinic.calendar.working_after(since, LATE) < now


def _tell(
    practice: Practice, tx: Transaction, clinic: Clinic, kept: Arrangement, outage: Outage, now: datetime
) -> tuple[str, ...]:
    """Give the outage a card for each of its readers; return the cards."""
    readers = _readers(practice, clinic, outage, now)
    cards = {f"{OUTAGE}:{kept.key}:{person or _CHANNEL}": (person, to) for person, to in readers.items()}
    for card, (person, to) in cards.items():
        day = clinic.calendar.day(now)
        tx.post(Posting(key=card, clinic=clinic.id, kind=OUTAGE, to=to, person=person, day=day))
        tx.queue(card, Verb.DRAW, key=card, at=now)
    return tuple(cards)


def _say_it_is_over(tx: Transaction, clinic: Clinic, outage: Outage, now: datetime) -> None:
    until = wording.clock(now, clinic.calendar)
    for card, posting in tx.postings(outage.cards).items():
        tx.queue(card, Verb.DRAW, key=f"over:{card}", at=now)
        # where nothing arrived meanwhile, the warning came as late as this
        if posting.to.platform not in outage.slow:
            tx.queue(
                card, Verb.NUDGE, key=f"overnudge:{card}", at=now, text=f"Over since {until}: see above."
            )


def _readers(practice: Practice, clinic: Clinic, outage: Outage, now: datetime) -> dict[str, Address]:
    """Return whom an outage is told and where, of "" the channel: where messages arrive, if there is such."""
    there = [each for each in practice.platforms if each not in outage.slow] or [*practice.platforms]
    reaching = replace(practice, platforms=tuple(there))
    manager = some_manager(reaching, clinic, now)
    named = (Address(platform=each, channel=_escalations(clinic, each)) for each in there)
    channel = next((each for each in named if each.channel), None)
    found = {manager: reaching.reached(clinic, manager), "": channel}
    return {person: to for person, to in found.items() if to is not None}


def _escalations(clinic: Clinic, platform: str) -> str:
    return clinic.channels.get(platform, {}).get("escalations", "")


def _redraw_boards(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime) -> None:
    if huddle.live(clinic, now):
        for card in tx.postings(boards_of(practice, clinic, clinic.calendar.day(now))):
            tx.queue(card, Verb.DRAW, key=f"watch:{card}:{now.isoformat()}", at=now)


def draw_outage(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw a warning while an outage lasts, and its report when it is over."""
    kept = reading.arrangement(OUTAGE, posting.key.removeprefix(f"{OUTAGE}:").rpartition(":")[0])
    assert kept is not None
    outage = outage_of(kept)
    late = tuple(_late_lines(practice, reading, outage, clinic, now))
    soon = tuple(_soon_lines(practice, reading, clinic, outage.until or now))
    since, until = (wording.when(at, now, clinic.calendar) for at in (outage.since, outage.until or now))
    if outage.until is None:
        unsent = unsent_words(len(outage.late), outage.slow)
        text = (
            f"Late, since {since}: {unsent}. I go on trying, and say here when it is over. Until then please "
            "ask for these items in person, and tell whoever runs Bookend."
        )
        return Notice(heading="Not everything goes out in time", text=text, tone="bad", lines=(*soon, *late))
    text = f"From {since} to {until} {_why(outage)}. " + (
        "What was late has gone out now." if late or outage.slow else "Nothing was late by it."
    )
    pressed = " What somebody pressed meanwhile may have to be pressed again." if outage.away else ""
    return Notice(heading="After an outage", text=text + pressed, lines=(*soon, *late))


def _why(outage: Outage) -> str:
    if outage.away:
        return "Bookend did not run"
    if outage.slow:
        return f"messages for {listed([wording.platform(each) for each in outage.slow])} did not go out"
    return "not everything went out"


def _late_lines(
    practice: Practice, reading: Reading, outage: Outage, clinic: Clinic, now: datetime
) -> Iterator[str]:
    courses = practice.courses(reading, dict.fromkeys(map(case_of, outage.late)))
    of_case: dict[str, list[str]] = {}
    # the longest first, of which the line says since when
    for task in sorted(outage.late, key=lambda each: (outage.late[each], each)):
        of_case.setdefault(case_of(task), []).append(task)
    for code, keys in [*of_case.items()][:SHOWN]:
        titles = [courses[code].step(each).title for each in courses[code].tasks if each.key in keys]
        since = wording.when(outage.late[keys[0]], now, clinic.calendar)
        yield f"Late since {since}, {code}: {few(titles)}."
    if more := len(of_case) - SHOWN:
        yield from [f"Late, and {wording.count(more, 'case')} more."] if more > 0 else []


def _soon_lines(practice: Practice, reading: Reading, clinic: Clinic, at: datetime) -> Iterator[str]:
    """Say of each session that starts within the hour where it stands."""
    cases = reading.cases_near(clinic.id, at, at + SOON, at)
    overrides = reading.overrides([each.code for each in cases])
    for case in cases:
        starting = [each for each in case.sessions if at <= each.start <= at + SOON and not each.cancelled]
        if starting and not case.cancelled:
            course = practice.course_of(case, reading.tasks(case.code))
            shown = row(course, overrides[case.code], clinic, at)
            yield f"Starts soon, {shown.label}: {shown.summary}."
