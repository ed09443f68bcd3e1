"""What a form and a screen carry to Slack and back: ids of ours, nothing about a patient."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from bot.chat.forms import other_version
from bot.core.errors import Refused

#: The name by which Slack tells us that this form came back.
FORM = "form"
#: The name of the message shortcut that reports a problem.
REPORT = "report_problem"
#: What the buttons of an open form begin with.
OTHERWISE = "otherwise"
#: The button that opens the form of a command. It carries the command and a case or a day, no other words.
OPEN = "open"
#: The input for a line of words that belongs to the whole form.
NOTE = "note"
#: The input for the kind of thing that was caught.
CAUGHT = "caught"
#: Where an input keeps what was filled in.
VALUE = "value"

#: What the buttons begin with that open a screen, or turn its pages.
SCREEN = "screen"
#: Screens that no command answers: all that a message of ours says, the history of a case, somebody's Home.
CARD, HISTORY, HOME = "card", "history", "home"

#: A modal as Slack sends it back.
Opened = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """A page of what a looking command answers; `about` is a case's code, or where the message of CARD is."""

    word: str
    about: str = ""
    page: int = 1

    def carried(self) -> dict[str, Any]:
        """Return what a screen, a button that opens it, and a form on top of it carry."""
        found = zip(_OF_SCREEN, astuple(self), strict=True)
        return {name: value for name, value in found if value not in ("", 1)}

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Screen | None:
        """Return the screen that something carries, `None` if none; raise Refused for another version's."""
        if SCREEN not in found:
            return None
        word, about, page = (found.get(name) for name in _OF_SCREEN)
        if not isinstance(word, str) or not isinstance(page or 1, int):
            raise Refused("This is from another version of Bookend. Please open it again.")
        return cls(word=word, about=str(about or ""), page=page or 1)

    def place(self, view: str) -> str:
        """Return where it stands, as forms carry where their answer is seen; no conversation is called so."""
        return ":".join((SCREEN, view, self.word, self.about, str(self.page)))

    @classmethod
    def at(cls, place: str) -> tuple[str, Screen] | None:
        """Return the view and the screen of such a place, `None` for a conversation."""
        first, _, rest = place.partition(":")
        told = rest.split(":")
        if first != SCREEN or len(told) != len(_OF_SCREEN) + 1 or not told[-1].isdecimal():
            return None
        view, word, about, page = told
        return view, cls(word=word, about=about, page=int(page))


#: The names under which a screen is carried.
_OF_SCREEN = (SCREEN, "about", "page")


def carried_by(view: Opened) -> dict[str, Any]:
    """Return what an open modal carries; raise Refused where another version of ours drew it."""
    try:
        return dict(json.loads(view["private_metadata"]))
    except (ValueError, KeyError, TypeError) as odd:
        raise other_version() from odd


def place_of(view: Opened) -> str:
    """Return where the answer to what is done in a view is shown: on a screen or Home, or in the conversation
    that a form carries; "" for what is no view of ours.
    """
    try:
        found = carried_by(view)
        on = Screen.of(found)
    except Refused:
        return ""
    return on.place(str(view.get("id", ""))) if on else str(found.get("channel", ""))
