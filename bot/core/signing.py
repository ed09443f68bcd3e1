"""Signing: a medical director stands behind the text of a playbook until a day, and who may do so.

A signature covers exactly one text, named by its digest. New cases use the text that was signed last; an edit
waits and stops nothing, and neither does a review whose day has passed. `review:` in a playbook's file is a
note for its readers: it signs nothing, for an edit would carry it along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core import wording
from bot.core.conditions import shown
from bot.core.difference.told import difference
from bot.core.errors import NotAllowed, Refused
from bot.core.kinds import Level
from bot.core.people import Clinic, Person
from bot.core.permissions import Deed, may
from bot.core.playbook import Playbook
from bot.core.times import months_after

#: The latest next review: three years ahead.
LONGEST = 36
#: How many days before the next review director and manager are told.
NOTICES = (30, 7, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """One signature of a clinic under a playbook; `number` counts those of this playbook from 1.

    `by` is the person's id and `name` their name on that day, which stays when they leave the clinic's file.
    """

    clinic: str
    playbook: str
    number: int
    digest: str
    by: str
    name: str
    at: datetime
    next_review: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a playbook of a clinic stands: its `newest` text, and the `signed` one under its `signature`.

    `newest` is `None` where the file cannot be read, and `trouble` says why. `files` are those that say
    something else than when it was signed.
    """

    playbook: str
    newest: Playbook | None
    signed: Playbook | None = None
    signature: Signature | None = None
    files: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def in_force(self) -> Playbook | None:
        """Return the text that new cases are planned with."""
        return self.signed or self.newest

    @property
    def shadow(self) -> bool:
        """Say whether new cases are only planned and shown, because nobody ever signed it."""
        return self.signature is None

    @property
    def waits(self) -> bool:
        """Say whether an edit of a signed playbook waits for a signature."""
        return bool(self.signed and self.newest and self.newest.digest != self.signed.digest)

    @property
    def edited(self) -> tuple[str, ...]:
        """Return the steps that an edit adds, changes or takes away, those of the newest text first."""
        return steps_between(self.signed, self.newest) if self.signed and self.newest else ()


def steps_between(before: Playbook, after: Playbook) -> tuple[str, ...]:
    """Return the ids of the steps that differ; where a step stands in its file does not count."""
    old, new = ({step.id: replace(step, line=0) for step in book.steps} for book in (before, after))
    changed = [name for name, step in new.items() if old.get(name) != step]
    return (*changed, *(name for name in old if name not in new))


def directors(clinic: Clinic) -> tuple[Person, ...]:
    """Return who may sign."""
    return tuple(each for each in clinic.people.values() if may(each, Deed.SIGN))


def director(clinic: Clinic, name: str) -> Person:
    """Return the medical director whom a name or id means; raise NotAllowed with who is one."""
    meant = name.strip().casefold()
    for person in clinic.people.values():
        if meant in (person.id.casefold(), person.name.casefold()):
            return may_sign(clinic, person)
    raise NotAllowed(f"{clinic.title} has nobody named {name!r} in its file. {_who_may(clinic)}")


def may_sign(clinic: Clinic, person: Person) -> Person:
    """Return the person if they may sign for this clinic; raise NotAllowed with who may."""
    if clinic.people.get(person.id) != person or not may(person, Deed.SIGN):
        raise NotAllowed(f"{person.name} is no medical director of {clinic.title}. {_who_may(clinic)}")
    return person


def _who_may(clinic: Clinic) -> str:
    names = [each.name for each in directors(clinic)]
    if not names:
        return "Nobody has the role `medical_director` in the clinic's file: add it to whoever signs."
    return f"{' or '.join(names)} may sign. Nothing was signed."


def reviewed_by(next_review: date, today: date) -> date:
    """Return the day of the next review if it lies ahead and within three years, or raise Refused."""
    latest = months_after(today, LONGEST)
    if not today < next_review <= latest:
        raise Refused(
            f"The next review must lie ahead and within three years, by {shown(latest)}; "
            f"{shown(next_review)} does not. Nothing was signed."
        )
    return next_review


