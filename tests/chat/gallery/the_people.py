"""What people are told and asked besides their lists, drawn by the real service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

from bot.core.actions import Action, Button
from bot.core.kinds import FieldKind
from bot.core.messages import Form, Notice, Response
from bot.core.people import Clinic, Role, Shift
from bot.core.playbook import Field
from tests.chat.gallery.a_day import Named, form_of, opens
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, RIVERSIDE, SAM, WITH_BOARD, abl, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

CHANNELS = {PLATFORM: {"nurse": "#nurses", "escalations": "#help"}}
ROOMS = {"room-1": ("Laser A", "Laser B"), "room-2": ("Laser B",)}


def pressed(clinic: Riverside, who: str, notice: object, label: str) -> Response:
    """What a button of a notice opens or answers."""
    assert isinstance(notice, Notice), notice
    return opens(clinic, who, next(each for each in notice.buttons if each.label == label))


def _steady(notice: object) -> Notice:
    """A notice whose buttons carry the same word every time, not one drawn by lot."""
    assert isinstance(notice, Notice), notice
    return replace(notice, buttons=tuple(replace(each, value="a1b2c3d4") for each in notice.buttons))


def handed_over() -> Iterator[Named]:
    """Jo asks Sam, who declines, and later gets what is left at the end of Jo's shift."""
    clinic = Riverside("g.medicines", "g.medical_history", "g.skin_exam", clinic=_two_shifts()).book()
    clinic.until("2027-01-12 15:11")
    yield "hand-off-form", opens(clinic, JO, clinic.button(JO, "Hand off"))
    clinic.type(JO, "2 to @sam")
    clinic.until("2027-01-12 15:12")
    (offer,) = clinic.workspace.of(SAM)
    yield "hand-off-offered", _steady(offer.card)
    clinic.press_on(SAM, offer.card, "Decline")
    clinic.until("2027-01-12 15:13")
    yield "hand-off-declined", clinic.workspace.of(JO)[-1].card
    clinic.until("2027-01-12 15:20").speak()
    clinic.until("2027-01-12 15:25")
    yield "bundle", clinic.card(SAM, "From")
    yield "hand-off-accepted", _accepted()


def _accepted() -> Response:
    clinic = Riverside("g.medicines", "g.medical_history").book().until("2027-01-12 15:11")
    clinic.type(JO, "2 to @sam")
    clinic.until("2027-01-12 15:12")
    return clinic.press_on(SAM, clinic.workspace.of(SAM)[-1].card, "Accept")


def _two_shifts() -> Clinic:
    shifts = (
        Shift(person=JO, starts=time(8), ends=time(15, 20)),
        Shift(person=SAM, starts=time(15), ends=time(20)),
    )
    return replace(RIVERSIDE, roster={day: {**RIVERSIDE.roster[0], Role.NURSE: shifts} for day in range(5)})


def claimed() -> Iterator[Named]:
    """Nobody is on duty: the channel is asked, and Sam takes it."""
    morning = {date(2027, 1, 12): {Role.NURSE: (Shift(person=JO, starts=time(8), ends=time(14)),)}}
    alone = replace(RIVERSIDE, roster_changes=morning, on_call={}, channels=CHANNELS)
    clinic = Riverside("g.medicines", "g.allergies", clinic=alone).book().until("2027-01-12 15:10")
    (card,) = clinic.workspace.of("#nurses")
    yield "claim", card.card
    yield "claim-taken", clinic.press(SAM, "Claim", on=card)
    clinic.speak()
    yield "retired", card.over


def uncovered() -> Iterator[Named]:
    """Tomorrow there is no nurse."""
    away = {date(2027, 2, 18): {Role.NURSE: ()}}
    alone = replace(RIVERSIDE, roster_changes=away, on_call={}, channels=CHANNELS)
    clinic = Riverside("g.same_day_check", clinic=alone, now=london("2027-02-17 09:00"))
    for start, code in (("14:00", "K7Q2"), ("15:00", "M4XD"), ("16:30", "W9TR")):
        clinic.book(f"2027-02-18 {start}", code=code)
    clinic.until("2027-02-17 13:55").speak()
    clinic.until("2027-02-17 14:00").speak()
    clinic.until("2027-02-17 14:05").speak()
    yield "coverage", clinic.workspace.of(KIT)[0].card


def out_of_use() -> Iterator[Named]:
    """A laser breaks down: looked at, held, released."""
    house = replace(WITH_BOARD, rooms=ROOMS)
    clinic = Riverside("g.timeout", clinic=house, now=london("2027-02-16 07:30"))
    for code, start, room in (("K7Q2", "16 09:30", "room-2"), ("M4XD", "16 11:00", "room-1")):
        clinic.book(f"2027-02-{start}", code=code, room=room)
    clinic.until("2027-02-16 08:10")
    preview = clinic.command(MAX, "hold all cases on laser B fault reported")
    yield "hold-preview", _steady(preview)
    yield "hold-put-on", clinic.press_on(MAX, preview)
    clinic.until("2027-02-16 08:11")
    held = next(m for m in clinic.workspace.messages if m.card.heading.startswith("Held"))
    yield "held", held.card
    clinic.command(KIT, "release laser B")
    clinic.until("2027-02-16 08:20")
    yield "released", held.card


