"""What the buttons of a form carry to Teams and back: ids of ours, nothing about a patient.

Each of its buttons carries all of it, since Teams tells nothing else of a form that was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.chat.buttons import carried, lengthened, shortened
from bot.chat.forms import other_version
from bot.chat.teams import PLATFORM
from bot.chat.teams.drawing.carried import Json, filling, form_of
from bot.core.actions import Action, Button
from bot.core.case import Outcome
from bot.core.replies import MessageRef


class Does(StrEnum):
    """What a button of a form does."""

    #: hand in what was filled in
    SAVE = "save"
    #: draw the form for another outcome, with what was filled in
    DIFFERS = "differs"
    #: put the card back in whose place the form stands
    BACK = "back"
    #: open the form in a window
    WINDOW = "window"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """One opening of a form: the card in whose place it stands, what opens it `again` (what a button carried,
    or a command), and the id of that delivery. The same answers to another opening are another answer.
    """

    at: MessageRef | None = None
    again: str = ""
    once: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is asked by a form, and what its button does; `rest` are tasks for which it had no room."""

    does: Does
    opening: Opening = field(default_factory=Opening)
    outcome: Outcome = Outcome.CONFIRMED
    action: Action = Action.FORM
    tasks: tuple[str, ...] = ()
    revisions: tuple[int, ...] = ()
    value: str = ""
    rest: tuple[str, ...] = ()

    @property
    def again(self) -> str:
        """What opens the form again; "" where nothing is known to."""
        if self.opening.again or self.action is not Action.FORM:
            return self.opening.again
        return carried(Button(action=Action.FORM, label="", tasks=(*self.tasks, *self.rest)))

    def carried(self) -> Json:
        """Return what the button carries."""
        at = self.opening.at
        told = {
            "does": self.does.value,
            "do": self.action.value,
            "tasks": shortened(self.tasks),
            "revisions": list(self.revisions),
            "value": self.value,
            "rest": shortened(self.rest),
            "outcome": self.outcome.value if self.outcome is not Outcome.CONFIRMED else "",
            "at": [at.channel, at.message] if at else [],
            "again": self.opening.again,
            "once": self.opening.once,
        }
        return filling({name: value for name, value in told.items() if value})

    @classmethod
    def of(cls, data: Json) -> Asked | None:
        """Return what a button of a form carried, `None` for other buttons; raise Refused for another
        version's.
        """
        found = form_of(data)
        if found is None:
            return None
        try:
            return _read(found)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as odd:
            raise other_version() from odd


def _read(found: dict[str, Any]) -> Asked:
    at = [str(each) for each in found.get("at", ())]
    asked = Asked(
        does=Does(found["does"]),
        opening=Opening(
            at=MessageRef(platform=PLATFORM, channel=at[0], message=at[1]) if len(at) == 2 else None,
            again=str(found.get("again", "")),
            once=str(found.get("once", "")),
        ),
        outcome=Outcome(found.get("outcome", Outcome.CONFIRMED)),
        action=Action(found["do"]),
        tasks=lengthened(found.get("tasks", ())),
        revisions=tuple(int(each) for each in found.get("revisions", ())),
        value=str(found.get("value", "")),
        rest=lengthened(found.get("rest", ())),
    )
    if len(asked.tasks) != len(asked.revisions):
        raise ValueError("a task without its revision")
    return asked
