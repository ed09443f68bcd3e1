"""Commands of whoever owns the playbooks: sign one, ask one question more in all booked cases."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import terminal
from bot.cli.given import practice as opened
from bot.core.errors import BookendError

if TYPE_CHECKING:
    from bot.core.people import Clinic
    from bot.core.signing import Signature
    from bot.service.practice import Practice


WHO_AND_UNTIL = (
    "Who signs, and until when? Add --director NAME and --next-review DATE, "
    "or --page to read and sign it in your browser."
)


def sign(
    playbook: Annotated[str, typer.Argument(metavar="PLAYBOOK", help="Its name, such as abl.")],
    director: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The medical director who signs, as in the clinic's file."),
    ] = None,
    next_review: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="When it is read anew, such as 2028-01-04."),
    ] = None,
    clinic: Annotated[str | None, typer.Option(help="For which clinic, where you have several.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Sign without being asked once more.")] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Read and sign it in your browser, on this machine.")
    ] = False,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="With --page: open the browser as well.")
    ] = True,
) -> None:
    """Sign a playbook as the clinic's medical director.

    It shows what is signed and what changed since the last time; with --page as sentences in a browser, and
    as it prints. From then on new cases follow this text; cases that run keep theirs. Cases opened before
    anybody had signed stay planned and shown: cancel such a case and open it anew to have it asked.

    Example: bookend sign abl --director "Dr Ali Example" --next-review 2028-01-04
    """
    from bot.service import signing

    if not page and (director is None or next_review is None):
        raise typer.BadParameter(WHO_AND_UNTIL)
    with opened(begin=True) as practice:
        chosen = signing.clinic_of(practice, clinic)
        if director is None or next_review is None or page:
            given = _signed_on_page(practice, chosen, playbook, browser=browser)
        else:
            given = _signed_here(practice, chosen, playbook, director, next_review.date(), yes=yes)
    terminal.say(f"Signed: {given.playbook}, by {given.name}, next review {given.next_review}.")


def _signed_on_page(practice: Practice, clinic: Clinic, playbook: str, *, browser: bool) -> Signature:
    from bot.director import open_office

    given = open_office(practice, clinic, playbook, terminal.say, browser=browser)
    if given is None:
        raise BookendError("Nothing was signed.")
    return given


def _signed_here(
    practice: Practice, clinic: Clinic, playbook: str, director: str, next_review: date, *, yes: bool
) -> Signature:
    from bot.service import signing

    offer = signing.offer(practice, clinic, playbook, director, next_review)
    terminal.say(*offer.lines)
    if not yes:
        _confirmed(offer.director.name, next_review)
    return signing.sign(practice, clinic, playbook, offer.director, offer.next_review, digest=offer.digest)


def _confirmed(name: str, next_review: date) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter("Nobody is here to confirm: add --yes to sign what is shown.")
    try:
        sure = typer.confirm(terminal.seen(f"Sign this as {name}, next review {next_review}?"))
    except typer.Abort:
        sure = False
    if not sure:
        raise BookendError("Nothing was signed.")


def ask_all(
    playbook: Annotated[str, typer.Argument(metavar="PLAYBOOK", help="Its name, such as abl.")],
    question: Annotated[str, typer.Option(metavar="TEXT", help="What is asked; it is answered yes or no.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who adds it, as in the clinic's file.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help="front_desk, nurse, operator or physician.")],
    due: Annotated[
        str, typer.Option(metavar="WHEN", help="Such as `start - 1 day at 10:00` or `start - 30 min`.")
    ] = "",
    stops: Annotated[
        str, typer.Option(metavar="WHAT", help="no, md_yes, md_no, hard_yes or hard_no: which answer stops.")
    ] = "no",
    until: Annotated[str, typer.Option(metavar="DATE", help="Up to when new bookings are asked, too.")] = "",
    clinic: Annotated[str | None, typer.Option(help="For which clinic, where you have several.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask at once, without being asked once more.")] = False,
) -> None:
    """Ask one question more in all booked cases of a playbook.

    It shows who would be asked; nothing is asked before you agree. Only a medical director adds a stop.

    Example: bookend ask-all abl --question "A new medicine?" --role nurse --by kit
    """
    from bot.core.added import USUAL_DUE
    from bot.core.naming import person_meant
    from bot.service import adding, signing
    from bot.service.asking_all import wish_of

    said = {"playbook": playbook, "title": question, "role": role, "stops": stops, "until": until}
    with opened() as practice:
        chosen = signing.clinic_of(practice, clinic)
        person = person_meant(chosen, by)
        wished = wish_of({**said, "due": due or USUAL_DUE}, chosen, person, practice.clock.now())
        offer = adding.offered(practice, chosen, person, wished)
        terminal.say(offer.text, *offer.lines)
        if not yes:
            agreed(f"{offer.buttons[0].label}, as {person.name}?", "Nothing is asked.")
        terminal.say(adding.applied(practice, chosen, person, offer).text)


def agreed(question: str, otherwise: str) -> None:
    """Ask whoever types whether they mean it; raise BookendError where they do not."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("Nobody is here to confirm: add --yes to do what is shown.")
    try:
        sure = typer.confirm(terminal.seen(question))
    except typer.Abort:
        sure = False
    if not sure:
        raise BookendError(otherwise)
