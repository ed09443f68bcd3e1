"""Why a session is held, in words; a card of one session says nothing of another."""

from dataclasses import replace
from datetime import timedelta

from bot.core.case import Case
from bot.core.sessions import session_added
from bot.service.held import held_words
from tests.core.made import OPENED, START, course


def held_later() -> Case:
    """A course of two sessions, the second of which is held."""
    case = session_added(course(), START + timedelta(days=42), now=OPENED + timedelta(days=3)).case
    first, second = case.sessions
    return replace(case, sessions=(first, replace(second, held="Laser B, fault reported")))


def test_a_card_of_one_session_says_nothing_of_another() -> None:
    case = held_later()

    assert held_words(case, 1) == ()
    assert held_words(case, 2) == held_words(case) == ("Session 2 is held: Laser B, fault reported.",)
