"""The icons of the app package: Bookend's mark, two book ends around a tick, drawn as PNG without a library.

Teams wants one in colour that fills its square, 192 by 192 with the mark in the middle 96, and one of 32 by
32 that is white on nothing: learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot

Point = tuple[float, float]
#: How much of a pixel at a point is white, from 0 to 1.
White = Callable[[Point], float]

#: The ground, red, green and blue; the same as `accentColor`.
GROUND = (0x44, 0x50, 0xB8)
COLOR, OUTLINE = 192, 32
#: The mark lies on a square of this size, with its strokes' middle lines and how wide they are.
SQUARE = 32
_ENDS = (((9, 7.5), (9, 24.5), (13, 24.5)), ((23, 7.5), (23, 24.5), (19, 24.5)))
_TICK = ((13, 15.8), (15.3, 18.3), (19.3, 12.7))
_BROAD, _FINE = 2.6, 2.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Stroke:
    """A line with round ends and corners."""

    points: Sequence[Point]
    width: float

    def distance(self, at: Point) -> float:
        """Return how far a point lies outside of it; what is below 0 lies inside."""
        pairs = zip(self.points, self.points[1:], strict=False)
        return min(_to_segment(at, start, end) for start, end in pairs) - self.width / 2


_MARK = (*(Stroke(points=each, width=_BROAD) for each in _ENDS), Stroke(points=_TICK, width=_FINE))


@cache
def color() -> bytes:
    """Return the icon in colour: white on its ground, to every edge."""
    white = _mark(COLOR, scale=5.6)
    return _png(
        COLOR, [_mixed(white((x + 0.5, y + 0.5))) for y in range(COLOR) for x in range(COLOR)], alpha=False
    )


@cache
def outline() -> bytes:
    """Return the icon for a narrow bar: the mark alone, white on nothing."""
    white = _mark(OUTLINE, scale=1.5)
    shades = [white((x + 0.5, y + 0.5)) for y in range(OUTLINE) for x in range(OUTLINE)]
    return _png(OUTLINE, [bytes((255, 255, 255, round(255 * each))) for each in shades], alpha=True)


def _mark(side: int, *, scale: float) -> White:
    """Return the mark in the middle of an image, so many times as large as it lies on its square."""

    def white(at: Point) -> float:
        x, y = (SQUARE / 2 + (each - side / 2) / scale for each in at)
        outside = min(stroke.distance((x, y)) for stroke in _MARK) * scale
        # an edge that crosses a pixel colours a part of it
        return min(1.0, max(0.0, 0.5 - outside))

    return white


def _mixed(white: float) -> bytes:
    return bytes(round(each + (255 - each) * white) for each in GROUND)


def _to_segment(at: Point, start: Point, end: Point) -> float:
    (x, y), (ax, ay), (bx, by) = at, start, end
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = min(1.0, max(0.0, along))
    return hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))


def _png(side: int, pixels: Sequence[bytes], *, alpha: bool) -> bytes:
    """Return a square image as PNG (w3.org/TR/png), eight bits for each colour and, if so, for `alpha`."""
    header = struct.pack(">2I5B", side, side, 8, 6 if alpha else 2, 0, 0, 0)
    # each line begins with the filter it was treated with: none
    lines = b"".join(b"\0" + b"".join(pixels[at : at + side]) for at in range(0, side * side, side))
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, held) for kind, held in chunks)


def _chunk(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
