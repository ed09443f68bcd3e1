"""Home and a card that is opened to be read whole: what is theirs, and nothing that is another's."""

import pytest

from bot.core.boards import Board
from bot.core.case import TaskStatus
from bot.core.errors import NotAllowed, Refused
from bot.core.messages import Home, TaskCard
from bot.core.replies import Address, MessageRef
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, WITH_BOARD
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM


@pytest.fixture
def clinic() -> Riverside:
    """The morning of a procedure, before the first item of the day is due."""
    return Riverside("g.medicines", "g.same_day_check", "g.site_marked").book().until("2027-02-18 08:00")


def home(clinic: Riverside, who: str) -> Home:
    return clinic.desk.home(Address(platform=PLATFORM, account=who))


def test_home_says_what_waits_now_and_what_comes_later_today(clinic: Riverside) -> None:
    seen = home(clinic, JO)

    assert seen.heading == "Jo Sample · Thu 18 Feb"
    assert [line.title for line in seen.mine.lines] == ["Medication disclosure"]
    assert seen.later == ("08:55 · K7Q2: Same-day check",)


def test_a_physician_decides_on_a_stop_where_it_waits_for_them(clinic: Riverside) -> None:
    clinic.until("2027-02-18 08:55").early(JO, "g.same_day_check", rash="yes")

    (stop,) = home(clinic, ALI).mine.lines
    labels = [button.label for button in stop.buttons]
    clinic.fill(ALI, clinic.opened(ALI, stop.buttons[0]), reason="An old rash, outside the area.")

    assert labels == ["Proceed", "Proceed with a changed plan", "Postpone", "Correct the answer"]
    assert clinic.task("g.same_day_check").status is TaskStatus.DONE
    assert home(clinic, ALI).mine.lines == ()


def test_what_comes_tomorrow_is_not_later_today() -> None:
    clinic = Riverside("g.same_day_check").book().until("2027-02-17 16:00")

    seen = home(clinic, JO)

    assert (seen.later, seen.mine.lines) == ((), ())
    assert seen.mine.text == "Nothing waits for you. Next: Thu 18 Feb 08:55 Same-day check · K7Q2."


@pytest.mark.parametrize(
    ("who", "books", "leads"), [(FRAN, True, False), (JO, False, False), (KIT, True, True)]
)
def test_doors_and_the_board_go_by_role(clinic: Riverside, who: str, books: bool, leads: bool) -> None:
    seen = home(clinic, who)

    assert (("new", "New appointment") in seen.doors) is books
    assert [word for word, _ in seen.doors if word != "new"] == ["today", "overdue", "help"]
    assert (seen.board is not None) is leads
    assert seen.board is None or [row.code for row in seen.board.rows] == ["K7Q2"]


def test_a_medical_director_has_the_board_as_well(clinic: Riverside) -> None:
    assert home(clinic, ALI).board is not None


def test_a_stranger_has_no_home(clinic: Riverside) -> None:
    with pytest.raises(NotAllowed, match="do not know you"):
        home(clinic, "somebody")


def test_a_card_is_opened_by_whom_it_was_sent_to(clinic: Riverside) -> None:
    message = clinic.workspace.of(JO)[-1]

    card = clinic.desk.card(Address(platform=PLATFORM, account=JO), message.ref)

    assert isinstance(card, TaskCard)
    assert card == message.card


def test_nobody_opens_anothers_card_or_one_that_is_not_there(clinic: Riverside) -> None:
    message = clinic.workspace.of(JO)[-1]

    for who, at in ((MAX, message.ref), (JO, MessageRef(platform=PLATFORM, channel="D", message="none"))):
        with pytest.raises(Refused, match="not yours to open"):
            clinic.desk.card(Address(platform=PLATFORM, account=who), at)


def test_a_board_in_the_channel_is_opened_by_whoever_works_there_and_by_nobody_of_another_clinic() -> None:
    clinic = Riverside("g.same_day_check", clinic=WITH_BOARD).book().until("2027-02-18 08:00")
    *_, board = clinic.workspace.of("#procedures")

    seen = clinic.desk.card(Address(platform=PLATFORM, account=JO), board.ref)
    assert isinstance(seen, Board) and [row.code for row in seen.rows] == ["K7Q2"]
    with pytest.raises(Refused, match="not yours to open"):
        other = clinic.with_another_clinic("lena")
        other.card(Address(platform=PLATFORM, account="lena"), board.ref)
