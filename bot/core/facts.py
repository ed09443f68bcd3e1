"""Facts: what is known of the patient that changes the plan, e.g. `smoker`, and how an answer becomes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.conditions import Value, Values
from bot.core.errors import NotFound, WrongValues, did_you_mean


class FactKind(StrEnum):
    """What a fact holds."""

    #: one of the words it declares
    WORD = "word"
    #: a number; `age` is in whole years
    NUMBER = "number"
    #: a calendar date
    DATE = "date"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A declared fact. The first of `words` means "asked, nothing found"; `default` is for numbers, which lie
    between `least` and `most`; `tense` says of a date that it lies in the "past" or the "future". Of what
    `changes` with time the newest answer counts, and contradicts nobody. `starts` is the word of every new
    case, where only something later can change it.
    """

    name: str
    title: str
    kind: FactKind = FactKind.WORD
    words: tuple[str, ...] = ()
    question: str = ""
    default: float | None = None
    least: float | None = None
    most: float | None = None
    tense: str = ""
    changes: bool = False
    starts: str = ""

    @property
    def nothing_found(self) -> Value:
        """Return what "asked, nothing found" is: the first word, a default number, or no date."""
        return self.words[0] if self.words else self.default

    def accept(self, value: Value) -> Value:
        """Return the value if this fact can hold it; raise ValueError with what it can hold."""
        if self.kind is FactKind.WORD and value not in self.words:
            near = did_you_mean(str(value), self.words)
            raise ValueError(f"{self.name} is one of {', '.join(self.words)}, not {value!r}.{near}")
        if self.kind is FactKind.NUMBER and not isinstance(value, int | float):
            raise ValueError(f"{self.name} is a number, not {value!r}.")
        if isinstance(value, int | float) and not self._holds(value):
            raise ValueError(f"{self.name} is between {self.least:g} and {self.most:g}, not {value:g}.")
        if self.kind is FactKind.DATE and not (value is None or isinstance(value, date)):
            raise ValueError(f"{self.name} is a date such as 2026-08-31, not {value!r}.")
        return value

    def _holds(self, number: float) -> bool:
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)

    def fits(self, value: Value, today: date) -> bool:
        """Say whether a date lies on the side of today that this fact speaks of."""
        ahead = isinstance(value, date) and value > today
        behind = isinstance(value, date) and value < today
        return not ((ahead and self.tense == "past") or (behind and self.tense == "future"))


#: The words with which a fact says that nobody asked.
NOT_ASKED = ("unknown", "not_asked")
#: Facts that follow from the list of sessions where there is one.
COUNTED = ("session_no", "last_session")
#: Facts that follow from the booking itself; people never set them.
DERIVED = ("playbook", *COUNTED)
#: What the case itself knows of a session: the date of the one before it, once it happened the real one.
PREVIOUS = "previous_session"
#: What a date field can be filled with before anybody answers (`known: previous_session`).
FROM_THE_CASE = (PREVIOUS,)
#: The fact that a reported complication sets.
URGENCY = "event_urgency"


def nothing_found(facts: Iterable[Fact], narrowed: Mapping[str, tuple[str, ...]]) -> dict[str, Value]:
    """Return every fact at its "nothing found" value; `narrowed` holds what a playbook allows of a fact."""
    return {fact.name: narrowed.get(fact.name, (fact.nothing_found,))[0] for fact in facts}


def accept_all(facts: Mapping[str, Fact], given: Values) -> dict[str, Value]:
    """Return the given values if each is one its declared fact can hold; else say all that is wrong."""
    problems: dict[str, str] = {}
    for name, value in given.items():
        try:
            if name not in facts:
                raise NotFound("fact", name, facts)
            facts[name].accept(value)
        except (NotFound, ValueError) as wrong:
            problems[name] = str(wrong)
    if problems:
        raise WrongValues(problems)
    return dict(given)
