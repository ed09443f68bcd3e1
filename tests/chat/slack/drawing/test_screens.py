"""A screen says all of what a message has no room for, page by page, within what Slack takes."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack.drawing.carried import CARD, HISTORY, Screen, carried_by, place_of
from bot.chat.slack.drawing.home import drawn_home
from bot.chat.slack.drawing.screens import drawn_screen, screen_of
from bot.core.errors import Refused
from bot.core.messages import Card, Home, Notice, Response
from tests.chat import boards, samples
from tests.chat.cards import any_board, case_views, decision_cards, notices, task_cards, texts
from tests.chat.slack import limits
from tests.examples import some

EVERYTHING = st.one_of(task_cards, decision_cards, any_board, case_views, notices)
STATUS = Screen(word="status")


def all_pages(screen: Screen, what: Card | Response) -> list[limits.Json]:
    first = drawn_screen(screen, what)
    return [first, *(drawn_screen(replace(screen, page=n), what) for n in range(2, said_count(first) + 1))]


@pytest.mark.parametrize("place", ["screen:", "screen:V1", "screen:V1:case:a:b:1", "screen:V1:case:K7Q2:x"])
def test_what_no_screen_of_ours_stands_at_is_no_place_of_one(place: str) -> None:
    assert Screen.at(place) is None


def some_pages(screen: Screen, what: Card | Response) -> list[limits.Json]:
    """The first pages and the last one: there may be a thousand of them."""
    first = drawn_screen(screen, what)
    wanted = sorted({min(2, said_count(first)), said_count(first)})
    return [first, *(drawn_screen(replace(screen, page=page), what) for page in wanted)]


def said_count(view: limits.Json) -> int:
    """How many pages a page says that there are."""
    told = [text for text in limits.words(view["blocks"]) if text[:1].isdigit() and " of " in text]
    counts = [text.partition(" of ")[2] for text in told if text.partition(" of ")[2].isdigit()]
    return int(counts[-1]) if "Next" in labels(view) or "Previous" in labels(view) else 1


def labels(view: limits.Json) -> list[str]:
    rows = [each for block in view["blocks"] for each in block.get("elements", []) if "action_id" in each]
    return [each["text"]["text"] for each in rows]


def told(views: list[limits.Json]) -> str:
    return "\n".join(text for view in views for text in limits.words(view["blocks"]))


@settings(max_examples=some(40))
@given(
    EVERYTHING,
    st.sampled_from([Screen(word=CARD, about="D0JO/1.1"), STATUS, Screen(word="case", about="K7Q2")]),
)
def test_every_page_of_anything_is_within_slacks_limits_and_carries_no_more_than_its_place(
    what: Card | Response, screen: Screen
) -> None:
    for view in some_pages(screen, what):
        assert limits.of_view(view) == []
        assert carried_by(view).keys() <= {"screen", "about", "page"}


@pytest.mark.parametrize("board", [boards.BOARD, boards.crowded(100), boards.crowded(300)])
def test_every_case_of_a_board_stands_on_exactly_one_page_blockers_first(board: boards.Board) -> None:
    views = all_pages(STATUS, board)
    text = told(views)

    assert [text.count(boards.named(row)) for row in board.rows] == [1] * len(board.rows)
    assert all(row.code in told(views[:1]) for row in board.exceptions[:25])
    assert len(views) <= 1 + len(board.rows) // 20


def test_a_page_says_which_it_is_and_leads_back_and_forth() -> None:
    views = all_pages(STATUS, boards.crowded(100))
    first, second, last = views[0], views[1], views[-1]

    assert labels(first) == ["Next"]
    assert labels(second) == ["Previous", "Next"]
    assert labels(last) == ["Previous"]
    assert f"2 of {len(views)}" in told([second])
    assert carried_by(second) == {"screen": "status", "page": 2}


def test_a_page_that_is_not_there_any_more_is_the_last_one() -> None:
    view = drawn_screen(Screen(word="status", page=9), boards.BOARD)

    assert carried_by(view) == {"screen": "status"}
    assert labels(view)[-1:] != ["Next"]


def test_what_just_happened_stands_at_the_top_with_all_it_says_and_its_buttons() -> None:
    said = Notice(
        text="Confirmed.", lines=("One item more: smoker.",), buttons=samples.WORKLIST.buttons, tone="good"
    )

    view = drawn_screen(STATUS, boards.BOARD, said)

    assert "✅ Confirmed." in limits.words(view["blocks"][0])[0]
    assert "One item more: smoker." in told([view])
    assert limits.of_view(view) == []


def test_a_case_leads_to_its_history_which_is_read_newest_first() -> None:
    case = replace(samples.CASE, history=tuple(f"Mon 16 Feb · step {number:03}" for number in range(200)))

    assert labels(drawn_screen(Screen(word="case", about="K7Q2"), case))[-1] == "History"
    views = all_pages(Screen(word=HISTORY, about="K7Q2"), case)
    text = told(views)
    places = [text.index(f"step {number:03}") for number in range(200)]
    assert places == sorted(places, reverse=True) and text.count("step ") == 200
    assert views[0]["title"]["text"] == "History"


@pytest.mark.parametrize(
    ("said", "asked", "screen"),
    [
        (samples.WORKLIST, ["Mine"], Screen(word="mine")),
        (samples.CASE, [], Screen(word="case", about="K7Q2")),
        (samples.CASE, ["status", "k7q2"], Screen(word="case", about="K7Q2")),
        (samples.WORKLIST, [], Screen(word="amend", about="K7Q2")),
        (boards.BOARD, ["status"], STATUS),
        (Notice(text="Booked."), ["new", "abl"], None),
        (Notice(text="Noted."), [], None),
    ],
)
def test_an_answer_that_can_be_asked_for_again_has_a_screen(
    said: Response, asked: list[str], screen: Screen | None
) -> None:
    assert screen_of(said, asked) == screen


def test_a_place_on_a_screen_is_found_again_and_is_no_conversation() -> None:
    screen = Screen(word="case", about="K7Q2", page=3)
    view = drawn_screen(screen, samples.CASE) | {"id": "V7"}

    place = place_of(view)

    assert Screen.at(place) == ("V7", Screen(word="case", about="K7Q2"))
    assert Screen.at("D0JO") is None
    assert place_of({"private_metadata": '{"channel":"D0JO"}'}) == "D0JO"
    assert place_of({"private_metadata": "[1]"}) == place_of({}) == ""


@pytest.mark.parametrize("odd", [{"screen": 3}, {"screen": "mine", "page": "two"}])
def test_a_screen_of_another_version_is_refused(odd: limits.Json) -> None:
    with pytest.raises(Refused, match="another version"):
        Screen.of(odd)


homes = st.builds(
    Home,
    heading=texts,
    mine=task_cards,
    later=st.lists(texts, max_size=40).map(tuple),
    doors=st.just((("new", "New appointment"), ("help", "Help"))),
    board=st.one_of(st.none(), any_board),
)


@settings(max_examples=some(40))
@given(homes, st.one_of(st.none(), notices))
def test_slack_takes_any_home(home: Home, said: Notice | None) -> None:
    view = drawn_home(home, said)

    assert limits.of_view(view) == []
    assert json.loads(view["private_metadata"]) == {"screen": "home"}


def test_home_says_what_waits_what_comes_and_where_one_can_go() -> None:
    view = drawn_home(replace(samples.HOME, board=boards.crowded(100)))
    text = told([view])

    assert text.index("First antiviral dose") < text.index("Later today") < text.index("14:30 · M4XD")
    assert text.index("16:00 · P6CE") < text.index("Riverside Skin & Laser")
    assert [each for each in labels(view) if each in ("Today", "Overdue", "Help")] == [
        "Today",
        "Overdue",
        "Help",
    ]
    assert "Show all 100" in labels(view)


def test_an_empty_home_is_kind_and_says_what_is_next() -> None:
    nothing = "Nothing waits for you. Next: 14:30 Prep · K7Q2."
    empty = replace(
        samples.WORKLIST,
        heading="Waiting for you",
        label=nothing,
        text=nothing,
        lines=(),
        buttons=(),
        news=(),
    )

    text = told([drawn_home(Home(heading="Jo Park · Mon 16 Feb", mine=empty))])

    assert nothing in text and "Later today" not in text


def test_headings_are_headers_for_who_listens() -> None:
    view = drawn_home(replace(samples.HOME, board=boards.BOARD))

    headers = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    assert headers == ["Jo Park · Mon 16 Feb", "Later today", boards.BOARD.heading]
    shows = [each for block in view["blocks"] for each in [block.get("accessory")] if each]
    assert all(each.get("accessibility_label") for each in shows)
