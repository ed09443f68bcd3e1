"""What Slack shows somebody who said something: an answer for their eyes alone, or a form.

A form that is there in a moment opens by itself. Where the desk takes longer, a modal opens in time and turns
into the form, or into the answer; what a person closed meanwhile is told to them alone. Never silence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.errands import Errands
from bot.chat.forms import problems_of
from bot.chat.newest import Newest
from bot.chat.slack import log
from bot.chat.slack.calling.faults import cause_of
from bot.chat.slack.drawing import meanwhile
from bot.chat.slack.drawing.carried import Opened, Screen
from bot.chat.slack.drawing.kit import Drawn
from bot.chat.slack.hearing.asker import Asker
from bot.chat.slack.patience import Patience
from bot.chat.slack.showing.whispers import Whispers
from bot.chat.slack.showing.windows import draw_anew, open_window
from bot.core.errors import BookendError, ChatTrouble
from bot.core.messages import Form, Notice, Response

Json = Mapping[str, Any]
#: What the desk says, perhaps still on its way.
Coming = asyncio.Task[Response]
#: How many deeds are known again when Slack tells of them once more, which it does within minutes.
MOST = 5000

_NOT_OPENED = Notice(text="The form did not open. Please press again; nothing was changed.", tone="bad")
_CLOSED = Notice(text="You closed the window before the form was there. Please press again.", tone="bad")
_MOVED_ON = Notice(text="The form changed in the same moment. Please press again.", tone="bad")
_ACCIDENT = Notice(
    text="Something went wrong on my side. Please look at the card, and tell whoever runs Bookend.",
    tone="bad",
)


class Answering:
    """Shows answers and opens forms, after Slack heard that what was said is taken; each of them once."""

    def __init__(
        self, client: AsyncWebClient, whispers: Whispers, errands: Errands, patience: Patience
    ) -> None:
        self._client = client
        self._whispers = whispers
        self._errands = errands
        self._patience = patience
        # the desk gives a repeat the same answer and changes nothing; nobody reads it twice because of this
        self._shown = Newest[str, None](MOST)

    def show(self, asker: Asker, answer: Coming, *, opens: bool = False) -> None:
        """Show somebody an answer as soon as it is there; nobody else sees it, and no repeat shows it again.

        `opens` says that a form is awaited: one that takes long has a modal in its place.
        """
        first = asker.once not in self._shown
        self._shown.keep(asker.once, None)
        self._errands.later(self._show(asker, answer, opens=opens) if first else _only_end(answer))

    async def _show(self, asker: Asker, answer: Coming, *, opens: bool) -> None:
        try:
            if opens and asker.trigger and not answer.done():
                await self._meanwhile(asker, answer)
            else:
                await self.say(asker, await foreseen(answer))
        except ChatTrouble:
            raise
        except Exception:
            # what cannot be drawn is still no silence
            await self._whispers.tell(asker, accident())

    async def say(self, asker: Asker, said: Response) -> None:
        """Open a form, or tell an answer to whoever asked alone."""
        if not (isinstance(said, Form) and asker.trigger):
            await self._whispers.tell(asker, said)
            return
        try:
            await open_window(self._client, asker, meanwhile.answered(said, asker.channel))
        except ChatTrouble as trouble:
            if cause_of(trouble) != "exchanged_trigger_id":
                await self._not_opened(asker, said, trouble, _NOT_OPENED)
        except BookendError as error:
            await self._whispers.tell(asker, Notice(text=str(error), tone="bad"))

    async def _meanwhile(self, asker: Asker, answer: Coming) -> None:
        try:
            opened = await open_window(self._client, asker, meanwhile.opening(asker.channel))
        except ChatTrouble as trouble:
            if cause_of(trouble) != "exchanged_trigger_id":
                await self._not_opened(asker, await foreseen(answer), trouble, _NOT_OPENED)
            return
        await self._turn(asker, opened, await foreseen(answer))

    async def _turn(self, asker: Asker, opened: Opened, said: Response) -> None:
        """Draw an answer where a modal stands."""
        try:
            view = meanwhile.answered(said, asker.channel)
        except BookendError as error:
            said = Notice(text=str(error), tone="bad")
            view = meanwhile.answered(said, asker.channel)
        try:
            await draw_anew(self._client, opened, view)
        except ChatTrouble as trouble:
            closed = cause_of(trouble) == "not_found"
            await self._not_opened(asker, said, trouble, _CLOSED if closed else _NOT_OPENED)

    async def _not_opened(self, asker: Asker, said: Response, trouble: ChatTrouble, why: Notice) -> None:
        log.warning("A form did not open: %s", trouble)
        await self._whispers.tell(asker, why if isinstance(said, Form) and not asker.again else said)

    def add(self, asker: Asker, others: Sequence[Drawn]) -> None:
        """Show what an acknowledgement had no room for."""
        if others:
            self._errands.later(self._whispers.show(asker, others))

    def redraw(self, asker: Asker, opened: Opened, view: Json) -> None:
        """Draw an open form anew; what was drawn over in the meantime stays, and the person is told."""
        self._errands.later(self._redraw(asker, opened, view))

    async def _redraw(self, asker: Asker, opened: Opened, view: Json) -> None:
        try:
            await draw_anew(self._client, opened, view)
        except ChatTrouble as trouble:
            log.warning("A form was not drawn anew: %s", trouble)
            if cause_of(trouble) != "not_found":
                await self._whispers.tell(asker, _MOVED_ON)

    def settle(self, asker: Asker, opened: Opened, answer: Coming) -> None:
        """Say in the modal of a form, which reads "Saving…", how it ended, once that is known."""
        self._errands.later(self._settle(asker, opened, answer))

    async def _settle(self, asker: Asker, opened: Opened, answer: Coming) -> None:
        # "Saving…" is in the acknowledgement: drawn after the answer it would stand there for ever
        await asyncio.sleep(self._patience.drawn)
        said: Response
        try:
            said = await answer
            view = meanwhile.answered(said, asker.channel)
        except BookendError as error:
            said = Notice(text=f"{error} Nothing was saved.", tone="bad")
            view = meanwhile.again(opened, problems_of(error))
        except Exception:
            said = accident()
            view = meanwhile.again(opened, {"": said.text})
        await self._end(asker, {"id": opened["id"]}, view, said)

    async def _end(self, asker: Asker, opened: Opened, view: Json, said: Response) -> None:
        try:
            await draw_anew(self._client, opened, view)
        except ChatTrouble as trouble:
            log.info("A form was closed before it was saved: %s", trouble)
            await self._whispers.tell(asker, said)
        else:
            # the screen beneath shows what the form has changed
            if Screen.at(asker.channel):
                await self._whispers.tell(asker, said)


async def foreseen(answer: Coming) -> Response:
    """Return an answer; where nobody foresaw what happened, the person learns that something did."""
    try:
        return await answer
    except Exception:
        return accident()


def accident() -> Notice:
    """Keep in the log what nobody foresaw, and return what the person is told."""
    log.exception("What somebody said met an accident after it was acknowledged")
    return _ACCIDENT


async def _only_end(answer: Coming) -> None:
    await foreseen(answer)
