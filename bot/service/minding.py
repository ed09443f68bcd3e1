"""Who must not be named in what is typed: the clinic's patients, where somebody wrote down who they are.

What the guard would not keep is not repeated either: a refusal that quotes it would leave it once more on a
platform that keeps what it is told, and in Teams in what a locked telephone shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from bot.core import guard
from bot.core.errors import Refused, WrongValues
from bot.core.people import Clinic
from bot.core.replies import Command, Filled, Reply, Typed
from bot.ports import Reading
from bot.service.practice import Practice

#: What a refusal repeats: a name may be told of a colleague on a line, and be nobody's by itself.
_QUOTED = re.compile(r"['\"]([^'\"\n]+)['\"]")


def minding(reading: Reading, clinic: Clinic) -> AbstractContextManager[None]:
    """Have the guard look for a clinic's patients in all that is typed meanwhile; its staff may be named."""
    return guard.minding(
        lambda: reading.patients(clinic.id), (person.name for person in clinic.people.values())
    )


@contextmanager
def unrepeated(practice: Practice, told: Reply | Command) -> Iterator[None]:
    """Refuse in other words where a refusal would repeat something that looks as if it named a patient."""
    try:
        yield
    except WrongValues as wrong:
        problems = {field: _other(practice, told, what) for field, what in wrong.problems.items()}
        raise (WrongValues(problems) if problems != wrong.problems else wrong) from None
    except Refused as wrong:
        other = _other(practice, told, str(wrong))
        raise (Refused(other) if other != str(wrong) else wrong) from None


def _other(practice: Practice, told: Reply | Command, refusal: str) -> str:
    said = _words(refusal)
    clinic, _ = practice.who(told.platform, told.account)
    with practice.store.reading() as reading, minding(reading, clinic):
        for text in (*_typed(told), *_QUOTED.findall(refusal)):
            if not said.isdisjoint(_words(text)) and (what := guard.looks_like(text)):
                return (
                    f"This looks like {what}. Please leave it out, or write the case code; nothing was "
                    "changed."
                )
    return refusal


def _typed(told: Reply | Command) -> Iterator[str]:
    """Yield all that somebody typed, each text by itself."""
    match told:
        case Command():
            yield " ".join(told.words)
            yield from told.options.values()
        case Typed():
            yield told.text
        case Filled():
            yield told.note
            for fields in told.entries.values():
                yield from (text for text in fields.values() if isinstance(text, str))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.casefold()))
