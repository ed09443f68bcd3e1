"""Looking in Slack: buttons that open a screen or turn its pages, and what is said to somebody on one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.carried import CARD, HISTORY, HOME, Screen, carried_by, place_of
from bot.chat.slack.errands import Errands, log
from bot.chat.slack.faults import mapped
from bot.chat.slack.homes import Homes
from bot.chat.slack.modal import modal
from bot.chat.slack.pieces import content
from bot.chat.slack.reception import Reception
from bot.chat.slack.screens import TITLES, drawn_screen, screen_of, waiting
from bot.core.errors import BookendError, ChatTrouble, Refused
from bot.core.messages import Card, Form, Notice, Response
from bot.core.replies import Address, Command, MessageRef
from bot.ports import Desk

Json = Mapping[str, Any]

#: What a door opens that changes nothing by itself: screens, and the form of a new appointment.
DOORS = frozenset({*TITLES, "new"})


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
        platform: str,
        patience: float,
    ) -> None:
        self._client = client
        self._reception = reception
        self._homes = homes
        self._platform = platform
        self._patience = patience
        self._errands = errands

    async def opened(self, ack: AsyncAck, body: Json) -> None:
        """Take a button that opens a screen, turns to another page of the one it is on, or opens a door."""
        account, under = str(body["user"]["id"]), body.get("view") or {}
        wanted = _wanted(body)
        drawing = asyncio.create_task(self._drawn(account, wanted, _place(body)))
        await asyncio.wait({drawing}, timeout=self._patience)
        await ack()
        turning = under.get("type") == "modal" and _same(under, wanted)
        self._errands.later(self._turn(under, drawing) if turning else self._open(body, wanted, drawing))

    async def _turn(self, under: Json, drawing: asyncio.Task[dict[str, Any]]) -> None:
        await self._update({"view_id": under["id"], "hash": under.get("hash")}, await drawing)

    async def _open(self, body: Json, wanted: Screen, drawing: asyncio.Task[dict[str, Any]]) -> None:
        inside = (body.get("view") or {}).get("type") == "modal"
        opens = self._client.views_push if inside else self._client.views_open
        ready = drawing.done()
        with mapped():
            view = await drawing if ready else waiting(wanted)
            opened = (await opens(trigger_id=str(body.get("trigger_id", "")), view=view))["view"]
        if not ready:
            await self._update({"view_id": opened["id"]}, await drawing)

    async def tell(self, account: str, trigger: str, place: str, said: Response) -> None:
        """Show somebody what their deed on a screen or on Home led to, where they look."""
        found = Screen.at(place)
        if found is None:
            return
        view, screen = found
        wanted = None if isinstance(said, Notice) else screen_of(said)
        if wanted is not None and trigger:
            shown = drawn_screen(wanted, said)
            with mapped():
                opens = self._client.views_push if on_modal(place) else self._client.views_open
                await opens(trigger_id=trigger, view=shown)
            return
        told = said if isinstance(said, Notice) else Notice(text=content(said).heading)
        if screen.word == HOME:
            self._homes.say(account, told)
            return
        await self._update({"view_id": view}, await self._drawn(account, screen, place, told))

    async def _update(self, which: Mapping[str, Any], view: dict[str, Any]) -> None:
        try:
            with mapped():
                await self._client.views_update(**which, view=view)
        except ChatTrouble as trouble:
            # closed in the meantime, or turned once more: what stands there is newer
            log.info("A screen was not drawn anew: %s", trouble)

    async def _drawn(
        self, account: str, screen: Screen, place: str, said: Notice | None = None
    ) -> dict[str, Any]:
        try:
            found = await self._reception.heard(account, lambda desk: self._seen(desk, account, screen))
            if isinstance(found, Form):
                return modal(found, channel=place)
            return drawn_screen(screen, found, said)
        except BookendError as error:
            return drawn_screen(screen, Notice(text=str(error), tone="bad"), said)

    def _seen(self, desk: Desk, account: str, screen: Screen) -> Card | Response:
        who = Address(platform=self._platform, account=account)
        if screen.word == CARD:
            channel, _, message = screen.about.partition("/")
            return desk.card(who, MessageRef(platform=self._platform, channel=channel, message=message))
        if screen.word not in DOORS:
            raise Refused("This button is from another version of Bookend. Nothing was changed.")
        words = ("case" if screen.word == HISTORY else screen.word, screen.about)
        once = f"screen:{account}:{screen.word}:{screen.about}"
        asked = tuple(filter(None, words))
        return desk.command(Command(platform=self._platform, account=account, once=once, words=asked))


def on_modal(place: str) -> bool:
    """Say whether an answer is seen on a screen in a window; Home is none."""
    found = Screen.at(place)
    return found is not None and found[1].word != HOME


def _wanted(body: Json) -> Screen:
    """Return what a button opens; what no Bookend of this version drew is refused when it is looked at."""
    try:
        found = Screen.of(json.loads(body["actions"][0]["value"]))
    except (ValueError, Refused):
        found = None
    if found is not None and found.word == CARD and not found.about:
        where = body.get("container", {})
        return Screen(word=CARD, about=f"{where.get('channel_id', '')}/{where.get('message_ts', '')}")
    return found or Screen(word="")


def _same(view: Json, wanted: Screen) -> bool:
    """Say whether a button turns a page of the screen that it stands on."""
    on = Screen.of(carried_by(view))
    return on is not None and (on.word, on.about) == (wanted.word, wanted.about)


def _place(body: Json) -> str:
    """Return where the answer to a form is seen that opens from here."""
    here = body.get("channel", {}).get("id") or body.get("container", {}).get("channel_id", "")
    return place_of(body.get("view") or {}) or str(here)
