"""The head of a playbook: which words of facts it allows, when patients come, and who reviewed it last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.core.conditions import Condition
from bot.core.facts import Fact
from bot.core.playbook import Arrival, Review
from bot.files.conditions import Subjects, condition
from bot.files.entry import Entry
from bot.files.spans import span

REVIEW = ("medical_director", "reviewed_on", "next_review")


def narrows(root: Entry, facts: Mapping[str, Fact]) -> dict[str, tuple[str, ...]]:
    """Return the words of facts that a playbook allows."""
    allowed = root.get("narrows")
    found: dict[str, tuple[str, ...]] = {}
    for key, value in allowed.pairs() if allowed else []:
        name = key.known(facts, "fact")
        if name in facts:
            found[name] = value.all_of(facts[name].words)
        if value.is_list and not value.content:
            value.wrong("expected at least one value that this playbook allows")
    return found


def review_note(root: Entry) -> Review:
    """Return what stands in the file about a review."""
    review = root.get("review")
    if review is None:
        return Review()
    review.only(*REVIEW)
    director, reviewed, upcoming = (review.get(name) for name in REVIEW)
    days: list[date | None] = [each.day() if each else None for each in (reviewed, upcoming)]
    if days[0] and days[1] and days[1] <= days[0] and upcoming:
        upcoming.wrong("the next review lies before this one")
    return Review(
        medical_director=director.text() if director else None, reviewed_on=days[0], next_review=days[1]
    )


def arrives(root: Entry, sources: Iterable[Entry], own: Subjects, shared: Subjects) -> Arrival:
    """Return what a playbook says of the planned arrival, else what the first that it includes says."""
    if said := root.get("arrive"):
        return arrival(said, own)
    found = [said for each in sources if each.get("include") and (said := each.get("arrive"))]
    return arrival(found[0], shared) if found else Arrival()


def arrival(entry: Entry, facts: Subjects) -> Arrival:
    """Return how long before the start patients come, and what makes it earlier."""
    entry.only("usually", "earlier")
    usually = span(entry.need("usually"), "min")[0]
    return Arrival(
        usually=usually,
        earlier=tuple(_earlier(each, usually, facts) for each in entry.maybe("earlier", Entry.each, [])),
    )


def _earlier(entry: Entry, usually: int, facts: Subjects) -> tuple[int, Condition]:
    entry.only("before", "when")
    before = entry.need("before")
    minutes = span(before, "min")[0]
    if minutes <= usually and not before.missing:
        before.wrong(f"this is no earlier than usual, which is {usually} min before the start")
    return minutes, condition(entry.need("when"), facts)
