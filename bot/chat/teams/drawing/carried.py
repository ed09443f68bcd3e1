"""What a card carries to Teams and back: words of ours and task keys under one key, nothing about a patient.

Teams adds what stands in a card's inputs to the same object, and an input whose id were a key of ours would
overwrite it: so there is one key, and no input is called so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.buttons import carried, other_version, pressed
from bot.core.actions import Button
from bot.core.errors import Refused

#: What comes back from a card: what a button of it carried, and what stands in its inputs.
Json = Mapping[str, Any]
#: The one key under which a button carries anything.
KEY = "b"
#: The input in which one of several lines is chosen, by its place among them.
WHICH = "which"
#: Screens that no command answers: all that a message of ours says, and the history of a case.
CARD, HISTORY = "card", "history"

_PRESS, _CHOOSE, _SCREEN, _FORM = "press", "choose", "screen", "form"


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """A page of what a looking command answers, or of a message of ours; `about` is a case's code."""

    word: str = CARD
    about: str = ""
    page: int = 1


def pressing(button: Button) -> Json:
    """Return what a button carries."""
    return {KEY: {_PRESS: carried(button)}}


def choosing(offers: Mapping[int, Button]) -> Json:
    """Return what a button carries that is pressed for whatever is chosen: the lines' own, by their place."""
    return {KEY: {_CHOOSE: [[place, carried(button)] for place, button in offers.items()]}}


def turning(screen: Screen) -> Json:
    """Return what a button carries that shows a screen."""
    return {KEY: {_SCREEN: [screen.word, screen.about, screen.page]}}


def filling(form: Json) -> Json:
    """Return what the buttons of a form carry."""
    return {KEY: {_FORM: dict(form)}}


def button_of(data: Json) -> Button | None:
    """Return the button that was pressed, `None` where it was none; raise Refused for another version's, and
    where nothing was chosen.
    """
    found = _found(data)
    if _PRESS in found:
        return pressed(_words(found[_PRESS]))
    if _CHOOSE not in found:
        return None
    offers = _offers(found[_CHOOSE])
    chosen = str(data.get(WHICH) or "")
    if not chosen:
        raise Refused("Choose an item on the card first, then press again. Nothing was changed.")
    if chosen not in offers:
        raise Refused("The chosen item has no such button. Press another one. Nothing was changed.")
    return pressed(offers[chosen])


def screen_of(data: Json) -> Screen | None:
    """Return the screen that a button shows, `None` if it shows none; raise Refused for another version's."""
    found = _found(data)
    if _SCREEN not in found:
        return None
    match found[_SCREEN]:
        case [str(word), str(about), page] if isinstance(page, int | float) and 1 <= page < 1000:
            return Screen(word=word, about=about, page=int(page))
    raise other_version()


def form_of(data: Json) -> dict[str, Any] | None:
    """Return what the buttons of a form carried, `None` where there was none."""
    found = _found(data)
    if _FORM not in found:
        return None
    if not isinstance(found[_FORM], Mapping):
        raise other_version()
    return dict(found[_FORM])


def _found(data: Json) -> Json:
    found = data.get(KEY)
    if not isinstance(found, Mapping) or not found.keys() & {_PRESS, _CHOOSE, _SCREEN, _FORM}:
        raise other_version()
    return found


def _offers(found: object) -> dict[str, str]:
    try:
        pairs: Sequence[Any] = list(found)  # type: ignore[call-overload]
        return {str(int(place)): _words(value) for place, value in pairs}
    except (TypeError, ValueError, OverflowError) as odd:
        raise other_version() from odd


def _words(found: object) -> str:
    if not isinstance(found, str):
        raise other_version()
    return found
