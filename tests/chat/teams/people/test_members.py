"""Who may take part, and where they are reached: asked of Teams itself, kept for minutes."""

from collections.abc import Mapping

import pytest

from bot.chat.teams.people.members import FOREIGN, GUEST, STRANGER
from bot.core.errors import Never, TryLater, Undeliverable
from bot.core.replies import Address
from bot.core.staffing import UNMET
from tests.chat.teams.fake import BOARD, GENERAL, JO, TEAM, Conversation, account, direct
from tests.chat.teams.people.meeting import meeting

pytestmark = pytest.mark.anyio

UNLISTED = "19:unlisted@thread.tacv2"
ELSEWHERE = "0e150000-0000-4000-8000-000000000009"


def to(name: str) -> Address:
    return Address(platform="teams", account=account(name))


IN_BOARD = Address(platform="teams", channel=BOARD)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, ""),
        ({"userRole": "guest"}, GUEST),
        ({"tenantId": ELSEWHERE}, FOREIGN),
        ({"userRole": "anonymous"}, "is not a person"),
        ({"aadObjectId": ELSEWHERE}, STRANGER),
    ],
)
async def test_only_full_members_of_the_tenant_may_take_part(more: Mapping[str, str], why: str) -> None:
    async with meeting() as met:
        met.teams.join("ali")
        await met.person("ali").say("hello")
        met.teams.people["29:ali"] |= more

        assert await met.members.why_not(account("ali")) == why


async def test_what_teams_says_of_somebody_is_kept_until_it_is_forgotten() -> None:
    async with meeting() as met:
        await met.person("jo").say("hello")
        first = [await met.members.why_not(JO), await met.members.why_not(JO)]
        met.teams.people["29:jo"]["userRole"] = "guest"

        before = await met.members.why_not(JO)
        met.members.forget(JO)
        after = await met.members.why_not(JO)

    assert (first, before, after) == (["", ""], "", GUEST)
    assert met.teams.count("member") == 2


async def test_a_connector_that_knows_nobody_by_their_object_id_is_asked_by_its_own() -> None:
    async with meeting() as met:
        await met.person("jo").say("hello")
        met.teams.people["29:jo"] |= {"aadObjectId": "", "objectId": ""}

        assert await met.members.why_not(JO) == ""


async def test_somebody_for_whom_a_conversation_was_opened_is_found_among_who_is_in_it() -> None:
    async with meeting() as met:
        met.teams.join("ali")
        await met.members.place(to("ali"))
        met.teams.by_object_id = False

        assert await met.members.why_not(account("ali")) == ""


async def test_whoever_only_wrote_in_a_channel_is_looked_up_in_its_team() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")

        assert await met.members.why_not(JO) == ""

    assert met.teams.count("member") == 1


async def test_nobody_is_let_in_of_whom_teams_was_never_heard() -> None:
    async with meeting() as met:
        assert await met.members.why_not(JO) == UNMET


async def test_whom_teams_does_not_find_in_their_own_conversation_is_a_stranger() -> None:
    async with meeting() as met:
        await met.person("jo").say("hello")
        del met.teams.people["29:jo"]

        assert await met.members.why_not(JO) == STRANGER


async def test_who_is_in_none_of_our_teams_may_be_there_all_the_same() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")

        assert await met.members.why_not(ELSEWHERE) == UNMET


async def test_a_teams_that_does_not_answer_says_nothing_of_anybody() -> None:
    async with meeting() as met:
        await met.person("jo").say("hello")
        met.teams.troubles["member"].append("503")

        with pytest.raises(TryLater):
            await met.members.why_not(JO)
        assert await met.members.why_not(JO) == "", "an error is not kept"


# --- e-mail addresses


async def test_an_address_is_found_in_a_team_whoever_has_it_and_however_it_is_written_there() -> None:
    async with meeting() as met:
        met.teams.join("ali", email="Ali@Clinic.example", userPrincipalName="x@clinic.example")
        met.teams.join("sam", email=None)
        await met.person("jo").mention("status")

        found = [await met.members.with_email(f"{name}@clinic.example") for name in ("ali", "sam", "eve")]

    assert found == [account("ali"), account("sam"), ""]


