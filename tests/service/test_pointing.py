"""A problem is reported from a message: a card, a list, the board, or what a colleague wrote."""

import pytest

from bot.core.actions import Action
from bot.core.errors import NotAllowed, NotFound, Unclear
from bot.core.messages import Form, Notice
from bot.core.replies import MessageRef, Pointed
from bot.service.looking import labelled
from tests.service.clinic import JO, KIT, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, Message

STEPS = ("abl.hsv_started", "g.same_day_check", "abl.visit_7", "e.triage")
SOMEWHERE = MessageRef(platform=PLATFORM, channel="#staff", message="1")
OTHER = "M3XY"


def two_patients() -> Riverside:
    """Two patients of the same day, at its noon."""
    clinic = Riverside(*STEPS, clinic=WITH_BOARD, now=london("2027-02-17 08:00"))
    for start, code in (("09:30", "K7Q2"), ("11:30", OTHER)):
        clinic.book(f"2027-02-18 {start}", code=code, area_face="yes")
    return clinic.until("2027-02-18 12:00")


@pytest.fixture(scope="module")
def two() -> Riverside:
    """One clinic for all that only looks."""
    return two_patients()


def message(clinic: Riverside, who: str, *codes: str) -> Message:
    """Somebody's newest message that is about exactly these cases."""
    for each in reversed(clinic.workspace.of(who)):
        with clinic.store.reading() as reading:
            posting = reading.posting_at(each.ref)
            about = {key.partition(":")[0] for key in reading.lines(posting.key)} if posting else set()
        if about == set(codes):
            return each
    raise AssertionError(f"{who} has no card of {codes}")


def form(said: object) -> Form:
    assert isinstance(said, Form), said
    return said


def codes(asked: Form) -> list[str]:
    return [value for value, _ in asked.parts[0].fields[0].options]


def test_a_card_of_one_case_opens_the_form_of_its_complication(two: Riverside) -> None:
    card = message(two, JO, "K7Q2")

    assert two.point(JO, card) == two.command(JO, "event K7Q2")


def test_who_is_chosen_from_stands_in_the_order_of_the_day(two: Riverside) -> None:
    with two.store.reading() as reading:
        options = labelled(two.practice, reading, two.clinic, (OTHER, "K7Q2"))

    assert [code for code, _ in options] == ["K7Q2", OTHER]


def test_a_list_of_several_asks_which_and_opens_the_form_of_the_chosen() -> None:
    two = two_patients()
    asked = form(two.point(JO, message(two, JO, "K7Q2", OTHER)))
    assert (asked.action, sorted(codes(asked))) == (Action.POINT, ["K7Q2", OTHER])
    assert all("K7Q2" in label or OTHER in label for _, label in asked.parts[0].fields[0].options)

    opened = two.send(JO, asked, which=OTHER)

    assert opened == two.command(JO, f"event {OTHER}")
    reported = two.send(JO, form(opened), symptoms=("rising_pain",), urgency="urgent")
    assert isinstance(reported, Notice) and reported.text.startswith(f"{OTHER}: complication reported")


def test_the_board_asks_which_of_those_whom_it_names(two: Riverside) -> None:
    board = two.workspace.of("#procedures")[-1]

    asked = form(two.point(KIT, board))

    assert sorted(codes(asked)) == sorted(row.code for row in board.card.exceptions)  # type: ignore[union-attr]


def test_a_line_under_a_card_means_that_card(two: Riverside) -> None:
    card = message(two, JO, "K7Q2")

    assert two.point(JO, SOMEWHERE, under=card.ref) == two.command(JO, "event K7Q2")


@pytest.mark.parametrize("text", ["Can somebody look at K7Q2, please?", "k7q2: blisters", "K7Q2 (K7Q2!)"])
def test_the_code_in_anybodys_message_is_found(two: Riverside, text: str) -> None:
    assert two.point(JO, SOMEWHERE, text=text) == two.command(JO, "event K7Q2")


def test_several_codes_in_a_message_ask_which(two: Riverside) -> None:
    assert codes(form(two.point(JO, SOMEWHERE, text=f"K7Q2 and {OTHER} swell"))) == ["K7Q2", OTHER]


@pytest.mark.parametrize("text", ["", "Lunch at 12?", "K7Q3 has blisters", "XK7Q2X"])
def test_a_message_without_a_case_is_met_kindly_and_reports_nothing(two: Riverside, text: str) -> None:
    before = two.history()

    with pytest.raises(Unclear, match="I find no case in this message"):
        two.point(JO, SOMEWHERE, text=text)

    assert two.history() == before


def test_a_case_of_another_clinic_is_not_found_by_its_code_nor_by_its_card(two: Riverside) -> None:
    card = message(two, JO, "K7Q2")
    theirs = two.with_another_clinic("U0LENA")

    for at, text in ((SOMEWHERE, "K7Q2"), (card.ref, "K7Q2")):
        with pytest.raises(Unclear, match="no case"):
            theirs.reply(pointed("U0LENA", at, text))


def test_a_choice_of_another_clinics_case_is_refused(two: Riverside) -> None:
    asked = form(two.point(JO, message(two, JO, "K7Q2", OTHER)))
    theirs = two.with_another_clinic("U0LENA")

    with pytest.raises(NotFound):
        theirs.reply(two.filled("U0LENA", asked, which=OTHER))


def test_a_choice_of_nobody_asks_again(two: Riverside) -> None:
    asked = form(two.point(JO, message(two, JO, "K7Q2", OTHER)))

    with pytest.raises(Unclear, match="Which patient"):
        two.send(JO, asked)


def test_a_stranger_learns_no_case(two: Riverside) -> None:
    with pytest.raises(NotAllowed, match="do not know you"):
        two.desk.reply(pointed("U0NEW", SOMEWHERE, "K7Q2"))


def test_pointing_twice_changes_nothing(two: Riverside) -> None:
    before = two.history()

    for _ in range(2):
        two.desk.reply(pointed(JO, SOMEWHERE, "K7Q2"))

    assert two.history() == before


def pointed(account: str, at: MessageRef, text: str) -> Pointed:
    return Pointed(platform=PLATFORM, account=account, once="once", message=at, text=text)
