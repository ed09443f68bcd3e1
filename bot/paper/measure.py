"""How wide words are when they are drawn, well enough to break lines: nobody can ask the printer.

The widths are those of Helvetica and of what stands in for it (Arial, Liberation Sans, Nimbus Sans), in
thousandths of the type size.
"""

from __future__ import annotations

from collections.abc import Mapping

_WIDTHS: Mapping[int, str] = {
    222: "ijl’‘",
    278: " ftI!,./:;[]()|·",
    333: "r-“”",
    500: "cksvxyzJ",
    556: "abdeghnopqu?0123456789_L$#",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    944: "W",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHERS = 600
_BOLD = 1.07


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is, in the unit of its type size."""
    wide = sum(_WIDTH_OF.get(letter, _OTHERS) for letter in text)
    return wide * size / 1000 * (_BOLD if bold else 1)


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that fit; a word that is wider than a line stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
