"""People leave and channels are lost in Slack, told by its events or found out: what the clinic sees."""

from dataclasses import replace

import pytest

from bot.chat.slack.chat import TAKEN_BACK
from bot.core.people import Role
from tests.chat.slack.fake import BOT_USER, user
from tests.chat.slack.in_office import BOARD, CLINIC, ESCALATIONS, NURSES, in_office

pytestmark = pytest.mark.anyio

STEPS = ("g.medicines", "g.allergies")
#: No nurse works: what is asked of one is asked in their channel.
NO_NURSE = replace(CLINIC, roster={day: {**duty, Role.NURSE: ()} for day, duty in CLINIC.roster.items()})


def asks(cards: list[str]) -> list[str]:
    return [each for each in cards if "Medication disclosure" in each and "now with" not in each]


async def test_whoever_is_named_by_e_mail_and_by_a_group_is_asked() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.until("2027-01-12 15:10")

        assert len(asks(clinic.stands("U0SAM"))) == 1
        assert clinic.stands("U0JO") == []


async def test_whoever_left_is_asked_no_more_and_what_waits_for_them_goes_to_who_is_there() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.until("2027-01-12 15:10")
        clinic.slack.users["U0SAM"] = user("U0SAM", deleted=True)

        await clinic.happens({"type": "user_change", "user": clinic.slack.users["U0SAM"]})

        assert len(asks(clinic.stands("U0JO"))) == 1
        assert "now with Jo Sample." in clinic.stands("U0SAM")[0]
        (news,) = clinic.stands("U0KIT")
        assert "Slack says that Sam Specimen is not in this workspace." in news


async def test_the_home_of_whoever_became_a_guest_is_closed_at_once() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.until("2027-01-12 15:10")
        await clinic.happens({"type": "app_home_opened", "tab": "home", "user": "U0SAM"}, looks=False)
        await clinic.at_home("U0SAM", "Medication disclosure")
        clinic.slack.users["U0SAM"] = user("U0SAM", is_restricted=True)

        await clinic.happens({"type": "user_change", "user": clinic.slack.users["U0SAM"]})

        await clinic.at_home("U0SAM", "is a guest")
        assert "Medication disclosure" not in str(clinic.slack.homes["U0SAM"])


@pytest.mark.parametrize("became", [{"is_restricted": True}, {"is_ultra_restricted": True}])
async def test_whoever_became_a_guest_is_handed_on_and_is_asked_again_once_they_are_none(
    became: dict[str, bool],
) -> None:
    async with in_office(*STEPS) as clinic:
        clinic.slack.users["U0SAM"] = user("U0SAM", **became)
        await clinic.happens({"type": "user_change", "user": clinic.slack.users["U0SAM"]})
        told = clinic.stands("U0KIT")

        clinic.slack.users["U0SAM"] = user("U0SAM")
        await clinic.happens({"type": "user_change", "user": clinic.slack.users["U0SAM"]})
        await clinic.until("2027-01-12 15:10")

        assert "Sam Specimen is a guest" in told[0]
        assert "Settled: Sam Specimen is asked as before." in clinic.stands("U0KIT")[0]
        assert len(asks(clinic.stands("U0SAM"))) == 1


async def test_whoever_leaves_the_user_group_is_not_asked_in_its_role_any_more() -> None:
    async with in_office(*STEPS) as clinic:
        clinic.slack.groups["S0NURSES"]["users"] = ["U0JO"]

        await clinic.happens({"type": "subteam_members_changed", "subteam_id": "S0NURSES"})
        await clinic.until("2027-01-12 15:10")

        assert len(asks(clinic.stands("U0JO"))) == 1
        assert clinic.stands("U0SAM") == []


async def test_a_channel_that_becomes_shared_is_rewritten_thread_and_all_and_gets_no_case_any_more() -> None:
    async with in_office(*STEPS, clinic=NO_NURSE) as clinic:
        await clinic.until("2027-01-12 17:10")
        before = clinic.stands(NURSES)
        clinic.slack.channels[NURSES]["is_ext_shared"] = True

        await clinic.happens({"type": "channel_shared", "channel": NURSES, "connected_team_id": "T0OTHER"})
        await clinic.until("2027-01-13 12:00")

        assert len(before) > 1
        assert "K7Q2" in "".join(before)
        assert set(clinic.stands(NURSES)) == {TAKEN_BACK}
        assert len(asks(clinic.stands(ESCALATIONS))) >= 1
        assert any("is shared with another company" in each for each in clinic.stands("U0KIT"))


