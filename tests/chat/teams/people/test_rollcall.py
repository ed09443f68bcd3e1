"""The roll call in Teams: who is there, who was never met, which channel is lost, and what to do about it."""

from __future__ import annotations

import pytest

from bot.chat.rollcall import TAKEN
from bot.chat.teams.people.members import GUEST, STRANGER
from bot.chat.teams.people.rollcall import ARCHIVED, UNHEARD, read_by, roll_call
from bot.core.errors import BookendError, Undeliverable
from bot.core.replies import Address
from bot.core.staffing import BLOCKED, TAKEN_OUT, UNMET, Lost
from bot.service.addresses import MOVED, believed
from tests.chat.teams.fake import BOARD, GENERAL, JO, account
from tests.chat.teams.people.meeting import Meeting, beside, clinic, meeting, with_channels

pytestmark = pytest.mark.anyio

ALI = account("ali")
ELSEWHERE = "0e150000-0000-4000-8000-000000000009"
OTHER = "19:other@thread.tacv2"


async def meet(met: Meeting, *names: str) -> None:
    for name in names:
        met.teams.join(name)
        await met.person(name).say("hello")


async def test_where_all_are_there_nothing_is_said() -> None:
    async with meeting() as met:
        await meet(met, "jo", "ali")
        await met.person("jo").mention("status")
        there = with_channels(clinic(jo=JO, ali="ali@clinic.example"), board=BOARD)

        assert await roll_call(met.roll, [there]) == ()
        look = await met.roll.look([there])

    assert look.accounts == {JO: JO, "ali@clinic.example": ALI}
    assert (look.met, look.usable, look.refused, look.lost) == ({JO, ALI}, {BOARD}, {}, {})


async def test_who_was_never_met_is_not_refused_and_named_at_the_start() -> None:
    async with meeting() as met:
        await meet(met, "jo")
        there = clinic(jo=JO, ali=ALI, sam="sam@clinic.example")

        lines = await roll_call(met.roll, [there])
        look = await met.roll.look([there])

    assert lines == tuple(
        f"{who} has not opened Bookend in Teams yet: install it for them, or let them write hello."
        for who in (f"Ali ({ALI})", "Sam (sam@clinic.example)")
    )
    assert (look.accounts, look.refused, look.met) == ({JO: JO, ALI: ALI}, {}, {JO})


async def test_where_nobody_was_met_one_line_says_so() -> None:
    async with meeting() as met:
        (line,) = await roll_call(met.roll, [clinic(jo=JO, ali=ALI)])

    assert line.startswith("Nobody of Riverside") and "install it for them" in line


async def test_whoever_may_not_take_part_or_took_bookend_out_is_refused_with_the_reason() -> None:
    async with meeting() as met:
        await meet(met, "jo", "gus", "sam", "bea")
        met.teams.people["29:gus"]["userRole"] = "guest"
        await met.person("sam").remove()
        await met.places.refuse(account("bea"), BLOCKED)
        names = {name: account(name) for name in ("gus", "sam", "bea")}

        look = await met.roll.look([clinic(jo=JO, **names)])

    assert look.refused == {names["gus"]: GUEST, names["sam"]: TAKEN_OUT, names["bea"]: BLOCKED}
    assert look.met == {JO}


async def test_whoever_is_given_bookend_is_asked_again_though_teams_told_nothing_of_it() -> None:
    async with meeting() as met:
        met.teams.without.add("29:jo")
        with pytest.raises(Undeliverable):
            await met.members.place(Address(platform="teams", account=JO))
        before = await met.roll.look([clinic(jo=JO)])
        met.teams.without.clear()
        met.members.forget_all()

        after = await met.roll.look([clinic(jo=JO)])

    assert (before.refused, after.refused, after.met) == ({JO: UNMET}, {}, {JO})


async def test_who_is_in_no_team_any_more_by_their_address_left() -> None:
    async with meeting() as met:
        await meet(met, "jo", "ali")
        await met.person("jo").mention("status")
        there = [clinic(jo=JO, ali="ali@clinic.example")]
        before = await met.roll.look(there)
        del met.teams.people["29:ali"]
        met.members.forget_all()

        after = await met.roll.look(there)

    assert before.accounts["ali@clinic.example"] == ALI
    assert after.refused == {"ali@clinic.example": STRANGER}


async def test_one_account_is_nobody_elses_by_an_address() -> None:
    async with meeting() as met:
        await meet(met, "jo")

        look = await met.roll.look([clinic(jo=JO, ali="jo@clinic.example")])

    assert (look.accounts, look.refused) == ({JO: JO}, {"jo@clinic.example": TAKEN})


