"""The checklist for an outage: one A4 page, in the largest type and with the most detail that fits on it.

Lists are dropped in this order, and only as far as must be: first what stops nothing, then the longest lists
of steps that a physician decides, those of the day itself last. What stops outright is never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from bot.core.kinds import Level
from bot.core.playbook import Step
from bot.core.sentences import Glossary
from bot.paper.boxes import Box, Kind, boxes, says_no_more
from bot.paper.measure import width, wrapped
from bot.paper.moments import HAPPENING, ROLES, Line, Moment, Part, order, tiny_due

#: The room of a column in points, and how many columns there are; sheet.css says the same in millimetres.
ROOM, DEPTH, COLUMNS = 179.0, 719.0, 3
#: The height of a line in type sizes, and the share of a column that may be filled: printers differ a little.
LEADING, FILLED = 1.13, 0.977
#: The room across all columns, and the type size there, of the line that says whom a sheet is for.
ABOVE, PATIENT_SIZE = 545.0, 8.0
#: Type sizes in points, the best first; below the last nobody reads it at arm's length.
SIZES = (9.0, 8.5, 8.0)
#: In which order the lists of a part are dropped; what is not named is the day itself, and last.
DROPPED = (
    Moment.LATER,
    Moment.NEXT_DAYS,
    Moment.CONSULT,
    Moment.WEEKS,
    Moment.DAYS,
    Moment.EVE,
    Moment.AFTER,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A step to tick; `due` is told where it differs from the step before."""

    title: str
    level: Level
    due: str = ""
    when: str = ""
    boxes: tuple[Box, ...] = ()

    @property
    def spared(self) -> int:
        """Return how many lines are saved when its list is dropped; a list that stops outright is kept."""
        if any(box.level is Level.HARD for box in self.boxes):
            return 0
        return _lines(self, SIZES[-1]) - _lines(replace(self, boxes=()), SIZES[-1])


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What one role does in one part of a case, with one line for initials; a part is named once."""

    moment: Moment
    first: bool
    role: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The page: `fits` is false where a playbook is too long for one, and then it runs on to a second."""

    groups: tuple[Group, ...]
    size: float
    fits: bool
    patient: str = ""


def sheet(parts: Sequence[Part], known: Glossary, patient: str = "") -> Sheet:
    """Return the page with the most that fits; `patient` is told above it: whom alone it is for."""
    depth = DEPTH * FILLED - len(wrapped(patient, ABOVE, PATIENT_SIZE, bold=True)) * PATIENT_SIZE * LEADING
    whole, short = (tuple(_groups(parts, known, all_of_it=all_of_it)) for all_of_it in (True, False))
    for groups in (whole, short):
        for size in SIZES:
            if _fits(groups, size, depth):
                return Sheet(groups=groups, size=size, fits=True, patient=patient)
    while not _fits(short, SIZES[-1], depth) and (longest := _longest(short)):
        short = tuple(_without(group, longest) for group in short)
    return Sheet(groups=short, size=SIZES[-1], fits=_fits(short, SIZES[-1], depth), patient=patient)


def _groups(parts: Iterable[Part], known: Glossary, *, all_of_it: bool) -> Iterator[Group]:
    for part in parts:
        if part.moment in HAPPENING:
            yield _happening(part)
            continue
        first = True
        # whoever begins stands first: an injection is no longer below the time-out that comes after it
        begins = sorted(
            part.roles.items(), key=lambda its: [order(slot.lines[0].step.due) for slot in its[1]][:1]
        )
        for role, slots in begins:
            items = tuple(
                _item(line, "" if number else _due(part, line), known, all_of_it=all_of_it)
                for slot in slots
                for number, line in enumerate(slot.lines)
            )
            if items:
                yield Group(moment=part.moment, first=first, role=ROLES[role], items=items)
                first = False


def _happening(part: Part) -> Group:
    """Return what is asked only when something happens as one paragraph: nobody plans for it."""
    told = [
        (f"{ROLES[role]} {tiny_due(line.step.due)}".rstrip(), line)
        for role, slots in part.roles.items()
        for slot in slots
        for line in slot.lines
    ]
    steps = (
        Box(text=f"{who}: {line.step.title}" + (f" if {line.brief}" if line.brief else ""), kind=Kind.SO)
        for who, line in told
    )
    item = Item(title=part.moment.value, level=Level.NONE, boxes=tuple(steps))
    return Group(moment=part.moment, first=False, role="", items=(item,))


def _due(part: Part, line: Line) -> str:
    # everything of a consultation is due together
    return "" if part.moment is Moment.CONSULT else tiny_due(line.step.due)


def _item(line: Line, due: str, known: Glossary, *, all_of_it: bool) -> Item:
    step: Step = line.step
    asked = boxes(step, known)
    kept = [box for box in asked if all_of_it or box.level is not Level.NONE]
    if len(kept) == 1 and says_no_more(kept[0], step):
        kept = []
    when = f"if {line.brief}" if line.brief else ""
    return Item(title=step.title, level=step.stops.level, due=due, when=when, boxes=tuple(kept))


def _longest(groups: Iterable[Group]) -> Item | None:
    """Return whose list is dropped next: the longest one of the part that can spare it best."""
    found = [(group.moment, item) for group in groups for item in group.items if item.spared]
    for moment in (*DROPPED, *(each for each in Moment if each not in DROPPED)):
        some = [item for part, item in found if part is moment]
        if some:
            return max(some, key=lambda item: item.spared)
    return None


def _without(group: Group, longest: Item) -> Group:
    items = (replace(item, boxes=()) if item is longest else item for item in group.items)
    return replace(group, items=tuple(items))


def _fits(groups: Iterable[Group], size: float, depth: float) -> bool:
    """Fill the columns one after another; no step is torn apart, and a heading stays with its first step."""
    column, filled = 1, 0.0
    for group in groups:
        for number, item in enumerate(group.items):
            lines = _lines(item, size) + 0.12 + (0 if number else _heading(group))
            high = lines * size * LEADING
            if filled + high > depth:
                column, filled = column + 1, 0.0
            filled += high
    return column <= COLUMNS


def _heading(group: Group) -> float:
    return (1.45 if group.first else 1.12) if group.role else 0.2


def _lines(item: Item, size: float) -> int:
    long = width(f"{item.due} {item.title} ", size, bold=True) + width(f"{item.when} ", size)
    long += {Level.HARD: 2.9, Level.MD: 2.0, Level.NONE: 0}[item.level] * size
    long += sum(_wide(box, size) for box in item.boxes)
    return ceil(long * 1.035 / (ROOM - 1.4 * size))


def _wide(box: Box, size: float) -> float:
    ticked = box.kind in (Kind.SO, Kind.NOT_SO)
    bold = not ticked and box.level is not Level.NONE
    return width(f"{box.text}  ", size, bold=bold) + (size if ticked else 0)
