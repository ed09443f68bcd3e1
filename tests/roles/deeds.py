"""How each deed is done: what somebody sends, before it is known who and over which platform.

A deed that begins with a look (a hold, a question for all) is looked at by somebody who may; what the table
is asked for is the press that does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.core.actions import Action
from bot.core.case import Choice
from bot.core.messages import Notice
from bot.core.people import ASKED_ROLES, Role
from bot.core.permissions import OF_ACTION, OF_COMMAND, WHO, Deed
from bot.core.replies import Command, Filled, Pressed
from tests.roles.floor import COLLEAGUES, CORRECTED, DECIDED, ITEMS, LEFT_BEHIND, Floor
from tests.service.clinic import ALI, CODE, JO, KIT
from tests.service.workspace import PLATFORM

Told = Command | Pressed | Filled
#: What is said to a role that may not: who may, or whose an item is.
REFUSAL = re.compile(r"Only (the|a|an) .+ may |is for .+ to (answer|take)")
#: Makes what is sent by somebody of a role.
Make = Callable[[Floor, Role], Told]

SESSION = f"{CODE}:1"
#: Deeds that no platform leads to: appointments come in, and patients are erased, on the command line;
#: signatures have their own page.
ELSEWHERE = (Deed.IMPORT, Deed.SIGN, Deed.ERASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """One way to do a deed, by what it is called; `shows` where it changes nothing and shows something."""

    name: str
    deed: Deed
    make: Make
    roles: tuple[Role, ...]
    shows: bool = False

    def may(self, role: Role) -> bool:
        """Say whether the table lets a role do it."""
        return role in self.roles


def said(words: str) -> Make:
    return lambda floor, role: Command(platform="", account="", once="", words=tuple(words.split()))


def press(action: Action, *tasks: str, value: str = "") -> Make:
    return lambda floor, role: pressed(action, *tasks, value=value)


def pressed(action: Action, *tasks: str, value: str = "") -> Pressed:
    return Pressed(platform="", account="", once="", action=action, tasks=tasks, value=value)


def filled(
    action: Action, task: str, *, value: str = "", revision: int = 0, **entries: str | tuple[str, ...]
) -> Filled:
    return Filled(
        platform="",
        account="",
        once="",
        entries={task: entries},
        revisions={task: revision},
        action=action,
        value=value,
    )


def _answer(of: Role) -> Make:
    """A form about an item of a role, filled in as usual, whoever sends it."""

    def made(floor: Floor, role: Role) -> Told:
        colleague, step = COLLEAGUES[of], ITEMS[of]
        sent = floor.clinic.filled(colleague, floor.clinic.form_of(colleague, step), in_chart="yes")
        return replace(sent, platform="", account="", once="")

    return made


def _on_own_card(action: Action) -> Make:
    """A button of the card on which somebody of the role was asked; of the nurse's where nobody was."""
    return lambda floor, role: pressed(action, _key(floor, role), value=_card(floor, role))


def _key(floor: Floor, role: Role) -> str:
    return floor.key(ITEMS.get(role, ITEMS[Role.NURSE]))


def _card(floor: Floor, role: Role) -> str:
    return floor.card(ITEMS.get(role, ITEMS[Role.NURSE]))


def _hand_over(floor: Floor, role: Role) -> Told:
    step = {**ITEMS, Role.MANAGER: LEFT_BEHIND}.get(role, ITEMS[Role.NURSE])
    mine, to = floor.key(step), COLLEAGUES[role] if role in ITEMS else JO
    return filled(Action.HAND_OFF, mine, value=floor.card(step), to=to, lines=(mine,))


def _decide(floor: Floor, role: Role) -> Told:
    return filled(Action.DECIDE, floor.key(DECIDED), value=Choice.PROCEED.value, reason="two a week")


def _correct(floor: Floor, role: Role) -> Filled:
    entries = {"mode": "fractional", "isotretinoin": "never", "reason": "asked again"}
    return filled(Action.CORRECT, floor.key(CORRECTED), revision=2, **entries)


def _override(floor: Floor, role: Role) -> Told:
    """A hard stop has no override: it is corrected first."""
    sent = replace(_correct(floor, role), platform=PLATFORM, account=ALI, once="corrected")
    floor.clinic.reply(sent)
    return said(f"override {CODE} seen @fran in person")(floor, role)


