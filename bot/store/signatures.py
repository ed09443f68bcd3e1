"""Signatures under playbooks: only ever added, each chained to the one before it under the same playbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from bot.core.errors import Conflict
from bot.core.signing import Signature
from bot.store import chain
from bot.store.columns import storable
from bot.store.tables import signatures

_ALL = select(signatures).order_by(signatures.c.clinic, signatures.c.playbook, signatures.c.number)
_OF_CLINIC = _ALL.where(signatures.c.clinic == bindparam("of"))
_OF_PLAYBOOK = _OF_CLINIC.where(signatures.c.playbook == bindparam("book"))
#: What stands between clinic and playbook in a seal.
STROKE = "/"
_COLUMNS = {"by": "by_person"}


def of_clinic(connection: Connection, clinic: str) -> tuple[Signature, ...]:
    """Return a clinic's signatures, those of each playbook in the order they were given."""
    return tuple(map(_signature, connection.execute(_OF_CLINIC, {"of": clinic}).mappings()))


def add(connection: Connection, key: bytes, signature: Signature) -> None:
    """Add the next signature under a playbook; raise Conflict if that number was given in the meantime."""
    given = {name: _storable(value) for name, value in _columns(signature).items()}
    known = {"of": given["clinic"], "book": given["playbook"]}
    before = connection.execute(_OF_PLAYBOOK, known).mappings().all()
    if signature.number != len(before) + 1:
        raise Conflict("somebody signed this playbook in the same moment")
    last = before[-1]["link"] if before else chain.NOTHING
    link = chain.signature_link(key, last, _signature(given))
    connection.execute(insert(signatures), [{**given, "link": link}])


def heads(connection: Connection, since: datetime | None) -> list[list[Any]]:
    """Return the signatures given since a moment, `None` for all, as a seal names them."""
    wanted = _ALL if since is None else _ALL.where(signatures.c.at > since)
    return [[_named(row), row["number"], row["link"]] for row in connection.execute(wanted).mappings()]


def against_seals(connection: Connection, sealed: Iterable[tuple[str, int, str]]) -> Iterator[str]:
    """Yield which signatures were sealed and are gone, or are others than those that were sealed."""
    there = {(name, number): link for name, number, link in heads(connection, None)}
    for name, number, link in dict.fromkeys(sealed):
        if (name, number) not in there:
            yield f"signature {number} of {name} was sealed and is gone."
        elif there[name, number] != link:
            yield f"signature {number} of {name} is not the one that was sealed."


def _named(row: RowMapping) -> str:
    # no case code has a stroke
    return f"{row['clinic']}{STROKE}{row['playbook']}"


def verify(connection: Connection, key: bytes) -> Iterator[str]:
    """Yield what was changed, removed between others or put there without the key."""
    before, last = chain.NOTHING, ("", "")
    for row in connection.execute(_ALL).mappings():
        signature = _signature(row)
        under = (signature.clinic, signature.playbook)
        if under != last:
            before, last = chain.NOTHING, under
        if not chain.same(chain.signature_link(key, before, signature), row["link"]):
            yield (
                f"signature {signature.number} of {signature.clinic} under {signature.playbook} was changed, "
                "put there by somebody else, or the one before it is gone."
            )
        before = row["link"]


def _columns(signature: Signature) -> dict[str, Any]:
    return {_COLUMNS.get(each.name, each.name): getattr(signature, each.name) for each in fields(signature)}


def _signature(row: RowMapping | dict[str, Any]) -> Signature:
    columns: dict[str, Any] = {
        each.name: row[_COLUMNS.get(each.name, each.name)] for each in fields(Signature)
    }
    return Signature(**columns)


def _storable(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value