async def test_an_address_is_found_of_somebody_who_opened_bookend_where_it_is_in_no_team() -> None:
    async with meeting() as met:
        met.teams.teams.clear()
        await met.person("jo").say("hello")

        assert await met.members.with_email("jo@clinic.example") == JO
        assert met.teams.count("member") == 1


# --- where


async def test_somebody_who_was_never_met_is_spoken_to_in_a_conversation_that_is_opened_for_them() -> None:
    async with meeting() as met:
        place = await met.members.place(to("jo"))
        again = await met.members.place(to("jo"))

    assert (place.conversation, place) == (direct("jo"), again)
    assert met.teams.count("converse") == 1


async def test_somebody_who_wrote_in_a_channel_is_asked_by_the_id_that_teams_gave() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")

        place = await met.members.place(to("jo"))

    (call,) = [call for call in met.teams.calls if call.what == "converse"]
    assert (place.conversation, call.body["members"]) == (direct("jo"), [{"id": "29:jo"}])


async def test_who_does_not_have_bookend_cannot_be_spoken_to() -> None:
    async with meeting() as met:
        met.teams.without.add("29:jo")

        with pytest.raises(Undeliverable) as refused:
            await met.members.place(to("jo"))

        assert (refused.value.reason, met.places.refused(JO)) == (Never.PERSON_LOST, UNMET)


async def test_where_an_administrator_switched_bookend_off_nobody_is_said_not_to_have_opened_it() -> None:
    async with meeting() as met:
        met.teams.troubles["converse"].append("403:BotDisabledByAdmin")

        with pytest.raises(Undeliverable) as refused:
            await met.members.place(to("jo"))

        assert (refused.value.reason, met.places.refused(JO)) == (Never.NO_RIGHT, "")


async def test_nothing_is_sent_to_whom_teams_refused_before() -> None:
    async with meeting() as met:
        await met.person("jo").say("hello")
        await met.person("jo").remove()

        with pytest.raises(Undeliverable, match="took Bookend out of their apps") as refused:
            await met.members.place(to("jo"))

    assert (refused.value.reason, met.teams.count("converse")) == (Never.PERSON_LOST, 0)


async def test_a_channel_of_our_team_is_spoken_to() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")

        place = await met.members.place(IN_BOARD)

    assert (place.conversation, place.team) == (BOARD, TEAM)


async def test_a_channel_that_only_the_file_names_is_found_again_once_it_was_spoken_in() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status", channel=GENERAL)

        place = await met.members.place(IN_BOARD)

        assert (place.team, met.places.at(BOARD)) == (TEAM, place)


async def test_nothing_is_said_in_a_channel_that_was_made_for_other_companies() -> None:
    async with meeting() as met:
        await met.person("jo").mention("status")
        met.teams.conversations[BOARD].type = "shared"

        with pytest.raises(Undeliverable) as refused:
            await met.members.place(IN_BOARD)

    assert refused.value.reason is Never.CHANNEL_SHARED


@pytest.mark.parametrize(("more", "read"), [({"tenantId": ELSEWHERE}, True), ({"userRole": "guest"}, False)])
async def test_of_a_channel_that_no_list_shows_its_people_say_whether_others_read_it(
    more: Mapping[str, str], read: bool
) -> None:
    async with meeting() as met:
        met.teams.join("eve", **more)
        met.teams.teams[UNLISTED] = {"29:jo", "29:eve"}
        met.teams.conversations[UNLISTED] = Conversation(id=UNLISTED, name="ours", team=UNLISTED)

        assert await met.members.shared(UNLISTED) is read


async def test_nothing_is_said_in_a_channel_that_was_lost() -> None:
    async with meeting() as met:
        await met.places.refuse(BOARD, "was deleted")

        with pytest.raises(Undeliverable, match="was deleted") as refused:
            await met.members.place(IN_BOARD)

    assert (refused.value.reason, met.teams.calls) == (Never.CHANNEL_LOST, [])
