"""What a button and a form carry to Slack and back: words of ours and task keys, nothing about a patient."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from bot.core.actions import OPENING, Action, Button
from bot.core.errors import Refused

#: The name by which Slack tells us that this form came back.
FORM = "form"
#: The name of the message shortcut that reports a problem.
REPORT = "report_problem"
#: What the buttons of an open form begin with.
OTHERWISE = "otherwise"
#: The button that opens the form of a command. It carries the command and a case or a day, no other words.
OPEN = "open"
_COMMAND = re.compile(
    r"new|ask-all|rooms|(?:move|cancel)(?: \d{4}-\d\d-\d\d)?"
    r"|(?:event|override|amend) [2-9A-Z]{4,8}(?:/\d{1,3})?",
    re.ASCII,
)
#: Those whose form asks for the rest again, whatever was typed behind them.
_ALONE = ("new", "ask-all", "rooms")
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


def carried(button: Button) -> str:
    """Return what a button carries: what it does, for which tasks, in which revision."""
    rest = {"revision": button.revision, "value": button.value}
    return packed(
        {"do": button.action, "tasks": shortened(button.tasks)} | {k: v for k, v in rest.items() if v}
    )


def next_form(tasks: Iterable[str]) -> Button:
    """Return the button of the answer to a form that opens the next: of what that form had no room for."""
    rest = tuple(tasks)
    return Button(action=Action.FORM, label=f"Answer the next {len(rest)}", tasks=rest, style="primary")


def pressed(value: str) -> Button:
    """Return the button that carried this; raise Refused when no Bookend of this version drew it."""
    try:
        found = json.loads(value)
        return Button(
            action=Action(found["do"]),
            label="",
            tasks=lengthened(found["tasks"]),
            revision=int(found.get("revision", 0)),
            value=str(found.get("value", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise Refused("This button is from another version of Bookend. Nothing was changed.") from odd


def opens(value: str) -> bool:
    """Say whether the button that carried this opens something and changes nothing."""
    try:
        return pressed(value).action in OPENING
    except Refused:
        return False


def command(words: Sequence[str]) -> str:
    """Return what a button carries to open the form of a command; "" for one that needs other words."""
    word, *rest = words or ("",)
    said = " ".join([word.lower(), *([] if word.lower() in _ALONE else (each.upper() for each in rest))])
    return said if _COMMAND.fullmatch(said) else ""


def commanded(value: str) -> tuple[str, ...]:
    """Return the words of the command behind a button; raise Refused for what no Bookend put there."""
    words = tuple(value.split())
    if not value or command(words) != value:
        raise Refused("This button is from another version of Bookend. Nothing was changed.")
    return words


def packed(what: Mapping[str, Any]) -> str:
    """Return the shortest JSON."""
    return json.dumps(what, separators=(",", ":"), ensure_ascii=False)


def shortened(tasks: Iterable[str]) -> list[str]:
    """Return task keys so that many fit: ":step" where only the step differs from the key before."""
    short: list[str] = []
    before: list[str] = []
    for task in tasks:
        case, *others = task.split(":")
        rest = [case, *others[1:]]
        short.append(f":{others[0]}" if len(others) == 3 and rest == before else task)
        before = rest
    return short


def lengthened(short: Iterable[str]) -> tuple[str, ...]:
    """Return the task keys that were `shortened`; raise ValueError for what was not."""
    tasks: list[str] = []
    for each in short:
        if not each.startswith(":"):
            tasks.append(each)
        else:
            case, _, *rest = "".join(tasks[-1:]).split(":")
            tasks.append(":".join([case, each[1:], *rest]))
    return tuple(tasks)


def carried_by(view: Opened) -> dict[str, Any]:
    """Return what an open modal carries; raise Refused where another version of ours drew it."""
    try:
        return dict(json.loads(view["private_metadata"]))
    except (ValueError, KeyError, TypeError) as odd:
        raise Refused("This form is from another version of Bookend. Please open it again.") from odd


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
