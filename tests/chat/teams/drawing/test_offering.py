"""Six buttons and no more: the card's own first, then the lines', and a choice where those are too many."""

from dataclasses import replace

from bot.chat.buttons import carried
from bot.chat.teams.drawing.kit import BUTTONS, SIX, Drawn, weight
from bot.chat.teams.drawing.offering import GO_ON
from bot.chat.teams.drawing.render import drawn
from bot.core.actions import Action, Button
from bot.core.messages import Line, LineState, TaskCard
from tests.chat import boards, samples
from tests.chat.teams.drawing.seen import actions, choices, elements, presses, titles


def own(number: int) -> tuple[Button, ...]:
    return tuple(
        Button(action=Action.LATER, label=f"Own {place}", value=f"card-{place}") for place in range(number)
    )


def answerable(number: int, *labels: str) -> tuple[Line, ...]:
    return tuple(
        Line(
            number=place,
            task=f"K7Q2:g.a{place}:1:1",
            revision=place,
            title=f"Item {place}",
            state=LineState.OPEN,
            buttons=tuple(
                Button(
                    action=Action.FORM,
                    label=label,
                    tasks=(f"K7Q2:g.a{place}:1:1",),
                    revision=place,
                    value=label,
                )
                for label in labels
            ),
        )
        for place in range(1, number + 1)
    )


def card(lines: tuple[Line, ...], buttons: tuple[Button, ...] = ()) -> Drawn:
    return drawn(replace(samples.PREP, lines=lines, buttons=buttons))


def test_while_six_suffice_each_line_has_its_button_below_it() -> None:
    found = card(answerable(4, "Answer"), own(2))

    kinds = [each["type"] for each in found.content["body"] if each["type"] in ("RichTextBlock", "ActionSet")]
    assert kinds[-8:] == ["RichTextBlock", "ActionSet"] * 4
    assert titles(found) == [*(f"Answer: {n}. Item {n}" for n in (1, 2, 3, 4)), "Own 0", "Own 1"]
    assert choices(found) == []


def test_where_they_do_not_a_line_is_chosen_and_answered_by_its_verb() -> None:
    found = card(answerable(20, "Answer"), own(3))

    assert titles(found) == ["Own 0", "Own 1", "Own 2", "Answer: the chosen one"]
    assert [each["title"] for each in choices(found)] == [f"{n}. Item {n}" for n in range(1, 21)]
    assert [each["value"] for each in choices(found)] == [str(place) for place in range(20)]
    assert [each.revision for each in presses(found)] == [0, 0, 0, *range(1, 21)]


def test_each_verb_is_offered_for_the_lines_that_have_it() -> None:
    lines = (*answerable(5, "Answer"), *(replace(each, number=9) for each in answerable(5, "Confirm")))

    found = card(lines, own(4))

    assert titles(found)[-2:] == ["Answer: the chosen one", "Confirm: the chosen one"]
    assert [each.value for each in presses(found)[4:]] == ["Answer"] * 5 + ["Confirm"] * 5


def test_where_even_the_verbs_are_too_many_what_is_chosen_says_what_is_done() -> None:
    found = card(answerable(3, "Answer", "Confirm", "Undo"), own(4))

    assert titles(found) == ["Own 0", "Own 1", "Own 2", "Own 3", GO_ON]
    assert choices(found)[0]["title"] == "1. Item 1: Answer"
    assert len(presses(found)) == 4 + 9


def test_a_card_with_more_of_its_own_than_six_offers_the_rest_to_be_chosen() -> None:
    found = card((), own(9))

    assert len(actions(found)) == SIX
    assert [each.value for each in presses(found)] == [f"card-{place}" for place in range(9)]


def test_the_buttons_that_turn_pages_are_among_the_six() -> None:
    found = card(answerable(80, "Answer"), own(5))

    assert len(actions(found)) == SIX
    assert titles(found)[-2:] == [GO_ON, "Show the next page"]


def test_two_items_of_the_same_name_are_told_apart_by_their_case() -> None:
    lines = tuple(replace(each, title="Home kit ready", label="CO₂") for each in answerable(7, "Answer"))

    found = card(lines)

    assert choices(found)[1]["title"] == "2. Home kit ready · K7Q2"


def test_what_is_chosen_is_asked_for_only_by_the_buttons_that_need_it() -> None:
    found = card(answerable(20, "Answer"), own(1))

    assert [each["associatedInputs"] for each in actions(found)] == ["none", "auto"]
    (asked,) = (each for each in elements(found.content) if each["type"] == "Input.ChoiceSet")
    assert asked.keys() >= {"label", "errorMessage", "isRequired"} and "value" not in asked


def test_a_board_shows_each_case_by_a_button_at_its_end_and_many_by_a_choice() -> None:
    few, many = drawn(boards.BOARD), drawn(boards.crowded(40))

    assert [each["title"] for each in few.content["actions"]] == [
        f"Show: {row.code}" for row in boards.BOARD.exceptions
    ]
    assert [each["title"] for each in choices(many)] == [row.code for row in boards.crowded(40).exceptions]


def test_a_button_that_cannot_carry_all_its_tasks_is_not_drawn() -> None:
    tasks = tuple(f"K7Q2:every.step_with_a_long_name_{n:03}:1:1" for n in range(200))
    heavy = Button(action=Action.ALL_AS_READ, label="All as read aloud", tasks=tasks)

    assert titles(card((), (heavy, *own(1)))) == ["Own 0"]


def test_of_heavy_buttons_the_first_are_drawn_twice_over_each_with_all_it_stands_for() -> None:
    tasks = tuple(f"K7Q2:every.step_{n:02}:1:1" for n in range(80))
    heavy = tuple(replace(each, tasks=tasks) for each in own(6))

    found = presses(card((), heavy))

    # as they are, and once more for older clients
    weights = [2 * weight(carried(each)) for each in heavy]
    assert found == [replace(each, label="") for each in heavy[: len(found)]]
    assert sum(weights[: len(found)]) <= BUTTONS < sum(weights[: len(found) + 1])


def test_eighty_tasks_of_a_case_fit_behind_one_button() -> None:
    tasks = tuple(f"K7Q2:every.step_{n:02}:1:1" for n in range(80))
    whole = Button(action=Action.FORM, label="Answer all", tasks=tasks)

    assert presses(drawn(replace(samples.PREP, lines=(), buttons=(whole,)))) == [replace(whole, label="")]


def test_a_closed_card_has_no_buttons() -> None:
    closed = TaskCard(kind=samples.PREP.kind, heading="Prep", text="Prep: all answered.", closed=True)

    assert actions(drawn(closed)) == []
