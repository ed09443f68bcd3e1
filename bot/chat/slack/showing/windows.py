"""Windows: a modal opens on top of whatever somebody pressed, and is drawn anew while it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.calling.faults import mapped
from bot.chat.slack.drawing.carried import Opened
from bot.chat.slack.hearing.asker import Asker

Json = Mapping[str, Any]


async def open_window(client: AsyncWebClient, asker: Asker, view: Json) -> Opened:
    """Open a modal by what somebody just pressed, and return it as Slack has it; raise ChatTrouble."""
    # a trigger from within a modal opens the next one on top of it
    call = client.views_push if asker.view else client.views_open
    with mapped():
        opened: Opened = (await call(trigger_id=asker.trigger, view=dict(view)))["view"]
        return opened


async def draw_anew(client: AsyncWebClient, opened: Opened, view: Json) -> None:
    """Draw over a modal that stands; raise ChatTrouble, also where another drawing came before ours."""
    with mapped():
        await client.views_update(view_id=opened["id"], hash=opened.get("hash"), view=dict(view))
