"""A complication is reported: in one line, or by a form that shows what to look for on that day."""

import pytest

from bot.core.errors import NotFound, Unclear, WrongValues
from bot.core.messages import Form, Notice
from bot.core.red_flags import Urgency
from tests.service.clinic import JO, MAX, london
from tests.service.riverside import Riverside

STEPS = ("abl.visit_7", "e.triage", "e.physician", "e.same_day_review")


@pytest.fixture
def day_two() -> Riverside:
    return Riverside(*STEPS, now=london("2027-02-20 09:00")).book()


def asked(clinic: Riverside, text: str = "event K7Q2") -> Form:
    form = clinic.command(JO, text)
    assert isinstance(form, Form), form
    return form


def test_without_its_urgency_a_form_shows_the_red_flags_of_the_day(day_two: Riverside) -> None:
    form = asked(day_two)

    (part,) = form.parts
    assert form.heading == "Complication on day 2"
    assert part.watching == "Red flags on day 2" and len(part.watch) > 3
    assert [field.name for field in part.fields] == ["symptoms", "urgency"]
    assert all(field.value is None for field in part.fields)
    assert day_two.course().task("e.triage", 1) is None


def test_the_form_reports_it_and_says_the_day(day_two: Riverside) -> None:
    notice = day_two.send(JO, asked(day_two), symptoms=("rising_pain",), urgency="urgent")

    assert isinstance(notice, Notice)
    assert notice.text.startswith("K7Q2: complication reported on day 2, urgent. The team is asked now.")
    assert set(day_two.statuses()) >= {"e.triage", "e.physician", "e.same_day_review"}
    assert day_two.history()[-1].detail["signs"] == ["rising_pain"]


def test_signs_that_speak_for_more_are_said_and_the_choice_stays_a_persons(day_two: Riverside) -> None:
    form = asked(day_two)
    signs = next(field for field in form.parts[0].fields if field.name == "symptoms").speaks
    worst = next(sign for sign, (urgency, _) in signs.items() if urgency is Urgency.EMERGENCY)

    notice = day_two.send(JO, form, symptoms=(worst,), urgency="routine")

    assert "The signs speak for emergency" in notice.text and "you chose routine" in notice.text
    assert day_two.course().case.facts["event_urgency"] == "routine"


def test_a_form_without_an_urgency_reports_nothing(day_two: Riverside) -> None:
    with pytest.raises(WrongValues) as wrong:
        day_two.send(JO, asked(day_two), symptoms=("rising_pain",))

    assert "urgency" in wrong.value.problems
    assert day_two.course().task("e.triage", 1) is None


def test_with_its_urgency_it_is_reported_at_once_and_the_day_is_said(day_two: Riverside) -> None:
    notice = day_two.command(MAX, "event K7Q2 emergency")

    assert "complication reported on day 2, emergency" in notice.text
    assert "send the patient to hospital now" in notice.text


def test_before_the_first_session_no_day_is_said() -> None:
    clinic = Riverside(*STEPS).book()

    assert asked(clinic).heading == "Complication"
    assert "day" not in clinic.command(JO, "event K7Q2 urgent").text


def test_a_course_reports_of_the_session_that_is_named() -> None:
    clinic = Riverside(*STEPS, now=london("2027-04-16 09:00"))
    clinic.book("2027-02-18 09:30", "2027-04-15 09:30")

    assert asked(clinic).heading == "Complication on day 1"
    assert asked(clinic, "event K7Q2/1").heading == "Complication on day 57"


def test_an_unknown_case_opens_no_form(day_two: Riverside) -> None:
    with pytest.raises(NotFound):
        day_two.command(JO, "event ZZZZ")


def test_where_no_step_asks_for_an_urgency_the_words_are_said() -> None:
    clinic = Riverside("abl.visit_7", "e.physician", now=london("2027-02-20 09:00")).book()

    with pytest.raises(Unclear, match="How urgent"):
        clinic.command(JO, "event K7Q2")
