"""What the desk says to somebody, a full member, with what stands where they pressed; off the loop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.chat import buttons
from bot.chat.reception import Reception
from bot.chat.teams import PLATFORM
from bot.chat.teams.hearing.asker import Asker
from bot.chat.teams.showing.holding import Holding
from bot.core.actions import Button
from bot.core.errors import BookendError, Refused
from bot.core.messages import Card, Form, Notice, Response
from bot.core.replies import Command, Pressed
from bot.ports import Desk

_GONE = "This form cannot be opened any more. Please press the button on its card again."


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the desk said to somebody who pressed or wrote something.

    `stands` is what stands where they pressed, as it is now; the outbox draws it for everybody if it is
    `posted`, a card of ours and no answer. `asked` is the command that was answered, if it was one; `again`
    what opens the form, if it is one. A `refused` one has changed nothing.
    """

    response: Response
    stands: Card | Response | None = None
    posted: bool = False
    asked: tuple[str, ...] = ()
    again: str = ""
    refused: bool = False


class Speaking:
    """Asks the desk for somebody."""

    def __init__(self, reception: Reception, holding: Holding) -> None:
        self._reception = reception
        self._holding = holding

    async def said(self, asker: Asker, ask: Callable[[Desk], Response]) -> Said:
        """Return what the desk says, be it a refusal."""
        try:
            return await self.heard(asker, ask)
        except BookendError as error:
            return await self.refused(asker, error)

    async def heard(self, asker: Asker, ask: Callable[[Desk], Response]) -> Said:
        """Return what the desk says; raise BookendError with words for that person alone."""

        def both(desk: Desk) -> Said:
            said = ask(desk)
            if isinstance(said, Form):
                return Said(response=said)
            stands, posted = self._now(desk, asker)
            return Said(response=said, stands=stands, posted=posted)

        return await self._reception.heard(asker.account, both)

    async def refused(self, asker: Asker, error: BookendError) -> Said:
        """Return a refusal, and what stands where it was met: it may be why."""
        stands, posted = await self._looked(asker)
        notice = Notice(text=str(error), tone="bad")
        return Said(response=notice, stands=stands, posted=posted, refused=True)

    async def stands(self, asker: Asker) -> Card | Response | None:
        """Return what stands where somebody pressed, as it is now, if they may see it."""
        return (await self._looked(asker))[0]

    async def _looked(self, asker: Asker) -> tuple[Card | Response | None, bool]:
        with suppress(BookendError):
            return await self._reception.shown(asker.account, lambda desk: self._now(desk, asker))
        return None, False

    async def shown(self, asker: Asker, look: Callable[[Desk], Response | Card]) -> Response | Card:
        """Return what somebody sees who only looks; raise BookendError."""
        return await self._reception.shown(asker.account, look)

    async def opened(self, asker: Asker, again: str) -> Form:
        """Open a form by what opened it before, a button or a command; nothing is changed by that."""

        def open_it(desk: Desk) -> Response:
            if again.startswith("{") and buttons.opens(again):
                return desk.reply(press(asker, buttons.pressed(again)))
            if again:
                return desk.command(command(asker, buttons.commanded(again)))
            raise Refused(_GONE)

        found = await self._reception.shown(asker.account, open_it)
        if not isinstance(found, Form):
            raise Refused(_GONE)
        return found

    def _now(self, desk: Desk, asker: Asker) -> tuple[Card | Response | None, bool]:
        """Return what stands where somebody pressed in their chat, and whether it is a card of the outbox."""
        at = asker.own
        if at is None:
            return None, False
        with suppress(Refused):
            return desk.card(asker.address, at), True
        asked = self._holding.asked_here(at)
        with suppress(Refused):
            return (desk.command(command(asker, asked)), False) if asked else (None, False)
        return None, False


def press(asker: Asker, button: Button) -> Pressed:
    """Return a button as somebody pressed it."""
    return Pressed(
        platform=PLATFORM,
        account=asker.account,
        once=asker.once,
        action=button.action,
        tasks=button.tasks,
        revision=button.revision,
        value=button.value,
    )


def command(asker: Asker, words: tuple[str, ...]) -> Command:
    """Return a command as somebody gave it."""
    return Command(platform=PLATFORM, account=asker.account, once=asker.once, words=words)
