"""A case told again as a script: played, it comes to the same rows as the case itself."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.clock import VirtualClock
from bot.core.actions import Action, Button
from bot.core.case import Choice, Outcome
from bot.core.errors import BookendError, Refused
from bot.core.listing import played_rows
from bot.core.messages import Form
from bot.core.outgoing import Entry
from bot.core.playbook import Playbook
from bot.core.script import Amend, Answer, Cancel, Decide, Event, Mark, Move, Nothing, Script, SetFact, Undo
from bot.files.scripts import parse_script
from bot.files.told import script_data, script_text
from bot.service import cases
from bot.service.export import opening, script_of
from bot.service.rehearse import rehearsal_clinic, rehearse
from tests.examples import some
from tests.service.clinic import ALI, CODE, FRAN, JO, SAM, abl, booking, london, practice
from tests.service.riverside import Riverside
from tests.store.memory import memory_store

SMOKING = ("g.medical_history", "abl.smoking_stop", "abl.smoking_after", "g.timeout")


def told(riverside: Riverside) -> Script:
    with riverside.store.reading() as reading:
        return script_of(riverside.practice, reading, CODE)


def played(script: Script, *steps: str, book: Playbook | None = None) -> list[dict[str, Any]]:
    """The rows that a script comes to, written down and read again as `bookend rehearse` would."""
    text = book or abl(*steps)
    again = parse_script(script_text(script), "told.yaml", {"abl": text})
    store = memory_store()
    clock = VirtualClock(again.booking.opened)
    clinic = rehearsal_clinic(again.booking.calendar)
    rehearsal = practice(store, clock, text, clinic=clinic, unsigned_may_ask=True)
    rows = played_rows(rehearse(rehearsal, clock, again).course)
    store.close()
    return rows


def rows(riverside: Riverside) -> list[dict[str, Any]]:
    return played_rows(riverside.course())


def test_a_whole_case_from_booking_to_the_day_7_visit_is_told() -> None:
    riverside = Riverside().book(age=52.0, area_face="yes").everything_as_usual("2027-02-25 12:00")

    script = told(riverside)

    moments = [line.moment.value for line in script.lines if isinstance(line, Mark)]
    assert moments == ["arrived", "started", "finished"]
    assert played(script) == rows(riverside)


def test_a_correction_is_told_and_played() -> None:
    riverside = Riverside("g.medical_history", "abl.smoking_stop").book().until("2027-01-12 15:00")
    riverside.answer(JO, "Medical history")
    riverside.until("2027-01-13 09:00")
    button = Button(action=Action.AMEND, label="", tasks=(riverside.task("g.medical_history").key,))
    form = riverside.desk.reply(riverside.pressed(SAM, button))
    assert isinstance(form, Form)
    riverside.reply(riverside.filled(SAM, form, because="told at the door", smoker="yes"))

    script = told(riverside)

    assert [type(line) for line in script.lines] == [Answer, Amend]
    assert played(script, "g.medical_history", "abl.smoking_stop") == rows(riverside)


def test_a_stop_and_the_physicians_word_on_it_are_told() -> None:
    riverside = Riverside("abl.hsv_started", "g.timeout").book(area_face="yes").until("2027-02-17 10:30")
    riverside.answer(JO, "First antiviral dose taken", first_dose_taken="no")
    riverside.until("2027-02-17 11:00")
    stopped = told(riverside)
    riverside.decide(ALI, Choice.PROCEED, "She takes it tonight")

    script = told(riverside)

    assert played(stopped, "abl.hsv_started", "g.timeout")[0]["status"] == "blocked"
    assert [type(line) for line in script.lines] == [Answer, Decide]
    assert played(script, "abl.hsv_started", "g.timeout") == rows(riverside)


def test_what_people_typed_is_left_out() -> None:
    riverside = Riverside("abl.hsv_started").book(area_face="yes").until("2027-02-17 10:30")
    riverside.fill(JO, riverside.form(JO, "First antiviral dose taken"), "she forgot", Outcome.PROBLEM)
    riverside.until("2027-02-17 11:00")
    riverside.decide(ALI, Choice.POSTPONE, "wait for the pharmacy")

    text = script_text(told(riverside))

    assert "forgot" not in text
    assert "pharmacy" not in text
    assert "outcome: problem" in text


def test_an_answer_that_was_taken_back_is_told() -> None:
    riverside = Riverside(*SMOKING).book(smoker="no").until("2027-01-12 15:30")
    riverside.early(JO, "g.medical_history", smoker="yes")
    riverside.undo(JO, "g.medical_history")

    script = told(riverside)

    assert [type(line) for line in script.lines] == [Answer, Undo]
    assert played(script, *SMOKING) == rows(riverside)


def test_facts_moves_events_and_cancels_are_told() -> None:
    steps = ("abl.isotretinoin", "abl.smoking_stop", "g.timeout", "e.triage", "c.notify", "x.new_date")
    riverside = Riverside(*steps).book(age=52.0).until("2027-01-14 09:00")
    riverside.command(JO, f"fact {CODE} smoker yes")
    riverside.command(JO, f"fact {CODE} isotretinoin past")
    riverside.command(JO, f"fact {CODE} isotretinoin_last_dose 2026-11-20")
    riverside.until("2027-01-15 09:00").command(FRAN, f"move {CODE} 2027-02-25 11:00")
    riverside.until("2027-02-26 09:00").command(JO, f"event {CODE} urgent")
    before = told(riverside)
    riverside.until("2027-02-27 09:00").command(FRAN, f"cancel {CODE} no-show")

    after = told(riverside)

    assert [type(line) for line in before.lines] == [SetFact, SetFact, SetFact, Move, Event]
    assert [type(line) for line in after.lines] == [*(type(line) for line in before.lines), Cancel]
    assert before.lines[2] == SetFact(
        at=london("2027-01-14 09:00"),
        fact="isotretinoin_last_dose",
        value=date(2026, 11, 20),
        by="nurse",
    )
    assert after.booking.starts == before.booking.starts == (london("2027-02-18 09:30"),)
    assert played(after, *steps) == rows(riverside)
    assert {row["id"] for row in rows(riverside)} == set(steps)


def test_a_course_of_sessions_names_the_session_in_each_line() -> None:
    starts = ("2027-02-18 09:30", "2027-04-15 09:30")
    riverside = Riverside().book(*starts, age=52.0).everything_as_usual("2027-02-18 12:00")
    with riverside.store.writing() as tx:
        cases.move(riverside.practice, tx, CODE, london("2027-04-20 10:00"), by=FRAN, session=2)

    script = told(riverside)

    answers = [line for line in script_data(script)["script"] if line["do"] == "answer"]
    assert {line["session"] for line in answers} == {"1", "2"}
    assert played(script) == rows(riverside)


def test_a_quiet_case_ends_with_the_time_that_passed() -> None:
    riverside = Riverside("g.timeout").book().until("2027-01-20 09:00")

    assert told(riverside).lines == (Nothing(until=london("2027-01-20 09:00")),)


def test_an_optional_field_that_was_left_empty_stays_empty() -> None:
    steps = ("abl.hsv_prescribed", "g.timeout")
    riverside = Riverside(*steps).book(area_face="yes").until("2027-02-11 10:30")
    form = riverside.form(ALI, "Antiviral prescribed")
    riverside.fill(ALI, form, prescribed="yes", reason_for_none="")

    script = told(riverside)

    assert "reason_for_none: null" in script_text(script)
    assert played(script, *steps) == rows(riverside)


def test_a_case_whose_history_was_erased_cannot_be_told() -> None:
    riverside = Riverside("g.timeout").book()
    entry = Entry(kind="opened", at=riverside.clock.now(), by=FRAN, detail={})
    with riverside.store.reading() as reading:

        class Erased(type(reading)):  # type: ignore[misc]
            def history(self, code: str) -> tuple[Entry, ...]:
                return (entry,)

        reading.__class__ = Erased
        with pytest.raises(Refused, match="was erased"):
            script_of(riverside.practice, reading, CODE)


def test_what_the_first_line_of_a_history_keeps_is_plain() -> None:
    kept = opening(booking(isotretinoin_last_dose=date(2026, 11, 20), age=52.0, smoker="unknown"))

    assert kept == {
        "playbook": "abl",
        "starts": ["2027-02-18T09:30:00+00:00"],
        "facts": {"isotretinoin_last_dose": "2026-11-20", "age": 52.0, "smoker": "unknown"},
        "told": True,
    }


DEEDS = (
    ("answer", "g.medical_history", {"smoker": "yes"}),
    ("answer", "g.medical_history", {"smoker": "no"}),
    ("answer", "abl.smoking_stop", {"still_smoking": "yes"}),
    ("undo", "g.medical_history", {}),
    ("undo", "abl.smoking_stop", {}),
    ("fact", "smoker no", {}),
    ("fact", "smoker unknown", {}),
    ("move", "2027-03-04 09:30", {}),
    ("move", "2027-02-25 09:30", {}),
    ("event", "routine", {}),
    ("cancel", "no-show", {}),
)


@settings(max_examples=some(25))
@example(story=[(DEEDS[0], 0), (DEEDS[1], 0)])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from([0, 3, 700, 9000])), max_size=9))
def test_whatever_happened_the_script_comes_to_the_same_rows(story: list[tuple[Any, int]]) -> None:
    riverside = Riverside(*SMOKING).book(smoker="no")
    for (what, of, values), minutes in story:
        riverside.clock.advance(riverside.clock.now() + minutes * london_minute)
        try:
            if what == "answer":
                riverside.early(JO, of, **values)
            elif what == "undo":
                riverside.undo(JO, of)
            else:
                riverside.command(ALI if what != "fact" else JO, f"{what} {CODE} {of}")
        except (BookendError, AssertionError):
            continue

    assert played(told(riverside), *SMOKING) == rows(riverside)


london_minute = london("2027-01-12 00:01") - london("2027-01-12 00:00")


def test_two_people_who_differ_are_told_by_name_and_so_is_what_they_answered_anew() -> None:
    book = checked_by_two()
    riverside = Riverside(book=book).book(anaesthesia="topical").until("2027-02-18 08:30")
    riverside.answer(JO, CREAM, occlusion="none")
    riverside.speak()
    riverside.answer(SAM, f"Second check: {CREAM}", occlusion="label_only")
    riverside.speak()
    differ = told(riverside)
    riverside.press(ALI, "Both answer anew")
    for who, line in ((JO, CREAM), (SAM, f"Second check: {CREAM}")):
        riverside.speak()
        riverside.answer(who, line, occlusion="none")

    script = told(riverside)

    assert [line.by for line in script.lines if isinstance(line, Answer)] == ["nurse", "nurse2"] * 2
    assert [row["status"] for row in played(differ, book=book)] == ["blocked"]
    assert played(script, book=book) == rows(riverside)


def test_the_first_of_two_answers_taken_back_is_told() -> None:
    book = checked_by_two()
    riverside = Riverside(book=book).book(anaesthesia="topical").until("2027-02-18 08:30")
    riverside.answer(JO, CREAM, occlusion="none")
    riverside.undo(JO, "g.topical_anaesthetic")

    assert played(told(riverside), book=book) == rows(riverside)


def test_attempts_in_vain_are_told() -> None:
    riverside = Riverside("abl.call_1").book().until("2027-02-19 10:05")
    form = riverside.form_of(JO, "abl.call_1")
    riverside.fill(JO, form, "phone, no answer", Outcome.UNREACHED)

    script = told(riverside)

    assert [line.outcome for line in script.lines if isinstance(line, Answer)] == [Outcome.UNREACHED]
    assert played(script, "abl.call_1") == rows(riverside)


CREAM = "Numbing cream"


def checked_by_two() -> Playbook:
    whole = abl("g.topical_anaesthetic")
    return replace(
        whole, steps=tuple(replace(each, double=True) for each in whole.steps), digest="two people"
    )
