"""Buttons that change something: one function each, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.actions import Action
from bot.core.case import Moment
from bot.core.contradictions import choices
from bot.core.due import read_now
from bot.core.errors import NotFound, Refused, Settled
from bot.core.messages import Notice
from bot.core.people import Clinic, Person
from bot.core.replies import Pressed
from bot.core.second import gave_first
from bot.core.usual import as_read_aloud
from bot.ports import Transaction
from bot.service import cases
from bot.service.adding import ask_now
from bot.service.answer import Given, undo
from bot.service.booking import written_down
from bot.service.claiming import claim, press_later, press_on_it
from bot.service.clearing import take_go
from bot.service.echoing import give_all, title_of
from bot.service.forms import known_word
from bot.service.handing import accept, decline
from bot.service.holding import put_on_hold
from bot.service.practice import Practice
from bot.service.printing import sheet_pressed
from bot.service.reaching import take_rebook
from bot.service.second import take_anew
from bot.service.who import who_pressed

#: What takes a button that changes something.
_Take = Callable[[Practice, Transaction, Clinic, Person, Pressed], Notice]


def take_pressed(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Take a button; raise Refused for one that opens something and changes nothing."""
    take = PRESSED.get(pressed.action)
    if take is None:
        raise Refused("This button changes nothing by itself. Please look at the card again.")
    return take(practice, tx, clinic, person, pressed)


def _marked(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    code, _, session = pressed.tasks[0].partition(":")
    moment = known_word(Moment, pressed.value)
    if not session.isdecimal() or len(session) > cases.LONGEST_NUMBER:
        raise NotFound(f"session of {code}", session)
    cases.mark(practice, tx, code, int(session), moment, by=person.id)
    return Notice(text=f"{moment.value.capitalize()}: {code}, noted.", tone="good")


def _settled(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    task = tx.task(pressed.tasks[0])
    course = practice.course(tx, task.case)
    fact = course.step(task).settles
    if not fact:
        raise Refused("This button settles nothing here. Please look at the card again.")
    known = choices(course, fact)
    if task.waits and pressed.value not in known:
        raise Settled("More was said since you saw this card. Please look again; nothing was changed.")
    values = {fact: known.get(pressed.value)}
    given = Given(task=task.key, values=values, asking=pressed.revision)
    return give_all(practice, tx, clinic, person, [given])


def _undone(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    task = undo(practice, tx, person, pressed.tasks[0])
    return Notice(text=f"Taken back: {title_of(practice, tx, task)}. It is open again.")


def _confirmed(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    together = pressed.action is Action.ALL_AS_READ
    if not together and len(pressed.tasks) > 1:
        # one revision cannot say of several lines that they are as they were when the button was drawn
        raise Refused("This button answers one line only. Nothing was changed.")
    givens = []
    for key in pressed.tasks:
        task = tx.task(key)
        if together and (not read_now(task, practice.clock.now()) or gave_first(task, person.id)):
            continue
        course = practice.course(tx, task.case)
        values = as_read_aloud(course.step(task), course.case)
        if values is None:
            raise Refused(f"{title_of(practice, tx, task)} needs its form. Press Answer on its line.")
        asking = 0 if together else pressed.revision
        givens.append(Given(task=key, values=values, asking=asking, together=together))
    if not givens:
        raise Settled("Nothing on this card is to be read aloud now; nothing was changed.")
    return give_all(practice, tx, clinic, person, givens)


PRESSED: Mapping[Action, _Take] = {
    Action.MARK: _marked,
    Action.SETTLE: _settled,
    Action.UNDO: _undone,
    Action.WHO: who_pressed,
    Action.CONFIRM: _confirmed,
    Action.ALL_AS_READ: _confirmed,
    Action.GO: take_go,
    Action.ANEW: take_anew,
    Action.REBOOK: take_rebook,
    Action.HOLD: put_on_hold,
    Action.CLAIM: claim,
    Action.WRITTEN: written_down,
    Action.ON_IT: press_on_it,
    Action.LATER: press_later,
    Action.ASK_ALL_NOW: ask_now,
    Action.ACCEPT: accept,
    Action.DECLINE: decline,
    Action.SHEET: sheet_pressed,
}
