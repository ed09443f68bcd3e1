"""What changes on the day, as everybody saw it: by the service, through the page and in Slack alike."""

from dataclasses import replace
from datetime import time

import pytest

from bot.core import wording
from bot.core.case import Choice, Moment
from bot.core.errors import Refused
from bot.core.messages import Form, Notice
from bot.core.people import Clinic, Role, Shift
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, RIVERSIDE, SAM, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.stories.test_stories import told


def board(clinic: Riverside) -> None:
    """Write into the story what the board says of each case now."""
    shown = clinic.command(KIT, "status")
    clinic.lines += [f"         {row.code}: {row.summary}" for row in shown.rows]


def lines(clinic: Riverside, notice: object) -> Notice:
    """Write into the story what stood below an answer."""
    assert isinstance(notice, Notice)
    clinic.lines += [f"           {line}" for line in notice.lines]
    clinic.lines += [f"           [{button.label}]" for button in notice.buttons]
    return notice


def test_a_laser_breaks_down(opened: type[Riverside]) -> None:
    rooms = {"room-1": ("Laser A", "Laser B"), "room-2": ("Laser B",)}
    clinic = opened("g.timeout", clinic=replace(WITH_BOARD, rooms=rooms), now=london("2027-02-16 07:30"))
    for code, start, room in (
        ("K7Q2", "2027-02-16 09:30", "room-2"),
        ("M4XD", "2027-02-16 11:00", "room-1"),
        ("W9TR", "2027-02-18 14:00", "room-2"),
    ):
        clinic.book(start, code=code, room=room)
    clinic.until("2027-02-16 08:10")

    preview = lines(clinic, clinic.command(MAX, "hold all cases on laser B fault reported"))
    clinic.press_on(MAX, preview)
    clinic.until("2027-02-16 09:26")
    board(clinic)
    with pytest.raises(Refused):
        clinic.mark(Moment.STARTED.value, MAX)
    with pytest.raises(Refused):
        clinic.command(ALI, "override K7Q2")
    clinic.until("2027-02-16 10:20").command(KIT, "release laser B")
    clinic.until("2027-02-16 10:21")
    board(clinic)

    assert clinic.story == told("a_laser_breaks_down")


def test_a_new_medicine_is_asked_about(opened: type[Riverside]) -> None:
    clinic = opened("g.timeout", now=london("2027-02-15 09:00"))
    clinic.book("2027-02-18 09:30").book("2027-02-16 11:00", code="M4XD").until("2027-02-16 08:30")

    form = clinic.command(ALI, "ask-all abl")
    assert isinstance(form, Form)
    preview = clinic.send(
        ALI,
        form,
        playbook="abl",
        title="A new photosensitiser since the last visit?",
        role="nurse",
        due="start - 1 day at 10:00",
        stops="md_yes",
    )
    clinic.press_on(ALI, lines(clinic, preview))
    clinic.until("2027-02-16 08:40")
    clinic.answer(JO, "A new photosensitiser since the last visit?", answer="yes")
    clinic.until("2027-02-16 08:50").decide(ALI, Choice.PROCEED, "Used on the hands only.")
    clinic.command(FRAN, "move K7Q2 2027-02-25 09:30")
    due = next(task.due for task in clinic.course().tasks if task.step.startswith("added."))
    clinic.lines.append(f"         K7Q2 is asked {wording.moment(due, clinic.clinic.calendar)}")

    assert clinic.story == told("a_new_medicine_is_asked_about")


def test_jo_goes_home(opened: type[Riverside]) -> None:
    clinic = opened("g.medicines", "g.medical_history", "g.skin_exam", clinic=_two_shifts()).book()
    clinic.until("2027-01-12 15:11").type(JO, "2 to @sam")
    clinic.until("2027-01-12 15:12")
    (offer,) = clinic.workspace.of(SAM)
    clinic.press_on(SAM, lines(clinic, offer.card), "Decline")
    clinic.until("2027-01-12 15:20")
    clinic.speak()
    clinic.until("2027-01-12 15:25")
    clinic.lines.append(f"         Jo's card: {clinic.workspace.of(JO)[0].over}")
    clinic.answer(SAM, "Medical history")
    clinic.answer(SAM, "Medication disclosure")

    assert clinic.story == told("jo_goes_home")


def _two_shifts() -> Clinic:
    shifts = (
        Shift(person=JO, starts=time(8), ends=time(15, 20)),
        Shift(person=SAM, starts=time(15), ends=time(20)),
    )
    return replace(RIVERSIDE, roster={day: {**RIVERSIDE.roster[0], Role.NURSE: shifts} for day in range(5)})


def test_a_complication_whose_urgency_nobody_knows_yet(opened: type[Riverside]) -> None:
    clinic = opened("e.triage", "e.physician").book().until("2027-02-20 09:00")

    form = clinic.command(JO, "event K7Q2")
    assert isinstance(form, Form)
    clinic.lines += [f"           {watch.act}: {watch.title}" for watch in form.parts[0].watch]
    clinic.send(JO, form, symptoms=("rising_pain",), urgency="urgent")
    clinic.until("2027-02-20 09:01")

    assert clinic.story.split("Sat 20 Feb\n")[1] == told("a_complication_whose_urgency_nobody_knows_yet")


DAY = ("g.same_day_check", "g.device_check", "g.timeout", "x.new_date", "c.notify")


def withdrawn(clinic: Riverside) -> None:
    """Write into the story what became of the cards of the day."""
    clinic.speak()
    for who in (JO, MAX):
        gone = [message for message in clinic.workspace.of(who) if message.over]
        clinic.lines += [f"           {clinic.clinic.people[who].name}'s card: {m.over}" for m in gone]


def test_it_moves_on_the_morning_itself(opened: type[Riverside]) -> None:
    clinic = opened(*DAY).book("2027-02-18 09:30").until("2027-02-18 08:40")
    clinic.mark(Moment.ARRIVED.value)
    clinic.until("2027-02-18 09:26")
    old = clinic.workspace.of(MAX)[0]

    clinic.command(FRAN, "move K7Q2 2027-02-25 09:30")
    withdrawn(clinic)
    with pytest.raises(Refused):
        clinic.type(MAX, "all ok", under=old)
    clinic.until("2027-02-18 09:40").answer(FRAN, "New date told")
    clinic.until("2027-02-25 08:44").mark(Moment.ARRIVED.value)
    clinic.until("2027-02-25 09:26")

    assert clinic.story == told("it_moves_on_the_morning_itself")


def test_cancelled_as_a_no_show(opened: type[Riverside]) -> None:
    clinic = opened(*DAY).book("2027-02-18 09:30").until("2027-02-18 09:20")

    clinic.command(FRAN, "cancel K7Q2 no-show")
    withdrawn(clinic)
    with pytest.raises(Refused):
        clinic.early(MAX, "g.device_check")
    clinic.until("2027-02-18 09:30").answer(FRAN, "Cancellation told", reason="patient")
    clinic.until("2027-02-19 18:00")

    assert clinic.story == told("cancelled_as_a_no_show")
