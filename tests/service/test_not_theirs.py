"""What one clinic arranges is not another's to press: a hold, a question for all, a hand-off."""

from dataclasses import replace

import pytest

from bot.core.actions import Action
from bot.core.errors import NotFound, Refused
from bot.core.messages import Notice
from bot.core.replies import Command, Pressed
from bot.service import cases
from tests.service.clinic import ALI, JO, KIT, RIVERSIDE, SAM, booking, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

ROOMS = replace(RIVERSIDE, rooms={"room-2": ("Laser B",)})


@pytest.fixture
def clinic() -> Riverside:
    return Riverside("g.medicines", clinic=ROOMS).book(room="room-2").until("2027-01-12 15:00")


def values(clinic: Riverside) -> dict[Action, str]:
    """What stands behind each button of Riverside's that is about no case."""
    hold = clinic.command(KIT, "hold laser B lamp broken")
    question = clinic.command(ALI, 'ask-all abl nurse "Anything new?"')
    clinic.type(JO, "to @sam")
    clinic.speak()
    (offer,) = [message.card for message in clinic.workspace.of(SAM)]
    shown = [each for each in (hold, question, offer) if isinstance(each, Notice)]
    return {button.action: button.value for each in shown for button in each.buttons}


def test_no_button_of_another_clinic_does_anything(clinic: Riverside) -> None:
    desk, behind = clinic.with_another_clinic("lena"), values(clinic)
    before = clinic.history()

    assert set(behind) == {Action.HOLD, Action.ASK_ALL_NOW, Action.ACCEPT, Action.DECLINE}
    for action, value in behind.items():
        with pytest.raises(Refused, match="not known here"):
            desk.reply(
                Pressed(platform=PLATFORM, account="lena", once=clinic.once(), action=action, value=value)
            )

    clinic.speak()
    assert clinic.history() == before
    assert clinic.course().case.sessions[0].held == ""


def test_no_card_of_another_clinic_can_be_handed_over(clinic: Riverside) -> None:
    desk, button = clinic.with_another_clinic("lena"), clinic.button(JO, "Hand off")

    with pytest.raises(NotFound):
        desk.reply(replace(clinic.pressed(JO, button), account="lena"))


@pytest.mark.parametrize("text", ["release laser B", "ask-all end 123456", "assign K7Q2 physician me"])
def test_no_command_reaches_another_clinic(clinic: Riverside, text: str) -> None:
    clinic.press_on(KIT, clinic.command(KIT, "hold laser B lamp broken"))
    desk = clinic.with_another_clinic("lena")

    with pytest.raises(Refused):
        desk.command(
            Command(platform=PLATFORM, account="lena", once=clinic.once(), words=tuple(text.split()))
        )

    assert clinic.course().case.sessions[0].held
    assert clinic.course().case.assigned == {}


def test_another_clinics_device_of_the_same_name_is_another(clinic: Riverside) -> None:
    desk = clinic.with_another_clinic("lena")

    with pytest.raises(NotFound, match="There is no device or room"):
        desk.command(
            Command(
                platform=PLATFORM,
                account="lena",
                once=clinic.once(),
                words=("hold", "laser", "B", "lamp", "broken"),
            )
        )


def test_no_card_of_another_clinic_can_be_claimed_with_a_case_of_ones_own() -> None:
    nobody = replace(ROOMS, roster={}, on_call={}, channels={PLATFORM: {"nurse": "#nurses"}})
    clinic = Riverside("g.medicines", clinic=nobody).book().until("2027-01-12 15:00")
    (message,) = clinic.workspace.of("#nurses")
    button, desk = clinic.button(SAM, "Claim", on=message), clinic.with_another_clinic("lena")
    with clinic.store.writing() as tx:
        wanted = booking(london("2027-02-18 09:30"))
        theirs = cases.open_case(desk.practice, tx, wanted, clinic="hillside", by="lena")

    with pytest.raises(Refused, match="asks nobody any more"):
        desk.reply(clinic.pressed("lena", replace(button, tasks=(theirs.tasks[0].key,))))

    assert clinic.task("g.medicines").holder == ""
