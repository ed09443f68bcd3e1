"""The manager's list of what slips: one card a day, edited, and few rings."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from bot.core.case import Choice, Task, TaskStatus
from bot.core.kinds import Level
from bot.core.messages import TaskCard
from bot.service.slipping import rings
from tests.service.clinic import ALI, JO, KIT, london
from tests.service.riverside import Riverside
from tests.service.workspace import Message


def lists(clinic: Riverside, who: str = KIT) -> list[Message]:
    return [each for each in clinic.workspace.of(who) if each.card.heading.startswith("Please look")]


def card(clinic: Riverside) -> TaskCard:
    found = lists(clinic)[-1].card
    assert isinstance(found, TaskCard)
    return found


def slow() -> Riverside:
    """Four cases whose items slip one after the other through an afternoon."""
    clinic = Riverside("g.skin_exam", "g.medicines", "g.expectations")
    for code in ("AAAA", "BBBB", "CCCC", "DDDD"):
        clinic.book(code=code)
    return clinic


def test_what_slips_all_afternoon_is_one_card_and_at_most_one_line() -> None:
    clinic = slow().until("2027-01-12 18:00")

    (only,) = lists(clinic)
    assert len(only.thread) <= 1
    assert len(card(clinic).lines) >= 8


def test_a_line_names_its_owner_and_offers_the_manager_no_answer() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 17:30")

    (line,) = card(clinic).lines
    assert line.said.startswith("Owner: Dr Ali")
    assert (line.buttons, card(clinic).buttons) == ((), ())


def test_what_was_answered_leaves_the_list_and_is_counted() -> None:
    clinic = Riverside("g.skin_exam", "g.expectations").book().until("2027-01-12 17:30")
    before = len(card(clinic).lines)

    clinic.answer(ALI, "Skin exam")
    clinic.until("2027-01-12 17:31")

    assert (before, len(card(clinic).lines)) == (2, 1)
    assert card(clinic).news == ("1 item answered since.",)


def test_a_list_on_which_all_was_answered_says_so_and_is_closed() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 17:30")

    clinic.answer(ALI, "Skin exam")
    clinic.until("2027-01-12 17:31")

    assert card(clinic).closed and card(clinic).text == "Please look: still open: all answered."


def test_numbers_rise_from_the_top_and_are_those_that_a_typed_reply_names() -> None:
    clinic = slow().until("2027-01-12 18:00")

    with clinic.store.reading() as reading:
        keys = reading.lines(f"slipping:riverside:2027-01-12:{KIT}")
    lines = card(clinic).lines
    assert [line.number for line in lines] == sorted(line.number for line in lines)
    assert [keys[line.number - 1] for line in lines] == [each.task for each in lines]


def test_what_slips_at_once_is_numbered_by_its_danger() -> None:
    clinic = Riverside("g.expectations", "g.skin_exam").book().until("2027-01-12 17:30")

    levels = [line.level for line in card(clinic).lines]

    assert len(levels) > 1 and levels == sorted(levels, key=[Level.HARD, Level.MD, Level.NONE].index)


def test_where_what_slips_later_is_worse_the_card_says_with_which_line_to_begin() -> None:
    clinic = Riverside("g.skin_exam", "e.triage").book().until("2027-01-12 17:00")
    before = card(clinic)
    clinic.command(JO, "event K7Q2 urgent")

    clinic.until("2027-01-12 17:50")

    assert ([line.number for line in before.lines], before.news) == ([1], ())
    assert [line.number for line in card(clinic).lines] == [1, 2]
    assert card(clinic).news == ("Begin with 2. Complication, first call, K7Q2.",)


def test_a_stop_that_slips_rings_although_the_half_day_had_its_ring() -> None:
    clinic = Riverside("abl.hsv_prescribed", "abl.hsv_started", "g.change_check").book(area_face="yes")
    clinic.until("2027-02-11 10:00").answer(ALI, "Antiviral prescribed", prescribed="yes")
    clinic.until("2027-02-17 10:20").answer(JO, "First antiviral dose taken", first_dose_taken="no")

    clinic.until("2027-02-17 17:59")

    slipped = [line for each in lists(clinic) for line in each.thread]
    told = [each.drawings[0].text for each in lists(clinic)]
    assert any("First antiviral dose taken" in words for words in (*slipped, *told))
    clinic.decide(ALI, Choice.PROCEED, "No history of cold sores, she knows the signs.")


def test_the_second_half_of_a_day_may_ring_again_but_once() -> None:
    clinic = slow().until("2027-01-15 18:00")

    for each in lists(clinic):
        assert len(each.thread) <= 2


def test_an_urgent_item_that_is_asked_all_night_rings_the_manager_once_a_day() -> None:
    clinic = Riverside("e.triage", "e.physician").book().until("2027-02-18 11:00")
    clinic.until("2027-02-19 16:00").command(JO, "event K7Q2 urgent")
    clinic.until("2027-02-19 16:31").answer(JO, "Complication, first call", urgency="urgent")

    clinic.until("2027-02-20 08:00")

    days = Counter(f"{at:%a}" for at, to, _ in clinic.buzzes if to == KIT)
    assert days == {"Fri": 1, "Sat": 1}


def test_ordinary_items_share_the_ring_of_their_half_day_and_stops_and_urgent_ones_have_their_own() -> None:
    clinic = Riverside("g.skin_exam", "g.expectations", "e.triage").book().until("2027-01-12 15:00")
    clinic.command(JO, "event K7Q2 urgent")
    course, morning, noon = clinic.course(), london("2027-01-13 09:00"), london("2027-01-13 13:00")
    first, second, urgent = (clinic.task(step) for step in ("g.skin_exam", "g.expectations", "e.triage"))

    def ring(task: Task, at: datetime) -> str:
        return rings(task, course.step(task), clinic.clinic, at)

    assert ring(first, morning) == ring(second, morning) != ring(first, noon)
    assert ring(urgent, morning) == ring(replace(first, status=TaskStatus.BLOCKED), morning) == ""


def test_what_slips_of_one_patient_within_a_quarter_of_an_hour_rings_once() -> None:
    steps = ("g.identity_arrival", "g.same_day_check", "g.consent_signed", "g.device_check", "g.eyewear")
    clinic = Riverside(*steps).book()

    clinic.until("2027-02-18 10:30")

    rings = [at for at, who, *_ in clinic.buzzes if who == KIT]
    assert len(card(clinic).lines) == 5
    assert len(rings) == 3, "the card, and one ring in each quarter of an hour"
