"""One question more in all booked cases: seen first, applied case by case, asked like any other step."""

from dataclasses import replace

import pytest

from bot.core.added import due_of
from bot.core.case import Choice
from bot.core.errors import Conflict, NotAllowed, NotFound, Settled, Unclear, WrongValues
from bot.core.kinds import Gate
from bot.core.messages import Form, Notice
from bot.core.readiness import Ready
from bot.service import adding
from bot.service.export import script_of
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, PIA, london
from tests.service.riverside import Riverside

QUESTION = "A new photosensitiser since the last visit?"
LINE = f'ask-all abl nurse "{QUESTION}" start - 1 day at 10:00, md on yes'


@pytest.fixture
def clinic() -> Riverside:
    clinic = Riverside("g.timeout", "abl.visit_7", "x.new_date", now=london("2027-02-01 10:00"))
    clinic.book("2027-02-18 09:30").book("2027-02-18 14:00", code="M4XD").book(
        "2027-03-02 09:30", code="W9TR"
    )
    return clinic.until("2027-02-01 10:01")


def ask(clinic: Riverside, text: str = LINE, who: str = ALI) -> Notice:
    notice = clinic.press_on(who, clinic.command(who, text))
    clinic.speak()
    return notice


def extra(clinic: Riverside, code: str = "K7Q2") -> list[str]:
    with clinic.store.reading() as reading:
        course = clinic.practice.course(reading, code)
    return [course.step(task).title for task in course.tasks if task.step.startswith("added.")]


# --- seen first


def test_nothing_is_asked_before_somebody_saw_of_whom(clinic: Riverside) -> None:
    preview = clinic.command(ALI, LINE)

    assert isinstance(preview, Notice)
    assert preview.text == f"3 booked cases would be asked: “{QUESTION}” Nothing is asked yet."
    assert preview.lines == (
        "Asked of a nurse, 1 day before the procedure at 10:00, or on the last open day before; "
        "what is past its time is asked at once.",
        "“Yes” is a stop (needs the physician), and without an answer nobody is ready.",
        "New bookings are asked, too, until somebody ends it. Signed by Dr Ali.",
        "Thu 18 Feb (2): 09:30 K7Q2, 14:00 M4XD",
        "Tue 2 Mar (1): 09:30 W9TR",
    )
    assert [button.label for button in preview.buttons] == ["Ask in these 3 cases"]
    clinic.speak()
    assert extra(clinic) == []


def test_the_form_asks_for_the_same(clinic: Riverside) -> None:
    form = clinic.command(ALI, "ask-all abl")
    assert isinstance(form, Form)

    preview = clinic.send(
        ALI, form, playbook="abl", title=QUESTION, role="nurse", due="start - 1 day at 10:00", stops="md_yes"
    )

    assert form.parts[0].fields[0].value == "abl"
    assert preview.text == f"3 booked cases would be asked: “{QUESTION}” Nothing is asked yet."


def test_the_button_asks_in_every_case_with_a_line_of_history(clinic: Riverside) -> None:
    notice = ask(clinic)

    assert notice.text == f"“{QUESTION}” is asked in 3 cases now."
    assert [extra(clinic, code) for code in ("K7Q2", "M4XD", "W9TR")] == [[QUESTION]] * 3
    assert [clinic.history(code)[-1].kind for code in ("K7Q2", "M4XD", "W9TR")] == ["asked_too"] * 3
    assert "Dr Ali · asked one thing more" in clinic.command(KIT, "case K7Q2").history[-1]


def test_a_second_press_changes_nothing(clinic: Riverside) -> None:
    preview = clinic.command(ALI, LINE)
    clinic.press_on(ALI, preview)
    clinic.speak()

    with pytest.raises(Settled, match="is asked already"):
        clinic.press_on(ALI, preview)
    clinic.speak()

    assert extra(clinic) == [QUESTION]


