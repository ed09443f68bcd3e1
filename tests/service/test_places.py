"""What a platform told of its conversations outlives the program that heard it."""

from dataclasses import replace

from bot.clock import VirtualClock
from bot.core.places import Place
from bot.service.places import KeptPlaces
from bot.service.practice import Practice
from tests.service.clinic import OPENED, practice
from tests.store.memory import memory_store

JO = Place(platform="teams", name="jo", conversation="a:1", service="https://a.example", member="29:jo")
BOARD = Place(platform="teams", name="19:board", conversation="19:board", service="https://a.example")


def open_practice() -> Practice:
    found: Practice = practice(memory_store(), VirtualClock(OPENED))
    return found


def test_places_are_found_again_by_their_platform() -> None:
    kept = KeptPlaces(practice=open_practice())
    for place in (JO, BOARD, replace(JO, platform="other")):
        kept.keep(place)

    again = KeptPlaces(practice=kept.practice).all("teams")

    assert sorted(again, key=lambda each: each.name) == [BOARD, JO]
    assert [place.is_channel for place in (BOARD, JO)] == [True, False]


def test_what_is_newer_takes_the_place_of_what_was_known() -> None:
    kept = KeptPlaces(practice=open_practice())
    kept.keep(JO)
    kept.keep(replace(JO, refused="removed Bookend"))

    assert kept.all("teams") == [replace(JO, refused="removed Bookend")]


def test_what_is_known_already_is_not_written_again() -> None:
    kept = KeptPlaces(practice=open_practice())
    kept.keep(JO)
    kept.keep(JO)

    with kept.practice.store.reading() as reading:
        assert [made.revision for made in reading.arrangements("", "place")] == [1]
