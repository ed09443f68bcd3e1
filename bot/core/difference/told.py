"""What changed between two versions of a playbook, in sentences that a medical director reads aloud.

Every attribute that a step, a field or a fact has is looked at, also one that no sentence was written for.
Only on which line of its file a step stands is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from bot.core import wording
from bot.core.conditions import ALWAYS, AllOf, AnyOf, Condition, Is
from bot.core.difference.asked import differences_of_asked
from bot.core.difference.flagged import differences_of_red_flags
from bot.core.facts import Fact
from bot.core.kinds import Level, Scope
from bot.core.playbook import Due, Playbook, Step
from bot.core.sentences import (
    Glossary,
    attempts_words,
    condition_words,
    due_words,
    glossary,
    listed,
    step_words,
    stop_words,
    told,
    validity_words,
)
from bot.core.wording import plain

#: What is said by the sentences of another attribute, or is no change for anybody who is asked.
SAID_ELSEWHERE = frozenset({"id", "line", "title", "ask", "digest", "steps", "facts"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that changed in a step or a fact, or where both are empty in the playbook itself."""

    step: str = ""
    fact: str = ""
    title: str
    words: str

    def __str__(self) -> str:
        return f"{self.title}: {self.words}."


def difference(
    old: Playbook, new: Playbook, playbooks: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """Return what changed, first of the playbook and its facts, then step by step in the new order.

    `playbooks` is id -> short name of others that conditions may speak of.
    """
    known = glossary(old, playbooks), glossary(new, playbooks)
    before = {step.id: step for step in old.steps}
    after = {step.id: step for step in new.steps}
    found = [*_of_playbook(old, new), *_of_facts(old.facts, new.facts)]
    found += [Change(title=title, words=words) for title, words in differences_of_red_flags(old, new, known)]
    found += [
        Change(step=step.id, title=step.title, words=words)
        for step in new.steps
        for words in (_of_step(before[step.id], step, known) if step.id in before else _added(step, known[1]))
    ]
    found += [
        Change(step=step.id, title=step.title, words="is no longer asked")
        for step in old.steps
        if step.id not in {*after, *(each.id for each in new.left_out)}
    ]
    return (*found, *_left_out(old, new))


def _left_out(old: Playbook, new: Playbook) -> Iterator[Change]:
    before = {step.id: step.left_out for step in old.left_out}
    for step in new.left_out:
        if before.get(step.id) != step.left_out:
            stop = ", a hard stop," if step.stops.level is Level.HARD else ""
            words = f"is left out{stop} by {step.overlay}: {step.left_out.rstrip('.')}"
            yield Change(step=step.id, title=step.title, words=words)


def _added(step: Step, known: Glossary) -> Iterator[str]:
    yield f"is new. {step_words(step, known)}".removesuffix(".")


def _of_playbook(old: Playbook, new: Playbook) -> Iterator[Change]:
    def change(words: str) -> Change:
        return Change(title=new.called, words=words)

    for name, was, now in _differing(old, new):
        if name == "red_flags":
            continue
        words = f"the {_PLAYBOOK.get(name, plain(name))} is now {told(now)}; was {told(was)}"
        yield change(words)
    kept = {step.id for step in old.steps} & {step.id for step in new.steps}
    orders = [[step.id for step in book.steps if step.id in kept] for book in (old, new)]
    if orders[0] != orders[1]:
        moved = [new.step(a).title for a, b in zip(orders[1], orders[0], strict=True) if a != b]
        yield change(f"the steps stand in another order, beginning with {moved[0]}")


_PLAYBOOK = {
    "short": "short name",
    "minutes": "planned minutes",
    "narrowed": "choice of facts it allows",
    "arrives": "time before the start at which patients arrive",
}


def _of_facts(old: Mapping[str, Fact], new: Mapping[str, Fact]) -> Iterator[Change]:
    for name in dict.fromkeys((*new, *old)):
        title = f"Fact “{(new.get(name) or old[name]).title}”"
        if name not in old:
            yield Change(fact=name, title=title, words="is new")
        elif name not in new:
            yield Change(fact=name, title=title, words="is no longer known")
        else:
            for attribute, was, now in _differing(old[name], new[name]):
                words = f"its {_FACT.get(attribute, plain(attribute))} is now {told(now)}; was {told(was)}"
                yield Change(fact=name, title=title, words=words)
            if old[name].title != new[name].title:
                yield Change(fact=name, title=title, words=f"was called “{old[name].title}”")


_FACT = {"words": "list of values", "default": "usual value", "starts": "value at the start of a case"}


def _differing(old: object, new: object) -> Iterator[tuple[str, object, object]]:
    for each in fields(new):  # type: ignore[arg-type]
        was, now = getattr(old, each.name), getattr(new, each.name)
        whole = isinstance(new, Playbook)
        skipped = (each.name in SAID_ELSEWHERE and not (whole and each.name == "title")) or (
            whole and each.name == "left_out"
        )
        if was != now and each.compare and not skipped:
            yield each.name, was, now


def _of_step(old: Step, new: Step, known: tuple[Glossary, Glossary]) -> Iterator[str]:
    if old.title != new.title:
        yield f"was called “{old.title}”"
    for name, was, now in _differing(old, new):
        if say := _STEP.get(name):
            yield from say(old, new, known)
        else:
            yield f"the {plain(name)} is now {told(now)}; was {told(was)}"
    yield from differences_of_asked(old, new)


Say = Callable[[Step, Step, tuple[Glossary, Glossary]], Iterable[str]]


def _simple(words: Callable[[Step], str], before: str = "now ") -> Say:
    def say(old: Step, new: Step, _: tuple[Glossary, Glossary]) -> Iterator[str]:
        yield f"{before}{words(new)}; was {words(old)}"

    return say


def _due(old: Step, new: Step, _: tuple[Glossary, Glossary]) -> Iterator[str]:
    now, was = due_words(new.due), due_words(old.due)
    if _minutes(old.due) and _minutes(new.due) and old.due.anchor is new.due.anchor:
        side = next((word for word in (" before ", " after ") if word in now and word in was), "")
        was = was.partition(side)[0] if side else was
    yield f"now due {now}; was {was}"


def _minutes(due: Due) -> bool:
    return due.days is None and bool(due.minutes)


def _when(old: Step, new: Step, known: tuple[Glossary, Glossary]) -> Iterator[str]:
    changed = _one_changed(old.when, new.when)
    if old.when == ALWAYS:
        yield f"now only asked when {condition_words(new.when, known[1])}; was always asked"
    elif new.when == ALWAYS:
        yield f"now asked of everybody; was only asked when {condition_words(old.when, known[0])}"
    elif changed is None:
        now, was = condition_words(new.when, known[1]), condition_words(old.when, known[0])
        same = "its condition is written in another way"
        yield f"now asked when {now}; was asked when {was}" if now != was else same
    else:
        yield from _reworded(*changed, known)


def _one_changed(old: Condition, new: Condition) -> tuple[Is, Is] | None:
    """Return the one comparison whose words differ, if nothing else does."""
    if isinstance(old, Is) and isinstance(new, Is):
        return (old, new) if old.name == new.name and set(old.words) != set(new.words) else None
    for kind in (AllOf, AnyOf):
        if isinstance(old, kind) and isinstance(new, kind) and len(old.parts) == len(new.parts):
            pairs = [(a, b) for a, b in zip(old.parts, new.parts, strict=True) if a != b]
            return _one_changed(*pairs[0]) if len(pairs) == 1 else None
    return None


def _reworded(old: Is, new: Is, known: tuple[Glossary, Glossary]) -> Iterator[str]:
    gained = tuple(word for word in new.words if word not in old.words)
    lost = tuple(word for word in old.words if word not in new.words)
    for verb, words, names in (("also", gained, known[1]), ("no longer", lost, known[0])):
        asked = f"{'now ' if verb == 'also' else ''}{verb} asked"
        if words and new.name == "playbook":
            yield f"{asked} of patients for {names.words(new.name, words)}"
        elif words:
            yield f"{asked} when {names.name(new.name)} is {names.words(new.name, words)}"


def _stops(old: Step, new: Step, known: tuple[Glossary, Glossary]) -> Iterator[str]:
    was, now = stop_words(old, known[0]), stop_words(new, known[1])
    if not now:
        yield f"no longer stops anything; before, it {listed(was)}"
    elif was != now:
        gone = [words for words in was if words not in now]
        come = [words for words in now if words not in was]
        yield "; ".join([*(f"now {words}" for words in come), *(f"before, it {words}" for words in gone)])
    elif old.stops.level is not new.stops.level:
        yield f"its stop now counts as {_LEVELS[new.stops.level]}; was {_LEVELS[old.stops.level]}"
    else:
        yield "its stop is written in another way"


_LEVELS = {Level.NONE: "a reminder", Level.MD: "one that a physician decides", Level.HARD: "a hard stop"}


def _sources(old: Step, new: Step, _: tuple[Glossary, Glossary]) -> Iterator[str]:
    come = [each for each in new.sources if each not in old.sources]
    gone = [each for each in old.sources if each not in new.sources]
    yield from [f"now also cites {listed(come)}"] if come else []
    yield from [f"no longer cites {listed(gone)}"] if gone else []
    yield from [] if come or gone else ["cites the same sources in another order"]


def _scope(old: Step, new: Step, _: tuple[Glossary, Glossary]) -> Iterator[str]:
    course = new.scope is Scope.COURSE
    yield "now asked once in a course" if course else "now asked at every session; was once in a course"


def _yes_or_no(attribute: str, yes: str, no: str) -> Say:
    def say(old: Step, new: Step, _: tuple[Glossary, Glossary]) -> Iterator[str]:
        yield yes if getattr(new, attribute) else no

    return say


def _overlay(step: Step) -> str:
    return f"as {step.overlay} changed it" if step.overlay else "as it is shipped"


def _gate(step: Step) -> str:
    return next((words for gate, words in wording.GATES.items() if gate == step.gate), "no gate")


_STEP: Mapping[str, Say] = {
    "phase": _simple(lambda step: f"in the part “{plain(step.phase)}”"),
    "role": _simple(lambda step: f"asked of {wording.ROLES[step.role]}"),
    "due": _due,
    "card": _simple(lambda step: f"on the card “{wording.CARDS[step.card]}”"),
    "why": _simple(lambda step: told(step.why), "its reason now reads "),
    "scope": _scope,
    "valid_days": _simple(lambda step: validity_words(step.valid_days), "an answer is now "),
    "when": _when,
    "stops": _stops,
    "ladder": _simple(lambda step: f"reminded of as {step.ladder}"),
    "shared": _yes_or_no("shared", "now once for all cases in the room that day", "now asked for each case"),
    "double": _yes_or_no("double", "now needs a second person", "no longer needs a second person"),
    "red_flags": _yes_or_no(
        "red_flags", "now shows the red flags of its day", "no longer shows the red flags of its day"
    ),
    "attempts": _simple(lambda step: attempts_words(step.attempts) if step.attempts else "tried once only"),
    "books": _simple(lambda step: f"booking a date, “{plain(step.books)}”" if step.books else "booking none"),
    "gate": _simple(_gate, "its readiness moment is now "),
    "sources": _sources,
    "overlay": _simple(_overlay),
    "grade": _simple(lambda step: step.grade or "none", "its evidence is now graded "),
}
