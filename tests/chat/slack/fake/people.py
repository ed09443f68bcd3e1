"""People who do things in the workspace: they press, fill in, type and look, and Bookend hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chat.slack.fake import payloads, showing
from tests.chat.slack.fake.names import APP, BOT_USER, TEAM, Json
from tests.chat.slack.fake.ways import Answer, Way
from tests.chat.slack.fake.workspace import FakeSlack


@dataclass(kw_only=True)
class Person:
    """Somebody with Slack open; `way` is how Bookend hears of what they do."""

    slack: FakeSlack
    account: str
    way: Way

    @property
    def direct(self) -> str:
        """Their conversation with Bookend."""
        return "D" + self.account[1:]

    @property
    def form(self) -> Json:
        """The form that lies on top."""
        return self.slack.opened[self.slack.stacks[self.account][-1]]

    async def press(self, message: Json, label: str, *, among: Sequence[Json] | None = None) -> Answer:
        """Press a button that stands on a message, by its words; `among` are the blocks that somebody saw,
        where those of the message may be others by now.
        """
        channel, ts, alone = self._place(message)
        seen = {} if alone else {"message": message, "state": {"values": {}}}
        at = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": alone}
        blocks = message["blocks"] if among is None else among
        return await self._press(blocks, label, container=at, channel=self._named(channel), **seen)

    async def press_in_form(
        self, label: str, values: Mapping[str, str | Sequence[str]] | None = None
    ) -> Answer:
        """Press a button in the form on top, after something was filled in."""
        state = payloads.filled(self.form, values or {}, sent=False)
        return await self._press_on_view(self.form | {"state": state}, label)

    async def press_at_home(self, label: str) -> Answer:
        """Press a button on Home."""
        return await self._press_on_view(self.slack.homes[self.account], label)

    async def submit(self, values: Mapping[str, str | Sequence[str]] | None = None) -> Answer:
        """Send the form on top in; it closes, changes or stays as Bookend answers."""
        view = self.form
        sent = view | {"state": payloads.filled(view, values or {})}
        answer = await self._do("view_submission", view=sent, trigger_id=self._trigger(), response_urls=[])
        if answer.taken:
            showing.answered(self.slack, self.account, view, answer.body)
        return answer

    async def close(self, *, cleared: bool = False) -> Answer | None:
        """Close the form on top; Bookend hears of it only if it asked to."""
        view = self.form
        self.slack.stacks[self.account].pop()
        if not view.get("notify_on_close"):
            return None
        return await self._do("view_closed", view=view, is_cleared=cleared)

    async def use_shortcut(self, message: Json, name: str) -> Answer:
        """Use a message shortcut."""
        channel, ts, _ = self._place(message)
        where = {"channel": self._named(channel), "message": message, "message_ts": ts}
        more = {"callback_id": name, "trigger_id": self._trigger(), "action_ts": self._at(), **where}
        return await self._do("message_action", **more)

    async def command(self, text: str, *, channel: str = "", name: str = "/bookend") -> Answer:
        """Type a command; what comes back with the acknowledgement is seen by them alone."""
        place = channel or self.direct
        what = {
            "token": "invented",
            "team_id": TEAM,
            "team_domain": "clinic",
            "channel_id": place,
            "channel_name": self._named(place)["name"],
            "user_id": self.account,
            "user_name": self.account.lower(),
            "command": name,
            "text": payloads.typed(text),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.example/commands/invented",
            "trigger_id": self._trigger(),
        }
        answer = await self.way.deliver("slash_commands", what)
        if answer.body:
            self.slack.whispers.append({"channel": place, "user": self.account, **answer.body})
        return answer

    async def say(self, text: str, *, thread: str = "", channel: str = "") -> Answer:
        """Type something to Bookend, or where it listens."""
        place = channel or self.direct
        said = {"user": self.account, "text": payloads.typed(text), "team": TEAM}
        kept = self.slack.keep(place, said | ({"thread_ts": thread} if thread else {}))
        kind = "im" if place.startswith("D") else "channel"
        return await self._tell(kept | {"channel": place, "channel_type": kind, "event_ts": kept["ts"]})

    async def mention(self, text: str, *, channel: str) -> Answer:
        """Speak to Bookend by its name where others hear it."""
        words = f"<@{BOT_USER}> {payloads.typed(text)}"
        kept = self.slack.keep(channel, {"user": self.account, "text": words, "team": TEAM})
        return await self._tell(kept | {"type": "app_mention", "channel": channel, "event_ts": kept["ts"]})

    async def open_home(self) -> Answer:
        """Look at Home."""
        seen = {"view": self.slack.homes[self.account]} if self.account in self.slack.homes else {}
        what = {"type": "app_home_opened", "user": self.account, "channel": self.direct, "tab": "home"}
        return await self._tell(what | {"event_ts": self._at(), **seen})

    async def _press_on_view(self, view: Json, label: str) -> Answer:
        at = {"type": "view", "view_id": view["id"]}
        return await self._press(view["blocks"], label, container=at, view=view)

    async def _press(self, blocks: Sequence[Json], label: str, **where: Any) -> Answer:
        drawn = [*payloads.elements(blocks)]
        there = [each for each in drawn if label in (payloads.called(each[1]), each[1]["action_id"])]
        assert there, f"no {label!r} among {[payloads.called(each) for _, each in drawn]}"
        pressed = payloads.action(*there[0], self._at())
        return await self._do("block_actions", trigger_id=self._trigger(), actions=[pressed], **where)

    async def _do(self, kind: str, **more: Any) -> Answer:
        return await self.way.deliver("interactive", payloads.deed(kind, self.account, **more))

    async def _tell(self, what: Json) -> Answer:
        number = self.slack.number()
        return await self.way.deliver(
            "events_api", payloads.event(what, f"Ev{number}", self.slack.clock.wall)
        )

    def _trigger(self) -> str:
        return self.slack.triggers.made(self.account)

    def _at(self) -> str:
        return f"1800000000.{self.slack.number():06}"

    def _named(self, channel: str) -> Json:
        return {"id": channel, "name": self.slack.conversation(channel).get("name", "directmessage")}

    def _place(self, message: Json) -> tuple[str, str, bool]:
        """Where a message stands, when it was said, and whether one person alone sees it."""
        for channel, said in self.slack.messages.items():
            if any(each is message for each in said):
                return channel, str(message["ts"]), False
        return str(message["channel"]), str(message["message_ts"]), True
