"""The watchdog: what is due against what was sent, counted apart from the sweep that asks."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.case import Choice
from bot.core.errors import TryLater
from bot.core.watched import LATE, Watched
from bot.service.deliver import Delivery
from bot.service.tick import tick
from bot.service.watchdog import watched
from tests.service.clinic import ALI, here, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.store.memory import raw

SKIN = "K7Q2:g.skin_exam:1:1"


def look(clinic: Riverside) -> Watched:
    with clinic.store.reading() as reading:
        return watched(clinic.practice, reading, clinic.clinic, clinic.clock.now())


def opened(*steps: str) -> Riverside:
    return Riverside(*(steps or ("g.skin_exam",))).book()


def send(clinic: Riverside) -> None:
    asyncio.run(Delivery(clinic.practice, {PLATFORM: clinic.chat}, here).once())


def test_before_anything_is_due_all_is_well() -> None:
    seen = look(opened())

    assert (seen.due, seen.sent, seen.late, seen.well) == (0, 0, (), True)


def test_what_was_asked_and_taken_is_sent_and_not_late_however_long_nobody_answers() -> None:
    clinic = opened().until("2027-01-12 17:00")

    seen = look(clinic)

    assert (seen.due, seen.sent, seen.well) == (1, 1, True)


def test_what_nobody_asked_in_time_is_late_although_no_sweep_ran() -> None:
    clinic = opened()
    clinic.clock.advance(london("2027-01-12 15:00") + LATE)

    seen = look(clinic)

    assert [(each.task, each.since) for each in seen.late] == [(SKIN, london("2027-01-12 15:00"))]
    assert (seen.due, seen.sent, seen.late_by, seen.well) == (1, 0, LATE, False)


def test_a_sweep_that_says_it_asked_and_reached_nobody_is_found_out() -> None:
    clinic = opened()
    clinic.clock.advance(london("2027-01-12 15:00"))
    tick(clinic.practice)
    # the outbox loses what it was given
    for table in ("parcels", "postings"):
        raw(clinic.store).execute(f"DELETE FROM {table}")
    clinic.clock.advance(clinic.clock.now() + LATE)

    assert [each.task for each in look(clinic).late] == [SKIN]


def test_an_item_that_lost_its_next_word_is_late() -> None:
    clinic = opened()
    raw(clinic.store).execute("UPDATE tasks SET next_prompt_at = NULL")
    clinic.clock.advance(london("2027-01-12 15:10"))
    tick(clinic.practice)

    assert [each.task for each in look(clinic).late] == [SKIN]


def test_a_platform_that_takes_nothing_is_slow_and_what_waits_for_it_is_late() -> None:
    def away(point: str) -> None:
        raise TryLater("away", timedelta(seconds=30))

    clinic = opened()
    clinic.clock.advance(london("2027-01-12 15:00"))
    clinic.chat.passing = away
    tick(clinic.practice)
    send(clinic)
    before = look(clinic)
    clinic.clock.advance(clinic.clock.now() + LATE)

    seen = look(clinic)

    assert before.well and [each.waiting for each in before.queues] == [1]
    assert [(each.platform, each.waiting) for each in seen.slow] == [(PLATFORM, 1)]
    assert [(each.task, each.platform, each.since) for each in seen.late] == [
        (SKIN, PLATFORM, london("2027-01-12 15:00"))
    ]


def test_a_reminder_that_nobody_gave_is_late() -> None:
    clinic = opened().until("2027-01-12 15:01")
    clinic.clock.advance(london("2027-01-12 16:00"))

    seen = look(clinic)

    assert (seen.sent, [each.task for each in seen.late]) == (1, [SKIN])
    assert seen.late_by > LATE


@pytest.mark.parametrize("wall", ["2027-02-16 14:00", "2027-02-17 11:00"])
def test_what_a_physician_put_off_is_not_late(wall: str) -> None:
    clinic = opened("g.skin_exam", "g.change_check", "g.readiness").until("2027-01-12 15:01")
    clinic.answer(ALI, "Skin exam", exam_done="no")
    clinic.speak()
    clinic.decide(ALI, Choice.POSTPONE, "not yet")
    clinic.until(wall)

    seen = look(clinic)

    assert (seen.due > 0, seen.late) == (True, ())


def test_a_stop_that_was_decided_on_waits_for_nobody_although_its_card_is_gone() -> None:
    clinic = opened("g.skin_exam").until("2027-01-12 15:01")
    clinic.answer(ALI, "Skin exam", exam_done="no")
    clinic.speak()
    clinic.decide(ALI, Choice.POSTPONE, "not yet")
    raw(clinic.store).execute("DELETE FROM posting_lines")
    clinic.clock.advance(london("2027-01-13 12:00"))

    assert SKIN not in [each.task for each in look(clinic).late]
