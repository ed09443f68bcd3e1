"""What a card must not lose when it is drawn anew: a form that somebody fills in, and what they were told.

Teams shows a form in the place of its card, to whoever opened it. An edit of that card would take away what
is typed there, so it waits until the form is saved or left, ten minutes at most. What a deed led to stands on
top of the card, with the button that takes it back, as long as it can be taken back. An answer is no card of
the outbox: what stands there, and what asks for it again, is remembered here too.

Where one program alone draws the cards, all of it is that program's memory: after a restart a card is drawn
as it is. Several have it in common; an answer as it was drawn is remembered by whoever drew it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot.chat.newest import Newest
from bot.chat.pace import loop_time
from bot.chat.teams import log
from bot.chat.teams.drawing.kit import Drawn
from bot.core.errors import BookendError
from bot.core.messages import Notice
from bot.core.replies import MessageRef
from bot.ports import Runner, Shown

#: How long a form keeps its place, and a word on a deed, in seconds: as long as an answer can be taken back.
FILLING = TOLD = 600.0
#: How many of each are remembered: more than a large clinic has at once.
MOST = 2000
#: How many answers are remembered: whole ones, to put one back where a form was left.
ANSWERS = 200


class Remembered:
    """The port Shown in this program's memory alone."""

    def __init__(self, time: Callable[[], float] = loop_time) -> None:
        self._time = time
        self._forms = Newest[MessageRef, float](MOST)
        self._told = Newest[MessageRef, tuple[float, Notice]](MOST)
        self._asked = Newest[MessageRef, tuple[str, ...]](ANSWERS)

    def fills(self, at: MessageRef, lasts: timedelta) -> None:
        """Know for a while that somebody has a form before them there."""
        self._forms.keep(at, self._time() + lasts.total_seconds())

    def ended(self, at: MessageRef) -> None:
        """Know that a form was saved or left."""
        self._forms.forget(at)

    def has_form(self, at: MessageRef) -> bool:
        """Say whether somebody has a form before them there."""
        return self._time() < (self._forms.get(at) or 0.0)

    def tell(self, at: MessageRef, said: Notice, lasts: timedelta) -> None:
        """Know for a while what somebody was told on top of a card."""
        self._told.keep(at, (self._time() + lasts.total_seconds(), said))

    def told(self, at: MessageRef) -> Notice | None:
        """Return what still stands on top of a card."""
        found = self._told.get(at)
        return found[1] if found and self._time() < found[0] else None

    def answers(self, at: MessageRef, asked: tuple[str, ...]) -> None:
        """Know which looking command a message answers."""
        self._asked.keep(at, asked)

    def asked(self, at: MessageRef) -> tuple[str, ...]:
        """Return the looking command that a message answers, as far as that is remembered."""
        return self._asked.get(at) or ()


async def _at_once(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


class Holding:
    """Knows which messages have a form open for somebody, and what somebody was told on them.

    What others have in common is a courtesy: where it cannot be kept or looked up, what was done stays done.
    """

    def __init__(self, shown: Shown | None = None, run: Runner = _at_once) -> None:
        self._shown = shown or Remembered()
        # memory needs no thread
        self._run = run if shown else _at_once
        self._answers = Newest[MessageRef, Drawn](ANSWERS)

    async def fills(self, at: MessageRef) -> None:
        """Know that somebody has a form before them where a message stands."""
        await self._kept(self._shown.fills, at, timedelta(seconds=FILLING))

    async def ended(self, at: MessageRef) -> None:
        """Know that a form was saved or left."""
        await self._kept(self._shown.ended, at)

    async def has_form(self, at: MessageRef) -> bool:
        """Say whether somebody has a form before them there, so that it should not be drawn anew."""
        return bool(await self._kept(self._shown.has_form, at))

    async def tell(self, at: MessageRef, said: Notice) -> None:
        """Know what somebody was told on top of a card."""
        await self._kept(self._shown.tell, at, said, timedelta(seconds=TOLD))

    async def told(self, at: MessageRef) -> Notice | None:
        """Return what still stands on top of a card."""
        found: Notice | None = await self._kept(self._shown.told, at)
        return found

    async def answered(self, at: MessageRef, what: Drawn, asked: tuple[str, ...]) -> None:
        """Know the answer that stands at a message, and the looking command that asks for it, if one does."""
        self._answers.keep(at, what)
        await self._kept(self._shown.answers, at, asked)

    def answer(self, at: MessageRef) -> Drawn | None:
        """Return the answer that stands at a message, as this program drew it last."""
        return self._answers.get(at)

    async def asked(self, at: MessageRef) -> tuple[str, ...]:
        """Return the looking command that a message answers, as far as that is known."""
        return await self._kept(self._shown.asked, at) or ()

    def asked_here(self, at: MessageRef) -> tuple[str, ...]:
        """Return the same, where it is looked up off the event loop."""
        with suppress(BookendError):
            return self._shown.asked(at)
        return ()

    async def _kept(self, function: Callable[..., Any], *args: Any) -> Any:
        try:
            return await self._run(function, *args)
        except BookendError as trouble:
            log.warning("What somebody has before them is not known: %s", trouble)
            return None
