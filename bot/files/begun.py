"""A playbook begun from answers: a commented file that passes `bookend check` at once, to go on with.

What a procedure may be asked beyond its name and days is not known here: it is every fact that a playbook of
the folder narrows, such as the kind of device.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.errors import BookendError
from bot.core.facts import Fact
from bot.core.playbook import Playbook
from bot.files.entry import LONGEST, Entry, Source

#: Every answer -> what is asked for it, and what it is where nothing is said.
QUESTIONS: Mapping[str, tuple[str, str]] = {
    "title": ("What is the procedure called?", ""),
    "id": ("What is its short name in files, such as glow?", ""),
    "short": ("What do cards call it?", ""),
    "minutes": ("How many minutes does it take?", "60"),
    "checks": ("What must be checked in the days before? Several with ; between them", ""),
    "opened": ("Is the skin opened (yes or no)?", "no"),
    "days": ("On which days after it is the patient seen or asked, such as 1, 7, 30?", "1, 7"),
}
#: Days after the procedure up to which somebody asks even if the clinic is closed.
SOON = 3
MOST = 12
#: How somebody who types says that a list is empty.
NONE = "none"
_ID = re.compile(r"[a-z][a-z0-9_]{0,19}")
_PLAIN = re.compile(r"[^\W\d_][\w ,.()/&’-]*")
#: Words that a plain YAML reader, such as an editor's, takes for something else.
_WORDS = {"yes", "no", "on", "off", "true", "false", "null"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """What was answered; `allows` is fact -> the one word of it that this procedure has."""

    id: str
    title: str
    short: str
    minutes: int = 60
    checks: tuple[str, ...] = ()
    opened: bool = False
    days: tuple[int, ...] = ()
    allows: Mapping[str, str] = field(default_factory=dict)


def may_differ(playbooks: Mapping[str, Playbook]) -> dict[str, Fact]:
    """Return the facts that belong to a procedure and not to a patient: some playbook narrows them."""
    return {name: book.facts[name] for book in playbooks.values() for name in book.narrowed}


def suggested(title: str) -> str:
    """Return a short name made of a title: the first letters of its words, or the first of one word."""
    words = re.findall(r"[a-z][a-z0-9]*", title.lower())
    return "".join(word[0] for word in words)[:6] if len(words) > 2 else "_".join(words)[:20].strip("_")


def in_words(name: str, said: str) -> Entry:
    """Return an answer as it was typed, to be asked like one that stands in a file."""
    separator = {"checks": ";", "days": ","}.get(name)
    source = Source(file=name)
    if separator is None:
        return Entry(source=source, content=said.strip(), plain=False)
    items = [each.strip() for each in said.split(separator) if each.strip() and each.strip() != NONE]
    return Entry(source=source, content=[Entry(source=source, content=each, plain=False) for each in items])


def _title(entry: Entry) -> str:
    said = entry.text()
    if not said.isprintable() or len(said) > 200:
        entry.wrong("expected one line of at most 200 characters")
    return said


def _id(entry: Entry) -> str:
    said = entry.text()
    if said and not _ID.fullmatch(said):
        entry.wrong(f"a short name is at most 20 small letters, digits and _, such as glow, not {said!r}")
    return said


def _several(entry: Entry, ask: Callable[[Entry], str | int]) -> tuple[str | int, ...]:
    found = tuple(dict.fromkeys(ask(each) for each in entry.each()))
    if len(found) > MOST:
        entry.wrong(f"at most {MOST} to begin with")
    return found


def _days(entry: Entry) -> tuple[int, ...]:
    return tuple(sorted(int(day) for day in _several(entry, lambda each: each.whole(least=1, most=3650))))


#: Every answer -> how it is read.
READ: Mapping[str, Callable[[Entry], object]] = {
    "title": _title,
    "id": _id,
    "short": _title,
    "minutes": lambda entry: entry.whole(least=1, most=LONGEST),
    "checks": lambda entry: _several(entry, _title),
    "opened": Entry.flag,
    "days": _days,
}


def usual(name: str, answers: Mapping[str, object]) -> str:
    """Return what is answered where nothing is said; some follow from the answers before."""
    title = str(answers.get("title", ""))
    return {"id": suggested(title), "short": title}.get(name, QUESTIONS[name][1])


def read_answer(name: str, entry: Entry) -> object:
    """Return an answer, or raise BookendError with what is wrong with it."""
    before = len(entry.source.mistakes)
    found = READ[name](entry)
    if wrong := entry.source.mistakes[before:]:
        raise BookendError(f"{name}: {'; '.join(each.what for each in wrong)}")
    return found


def read_allowed(facts: Mapping[str, Fact], name: str, word: str) -> dict[str, str]:
    """Return the one word of a fact that a procedure has; an empty one says that any may be."""
    if name not in facts:
        raise BookendError(f"There is no {name!r} to say of a procedure; there is {', '.join(facts)}.")
    if word and word not in facts[name].words:
        raise BookendError(f"{name} is one of {', '.join(facts[name].words)}, not {word!r}.")
    return {name: word} if word else {}


def begun_with(answers: Mapping[str, Any], allows: Mapping[str, str]) -> Beginning:
    """Return the beginning that these answers make."""
    return Beginning(**answers, allows=dict(allows))


def playbook_text(begun: Beginning) -> str:
    """Return the file."""
    return "\n".join([*_head(begun), *_before(begun), *_after(begun)])


def _head(begun: Beginning) -> Iterator[str]:
    yield "# yaml-language-server: $schema=playbook.schema.json"
    yield "#"
    yield f"# {begun.title}: a first draft. Nobody is prompted until a medical director has signed it."
    yield "# `bookend check` lists what is wrong, `bookend plan` shows the dates. Every line is yours."
    yield ""
    yield f"playbook: {begun.id}"
    yield f"title: {_text(begun.title)}"
    yield f"short: {_text(begun.short)}"
    yield "version: 1"
    yield f"minutes: {begun.minutes}"
    yield "# Booking, consultation, consent, time-out and aftercare are those of every procedure."
    yield "includes: [every-procedure]"
    if begun.allows:
        yield "# What this procedure is; steps for any other are left out."
        yield f"narrows: {{{', '.join(f'{name}: [{_text(word)}]' for name, word in begun.allows.items())}}}"
    yield "review: {medical_director: null, reviewed_on: null, next_review: null}"
    yield "steps:" if begun.checks or begun.days else "steps: []"


def _before(begun: Beginning) -> Iterator[str]:
    yield "\n  # ------------------------------------------------------------ Before\n"
    yield "  # What must be true before the day. `md` lets the physician decide, `hard` has no go-ahead;"
    yield "  # without `stop` it only reminds. A line `when: {age: {below: 18}}` asks some patients only."
    yield "  # Grade P is this clinic's own choice; `sources: [...]` says where something is written."
    for number, check in enumerate(begun.checks, start=1):
        yield from _step(
            begun,
            f"before_{number}",
            "pre",
            check,
            "start - 7 days at 10:00, previous open day",
            "confirmed: {choose: [yes, no], normal: yes}",
            "{md: {confirmed: no}}",
        )


def _after(begun: Beginning) -> Iterator[str]:
    yield "\n  # ------------------------------------------------------------- After"
    for day in begun.days:
        closed = "even if closed" if day <= SOON else "next open day"
        wound = begun.opened and day == begun.days[0]
        yield from _step(
            begun,
            f"day_{day}",
            "follow_up",
            "Wound check" if wound else f"Check on day {day}",
            f"start + {day} {'day' if day == 1 else 'days'} at 10:00, {closed}",
            "wound: {choose: [quiet, red, open, bleeding], normal: quiet}"
            if wound
            else "as_expected: {choose: [yes, no], normal: yes}",
            "{md: {wound: [red, open, bleeding]}}" if wound else "{md: {as_expected: no}}",
        )
    yield ""


def _step(
    begun: Beginning, name: str, phase: str, title: str, due: str, asked: str, stop: str
) -> Iterator[str]:
    yield f"\n  - id: {begun.id}.{name}"
    yield f"    phase: {phase}"
    yield f"    title: {_text(title)}"
    yield "    role: nurse"
    yield f"    due: {due}"
    yield "    ask:"
    yield f"      {asked}"
    yield f"    stop: {stop}"
    yield "    grade: P"


def _text(said: str) -> str:
    plain = _PLAIN.fullmatch(said) and said == said.strip() and said.lower() not in _WORDS
    return said if plain else json.dumps(said, ensure_ascii=False)
