"""What platforms share of forms: how inputs are called, what is wrong with what came back, which is next."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.core.actions import Action, Button
from bot.core.errors import BookendError, Refused, WrongValues
from bot.core.kinds import FieldKind
from bot.core.messages import FormField, FormPart, Notice, Response

#: What is asked for by a word and a box; choices say themselves what they are.
_BARE = (FieldKind.NUMBER, FieldKind.DATE, FieldKind.TIME)


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


def labels(parts: Sequence[FormPart]) -> Mapping[tuple[str, str], str]:
    """Return what each input of a form is called, by its task and field.

    It is the field's own label. In a form of several parts the part's title stands before what another part
    asks too, and before a number, a date or a time of one word: "At" says nothing to whoever hears it alone.
    """
    asked = Counter(label for part in parts for label in {field.label for field in part.fields})
    return {
        (part.task, field.name): _labelled(part, field, apart=len(parts) > 1, shared=asked[field.label] > 1)
        for part in parts
        for field in part.fields
    }


def _labelled(part: FormPart, field: FormField, *, apart: bool, shared: bool) -> str:
    known = not (part.title.strip() and field.label.strip()) or part.title.lower() in field.label.lower()
    bare = field.kind in _BARE and len(field.label.split()) == 1
    return f"{part.title}: {field.label}" if apart and not known and (shared or bare) else field.label
