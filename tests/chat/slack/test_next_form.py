"""A form that one window cannot hold: what found no room is one press below the answer, to the last part."""

from dataclasses import replace

import pytest

from bot.chat.slack.drawing.kit import VALUE
from bot.chat.slack.drawing.modal import modal
from bot.core.actions import Action
from bot.core.errors import WrongValues
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.replies import Filled, Pressed
from tests.chat.slack import limits
from tests.chat.slack.front import Json, front, press, submission

pytestmark = pytest.mark.anyio

FIELDS = tuple(FormField(name=f"f{n}", label="F", kind=FieldKind.TEXT) for n in range(9))
PARTS = tuple(
    FormPart(task=f"K7Q2:a.step_{n:02}:1:1", revision=1, title=f"Step {n}", fields=FIELDS) for n in range(25)
)
LONG = Form(heading="Consultation", label="", parts=PARTS, submit="Confirm")


def offered(whisper: Json) -> Json:
    """The button of what is still to be asked."""
    (button,) = [each for block in whisper["blocks"] for each in limits.elements(block)]
    return dict(button)


async def test_each_answer_leads_to_the_next_form_until_every_part_was_asked() -> None:
    async with front() as on:
        view, asked, labels = modal(LONG, channel="D0JO"), [], []
        while True:
            on.desk.says = Notice(text="9 items: confirmed.", tone="good")
            await on.interact(submission(view))
            await on.slack.until_said(2 * len(labels) + 1)
            filled = on.desk.heard[-1]
            assert isinstance(filled, Filled)
            asked += [*filled.entries]
            if len(asked) == len(PARTS):
                break
            button = offered(on.slack.whispers[-1])
            labels.append(button["text"]["text"])
            on.desk.says = replace(LONG, parts=PARTS[len(asked) :])
            await on.interact(press(button["value"], at=f"{len(labels)}.5", trigger=f"t{len(labels)}"))
            await on.slack.until_said(2 * len(labels))
            view = on.slack.views[-1]

        assert asked == [part.task for part in PARTS]
        assert labels == ["Answer the next 16", "Answer the next 7"]


async def test_the_button_opens_the_form_of_exactly_what_is_left() -> None:
    async with front() as on:
        await on.interact(submission(modal(LONG, channel="D0JO")))
        await on.slack.until_said()

        await on.interact(press(offered(on.slack.whispers[-1])["value"]))

        pressed = on.desk.heard[-1]
        assert isinstance(pressed, Pressed)
        assert (pressed.action, pressed.tasks) == (Action.FORM, tuple(part.task for part in PARTS[9:]))


async def test_a_mistake_keeps_the_form_open_and_leads_nowhere() -> None:
    async with front() as on:
        on.desk.says = WrongValues({"f0": "Please fill this in."})

        answer = await on.interact(submission(modal(LONG, channel="D0JO")))

        assert answer.json()["response_action"] == "errors"
        assert on.slack.whispers == []


def test_of_many_long_tasks_the_next_button_carries_as_many_as_slack_lets_it() -> None:
    parts = tuple(
        replace(PARTS[0], task=f"K7Q2:every.step_with_a_long_name_{n:03}:{n}:1", fields=())
        for n in range(300)
    )

    view = modal(replace(LONG, parts=parts), channel="D0JO")

    assert limits.of_view(view) == []
    assert len(view["private_metadata"]) <= 3000 and VALUE == 2000


def test_what_no_button_opens_stays_on_the_card_and_the_form_says_so() -> None:
    view = modal(replace(LONG, action=Action.PLAN), channel="D0JO")

    assert "16 more stay on the card." in limits.words(view["blocks"])
    assert '"rest"' not in view["private_metadata"]
