"""What Slack shows somebody who said something: an answer for their eyes alone, or a form."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.asker import Asker
from bot.chat.slack.carried import Opened
from bot.chat.slack.faults import mapped
from bot.chat.slack.modal import modal
from bot.chat.slack.render import drawn
from bot.core.errors import BookendError, ChatTrouble
from bot.core.messages import Form, Notice, Response

log = logging.getLogger("bookend.slack")

Json = Mapping[str, Any]

#: How long answers that are still on their way may take when Bookend ends, in seconds.
_GRACE = 5


class Answering:
    """Shows answers and opens forms, after Slack heard that what was said is taken."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._errands: set[asyncio.Task[None]] = set()

    def show(self, asker: Asker, said: Response) -> None:
        """Show somebody an answer right after; nobody else sees it."""
        self.later(
            self._open(asker, said) if isinstance(said, Form) and asker.trigger else self._tell(asker, said)
        )

    async def _open(self, asker: Asker, form: Form) -> None:
        try:
            with mapped():
                await self._client.views_open(
                    trigger_id=asker.trigger, view=modal(form, channel=asker.channel)
                )
        except ChatTrouble as trouble:
            log.warning("A form did not open: %s", trouble)
            await self._tell(asker, Notice(text="The form did not open. Please press again.", tone="bad"))
        except BookendError as error:
            await self._tell(asker, Notice(text=str(error), tone="bad"))

    async def _tell(self, asker: Asker, said: Response) -> None:
        what = drawn(said)
        with mapped():
            await self._client.chat_postEphemeral(
                channel=asker.channel,
                user=asker.account,
                thread_ts=asker.thread,
                text=what.text,
                blocks=what.json(),
            )

    def redraw(self, opened: Opened, view: Json) -> None:
        """Draw an open form anew, unless it changed in the meantime."""
        self.later(self._redraw(opened, view))

    async def _redraw(self, opened: Opened, view: Json) -> None:
        with mapped():
            await self._client.views_update(view_id=opened["id"], hash=opened.get("hash"), view=dict(view))

    def later(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do something right after, and only tell the log where Slack did not take it."""
        task = asyncio.create_task(_quietly(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def finish(self) -> None:
        """Let answers that are on their way arrive."""
        if self._errands:
            await asyncio.wait(self._errands, timeout=_GRACE)
        for errand in self._errands:
            errand.cancel()


async def _quietly(errand: Coroutine[Any, Any, None]) -> None:
    try:
        await errand
    except ChatTrouble as trouble:
        log.warning("An answer did not reach Slack: %s", trouble)