def signers(clinic: Clinic) -> str:
    """Say whose signature is waited for: "Dr Ali's", or "a medical director's" where nobody is one."""
    names = [f"{each.name}'s" for each in directors(clinic)]
    return " or ".join(names) or "a medical director's"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What is shown to a medical director before they sign: exactly the text of this digest."""

    standing: Standing
    director: Person
    next_review: date
    digest: str
    lines: tuple[str, ...]


def offer_lines(standing: Standing, others: Sequence[str], clinic: Clinic) -> tuple[str, ...]:
    """Say what would be signed: the playbook, and what changed since it was signed last; `others` are the
    playbooks that the same changed files touch.
    """
    book = standing.newest
    assert book is not None
    stops = sum(step.stops.level is Level.HARD for step in book.steps)
    lines = [
        f"{book.title} ({book.id}), version {book.version}: {wording.count(len(book.steps), 'step')}, "
        f"{wording.count(stops, 'hard stop')}."
    ]
    lines += own_lines(book)
    if standing.signature is None:
        return (*lines, "Nobody has signed it so far.")
    lines.append(f"{standing.signature.name} signed it on {signed_on(standing.signature, clinic)}.")
    if standing.signed is None or not standing.waits:
        return (*lines, "Nothing has changed since then: this signs it again.")
    lines += changed_lines(standing.signed, book, standing.files)
    if others:
        lines.append(
            f"The edit of {', '.join(standing.files)} touches {', '.join(others)} as well: sign each of them."
        )
    return tuple(lines)


def own_lines(book: Playbook) -> Iterator[str]:
    """Say what in a playbook is a clinic's own: what it changed or added, and loudly what it leaves out."""
    for overlay in sorted({step.overlay for step in book.steps} - {""}):
        own = [step.id for step in book.steps if step.overlay == overlay]
        yield f"Changed or added by {overlay}: {', '.join(own)}."
    for step in book.steps:
        if step.softened:
            yield (
                f"CHANGED, SHIPPED AS A HARD STOP (by {step.overlay}): {step.title} ({step.id}), "
                f"its {', '.join(step.softened)}."
            )
    for step in book.left_out:
        what = "LEFT OUT, A HARD STOP" if step.stops.level is Level.HARD else "Left out"
        yield f"{what} (by {step.overlay}): {step.title} ({step.id}). {step.left_out}"


def changed_lines(before: Playbook, now: Playbook, files: Sequence[str]) -> Iterator[str]:
    """Say what changed since the last signature, each thing in a sentence."""
    steps = wording.count(len(steps_between(before, now)), "step")
    yield f"Changed since then in {', '.join(files)}, {steps}:"
    yield from (f"- {each}" for each in difference(before, now))


def waiting_words(standing: Standing, clinic: Clinic) -> str:
    """Say that an edit waits: "abl: an edit of 3 steps waits for Dr Ali's signature; ..."."""
    assert standing.signature is not None
    steps = wording.count(len(standing.edited), "step") if standing.edited else "its words"
    files = f" ({', '.join(standing.files)})" if standing.files else ""
    return (
        f"{standing.playbook}: an edit of {steps}{files} waits for {signers(clinic)} signature. "
        f"New cases use the version signed on {signed_on(standing.signature, clinic)}."
    )


def signed_on(signature: Signature, clinic: Clinic) -> str:
    """Say on which day of the clinic it was signed."""
    return shown(clinic.calendar.day(signature.at))


def shadow_words(standing: Standing) -> str:
    """Say that a playbook runs in shadow mode, and what to do."""
    return (
        f"{standing.playbook} runs in shadow mode: planned and shown, nobody is prompted. "
        f"No medical director has signed it: `bookend sign {standing.playbook}`."
    )


def trouble_words(standing: Standing, clinic: Clinic) -> str:
    """Say that the file of a signed playbook cannot be read and stops nothing."""
    assert standing.signature is not None
    return (
        f"{standing.playbook}: its file cannot be read, so the version signed on "
        f"{signed_on(standing.signature, clinic)} stays in use. {standing.trouble}"
    )


def standing_words(standings: Iterable[Standing], clinic: Clinic, today: date) -> tuple[str, ...]:
    """Say what whoever runs the clinic should know of its playbooks; nothing when all is signed."""
    lines: list[str] = []
    for each in standings:
        if each.signature and notice_of(each.signature, today) is not None:
            lines.append(review_words(each.signature, today))
        if each.in_force is None:
            lines.append(f"{each.playbook} cannot be used, and nobody ever signed it. {each.trouble}")
        elif each.shadow:
            lines.append(shadow_words(each))
        elif each.newest is None:
            lines.append(trouble_words(each, clinic))
        elif each.waits:
            lines.append(waiting_words(each, clinic))
    return tuple(lines)


def notice_of(signature: Signature, today: date) -> int | None:
    """Return which notice of the next review is due: 30, 7 or 0 days before it, `None` while it is far."""
    left = (signature.next_review - today).days
    return min((days for days in NOTICES if left <= days), default=None)


def review_words(signature: Signature, today: date) -> str:
    """Say when a review is due, or since when: it stops nothing."""
    left = (signature.next_review - today).days
    day = shown(signature.next_review)
    when = "is due today," if left == 0 else "is due on" if left > 0 else "was due on"
    return (
        f"{signature.playbook}: its review {when} {day}. {signature.name} signed it last. Nothing stops; "
        f"a medical director reads it and signs it again: `bookend sign {signature.playbook}`."
    )


def touched(standings: Sequence[Standing]) -> Mapping[str, tuple[str, ...]]:
    """Return which playbooks each changed file touches: {"every-procedure.yaml": ("abl", "naf")}."""
    files = sorted({file for each in standings if each.waits for file in each.files})
    return {file: tuple(each.playbook for each in standings if file in each.files) for file in files}
