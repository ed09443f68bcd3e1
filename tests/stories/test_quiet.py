"""A morning with few prompts, as everybody heard it: by the service, through the page and in Slack alike."""

from dataclasses import replace
from datetime import time

from bot.core.case import Moment
from bot.core.messages import Form
from tests.service.clinic import ALI, JO, KIT, MAX, RIVERSIDE, SAM, london
from tests.service.riverside import Riverside
from tests.stories.test_stories import told


def test_two_patients_in_room_2(opened: type[Riverside]) -> None:
    steps = ("g.same_day_check", "g.laser_area", "g.eyewear")
    clinic = opened(*steps, now=london("2027-02-18 08:00"))
    for wall, code in (("2027-02-18 09:30", "K7Q2"), ("2027-02-18 10:45", "M4XD")):
        clinic.book(wall, code=code, room="Room 2", operator=MAX)

    form = clinic.command(KIT, "rooms")
    assert isinstance(form, Form)
    clinic.send(KIT, form, nurse_0=SAM)
    clinic.until("2027-02-18 08:44").mark(Moment.ARRIVED.value, JO)
    clinic.until("2027-02-18 08:57").answer(SAM, "Same-day check")
    clinic.until("2027-02-18 09:16").answer(MAX, "Room and door signs")
    clinic.until("2027-02-18 09:21").answer(MAX, "Eyewear")
    clinic.until("2027-02-18 09:33").mark(Moment.STARTED.value, MAX)
    clinic.until("2027-02-18 10:38").mark(Moment.FINISHED.value, MAX)
    clinic.until("2027-02-18 10:39")

    assert clinic.story == told("two_patients_in_room_2")


def test_quiet_hours_in_the_morning(opened: type[Riverside]) -> None:
    ali = replace(RIVERSIDE.people[ALI], quiet=(time(7), time(10)))
    rests = replace(RIVERSIDE, people={**RIVERSIDE.people, ALI: ali})
    clinic = opened("g.skin_exam", "g.medicines", clinic=rests, now=london("2027-02-01 09:00"))

    clinic.book("2027-03-18 09:30").until("2027-02-01 10:01")

    assert clinic.story == told("quiet_hours_in_the_morning")