async def test_whoever_takes_a_colleagues_address_becomes_nobody_by_it() -> None:
    async with meeting() as met:
        await meet(met, "jo", "ali", "eve")
        there = [clinic(jo=JO, ali="ali@clinic.example")]
        works = met.port.practice
        before = believed(works, there, await met.roll.look(there))
        for name, mail in (("ali", "gone@clinic.example"), ("eve", "ali@clinic.example")):
            met.teams.people[f"29:{name}"] |= {"email": mail, "userPrincipalName": mail}
        met.members.forget_all()

        after = believed(works, there, await met.roll.look(there))

    assert before.accounts["ali@clinic.example"] == ALI
    assert after.refused == {"ali@clinic.example": MOVED}


async def test_a_file_about_another_tenant_is_refused() -> None:
    async with meeting() as met:
        await meet(met, "jo", "ali")
        for name in ("jo", "ali"):
            del met.teams.people[f"29:{name}"]

        with pytest.raises(BookendError, match="in this Microsoft 365 tenant"):
            await roll_call(met.roll, [clinic(jo=JO, ali=ALI)])


async def test_a_teams_that_does_not_answer_leaves_everything_as_it_was() -> None:
    async with meeting() as met:
        await meet(met, "jo")
        await met.person("jo").mention("status")
        there = [with_channels(clinic(jo=JO), board=BOARD)]
        before = await met.roll.look(there)
        met.members.forget_all()
        met.teams.troubles["member"].append("503")
        met.teams.troubles["channels"].append("503")

        after = await met.roll.look(there)
        met.members.forget_all()
        met.teams.troubles["member"].append("503")
        said = await roll_call(met.roll, there)

    assert (after, met.roll.unanswered) == (before, "Teams asks for a pause (503).")
    assert said == ("Who and what is in Teams could not be looked at: Teams asks for a pause (503).",)


# --- channels


async def trouble(met: Meeting, channel: str = BOARD) -> tuple[Lost, str]:
    look = await met.roll.look([with_channels(clinic(jo=JO), board=channel)])
    assert channel not in look.usable
    return look.lost[channel].why, look.lost[channel].said


@pytest.mark.parametrize(
    ("kind", "why", "said"),
    [
        (
            "shared",
            Lost.SHARED,
            "board (board) is shared with another company, so no case is shown there: name another in your "
            "clinic's file.",
        ),
        (
            "private",
            Lost.CLOSED,
            "board (board) is a private channel, and Bookend speaks in standard channels only: name another "
            "in your clinic's file.",
        ),
    ],
)
async def test_a_channel_that_is_no_standard_one_is_not_used(kind: str, why: Lost, said: str) -> None:
    async with meeting() as met:
        await met.person("jo").mention("status", channel=GENERAL)
        met.teams.conversations[BOARD].type = kind

        assert await trouble(met) == (why, said)


async def test_a_channel_of_no_team_of_ours_is_missing() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")

        why, said = await trouble(met, OTHER)

    assert why is Lost.MISSING
    assert said.startswith(f"{OTHER} (board): This channel is not there any more")
    assert said.endswith("Check the id, and add Bookend to the team of that channel.")


async def test_a_channel_that_teams_never_told_of_is_found_all_the_same() -> None:
    async with meeting() as met:
        look = await met.roll.look([with_channels(clinic(jo=JO), board=BOARD)])

    assert (look.usable, look.lost) == ({BOARD}, {})


@pytest.mark.parametrize(
    ("refused", "why", "todo"),
    [
        (ARCHIVED, Lost.CLOSED, "restore the team, or name another channel in your clinic's file."),
        (UNHEARD, Lost.REMOVED, "see that Bookend is in its team, and write @Bookend help in the channel."),
        (
            "is odd",
            Lost.REMOVED,
            "see that Bookend is in its team, and write @Bookend help in the channel.",
        ),
    ],
)
async def test_a_channel_that_was_lost_is_said_to_be_with_what_to_do(
    refused: str, why: Lost, todo: str
) -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")
        await met.places.refuse(BOARD, refused)

        assert await trouble(met) == (why, f"{BOARD} (board) {refused}: {todo}")


async def test_guests_who_read_a_channel_are_named() -> None:
    async with meeting() as met:
        met.teams.join("gus", userRole="guest")
        await met.person("jo").mention("status")
        there = with_channels(clinic(jo=JO), board=BOARD)

        (line,) = await read_by(met.members, [there], {BOARD})

    assert line.startswith(f"board (board) is read by guests ({account('gus')})")


# --- several programs


async def test_what_another_program_heard_is_known_at_the_next_look() -> None:
    async with meeting() as met:
        await meet(met, "jo")
        other = beside(met.teams, met.port)
        try:
            first = await other.roll.look([clinic(jo=JO)])
            await met.person("jo").remove()

            second = await other.roll.look([clinic(jo=JO)])
        finally:
            await other.client.close()

    assert (first.met, second.refused) == ({JO}, {JO: TAKEN_OUT})
