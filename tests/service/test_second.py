"""The second check: two people answer blind; what agrees is taken, what differs stops and is told to both."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions import Action
from bot.core.case import Answer, Choice, Outcome, Task, TaskStatus
from bot.core.errors import NotAllowed, Refused, Settled
from bot.core.kinds import FieldKind
from bot.core.messages import DecisionCard, Notice
from bot.core.people import Clinic, Role
from bot.core.playbook import Field, Playbook
from bot.core.second import mismatch
from tests.core import made
from tests.examples import some
from tests.service.clinic import ALI, JO, KIT, MAX, PIA, RIVERSIDE, SAM, abl
from tests.service.riverside import Riverside

STEP = "g.topical_anaesthetic"
TITLE = "Numbing cream"


def book() -> Playbook:
    """The shipped text, but how much cream goes on is recorded here, too, and checked by two."""
    cream, timeout = abl(STEP, "g.timeout").steps
    grams = Field(name="grams", label="Grams", kind=FieldKind.NUMBER, normal=1.0)
    cream = replace(cream, double=True, ask=(*cream.ask, grams))
    return replace(abl(STEP, "g.timeout"), steps=(cream, timeout), digest="two people")


def numbing(clinic: Clinic = RIVERSIDE) -> Riverside:
    """The nurse's card has come: the cream goes on."""
    at_work = Riverside(book=book(), clinic=clinic).book(anaesthesia="topical")
    return at_work.until("2027-02-18 08:30")


def first(clinic: Riverside, **values: object) -> Notice:
    found = clinic.answer(JO, TITLE, **values)  # type: ignore[arg-type]
    assert isinstance(found, Notice)
    clinic.speak()
    return found


def second(clinic: Riverside, who: str = SAM, **values: object) -> Notice:
    found = clinic.answer(who, f"Second check: {TITLE}", **values)  # type: ignore[arg-type]
    assert isinstance(found, Notice)
    clinic.speak()
    return found


def told_of_mismatch(clinic: Riverside, who: str) -> list[Notice]:
    cards = [message.card for message in clinic.workspace.of(who)]
    return [card for card in cards if isinstance(card, Notice) and card.heading.startswith("Two answers")]


def task(clinic: Riverside) -> Task:
    return clinic.task(STEP)


def test_one_answer_is_not_enough_and_a_second_person_is_asked_at_once() -> None:
    clinic = numbing()

    said = first(clinic)

    assert "Sam Specimen checks, without seeing your answer." in said.text
    assert (task(clinic).status, task(clinic).answer) == (TaskStatus.OPEN, None)
    assert clinic.button(SAM, "Answer", f"Second check: {TITLE}")


def test_the_board_says_that_a_second_check_is_missing() -> None:
    clinic = numbing()
    first(clinic)

    (row,) = clinic.command(KIT, "status").rows  # type: ignore[union-attr]

    assert "Numbing cream: waits for a second check" in row.blocks


def test_the_second_sees_nothing_of_the_first_answer() -> None:
    clinic = numbing()
    first(clinic, grams=77)

    (part,) = clinic.form(SAM, f"Second check: {TITLE}").parts

    assert part.title == f"Second check: {TITLE}"
    assert {field.value for field in part.fields} == {None}
    shown = "\n".join(str(message.card) for message in clinic.workspace.of(SAM))
    assert "77" not in shown and "Jo Sample answered" in shown


def test_two_that_agree_are_done_with_both_names() -> None:
    clinic = numbing()
    first(clinic)

    second(clinic)

    assert task(clinic).status is TaskStatus.DONE
    assert task(clinic).answer.by == SAM and task(clinic).first.by == JO
    with clinic.store.reading() as reading:
        assert [answer.by for answer in reading.answers(f"K7Q2:{STEP}:1:1")] == [JO, SAM]
    line = next(each for each in clinic.card(SAM, "Prep").lines if each.task == task(clinic).key)
    assert "Confirmed by Sam Specimen 08:30, and by Jo Sample 08:30" in line.said


