"""Deliver: what waits in the outbox goes to the platforms; never lost, and twice only where nobody can tell.

A parcel is claimed under a lease, drawn from state at that moment, sent, and its message reference kept. When
the reply of a send was lost, the platform is asked before anything is sent again. This is the one async part
of the service.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.core.boards import Board
from bot.core.errors import ChatTrouble, Never, Paced, TryLater, Undeliverable, Unsure
from bot.core.messages import Card, Notice, TaskCard
from bot.core.outgoing import Parcel, Posting, Verb
from bot.core.replies import Address, MessageRef
from bot.ports import Chat, Runner
from bot.service.draw import draw
from bot.service.huddle import tell_worse
from bot.service.practice import BOARD, Practice

LEASE = timedelta(seconds=60)
#: How many parcels are claimed at once.
MOST = 200
#: How often a parcel is tried before it is given up, about a day with the pauses below.
TRIES = 30
#: The shortest time after which a parcel that waits is looked at again.
BREATH = timedelta(seconds=0.2)


async def deliver(practice: Practice, chats: Mapping[str, Chat], run: Runner, *, limit: int = MOST) -> int:
    """Send what waits; return how many parcels that was. Destinations in parallel, each in its order."""
    return len(await _delivered_once(practice, chats, run, limit))


async def _delivered_once(
    practice: Practice, chats: Mapping[str, Chat], run: Runner, limit: int
) -> Sequence[tuple[Parcel, Posting | None]]:
    claimed: Sequence[tuple[Parcel, Posting | None]] = await run(_claim, practice, limit)
    queues: dict[Address | None, list[tuple[Parcel, Posting | None]]] = defaultdict(list)
    for parcel, posting in claimed:
        queues[posting.to if posting else None].append((parcel, posting))
    ends = await asyncio.gather(
        *(_queue(practice, chats, run, queue) for queue in queues.values()), return_exceptions=True
    )
    # a fault of our own with one card is heard of, but only after the others have gone out
    for fault in (end for end in ends if end is not None):
        raise fault
    return claimed


async def delivered(practice: Practice, chats: Mapping[str, Chat], run: Runner) -> int:
    """Deliver until nothing waits any more that could go now."""
    total, more = 0, True
    while more:
        claimed = await _delivered_once(practice, chats, run, MOST)
        total += len(claimed)
        more = len(claimed) == MOST or any(_leads_on(*each) for each in claimed)
    return total


def _leads_on(parcel: Parcel, posting: Posting | None) -> bool:
    # what a board says that got worse is queued as it is drawn
    return parcel.followed or (posting is not None and posting.kind == BOARD)


async def _queue(
    practice: Practice,
    chats: Mapping[str, Chat],
    run: Runner,
    queue: list[tuple[Parcel, Posting | None]],
) -> None:
    for parcel, posting in queue:
        try:
            ref = await _send(practice, chats, run, parcel, posting)
        except ChatTrouble as trouble:
            await run(_troubled, practice, parcel, trouble)
        else:
            moved = posting is None or ref != posting.ref
            await run(_sent, practice, parcel, ref if moved else None)


async def _send(
    practice: Practice, chats: Mapping[str, Chat], run: Runner, parcel: Parcel, posting: Posting | None
) -> MessageRef | None:
    if posting is None or posting.closed:
        return posting.ref if posting else None
    chat = chats.get(posting.to.platform)
    if chat is None:
        raise TryLater(f"{posting.to.platform} is not running", timedelta(minutes=5))
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


async def _post(chat: Chat, parcel: Parcel, posting: Posting, card: Card) -> MessageRef | None:
    found = await _found(chat, parcel, posting)
    if found is not None:
        return await _update(chat, parcel, posting, found, card)
    return None if _over(card) else await chat.send(card, posting.to, once=parcel.id)


async def _found(
    chat: Chat, parcel: Parcel, posting: Posting, under: MessageRef | None = None
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
    chat: Chat, parcel: Parcel, posting: Posting, ref: MessageRef, card: Card
) -> MessageRef | None:
    try:
        if why := _over(card):
            await chat.retire(ref, why)
        else:
            await chat.update(ref, card)
    except Undeliverable as trouble:
        return await _anew(chat, parcel, posting, card, ref, trouble)
    return ref


async def _anew(
    chat: Chat, parcel: Parcel, posting: Posting, card: Card, gone: MessageRef, trouble: Undeliverable
) -> MessageRef | None:
    """Post a card again whose message somebody deleted, as long as it asks or shows something that lives."""
    if trouble.reason is not Never.MESSAGE_GONE:
        raise trouble
    if not _lives(card):
        return gone
    found = await _found(chat, parcel, posting)
    if found in (None, gone):
        return await chat.send(card, posting.to, once=parcel.id)
    await chat.update(found, card)
    return found


def _lives(card: Card) -> bool:
    if isinstance(card, Notice):
        return bool(card.buttons)
    return not (card.closed or _over(card))


def _over(card: Card) -> str:
    return card.over if isinstance(card, TaskCard) else ""


async def _nudge(
    practice: Practice, chat: Chat, run: Runner, parcel: Parcel, posting: Posting
) -> MessageRef | None:
    if posting.ref is None:
        return None
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


def _claim(practice: Practice, limit: int) -> list[tuple[Parcel, Posting | None]]:
    with practice.store.writing() as tx:
        parcels = tx.claim(practice.clock.now(), LEASE, limit)
        postings = tx.postings(parcel.card for parcel in parcels)
        return [(parcel, postings.get(parcel.card)) for parcel in parcels]


def _sent(practice: Practice, parcel: Parcel, ref: MessageRef | None) -> None:
    with practice.store.writing() as tx:
        tx.sent(parcel.id, ref, practice.clock.now())


def _troubled(practice: Practice, parcel: Parcel, trouble: ChatTrouble) -> None:
    now = practice.clock.now()
    pause = timedelta(seconds=min(3600, 2 ** min(parcel.attempts, 12)))
    with practice.store.writing() as tx:
        match trouble:
            case Undeliverable():
                tx.gave_up(parcel.id, str(trouble), now)
            case _ if parcel.attempts >= TRIES and not isinstance(trouble, Paced):
                tx.gave_up(parcel.id, f"gave up after {parcel.attempts} tries: {trouble}", now)
            case TryLater():
                # what was not asked was not tried; once in doubt, only tries that may have arrived count
                tried = not (parcel.unsure or isinstance(trouble, Paced))
                tx.put_back(
                    parcel.id,
                    now + max(trouble.after, BREATH),
                    str(trouble),
                    unsure=parcel.unsure,
                    attempts=parcel.attempts + tried,
                )
            case Unsure():
                doubts = parcel.attempts + 1 if parcel.unsure else 1
                tx.put_back(parcel.id, now + pause, str(trouble), unsure=True, attempts=doubts)
            case _:
                tx.put_back(parcel.id, now + pause, str(trouble), unsure=parcel.unsure)
