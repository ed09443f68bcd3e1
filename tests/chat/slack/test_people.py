"""What the people of the tests do arrives as Slack says it would, and they can do only what stands there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.chat.slack.fake import (
    APP,
    BOARD,
    JO,
    TEAM,
    Answer,
    FakeSlack,
    Json,
    Person,
    fake_slack,
    showing,
    talking,
)

pytestmark = pytest.mark.anyio

BUTTON: Json = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Confirm"},
    "action_id": "confirm.0",
    "value": "{}",
}
CHOICE: Json = {
    "type": "radio_buttons",
    "action_id": "value",
    "options": [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("no", "yes")],
}
MODAL: Json = {
    "type": "modal",
    "callback_id": "form",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Prep"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "well",
            "label": {"type": "plain_text", "text": "Well?"},
            "element": CHOICE,
        },
        {"type": "actions", "block_id": "more", "elements": [BUTTON]},
    ],
}


@dataclass
class Kept:
    """A way that only remembers, and says what it is told to."""

    says: Json = field(default_factory=dict)
    came: list[tuple[str, Json]] = field(default_factory=list)

    async def deliver(self, kind: str, payload: Json) -> Answer:
        self.came.append((kind, payload))
        return Answer(taken=True, body=self.says)


@dataclass(kw_only=True)
class There:
    slack: FakeSlack
    jo: Person
    way: Kept

    @property
    def told(self) -> Json:
        """What was told last."""
        return self.way.came[-1][1]

    def message(self, where: str = BOARD) -> Json:
        blocks = self.slack.named([{"type": "actions", "elements": [BUTTON]}])
        return self.slack.keep(where, {"text": "Prep", "blocks": blocks})

    def form(self) -> Json:
        trigger = self.slack.triggers.made(JO)
        opened = showing.open_view(self.slack, {"trigger_id": trigger, "view": MODAL})["view"]
        return dict(opened)


@asynccontextmanager
async def there() -> AsyncIterator[There]:
    async with fake_slack() as slack:
        way = Kept()
        yield There(slack=slack, jo=Person(slack=slack, account=JO, way=way), way=way)


async def test_a_press_on_a_message_says_where_it_stands_and_what_was_pressed() -> None:
    async with there() as on:
        message = on.message()

        await on.jo.press(message, "Confirm")

        told = on.told
        assert (told["type"], told["team"]["id"], told["user"]["team_id"]) == ("block_actions", TEAM, TEAM)
        assert told["container"] == {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": BOARD,
            "is_ephemeral": False,
        }
        assert (told["channel"]["id"], told["message"]) == (BOARD, message)
        (action,) = told["actions"]
        assert (action["action_id"], action["value"]) == ("confirm.0", "{}")
        assert action["block_id"] == message["blocks"][0]["block_id"]
        assert on.slack.triggers.exchanged(told["trigger_id"]) == JO


async def test_a_press_on_what_one_person_alone_sees_carries_no_message() -> None:
    async with there() as on:
        row = {"type": "actions", "elements": [BUTTON]}
        said = {"channel": BOARD, "user": JO, "text": "Noted.", "blocks": [row]}
        talking.post_ephemeral(on.slack, said)

        await on.jo.press(on.slack.whispers[-1], "Confirm")

        assert on.told["container"]["is_ephemeral"]
        assert on.told["channel"]["id"] == BOARD
        assert "message" not in on.told


async def test_a_button_that_was_not_drawn_cannot_be_pressed() -> None:
    async with there() as on:
        with pytest.raises(AssertionError, match="Confirm"):
            await on.jo.press(on.message(), "Undo")


async def test_a_press_in_a_form_and_at_home_says_which_view() -> None:
    async with there() as on:
        form = on.form()
        home = {"type": "home", "blocks": MODAL["blocks"][1:]}
        showing.publish_view(on.slack, {"user_id": JO, "view": home})

        await on.jo.press_in_form("Confirm", {"well": "no"})
        in_form = on.told
        await on.jo.press_at_home("Confirm")

        assert in_form["container"] == {"type": "view", "view_id": form["id"]}
        assert in_form["view"]["state"]["values"]["well"]["value"]["selected_option"]["value"] == "no"
        assert on.told["view"]["type"] == "home"
        assert "channel" not in on.told and "message" not in on.told


async def test_a_form_that_is_sent_carries_what_was_filled_in_and_closes() -> None:
    async with there() as on:
        form = on.form()

        await on.jo.submit({"well": "yes"})

        state = on.told["view"]["state"]["values"]
        assert (on.told["type"], on.told["view"]["hash"]) == ("view_submission", form["hash"])
        assert state["well"]["value"]["selected_option"]["value"] == "yes"
        assert on.slack.stacks[JO] == []


@pytest.mark.parametrize(
    "values", [{}, {"well": "perhaps"}, {"ill": "no"}], ids=["empty", "no option", "no field"]
)
async def test_what_slacks_own_window_would_not_send_is_not_sent(values: dict[str, str]) -> None:
    async with there() as on:
        on.form()

        with pytest.raises(AssertionError):
            await on.jo.submit(values)

        assert on.way.came == []


async def test_a_form_stays_or_changes_as_the_answer_says() -> None:
    async with there() as on:
        on.form()
        on.way.says = {"response_action": "errors", "errors": {"well": "Please look again."}}
        await on.jo.submit({"well": "no"})
        stays = on.jo.form
        changed = MODAL | {"title": {"type": "plain_text", "text": "Saving"}}
        on.way.says = {"response_action": "update", "view": changed}
        await on.jo.submit({"well": "no"})

        assert stays["title"]["text"] == "Prep"
        assert on.jo.form["title"]["text"] == "Saving"
        assert on.jo.form["hash"] != stays["hash"]


async def test_an_error_at_a_field_that_the_form_does_not_have_is_a_mistake_of_ours() -> None:
    async with there() as on:
        on.form()
        on.way.says = {"response_action": "errors", "errors": {"ill": "Please look again."}}

        with pytest.raises(AssertionError, match="ill"):
            await on.jo.submit({"well": "no"})


async def test_closing_a_form_is_told_where_it_was_asked_for() -> None:
    async with there() as on:
        on.form()

        await on.jo.close()

        assert (on.told["type"], on.told["is_cleared"]) == ("view_closed", False)
        assert on.slack.stacks[JO] == []


async def test_a_shortcut_carries_the_message_it_is_about() -> None:
    async with there() as on:
        message = on.message()

        await on.jo.use_shortcut(message, "report_problem")

        told = on.told
        assert (told["type"], told["callback_id"]) == ("message_action", "report_problem")
        assert (told["message"], told["message_ts"], told["channel"]["id"]) == (message, message["ts"], BOARD)


async def test_a_line_stands_in_the_conversation_and_is_told_with_its_escapes() -> None:
    async with there() as on:
        await on.jo.say("<b> & more", thread="1.0")

        kind, told = on.way.came[-1]
        assert (kind, told["type"], told["api_app_id"]) == ("events_api", "event_callback", APP)
        assert told["authorizations"][0]["team_id"] == TEAM
        assert (told["event"]["text"], told["event"]["channel_type"]) == ("&lt;b&gt; &amp; more", "im")
        assert on.slack.messages["D0JO"][0]["thread_ts"] == "1.0"


async def test_a_mention_a_look_at_home_and_a_command_arrive_each_in_its_form() -> None:
    async with there() as on:
        await on.jo.mention("status", channel=BOARD)
        await on.jo.open_home()
        on.way.says = {"response_type": "ephemeral", "text": "Nothing needs you."}
        await on.jo.command("status")

        events = [told["event"]["type"] for kind, told in on.way.came if kind == "events_api"]
        assert events == ["app_mention", "app_home_opened"]
        assert on.way.came[0][1]["event"]["text"] == "<@U0BOT> status"
        assert (on.told["command"], on.told["channel_id"]) == ("/bookend", "D0JO")
        assert on.slack.whispers[-1]["text"] == "Nothing needs you."
        assert len({told["event_id"] for _, told in on.way.came[:2]}) == 2
