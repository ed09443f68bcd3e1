"""Cards, views and notices as Adaptive Cards: pure functions that decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.chat.looks import called_by
from bot.chat.spoken import spoken
from bot.chat.teams.drawing.board import of_board
from bot.chat.teams.drawing.carried import HISTORY, Screen, turning
from bot.chat.teams.drawing.kit import (
    LABEL,
    ROOM,
    SIX,
    TEXT,
    Drawn,
    Json,
    block,
    button,
    execute,
    head,
    heading_safe,
    message,
    opening,
    paragraph,
    row,
    run,
    safe,
    size,
    small,
    weight,
)
from bot.chat.teams.drawing.offering import offered
from bot.chat.teams.drawing.paging import Page, page_of
from bot.chat.teams.drawing.pieces import (
    Content,
    history,
    noted,
    of_case,
    of_decision,
    of_notice,
    of_tasks,
    shown,
)
from bot.core.actions import Button
from bot.core.boards import Board
from bot.core.messages import Card, CaseView, DecisionCard, Form, Notice, Response, TaskCard

#: All of what a message says, opened from that message.
HERE = Screen()
#: Said above the first line that is not told with all its words.
SHORT = "In short from here on, for want of room:"
#: How many buttons stand right below what they are about, a note; more stand with those of the card.
_NOTED = 2
#: Said on a card in a channel: what is written there without a mention never arrives.
MENTION = "To answer in words here, begin with @Bookend."


def drawn(
    what: Card | Response,
    *,
    note: Notice | None = None,
    screen: Screen | None = HERE,
    channel: bool = False,
) -> Drawn:
    """Draw a card, a view or a notice, or that page of it which `screen` says; `note` is what just happened.

    Where there is more, a button turns to the next page; not where there is no `screen` that could be asked
    again, nor in a `channel`, where it would turn for everybody. A form opens only by a press.
    """
    if isinstance(what, Form):
        return over("This needs its form: press the button on the card.")
    past = screen is not None and screen.word == HISTORY
    whole = history(what) if past and isinstance(what, CaseView) else content(what)
    drawing = _Drawing(what=what, whole=whole, note=note, screen=None if channel else screen, channel=channel)
    wanted = screen.page if screen else 1
    return drawing.of(page_of(wanted, len(whole.pieces), lambda page: size(drawing.of(page)) <= ROOM))


def content(what: Card | CaseView) -> Content:
    """Return everything that a card, a view or a notice says."""
    match what:
        case TaskCard():
            return of_tasks(what)
        case DecisionCard():
            return of_decision(what)
        case Board():
            return of_board(what)
        case CaseView():
            return of_case(what)
        case Notice():
            return of_notice(what)


def over(why: str) -> Drawn:
    """Draw one line that says why a card is over, without buttons."""
    return message(why, [small(safe(why, TEXT))])


def line(text: str, mention: tuple[str, str] | None = None) -> Drawn:
    """Return one line; it calls the member that it mentions, (member's id, name), and nobody else."""
    said = paragraph(run(safe(text, TEXT)))
    if mention is None:
        return message(text, [said])
    member, name = mention
    call = f"<at>{heading_safe(name, LABEL)}</at>"
    drawn = message(f"{name}: {text}", [block(call), {**said, "spacing": "none"}])
    called = {"type": "mention", "text": call, "mentioned": {"id": member, "name": name}}
    entities = {"msteams": {"width": "Full", "entities": [called]}}
    return Drawn(content={**drawn.content, **entities}, summary=drawn.summary)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Drawing:
    """What is drawn, of which a message shows one page."""

    what: Card | CaseView
    whole: Content
    note: Notice | None
    screen: Screen | None
    channel: bool

    def of(self, page: Page) -> Drawn:
        """Return a page as a message."""
        whole = self.whole
        pieces = whole.pieces[page.start : page.end]
        links = [opening(*each.link) for each in (self.note, whole) if each and each.link]
        turns = [*self._turns(page)]
        about = whole.heading or safe(getattr(self.what, "text", ""), LABEL)
        noted, own = self._offers()
        offer = offered(
            own,
            pieces,
            room=SIX - len(links) - len(turns) - len(noted),
            about=about,
            noun=whole.noun,
            apart=whole.apart,
        )
        body = [*self._above(page, [button(each, self.note.text) for each in noted] if self.note else [])]
        for place, elements in enumerate(shown(pieces, page.whole)):
            if place == page.whole and any(each.short != each.whole for each in pieces[place:]):
                body.append(small(SHORT))
            body += elements
            if place in offer.below:
                body.append(row(offer.below[place]))
        body += [*self._below(page), *offer.before]
        name = ", ".join(filter(None, (whole.heading, whole.label)))
        said = spoken(self.what, TEXT, weight)
        return message(said, body, [*links, *offer.last, *turns], name=name)

    def _offers(self) -> tuple[Sequence[Button], Sequence[Button]]:
        """Return what can be pressed right below the note, and what for the whole card."""
        told, own = self.note.buttons if self.note else (), self.whole.buttons
        return (told, own) if len(told) <= _NOTED else ((), (*told, *own))

    def _above(self, page: Page, pressed: Sequence[Json]) -> Iterator[Json]:
        if self.note:
            yield noted(self.note)
        if pressed:
            yield row(pressed)
        if self.whole.heading:
            yield from head(self.whole.heading, called_by(self.whole.label, self.whole.who))
        if page.start:
            yield small(f"From {page.start + 1} to {page.end} of {page.count}.", spacing="small")
        else:
            yield from self.whole.above

    def _below(self, page: Page) -> Iterator[Json]:
        if page.left:
            yield small(f"… and {page.left} more{self._elsewhere()}.")
        if not page.start:
            yield from self.whole.below
        if self.channel:
            yield small(MENTION)

    def _elsewhere(self) -> str:
        if self.screen is not None:
            return " on the next page"
        return f": write @Bookend {self.whole.command}" if self.whole.command else " that have no room here"

    def _turns(self, page: Page) -> Iterator[Json]:
        """Yield the buttons that show another page, or the history of a case."""
        if self.screen is None:
            return
        if page.number > 1:
            yield _turn("Show the page before", replace(self.screen, page=page.number - 1))
        if page.left:
            yield _turn("Show the next page", replace(self.screen, page=page.number + 1))
        if isinstance(self.what, CaseView) and self.what.history and self.screen.word != HISTORY:
            yield _turn("Show the history", Screen(word=HISTORY, about=self.what.code))


def _turn(title: str, screen: Screen) -> Json:
    return execute(title, turning(screen), "screen")
