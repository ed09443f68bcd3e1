"""Looking: what people can ask in a few words, the same on every platform and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.amending import may_be_amended
from bot.core.boards import BoardRow
from bot.core.case import Case, Override
from bot.core.clearance import gate_to_pass
from bot.core.contradictions import contradictions
from bot.core.course import Course
from bot.core.errors import NotFound, Unclear
from bot.core.instants import own
from bot.core.kinds import Gate
from bot.core.messages import CaseView, Response
from bot.core.outgoing import Entry
from bot.core.overriding import override_button
from bot.core.people import Clinic, Person
from bot.core.postponing import put_off
from bot.core.readiness import Readiness, Ready, readiness
from bot.core.replies import Command
from bot.core.sessions import spacing
from bot.core.standing import row
from bot.ports import Reading
from bot.service.cases import LONGEST_NUMBER
from bot.service.held import held_words
from bot.service.helping import help_for
from bot.service.huddle import draw_board
from bot.service.lines import line, who_button
from bot.service.lists import mine, overdue, today
from bot.service.practice import Practice
from bot.service.rooms import duties_of


def look(practice: Practice, clinic: Clinic, person: Person, command: Command) -> Response | None:
    """Answer a command that only looks; `None` for one that changes something."""
    word, *rest = command.words or ("help",)
    now = practice.clock.now()
    with practice.store.reading() as reading:
        match word.lower():
            case "help" | "?":
                return help_for(reading, clinic, person, now)
            case "status" | "board":
                return (
                    case_view(practice, reading, clinic, rest[0])
                    if rest
                    else draw_board(practice, reading, clinic, now)
                )
            case "case":
                return case_view(practice, reading, clinic, code_in(rest))
            case "mine":
                return mine(practice, reading, clinic, person, now)
            case "today":
                return today(practice, reading, clinic, person, now)
            case "overdue":
                return overdue(practice, reading, clinic, person, now)
    return None


def code_in(words: Sequence[str], command: str = "case") -> str:
    """Return the case code that stands first behind a command."""
    if not words:
        raise Unclear(f"Which case? Add its code, such as `{command} K7Q2`.")
    return words[0]


def which(named: str) -> tuple[str, int | None]:
    """Return the case and the session that `K7Q2/2` names; without a number the next one is meant."""
    code, slash, number = named.upper().partition("/")
    if slash and not (number.isdecimal() and len(number) <= LONGEST_NUMBER):
        raise Unclear(f"Which session? The second one of {code} is `{code}/2`.")
    return code, int(number) if slash else None


def labelled(
    practice: Practice, reading: Reading, clinic: Clinic, codes: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Return cases as the options of a form, who comes first before: code and label; raise NotFound for one
    of another clinic.
    """
    found = []
    for code, case in reading.cases(dict.fromkeys(codes)).items():
        only_own(clinic, case)
        course = practice.course(reading, code)
        session = case.next_session(practice.clock.now())
        label = wording.label(case, session, course.playbook, clinic.calendar)
        found.append((session.start, code, label))
    return tuple((code, label) for _, code, label in sorted(found))


def only_own(clinic: Clinic, case: Case) -> None:
    """Raise NotFound for the case of another clinic."""
    if case.clinic != clinic.id:
        raise NotFound("case", case.code)


