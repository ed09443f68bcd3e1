"""What one person is told alone: where they asked, else in their direct messages.

A channel that another company is in, or where Bookend is not, gets no case to see, not even for one person's
eyes: there it is only said where the answer is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, ButtonElement
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.pace import Urgency
from bot.chat.slack import log
from bot.chat.slack.calling.faults import mapped
from bot.chat.slack.drawing.carried import OPEN, Screen
from bot.chat.slack.drawing.kit import LABEL, Drawn, message, plain, section
from bot.chat.slack.drawing.render import in_full, over
from bot.chat.slack.drawing.screens import screen_of
from bot.chat.slack.hearing.asker import Asker
from bot.chat.slack.people.members import Members
from bot.chat.slack.showing.looking import Looking
from bot.core.errors import ChatTrouble, TryLater, Undeliverable
from bot.core.messages import Form, Response

#: What is said where the answer itself must not stand.
ELSEWHERE = "I answered in your direct messages."
_PRESS = "This needs a form."
#: What rings: an answer may repeat what was typed, and a direct message is shown on a locked telephone.
_RINGS = "I answered you: the message says what."


class Whispers:
    """Tells one person something that nobody else sees."""

    def __init__(self, client: AsyncWebClient, members: Members, looking: Looking) -> None:
        self._client = client
        self._members = members
        self._looking = looking

    async def here(self, asker: Asker) -> bool:
        """Say whether an answer may stand where somebody asked."""
        try:
            if asker.anywhere and asker.channel.startswith("D"):
                return asker.channel == await self._members.conversation(asker.account)
            # whatever else comes from a direct conversation was written to Bookend in it
            direct = asker.channel.startswith("D")
            return bool(asker.channel) and (direct or await self._members.ours_alone(asker.channel))
        except ChatTrouble:
            return False

    async def room(self, asker: Asker) -> str:
        """Return the channel in which somebody asked, "" for one that is not the clinic's alone."""
        return asker.channel if not asker.channel.startswith("D") and await self.here(asker) else ""

    async def tell(self, asker: Asker, said: Response) -> None:
        """Show an answer to whoever asked, on the screen they look at; raise ChatTrouble where Slack takes it
        nowhere.
        """
        if Screen.at(asker.channel):
            await self._looking.tell(asker, said)
            return
        await self.show(asker, shown(asker, said))

    async def show(self, asker: Asker, some: Sequence[Drawn]) -> None:
        """Show messages to whoever asked, and to nobody else; Slack's pauses are waited for."""
        for what in some:
            await self._patiently(asker, what)

    async def _patiently(self, asker: Asker, what: Drawn) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + Urgency.PERSON.longest
        while True:
            try:
                return await self._show(asker, what)
            except TryLater as pause:
                # it was not sent, and nobody else will say it
                wait = pause.after.total_seconds()
                if clock() + wait > until:
                    raise
                await asyncio.sleep(wait)

    async def _show(self, asker: Asker, what: Drawn) -> None:
        if not await self.here(asker):
            await self._post(asker, what)
            if asker.channel and not asker.anywhere:
                await self._point(asker)
            return
        try:
            await self._whisper(asker, what)
        except Undeliverable as refused:
            log.info("%s", refused)
            await self._post(asker, what)

    async def _point(self, asker: Asker) -> None:
        try:
            await self._whisper(asker, over(ELSEWHERE))
        except ChatTrouble as trouble:
            # the answer itself has arrived
            log.info("%s", trouble)

    async def _whisper(self, asker: Asker, what: Drawn) -> None:
        with mapped():
            await self._client.chat_postEphemeral(
                channel=asker.channel,
                user=asker.account,
                thread_ts=asker.thread,
                text=what.text,
                blocks=what.json(),
            )

    async def _post(self, asker: Asker, what: Drawn) -> None:
        channel = await self._members.conversation(asker.account)
        with mapped():
            await self._client.chat_postMessage(
                channel=channel, text=_RINGS, blocks=what.json(), unfurl_links=False, unfurl_media=False
            )


def shown(asker: Asker, said: Response) -> Sequence[Drawn]:
    """Draw an answer, all of it; a form that can only open by a press gets its button."""
    if not (isinstance(said, Form) and asker.again):
        return in_full(said, screen_of(said, asker.asked))
    button = ButtonElement(
        action_id=OPEN, text=plain("Open the form", LABEL), value=asker.again, style="primary"
    )
    return [message(f"{_PRESS} Press “Open the form”.", section(_PRESS), ActionsBlock(elements=[button]))]
