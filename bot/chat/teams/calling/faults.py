"""What Teams answers when it does not take a call, as our own errors: later, unsure, or never.

Its errors come in two shapes, {"error": {"code"}} and {"errorCode", "message"} with JSON in the message, and
people report yet others; so a word that we know counts wherever it stands. What each means, and that only
412, 429, 502, 503 and 504 are to be tried again, is from Microsoft's pages on proactive messages and on rate
limits (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). Nothing of an answer but
such a word is ever repeated: an error of httpx names the conversation, and Teams quotes what was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.chat.teams.calling.pace import EDIT, POST, REPLY
from bot.core.errors import ChatTrouble, Never, TryLater, Undeliverable, Unsure

#: Teams works again soon by itself.
SOON = timedelta(seconds=10)
#: The longest pause of Teams' that is kept to without another try.
LONGEST = timedelta(hours=1)
#: What went wrong before anything could be sent.
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

GONE = "The message is not there any more"
#: A person or a channel that can no longer be spoken to: Teams' word -> why, in words.
LOST: Mapping[str, str] = {
    "ConversationBlockedByUser": "has blocked Bookend in Teams",
    "MessageWritesBlocked": "has blocked or removed Bookend in Teams",
    "ForbiddenOperationException": "does not have Bookend in Teams",
    "BotNotInConversationRoster": "does not have Bookend in Teams",
    "ConversationNotFound": "is not there any more",
}
#: What no later try changes: Teams' word -> the reason, in words.
NEVER: Mapping[str, tuple[Never, str]] = {
    "ActivityNotFoundInConversation": (Never.MESSAGE_GONE, GONE),
    "ActivityNotFound": (Never.MESSAGE_GONE, GONE),
    "MemberNotFoundInConversation": (Never.PERSON_LOST, "This person is not there"),
    "BotDisabledByAdmin": (Never.NO_RIGHT, "An administrator of Teams has switched Bookend off"),
    "NotEnoughPermissions": (Never.NO_RIGHT, "The Teams app lacks a right: install it anew"),
    "InvalidBotApiHost": (Never.NO_RIGHT, "Teams wants another service address for this tenant"),
    "MessageSizeTooBig": (Never.REFUSED, "The card is too large for Teams"),
}
_WORD = re.compile(r"[A-Za-z0-9_.]{1,60}", re.ASCII)


def passes(response: httpx.Response) -> bool:
    """Say whether the same call may be taken later."""
    status = response.status_code
    return status < 400 or status in (401, 408, 412, 429) or (status >= 500 and status != 501)


def trouble(response: httpx.Response, after: timedelta, *, kind: str) -> ChatTrouble:
    """Return what an answer that passes means for a call, `after` which it may be made again: a post that an
    accident answered may stand there, while everything else can be done twice.
    """
    status = response.status_code
    if status in (408, 500) or (status > 500 and status != 503):
        return _lost(f"Teams broke off in the middle ({status}).", after, kind)
    if status == 401:
        return TryLater("Teams does not accept Bookend's token (401): ask `bookend doctor`.", after)
    if status < 400:
        return TryLater(f"What answered was not Teams ({status}).", after)
    return TryLater(f"Teams asks for a pause ({status}).", after)


def unanswered(error: httpx.RequestError | TimeoutError, after: timedelta, *, kind: str) -> ChatTrouble:
    """Return what it means that no answer came."""
    if isinstance(error, NEVER_LEFT):
        return TryLater("Teams cannot be reached.", after)
    return _lost("Teams' answer was lost.", after, kind)


def never(response: httpx.Response, *, kind: str, channel: bool) -> Undeliverable:
    """Return why Teams will never take a call."""
    code, status = code_of(response), response.status_code
    if code in NEVER:
        reason, words = NEVER[code]
        return Undeliverable(f"{words} ({code}).", reason)
    # of a thread without its first message Teams says that there is no such conversation
    if status in (404, 410) and (kind == REPLY or (kind == EDIT and code not in LOST)):
        return Undeliverable(f"{GONE} ({code or status}).", Never.MESSAGE_GONE)
    if code in LOST or status in (403, 404, 410):
        who, reason = ("channel", Never.CHANNEL_LOST) if channel else ("person", Never.PERSON_LOST)
        why = LOST.get(code, "cannot be spoken to in Teams")
        return Undeliverable(f"This {who} {why} ({code or status}).", reason)
    return Undeliverable(f"Teams refused the message ({code or status}).")


def code_of(response: httpx.Response) -> str:
    """Return Teams' own word for what is wrong, "" if the answer has none."""
    known = (*LOST, *NEVER)
    told = _told(_json(response.text))
    if told in known:
        return told
    said = response.text[:5000]
    return next((word for word in known if word in said), told)


def pause_of(response: httpx.Response) -> timedelta | None:
    """Return how long Teams asks to be left alone, in seconds or until a moment by its own clock."""
    told = response.headers.get("retry-after", "")
    try:
        seconds = timedelta(seconds=int(told))
    except (ValueError, OverflowError):
        try:
            sent = parsedate_to_datetime(response.headers.get("date", ""))
            seconds = parsedate_to_datetime(told) - sent
        except (TypeError, ValueError, OverflowError):
            return None
    return min(LONGEST, max(timedelta(seconds=1), seconds))


def _lost(why: str, after: timedelta, kind: str) -> ChatTrouble:
    return Unsure(why) if kind in (POST, REPLY) else TryLater(why, after)


def _told(body: object) -> str:
    """Return the code of either shape; what is no word is none."""
    if not isinstance(body, dict):
        return ""
    error = body.get("error")
    inner = error if isinstance(error, dict) else body
    within = _json(inner.get("message"))
    told = within.get("subCode") if isinstance(within, dict) else None
    told = told or inner.get("code") or inner.get("errorCode")
    return str(told) if told and _WORD.fullmatch(str(told)) else ""


def _json(text: object) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
