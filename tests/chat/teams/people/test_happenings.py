"""What people and Teams do to places: in any order, twice, and with what a manager can do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.teams.people.rollcall import ARCHIVED, DELETED, REMOVED, TEAM_DELETED, UNHEARD
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.core.replies import Address
from bot.core.staffing import BLOCKED, TAKEN_OUT, UNMET
from tests.chat.teams.fake import BOARD, JO, TEAM, account, direct
from tests.chat.teams.people.meeting import Meeting, clinic, meeting

pytestmark = pytest.mark.anyio

TO_JO = Address(platform="teams", account=JO)
IN_BOARD = Address(platform="teams", channel=BOARD)
AT = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)
LATER = AT + timedelta(seconds=5)


def told(met: Meeting, kind: Kind, at: datetime, name: str = "") -> Activity:
    """An activity of Jo's personal chat."""
    return Activity(
        kind=kind,
        name=name,
        at=at,
        service=met.teams.service,
        conversation=direct("jo"),
        personal=True,
        account=JO,
        member="29:jo",
    )


async def test_whoever_takes_bookend_out_is_not_asked_until_they_put_it_in_again() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.say("hello")
        await jo.remove()
        gone = met.places.refused(JO)
        await jo.install()

        assert (gone, met.places.refused(JO)) == (TAKEN_OUT, "")


async def test_the_same_again_changes_nothing() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        for _ in range(2):
            await jo.install()
        for _ in range(2):
            await jo.remove()

        assert met.places.refused(JO) == TAKEN_OUT


@pytest.mark.parametrize("newest_first", [False, True])
async def test_of_what_comes_in_the_wrong_order_the_newest_counts(newest_first: bool) -> None:
    async with meeting() as met:
        happened = [told(met, Kind.LEFT, AT), told(met, Kind.JOINED, LATER)]
        for each in reversed(happened) if newest_first else happened:
            await met.happenings.heard(each)

        assert (met.places.refused(JO), len(met.places.met())) == ("", 1)


async def test_a_newer_app_takes_nobody_out() -> None:
    async with meeting() as met:
        await met.person("jo").say("hello")
        await met.happenings.heard(told(met, Kind.LEFT, LATER, "installationUpdate remove-upgrade"))

        assert met.places.refused(JO) == ""


async def test_who_takes_it_out_without_saying_who_they_are_is_known_by_their_conversation() -> None:
    async with meeting() as met:
        await met.person("jo").say("hello")
        left = Activity(kind=Kind.LEFT, conversation=direct("jo"), personal=True, service=met.teams.service)

        await met.happenings.heard(left)

        assert met.places.refused(JO) == TAKEN_OUT


async def test_a_refused_message_to_somebody_counts_until_they_write_again() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.say("hello")
        await met.happenings.unreached(TO_JO)
        blocked = met.places.refused(JO)
        await jo.mention("status")
        elsewhere = met.places.refused(JO)
        await jo.say("hello again")

        assert (blocked, elsewhere, met.places.refused(JO)) == (BLOCKED, BLOCKED, "")


async def test_a_refused_message_to_somebody_who_was_never_met_says_so() -> None:
    async with meeting() as met:
        await met.happenings.unreached(TO_JO)

        assert met.places.refused(JO) == UNMET


async def test_why_somebody_cannot_be_asked_stays_what_it_was_first() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.say("hello")
        await jo.remove()

        await met.happenings.unreached(TO_JO)

        assert met.places.refused(JO) == TAKEN_OUT


@pytest.mark.parametrize(
    ("event", "back", "why"),
    [
        ("teamArchived", "teamUnarchived", ARCHIVED),
        ("teamDeleted", "teamRestored", TEAM_DELETED),
        ("channelDeleted", "channelRestored", DELETED),
    ],
)
async def test_a_channel_that_is_lost_is_so_until_teams_says_that_it_is_back(
    event: str, back: str, why: str
) -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.mention("status")
        await jo.happens(event)
        lost = met.places.refused(BOARD)
        await jo.happens(back)

        assert (lost, met.places.refused(BOARD)) == (why, "")


async def test_a_channel_that_is_deleted_takes_no_other_with_it() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.mention("status")
        await jo.happens("channelDeleted")

        assert (met.places.refused(TEAM), met.places.refused(BOARD)) == ("", DELETED)


async def test_taken_out_of_a_team_bookend_can_say_nothing_in_any_of_its_channels() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.mention("status")
        await met.happenings.heard(
            Activity(kind=Kind.LEFT, service=met.teams.service, conversation=TEAM, team=TEAM, at=LATER)
        )
        lost = [met.places.refused(each) for each in (TEAM, BOARD)]
        await met.happenings.heard(
            Activity(kind=Kind.JOINED, service=met.teams.service, conversation=TEAM, team=TEAM, at=LATER)
        )

        assert lost == [REMOVED, REMOVED]
        assert [met.places.refused(each) for each in (TEAM, BOARD)] == ["", ""]


async def test_whoever_speaks_to_bookend_in_a_team_shows_that_it_is_there_again() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.mention("status")
        await met.places.refuse(TEAM, ARCHIVED)
        await met.places.refuse(BOARD, UNHEARD)

        await jo.mention("status")

        assert [met.places.refused(each) for each in (TEAM, BOARD)] == ["", ""]


async def test_a_channel_that_others_read_is_not_said_to_be_closed() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")
        met.teams.conversations[BOARD].type = "shared"
        await met.happenings.unreached(IN_BOARD)
        shared = met.places.refused(BOARD)
        met.teams.conversations[BOARD].type = "standard"
        met.members.forget_all()
        await met.happenings.unreached(IN_BOARD)

        assert (shared, met.places.refused(BOARD)) == ("", UNHEARD)


async def test_people_who_come_to_a_team_or_leave_it_are_asked_about_anew() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")
        await met.members.with_email("ali@clinic.example")
        met.teams.join("ali")

        await met.person("jo").happens("teamMemberAdded")

        assert await met.members.with_email("ali@clinic.example") == account("ali")


async def test_whoever_writes_for_the_first_time_is_known_before_they_are_answered() -> None:
    async with meeting() as met:
        met.teams.teams.clear()
        there = clinic(jo="jo@clinic.example")
        before = await met.attend([there])

        await met.person("jo").say("hello")

        assert (before.accounts, met.looks[-1].accounts) == ({}, {"jo@clinic.example": JO})
        assert met.looks[-1].met == {JO}


async def test_whoever_is_back_counts_as_there_before_they_are_answered() -> None:
    async with meeting() as met:
        jo = met.person("jo")
        await jo.say("hello")
        await met.places.refuse(JO, BLOCKED)
        before = await met.attend([clinic(jo=JO)])

        await jo.say("hello again")

        assert (before.refused, met.looks[-1].refused) == ({JO: BLOCKED}, {})


async def test_nobody_waits_long_for_a_teams_that_does_not_say_who_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.chat.teams.people.happenings.PATIENCE", 0.05)
    async with meeting() as met:
        await met.attend([clinic(jo=JO)])
        met.teams.troubles["member"].append("hang")

        await met.person("jo").say("hello")

        assert len(met.looks) == 1
