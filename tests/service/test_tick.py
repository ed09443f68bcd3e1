"""The tick: what is due is asked once, on few cards, of the right person."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from bot.core.messages import DecisionCard, LineState
from bot.service.practice import Practice
from bot.service.tick import tick
from bot.store.store import open_store
from tests.service.clinic import ALI, FRAN, JO, KEY, KIT, RIVERSIDE, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.workspace import Message


def first_messages(clinic: Riverside, who: str, day: str = "") -> list[Message]:
    """What made a telephone buzz first, one each."""
    wanted = date.fromisoformat(day) if day else None
    calendar = clinic.clinic.calendar
    return [m for m in clinic.workspace.of(who) if wanted in (None, calendar.day(m.posted))]


def headings(messages: list[Message]) -> list[str]:
    return [message.drawings[0].heading for message in messages]


# --- few messages


def test_the_lines_of_all_cases_come_on_at_most_two_lists_per_person_and_day() -> None:
    clinic = Riverside("abl.home_kit", "abl.hsv_started", "abl.retinoid_plan", "g.change_check")
    for code, start in {
        "AAAA": "18 09:30",
        "BBBB": "18 14:00",
        "CCCC": "25 09:30",
        "DDDD": "19 11:00",
    }.items():
        clinic.book(f"2027-02-{start}", code=code, area_face="yes")
    clinic.clock.advance(london("2027-02-10 07:00"))

    clinic.until("2027-02-12 23:00")

    lists = {day: first_messages(clinic, JO, f"2027-02-{day}") for day in (10, 11, 12)}
    assert all(1 <= len(each) <= 2 for each in lists.values())
    assert {heading[:9] for each in lists.values() for heading in headings(each)} == {"Your list"}
    assert {line.task[:4] for line in lists[11][0].card.lines} >= {"AAAA", "BBBB", "CCCC"}


def test_what_falls_due_later_in_the_morning_edits_the_list_and_buzzes_no_telephone() -> None:
    clinic = Riverside("g.confirm_contact").book(code="AAAA").until("2027-02-16 10:20")
    clinic.book(code="BBBB").until("2027-02-16 10:25")

    (only,) = clinic.workspace.of(FRAN)

    assert [len(drawing.lines) for drawing in (only.drawings[0], only.card)] == [1, 2]
    assert only.thread == []


def test_the_consultation_is_one_form_per_person_and_case() -> None:
    clinic = Riverside("g.skin_exam", "g.expectations", "g.medicines", "g.medical_history", "g.allergies")

    clinic.book().until("2027-01-12 15:00")

    assert headings(first_messages(clinic, ALI)) == ["Consultation"]
    assert headings(first_messages(clinic, JO)) == ["Consultation"]
    assert len(clinic.card(JO).lines) == 3
    assert clinic.form(JO, label="Answer all 3").parts[2].title


def test_a_stage_card_shows_its_later_lines_and_does_not_notify_again() -> None:
    clinic = Riverside("g.same_day_check", "g.pregnancy_day", "g.baseline_photos", "g.topical_anaesthetic")
    clinic.book(childbearing="yes", anaesthesia="topical").until("2027-02-18 08:10").mark("arrived")
    clinic.speak()

    card = clinic.card(JO, "Prep")
    later = {line.title: line.due for line in card.lines if line.state is LineState.LATER}
    clinic.everything_as_usual("2027-02-18 09:00")

    assert len(card.lines) == 4
    assert later == {"Photographs before": "from 08:20", "Numbing cream": "from 08:30"}
    assert headings(first_messages(clinic, JO)) == ["Prep"]
    assert clinic.workspace.of(JO)[0].thread == []


def test_lines_that_are_late_together_get_one_line_in_the_thread() -> None:
    clinic = Riverside("g.skin_exam", "g.lesion_check", "g.expectations", "g.consent_info")

    clinic.book().until("2027-01-12 15:30")

    (card,) = clinic.workspace.of(ALI)
    assert len(card.thread) == 1
    assert card.thread[0].startswith("Still open: ") and card.thread[0].endswith("and more · K7Q2.")


def test_every_stop_is_put_to_the_physician_on_a_card_of_its_own() -> None:
    clinic = Riverside("g.medical_history", "g.expectations", "g.allergies").book().until("2027-01-12 15:00")

    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.answer(JO, "Allergies", allergic_to_something_planned="yes")
    clinic.speak()

    decisions = [m.card for m in clinic.workspace.of(ALI) if isinstance(m.card, DecisionCard)]
    assert [card.title for card in decisions] == ["Medical history", "Allergies"] or [
        card.title for card in decisions
    ] == ["Allergies", "Medical history"]


def test_a_stop_found_early_asks_nobody_else_before_their_time() -> None:
    clinic = Riverside("g.same_day_check", "g.pregnancy_day", "g.change_check")
    clinic.book(childbearing="yes").until("2027-02-18 07:00")

    clinic.early(JO, "g.same_day_check", unwell="yes")
    clinic.speak()

    assert headings(first_messages(clinic, ALI, "2027-02-18")) == ["Your decision: Same-day check"]
    assert first_messages(clinic, JO, "2027-02-18") == []


# --- the ladder


def test_asked_reminded_escalated_and_begun_again_next_morning() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 20:00")

    said = clinic.told

    assert said == [
        (
            JO,
            "Consultation, CO₂ / Er:YAG resurfacing · Thu 18 Feb 09:30 · K7Q2: 1 item to answer: "
            "Medication disclosure.",
        ),
        (JO, "Still open: Medication disclosure · K7Q2."),
    ]
    assert clinic.task("g.medicines").next_prompt_at == london("2027-01-13 09:00")
    clinic.until("2027-01-13 20:00")
    assert clinic.told[2:] == [(KIT, "Please look: still open: 1 item to answer: Medication disclosure.")]


def test_a_clinic_may_have_its_own_ladder() -> None:
    quick = replace(RIVERSIDE, ladders={"routine": (20, 40, 60)})
    clinic = Riverside("g.medicines", clinic=quick).book().until("2027-01-12 15:40")

    assert clinic.workspace.of(JO)[0].thread == ["Still open: Medication disclosure · K7Q2."] * 2


def test_an_answer_ends_the_ladder() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:01")
    clinic.answer(JO, "Medication disclosure")

    clinic.until("2027-02-01 12:00")

    assert len(clinic.told) == 1
    assert clinic.next_moment() is None


def test_a_reminder_stands_in_the_thread_of_the_card_that_asked_even_when_the_second_list_has_begun() -> None:
    clinic = Riverside("g.change_check", "g.confirm_contact")
    clinic.book("2027-02-18 09:30").until("2027-02-16 17:00")

    on = {posting.key for posting in clinic.postings("g.change_check")}

    assert len(on) == 1 + len([key for key in on if key.startswith("slipping")])
    (only,) = first_messages(clinic, JO, "2027-02-16")
    assert "Still open: Anything new? · K7Q2." in only.thread


def test_the_manager_gets_one_list_a_day_and_one_line_for_what_slips_at_the_same_time() -> None:
    clinic = Riverside("g.skin_exam", "g.expectations").book(code="AAAA").book(code="BBBB")

    clinic.until("2027-01-12 17:30")

    (card,) = clinic.workspace.of(KIT)
    assert card.card.heading == "Please look: still open"
    assert len(card.card.lines) == 4
    assert card.thread == []


def test_a_second_slip_of_the_day_adds_one_line_that_names_who_owes_it() -> None:
    clinic = Riverside("g.skin_exam", "e.triage").book().until("2027-01-12 16:31")
    clinic.command(KIT, "event K7Q2 urgent")

    clinic.until("2027-01-12 18:00")

    (card,) = clinic.workspace.of(KIT)
    assert card.thread == ["Still open: Complication, first call, K7Q2, Jo Sample."]


def test_what_is_urgent_on_the_day_does_not_ring_on_saturday_but_a_complication_does() -> None:
    clinic = Riverside("g.timeout", "e.triage").book("2027-02-19 16:00").until("2027-02-19 17:30")
    clinic.command(JO, "event K7Q2 urgent")

    clinic.until("2027-02-21 23:00")

    weekend = [(to, text) for at, to, text in clinic.buzzes if at > london("2027-02-20 00:00")]
    assert weekend and not any("Time-out" in text for _, text in weekend)


def test_nobody_is_asked_of_what_is_not_due() -> None:
    clinic = Riverside("abl.visit_21").book().visited().until("2027-03-10 09:00")

    assert clinic.told == []
    assert clinic.next_moment() == london("2027-03-11 10:00")


# --- once


def test_a_second_tick_at_the_same_moment_asks_nobody() -> None:
    clinic = Riverside("g.skin_exam", "g.medicines").book().until("2027-01-12 15:00")

    again = clinic.speak()

    assert again == 0
    assert len(clinic.told) == 2


@pytest.mark.parametrize("workers", [2, 4])
def test_two_instances_that_tick_at_once_ask_everybody_once(tmp_path: Path, workers: int) -> None:
    address = f"sqlite:///{tmp_path / 'bookend.db'}"
    clinic = Riverside("g.skin_exam", "g.medicines", "g.contacts", store=open_store(address, history_key=KEY))
    clinic.book(code="AAAA").book(code="BBBB")
    clinic.clock.advance(london("2027-01-12 15:10"))
    at_once = Barrier(workers)
    others = [replace(clinic.practice, store=open_store(address, history_key=KEY)) for _ in range(workers)]

    def sweep(practice: Practice, holder: str) -> None:
        at_once.wait()
        tick(practice, holder=holder)

    threads = [Thread(target=sweep, args=(other, str(n))) for n, other in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clinic.clock.advance(london("2027-01-12 15:11"))
    clinic.speak()

    assert Counter(headings(clinic.workspace.messages)) == {
        "Consultation": 4,
        "Front desk today · Tue 12 Jan": 1,
    }
    for other in others:
        other.store.close()  # type: ignore[attr-defined]
    clinic.store.close()  # type: ignore[attr-defined]


def test_an_instance_that_died_during_its_sweep_is_replaced_after_half_a_minute() -> None:
    clinic = Riverside("g.skin_exam").book()
    clinic.clock.advance(london("2027-01-12 15:00"))
    with clinic.store.writing() as tx:
        assert tx.lease("sweep:riverside", "a dead one", clinic.clock.now(), timedelta(seconds=30))

    at_once = tick(clinic.practice, holder="another")
    clinic.clock.advance(clinic.clock.now() + timedelta(seconds=31))

    assert at_once == 0
    assert tick(clinic.practice, holder="another") == 1


def test_what_falls_due_right_after_a_sweep_is_asked_by_whichever_instance_looks_first() -> None:
    clinic = Riverside("g.skin_exam").book()
    clinic.clock.advance(london("2027-01-12 15:00") - timedelta(seconds=10))
    tick(clinic.practice, holder="one")

    clinic.clock.advance(london("2027-01-12 15:00"))

    assert tick(clinic.practice, holder="another") == 1


def test_whoever_has_asked_lets_go_of_the_clinic_as_that_is_committed() -> None:
    clinic = Riverside("g.skin_exam").book()
    clinic.clock.advance(london("2027-01-12 15:00"))

    asked = tick(clinic.practice, holder="one")

    with clinic.store.writing() as tx:
        free = tx.lease("sweep:riverside", "another", clinic.clock.now(), timedelta(seconds=30))
    assert (asked, free) == (1, True)


def test_more_than_one_batch_of_due_items_is_asked_in_one_tick() -> None:
    clinic = Riverside("g.skin_exam", "g.medicines", "g.allergies")
    for code in ("AAAA", "BBBB", "CCCC"):
        clinic.book(code=code)
    clinic.clock.advance(london("2027-01-12 15:00"))

    assert tick(clinic.practice, limit=2) == 9


# --- in shadow


def test_a_playbook_that_nobody_signed_is_planned_and_shown_and_asks_nobody() -> None:
    clinic = Riverside("g.skin_exam", "g.medicines", "e.triage", clinic=WITH_BOARD, signed=False)

    clinic.book("2027-01-20 09:30").until("2027-01-14 12:00")
    clinic.command(KIT, "event K7Q2 urgent")
    clinic.until("2027-01-14 18:00")

    assert {to for to, _ in clinic.told} == {"#procedures"}
    assert [row.code for row in clinic.workspace.of("#procedures")[-1].card.rows] == ["K7Q2"]
    assert set(clinic.statuses().values()) == {"open"}
    assert [entry.kind for entry in clinic.history()] == ["opened", "shadowed", "event", "shadowed"]
    assert clinic.next_moment() is None


def test_in_a_demo_an_unsigned_playbook_asks_as_if_it_were_signed() -> None:
    clinic = Riverside("g.skin_exam", signed=False, unsigned_may_ask=True).book().until("2027-01-12 15:00")

    assert [to for to, _ in clinic.told] == [ALI]


# --- the board


def test_the_board_is_posted_once_a_day_and_edited_in_place() -> None:
    clinic = Riverside("g.skin_exam", "g.medicines", clinic=WITH_BOARD).book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")
    clinic.until("2027-01-12 15:20")

    (board,) = clinic.workspace.of("#procedures")

    assert len(board.drawings) > 1 and board.thread == []


def test_time_alone_brings_the_board_up_to_date() -> None:
    clinic = Riverside("g.skin_exam", clinic=WITH_BOARD).book().until("2027-01-12 14:00")
    clinic.speak()
    (board,) = clinic.workspace.of("#procedures")
    checked = board.card.checked
    clinic.clock.advance(london("2027-01-12 14:10"))

    clinic.speak()

    assert (checked, board.card.checked) == ("14:00", "14:10")


def test_whoever_acts_hears_nothing_of_their_own_deed() -> None:
    clinic = Riverside("g.medical_history", "g.medicines").book().until("2027-01-12 15:00")
    heard = len(clinic.buzzes)

    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()

    assert [who for _, who, _ in clinic.buzzes[heard:]] == [ALI]
    assert any(line.title == "Medical history" and line.said for line in clinic.card(JO).lines), "an edit"
