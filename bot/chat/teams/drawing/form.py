"""Forms as cards: pure functions that decide nothing. `returned` reads what was filled in.

A form takes the place of the card that it was opened on. Whatever does not apply is answered with a note
alone: the form is drawn again for that outcome, and nothing but the note is asked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from bot.chat.buttons import carried, shortened
from bot.chat.forms import labels, next_form
from bot.chat.letters import flat
from bot.chat.looks import LEVELS, called_by
from bot.chat.spoken import spoken
from bot.chat.teams.drawing.asked import Asked, Does, Opening
from bot.chat.teams.drawing.carried import Json
from bot.chat.teams.drawing.inputs import (
    Given,
    catch_input,
    inputs,
    note_input,
)
from bot.chat.teams.drawing.kit import (
    CARRIES,
    ROOM,
    SIX,
    TEXT,
    TITLE,
    Drawn,
    block,
    bold,
    box,
    compact,
    execute,
    head,
    heading_safe,
    message,
    paragraph,
    run,
    safe,
    size,
    small,
    weight,
)
from bot.chat.teams.drawing.mistakes import named, placed_at
from bot.chat.teams.drawing.returned import kept_of
from bot.chat.teams.drawing.watching import watching
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.errors import Refused
from bot.core.messages import Form, FormPart

_NOTHING: Mapping[str, str] = MappingProxyType({})
_NOWHERE = Opening()
#: How long each text of a form is where they are too long for a card as they are.
SHORT = 150
#: The outcomes that are told by what is filled in; the others by a note alone.
_ANSWERED = (Outcome.CONFIRMED, Outcome.CAUGHT)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """One drawing of a form."""

    form: Form
    opening: Opening
    outcome: Outcome
    given: Given
    wrong: Sequence[str]
    dialog: bool
    #: how much of what comes next its buttons carry together
    carries: int = CARRIES

    @property
    def others(self) -> list[tuple[Outcome, str]]:
        """The outcomes that are a press away."""
        away = self.outcome is Outcome.CONFIRMED and bool(self.again)
        return [each for each in self.form.outcomes if each[0] is not Outcome.CONFIRMED] if away else []

    @property
    def again(self) -> str:
        return self.asked(Does.DIFFERS, 1).again

    def asked(self, does: Does, count: int, outcome: Outcome = Outcome.CONFIRMED) -> Asked:
        """Return what a button of the form carries when so many parts are on it."""
        some, rest = self.form.parts[:count], [part.task for part in self.form.parts[count:]]
        opens = self.form.action is Action.FORM
        return Asked(
            does=does,
            opening=self.opening,
            outcome=outcome,
            action=self.form.action,
            tasks=tuple(part.task for part in some),
            revisions=tuple(part.revision for part in some),
            value=self.form.value,
            rest=_carriable(rest, self.carries // (1 + len(self.form.outcomes))) if opens else (),
        )


def form(
    form: Form,
    *,
    opening: Opening = _NOWHERE,
    outcome: Outcome = Outcome.CONFIRMED,
    problems: Mapping[str, str] = _NOTHING,
    kept: Json = _NOTHING,
    dialog: bool = False,
) -> Drawn:
    """Draw a form for an outcome, as a card or as what stands in a `dialog`.

    `problems` are what needs another look, by `field` or `TASK/field`; `kept` is what came back of it. Parts
    that find no room come next: the answer to this form has a button for them. Raise Refused when not even
    the first fits.
    """
    placed, wrong = placed_at(form, problems)
    given = Given(
        kept=kept_of(kept),
        problems=placed,
        labels=labels(form.parts),
        insists=outcome is not Outcome.CAUGHT,
    )
    sheet = _Sheet(form=form, opening=opening, outcome=outcome, given=given, wrong=wrong, dialog=dialog)
    short = replace(sheet, given=replace(given, most=SHORT))
    # a part that fills a card leaves no room to carry along what comes next: that stays on the card
    drawn = _fitting(sheet) or _fitting(short) or _fitting(replace(short, carries=0))
    if drawn is None:
        raise Refused("This form is longer than Teams can show. Please answer line by line.")
    return drawn


def _fitting(sheet: _Sheet) -> Drawn | None:
    """Return the form with as many parts as find room, `None` where not even one does."""
    folds = len(_actions(sheet, 1)) < SIX
    parts = list(_first(sheet, folds=folds))
    counts = range(1, len(parts) + 1)
    count = bisect_right(counts, ROOM, key=lambda count: size(_card(sheet, parts, count)))
    return _card(sheet, parts, count) if count or not sheet.form.parts else None


def _first(sheet: _Sheet, *, folds: bool) -> Iterator[list[Json]]:
    """Draw parts, as many as could find room if nothing stood around them."""
    left = ROOM
    for place, part in enumerate(sheet.form.parts):
        drawn = list(_part(sheet, place, part, folds=folds))
        folds = folds and not any(map(_is_fold, drawn))
        left -= weight(drawn)
        if left < 0:
            return
        yield drawn


def _card(sheet: _Sheet, parts: Sequence[Sequence[Json]], count: int) -> Drawn:
    body = [
        *head(sheet.form.heading, called_by(sheet.form.label, sheet.form.who)),
        *_wrong(sheet),
        *(element for part in parts[:count] for element in part),
        *_left(sheet, count),
        *_told(sheet),
    ]
    actions = _actions(sheet, count)
    room = len(actions) + any(map(_is_fold, body)) < SIX
    if room and sheet.outcome is Outcome.CONFIRMED and not sheet.dialog and sheet.again:
        actions.append(_window(sheet, count))
    return message(spoken(sheet.form, TEXT, weight), body, actions, name=sheet.form.heading)


def _wrong(sheet: _Sheet) -> list[Json]:
    told = [*sheet.wrong, *named(sheet.form, sheet.given)]
    return (
        [box([paragraph(bold(f"⚠️ {safe(each, sheet.given.most)}")) for each in told], "attention")]
        if told
        else []
    )


def _part(sheet: _Sheet, place: int, part: FormPart, *, folds: bool) -> Iterator[Json]:
    alone, most = len(sheet.form.parts) == 1, sheet.given.most
    if not (alone and flat(part.title) == flat(sheet.form.heading)) and flat(part.title):
        looks: dict[str, Any] = {} if alone else {"separator": True, "spacing": "large"}
        yield block(heading_safe(part.title), style="heading", weight="bolder", **looks)
    if part.error:
        yield paragraph(run(f"⚠️ {safe(part.error, most)}", color="attention", weight="bolder"))
    if stops := safe(part.rule, most) or LEVELS[part.level].capitalize():
        yield paragraph(run(stops), spacing="small")
    if part.why:
        yield small(safe(part.why, most), spacing="small")
    yield from watching(part, most)
    if sheet.outcome in _ANSWERED:
        for field in part.fields:
            asked = list(inputs(place, part, field, sheet.given, folds=folds))
            # each fold takes a button, and there is one to spare
            folds = folds and not any(map(_is_fold, asked))
            yield from asked


def _left(sheet: _Sheet, count: int) -> list[Json]:
    """Say of what found no room where it is asked."""
    many = len(sheet.form.parts) - count
    next_one = "come next: save these, then press the button below the answer"
    asked = next_one if sheet.asked(Does.SAVE, count).rest else "stay on the card"
    return [small(f"{many} more {asked}.")] if many else []


def _told(sheet: _Sheet) -> Iterator[Json]:
    """Ask for what belongs to the outcome."""
    if sheet.outcome is Outcome.CAUGHT:
        yield from catch_input(sheet.given)
    if sheet.outcome is not Outcome.CONFIRMED:
        yield from note_input(sheet.given)


def _actions(sheet: _Sheet, count: int) -> list[Json]:
    """Return the buttons that each form has: save, what else may be said, back."""
    confirmed = sheet.outcome is Outcome.CONFIRMED
    submit = (
        sheet.form.submit if confirmed else dict(sheet.form.outcomes).get(sheet.outcome, sheet.form.submit)
    )
    save = sheet.asked(Does.SAVE, count, sheet.outcome)
    return [
        _button(sheet, submit, save, inputs=True, style="primary"),
        *(
            # what was caught needs its answers, and keeps them; the others ask for none
            _button(sheet, label, sheet.asked(Does.DIFFERS, count, each), inputs=each is Outcome.CAUGHT)
            for each, label in sheet.others
        ),
        *_back(sheet, count),
    ]


def _back(sheet: _Sheet, count: int) -> Iterator[Json]:
    if sheet.outcome is not Outcome.CONFIRMED:
        # to the form, with what was filled in
        keeps = sheet.outcome is Outcome.CAUGHT
        yield _button(sheet, "Back to the form", sheet.asked(Does.DIFFERS, count), inputs=keeps)
    elif not sheet.dialog:
        asked = replace(sheet.asked(Does.BACK, 0), rest=(), value="")
        yield _button(sheet, "Back" if sheet.opening.at else "Close", asked)


def _button(sheet: _Sheet, title: str, asked: Asked, *, inputs: bool = False, style: str = "") -> Json:
    pressed = execute(title, asked.carried(), asked.does, style=style, inputs=inputs)
    # in a dialog there is nothing but Action.Submit
    return pressed["fallback"] if sheet.dialog else pressed


def _window(sheet: _Sheet, count: int) -> Json:
    """Return the button that opens the form in a window; only Action.Submit can."""
    data = {"msteams": {"type": "task/fetch"}, **sheet.asked(Does.WINDOW, count).carried()}
    kept = {"associatedInputs": "none", "data": data}
    return {"type": "Action.Submit", "title": safe("Open in a window", TITLE), **kept}


def _is_fold(element: Json) -> bool:
    return bool(element["type"] == "ActionSet")


def _carriable(rest: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the tasks of the next form, as many as each button can carry."""
    room = most - len(carried(next_form(())))
    weights = accumulate(len(compact(each)) + 1 for each in shortened(rest))
    return tuple(task for task, letters in zip(rest, weights, strict=True) if letters <= room)
