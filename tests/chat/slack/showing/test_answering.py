"""However slow the desk is, a form opens in time, a write is taken in time, and nobody meets silence."""

import json
from typing import Any

import pytest

from bot.chat.buttons import carried
from bot.chat.slack.drawing.modal import modal
from bot.core.actions import Action, Button
from bot.core.errors import Settled, StoreTrouble, WrongValues
from bot.core.messages import Notice
from tests.chat import samples
from tests.chat.slack import limits
from tests.chat.slack.fake import BOARD, JO
from tests.chat.slack.front import IMPATIENT, LATE, Front, command, front, line, press, submission

pytestmark = pytest.mark.anyio

CHECK = "K7Q2:g.same_day_check:1:1"
ANSWER = carried(Button(action=Action.FORM, label="Answer", tasks=(CHECK,), revision=3))
CONFIRM = carried(Button(action=Action.CONFIRM, label="Confirm", tasks=(CHECK,), revision=3))
FULL = StoreTrouble("The database is locked. Nothing was kept; please try again.")


def top(on: Front) -> Any:
    """What stands open in front of the person."""
    return on.slack.opened[on.slack.stacks[JO][-1]]


def read(view: Any) -> str:
    return " ".join(limits.words(view["blocks"]))


async def test_a_form_that_is_there_in_a_moment_opens_with_one_call() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        await on.interact(press(ANSWER))
        await on.slack.until_said()

        assert (on.slack.count("views.open"), on.slack.count("views.update")) == (1, 0)


async def test_where_the_desk_is_slow_a_modal_opens_in_time_and_becomes_the_form() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.FORM
        on.desk.busy.clear()

        answer = await on.interact(press(ANSWER))
        await on.slack.until_said()

        assert answer.status_code == 200
        assert read(top(on)).startswith("One moment… Nothing was changed yet. If this still stands here")
        # by now the trigger would open nothing any more
        on.slack.clock.forward(3)
        on.desk.busy.set()
        await on.slack.until_said(2)
        assert on.slack.views[-1] == modal(samples.FORM, channel="D0JO")
        assert on.slack.whispers == []


async def test_what_is_refused_late_is_said_where_the_form_would_be() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = Settled("Answered by Sam Reed 10:20. Nothing was changed.")
        on.desk.busy.clear()

        await on.interact(press(ANSWER))
        await on.slack.until_said()
        on.desk.busy.set()
        await on.slack.until_said(2)

        assert "Sam Reed 10:20" in read(top(on))
        assert on.slack.whispers == []


async def test_a_modal_that_was_closed_meanwhile_is_not_met_with_silence() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.FORM
        on.desk.busy.clear()
        await on.interact(press(ANSWER))
        await on.slack.until_said()

        on.slack.opened.clear()
        on.desk.busy.set()
        await on.slack.until_said(2)

        assert "You closed the window" in on.whispered()


async def test_a_modal_that_somebody_else_drew_over_is_not_met_with_silence() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.FORM
        on.desk.busy.clear()
        await on.interact(press(ANSWER))
        await on.slack.until_said()

        top(on)["hash"] = "another"
        on.desk.busy.set()
        await on.slack.until_said(2)

        assert "press again" in on.whispered()


async def test_a_trigger_that_ran_out_is_answered_kindly_and_at_once() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.FORM
        on.desk.busy.clear()

        await on.interact(press(ANSWER, trigger=LATE))
        on.desk.busy.set()
        await on.slack.until_said()

        assert "did not open" in on.whispered()
        assert on.slack.views == []


async def test_a_press_that_comes_twice_opens_one_form_and_complains_of_nothing() -> None:
    async with front() as on:
        on.desk.says = samples.FORM
        again = press(ANSWER)

        await on.interact(again)
        await on.slack.until_said()
        await on.form({"payload": json.dumps(again)})
        await on.connected.stop()

        assert len(on.slack.views) == 1
        assert on.slack.whispers == []


async def test_a_press_that_comes_to_a_bot_that_began_anew_complains_of_nothing() -> None:
    async with front() as on:
        on.desk.says = samples.FORM
        on.slack.troubles["views.open"].append("refuse:exchanged_trigger_id")

        await on.interact(press(ANSWER))
        await on.connected.stop()

        assert on.slack.whispers == on.slack.views == []


async def test_an_answer_that_comes_twice_is_shown_once() -> None:
    async with front() as on:
        for at in ("1.5", "1.5", "2.5"):
            await on.interact(press(CONFIRM, at=at))
        await on.connected.stop()

        assert len(on.desk.heard) == 3
        assert len(on.slack.whispers) == 2


