"""The cards of a usual day, drawn by the real service: a whole case, the channel's board, and lists of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.actions import Action, Button
from bot.core.boards import Board
from bot.core.case import Choice
from bot.core.messages import Card, Form, Home, Notice, Response, TaskCard
from bot.core.replies import Address
from bot.service.reviews import tell_reviews
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, PIA, REVIEW, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of what a command answers, where a platform shows that in pages: all of it, or its history."""

    word: str
    what: Response
    about: str = ""
    page: int = 1


#: What people are shown; a string is the line that says why a card is over.
Shown = Card | Response | Home | Page | str
#: What is shown, and its name.
Named = tuple[str, Shown]
CODES = ("K7Q2", "M4XD", "W9TR", "H2LF", "V3HN", "T8BA")


def opens(clinic: Riverside, who: str, button: Button) -> Response:
    """What a button opens or answers."""
    return clinic.desk.reply(clinic.pressed(who, button))


def form_of(clinic: Riverside, who: str, *tasks: str) -> Response:
    """The form of these tasks."""
    return opens(clinic, who, Button(action=Action.FORM, label="", tasks=tasks))


def whole_case() -> Iterator[Named]:
    """Every stage of one case, as each card first came and as it was when all of it was answered."""
    clinic = Riverside(clinic=WITH_BOARD).book(room="room-2", area_face="yes", anaesthesia="topical")
    clinic.everything_as_usual("2027-02-18 18:00")
    first: dict[str, Message] = {}
    for message in clinic.workspace.messages:
        card = message.drawings[0]
        if isinstance(card, TaskCard) and message.to != "#procedures":
            first.setdefault(f"{card.kind}-{message.to}" if card.kind == "consult" else card.kind, message)
    for name, message in first.items():
        yield name, message.drawings[0]
    for name in ("prep", "room", "timeout"):
        yield f"{name}-answered", first[name].card
    yield "timeout-passed", next(d for d in first["timeout"].drawings if d.heading.startswith("Started"))
    boards = [message for message in clinic.workspace.messages if isinstance(message.card, Board)]
    yield "board-closed", boards[-1].card
    yield from ((f"weekly-{n}", m.card) for n, m in enumerate(_weeks(clinic)[-1:]))
    case = clinic.command(KIT, "case K7Q2")
    yield "case", case
    yield "screen-history", Page(word="history", about="K7Q2", what=case)


def _weeks(clinic: Riverside) -> list[Message]:
    return [m for m in clinic.workspace.messages if isinstance(m.card, Notice) and "week" in m.card.heading]


def busy() -> Iterator[Named]:
    """Six patients of one week: lists, the physician's list, the board on its hard morning."""
    steps = ("g.confirm_contact", "g.change_check", "abl.home_kit", "g.readiness", "g.same_day_check")
    clinic = Riverside(*steps, "g.timeout", clinic=WITH_BOARD, now=london("2027-02-08 09:00"))
    for place, code in enumerate(CODES):
        clinic.book(f"2027-02-18 {9 + place:02}:30", code=code, room=f"room-{place % 2 + 1}")
    yield from _lists(clinic.until("2027-02-16 11:05"))
    for code in CODES[:3]:
        form = form_of(clinic, JO, f"{code}:g.change_check:1:1")
        assert isinstance(form, Form)
        clinic.fill(JO, form, **({"new_medicine": "yes"} if code == "W9TR" else {}))
    clinic.until("2027-02-16 15:05")
    yield "clearance", clinic.card(ALI, "Cleared")
    yield "decision-worklist", clinic.decision()
    yield "status", clinic.command(KIT, "status")
    yield "mine", clinic.command(JO, "mine")
    overdue = clinic.command(KIT, "overdue")
    yield "overdue", overdue
    yield "screen-overdue", Page(word="overdue", what=overdue)
    for who, name in ((JO, "home-nurse"), (KIT, "home-manager")):
        yield name, clinic.desk.home(Address(platform=PLATFORM, account=who))
    clinic.until("2027-02-18 10:20")
    yield "today", clinic.command(FRAN, "today")
    yield "board", [m for m in clinic.workspace.of("#procedures") if isinstance(m.card, Board)][-1].card
    yield "desk-arrivals", clinic.card(FRAN, "Front desk")
    slipping = [m.card for m in clinic.workspace.of(KIT) if m.card.heading.startswith("Please look")]
    yield "slipping", slipping[-1]


