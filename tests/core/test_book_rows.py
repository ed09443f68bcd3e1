"""Imports, compared: what the book changed is done once, and what people changed with us stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.book_rows import Book, BookRow, Kind, Known, Planned, compare, keyed, now_known
from bot.core.case import Case, Session
from tests.core.made import LONDON
from tests.examples import some

NOW = datetime(2027, 1, 12, 12, tzinfo=UTC)
START = datetime(2027, 2, 18, 9, 30, tzinfo=UTC)
EARLY, LATE = START - timedelta(days=7), START + timedelta(days=7)
BOOK = Book(clinic="riverside", calendar=LONDON, now=NOW)


def row(number: str = "17", start: datetime = START, **changes: object) -> BookRow:
    made = BookRow(row=2, playbook="abl", start=start, number=number)
    return replace(made, **changes)  # type: ignore[arg-type]


def case(code: str, start: datetime = START) -> Case:
    return Case(
        code=code,
        clinic="riverside",
        playbook="abl",
        digest="",
        opened=NOW,
        booked=NOW,
        consult=NOW,
        sessions=(Session(number=1, start=start, minutes=60),),
        facts={},
    )


def after(planned: list[Planned], book: Book) -> Book:
    """The book as it is when all of it was done, the soonest first."""
    known, cases, courses = dict(book.known), dict(book.cases), dict[str, str]()
    for each in sorted(planned, key=lambda one: one.appointment.start if one.appointment else NOW):
        made, number = each.appointment, each.session
        code = each.code or (courses.get(each.course, "") if each.kind is Kind.SESSION else "")
        if each.kind is Kind.BOOK and made:
            code = f"C{len(cases)}"
            cases[code], number = case(code, made.start), 1
            courses |= {each.course: code} if each.course else {}
        elif each.kind is Kind.SESSION and made:
            number = len(cases[code].sessions) + 1
            new = Session(number=number, start=made.start, minutes=60)
            cases[code] = replace(cases[code], sessions=(*cases[code].sessions, new))
        elif each.kind is Kind.MOVE and made:
            cases[code] = session_with(cases[code], number, start=made.start)
        elif each.kind in (Kind.CANCEL, Kind.GONE) and len(cases[code].sessions) > 1:
            cases[code] = session_with(cases[code], number, cancelled=NOW)
        elif each.kind in (Kind.CANCEL, Kind.GONE):
            cases[code] = replace(cases[code], cancelled=NOW)
        elif each.kind in (Kind.PAPER, Kind.OVER) or not code:
            continue
        row = now_known(each, code, number)
        if row is not None and not (each.note and each.kind is Kind.SAME):
            known[each.key] = row
    return replace(book, known=known, cases=cases)


def session_with(made: Case, number: int, **changes: object) -> Case:
    """The case with one of its sessions changed."""
    sessions = (replace(each, **changes) if each.number == number else each for each in made.sessions)
    return replace(made, sessions=tuple(sessions))


def kinds(*rows: BookRow, book: Book = BOOK) -> list[Kind]:
    return [each.kind for each in compare(rows, book)]


ONCE = after(compare([row()], BOOK), BOOK)
(KEY,) = ONCE.known
(CODE,) = ONCE.cases


def ours(**changes: object) -> Book:
    """What we have after one import, when people changed the case in the meantime."""
    return replace(ONCE, cases={CODE: replace(ONCE.cases[CODE], **changes)})  # type: ignore[arg-type]


MOVED_BY_HAND = ours(sessions=(Session(number=1, start=LATE, minutes=60),))
BEGUN = ours(sessions=(Session(number=1, start=START, minutes=60, started=START),))
CANCELLED = ours(cancelled=NOW)
COURSE = row("20", LATE, course="P")
AROUND = [row("18", EARLY), row("19", LATE)]


@pytest.mark.parametrize(
    ("name", "rows", "book", "found"),
    [
        ("a new one is booked", [row()], BOOK, [Kind.BOOK]),
        ("before the clinic goes live", [row()], replace(BOOK, go_live=date(2027, 2, 19)), [Kind.PAPER]),
        ("one on that day is booked", [row()], replace(BOOK, go_live=date(2027, 2, 18)), [Kind.BOOK]),
        ("one that is over is left alone", [row(start=NOW)], BOOK, [Kind.OVER]),
        ("one that is off was never ours", [row(cancelled="no-show")], BOOK, [Kind.SAME]),
        ("twice the same changes nothing", [row()], ONCE, [Kind.SAME]),
        ("another start is a move", [row(start=LATE)], ONCE, [Kind.MOVE]),
        ("another room is a change", [row(room="room-2")], ONCE, [Kind.CHANGE]),
        ("off is a cancellation", [row(cancelled="cancelled")], ONCE, [Kind.CANCEL]),
        ("off twice is nothing more", [row(cancelled="cancelled")], CANCELLED, [Kind.SAME]),
        ("what we moved by hand stays", [row()], MOVED_BY_HAND, [Kind.SAME]),
        ("and stays when the book follows", [row(start=LATE)], MOVED_BY_HAND, [Kind.SAME]),
        ("a later move of the book counts", [row(start=EARLY)], MOVED_BY_HAND, [Kind.MOVE]),
        ("what we cancelled stays so", [row()], CANCELLED, [Kind.SAME]),
        ("unless the book has it on another day", [row(start=LATE)], CANCELLED, [Kind.BOOK]),
        ("what has begun is not moved", [row(start=LATE)], BEGUN, [Kind.SAME]),
        ("what has begun is not cancelled", [row(cancelled="cancelled")], BEGUN, [Kind.SAME]),
        ("a move into the past is only noted", [row(start=NOW - timedelta(days=1))], ONCE, [Kind.SAME]),
        ("a file of another week says nothing", [row("18", LATE)], ONCE, [Kind.BOOK]),
        ("a file of its days misses it", AROUND, ONCE, [Kind.BOOK, Kind.BOOK, Kind.GONE]),
        ("what is cancelled is not gone", AROUND, CANCELLED, [Kind.BOOK, Kind.BOOK]),
        ("an empty file misses nothing", [], ONCE, []),
        ("a course is one case", [COURSE, row(course="P")], BOOK, [Kind.SESSION, Kind.BOOK]),
        ("two courses are two", [COURSE, row(course="Q")], BOOK, [Kind.BOOK, Kind.BOOK]),
    ],
)  # fmt: skip
def test_a_row_comes_to(name: str, rows: list[BookRow], book: Book, found: list[Kind]) -> None:
    assert kinds(*rows, book=book) == found


def test_a_move_by_hand_that_the_book_follows_is_learnt() -> None:
    (planned,) = compare([row(start=LATE)], MOVED_BY_HAND)

    assert now_known(planned, planned.code, 1) == Known(key=KEY, code=CODE, start=LATE)


def test_without_numbers_a_row_is_known_by_procedure_start_and_room_and_twins_are_two() -> None:
    twins = [row("", room="room-2"), replace(row("", room="room-2"), row=3), row("", room="room-1")]

    first = after(compare(twins, BOOK), BOOK)

    assert len(first.cases) == 3
    assert kinds(*twins, book=first) == [Kind.SAME] * 3


def test_a_key_tells_nobody_a_number_and_is_another_in_another_clinic() -> None:
    (here,), (there,) = keyed([row()], "riverside"), keyed([row()], "hillside")

    assert here != there and "17" not in (here[:2], there[:2]) and len(here) == 32


rows_of_a_book = st.lists(
    st.builds(
        row,
        number=st.text("0123456789", min_size=1, max_size=2),
        start=st.integers(-3, 60).map(lambda days: NOW + timedelta(days=days)),
        room=st.sampled_from(["", "room-1", "room-2"]),
        operator=st.sampled_from(["", "max"]),
        cancelled=st.sampled_from(["", "", "", "cancelled"]),
        course=st.sampled_from(["", "", "P7", "P8"]),
    ),
    max_size=12,
    unique_by=lambda each: each.number,
)


@given(st.lists(rows_of_a_book, min_size=1, max_size=4), st.booleans())
@settings(max_examples=some(300), deadline=None)
def test_any_file_imported_twice_is_imported_once(files: list[list[BookRow]], numbered: bool) -> None:
    book = replace(BOOK, go_live=(NOW + timedelta(days=5)).date())
    for rows in files:
        mine = rows if numbered else [replace(each, number="", row=at) for at, each in enumerate(rows)]
        book = after(compare(mine, book), book)
        again = [each for each in compare(mine, book) if each.kind not in (Kind.SAME, Kind.PAPER, Kind.OVER)]
        assert again == []
        places = [(known.code, known.session) for known in book.known.values()]
        assert len(places) == len(set(places)), "no session is two rows"