def differing() -> Iterator[Named]:
    """Two people weigh the same cream and differ."""
    (cream,) = abl("g.topical_anaesthetic").steps
    grams = Field(name="grams", label="Grams", kind=FieldKind.NUMBER, normal=1.0)
    step = replace(cream, double=True, ask=(*cream.ask, grams))
    clinic = Riverside(book=replace(abl(), steps=(step,), digest="two")).book(anaesthesia="topical")
    clinic.until("2027-02-18 08:31")
    yield "number-form", clinic.form(JO, "Numbing cream")
    clinic.answer(JO, "Numbing cream", grams=20)
    clinic.until("2027-02-18 08:33")
    yield "second-check", clinic.card(SAM)
    yield "second-form", clinic.form(SAM, "Second check: Numbing cream")
    clinic.answer(SAM, "Second check: Numbing cream", grams=30)
    clinic.until("2027-02-18 08:34")
    yield "mismatch", clinic.workspace.of(ALI)[-1].card


def moments() -> Iterator[Named]:
    """Nobody pressed Arrived, nobody pressed Started."""
    steps = ("g.identity_arrival", "g.same_day_check", "g.site_marked", "g.timeout")
    clinic = Riverside(*steps).book(room="room-2").until("2027-02-18 08:55")
    asked = next(m for m in clinic.workspace.of(FRAN) if m.card.heading == "Is the patient here?")
    yield "moment", asked.card
    late = pressed(clinic, FRAN, asked.card, "Later")
    yield "late-form", late
    yield "no-show-form", pressed(clinic, FRAN, asked.card, "No-show")
    assert isinstance(late, Form)
    yield "late-said", clinic.send(FRAN, late, minutes="25")
    clinic.until("2027-02-18 08:56")
    yield "moment-late", asked.card


def on_the_day() -> Iterator[Named]:
    """What is opened from the cards of the day, and what is said of it."""
    steps = ("g.eyewear", "g.site_marked", "g.device_check", "g.same_day_check", "g.timeout")
    clinic = Riverside(*steps).book(room="room-2").until("2027-02-18 08:45")
    yield "arrived", clinic.mark("arrived")
    clinic.until("2027-02-18 08:52")
    yield "prep-form-one", form_of(clinic, JO, "K7Q2:g.same_day_check:1:1")
    clinic.until("2027-02-18 09:16")
    yield "room-one", clinic.card(MAX, "Room")
    yield "which-differs", clinic.press(MAX, "Something differs")
    yield "all-as-read", clinic.press(MAX, "All as read aloud")
    yield "override-form", clinic.command(KIT, "override K7Q2")
    yield "help", clinic.command(JO, "help")
    clinic.answer(JO, "Same-day check")
    clinic.until("2027-02-18 09:26")
    yield "timeout-form", clinic.form(MAX, "Time-out")


def asked_again() -> Iterator[Named]:
    """Answers corrected, a case's list of them."""
    clinic = Riverside("g.medical_history", "g.allergies").book().until("2027-01-12 15:05")
    clinic.answer(JO, "Medical history")
    clinic.until("2027-01-12 16:30")
    answers = clinic.command(JO, "amend K7Q2")
    yield "amend-which", answers
    button = Button(action=Action.AMEND, label="", tasks=("K7Q2:g.medical_history:1:1",))
    yield "amend-form", opens(clinic, JO, button)


def booked() -> Iterator[Named]:
    """The desk books, moves and cancels; a physician asks all; a manager gives rooms."""
    house = replace(RIVERSIDE, rooms={"room-1": (), "room-2": ("CO₂ laser",)})
    clinic = Riverside("g.same_day_check", "x.new_date", clinic=house, now=london("2027-02-16 08:00"))
    new = clinic.command(FRAN, "new")
    yield "new-form", new
    yield "ask-all-form", clinic.command(ALI, "ask-all abl")
    for code, start, room in (("M4XD", "14:00", "room-1"), ("K7Q2", "09:30", "room-2")):
        clinic.book(f"2027-02-18 {start}", code=code, room=room)
    yield "move-form", clinic.command(FRAN, "move 2027-02-18")
    yield "cancel-form", clinic.command(FRAN, "cancel 2027-02-18")
    yield "moved", clinic.command(FRAN, "move K7Q2 2027-02-19 09:30")
    yield "rooms-form", clinic.until("2027-02-18 08:10").command(KIT, "rooms")
