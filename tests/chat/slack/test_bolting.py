"""What Slack sends finds whoever takes it: by what it says it is, and by the name of its button or form."""

from typing import Any

import pytest

from bot.chat.slack.drawing.carried import FORM, OPEN, OTHERWISE, REPORT, SCREEN
from bot.core.replies import Command, Pointed, Pressed
from tests.chat.slack.fake import JO, TEAM
from tests.chat.slack.front import Front, front, press, submission

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


def button(name: str, value: str = '{"do":"confirm","tasks":["K7Q2:a.b:1:1"]}') -> Json:
    """A press of a button of this name."""
    pressed = press(value)
    pressed["actions"][0]["action_id"] = name
    return pressed


def menu(name: str) -> Json:
    """A use of the menu of a message."""
    where = {"channel": {"id": "D0JO"}, "message": {"ts": "1000.000001", "text": "K7Q2"}}
    return {"type": "message_action", "callback_id": name, "team": {"id": TEAM}, "user": {"id": JO}} | where


async def taken(on: Front, sent: Json) -> tuple[int, list[type]]:
    """How Slack is answered, and what the desk is asked."""
    answer = await on.interact(sent)
    return answer.status_code, [type(each) for each in on.desk.heard]


@pytest.mark.parametrize("name", ["form.0", "done", OTHERWISE, SCREEN, f"{OPEN}.new", f"x{OTHERWISE}.y"])
async def test_a_button_of_any_other_name_is_a_press(name: str) -> None:
    async with front() as on:
        assert await taken(on, button(name)) == (200, [Pressed])


async def test_the_button_of_a_typed_command_gives_that_command() -> None:
    async with front() as on:
        assert await taken(on, button(OPEN, "new")) == (200, [Command])


async def test_a_problem_is_reported_from_its_own_menu_alone() -> None:
    async with front() as on:
        assert await taken(on, menu("somebody_elses")) == (404, [])
        assert await taken(on, menu(REPORT)) == (200, [Pointed])


@pytest.mark.parametrize(
    "sent",
    [
        submission({"type": "modal", "callback_id": "somebody_elses"}),
        submission({"type": "modal", "callback_id": FORM}) | {"type": "view_closed"},
        {"type": "block_suggestion", "action_id": "form.0", "team": {"id": TEAM}, "user": {"id": JO}},
        {"type": "somebody_elses", "team": {"id": TEAM}, "user": {"id": JO}},
    ],
    ids=["another form", "a closed form", "a list to choose from", "another kind"],
)
async def test_what_is_nobodys_reaches_nobody(sent: Json) -> None:
    async with front() as on:
        assert await taken(on, sent) == (404, [])
