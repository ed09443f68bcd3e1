"""The practice: the parts every service function works with, and how a case is loaded and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.core import huddle
from bot.core.added import with_added
from bot.core.case import Case, Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import BookendError, NotAllowed
from bot.core.happened import Happened
from bot.core.moments import next_asking, released
from bot.core.outgoing import Arrangement, Entry, Posting, Verb
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import Playbook
from bot.core.replies import Address
from bot.core.sharing import elsewhere
from bot.ports import Clock, Meter, Reading, Shelf, Store, Transaction

#: The kind of the posting that shows the board in a channel.
BOARD = "board"
#: The kind of the arrangement that says when a huddle was corrected after its end.
CORRECTED = "corrected"
#: The lines of history by which something that was shown turns out to be otherwise.
CORRECTIONS = ("undone", "amended")


class Uncounted:
    """A meter that nobody reads."""

    def note(self, what: Happened) -> None:
        """Forget it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """One installation: store, playbooks, clock, clinics by id, running platforms, first choice first.

    `meter` hears what happens; `public_url` is where its own pages are reached, without a stroke at the end,
    "" where that is not known.
    """

    store: Store
    shelf: Shelf
    clock: Clock
    clinics: Mapping[str, Clinic]
    platforms: tuple[str, ...]
    unsigned_may_ask: bool = False
    public_url: str = ""
    meter: Meter = field(default_factory=Uncounted)

    def clinic_of(self, case: Case) -> Clinic:
        """Return the clinic a case belongs to."""
        if case.clinic not in self.clinics:
            raise BookendError(f"{case.code} is a case of {case.clinic}: name that clinic's file as well.")
        return self.clinics[case.clinic]

    def course(self, reading: Reading, code: str) -> Course:
        """Load a case with all its tasks and the playbook version it keeps."""
        return self.course_of(reading.case(code), reading.tasks(code))

    def courses(self, reading: Reading, codes: Iterable[str]) -> dict[str, Course]:
        """Load several cases in this order, each with all its tasks and its playbook; raise NotFound."""
        wanted = [*codes]
        cases, tasks = reading.cases(wanted), reading.tasks_of(wanted)
        return {code: self.course_of(cases.get(code) or reading.case(code), tasks[code]) for code in wanted}

    def course_of(self, case: Case, tasks: tuple[Task, ...]) -> Course:
        """Put a case that was read already together with its playbook and calendar."""
        calendar = self.clinic_of(case).calendar
        return Course(case=case, tasks=tasks, playbook=self.playbook_of(case), calendar=calendar)

    def playbook_of(self, case: Case) -> Playbook:
        """Return the version of its playbook that a case keeps, with what was added to it."""
        return with_added(self.shelf.version(case.digest), case.extra)

    def who(self, platform: str, account: str) -> tuple[Clinic, Person]:
        """Return whose account this is, and where they work; raise NotAllowed for strangers."""
        for clinic in self.clinics.values():
            person = clinic.account(platform, account)
            if person is not None:
                return clinic, person
        raise NotAllowed(
            "I do not know you yet. Ask your manager to add you to the clinic's file, "
            f"with {platform}: {account}."
        )

    def address(self, clinic: Clinic, person_id: str) -> Address | None:
        """Return where a person is reached: on the first running platform on which they have an account."""
        accounts = clinic.person(person_id).accounts
        platform = next((name for name in self.platforms if name in accounts), None)
        return Address(platform=platform, account=accounts[platform]) if platform else None

    def reached(self, clinic: Clinic, person: str, role: Role | None = None) -> Address | None:
        """Return where a person is told something, else the channel of the role, of what slips, of the board.

        A clinic without any of them has a manager who reads it.
        """
        found = self.address(clinic, person) if person else None
        return found or self._channel(clinic, role) or self._some_manager(clinic)

    def _channel(self, clinic: Clinic, role: Role | None) -> Address | None:
        for platform in self.platforms:
            channels = clinic.channels.get(platform, {})
            wanted = (role.value if role else "", "escalations", "board")
            channel = next((channels[name] for name in wanted if channels.get(name)), None)
            if channel:
                return Address(platform=platform, channel=channel)
        return None

    def _some_manager(self, clinic: Clinic) -> Address | None:
        managers = (person.id for person in clinic.people.values() if person.may(Role.MANAGER))
        return next((found for each in managers if (found := self.address(clinic, each))), None)