async def test_a_write_that_takes_long_is_taken_in_time_and_answered_after() -> None:
    async with front(IMPATIENT) as on:
        on.desk.busy.clear()

        answer = await on.interact(press(CONFIRM))

        assert answer.status_code == 200
        assert on.slack.views == on.slack.whispers == []
        on.desk.busy.set()
        await on.slack.until_said()
        assert "Noted." in on.whispered()
        assert len(on.desk.heard) == 1


@pytest.mark.parametrize("error", [FULL, RuntimeError("unforeseen")], ids=["foreseen", "unforeseen"])
async def test_a_write_that_fails_late_is_told_to_whoever_made_it(error: Exception) -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = error
        on.desk.busy.clear()

        await on.interact(press(CONFIRM))
        on.desk.busy.set()
        await on.slack.until_said()

        assert ("locked" in on.whispered()) is (error is FULL)
        assert "unforeseen" not in on.whispered()


async def test_an_answer_that_cannot_be_drawn_is_not_met_with_silence() -> None:
    async with front() as on:
        on.desk.says = Notice(text="Noted.", link=("A link without an address",))  # type: ignore[arg-type]

        await on.event(line("done"))
        await on.slack.until_said()

        assert "Something went wrong on my side" in on.whispered()


async def test_a_line_and_a_command_that_take_long_are_taken_in_time() -> None:
    async with front(IMPATIENT) as on:
        on.desk.busy.clear()

        written = await on.event(line("done"))
        commanded = await on.command(command("status"))

        assert written.status_code == 200
        assert "One moment" in commanded.json()["text"]
        on.desk.busy.set()
        await on.slack.until_said(2)
        assert {each["channel"] for each in on.slack.whispers} == {"D0JO", BOARD}


async def test_slack_that_is_slow_to_say_whose_a_channel_is_does_not_lose_the_answer_to_a_command() -> None:
    async with front(IMPATIENT) as on:
        on.slack.troubles["conversations.info"].append("wait")

        commanded = await on.command(command("status"))

        assert (commanded.status_code, len(on.desk.heard)) == (200, 1)
        assert "One moment" in commanded.json()["text"]
        on.slack.patience.set()
        await on.slack.until_said()
        assert on.slack.whispers[-1]["channel"] == BOARD
        assert "Noted" in on.whispered()


async def test_a_command_that_opens_a_form_opens_it_in_time() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.FORM
        on.desk.busy.clear()

        answer = await on.command(command("new"))
        await on.slack.until_said()

        assert (answer.status_code, answer.content) == (200, b"")
        on.slack.clock.forward(3)
        on.desk.busy.set()
        await on.slack.until_said(2)
        assert on.slack.views[-1] == modal(samples.FORM, channel=BOARD)


async def test_slack_that_is_slow_to_say_who_somebody_is_does_not_eat_the_seconds_of_a_form() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.FORM
        on.slack.troubles["users.info"].append("wait")

        answer = await on.interact(press(ANSWER))
        await on.slack.until_said()

        assert answer.status_code == 200
        assert read(top(on)).startswith("One moment… Nothing was changed yet. If this still stands here")
        on.slack.clock.forward(3)
        on.slack.patience.set()
        await on.slack.until_said(2)
        assert on.slack.views[-1] == modal(samples.FORM, channel="D0JO")


async def filled_in(on: Front) -> Any:
    """A form with everything filled in, as it stands open."""
    on.desk.says = samples.FORM
    await on.interact(press(ANSWER))
    await on.slack.until_said()
    view = top(on)
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            values[block["block_id"]] = {"value": typed_into(block["element"])}
    return submission(view)["view"] | {"id": view["id"], "state": {"values": values}}


def typed_into(element: Any) -> Any:
    match element["type"]:
        case "radio_buttons" | "static_select":
            return {"type": element["type"], "selected_option": element["options"][-1]}
        case "checkboxes" | "multi_static_select":
            return {"type": element["type"], "selected_options": element["options"][-1:]}
        case "datepicker":
            return {"type": "datepicker", "selected_date": "2027-02-18"}
        case "timepicker":
            return {"type": "timepicker", "selected_time": "09:30"}
        case _:
            return {"type": element["type"], "value": "36.8"}


