"""What Slack answers when it does not take a call, as our own errors: later, unsure, or never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.errors import ChatTrouble, Never, TryLater, Undeliverable, Unsure

#: Slack works again soon by itself.
SOON = timedelta(seconds=10)
#: A person must set something right first; what waits is worth keeping until then.
ONCE_MENDED = timedelta(minutes=5)

#: Slack broke off in the middle: it may have done what was asked.
BROKE_OFF = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
#: The bot as a whole is locked out.
LOCKED_OUT = frozenset(
    {
        *("invalid_auth", "not_authed", "account_inactive", "access_denied"),
        *("token_revoked", "token_expired", "org_login_required", "team_access_not_granted"),
    }
)
#: What no later try changes: Slack's word -> the reason, in words.
NEVER: Mapping[str, tuple[Never, str]] = {
    "channel_not_found": (
        Never.CHANNEL_LOST,
        "There is no such channel, or Bookend was not invited to it",
    ),
    "not_in_channel": (Never.CHANNEL_LOST, "Bookend was not invited to this channel"),
    "is_archived": (Never.CHANNEL_LOST, "The channel is archived"),
    "user_not_found": (Never.PERSON_LOST, "There is no such person in this workspace"),
    "user_not_visible": (Never.PERSON_LOST, "There is no such person in this workspace"),
    "user_disabled": (Never.PERSON_LOST, "This person's account is switched off"),
    "users_not_found": (Never.PERSON_LOST, "There is no such person in this workspace"),
    "cannot_dm_bot": (Never.PERSON_LOST, "This account is a bot's"),
    "message_not_found": (Never.MESSAGE_GONE, "The message is not there any more"),
    "thread_not_found": (Never.MESSAGE_GONE, "The message is not there any more"),
    "cant_update_message": (Never.REFUSED, "The message is not Bookend's"),
    "missing_scope": (Never.NO_RIGHT, "The Slack app lacks a right: install it anew"),
    "restricted_action": (Never.NO_RIGHT, "The workspace does not let Bookend post there"),
}


@contextmanager
def mapped() -> Iterator[None]:
    """Raise TryLater, Unsure or Undeliverable for whatever goes wrong while Slack is called."""
    try:
        yield
    except SlackApiError as error:
        raise trouble(error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise TryLater("Slack cannot be reached.", SOON) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unsure("Slack's answer was lost.") from error
    except (AttributeError, ValueError) as error:
        # slack_sdk itself trips over an answer that is no JSON object, such as a proxy's page
        raise Unsure("What answered was not Slack.") from error


@contextmanager
def asking() -> Iterator[None]:
    """Do the same around a question: one that was lost can be asked again, and nothing was posted."""
    try:
        with mapped():
            yield
    except Unsure as lost:
        raise TryLater(str(lost), SOON) from lost


def trouble(error: SlackApiError) -> ChatTrouble:
    """Return what an answer of Slack's means for a message."""
    code, status = code_of(error), status_of(error)
    if asks_for_a_pause(error):
        return TryLater("Slack asks for a pause.", pause_of(error))
    if not code or code in BROKE_OFF or status >= 500:
        return Unsure(f"Slack broke off in the middle ({code or status}).")
    if code in LOCKED_OUT:
        return TryLater(f"Slack does not accept the bot token any more ({code}).", ONCE_MENDED)
    if code == "message_limit_exceeded":
        return TryLater("The workspace has reached Slack's message limit.", ONCE_MENDED)
    reason, words = NEVER.get(code, (Never.REFUSED, "Slack refused the message"))
    return Undeliverable(f"{words} ({code}).", reason)


def code_of(error: SlackApiError) -> str:
    """Return Slack's own word for what is wrong, "" if the answer has none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def cause_of(trouble: ChatTrouble) -> str:
    """Return Slack's own word behind one of our errors, "" where it said none."""
    return code_of(trouble.__cause__) if isinstance(trouble.__cause__, SlackApiError) else ""


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status; slack_sdk hands over two kinds of answers."""
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return int(found or 0)


def asks_for_a_pause(error: SlackApiError) -> bool:
    """Say whether Slack takes no more calls for now."""
    return status_of(error) == 429 or code_of(error) in ("ratelimited", "rate_limited")


def pause_of(error: SlackApiError) -> timedelta:
    """Return how long the pause lasts that Slack asks for."""
    headers = {str(name).lower(): value for name, value in dict(error.response.headers).items()}
    try:
        return timedelta(seconds=min(3600, max(1, int(headers.get("retry-after", 30)))))
    except (TypeError, ValueError):
        return timedelta(seconds=30)
