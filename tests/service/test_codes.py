"""Case codes: never used twice, and never so alike that one wrong letter names another patient."""

from collections.abc import Callable, Iterable

from bot.service.cases import ALPHABET, new_code


def among(*codes: str) -> Callable[[Iterable[str]], set[str]]:
    return lambda asked: set(codes) & set(asked)


def drawing(text: str) -> Callable[[str], str]:
    letters = iter(text)
    return lambda _: next(letters)


def test_a_code_differs_in_two_characters_from_every_one_that_was_used() -> None:
    used = among("K7Q2", "M4XD")

    assert new_code(used, drawing("K7Q2K7Q3A7Q2M4XEK7RR")) == "K7RR"


def test_codes_get_longer_when_the_short_ones_are_used_up() -> None:
    def all_short(asked: Iterable[str]) -> list[str]:
        return [code for code in asked if len(code) < 5]

    code = new_code(all_short)

    assert len(code) == 5
    assert set(code) <= set(ALPHABET)
