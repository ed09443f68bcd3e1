"""Typed replies: `done`, `all ok`, `2 na no medicines`, `all but 3`, `problem 1 cold sore`, `later 20m`.

A reply that could mean two things is answered with the choices, and nothing is recorded. So a plain yes takes
no words besides, and words that hold a second reply are not taken for a note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.case import Outcome
from bot.core.errors import Unclear

_YES = (
    *("done", "ok", "okay", "yes", "yep", "yeah", "y", "confirmed", "confirm", "checked", "fine", "good"),
    *("👍", ":thumbsup:", ":+1:", "+1", "thumbs up", "✅", "✔", "✓", ":white_check_mark:"),
)
_WORDS: Mapping[str, Outcome] = dict.fromkeys(_YES, Outcome.CONFIRMED) | {
    "na": Outcome.NOT_APPLICABLE,
    "n/a": Outcome.NOT_APPLICABLE,
    "n.a": Outcome.NOT_APPLICABLE,
    "not applicable": Outcome.NOT_APPLICABLE,
    "caught": Outcome.CAUGHT,
    "problem": Outcome.PROBLEM,
    "unreached": Outcome.UNREACHED,
    "not reached": Outcome.UNREACHED,
}
#: What may follow a plain yes without meaning anything.
_KIND = ("", "thanks", "thank you", "thx", "ty", "please", "now")
_EXAMPLES = "Try `1 done`, `all ok`, `all but 3`, `2 na no medicines`, `problem 1 cold sore` or `undo`."


def _one_of(words: Sequence[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return rf"(?:{'|'.join(map(re.escape, longest_first))})"


_WORD = rf"({_one_of(list(_WORDS))})(?=\s|:|,|$):?"
_AND = r"\s*(?:,\s*and|,|\band\b|&|\+)\s*|\s*(?:-|–|\bto\b)\s*"
_NUMBERS = rf"(?:lines?\s+|#)?(\d{{1,3}}(?:(?:{_AND}|\s+)\d{{1,3}})*)(?!\w)"
_ALL = rf"(?:all|everything)(?:\s+{_one_of(_YES)})?|{_one_of(_YES)}\s+all"
_BUT = re.compile(rf"(?:(?:{_ALL})\s+)?(?:but|except|except for|apart from)\s+{_NUMBERS}")
_EVERYTHING = re.compile(_ALL)
_ANOTHER = re.compile(rf"\b\d{{1,3}}\s*[:,]?\s*{_WORD}|(?:^|[\s,;]){_WORD}\s*\d{{1,3}}\b")
_UNDO = re.compile(rf"(?:undo|take (?:it |that )?back)(?:\s+{_NUMBERS})?")
_ON_IT = re.compile(rf"(?:{_NUMBERS}\s+)?(?:(?:i'?m|i am)\s+)?on it(?:\s+{_NUMBERS})?")
_HAND = r"(?:to\s+|pass to\s+|hand (?:it )?to\s+|(?=[@<]))"
_TO = re.compile(rf"(?:{_NUMBERS}\s+)?{_HAND}([@<]?[^\s\d][^<>@]{{0,59}}?)>?(?:\s+{_NUMBERS})?")
_LATER = re.compile(
    rf"(?:{_NUMBERS}\s+)?(?:later|snooze)(?:\s+(?:in\s+)?(\d{{1,3}})\s*(m|min|mins|minutes?|h|hours?)?)?"
)


class Wish(StrEnum):
    """What somebody wants done with the lines of a card."""

    #: take this as the answer
    ANSWER = "answer"
    #: take my answer back
    UNDO = "undo"
    #: I am at it: do not remind me
    ON_IT = "on_it"
    #: ask me again in so many minutes
    LATER = "later"
    #: ask somebody else
    HAND_TO = "hand_to"


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """What a typed reply means: these lines get this outcome and note.

    Or it asks for something else: `undo` takes an answer back (the last one where it names no line), `on_it`
    says that somebody is at it, `later` is minutes to wait, `to` the person to hand these lines to, as typed.
    """

    numbers: tuple[int, ...] = ()
    outcome: Outcome = Outcome.CONFIRMED
    note: str = ""
    undo: bool = False
    on_it: bool = False
    later: int = 0
    to: str = ""

    @property
    def wish(self) -> Wish:
        """Return what is wanted."""
        wishes = {Wish.UNDO: self.undo, Wish.ON_IT: self.on_it, Wish.LATER: self.later, Wish.HAND_TO: self.to}
        return next((wish for wish, wanted in wishes.items() if wanted), Wish.ANSWER)


def understand(text: str, open_lines: Sequence[int]) -> Understood:
    """Say what a reply means for a card with these open lines; raise Unclear with what to write."""
    said = re.sub(r"\s+", " ", text.strip().strip("`\"'“”")).strip().rstrip(".!").strip()
    lower = said.lower().replace("’", "'")
    if found := _UNDO.fullmatch(lower):
        return Understood(undo=True, numbers=_numbers(found[1] or ""))
    if found := _ON_IT.fullmatch(lower):
        return Understood(on_it=True, numbers=_meant(found[1] or found[2], open_lines))
    if found := _LATER.fullmatch(lower):
        return _later(found, open_lines)
    if found := _BUT.fullmatch(lower):
        return _but(_numbers(found[1]), open_lines)
    if _EVERYTHING.fullmatch(lower):
        return Understood(numbers=_some(open_lines))
    if found := re.fullmatch(_NUMBERS, lower):
        raise Unclear(f"{_lines(_known(found[1], open_lines))}: what of it? {_choices(found[1])}")
    if answered := _answered(said, open_lines):
        return answered
    if found := _TO.fullmatch(said):
        return Understood(to=found[2].lstrip("@<").strip(), numbers=_meant(found[1] or found[3], open_lines))
    raise not_understood(said, open_lines)


def is_plain_undo(text: str) -> bool:
    """Say whether a reply takes back what was answered last, and names no line."""
    found = _UNDO.fullmatch(" ".join(text.lower().split()).strip("`\"'“”.! "))
    return found is not None and not found[1]


def _but(left: Sequence[int], open_lines: Sequence[int]) -> Understood:
    _check(left, open_lines)
    meant = tuple(number for number in open_lines if number not in left)
    if not meant:
        raise Unclear("No other line on this card is open. Nothing was recorded.")
    return Understood(numbers=meant)


def _later(found: re.Match[str], open_lines: Sequence[int]) -> Understood:
    lines, amount, unit = found[1], found[2], found[3] or ""
    if amount is None:
        raise Unclear("How much later? Write it like `later 20m`. Nothing was changed.")
    number = int(amount)
    if not unit and not lines and number in open_lines:
        raise Unclear(
            f"Line {number}, or {number} minutes? Write `later {number}m`, or `{number} later 20m`."
        )
    if not number:
        raise Unclear("That is now. Write it like `later 20m`. Nothing was changed.")
    return Understood(later=number * (60 if unit.startswith("h") else 1), numbers=_meant(lines, open_lines))


def _answered(said: str, open_lines: Sequence[int]) -> Understood | None:
    either = re.IGNORECASE
    if found := re.fullmatch(rf"{_NUMBERS}[:,]?\s*{_WORD}[,:]?\s*(.*)", said, either):
        return _taken(found[2], _numbers(found[1]), found[3], open_lines)
    if found := re.fullmatch(rf"{_WORD}\s+{_NUMBERS}[,:]?\s*(.*)", said, either):
        if found[3] and found[1].lower() not in _YES and _doubtful(found[2]):
            first, *_ = _numbers(found[2])
            raise Unclear(
                f"Which lines do you mean? Write the numbers first, such as `{first} {found[1].lower()} "
                f"{found[2].partition(str(first))[2].strip(' ,')} {found[3]}`. Nothing was recorded."
            )
        return _taken(found[1], _numbers(found[2]), found[3], open_lines)
    if found := re.fullmatch(rf"{_WORD}[,:]?\s*(.*)", said, either):
        return _taken(found[1], _only(found[1].lower(), open_lines), found[2], open_lines)
    return None


def _taken(word: str, numbers: tuple[int, ...], note: str, open_lines: Sequence[int]) -> Understood:
    outcome, numbered = _WORDS[word.lower()], ", ".join(map(str, numbers))
    _check(numbers, open_lines)
    if outcome is Outcome.CONFIRMED:
        if note.lower().strip(" ,") not in (*_KIND, *_YES):
            raise Unclear(
                f"A plain `{numbered} done` takes no words besides, and nothing was recorded. "
                f"{_choices(numbered)}"
            )
        return Understood(numbers=numbers)
    if not note:
        raise Unclear(f"Please add a few words why, such as `{numbered} {word.lower()} no medicines`.")
    if _ANOTHER.search(note.lower()):
        raise Unclear("That reads like two replies, and nothing was recorded. Please write one at a time.")
    return Understood(numbers=numbers, outcome=outcome, note=note)


def _doubtful(numbers: str) -> bool:
    # "problem 1, 2 blisters" is line 1; "problem 1 and 2 blisters" names both
    return bool(re.search(r"\d\s*,\s*\d|\d\s+\d", numbers))


def _only(word: str, open_lines: Sequence[int]) -> tuple[int, ...]:
    if len(open_lines) > 1:
        lines, first = ", ".join(map(str, open_lines)), open_lines[0]
        example = f"`{first} done`" if word in _YES else f"`{first} {word} …`"
        every = "`all ok`, or " if word in _YES else ""
        raise Unclear(f"Lines {lines} are open. Write {every}the number first, such as {example}.")
    return _some(open_lines)


def _meant(numbers: str | None, open_lines: Sequence[int]) -> tuple[int, ...]:
    return _known(numbers, open_lines) if numbers else _some(open_lines)


def _some(open_lines: Sequence[int]) -> tuple[int, ...]:
    if not open_lines:
        raise Unclear("Nothing on this card is open any more; nothing was changed.")
    return tuple(open_lines)


def _known(text: str, open_lines: Sequence[int]) -> tuple[int, ...]:
    numbers = _numbers(text)
    _check(numbers, open_lines)
    return numbers


def _numbers(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*(?:-|–|\bto\b)\s*(\d+))?", text):
        found += range(int(first), int(last or first) + 1)
    return tuple(dict.fromkeys(found))


def _check(numbers: Sequence[int], open_lines: Sequence[int]) -> None:
    wrong = [str(number) for number in numbers if number not in open_lines]
    if wrong:
        lines = ", ".join(map(str, open_lines)) or "none"
        raise Unclear(
            f"Line {', '.join(wrong)} is not open on this card (open: {lines}). Nothing was recorded."
        )


def _lines(numbers: Sequence[int]) -> str:
    return f"Line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _choices(numbers: str) -> str:
    return (
        f"Write `{numbers} done`, `{numbers} caught …` (found and put right), `{numbers} na …` "
        f"(does not apply) or `{numbers} problem …`, each with a few words."
    )


def not_understood(said: str, open_lines: Sequence[int] = ()) -> Unclear:
    """Return what to say of words that mean nothing here."""
    if re.match(r"(?:\d+ )?(?:no|nope|not|not done|not yet)\b", said.lower()) and open_lines:
        number = (re.match(r"\d+", said) or [str(open_lines[0])])[0]
        return Unclear(f"What is not so? Nothing was recorded. {_choices(number)}")
    return Unclear(f"I did not understand {said[:60]!r}, and nothing was recorded. {_EXAMPLES}")
