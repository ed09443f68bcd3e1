"""Spelling: what a text says, whatever it is dressed up in, and however its words are spelt."""

from __future__ import annotations

import re
import unicodedata

#: Letters that are taken for digits, between digits.
_DIGITS = str.maketrans("OoIl", "0011")
#: Signs that are taken for letters.
_SIGNS = str.maketrans("0134@5$", "oleaass")
#: Signs that say how the one before them looks, and are none themselves.
_UNSEEN = re.compile("[\u034f\ufe00-\ufe0f]")
#: Letters that are no other one with an accent; and what is written where a keyboard lacks one.
_BARE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def visible(text: str) -> str:
    """Return a text without marks that turn the reading direction or hide between two digits."""
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    return "" if kind == "Cf" else " " if kind == "Cc" and character != "\n" else character


def plain(text: str) -> str:
    """Return a text without what only dresses it up: wide letters, stars, "2 7 . 0 3", "O77OO 9OO 2I4"."""
    bare = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    bare = re.sub(r"(?<=[^\W\d_])_(?=[^\W\d_])", " ", bare)
    bare = re.sub(r"[*~`]|(?<!\d)_|_(?!\d)", "", bare)
    bare = re.sub(r"[^\S\n]+", " ", re.sub(r"(?<=\b\w)[ -](?=\w\b)", "", bare))
    return re.sub(r"\b[\dOoIl]{3,20}\b", _in_digits, bare)


def _in_digits(found: re.Match[str]) -> str:
    return found[0].translate(_DIGITS) if re.search(r"\d", found[0]) else found[0]


def meant(text: str) -> str:
    """Return a text with the letters that signs stand for: "t3st0va"."""
    return text.translate(_SIGNS)


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_BARE))
    return re.findall(r"[^\W\d_]+", "".join(each for each in bare if not unicodedata.combining(each)))


def spelt(text: str) -> list[str]:
    """Return the words of a text, ü written as ue."""
    return words(unicodedata.normalize("NFC", text).casefold().translate(_SPELT))
