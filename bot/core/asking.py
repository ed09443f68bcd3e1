"""Who is asked, in one order for everybody; each line is tried only where those above it name nobody.

1. Who holds the task (claimed it, or accepted a hand-off), while they work or while nobody else of the role
   does.
2. Whom the case is assigned to, while they work, or are on call where that counts (4). Off duty today, the
   assignment stays and whoever is on duty is asked.
3. Whose room it is that day, for a card of its stages (`core.rooms`), then who is on duty for the role at
   that moment. Before and after the opening hours: for the day of a procedure
   whoever works that day; for what can wait, whoever is there when the doors open next, and they are asked
   then.
4. Who is on call, for what falls on a closed day (`on_call`) and for what is urgent, in the order of the
   file.
   A second check goes in this order to anybody but who gave the first answer, then to a physician.
5. Nobody: the role's channel, on a card with Claim. It is never just anybody who has the role.

Whoever has left the clinic's file, or lost the role, leaves orphans: those go to whoever of the role was last
active on the case and works now, else to the manager on duty. A reminder goes to whoever was asked for as
long as they work; after that the task is asked anew of whoever works now, on a card of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.core.case import Case, Task, TaskStatus
from bot.core.facts import URGENCY
from bot.core.kinds import Phase
from bot.core.people import Clinic, Role
from bot.core.playbook import Step
from bot.core.rooms import NO_ROOMS, RoomDuties
from bot.core.second import awaits_second, gave_first

#: The phases of the patient's visit itself: what is due then is asked of those who are in the house.
VISIT = frozenset({Phase.DAY, Phase.POST})


def asked_role(task: Task, step: Step) -> Role:
    """Return whose task it is now: a stop is the physician's."""
    return Role.PHYSICIAN if task.status is TaskStatus.BLOCKED else step.role


def asked_person(
    task: Task,
    step: Step,
    case: Case,
    clinic: Clinic,
    now: datetime,
    tasks: Iterable[Task] = (),
    rooms: RoomDuties = NO_ROOMS,
) -> str | None:
    """Return who is asked, `None` for the role's channel; `tasks` of the case tell who was active on it,
    `rooms` whose room it is that day.
    """
    role = asked_role(task, step)
    if orphaned(task, step, case, clinic):
        return _last_active(tasks, role, clinic, now) or duty_manager(clinic, now)
    if awaits_second(task):
        there = _seconds(task, step, clinic, now)
        held = _holding(task, step, there, clinic)
        return held or _first(step.role, task, case, clinic, there, rooms)
    working = _working(role, task, step, clinic, now)
    if _has(task.holder, role, clinic) and (task.holder in working or not working):
        return task.holder
    there = working or _called(role, task, step, clinic)
    return _first(role, task, case, clinic, there, rooms)


def _first(
    role: Role, task: Task, case: Case, clinic: Clinic, there: Sequence[str], rooms: RoomDuties
) -> str | None:
    """Return who of those there comes first: by assignment, by room, in the roster's order."""
    named = (case.assigned.get(role), rooms.person(role, case, case.session(task.session), clinic))
    return next((person for person in (*named, *there) if person in there), None)


