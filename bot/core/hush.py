"""Hush: what must wait before it is said, and until when.

Six things hold a word back. It goes out when the last of them is over, bundled with all else that waited
then; it keeps its place on the ladder, and but for the fourth nothing waits past a gate.

1. *Closed.* Before and after hours nobody is asked about what is not of a visit.
2. *Quiet hours* of the person, in their own zone.
3. *In the room.* While a person's patient is treated, all that is not pressing waits.
4. *The next one.* The cards for the room itself come after Finish of the patient before, however pressing
   and past the gate too: nobody can start there sooner. Prep does not wait for that: its patient is here,
   and numbing cream needs its time.
5. *Fifteen minutes* between two buzzes of one person.
6. *Six a half-day*, not counting the stages of the day; its halves meet at one o'clock. A reminder too many
   is an edit that nobody hears, and its ladder goes on.

Pressing is a complication, and what can stop a procedure within two hours of its start. It waits for the
fourth alone; what is urgent or on call waits for no hours either, and stops and decisions count for neither
of the last two. An edit buzzes no telephone, so these do not hold it. A card is nudged once at each rung for
all lines together that were open by then. A channel is nobody's telephone: only the hours count there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import takewhile

from bot.core.asking import VISIT
from bot.core.case import Session, Task, TaskStatus
from bot.core.due import DECISION, STAGES
from bot.core.kinds import CardKind, Level, Phase
from bot.core.noise import Heard
from bot.core.people import Clinic
from bot.core.playbook import Step
from bot.core.rooms import InRoom, in_room
from bot.core.times import instant

#: How far apart two buzzes of one person are.
APART = timedelta(minutes=15)
#: How many messages a person hears in half a day beside the stages of the day.
HALF_DAYS_WORTH = 6
#: When the second half of a day begins.
HALF = time(13)
#: How near its start what can stop a procedure is pressing.
NEAR = timedelta(hours=2)
#: The cards that are read in the room itself.
OF_THE_ROOM = (CardKind.ROOM, CardKind.TIMEOUT)
#: Cards that count for no half-day.
UNCOUNTED = (*STAGES, CardKind.EVENT, DECISION)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """One word that is due: about which task, to whom, on which card. `gate` is the next gate that needs it,
    `reminds` says that it was asked before, `buzzes` False is an edit.
    """

    task: Task
    step: Step
    session: Session
    person: str
    card: str
    kind: str
    gate: datetime | None = None
    reminds: bool = False
    buzzes: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What the clinic is doing: the procedures that run, and what was heard since midnight, oldest first."""

    clinic: Clinic
    running: Sequence[InRoom] = ()
    heard: Sequence[Heard] = ()


def pressing(wish: Wish, now: datetime) -> bool:
    """Say whether a word is about a complication, or about what can stop a procedure that is near."""
    stops = wish.task.status is TaskStatus.BLOCKED or wish.step.stops.level is not Level.NONE
    return wish.step.phase is Phase.EVENT or (stops and abs(wish.session.start - now) <= NEAR)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hushed:
    """The cards whose words wait, each with its moment, and those that are edited and nudge nobody."""

    held: Mapping[str, datetime]
    muted: frozenset[str]


def hushed(wishes: Iterable[Wish], house: House, now: datetime) -> Hushed:
    """Say which cards wait. The words of one card go out together: if one of them cannot wait, none does; and
    whoever hears something now hears the rest that may be heard.
    """
    cards: dict[str, list[Wish]] = defaultdict(list)
    for wish in wishes:
        cards[wish.card].append(wish)
    held: dict[str, datetime] = {}
    muted: set[str] = set()
    told: dict[str, list[Heard]] = defaultdict(list)
    for card, its in sorted(cards.items(), key=lambda each: _order(each[1], now)):
        theirs = told[its[0].person]
        until = _card_waits(its, house, theirs, now)
        loud = [wish for wish in its if wish.buzzes]
        if until is not None:
            held[card] = until
        elif loud and all(_may_be_mute(wish, house, theirs, now) for wish in loud):
            muted.add(card)
        elif loud:
            theirs.append(Heard(at=now, person=loud[0].person, kind=loud[0].kind, card=card))
    return Hushed(held=held, muted=frozenset(muted))


def _may_be_mute(wish: Wish, house: House, told: Sequence[Heard], now: datetime) -> bool:
    # a reminder too many is an edit, so that its ladder goes on to somebody who can help
    asked_for = wish.task.snoozed or wish.kind in STAGES
    counts = wish.reminds and wish.person and not asked_for and not exempt(wish, now)
    return bool(counts) and _half_used_up(wish.person, house, told, now)


