"""A manager chooses the board's channel from inside it: it moves at once, and stays there."""

from dataclasses import replace

import pytest

from bot.core.boards import Board
from bot.core.errors import NotAllowed, Refused, Unclear
from bot.core.messages import Notice
from bot.core.replies import Address
from bot.core.staffing import Lost, Trouble
from bot.service.here import take_in
from bot.service.staff import Staff
from tests.service.clinic import ALI, JO, KIT, RIVERSIDE, WITH_BOARD
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

OLD, NEW = "#procedures", "#treatment"
MOVED = "The board moved to another channel."


def at_work(clinic: Riverside | None = None) -> Riverside:
    found = clinic or Riverside("g.medicines", "g.allergies", clinic=WITH_BOARD)
    return found.book().until("2027-01-12 15:10")


def boards(clinic: Riverside, channel: str) -> list[str]:
    """What each board that was ever posted in a channel is now: what it was rewritten to, else "live"."""
    posted = [each for each in clinic.workspace.of(channel) if isinstance(each.card, Board)]
    return [each.over or "live" for each in posted]


def test_the_board_moves_at_once_behind_a_first_word_and_the_old_one_says_so() -> None:
    clinic = at_work()

    said = clinic.command(KIT, "here", channel=NEW)
    clinic.speak()

    assert isinstance(said, Notice) and said.text == (
        "From now on the board of Riverside stands in the channel where you wrote `here`. "
        "Today's comes at once."
    )
    assert boards(clinic, OLD) == [MOVED]
    assert [type(each.card) for each in clinic.workspace.of(NEW)] == [Notice, Board]


def test_the_board_that_moved_lives_where_it_is_and_stays_there_on_other_days() -> None:
    clinic = at_work()
    clinic.command(KIT, "here", channel=NEW)
    clinic.speak()
    before = len(clinic.workspace.of(NEW)[1].drawings)

    clinic.answer(JO, "Medication disclosure")
    clinic.until("2027-01-13 09:00")

    assert len(clinic.workspace.of(NEW)[1].drawings) > before
    assert (boards(clinic, OLD), boards(clinic, NEW)) == ([MOVED], ["live", "live"])


def test_a_clinic_whose_file_names_no_channel_has_one_from_then_on() -> None:
    clinic = at_work(Riverside("g.medicines", clinic=RIVERSIDE))

    clinic.command(KIT, "here", channel=NEW)
    clinic.speak()

    assert boards(clinic, NEW) == ["live"]
    assert clinic.practice.clinics[RIVERSIDE.id].channels == {PLATFORM: {"board": NEW}}


def test_in_the_evening_it_is_the_next_board_that_comes_there() -> None:
    clinic = at_work().until("2027-01-12 19:00")

    said = clinic.command(KIT, "here", channel=NEW)
    clinic.until("2027-01-13 09:00")

    assert isinstance(said, Notice) and said.text.endswith("The next one comes there.")
    assert (boards(clinic, OLD), boards(clinic, NEW)) == (["live"], ["live"])


@pytest.mark.parametrize("chosen", [OLD, NEW])
def test_here_once_more_changes_nothing(chosen: str) -> None:
    clinic = at_work()
    clinic.command(KIT, "here", channel=NEW)
    clinic.command(KIT, "here", channel=chosen)
    clinic.speak()
    before = len(clinic.workspace.messages)

    said = clinic.command(KIT, "here", channel=chosen)
    clinic.speak()

    assert isinstance(said, Notice) and said.text == "The board of Riverside stands in that channel already."
    assert len(clinic.workspace.messages) == before


def test_in_the_channel_of_the_file_it_changes_nothing() -> None:
    clinic = at_work()

    said = clinic.command(KIT, "here", channel=OLD)

    assert isinstance(said, Notice) and said.text == "The board of Riverside stands in that channel already."
    assert take_in(clinic.practice, clinic.office.staff) == []


def test_back_again_it_is_posted_anew() -> None:
    clinic = at_work()

    for channel in (NEW, OLD):
        clinic.command(KIT, "here", channel=channel)
        clinic.speak()

    assert (boards(clinic, OLD), boards(clinic, NEW)) == ([MOVED, "live"], [MOVED])


def test_after_a_restart_and_in_every_other_program_it_stands_where_it_was_chosen() -> None:
    clinic = at_work()
    clinic.command(KIT, "here", channel=NEW)
    other = Staff({RIVERSIDE.id: WITH_BOARD})

    heard = [take_in(clinic.practice, other) for _ in range(2)]

    assert heard == [[Address(platform=PLATFORM, channel=NEW)], []]
    assert other[RIVERSIDE.id].channels[PLATFORM]["board"] == NEW
    assert other.written[RIVERSIDE.id].channels[PLATFORM]["board"] == NEW


def test_other_channels_of_the_file_stay_as_they_are() -> None:
    channels = {PLATFORM: {"board": OLD, "nurse": "#nurses"}, "other": {"board": "#there"}}
    clinic = at_work(Riverside("g.medicines", clinic=replace(WITH_BOARD, channels=channels)))

    clinic.command(KIT, "here", channel=NEW)
    clinic.speak()

    now = clinic.practice.clinics[RIVERSIDE.id].channels
    assert now == {PLATFORM: {"board": NEW, "nurse": "#nurses"}, "other": {"board": "#there"}}


def test_in_a_direct_conversation_it_says_where_to_write_it() -> None:
    clinic = at_work()

    with pytest.raises(Refused, match="add me to it, and write `here` there"):
        clinic.command(KIT, "here")

    assert boards(clinic, OLD) == ["live"]


def test_as_a_reply_it_says_to_write_it_as_a_message_of_its_own() -> None:
    clinic = at_work()
    (board,) = clinic.workspace.of(OLD)

    with pytest.raises(Unclear, match="write it as a message of its own in the channel"):
        clinic.type(KIT, "here", under=board)
    with pytest.raises(Unclear, match="write it as a message of its own in the channel"):
        clinic.type(KIT, "Here", under=replace(board, ref=replace(board.ref, message="a colleague's")))

    assert boards(clinic, OLD) == ["live"]


def test_a_channel_that_is_lost_gets_no_board() -> None:
    channels = {PLATFORM: {"board": OLD, "nurse": NEW}}
    clinic = at_work(Riverside("g.medicines", clinic=replace(WITH_BOARD, channels=channels)))
    clinic.look(lost={NEW: Trouble(why=Lost.SHARED, said="#treatment is shared with another company.")})
    clinic.speak()

    with pytest.raises(Refused, match="is shared with another company"):
        clinic.command(KIT, "here", channel=NEW)

    assert boards(clinic, OLD) == ["live"]


def test_a_chosen_channel_that_is_lost_later_is_news_for_the_manager() -> None:
    clinic = at_work()
    clinic.command(KIT, "here", channel=NEW)
    clinic.speak()

    clinic.look(lost={NEW: Trouble(why=Lost.REMOVED, said="Bookend was removed from #treatment.")}).speak()

    assert "Bookend was removed from #treatment." in clinic.sent(KIT)
    assert clinic.practice.clinics[RIVERSIDE.id].channels == {PLATFORM: {}}


@pytest.mark.parametrize("who", [JO, ALI])
def test_nobody_but_a_manager_chooses(who: str) -> None:
    clinic = at_work()

    with pytest.raises(NotAllowed, match="Only the manager may choose the board's channel"):
        clinic.command(who, "here", channel=NEW)

    assert take_in(clinic.practice, clinic.office.staff) == []
