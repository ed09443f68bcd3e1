"""Conversations and activities: what is written, and what stands there.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference.
"""

from __future__ import annotations

import copy

from tests.chat.teams.fake import cards
from tests.chat.teams.fake.names import BOT_MEMBER, TENANT, Json
from tests.chat.teams.fake.refusal import Refusal, bad
from tests.chat.teams.fake.tenant import Conversation, FakeTeams

#: Between a channel and the message whose thread is meant.
THREAD = ";messageid="


def converse(teams: FakeTeams, body: Json) -> Json:
    """POST /v3/conversations: somebody's own with Bookend, or a new post in a channel."""
    if body.get("isGroup"):
        return _post_in_channel(teams, body)
    (named,) = body.get("members") or [{}]
    who = teams.person(str(named.get("id", "")))
    tenant = body.get("tenantId") or (body.get("channelData") or {}).get("tenant", {}).get("id")
    if who is None or tenant != TENANT:
        raise bad("BadArgument")
    found = next((each for each in teams.conversations.values() if each.person == who["id"]), None)
    if found is None or who["id"] in teams.without:
        raise Refusal(403, "ForbiddenOperationException")
    return {"id": found.id}


def _post_in_channel(teams: FakeTeams, body: Json) -> Json:
    name = str((body.get("channelData") or {}).get("channel", {}).get("id", ""))
    sent = post(teams, name, body.get("activity") or {})
    return {"id": f"{name}{THREAD}{sent['id']}", "activityId": sent["id"]}


def post(teams: FakeTeams, name: str, activity: Json) -> Json:
    """POST .../activities: a message, in a thread where one is named; without its id where it became two."""
    id, _, thread = name.partition(THREAD)
    place = teams.writable(id)
    if thread:
        _root(teams, place, thread)
    fits(activity)
    held = activity.get("attachments") or []
    kept = {"thread": thread} if thread else {}
    if activity.get("text") and held:
        teams.keep(place, {**copy.deepcopy(activity), "attachments": [], **kept})
        teams.keep(place, {**copy.deepcopy(activity), "text": "", **kept})
        return {}
    return {"id": teams.keep(place, copy.deepcopy(activity) | kept)["id"]}


def edit(teams: FakeTeams, name: str, message: str, activity: Json) -> Json:
    """PUT .../activities/ID: everybody sees what stands there now, whatever they were shown before."""
    place = teams.writable(name.partition(THREAD)[0])
    found = _ours(teams, place, message)
    fits(activity)
    kept = {key: found[key] for key in ("id", "from", "thread") if key in found}
    edits = found["edits"] + 1
    found.clear()
    found |= {**copy.deepcopy(activity), **kept, "edits": edits}
    return {"id": message}


def fits(activity: Json) -> None:
    """Refuse what is no message that Teams can show."""
    held = activity.get("attachments") or []
    if activity.get("type") != "message" or not (activity.get("text") or held):
        raise bad()
    cards.check_size(activity)
    if len(held) > 1 or any(each.get("contentType") != cards.CARD for each in held):
        raise bad()
    for each in held:
        cards.check(each["content"])


def _root(teams: FakeTeams, place: Conversation, thread: str) -> None:
    if place.personal or "thread" in teams.message(place, thread):
        raise bad("BadArgument")


def _ours(teams: FakeTeams, place: Conversation, message: str) -> Json:
    found = teams.message(place, message)
    if found["from"]["id"] != BOT_MEMBER:
        raise Refusal(403, "NotEnoughPermissions")
    return found
