"""Forms in Teams: they take the place of a card, come back, keep what was typed, and leave the card again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.teams.showing.answering import CLOSED
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.errors import Paced, Settled, StoreTrouble, WrongValues
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.replies import Command, Filled, Pressed
from tests.chat import samples
from tests.chat.teams.fake import Json, Person
from tests.chat.teams.front import Front, TeamsDesk, front

pytestmark = pytest.mark.anyio

TASK = "K7Q2:g.same_day_check:1:1"
ASKED = Form(
    heading="Prep",
    label="CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2",
    parts=(
        FormPart(
            task=TASK,
            revision=3,
            title="Same-day check",
            fields=(
                FormField(name="note", label="What you saw", kind=FieldKind.TEXT),
                FormField(name="room", label="Room", kind=FieldKind.TEXT, required=False),
            ),
        ),
    ),
    outcomes=((Outcome.CONFIRMED, "Confirm"), (Outcome.PROBLEM, "Problem")),
)
DONE = Notice(text="Same-day check: done · K7Q2", tone="good")


async def opened(at: Front) -> tuple[Json, Person]:
    """A card of Jo's whose form she opened."""
    card = await at.stands(samples.PREP)
    at.desk.says = ASKED
    await at.jo.press(card, "Open the form")
    return card, at.jo


async def test_a_form_takes_the_place_of_its_card_for_whoever_opened_it() -> None:
    async with front() as at:
        card, jo = await opened(at)

        assert "What you saw" in jo.reads(card) and "Save" in jo.labels(card)
        assert card["edits"] == 0


async def test_what_is_filled_in_reaches_the_desk_and_the_card_is_back_with_a_word_on_top() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.says = DONE

        await jo.press(card, "Save", **{"What you saw": "nothing odd", "Room": "2"})

        filled = at.desk.heard[-1]
        assert isinstance(filled, Filled)
        assert filled.entries == {TASK: {"note": "nothing odd", "room": "2"}}
        assert (filled.revisions, filled.account) == ({TASK: 3}, jo.account)
        assert DONE.text in jo.reads(card) and samples.PREP.heading in jo.reads(card)
        assert "What you saw" not in jo.reads(card)


async def test_what_needs_another_look_is_said_at_its_input_and_the_rest_is_kept() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.then = [WrongValues({f"{TASK}/note": "Say it without a name."}), ASKED]

        await jo.press(card, "Save", **{"What you saw": "Mrs Example", "Room": "2"})

        assert "Say it without a name." in jo.reads(card)
        inputs = {each["id"]: each.get("value") for each in fields(jo.sees(card))}
        assert {"Mrs Example", "2"} <= {*inputs.values()}
        again = at.desk.heard[-1]
        assert isinstance(again, Pressed) and again.action is Action.FORM


async def test_a_refusal_leaves_the_form_with_why_while_it_can_still_be_opened() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.then = [Settled("Only the physician may."), ASKED]

        await jo.press(card, "Save", **{"What you saw": "nothing odd"})

        assert "Only the physician may." in jo.reads(card) and "Save" in jo.labels(card)


async def test_what_could_not_be_saved_is_saved_when_save_is_pressed_again() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.then = [StoreTrouble("The database is busy."), ASKED, DONE]
        await jo.press(card, "Save", **{"What you saw": "nothing odd"})

        await jo.press(card, "Save", **{"What you saw": "nothing odd"})

        assert DONE.text in jo.reads(card)


async def test_where_the_form_cannot_be_opened_any_more_the_card_says_why() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.says = Settled("Sam Reed answered at 09:12.")

        await jo.press(card, "Save", **{"What you saw": "nothing odd"})

        assert "Sam Reed answered at 09:12." in jo.reads(card)
        assert "Save" not in jo.labels(card) and samples.PREP.heading in jo.reads(card)


async def test_back_puts_the_card_there_again_and_asks_the_desk_for_nothing_else() -> None:
    async with front() as at:
        card, jo = await opened(at)
        before = len(at.desk.heard)

        await jo.press(card, "Back")

        assert "Same-day check" in jo.reads(card) and "Save" not in jo.labels(card)
        assert len(at.desk.heard) == before


async def test_a_form_of_a_command_is_a_message_that_becomes_the_answer() -> None:
    async with front(TeamsDesk(says=replace(ASKED, action=Action.NEW))) as at:
        await at.jo.say("new")
        form = at.jo.own()[-1]
        at.desk.says = DONE

        await at.jo.press(form, "Save", **{"What you saw": "nothing odd"})
        await at.settled()

        assert DONE.text in at.jo.reads(form) and "Save" not in at.jo.labels(form) and form["edits"] == 1
        assert [type(each) for each in at.desk.heard] == [Command, Filled]


