"""What commands found out, as people read it on a terminal or in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.cli.terminal import say, table
from bot.core import wording

if TYPE_CHECKING:
    from bot.core.boards import Board, BoardRow
    from bot.core.case import Session
    from bot.core.course import Course
    from bot.core.messages import CaseView, Line
    from bot.core.noise import Noise
    from bot.core.people import Clinic
    from bot.core.readiness import Readiness
    from bot.core.weekly import Week
    from bot.doctor import Finding
    from bot.service.rehearse import Played


def plan(course: Course) -> None:
    """List what would be asked, in the order of time."""
    from bot.core.listing import plan_rows

    starts = ", ".join(wording.moment(session.start, course.calendar) for session in course.case.sessions)
    say(f"{course.playbook.title}, {starts} ({course.calendar.zone.key})")
    table(
        ("Due", "Item", "What", "Who", "Stop", ""),
        (_planned(course, row) for row in plan_rows(course, course.tasks)),
    )
    say(f"{wording.count(len(course.tasks), 'item')}.")


def _planned(course: Course, row: dict[str, Any]) -> tuple[str, ...]:
    several = len(course.case.sessions) > 1
    notes = [f"session {row['session']}"] if several else []
    notes += [words for words, so in (("late", row["late"]), ("on call", row["on_call"])) if so]
    notes += [f"by {row['overlay']}"] if "overlay" in row else []
    title = course.playbook.step(row["id"]).title
    return _clock(row), row["id"], title, _role(row), row["stop"], ", ".join(notes)


def rehearsed(played: Played) -> None:
    """Tell a rehearsal: every message, what is left, and readiness gate by gate."""
    from bot.core.listing import played_rows

    course = played.course
    say(*played.transcript, "")
    waiting = [row for row in played_rows(course) if row["status"] in ("open", "blocked")]
    if waiting:
        table(("Due", "Left", "What", "Who", "Status"), (_left(course, row) for row in waiting))
    table(("Gate", "When", "Ready", "What blocks it"), (_gate(course, *each) for each in played.gates))


def boards(found: Sequence[Board]) -> None:
    """Show each clinic's board."""
    for board in found:
        say(board.heading, board.counts, *board.notes)
        if board.quiet:
            say("Nothing needs you.")
        if board.rows:
            table(
                ("", "Patient", "Where it stands", "What blocks it", "Whose", "Since", "Next"),
                map(_on_board, board.rows),
            )


def _on_board(row: BoardRow) -> tuple[str, ...]:
    state, blocks = row.state.replace("_", " "), "; ".join(row.blocks)
    return state, row.label, row.summary, blocks, row.owner, row.since, row.ahead


def case(view: CaseView) -> None:
    """Show a case: its gates, its lines and its history."""
    say(view.heading, view.label, *view.notes, "")
    table(("Gate", "What blocks it"), view.gates)
    say("")
    table(("", "Item", "When", "What was said"), map(_on_case, view.lines))
    say("", *view.history)


def _on_case(line: Line) -> tuple[str, ...]:
    return line.state.value, line.title, line.due, line.said


def noise(found: Sequence[tuple[Clinic, Week, Sequence[Noise]]]) -> None:
    """Show how loud Bookend was, clinic by clinic and role by role."""
    heading = ("Role", "Messages", "Repeats", "Answered at first asking", "After hours")
    for clinic, week, roles in found:
        say(f"{clinic.title}, {week.words}")
        if roles:
            table(heading, map(_heard, roles))
        else:
            say("No messages.")


def _heard(each: Noise) -> tuple[str, ...]:
    numbers = (each.messages, each.repeats, each.answered_first, each.after_hours)
    return wording.plain(each.role.value), *map(str, numbers)


def findings(found: Sequence[Finding]) -> None:
    """Show what the doctor found."""
    table(("", "Looked at", "Found"), ((each.state, each.what, each.found) for each in found))


def _left(course: Course, row: dict[str, Any]) -> tuple[str, ...]:
    status = "open, asked again" if row["reopened"] else row["status"]
    title = course.playbook.step(row["id"]).title
    return _clock(row), row["id"], title, _role(row), status


def _gate(course: Course, session: Session, found: Readiness) -> tuple[str, ...]:
    from bot.core.readiness import Ready

    several = f", session {session.number}" if len(course.case.sessions) > 1 else ""
    at = wording.moment(found.at, course.calendar)
    state = "ready" if found.state is Ready.READY else "not ready"
    return wording.GATES[found.gate] + several, at, state, ", ".join(each.title for each in found.blockers)


def _clock(row: dict[str, Any]) -> str:
    return str(row["due_local"]).replace("T", " ")


def _role(row: dict[str, Any]) -> str:
    return str(row["role"]).replace("_", " ")
