"""Lost channels: where nothing can be said any more, or where strangers read, nothing of a case is said.

What waits there goes to the next place that somebody reads, and a manager is told what to do. What stands in
a channel that another company reads now is taken back. Once it works again, the day's board is posted anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.core import huddle
from bot.core.asking import asked_role
from bot.core.kinds import CardKind
from bot.core.messages import Notice, TaskCard
from bot.core.outgoing import Arrangement, Posting, Verb
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.core.staffing import Look, Lost, Trouble
from bot.ports import Reading, Transaction
from bot.service import news
from bot.service.covering import COVERAGE
from bot.service.leaving import asked_where, send_on
from bot.service.news import LOST, Told
from bot.service.practice import BOARD, Practice, post_boards
from bot.service.slipping import SLIPPING

#: The kind of what stood in a channel, and was posted elsewhere or taken back.
WITHDRAWN = "withdrawn"
#: Lists that go on all day, though nobody answers on them.
STILL_READ = (SLIPPING, COVERAGE)


def settle_channels(
    practice: Practice, tx: Transaction, clinic: Clinic, written: Clinic, look: Look, now: datetime
) -> None:
    """Leave the channels of the `written` clinic that are lost, come back to those that work again."""
    names = set(written.channels.get(look.platform, {}).values())
    lost = {name: look.lost[name] for name in sorted(names) if name in look.lost}
    kept = {
        each.detail["channel"]: each
        for each in tx.arrangements(clinic.id, LOST)
        if each.detail["platform"] == look.platform
    }
    for name, trouble in lost.items():
        there = Address(platform=look.platform, channel=name)
        _ask_elsewhere(practice, tx, clinic, there, now, shared=trouble.why is Lost.SHARED)
        if name not in kept or kept[name].detail["why"] != trouble.why:
            _begin(practice, tx, clinic, there, trouble, now)
    for name, made in kept.items():
        if name in look.usable or name not in names:
            _end(practice, tx, clinic, made, now)


def _begin(
    practice: Practice, tx: Transaction, clinic: Clinic, there: Address, trouble: Trouble, now: datetime
) -> None:
    detail = {
        "platform": there.platform,
        "channel": there.channel,
        "why": trouble.why.value,
        "said": trouble.said,
    }
    key = f"{clinic.id}:{there.platform}:{there.channel}"
    news.begin(practice, tx, clinic, key, Told(kind=LOST, detail=detail), now)
    for posting in tx.postings_in(clinic.id, there):
        if posting.kind != WITHDRAWN:
            _leave(practice, tx, clinic, posting, now, shared=trouble.why is Lost.SHARED)


def _leave(
    practice: Practice, tx: Transaction, clinic: Clinic, posting: Posting, now: datetime, *, shared: bool
) -> None:
    """Take a card back where strangers read it, and tell elsewhere what is still of use today."""
    day = clinic.calendar.day(now)
    if shared:
        _withdraw(tx, posting, day, now, at_once=True)
    if posting.day == day and posting.kind == BOARD:
        # posted anew once there is a place for it; what stands there now is told then that it is old
        _withdraw(tx, posting, day, now, at_once=shared)
        tx.move(posting.key, posting.to)
    elif posting.day == day and (posting.ref is None or posting.kind in STILL_READ):
        send_on(tx, posting, practice.reached(clinic, posting.person), now)
    elif shared:
        tx.post(replace(posting, closed=True))


def _withdraw(tx: Transaction, posting: Posting, day: date, now: datetime, *, at_once: bool) -> None:
    if posting.ref is None:
        return
    card = f"{WITHDRAWN}:{posting.key}:{posting.ref.message}"
    tx.post(replace(posting, key=card, kind=WITHDRAWN, day=day))
    if at_once:
        tx.queue(card, Verb.DRAW, key=card, at=now)


def _ask_elsewhere(
    practice: Practice, tx: Transaction, clinic: Clinic, there: Address, now: datetime, *, shared: bool
) -> None:
    """Send the cards on which something waits that was asked there to the next place."""
    waiting = asked_where(practice, tx, clinic, lambda posting: posting.to == there, now)
    cards = {posting.key: (task, posting) for task, posting in waiting}
    for task, posting in cards.values():
        step = practice.course(tx, task.case).step(task)
        to = practice.reached(clinic, posting.person, asked_role(task, step))
        _withdraw(tx, posting, clinic.calendar.day(now), now, at_once=shared)
        send_on(tx, posting, to, now)


def _end(practice: Practice, tx: Transaction, clinic: Clinic, made: Arrangement, now: datetime) -> None:
    news.end(tx, made, now)
    day = clinic.calendar.day(now)
    there = Address(platform=made.detail["platform"], channel=made.detail["channel"])
    old = [each.key for each in tx.postings_in(clinic.id, there) if (each.kind, each.day) == (WITHDRAWN, day)]
    boards = tx.postings(post_boards(practice, tx, clinic, now)).values()
    for card in (*old, *(board.key for board in boards if board.to == there)):
        tx.queue(card, Verb.DRAW, key=f"back:{card}:{now.isoformat()}", at=now)


def draw_withdrawn(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> TaskCard:
    """Draw what was taken back: one line that names no case."""
    over = "What stood here was taken back: it is shown elsewhere now."
    return TaskCard(kind=CardKind.WORKLIST, heading="", text=over, over=over)


def draw_lost(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw for a manager what is wrong with a channel and what to do, or that it works again."""
    made, still = news.told_of(reading, posting)
    if still:
        return Notice(heading="A channel cannot be used", text=made.detail["said"], tone="bad")
    board = " The board is posted anew." if huddle.live(clinic, now) and _has_board(clinic, made) else ""
    return Notice(heading="A channel cannot be used", text=f"Settled: it works again.{board}", tone="good")


def _has_board(clinic: Clinic, made: Arrangement) -> bool:
    channels = clinic.channels.get(made.detail["platform"], {})
    return bool(channels.get("board") == made.detail["channel"])
