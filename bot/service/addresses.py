"""Addresses: an e-mail address of a clinic's file stays the account that it was first found to be.

People change their own address on a platform. Nobody becomes a colleague by taking theirs, before or after a
restart: only the file lets in somebody whose account changed, by their id or by another address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from bot.core.errors import Conflict
from bot.core.outgoing import Arrangement
from bot.core.people import Clinic
from bot.core.staffing import Look, is_email
from bot.ports import Transaction
from bot.service.practice import Practice
from bot.service.workspace import workspace_before

#: The kind of the arrangement that keeps somebody's first account.
FIRST = "first_account"
#: Why somebody whose address moved cannot be asked.
MOVED = "has another account than before"


def believed(practice: Practice, written: Collection[Clinic], look: Look) -> Look:
    """Keep the first account of each address; return the look, with those refused that moved since."""
    try:
        return _believed(practice, written, look)
    except Conflict:
        # two look at the same moment, and the other one has kept it
        return _believed(practice, written, look)


def _believed(practice: Practice, written: Collection[Clinic], look: Look) -> Look:
    # a clinic that moves to another workspace has other accounts there
    workspace = workspace_before(practice, look.platform)
    place, now = f"{look.platform}:{workspace.id if workspace else ''}", practice.clock.now()
    with practice.store.writing() as tx:
        moved = {name for each in written for name in _moved(tx, each, look, place, now)}
    there = {name: account for name, account in look.accounts.items() if name not in moved}
    return replace(look, accounts=there, refused={**look.refused, **dict.fromkeys(moved, MOVED)})


def _moved(tx: Transaction, clinic: Clinic, look: Look, place: str, now: datetime) -> Iterator[str]:
    """Yield the addresses of a clinic that are another account than first; keep those that are new."""
    first = {each.key: each.detail["account"] for each in tx.arrangements(clinic.id, FIRST)}
    for person in clinic.people.values():
        name = person.accounts.get(look.platform, "")
        if not is_email(name) or name not in look.accounts:
            continue
        account, key = look.accounts[name], f"{place}:{clinic.id}:{person.id}:{name.casefold()}"
        if first.get(key, account) != account:
            yield name
        elif key not in first:
            made = Arrangement(kind=FIRST, key=key, clinic=clinic.id, by="bookend", at=now)
            tx.arrange(replace(made, detail={"account": account}))
