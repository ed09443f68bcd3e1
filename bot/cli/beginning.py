"""The command that writes a clinic's file: it asks, shows what was wrong at once, and ends with a check."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli import terminal
from bot.cli.given import Playbooks
from bot.core import wording
from bot.core.errors import BookendError, did_you_mean
from bot.core.people import Role

if TYPE_CHECKING:
    from bot.files.begun_clinic import Draft

Found = TypeVar("Found")

#: Where people can write; `none` leaves their ids for later.
PLATFORMS = ("slack", "teams")
#: How a platform is called, and somebody's account there.
_CALLED = {
    "slack": ("Slack", "member id or e-mail address"),
    "teams": ("Teams", "object id or e-mail address"),
}
#: How a channel is asked for.
_CHANNEL = {
    "slack": "Which Slack channel {} (its id)?",
    "teams": "Which Teams channel {} (its link, or its id)?",
}
#: Roles that somebody must have, or work waits for nobody.
NEEDED = (Role.PHYSICIAN, Role.NURSE, Role.OPERATOR, Role.FRONT_DESK, Role.MEDICAL_DIRECTOR)


def init(
    playbooks: Playbooks,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")] = Path("clinic.yaml"),
) -> int:
    """Write your clinic's file from a few questions.

    Press Enter to take what stands in brackets. Everything can be changed in the file afterwards, and an
    existing file is only replaced if you say so.

    Example: bookend init
    """
    from bot.files.begun_clinic import clinic_text
    from bot.files.clinic import parse_clinic

    overwrites = out.exists()
    try:
        if overwrites and not _asked(f"{out} is there already. Replace it (yes or no)?", "no", _yes):
            raise BookendError(f"Nothing was written: {out} is as it was. Say --out FILE for another place.")
        draft = _draft(playbooks)
    except typer.Abort:
        raise BookendError("Nothing was written: not every question was answered.") from None
    text = clinic_text(draft)
    # what is written passes the check: every answer was read like a line of the file
    parse_clinic(text, str(out))
    _write(out, text, overwrites=overwrites)
    return _checked(out, draft)


def _draft(playbooks: Path) -> Draft:
    from bot.files.begun_clinic import Draft

    draft = Draft()
    _place(draft)
    _rooms(draft)
    _people(draft)
    _reached(draft)
    _work(draft, playbooks)
    return draft


def _place(draft: Draft) -> None:
    from bot.files import begun_clinic as answers

    draft.title = _asked("What is your clinic called?", "", answers.one_line)
    draft.country = _asked(
        "In which country, such as GB, DE or US, for its public holidays?", "none", answers.country
    )
    found = answers.regions(draft.country)
    if found:
        listed = ", ".join(found)
        draft.region = _asked(f"In which region ({listed})?", "none", partial(answers.region, draft.country))
    zones = answers.zones_of(draft.country)
    some = f" ({', '.join(zones[:12])} ...)" if len(zones) > 1 else ""
    # Germany has two, and hardly anybody lives in the second
    usual = zones[0] if 0 < len(zones) < 3 else ""
    draft.zone = _asked(f"In which time zone, such as Europe/London{some}?", usual, answers.time_zone)
    draft.hours = _asked("When are you open?", "mon-fri 08:00-18:00", answers.opening)


def _rooms(draft: Draft) -> None:
    from bot.files import begun_clinic as answers

    for name in _asked("Which treatment rooms do you have, with commas between?", "Room 1", answers.several):
        devices = _asked(f"Which devices are in {name}, with commas between?", "none", answers.several)
        draft.rooms[answers.id_of(name, draft.rooms)] = devices


def _people(draft: Draft) -> None:
    from bot.files import begun_clinic as answers

    draft.platform = _asked(
        "Where do your people write: slack, teams or none yet?",
        "slack",
        partial(answers.one_of, known=PLATFORMS),
    )
    terminal.say("Now the people, one by one.")
    while True:
        ends = "none" if draft.people else ""
        question = "Who else works here?" if draft.people else "Who works here? The first person's name"
        name = _asked(question, ends, answers.one_line)
        if name == answers.NONE:
            break
        roles = _asked(f"What does {name} do ({', '.join(Role)})?", "", answers.roles)
        draft.people.append(
            answers.Colleague(
                id=answers.short_name(name, [each.id for each in draft.people]),
                name=name,
                roles=roles,
                account=_account(draft, name),
            )
        )
    if not draft.with_role(Role.MANAGER):
        ids = [each.id for each in draft.people]
        told = _asked(
            f"Who is told when something slips ({', '.join(ids)})?", ids[0], partial(_named, known=ids)
        )
        draft.also(told, Role.MANAGER)
    missing = [wording.ROLES[role] for role in NEEDED if not draft.with_role(role)]
    if missing:
        terminal.say(f"Nobody is {', '.join(missing)} yet: add them to the file before you begin.")


def _named(said: str, known: list[str]) -> str:
    if said not in known:
        raise BookendError(f"Please name one of {', '.join(known)}.{did_you_mean(said, known)}")
    return said


def _account(draft: Draft, name: str) -> str:
    from bot.files import begun_clinic as answers

    if not draft.platform:
        return ""
    taken = {each.account: each.name for each in draft.people if each.account}

    def read(said: str) -> str:
        account = "" if said == "none" else answers.account(draft.platform, said)
        if account in taken:
            raise BookendError(f"{taken[account]} has that account already.")
        return account

    where, what = _CALLED[draft.platform]
    return _asked(f"What is the {where} {what} of {name}?", "none", read)


def _reached(draft: Draft) -> None:
    from bot.files import begun_clinic as answers

    for role in answers.ON_CALL:
        people = draft.with_role(role)
        if people:
            question = f"Who is on call as {role} while you are closed ({', '.join(people)})?"
            found = _asked(question, people[0], partial(answers.one_of, known=people))
            draft.on_call |= {role: found} if found else {}
    if not draft.platform:
        return
    question = _CHANNEL[draft.platform]
    for channel, what in (("board", "shows who is ready"), ("escalations", "is told what slips")):
        found = _asked(question.format(what), "none", partial(answers.channel, draft.platform))
        draft.channels |= {channel: found} if found else {}


def _work(draft: Draft, playbooks: Path) -> None:
    from bot.files import begun_clinic as answers
    from bot.files.folders import look_into

    known = tuple(look_into(playbooks)[0])
    question = f"Which procedures do you do ({', '.join(known)})?"
    draft.playbooks = _asked(question, "all", partial(answers.some_of, known=known))
    draft.go_live = _asked(
        "From which day on, such as 2027-01-04? Earlier procedures stay on paper.", "none", answers.day
    )


def _yes(said: str) -> bool:
    if said.lower() in ("y", "yes", "n", "no"):
        return said.lower().startswith("y")
    raise BookendError("Please say yes or no.")


def _asked(question: str, usual: str, read: Callable[[str], Found]) -> Found:
    """Ask until the answer can be read; of a pipe only once. An empty answer is the usual one."""
    here = sys.stdin.isatty()
    while True:
        try:
            return read(_typed(question, usual, here=here))
        except BookendError as wrong:
            if not here:
                raise BookendError(f"{question} {wrong} Nothing was written.") from None
            terminal.warn(str(wrong))


def _typed(question: str, usual: str, *, here: bool) -> str:
    if not here:
        line = sys.stdin.readline()
        if not (line.strip() or usual):
            raise BookendError("An answer is missing.")
        return line.strip() or usual
    return str(typer.prompt(question, default=usual or None, prompt_suffix=" ")).strip()


def _write(out: Path, text: str, *, overwrites: bool) -> None:
    try:
        with out.open("w" if overwrites else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise BookendError(f"{out} came to be there meanwhile; nothing was written.") from None


def _checked(out: Path, draft: Draft) -> int:
    from bot.files.check import inspect

    found = inspect([out])
    terminal.say(f"{out} is written: {wording.count(len(draft.people), 'person', 'people')}.")
    for each in (*found.mistakes, *found.advice):
        terminal.warn(str(each))
    terminal.say(
        f"Next: set BOOKEND_CLINIC={out}, then `bookend doctor` says what is still missing."
        f" Whenever you change it: bookend check {out}"
    )
    return 1 if found.mistakes else 0
