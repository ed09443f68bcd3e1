"""Who may do what: one table of role and deed, kept by the service and by no platform.

What somebody answers is besides of their own role: `answering` says as whom. Whoever is refused is told alone
who can, and who of them is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bot.core import wording
from bot.core.actions import Action
from bot.core.errors import NotAllowed
from bot.core.people import ASKED_ROLES, Clinic, Person, Role
from bot.core.sentences import listed


class Deed(StrEnum):
    """What people do in Bookend; the value is how a refusal names it: "Only the manager may …"."""

    #: look at a case, a list or the board; never at a name
    SEE = "look at the cases"
    #: learn which patient a code stands for
    SEE_NAME = "see who a patient is"
    #: answer what is asked of one's role, correct it, take it back
    ANSWER = "answer what is asked"
    #: take what nobody has, say "I'm on it", ask for it later
    CLAIM = "take an item"
    #: give what waits for oneself to somebody else, and accept or decline it
    HAND_OFF = "hand an item over"
    #: proceed, modify or postpone, and settle what people contradict each other in
    DECIDE = "decide on a stop"
    #: change a fact that stops the procedure
    CORRECT = "correct a fact that stops"
    #: change any other fact
    TELL = "change what is known of a patient"
    #: say go as a second person although something is open
    OVERRIDE = "override"
    #: press Arrived, Started and Finish
    MARK = "say that a patient arrived, or that a procedure started or ended"
    #: report a complication
    REPORT = "report a complication"
    #: open a case, add a session
    BOOK = "book a session"
    #: give a session another date
    MOVE = "move a case"
    #: cancel a session or a case, a no-show included
    CANCEL = "cancel a case"
    #: take appointments in from a file, on a platform; on the command line nobody is asked who they are
    IMPORT = "import appointments"
    #: say who works in which room, and whose case it is
    ASSIGN = "say whose case or room it is"
    #: stop every case on a device
    HOLD = "hold the cases on a device"
    #: let them go on
    RELEASE = "release a device"
    #: ask one thing more in all cases that are booked
    ASK_ALL = "ask something more in every booked case"
    #: let an answer to it stop a procedure
    ASK_ALL_STOP = "add a question that stops a procedure"
    #: say in which channel the board stands
    PLACE = "choose the board's channel"
    #: put one's name under a playbook
    SIGN = "sign a playbook"
    #: erase who a patient is and all that was said of them, once their case is over; on the command line
    ERASE = "have a patient erased"


_FRONT_DESK, _NURSE, _OPERATOR = Role.FRONT_DESK, Role.NURSE, Role.OPERATOR
_PHYSICIAN, _MANAGER, _DIRECTOR = Role.PHYSICIAN, Role.MANAGER, Role.MEDICAL_DIRECTOR
_PLANNING = (_FRONT_DESK, _PHYSICIAN, _MANAGER)

#: The table, each deed with the roles that may do it, in the order in which they are named.
WHO: Mapping[Deed, tuple[Role, ...]] = {
    Deed.SEE: tuple(Role),
    Deed.SEE_NAME: ASKED_ROLES,
    Deed.ANSWER: ASKED_ROLES,
    Deed.CLAIM: ASKED_ROLES,
    # a manager has only what belonged to somebody who left, and gives it to whoever can answer
    Deed.HAND_OFF: (*ASKED_ROLES, _MANAGER),
    Deed.DECIDE: (_PHYSICIAN,),
    Deed.CORRECT: (_PHYSICIAN,),
    Deed.TELL: (_NURSE, _OPERATOR, _PHYSICIAN),
    Deed.OVERRIDE: (_PHYSICIAN, _MANAGER),
    Deed.MARK: ASKED_ROLES,
    Deed.REPORT: tuple(Role),
    Deed.BOOK: _PLANNING,
    Deed.MOVE: _PLANNING,
    Deed.CANCEL: _PLANNING,
    Deed.IMPORT: (_FRONT_DESK, _MANAGER),
    Deed.ASSIGN: (_PHYSICIAN, _MANAGER),
    Deed.HOLD: (_OPERATOR, _PHYSICIAN, _MANAGER),
    Deed.RELEASE: (_PHYSICIAN, _MANAGER),
    Deed.ASK_ALL: (_PHYSICIAN, _MANAGER, _DIRECTOR),
    Deed.ASK_ALL_STOP: (_DIRECTOR,),
    Deed.PLACE: (_MANAGER,),
    Deed.SIGN: (_DIRECTOR,),
    Deed.ERASE: (_MANAGER, _DIRECTOR),
}

#: What a press, or a form that comes back, is.
OF_ACTION: Mapping[Action, Deed] = {
    Action.FORM: Deed.ANSWER,
    Action.CONFIRM: Deed.ANSWER,
    Action.ALL_AS_READ: Deed.ANSWER,
    Action.GO: Deed.ANSWER,
    Action.ANEW: Deed.ANSWER,
    Action.REBOOK: Deed.ANSWER,
    Action.UNDO: Deed.ANSWER,
    Action.DIFFERS: Deed.ANSWER,
    Action.ANSWERS: Deed.SEE,
    Action.AMEND: Deed.ANSWER,
    Action.DECIDE: Deed.DECIDE,
    Action.SETTLE: Deed.DECIDE,
    Action.MARK: Deed.MARK,
    Action.CLAIM: Deed.CLAIM,
    Action.NEW: Deed.BOOK,
    Action.WRITTEN: Deed.BOOK,
    Action.PLAN_FORM: Deed.BOOK,
    Action.PLAN: Deed.BOOK,
    Action.PICK_MOVE: Deed.MOVE,
    Action.PICK_CANCEL: Deed.CANCEL,
    Action.ON_IT: Deed.CLAIM,
    Action.LATER: Deed.CLAIM,
    Action.LATE: Deed.MARK,
    Action.NO_SHOW: Deed.CANCEL,
    Action.CASE: Deed.SEE,
    Action.CORRECT: Deed.CORRECT,
    Action.OVERRIDE: Deed.OVERRIDE,
    Action.WHO: Deed.SEE_NAME,
    Action.WHICH: Deed.SEE_NAME,
    Action.REPORT: Deed.REPORT,
    Action.POINT: Deed.REPORT,
    Action.HOLD: Deed.HOLD,
    Action.HAND_OFF: Deed.HAND_OFF,
    Action.ACCEPT: Deed.HAND_OFF,
    Action.DECLINE: Deed.HAND_OFF,
    Action.ROOMS: Deed.ASSIGN,
    Action.SHEET: Deed.SEE,
    Action.ASK_ALL: Deed.ASK_ALL,
    Action.ASK_ALL_NOW: Deed.ASK_ALL,
}

#: What a command is, by its first word; words that nobody knows are no deed.
OF_COMMAND: Mapping[str, Deed] = {
    "help": Deed.SEE,
    "mine": Deed.SEE,
    "today": Deed.SEE,
    "status": Deed.SEE,
    "board": Deed.SEE,
    "overdue": Deed.SEE,
    "case": Deed.SEE,
    "amend": Deed.SEE,
    "who": Deed.SEE_NAME,
    "new": Deed.BOOK,
    "move": Deed.MOVE,
    "session": Deed.BOOK,
    "cancel": Deed.CANCEL,
    "event": Deed.REPORT,
    "fact": Deed.TELL,
    "override": Deed.OVERRIDE,
    "hold": Deed.HOLD,
    "ask-all": Deed.ASK_ALL,
    # whoever takes a case themselves needs no manager: the command looks
    "assign": Deed.SEE,
    "release": Deed.RELEASE,
    "rooms": Deed.ASSIGN,
    "here": Deed.PLACE,
}


def may(person: Person, deed: Deed) -> bool:
    """Say whether the table lets this person do it."""
    return person.may(*WHO[deed])


def require(person: Person, deed: Deed, clinic: Clinic, now: datetime) -> None:
    """Raise NotAllowed with who can, unless the table lets this person do it."""
    if not may(person, deed):
        roles = listed([wording.ROLES[role] for role in WHO[deed]], "or")
        there = who_is_there(WHO[deed], clinic, now)
        raise NotAllowed(f"Only {roles} may {deed.value}: {there}. Nothing was changed.")


def answering(person: Person, role: Role, title: str, clinic: Clinic, now: datetime) -> Role:
    """Return as whom a person answers an item of a role, for which a physician may stand in; raise NotAllowed
    with who can.
    """
    for own in (role, Role.PHYSICIAN):
        if person.may(own) and own in WHO[Deed.ANSWER]:
            return own
    there = who_is_there((role,), clinic, now)
    raise NotAllowed(f"{title} is for {wording.ROLES[role]} to answer: {there}. Nothing was changed.")


def who_is_there(roles: Iterable[Role], clinic: Clinic, now: datetime) -> str:
    """Name who of these roles is on duty, else on call, else who holds them at all."""
    wanted = tuple(roles)
    for found, where in (
        ([id for role in wanted for id in clinic.on_duty(role, now)], "on duty"),
        ([id for role in wanted for id in clinic.on_call.get(role, ())], "on call"),
    ):
        if names := _names(clinic, found):
            return f"{listed(names)} {'is' if len(names) == 1 else 'are'} {where}"
    names = _names(clinic, [person.id for person in clinic.people.values() if person.may(*wanted)])
    return (
        f"nobody is on duty; ask {listed(names, 'or')}"
        if names
        else "nobody has that role in the clinic's file"
    )


def _names(clinic: Clinic, people: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(wording.person_name(clinic, person) for person in people))
