"""A playbook in sentences that a medical director reads aloud: a moment, a condition, a stop, a whole step.

What a fact or a field is called comes from a glossary, so that a sentence speaks of “Area on the face” and
not of `area_face`; what a glossary lacks is called by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date

from bot.core.conditions import ALWAYS, AllOf, AnyOf, Bounds, Condition, Is, Missing, Not, Within, shown
from bot.core.kinds import BEFORE, Anchor, FieldKind, Level, Scope
from bot.core.playbook import Due, Field, Playbook, Step
from bot.core.times import Closed
from bot.core.wording import ROLES, count, plain

#: An anchor as the moment itself, as what minutes count from, and as the day that days count from.
ANCHORS: Mapping[Anchor, tuple[str, str, str]] = {
    Anchor.START: ("at the start", "the start", "the procedure"),
    Anchor.END: ("at the end of the procedure", "the end", "the end of the procedure"),
    Anchor.ARRIVE: ("when the patient arrives", "the planned arrival", "the planned arrival"),
    Anchor.CONSULT: ("when the consultation starts", "the consultation starts", "the consultation"),
    Anchor.BOOKED: ("when the procedure is booked", "the booking", "the booking"),
    Anchor.EVENT: ("when a complication is reported", "a complication is reported", "the complication"),
    Anchor.CANCEL: ("when the case is cancelled", "the case is cancelled", "the cancelling"),
    Anchor.MOVE: ("when the procedure is moved", "the procedure is moved", "the move"),
}

IF_CLOSED: Mapping[Closed, str] = {
    Closed.PREVIOUS: "or on the last open day before",
    Closed.NEXT: "or on the next open day",
    Closed.STAY: "even if closed",
}

KINDS: Mapping[FieldKind, str] = {
    FieldKind.CHOICE: "one of its answers",
    FieldKind.SEVERAL: "any of its answers",
    FieldKind.TEXT: "words",
    FieldKind.NUMBER: "a number",
    FieldKind.DATE: "a date",
    FieldKind.TIME: "a time",
    FieldKind.RATIO: "worked out from two numbers",
}


STOPS: Mapping[Level, str] = {
    Level.HARD: "stops the procedure outright",
    Level.MD: "stops the procedure until a physician decides",
}
#: Once it is done there is nothing left to stop.
AFTERWARDS: Mapping[Level, str] = {
    Level.HARD: "goes to a physician at once",
    Level.MD: "goes to a physician",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Glossary:
    """What facts and fields are called, and the playbooks by their short names."""

    titles: Mapping[str, str] = field(default_factory=dict)
    playbooks: Mapping[str, str] = field(default_factory=dict)

    def name(self, name: str) -> str:
        """Return a fact or field as it is quoted in a sentence."""
        if name == "playbook":
            return "the procedure"
        return f"“{self.titles.get(name) or plain(name)}”"

    def words(self, name: str, words: Sequence[str]) -> str:
        """Return the values of a fact or field: "yes or unknown"."""
        known = self.playbooks if name == "playbook" else {}
        return listed([known.get(word, plain(word)) for word in words], "or")

    def of(self, step: Step) -> Glossary:
        """Return the glossary of a step's stop: its own fields come before the facts."""
        fields = {each.name: each.label for each in step.ask}
        return Glossary(titles={**self.titles, **fields}, playbooks=self.playbooks)


def glossary(playbook: Playbook, playbooks: Mapping[str, str] | None = None) -> Glossary:
    """Return what a playbook calls its facts, brackets left out; `playbooks` is id -> short name."""
    titles = {fact.name: fact.title.partition(" (")[0] for fact in playbook.facts.values()}
    return Glossary(titles=titles, playbooks={playbook.id: playbook.called, **(playbooks or {})})


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def span(minutes: int) -> str:
    """Return "1 hour", "90 minutes" or "2 hours"."""
    hours, rest = divmod(minutes, 60)
    return count(minutes, "minute") if rest or not hours else count(hours, "hour")