def _looked_at(who: str, words: str) -> Make:
    """Press what stands under what somebody looked at."""

    def made(floor: Floor, role: Role) -> Told:
        shown = floor.clinic.command(who, words)
        assert isinstance(shown, Notice)
        (button,) = shown.buttons
        return pressed(button.action, *button.tasks, value=button.value)

    return made


def _release(floor: Floor, role: Role) -> Told:
    floor.clinic.press_on(KIT, floor.clinic.command(KIT, "hold laser B lamp broken"))
    return said("release laser B")(floor, role)


def _mark(floor: Floor, role: Role) -> Told:
    floor.clinic.clock.advance(floor.clinic.course().case.sessions[0].start)
    return pressed(Action.MARK, SESSION, value="arrived")


_QUESTION = 'ask-all abl nurse "A new photosensitiser?" start - 1 day at 10:00'
_MAKES: Mapping[Deed, tuple[tuple[str, Make], ...]] = {
    Deed.SEE: (("case K7Q2", said("case K7Q2")), ("View case", press(Action.CASE, CODE))),
    Deed.SEE_NAME: (("who K7Q2", said("who K7Q2")), ("Who is this?", press(Action.WHO, CODE))),
    Deed.CLAIM: (
        ("I'm on it", _on_own_card(Action.ON_IT)),
        ("In 20 min", _on_own_card(Action.LATER)),
    ),
    Deed.HAND_OFF: (("Hand off", _hand_over),),
    Deed.DECIDE: (("Proceed", _decide),),
    Deed.CORRECT: (("Correct it", _correct),),
    Deed.TELL: (("fact", said(f"fact {CODE} smoker no")),),
    Deed.OVERRIDE: (("override", _override),),
    Deed.REPORT: (("event", said(f"event {CODE} urgent")),),
    Deed.BOOK: (("session", said(f"session {CODE} 2027-04-08 09:30")),),
    Deed.MOVE: (("move", said(f"move {CODE} 2027-03-18 09:30")),),
    Deed.CANCEL: (("cancel", said(f"cancel {CODE} patient is ill")),),
    Deed.ASSIGN: (("assign", said(f"assign {CODE} nurse @jo")),),
    Deed.HOLD: (
        ("hold", said("hold laser B lamp broken")),
        ("Put on hold", _looked_at(KIT, "hold laser B lamp broken")),
    ),
    Deed.RELEASE: (("release", _release),),
    Deed.ASK_ALL: (("ask-all", said(_QUESTION)), ("Ask them", _looked_at(KIT, _QUESTION))),
    Deed.ASK_ALL_STOP: (
        ("ask-all, hard", said(f"{_QUESTION}, hard on yes")),
        ("Ask them, hard", _looked_at(ALI, f"{_QUESTION}, hard on yes")),
    ),
    Deed.PLACE: (("here", said("here")),),
    Deed.MARK: (("Arrived", _mark),),
}


def table() -> Iterator[Done]:
    """Every way to do every deed; what one answers is besides of one's own role, or a physician's."""
    for of, step in ITEMS.items():
        roles = tuple(dict.fromkeys((of, Role.PHYSICIAN)))
        yield Done(name=f"answer {step}", deed=Deed.ANSWER, make=_answer(of), roles=roles)
    for deed, ways in _MAKES.items():
        for name, make in ways:
            yield Done(name=name, deed=deed, make=make, roles=WHO[deed], shows=deed is Deed.SEE)


def unseen() -> Iterator[tuple[str, Deed, Make]]:
    """Every button, form and command of the product by its name alone, as whoever forges one sends it.

    They are about the very items of the case: a role that may not must be refused before anything is read.
    """
    for word, deed in OF_COMMAND.items():
        yield word, deed, said(f"{word} {CODE} 2027-03-18 09:30")
    for action, deed in OF_ACTION.items():
        if deed is not Deed.ANSWER:
            yield f"press {action.value}", deed, _about_the_stop(action)
            yield f"form {action.value}", deed, _form_about_the_stop(action)


def _about_the_stop(action: Action) -> Make:
    return lambda floor, role: pressed(action, floor.key(DECIDED))


def _form_about_the_stop(action: Action) -> Make:
    return lambda floor, role: filled(action, floor.key(DECIDED))


assert set(_MAKES) | {Deed.ANSWER, *ELSEWHERE} == set(Deed)
assert set(ITEMS) == set(ASKED_ROLES)
