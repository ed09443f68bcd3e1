"""Buttons: what pressing one does. A button carries ids of ours, and nothing about a patient."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a button does. It carries this word, task keys and a revision, and nothing about a patient."""

    #: open the form of these tasks
    FORM = "form"
    #: confirm a task that has no fields
    CONFIRM = "confirm"
    #: confirm every line that was read aloud, each with its normal answer
    ALL_AS_READ = "all_as_read"
    #: a physician decides on a stop; `value` is proceed, modify or postpone; opens the form for the reason
    DECIDE = "decide"
    #: a physician settles a fact of which different things were said; `value` is what it is
    SETTLE = "settle"
    #: press a real moment of a session; `value` is arrived, started or finished, the "task" is CODE:SESSION
    MARK = "mark"
    #: something differs from what was read aloud: asks which line, and opens only that one
    DIFFERS = "differs"
    #: show the answers of a case that may be corrected
    ANSWERS = "answers"
    #: open the form of an answered item with its answer in it, and correct it
    AMEND = "amend"
    #: take back one's own answer, for ten minutes
    UNDO = "undo"
    #: the date that an item has booked is cancelled: it asks for another
    REBOOK = "rebook"
    #: both of two people whose answers differ answer anew
    ANEW = "anew"
    #: a physician clears each of these cases that is still clean
    GO = "go"
    #: open the form with the facts that a hard stop hangs on, and correct them
    CORRECT = "correct"
    #: say go as a second person although something is open; the "task" is CODE:SESSION
    OVERRIDE = "override"
    #: take what nobody is there for; `value` is the card
    CLAIM = "claim"
    #: say "I'm on it" of all that is open on a card, `value`
    ON_IT = "on_it"
    #: be asked again later for all that is open on a card, `value`
    LATER = "later"
    #: the patient comes later: asks how many minutes; the "task" is CODE:SESSION
    LATE = "late"
    #: the patient does not come: asks to be sure, then cancels the session
    NO_SHOW = "no_show"
    #: show the case
    CASE = "case"
    #: give what is open on a card, `value`, to somebody else; opens the form
    HAND_OFF = "hand_off"
    #: take what somebody hands over; `value` names the hand-off
    ACCEPT = "accept"
    #: leave it with whoever has it
    DECLINE = "decline"
    #: send the person alone a link to who a case is
    WHO = "who"
    #: ask of which patient on a list, for WHO
    WHICH = "which"
    #: report a complication: the form of CODE:SESSION came back
    REPORT = "report"
    #: choose which case of a message has the problem, for REPORT
    POINT = "point"
    #: the form of a question for all booked cases came back
    ASK_ALL = "ask_all"
    #: ask in all cases the question that was looked at; `value` names it
    ASK_ALL_NOW = "ask_all_now"
    #: open a case: the form of a new appointment came back
    NEW = "new"
    #: say that a new code stands in the appointment book
    WRITTEN = "written"
    #: open the form for what a playbook must know of a new case, and take it
    PLAN_FORM = "plan_form"
    PLAN = "plan"
    #: a session was picked by day and time, to be moved or cancelled
    PICK_MOVE = "pick_move"
    PICK_CANCEL = "pick_cancel"
    #: put on the fleet hold that was looked at; `value` names it
    HOLD = "hold"
    #: say who has which room today
    ROOMS = "rooms"
    #: send the person alone a link to a day's paper sheet; `value` is clinic and day
    SHEET = "sheet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A button; `revision` is that of its one task, 0 for several; `style` is "", "primary" or "danger"."""

    action: Action
    label: str
    tasks: tuple[str, ...] = ()
    revision: int = 0
    value: str = ""
    style: str = ""


#: Actions that are about a whole clinic: what their "tasks" name is for whoever takes them to check.
CLINIC_WIDE: frozenset[Action] = frozenset(
    {
        Action.ACCEPT,
        Action.ASK_ALL,
        Action.ASK_ALL_NOW,
        Action.DECLINE,
        Action.HOLD,
        Action.NEW,
        Action.PICK_CANCEL,
        Action.PICK_MOVE,
        Action.POINT,
        Action.ROOMS,
        Action.SHEET,
        Action.WHICH,
        Action.WHO,
    }
)

#: Actions that only open a form or a view, and change nothing.
OPENING: frozenset[Action] = frozenset(
    {
        Action.AMEND,
        Action.ANSWERS,
        Action.CASE,
        Action.CORRECT,
        Action.DECIDE,
        Action.DIFFERS,
        Action.FORM,
        Action.HAND_OFF,
        Action.LATE,
        Action.NO_SHOW,
        Action.OVERRIDE,
        Action.PLAN_FORM,
        Action.WHICH,
    }
)