def due_words(due: Due) -> str:
    """Say when a step is due: "14 days before the procedure at 09:00, or on the last open day before"."""
    itself, elapsed, day = ANCHORS[due.anchor]
    if due.days is not None:
        at = f" at {due.at:%H:%M}" if due.at else ""
        far = f"{count(abs(due.days), 'day')} {_side(due.days)} {day}" if due.days else f"on the day of {day}"
        return f"{far}{at}, {IF_CLOSED[due.closed]}"
    return f"{span(abs(due.minutes))} {_side(due.minutes)} {elapsed}" if due.minutes else itself


def _side(offset: int) -> str:
    return "before" if offset < 0 else "after"


def condition_words(condition: Condition, known: Glossary, *, deep: bool = False) -> str:
    """Say a condition: "“Smoker” is yes or unknown, and either “A” is no or “B” is below 18".

    `deep` is for a condition inside another: brackets do then what commas do outside.
    """
    match condition:
        case AllOf():
            mixed = not deep and any(isinstance(part, AnyOf) for part in condition.parts)
            return (", and " if mixed else " and ").join(_parts(condition, known, deep=deep)) or "always"
        case AnyOf():
            parts = _parts(condition, known, deep=deep)
            mixed = not deep and any(" or " in part or " and " in part for part in parts)
            return (", or " if mixed else " or ").join(parts) or "never"
        case Not():
            return _denied(condition.part, known)
        case _:
            return f"{known.name(condition.name)} {compared_words(condition, known)}"


def _parts(whole: AllOf | AnyOf, known: Glossary, *, deep: bool) -> list[str]:
    return list(_grouped(whole, known, inside=deep or isinstance(whole, AnyOf)))


def _grouped(whole: AllOf | AnyOf, known: Glossary, *, inside: bool) -> Iterator[str]:
    # "“A”, “B” or “C” is no" rather than the same words behind every name
    link, verb = ("and", "are") if isinstance(whole, AllOf) else ("or", "is")
    same: dict[tuple[str, ...], list[str]] = {}
    for part in whole.parts:
        if isinstance(part, Is):
            same.setdefault(part.words, []).append(part.name)
    for part in whole.parts:
        if not isinstance(part, Is):
            yield _inner(part, known, inside=inside)
        elif names := same.pop(part.words, None):
            told = listed([known.name(name) for name in names], link)
            yield f"{told} {verb if len(names) > 1 else 'is'} {known.words(names[0], part.words)}"


def _inner(part: Condition, known: Glossary, *, inside: bool) -> str:
    words = condition_words(part, known, deep=True)
    if not isinstance(part, AnyOf) or len(part.parts) == 1:
        return words
    return f"({words})" if inside else f"either {words}"


def _denied(part: Condition, known: Glossary) -> str:
    match part:
        case Is():
            return f"{known.name(part.name)} is not {known.words(part.name, part.words)}"
        case Missing():
            return f"{known.name(part.name)} is recorded"
        case Not():
            return condition_words(part.part, known)
        case _:
            return f"it is not so that ({condition_words(part, known, deep=True)})"


def compared_words(leaf: Is | Bounds | Within | Missing, known: Glossary) -> str:
    """Say what a single comparison says of its fact or field: "is yes or unknown"."""
    match leaf:
        case Is():
            return f"is {known.words(leaf.name, leaf.words)}"
        case Missing():
            return "is not recorded"
        case Within():
            if not leaf.months and not leaf.days:
                return "is after the day of the procedure or not known"
            long = count(leaf.months, "calendar month") if leaf.months else count(leaf.days, "day")
            return f"is less than {long} before the procedure or not known"
        case Bounds():
            named = {
                "below": leaf.below,
                "above": leaf.above,
                "at least": leaf.at_least,
                "at most": leaf.at_most,
            }
            limits = [f"{word} {limit:g}" for word, limit in named.items() if limit is not None]
            return f"is {listed(limits)}" if limits else "is a number"


