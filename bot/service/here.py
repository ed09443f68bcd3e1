"""Here: a manager chooses the channel of the board from inside it; what they chose goes before the file.

It is kept beside the clinic's file, one channel for each platform: `Staff` takes it in before anything goes
out, in this program and in every other one. Today's board moves along, and what stood elsewhere says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core import huddle
from bot.core.errors import Refused
from bot.core.kinds import CardKind
from bot.core.messages import Notice, TaskCard
from bot.core.outgoing import Arrangement, Posting, Verb
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.ports import Reading, Transaction
from bot.service.greeting import greet_in
from bot.service.news import LOST
from bot.service.practice import BOARD, Practice, boards_of
from bot.service.requests import Asked
from bot.service.staff import Staff, with_board

#: The kind of the arrangement that keeps which channel a manager chose.
CHOSEN = "board_channel"
#: The kind of what stood in the channel before.
MOVED = "board_moved"


def here(asked: Asked) -> Notice:
    """Let the board stand in the channel in which this was said; raise Refused where it cannot."""
    clinic, there = asked.clinic, asked.said_in
    _usable(asked.tx, clinic, there)
    made = asked.tx.arrangement(CHOSEN, f"{clinic.id}:{there.platform}")
    if _stands(made, clinic, there):
        return Notice(text=f"The board of {clinic.title} stands in that channel already.")
    _keep(asked, made)
    today = _moved(asked.practice, asked.tx, with_board(clinic, there), there, asked.now)
    when = "Today's comes at once." if today else "The next one comes there."
    text = f"From now on the board of {clinic.title} stands in the channel where you wrote `here`."
    return Notice(text=f"{text} {when}", tone="good")


def take_in(practice: Practice, staff: Staff) -> list[Address]:
    """Let the staff know what managers chose; return the channels of which it had not heard."""
    with practice.store.reading() as reading:
        boards = {name: tuple(map(_there, reading.arrangements(name, CHOSEN))) for name in staff}
    return staff.choose(boards)


def _there(made: Arrangement) -> Address:
    return Address(platform=made.detail["platform"], channel=made.detail["channel"])


def _usable(tx: Transaction, clinic: Clinic, there: Address) -> None:
    if not there.channel:
        raise Refused(
            "The board stands in a channel of your own: add me to it, and write `here` there. I cannot show "
            "it in a direct conversation, in a private channel of Teams, and where another company reads. "
            "Nothing was changed."
        )
    lost = tx.arrangement(LOST, f"{clinic.id}:{there.platform}:{there.channel}")
    if lost is not None and lost.ended is None:
        raise Refused(f"The board cannot stand there. {lost.detail['said']} Nothing was changed.")


def _keep(asked: Asked, made: Arrangement | None) -> None:
    clinic, there = asked.clinic, asked.said_in
    key, by = f"{clinic.id}:{there.platform}", asked.person.id
    made = made or Arrangement(kind=CHOSEN, key=key, clinic=clinic.id, by=by, at=asked.now)
    detail = {"platform": there.platform, "channel": there.channel}
    asked.tx.arrange(replace(made, by=by, at=asked.now, detail=detail))


def _stands(made: Arrangement | None, clinic: Clinic, there: Address) -> bool:
    if made is not None:
        return _there(made) == there
    return clinic.channels.get(there.platform, {}).get("board") == there.channel


def _moved(practice: Practice, tx: Transaction, clinic: Clinic, there: Address, now: datetime) -> bool:
    """Let today's board move to a channel that is greeted first; say whether there is one today."""
    greet_in(tx, clinic, there, now)
    day = clinic.calendar.day(now)
    card = next((key for key, to in boards_of(practice, clinic, day).items() if to == there), "")
    if not (card and huddle.live(clinic, now)):
        return False
    stood = tx.posting(card)
    if stood is not None:
        _leave(tx, stood, now)
        tx.move(card, there)
    else:
        tx.post(Posting(key=card, clinic=clinic.id, kind=BOARD, to=there, day=day))
    tx.queue(card, Verb.DRAW, key=f"here:{card}:{now.isoformat()}", at=now)
    return True


def _leave(tx: Transaction, stood: Posting, now: datetime) -> None:
    if stood.ref is not None:
        card = f"{MOVED}:{stood.key}:{stood.ref.message}"
        tx.post(replace(stood, key=card, kind=MOVED))
        tx.queue(card, Verb.DRAW, key=card, at=now)


def draw_moved(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> TaskCard:
    """Draw what is left where a board stood."""
    over = "The board moved to another channel."
    return TaskCard(kind=CardKind.WORKLIST, heading="", text=over, over=over)