def case_view(practice: Practice, reading: Reading, clinic: Clinic, code: str) -> CaseView:
    """Show one case: every gate with what blocks it, every line, and what was said."""
    now = practice.clock.now()
    course = practice.course(reading, code.upper())
    only_own(clinic, course.case)
    session = course.case.next_session(now)
    label = wording.label(course.case, session, course.playbook, clinic.calendar)
    overrides = reading.overrides([course.case.code]).get(course.case.code, ())
    rooms = duties_of(reading, clinic, clinic.calendar.day(now))
    standing = row(course, overrides, clinic, now, rooms)
    ordered = sorted(course.tasks, key=lambda task: (task.due, task.step))
    lines = tuple(line(course, t, clinic, now, number=n, mixed=False) for n, t in enumerate(ordered, start=1))
    return CaseView(
        code=course.case.code,
        heading=f"{course.case.code}: {standing.summary}",
        text=f"{label}: {standing.summary}. {'; '.join(standing.blocks)}",
        label=label,
        gates=() if course.case.cancelled else tuple(_gates(course, overrides, clinic, now)),
        lines=lines,
        notes=(
            *held_words(course.case),
            *_put_off(course),
            *contradictions(course, clinic, now),
            *spacing(course),
            *_owner(standing),
        ),
        history=tuple(
            history_line(entry, course, clinic, now) for entry in reading.history(course.case.code)
        ),
        buttons=(
            *_may_be_overridden(course, overrides, now),
            *_may_be_amended(course),
            who_button([course.case.code]),
        ),
    )


def _owner(standing: BoardRow) -> Iterator[str]:
    if standing.owner and not standing.needs_nobody:
        since = f", since {standing.since}" if standing.since else ""
        ahead = f"; next: {standing.ahead}" if standing.ahead else ""
        yield f"It is up to {standing.owner}{since}{ahead}."


def _may_be_overridden(course: Course, overrides: Sequence[Override], now: datetime) -> Iterator[Button]:
    session = course.case.next_session(now)
    found = readiness(gate_to_pass(course, session, now), course, session, overrides)
    # what nobody was asked yet is no reason to go on without it
    due = any(each.stops or each.task.due <= now for each in found.blockers)
    if found.state is Ready.NOT_READY and due and not (found.held or session.started):
        yield from override_button(course, found, session)


def _may_be_amended(course: Course) -> Iterator[Button]:
    if any(may_be_amended(course, task) for task in course.tasks):
        yield Button(action=Action.ANSWERS, label="Correct an answer", tasks=(course.case.code,))


def _put_off(course: Course) -> Iterator[str]:
    for number in sorted(put_off(course)):
        at = wording.moment(course.case.session(number).start, course.calendar)
        yield f"The session of {at} is put off and waits for a new date; until then its items wait, too."


def _gates(
    course: Course, overrides: Sequence[Override], clinic: Clinic, now: datetime
) -> Iterator[tuple[str, str]]:
    session = course.case.next_session(now)
    named: set[str] = set()
    for gate in Gate:
        found = readiness(gate, course, session, overrides)
        when = wording.when(found.at, now, clinic.calendar)
        fresh = [b.title for b in found.blockers if b.task.key not in named]
        older = len(found.blockers) - len(fresh)
        named |= {b.task.key for b in found.blockers}
        held = [f"held, {found.held}"] if found.held else []
        parts = [*held, *fresh, *([_above(older)] if older else [])]
        said = _overridden(found, clinic)
        yield f"{wording.GATES[gate]} ({when})", f"{', '.join(parts) or 'ready'}{said}"


def _above(number: int) -> str:
    return "the one above" if number == 1 else f"the {number} above"


def _overridden(found: Readiness, clinic: Clinic) -> str:
    given = found.override
    return f". Override by {wording.person_name(clinic, given.by)}, {own(given.reason)}" if given else ""


def history_line(entry: Entry, course: Course, clinic: Clinic, now: datetime) -> str:
    """Say one line of a case's history in words."""
    task = str(entry.detail.get("task", "")).split(":")
    about = f" {course.playbook.step(task[1]).title}" if len(task) > 1 else ""
    by = wording.person_name(clinic, entry.by) if entry.by != "bookend" else "Bookend"
    extra = entry.detail.get("outcome") or entry.detail.get("choice") or entry.detail.get("moment") or ""
    at = wording.when(entry.at, now, clinic.calendar)
    return (
        f"{at} · {by} · {wording.HISTORY.get(entry.kind, entry.kind)}{about}{f' ({extra})' if extra else ''}"
    )