def stop_words(step: Step, known: Glossary) -> list[str]:
    """Say what a step stops and how hard, one clause for each level; `known` is the playbook's glossary."""
    verbs, here = (STOPS if step.phase in BEFORE else AFTERWARDS), known.of(step)
    found = [
        verbs[level] if when == ALWAYS else f"{verbs[level]} when {condition_words(when, here)}"
        for level in (Level.HARD, Level.MD)
        if (when := step.stops.of(level)) is not None
    ]
    unanswered = step.stops.level is not Level.NONE and not found
    return [f"{verbs[step.stops.level]} while it is not answered"] if unanswered else found


def field_words(asked: Field) -> str:
    """Say what a step asks: "“Visible tan”: no or yes (usually no)"."""
    return f"“{asked.label}”: {taken_words(asked)}"


def taken_words(asked: Field) -> str:
    """Say what a field takes: "no or yes (usually no)"."""
    words = listed([plain(each) for each in asked.choices], "or") or _taken(asked)
    notes = [f"usually {shown(asked.normal)}"] if asked.normal is not None else []
    notes += ["optional"] if asked.optional else []
    notes += ["in the patient's record"] if asked.chart else []
    return words + (f" ({', '.join(notes)})" if notes else "")


def _taken(asked: Field) -> str:
    words = KINDS[asked.kind]
    if asked.kind is FieldKind.NUMBER and asked.least is not None and asked.most is not None:
        words = f"{asked.least:g} to {asked.most:g}"
    past = {"past": " in the past", "future": " to come"}.get(asked.tense, "")
    return f"{words}{past}{f' {asked.unit}' if asked.unit else ''}"


def validity_words(days: int | None) -> str:
    """Say how long an answer is good."""
    return f"good for {count(days, 'day')}" if days is not None else "good for as long as the case lasts"


def step_words(step: Step, known: Glossary) -> str:
    """Say a whole step: who is asked, when, of whom, how long the answer is good and what stops."""
    return " ".join([asked_words(step, known), *(f"{capital(each)}." for each in stop_words(step, known))])


def asked_words(step: Step, known: Glossary) -> str:
    """Say who is asked a step, when, of whom, and how long the answer is good."""
    who = ROLES[step.role]
    asked = "" if step.when == ALWAYS else f", when {condition_words(step.when, known)}"
    notes = ["once in a course"] if step.scope is Scope.COURSE else []
    notes += [validity_words(step.valid_days)] if step.valid_days is not None else []
    notes += ["once for all cases in the room that day (so far asked in each)"] if step.shared else []
    notes += ["by two people, each on their own"] if step.double else []
    notes += [attempts_words(step.attempts)] if step.attempts else []
    notes += ["done only with a date, and asked again when that is cancelled"] if step.books else []
    notes += [f"from {step.overlay}'s own changes"] if step.overlay else []
    said = f"{capital(who)} is asked {due_words(step.due)}{asked}."
    return f"{said} {capital(', '.join(notes))}." if notes else said


def attempts_words(days: tuple[int, ...]) -> str:
    """Say when a patient who was not reached is tried again."""
    evening = ["the same evening"] if 0 in days else []
    later = [count(day, "day") for day in days if day]
    again = listed([*evening, *([f"{listed(later)} later"] if later else [])])
    return f"tried again {again} if the patient is not reached, then the physician decides"


def capital(words: str) -> str:
    """Return the words as a sentence begins."""
    return words[:1].upper() + words[1:]


def told(found: object) -> str:
    """Say any value of a playbook, "none" for nothing, also one that no sentence was written for."""
    match found:
        case None | "" | ():
            return "none"
        case bool():
            return "yes" if found else "no"
        case str():
            return f"“{plain(found) if found.isidentifier() else found}”"
        case date():
            return f"{found.day} {found:%b %Y}"
        case int() | float():
            return f"{found:g}"
        case tuple() | list():
            return listed([told(each) for each in found])
        case Mapping():
            each = [f"{plain(str(name))}: {told(value)}" for name, value in found.items()]
            return "; ".join(each) or "none"
        case _ if is_dataclass(found):
            parts = {each.name: getattr(found, each.name) for each in fields(found)}
            return told({name: value for name, value in parts.items() if value not in (None, "", ())})
        case _:
            return str(found)