def keep(
    practice: Practice,
    tx: Transaction,
    before: Course,
    after: Course,
    entry: Entry,
    *,
    also: Iterable[Task] = (),
) -> None:
    """Write what changed of a case with its line of history, and redraw every card that shows it."""
    if before.case is not after.case:
        after = after.with_tasks(elsewhere(before, after, now=entry.at))
    after = released(after, entry.at)
    changed = after.changed_since(before)
    waiting = any(task.waits for task in after.tasks)
    closed = None if waiting else after.case.closed or entry.at
    asks_at = None if closed else next_asking(after, min(before.case.asks_at or entry.at, entry.at))
    case = replace(after.case, closed=closed, asks_at=asks_at)
    tx.change(case, changed, entry)
    redraw(practice, tx, case, (*changed, *also, *_told_more(before, after), *_gates(after)), at=entry.at)
    _correct_boards(practice, tx, practice.clinic_of(case), entry)


def _gates(course: Course) -> Iterator[Task]:
    # what is open before a gate stands on its card
    yield from (task for task in course.tasks if task.status is TaskStatus.OPEN and course.step(task).gate)


def _told_more(before: Course, after: Course) -> Iterator[Task]:
    # the item that settles a fact is the same when more is said of it, but its card is not
    if before.case.said != after.case.said:
        yield from (task for task in after.tasks if task.waits and after.step(task).settles)


def redraw(practice: Practice, tx: Transaction, case: Case, tasks: Iterable[Task], *, at: datetime) -> None:
    """Queue a drawing of every open card that shows these tasks, and of the clinic's board."""
    redraw_all(practice, tx, practice.clinic_of(case), [(case, tasks)], at=at)


def redraw_all(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    changed: Sequence[tuple[Case, Iterable[Task]]],
    *,
    at: datetime,
) -> None:
    """Queue a drawing of every open card that shows these tasks of some cases, and of the clinic's board."""
    because = {task.key: case for case, tasks in changed for task in tasks}
    places = _live_boards(practice, clinic, at) if changed else {}
    found = tx.postings_of(because, also=places)
    _post(tx, clinic, places, at)
    cards = {board: case for case, _ in changed[:1] for board in places}
    for task, postings in found.items():
        cards |= {posting.key: because[task] for posting in postings if not posting.closed}
    tx.draw({card: f"draw:{card}:{case.code}:{case.revision}" for card, case in cards.items()}, at)


def post_boards(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime) -> list[str]:
    """Make sure that today's huddle has its place in every channel that wants one, while it is live; return
    the cards' keys.
    """
    places = _live_boards(practice, clinic, now)
    _post(tx, clinic, places, now)
    return [*places]


def _live_boards(practice: Practice, clinic: Clinic, now: datetime) -> dict[str, Address]:
    return boards_of(practice, clinic, clinic.calendar.day(now)) if huddle.live(clinic, now) else {}


def _post(tx: Transaction, clinic: Clinic, boards: Mapping[str, Address], now: datetime) -> None:
    standing = tx.postings(boards)
    for key in (each for each in boards if each not in standing):
        day = clinic.calendar.day(now)
        tx.post(Posting(key=key, clinic=clinic.id, kind=BOARD, to=boards[key], day=day))
        # its first drawing is called the same whatever led to it: after a restore it is found again
        tx.queue(key, Verb.DRAW, key=key, at=now)


def boards_of(practice: Practice, clinic: Clinic, day: date) -> dict[str, Address]:
    """Return the keys of a day's huddle and where each of them stands, one for every platform."""
    channels = {name: clinic.channels.get(name, {}).get("board") for name in practice.platforms}
    return {
        f"{BOARD}:{clinic.id}:{platform}:{day}": Address(platform=platform, channel=channel)
        for platform, channel in channels.items()
        if channel
    }


def _correct_boards(practice: Practice, tx: Transaction, clinic: Clinic, entry: Entry) -> None:
    """Draw a huddle that ended once more, since an answer of its day was taken back or corrected."""
    day = clinic.calendar.day(entry.at)
    if entry.kind not in CORRECTIONS or entry.at < huddle.ends(clinic, day):
        return
    for card in tx.postings(boards_of(practice, clinic, day)):
        made = tx.arrangement(CORRECTED, card)
        fresh = Arrangement(kind=CORRECTED, key=card, clinic=clinic.id, by="bookend", at=entry.at)
        tx.arrange(replace(made, at=entry.at) if made else fresh)
        tx.queue(card, Verb.DRAW, key=f"correct:{card}:{entry.at.isoformat()}", at=entry.at)


def corrected(reading: Reading, card: str) -> datetime | None:
    """Return when a huddle was corrected after its end, `None` if it was not."""
    made = reading.arrangement(CORRECTED, card)
    return made.at if made else None