def test_what_changed_since_the_preview_is_said(clinic: Riverside) -> None:
    preview = clinic.command(ALI, LINE)
    clinic.command(FRAN, "cancel M4XD patient is ill")
    clinic.book("2027-03-03 09:30", code="X5GD")

    notice = clinic.press_on(ALI, preview)
    clinic.speak()

    assert "Since you looked, X5GD came to it." in notice.text
    assert "Since you looked, M4XD left it." in notice.text
    assert (extra(clinic, "X5GD"), extra(clinic, "M4XD")) == ([QUESTION], [])


def test_a_case_that_is_changed_in_the_same_moment_takes_it_with_the_next_tick(
    clinic: Riverside, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.press_on(ALI, clinic.command(ALI, LINE))
    taken = adding._ask_in
    first = iter([True])

    def busy(*args: object) -> bool:
        if next(first, False):
            raise Conflict("somebody else was faster")
        return taken(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(adding, "_ask_in", busy)

    (riverside,) = clinic.practice.clinics.values()
    assert [adding.carry_on(clinic.practice, riverside) for _ in range(2)] == [2, 1]
    assert [extra(clinic, code) for code in ("K7Q2", "M4XD", "W9TR")] == [[QUESTION]] * 3


# --- asked like any other


def test_it_is_asked_stops_and_is_decided_like_any_other(clinic: Riverside) -> None:
    ask(clinic)
    clinic.until("2027-02-17 10:01")
    (asked,) = [line for line in clinic.card(JO).lines if line.label.endswith("· K7Q2")]
    before = clinic.ready(Gate.START)

    clinic.answer(JO, QUESTION, answer="yes")
    clinic.until("2027-02-17 10:02").decide(ALI, Choice.PROCEED, "Only used on the hands.")

    assert asked.title == QUESTION
    assert before is Ready.NOT_READY
    assert clinic.statuses()[clinic_step(clinic)] == "done"


def clinic_step(clinic: Riverside) -> str:
    return next(task.step for task in clinic.course().tasks if task.step.startswith("added."))


def test_what_is_past_its_time_is_asked_at_once(clinic: Riverside) -> None:
    clinic.book("2027-02-02 09:00", code="X5GD")
    clinic.until("2027-02-01 11:00")

    ask(clinic)

    assert any("X5GD" in line.label for line in clinic.card(JO).lines)


def test_a_move_dates_it_anew(clinic: Riverside) -> None:
    ask(clinic)

    clinic.command(FRAN, "move K7Q2 2027-03-18 09:30")

    assert clinic.task(clinic_step(clinic)).due == london("2027-03-17 10:00")


def test_a_session_that_was_treated_is_not_asked(clinic: Riverside) -> None:
    clinic.book("2027-02-01 09:00", "2027-04-01 09:30", code="X5GD").until("2027-02-01 12:00")

    ask(clinic)
    clinic.command(JO, "fact X5GD smoker yes")

    with clinic.store.reading() as reading:
        tasks = clinic.practice.course(reading, "X5GD").tasks
    assert [task.session for task in tasks if task.step.startswith("added.")] == [2]


def test_new_bookings_are_asked_until_the_day_that_was_named_or_somebody_ends_it(clinic: Riverside) -> None:
    ask(clinic, f"{LINE} until 2027-02-10")
    clinic.book("2027-03-10 09:30", code="X5GD")
    clinic.until("2027-02-11 09:00").book("2027-03-11 09:30", code="P6HN")

    assert (extra(clinic, "X5GD"), extra(clinic, "P6HN")) == ([QUESTION], [])


def test_ended_it_is_asked_of_nobody_new_and_stays_where_it_is(clinic: Riverside) -> None:
    ask(clinic)
    (line,) = clinic.command(ALI, "ask-all list").lines
    key = line.rpartition("end ")[2].partition("`")[0]

    said = clinic.command(ALI, f"ask-all end {key}")
    clinic.book("2027-03-10 09:30", code="X5GD")

    assert "Who was asked stays asked" in said.text
    assert (extra(clinic, "K7Q2"), extra(clinic, "X5GD")) == ([QUESTION], [])
    assert clinic.command(ALI, "ask-all list").text == "Nothing is asked besides the playbooks."


def test_a_case_told_as_a_script_leaves_it_out(clinic: Riverside) -> None:
    ask(clinic, f'ask-all abl nurse "{QUESTION}" start - 20 days at 10:00')
    clinic.until("2027-02-01 10:30").answer(JO, QUESTION, answer="no")

    with clinic.store.reading() as reading:
        script = script_of(clinic.practice, reading, "K7Q2")

    assert not [line for line in script.lines if getattr(line, "task", "").startswith("added.")]


# --- who may, and slips


def test_a_stop_is_the_medical_directors_to_add_and_a_reminder_a_managers(clinic: Riverside) -> None:
    with pytest.raises(NotAllowed, match="Only the medical director may add a question that stops"):
        clinic.command(KIT, LINE)
    with pytest.raises(NotAllowed, match="may add a question that stops"):
        clinic.command(PIA, LINE)
    with pytest.raises(NotAllowed, match="may ask something more in every booked case"):
        clinic.command(MAX, LINE)

    assert ask(clinic, f'ask-all abl nurse "{QUESTION}"', KIT).tone == "good"
    assert extra(clinic) == [QUESTION]


def test_the_form_names_a_playbook_as_people_do(clinic: Riverside) -> None:
    form = clinic.command(KIT, "ask-all abl")
    assert isinstance(form, Form)

    which = form.parts[0].fields[0]

    assert (which.value, dict(which.options)["abl"]) == ("abl", "CO₂ / Er:YAG resurfacing")


def test_a_managers_form_offers_no_stop(clinic: Riverside) -> None:
    form = clinic.command(KIT, "ask-all")
    assert isinstance(form, Form)

    stops = next(field for field in form.parts[0].fields if field.name == "stops")

    assert [value for value, _ in stops.options] == ["no"]
    assert stops.help == "Only the medical director may add a stop."


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("ask-all xyz", NotFound, "There is no playbook 'xyz'"),
        ("ask-all abl nurse something", Unclear, "Write it like `ask-all abl nurse"),
        ('ask-all xyz nurse "Really?"', NotFound, "There is no playbook 'xyz'"),
        ('ask-all abl cook "Really?"', WrongValues, "Who is asked is one of"),
        ('ask-all abl nurse "Really?" end + 3 days', WrongValues, "When\\? Write it like"),
        ('ask-all abl nurse "Really?" start - 0 days at 10:00', WrongValues, "no time before the start"),
        ('ask-all abl nurse "Really?" start - 3 days', WrongValues, "At what time of day"),
        ('ask-all abl nurse "Really?" start - 3 days at 25:00', WrongValues, "is not a time"),
        ('ask-all abl nurse "Really?" until 2026-01-01', WrongValues, "That day is over"),
        ('ask-all abl nurse "Really?" until soon', WrongValues, "is not a date"),
        ('ask-all abl nurse "Born 3.4.1980?"', WrongValues, "birth date"),
        ("ask-all end 123456", Settled, "No question '123456' is asked"),
    ],
)
def test_a_slip_is_answered_with_how_to_write_it(
    clinic: Riverside, text: str, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        clinic.command(ALI, text)


def test_a_button_that_names_no_question_does_nothing(clinic: Riverside) -> None:
    (button,) = clinic.command(ALI, LINE).buttons

    with pytest.raises(Settled, match="not known here"):
        clinic.press_on(ALI, Notice(text="", buttons=(replace(button, value="000000"),)))


def test_due_times_are_read_as_people_write_them() -> None:
    assert due_of("Start - 2 weeks at 9:00").days == -14
    assert due_of("start – 1 hour").minutes == -60
    assert due_of("start - 15 min").minutes == -15