async def saved_slowly(on: Front, says: Any) -> Any:
    """Send the form to a desk that is slow, and return what Slack was told in time."""
    view = await filled_in(on)
    sent = submission(view) | {"view": view}
    on.desk.busy.clear()
    on.desk.says = says
    shown = len(on.slack.views)
    answer = (await on.interact(sent)).json()
    # as Slack does with what an acknowledgement carries
    if view["id"] in on.slack.opened:
        on.slack.opened[view["id"]] |= answer["view"]
    on.desk.busy.set()
    await on.slack.until_said(shown + 1)
    return answer


async def test_a_form_that_takes_long_reads_saving_and_then_that_it_is_done() -> None:
    async with front(IMPATIENT) as on:
        answer = await saved_slowly(on, Notice(text="Same-day check: confirmed.", tone="good"))

        assert answer["response_action"] == "update"
        assert limits.of_view(answer["view"]) == []
        assert read(answer["view"]).startswith("Saving…")
        assert "in a minute, look at the card again" in read(answer["view"])
        assert "Same-day check: confirmed." in read(top(on))
        assert on.slack.whispers == []


async def test_a_form_that_was_refused_late_comes_back_with_all_that_was_typed() -> None:
    async with front(IMPATIENT) as on:
        problem = "'warm' is not a number."
        await saved_slowly(on, WrongValues({f"{CHECK}/temperature": problem}))

        view = top(on)
        assert limits.of_view(view) == []
        blocks = view["blocks"]
        at = next(n for n, each in enumerate(blocks) if each.get("block_id") == f"{CHECK}/temperature")
        assert problem in read({"blocks": [blocks[at - 1]]})
        kept = [each["element"] for each in blocks if each["type"] == "input"]
        assert kept
        for element in kept:
            (initial,) = (value for name, value in element.items() if name.startswith("initial_"))
            assert initial in typed_into(element).values()


@pytest.mark.parametrize("error", [FULL, RuntimeError("unforeseen")], ids=["foreseen", "unforeseen"])
async def test_a_form_that_could_not_be_saved_says_so_and_keeps_what_was_typed(error: Exception) -> None:
    async with front(IMPATIENT) as on:
        await saved_slowly(on, error)

        assert "initial_value" in str(top(on)["blocks"])
        assert ("locked" in read(top(on))) is (error is FULL)
        assert "⚠️" in read(top(on)) and "unforeseen" not in read(top(on))


@pytest.mark.parametrize("says", [Notice(text="Same-day check: confirmed."), FULL], ids=["done", "not done"])
async def test_who_closed_a_form_while_it_was_saved_is_told_how_it_ended(says: Any) -> None:
    async with front(IMPATIENT) as on:
        view = await filled_in(on)
        sent = submission(view) | {"view": view}
        on.desk.busy.clear()
        on.desk.says = says
        await on.interact(sent)

        on.slack.opened.clear()
        on.desk.busy.set()
        await on.slack.until_said(2)

        assert ("locked" in on.whispered()) is (says is FULL)
        assert on.slack.whispers[-1]["channel"] == "D0JO"


async def test_a_form_without_a_field_still_says_what_is_wrong() -> None:
    async with front() as on:
        on.desk.says = Settled("Answered by Sam Reed 10:20.")
        view = modal(samples.FORM, channel="D0JO")
        bare = view | {"blocks": [each for each in view["blocks"] if each["type"] != "input"]}

        answer = (await on.interact(submission(bare))).json()

        assert answer["response_action"] == "update"
        assert "Sam Reed 10:20" in read(answer["view"])


async def test_a_form_can_be_the_answer_to_a_form() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        answer = (await on.interact(submission(modal(samples.FORM, channel="D0JO")))).json()

        assert answer == {"response_action": "update", "view": modal(samples.FORM, channel="D0JO")}


async def test_not_quite_so_on_a_form_that_changed_meanwhile_is_told() -> None:
    async with front() as on:
        view = await filled_in(on)
        action = {"type": "button", "action_id": "otherwise.problem", "value": "problem", "action_ts": "1"}
        body = press("", at="9.9") | {"container": {"type": "view"}, "view": view | {"hash": "an old one"}}

        await on.interact(body | {"actions": [action]})
        await on.slack.until_said(2)

        assert "press again" in on.whispered()


async def test_an_answer_for_which_slack_asks_a_pause_is_told_after_it() -> None:
    async with front() as on:
        # a second is the shortest pause that Slack asks for
        on.slack.troubles["chat.postEphemeral"].append("429:1")

        await on.interact(press(CONFIRM))
        await on.slack.until_said()

        assert "Noted." in on.whispered()
