"""What only opens something, a form or a view, and changes nothing: one table of buttons, one of commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeGuard

from bot.core.actions import OPENING, Action
from bot.core.case import case_of
from bot.core.messages import Response
from bot.core.people import Clinic, Person
from bot.core.replies import Command, Filled, Pointed, Pressed, Typed
from bot.ports import Reading
from bot.service import looking
from bot.service.amending import amend_asked, amend_form, answers_to_amend
from bot.service.asking_all import ask_all_form
from bot.service.booking import new_form, plan_form
from bot.service.correcting import correction_form
from bot.service.delays import late_form, no_show_form
from bot.service.differing import which_differs
from bot.service.forms import form_for
from bot.service.hand_form import hand_form
from bot.service.overriding import override_asked, override_form
from bot.service.picking import cancel_picker, move_picker
from bot.service.pointing import chosen, pointed_at
from bot.service.practice import Practice
from bot.service.reporting import event_form
from bot.service.rooming import rooms_form
from bot.service.who import which_form

#: What opens for a button.
_Open = Callable[[Practice, Reading, Clinic, Person, Pressed], Response]

#: What opens for a command; `None` lets the command act.
_OpenFor = Callable[[Practice, Reading, Clinic, Person, Command], Response | None]


def opens(reply: Pressed | Filled | Typed) -> TypeGuard[Pressed | Filled]:
    """Say whether a button or a form only opens something."""
    if isinstance(reply, Filled):
        return reply.action is Action.POINT
    return isinstance(reply, Pressed) and reply.action in OPENING


def open_replied(
    practice: Practice,
    reading: Reading,
    clinic: Clinic,
    person: Person,
    reply: Pressed | Filled | Pointed,
) -> Response:
    """Return what a button, a message's menu or the choice of a case opens."""
    match reply:
        case Pressed():
            return OPENS[reply.action](practice, reading, clinic, person, reply)
        case Filled():
            return chosen(practice, reading, clinic, person, reply)
        case Pointed():
            return pointed_at(practice, reading, clinic, person, reply)


def open_for(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Response | None:
    """Return what a command opens, such as a form for what it did not name; `None` if it opens nothing."""
    word, *_ = command.words or ("",)
    look = OPENS_FOR.get(word.lower())
    return look(practice, reading, clinic, person, command) if look else None


def _case(practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed) -> Response:
    return looking.case_view(practice, reading, clinic, case_of(pressed.tasks[0]))


#: A command that opens something, at least when it is written without the rest.
OPENS_FOR: Mapping[str, _OpenFor] = {
    "amend": amend_asked,
    "event": event_form,
    "override": override_asked,
    "ask-all": ask_all_form,
    "new": new_form,
    "rooms": rooms_form,
    "move": move_picker,
    "cancel": cancel_picker,
}

OPENS: Mapping[Action, _Open] = {
    Action.FORM: form_for,
    Action.DECIDE: form_for,
    Action.CASE: _case,
    Action.DIFFERS: which_differs,
    Action.ANSWERS: answers_to_amend,
    Action.AMEND: amend_form,
    Action.PLAN_FORM: plan_form,
    Action.LATE: late_form,
    Action.NO_SHOW: no_show_form,
    Action.HAND_OFF: hand_form,
    Action.CORRECT: correction_form,
    Action.OVERRIDE: override_form,
    Action.WHICH: which_form,
}
