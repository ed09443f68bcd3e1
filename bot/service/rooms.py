"""Rooms: who has which room today, and which procedures run; kept as arrangements of the clinic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.case import Case, Moment, Session, Task
from bot.core.outgoing import Arrangement, Change, Entry
from bot.core.people import Clinic, Role
from bot.core.rooms import UNPRESSED, InRoom, RoomDuties, assigned_for_room
from bot.ports import Reading, Transaction
from bot.service.practice import Practice

#: The kind of what says who has which room on a day; its key is clinic and date.
DUTIES = "rooms"
#: The kind of what says that a procedure runs; its key is case and session.
RUNNING = "in_room"
#: Whose hands may be in a procedure.
IN_THE_ROOM = (Role.NURSE, Role.OPERATOR, Role.PHYSICIAN)
#: How many words that were held back Finish looks at.
MOST = 500


def duties_of(reading: Reading, clinic: Clinic, day: date) -> RoomDuties:
    """Return who has which room on a day, as far as that is settled."""
    key = _key(clinic, day)
    kept = next((each for each in reading.arrangements(clinic.id, DUTIES) if each.key == key), None)
    if kept is None:
        return RoomDuties(day=day)
    who = {(room, Role(role)): person for room, role, person in kept.detail["who"]}
    return RoomDuties(day=day, who=who)


def keep_duties(tx: Transaction, clinic: Clinic, duties: RoomDuties, *, by: str, at: datetime) -> None:
    """Keep who has which room on a day, in place of what was kept before."""
    key = _key(clinic, duties.day)
    kept = tx.arrangement(DUTIES, key) or Arrangement(kind=DUTIES, key=key, clinic=clinic.id, by=by, at=at)
    who = [[room, role.value, person] for (room, role), person in sorted(duties.who.items())]
    tx.arrange(replace(kept, by=by, at=at, detail={"who": who}, ended=None))
    for old in tx.arrangements(clinic.id, DUTIES):
        if old.key != key and old.key < key:
            tx.arrange(replace(old, ended=at))


def _key(clinic: Clinic, day: date) -> str:
    return f"{clinic.id}:{day}"


def rooms_today(
    tx: Transaction, clinic: Clinic, asked: Iterable[tuple[Role, Case, Session]], now: datetime
) -> RoomDuties:
    """Return who has which room today, and keep it: a room that somebody is asked for the first time goes to
    one of those who are on duty for the role, where they are two or more.
    """
    kept = duties = duties_of(tx, clinic, clinic.calendar.day(now))
    for role, case, session in asked:
        if role not in IN_THE_ROOM:
            continue
        duties = _with_room(tx, clinic, duties, role, case, session, now)
    if duties is not kept:
        keep_duties(tx, clinic, duties, by="bookend", at=now)
    return duties


def _with_room(
    reading: Reading,
    clinic: Clinic,
    duties: RoomDuties,
    role: Role,
    case: Case,
    session: Session,
    now: datetime,
) -> RoomDuties:
    place = duties.place(case, session, clinic)
    # before the doors open it is already theirs whose it will be
    on_duty = clinic.on_duty(role, now) or clinic.rostered(role, duties.day)
    if len(on_duty) < 2 or duties.person(role, case, session, clinic) in on_duty:
        return duties
    load = Counter(duties.place(*each, clinic) for each in sessions_of(reading, clinic, duties.day))
    return duties.given(place, role, assigned_for_room(role, place, duties, on_duty, load))


def sessions_of(reading: Reading, clinic: Clinic, day: date) -> Iterator[tuple[Case, Session]]:
    """Yield the sessions of a local date with their cases."""
    for case in reading.open_cases(clinic.id):
        for session in case.sessions:
            if clinic.calendar.day(session.start) == day and not session.cancelled:
                yield case, session


def running(reading: Reading, clinic: Clinic) -> tuple[InRoom, ...]:
    """Return the procedures that run now."""
    return tuple(map(_in_room, reading.arrangements(clinic.id, RUNNING)))


def _in_room(kept: Arrangement) -> InRoom:
    code, _, session = kept.key.partition(":")
    return InRoom(
        case=code,
        session=int(session),
        room=kept.detail["room"],
        people=frozenset(kept.detail["people"]),
        until=datetime.fromisoformat(kept.detail["until"]),
    )


def follow(
    practice: Practice, tx: Transaction, case: Case, number: int, pressed: Moment, *, by: str, now: datetime
) -> None:
    """Note that a procedure runs from Started on, and let what waited for Finish be said."""
    session, clinic = case.session(number), practice.clinic_of(case)
    if pressed is Moment.STARTED:
        _begin(tx, clinic, case, session, by, now)
    elif pressed is Moment.FINISHED:
        kept = tx.arrangement(RUNNING, f"{case.code}:{number}")
        if kept is not None and kept.ended is None:
            tx.arrange(replace(kept, ended=now))
            _let_go(practice, tx, clinic, kept, now)


def _begin(tx: Transaction, clinic: Clinic, case: Case, session: Session, by: str, now: datetime) -> None:
    key = f"{case.code}:{session.number}"
    kept = tx.arrangement(RUNNING, key) or Arrangement(kind=RUNNING, key=key, clinic=clinic.id, by=by, at=now)
    # from its real start on it takes as long as it was planned to
    until = now + timedelta(minutes=session.minutes) + UNPRESSED
    people = sorted(_hands(tx, clinic, case, session, by, now))
    detail = {"room": session.room, "people": people, "until": until.isoformat()}
    tx.arrange(replace(kept, by=by, at=now, detail=detail, ended=None))


def _hands(
    reading: Reading, clinic: Clinic, case: Case, session: Session, by: str, now: datetime
) -> Iterator[str]:
    """Yield whose patient it is: by assignment, by room, and the one operator who is there."""
    duties = duties_of(reading, clinic, clinic.calendar.day(now))
    for role in IN_THE_ROOM:
        named = case.assigned.get(role) or duties.person(role, case, session, clinic)
        if named:
            yield named
        elif role is Role.OPERATOR:
            there = clinic.on_duty(role, now)
            pressed = clinic.people.get(by)
            yield from there if len(there) == 1 else ([by] if pressed and pressed.may(role) else [])


def _let_go(practice: Practice, tx: Transaction, clinic: Clinic, ran: Arrangement, now: datetime) -> None:
    # what waits for another reason is held back anew when it comes up
    until = datetime.fromisoformat(ran.detail["until"])
    waiting = [task for task in tx.due(clinic.id, until, MOST) if task.held and task.held >= ran.at]
    by_case: dict[str, list[Task]] = {}
    for task in waiting:
        by_case.setdefault(task.case, []).append(
            replace(task, next_prompt_at=min(task.next_prompt_at or now, now))
        )
    cases = tx.cases(by_case)
    tx.change_all(
        [
            Change(
                case=cases[code],
                tasks=tasks,
                entry=Entry(kind="resumed", at=now, by="bookend", detail={"tasks": [t.key for t in tasks]}),
            )
            for code, tasks in by_case.items()
        ]
    )
