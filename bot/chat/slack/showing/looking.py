"""Looking in Slack: buttons that open a screen or turn its pages, and what is said to somebody on one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import buttons
from bot.chat.errands import Errands
from bot.chat.reception import Reception
from bot.chat.slack import PLATFORM, log
from bot.chat.slack.calling.faults import cause_of, mapped
from bot.chat.slack.drawing.carried import CARD, HISTORY, HOME, Opened, Screen, carried_by
from bot.chat.slack.drawing.modal import modal
from bot.chat.slack.drawing.pieces import content
from bot.chat.slack.drawing.screens import TITLES, drawn_screen, screen_of, waiting
from bot.chat.slack.hearing.asker import Asker, asker_of
from bot.chat.slack.showing.at_home import Homes
from bot.chat.slack.showing.windows import draw_anew, open_window
from bot.core.errors import BookendError, ChatTrouble, Refused
from bot.core.messages import Card, Form, Notice, Response
from bot.core.replies import Address, Command, MessageRef
from bot.ports import Desk

Json = Mapping[str, Any]

#: What a door opens that changes nothing by itself: screens, and the form of a new appointment.
DOORS = frozenset({*TITLES, "new"})

_NOT_OPENED = "The window did not open. Please press again; nothing was changed."


class Looking:
    """Shows people screens, and draws the one they look at anew after what they did on it.

    Where the desk takes longer than `patience`, in seconds, a window opens in time and is filled in then.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        reception: Reception,
        homes: Homes,
        errands: Errands,
        *,
        patience: float,
    ) -> None:
        self._client = client
        self._reception = reception
        self._homes = homes
        self._patience = patience
        self._errands = errands

    async def opened(self, ack: AsyncAck, body: Json) -> None:
        """Take a button that opens a screen, turns to another page of the one it is on, or opens a door."""
        asker, wanted, under = asker_of(body), _wanted(body), body.get("view") or {}
        drawing = asyncio.create_task(self._drawn(asker.account, wanted, asker.channel))
        await asyncio.wait({drawing}, timeout=self._patience)
        await ack()
        turning = asker.view and _same(under, wanted)
        self._errands.later(self._turn(under, drawing) if turning else self._open(asker, wanted, drawing))

    async def _turn(self, under: Json, drawing: asyncio.Task[dict[str, Any]]) -> None:
        await self._update(under, await drawing)

    async def _open(self, asker: Asker, wanted: Screen, drawing: asyncio.Task[dict[str, Any]]) -> None:
        ready = drawing.done()
        view = await drawing if ready else waiting(wanted)
        try:
            opened = await open_window(self._client, asker, view)
        except ChatTrouble as trouble:
            await self._not_opened(asker, trouble)
        else:
            if not ready:
                await self._update({"id": opened["id"]}, await drawing)

    async def _not_opened(self, asker: Asker, trouble: ChatTrouble) -> None:
        log.warning("A screen did not open: %s", trouble)
        # the same press came twice, and was answered
        if cause_of(trouble) == "exchanged_trigger_id":
            return
        if Screen.at(asker.channel):
            await self.tell(asker, Notice(text=_NOT_OPENED, tone="bad"))
        elif asker.channel:
            with mapped():
                await self._client.chat_postEphemeral(
                    channel=asker.channel, user=asker.account, text=_NOT_OPENED
                )

    async def tell(self, asker: Asker, said: Response) -> None:
        """Show somebody what their deed on a screen or on Home led to, where they look."""
        found = Screen.at(asker.channel)
        if found is None:
            return
        view, screen = found
        wanted = None if isinstance(said, Notice) else screen_of(said)
        if wanted is not None and asker.trigger:
            try:
                await open_window(self._client, asker, drawn_screen(wanted, said))
            except ChatTrouble as trouble:
                await self._not_opened(asker, trouble)
            return
        told = said if isinstance(said, Notice) else Notice(text=content(said).heading)
        if screen.word == HOME:
            self._homes.say(asker.account, told)
            return
        drawn = await self._drawn(asker.account, screen, asker.channel, told)
        await self._update({"id": view}, drawn)

    async def _update(self, opened: Opened, view: dict[str, Any]) -> None:
        try:
            await draw_anew(self._client, opened, view)
        except ChatTrouble as trouble:
            # closed in the meantime, or turned once more: what stands there is newer
            log.info("A screen was not drawn anew: %s", trouble)

    async def _drawn(
        self, account: str, screen: Screen, place: str, said: Notice | None = None
    ) -> dict[str, Any]:
        try:
            found = await self._reception.shown(account, lambda desk: self._seen(desk, account, screen))
            if isinstance(found, Form):
                return modal(found, channel=place)
            return drawn_screen(screen, found, said)
        except BookendError as error:
            return drawn_screen(screen, Notice(text=str(error), tone="bad"), said)

    def _seen(self, desk: Desk, account: str, screen: Screen) -> Card | Response:
        who = Address(platform=PLATFORM, account=account)
        if screen.word == CARD:
            channel, _, message = screen.about.partition("/")
            return desk.card(who, MessageRef(platform=PLATFORM, channel=channel, message=message))
        if screen.word not in DOORS:
            raise buttons.other_version()
        words = ("case" if screen.word == HISTORY else screen.word, screen.about)
        once = f"screen:{account}:{screen.word}:{screen.about}"
        asked = tuple(filter(None, words))
        return desk.command(Command(platform=PLATFORM, account=account, once=once, words=asked))


def _wanted(body: Json) -> Screen:
    """Return what a button opens; what no Bookend of this version drew is refused when it is looked at."""
    try:
        found = Screen.of(json.loads(body["actions"][0]["value"]))
    except (ValueError, TypeError, RecursionError, Refused):
        found = None
    if found is not None and found.word == CARD and not found.about:
        where = body.get("container", {})
        return Screen(word=CARD, about=f"{where.get('channel_id', '')}/{where.get('message_ts', '')}")
    return found or Screen(word="")


def _same(view: Json, wanted: Screen) -> bool:
    """Say whether a button turns a page of the screen that it stands on."""
    on = Screen.of(carried_by(view))
    return on is not None and (on.word, on.about) == (wanted.word, wanted.about)
