"""Microsoft Teams, as we speak to it: cards in personal chats, the board in a channel.

Nothing is ever repeated here: the outbox decides that, and it must know how each single try ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat.pace import Urgency, hurry
from bot.chat.teams import PLATFORM
from bot.chat.teams.drawing.render import drawn, line, over
from bot.chat.teams.people.members import Members
from bot.chat.teams.people.places import KnownPlaces
from bot.chat.teams.showing.holding import Holding
from bot.chat.teams.showing.messages import Messages
from bot.core.boards import Board
from bot.core.errors import Never, Paced, Undeliverable, Unsure
from bot.core.messages import Card, DecisionCard
from bot.core.places import Place
from bot.core.replies import Address, MessageRef

#: What stands where a card was, once another company reads it.
TAKEN_BACK = "Bookend takes back what it wrote here: this channel is shared with another company."
#: How soon a card is looked at again on which somebody fills a form in: they may save it any moment.
SOON = timedelta(seconds=3)


class TeamsChat:
    """Keeps the Chat contract for one tenant."""

    platform = PLATFORM

    def __init__(self, messages: Messages, members: Members, places: KnownPlaces, holding: Holding) -> None:
        self._messages = messages
        self._members = members
        self._places = places
        self._holding = holding

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Post a card, in a channel as a post of its own."""
        with hurry(_urgency(card)):
            place = await self._place(to)
            return await self._messages.post(place, drawn(card, channel=place.is_channel))

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Raise Unsure: a bot that must not read along cannot ask what stands in a conversation."""
        raise Unsure("Teams does not let us ask whether it arrived.")

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Draw a card anew where it stands, but not over a form that somebody fills in; a decision may."""
        if not isinstance(card, DecisionCard) and await self._holding.has_form(ref):
            raise Paced("Somebody fills in a form there.", SOON)
        with hurry(_urgency(card)):
            place = await self._ours(ref)
            note = await self._holding.told(ref)
            await self._messages.edit(ref, drawn(card, note=note, channel=place.is_channel))

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Add one line: to the thread of a card in a channel, else below it, where no chat has threads."""
        with hurry(Urgency.CARD):
            place = await self._ours(ref)
            said = line(text, await self._called(mention) if mention else None)
            thread = ref.message if place.is_channel else ""
            await self._messages.post(place, said, thread=thread)

    async def retire(self, ref: MessageRef, why: str) -> None:
        """Rewrite a card to one line that says why it is over; to one that says nothing of it where another
        company reads it now.
        """
        with hurry(Urgency.CARD):
            place = await self._messages.place(ref)
            shared = place.is_channel and await self._members.shared(place.name)
            await self._messages.edit(ref, over(TAKEN_BACK if shared else why))

    async def _place(self, to: Address) -> Place:
        if to.platform != PLATFORM or bool(to.account) == bool(to.channel):
            raise Undeliverable(f"{to} is no person and no channel of Teams.")
        place = await self._members.place(to)
        if to.account and (why := await self._members.why_not(to.account)):
            raise Undeliverable(
                f"Teams' {to.account} {why}: cards go to full members of the organisation only.",
                Never.PERSON_LOST,
            )
        return place

    async def _ours(self, ref: MessageRef) -> Place:
        place = await self._messages.place(ref)
        if place.is_channel and await self._members.shared(place.name):
            raise Undeliverable(
                f"Channel {place.name} is shared with another company: no case is shown there.",
                Never.CHANNEL_SHARED,
            )
        return place

    async def _called(self, account: str) -> tuple[str, str]:
        """Return by which id and name somebody is mentioned."""
        known = self._places.person(account)
        return (known and known.member) or account, await self._members.called(account)


def _urgency(card: Card) -> Urgency:
    return Urgency.BOARD if isinstance(card, Board) else Urgency.CARD
