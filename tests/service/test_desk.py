"""The desk: who may say what, and what a repeat or a forged payload gets."""

from dataclasses import replace
from itertools import product

import pytest

from bot.core import replies
from bot.core.actions import OPENING, Action
from bot.core.case import Choice, Moment
from bot.core.errors import NotAllowed, NotFound, Refused, Settled, Unclear, WrongValues
from bot.core.messages import CaseView, Notice
from bot.core.replies import Command, Filled, Pressed, Typed
from bot.service.opening import OPENS, OPENS_FOR
from bot.service.pressing import PRESSED
from tests.examples import some_of
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, MAX, PIA, RIVERSIDE, SAM, london
from tests.service.consultation import EXAM, HISTORY, MEDICINES, at_the_consultation, key, pressed
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM


@pytest.fixture(scope="module")
def untouched() -> Riverside:
    """One clinic, with a stop, for all that is refused: nothing of that changes it."""
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    return clinic


# --- the same delivery again


def test_the_same_form_sent_in_again_gets_the_same_answer_and_changes_nothing() -> None:
    clinic = at_the_consultation()
    filled = clinic.filled(JO, clinic.form(JO, "Medical history"), smoker="yes")

    first = clinic.desk.reply(filled)
    history = clinic.history()
    again = clinic.desk.reply(filled)

    assert isinstance(first, Notice) and isinstance(again, Notice)
    assert again.text == first.text
    assert clinic.history() == history
    assert clinic.woken == 1


def test_a_repeat_is_known_even_after_the_answer_was_taken_back() -> None:
    clinic = at_the_consultation()
    filled = clinic.filled(JO, clinic.form(JO, "Medication disclosure"))
    clinic.desk.reply(filled)
    clinic.reply(pressed(JO, Action.UNDO, key(MEDICINES)))

    clinic.desk.reply(filled)

    assert clinic.statuses(MEDICINES) == {MEDICINES: "open"}


def test_a_refusal_is_not_remembered_so_that_the_same_press_may_succeed_later() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medical history")
    wrong = clinic.filled(JO, form, smoker="perhaps")
    right = Filled(
        **{name: getattr(wrong, name) for name in wrong.__slots__}
        | {"entries": clinic.filled(JO, form).entries}
    )

    with pytest.raises(WrongValues):
        clinic.desk.reply(wrong)
    clinic.desk.reply(right)

    assert clinic.statuses(HISTORY) == {HISTORY: "done"}


def test_a_repeated_command_cancels_once() -> None:
    clinic = at_the_consultation("c.notify", EXAM)
    command = Command(platform=PLATFORM, account=FRAN, once="x", words=("cancel", "K7Q2", "patient", "ill"))

    first = clinic.desk.command(command)
    again = clinic.desk.command(command)

    assert (first.text, clinic.woken) == (again.text, 1)
    assert [task.key for task in clinic.course().tasks if task.step == "c.notify"] == [key("c.notify")]


# --- who may


@pytest.mark.parametrize(
    "reply",
    [
        pressed("nobody", Action.FORM, key(EXAM)),
        pressed("nobody", Action.CASE, "K7Q2"),
        pressed("nobody", Action.MARK, "K7Q2:1", value="arrived"),
        Typed(platform=PLATFORM, account="nobody", once="2", text="all ok"),
        Typed(platform="elsewhere", account=JO, once="3", text="all ok"),
    ],
)
def test_a_stranger_is_told_nothing_about_any_case(untouched: Riverside, reply: Pressed | Typed) -> None:
    with pytest.raises(NotAllowed, match="I do not know you yet"):
        untouched.desk.reply(reply)


@pytest.mark.parametrize("words", [("status",), ("case", "K7Q2"), ("cancel", "K7Q2", "why"), ("help",)])
def test_a_stranger_commands_nothing(untouched: Riverside, words: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed, match="I do not know you yet"):
        untouched.desk.command(Command(platform=PLATFORM, account="nobody", once="x", words=words))


OF_ROLE = {"g.skin_exam": ALI, "g.medicines": JO, "g.contacts": FRAN, "g.site_marked": MAX}


@pytest.mark.parametrize(("step", "who"), some_of(product(OF_ROLE, [ALI, PIA, JO, SAM, MAX, FRAN, KIT])))
def test_a_step_is_answered_by_its_role_or_a_physician_and_by_nobody_else(step: str, who: str) -> None:
    when = {"g.site_marked": "2027-02-18 09:15"}.get(step, "2027-01-12 15:10")
    clinic = Riverside(step).book().until(when)
    title = clinic.course().playbook.step(step).title
    form = clinic.form(OF_ROLE[step], title)
    roles = RIVERSIDE.person(who).roles
    may = not roles.isdisjoint({clinic.course().playbook.step(step).role, *RIVERSIDE.person(PIA).roles})

    if may:
        clinic.fill(who, form)
    else:
        with pytest.raises(NotAllowed, match=f"{title} is for .* to answer: .*. Nothing was changed."):
            clinic.fill(who, form)

    assert clinic.statuses(step) == {step: "done" if may else "open"}


