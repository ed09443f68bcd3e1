"""What Teams tells a bot of somebody's deed, as Microsoft's pages on bots and Universal Actions have it."""

from __future__ import annotations

import uuid
from html import escape

from tests.chat.teams.fake.names import BOARD, BOT_MEMBER, TENANT, Json
from tests.chat.teams.fake.talking import THREAD
from tests.chat.teams.fake.tenant import Conversation, FakeTeams

#: How a mention of the bot stands in the words.
MENTION = "<at>Bookend</at>"


def activity(kind: str, who: Json, place: Conversation, teams: FakeTeams, **more: object) -> Json:
    """What every activity carries."""
    held: Json = {"tenant": {"id": who["tenantId"]}}
    where: Json = {"id": place.id, "conversationType": "personal", "tenantId": who["tenantId"]}
    if not place.personal:
        held |= {"channel": {"id": place.id}, "team": {"id": place.team}}
        where |= {"conversationType": "channel", "isGroup": True}
    said = {"id": who["id"], "name": who["name"], "aadObjectId": who["aadObjectId"]}
    return {
        "type": kind,
        "id": str(uuid.uuid4()),
        "timestamp": f"{teams.now():%Y-%m-%dT%H:%M:%S.000Z}",
        "channelId": "msteams",
        "serviceUrl": f"{teams.service}/",
        "from": said,
        "conversation": where,
        "recipient": {"id": BOT_MEMBER, "name": "Bookend"},
        "channelData": held,
        "locale": "en-GB",
    } | more


def in_thread(said: Json, thread: str) -> Json:
    """The same, as it comes from the thread of a message in a channel."""
    return said | {
        "conversation": said["conversation"] | {"id": said["conversation"]["id"] + THREAD + thread}
    }


def line(text: str, *, mention: bool = False, quoted: Json | None = None) -> Json:
    """Typed words, as they come in text and as HTML; a quoted message stands before them as a blockquote."""
    quote = ""
    if quoted:
        quote = (
            f'<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="{quoted["id"]}">'
            f"<strong>Bookend</strong><p>{escape(str(quoted.get('summary', '')))}</p></blockquote>"
        )
    shown = f"{MENTION}&nbsp;{escape(text, quote=False)}" if mention else escape(text, quote=False)
    found: Json = {
        "text": f"{MENTION} {text}\n" if mention else text,
        "textFormat": "plain",
        "attachments": [{"contentType": "text/html", "content": f"{quote}<p>{shown}</p>"}],
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Windows"}],
    }
    if mention:
        mentioned = {"id": BOT_MEMBER, "name": "Bookend"}
        found["entities"] += [{"type": "mention", "text": MENTION, "mentioned": mentioned}]
    return found


def invoke(action: Json, data: Json, *, to: str, trigger: str = "manual") -> Json:
    """An Action.Execute that was pressed, or a card that a client wants anew (`automatic`)."""
    sent = {"type": "Action.Execute", "title": action.get("title", ""), "verb": action.get("verb", "")}
    sent |= {"id": action["id"]} if "id" in action else {}
    return {
        "name": "adaptiveCard/action",
        "id": f"f:{uuid.uuid4()}",
        "replyToId": to,
        "value": {"action": sent | {"data": data}, "trigger": trigger},
    }


def installed(*, added: bool, upgrade: bool = False) -> Json:
    """Bookend was put in or taken out, or put in anew because its app is newer."""
    word = ("add" if added else "remove") + ("-upgrade" if upgrade else "")
    return {"action": word}


def members(*, added: bool, who: str = BOT_MEMBER) -> Json:
    """Somebody, or Bookend itself, came or went."""
    return {"membersAdded" if added else "membersRemoved": [{"id": who}]}


def team_event(event: str, *, channel: str = BOARD) -> Json:
    """What happened to a channel or its team, such as "channelDeleted"."""
    return {"eventType": event, "channel": {"id": channel}, "tenant": {"id": TENANT}}
