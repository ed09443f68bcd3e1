"""Whatever JSON comes becomes one activity: what is missing or odd in it counts as not said.

Teams leaves things out (a button's data, a person's name, who did it), adds new kinds of activities, and may
be somebody else. Ids end up in addresses that we call: one with signs that no id has is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from bot.chat.teams.calling.addresses import THREAD, is_id
from bot.chat.teams.reaching.activity import Activity, Json, Kind

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"[A-Za-z0-9./_-]{1,80}")
#: Kinds that are somebody's doing.
_SOMEBODYS = frozenset({Kind.MESSAGE, Kind.PRESS, Kind.REFRESH, Kind.OPEN, Kind.SUBMIT})
_INSTALLED: Mapping[object, Kind] = MappingProxyType(
    {
        "add": Kind.JOINED,
        "add-upgrade": Kind.JOINED,
        "upgrade": Kind.JOINED,
        "remove": Kind.LEFT,
        "remove-upgrade": Kind.LEFT,
    }
)
_DIALOGS: Mapping[object, Kind] = MappingProxyType({"task/fetch": Kind.OPEN, "task/submit": Kind.SUBMIT})


def activity(body: object) -> Activity:
    """Return what was said; of anything that JSON can be, nothing raises."""
    conversation, _, thread = _text(body, "conversation", "id").partition(THREAD)
    found = Activity(
        kind=_kind(body),
        name=_name(body),
        id=_id(body, "id"),
        service=_text(body, "serviceUrl").rstrip("/"),
        conversation=_checked(conversation),
        thread=_checked(thread),
        personal=_sort(body) == "personal",
        channel=_channel(body, conversation),
        team=_id(body, "channelData", "team", "id"),
        account=_account(_at(body, "from")),
        member=_id(body, "from", "id"),
        others=_others(body),
        reply_to=_id(body, "replyToId"),
        text=_words(body),
        html=_html(body),
        mentions_bot=any(_of_bot(body)),
        mentioned=_mentioned(body),
        at=_moment(body),
        data=_carried(body),
        invoke=_at(body, "type") == "invoke",
    )
    return found if _whole(found) else replace(found, kind=Kind.INVOKE if found.invoke else Kind.OTHER)


def tenants(body: object) -> frozenset[str]:
    """Return every tenant that is named, in small letters: all of them are the same, or it is not genuine."""
    named = (
        _at(body, "channelData", "tenant", "id"),
        _at(body, "conversation", "tenantId"),
        _at(body, "from", "tenantId"),
    )
    return frozenset(each.lower() if isinstance(each, str) else "" for each in named if each is not None)


def _whole(found: Activity) -> bool:
    """Say whether it is known where it happened, and who did it."""
    who = found.account or found.member or found.kind not in _SOMEBODYS
    return bool(found.conversation and who)


def _kind(body: object) -> Kind:
    match _at(body, "type"):
        case "message":
            pressed = _at(body, "value") and not _text(body, "text").strip()
            return Kind.PRESS if pressed and isinstance(_at(body, "value"), dict) else Kind.MESSAGE
        case "invoke":
            return _invoked(body)
        case "installationUpdate":
            return _INSTALLED.get(_text(body, "action"), Kind.OTHER)
        case "conversationUpdate":
            return _updated(body)
    return Kind.OTHER


def _invoked(body: object) -> Kind:
    name = _text(body, "name")
    if name != "adaptiveCard/action":
        return _DIALOGS.get(name, Kind.INVOKE)
    if not isinstance(_at(body, "value", "action"), dict):
        return Kind.INVOKE
    return Kind.REFRESH if _at(body, "value", "trigger") == "automatic" else Kind.PRESS


def _updated(body: object) -> Kind:
    bot = _id(body, "recipient", "id")
    for change, kind in (("membersAdded", Kind.JOINED), ("membersRemoved", Kind.LEFT)):
        if bot and any(_id(each, "id") == bot for each in _list(body, change)):
            return kind
    return Kind.CHANGED


def _name(body: object) -> str:
    """Return what it is called, for the log: words that a person wrote are never part of it."""
    which = (_at(body, "name"), _at(body, "action"), _at(body, "channelData", "eventType"))
    said = (_at(body, "type"), next((each for each in which if each), ""))
    return " ".join(each for each in said if isinstance(each, str) and _NAME.fullmatch(each))


def _channel(body: object, conversation: str) -> str:
    """Return the channel: the one that was chosen at an installation, which is none in a personal chat."""
    if _sort(body) == "personal":
        return ""
    chosen = _id(body, "channelData", "settings", "selectedChannel", "id")
    said = _id(body, "channelData", "channel", "id") or chosen
    return said or (_checked(conversation) if _sort(body) == "channel" else "")


def _sort(body: object) -> str:
    return _text(body, "conversation", "conversationType")


def _others(body: object) -> tuple[str, ...]:
    changed = [*_list(body, "membersAdded"), *_list(body, "membersRemoved")]
    return tuple(account for each in changed if (account := _account(each)))


def _carried(body: object) -> Json:
    """Return what a button and the inputs carried: older clients send it as a message."""
    kind = _kind(body)
    if kind in (Kind.OPEN, Kind.SUBMIT):
        found = _at(body, "value", "data")
    elif _at(body, "type") == "message":
        found = _at(body, "value")
    else:
        found = _at(body, "value", "action", "data")
    return found if isinstance(found, dict) and _shallow(found) else {}


def _shallow(found: object, depth: int = 9) -> bool:
    """Say whether something is nested no deeper than what our own cards carry."""
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return depth > 0 and all(_shallow(each, depth - 1) for each in inner)


def _words(body: object) -> str:
    """Return what was typed without the mentions of Bookend: by its id, for anybody may have its name."""
    words = _text(body, "text")
    for mention in _of_bot(body):
        words = words.replace(mention, " ", 1)
    return words


def _of_bot(body: object) -> list[str]:
    bot = _id(body, "recipient", "id")
    return [text for text, whom in _mentions(body) if whom == bot]


def _mentioned(body: object) -> Mapping[str, str]:
    bot = _id(body, "recipient", "id")
    return {text: whom for text, whom in _mentions(body) if whom != bot}


def _mentions(body: object) -> Iterator[tuple[str, str]]:
    """Yield how each mention stands in the text, and whom it means."""
    for each in _list(body, "entities"):
        whom = _id(each, "mentioned", "id")
        if _at(each, "type") == "mention" and whom:
            yield _text(each, "text") or f"<at>{_text(each, 'mentioned', 'name')}</at>", whom


def _html(body: object) -> str:
    found = (each for each in _list(body, "attachments") if _at(each, "contentType") == "text/html")
    return next((text for each in found if (text := _text(each, "content"))), "")


def _moment(body: object) -> datetime | None:
    try:
        said = datetime.fromisoformat(_text(body, "timestamp"))
        return said.astimezone(UTC) if said.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _account(person: object) -> str:
    account = _text(person, "aadObjectId").lower()
    return account if _GUID.fullmatch(account) else ""


def _id(body: object, *path: str) -> str:
    return _checked(_text(body, *path))


def _checked(text: str) -> str:
    return text if is_id(text) else ""


def _text(body: object, *path: str) -> str:
    found = _at(body, *path)
    return found if isinstance(found, str) else ""


def _list(body: object, *path: str) -> list[object]:
    found = _at(body, *path)
    return found if isinstance(found, list) else []


def _at(body: object, *path: str) -> object:
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body
