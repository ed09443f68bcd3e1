"""The physician's list of who may come: clean cases with one press, each by itself; exceptions singly."""

from dataclasses import replace

import pytest

from bot.core.actions import Action, Button
from bot.core.case import Outcome
from bot.core.errors import NotAllowed, Settled
from bot.core.messages import Notice, TaskCard
from bot.core.outgoing import Entry
from bot.service.practice import keep
from tests.service.clinic import ALI, JO, KIT, PIA
from tests.service.riverside import Riverside

STEPS = ("g.change_check", "g.readiness")
CODES = ("AAAA", "BBBB", "CCCC")


def at_three(*, answered: tuple[str, ...] = CODES, codes: tuple[str, ...] = CODES) -> Riverside:
    """Two days before: the nurse has asked some of the patients, and it is three o'clock."""
    clinic = Riverside(*STEPS)
    for number, code in enumerate(codes):
        clinic.book(f"2027-02-18 {9 + number:02}:30", code=code)
    clinic.until("2027-02-16 14:55")
    for code in answered:
        answer(clinic, code)
    return clinic.until("2027-02-16 15:00")


def answer(clinic: Riverside, code: str, **values: str) -> None:
    key = f"{code}:g.change_check:1:1"
    button = Button(action=Action.FORM, label="", tasks=(key,))
    form = clinic.desk.reply(clinic.pressed(JO, button))
    clinic.fill(JO, form, **values)  # type: ignore[arg-type]


def card(clinic: Riverside, who: str = ALI) -> TaskCard:
    return clinic.card(who, "Cleared to come?")


def status(clinic: Riverside) -> dict[str, str]:
    with clinic.store.reading() as reading:
        return {code: reading.task(f"{code}:g.readiness:1:1").status.value for code in CODES}


def test_the_cases_of_a_day_are_one_card_of_the_physician() -> None:
    clinic = at_three()

    cards = [m for m in clinic.workspace.of(ALI) if isinstance(m.card, TaskCard)]

    assert [message.card.heading for message in cards] == ["Cleared to come? · Tue 16 Feb"]
    assert card(clinic).text == "Cleared to come? · Tue 16 Feb: 3 clean, nothing open."
    assert [button.label for button in card(clinic).buttons] == ["Go for the 3 clean"]


def test_an_exception_stands_first_with_what_is_open_and_who_owns_it() -> None:
    clinic = at_three(answered=("AAAA", "CCCC"))

    first, *rest = card(clinic).lines

    assert first.task.startswith("BBBB")
    assert first.said == "Anything new? no answer yet (Jo Sample)"
    assert [line.said for line in rest] == ["Clean: nothing is open."] * 2
    assert card(clinic).text.endswith("2 clean, 1 with something open: BBBB.")
    assert [button.label for button in card(clinic).buttons] == ["Go for the 2 clean"]


def test_one_press_answers_each_clean_case_by_itself_marked_together() -> None:
    clinic = at_three(answered=("AAAA", "CCCC"))

    notice = clinic.press(ALI, "Go for the 2 clean")

    assert isinstance(notice, Notice) and notice.text == "Go: AAAA, CCCC."
    assert status(clinic) == {"AAAA": "done", "BBBB": "open", "CCCC": "done"}
    with clinic.store.reading() as reading:
        answers = [reading.answers(f"{code}:g.readiness:1:1") for code in ("AAAA", "CCCC")]
    assert [(len(each), each[0].by, each[0].together) for each in answers] == [(1, ALI, True)] * 2
    assert {each[0].outcome for each in answers} == {Outcome.CONFIRMED}
    assert answers[0][0].values == {"open_items_seen": "yes", "decision": "go"}


def test_what_stopped_being_clean_since_the_card_was_drawn_is_left_and_named() -> None:
    clinic = at_three()
    old = clinic.button(ALI, "Go for the 3 clean")
    clinic.command(JO, "fact BBBB smoker no")
    taken = Button(action=Action.UNDO, label="", tasks=("BBBB:g.change_check:1:1",))
    clinic.desk.reply(clinic.pressed(JO, taken))

    notice = clinic.desk.reply(clinic.pressed(ALI, old))

    assert isinstance(notice, Notice) and notice.text == "Go: AAAA, CCCC."
    assert notice.lines == ("BBBB is not clean any more: Anything new?.",)
    assert status(clinic)["BBBB"] == "open"


