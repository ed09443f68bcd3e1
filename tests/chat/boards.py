"""Boards as a channel sees them: a hard morning, a calm one, a day that is over, and forty cases."""

from dataclasses import replace

from bot.core.boards import Board, BoardPart, BoardRow, RowState


def row(code: str, label: str, state: RowState, summary: str, *blocks: str, **more: object) -> BoardRow:
    time, _, rest = label.partition(" · ")
    return BoardRow(
        code=code,
        label=f"{time} · {code} · {rest}",
        state=state,
        summary=summary,
        blocks=blocks,
        **more,  # type: ignore[arg-type]
    )


def named(row: BoardRow) -> str:
    """What a case is called on its row, its room and procedure left out."""
    return "".join(row.label.partition(row.code)[:2])


TODAY, COMING, AFTER = BoardPart.TODAY, BoardPart.COMING, BoardPart.AFTER
BOARD = Board(
    heading="Riverside Skin & Laser · Mon 16 Feb",
    text="4 today · 2 cleared · 1 on track · 1 not ready · 0 stops. W9TR complication reported.",
    counts="1 complication · 4 today · 2 cleared · 1 on track · 1 not ready · 0 stops · checked 08:45",
    checked="08:45",
    notes=("Tomorrow 14:00-17:00: 3 resurfacing cases, no nurse on duty.",),
    rows=(
        row(
            *("W9TR", "Fri 13 Feb 14:00 · Room 1 · Er:YAG", RowState.COMPLICATION, "complication reported"),
            "Seen by the physician today: overdue since 08:10",
            "Day-3 check: due 09:00",
            owner="Dr Ali Reza",
            since="08:10",
            ahead="manager told 08:55",
            part=AFTER,
            overdue=True,
        ),
        row(
            *("K7Q2", "09:30 · Room 2 · CO₂", RowState.NOT_READY, "not ready for arrival, 1 item open"),
            "First antiviral dose taken: no answer yet",
            owner="Jo Park",
            whose="jo",
            since="Sun 15 Feb 10:00",
            ahead="asked again 09:00",
            part=TODAY,
            session=1,
            near=True,
        ),
        row(
            *("P6CE", "13:00 · Room 1 · CO₂", RowState.OVERRIDE),
            "ready with override: specialist agreed by letter",
            "Immunosuppression plan: azathioprine",
            owner="Dr Ali Reza",
            part=TODAY,
            session=1,
            near=True,
        ),
        row(
            *("V3HN", "Wed 25 Feb 10:00 · Room 2 · CO₂ full-field", RowState.STOP, "hard stop"),
            "Isotretinoin: last dose 3 Nov 2025; first date allowed 4 May 2026",
            owner="Dr Ali Reza",
            since="08:40",
        ),
        row(
            *("H2LF", "Tue 10 Feb 09:00 · Room 2 · CO₂", RowState.AFTER, "aftercare, 1 item due"),
            "Day-7 visit: overdue since Fri 13 Feb 10:00",
            owner="Jo Park",
            since="Fri 13 Feb 10:00",
            ahead="asked again 12:00",
            part=AFTER,
            overdue=True,
        ),
        row("T8BA", "15:30 · Room 1 · Er:YAG", RowState.READY, "ready for arrival", part=TODAY, near=True),
        row(
            *("M4XD", "11:00 · Room 1 · CO₂", RowState.ON_TRACK, "on track, 2 items left before 10:40"),
            part=TODAY,
            near=True,
        ),
        row("Z5JM", "Mon 2 Feb 09:00 · Room 2 · CO₂", RowState.AFTER, "aftercare on track", part=AFTER),
        row("X3GV", "Mon 2 Feb 11:00 · Room 2 · CO₂", RowState.AFTER, "aftercare on track", part=AFTER),
    ),
)

#: Nothing needs anybody.
CLEAR = replace(
    BOARD,
    text="2 today · 1 cleared · 1 on track · 0 not ready · 0 stops · checked 08:45. Nothing needs you.",
    counts="2 today · 1 cleared · 1 on track · 0 not ready · 0 stops · checked 08:45",
    notes=(),
    rows=tuple(each for each in BOARD.rows if each.needs_nobody),
)

#: The same day when it was over.
ENDED = replace(
    BOARD,
    text="4 today · 3 done · 0 cleared · 0 on track · 1 not ready · 0 stops · closed 18:00. K7Q2 not ready.",
    counts="4 today · 3 done · 0 cleared · 0 on track · 1 not ready · 0 stops · closed 18:00",
    checked="18:00",
    closed="18:00",
    praise="Good catches this week: 7. Sun exposure 3 · new medicine 2 · other 2. Thank you.",
    notes=(),
    rows=tuple(
        replace(each, state=RowState.AFTER, summary="aftercare on track")
        if each.part is TODAY and each.code != "K7Q2"
        else each
        for each in BOARD.rows[1:]
    ),
)


def crowded(number: int = 40) -> Board:
    """A clinic of forty cases in which a dozen want something."""
    states = (RowState.STOP, *[RowState.NOT_READY] * 3, *[RowState.ON_TRACK] * 3, *[RowState.READY] * 3)
    rows = [
        row(
            f"{'ABCDEFGHJK'[place % 10]}{place // 10 + 2}Q{place % 7 + 2}",
            f"{8 + place // 4:02}:{place % 4 * 15:02} · Room {place % 4 + 1} · CO₂",
            states[place % len(states)],
            "hard stop" if place % len(states) == 0 else "not ready for arrival, 1 item open",
            *(("Pregnancy test: no answer yet",) if place % len(states) < 4 else ()),
            owner="Jo Park",
            since="08:10",
            ahead="manager told 09:10",
            part=TODAY,
        )
        for place in range(number)
    ]
    rows.sort(
        key=lambda each: ([*RowState].index(RowState.STOP) != [*RowState].index(each.state), each.label)
    )
    counts = f"{number} today · 12 cleared · 12 on track · 12 not ready · 4 stops · checked 08:45"
    return replace(BOARD, counts=counts, text=f"{counts}.", notes=(), rows=tuple(rows))
