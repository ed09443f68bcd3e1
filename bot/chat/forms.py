"""What platforms share of forms that came back: what is wrong with them, and which one comes next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.core.actions import Action, Button
from bot.core.errors import BookendError, Refused, WrongValues
from bot.core.messages import Notice, Response


def digest(*what: object) -> str:
    """Return what names these answers among all others."""
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]


def next_form(tasks: Iterable[str]) -> Button:
    """Return the button of the answer to a form that opens the next: of what that form had no room for."""
    rest = tuple(tasks)
    return Button(action=Action.FORM, label=f"Answer the next {len(rest)}", tasks=rest, style="primary")


def with_next(said: Response, rest: Sequence[str]) -> Response:
    """Return the answer to a form with the button of the next one, where `rest` found no room on it."""
    if not rest or not isinstance(said, Notice):
        return said
    return replace(said, buttons=(*said.buttons, next_form(rest)))


def problems_of(error: BookendError) -> Mapping[str, str]:
    """Return what is wrong with a form, by its fields where that is known."""
    return error.problems if isinstance(error, WrongValues) else {"": str(error)}


def other_version() -> Refused:
    """Return what is said of a form that no Bookend of this version drew."""
    return Refused("This form is from another version of Bookend. Please open it again.")