def _lists(clinic: Riverside) -> Iterator[Named]:
    yield "worklist-six", clinic.card(JO, "Your list")
    yield "which", opens(clinic, JO, clinic.button(JO, "Who is this?"))
    boards = [m for m in clinic.workspace.of("#procedures") if isinstance(m.card, Board)]
    yield "board-coming", boards[-1].card
    yield "board-quiet", boards[0].drawings[0]


def stops() -> Iterator[Named]:
    """A physician decides: on a stop of theirs, a hard one, a contradiction."""
    clinic = Riverside("abl.hsv_prescribed", "abl.hsv_started", "g.timeout").book(area_face="yes")
    clinic.until("2027-02-11 10:00").answer(ALI, "Antiviral prescribed", prescribed="yes")
    clinic.until("2027-02-17 10:20")
    yield "answered", clinic.answer(JO, "First antiviral dose taken", first_dose_taken="no")
    clinic.until("2027-02-17 10:21")
    yield "decision", clinic.decision()
    yield "decide-form", opens(clinic, ALI, clinic.button(ALI, "Proceed"))
    clinic.until("2027-02-17 10:40").decide(ALI, Choice.PROCEED, "No history of cold sores.")
    clinic.until("2027-02-17 10:41")
    yield "decision-settled", clinic.decision()
    yield "timeout-waits", _time_out()
    yield from _hard()
    yield from _contradicted()


def _hard() -> Iterator[Named]:
    clinic = Riverside("abl.isotretinoin", "g.readiness").book(
        mode="full_field", isotretinoin="past", isotretinoin_last_dose=date(2026, 11, 30)
    )
    clinic.until("2027-01-12 15:10").answer(ALI, "Isotretinoin", decision="proceed")
    clinic.until("2027-01-12 15:11")
    yield "decision-hard", clinic.decision()
    yield "correct-form", opens(clinic, ALI, clinic.button(ALI, "Correct a fact"))
    yield "case-stopped", clinic.command(KIT, "case K7Q2")


def _contradicted() -> Iterator[Named]:
    clinic = Riverside("g.medical_history", "abl.smoking_stop", "g.timeout").book(smoker="yes")
    clinic.until("2027-01-12 15:01")
    yield "consult-form-one", clinic.form(JO, "Medical history")
    clinic.answer(JO, "Medical history", smoker="no")
    clinic.speak()
    yield "settling", next(m.card for m in clinic.workspace.of(ALI) if "decision" in m.card.heading)
    clinic.press(ALI, "No")
    clinic.speak()
    yield "settled", next(m.card for m in clinic.workspace.of(ALI) if m.card.heading.startswith("Settled"))


def _time_out() -> TaskCard:
    clinic = Riverside("g.consent_signed", "g.eyewear", "g.site_marked", "g.allergies", "g.timeout").book()
    clinic.until("2027-01-12 15:05").answer(JO, "Allergies")
    clinic.until("2027-02-18 09:20").early(MAX, "g.eyewear")
    return clinic.until("2027-02-18 09:26").card(MAX, "Time-out")


def lapsing() -> Iterator[Named]:
    """What the medical director is told of a review."""
    clinic = Riverside()
    clinic.clock.advance(london(f"{REVIEW - timedelta(days=7)} 09:30"))
    tell_reviews(clinic.practice)
    clinic.speak()
    yield "review", clinic.workspace.of(ALI)[0].card


def urgent() -> Iterator[Named]:
    """A complication: the first call, what the physician is asked, and its form."""
    clinic = Riverside("e.triage", "e.physician").book().visited().until("2027-02-20 09:00")
    yield "report-form", clinic.command(JO, "event K7Q2")
    clinic.command(JO, "event K7Q2 urgent")
    clinic.until("2027-02-20 09:01")
    asked = {who: clinic.workspace.of(who) for who in (PIA, ALI, JO, "sam")}
    yield "event", next(cards[-1].card for cards in asked.values() if cards)
