"""What somebody writes to ask one question more in all booked cases: a form, or one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.core import wording
from bot.core.actions import Action
from bot.core.added import LONGEST, USUAL_DUE, Added, due_of
from bot.core.errors import BookendError, Mistakes, NotFound, Unclear, WrongValues
from bot.core.guard import unnamed
from bot.core.kinds import FieldKind, Level
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.people import ASKED_ROLES, Clinic, Person, Role
from bot.core.permissions import Deed, may
from bot.core.replies import Command, Filled
from bot.core.written import read_date
from bot.ports import Reading, Transaction
from bot.service.adding import end, new_key, preview, stands
from bot.service.asked_all import AskAll
from bot.service.practice import Practice
from bot.service.requests import Asked

#: What an answer can do: its word -> level, the answer that stops, and what the form calls it.
STOPS: Mapping[str, tuple[Level, str, str]] = {
    "no": (Level.NONE, "", "Nothing: it is a reminder"),
    "md_yes": (Level.MD, "yes", "“Yes” needs the physician"),
    "md_no": (Level.MD, "no", "“No” needs the physician"),
    "hard_yes": (Level.HARD, "yes", "“Yes” is a hard stop"),
    "hard_no": (Level.HARD, "no", "“No” is a hard stop"),
}
EXAMPLE = 'ask-all abl nurse "A new medicine since the last visit?" start - 1 day at 10:00, md on yes'
_LINE = re.compile(r"(\S+)\s+(\S+)\s+[\"“](.+?)[\"”]\s*(.*)")
_UNTIL = re.compile(r",?\s*until\s+(\S+)$", re.IGNORECASE)
_STOP = re.compile(r",?\s*\b(md|hard)\s+on\s+(yes|no)\b", re.IGNORECASE)


def ask_all_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Form | None:
    """Return the form for a question of which at most the playbook is named; `None` where more was said."""
    rest = command.words[1:]
    if len(rest) > 1 or rest == ("list",):
        return None
    known = clinic.playbooks or practice.shelf.names(clinic.id)
    if rest and rest[0] not in known:
        raise NotFound("playbook", rest[0], known)
    part = FormPart(
        task="ask-all",
        revision=0,
        title="Ask in all booked cases",
        fields=tuple(_fields(_titled(practice, clinic, known), rest[0] if rest else "", person)),
    )
    return Form(
        heading="Ask in all booked cases",
        label="Nothing is asked before you have seen who.",
        parts=(part,),
        action=Action.ASK_ALL,
        submit="Show who",
    )


def _titled(practice: Practice, clinic: Clinic, known: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _called(practice, clinic, name)) for name in known)


def _called(practice: Practice, clinic: Clinic, name: str) -> str:
    try:
        return practice.shelf.current(name, clinic.id).called
    except Mistakes:
        # its cases run on the version that was signed; whoever writes the next one sees what is wrong
        return name


def _fields(known: tuple[tuple[str, str], ...], chosen: str, person: Person) -> list[FormField]:
    roles = tuple((role.value, wording.plain(role.value).capitalize()) for role in ASKED_ROLES)
    own = may(person, Deed.ASK_ALL_STOP)
    stops = tuple((word, said) for word, (level, _, said) in STOPS.items() if own or level is Level.NONE)
    whose = "" if own else "Only the medical director may add a stop."
    return [
        FormField(
            name="playbook",
            label="Of which playbook",
            kind=FieldKind.CHOICE,
            options=known,
            value=chosen or None,
        ),
        FormField(name="title", label="The question", kind=FieldKind.TEXT, help="It is answered yes or no."),
        FormField(name="role", label="Who is asked", kind=FieldKind.CHOICE, options=roles),
        FormField(name="due", label="When", kind=FieldKind.TEXT, value=USUAL_DUE, help="Or: start - 30 min."),
        FormField(
            name="stops", label="What an answer stops", kind=FieldKind.CHOICE, options=stops, help=whose
        ),
        FormField(
            name="until",
            label="New bookings up to",
            kind=FieldKind.DATE,
            required=False,
            help="Empty: until somebody ends it.",
        ),
    ]


def take_ask_all(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Take the form; show who would be asked."""
    (raw,) = filled.entries.values()
    said = {name: text.strip() for name, text in raw.items() if isinstance(text, str)}
    wished = wish_of(said, clinic, person, practice.clock.now())
    return preview(practice, tx, clinic, person, wished)


def ask_all(asked: Asked) -> Notice:
    """Take the line, or say what is asked of new bookings, or end it."""
    words = asked.words
    if words == ("list",):
        return stands(asked)
    if words[:1] == ("end",) and len(words) == 2:
        return end(asked, words[1])
    said = in_words(" ".join(words))
    wished = wish_of(said, asked.clinic, asked.person, asked.now)
    return preview(asked.practice, asked.tx, asked.clinic, asked.person, wished)


def in_words(text: str) -> dict[str, str]:
    """Return what a line says, by the fields of the form; raise Unclear with an example."""
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise Unclear(f"Write it like `{EXAMPLE}`. Nothing is asked yet.")
    rest = found[4].strip()
    until, stop = _UNTIL.search(rest), _STOP.search(rest)
    for each in (until, stop):
        rest = rest.replace(each[0], "", 1) if each else rest
    stops = f"{stop[1]}_{stop[2]}".lower() if stop else "no"
    due = rest.strip(" ,") or USUAL_DUE
    return {
        "playbook": found[1],
        "role": found[2].lower().replace("-", "_"),
        "title": found[3],
        "due": due,
        "stops": stops,
        "until": until[1] if until else "",
    }


def wish_of(said: Mapping[str, str], clinic: Clinic, person: Person, now: datetime) -> AskAll:
    """Return what was asked for; raise WrongValues with every field that needs another look."""
    problems: dict[str, str] = {}
    for name, check in (("title", _title), ("role", _role), ("due", due_of), ("stops", _stops)):
        try:
            check(said.get(name, ""))
        except (BookendError, ValueError) as wrong:
            problems[name] = str(wrong)
    until = _until(said.get("until", ""), clinic.calendar.day(now), problems)
    if not said.get("playbook"):
        problems["playbook"] = "Of which playbook?"
    if problems:
        raise WrongValues(problems)
    level, stops, _ = _stops(said["stops"])
    added = Added(
        key=new_key(),
        title=_title(said["title"]),
        role=_role(said["role"]),
        due=said["due"],
        by=person.id,
        at=now,
        level=level,
        stops=stops,
    )
    return AskAll(playbook=said["playbook"], added=added, until=until)


def _title(text: str) -> str:
    title = " ".join(unnamed(text).split())
    if not title:
        raise ValueError("What is asked? Write the question.")
    if len(title) > LONGEST:
        raise ValueError(f"Please keep the question under {LONGEST} characters.")
    return title


def _role(text: str) -> Role:
    if text not in ASKED_ROLES:
        raise ValueError(f"Who is asked is one of {', '.join(ASKED_ROLES)}, not {text!r}.")
    return Role(text)


def _stops(text: str) -> tuple[Level, str, str]:
    if text not in STOPS:
        raise ValueError("Say which answer stops, or that none does.")
    return STOPS[text]


def _until(text: str, today: date, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = read_date(text)
    except ValueError as wrong:
        problems["until"] = str(wrong)
        return None
    if day < today:
        problems["until"] = "That day is over."
    return day