def test_the_card_follows_what_is_answered_meanwhile() -> None:
    clinic = at_three(answered=("AAAA", "CCCC"))

    answer(clinic, "BBBB")
    clinic.speak()

    assert [button.label for button in card(clinic).buttons] == ["Go for the 3 clean"]
    assert len([m for m in clinic.workspace.of(ALI) if isinstance(m.card, TaskCard)]) == 1


def test_a_stop_is_an_exception_with_its_reason() -> None:
    clinic = at_three(answered=("AAAA", "CCCC"))

    answer(clinic, "BBBB", new_medicine="yes")
    clinic.speak()

    assert card(clinic).lines[0].said == "Anything new? new medicine: yes (Dr Ali)"


def test_an_override_makes_no_case_clean_and_stays_in_sight() -> None:
    clinic = at_three(answered=("AAAA", "CCCC"))

    clinic.command(KIT, "override BBBB elsewhere @jo asked by telephone")
    clinic.speak()

    line = card(clinic).lines[0]
    assert "override by Kit Pattern, answered elsewhere, asked by telephone" in line.said
    assert [button.label for button in card(clinic).buttons] == ["Go for the 2 clean"]


def test_an_exception_is_answered_singly() -> None:
    clinic = at_three(answered=("AAAA",), codes=("AAAA", "BBBB", "CCCC"))
    first = card(clinic).lines[0]
    form = clinic.desk.reply(clinic.pressed(ALI, first.buttons[0]))

    clinic.fill(ALI, form, decision="postpone")  # type: ignore[arg-type]

    assert status(clinic)[first.task[:4]] == "blocked"


def test_when_all_are_cleared_nothing_is_left_to_press() -> None:
    clinic = at_three()
    old = clinic.button(ALI, "Go for the 3 clean")
    clinic.press(ALI, "Go for the 3 clean")
    clinic.speak()

    assert card(clinic).closed and not card(clinic).buttons
    with pytest.raises(Settled, match=r"Nothing was changed\. AAAA: Confirmed by Dr Ali"):
        clinic.desk.reply(clinic.pressed(PIA, old))


def test_a_single_clean_case_is_said_as_one() -> None:
    clinic = at_three(answered=("CCCC",))

    assert [button.label for button in card(clinic).buttons] == ["Go for the one that is clean"]


def test_only_a_physician_clears() -> None:
    clinic = at_three()
    button = clinic.button(ALI, "Go for the 3 clean")

    for who in (JO, KIT):
        with pytest.raises(NotAllowed, match="Cleared to come is for the physician to answer"):
            clinic.desk.reply(clinic.pressed(who, button))
    assert set(status(clinic).values()) == {"open"}


def test_a_forged_button_clears_no_step_that_is_no_gate() -> None:
    clinic = at_three(answered=())
    button = Button(action=Action.GO, label="", tasks=("AAAA:g.change_check:1:1",))

    with pytest.raises(Settled, match="Nothing was changed"):
        clinic.desk.reply(clinic.pressed(PIA, button))


def test_a_held_case_is_no_clean_one_and_stops_nobody_else() -> None:
    clinic = at_three()
    old = clinic.button(ALI, "Go for the 3 clean")
    hold(clinic, "BBBB")
    clinic.speak()

    notice = clinic.desk.reply(clinic.pressed(ALI, old))

    assert isinstance(notice, Notice) and notice.text == "Go: AAAA, CCCC."
    assert notice.lines == ("BBBB is not clean any more: held, the laser is down.",)


def hold(clinic: Riverside, code: str) -> None:
    """Let a device fail: the session says why it must not be used."""
    with clinic.store.writing() as tx:
        course = clinic.practice.course(tx, code)
        sessions = tuple(replace(each, held="the laser is down") for each in course.case.sessions)
        after = replace(course, case=replace(course.case, sessions=sessions))
        keep(clinic.practice, tx, course, after, Entry(kind="held", at=clinic.clock.now(), by=KIT))


def test_a_typed_yes_clears_what_is_clean_and_asks_for_the_form_of_an_exception() -> None:
    clinic = at_three(answered=("AAAA", "CCCC"))

    first = clinic.type(ALI, "1 ok")
    other = clinic.type(ALI, "2 ok")

    assert isinstance(first, Notice) and first.text == "Cleared to come: confirmed · AAAA"
    assert isinstance(other, Notice) and "needs its form" in other.text
    assert status(clinic) == {"AAAA": "done", "BBBB": "open", "CCCC": "open"}
