"""Nothing is silently cut: whatever has no room in a message stands on some page, exactly once."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.buttons import carried
from bot.chat.slack.drawing.kit import ROW, SECTION, VALUE, Piece, laid
from bot.chat.slack.drawing.paging import Room, pages, parts
from bot.chat.slack.drawing.pieces import content, history
from bot.chat.slack.drawing.render import drawn, in_full, left_out
from bot.core.actions import Action, Button
from bot.core.instants import Instants
from bot.core.messages import Card, Line, LineState, Notice, Response
from tests.chat import boards, samples
from tests.chat.cards import any_board, buttons, case_views, decision_cards, notices, task_cards
from tests.chat.slack import limits
from tests.examples import some

ROOM = Room(pieces=30, blocks=60, letters=6000)
EVERYTHING = st.one_of(task_cards, decision_cards, any_board, case_views, notices)
pieces = st.builds(
    Piece,
    text=st.text(max_size=9).map(lambda text: (text or "a word ") * 500),
    short=st.just(""),
    buttons=st.lists(buttons, max_size=3).map(lambda few: tuple(few) * 20),
)


def numbered(count: int) -> list[Piece]:
    return [Piece(text=f"line {number}", short="") for number in range(count)]


@settings(max_examples=some(30))
@given(st.lists(pieces, max_size=6))
def test_every_letter_and_every_button_stands_on_exactly_one_page(some_pieces: list[Piece]) -> None:
    found = [piece for page in pages(some_pieces, ROOM) for piece in page]

    assert "".join(piece.text for piece in found) == "".join(piece.text for piece in some_pieces)
    assert [b for piece in found for b in piece.buttons] == [b for p in some_pieces for b in p.buttons]
    assert all(len(piece.text) <= SECTION and len(piece.buttons) <= ROW for piece in found)


@settings(max_examples=some(40))
@given(EVERYTHING)
def test_every_line_of_any_card_is_on_exactly_one_page(what: Card | Response) -> None:
    whole = content(what)
    found = [piece for page in pages(whole.pieces, ROOM) for piece in page]

    assert "".join(piece.text for piece in found) == "".join(piece.text for piece in whole.pieces)
    assert all(limits.of_blocks([b.to_dict() for b in laid(page, 100)]) == [] for page in pages(found, ROOM))


def test_a_page_is_full_before_the_next_begins() -> None:
    assert [len(page) for page in pages(numbered(100), ROOM)] == [30, 30, 30, 10]
    assert pages([], ROOM) == ((),)


def test_a_page_ends_where_its_blocks_or_its_letters_do() -> None:
    two = (Button(action=Action.UNDO, label="Undo"), Button(action=Action.CASE, label="Show"))
    pressed = [replace(piece, buttons=two) for piece in numbered(25)]
    long = [Piece(text="word " * 200, short="") for _ in range(13)]

    assert [len(page) for page in pages(pressed, replace(ROOM, blocks=20))] == [10, 10, 5]
    assert [len(page) for page in pages(long, ROOM)] == [6, 6, 1]


def test_words_links_and_escapes_are_not_broken_in_two() -> None:
    text = "&amp;" * 599 + "four " + "<!date^1^{time} or so|then>" + "word"

    first, second = parts(Piece(text=text, short=""))

    assert (first.text[-10:], second.text) == ("&amp;four ", "<!date^1^{time} or so|then>word")


@settings(max_examples=some(40))
@given(EVERYTHING)
def test_a_message_that_leaves_something_out_has_a_button_that_opens_all_of_it(what: Card | Response) -> None:
    said, whole = drawn(what), content(what)

    told = Counter(line for text in limits.words(said.json()) for line in text.split("\n"))
    wanted = Counter(line for piece in whole.pieces for line in piece.text.split("\n") if line)
    offered = [carried(b) for b in (*whole.buttons, *(b for p in whole.pieces for b in p.buttons))]
    values = {each["value"] for block in said.json() for each in elements(block)}
    complete = not wanted - told and {each for each in offered if len(each) <= VALUE} <= values

    assert complete or '{"screen":"card"}' in values


def elements(block: limits.Json) -> list[limits.Json]:
    return [each for each in (*block.get("elements", []), block.get("accessory")) if each and "value" in each]


@pytest.mark.parametrize(
    "card", [samples.WORKLIST, samples.PREP, samples.DECISION, samples.HELD, samples.OFFER, samples.TIMEOUT]
)
def test_a_card_that_says_everything_has_no_such_button(card: Card | Response) -> None:
    assert "Show all" not in str(drawn(card).json())


def test_a_list_of_a_hundred_lines_says_how_many_there_are() -> None:
    lines = tuple(replace(samples.WORKLIST.lines[0], number=number) for number in range(1, 101))

    assert "Show all 100" in str(drawn(replace(samples.WORKLIST, lines=lines)).json())


def test_a_line_that_is_told_short_can_be_read_in_full_on_the_screen() -> None:
    line = replace(samples.WORKLIST.lines[0], said="said " * 400)

    assert "Show all 1" in str(drawn(replace(samples.WORKLIST, lines=(line,))).json())


def test_a_board_opens_with_every_case_and_each_exception_can_be_looked_at() -> None:
    board = boards.crowded(100)
    whole = content(board)
    told = "\n".join(piece.text for piece in whole.pieces)

    assert "Show all 100" in str(drawn(board).json())
    assert all(told.count(boards.named(row)) == 1 for row in board.rows)
    assert [b.tasks for p in whole.pieces for b in p.buttons] == [(row.code,) for row in board.exceptions]
    first = [told.index(boards.named(row)) for row in board.exceptions]
    calm = [told.index(boards.named(row)) for row in board.rows if row.needs_nobody]
    assert first == sorted(first) and max(first) < min(calm)


def test_the_numbers_of_a_list_rise_on_its_pages_as_on_its_card() -> None:
    first = samples.WORKLIST.lines[0]
    states = (LineState.OPEN, LineState.DONE, LineState.BLOCKED, LineState.OVERDUE)
    lines = tuple(replace(first, number=n, state=state) for n, state in enumerate(states, start=1))

    told = "\n".join(piece.text for piece in content(replace(samples.WORKLIST, lines=lines)).pieces)

    places = [told.index(f"{number}. {first.title}") for number in range(1, 5)]
    assert places == sorted(places)


@pytest.mark.parametrize("lines", [samples.CASE.lines, samples.CASE.lines[::-1]])
def test_a_case_is_read_with_what_stops_first(lines: tuple[Line, ...]) -> None:
    stopped = replace(lines[0], title="What stops", state=LineState.BLOCKED)
    told = [piece.text for piece in content(replace(samples.CASE, lines=(*lines, stopped))).pieces]

    marks = [text[0] for text in told if text[0] in "🛑⬜✅"]
    assert marks == sorted(marks, key="🛑⬜✅".index) and marks[0] == "🛑"


def test_the_history_of_a_case_is_behind_a_button_newest_first() -> None:
    view = replace(samples.CASE, history=tuple(f"line {number}" for number in range(40)))
    read = [piece.text for piece in history(view).pieces]
    assert [text for text in read if "line" in text] == [f"• line {number}" for number in range(39, -1, -1)]
    assert "History" in str(drawn(view).json())


def test_an_answer_with_moments_in_it_is_one_message_as_well() -> None:
    at = datetime(2027, 2, 18, 9, 30, tzinfo=UTC)

    (only,) = in_full(Notice(text="She comes at 09:30.", instants=Instants(times={"09:30": at})), None)

    assert f"<!date^{int(at.timestamp())}^" in str(only.json())
    assert only.text == "She comes at 09:30."


@settings(max_examples=some(40))
@given(notices)
def test_an_answer_that_no_screen_shows_comes_in_as_many_messages_as_it_takes(notice: Notice) -> None:
    said = in_full(notice, None)

    assert all(limits.of_message(each.text, each.json()) == [] for each in said)
    told = "".join(text for each in said for text in limits.words(each.json())).replace("\n", "")
    for piece in content(notice).pieces:
        assert len(said) == 1 or piece.text.replace("\n", "")[:SECTION] in told


def test_a_short_answer_is_one_message() -> None:
    undo = Button(action=Action.UNDO, label="Undo", tasks=("K7Q2:a.b:1:1",))

    (only,) = in_full(Notice(text="Noted.", buttons=(undo,)), None)
    several = in_full(Notice(text="Noted.", lines=("x" * 500,) * 40, buttons=(undo,)), None)

    assert not left_out(content(Notice(text="Noted.", buttons=(undo,))), only)
    assert len(several) > 1 and ["Undo" in str(each.json()) for each in several][-1]
