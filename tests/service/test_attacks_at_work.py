"""Attacks on what a clinic arranges in a day: empty forms, a stop that somebody ends, a check of oneself."""

from dataclasses import replace

import pytest

from bot.core.actions import Action
from bot.core.asking import asked_person
from bot.core.case import Task
from bot.core.errors import NotAllowed, Refused
from bot.core.messages import Notice
from bot.core.people import Clinic, Role
from bot.core.replies import Filled
from tests.service.clinic import ALI, FRAN, JO, KIT, PIA, RIVERSIDE, SAM, london
from tests.service.riverside import Riverside
from tests.service.test_second import STEP, first, numbing
from tests.service.workspace import PLATFORM


def test_a_form_that_comes_back_empty_is_refused_whatever_it_is() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    before = clinic.history()
    empty = Filled(platform=PLATFORM, account=ALI, once="empty", entries={}, revisions={})

    for action in Action:
        with pytest.raises(Refused):
            clinic.desk.reply(replace(empty, action=action))

    assert clinic.history() == before


# --- a question for all


def asked_of_all(stops: str) -> tuple[Riverside, str]:
    """A question of the director's that new bookings get, and its name."""
    clinic = Riverside("g.timeout", now=london("2027-02-01 10:00")).book()
    line = f'ask-all abl nurse "A new photosensitiser?" start - 1 day at 10:00{stops}'
    clinic.press_on(ALI, clinic.command(ALI, line))
    told = clinic.command(KIT, "ask-all list")
    assert isinstance(told, Notice)
    return clinic, told.lines[0].rpartition("ask-all end ")[2].partition("`")[0]


def test_only_who_may_add_a_stop_may_end_it() -> None:
    clinic, key = asked_of_all(", hard on yes")

    for who in (KIT, PIA):
        with pytest.raises(NotAllowed, match="Only the medical director may"):
            clinic.command(who, f"ask-all end {key}")

    assert len(clinic.command(KIT, "ask-all list").lines) == 1  # type: ignore[union-attr]
    clinic.command(ALI, f"ask-all end {key}")
    assert clinic.command(KIT, "ask-all list").lines == ()  # type: ignore[union-attr]


def test_a_reminder_can_be_ended_by_whoever_could_have_added_it() -> None:
    clinic, key = asked_of_all("")

    clinic.command(KIT, f"ask-all end {key}")

    assert clinic.command(KIT, "ask-all list").lines == ()  # type: ignore[union-attr]


# --- a second check


def test_a_second_check_cannot_be_handed_to_who_gave_the_first_answer() -> None:
    clinic = numbing()
    first(clinic)

    with pytest.raises(NotAllowed, match="Jo Sample gave the first answer"):
        clinic.type(SAM, "to @jo")

    assert clinic.task(STEP).holder == ""


def check_held_by(who: str, clinic: Clinic = RIVERSIDE) -> str | None:
    """Who is asked for a second check that somebody took."""
    at_work = numbing()
    first(at_work)
    task: Task = replace(at_work.task(STEP), holder=who)
    course = at_work.course()
    return asked_person(task, course.step(task), course.case, clinic, at_work.clock.now(), course.tasks)


def test_a_physician_who_took_a_second_check_is_asked_for_it_and_no_manager() -> None:
    assert check_held_by(ALI) == ALI


def test_a_second_check_of_somebody_who_went_home_is_asked_of_who_is_there() -> None:
    assert check_held_by(PIA, replace(RIVERSIDE, on_call={})) == SAM


def test_a_second_check_stays_with_who_took_it_while_nobody_else_is_there() -> None:
    nobody = {day: {Role.MANAGER: (KIT,)} for day in range(5)}

    assert check_held_by(PIA, replace(RIVERSIDE, roster=nobody, on_call={})) == PIA
    assert check_held_by(JO, replace(RIVERSIDE, roster=nobody, on_call={})) is None


def test_a_second_check_of_somebody_who_cannot_give_it_goes_to_the_manager() -> None:
    assert check_held_by(FRAN) == KIT
