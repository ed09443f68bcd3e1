"""Cards and forms at their edges: nearly empty ones, and ones larger than any clinic's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.actions import Action, Button
from bot.core.boards import Board, BoardPart, BoardRow, RowState
from bot.core.kinds import CardKind, FieldKind, Level
from bot.core.messages import (
    CaseView,
    DecisionCard,
    FormField,
    Home,
    Line,
    LineState,
    Notice,
    TaskCard,
)
from bot.core.wording import CARDS
from tests.chat import boards
from tests.chat.gallery.a_day import Named, Page
from tests.chat.gallery.edges_of_forms import LABEL, SENTENCE, form, forms

#: How many lines a card has at its largest, where it has more than twenty.
MANY = {CardKind.WORKLIST: 80, CardKind.DESK: 60, CardKind.CLEARANCE: 60, CardKind.ROOM: 40}


def smallest() -> Iterator[Named]:
    """Every kind of card and form with nothing in it that could be left out."""
    for kind in CardKind:
        yield (
            kind,
            TaskCard(kind=kind, heading=CARDS[kind], text=f"{CARDS[kind]}: all answered.", closed=True),
        )
    yield (
        "decision",
        DecisionCard(
            heading="Your decision",
            text="Your decision.",
            label="",
            title="",
            level=Level.MD,
            reasons=(),
            said="",
        ),
    )
    yield "board", Board(heading="Riverside", text="0 today", counts="0 today", rows=(), checked="08:00")
    yield "case", CaseView(code="K7Q2", heading="K7Q2", text="K7Q2", label="", gates=(), lines=())
    yield "notice", Notice(text="Noted.")
    yield "retired", "Answered by Jo Sample 09:10."
    yield "home", Home(heading="Riverside", mine=tasks(CardKind.WORKLIST, 0))
    yield "screen", Page(word="mine", what=tasks(CardKind.WORKLIST, 0))
    yield "form", form(FormField(name="a", label="Remark", kind=FieldKind.TEXT, required=False))
    yield "form-without-fields", form()


def largest() -> Iterator[Named]:
    """Every kind of card and form with more in it than a platform takes."""
    for kind in CardKind:
        yield kind, tasks(kind, MANY.get(kind, 20))
    yield "decision", decision()
    yield "board", replace(boards.crowded(100), notes=(SENTENCE,) * 10, praise=SENTENCE * 3)
    yield "board-closed", replace(boards.crowded(100), closed="18:00")
    yield "board-blocked", all_blocked()
    yield "case", case()
    yield "notice", notice()
    yield "retired", SENTENCE * 40
    yield "home", home()
    yield "screen", Page(word="mine", page=2, what=tasks(CardKind.WORKLIST, 80))
    yield from forms()


def tasks(kind: CardKind, many: int) -> TaskCard:
    """A card of many lines, each with all that a line can have."""
    lines = tuple(line(number) for number in range(1, many + 1))
    every = tuple(each.task for each in lines)
    return TaskCard(
        kind=kind,
        heading=f"{CARDS[kind]} · Thu 18 Feb",
        text=f"{CARDS[kind]}: {many} items to answer. " + SENTENCE * 4,
        label=LABEL,
        lines=lines,
        buttons=(
            Button(action=Action.FORM, label=f"Answer all {many}", tasks=every[:40], style="primary"),
            Button(action=Action.ON_IT, label="I’m on it", tasks=every[:1], value=f"{kind}:jo:2027-02-18"),
            Button(action=Action.WHO, label="Who is this?", tasks=("K7Q2",)),
        ),
        news=tuple(f"Smoker: {number} items added" for number in range(2, 14)),
        aloud=(SENTENCE,) * 12 if kind is CardKind.TIMEOUT else (),
        sources=(SENTENCE,) * 12 if kind is CardKind.TIMEOUT else (),
        waits=(SENTENCE,) * 12 if kind is CardKind.TIMEOUT else (),
    )


def home() -> Home:
    """What a manager of a large clinic sees first."""
    doors = (("new", "New appointment"), ("today", "Today"), ("overdue", "Overdue"), ("help", "Help"))
    return Home(
        heading="Riverside · Thu 18 Feb",
        mine=tasks(CardKind.WORKLIST, 30),
        later=tuple(f"{hour:02}:00 Same-day check · K7Q2" for hour in range(24)),
        doors=doors,
        board=boards.crowded(100),
    )


def line(number: int) -> Line:
    """A line as long as lines get; every state in turn."""
    task = f"K7Q2:g.step_{number:02}:1:1"
    answer = Button(action=Action.FORM, label="Answer", tasks=(task,), revision=3)
    state = list(LineState)[number % len(LineState)]
    return Line(
        number=number,
        task=task,
        revision=3,
        title=f"Antiviral, its dose and the day it was begun, as it was agreed, {number}",
        state=state,
        level=list(Level)[number % 3],
        why=SENTENCE * 4,
        label=LABEL,
        due="overdue since Sun 14 Feb 10:00",
        said=f"Confirmed by Jo Sample 08:12. {SENTENCE}" if state is LineState.DONE else "",
        buttons=(answer,) if state in (LineState.OPEN, LineState.OVERDUE) else (),
    )


def decision() -> DecisionCard:
    """A stop with more reasons than anybody reads."""
    task = ("K7Q2:abl.isotretinoin:1:1",)
    return DecisionCard(
        heading="Your decision: Isotretinoin within six months, and what was said of it by others",
        text=f"Your decision, {LABEL}.",
        label=LABEL,
        title="Isotretinoin within six months, and what was said of it by others",
        level=Level.HARD,
        reasons=tuple(f"{SENTENCE}{number}" for number in range(12)),
        said="Answered by Jo Sample 08:40. " + SENTENCE * 5,
        why=SENTENCE * 8,
        first_allowed="Mon 31 May 2027",
        buttons=tuple(
            Button(
                action=Action.DECIDE, label=label, tasks=task, revision=2, value=label.lower(), style=style
            )
            for label, style in (
                ("Proceed", ""),
                ("Modify", ""),
                ("Postpone", "primary"),
                ("Correct a fact", ""),
            )
        ),
    )


def all_blocked() -> Board:
    """A hundred cases of which each is in the way of something."""
    blocks = tuple(f"Item {number}: no answer yet, {SENTENCE}" for number in range(6))
    rows = tuple(
        BoardRow(
            code=f"K{place:03}",
            label=f"09:30 · K{place:03} · Room 2 · CO₂ / Er:YAG resurfacing",
            state=RowState.STOP if place < 20 else RowState.NOT_READY,
            summary="not ready for arrival, 6 items open",
            blocks=blocks,
            owner="Dr Ali",
            since="Wed 17 Feb 10:00",
            ahead="manager told 10:30",
            part=BoardPart.TODAY,
            session=1,
        )
        for place in range(100)
    )
    return replace(boards.BOARD, rows=rows, counts="100 today · 0 cleared · 80 not ready · 20 stops")


def case() -> CaseView:
    """A course of many sessions, with all its history."""
    return CaseView(
        code="K7Q2",
        heading="K7Q2: not ready for arrival, 42 items open",
        text=f"{LABEL}: not ready. {SENTENCE * 6}",
        label=LABEL,
        gates=tuple((f"Gate {n}", SENTENCE * 4) for n in range(10)),
        lines=tuple(line(number) for number in range(1, 91)),
        history=tuple(
            f"Tue 12 Jan {n // 60:02}:{n % 60:02} · Jo Sample · answered {SENTENCE}" for n in range(200)
        ),
        buttons=(Button(action=Action.ANSWERS, label="Correct an answer", tasks=("K7Q2",)),),
        notes=(SENTENCE * 3,) * 9,
    )


def notice() -> Notice:
    """An answer of many lines."""
    return Notice(
        text="\n".join(f"Item {number}: confirmed · K7Q2. {SENTENCE}" for number in range(40)),
        tone="bad",
        heading="What was not taken, and why",
        lines=tuple(f"Line {number}: {SENTENCE}" for number in range(50)),
        link=("See who K7Q2 is", "https://bookend.example/who/invented"),
        buttons=(Button(action=Action.HOLD, label="Hold them", value="a1b2c3d4", style="danger"),),
    )
