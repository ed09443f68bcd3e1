"""Tries the cells of the table at a face: who may sees it happen, who may not changes and sees nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from bot.core.people import Role
from bot.core.permissions import WHO
from tests.roles.by_slack import slack, socket
from tests.roles.by_teams import teams
from tests.roles.deeds import REFUSAL, Done, table, unseen
from tests.roles.faces import Face, Opens, flat, page, service
from tests.roles.floor import Floor

OPENS: Mapping[str, Opens] = {
    "service": service,
    "page": page,
    "slack": slack,
    "socket": socket,
    "teams": teams,
}
#: What stands in the view of the case, and in no refusal.
SEEN = "hard stop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One way to do a deed, and a role that tries it."""

    done: Done
    role: Role

    def __str__(self) -> str:
        return f"{self.role.value}: {self.done.name}"


def cells() -> list[Cell]:
    """Every cell of the table."""
    return [Cell(done=done, role=role) for done, role in product(table(), Role)]


def forgeries() -> list[Cell]:
    """Every button, form and command that whoever has no right to it may make up."""
    made = (
        Done(name=name, deed=deed, make=make, roles=WHO[deed], shows=True) for name, deed, make in unseen()
    )
    return [Cell(done=done, role=role) for done, role in product(made, Role) if not done.may(role)]


async def wrong(name: str, floor: Floor, tried: Iterable[Cell]) -> list[str]:
    """Try cells at a face; return what was not as the table says."""
    async with OPENS[name](floor) as face:
        return [said for cell in tried for said in await _wrong(face, floor, cell)]


async def _wrong(face: Face, floor: Floor, cell: Cell) -> list[str]:
    floor.again()
    done, who = cell.done, cell.role.value
    told = done.make(floor, cell.role)
    before, others = floor.state(), face.overheard(who)
    said = flat(await face.tells(who, told))
    found = {
        "it was stored": floor.state() != before,
        "it was refused": bool(REFUSAL.search(said)),
        "the case was shown": SEEN in said,
        "others heard of it": face.overheard(who) != others,
    }
    may = done.may(cell.role)
    wanted = {"it was stored": may and not done.shows, "it was refused": not may, "others heard of it": False}
    wanted |= {"the case was shown": may} if done.shows else {}
    return [
        f"{cell}: {what} is {found[what]}: {said[:200]}" for what in wanted if found[what] != wanted[what]
    ]