def test_whoever_answered_first_cannot_check_themselves() -> None:
    clinic = numbing()
    form = clinic.form(JO, TITLE)
    first(clinic)

    with pytest.raises(NotAllowed, match=r"You gave the first answer .* Sam Specimen"):
        clinic.form_of(JO, STEP)
    with pytest.raises(NotAllowed, match="You gave the first answer"):
        clinic.fill(JO, form)
    assert task(clinic).answer is None


def test_a_form_opened_before_the_first_answer_is_no_second_check() -> None:
    clinic = numbing()
    form = clinic.form_of(SAM, STEP)
    first(clinic)

    with pytest.raises(Settled, match="asked anew since you opened it"):
        clinic.fill(SAM, form)


def test_two_that_differ_stop_the_procedure_and_both_are_told() -> None:
    clinic = numbing()
    first(clinic, grams=20)

    said = second(clinic, grams=30)

    assert "The two answers differ." in said.text and said.tone == "bad"
    assert "your answer is kept" in said.text and "confirmed" not in said.text
    assert task(clinic).status is TaskStatus.BLOCKED
    for who in (JO, SAM):
        (notice,) = told_of_mismatch(clinic, who)
        assert notice.lines == ("grams: 20 or 30",)
        assert [button.label for button in notice.buttons] == ["Both answer anew"]
        assert clinic.card(who).text.endswith(": stopped, Numbing cream.")
    with pytest.raises(Refused, match="Not yet: Numbing cream first"):
        clinic.early(MAX, "g.timeout")


def test_the_physician_sees_both_answers_and_has_no_go_ahead() -> None:
    clinic = numbing()
    first(clinic, grams=20)
    second(clinic, grams=30)

    card = clinic.decision(ALI)

    assert isinstance(card, DecisionCard) and card.reasons == ("grams: 20 or 30",)
    labels = [button.label for button in card.buttons if button.action is not Action.WHO]
    assert labels == ["Postpone", "Answer it yourself", "Both answer anew"]
    with pytest.raises(Refused, match="hard stop"):
        clinic.command(KIT, "override K7Q2 risk @jo it is about right")


def test_the_physicians_own_answer_stands_alone() -> None:
    clinic = numbing()
    first(clinic, grams=20)
    second(clinic, grams=30)

    clinic.fill(ALI, clinic.form(ALI, label="Answer it yourself"), grams=25)
    clinic.speak()

    assert (task(clinic).status, task(clinic).value("grams"), task(clinic).first) == (
        TaskStatus.DONE,
        25,
        None,
    )
    assert told_of_mismatch(clinic, JO)[0].tone == "good"


@pytest.mark.parametrize("who", [JO, SAM, ALI])
def test_both_answer_anew_and_agree(who: str) -> None:
    clinic = numbing()
    first(clinic, grams=20)
    second(clinic, grams=30)
    button = told_of_mismatch(clinic, JO)[0].buttons[0]

    clinic.desk.reply(clinic.pressed(who, button))
    clinic.speak()

    assert (task(clinic).status, task(clinic).first, task(clinic).answer) == (TaskStatus.OPEN, None, None)
    first(clinic, grams=25)
    second(clinic, grams=25)
    assert task(clinic).status is TaskStatus.DONE


def test_nobody_else_opens_it_again_and_nobody_twice() -> None:
    clinic = numbing()
    first(clinic, grams=20)
    second(clinic, grams=30)
    button = told_of_mismatch(clinic, JO)[0].buttons[0]

    with pytest.raises(NotAllowed, match="Only Jo Sample, Sam Specimen or the physician"):
        clinic.desk.reply(clinic.pressed(MAX, button))
    clinic.desk.reply(clinic.pressed(JO, button))
    with pytest.raises(Settled, match="no two answers differ any more"):
        clinic.desk.reply(clinic.pressed(SAM, button))


def test_a_mismatch_can_be_postponed() -> None:
    clinic = numbing()
    first(clinic, grams=20)
    second(clinic, grams=30)

    clinic.decide(ALI, Choice.POSTPONE, "nobody knows how much is on")

    assert task(clinic).postponed