@pytest.mark.parametrize("pending", ["is_ext_shared", "is_pending_ext_shared"])
async def test_the_board_is_taken_back_and_posted_anew_once_the_channel_is_the_clinics_own_again(
    pending: str,
) -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.until("2027-01-12 15:10")
        clinic.slack.channels[BOARD][pending] = True
        await clinic.happens({"type": "channel_shared", "channel": BOARD})
        while_shared = clinic.stands(BOARD)

        clinic.slack.channels[BOARD][pending] = False
        await clinic.happens({"type": "channel_unshared", "channel": BOARD})

        assert while_shared == [TAKEN_BACK]
        old, new = clinic.stands(BOARD)
        assert "taken back" in old
        assert "checked" in new
        assert any("The board is posted anew." in each for each in clinic.stands("U0KIT"))


async def test_a_bot_that_is_removed_tells_the_manager_once_and_comes_back_when_it_is_invited() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.until("2027-01-12 15:10")
        clinic.slack.channels[BOARD]["is_member"] = False
        await clinic.happens({"type": "channel_left", "channel": BOARD})
        await clinic.happens({"type": "channel_left", "channel": BOARD})
        told = clinic.stands("U0KIT")

        clinic.slack.channels[BOARD]["is_member"] = True
        await clinic.happens({"type": "member_joined_channel", "user": BOT_USER, "channel": BOARD})

        assert len(told) == 1
        assert "#board (board) does not have Bookend in it: write /invite @Bookend there." in told[0]
        assert len(clinic.stands(BOARD)) == 2
        assert "Settled: it works again." in clinic.stands("U0KIT")[0]


@pytest.mark.parametrize("how", ["is_archived", "is_member"])
async def test_a_prompt_that_a_channel_refuses_goes_to_the_next_place_without_any_event(
    how: str,
) -> None:
    async with in_office(*STEPS, clinic=NO_NURSE) as clinic:
        await clinic.until("2027-01-12 14:30")
        clinic.slack.channels[NURSES][how] = how == "is_archived"
        clinic.looked.clear()

        await clinic.until("2027-01-12 15:05")
        await clinic.after_a_look()

        assert clinic.stands(NURSES) == []
        assert len(asks(clinic.stands(ESCALATIONS))) == 1
        assert len(clinic.stands("U0KIT")) == 1


async def test_a_direct_message_that_slack_refuses_goes_to_the_next_person_without_any_event() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.until("2027-01-12 14:30")
        clinic.slack.users["U0SAM"] = user("U0SAM", deleted=True)
        clinic.looked.clear()

        await clinic.until("2027-01-12 15:05")
        await clinic.after_a_look()

        assert len(asks(clinic.stands("U0JO"))) == 1
        assert len(clinic.stands("U0KIT")) == 1


async def test_after_a_restart_slack_is_asked_and_nothing_is_told_twice() -> None:
    async with in_office(*STEPS) as clinic:
        clinic.slack.channels[BOARD]["is_member"] = False
        await clinic.happens({"type": "channel_left", "channel": BOARD})

        await clinic.connected.attend(clinic.office.staff.written.values(), clinic.take)
        await clinic.speak()

        assert len(clinic.stands("U0KIT")) == 1


async def test_slack_is_asked_again_every_ten_minutes_without_any_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.chat.attendance.EVERY", 0.05)
    async with in_office(*STEPS) as clinic:
        clinic.slack.users["U0SAM"] = user("U0SAM", is_restricted=True)
        asked = clinic.slack.count("users.info")
        while clinic.slack.count("users.info") < asked + 2 * len(CLINIC.people):
            clinic.looked.clear()
            await clinic.after_a_look()

        assert "Sam Specimen is a guest" in clinic.stands("U0KIT")[0]


async def test_of_what_slack_does_not_answer_the_last_answer_stands() -> None:
    async with in_office(*STEPS) as clinic:
        clinic.slack.channels[BOARD]["is_member"] = False
        await clinic.happens({"type": "channel_left", "channel": BOARD})
        clinic.slack.troubles["conversations.info"] += ["429:30"]

        await clinic.happens({"type": "channel_unarchive", "channel": BOARD})

        assert len(clinic.stands("U0KIT")) == 1
        assert "does not have Bookend in it" in clinic.stands("U0KIT")[0]
