"""What a locked telephone shows and a screen reader reads: what is asked, and of a patient but the code."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack.drawing.kit import TEXT, safe
from bot.chat.slack.drawing.render import drawn
from bot.chat.slack.drawing.render import in_one_text as spoken
from bot.core.actions import Action, Button
from bot.core.messages import Card, LineState, Notice, Response
from tests.chat import boards, samples
from tests.chat.cards import any_board, case_views, decision_cards, notices, task_cards
from tests.chat.slack.draw_again import DRAWN
from tests.examples import some
from tests.service.clinic import ALI, JO, MAX, WITH_BOARD
from tests.service.riverside import Riverside

#: What only the card may say, made so that it is found wherever it slips out.
TELLING = "TELLING"


def test_a_stage_card_says_what_it_is_of_whom_and_when_what_is_asked_and_what_to_press() -> None:
    late = replace(samples.PREP.lines[0], title="Skin exam", state=LineState.OVERDUE)
    what = f"Prep, {samples.K7Q2}: 1 item to answer: Skin exam."
    text = spoken(replace(samples.PREP, text=what, lines=(late,)))

    assert text == f"{what} Overdue: Skin exam. To press: {', '.join(b.label for b in samples.PREP.buttons)}."


def test_a_list_says_of_each_case_what_is_asked() -> None:
    one, *_ = samples.WORKLIST.lines
    open_now = {"state": LineState.OPEN, "due": ""}
    lines = (
        replace(
            one, label=samples.K7Q2, title="Sun advice", state=LineState.OVERDUE, due="overdue since 09:00"
        ),
        replace(one, label=samples.M4XD, title="Anything new?", **open_now),
        replace(one, label=samples.K7Q2, title="Ready at home", **open_now),
        replace(one, label=samples.M4XD, title="Photographs", state=LineState.DONE),
    )

    text = spoken(replace(samples.WORKLIST, heading="Your list", label="", lines=lines, buttons=()))

    assert text == (
        "Your list: 3 to answer. "
        "CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2: Sun advice (overdue since 09:00), Ready at home. "
        "CO₂ · Wed 18 Feb 11:00 · Room 1 · M4XD: Anything new?"
    )


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (
            LineState.OPEN,
            f"Your list: 1 to answer. Stopped: Skin exam, {samples.K7Q2}. {samples.M4XD}: Sun advice.",
        ),
        (LineState.DONE, f"Your list: stopped, Skin exam, {samples.K7Q2}."),
    ],
)
def test_what_stops_is_not_counted_among_what_is_to_answer(second: LineState, said: str) -> None:
    one, *_ = samples.WORKLIST.lines
    lines = (
        replace(one, label=samples.K7Q2, title="Skin exam", state=LineState.BLOCKED, due=""),
        replace(one, label=samples.M4XD, title="Sun advice", state=second, due=""),
    )

    text = spoken(replace(samples.WORKLIST, heading="Your list", label="", lines=lines, buttons=()))

    assert text == said


def test_a_card_on_which_all_is_answered_says_who_answered() -> None:
    line = replace(
        samples.PREP.lines[0], state=LineState.DONE, by="Confirmed by Jo Park 09:02", label="", said=TELLING
    )
    card = replace(samples.PREP, lines=(line,), buttons=(), closed=True)

    assert (
        spoken(card)
        == f"{card.heading}, {card.label}: all answered. {line.title}: Confirmed by Jo Park 09:02."
    )


def test_a_card_that_is_over_says_why() -> None:
    card = replace(samples.PREP, over="Prep, K7Q2: now with Sam Reed.")

    assert spoken(card) == "Prep, K7Q2: now with Sam Reed."


def test_a_decision_says_what_stops_how_hard_and_what_may_be_chosen() -> None:
    card = replace(samples.DECISION, heading="Your decision: Isotretinoin")
    text = spoken(card)

    assert text.startswith(f"Your decision: Isotretinoin, {card.label}. It is a hard stop. To press: ")
    assert all(button.label in text for button in card.buttons)


def test_a_settled_decision_says_who_decided() -> None:
    settled = replace(samples.DECISION, reasons=(), closed=True, buttons=(), by="Proceed, Dr Ali Reza")

    assert spoken(settled) == f"{settled.heading}, {settled.label}. Proceed, Dr Ali Reza."


def test_a_board_says_its_counts_then_each_exception_with_owner_and_what_comes_next() -> None:
    text = spoken(boards.BOARD)

    assert text.startswith(f"{boards.BOARD.heading}: {boards.BOARD.counts}.")
    whose = "owner Jo Park, since Sun 15 Feb 10:00, next: asked again 09:00."
    assert f"09:30 · K7Q2 · Room 2 · CO₂: not ready, {whose}" in text
    assert "1 cleared: T8BA." in text
    assert "Nothing needs you." in spoken(boards.CLEAR)


def test_an_ended_board_says_so_once_and_praises() -> None:
    assert spoken(boards.ENDED).lower().count("closed 18:00") == 1
    assert "Closed 18:00, corrected 18:20." in spoken(replace(boards.ENDED, closed="18:00, corrected 18:20"))
    assert "Good catches this week: 7." in spoken(boards.ENDED)


def test_a_notice_says_its_heading_its_lines_its_code_its_link_and_its_buttons() -> None:
    accept = Button(action=Action.ACCEPT, label="Accept", value="a")
    notice = Notice(
        heading="Jo hands you 1 item",
        text="Will you take it?",
        lines=("Sun advice, K7Q2",),
        code="K7Q2",
        link=("Who is this?", "https://bookend.example/who/a"),
        buttons=(accept,),
    )

    assert spoken(notice) == (
        "Jo hands you 1 item. Will you take it? The code is K7Q2. Sun advice, K7Q2 "
        "The link Who is this? leads there. To press: Accept."
    )


def test_a_case_that_was_asked_for_says_what_stops_what_waits_and_who_answered() -> None:
    first, second, *_ = samples.CASE.lines
    lines = (
        replace(first, title="Isotretinoin", state=LineState.BLOCKED, due="", by="Confirmed by Jo 09:02"),
        replace(second, title="Skin exam", state=LineState.LATER, due="from 10:20", by=""),
    )

    assert spoken(replace(samples.CASE, lines=lines, buttons=())) == (
        f"Case {samples.K7Q2}. Stopped: Isotretinoin. Later: Skin exam (from 10:20). "
        "Isotretinoin: Confirmed by Jo 09:02."
    )


def test_whoever_answered_is_named_on_a_card_of_a_clinic_at_work() -> None:
    clinic = Riverside("g.device_check").book().until("2027-02-18 09:16")
    before = spoken(clinic.command(MAX, "case K7Q2"))
    clinic.everything_as_usual("2027-02-18 09:20")

    assert "Confirmed by" not in before
    assert "Confirmed by Max Model" in spoken(clinic.command(MAX, "case K7Q2"))


@pytest.mark.parametrize(
    "card",
    [
        replace(
            samples.WORKLIST,
            text="Your list: 1 item to answer.",
            news=(TELLING,),
            aloud=(TELLING,),
            waits=(TELLING,),
            lines=tuple(replace(each, said=TELLING) for each in samples.WORKLIST.lines),
        ),
        replace(samples.PREP, lines=tuple(replace(each, said=TELLING) for each in samples.PREP.lines)),
        replace(
            samples.DECISION,
            text=TELLING,
            reasons=(TELLING,),
            said=TELLING,
            why=TELLING,
            first_allowed=TELLING,
        ),
        replace(
            boards.BOARD,
            text=TELLING,
            rows=tuple(replace(each, summary=TELLING, blocks=(TELLING,)) for each in boards.BOARD.rows),
        ),
        replace(
            samples.CASE,
            heading=TELLING,
            text=TELLING,
            notes=(TELLING,),
            gates=(("Arrival", TELLING),),
            lines=tuple(replace(each, said=TELLING) for each in samples.CASE.lines),
        ),
        Notice(
            heading="Two answers differ",
            text="Exam, K7Q2: two answers differ.",
            lines=(TELLING,),
            telling=True,
        ),
    ],
    ids=lambda card: type(card).__name__,
)
def test_what_was_answered_stays_off_a_locked_telephone(card: Card) -> None:
    message = drawn(card)

    assert TELLING in str(message.json()) and TELLING not in message.text


def test_nothing_that_was_answered_rings_in_a_clinic_at_work() -> None:
    """A patient whose answers stop the procedure: cards, board and thread say the code and the question."""
    clinic = (
        Riverside("g.same_day_check", "g.device_check", clinic=WITH_BOARD).book().until("2027-02-18 09:00")
    )
    clinic.mark("arrived")
    clinic.until("2027-02-18 09:10").answer(JO, "Same-day check", rash="yes")
    clinic.speak()

    rung = [
        text for message in clinic.workspace.messages for text in (drawn(message.card).text, *message.thread)
    ]
    decision = [text for text in rung if text.startswith("Your decision")]

    assert "rash" in "".join(str(drawn(message.card).json()) for message in clinic.workspace.of(ALI))
    assert decision and all("K7Q2" in text for text in decision)
    assert not any("rash" in text for text in rung)


@settings(max_examples=some(120))
@given(st.one_of(task_cards, decision_cards, any_board, case_views, notices))
def test_a_text_fits_whole_and_says_what_it_leaves_out(card: Card | Response) -> None:
    said, message = spoken(card), drawn(card)

    assert len(message.text) <= TEXT
    # nothing is left for Slack's limit to cut in the middle of a word
    assert message.text == (safe(said) or "Bookend")


def test_of_a_crowded_board_the_cases_that_find_no_room_are_counted() -> None:
    text = spoken(boards.crowded(200))

    told = text.count(": stop, ") + text.count(": not ready, ")
    assert 10 < told < len(boards.crowded(200).exceptions)
    assert text.endswith(" more on the card.") and len(text) <= TEXT


def test_a_word_that_lifted_nothing_is_not_read_out_as_the_answer() -> None:
    """A hard stop stands, whatever was chosen in the form: a bare "Proceed" would be taken for a go."""
    stopped = json.loads((DRAWN / "case-stopped.typical.json").read_text("utf-8"))

    assert "Stopped: Isotretinoin." in stopped["text"] and "Proceed" not in stopped["text"]
