"""The icons are what Teams asks for, read back: PNG, their size, white on what it must be."""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from bot.chat.teams.joining.icons import COLOR, GROUND, OUTLINE, color, outline

WHITE = (255, 255, 255)


@dataclass(frozen=True, kw_only=True)
class Read:
    """An image as it was read back: its side, and its pixels line by line."""

    side: int
    pixels: list[tuple[int, ...]]

    def at(self, x: int, y: int) -> tuple[int, ...]:
        return self.pixels[y * self.side + x]


def chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(image):
        (length,) = struct.unpack(">I", image[at : at + 4])
        kind, held = image[at + 4 : at + 8], image[at + 8 : at + 8 + length]
        assert struct.unpack(">I", image[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + held),)
        yield kind, held
        at += 12 + length


def read(image: bytes) -> Read:
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    found = dict(chunks(image))
    assert [*found] == [b"IHDR", b"IDAT", b"IEND"]
    width, height, bits, kind, *rest = struct.unpack(">2I5B", found[b"IHDR"])
    assert (width, bits, rest) == (height, 8, [0, 0, 0])
    each = {2: 3, 6: 4}[kind]
    lines = zlib.decompress(found[b"IDAT"])
    long = width * each + 1
    assert len(lines) == long * height and set(lines[::long]) == {0}
    rows = [lines[at * long + 1 : (at + 1) * long] for at in range(height)]
    pixels = [tuple(row[at : at + each]) for row in rows for at in range(0, len(row), each)]
    return Read(side=width, pixels=pixels)


def test_the_one_in_colour_fills_its_square_with_the_mark_in_its_middle_half() -> None:
    image = read(color())

    edges = {image.at(x, y) for x in range(COLOR) for y in (*range(40), *range(COLOR - 40, COLOR))}
    sides = {image.at(x, y) for y in range(COLOR) for x in (*range(40), *range(COLOR - 40, COLOR))}
    assert (image.side, edges | sides) == (192, {GROUND})
    assert WHITE in image.pixels


def test_the_outline_is_white_on_nothing() -> None:
    image = read(outline())

    assert image.side == OUTLINE == 32
    assert {each[:3] for each in image.pixels} == {WHITE}
    shades = [each[3] for each in image.pixels]
    assert {0, 255} < set(shades) and image.at(0, 0)[3] == image.at(31, 31)[3] == 0


@pytest.mark.parametrize("image", [color, outline])
def test_the_mark_is_two_book_ends_alike_on_either_side_of_a_tick(image: Callable[[], bytes]) -> None:
    found = read(image())
    (low, high), mirror = (found.side * 3 // 4, found.side), found.side - 1

    for y in range(low, high):
        line = [found.at(x, y) for x in range(found.side)]
        assert line == line[::-1]
    tick = [
        (x, y) for x in range(found.side) for y in range(low) if found.at(x, y) != found.at(mirror - x, y)
    ]
    assert tick, "what is not alike on both sides is the tick"