async def test_a_form_of_a_command_that_is_left_says_so() -> None:
    async with front(TeamsDesk(says=replace(ASKED, action=Action.NEW))) as at:
        await at.jo.say("new")
        form = at.jo.own()[-1]

        await at.jo.press(form, "Close")

        assert at.jo.reads(form).startswith(CLOSED)


async def test_the_form_that_follows_a_form_takes_its_place() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.says = replace(ASKED, heading="What the plan needs", action=Action.PLAN)

        await jo.press(card, "Save", **{"What you saw": "nothing odd"})

        assert "What the plan needs" in jo.reads(card) and "Save" in jo.labels(card)


async def test_another_outcome_asks_for_a_line_of_words_and_hands_it_in() -> None:
    async with front() as at:
        card, jo = await opened(at)
        await jo.press(card, "Problem")
        at.desk.says = DONE

        await jo.press(card, "Problem", **{"What is different, in one line": "cold sore"})

        filled = at.desk.heard[-1]
        assert isinstance(filled, Filled)
        assert (filled.outcome, filled.note) == (Outcome.PROBLEM, "cold sore")


async def test_a_card_is_not_drawn_over_its_open_form_but_again_once_it_is_left() -> None:
    async with front() as at:
        card, jo = await opened(at)
        changed = replace(samples.PREP, heading="Prep, changed")

        with pytest.raises(Paced) as paced:
            await at.connected.chat.update(at.ref(card), changed)
        await jo.press(card, "Back")
        await at.connected.chat.update(at.ref(card), changed)

        assert paced.value.after < timedelta(seconds=10)
        assert "Prep, changed" in jo.reads(card)


async def test_a_card_is_drawn_anew_at_once_when_its_form_was_saved() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.says = DONE
        await jo.press(card, "Save", **{"What you saw": "nothing odd"})

        await at.connected.chat.update(at.ref(card), replace(samples.PREP, heading="Prep, changed"))

        assert "Prep, changed" in jo.reads(card)


async def test_a_decision_is_drawn_over_an_open_form() -> None:
    async with front() as at:
        card, _ = await opened(at)

        await at.connected.chat.update(at.ref(card), samples.DECISION)

        assert card["edits"] == 1


async def test_the_same_form_saved_twice_is_one_delivery_and_saved_anew_is_another() -> None:
    async with front() as at:
        card, jo = await opened(at)
        at.desk.then = [WrongValues({f"{TASK}/note": "Say more."}), ASKED]
        await jo.press(card, "Save", **{"What you saw": "no"})
        await jo.press(card, "Save", **{"⚠️ What you saw": "nothing odd"})

        filled = [each for each in at.desk.heard if isinstance(each, Filled)]
        assert len({each.once for each in filled}) == len(filled) == 2


async def test_a_form_can_be_filled_in_in_a_window_and_the_card_is_drawn_under_it() -> None:
    async with front() as at:
        card, jo = await opened(at)
        await jo.press(card, "Open in a window")
        at.desk.says = DONE

        await jo.send_dialog("Save", **{"What you saw": "nothing odd"})
        await at.settled()

        filled = at.desk.heard[-1]
        assert isinstance(filled, Filled) and filled.entries[TASK]["note"] == "nothing odd"
        assert (jo.told, jo.dialog) == ([DONE.text], {})
        assert DONE.text in jo.reads(card) and card["edits"] == 1


async def test_what_is_wrong_in_a_window_is_said_in_the_window() -> None:
    async with front() as at:
        card, jo = await opened(at)
        await jo.press(card, "Open in a window")
        at.desk.then = [WrongValues({f"{TASK}/note": "Say it without a name."}), ASKED]

        await jo.send_dialog("Save", **{"What you saw": "Mrs Example"})

        assert "Say it without a name." in str(jo.dialog) and "Mrs Example" in str(jo.dialog)


async def test_a_form_of_another_version_is_refused_and_the_desk_asked_for_nothing() -> None:
    async with front() as at:
        card, jo = await opened(at)
        before = len(at.desk.heard)
        for action in jo.sees(card)["actions"]:
            action["data"] = {"b": {"form": {"does": "sing"}}}

        answer = await jo.press(card, "Save", **{"What you saw": "nothing odd"})

        assert answer.taken and "another version" in jo.reads(card)
        assert len(at.desk.heard) == before


async def test_only_what_opens_a_form_can_open_it_again() -> None:
    async with front() as at:
        card, jo = await opened(at)
        deed = '{"do":"confirm","tasks":["K7Q2:g.same_day_check:1:1"]}'
        for action in jo.sees(card)["actions"]:
            action["data"]["b"]["form"]["again"] = deed
        before = len(at.desk.heard)

        await jo.press(card, "Problem")

        assert len(at.desk.heard) == before


def fields(card: Json) -> list[Json]:
    """The inputs of a card."""
    return [each for each in card["body"] if each["type"].startswith("Input.")]
