"""Overrides: a second authorised person, a reason that can be counted, and what they saw."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions import Action, Button
from bot.core.case import Choice
from bot.core.errors import NotAllowed, NotFound, Refused, Settled, Unclear, WrongValues
from bot.core.kinds import Gate
from bot.core.messages import CaseView, Form
from bot.core.overriding import WHY, Why, why_of
from bot.core.readiness import Ready
from tests.examples import some
from tests.service.clinic import ALI, FRAN, JO, KIT, PIA
from tests.service.riverside import Riverside


def open_before_coming() -> Riverside:
    """Two days before, nobody has asked whether anything is new."""
    clinic = Riverside("g.skin_exam", "g.change_check", "g.readiness").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")
    return clinic.until("2027-02-16 14:30")


def view(clinic: Riverside) -> CaseView:
    found = clinic.command(KIT, "case K7Q2")
    assert isinstance(found, CaseView)
    return found


def form(clinic: Riverside, who: str = KIT) -> Form:
    button, *_ = view(clinic).buttons
    found = clinic.desk.reply(clinic.pressed(who, button))
    assert isinstance(found, Form)
    return found


def test_the_view_of_a_case_offers_it_where_something_is_open() -> None:
    clinic = open_before_coming()

    button, *_ = view(clinic).buttons

    assert (button.action, button.tasks) == (Action.OVERRIDE, ("K7Q2:1",))


def test_the_view_of_a_case_on_track_offers_none() -> None:
    clinic = Riverside("g.skin_exam", "g.change_check").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")

    assert [button for button in view(clinic).buttons if button.action is Action.OVERRIDE] == []


def test_the_form_says_what_is_open_and_asks_why_for_whom_and_in_a_line() -> None:
    found = form(open_before_coming())

    (part,) = found.parts
    assert part.rule == "Open: Anything new?"
    assert [field.name for field in part.fields] == ["why", "asked", "line"]
    assert dict(part.fields[0].options) == {why.value: words.capitalize() for why, words in WHY.items()}
    assert KIT not in dict(part.fields[1].options) and JO in dict(part.fields[1].options)


def test_the_command_without_more_opens_the_same_form() -> None:
    clinic = open_before_coming()

    assert clinic.command(KIT, "override K7Q2") == form(clinic)


def test_an_override_by_form_stays_visible_with_who_and_why() -> None:
    clinic = open_before_coming()

    clinic.send(KIT, form(clinic), why="elsewhere", asked=FRAN, line="asked by telephone")

    assert clinic.ready(Gate.COME) is Ready.OVERRIDE
    shown = view(clinic)
    gates = " ".join(text for _, text in shown.gates)
    assert "Override by Kit Pattern, answered elsewhere, asked by telephone" in gates
    assert [each.label for each in shown.buttons] == ["Correct an answer", "Who is this?"]
    assert clinic.history()[-1].detail == {
        "gate": "cleared_to_come",
        "reason": "answered elsewhere, asked by telephone",
        "why": "elsewhere",
        "asked": FRAN,
    }


def test_whoever_asks_for_it_cannot_say_go() -> None:
    with pytest.raises(Refused, match="Whoever asks for it cannot say go"):
        open_before_coming().command(KIT, "override K7Q2 seen @kit it is fine")


def test_what_was_opened_before_something_else_was_found_overrides_nothing() -> None:
    clinic = open_before_coming()
    old = form(clinic)
    clinic.answer(JO, "Anything new?", new_medicine="yes")

    with pytest.raises(Settled, match="has changed since you opened this"):
        clinic.send(KIT, old, why="elsewhere", asked=FRAN, line="asked by telephone")

    assert clinic.ready(Gate.COME) is Ready.NOT_READY


def test_a_hard_stop_is_offered_no_override_and_takes_none() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam", exam_done="no")

    assert [each.label for each in view(clinic).buttons] == ["Correct an answer", "Who is this?"]
    with pytest.raises(Refused, match=r"hard stop\. It has no override"):
        clinic.command(KIT, "override K7Q2 seen @fran it is fine")


@pytest.mark.parametrize("who", [JO, PIA])
def test_whoever_answered_what_is_open_gets_no_form_to_fill_in(who: str) -> None:
    clinic = open_before_coming()
    clinic.answer(JO, "Anything new?", new_medicine="yes")
    clinic.fill(PIA, clinic.form_of(PIA, "g.change_check"), new_medicine="yes")

    with pytest.raises(Refused, match=r"Only the physician|You answered one of the open items yourself"):
        clinic.command(who, "override K7Q2")


def test_a_hard_stop_opens_no_form() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam", exam_done="no")

    with pytest.raises(Refused, match="It has no override"):
        clinic.command(KIT, "override K7Q2")


def test_where_nothing_is_open_the_form_does_not_open() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")

    with pytest.raises(Refused, match="needs no override"):
        clinic.command(KIT, "override K7Q2")


def test_a_form_that_leaves_something_out_is_shown_again_with_all_of_it() -> None:
    clinic = open_before_coming()

    with pytest.raises(WrongValues) as wrong:
        clinic.send(KIT, form(clinic), why="", asked="", line="")

    assert set(wrong.value.problems) == {"why", "asked", "line"}


def test_somebody_who_does_not_work_here_cannot_have_asked() -> None:
    with pytest.raises(NotFound, match="There is no person 'nobody'"):
        open_before_coming().command(KIT, "override K7Q2 seen @nobody photos follow")


def test_a_nurse_is_told_alone_who_can() -> None:
    clinic = open_before_coming()
    button = Button(action=Action.OVERRIDE, label="", tasks=("K7Q2:1",))

    with pytest.raises(NotAllowed, match="Only the physician or the manager may override: Dr Ali and Kit"):
        clinic.desk.reply(clinic.pressed(JO, button))


def test_a_postponed_stop_is_no_open_item_that_somebody_can_wave_through_alone() -> None:
    clinic = open_before_coming()
    clinic.answer(JO, "Anything new?", new_medicine="yes")
    clinic.speak()
    clinic.decide(ALI, Choice.POSTPONE, "wait for the letter")

    clinic.command(PIA, "override K7Q2 seen @ali the letter came")

    assert clinic.ready(Gate.COME) is Ready.OVERRIDE


@given(word=st.text(max_size=12))
@settings(max_examples=some(100))
def test_a_word_is_a_known_reason_or_is_answered_with_those_there_are(word: str) -> None:
    if word.lower() in {why.value for why in Why}:
        assert why_of(word).value == word.lower()
    else:
        with pytest.raises(Unclear, match="`seen`"):
            why_of(word)