def test_an_answer_that_stops_needs_no_second() -> None:
    clinic = numbing()

    first(clinic, skin_intact="no")

    assert (task(clinic).status, task(clinic).first) == (TaskStatus.BLOCKED, None)


def test_a_nurse_alone_cannot_lift_a_stop_that_two_should_have_checked() -> None:
    clinic = numbing()
    first(clinic, skin_intact="no")

    clinic.early(JO, STEP)

    assert task(clinic).status is TaskStatus.OPEN
    assert task(clinic).first.by == JO


def test_the_first_answer_can_be_taken_back_while_nobody_has_checked() -> None:
    clinic = numbing()
    first(clinic, grams=20)

    with pytest.raises(NotAllowed, match="Only the person who answered"):
        clinic.undo(SAM, STEP)
    clinic.undo(JO, STEP)

    assert (task(clinic).first, task(clinic).status) == (None, TaskStatus.OPEN)


def test_the_second_answer_taken_back_leaves_the_first_one_waiting() -> None:
    clinic = numbing()
    first(clinic)
    second(clinic)

    clinic.undo(SAM, STEP)

    assert (task(clinic).status, task(clinic).first.by) == (TaskStatus.OPEN, JO)


def with_one_nurse() -> Clinic:
    only = {**RIVERSIDE.roster[0], Role.NURSE: (JO,)}
    return replace(RIVERSIDE, roster=dict.fromkeys(range(5), only), on_call={})


def test_with_one_nurse_on_duty_the_physician_checks_and_this_is_said() -> None:
    clinic = numbing(with_one_nurse())

    said = first(clinic)

    assert "No second person of your role is on duty: Dr Ali checks" in said.text
    second(clinic, ALI)
    assert task(clinic).status is TaskStatus.DONE


def test_with_nobody_else_on_duty_the_channel_is_asked() -> None:
    alone = {**with_one_nurse().roster[0], Role.PHYSICIAN: ()}
    channels = {"workspace": {"board": "#procedures", "escalations": "#escalations"}}
    clinic = numbing(replace(RIVERSIDE, roster=dict.fromkeys(range(5), alone), on_call={}, channels=channels))

    said = first(clinic)

    assert "nobody else is on duty who may: the channel is asked" in said.text
    assert clinic.sent("#escalations")


def test_a_new_date_asks_both_again() -> None:
    clinic = numbing()
    first(clinic)

    clinic.command("fran", "move K7Q2 2027-03-18 09:30")

    assert task(clinic).first is None


def test_a_second_physician_may_stand_in_too() -> None:
    clinic = numbing()
    first(clinic)

    clinic.early(PIA, STEP)

    assert (task(clinic).status, task(clinic).answer.role) == (TaskStatus.DONE, Role.PHYSICIAN)


# --- what differs

VALUES = st.dictionaries(
    st.sampled_from(["a", "b"]), st.one_of(st.sampled_from(["x", "y"]), st.integers(0, 3)), max_size=2
)


@given(one=VALUES, other=VALUES, outcomes=st.tuples(*[st.sampled_from(Outcome)] * 2))
@settings(max_examples=some(300))
def test_answers_agree_exactly_when_outcome_and_values_are_the_same(
    one: dict[str, str | int], other: dict[str, str | int], outcomes: tuple[Outcome, Outcome]
) -> None:
    step = replace(made.SMOKING, ask=(), double=True)
    answers = [
        Answer(by=by, role=Role.NURSE, at=made.OPENED, outcome=outcome, values=values)
        for by, outcome, values in ((JO, outcomes[0], one), (SAM, outcomes[1], other))
    ]
    both = replace(
        Task(case="K7Q2", step=step.id, session=1, due=made.OPENED, floor=made.OPENED),
        first=answers[0],
        answer=answers[1],
    )

    differs = mismatch(step, both)

    assert (differs is None) == (outcomes[0] is outcomes[1] and one == other)
