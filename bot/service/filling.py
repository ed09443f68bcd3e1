"""Forms that came back: one function for each action that opens one, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.core import wording
from bot.core.actions import Action
from bot.core.case import WITHOUT_ANSWERS, Choice, Outcome
from bot.core.conditions import Values
from bot.core.errors import Refused, WrongValues
from bot.core.forms import read_values
from bot.core.guard import noted
from bot.core.messages import Notice
from bot.core.people import Clinic, Person
from bot.core.reaching import CHANNELS, channel_in, not_booked
from bot.core.replies import Filled
from bot.ports import Transaction
from bot.service.amending import BECAUSE, WHY, amend, reason_of
from bot.service.answer import Given, decide
from bot.service.asking_all import take_ask_all
from bot.service.booking import new_filled, plan_filled
from bot.service.correcting import take_correction
from bot.service.delays import take_late, take_no_show
from bot.service.echoing import give_all
from bot.service.forms import REASON, known_word
from bot.service.hand_form import take_hand_form
from bot.service.overriding import take_override
from bot.service.picking import picked
from bot.service.practice import Practice
from bot.service.reporting import take_report
from bot.service.rooming import take_rooms
from bot.service.who import who_chosen

#: What is said of a booking that lacks something.
NOT_BOOKED = "It is done when this is so. If the patient declines, answer “Not applicable” and say why."

#: No problems yet.
NOTHING: Mapping[str, str] = MappingProxyType({})

#: What takes a form that came back.
_Take = Callable[[Practice, Transaction, Clinic, Person, Filled], Notice]

#: What each outcome but a plain yes asks for.
_ASKED: Mapping[Outcome, str] = {
    Outcome.CAUGHT: "please add a few words: what was found, and what was done.",
    Outcome.NOT_APPLICABLE: "please add a few words: why not.",
    Outcome.PROBLEM: "please add a few words: what is wrong.",
    Outcome.UNREACHED: f"please say how you tried: {', '.join(CHANNELS)}.",
}


def take_filled(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Take a form; raise WrongValues with every field that needs another look."""
    take = _FILLED.get(filled.action)
    if take is None:
        raise Refused("This form is about nothing. Please look at the card again.")
    return take(practice, tx, clinic, person, filled)


def _answered(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    return give_all(practice, tx, clinic, person, _givens(practice, tx, clinic, filled))


def _givens(
    practice: Practice, tx: Transaction, clinic: Clinic, filled: Filled, problems: Mapping[str, str] = NOTHING
) -> list[Given]:
    note, values, problems = "", {}, dict(problems)
    try:
        note = told_note(filled)
    except WrongValues as wrong:
        problems |= wrong.problems
    try:
        values = _values(practice, tx, clinic, filled)
    except WrongValues as wrong:
        problems |= wrong.problems
    if problems:
        # all that needs another look at once
        raise WrongValues(problems)
    caught = filled.caught if filled.outcome is Outcome.CAUGHT else None
    return [
        Given(
            task=key,
            outcome=filled.outcome,
            values=values[key],
            note=note,
            asking=filled.revisions.get(key, 0),
            caught=caught,
        )
        for key in filled.entries
    ]


def told_note(filled: Filled) -> str:
    """Return a form's line of words; raise WrongValues where its outcome asks for more than was filled in."""
    note = noted(filled.note)
    problems = {}
    if filled.outcome is not Outcome.CONFIRMED and not note:
        problems["note"] = f"{wording.OUTCOMES[filled.outcome]}: {_ASKED[filled.outcome]}"
    if filled.outcome is Outcome.UNREACHED and not channel_in(note):
        problems["note"] = f"{wording.OUTCOMES[filled.outcome]}: {_ASKED[filled.outcome]}"
    if filled.outcome is Outcome.CAUGHT and filled.caught is None:
        problems["caught"] = "What was it? Please choose one."
    if problems:
        raise WrongValues(problems)
    return note


def _amended(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    reason, answered = reason_of(filled)
    (given,) = _givens(practice, tx, clinic, answered, NOTHING if reason else {BECAUSE: WHY})
    return amend(practice, tx, clinic, person, given, reason)


def _values(practice: Practice, tx: Transaction, clinic: Clinic, filled: Filled) -> dict[str, Values]:
    single = len(filled.entries) == 1
    told = filled.outcome in WITHOUT_ANSWERS
    values: dict[str, Values] = {}
    problems: dict[str, str] = {}
    for key, raw in filled.entries.items():
        task = tx.task(key)
        step = practice.course(tx, task.case).step(task)
        try:
            values[key] = {} if told else read_values(step, raw, clinic=clinic, now=practice.clock.now())
            if left := not_booked(step, values[key]):
                raise WrongValues({left: NOT_BOOKED})
        except WrongValues as wrong:
            problems |= {name if single else f"{key}/{name}": what for name, what in wrong.problems.items()}
    if problems:
        raise WrongValues(problems)
    return values


def _decided(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    key, raw = next(iter(filled.entries.items()))
    choice = known_word(Choice, filled.value)
    reason = noted(str(raw.get(REASON, "")))
    if not reason:
        raise WrongValues({REASON: "Please give a reason; it stays with the decision."})
    asking = filled.revisions.get(key, 0)
    course, task = decide(practice, tx, person, key, choice, reason, asking=asking)
    words = wording.CHOICES[choice]
    return Notice(text=f"{wording.of(course.step(task).title, words.lower())} · {task.case}", tone="good")


_FILLED: Mapping[Action, _Take] = {
    Action.WHO: who_chosen,
    Action.FORM: _answered,
    Action.DECIDE: _decided,
    Action.AMEND: _amended,
    Action.REPORT: take_report,
    Action.ASK_ALL: take_ask_all,
    Action.LATE: take_late,
    Action.NO_SHOW: take_no_show,
    Action.HAND_OFF: take_hand_form,
    Action.CORRECT: take_correction,
    Action.OVERRIDE: take_override,
    Action.NEW: new_filled,
    Action.PLAN: plan_filled,
    Action.ROOMS: take_rooms,
    Action.PICK_MOVE: picked,
    Action.PICK_CANCEL: picked,
}