@pytest.mark.parametrize("who", [ALI, PIA, JO, MAX, FRAN, KIT])
def test_only_a_physician_decides_on_a_stop(who: str) -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()
    may = who in (ALI, PIA)
    reply = Filled(
        platform=PLATFORM,
        account=who,
        once="one",
        entries={key(HISTORY): {"reason": "two a week"}},
        revisions={key(HISTORY): clinic.task(HISTORY).asking},
        action=Action.DECIDE,
        value=Choice.PROCEED.value,
    )

    if may:
        clinic.desk.reply(reply)
    else:
        with pytest.raises(NotAllowed, match="Only the physician may decide on a stop: Dr Ali is on duty"):
            clinic.desk.reply(reply)

    assert clinic.statuses(HISTORY) == {HISTORY: "done" if may else "blocked"}


def test_staff_of_another_clinic_can_neither_see_nor_answer_nor_decide() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    jos_card = clinic.workspace.of(JO)[0].ref
    elsewhere = clinic.with_another_clinic("lena")
    tries = [
        pressed("lena", Action.FORM, key(EXAM), once="1"),
        pressed("lena", Action.DECIDE, key(HISTORY), once="2", value="proceed"),
        pressed("lena", Action.CASE, "K7Q2", once="3"),
        pressed("lena", Action.MARK, "K7Q2:1", once="4", value="arrived"),
        pressed("lena", Action.UNDO, key(HISTORY), once="5"),
        pressed("lena", Action.CONFIRM, key(EXAM), once="6"),
        Filled(
            platform=PLATFORM,
            account="lena",
            once="7",
            entries={key(EXAM): {"exam_done": "yes"}},
            revisions={},
        ),
        Filled(
            platform=PLATFORM,
            account="lena",
            once="8",
            entries={key(HISTORY): {"reason": "because"}},
            revisions={},
            action=Action.DECIDE,
            value="proceed",
        ),
        Typed(platform=PLATFORM, account="lena", once="9", text="1 na no", message=jos_card),
    ]

    for reply in tries:
        with pytest.raises((NotFound, Unclear)):
            elsewhere.reply(reply)

    assert clinic.statuses(EXAM, HISTORY) == {EXAM: "open", HISTORY: "blocked"}


# --- payloads and moments


@pytest.mark.parametrize(
    "reply",
    [
        pressed(JO, Action.FORM),
        pressed(JO, Action.FORM, "K7Q2:g.nothing:1:1"),
        pressed(JO, Action.CASE),
        pressed(JO, Action.CASE, "Q7K2"),
        pressed(JO, Action.MARK),
        pressed(JO, Action.MARK, "K7Q2:1", value="vanished"),
        pressed(JO, Action.MARK, "K7Q2:one", value="arrived"),
        pressed(JO, Action.MARK, "K7Q2:7", value="arrived"),
        pressed(JO, Action.UNDO),
        pressed(JO, Action.CONFIRM),
        pressed(JO, Action.CONFIRM, "K7Q2:g.nothing:1:1"),
        pressed(ALI, Action.DECIDE, key(HISTORY), value="shrug"),
        Filled(platform=PLATFORM, account=JO, once="1", entries={}, revisions={}),
        Filled(platform=PLATFORM, account=ALI, once="1", entries={}, revisions={}, action=Action.DECIDE),
        Filled(
            platform=PLATFORM,
            account=ALI,
            once="1",
            entries={key(HISTORY): {"reason": "because"}},
            revisions={},
            action=Action.DECIDE,
            value="shrug",
        ),
        Filled(platform=PLATFORM, account=JO, once="1", entries={"gone": {}}, revisions={}),
    ],
)
def test_a_payload_that_makes_no_sense_is_refused_in_words(
    untouched: Riverside, reply: Pressed | Filled
) -> None:
    before = untouched.history()

    with pytest.raises(Refused):
        untouched.desk.reply(reply)

    assert untouched.history() == before


def test_showing_a_case_changes_nothing_and_wakes_nobody() -> None:
    clinic = at_the_consultation()
    before = clinic.history()

    view = clinic.desk.reply(pressed(KIT, Action.CASE, "K7Q2:1"))

    assert isinstance(view, CaseView)
    assert (clinic.history(), clinic.woken) == (before, 0)


