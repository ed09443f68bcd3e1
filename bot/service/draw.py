"""Draw: what a card shows, worked out from state at the moment it goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.case import Moment, Task, TaskStatus, case_of
from bot.core.course import Course
from bot.core.due import CLAIM, DECISION, LISTS, decision_key
from bot.core.instants import listening
from bot.core.kinds import CardKind
from bot.core.messages import Card, Line, LineState, TaskCard
from bot.core.named import reader_of
from bot.core.outgoing import Posting
from bot.core.people import Clinic
from bot.core.rooms import NO_ROOMS, RoomDuties
from bot.core.usual import as_read_aloud
from bot.ports import Reading
from bot.service.by_name import by_name
from bot.service.claiming import draw_claim
from bot.service.clearing import draw_clearance
from bot.service.covering import COVERAGE, draw_coverage
from bot.service.decisions import draw_decision, draw_settling
from bot.service.elsewhere import NOWHERE, as_asked, asked_elsewhere, why_over
from bot.service.greeting import GREETING, WELCOME, draw_greeting, draw_welcome
from bot.service.handing import DECLINED, HAND_OFF, draw_hand_off
from bot.service.held import held_words
from bot.service.here import MOVED, draw_moved
from bot.service.holding import HELD, draw_held
from bot.service.huddle import draw_huddle
from bot.service.leaving import draw_unreachable
from bot.service.lines import label_of, line, mark_button, who_button
from bot.service.lost import WITHDRAWN, draw_lost, draw_withdrawn
from bot.service.moments import MOMENT, draw_moment
from bot.service.news import LOST, UNREACHABLE
from bot.service.offers import offers, with_offer
from bot.service.outages import OUTAGE, draw_outage
from bot.service.practice import BOARD, Practice
from bot.service.printing import SHEET, draw_printing
from bot.service.reviews import REVIEW, draw_review
from bot.service.rooms import duties_of
from bot.service.second import MISMATCH, draw_mismatch
from bot.service.shifts import BUNDLE, bundle_buttons
from bot.service.slipping import SLIPPING, draw_slipping
from bot.service.timeout import draw_timeout
from bot.service.weekly import WEEKLY, draw_weekly

#: How long a card says what just changed.
NEWS = timedelta(minutes=30)

#: Cards whose open lines can all be answered in one form.
TOGETHER = (CardKind.CONSULT, CardKind.PREP, CardKind.RECORD, CardKind.AFTER, CardKind.ROOM)


def draw(practice: Practice, posting: Posting) -> Card | None:
    """Return the card of a posting as it should look now, `None` if there is nothing left to show."""
    clinic = practice.clinics[posting.clinic]
    with listening() as heard:
        card = _drawn(practice, posting)
        card = card and by_name(practice, clinic, card, posting.to.platform, reader_of(clinic, posting.to))
    return replace(card, instants=heard.instants) if card else None


def _drawn(practice: Practice, posting: Posting) -> Card | None:
    clinic = practice.clinics[posting.clinic]
    now = practice.clock.now()
    with practice.store.reading() as reading:
        if posting.kind in _OF_NO_TASK:
            return _OF_NO_TASK[posting.kind](practice, reading, posting, clinic, now)
        keys = reading.lines(posting.key)
        courses = practice.courses(reading, dict.fromkeys(map(case_of, keys)))
        by_key = {task.key: task for course in courses.values() for task in course.tasks}
        tasks = [by_key[key] for key in keys]
        if not tasks:
            return None
        if special := _special(reading, posting, courses, tasks, clinic, now):
            return special
        overrides = reading.overrides(courses) if posting.kind == CardKind.CLEARANCE else {}
        rooms = _rooms(reading, posting, clinic, now)
        elsewhere = asked_elsewhere(reading, posting, courses, tasks, clinic, now)
        mixed = posting.kind in LISTS
        news = [*_news(reading, courses, now, mixed=mixed)]
        held = (line for course in courses.values() for line in held_words(course.case, posting.session))
        news += [] if mixed else held
        over = why_over(reading, posting, courses, tasks, elsewhere)
    card = draw_tasks(posting, courses, tasks, clinic, now, news=news, elsewhere=elsewhere)
    card = (
        replace(card, over=f"{', '.join(filter(None, (card.heading, card.label)))}: {over}.")
        if over
        else card
    )
    if posting.kind == CardKind.CLEARANCE:
        return draw_clearance(card, tasks, courses, overrides, clinic, now, rooms)
    if posting.kind == CardKind.TIMEOUT:
        return draw_timeout(card, tasks, courses, clinic, now, rooms)
    return card


#: Cards that are about no line to answer: of what kind -> what draws it.
_OF_NO_TASK: Mapping[str, Callable[[Practice, Reading, Posting, Clinic, datetime], Card | None]] = {
    BOARD: draw_huddle,
    COVERAGE: draw_coverage,
    GREETING: draw_greeting,
    WELCOME: draw_welcome,
    HAND_OFF: draw_hand_off,
    DECLINED: draw_hand_off,
    HELD: draw_held,
    LOST: draw_lost,
    MOMENT: draw_moment,
    MOVED: draw_moved,
    OUTAGE: draw_outage,
    REVIEW: draw_review,
    SHEET: draw_printing,
    UNREACHABLE: draw_unreachable,
    WEEKLY: draw_weekly,
    WITHDRAWN: draw_withdrawn,
}


def _rooms(reading: Reading, posting: Posting, clinic: Clinic, now: datetime) -> RoomDuties:
    """Return who has which room today, on a card that names whose an open item is."""
    named = posting.kind in (SLIPPING, CardKind.CLEARANCE, CardKind.TIMEOUT)
    return duties_of(reading, clinic, clinic.calendar.day(now)) if named else NO_ROOMS


def _special(
    reading: Reading,
    posting: Posting,
    courses: dict[str, Course],
    tasks: Sequence[Task],
    clinic: Clinic,
    now: datetime,
) -> Card | None:
    """Return a card that is no list of lines to answer, `None` for one that is."""
    task, course = tasks[0], courses[tasks[0].case]
    if posting.kind == DECISION:
        latest = posting.key == decision_key(task, posting.person)
        drawn = draw_settling if course.step(task).settles else draw_decision
        return with_offer(drawn(course, task, clinic, now, latest=latest), posting, task)
    if posting.kind == MISMATCH:
        return draw_mismatch(course, task, clinic)
    if posting.kind == SLIPPING:
        return draw_slipping(courses, tasks, clinic, now, _rooms(reading, posting, clinic, now))
    if posting.kind == CLAIM:
        return draw_claim(reading, posting, courses, tasks, clinic, now)
    return None


def _news(reading: Reading, codes: Iterable[str], now: datetime, *, mixed: bool) -> Iterator[str]:
    for code, lately in reading.history_since(codes, now - NEWS).items():
        # a list holds several patients: what is new of one must not be read of another
        of = f"{code}: " if mixed else ""
        yield from (f"{of}{line}" for entry in lately for line in entry.detail.get("news", ()))


def draw_tasks(
    posting: Posting,
    courses: dict[str, Course],
    tasks: Sequence[Task],
    clinic: Clinic,
    now: datetime,
    *,
    news: Sequence[str] = (),
    elsewhere: Mapping[str, str] = NOWHERE,
) -> TaskCard:
    """Draw a list or a stage card: its lines in the order they came, numbered for typed replies.

    `elsewhere` is task key -> who has what was asked of somebody else since.
    """
    kind = CardKind.WORKLIST if posting.kind == BUNDLE else CardKind(posting.kind)
    mixed = kind in LISTS
    lines = tuple(
        as_asked(line(courses[task.case], task, clinic, now, number=number, mixed=mixed), elsewhere)
        for number, task in enumerate(tasks, start=1)
    )
    left = [task for task in tasks if task.status is TaskStatus.OPEN and task.key not in elsewhere]
    first = courses[tasks[0].case]
    label = "" if mixed else label_of(first, tasks[0], clinic)
    heading = _running(first, tasks[0]) if kind is CardKind.TIMEOUT else ""
    heading = heading or _heading(posting, kind, clinic)
    promises = offers(posting, courses, left, clinic, now)
    forms = bundle_buttons(courses, left) if posting.kind == BUNDLE else ()
    buttons = (*forms, *_card_buttons(kind, courses, left, tasks), *promises)
    who = (who_button(task.case for task in left),) if left else ()
    return TaskCard(
        kind=kind,
        heading=f"{heading}: {len(left)} open" if posting.kind == BUNDLE and left else heading,
        text=_text(heading, label, lines),
        label=label,
        lines=lines,
        buttons=(*buttons, *who),
        news=tuple(dict.fromkeys(news)) if left or buttons or _just_answered(tasks, now) else (),
        closed=not left and not buttons,
    )


def _just_answered(tasks: Sequence[Task], now: datetime) -> bool:
    # nobody reads news on a card of last week, on which nothing waits
    return any(task.answer and now - task.answer.at <= NEWS for task in tasks)


def _running(course: Course, task: Task) -> str:
    """Return what a passed time-out has become: the card of a procedure that runs, or is over."""
    session = course.case.session(task.session)
    word, at = ("Finished", session.finished) if session.finished else ("Started", session.started)
    return f"{word} {wording.clock(at, course.calendar)}" if at else ""


def _heading(posting: Posting, kind: CardKind, clinic: Clinic) -> str:
    if posting.kind == BUNDLE:
        return f"From {wording.person_name(clinic, posting.key.split(':')[3])}’s shift"
    words = wording.CARDS[kind]
    return f"{words} · {wording.day_words(posting.day)}" if posting.day else words


def _text(heading: str, label: str, lines: Sequence[Line]) -> str:
    about = f"{heading}{f', {label}' if label else ''}"
    stopped = [each.title for each in lines if each.state is LineState.BLOCKED]
    left = [
        each.title for each in lines if each.state not in (LineState.DONE, LineState.VOID, LineState.BLOCKED)
    ]
    if not left:
        return f"{about}: stopped, {_titles(stopped)}" if stopped else f"{about}: all answered."
    stops = f" Stopped: {_titles(stopped)}" if stopped else ""
    return f"{about}: {wording.count(len(left), 'item')} to answer: {_titles(left)}{stops}"


def _titles(titles: Sequence[str]) -> str:
    """Name each once and say how often it is meant; a question keeps its own mark at the end."""
    often = Counter(titles)
    named = [f"{title} ({count})" if count > 1 else title for title, count in often.items()]
    told = ", ".join(named[:6]) + (" and more" if len(named) > 6 else "")
    return told if told.endswith("?") else f"{told}."


def _card_buttons(
    kind: CardKind, courses: dict[str, Course], left: Sequence[Task], tasks: Sequence[Task]
) -> Iterator[Button]:
    keys = tuple(task.key for task in left)
    usual = [t.key for t in left if as_read_aloud(courses[t.case].step(t), courses[t.case].case) is not None]
    if kind in (CardKind.ROOM, CardKind.AFTER) and usual:
        yield Button(
            action=Action.ALL_AS_READ, label="All as read aloud", tasks=tuple(usual), style="primary"
        )
        yield Button(action=Action.DIFFERS, label="Something differs", tasks=keys)
    elif len(left) > 1 and kind in TOGETHER:
        yield Button(action=Action.FORM, label=f"Answer all {len(left)}", tasks=keys, style="primary")
    if kind is CardKind.TIMEOUT and tasks:
        yield from _moment_buttons(courses[tasks[0].case], tasks[0])


def _moment_buttons(course: Course, task: Task) -> Iterator[Button]:
    session = course.case.session(task.session)
    if task.status is not TaskStatus.DONE or session.finished:
        return
    if session.started is None:
        yield mark_button("Started", Moment.STARTED, task)
    else:
        yield mark_button("Finish", Moment.FINISHED, task)
