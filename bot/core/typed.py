"""Typed replies: `done`, `all ok`, `2 na no medicines`, `all but 3`, `problem 1 cold sore`, `undo`.

A reply that could mean two things is answered with the choices, and nothing is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.case import Outcome
from bot.core.errors import Unclear

_DONE = ("done", "ok", "yes", "confirmed", "all ok", "all done", "ok all")
_WORDS = {
    "done": Outcome.CONFIRMED,
    "ok": Outcome.CONFIRMED,
    "yes": Outcome.CONFIRMED,
    "na": Outcome.NOT_APPLICABLE,
    "n/a": Outcome.NOT_APPLICABLE,
    "caught": Outcome.CAUGHT,
    "problem": Outcome.PROBLEM,
}
_EXAMPLES = "Try `1 done`, `all ok`, `all but 3`, `2 na no medicines`, `problem 1 cold sore` or `undo`."
_NUMBERS = r"(\d{1,3}(?:\s*(?:,|and)\s*\d{1,3})*)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """What a typed reply means: these lines get this outcome and note; `undo` takes the last answer back."""

    numbers: tuple[int, ...] = ()
    outcome: Outcome = Outcome.CONFIRMED
    note: str = ""
    undo: bool = False


def understand(text: str, open_lines: Sequence[int]) -> Understood:
    """Say what a reply means for a card with these open lines; raise Unclear with what to write."""
    said = re.sub(r"\s+", " ", text.strip().strip("`")).rstrip(".!")
    lower = said.lower()
    if lower == "undo":
        return Understood(undo=True)
    if lower in _DONE:
        return _everything(lower, open_lines)
    if found := re.fullmatch(rf"(?:all )?but {_NUMBERS}", lower):
        left = _numbers(found[1])
        _known(left, open_lines)
        meant = tuple(number for number in open_lines if number not in left)
        if not meant:
            raise Unclear("No other line on this card is open. Nothing was recorded.")
        return Understood(numbers=meant)
    return _single(said, open_lines)


def _everything(lower: str, open_lines: Sequence[int]) -> Understood:
    if len(open_lines) > 1 and not lower.startswith("all") and lower != "ok all":
        lines = ", ".join(map(str, open_lines))
        raise Unclear(
            f"Lines {lines} are open. Write `all ok`, or the number first, such as `{open_lines[0]} done`."
        )
    if not open_lines:
        raise Unclear("Nothing on this card is open any more; nothing was changed.")
    return Understood(numbers=tuple(open_lines))


def _single(said: str, open_lines: Sequence[int]) -> Understood:
    number_first = re.fullmatch(rf"{_NUMBERS}\s+(\S+)\s*(.*)", said, re.IGNORECASE)
    word_first = re.fullmatch(rf"(\S+)\s+{_NUMBERS}\b\s*(.*)", said, re.IGNORECASE)
    if number_first and number_first[2].lower() in _WORDS:
        numbers, word, note = number_first[1], number_first[2], number_first[3]
    elif word_first and word_first[1].lower() in _WORDS:
        numbers, word, note = word_first[2], word_first[1], word_first[3]
    else:
        raise Unclear(f"I did not understand {said[:60]!r}, and nothing was recorded. {_EXAMPLES}")
    wanted = _numbers(numbers)
    _known(wanted, open_lines)
    outcome = _WORDS[word.lower()]
    if outcome is not Outcome.CONFIRMED and not note:
        raise Unclear(f"Please add a few words why, such as `{wanted[0]} {word.lower()} no medicines`.")
    return Understood(numbers=wanted, outcome=outcome, note=note)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", text)))


def _known(numbers: Sequence[int], open_lines: Sequence[int]) -> None:
    wrong = [str(number) for number in numbers if number not in open_lines]
    if wrong:
        lines = ", ".join(map(str, open_lines)) or "none"
        raise Unclear(
            f"Line {', '.join(wrong)} is not open on this card (open: {lines}). Nothing was recorded."
        )
