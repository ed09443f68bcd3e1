"""The timeline as a drawing: a row for each role, a column for each part of a case, a chip for each step.

Everything is measured here, so that the template only draws; lengths are in the SVG's own unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.core import wording
from bot.core.kinds import Level
from bot.core.people import Role
from bot.paper.measure import wrapped
from bot.paper.moments import GATES, HAPPENING, ROLES, Line, Moment, Part, Slot

LABEL, COLUMN, GAP, GATE_GAP = 82, 122, 10, 28
TOP, HEAD, PAD = 50, 36, 10
TITLE_SIZE, WHEN_SIZE = 12.0, 10.0
TITLE_LINE, WHEN_LINE, SLOT_LINE = 14.5, 12, 18
#: Room within a chip for the words of its title, beside its sign, and of its condition, below.
TITLE_ROOM, WHEN_ROOM = COLUMN - 36, COLUMN - 26
#: A column whose fullest cell holds more steps than this is twice as wide.
MOST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """A step in its cell; `y` is from the top of the cell, and `half` says in which half of a wide column."""

    line: Line
    title: tuple[str, ...]
    when: tuple[str, ...]
    height: float
    label: str = ""
    y: float = 0
    half: int = 0

    @property
    def level(self) -> Level:
        """Return how hard it stops."""
        return self.line.step.stops.level


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A part of a case, placed; `gates` are the moments of readiness at its end."""

    moment: Moment
    x: float
    wide: int
    head: tuple[str, ...]
    gates: tuple[tuple[str, str], ...]
    cells: Mapping[Role, tuple[Chip, ...]]

    @property
    def width(self) -> float:
        """Return how wide it is."""
        return COLUMN * self.wide

    @property
    def ready(self) -> list[tuple[str, bool]]:
        """Return the lines above its moment of readiness, and which of them are said lightly."""
        if len(self.gates) == 1:
            return [(self.gates[0][0], False), (self.gates[0][1], True)]
        return [(f"{name}, {when}" if when else name, False) for name, when in self.gates]

    @property
    def gate_x(self) -> float:
        """Return where the line of readiness at its end stands."""
        return self.x + self.width + GATE_GAP / 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A role, placed."""

    role: Role
    name: str
    y: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """Columns and rows that belong together."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    top: float

    @property
    def width(self) -> float:
        """Return how wide it is."""
        last = self.columns[-1]
        return last.x + last.width + (GATE_GAP if last.gates else GAP)

    @property
    def height(self) -> float:
        """Return how high it is, from the top of its first row."""
        return sum(row.height for row in self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """The whole drawing: the case as it goes, and below it what is asked only when something happens."""

    case: Grid
    happening: Grid | None
    width: float
    height: float


def figure(parts: Sequence[Part]) -> Figure:
    """Place everything."""
    case = _grid([part for part in parts if part.moment not in HAPPENING], TOP)
    end = TOP + HEAD + case.height
    others = [part for part in parts if part.moment in HAPPENING]
    happening = _grid(others, end + 40) if others else None
    height = end + (40 + HEAD + happening.height if happening else 0) + PAD
    widest = max(case.width, happening.width if happening else 0)
    return Figure(case=case, happening=happening, width=widest, height=height)


def _grid(parts: Sequence[Part], top: float) -> Grid:
    columns = tuple(_columns(parts))
    roles = [role for role in ROLES if any(column.cells[role] for column in columns)]
    heights = [max(_height(column.cells[role]) for column in columns) + 2 * PAD for role in roles]
    tops = accumulate([top + HEAD, *heights])
    rows = (
        Row(role=role, name=ROLES[role], y=y, height=height)
        for role, y, height in zip(roles, tops, heights, strict=False)
    )
    return Grid(columns=columns, rows=tuple(rows), top=top)


def _columns(parts: Sequence[Part]) -> Iterator[Column]:
    x: float = LABEL
    for part in parts:
        fullest = max(sum(len(slot.lines) for slot in slots) for slots in part.roles.values())
        wide = 2 if fullest > MOST else 1
        gates = tuple((wording.GATES[gate], when) for gate, when in GATES.get(part.moment, ()))
        cells = {role: _placed(list(_chips(slots)), wide) for role, slots in part.roles.items()}
        head = tuple(wrapped(part.moment, COLUMN * wide, 13, bold=True))
        yield Column(moment=part.moment, x=x, wide=wide, head=head, gates=gates, cells=cells)
        x += COLUMN * wide + (GATE_GAP if gates else GAP)


def _chips(slots: Iterable[Slot]) -> Iterator[Chip]:
    for slot in slots:
        for number, line in enumerate(slot.lines):
            title = tuple(wrapped(line.step.title, TITLE_ROOM, TITLE_SIZE, bold=True))
            said = f"if {line.when.replace('“', '').replace('”', '')}" if line.when else ""
            when = tuple(wrapped(said, WHEN_ROOM, WHEN_SIZE))
            height = 11 + TITLE_LINE * len(title) + WHEN_LINE * len(when)
            yield Chip(line=line, title=title, when=when, height=height, label="" if number else slot.label)


def _placed(chips: Sequence[Chip], wide: int) -> tuple[Chip, ...]:
    """Stack the chips of a cell, in a wide column in two halves of about the same height."""
    whole = sum(_step(chip) for chip in chips)
    found: list[Chip] = []
    y, half, first = 0.0, 0, ""
    for chip in chips:
        first = chip.label or first
        if wide > 1 and not half and y >= whole / 2:
            y, half = 0.0, 1
            chip = _moved(chip, 0, half, first)
        found.append(_moved(chip, y, half, chip.label))
        y += _step(chip)
    return tuple(found)


def _moved(chip: Chip, y: float, half: int, label: str) -> Chip:
    return Chip(
        line=chip.line, title=chip.title, when=chip.when, height=chip.height, label=label, y=y, half=half
    )


def _step(chip: Chip) -> float:
    return chip.height + 5 + (SLOT_LINE if chip.label else 0)


def _height(chips: Sequence[Chip]) -> float:
    return max((chip.y + _step(chip) for chip in chips), default=24)
