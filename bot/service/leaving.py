"""Leaving: who can take part on a platform no longer is asked nothing, and what waits for them is handed on.

What they held goes the way of what belonged to somebody who left the clinic's file (`core.asking`); what they
were only asked is asked of whoever is there. A manager hears of it once, and when they are back. Who is there
is never kept: the platform is asked anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from bot.core import wording
from bot.core.case import Task
from bot.core.lifecycle import asked_anew
from bot.core.messages import Notice
from bot.core.outgoing import Arrangement, Change, Entry, Posting, Verb
from bot.core.people import Clinic
from bot.core.postponing import must_wait
from bot.core.replies import Address
from bot.core.staffing import BY_THEMSELVES, Look, refused
from bot.ports import Reading, Transaction
from bot.service import news
from bot.service.addresses import MOVED
from bot.service.handing import lapse
from bot.service.news import UNREACHABLE, Told
from bot.service.practice import Practice, redraw_all
from bot.service.shifts import AGAIN, MOST

#: What a manager does about whoever left, and about an e-mail address that moved to another account.
_GONE = "If that is right, take them out of the clinic’s file. If not, have their account set right."
_CHANGED = (
    "If the new account is theirs, write their member id into the clinic’s file in place of the address, and "
    "restart Bookend. If not, somebody else took their address: have it set right."
)
_ASLEEP = (
    "Ask them to open Bookend in {} and to write hello there: then they are asked again. If they work here "
    "no longer, take them out of the clinic’s file."
)


def settle_people(
    practice: Practice, tx: Transaction, clinic: Clinic, written: Clinic, look: Look, now: datetime
) -> None:
    """Hand on what waits for those of the `written` clinic who cannot take part; tell who left or is back."""
    missing = refused(written, look)
    kept = {
        each.detail["person"]: each
        for each in tx.arrangements(clinic.id, UNREACHABLE)
        if each.detail["platform"] == look.platform
    }
    gone = {person for person in missing if not clinic.people[person].accounts}
    handed = _hand_on(practice, tx, clinic, gone, now) if gone else {}
    if elsewhere := missing.keys() - gone:
        _ask_there(practice, tx, clinic, look.platform, elsewhere, now)
    for person in sorted(each for each in missing if _is_news(missing[each], kept.get(each))):
        detail: dict[str, Any] = {"platform": look.platform, "person": person, "why": missing[person]}
        detail |= {"handed": handed.get(person, 0), "elsewhere": sorted(clinic.people[person].accounts)}
        told = Told(kind=UNREACHABLE, detail=detail)
        news.begin(practice, tx, clinic, f"{clinic.id}:{look.platform}:{person}", told, now)
    for person in kept.keys() - missing:
        if _is_there(person, written, look):
            news.end(tx, kept[person], now)


def _is_news(why: str, told: Arrangement | None) -> bool:
    # an address that moves is first nobody's, and only now there is something to write into the file
    return told is None or (why == MOVED and told.detail["why"] != MOVED)


def _is_there(person: str, written: Clinic, look: Look) -> bool:
    # of whom the platform says nothing yet there is no news; who is not in the file any more needs none
    account = written.people[person].accounts.get(look.platform) if person in written.people else None
    return account is None or account in look.accounts


def _hand_on(
    practice: Practice, tx: Transaction, clinic: Clinic, gone: Collection[str], now: datetime
) -> Mapping[str, int]:
    """Let everything that waits for these people be asked anew; return how much that was of each."""
    lapse(practice, tx, clinic, tuple(gone), "cannot be asked any more")
    found = asked_where(practice, tx, clinic, lambda posting: posting.person in gone, now)
    changed: dict[str, list[Task]] = defaultdict(list)
    for task, _ in found:
        changed[task.case].append(asked_anew(task, now))
    cases = tx.cases(changed)
    tx.change_all(
        [Change(case=cases[code], tasks=its, entry=_left(its, now)) for code, its in changed.items()]
    )
    redraw_all(practice, tx, clinic, [(cases[code], its) for code, its in changed.items()], at=now)
    return Counter(posting.person for _, posting in found)


def _ask_there(
    practice: Practice, tx: Transaction, clinic: Clinic, platform: str, people: Collection[str], now: datetime
) -> None:
    """Send the cards that these people cannot see on a platform any more to where else they are."""

    def unseen(posting: Posting) -> bool:
        return posting.person in people and posting.to.platform == platform and bool(posting.to.account)

    for posting in {card.key: card for _, card in asked_where(practice, tx, clinic, unseen, now)}.values():
        send_on(tx, posting, practice.address(clinic, posting.person), now)


def send_on(tx: Transaction, posting: Posting, to: Address | None, now: datetime) -> None:
    """Post a card anew at another place, if there is one."""
    if to is not None and to != posting.to:
        tx.move(posting.key, to)
        tx.queue(posting.key, Verb.DRAW, key=f"moved:{posting.key}:{now.isoformat()}", at=now)


def _left(tasks: Collection[Task], now: datetime) -> Entry:
    return Entry(kind="left", at=now, by="bookend", detail={"tasks": [task.key for task in tasks]})


def asked_where(
    practice: Practice, tx: Transaction, clinic: Clinic, there: Callable[[Posting], bool], now: datetime
) -> list[tuple[Task, Posting]]:
    """Return what waits and was asked last on such a card, with that card."""
    coming = [task for task in tx.due(clinic.id, now + AGAIN, MOST) if task.waits and task.rung]
    last = tx.asked_on(task.key for task in coming)
    found = [(task, last[task.key]) for task in coming if task.key in last and there(last[task.key])]
    courses = practice.courses(tx, dict.fromkeys(task.case for task, _ in found))
    return [(task, posting) for task, posting in found if not must_wait(courses[task.case], task)]


def draw_unreachable(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw for a manager who cannot be asked and what became of it, or that they are back."""
    made, still = news.told_of(reading, posting)
    name = wording.person_name(clinic, made.detail["person"])
    others = " and ".join(each.capitalize() for each in made.detail.get("elsewhere", ()))
    where, handed = made.detail["platform"].capitalize(), made.detail["handed"]
    heading = f"{name} cannot be asked in {where}" if others else f"{name} cannot be asked"
    if not still:
        return Notice(heading=heading, text=f"Settled: {name} is asked as before.", tone="good")
    said = [f"{where} says that {name} {made.detail['why']}."]
    if others:
        said += [f"They are asked in {others}."]
    else:
        said += ["Nothing is asked of them, and they cannot answer."]
        said += [f"{wording.count(handed, 'open item')} went to others."] if handed else []
    return Notice(heading=heading, text=" ".join(said), tone="bad", lines=(_todo(made.detail["why"], where),))


def _todo(why: str, where: str) -> str:
    if why in BY_THEMSELVES:
        return _ASLEEP.format(where)
    return _CHANGED if why == MOVED else _GONE
