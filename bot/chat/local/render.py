"""Cards, forms and the page as HTML: pure functions that decide nothing. Every word is escaped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro

from bot.chat.local.chat import Count, Message
from bot.core.actions import Button
from bot.core.boards import Board, RowState
from bot.core.catches import CATCHES
from bot.core.conditions import Value
from bot.core.kinds import Level
from bot.core.messages import Card, CaseView, DecisionCard, Form, LineState, Notice, Response, TaskCard
from bot.core.replies import MessageRef
from bot.core.times import Calendar

PAGE = Path(__file__).parent / "page"

#: How each state is shown: its word and its shape; colour is never the only sign.
LINES: Mapping[LineState, tuple[str, str]] = {
    LineState.OPEN: ("To do", "ring"),
    LineState.LATER: ("Later", "clock"),
    LineState.OVERDUE: ("Overdue", "triangle"),
    LineState.DONE: ("Done", "check"),
    LineState.BLOCKED: ("Stopped", "octagon"),
    LineState.VOID: ("No longer asked", "dash"),
}
ROWS: Mapping[RowState, tuple[str, str]] = {
    RowState.READY: ("Ready", "check"),
    RowState.OVERRIDE: ("Ready, override", "badge"),
    RowState.ON_TRACK: ("On track", "ring"),
    RowState.NOT_READY: ("Not ready", "triangle"),
    RowState.STOP: ("Stop", "octagon"),
    RowState.COMPLICATION: ("Complication", "bell"),
    RowState.AFTER: ("Aftercare", "heart"),
    RowState.CANCELLED: ("Cancelled", "close"),
}
LEVELS: Mapping[Level, str] = {Level.NONE: "", Level.MD: "Physician decides", Level.HARD: "Hard stop"}

#: How many lines of a list stand open; the others are behind a fold.
FIRST = 30

_MACROS = {
    TaskCard: "task_card",
    DecisionCard: "decision_card",
    Board: "board",
    CaseView: "case_view",
    Form: "form",
    Notice: "notice",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """A member of staff as the page shows them; `account` is who they are here."""

    account: str
    name: str
    work: str
    count: Count = field(default_factory=Count)
    newest: int = 0

    @property
    def initials(self) -> str:
        """Return "JP" for Jo Park and "AR" for Dr Ali Reza."""
        words = [word for word in self.name.split() if word[0].isalpha() and word.rstrip(".") != "Dr"]
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def short(self) -> str:
        """Return "Jo" for Jo Park, "Dr Ali" as it is."""
        first, *others = self.name.split()
        return " ".join([first, *others[:1]]) if first.rstrip(".") == "Dr" else first


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Everything that the page shows at one moment; `clock` is false where nobody may move the time."""

    clinic: str
    calendar: Calendar
    now: datetime
    me: Face
    staff: Sequence[Face]
    messages: Sequence[Message]
    channel: str
    posts: Sequence[Message]
    clock: bool = False
    playing: bool = False
    caption: str = ""

    @property
    def board(self) -> Message | None:
        """Return the newest board in the channel: the one that lives."""
        return next((post for post in reversed(self.posts) if isinstance(post.card, Board)), None)

    @property
    def others(self) -> list[Message]:
        """Return what else stands in the channel, the newest first."""
        boards = {post.id for post in self.posts if isinstance(post.card, Board)}
        return [post for post in reversed(self.posts) if not boards & {post.id, post.thread}]

    @property
    def thread(self) -> list[Message]:
        """Return what was said under the board that lives, the newest last."""
        return [post for post in self.posts if self.board and post.thread == self.board.id]

    @property
    def boards(self) -> list[Message]:
        """Return the boards of earlier days, the newest first."""
        return [post for post in reversed(self.posts) if isinstance(post.card, Board)][1:]

    def named(self, text: str) -> str:
        """Return a line with the name of whom it mentions by account."""
        account, _, rest = text.partition(" ")
        name = next((face.name for face in self.staff if f"@{face.account}" == account), "")
        return f"@{name} {rest}" if name else text


def page(scene: Scene) -> str:
    """Draw the whole page."""
    return _environment().get_template("page.html").render(scene=scene)


def fragments(scene: Scene) -> str:
    """Draw the parts of the page that change while it is open, each with its id."""
    return _environment().get_template("fragments.html").render(scene=scene)


def drawn(what: Card | Response) -> str:
    """Draw a card, a form, a view or a notice on its own."""
    return _card(what, "one")


def _card(what: Card | Response, key: str) -> str:
    # the key tells the ids of one card's parts from those of another on the same page
    return _macro(_MACROS[type(what)])(what, key)


def _macro(name: str) -> Callable[..., str]:
    found = getattr(_environment().get_template("cards.html").module, name)
    assert isinstance(found, Macro)
    return found


def press(button: Button) -> str:
    """Return what a button carries: what it does, to which tasks in which revision, and no more."""
    return json.dumps(
        {
            "action": button.action,
            "tasks": button.tasks,
            "revision": button.revision,
            "value": button.value,
        }
    )


def carried(ref: MessageRef) -> str:
    """Return what a typed reply to a message carries."""
    return json.dumps({"platform": ref.platform, "channel": ref.channel, "message": ref.message})


def typed(value: Value) -> str:
    """Return a value as an input holds it."""
    match value:
        case None:
            return ""
        case date() | time():
            return value.isoformat()[:10] if isinstance(value, date) else f"{value:%H:%M}"
        case float() | int():
            return f"{value:g}"
        case tuple():
            return ", ".join(value)
        case _:
            return value


def by_day(messages: Sequence[Message], calendar: Calendar) -> list[tuple[date, list[Message]]]:
    """Return messages under their clinic-local days, in order."""
    return [(day, list(some)) for day, some in groupby(messages, lambda m: calendar.day(m.posted))]


def long_day(day: date) -> str:
    """Return "Monday 16 February"."""
    return f"{day:%A} {day.day} {day:%B}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"press": press, "carried": carried, "typed": typed, "long_day": long_day}
    environment.globals |= {
        "LINES": LINES,
        "ROWS": ROWS,
        "LEVELS": LEVELS,
        "CATCHES": CATCHES,
        "FIRST": FIRST,
    }
    environment.globals |= {"by_day": by_day, "draw": _card}
    return environment
