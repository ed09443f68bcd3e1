"""What changed in what a step asks: fields that came, went or differ, each in a clause of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields

from bot.core.conditions import shown
from bot.core.playbook import Field, Step
from bot.core.sentences import KINDS, field_words, listed, told
from bot.core.wording import plain


def differences_of_asked(old: Step, new: Step) -> Iterator[str]:
    """Say what a step asks now and did not before, no longer, or otherwise."""
    before = {each.name: each for each in old.ask}
    after = {each.name: each for each in new.ask}
    for name, each in after.items():
        if name not in before:
            yield f"now also asks {field_words(each)}"
        elif before[name] != each:
            yield from _of_field(before[name], each)
    for name, each in before.items():
        if name not in after:
            yield f"no longer asks “{each.label}”"
    kept = before.keys() & after.keys()
    if [name for name in before if name in kept] != [name for name in after if name in kept]:
        yield "asks the same in another order"


def _of_field(old: Field, new: Field) -> Iterator[str]:
    for each in fields(new):
        was, now = getattr(old, each.name), getattr(new, each.name)
        if was != now:
            say = _FIELD.get(each.name)
            words = say(old, new) if say else f"{plain(each.name)} is now {told(now)}; was {told(was)}"
            yield words if each.name == "label" else f"“{new.label}” {words}"


def _choices(old: Field, new: Field) -> str:
    come = [f"“{plain(each)}”" for each in new.choices if each not in old.choices]
    gone = [f"“{plain(each)}”" for each in old.choices if each not in new.choices]
    said = [f"can now also be answered {listed(come, 'or')}"] if come else []
    said += [f"can no longer be answered {listed(gone, 'or')}"] if gone else []
    return " and ".join(said) or "shows its answers in another order"


def _limits(old: Field, new: Field) -> str:
    def range_of(asked: Field) -> str:
        return f"{told(asked.least)} to {told(asked.most)}"

    return f"now takes {range_of(new)}; took {range_of(old)}"


def _normal(old: Field, new: Field) -> str:
    def usual(asked: Field) -> str:
        return "none" if asked.normal is None else f"“{shown(asked.normal)}”"

    return f"now has the usual answer {usual(new)}; was {usual(old)}"


def _decides(old: Field, new: Field) -> str:
    answers = listed([f"“{plain(each)}”" for each in new.decides], "or")
    return f"now decides the stop when answered {answers}" if answers else "no longer decides the stop"


def _yes_or_no(attribute: str, yes: str, no: str) -> Callable[[Field, Field], str]:
    return lambda old, new: yes if getattr(new, attribute) else no


def _sets(old: Field, new: Field) -> str:
    return f"now sets {_facts(new)}; set {_facts(old)}"


def _facts(asked: Field) -> str:
    return listed([f"“{plain(fact)}” ({_meaning(words)})" for fact, words in asked.sets.items()]) or "no fact"


def _meaning(words: Mapping[str, str]) -> str:
    return listed([f"{plain(a)} means {plain(b)}" for a, b in words.items()]) or "as answered"


_FIELD: Mapping[str, Callable[[Field, Field], str]] = {
    "label": lambda old, new: f"“{old.label}” now reads “{new.label}”",
    "kind": lambda old, new: f"now takes {KINDS[new.kind]}; took {KINDS[old.kind]}",
    "choices": _choices,
    "normal": _normal,
    "optional": _yes_or_no("optional", "may now be left out", "must now be answered"),
    "unit": lambda old, new: f"is now in {told(new.unit)}; was in {told(old.unit)}",
    "least": _limits,
    "most": _limits,
    "identity": _yes_or_no("identity", "now names a person and is not kept", "no longer names a person"),
    "chart": _yes_or_no("chart", "is now written in the patient's record", "is no longer only in the record"),
    "sets": _sets,
    "decides": _decides,
    "help": lambda old, new: f"now explains {told(new.help)}; was {told(old.help)}",
    "signs": _yes_or_no("signs", "now offers the signs of the red flags", "now offers a list of its own"),
    "tense": lambda old, new: f"is now a date of {new.tense or 'any time'}; was of {old.tense or 'any time'}",
}
