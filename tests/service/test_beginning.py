"""A beginning that was played before is not played again, and nothing can be told from that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.errors import TryLater
from bot.core.staffing import Look
from tests.service.clinic import FRAN, JO, RIVERSIDE, WITH_BOARD
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.store.memory import raw

STEPS = ("g.medicines", "g.skin_exam", "g.same_day_check")
#: What a clinic is made of; what became of it is compared by itself.
OWN = {"beginning", "chat", "clock", "desk", "office", "practice", "store", "workspace", "_numbers"}


def begun(minute: int) -> Riverside:
    """A clinic on a day; each test has a minute of its own, which no other test began with."""
    clinic = Riverside(*STEPS, clinic=WITH_BOARD).book("2027-02-18 09:30")
    return clinic.until("2027-01-12 16:00").until(f"2027-01-13 12:{minute:02}")


def stored(clinic: Riverside) -> list[str]:
    return list(raw(clinic.store).iterdump())


def noted(clinic: Riverside) -> dict[str, object]:
    return {name: value for name, value in vars(clinic).items() if name not in OWN}


def test_a_clinic_that_began_alike_is_the_same_as_the_one_that_was_played() -> None:
    played = begun(1)

    again = begun(1)

    assert stored(again) == stored(played)
    assert again.workspace.messages == played.workspace.messages != []
    assert again.workspace.nudges == played.workspace.nudges
    assert again.clock.now() == played.clock.now()
    assert noted(again) == noted(played)
    assert again.lines and again.buzzes


def test_both_go_on_alike_and_neither_is_changed_by_the_other() -> None:
    played, again = begun(2), begun(2)
    third = stored(begun(2))

    again.answer(JO, "Medication disclosure")
    again.until("2027-01-14 12:00")
    played.answer(JO, "Medication disclosure")
    played.until("2027-01-14 12:00")

    assert again.story == played.story
    assert again.history()[-1].kind == played.history()[-1].kind
    assert [m.card for m in again.workspace.messages] == [m.card for m in played.workspace.messages]
    assert stored(begun(2)) == third


def test_a_message_that_one_holds_is_the_one_that_is_edited_later() -> None:
    begun(3)
    clinic = Riverside(*STEPS, clinic=WITH_BOARD).book("2027-02-18 09:30").until("2027-01-12 16:00")
    (message,) = clinic.workspace.of(JO)
    drawn, lines = len(message.drawings), len(message.thread)

    clinic.until("2027-01-13 12:03")

    assert clinic.workspace.of(JO)[0] is message
    assert len(message.drawings) > drawn or len(message.thread) > lines
    assert clinic.beginning is not None and not clinic.beginning.over


def fails(clinic: Riverside) -> None:
    def passing(point: str) -> None:
        raise TryLater("busy", timedelta(days=9))

    clinic.chat.passing = passing


def writes(clinic: Riverside) -> None:
    with clinic.store.writing() as tx:
        tx.remember("a delivery of its own", "said", clinic.clock.now())


#: What a test may do to a clinic between two deeds that are part of a beginning.
TOUCHES: dict[str, Callable[[Riverside], object]] = {
    "a press": lambda clinic: clinic.early(JO, "g.medicines"),
    "a command": lambda clinic: clinic.command(FRAN, "today"),
    "a write of its own": writes,
    "other tables": lambda clinic: raw(clinic.store).execute("CREATE TABLE of_its_own (number INTEGER)"),
    "another time": lambda clinic: clinic.clock.advance(clinic.clock.now() + timedelta(minutes=1)),
    "a platform that fails": fails,
    "a word of the platform": lambda clinic: clinic.look(refused={JO: "is a guest"}),
    "other staff": lambda clinic: clinic.office.staff.learn(Look(platform=PLATFORM, refused={JO: "left"})),
    "a look at what is new": lambda clinic: list(clinic.fresh()),
    "a tick": lambda clinic: clinic.speak(),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_whatever_else_is_done_to_a_clinic_ends_its_beginning(touch: str) -> None:
    clinic = begun(4)
    before = clinic.beginning and clinic.beginning.over

    TOUCHES[touch](clinic)
    clinic.until("2027-01-15 12:00")

    assert before is False
    assert clinic.beginning is not None and clinic.beginning.over


def test_what_was_opened_otherwise_or_in_a_place_of_its_own_begins_otherwise() -> None:
    begun(5)

    other = Riverside(*STEPS, clinic=RIVERSIDE).book("2027-02-18 09:30").until("2027-01-12 16:00")
    kept = Riverside(*STEPS, clinic=WITH_BOARD, workspace=other.workspace)

    assert other.workspace.of("#procedures") == []
    assert kept.beginning is None
