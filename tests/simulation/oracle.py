"""The oracle: what must be true of a clinic, worked out anew from the design, and from what people can see.

It reads rows of the store and messages of the platforms, and asks none of the code that it judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.core.boards import Board
from bot.core.case import Session, Task, TaskStatus
from bot.core.kinds import CardKind, Phase
from bot.core.messages import DecisionCard, LineState, TaskCard
from bot.core.playbook import NEW_DATE, Step
from bot.store.store import SqlStore
from bot.store.tables import answers, asked, cases, parcels, posting_lines, postings, tasks
from tests.simulation.house import House
from tests.simulation.people import People
from tests.simulation.platforms import Message, Platform
from tests.simulation.rules import (
    ASKS,
    AT_ONCE,
    HALF_A_DAY,
    LADDERS,
    LATE_PATIENT,
    SOONER,
    UNSTARTED,
    Kept,
    is_pressing,
    looks,
    missing,
    put_off,
    wait,
    worked,
)


class Oracle:
    """Looks at a store and its platforms; what it returns are sentences about what is wrong."""

    def __init__(
        self,
        house: House,
        store: SqlStore,
        platforms: Mapping[str, Platform],
        people: People,
        stepped: Callable[[], bool],
    ) -> None:
        self._stepped = stepped
        self._house = house
        self._store = store
        self._platforms = platforms
        self._people = people
        self._books = {book.digest: book for book in house.books}

    def after_an_answer(self) -> list[str]:
        """Return what may be wrong at no moment, whatever is going on: an answer that was lost."""
        with self._store._engines.reading() as connection:
            return [*self._answers(connection, all_is_told=False)]

    def at_rest(self, now: datetime, calm_since: datetime) -> list[str]:
        """Return what is wrong once the faults have passed and everything has gone out."""
        with self._store.reading() as reading:
            codes = [case.code for case in reading.open_cases(self._house.clinic.id)]
            cases, tasks = reading.cases(codes), reading.tasks_of(codes)
        known = [Kept(cases[code], tasks[code], self._books[cases[code].digest]) for code in codes]
        with self._store._engines.reading() as connection:
            found = [*self._answers(connection, all_is_told=True)]
            found += self._once_each(connection)
            found += self._in_time(connection, now)
            cards = self._cards(connection)
            words = self._words(connection)
            known_places = self._places(connection)
        for each in known:
            found += self._asked(each, now, calm_since)
            found += self._ladders(each, words, now, calm_since)
            found += self._seen(each, cards)
        standing = [each for each in self._messages() if each.ref.message in known_places]
        found += self._drawn({task.key: task for each in known for task in each.tasks}, standing)
        found += self._board(known, now, standing)
        return found

    def at_the_end(self) -> list[str]:
        """Return what of history is not as it was written."""
        return self._store.verify()

    def _answers(self, connection: Connection, *, all_is_told: bool) -> Iterator[str]:
        """Each answer is there exactly once: every one that was acknowledged, and no other."""
        who = answers.c.task, answers.c.by_person
        rows = connection.execute(select(*who, func.count()).group_by(*who))
        found = {(by, task): times for task, by, times in rows}
        for told, times in self._people.kept.items():
            if found.get(told, 0) < times:
                yield f"{told[0]} was told {times} times that {told[1]} is kept: {found.get(told, 0)} are"
        for told, times in found.items() if all_is_told else ():
            most = self._people.kept[told] + self._people.doubtful[told]
            if times > most:
                yield f"{told[0]} answered {told[1]} {most} times: {times} are kept"

    def _cards(self, connection: Connection) -> dict[str, set[str]]:
        """Return the cards on which each task was put: task -> keys."""
        found = defaultdict(set)
        for row in connection.execute(select(posting_lines.c.card, posting_lines.c.task)):
            found[row.task].add(row.card)
        return found

    def _places(self, connection: Connection) -> set[str]:
        """Return the messages that somebody knows of: a repeat that nobody knows is drawn no more."""
        return set(connection.scalars(select(postings.c.ref_message)))

    def _once_each(self, connection: Connection) -> Iterator[str]:
        """No card stands in two messages, and none that went out is missing."""
        of = {row.id: row.card for row in connection.execute(select(parcels.c.id, parcels.c.card))}
        messages: dict[str, list[Message]] = defaultdict(list)
        for message in self._messages():
            messages[of.get(message.once, "")].append(message)
        for card, its in messages.items():
            if not card:
                yield f"{its[0].ref.message} was sent by nobody: {its[0].card.text}"
            stand = {each.once: each for each in its if not each.deleted}
            if len(stand) > 1 and not any(each.deleted for each in its):
                first, second = [*stand.values()][:2]
                if not self._given_up(first):
                    yield f"{card} stands in {first.ref.message} and {second.ref.message}"
        known = {key for key, its in messages.items() if its} | self._over(connection)
        # what is said once, and was in doubt twice where nobody can tell, is not said again
        known |= {card for once, card in of.items() if card.startswith("moment:") and self._in_doubt(once)}
        for key in connection.scalars(select(postings.c.key)):
            if key not in known:
                yield f"{key} was to be sent, and stands nowhere"

    def _over(self, connection: Connection) -> set[str]:
        """Return the cards that had something to ask, and have nothing more: cancelled, answered."""
        rows = select(posting_lines.c.card, tasks.c.status, cases.c.cancelled).select_from(
            posting_lines.join(tasks, tasks.c.key == posting_lines.c.task).join(cases)
        )
        lives: dict[str, bool] = defaultdict(bool)
        for row in connection.execute(rows):
            # a moment is asked about whatever became of the item that its card hangs on
            asks = row.status in ("open", "blocked") or row.card.startswith("moment:")
            lives[row.card] |= asks and row.cancelled is None
        return {card for card, lasts in lives.items() if not lasts}

    def _given_up(self, message: Message) -> bool:
        """Say whether nobody could know that a message stood: the next word said it anew."""
        platform = self._platforms[message.ref.platform]
        doubts = platform.doubts[message.once] or message.sender.excuses(message.posted)
        return not platform.tells and bool(doubts)

    def _in_doubt(self, once: str) -> bool:
        """Say whether a message may stand twice by now, as far as anybody knows."""
        return any(not each.tells and len(each.doubts[once]) > 1 for each in self._platforms.values())

    def _messages(self) -> Iterator[Message]:
        return (message for each in self._platforms.values() for message in each.messages)

    def _in_time(self, connection: Connection, now: datetime) -> Iterator[str]:
        """What is on its way has arrived."""
        waiting = select(parcels.c.card, parcels.c.why).where(parcels.c.free_at.is_not(None))
        for row in connection.execute(waiting):
            yield f"a parcel for {row.card} still waits: {row.why}"

    def _asked(self, of: Kept, now: datetime, calm_since: datetime) -> Iterator[str]:
        """What is due was asked."""
        case = of.case
        if case.shadow or case.cancelled or any(put_off(task) for task in of.tasks):
            return
        for task in of.tasks:
            session, step = case.session(task.session), of.book.step(task.step)
            if task.status is not TaskStatus.OPEN or session.cancelled:
                continue
            if task.next_prompt_at is None:
                yield f"{task.key} is open, and nobody will ever be asked"
            since = max(self._due(of, task, step, session), case.opened)
            # whoever went home handed it on, and the next round begins when it may
            since = max(since, task.held) if task.asking > 1 and task.held else since
            patience = AT_ONCE if is_pressing(step, session, now) else HALF_A_DAY
            begins = max(since, calm_since) if patience is AT_ONCE else since
            if task.rung == 0 and self._worked(begins, now) > patience:
                yield f"{task.key} is due since {self._wall(since)}, and nobody was asked"

    def _words(self, connection: Connection) -> dict[tuple[str, int], dict[int, datetime]]:
        """Return when each word of each round was said: (task, asking) -> rung -> moment."""
        found: dict[tuple[str, int], dict[int, datetime]] = defaultdict(dict)
        rows = connection.execute(select(asked.c.task, asked.c.asking, asked.c.rung, asked.c.at))
        for task, asking, rung, at in rows:
            found[task, asking][rung] = at
        return found

    def _ladders(
        self,
        of: Kept,
        words: Mapping[tuple[str, int], Mapping[int, datetime]],
        now: datetime,
        calm_since: datetime,
    ) -> Iterator[str]:
        """Each word comes when its ladder says: none sooner, and none is forgotten."""
        # a session that was put off is asked for a new date, and for nothing else until it has one
        dateless = {each.session for each in of.tasks if each.step == NEW_DATE.id and each.waits}
        for task in of.tasks:
            step, said = of.book.step(task.step), words.get((task.key, task.asking), {})
            # a stop is at least important: whoever decides on it is reminded as soon
            decides = task.status is TaskStatus.BLOCKED or task.decision is not None
            ladder = LADDERS["important" if decides and step.ladder == "routine" else step.ladder]
            for rung in range(1, min(len(ladder), max(said, default=0)) + 1):
                if {rung - 1, rung} <= said.keys() and step.phase not in (Phase.DAY, Phase.EVENT):
                    gap = said[rung] - said[rung - 1]
                    if gap < wait(ladder, rung) - SOONER and not self._stepped():
                        yield f"{task.key} was said again after {gap}, and its ladder is {ladder}"
            waits = 0 < task.rung <= len(ladder) and task.status is TaskStatus.OPEN
            if waits and of.case.cancelled is None and task.rung - 1 in said and not task.snoozed:
                # a line that went out with its card before it was due is reminded of from then on, and one of
                # the day not before the patient is there
                session = of.case.session(task.session)
                here = session.arrived or session.started
                waited = here if step.phase is Phase.DAY and here else self._due(of, task, step, session)
                since = max(said[task.rung - 1], task.due, waited) + wait(ladder, task.rung)
                patience = AT_ONCE if is_pressing(step, session, now) else HALF_A_DAY
                since = max(since, calm_since) if patience is AT_ONCE else since
                waiting = task.session in dateless and task.step != NEW_DATE.id
                if not (waiting or put_off(task)) and self._worked(since, now) > patience:
                    yield f"{task.key} was to be said again at {self._wall(since)}, and was not"

    def _due(self, of: Kept, task: Task, step: Step, session: Session) -> datetime:
        """Return when a task is to be asked: when it is due, unless it waits for the patient or the end."""
        if step.card in (CardKind.RECORD, CardKind.AFTER) and session.finished is None:
            return max(task.due, session.start + UNSTARTED)
        here = session.arrived or session.started
        if step.phase is Phase.DAY and not here:
            return max(task.due, session.start - timedelta(minutes=45) + LATE_PATIENT)
        return task.due

    def _worked(self, since: datetime, now: datetime) -> timedelta:
        """Return for how long the clinic was open between two moments."""
        return worked(self._house.clinic.calendar, since, now)

    def _wall(self, moment: datetime) -> str:
        return f"{self._house.clinic.calendar.local(moment):%a %d %b %H:%M}"

    def _seen(self, of: Kept, cards: Mapping[str, set[str]]) -> Iterator[str]:
        """Whoever is said to have been asked sees it: it stands on a message of a card that it is on."""
        standing = self._standing()
        for task in of.tasks:
            asked = task.status is TaskStatus.OPEN and task.rung and not of.case.cancelled
            if asked and task.key not in standing:
                yield f"{task.key} was asked, and stands on no message (cards {sorted(cards[task.key])})"

    def _standing(self) -> set[str]:
        """Return the tasks that somebody can see asked, and those of messages that people deleted."""
        found: set[str] = set()
        for message in self._messages():
            card = message.card
            if isinstance(card, TaskCard):
                found |= {line.task for line in card.lines if line.state in ASKS or message.deleted}
            elif isinstance(card, DecisionCard):
                found |= {key for button in card.buttons for key in button.tasks}
        return found

    def _drawn(self, tasks: Mapping[str, Task], standing: Sequence[Message]) -> Iterator[str]:
        """No message shows as open what was answered, and none as answered what is open."""
        asks = self._standing()
        for message in standing:
            card = message.card
            if message.deleted or message.over or not isinstance(card, TaskCard) or card.closed:
                continue
            for line in card.lines:
                task = tasks.get(line.task)
                # handed on, or said to somebody else: it is asked on that card, or will be
                handed = task is not None and (not task.rung or task.key in asks)
                moved_on = handed and line.state is LineState.VOID
                if task is not None and not moved_on and looks(line.state) != task.status.value:
                    yield f"{message.ref.message} shows {line.task} {line.state}, and it is {task.status}"

    def _board(self, known: Sequence[Kept], now: datetime, standing: Sequence[Message]) -> Iterator[str]:
        """A board calls nobody ready who is blocked, or of whom something that stops is missing."""
        by_code = {each.case.code: each for each in known}
        today = self._house.clinic.calendar.day(now)
        for message in standing:
            board = message.card
            if message.deleted or not isinstance(board, Board) or board.closed:
                continue
            if self._house.clinic.calendar.day(message.posted) != today:
                continue
            for row in board.rows:
                of = by_code.get(row.code)
                if of is not None and row.state.value == "ready":
                    for task in missing(of, row.session, now):
                        yield f"{message.ref.message} calls {row.code} ready, and {task.key} is {task.status}"