def test_moments_are_pressed_once_and_in_order() -> None:
    clinic = Riverside("g.same_day_check", "g.followups_confirmed").book().until("2027-02-18 08:40")
    press = lambda moment, once: clinic.desk.reply(  # noqa: E731
        pressed(FRAN, Action.MARK, "K7Q2:1", once=once, value=moment)
    )

    with pytest.raises(Refused, match="Press Started first"):
        press(Moment.FINISHED.value, "1")
    press(Moment.ARRIVED.value, "2")
    with pytest.raises(Settled, match="arrived at 08:40 already"):
        press(Moment.ARRIVED.value, "3")

    session = clinic.course().case.session(1)
    assert (session.arrived, session.started, session.finished) == (london("2027-02-18 08:40"), None, None)


@pytest.mark.parametrize(("written", "said"), [("2030-01-01", "is still to come"), ("2027-01-12", "")])
def test_a_date_that_lies_in_the_past_cannot_be_written_for_the_future(written: str, said: str) -> None:
    clinic = Riverside("g.consent_info").book().until("2027-01-12 15:00")
    form = clinic.form(ALI, "Risks and benefits explained")

    try:
        clinic.fill(ALI, form, consent_info_date=written)
        problem = ""
    except WrongValues as wrong:
        problem = wrong.problems["consent_info_date"]

    assert said in problem and bool(said) == bool(problem)


def test_a_delivery_of_another_person_by_the_same_name_is_not_met_with_their_answer() -> None:
    clinic = Riverside("g.skin_exam").book()
    first = Command(platform=PLATFORM, account=FRAN, once="same", words=("move", CODE, "2027-03-18", "09:30"))
    clinic.desk.command(first)

    said = clinic.desk.command(replace(first, account=KIT, words=("event", CODE, "urgent")))

    assert isinstance(said, Notice) and "complication" in said.text


def test_what_only_opens_something_is_the_same_for_the_platforms_and_for_the_desk() -> None:
    assert set(OPENS) == OPENING
    assert set(OPENS_FOR) == set(replies.OPENING)
    assert OPENING.isdisjoint(PRESSED)


# --- what a platform delivers hours later


def typed_at(wall: str, text: str = "done") -> Typed:
    return Typed(platform=PLATFORM, account=JO, once=f"late {wall}", text=text, at=london(wall))


@pytest.mark.parametrize(
    ("sent", "words"),
    [("2027-01-12 09:12", "09:12"), ("2027-01-11 23:50", "Mon 23:50")],
    ids=["day", "night"],
)
def test_a_reply_that_comes_hours_later_is_not_acted_on(sent: str, words: str) -> None:
    clinic = Riverside(now=london("2027-01-12 11:13")).book()
    history = clinic.history()

    with pytest.raises(Settled, match=f"Your message of {words} reached me only now; nothing was changed"):
        clinic.desk.reply(typed_at(sent))

    assert clinic.history() == history


def test_a_command_that_comes_hours_later_is_not_acted_on() -> None:
    clinic = Riverside(now=london("2027-01-12 11:13")).book()
    late = Command(
        platform=PLATFORM,
        account=FRAN,
        once="late",
        words=("cancel", CODE, "ill"),
        at=london("2027-01-12 09:12"),
    )

    with pytest.raises(Settled, match="09:12"):
        clinic.desk.command(late)

    assert not clinic.course().case.cancelled


def test_what_comes_within_two_hours_is_in_time() -> None:
    clinic = Riverside(now=london("2027-01-12 11:12")).book()

    with pytest.raises(Unclear, match="under the card you mean"):
        clinic.desk.reply(typed_at("2027-01-12 09:12"))


# --- who is lost


def test_a_command_that_was_mistyped_to_the_bot_is_met_with_the_nearest() -> None:
    clinic = Riverside().book()

    with pytest.raises(Unclear, match="Did you mean 'status'"):
        clinic.desk.reply(Typed(platform=PLATFORM, account=JO, once="one", text="Staus please"))
    with pytest.raises(NotFound, match="Did you mean 'overdue'"):
        clinic.command(JO, "overdo")


def test_whoever_is_not_in_the_clinics_file_reads_what_to_tell_the_manager() -> None:
    clinic = Riverside().book()

    with pytest.raises(NotAllowed, match=r"Ask your manager .* with workspace: U0NEW") as refused:
        clinic.desk.command(Command(platform=PLATFORM, account="U0NEW", once="one", words=("status",)))

    assert CODE not in str(refused.value)
