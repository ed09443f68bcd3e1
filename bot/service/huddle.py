"""The huddle in the channel: posted once a day, edited in place while the clinic works, then left as it is.

An edit notifies nobody. A session that was cleared to come and gets worse is one line in the thread that
mentions whoever owns it, once each time: what was seen last is kept, and compared under its revision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.core import board as boards
from bot.core import huddle, wording
from bot.core.boards import Board
from bot.core.case import Override
from bot.core.catches import catches_words, good_catches
from bot.core.course import Course
from bot.core.coverage import coverage, told_from, uncovered_words
from bot.core.errors import Conflict
from bot.core.outgoing import Arrangement, Posting, Verb
from bot.core.people import Clinic
from bot.core.standing import AHEAD
from bot.ports import Reading, Transaction
from bot.service.held import standing
from bot.service.practice import Practice, boards_of, corrected, post_boards
from bot.service.rooms import duties_of
from bot.service.watchdog import last_check

#: How often a board is drawn anew although nothing was written.
BOARD_EVERY = timedelta(minutes=5)
#: The kind of the arrangement that remembers how sessions stood when somebody could see it last.
SEEN = "standings"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """How sessions stood when the channel was last told; the arrangement it is kept in, if there is one."""

    stands: Mapping[str, str]
    kept: Arrangement | None = None

    @classmethod
    def of(cls, reading: Reading, clinic: Clinic) -> Seen:
        """Return what was seen of a clinic."""
        kept = reading.arrangement(SEEN, clinic.id)
        return cls(stands=dict(kept.detail) if kept else {}, kept=kept)

    def now(self, stands: Mapping[str, str], clinic: Clinic, at: datetime) -> Arrangement:
        """Return the arrangement that keeps what is seen now."""
        if self.kept is not None:
            return replace(self.kept, at=at, detail=stands)
        return Arrangement(kind=SEEN, key=clinic.id, clinic=clinic.id, by="bookend", at=at, detail=stands)


def keep_boards(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime) -> None:
    """Post today's huddle when its time has come, draw it anew as time passes, and end it at closing."""
    # time alone changes what a board says: while the clinic works it is drawn anew, and says when that was
    slot = int(now.timestamp() // BOARD_EVERY.total_seconds())
    for card in post_boards(practice, tx, clinic, now):
        tx.queue(card, Verb.DRAW, key=f"check:{card}:{slot}", at=now)
    ended = boards_of(practice, clinic, huddle.last_ended(clinic, now))
    for card in tx.postings(ended):
        tx.queue(card, Verb.DRAW, key=f"close:{card}", at=now)


def draw_huddle(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Board:
    """Draw the board of a posting: as it stands now, or as its day ended."""
    day = posting.day or clinic.calendar.day(now)
    closed = huddle.ends(clinic, day)
    if now < closed:
        return draw_board(practice, reading, clinic, now)
    return draw_board(
        practice,
        reading,
        clinic,
        now,
        closed=closed,
        corrected=corrected(reading, posting.key),
        praised=_praise(reading, clinic, day),
    )


def draw_board(
    practice: Practice,
    reading: Reading,
    clinic: Clinic,
    now: datetime,
    *,
    closed: datetime | None = None,
    corrected: datetime | None = None,
    praised: str = "",
) -> Board:
    """Draw a clinic's board from the open cases near today; all others are never loaded."""
    cases = reading.cases_near(clinic.id, now - AHEAD, now + AHEAD, now + timedelta(days=1))
    tasks = reading.tasks_of([case.code for case in cases])
    overrides = reading.overrides([case.code for case in cases])
    courses = [
        (practice.course_of(case, tasks.get(case.code, ())), overrides.get(case.code, ())) for case in cases
    ]
    check = last_check(reading, clinic)
    unsent = check.words(now, clinic.calendar) if check and not closed else ""
    notes = (*filter(None, [unsent]), *_held(reading, clinic, now), *_uncovered(clinic, courses, now))
    rooms = duties_of(reading, clinic, clinic.calendar.day(now))
    looked = check.at if check else None
    drawn = boards.board(
        clinic, courses, now, rooms=rooms, notes=notes, closed=closed, praise=praised, looked=looked
    )
    if corrected is None:
        return drawn
    return replace(drawn, closed=f"{drawn.closed}, corrected {wording.when(corrected, now, clinic.calendar)}")


def _held(reading: Reading, clinic: Clinic, now: datetime) -> Iterator[str]:
    """Say of each device or room that is held since when it is, and whose sessions wait for it."""
    holds = standing(reading, clinic)
    # whoever waits may come in months: rarely needed, so looked up only here
    cases = reading.open_cases(clinic.id) if holds else ()
    sessions = [(case.code, session) for case in cases for session in case.sessions]
    for hold in holds:
        codes = [code for code, session in sessions if hold.stops(session, clinic)]
        its = (
            f"{wording.count(len(codes), 'case')}: {wording.few(codes)}" if codes else "No case waits for it"
        )
        yield f"On hold: {hold.words(now, clinic)}. {its}."


def _uncovered(
    clinic: Clinic, courses: Sequence[tuple[Course, Sequence[Override]]], now: datetime
) -> Iterator[str]:
    for gap in coverage(clinic, [course for course, _ in courses], now):
        if now >= told_from(gap, clinic):
            yield f"{uncovered_words(gap, clinic, now)}."


def _praise(reading: Reading, clinic: Clinic, day: date) -> str:
    if not huddle.ends_week(clinic, day):
        return ""
    monday = clinic.calendar.instant(day - timedelta(days=day.weekday()), time())
    until = huddle.ends(clinic, day)
    given = (answer for _, answer in reading.answers_since(clinic.id, monday) if answer.at < until)
    words = catches_words(good_catches(given))
    return f"This week: {words}. Thank you." if words else ""


def tell_worse(practice: Practice, posting: Posting, board: Board) -> None:
    """Queue a line for every session that got worse since the channel was last told, and remember this."""
    clinic, stands = practice.clinics[posting.clinic], huddle.standings(board)
    if board.closed:
        return
    with practice.store.reading() as reading:
        if Seen.of(reading, clinic).stands == stands:
            return
    # another instance that drew the same board says the same, and one of us is late
    with suppress(Conflict), practice.store.writing() as tx:
        now = practice.clock.now()
        seen = Seen.of(tx, clinic)
        tx.arrange(seen.now(stands, clinic, now))
        _queue_lines(practice, tx, clinic, seen, board, now)


def _queue_lines(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    seen: Seen,
    board: Board,
    now: datetime,
) -> None:
    cards = tx.postings(boards_of(practice, clinic, clinic.calendar.day(now)))
    for row, words in huddle.worse(seen.stands, board):
        text = f"@{row.whose} {words}" if row.whose else words
        for card in cards:
            key = f"worse:{card}:{row.code}:{row.session}:{now.isoformat()}"
            tx.queue(card, Verb.NUDGE, key=key, at=now, text=text)
