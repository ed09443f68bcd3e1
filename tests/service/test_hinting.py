"""Hints at work: to the person alone, one a day, and nowhere else to be found."""

from datetime import timedelta

from bot.core.messages import Notice, Response, TaskCard
from bot.service.hinting import HINT
from tests.service.clinic import FRAN, JO, KIT, MAX, RIVERSIDE, WITH_BOARD
from tests.service.riverside import Riverside

ROOM = ("g.site_marked", "g.device_check", "g.laser_area", "g.eyewear", "g.fire")


def hint(said: Response) -> str:
    assert isinstance(said, Notice)
    return " ".join(said.lines)


def after(clinic: Riverside, seconds: float) -> Riverside:
    clinic.clock.advance(clinic.clock.now() + timedelta(seconds=seconds))
    return clinic


def test_an_item_at_the_side_of_a_patient_who_is_not_here_says_so_and_offers_arrived() -> None:
    clinic = Riverside("g.same_day_check").book().until("2027-02-18 08:56")

    said = clinic.early(JO, "g.same_day_check")

    assert isinstance(said, Notice)
    assert hint(said).startswith("Only for you: the patient is not marked as arrived yet.")
    assert [button.label for button in said.buttons] == ["Undo", "Arrived"]
    assert clinic.statuses() == {"g.same_day_check": "done"}


def test_there_is_one_hint_a_day_and_person() -> None:
    clinic = (
        Riverside("g.same_day_check", "g.pregnancy_day").book(childbearing="yes").until("2027-02-18 08:56")
    )

    first = clinic.early(JO, "g.same_day_check")
    second = clinic.early(JO, "g.pregnancy_day")

    assert hint(first) and not hint(second)


def answered_after(seconds: float) -> list[str]:
    """What Max reads when he says yes to three patients' prompts, each time after so many seconds."""
    clinic = Riverside("g.site_marked").book()
    clinic.book("2027-02-18 11:00", code="M4XD").book("2027-02-18 13:00", code="W9TR")
    said = []
    for moment in ("09:15", "10:45", "12:45"):
        after(clinic.until(f"2027-02-18 {moment}"), seconds)
        card = next(m for m in reversed(clinic.workspace.of(MAX)) if isinstance(m.card, TaskCard))
        said.append(hint(clinic.type(MAX, "done", under=card)))
    return said


def test_the_third_yes_within_seconds_of_its_prompt_is_said() -> None:
    assert [bool(each) for each in answered_after(2)] == [False, False, True]
    assert answered_after(2)[-1].startswith("Only for you: the last answers came within seconds")


def test_answers_that_took_their_time_or_no_time_at_all_show_nothing() -> None:
    assert not any(answered_after(20))
    assert not any(answered_after(0))


def test_many_items_in_a_few_seconds_are_counted() -> None:
    clinic = Riverside(*ROOM).book().until("2027-02-18 08:45")
    clinic.mark("arrived")
    for code in ("M4XD", "W9TR"):
        clinic.book(code=code)
    clinic.until("2027-02-18 09:21")

    said = []
    for message in clinic.workspace.of(MAX):
        after(clinic, 3)
        said.append(clinic.type(MAX, "all ok", under=message))

    assert [bool(hint(each)) for each in said] == [False, False, True]
    assert hint(said[-1]).startswith("Only for you: 15 items in 6 seconds.")


def test_nobody_else_ever_reads_a_hint() -> None:
    clinic = Riverside("g.same_day_check", clinic=WITH_BOARD).book().until("2027-02-18 08:56")

    clinic.early(JO, "g.same_day_check")
    clinic.until("2027-02-18 12:00")

    told = " ".join(text for _, text in clinic.told)
    views = str([clinic.command(KIT, words) for words in ("case K7Q2", "status", "today", "overdue")])
    assert "Only for you" not in told + views + str(clinic.history())
    with clinic.store.reading() as reading:
        assert reading.arrangements(RIVERSIDE.id, HINT) == ()


def test_the_desk_that_reads_out_a_name_at_arrival_is_told_the_same() -> None:
    clinic = Riverside("g.identity_arrival").book().until("2027-02-18 08:46")

    assert "press Arrived" in hint(clinic.answer(FRAN, "Identity at arrival"))
