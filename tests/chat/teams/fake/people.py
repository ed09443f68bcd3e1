"""People who do things in Teams: they press what they see, fill in, type and mention; Bookend hears of it."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from tests.chat.teams.fake import cards, payloads
from tests.chat.teams.fake.filling import Given, carried, within
from tests.chat.teams.fake.names import BOARD, Json, direct
from tests.chat.teams.fake.tenant import Conversation, FakeTeams
from tests.chat.teams.fake.ways import Answer, Way

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@dataclass(kw_only=True)
class Person:
    """Somebody with Teams open on one device; `way` is how Bookend hears of what they do.

    What a press was answered with is seen on this device alone, until the message is edited for everybody.
    """

    teams: FakeTeams
    name: str
    way: Way
    #: What was said to them below a card, the oldest first.
    told: list[str] = field(default_factory=list)
    #: The card of the dialog that is open.
    dialog: Json = field(default_factory=dict)
    _shown: dict[str, tuple[int, Json]] = field(default_factory=dict)

    @property
    def who(self) -> Json:
        """What Teams knows of them."""
        return self.teams.people[f"29:{self.name}"]

    @property
    def account(self) -> str:
        return str(self.who["aadObjectId"])

    def own(self) -> list[Json]:
        """What Bookend said in their conversation with it, as it stands; the oldest first."""
        return self.teams.cards(self.name)

    def sees(self, message: Json) -> Json:
        """The card that stands at a message on this device."""
        edits, shown = self._shown.get(message["id"], (-1, {}))
        return shown if edits == message["edits"] else cards.content(message)

    def reads(self, message: Json) -> str:
        """All its words, a line each; a message without a card is its text."""
        return "\n".join([str(message.get("text") or ""), *cards.words(self.sees(message))]).strip()

    def card(self, *words: str, where: str = "") -> Json:
        """The newest message on which all of these words stand."""
        stand = self.teams.cards(where or self.name)
        found = [each for each in stand if all(word in self.reads(each) for word in words)]
        assert found, f"{self.name} sees no {words}: {[self.reads(each) for each in stand]}"
        return found[-1]

    def labels(self, message: Json) -> list[str]:
        """The buttons that can be pressed there."""
        return [str(action.get("title", "")) for action, _ in within(self.sees(message))]

    async def press(self, message: Json, label: str, **values: Given) -> Answer:
        """Press a button by its words, after inputs were filled in by their labels or ids."""
        action, fields = self._button(self.sees(message), label)
        place = self._place(message)
        data = carried(action, fields, values)
        if action["type"] == "Action.ToggleVisibility":
            self._toggle(message, action)
            return Answer(status=200)
        if action["type"] == "Action.Submit":
            return await self._submitted(place, message, data)
        answer = await self._tell("invoke", place, **payloads.invoke(action, data, to=message["id"]))
        if answer.taken:
            self._take(message, answer.body)
        return answer

    async def refresh(self, message: Json) -> Answer:
        """Look at a card so that the client asks for it anew; nobody pressed anything."""
        action = self.sees(message)["refresh"]["action"]
        asked = payloads.invoke(action, dict(action.get("data") or {}), to=message["id"], trigger="automatic")
        answer = await self._tell("invoke", self._place(message), **asked)
        if answer.taken:
            self._take(message, answer.body)
        return answer

    async def send_dialog(self, label: str, **values: Given) -> Answer:
        """Send the open dialog off by one of its buttons."""
        data = carried(*self._button(self.dialog, label), values)
        said = {"name": "task/submit", "value": {"data": data, "context": {"theme": "default"}}}
        answer = await self._tell("invoke", self._own(), **said)
        self._show_dialog(answer)
        return answer

    async def say(self, text: str, *, quoted: Json | None = None) -> Answer:
        """Type something to Bookend, as a reply to a message where one is quoted."""
        return await self._typed(self._own(), payloads.line(text, quoted=quoted))

    async def mention(self, text: str, *, channel: str = BOARD, under: Json | None = None) -> Answer:
        """Speak to Bookend by its name where others hear it, in the thread of a message or beside it."""
        place = self.teams.conversations[channel]
        return await self._typed(place, payloads.line(text, mention=True), thread=under and under["id"])

    async def install(self, *, upgrade: bool = False) -> Answer:
        """Put Bookend into their chat; Teams tells of it in two ways."""
        self.teams.without.discard(self.who["id"])
        self.teams.blocking.discard(self.who["id"])
        told = await self._tell(
            "installationUpdate", self._own(), **payloads.installed(added=True, upgrade=upgrade)
        )
        if not upgrade:
            await self._tell("conversationUpdate", self._own(), **payloads.members(added=True))
        return told

    async def remove(self) -> Answer:
        """Take Bookend out of their chat."""
        self.teams.without.add(self.who["id"])
        return await self._tell("installationUpdate", self._own(), **payloads.installed(added=False))

    def block(self) -> None:
        """Block Bookend: it hears nothing of that until it speaks."""
        self.teams.blocking.add(self.who["id"])

    async def install_in_team(self, *, channel: str = BOARD) -> Answer:
        """Put Bookend into the team, from one of its channels."""
        place = self.teams.conversations[channel]
        self.teams.teams.setdefault(place.team, set()).add(self.who["id"])
        return await self._tell("conversationUpdate", place, **payloads.members(added=True))

    async def happens(self, event: str, *, channel: str = BOARD, **more: object) -> Answer:
        """Do something to a channel or its team, such as "channelDeleted"."""
        place = self.teams.conversations[channel]
        said = payloads.activity("conversationUpdate", self.who, place, self.teams, **more)
        said["channelData"] |= payloads.team_event(event, channel=channel)
        return await self.way.deliver(said)

    async def _typed(self, place: Conversation, said: Json, *, thread: str | None = None) -> Answer:
        kept = {"from": {"id": self.who["id"]}, "text": said["text"]} | ({"thread": thread} if thread else {})
        id = self.teams.keep(place, kept)["id"]
        activity = payloads.activity("message", self.who, place, self.teams, **said, id=id)
        # a new post in a channel is the root of its own thread
        root = "" if place.personal else thread or id
        return await self.way.deliver(payloads.in_thread(activity, root) if root else activity)

    async def _submitted(self, place: Conversation, message: Json, data: Json) -> Answer:
        if data.get("msteams", {}).get("type") == "task/fetch":
            said = {"name": "task/fetch", "value": {"data": data, "context": {"theme": "default"}}}
            answer = await self._tell("invoke", place, replyToId=message["id"], **said)
            self._show_dialog(answer)
            return answer
        return await self._tell("message", place, replyToId=message["id"], value=data)

    async def _tell(self, kind: str, place: Conversation, **more: object) -> Answer:
        return await self.way.deliver(payloads.activity(kind, self.who, place, self.teams, **more))

    def _button(self, card: Json, label: str) -> tuple[Json, list[Json]]:
        there = [each for each in within(card) if each[0].get("title") == label]
        assert there, f"no {label!r} among {[each.get('title') for each, _ in within(card)]}"
        return there[0]

    def _take(self, message: Json, body: Json) -> None:
        """Show what a press was answered with; what Teams could not show is an AssertionError."""
        kind, value = body.get("type"), body.get("value")
        assert isinstance(body.get("statusCode"), int), f"no answer of a card: {body}"
        if kind == CARD:
            assert isinstance(value, dict)
            cards.check(value)
            self._shown[message["id"]] = message["edits"], value
        elif kind == MESSAGE:
            assert isinstance(value, str) and value
            self.told.append(value)
        else:
            assert kind == ERROR and isinstance(value, dict), f"no answer of a card: {body}"
            self.told.append(str(value["message"]))

    def _show_dialog(self, answer: Answer) -> None:
        if not answer.taken:
            return
        assert isinstance(answer.body.get("task"), dict), f"no answer of a dialog: {answer.body}"
        task = answer.body["task"]
        self.dialog = {}
        if task["type"] == "continue":
            self.dialog = task["value"]["card"]["content"]
            cards.check(self.dialog)
        elif task["value"]:
            self.told.append(task["value"])

    def _toggle(self, message: Json, action: Json) -> None:
        card = copy.deepcopy(self.sees(message))
        for target in action["targetElements"]:
            id = target if isinstance(target, str) else target["elementId"]
            meant = [each for each in cards.parts(card) if each.get("id") == id]
            assert meant, f"nothing is called {id!r}"
            meant[0]["isVisible"] = not meant[0].get("isVisible", True)
        self._shown[message["id"]] = message["edits"], card

    def _own(self) -> Conversation:
        return self.teams.conversations[direct(self.name)]

    def _place(self, message: Json) -> Conversation:
        places = self.teams.conversations.values()
        return next(place for place in places if any(each is message for each in place.messages))
