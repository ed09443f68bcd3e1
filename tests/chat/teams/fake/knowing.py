"""Members and channels: who and what there is.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context.
"""

from __future__ import annotations

from tests.chat.teams.fake.names import GENERAL, Json
from tests.chat.teams.fake.refusal import Refusal, bad, gone
from tests.chat.teams.fake.talking import THREAD
from tests.chat.teams.fake.tenant import Conversation, FakeTeams


def members(teams: FakeTeams, name: str) -> list[Json]:
    """GET .../members: all of them at once."""
    place = teams.known(name.partition(THREAD)[0])
    inside = {place.person} if place.personal else teams.teams[place.team]
    return [each for id, each in teams.people.items() if id in inside]


def member(teams: FakeTeams, name: str, id: str) -> Json:
    """GET .../members/ID, by whatever name they have."""
    found = teams.person(id)
    if found is None or found not in members(teams, name):
        raise gone("MemberNotFoundInConversation")
    return found


def paged_members(teams: FakeTeams, name: str, size: str, token: str) -> Json:
    """GET .../pagedMembers: some of them, and how to get the rest; never more than the server wants to."""
    everybody, start = members(teams, name), int(token or 0)
    if size and not 50 <= int(size) <= 500:
        raise bad("BadArgument")
    page = {"members": everybody[start : start + teams.page]}
    end = start + teams.page
    return page | ({"continuationToken": str(end)} if end < len(everybody) else {})


def channels(teams: FakeTeams, team: str) -> Json:
    """GET /v3/teams/ID/conversations: the first channel has no name of its own."""
    if team not in teams.teams:
        raise Refusal(403, "BotNotInConversationRoster")
    found = [each for each in teams.conversations.values() if each.team == team]
    return {"conversations": [_channel(each) for each in found]}


def _channel(place: Conversation) -> Json:
    return {"id": place.id, "name": None if place.id == GENERAL else place.name, "type": place.type}
