"""A channel is lost: what stood and waited there, whom the manager hears of it, and what comes back."""

from dataclasses import replace

from bot.core.boards import Board
from bot.core.messages import Notice
from bot.core.people import Role
from bot.core.staffing import Lost, Trouble
from tests.service.clinic import JO, KIT, RIVERSIDE, SAM
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

BOARD, NURSES, HELP = "#procedures", "#nurses", "#help"
WITH_CHANNELS = replace(
    RIVERSIDE, channels={PLATFORM: {"board": BOARD, "nurse": NURSES, "escalations": HELP}}, on_call={}
)
#: No nurse works: what is asked of one is asked in their channel.
NO_NURSE = replace(
    WITH_CHANNELS, roster={day: {**duty, Role.NURSE: ()} for day, duty in RIVERSIDE.roster.items()}
)
INVITE = "Bookend was removed from #procedures: nobody sees the board. Invite it again."


def lost(why: Lost, *channels: str) -> dict[str, Trouble]:
    return {each: Trouble(why=why, said=INVITE) for each in channels}


def at_work(clinic: Riverside) -> Riverside:
    return clinic.book().until("2027-01-12 15:10")


def news(clinic: Riverside) -> list[str]:
    cards = [message.card for message in clinic.workspace.of(KIT)]
    return [each.text for each in cards if isinstance(each, Notice) and each.heading.startswith("A channel")]


def boards(clinic: Riverside) -> list[str]:
    """What each board that was ever posted is now: what it was rewritten to, "live" if it was not."""
    posted = [each for each in clinic.workspace.of(BOARD) if isinstance(each.card, Board)]
    return [each.over or "live" for each in posted]


def test_a_board_whose_channel_became_shared_is_taken_back_and_drawn_no_more() -> None:
    clinic = at_work(Riverside("g.medicines", clinic=WITH_CHANNELS))
    before = len(clinic.workspace.of(BOARD)[0].drawings)

    clinic.look(lost=lost(Lost.SHARED, BOARD)).speak()
    clinic.answer(JO, "Medication disclosure")
    clinic.until("2027-01-12 16:30")

    assert boards(clinic) == ["What stood here was taken back: it is shown elsewhere now."]
    assert len(clinic.workspace.of(BOARD)[0].drawings) == before
    assert "K7Q2" not in boards(clinic)[0]


def test_everything_that_ever_stood_in_a_shared_channel_is_taken_back() -> None:
    clinic = at_work(Riverside("g.medicines", clinic=NO_NURSE))
    clinic.until("2027-01-14 12:00")
    stood = [*clinic.workspace.of(BOARD), *clinic.workspace.of(NURSES)]
    assert len(boards(clinic)) == 3

    clinic.look(lost=lost(Lost.SHARED, BOARD, NURSES)).speak()

    assert {each.over for each in stood} == {"What stood here was taken back: it is shown elsewhere now."}


def test_what_waits_in_a_lost_channel_is_asked_at_the_next_place_at_once_and_can_be_claimed_there() -> None:
    clinic = at_work(Riverside("g.medicines", "g.allergies", clinic=NO_NURSE))
    assert len(clinic.workspace.of(NURSES)) == 1

    clinic.look(lost=lost(Lost.REMOVED, NURSES)).speak()

    (card,) = clinic.workspace.of(HELP)
    clinic.press(SAM, "Claim", on=card)
    clinic.speak()
    assert {task.holder for task in clinic.course().tasks} == {SAM}


def test_where_no_channel_is_left_the_managers_direct_message_is_the_next_place() -> None:
    clinic = at_work(Riverside("g.medicines", clinic=NO_NURSE))

    clinic.look(lost=lost(Lost.CLOSED, NURSES, HELP, BOARD)).speak()

    cards = [message.card for message in clinic.workspace.of(KIT)]
    assert any("Nobody is on duty for a nurse: 1 item" in card.text for card in cards)
    assert len(news(clinic)) == 3


def test_the_manager_is_told_once_and_again_only_when_it_happens_again_or_is_something_else() -> None:
    clinic = at_work(Riverside("g.medicines", clinic=WITH_CHANNELS))

    for _ in range(3):
        clinic.look(lost=lost(Lost.REMOVED, BOARD)).speak()
    once = news(clinic)
    clinic.look().speak()
    settled = news(clinic)
    clinic.look(lost=lost(Lost.REMOVED, BOARD)).speak()
    clinic.look(lost=lost(Lost.CLOSED, BOARD)).speak()

    assert once == [INVITE]
    assert settled == ["Settled: it works again. The board is posted anew."]
    assert len(news(clinic)) == 3


def test_once_the_channel_works_again_the_board_is_posted_anew_and_the_old_one_says_so() -> None:
    clinic = at_work(Riverside("g.medicines", clinic=WITH_CHANNELS))
    clinic.look(lost=lost(Lost.REMOVED, BOARD)).speak()
    while_lost = boards(clinic)

    clinic.look().speak()
    clinic.until("2027-01-12 15:30")

    assert while_lost == ["live"], "nobody can edit what stands there"
    assert boards(clinic) == ["What stood here was taken back: it is shown elsewhere now.", "live"]


def test_a_channel_of_which_the_platform_says_nothing_yet_is_not_one_that_works_again() -> None:
    clinic = at_work(Riverside("g.medicines", clinic=WITH_CHANNELS))
    clinic.look(lost=lost(Lost.REMOVED, BOARD)).speak()

    clinic.look(usable=frozenset({HELP})).speak()

    assert news(clinic) == [INVITE]


def test_what_slips_is_listed_at_the_next_place_from_then_on() -> None:
    unread = {**RIVERSIDE.people, KIT: replace(RIVERSIDE.people[KIT], accounts={})}
    clinic = at_work(Riverside("g.medicines", clinic=replace(WITH_CHANNELS, people=unread)))
    clinic.until("2027-01-13 09:30")
    assert [each.card.text for each in clinic.workspace.of(HELP) if "still open" in each.card.text]

    clinic.look(lost=lost(Lost.REMOVED, HELP)).speak()

    assert [each.card.text for each in clinic.workspace.of(BOARD) if "still open" in each.card.text]