def _order(wishes: Sequence[Wish], now: datetime) -> tuple[bool, datetime, datetime, str]:
    # what cannot wait opens the bundle that the others join; then by due time, and the soonest procedure
    soonest = min(wish.session.start for wish in wishes)
    due = min(wish.task.due for wish in wishes)
    return not any(exempt(wish, now) for wish in wishes), due, soonest, wishes[0].card


def exempt(wish: Wish, now: datetime) -> bool:
    """Say whether a word counts for no cap: it is pressing, a stop or a decision."""
    return pressing(wish, now) or wish.task.status is TaskStatus.BLOCKED or bool(wish.step.settles)


def _card_waits(
    wishes: Sequence[Wish], house: House, told: Sequence[Heard], now: datetime
) -> datetime | None:
    waits = (_one_waits(wish, house, told, now) for wish in wishes)
    until = list(takewhile(lambda moment: moment > now, waits))
    # one that can be said now lets all the others go along
    return min(until) if len(until) == len(wishes) else None


def _one_waits(wish: Wish, house: House, told: Sequence[Heard], now: datetime) -> datetime:
    until = max((now, *_reasons(wish, house, told, now)))
    if until > now and not _at_any_hour(wish, now):
        until = max(until, house.clinic.calendar.working_moment(until))
    until = until if wish.gate is None else min(until, wish.gate)
    return max((until, *_finishes(wish, house)))


def _finishes(wish: Wish, house: House) -> Iterator[datetime]:
    if wish.kind in OF_THE_ROOM:
        yield from (each.until for each in house.running if _comes_after(wish, each))


def _reasons(wish: Wish, house: House, told: Sequence[Heard], now: datetime) -> Iterator[datetime]:
    if not _at_any_hour(wish, now):
        yield from _hours(wish, house.clinic, now)
    if pressing(wish, now) or not wish.person:
        return
    patient = in_room(wish.person, house.running, now)
    if patient is not None:
        yield patient.until
    if wish.buzzes and not exempt(wish, now):
        yield from _caps(wish, house, told, now)


def _at_any_hour(wish: Wish, now: datetime) -> bool:
    return wish.task.on_call or wish.step.ladder == "urgent" or pressing(wish, now)


def _hours(wish: Wish, clinic: Clinic, now: datetime) -> Iterator[datetime]:
    if wish.step.phase not in VISIT:
        yield clinic.calendar.working_moment(now)
    quiet = quiet_until(wish.person, clinic, now)
    if quiet is not None:
        yield quiet


def quiet_until(person_id: str, clinic: Clinic, now: datetime) -> datetime | None:
    """Return when a person's quiet hours end, `None` outside them; they are read in the person's own zone."""
    person = clinic.people.get(person_id)
    if person is None or person.quiet is None:
        return None
    zone = clinic.zone_of(person_id)
    here = now.astimezone(zone)
    begins, ends = person.quiet
    over_night, wall = begins > ends, here.time()
    is_quiet = (wall >= begins or wall < ends) if over_night else begins <= wall < ends
    if not is_quiet:
        return None
    day = here.date() + timedelta(days=1) if over_night and wall >= begins else here.date()
    return instant(datetime.combine(day, ends), zone)


def _comes_after(wish: Wish, running: InRoom) -> bool:
    own = (running.case, running.session) == (wish.task.case, wish.task.session)
    same = wish.person in running.people or (running.room and running.room == wish.session.room)
    return bool(same) and not own


def _caps(wish: Wish, house: House, told: Sequence[Heard], now: datetime) -> Iterator[datetime]:
    if wish.task.holder == wish.person and not wish.reminds:
        # they have just taken it: nobody is held back from what they asked for
        return
    theirs = [each.at for each in house.heard if each.person == wish.person]
    if theirs and not told and theirs[-1] < now:
        yield theirs[-1] + APART
    counts = wish.kind not in STAGES and not wish.reminds
    if counts and _half_used_up(wish.person, house, told, now):
        calendar = house.clinic.calendar
        half = calendar.instant(calendar.day(now), HALF)
        yield half if now < half else calendar.instant(calendar.day(now) + timedelta(days=1), time())


def _half_used_up(person: str, house: House, told: Sequence[Heard], now: datetime) -> bool:
    calendar = house.clinic.calendar
    half = calendar.instant(calendar.day(now), HALF)
    theirs = (*(each for each in house.heard if each.person == person), *told)
    counted = [h for h in theirs if h.kind not in UNCOUNTED and (h.at >= half) == (now >= half)]
    return len(counted) >= HALF_DAYS_WORTH


def nudges_enough(card: str, place: int, since: datetime, heard: Iterable[Heard]) -> bool:
    """Say whether a card was nudged since a line on it was asked as often as the line's place on its ladder
    asks for.
    """
    return sum(each.repeat and each.card == card and each.at > since for each in heard) >= place
