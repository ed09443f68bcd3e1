"""What Teams shows somebody who pressed or wrote something, and where.

In the personal chat an answer takes the place of the card that was pressed, or is a message of its own. In a
channel everybody reads along, and nobody can be answered alone but by one line below the card: what tells of
a case goes to the personal chat. The outbox draws the cards for everybody; a message that is no card of the
outbox is drawn here, so that it says the same when it is looked at again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.chat.errands import Errands
from bot.chat.pace import Urgency
from bot.chat.teams import log
from bot.chat.teams.drawing.asked import Opening
from bot.chat.teams.drawing.carried import Screen
from bot.chat.teams.drawing.form import form
from bot.chat.teams.drawing.kit import Drawn
from bot.chat.teams.drawing.render import HERE, drawn, line, over
from bot.chat.teams.hearing.asker import Asker
from bot.chat.teams.people.members import Members
from bot.chat.teams.reaching import answers
from bot.chat.teams.reaching.answers import Answer
from bot.chat.teams.showing.holding import Holding
from bot.chat.teams.showing.messages import Messages
from bot.chat.teams.showing.speaking import Said
from bot.core.errors import TryLater, Undeliverable
from bot.core.messages import Card, CaseView, Form, Notice, Response, TaskCard
from bot.core.replies import LOOKING, MessageRef

Shown = TypeVar("Shown")

#: What is said in a channel where the answer itself must not stand, and where it can stand nowhere yet.
ELSEWHERE = "The answer is in our chat."
NOWHERE = "Open a chat with Bookend and write hello: I answer there, where nobody else reads it."
#: What is said below a card when what was asked for is a message of its own.
BELOW = "It is below."
#: What stands where an answer was whose form was left.
CLOSED = "Closed; nothing was changed. Write `mine` to see what waits for you."
#: What rings: an answer may repeat what was typed, and a message is shown on a locked telephone.
RINGS = "I answered you: the message says what."
_TOO_LATE = "That took too long. Please look at the card, and press again if it does not say so."


class Answering:
    """Shows answers to whoever asked, and to nobody else."""

    def __init__(self, messages: Messages, members: Members, holding: Holding, errands: Errands) -> None:
        self._messages = messages
        self._members = members
        self._holding = holding
        self._errands = errands

    async def pressed(self, asker: Asker, said: Said) -> Answer:
        """Answer a press, or a form that came back."""
        answer = await self._answered(asker, said)
        return answer.to_nothing() if said.refused else answer

    async def _answered(self, asker: Asker, said: Said) -> Answer:
        at = asker.own
        if at is None:
            return await self._aside(asker, said)
        if isinstance(said.response, Form):
            return await self.form(asker, self._form(asker, said, at=at))
        await self._holding.ended(at)
        if not isinstance(said.response, Notice):
            return await self._view(asker, at, said)
        return await self._told(at, said.response, said)

    async def form(self, asker: Asker, what: Drawn) -> Answer:
        """Put a form in the place of a card, which is not drawn anew while somebody fills it in."""
        if asker.own is not None:
            await self._holding.fills(asker.own)
        return answers.card(what.content)

    async def left(self, asker: Asker, stands: Card | Response | None) -> Answer:
        """Put back what stood where a form is left."""
        at = asker.own
        if at is None:
            return answers.said(CLOSED)
        await self._holding.ended(at)
        if stands is not None:
            screen = screen_of(stands, await self._holding.asked(at)) or HERE
            return answers.card(with_note(stands, await self._holding.told(at), screen).content)
        return answers.card((self._holding.answer(at) or over(CLOSED)).content)

    def turned(self, stands: Card | Response, screen: Screen) -> Answer:
        """Show a page of something, to whoever turned it."""
        return answers.card(drawn(stands, screen=screen).content).to_nothing()

    async def submitted(self, asker: Asker, said: Said) -> Answer:
        """Answer a form that came back from a window, and draw the card under it."""
        if isinstance(said.response, Form):
            what = self._form(asker, said, at=asker.at, dialog=True)
            return answers.dialog(said.response.heading, what.content)
        shown = await self.pressed(asker, said)
        self._errands.later(self.late(asker, shown))
        return answers.dialog_said(_words(said.response))

    async def written(self, asker: Asker, said: Said, *, thread: str) -> None:
        """Answer a typed line; in a channel only where the answer is, in the `thread` of that line."""
        if asker.personal:
            await self._write_to(asker, said)
            return
        try:
            await self._write_to(asker, said)
            where = ELSEWHERE
        except Undeliverable as refused:
            log.info("An answer found no personal chat: %s", refused)
            where = NOWHERE
        there = self._messages.place_of(asker.conversation)
        await _patiently(lambda: self._messages.post(there, line(where), thread=thread))

    async def late(self, asker: Asker, answer: Answer) -> None:
        """Show an answer that nobody waits for any more, in the chat of whoever pressed: where they did, or
        below. In a channel it is for them alone.
        """
        told = answer.body.get("value") or (answer.body.get("task") or {}).get("value")
        if answer.body.get("type") != answers.CARD or not isinstance(told, Mapping):
            words = told.get("message") if isinstance(told, Mapping) else told
            await self._post_to(asker, quiet(over(str(words or _TOO_LATE))))
        else:
            await self._put(asker, Drawn(content=told, summary=str(told.get("fallbackText", ""))))

    async def _put(self, asker: Asker, what: Drawn) -> None:
        at = asker.own
        if at is None:
            await self._post_to(asker, quiet(what))
            return
        try:
            shown = quiet(what) if self._holding.answer(at) else what
            await _patiently(lambda: self._messages.edit(at, shown))
        except Undeliverable as refused:
            log.info("A card was not drawn anew: %s", refused)

    async def _view(self, asker: Asker, at: MessageRef, said: Said) -> Answer:
        """Show a view: below a card of ours, in the place of an answer."""
        if said.posted:
            self._errands.later(self._write_to(asker, said))
            return answers.said(BELOW)
        screen = screen_of(said.response)
        return await self._in_place(at, drawn(said.response, screen=screen), screen)

    async def _told(self, at: MessageRef, notice: Notice, said: Said) -> Answer:
        """Say something on top of what stands there, or where nothing does, in its place."""
        if said.stands is None:
            if said.refused:
                return answers.said(notice.text)
            return await self._in_place(at, drawn(notice), None)
        # a link that shows a name is not left standing
        if not said.refused and notice.link is None:
            await self._holding.tell(at, notice)
        screen = HERE if said.posted else screen_of(said.stands, await self._holding.asked(at))
        what = with_note(said.stands, notice, screen)
        if said.posted or said.refused:
            return answers.card(what.content)
        return await self._in_place(at, what, screen)

    async def _aside(self, asker: Asker, said: Said) -> Answer:
        """Answer a press in a channel: only whoever pressed sees it, and only while they look."""
        response = said.response
        if isinstance(response, Notice) and not (response.buttons or response.lines or response.link):
            return answers.said(response.text)
        try:
            await self._members.place(asker.address)
        except Undeliverable:
            return answers.said(NOWHERE)
        except TryLater as pause:
            # the answer itself waits for as long
            log.info("Where somebody is reached is not known yet: %s", pause)
        self._errands.later(self._write_to(asker, said))
        return answers.said(ELSEWHERE)

    async def _in_place(self, at: MessageRef, what: Drawn, screen: Screen | None) -> Answer:
        await self._holding.answered(at, what, _command(screen))
        self._errands.later(self._messages.edit(at, quiet(what)))
        return answers.card(what.content)

    async def _write_to(self, asker: Asker, said: Said) -> None:
        """Write an answer into somebody's personal chat."""
        response = said.response
        if isinstance(response, Form):
            await self._holding.fills(await self._post_to(asker, self._form(asker, said)))
            return
        screen = screen_of(response, said.asked)
        what = quiet(drawn(response, screen=screen))
        await self._holding.answered(await self._post_to(asker, what), what, _command(screen))

    def _form(self, asker: Asker, said: Said, *, at: MessageRef | None = None, dialog: bool = False) -> Drawn:
        assert isinstance(said.response, Form), "only a form is drawn as one"
        return form(said.response, opening=Opening(at=at, again=said.again, once=asker.once), dialog=dialog)

    async def _post_to(self, asker: Asker, what: Drawn) -> MessageRef:
        async def post() -> MessageRef:
            return await self._messages.post(await self._members.place(asker.address), what)

        return await _patiently(post)


