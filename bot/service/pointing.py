"""Pointing: somebody reports a problem from a message, and it is found out which case the message is about.

A card of ours knows its cases. Any other message is looked through for case codes, and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.core.actions import Action
from bot.core.case import case_of
from bot.core.errors import Unclear
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart
from bot.core.outgoing import Posting
from bot.core.people import Clinic, Person
from bot.core.replies import Filled, Pointed
from bot.ports import Reading
from bot.service.cases import ALPHABET
from bot.service.huddle import draw_board
from bot.service.looking import labelled
from bot.service.practice import BOARD, Practice
from bot.service.reporting import report_form

#: What looks like a case code, and how many of them are looked up.
_CODE = re.compile(rf"\b[{ALPHABET}]{{4,8}}\b")
MOST = 100
#: What the form is about, and its field.
POINT, WHICH = "point", "which"
_NO_CASE = (
    "I find no case in this message. Use the menu of a card, or write `event` and the code. "
    "Nothing was reported."
)


def pointed_at(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pointed: Pointed
) -> Form:
    """Return the form of a complication for the case that a message is about, or one that asks which."""
    codes = tuple(dict.fromkeys(_meant(practice, reading, clinic, pointed)))
    if not codes:
        raise Unclear(_NO_CASE)
    if len(codes) == 1:
        return _reporting(practice, reading, clinic, codes[0])
    options = labelled(practice, reading, clinic, codes[:MOST])
    field = FormField(name=WHICH, label="Which patient?", kind=FieldKind.CHOICE, options=options)
    part = FormPart(task=POINT, revision=0, title="Report a problem", fields=(field,))
    return Form(heading="Report a problem", label="", parts=(part,), action=Action.POINT, submit="Go on")


def chosen(practice: Practice, reading: Reading, clinic: Clinic, person: Person, filled: Filled) -> Form:
    """Return the form for the case that somebody chose of several."""
    code = next(iter(filled.entries.values()), {}).get(WHICH, "")
    if not code or not isinstance(code, str):
        raise Unclear("Which patient? Please choose one.")
    return _reporting(practice, reading, clinic, code)


def _reporting(practice: Practice, reading: Reading, clinic: Clinic, code: str) -> Form:
    form = report_form(practice, reading, clinic, code)
    if form is None:
        raise Unclear(f"Nothing is asked after a complication here. Write `event {code} urgent`.")
    return form


def _meant(practice: Practice, reading: Reading, clinic: Clinic, pointed: Pointed) -> Iterable[str]:
    for ref in filter(None, (pointed.message, pointed.under)):
        posting = reading.posting_at(ref)
        found = () if posting is None else tuple(_on(practice, reading, clinic, posting))
        if found:
            return found
    return _in(reading, clinic, pointed.text)


def _on(practice: Practice, reading: Reading, clinic: Clinic, posting: Posting) -> Iterator[str]:
    if posting.clinic != clinic.id:
        return
    if posting.case:
        yield posting.case
    elif posting.kind == BOARD:
        # whom it names; everybody else is one command away
        board = draw_board(practice, reading, clinic, practice.clock.now())
        yield from (row.code for row in board.exceptions)
    else:
        yield from map(case_of, reading.lines(posting.key))


def _in(reading: Reading, clinic: Clinic, text: str) -> tuple[str, ...]:
    words = list(dict.fromkeys(_CODE.findall(text.upper())))[:MOST]
    known = reading.cases(words)
    return tuple(word for word in words if word in known and known[word].clinic == clinic.id)
