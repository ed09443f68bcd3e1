"""Screens: what a looking command answers, whole, in a modal of pages: pure functions that decide nothing.

A screen carries the command's word, the case's code and the page; it is drawn from state each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.chat.buttons import packed
from bot.chat.slack.drawing.carried import CARD, HISTORY, SCREEN, Screen
from bot.chat.slack.drawing.kit import PARAGRAPH, buttons, context, door, head, laid, one_moment, section
from bot.chat.slack.drawing.kit import plain as words
from bot.chat.slack.drawing.modal import BLOCKS, TITLE
from bot.chat.slack.drawing.paging import Room, pages, parts
from bot.chat.slack.drawing.pieces import content, history
from bot.chat.slack.drawing.zones import zoned
from bot.core.messages import Card, CaseView, Form, Notice, Response, TaskCard

#: What one page has room for: as much as somebody reads before they turn it, and far less than Slack takes.
ROOM = Room(pieces=30, blocks=60, letters=6000)
#: What a screen is called at the top of its window.
TITLES: Mapping[str, str] = {
    "mine": "Waiting for you",
    "overdue": "Overdue",
    "today": "Today",
    "status": "Board",
    "board": "Board",
    "help": "Help",
    "case": "Case",
    "amend": "Correct an answer",
    HISTORY: "History",
    CARD: "All of it",
}


def screen_of(said: Response, asked: Sequence[str] = ()) -> Screen | None:
    """Return the screen that shows all of an answer, `None` where nothing can be asked again to show it.

    `asked` is the command that was answered, if it was one.
    """
    word, *rest = [each.lower() for each in asked] or [""]
    match said:
        case CaseView():
            return Screen(word="case", about=said.code)
        case TaskCard() if word in ("", "amend") and said.lines:
            return Screen(word="amend", about=said.lines[0].task.partition(":")[0])
        case _ if word in TITLES and not rest:
            return Screen(word=word)
    return None


def drawn_screen(screen: Screen, what: Card | Response, said: Notice | None = None) -> dict[str, Any]:
    """Draw one page of a screen; `said` is what just happened on it."""
    whole = history(what) if screen.word == HISTORY and isinstance(what, CaseView) else content(what)
    found = pages(whole.pieces, ROOM)
    page = min(max(screen.page, 1), len(found))
    here = replace(screen, page=page)
    title = TITLES.get(screen.word, "Bookend")
    told = [*head(whole.heading or title), *laid(found[page - 1], BLOCKS, PARAGRAPH)]
    blocks = [
        *(note(said) if said else ()),
        *(told if isinstance(what, Form) else zoned(told, what.instants)),
        *(buttons(whole.buttons) if page == 1 else ()),
        *_turning(here, len(found)),
    ]
    return modal_of(title, blocks, carries=here.carried())


def modal_of(title: str, blocks: Sequence[Block], *, carries: Mapping[str, Any]) -> dict[str, Any]:
    """Return a modal in which nothing is filled in."""
    view = View(
        type="modal",
        callback_id=SCREEN,
        title=words(title, TITLE),
        close=words("Close", TITLE),
        private_metadata=packed(carries),
        blocks=blocks or [section("-")],
    )
    return dict(view.to_dict())


def waiting(screen: Screen) -> dict[str, Any]:
    """Draw what stands until the desk has answered."""
    return modal_of(TITLES.get(screen.word, "Bookend"), one_moment(), carries=screen.carried())


def note(said: Notice) -> list[Block]:
    """Draw what just happened, with what can be pressed after it."""
    told = (part for piece in content(said).pieces for part in parts(piece))
    return [*zoned(laid(told, BLOCKS, PARAGRAPH), said.instants), *buttons(said.buttons)]


def _turning(screen: Screen, count: int) -> Iterator[Block]:
    doors: list[ButtonElement] = []
    if screen.page > 1:
        doors.append(door("Previous", replace(screen, page=screen.page - 1), f"page {screen.page - 1}"))
    if screen.page < count:
        doors.append(door("Next", replace(screen, page=screen.page + 1), f"page {screen.page + 1}"))
    if screen.word == "case":
        doors.append(door("History", Screen(word=HISTORY, about=screen.about), screen.about))
    if count > 1:
        yield context(f"{screen.page} of {count}")
    if doors:
        yield ActionsBlock(elements=doors)
