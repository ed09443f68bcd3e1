"""Deliver: what waits in the outbox goes to the platforms; never lost, and twice only where nobody can tell.

Parcels are claimed under a lease and go out in one lane for each destination, in their order: a destination
that is slow holds up no other, nor the next claim. This and `sending` are the one async part of the service.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from bot.core.errors import ChatTrouble, Conflict, Paced, TryLater, Undeliverable, Unsure
from bot.core.happened import Happened, Kind
from bot.core.outgoing import Parcel, Posting, Verb
from bot.core.replies import Address, MessageRef
from bot.ports import Chat, Runner
from bot.service.practice import BOARD, Practice
from bot.service.sending import Overtaken, send

LEASE = timedelta(seconds=60)
#: A parcel that waited longer than this in its lane goes back: its lease must outlast the try.
FRESH = LEASE / 2
#: How long a destination stays this program's after all was sent: until a burst is allowed anew.
REST = timedelta(seconds=5)
#: How many parcels are claimed at once.
MOST = 200
#: How often, and for how long, a parcel is tried before it is given up: an outage ends when it ends, and has
#: many tries in it.
TRIES, OUTAGE = 30, timedelta(days=1)
#: The shortest time after which a parcel that waits is looked at again.
BREATH = timedelta(seconds=0.2)

Claimed = tuple[Parcel, Posting | None]
_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")


async def delivered(practice: Practice, chats: Mapping[str, Chat], run: Runner) -> int:
    """Deliver until nothing waits any more that could go now."""
    return await Delivery(practice, chats, run).all()


class Delivery:
    """The lanes of one program. Whoever delivers waits for a slow one no longer than `patience`, in seconds;
    it goes on by itself until `finish`. `refused` hears of what a platform will never take, and why. One of
    several that deliver is a `holder`: where it sends, no other does.
    """

    def __init__(
        self,
        practice: Practice,
        chats: Mapping[str, Chat],
        run: Runner,
        *,
        patience: float | None = None,
        refused: Callable[[Posting, Undeliverable], None] = lambda posting, trouble: None,
        holder: str = "",
    ) -> None:
        self._practice = practice
        self._chats = chats
        self._run = run
        self._patience = patience
        self._refused = refused
        self._holder = holder
        self._lanes: dict[Address | None, tuple[deque[tuple[datetime, Claimed]], asyncio.Task[None]]] = {}
        self._boards = asyncio.Lock()
        self._faults: list[BaseException] = []
        self._ending = False

    async def all(self) -> int:
        """Deliver until nothing waits any more that could go now; return how many parcels were taken on."""
        total, more = 0, True
        while more:
            claimed = await self.once()
            total += len(claimed)
            more = len(claimed) == MOST or any(_leads_on(*each) for each in claimed)
        return total

    async def once(self) -> Sequence[Claimed]:
        """Claim what may go now and send it; return what that was."""
        at = self._practice.clock.now()
        claimed: Sequence[Claimed] = await self._run(_claim, self._practice, at, self._holder)
        lanes = {self._lane(at, each) for each in claimed}
        if lanes:
            await asyncio.wait(lanes, timeout=self._patience)
        # a fault of our own with one card is heard of, but only after the others have gone out
        for fault in self._faults[:1]:
            self._faults.clear()
            raise fault
        return claimed

    async def finish(self) -> None:
        """Return when what is being sent has been sent; what waits in a lane goes back into the outbox."""
        self._ending = True
        if lanes := [task for _, task in self._lanes.values()]:
            await asyncio.wait(lanes)

    def _lane(self, at: datetime, each: Claimed) -> asyncio.Task[None]:
        _, posting = each
        to = posting.to if posting else None
        if to not in self._lanes:
            waiting: deque[tuple[datetime, Claimed]] = deque()
            task = asyncio.create_task(self._drive(to, waiting))
            task.add_done_callback(self._ended)
            self._lanes[to] = waiting, task
        waiting, task = self._lanes[to]
        waiting.append((at, each))
        return task

    async def _drive(self, to: Address | None, waiting: deque[tuple[datetime, Claimed]]) -> None:
        at: datetime | None = None
        try:
            while waiting:
                at, (parcel, posting) = waiting.popleft()
                late = self._practice.clock.now() - at
                if late < FRESH and not self._ending:
                    await self._carry(parcel, posting, at + LEASE)
                elif late < LEASE:
                    await self._run(_untried, self._practice, parcel)
        finally:
            del self._lanes[to]
            if self._holder and to is not None and at is not None:
                rests = timedelta() if self._ending else REST
                await self._run(_left, self._practice, to, self._holder, at + LEASE, rests)

    async def _carry(self, parcel: Parcel, posting: Posting | None, until: datetime) -> None:
        practice, run = self._practice, self._run
        if posting is not None and posting.kind == BOARD:
            run = self._by_turns

        async def begins() -> None:
            if not await run(_begun, practice, parcel, until):
                raise Overtaken(parcel.id)

        try:
            ref = await send(practice, self._chats, run, parcel, posting, begins=begins)
        except Overtaken:
            return
        except ChatTrouble as trouble:
            given_up = await run(_troubled, practice, parcel, trouble)
            self._note(parcel, posting, Kind.GIVEN_UP if given_up else Kind.RETRIED, _word(trouble))
            if posting is not None and isinstance(trouble, Undeliverable):
                self._refused(posting, trouble)
        else:
            moved = posting is None or ref != posting.ref
            await run(_sent, practice, parcel, ref if moved else None, until)
            self._note(parcel, posting, Kind.SENT, parcel.verb.value)

    async def _by_turns(self, function: Callable[..., Any], *args: Any) -> Any:
        # a board looks at a hundred cases: several at once are done no sooner, and take as much memory each
        async with self._boards:
            return await self._run(function, *args)

    def _note(self, parcel: Parcel, posting: Posting | None, kind: Kind, why: str) -> None:
        if posting is None or posting.closed:
            return
        waited = self._practice.clock.now() - parcel.at if kind is Kind.SENT else None
        self._practice.meter.note(
            Happened(
                kind=kind,
                platform=posting.to.platform,
                clinic=posting.clinic,
                why=why,
                about=parcel.card,
                waited=waited,
            )
        )

    def _ended(self, lane: asyncio.Task[None]) -> None:
        if not lane.cancelled() and (fault := lane.exception()) is not None:
            self._faults.append(fault)


def _leads_on(parcel: Parcel, posting: Posting | None) -> bool:
    # what a board says that got worse is queued as it is drawn
    return parcel.followed or (posting is not None and posting.kind == BOARD)


def _claim(practice: Practice, now: datetime, holder: str) -> list[Claimed]:
    with practice.store.writing() as tx:
        parcels = tx.claim(now, LEASE, MOST, holder=holder)
        postings = tx.postings(parcel.card for parcel in parcels)
        return [(parcel, postings.get(parcel.card)) for parcel in parcels]


def _left(practice: Practice, to: Address, holder: str, held: datetime, rests: timedelta) -> None:
    with practice.store.writing() as tx:
        tx.leave(to, holder, held, practice.clock.now() + rests)


def _though_undone(write: Callable[_Given, _Told]) -> Callable[_Given, _Told]:
    """Write once more, in the same thread and so alone, what was undone with what others wrote in the same
    moment: what a platform took must not be in doubt because of them.
    """

    @wraps(write)
    def kept(*given: _Given.args, **named: _Given.kwargs) -> _Told:
        try:
            return write(*given, **named)
        except Conflict:
            return write(*given, **named)

    return kept


@_though_undone
def _begun(practice: Practice, parcel: Parcel, until: datetime) -> bool:
    with practice.store.writing(together=True) as tx:
        return tx.begin(parcel.id, until)


@_though_undone
def _sent(practice: Practice, parcel: Parcel, ref: MessageRef | None, until: datetime) -> None:
    now = practice.clock.now()
    with practice.store.writing(together=True) as tx:
        tx.sent(parcel.id, ref, now)
        if now >= until:
            # another program may have drawn it newer meanwhile, before this older drawing arrived
            tx.queue(parcel.card, Verb.DRAW, key=f"late:{parcel.id}", at=now)


def _untried(practice: Practice, parcel: Parcel) -> None:
    """Put a parcel back that nobody tried to send; it can be claimed again at once."""
    with practice.store.writing() as tx:
        now, tries = practice.clock.now(), parcel.attempts
        tx.put_back(parcel.id, now, "its lane was slow", unsure=parcel.unsure, attempts=tries)


def _troubled(practice: Practice, parcel: Parcel, trouble: ChatTrouble) -> bool:
    """Keep what a platform did not take; say whether it was given up."""
    now = practice.clock.now()
    # what waited through an outage has hardly been tried: its first doubt is no reason for a long pause
    doubts = parcel.attempts + 1 if parcel.unsure else 1
    with practice.store.writing() as tx:
        match trouble:
            case Undeliverable():
                tx.gave_up(parcel.id, str(trouble), now)
                return True
            case _ if _is_in_vain(parcel, trouble, now):
                tx.gave_up(parcel.id, f"gave up after {parcel.attempts} tries: {trouble}", now)
                return True
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
                tx.put_back(parcel.id, now + _pause(doubts), str(trouble), unsure=True, attempts=doubts)
            case _:
                tx.put_back(parcel.id, now + _pause(parcel.attempts), str(trouble), unsure=parcel.unsure)
    return False


def _pause(tries: int) -> timedelta:
    return timedelta(seconds=min(3600, 2 ** min(tries, 12)))


def _word(trouble: ChatTrouble) -> str:
    match trouble:
        case Undeliverable():
            return trouble.reason.value
        case Paced():
            return "paced"
        case Unsure():
            return "unsure"
        case _:
            return "later"


def _is_in_vain(parcel: Parcel, trouble: ChatTrouble, now: datetime) -> bool:
    return parcel.attempts >= TRIES and now - parcel.at > OUTAGE and not isinstance(trouble, Paced)
