"""Signing: where each playbook of a clinic stands, and a medical director's signature under one of them.

What is signed is the text that was shown, named by its digest: if a file was edited since, nothing is signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from bot.core.errors import Conflict, Mistakes, NotFound, Settled, Unclear
from bot.core.people import Clinic, Person
from bot.core.playbook import Playbook
from bot.core.signing import (
    Offer,
    Signature,
    Standing,
    director,
    may_sign,
    offer_lines,
    reviewed_by,
    standing_words,
)
from bot.ports import Reading, Transaction
from bot.service.practice import Practice


def signed(practice: Practice, clinic: Clinic) -> Mapping[str, Signature]:
    """Return the last signature under each playbook of a clinic, by the playbook's id."""
    with practice.store.reading() as reading:
        return last_signatures(reading, clinic.id)


def standings(practice: Practice, clinic: Clinic) -> tuple[Standing, ...]:
    """Return where each playbook that a clinic uses stands: all of them, where its file names none."""
    with practice.store.reading() as reading:
        names = clinic.playbooks or _known(practice, reading, clinic)
        return tuple(standing(practice, reading, clinic.id, name) for name in names)


def waiting(practice: Practice, clinic: Clinic) -> tuple[Standing, ...]:
    """Return the playbooks whose newest text nobody signed: edited since, or never signed."""
    return tuple(each for each in standings(practice, clinic) if each.newest and (each.waits or each.shadow))


def notes(practice: Practice) -> tuple[str, ...]:
    """Return what whoever runs Bookend should know of the playbooks: what waits, what nobody signed.

    In a demo or a rehearsal everybody may be asked, signed or not: there is nothing to say.
    """
    lines: list[str] = []
    if practice.unsigned_may_ask:
        return ()
    for clinic in practice.clinics.values():
        about = f"{clinic.title}: " if len(practice.clinics) > 1 else ""
        today = clinic.calendar.day(practice.clock.now())
        lines += [about + each for each in standing_words(standings(practice, clinic), clinic, today)]
    return tuple(lines)


def standing(practice: Practice, reading: Reading, clinic: str, playbook: str) -> Standing:
    """Return where a playbook of a clinic stands, whatever is wrong with its file."""
    signature = last_signatures(reading, clinic).get(playbook)
    newest, trouble = _newest(practice, playbook, clinic)
    if signature is None:
        return Standing(playbook=playbook, newest=newest, trouble=trouble)
    before = practice.shelf.version(signature.digest)
    files = practice.shelf.changed(before.digest, newest.digest) if newest else ()
    return Standing(
        playbook=playbook,
        newest=newest,
        signed=before,
        signature=signature,
        files=files,
        trouble=trouble,
    )


def in_force(practice: Practice, reading: Reading, clinic: str, playbook: str) -> tuple[Playbook, bool]:
    """Return the text that a new case is planned with, and whether it is only planned and shown."""
    if practice.unsigned_may_ask:
        return practice.shelf.current(playbook, clinic), False
    signature = last_signatures(reading, clinic).get(playbook)
    if signature is None:
        return practice.shelf.current(playbook, clinic), True
    return practice.shelf.version(signature.digest), False


def books(practice: Practice, clinic: Clinic) -> Mapping[str, Playbook]:
    """Return the texts that a clinic's new cases are planned with, by id: those that there are."""
    found: dict[str, Playbook] = {}
    with practice.store.reading() as reading:
        for name in _known(practice, reading, clinic):
            with suppress(Mistakes):
                found[name] = in_force(practice, reading, clinic.id, name)[0]
    return found


def clinic_of(practice: Practice, name: str | None) -> Clinic:
    """Return the clinic of that name, or the only one there is."""
    if name is None and len(practice.clinics) > 1:
        raise Unclear(f"For which clinic? Add --clinic with one of {', '.join(practice.clinics)}.")
    wanted = name or next(iter(practice.clinics))
    if wanted not in practice.clinics:
        raise NotFound("clinic", wanted, practice.clinics)
    return practice.clinics[wanted]


def offer(practice: Practice, clinic: Clinic, playbook: str, name: str, next_review: date) -> Offer:
    """Return what a medical director, named by name or id, would sign; raise as `sign` does."""
    person = director(clinic, name)
    reviewed_by(next_review, clinic.calendar.day(practice.clock.now()))
    newest = practice.shelf.current(playbook, clinic.id)
    with practice.store.reading() as reading:
        found = standing(practice, reading, clinic.id, playbook)
    return Offer(
        standing=found,
        director=person,
        next_review=next_review,
        digest=newest.digest,
        # a title of several lines must not look like a line of ours
        lines=tuple(
            " ".join(each.split())
            for each in offer_lines(found, touched_as_well(practice, clinic, found), clinic)
        ),
    )


def touched_as_well(practice: Practice, clinic: Clinic, found: Standing) -> list[str]:
    """Return the other playbooks of a clinic that wait for a signature under the same changed files."""
    its = [each for each in waiting(practice, clinic) if each.playbook != found.playbook]
    return [each.playbook for each in its if {*each.files} & {*found.files}]


def sign(
    practice: Practice,
    clinic: Clinic,
    playbook: str,
    person: Person,
    next_review: date,
    *,
    digest: str,
) -> Signature:
    """Sign the newest text of a playbook for a clinic; `digest` names the text that the director was shown.

    Raise NotAllowed for whoever is no medical director of the clinic, Refused for a next review that does not
    lie ahead and within three years, Mistakes for a playbook that cannot be read, and Settled where it was
    edited or signed since it was shown. Then nothing has changed.
    """
    now = practice.clock.now()
    may_sign(clinic, person)
    reviewed_by(next_review, clinic.calendar.day(now))
    newest = practice.shelf.current(playbook, clinic.id)
    if newest.digest != digest:
        raise Settled(f"{playbook} was edited since you looked at it. Nothing was signed: please look again.")
    given = Signature(
        clinic=clinic.id,
        playbook=playbook,
        number=1,
        digest=digest,
        by=person.id,
        name=person.name,
        at=now,
        next_review=next_review,
    )
    try:
        with practice.store.writing() as tx:
            return _add(practice, tx, given)
    except Conflict:
        raise Settled(f"Somebody signed {playbook} in the same moment. Please look again.") from None


def _add(practice: Practice, tx: Transaction, given: Signature) -> Signature:
    last = last_signatures(tx, given.clinic).get(given.playbook)
    if last and (last.digest, last.next_review) == (given.digest, given.next_review):
        raise Settled(f"{last.name} has signed exactly this already. Nothing was changed.")
    next_one = replace(given, number=last.number + 1) if last else given
    tx.keep_playbook(given.digest, given.playbook, practice.shelf.texts(given.digest))
    tx.sign(next_one)
    return next_one


def _known(practice: Practice, reading: Reading, clinic: Clinic) -> list[str]:
    # what was signed is known for ever, though its file may be gone
    return sorted({*practice.shelf.names(clinic.id), *last_signatures(reading, clinic.id)})


def last_signatures(reading: Reading, clinic: str) -> dict[str, Signature]:
    """Return the last signature under each playbook of a clinic."""
    # they come in the order they were given: the last one of each playbook stays
    return {each.playbook: each for each in reading.signatures(clinic)}


def _newest(practice: Practice, playbook: str, clinic: str) -> tuple[Playbook | None, str]:
    try:
        return practice.shelf.current(playbook, clinic), ""
    except Mistakes as wrong:
        return None, str(wrong)
    except NotFound as gone:
        return None, str(gone)
