"""Days on which somebody decides, by the service, through the page and in Slack alike."""

from dataclasses import replace
from datetime import date

from bot.core.actions import Action, Button
from bot.core.case import Choice, Outcome, TaskStatus
from bot.core.kinds import FieldKind
from bot.core.messages import Form
from bot.core.playbook import Field
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, SAM, abl
from tests.service.riverside import Riverside
from tests.stories.test_stories import told

CREAM = "g.topical_anaesthetic"


def test_the_clean_go_together_and_the_exceptions_singly(opened: type[Riverside]) -> None:
    clinic = opened("g.change_check", "g.readiness")
    for code, start in {"AAAA": "09:30", "BBBB": "11:00", "K7Q2": "14:00"}.items():
        clinic.book(f"2027-02-18 {start}", code=code)
    clinic.until("2027-02-16 11:05")
    for code in ("AAAA", "BBBB"):
        button = Button(action=Action.FORM, label="", tasks=(f"{code}:g.change_check:1:1",))
        clinic.answer_with(JO, button)
    clinic.until("2027-02-16 15:01")
    clinic.press(ALI, "Go for the 2 clean")
    clinic.until("2027-02-16 15:10").answer(JO, "Anything new?", new_medicine="yes")
    clinic.until("2027-02-16 15:12").decide(ALI, Choice.PROCEED, "eye drops")
    clinic.until("2027-02-16 15:15").press(ALI, "Go for the one that is clean")
    clinic.until("2027-02-16 15:30")

    assert clinic.story == told("the_clean_go_together")
    assert clinic.statuses("g.readiness") == {"g.readiness": "done"}


def test_two_people_differ_and_answer_anew(opened: type[Riverside]) -> None:
    whole = abl(CREAM)
    grams = Field(name="grams", label="Grams", kind=FieldKind.NUMBER, normal=1.0)
    (cream,) = whole.steps
    book = replace(whole, steps=(replace(cream, double=True, ask=(*cream.ask, grams)),), digest="two people")
    clinic = opened(book=book).book(anaesthesia="topical").until("2027-02-18 08:31")
    clinic.answer(JO, "Numbing cream", grams=20)
    clinic.until("2027-02-18 08:33").answer(SAM, "Second check: Numbing cream", grams=30)
    clinic.until("2027-02-18 08:35").press(ALI, "Both answer anew")
    clinic.until("2027-02-18 08:37").answer(JO, "Numbing cream", grams=25)
    clinic.until("2027-02-18 08:39").answer(SAM, "Second check: Numbing cream", grams=25)
    clinic.until("2027-02-18 08:45")

    assert clinic.story == told("two_people_differ")
    assert clinic.task(CREAM).status is TaskStatus.DONE


def test_a_patient_nobody_reaches_goes_to_the_physician(opened: type[Riverside]) -> None:
    clinic = opened("g.followups_booked", "abl.call_1").book().until("2027-02-11 10:05")
    clinic.answer(FRAN, "Follow-up bookings")
    clinic.until("2027-02-18 09:30")
    for moment, who in (("arrived", FRAN), ("started", MAX), ("finished", MAX)):
        clinic.mark(moment, who)
    clinic.until("2027-02-19 10:10")
    for at, who in (("2027-02-19 17:05", JO), ("2027-02-20 10:05", JO), ("2027-02-22 09:00", SAM)):
        form = clinic.form_of(who, "abl.call_1")
        clinic.fill(who, form, "phone, no answer", Outcome.UNREACHED)
        clinic.until(at)
    clinic.decide(ALI, Choice.PROCEED, "letter sent")
    clinic.until("2027-02-22 10:00")

    assert clinic.story == told("a_patient_nobody_reaches")
    assert clinic.task("abl.call_1").status is TaskStatus.DONE


def test_a_second_person_says_go_and_it_stays_in_sight(opened: type[Riverside]) -> None:
    clinic = opened("g.change_check", "g.readiness").book().until("2027-02-16 14:30")
    form = clinic.command(KIT, "override K7Q2")
    assert isinstance(form, Form)
    clinic.send(KIT, form, why="elsewhere", asked=FRAN, line="asked by telephone")
    clinic.until("2027-02-16 15:05").answer(ALI, "Cleared to come")
    clinic.command(KIT, "status")

    assert clinic.story == told("a_second_person_says_go")


def test_a_fact_is_corrected_where_a_hard_stop_hangs_on_it(opened: type[Riverside]) -> None:
    clinic = opened("abl.isotretinoin").book(
        mode="full_field", isotretinoin="past", isotretinoin_last_dose=date(2026, 11, 30)
    )
    clinic.until("2027-01-12 15:10").answer(ALI, "Isotretinoin", decision="proceed")
    clinic.until("2027-01-12 15:12")
    form = clinic.form(ALI, label="Correct a fact")
    clinic.fill(ALI, form, isotretinoin_last_dose=date(2025, 11, 30), reason="letter of the pharmacy")
    clinic.until("2027-01-12 15:20")

    assert clinic.story == told("a_fact_is_corrected")
    assert clinic.statuses("abl.isotretinoin") == {"abl.isotretinoin": "done"}


def test_everybody_stops_and_says_it_aloud(opened: type[Riverside]) -> None:
    clinic = opened("g.consent_signed", "g.eyewear", "g.site_marked", "g.timeout").book()
    clinic.until("2027-02-18 09:20")
    for who, step in ((MAX, "g.eyewear"), (MAX, "g.site_marked")):
        clinic.early(who, step)
    clinic.until("2027-02-18 09:26")
    aloud(clinic)
    clinic.answer(ALI, "Consent signed")
    clinic.until("2027-02-18 09:28")
    aloud(clinic)
    clinic.answer(MAX, "Time-out")

    assert clinic.story == told("everybody_says_it_aloud")


def aloud(clinic: Riverside) -> None:
    """Write into the story what the time-out card says is open, and what is said aloud."""
    card = clinic.card(MAX, "Time-out")
    clinic.lines += [f"         open: {each}" for each in card.waits]
    clinic.lines += [f"         aloud: {each}" for each in card.aloud]
