"""Sending: one parcel goes to its platform, drawn from state at that moment.

When the reply of an earlier try was lost, the platform is asked before anything is sent again. A card that
somebody deleted is posted anew as long as it asks something.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.core.boards import Board
from bot.core.errors import Never, TryLater, Undeliverable, Unsure
from bot.core.messages import Card, Notice, TaskCard
from bot.core.outgoing import Parcel, Posting, Verb
from bot.core.replies import Address, MessageRef
from bot.ports import Chat, Runner
from bot.service.draw import draw
from bot.service.huddle import tell_worse
from bot.service.practice import Practice

#: Writes down that a parcel is being sent from now on.
Begins = Callable[[], Awaitable[None]]


class Overtaken(Exception):
    """The lease of a parcel ended before it was sent: another program may be sending it."""


class _Begun:
    """A platform to which nothing new goes before the outbox knows: whoever ends sooner has sent nothing, and
    leaves no doubt behind, nor does whoever stood still so long that another program took over.
    """

    def __init__(self, chat: Chat, begins: Begins) -> None:
        self.platform = chat.platform
        self.find, self.update, self.retire = chat.find, chat.update, chat.retire
        self._chat = chat
        self._begins: Begins | None = begins

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        await self._begun()
        return await self._chat.send(card, to, once=once)

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        await self._begun()
        await self._chat.nudge(ref, text, once=once, mention=mention)

    async def _begun(self) -> None:
        # a line whose card is gone becomes that card: all of it is one sending
        begins, self._begins = self._begins, None
        if begins is not None:
            await begins()


async def send(
    practice: Practice,
    chats: Mapping[str, Chat],
    run: Runner,
    parcel: Parcel,
    posting: Posting | None,
    *,
    begins: Begins,
) -> MessageRef | None:
    """Send a parcel and return where its card stands then; raise ChatTrouble. What cannot be done twice
    `begins` first, and raises Overtaken where somebody else has the parcel by now.
    """
    if posting is None or posting.closed:
        return posting.ref if posting else None
    platform = chats.get(posting.to.platform)
    if platform is None:
        raise TryLater(f"{posting.to.platform} is not running", timedelta(minutes=5))
    chat = _Begun(platform, begins)
    if parcel.verb is Verb.NUDGE:
        return await _nudge(practice, chat, run, parcel, posting)
    card: Card | None = await run(draw, practice, posting)
    if card is None:
        return posting.ref
    ref = (
        await _update(chat, parcel, posting, posting.ref, card)
        if posting.ref is not None
        else await _post(chat, parcel, posting, card)
    )
    if isinstance(card, Board):
        await run(tell_worse, practice, posting, card)
    return ref


async def _post(chat: _Begun, parcel: Parcel, posting: Posting, card: Card) -> MessageRef | None:
    found = await _found(chat, parcel, posting)
    if found is not None:
        return await _update(chat, parcel, posting, found, card)
    return None if _over(card) else await chat.send(card, posting.to, once=parcel.id)


async def _found(
    chat: _Begun, parcel: Parcel, posting: Posting, under: MessageRef | None = None
) -> MessageRef | None:
    """Return where a parcel stands whose reply was lost; nothing is asked where none was."""
    if not parcel.unsure:
        return None
    try:
        return await chat.find(posting.to, once=parcel.id, since=parcel.at, under=under)
    except Unsure as nobody_knows:
        # where a platform cannot be asked, one repeat is harmless, and a second is noise
        if parcel.attempts > 1:
            raise Undeliverable(f"sent twice, and {nobody_knows}") from nobody_knows
        return None


async def _update(
    chat: _Begun, parcel: Parcel, posting: Posting, ref: MessageRef, card: Card
) -> MessageRef | None:
    try:
        await _draw_at(chat, ref, card)
    except Undeliverable as trouble:
        return await _anew(chat, parcel, posting, card, ref, trouble)
    return ref


async def _anew(
    chat: _Begun, parcel: Parcel, posting: Posting, card: Card, gone: MessageRef, trouble: Undeliverable
) -> MessageRef | None:
    """Post a card again whose message somebody deleted, as long as it asks or shows something that lives."""
    if trouble.reason is not Never.MESSAGE_GONE:
        raise trouble
    found = await _found(chat, parcel, posting)
    if found is not None and found != gone:
        await _draw_at(chat, found, card)
        return found
    return await chat.send(card, posting.to, once=parcel.id) if _lives(card) else gone


async def _draw_at(chat: _Begun, ref: MessageRef, card: Card) -> None:
    if why := _over(card):
        await chat.retire(ref, why)
    else:
        await chat.update(ref, card)


def _lives(card: Card) -> bool:
    if isinstance(card, Notice):
        return bool(card.buttons)
    return not (card.closed or _over(card))


def _over(card: Card) -> str:
    return card.over if isinstance(card, TaskCard) else ""


async def _nudge(
    practice: Practice, chat: _Begun, run: Runner, parcel: Parcel, posting: Posting
) -> MessageRef | None:
    if posting.ref is None:
        # its card never arrived, as far as anybody knows: it says what the line would have said
        due: Card | None = await run(draw, practice, posting)
        return await _post(chat, parcel, posting, due) if due is not None and _lives(due) else None
    account, text = _mentioned(practice, posting, parcel.text)
    try:
        if await _found(chat, parcel, posting, under=posting.ref) is None:
            await chat.nudge(posting.ref, text, once=parcel.id, mention=account)
    except Undeliverable as trouble:
        card: Card | None = await run(draw, practice, posting)
        if card is None:
            raise
        # its card was deleted: posted anew it says what the line would have said, and is heard as well
        return await _anew(chat, parcel, posting, card, posting.ref, trouble)
    return posting.ref


def _mentioned(practice: Practice, posting: Posting, text: str) -> tuple[str, str]:
    """Return the account that a line's first word mentions, and the line without it."""
    name, _, words = text.partition(" ")
    person = practice.clinics[posting.clinic].people.get(name[1:]) if name.startswith("@") else None
    if person is None:
        return "", text
    account = person.accounts.get(posting.to.platform, "")
    return account, words if account else f"{person.name}: {words}"
