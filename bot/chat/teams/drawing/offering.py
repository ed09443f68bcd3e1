"""What can be pressed on a card: its own buttons first, then those of its lines, and six in all.

Where the lines have more, one of them is chosen first, and a button says what is done with the chosen one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.chat.buttons import carried
from bot.chat.looks import called
from bot.chat.teams.drawing.carried import WHICH, choosing
from bot.chat.teams.drawing.kit import BUTTONS, CARRIES, Json, button, execute, heading_safe, row, weight
from bot.chat.teams.drawing.pieces import Piece
from bot.core.actions import Button

#: What stands on a button where what is chosen decides what it does.
GO_ON = "Go on with the chosen one"
#: What a choice weighs at most.
_CHOICE = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """What can be pressed: below single pieces, by their place, and before the `last` buttons."""

    below: Mapping[int, Sequence[Json]] = field(default_factory=dict)
    before: Sequence[Json] = ()
    last: Sequence[Json] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One of several things that a button is pressed for, by its place among them."""

    place: int
    title: str
    button: Button


def offered(
    own: Sequence[Button], pieces: Sequence[Piece], *, room: int, about: str, noun: str, apart: bool
) -> Offered:
    """Return the card's `own` buttons and those of its pieces, in `room` buttons at most."""
    own = [*_carried(own, BUTTONS)]
    of_lines = [(n, each) for n, piece in enumerate(pieces) for each in _carried(piece.buttons, CARRIES)]
    if len(own) + len(of_lines) <= room:
        return _beside(own, pieces, of_lines, about=about, apart=apart)
    verbs = list(dict.fromkeys(each.label for _, each in of_lines))
    alone = len({(place, each.label) for place, each in of_lines}) == len(of_lines)
    if alone and of_lines and len(own) + len(verbs) <= room:
        chosen = [Choice(place=n, title=pieces[n].name, button=each) for n, each in of_lines]
        return _chosen([button(each, about) for each in own], chosen, verbs, noun)
    rest = [(called(each), each) for each in own[room - 1 :]]
    rest += [(f"{pieces[n].name}: {each.label}", each) for n, each in of_lines]
    chosen = [Choice(place=n, title=title, button=each) for n, (title, each) in enumerate(rest)]
    return _chosen([button(each, about) for each in own[: room - 1]], chosen, [None], noun)


def _carried(some: Sequence[Button], most: int) -> Iterator[Button]:
    """Yield the first buttons that together carry so much, each all it stands for: else it would do less."""
    for each in some:
        # older clients are sent the same once more
        heavy = 2 * weight(carried(each))
        if heavy <= min(most, 2 * CARRIES):
            most -= heavy
            yield each


def _beside(
    own: Sequence[Button],
    pieces: Sequence[Piece],
    of_lines: Sequence[tuple[int, Button]],
    *,
    about: str,
    apart: bool,
) -> Offered:
    drawn = [button(each, about) for each in own]
    below: dict[int, list[Json]] = {}
    for place, each in of_lines:
        name = pieces[place].name
        made = button(each, "" if apart else name, title=f"{each.label}: {name}")
        if apart:
            drawn.append(made)
        else:
            below.setdefault(place, []).append(made)
    return Offered(below=below, last=drawn)


def _chosen(own: Sequence[Json], some: Sequence[Choice], verbs: Sequence[str | None], noun: str) -> Offered:
    titles = {each.place: each.title for each in some}
    asked = {
        "type": "Input.ChoiceSet",
        "id": WHICH,
        "style": "compact",
        "label": f"Which {noun}?",
        "placeholder": f"Choose the {noun}",
        "isRequired": True,
        "errorMessage": f"Choose the {noun} first.",
        "choices": [
            {"title": heading_safe(title, _CHOICE) or "…", "value": str(n)} for n, title in titles.items()
        ],
    }
    return Offered(
        before=[*([row(own)] if own else []), asked],
        last=[_verb(verb, some) for verb in verbs],
    )


def _verb(label: str | None, some: Sequence[Choice]) -> Json:
    """Return a button for whatever is chosen: for all, or those that are offered what it says."""
    offers = {each.place: each.button for each in some if label in (None, each.button.label)}
    title = GO_ON if label is None else f"{label}: the chosen one"
    return execute(title, choosing(offers), next(iter(offers.values())).action, inputs=True)
