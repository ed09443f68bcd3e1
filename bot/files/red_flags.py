"""A file of red flags: what a complication looks like, when it shows, and how soon somebody must act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.core.conditions import ALWAYS
from bot.core.facts import Fact
from bot.core.red_flags import RedFlag, Span, Urgency
from bot.files.conditions import condition, of_facts
from bot.files.entry import Entry
from bot.files.facts import plain_name

KEYS = (
    *("title", "window", "days", "minutes", "signs", "worse", "urgency", "then"),
    *("playbooks", "when", "sources"),
)
#: Instead of a list of playbooks.
EVERY = "all"
#: What a sign looks like: it is a choice on forms, and stored as a word.
SIGN = r"[a-z][a-z0-9]*([ -][a-z0-9]+){0,11}"
_SIGN = re.compile(SIGN)


def parse_red_flags(root: Entry, facts: Mapping[str, Fact]) -> tuple[RedFlag, ...]:
    """Return the red flags that a file declares, in its order."""
    root.only("red_flags")
    declared = root.need("red_flags")
    flags = tuple(_flag(key, entry, facts) for key, entry in declared.pairs())
    if declared.is_mapping and not flags:
        declared.wrong("expected at least one red flag")
    return flags


def signs_of(flags: Iterable[RedFlag]) -> tuple[str, ...]:
    """Return every sign once, in the order of the file."""
    return tuple(dict.fromkeys(sign for flag in flags for sign, _ in flag.each_sign()))


def _flag(key: Entry, entry: Entry, facts: Mapping[str, Fact]) -> RedFlag:
    entry.only(*KEYS)
    playbooks = _playbooks(entry.need("playbooks"), facts)
    urgency = entry.need("urgency").member(Urgency)
    signs = _signs(entry.need("signs"))
    days, minutes = _window(entry, playbooks)
    # where the urgency is unreadable, any worse one may be right
    least = urgency if entry.need("urgency").content == urgency else Urgency.NEXT_VISIT
    return RedFlag(
        id=plain_name(key, "red flag"),
        title=entry.need("title").text(),
        window=entry.need("window").text(),
        urgency=urgency,
        signs=signs,
        worse=entry.maybe("worse", lambda worse: _worse(worse, signs, least), {}),
        then=entry.maybe("then", Entry.text, ""),
        days=days,
        minutes=minutes,
        playbooks=playbooks,
        when=entry.maybe("when", lambda when: condition(when, of_facts(facts, {})), ALWAYS),
        sources=entry.need("sources").texts(),
    )


def _playbooks(entry: Entry, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    if entry.content == EVERY:
        return ()
    known = facts["playbook"].words if "playbook" in facts else ()
    names = tuple(each.known(known, "playbook") for each in entry.each())
    if entry.is_list and not names:
        entry.wrong(f"expected at least one playbook, or {EVERY}")
    return names


def _signs(entry: Entry) -> tuple[str, ...]:
    found: list[str] = []
    for each in entry.each():
        sign = _sign(each)
        if sign in found:
            each.wrong(f"{each.shown} stands here twice")
        found.append(sign)
    if entry.is_list and not found:
        entry.wrong("expected at least one sign")
    return tuple(found)


def _sign(entry: Entry) -> str:
    written = entry.text()
    if written and not _SIGN.fullmatch(written):
        entry.wrong(f"a sign is a few words in small letters without commas, not {entry.shown}")
    return written.replace(" ", "_")


def _worse(entry: Entry, signs: tuple[str, ...], urgency: Urgency) -> dict[str, Urgency]:
    found: dict[str, Urgency] = {}
    for key, value in entry.pairs():
        sign, worse = _sign(key), value.member(Urgency)
        if sign in signs:
            key.wrong(f"{key.shown} is among the signs already")
        if worse.rank >= urgency.rank:
            value.wrong(f"{worse} is not more urgent than {urgency}")
        found[sign] = worse
    return found


def _window(entry: Entry, playbooks: tuple[str, ...]) -> tuple[dict[str, Span], Span | None]:
    days, minutes = entry.get("days"), entry.get("minutes")
    if (days is None) is (minutes is None):
        entry.wrong("a red flag has a window: `days: [2, 10]` or `minutes: [0, 60]`, one of the two")
        return {}, None
    if minutes is not None:
        return {}, _span(minutes)
    assert days is not None
    return (_by_playbook(days, playbooks) if days.is_mapping else {"": _span(days)}), None


def _by_playbook(entry: Entry, playbooks: tuple[str, ...]) -> dict[str, Span]:
    found = {key.known(playbooks, "playbook of this red flag"): _span(value) for key, value in entry.pairs()}
    if left := [name for name in playbooks if name not in found]:
        entry.wrong(f"no days are given for {', '.join(left)}")
    return found


def _span(entry: Entry) -> Span:
    found = [each.whole() for each in entry.each()]
    if len(found) != 2:
        entry.wrong("expected the first and the last, such as [2, 10]")
        return 0, 0
    if found[1] < found[0]:
        entry.wrong("this window ends before it starts")
    return found[0], found[1]