def quiet(what: Drawn) -> Drawn:
    """Return an answer of which a locked telephone and the list of chats show nothing."""
    return replace(what, summary=RINGS)


def with_note(what: Card | Response, note: Notice | None, screen: Screen | None) -> Drawn:
    """Draw something with a word on top of what somebody just did; what is over says only why."""
    if isinstance(what, TaskCard) and what.over:
        return over(what.over)
    return drawn(what, note=note, screen=screen)


def screen_of(said: Card | Response, asked: Sequence[str] = ()) -> Screen | None:
    """Return what shows all of an answer, `None` where nothing can be asked again to show it; `asked` is the
    command that was answered, if it was one.
    """
    word, *rest = [each.lower() for each in asked] or [""]
    if isinstance(said, CaseView):
        return Screen(word="case", about=said.code)
    return Screen(word=word) if word in LOOKING and not rest else None


def _command(screen: Screen | None) -> tuple[str, ...]:
    return tuple(filter(None, (screen.word, screen.about))) if screen else ()


def _words(said: Response) -> str:
    return said.text if isinstance(said, Notice) else said.heading


async def _patiently(say: Callable[[], Awaitable[Shown]]) -> Shown:
    """Say something as soon as Teams takes it: what it did not take was not sent, nobody else will say it."""
    clock = asyncio.get_running_loop().time
    until = clock() + Urgency.PERSON.longest
    while True:
        try:
            return await say()
        except TryLater as pause:
            wait = pause.after.total_seconds()
            if clock() + wait > until:
                raise
            await asyncio.sleep(wait)
