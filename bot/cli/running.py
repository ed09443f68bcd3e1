"""Commands of a running clinic: serve it, look at it, open and change its cases."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import printed, terminal
from bot.cli.given import AsJson, Booking, Code, Data, Session, looked_at, settings
from bot.cli.given import practice as opened
from bot.halves import Half


def serve(
    only: Annotated[
        Half, typer.Option(help="One half alone: `web` answers people, `worker` asks and sends.")
    ] = Half.BOTH,
) -> None:
    """Run Bookend for your clinic.

    It speaks on every platform that is configured, until you end it. README.md lists the settings, and says
    when you want its halves as programs of their own, on PostgreSQL.

    Example: BOOKEND_CLINIC=clinic.yaml bookend serve
    """
    from bot.serve import serve as served

    served(settings(), terminal.say, only)


def status(as_json: AsJson = False, data: Data = None) -> None:
    """Show the board: who is ready, who is not, and why.

    Example: bookend status
    """
    from bot.service import console, importing, signing

    with looked_at(data) as practice:
        boards, notes = console.boards(practice), [*signing.notes(practice), *importing.notes(practice)]
    if as_json:
        terminal.show({"boards": [asdict(board) for board in boards], "notes": notes})
    else:
        printed.boards(boards)
        terminal.say(*notes)


def case(code: Code, as_json: AsJson = False, data: Data = None) -> None:
    """Show one case: what blocks it, is open, was said.

    Example: bookend case K7Q2
    """
    from bot.service import console

    with looked_at(data) as practice:
        view, rows = console.case(practice, code)
    if as_json:
        terminal.show(rows)
    else:
        printed.case(view)


def new(
    booking: Booking,
    clinic: Annotated[str | None, typer.Option(help="For which clinic, where you have several.")] = None,
    as_json: AsJson = False,
) -> None:
    """Open a case and print its code.

    What the booking does not say of the patient is unknown, and will be asked. Write the code into your own
    appointment book: Bookend does not know the name.

    Example: bookend new booking.yaml
    """
    from bot.app import new_case
    from bot.core.sessions import spacing
    from bot.service.held import held_words

    with opened(begin=True) as practice:
        course = new_case(practice, *terminal.read(booking), clinic)
        code = course.case.code
        for line in (*held_words(course.case), *spacing(course)):
            terminal.warn(line)
        if course.case.shadow:
            terminal.warn(
                f"{code} is only planned and shown: no medical director has signed {course.playbook.id}."
            )
    if as_json:
        terminal.show({"case": code})
    else:
        terminal.say(f"{code}: {len(course.tasks)} items planned.")


def move(
    code: Code,
    start: Annotated[
        list[str], typer.Argument(metavar="START", help="The new start, such as 2027-02-18 09:30.")
    ],
    session: Session = None,
) -> None:
    """Move a case, and say what that changes.

    The next session is moved unless you name another.

    Example: bookend move K7Q2 2027-02-18 09:30
    """
    from bot.service import console

    with opened() as practice:
        terminal.say(*console.move(practice, code, start, session))


def session(
    code: Code,
    start: Annotated[list[str], typer.Argument(metavar="START", help="Its start, such as 2027-04-01 09:30.")],
) -> None:
    """Add a session to a case, and say what that plans.

    What was asked for the whole course is asked again only where it will be too old by then.

    Example: bookend session K7Q2 2027-04-01 09:30
    """
    from bot.service import console

    with opened() as practice:
        terminal.say(*console.session(practice, code, start))


def cancel(
    code: Code,
    reason: Annotated[list[str] | None, typer.Argument(metavar="[REASON]", help="Why; no name.")] = None,
    session: Session = None,
) -> None:
    """Cancel a case; what is open is not asked any more.

    The whole case is cancelled unless you name a session. A no-show is a reason like any other.

    Example: bookend cancel K7Q2 no-show
    """
    from bot.service import console

    with opened() as practice:
        console.cancel(practice, code, " ".join(reason or ()), session)
    terminal.say(f"{code} is cancelled. What was open is not asked any more.")


def event(
    code: Code,
    urgency: Annotated[str, typer.Argument(metavar="URGENCY", help="routine, urgent or emergency")],
    session: Session = None,
) -> None:
    """Report a complication; the team is asked at once.

    Example: bookend event K7Q2 urgent
    """
    from bot.service import console

    with opened() as practice:
        console.event(practice, code, urgency, session)
    terminal.say(f"{code}: complication reported, {urgency}. The team is asked now.")


def export(
    code: Code,
    as_script: Annotated[
        bool, typer.Option("--as-script", help="As a script for `bookend rehearse`.")
    ] = False,
    as_pack: Annotated[
        Path | None,
        typer.Option(
            "--pack", metavar="FILE", dir_okay=False, help="As a zip for an inspector: PDF, CSV, JSON."
        ),
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Print everything that is kept of a case.

    With --as-script it becomes a script that anybody can play, without what people typed: the best report of
    something that went wrong. With --pack it becomes a zip for an inspector: a page to read, tables, and the
    history with what proves it. It names the staff, and the patient nowhere.

    Example: bookend export K7Q2 --pack k7q2.zip
    """
    from bot.app import told
    from bot.service import console

    if as_pack is not None:
        _pack(code, as_pack, data)
        return

    with looked_at(data) as practice:
        text, found = told(practice, code) if as_script else ("", console.kept(practice, code))
    if as_script and not as_json:
        terminal.say(text.rstrip())
    else:
        terminal.show(found)


def _pack(code: str, file: Path, data: Path | None) -> None:
    from bot.inspection import pack
    from bot.laid import lay

    with looked_at(data) as practice, terminal.progress("Packing"):
        made = pack(practice, code)
    lay(file, made, private=True)
    terminal.say(f"{file} is written: all that is kept of {code}. It names no patient.")
