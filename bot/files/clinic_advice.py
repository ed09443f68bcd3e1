"""What a careful colleague would ask about a clinic's file that can be read: advice, which stops nothing.

The roster is judged by the work that the clinic's playbooks plan, role by role: a gap in a role that is never
asked anything is no gap. Of each is said who is asked instead, in the order in which that is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from bot.core.gaps import Span, gaps, weekly_gaps
from bot.core.kinds import Level
from bot.core.narrowing import ever_asked
from bot.core.people import Clinic, Role
from bot.core.playbook import Playbook, Step
from bot.core.staffing import staffed
from bot.core.times import WEEKDAYS, Closed
from bot.core.wording import plain
from bot.files.entry import Entry

#: From this day an ordinary week is looked for.
_ANY_DAY = date(2027, 6, 14)

Advice = Iterator[tuple[int, str]]


def of_clinic(
    root: Entry, clinic: Clinic, playbooks: Mapping[str, Playbook], today: date | None = None
) -> Advice:
    """Yield which playbooks are nowhere, and when nobody is there to be asked."""
    for each in root.maybe("playbooks", Entry.each, []):
        if each.content not in playbooks:
            yield each.line + 1, f"no playbook {each.shown} lies beside this file or is shipped"
    here = [playbooks[name] for name in clinic.playbooks or playbooks if name in playbooks]
    yield from of_people(root, clinic, here, today)


def of_people(
    root: Entry, clinic: Clinic, playbooks: Iterable[Playbook], today: date | None = None
) -> Advice:
    """Yield when nobody is there whom these playbooks would ask, and which stops nobody can answer."""
    line = (root.get("roster") or root).line + 1
    for role, steps in _work(playbooks).items():
        yield from ((line, what) for what in _weekly(clinic, role, steps))
        yield from _dated(root, clinic, role, today)
        yield from ((line, what) for what in _not_on_call(clinic, role, steps))


def _work(playbooks: Iterable[Playbook]) -> dict[Role, list[Step]]:
    """Return what each role is ever asked, stops first."""
    steps = [step for book in playbooks for step in book.steps if ever_asked(step, book)]
    steps.sort(key=lambda step: step.stops.level is Level.NONE)
    found = {role: [step for step in steps if step.role is role] for role in Role}
    return {role: its for role, its in found.items() if its}


def _weekly(clinic: Clinic, role: Role, steps: list[Step]) -> Iterator[str]:
    found = weekly_gaps(clinic, role, _ANY_DAY)
    if not found:
        return
    hours = {day: clinic.calendar.hours.get(day) for day in found}
    everywhere = found == {day: (span,) for day, span in clinic.calendar.hours.items()}
    days = ", ".join(_when(WEEKDAYS[day], spans, hours[day]) for day, spans in found.items())
    lacks = "" if everywhere else f" on {days}"
    stops = steps[0].stops.level is not Level.NONE
    must = f", who must answer for stops such as {steps[0].id}" if stops else f", who is asked {steps[0].id}"
    yield f"the roster has no {plain(role)}{lacks}{must}. {_instead(clinic, role)}"


def _dated(root: Entry, clinic: Clinic, role: Role, today: date | None) -> Advice:
    for key, value in root.maybe("roster_changes", Entry.pairs, []):
        day = key.day()
        named = clinic.roster_changes.get(day, {}).get(role)
        # an empty list beside somebody on call was meant so
        meant = named is None or (not named and bool(clinic.on_call.get(role)))
        over = today is not None and day < today
        if not meant and not over and (spans := gaps(clinic, role, day)):
            when = _when(f"{day}", spans, clinic.calendar.opening(day))
            line = (value.get(role) or key).line + 1
            yield line, f"nobody is on duty as {plain(role)} on {when}. {_instead(clinic, role)}"


def _not_on_call(clinic: Clinic, role: Role, steps: list[Step]) -> Iterator[str]:
    stops = [step for step in steps if step.stops.level is not Level.NONE]
    closed = [step for step in stops if step.due.days is not None and step.due.closed is Closed.STAY]
    if closed and not clinic.on_call.get(role):
        yield f"no {plain(role)} is on call, and {closed[0].id}, which stops, is due even on a closed day"


def _when(day: str, spans: Iterable[Span], opening: Span | None) -> str:
    spans = tuple(spans)
    if spans == (opening,):
        return day
    return f"{day} {' and '.join(f'{starts:%H:%M}-{ends:%H:%M}' for starts, ends in spans)}"


def _instead(clinic: Clinic, role: Role) -> str:
    """Say who is asked while nobody is on duty, as `bot.core.asking` rules."""
    channels = [
        name for names in clinic.channels.values() for name in (role, "escalations", "board") if name in names
    ]
    people = staffed(clinic, {}).people.values()
    managers = [person.id for person in people if person.may(Role.MANAGER)]
    if not channels and not managers:
        return "Then nobody is asked: put somebody on the roster, or name the role's channel"
    asked = f"whoever claims it in the channel `{channels[0]}`" if channels else f"{managers[0]}, a manager"
    named = clinic.on_call.get(role)
    urgent = f", and for what is urgent {named[0]}, on call" if named else ""
    return f"Asked then: {asked}{urgent}; what can wait is kept for whoever comes later that day"
