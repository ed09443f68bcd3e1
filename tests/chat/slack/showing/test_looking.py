"""Screens and Home in the workspace, over real HTTP: they open, turn, answer presses and are drawn anew."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.chat.slack.drawing.carried import carried_by
from bot.core.actions import Action, Button
from bot.core.errors import NotAllowed, Settled
from bot.core.messages import Notice
from bot.core.replies import Address, Command, MessageRef, Pressed
from tests.chat import boards, samples
from tests.chat.slack import limits
from tests.chat.slack.fake import JO, FakeSlack, Json, Person
from tests.chat.slack.front import IMPATIENT, Front, front

pytestmark = pytest.mark.anyio

HUNDRED = boards.crowded(100)
#: A form in which nothing is to be filled in.
FORM = replace(samples.FORM, parts=tuple(replace(part, fields=()) for part in samples.FORM.parts))


async def until(slack: FakeSlack, so: Callable[[], object]) -> None:
    """Return when something is so in the workspace."""
    async with asyncio.timeout(5):
        while not so():
            slack.said.clear()
            await slack.said.wait()


async def seen(on: Front, so: Callable[[], object]) -> str:
    await until(on.slack, so)
    return read(on.jo.form)


def read(view: Json) -> str:
    return "\n".join(limits.words(view["blocks"]))


async def board_screen(on: Front) -> Json:
    """The screen of a board of a hundred cases, opened from the answer to a command."""
    on.desk.says = HUNDRED
    await on.jo.command("status")
    await on.jo.press(await answered(on), "Show all 100")
    await until(on.slack, lambda: on.slack.stacks[JO])
    return on.jo.form


async def answered(on: Front) -> Json:
    """The answer to a command, in which there was no room for all of it."""
    await until(on.slack, lambda: "Show all" in str(on.slack.whispers))
    shown = on.slack.whispers[-1]
    return shown | {"message_ts": "1.1", "blocks": on.slack.named(shown["blocks"])}


async def test_the_answer_to_a_command_that_has_no_room_opens_as_pages() -> None:
    async with front() as on:
        view = await board_screen(on)

        assert "1 of 4" in read(view) and boards.named(HUNDRED.exceptions[0]) in read(view)
        assert carried_by(view) == {"screen": "status"}
        asked = [each.words for each in on.desk.heard if isinstance(each, Command)]
        assert asked == [("status",), ("status",)]


async def test_pages_are_turned_in_the_same_window() -> None:
    async with front() as on:
        await board_screen(on)

        await on.jo.press_in_form("Next")
        second = await seen(on, lambda: "2 of 4" in read(on.jo.form))
        await on.jo.press_in_form("Previous")
        first = await seen(on, lambda: "1 of 4" in read(on.jo.form))

        assert len(on.slack.stacks[JO]) == 1
        assert (
            boards.named(HUNDRED.exceptions[0]) not in second and boards.named(HUNDRED.exceptions[0]) in first
        )


async def test_every_case_is_found_by_turning_the_pages_once_each() -> None:
    async with front() as on:
        await board_screen(on)
        told = [read(on.jo.form)]

        for page in range(2, 5):
            await on.jo.press_in_form("Next")
            told.append(await seen(on, lambda page=page: f"{page} of 4" in read(on.jo.form)))

        text = "\n".join(told)
        assert [text.count(boards.named(row)) for row in HUNDRED.rows] == [1] * 100


async def test_a_page_is_turned_only_where_the_window_stands_as_it_was_seen() -> None:
    async with front() as on:
        view = await board_screen(on)
        on.slack.troubles["views.update"].append("refuse:hash_conflict")

        await on.jo.press_in_form("Next")
        await on.jo.press_in_form("Next")
        await seen(on, lambda: "2 of 4" in read(on.jo.form))

        updates = [args for name, args in on.slack.calls if name == "views.update"]
        assert [args["hash"] for args in updates] == [view["hash"]] * 2


async def test_a_card_that_is_longer_than_a_message_is_read_whole_where_it_stands() -> None:
    lines = tuple(replace(samples.WORKLIST.lines[0], number=number) for number in range(1, 101))
    long = replace(samples.WORKLIST, lines=lines)
    async with front() as on:
        ref = await on.connected.chat.send(long, Address(platform="slack", account=JO), once="a")
        on.desk.stands = long

        await on.jo.press(on.slack.messages[ref.channel][0], "Show all 100")
        text = await seen(on, lambda: on.slack.stacks[JO])

        assert "1 of 4" in text
        assert on.desk.looked == [Address(platform="slack", account=JO), ref]
        await on.jo.press_in_form("Next")
        await until(on.slack, lambda: len(on.desk.looked) == 4)
        assert on.desk.looked[-1] == MessageRef(platform="slack", channel=ref.channel, message=ref.message)


async def test_a_press_on_a_screen_is_answered_at_its_top_and_the_screen_is_drawn_anew() -> None:
    async with front() as on:
        await case_screen(on)
        on.desk.says = Notice(text="Arrived: K7Q2, noted.", tone="good")

        await on.jo.press_in_form("Arrived")
        text = await seen(on, lambda: "noted." in read(on.jo.form))

        assert text.startswith("✅ Arrived: K7Q2, noted.")
        pressed = [each for each in on.desk.heard if isinstance(each, Pressed)]
        assert (pressed[-1].action, pressed[-1].account) == (Action.MARK, JO)
        assert "noted." not in str(on.slack.whispers)


async def case_screen(on: Front) -> Json:
    """The screen of a case, opened from the board."""
    await board_screen(on)
    on.desk.says = samples.CASE
    await on.jo.press_in_form(HUNDRED.exceptions[0].code)
    await until(on.slack, lambda: len(on.slack.stacks[JO]) == 2)
    return on.jo.form


async def test_a_case_opens_on_top_of_the_board_and_its_history_on_top_of_that() -> None:
    async with front() as on:
        view = await case_screen(on)

        assert carried_by(view) == {"screen": "case", "about": "K7Q2"}
        await on.jo.press_in_form("History")
        text = await seen(on, lambda: len(on.slack.stacks[JO]) == 3)
        assert on.jo.form["title"]["text"] == "History"
        assert all(line in text for line in samples.CASE.history)


async def test_a_form_on_top_of_a_screen_closes_and_the_screen_beneath_says_what_happened() -> None:
    async with front() as on:
        beneath = await case_screen(on)
        on.desk.says = FORM
        await on.jo.press_in_form("Arrived")
        await until(on.slack, lambda: len(on.slack.stacks[JO]) == 3)
        on.desk.says = Notice(text="Confirmed: Same-day check.", tone="good")

        await on.jo.submit()
        await until(on.slack, lambda: "Same-day check." in read(on.slack.opened[beneath["id"]]))

        assert on.jo.form["id"] == beneath["id"]
        assert "Confirmed" not in str(on.slack.whispers)


async def test_what_is_refused_on_a_screen_is_said_at_its_top() -> None:
    async with front() as on:
        await case_screen(on)
        on.desk.says = Settled("Sam Reed answered this 10:20.")

        await on.jo.press_in_form("Arrived")
        text = await seen(on, lambda: "Sam Reed" in read(on.jo.form))

        assert "⚠️ Sam Reed answered this 10:20." in text


async def test_a_screen_opens_in_time_though_the_desk_is_slow() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = HUNDRED
        await on.jo.command("status")
        on.desk.busy.clear()

        await on.jo.press(await answered(on), "Show all 100")
        waiting = await seen(on, lambda: on.slack.stacks[JO])
        on.desk.busy.set()
        text = await seen(on, lambda: "1 of 4" in read(on.jo.form))

        assert "One moment…" in waiting and "press again" in waiting and HUNDRED.exceptions[0].code in text


@pytest.mark.parametrize("value", ['{"screen":"cancel","about":"K7Q2"}', "3", "null", "{", "[" * 2000])
async def test_a_button_of_another_version_says_so(value: str) -> None:
    async with front() as on:
        on.desk.says = HUNDRED
        await on.jo.command("status")
        odd = await answered(on)
        odd["blocks"][-1]["elements"][0]["value"] = value

        await on.jo.press(odd, "Show all 100")
        text = await seen(on, lambda: on.slack.stacks[JO])

        assert "another version" in text
        assert [each.words for each in on.desk.heard if isinstance(each, Command)] == [("status",)]


async def test_nothing_that_a_screen_carries_is_about_a_patient() -> None:
    async with front() as on:
        await case_screen(on)
        on.desk.says = FORM
        await on.jo.press_in_form("Arrived")
        await until(on.slack, lambda: len(on.slack.stacks[JO]) == 3)

        for view in on.slack.opened.values():
            assert carried_by(view).keys() <= {
                "screen",
                "about",
                "page",
                "do",
                "tasks",
                "revisions",
                "channel",
            }
            assert samples.CASE.label not in view["private_metadata"]


async def at_home(on: Front, so: Callable[[str], object]) -> str:
    await until(on.slack, lambda: JO in on.slack.homes and so(read(on.slack.homes[JO])))
    return read(on.slack.homes[JO])


async def test_home_is_drawn_when_it_is_opened() -> None:
    async with front() as on:
        await on.jo.open_home()

        text = await at_home(on, bool)
        assert "First antiviral dose taken" in text and "Later today" in text
        assert on.desk.looked == [Address(platform="slack", account=JO)]


async def test_a_door_opens_its_screen() -> None:
    async with front() as on:
        await on.jo.open_home()
        await at_home(on, bool)
        on.desk.says = Notice(text="2 today.", lines=("09:30 · K7Q2", "14:00 · M4XD"))

        await on.jo.press_at_home("Today")
        text = await seen(on, lambda: on.slack.stacks[JO])

        assert "• 14:00 · M4XD" in text
        assert on.desk.heard[-1].words == ("today",)  # type: ignore[union-attr]


async def test_the_door_of_a_new_appointment_opens_its_form_and_home_says_what_became_of_it() -> None:
    async with front() as on:
        on.desk.at_home = replace(samples.HOME, doors=(("new", "New appointment"),))
        await on.jo.open_home()
        await at_home(on, bool)
        on.desk.says = FORM
        await on.jo.press_at_home("New appointment")
        await until(on.slack, lambda: on.slack.stacks[JO])
        on.desk.says = Notice(text="K7Q2 is booked.", tone="good")

        await on.jo.submit()

        assert "✅ K7Q2 is booked." in await at_home(on, lambda text: "booked" in text)
        assert on.slack.whispers == []


async def test_a_press_at_home_is_answered_there() -> None:
    async with front() as on:
        confirm = Button(action=Action.CONFIRM, label="Confirm", tasks=("K7Q2:g.escort:1:1",), revision=1)
        line = replace(samples.WORKLIST.lines[0], buttons=(confirm,))
        on.desk.at_home = replace(samples.HOME, mine=replace(samples.WORKLIST, lines=(line,)))
        await on.jo.open_home()
        await at_home(on, bool)
        undo = Button(action=Action.UNDO, label="Undo", tasks=("K7Q2:g.escort:1:1",), revision=2)
        on.desk.says = Notice(text="Confirmed: Escort.", tone="good", buttons=(undo,))

        await on.jo.press_at_home("Confirm")

        assert "✅ Confirmed: Escort." in await at_home(on, lambda text: "Escort." in text)
        assert "Undo" in read(on.slack.homes[JO])


async def test_a_case_on_the_board_at_home_opens_as_a_screen() -> None:
    async with front() as on:
        on.desk.at_home = replace(samples.HOME, board=HUNDRED)
        await on.jo.open_home()
        await at_home(on, bool)
        on.desk.says = samples.CASE

        await on.jo.press_at_home(HUNDRED.exceptions[0].code)
        await until(on.slack, lambda: on.slack.stacks[JO])

        assert carried_by(on.jo.form) == {"screen": "case", "about": "K7Q2"}


async def test_a_guest_and_a_stranger_read_one_sentence_at_home_and_no_case() -> None:
    async with front() as on:
        guest = Person(slack=on.slack, account="U0GUEST", way=on.jo.way)
        await guest.open_home()
        await until(on.slack, lambda: "U0GUEST" in on.slack.homes)
        on.desk.at_home = NotAllowed(
            "I do not know you yet. Ask your manager to add you to the clinic's file."
        )
        await on.jo.open_home()
        await until(on.slack, lambda: JO in on.slack.homes)

        assert "is a guest, and cases are shown to full members" in read(on.slack.homes["U0GUEST"])
        assert "Ask your manager" in read(on.slack.homes[JO])
        assert [len(each["blocks"]) for each in on.slack.homes.values()] == [1, 1]


@pytest.mark.parametrize("where", ["a message", "a screen", "home"])
async def test_a_window_that_does_not_open_says_so_where_it_was_pressed(where: str) -> None:
    async with front() as on:
        on.desk.at_home = replace(samples.HOME, board=HUNDRED)
        await board_screen(on)
        await on.jo.open_home()
        await at_home(on, bool)
        for method in ("views.open", "views.push"):
            on.slack.troubles[method].append("refuse:expired_trigger_id")

        if where == "a message":
            await on.jo.press(await answered(on), "Show all 100")
            await until(on.slack, lambda: "did not open" in on.whispered())
        elif where == "a screen":
            on.desk.says = samples.CASE
            await on.jo.press_in_form(HUNDRED.exceptions[0].code)
            await until(on.slack, lambda: "did not open" in str(on.slack.opened[on.jo.form["id"]]))
        else:
            await on.jo.press_at_home("Help")
            await at_home(on, lambda text: "did not open" in text)


async def test_a_form_that_takes_long_to_save_renews_the_screen_beneath_it() -> None:
    async with front(IMPATIENT) as on:
        beneath = await case_screen(on)
        on.desk.says = FORM
        await on.jo.press_in_form("Arrived")
        await until(on.slack, lambda: len(on.slack.stacks[JO]) == 3)
        on.desk.says = Notice(text="Confirmed: Same-day check.", tone="good")
        on.desk.busy.clear()

        await on.jo.submit()
        on.desk.busy.set()

        await until(on.slack, lambda: "Same-day check." in read(on.slack.opened[beneath["id"]]))
