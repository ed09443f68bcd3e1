"""Cards of what was moved or cancelled: each is taken back, says why, and cannot be answered any more."""

import pytest

from bot.core.actions import Action, Button
from bot.core.errors import Refused, Settled
from tests.service.clinic import FRAN, JO, MAX, london
from tests.service.riverside import Riverside
from tests.service.workspace import Message

DAY = ("g.same_day_check", "g.device_check", "g.timeout", "x.new_date", "c.notify")

EARLY = london("2027-02-18 08:00")


@pytest.fixture
def clinic() -> Riverside:
    return Riverside(*DAY, now=EARLY).book("2027-02-18 09:30").until("2027-02-18 09:26")


def cards(clinic: Riverside) -> dict[str, Message]:
    """The stage cards of the day by their heading."""
    everybody = [message for who in (JO, MAX) for message in clinic.workspace.of(who)]
    kinds = ("Prep", "Room", "Time-out")
    return {m.drawings[0].heading: m for m in everybody if m.drawings[0].heading in kinds}


def test_every_stage_card_is_taken_back_by_a_move_and_says_why(clinic: Riverside) -> None:
    before = cards(clinic)
    assert set(before) == {"Prep", "Room", "Time-out"}

    clinic.command(FRAN, "move K7Q2 2027-02-25 09:30")
    clinic.speak()

    for heading, message in before.items():
        assert message.over.startswith(f"{heading}, CO₂")
        assert message.over.endswith(": this is the new date; you are asked again then.")


def test_nothing_on_a_card_that_was_taken_back_can_be_answered(clinic: Riverside) -> None:
    before = {heading: list(message.card.lines) for heading, message in cards(clinic).items()}
    forms = [clinic.form(MAX, "Device check")]
    clinic.command(FRAN, "move K7Q2 2027-02-25 09:30")
    clinic.speak()
    history = clinic.history()

    for heading, message in cards(clinic).items():
        with pytest.raises(Refused):
            clinic.type(JO if heading == "Prep" else MAX, "all ok", under=message)
        for line in before[heading]:
            button = Button(action=Action.CONFIRM, label="", tasks=(line.task,), revision=line.revision)
            with pytest.raises(Refused):
                clinic.reply(clinic.pressed(JO if heading == "Prep" else MAX, button))
    with pytest.raises(Settled, match="was asked anew since you opened it"):
        clinic.fill(MAX, forms[0])
    with pytest.raises(Refused):
        clinic.mark("started", MAX)

    assert clinic.history() == history


@pytest.mark.parametrize(
    ("command", "said", "why"),
    [
        (
            "cancel K7Q2 patient has the flu",
            "K7Q2 is cancelled. What was open is not asked any more.",
            "the case was cancelled: patient has the flu.",
        ),
        (
            "cancel K7Q2 no-show",
            "K7Q2 is cancelled as a no-show. What was open is not asked any more.",
            "the patient did not come; the case was cancelled.",
        ),
    ],
)
def test_a_cancelled_case_takes_every_card_back_with_the_reason(
    clinic: Riverside, command: str, said: str, why: str
) -> None:
    before = cards(clinic)

    notice = clinic.command(FRAN, command)
    clinic.speak()

    assert notice.text == said
    assert [message.over.rpartition("· K7Q2: ")[2] for message in before.values()] == [why] * 3
    with pytest.raises(Settled, match=f"is not asked any more: {why[:-1]}"):
        clinic.early(MAX, "g.device_check")
    assert [line.title for line in clinic.card(FRAN).lines] == ["Cancellation told"]


def test_one_cancelled_session_of_a_course_says_which() -> None:
    clinic = Riverside(*DAY, now=EARLY).book("2027-02-18 09:30", "2027-04-15 09:30")
    clinic.until("2027-02-18 09:26")
    before = cards(clinic)

    clinic.command(FRAN, "cancel K7Q2/1 patient is ill")
    clinic.speak()

    assert all(m.over.endswith("session 1 was cancelled: patient is ill.") for m in before.values())


def test_a_line_of_a_cancelled_case_says_so_on_a_list() -> None:
    clinic = Riverside("abl.hsv_started", "c.notify", now=london("2027-02-17 08:00")).book(area_face="yes")
    clinic.book("2027-02-18 11:00", code="M4XD", area_face="yes").until("2027-02-17 10:01")

    clinic.command(FRAN, "cancel M4XD patient is ill")
    clinic.speak()

    said = {line.label[-4:]: line.said for line in clinic.card(JO).lines}
    assert said["M4XD"] == "Cancelled"