def _seconds(task: Task, step: Step, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Return who may give the second answer, of the role first, then physicians who stand in."""
    found = (
        person
        for role in (step.role, Role.PHYSICIAN)
        for person in (*_working(role, task, step, clinic, now), *_called(role, task, step, clinic))
    )
    return tuple(dict.fromkeys(person for person in found if not gave_first(task, person)))


def _holding(task: Task, step: Step, there: Collection[str], clinic: Clinic) -> str | None:
    """Return who took a second check, while they are there or nobody else is."""
    may = any(_has(task.holder, role, clinic) for role in (step.role, Role.PHYSICIAN))
    still = task.holder in there or not there
    return task.holder if may and still and not gave_first(task, task.holder) else None


def _called(role: Role, task: Task, step: Step, clinic: Clinic) -> tuple[str, ...]:
    return clinic.on_call.get(role, ()) if task.on_call or is_urgent(step) else ()


def is_urgent(step: Step) -> bool:
    """Say whether a step cannot wait for the doors to open."""
    return step.ladder == "urgent"


def orphaned(task: Task, step: Step, case: Case, clinic: Clinic) -> bool:
    """Say whether it belonged to somebody who has left the clinic's file or lost the role."""
    role = asked_role(task, step)
    owner = task.holder if task.holder and not _lent(task, role, clinic) else case.assigned.get(role, "")
    return bool(owner) and not _has(owner, role, clinic)


def _lent(task: Task, role: Role, clinic: Clinic) -> bool:
    # whoever held the item, its stop is the physician's; and for a second check a physician may stand in
    stands_in = awaits_second(task) and _has(task.holder, Role.PHYSICIAN, clinic)
    return stands_in or (task.status is TaskStatus.BLOCKED and not _has(task.holder, role, clinic))


def _has(person: str, role: Role, clinic: Clinic) -> bool:
    return person in clinic.people and clinic.people[person].may(role)


def _working(role: Role, task: Task, step: Step, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    on_duty = clinic.on_duty(role, now)
    if on_duty:
        return on_duty
    calendar = clinic.calendar
    opening = calendar.working_moment(now)
    today = clinic.rostered(role, calendar.day(now))
    if step.phase in VISIT:
        return today if opening != now else ()
    if task.on_call or is_urgent(step):
        return ()
    comes = comes_on_duty(role, clinic, now)
    if comes is not None and calendar.day(comes) == calendar.day(opening):
        return clinic.on_duty(role, comes)
    return ()


def waits_until(task: Task, step: Step, clinic: Clinic, now: datetime) -> datetime | None:
    """Return when somebody of the role comes on duty later today, where the task can wait for them.

    What belongs to a visit, is urgent or on call does not wait: the channel is asked who takes it.
    """
    role = asked_role(task, step)
    if step.phase in VISIT or task.on_call or is_urgent(step) or task.holder:
        return None
    comes = None if clinic.on_duty(role, now) else comes_on_duty(role, clinic, now)
    return comes if comes and clinic.calendar.day(comes) == clinic.calendar.day(now) else None


def comes_on_duty(role: Role, clinic: Clinic, now: datetime) -> datetime | None:
    """Return when somebody of a role next begins to work: still today, else on the next open day."""
    calendar = clinic.calendar
    for day in dict.fromkeys((calendar.day(now), calendar.day(calendar.working_moment(now)))):
        begins = [calendar.instant(day, shift.starts) for shift in clinic.shifts(role, day)]
        ahead = [moment for moment in begins if moment > now]
        if ahead:
            return min(ahead)
    return None


def _last_active(tasks: Iterable[Task], role: Role, clinic: Clinic, now: datetime) -> str | None:
    answers = [task.answer for task in tasks if task.answer is not None]
    for answer in sorted(answers, key=lambda each: each.at, reverse=True):
        if _has(answer.by, role, clinic) and answer.by in clinic.on_duty(role, now):
            return answer.by
    return None


def still_asked(person: str, task: Task, step: Step, clinic: Clinic, now: datetime) -> bool:
    """Say whether a reminder still goes to whoever was asked: they work, or are on call for it."""
    role = asked_role(task, step)
    if awaits_second(task):
        there = _seconds(task, step, clinic, now)
        return person in (*there, _holding(task, step, there, clinic))
    if not _has(person, role, clinic):
        return False
    working = _working(role, task, step, clinic, now)
    return person in (*working, *_called(role, task, step, clinic), *([] if working else [task.holder]))


def is_paged(step: Step, case: Case) -> bool:
    """Say whether physicians are paged one after the other: what an urgent complication asks of them."""
    soon = step.role is Role.PHYSICIAN and step.is_deadline and is_urgent(step)
    return soon and case.facts.get(URGENCY) in ("urgent", "emergency")


def is_taken(task: Task, tasks: Iterable[Task]) -> bool:
    """Say whether a physician is on this complication, or has answered something of it."""
    own = [t for t in tasks if (t.session, t.occurrence, t.anchored) == _event(task)]
    return any(t.answer is not None and t.answer.role is Role.PHYSICIAN for t in own) or any(
        t.acknowledged is not None for t in own if t.key == task.key
    )


def _event(task: Task) -> tuple[int, int, datetime | None]:
    return task.session, task.occurrence, task.anchored


def pages(task: Task, step: Step, case: Case, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Return who is paged, one more at each word: who is asked, then the list on call in its order."""
    if not is_paged(step, case):
        return ()
    first = asked_person(task, step, case, clinic, now)
    called = clinic.on_call.get(asked_role(task, step), ())
    return tuple(dict.fromkeys((*filter(None, [first]), *called)))


def duty_manager(clinic: Clinic, now: datetime) -> str | None:
    """Return the manager who is told: on duty, on call, working that day, else the next one who comes."""
    day, opening = clinic.calendar.day(now), clinic.calendar.working_moment(now)
    found = (
        *clinic.on_duty(Role.MANAGER, now),
        *clinic.on_call.get(Role.MANAGER, ()),
        *clinic.rostered(Role.MANAGER, day),
        *clinic.rostered(Role.MANAGER, clinic.calendar.day(opening)),
    )
    return next(iter(found), None)


def told_of(task: Task, step: Step, asked: str, clinic: Clinic, now: datetime) -> str | None:
    """Return who hears that nobody answered: of routine matters the role's lead, else the manager on duty.

    The lead is whom the roster names first for the role that day; of what the lead leaves open the manager
    hears.
    """
    leads = clinic.rostered(asked_role(task, step), clinic.calendar.day(clinic.calendar.working_moment(now)))
    if step.ladder == "routine" and leads and asked and leads[0] != asked:
        return leads[0]
    return duty_manager(clinic, now)
