"""The weekly line: posted when a week begins, once a channel, with a line for every clinic read there."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.core.case import Override
from bot.core.messages import Notice
from bot.core.people import Clinic
from bot.core.weekly import week_of
from bot.service.weekly import WEEKLY, post_weekly, weekly_of
from tests.service.clinic import FRAN, KIT, RIVERSIDE, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, Message
from tests.store.statements import statements

STEPS = ("g.skin_exam", "g.confirm_contact", "g.same_day_check", "abl.call_1")
MANAGERS = "#managers"
#: Monday 18 January, an ordinary one, and Tuesday 16 February after a Monday off.
ORDINARY, AFTER_A_HOLIDAY = "2027-01-18", "2027-02-16"


def led(clinic: Clinic = WITH_BOARD) -> Clinic:
    """A clinic whose managers have a channel of their own."""
    return replace(clinic, channels={PLATFORM: {"board": "#procedures", "manager": MANAGERS}})


def weeklies(clinic: Riverside) -> list[Message]:
    return [message for message in clinic.workspace.of(MANAGERS) if isinstance(message.card, Notice)]


def newest(clinic: Riverside) -> Notice:
    card = weeklies(clinic)[-1].card
    assert isinstance(card, Notice)
    return card


def test_it_comes_on_monday_at_the_huddle_and_once() -> None:
    clinic = Riverside(*STEPS, clinic=led()).book().until(f"{ORDINARY} 07:44")
    before = len(weeklies(clinic))

    clinic.until("2027-01-22 18:00")

    assert before == 0
    (message,) = weeklies(clinic)
    assert message.posted == london(f"{ORDINARY} 07:45")
    assert newest(clinic).heading == "Mon 11 Jan to Sun 17 Jan (week 2)"


def test_where_monday_is_off_it_comes_with_the_first_huddle_of_the_week() -> None:
    clinic = Riverside(*STEPS, clinic=led()).book().until(f"{AFTER_A_HOLIDAY} 12:00")

    assert weeklies(clinic)[-1].posted == london(f"{AFTER_A_HOLIDAY} 07:45")


def test_after_a_week_in_which_nothing_was_there_to_tell_nothing_comes() -> None:
    clinic = Riverside(*STEPS, clinic=led()).until("2027-01-20 12:00")

    assert weeklies(clinic) == []


def test_a_week_in_which_nobody_heard_anything_is_counted_when_nobody_waits_for_the_sweep() -> None:
    clinic = Riverside(*STEPS, clinic=led()).book()
    monday = london(f"{AFTER_A_HOLIDAY} 08:00") + timedelta(days=6)
    clinic.clock.advance(monday)
    key = f"{WEEKLY}:2027-02-15:{PLATFORM}:{MANAGERS}"

    with clinic.store.writing() as tx:
        found = []
        for busy in (True, False):
            post_weekly(clinic.practice, tx, led(), monday, busy=busy)
            found.append(tx.posting(key) is not None)

    assert found == [False, True]


def test_a_sweep_after_a_week_without_anything_looks_at_no_case_and_no_answer() -> None:
    clinic = Riverside(*STEPS, clinic=led()).book().until("2027-02-16 10:00")
    clinic.answer(FRAN, "Patient confirms")
    monday = london("2027-01-11 12:00")

    with clinic.store.writing() as tx, statements() as asked:
        post_weekly(clinic.practice, tx, led(), monday)

    assert not [each for each in asked if "FROM answers" in each or "FROM history" in each]
    assert not [each for each in asked if each.startswith("INSERT")]


def test_it_counts_what_happened_and_names_nobody() -> None:
    clinic = Riverside(*STEPS, clinic=led()).book().until("2027-02-16 10:00")
    clinic.answer(FRAN, "Patient confirms")
    clinic.until("2027-02-22 12:00")

    first, second = newest(clinic).lines
    assert first.startswith(
        "Riverside: before 33 % (1 of 3), after 0 % (0 of 1); no good catches; 0 overrides"
    )
    assert second.startswith("Riverside, Bookend itself: ") and "repeat" in second
    names = [person.name for person in RIVERSIDE.people.values()]
    assert not [name for name in (*names, "K7Q2") if name in f"{first} {second}"]


def test_an_override_of_the_week_counts() -> None:
    clinic = Riverside(*STEPS, clinic=led()).book()
    given = Override(session=1, gate="arrival", by=KIT, at=london("2027-01-14 16:00"), reason="by letter")
    with clinic.store.writing() as tx:
        tx.override("K7Q2", given)

    with clinic.store.reading() as reading:
        found = [
            weekly_of(clinic.practice, reading, clinic.clinic, week_of(clinic.clinic, date(2027, 1, day)))
            for day in (4, 11, 18)
        ]

    assert [each.overrides for each in found] == [0, 1, 0]


def test_without_a_channel_of_their_own_managers_read_it_where_things_escalate() -> None:
    channels = {PLATFORM: {"board": "#procedures", "escalations": MANAGERS}}
    clinic = Riverside(*STEPS, clinic=replace(WITH_BOARD, channels=channels)).book()

    clinic.until(f"{ORDINARY} 12:00")

    assert len(weeklies(clinic)) == 1


# --- two clinics


def two(zone: str = "Europe/London") -> Riverside:
    """Two clinics whose managers share a channel."""
    ours = led()
    people = {id: replace(each, accounts={PLATFORM: f"hill-{id}"}) for id, each in RIVERSIDE.people.items()}
    calendar = replace(RIVERSIDE.calendar, zone=ZoneInfo(zone))
    channels = {PLATFORM: {"board": "#hill", "manager": MANAGERS}}
    theirs = replace(
        ours, id="hillside", title="Hillside", people=people, channels=channels, calendar=calendar
    )
    clinic = Riverside(*STEPS, clinic=ours)
    clinics = {ours.id: ours, theirs.id: theirs}
    clinic.practice = replace(clinic.practice, clinics=clinics, unsigned_may_ask=True)
    return clinic


def test_two_clinics_whose_managers_share_a_channel_are_two_lines_of_one_message() -> None:
    clinic = two().book()

    clinic.until(f"{ORDINARY} 12:00")

    (message,) = weeklies(clinic)
    assert message.posted == london(f"{ORDINARY} 07:45")
    # Hillside had no case and no message: it has nothing to tell
    assert [line.split(":")[0] for line in newest(clinic).lines] == ["Riverside", "Riverside, Bookend itself"]


def test_the_message_waits_until_the_last_of_its_clinics_has_its_morning() -> None:
    clinic = two("America/Los_Angeles").book()

    clinic.until(f"{ORDINARY} 15:00")
    early = len(weeklies(clinic))
    clinic.until(f"{ORDINARY} 16:00")

    assert (early, len(weeklies(clinic))) == (0, 1)
