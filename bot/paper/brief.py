"""Conditions in the fewest words that cannot be misread, for whoever knows that "not known" counts as so."""

from __future__ import annotations

from bot.core.conditions import AllOf, AnyOf, Bounds, Condition, Is, Not, Within
from bot.core.sentences import Glossary, condition_words
from bot.core.wording import count, plain

#: The words of a fact that mean "nothing found".
_NOTHING = ({"no"}, {"none"}, {"never"})


def brief_words(condition: Condition, known: Glossary, *, inside: bool = False) -> str:
    """Say a condition in few words: "Smoker and Skin type IV/V/VI"; `inside` another, in brackets."""
    match condition:
        case AllOf(parts=(part,)) | AnyOf(parts=(part,)):
            return brief_words(part, known, inside=inside)
        case AllOf() | AnyOf():
            link = " and " if isinstance(condition, AllOf) else " or "
            words = link.join(brief_words(part, known, inside=True) for part in condition.parts)
            return f"({words})" if inside else words
        case Not(part=Is(name=name, words=words)) if set(words) in _NOTHING:
            return _bare(name, known)
        case Is(name=name, words=words):
            left = [plain(word) for word in words if word != "unknown"]
            return _bare(name, known) if left in (["yes"], []) else f"{_bare(name, known)} {'/'.join(left)}"
        case Within(name=name, days=0, months=0):
            return f"{_bare(name, known)} after the procedure"
        case Within(name=name):
            return f"{_bare(name, known)} under {_long(condition)} before"
        case _:
            return condition_words(condition, known).replace("“", "").replace("”", "")


def allowed_words(leaf: Bounds | Within) -> str:
    """Say what a number or a date must be so that it does not stop: "below 38", "28 days before or more"."""
    if isinstance(leaf, Within):
        return f"{_long(leaf)} before or more"
    limits = (leaf.below, leaf.above, leaf.at_least, leaf.at_most)
    words = ("at least", "at most", "below", "above")
    said = [f"{word} {limit:g}" for word, limit in zip(words, limits, strict=True) if limit is not None]
    return " or ".join(said)


def _long(leaf: Within) -> str:
    return count(leaf.months, "month") if leaf.months else count(leaf.days, "day")


def _bare(name: str, known: Glossary) -> str:
    return known.name(name).strip("“”")
