"""The people of the tests can do what people do in Teams, and nothing that Teams would not let them do."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.chat.teams.fake import BOARD, Answer, FakeTeams, Json, Person, direct
from tests.chat.teams.fake.talking import edit, post

pytestmark = pytest.mark.anyio

SAVE: Json = {"type": "Action.Execute", "title": "Save", "verb": "save", "data": {"b": {"k": 1}}}
BACK: Json = SAVE | {"title": "Back", "associatedInputs": "none"}
CHOICES = [{"title": "Red", "value": "0"}, {"title": "Swollen, warm", "value": "1"}]
FIELDS: list[Json] = [
    {"type": "Input.Text", "id": "p0.why", "label": "Why", "isRequired": True, "maxLength": 9},
    {"type": "Input.Number", "id": "p0.temp", "label": "Temperature", "max": 45},
    {"type": "Input.Toggle", "id": "p0.hot", "label": "Fever", "title": "She has fever"},
    {"type": "Input.ChoiceSet", "id": "p0.skin", "label": "Skin", "choices": CHOICES, "isMultiSelect": True},
    {"type": "Input.ChoiceSet", "id": "p0.one", "label": "One", "choices": CHOICES, "value": "1"},
    {"type": "Input.Date", "id": "p0.day", "label": "Day", "min": "2027-01-01"},
    {"type": "Input.Time", "id": "p0.at", "label": "At"},
]
UNTOUCHED = {"p0.hot": "false", "p0.one": "1"}


@dataclass
class Listening:
    """A bot that answers what it is told to and keeps what it heard."""

    says: list[Json] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)

    async def deliver(self, activity: Json) -> Answer:
        self.heard.append(activity)
        return Answer(status=200, body=self.says.pop(0) if self.says else {})


@dataclass
class Scene:
    teams: FakeTeams = field(default_factory=lambda: FakeTeams(url="http://teams"))
    bot: Listening = field(default_factory=Listening)

    def __post_init__(self) -> None:
        self.jo = Person(teams=self.teams, name="jo", way=self.bot)

    def stands(self, *body: Json, actions: tuple[Json, ...] = (SAVE, BACK), where: str = "") -> Json:
        """Let a card stand there and return its message."""
        place = where or direct("jo")
        id = post(self.teams, place, card(*body, actions=actions))["id"]
        return next(each for each in self.teams.conversations[place].messages if each["id"] == id)

    async def sends(self, **values: object) -> Json:
        """What a press of Save sends beside what the button has."""
        await self.jo.press(self.stands(*FIELDS), "Save", **values)
        data = dict(self.bot.heard[-1]["value"]["action"]["data"])
        assert data.pop("b") == {"k": 1}
        return data


def card(*body: Json, actions: tuple[Json, ...] = (SAVE, BACK)) -> Json:
    content = {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions)}
    held = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [held]}


def shown(text: str) -> Json:
    """The answer to a press that puts a card with these words in its place."""
    drawn = card({"type": "TextBlock", "text": text})["attachments"][0]["content"]
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": drawn}


async def test_what_was_not_touched_is_not_sent_but_ticks_and_what_stood_there_are() -> None:
    scene = Scene(bot=Listening([shown("Noted")]))

    assert await scene.sends(Why="itches") == {"p0.why": "itches", **UNTOUCHED}


async def test_everything_is_sent_as_words_and_choices_by_their_values() -> None:
    scene = Scene(bot=Listening([shown("Noted")]))

    sent = await scene.sends(
        Why="itches",
        Temperature="38.2",
        Fever=True,
        Skin=["Red", "Swollen, warm"],
        One="Red",
        Day="2027-01-12",
        At="09:30",
    )

    assert sent == {
        "p0.why": "itches",
        "p0.temp": "38.2",
        "p0.hot": "true",
        "p0.skin": "0,1",
        "p0.one": "0",
        "p0.day": "2027-01-12",
        "p0.at": "09:30",
    }


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"Why": "a" * 10},
        {"Why": "a", "Temperature": "46"},
        {"Why": "a", "Skin": ["Blue"]},
        {"Why": "a", "One": ["Red", "Swollen, warm"]},
        {"Why": "a", "Day": "2026-12-31"},
        {"Why": "a", "Who": "Jo"},
    ],
    ids=["required", "too long", "too high", "no choice", "two of one", "too early", "no such field"],
)
async def test_what_the_client_would_not_send_nobody_sends(values: dict[str, object]) -> None:
    scene = Scene()

    with pytest.raises(AssertionError):
        await scene.sends(**values)
    assert scene.bot.heard == []


async def test_a_button_that_takes_nothing_along_is_pressed_over_an_empty_field() -> None:
    scene = Scene(bot=Listening([shown("As it was")]))

    await scene.jo.press(scene.stands(*FIELDS), "Back")

    assert scene.bot.heard[-1]["value"]["action"]["data"] == {"b": {"k": 1}}


async def test_a_card_within_takes_the_outer_fields_along_and_not_the_other_way_round() -> None:
    scene = Scene(bot=Listening([shown("Noted")] * 2))
    inner = {"type": "AdaptiveCard", "body": [FIELDS[1]], "actions": [SAVE | {"title": "Save all"}]}
    more = {"type": "Action.ShowCard", "title": "More", "card": inner}
    message = scene.stands(FIELDS[0], actions=(SAVE, more))

    await scene.jo.press(message, "Save all", Why="a", Temperature="37")
    message = scene.stands(FIELDS[0], actions=(SAVE, more))
    await scene.jo.press(message, "Save", Why="a")

    all_of_it, outer = (each["value"]["action"]["data"] for each in scene.bot.heard)
    assert all_of_it.keys() == {"b", "p0.why", "p0.temp"}
    assert outer.keys() == {"b", "p0.why"}


async def test_an_answer_is_seen_on_that_device_until_the_message_is_edited() -> None:
    scene = Scene(bot=Listening([shown("A form")]))
    telephone = Person(teams=scene.teams, name="jo", way=scene.bot)
    message = scene.stands({"type": "TextBlock", "text": "A card"})

    await scene.jo.press(message, "Save")
    at_first = scene.jo.reads(message), telephone.reads(message).splitlines()[0]
    edit(scene.teams, direct("jo"), message["id"], card({"type": "TextBlock", "text": "Edited"}, actions=()))

    assert at_first == ("A form\nSave\nBack", "A card")
    assert (scene.jo.reads(message), telephone.reads(message)) == ("Edited", "Edited")


@pytest.mark.parametrize("answer", [{}, {"statusCode": 200}, {"statusCode": 200, "type": "odd", "value": ""}])
async def test_an_answer_that_teams_cannot_show_is_no_answer(answer: Json) -> None:
    scene = Scene(bot=Listening([answer]))

    with pytest.raises(AssertionError):
        await scene.jo.press(scene.stands(), "Save")


async def test_only_what_stands_there_can_be_pressed() -> None:
    scene = Scene()
    message = scene.stands(
        {"type": "ActionSet", "id": "a", "isVisible": False, "actions": [SAVE | {"title": "Hidden"}]},
        actions=({"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["a"]},),
    )

    for label in ("Nothing", "Hidden"):
        with pytest.raises(AssertionError):
            await scene.jo.press(message, label)
    await scene.jo.press(message, "More")

    assert scene.jo.labels(message) == ["Hidden", "More"]


async def test_what_somebody_types_in_a_channel_comes_from_a_thread_with_the_mention() -> None:
    scene = Scene()
    message = scene.stands(where=BOARD)

    await scene.jo.mention("status")
    await scene.jo.mention("done", under=message)

    new, under = scene.bot.heard
    assert new["conversation"]["id"] == f"{BOARD};messageid={new['id']}"
    assert under["conversation"]["id"] == f"{BOARD};messageid={message['id']}"
    assert (under["text"], under["entities"][-1]["type"]) == ("<at>Bookend</at> done\n", "mention")


async def test_a_dialog_is_opened_and_sent_off() -> None:
    fetch = {"type": "Action.Submit", "title": "Window", "data": {"msteams": {"type": "task/fetch"}, "b": {}}}
    content = {"contentType": "...", "content": card(FIELDS[0])["attachments"][0]["content"]}
    opened = {"task": {"type": "continue", "value": {"title": "Prep", "card": content}}}
    scene = Scene(bot=Listening([opened, {"task": {"type": "message", "value": "Noted."}}]))

    await scene.jo.press(scene.stands(actions=(fetch,)), "Window")
    await scene.jo.send_dialog("Save", Why="a")

    assert [each["name"] for each in scene.bot.heard] == ["task/fetch", "task/submit"]
    assert scene.bot.heard[1]["value"]["data"] == {"b": {"k": 1}, "p0.why": "a"}
    assert (scene.jo.told, scene.jo.dialog) == (["Noted."], {})
