"""What changed in the red flags of a playbook: each with its title and a clause of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from bot.core.conditions import ALWAYS
from bot.core.playbook import Playbook
from bot.core.red_flags import RedFlag, Span
from bot.core.sentences import Glossary, condition_words, listed, told
from bot.core.wording import plain


def differences_of_red_flags(
    old: Playbook, new: Playbook, known: tuple[Glossary, Glossary]
) -> Iterator[tuple[str, str]]:
    """Yield the title of each red flag that came, went or differs, and what of it."""
    before, after = ({flag.id: flag for flag in book.red_flags} for book in (old, new))
    for name in dict.fromkeys((*after, *before)):
        title = f"Red flag “{(after.get(name) or before[name]).title}”"
        if name not in before:
            yield title, "is new"
        elif name not in after:
            yield title, "is no longer known"
        else:
            yield from ((title, words) for words in _of_flag(before[name], after[name], known))


def _of_flag(old: RedFlag, new: RedFlag, known: tuple[Glossary, Glossary]) -> Iterator[str]:
    if old.title != new.title:
        yield f"was called “{old.title}”"
    for each in fields(new):
        if each.name != "title" and getattr(old, each.name) != getattr(new, each.name):
            was, now = _said(old, each.name, known[0]), _said(new, each.name, known[1])
            verb = "are" if each.name.endswith("s") else "is"
            name = "condition" if each.name == "when" else plain(each.name)
            yield f"its {name} {verb} now {now}; was {was}"


def _said(flag: RedFlag, name: str, known: Glossary) -> str:
    match name:
        case "days":
            return _days(flag.days)
        case "minutes":
            return f"{flag.minutes[0]} to {flag.minutes[1]}" if flag.minutes else "none"
        case "playbooks":
            return listed(flag.playbooks) or "all"
        case "when":
            return "always" if flag.when == ALWAYS else condition_words(flag.when, known)
        case _:
            return told(getattr(flag, name))


def _days(days: Mapping[str, Span]) -> str:
    spans = [f"{first} to {last}{f' for {name}' if name else ''}" for name, (first, last) in days.items()]
    return listed(spans) or "none"
