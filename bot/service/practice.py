"""The practice: the parts every service function works with, and how a case is loaded and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.asking import duty_manager
from bot.core.case import Case, Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import BookendError, NotAllowed
from bot.core.outgoing import Entry, Posting, Verb
from bot.core.people import Clinic, Person, Role
from bot.core.replies import Address
from bot.core.sharing import elsewhere
from bot.ports import Clock, Reading, Shelf, Store, Transaction

#: The kind of the posting that shows the board in a channel.
BOARD = "board"
#: The kind of the notice that a playbook's review is due.
REVIEW = "review"
#: The kind of a manager's list of what has slipped.
SLIPPING = "slipping"


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """One installation: store, playbooks, clock, clinics by id, running platforms, first choice first.

    `public_url` is where its own pages are reached, without a stroke at the end; "" where that is not known.
    """

    store: Store
    shelf: Shelf
    clock: Clock
    clinics: Mapping[str, Clinic]
    platforms: tuple[str, ...]
    unsigned_may_ask: bool = False
    public_url: str = ""

    def clinic_of(self, case: Case) -> Clinic:
        """Return the clinic a case belongs to."""
        if case.clinic not in self.clinics:
            raise BookendError(f"{case.code} is a case of {case.clinic}: name that clinic's file as well.")
        return self.clinics[case.clinic]

    def course(self, reading: Reading, code: str) -> Course:
        """Load a case with all its tasks and the playbook version it keeps."""
        return self.course_of(reading.case(code), reading.tasks(code))

    def course_of(self, case: Case, tasks: tuple[Task, ...]) -> Course:
        """Put a case that was read already together with its playbook and calendar."""
        playbook = self.shelf.version(case.digest)
        return Course(case=case, tasks=tasks, playbook=playbook, calendar=self.clinic_of(case).calendar)

    def who(self, platform: str, account: str) -> tuple[Clinic, Person]:
        """Return whose account this is, and where they work; raise NotAllowed for strangers."""
        for clinic in self.clinics.values():
            person = clinic.account(platform, account)
            if person is not None:
                return clinic, person
        raise NotAllowed("I do not know you yet. Ask your manager to add you to the clinic's file.")

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

    def manager(self, clinic: Clinic, now: datetime) -> str | None:
        """Return the manager who is told when something slips."""
        return duty_manager(clinic, now)


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
    changed = after.changed_since(before)
    waiting = any(task.waits for task in after.tasks)
    case = replace(after.case, closed=None if waiting else after.case.closed or entry.at)
    tx.change(case, changed, entry)
    redraw(practice, tx, case, (*changed, *also, *_told_more(before, after), *_gates(after)), at=entry.at)


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
    cards = {board: case for case, _ in changed[:1] for board in post_boards(practice, tx, clinic, at)}
    for task, postings in tx.postings_of(because).items():
        cards |= {posting.key: because[task] for posting in postings if not posting.closed}
    for card, case in sorted(cards.items(), key=lambda each: each[0]):
        tx.queue(card, Verb.DRAW, key=f"draw:{card}:{case.code}:{case.revision}", at=at)


def post_boards(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime) -> list[str]:
    """Make sure that today's board has its place in every channel that wants one; return the cards' keys."""
    day = clinic.calendar.day(now)
    keys = []
    for platform in practice.platforms:
        channel = clinic.channels.get(platform, {}).get("board")
        if channel:
            key = f"{BOARD}:{clinic.id}:{platform}:{day}"
            keys.append(key)
            to = Address(platform=platform, channel=channel)
            if tx.posting(key) is None:
                tx.post(Posting(key=key, clinic=clinic.id, kind=BOARD, to=to, day=day))
    return keys
