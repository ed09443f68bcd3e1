"""Slack, as we speak to it: direct messages for people, the board in a channel.

Nothing is ever repeated here: the outbox decides that, and it must know how each single try ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.pace import Urgency, hurry
from bot.chat.slack import PLATFORM
from bot.chat.slack.calling.client import SlackClient
from bot.chat.slack.calling.faults import asking, code_of, mapped
from bot.chat.slack.calling.pace import EDIT
from bot.chat.slack.calling.pins import Pins
from bot.chat.slack.drawing.kit import Drawn, line
from bot.chat.slack.drawing.render import drawn, over
from bot.chat.slack.people.members import Members
from bot.chat.slack.showing.at_home import Homes
from bot.chat.standing import Standing
from bot.core.boards import Board
from bot.core.errors import Never, Undeliverable, Unsure
from bot.core.messages import Card
from bot.core.replies import Address, MessageRef

#: The kind of our message metadata; what it carries is the outbox's opaque id and nothing else.
EVENT = "bookend_card"
#: How far back a lost message is looked for: pages, and messages on each.
PAGES, PAGE = 5, 200
#: What stands where a card was, once another company reads it.
TAKEN_BACK = "Bookend takes back what it wrote here: this channel is shared with another company."
#: How far apart Slack's clock and ours may be.
APART = timedelta(minutes=5)
#: Slack will not say whether a message arrived; it is sent once more, drawn from state.
UNKNOWABLE = ("missing_scope", "not_in_channel", "method_not_supported_for_channel_type")


Ask = Callable[..., Awaitable[AsyncSlackResponse]]


class SlackChat:
    """Keeps the Chat contract for one Slack workspace."""

    platform = PLATFORM

    def __init__(self, client: SlackClient, members: Members, homes: Homes, *, alone: bool = False) -> None:
        self._client = client
        self._members = members
        self._homes = homes
        self._pins = Pins(client)
        self._standing = Standing(alone=alone)

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Post a card; a board is pinned."""
        with hurry(_urgency(card)):
            what = drawn(card)
            ref = await self._post(await self._place(to), what, once)
            self._standing.keep(ref, what.told)
            await self._pins.follow(ref, card)
            self._seen(ref, card)
        return ref

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Return where a card that was sent with `once` stands, by its metadata or its first block."""
        oldest = f"{(since - APART).timestamp():.6f}"
        with hurry(Urgency.CARD):
            if under is None:
                where = {"channel": await self._place(to), "oldest": oldest}
                return await self._found(self._client.conversations_history, where, once)
            await self._ours(under)
            thread = {"channel": under.channel, "ts": under.message, "oldest": oldest}
            return await self._found(self._client.conversations_replies, thread, once)

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Draw a card anew where it stands."""
        with hurry(_urgency(card)):
            self._client.look(EDIT, ref.channel)
            await self._edit(ref, drawn(card))
            await self._pins.follow(ref, card)
            self._seen(ref, card)

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Add one line to a card's thread."""
        with hurry(Urgency.CARD):
            await self._ours(ref)
            await self._post(ref.channel, line(text, mention), once, thread=ref.message)

    async def retire(self, ref: MessageRef, why: str) -> None:
        """Rewrite a card to one line that says why it is over; where another company reads it now, card and
        thread to one that says nothing of it.
        """
        with hurry(Urgency.CARD):
            if await self._shared(ref.channel):
                await self._take_back(ref)
            else:
                await self._edit(ref, over(why))
            await self._pins.leave(ref)

    async def _take_back(self, ref: MessageRef) -> None:
        await self._redraw(ref, over(TAKEN_BACK))
        thread = {"channel": ref.channel, "ts": ref.message}
        with suppress(Unsure):
            for each in (await self._page(self._client.conversations_replies, thread, ""))["messages"]:
                if each["ts"] != ref.message and is_ours(each):
                    await self._redraw(replace(ref, message=str(each["ts"])), over(TAKEN_BACK))

    def _seen(self, ref: MessageRef, card: Card) -> None:
        # what is new in somebody's messages, or on the board, is so at their Home, and as urgent
        if isinstance(card, Board):
            self._homes.board_changed()
        for account in self._members.spoken_to_in(ref.channel):
            self._homes.touched(account)

    async def _post(self, channel: str, what: Drawn, once: str, *, thread: str | None = None) -> MessageRef:
        with mapped():
            answer = await self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                text=what.text,
                blocks=what.json(mark=mark(once)),
                metadata={"event_type": EVENT, "event_payload": {"outbox": once}},
                unfurl_links=False,
                unfurl_media=False,
            )
            return MessageRef(platform=PLATFORM, channel=str(answer["channel"]), message=str(answer["ts"]))

    async def _edit(self, ref: MessageRef, what: Drawn) -> None:
        await self._ours(ref)
        if not self._standing.has(ref, what.told):
            await self._redraw(ref, what)

    async def _redraw(self, ref: MessageRef, what: Drawn) -> None:
        self._standing.forget(ref)
        with mapped():
            # both, always: with a text alone Slack takes the blocks away
            await self._client.chat_update(
                channel=ref.channel, ts=ref.message, text=what.text, blocks=what.json()
            )
        self._standing.keep(ref, what.told)

    async def _place(self, to: Address) -> str:
        if to.platform != PLATFORM or bool(to.account) == bool(to.channel):
            raise Undeliverable(f"{to} is no person and no channel of Slack.")
        if to.channel:
            await self._private(to.channel)
            return to.channel
        if why := await self._members.why_not(to.account):
            raise Undeliverable(
                f"Slack's {to.account} {why}: cards go to full members of the workspace only.",
                Never.PERSON_LOST,
            )
        return await self._members.conversation(to.account)

    async def _ours(self, ref: MessageRef) -> None:
        if ref.platform != PLATFORM:
            raise Undeliverable(f"{ref} is no message of Slack.")
        await self._private(ref.channel)

    async def _shared(self, channel: str) -> bool:
        # a direct message was opened for a full member: nobody else can be in it
        return not channel.startswith("D") and await self._members.shared(channel)

    async def _private(self, channel: str) -> None:
        if await self._shared(channel):
            raise Undeliverable(
                f"Channel {channel} is shared with another company: no case is shown there.",
                Never.CHANNEL_SHARED,
            )

    async def _found(self, ask: Ask, where: Mapping[str, str], once: str) -> MessageRef | None:
        cursor = ""
        for _ in range(PAGES):
            page = await self._page(ask, where, cursor)
            with asking():
                for each in page["messages"]:
                    if carries(each, once):
                        ref = {"channel": where["channel"], "message": str(each["ts"])}
                        return MessageRef(platform=PLATFORM, **ref)
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise Unsure("Too much was written since then to be looked through.")

    async def _page(self, ask: Ask, where: Mapping[str, str], cursor: str) -> Any:
        page = None
        with asking():
            try:
                page = await ask(**where, cursor=cursor, limit=PAGE, include_all_metadata=True)
            except SlackApiError as error:
                if code_of(error) not in UNKNOWABLE:
                    raise
        if page is None:
            raise Unsure("Slack does not let us ask whether it arrived.")
        return page


def _urgency(card: Card) -> Urgency:
    return Urgency.BOARD if isinstance(card, Board) else Urgency.CARD


def mark(once: str) -> str:
    """Return the id of the first block of what was sent with `once`."""
    return f"{EVENT}:{once}"


def is_ours(sent: Mapping[str, Any]) -> bool:
    """Say whether a message went out of the outbox, as its metadata or its first block says."""
    marked = any(str(block.get("block_id")).startswith(mark("")) for block in sent.get("blocks") or ())
    return marked or (sent.get("metadata") or {}).get("event_type") == EVENT


def carries(sent: Mapping[str, Any], once: str) -> bool:
    """Say whether a message was sent with `once`."""
    payload = (sent.get("metadata") or {}).get("event_payload") or {}
    blocks = sent.get("blocks") or ()
    return payload.get("outbox") == once or any(block.get("block_id") == mark(once) for block in blocks)
