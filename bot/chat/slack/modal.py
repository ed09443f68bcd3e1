"""Forms as modals: pure functions that decide nothing. `returned` reads what was filled in.

A modal carries its task keys and revisions in `private_metadata`, and names each input by task and field.
What does not apply is answered with a note alone: `otherwise` redraws the open modal for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
)
from slack_sdk.models.views import View

from bot.chat.slack.carried import CAUGHT, FORM, NOTE, OTHERWISE, VALUE, Opened, carried_by, packed, shortened
from bot.chat.slack.kit import LABEL, SECTION, context, cut, flat, plain, safe, section
from bot.chat.slack.pieces import LEVELS
from bot.chat.slack.watching import URGENCIES, watching
from bot.core.case import Outcome
from bot.core.catches import CATCHES
from bot.core.conditions import Value
from bot.core.errors import Refused
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart

#: Slack's limits: blocks in a modal, its title and its metadata; radio buttons, entries of a menu and
#: characters behind an entry.
BLOCKS, TITLE, METADATA, FEW, MANY, WORD = 100, 24, 3000, 10, 100, 150


def modal(form: Form, *, channel: str) -> dict[str, Any]:
    """Draw a form; `channel` is where its answer will be shown.

    Parts that find no room are left for the next form: they stay open on the card. Raise Refused when not
    even the first fits.
    """
    parts = _fitting(form, channel)
    left = len(form.parts) - len(parts)
    more = [context(f"{left} more will be asked in a form of their own.")] if left else []
    others = [each for each in form.outcomes if each[0] is not Outcome.CONFIRMED]
    blocks = [
        section(f"*{safe(form.heading, 300)}*\n{safe(form.label, 300)}"),
        *(block for part in parts for block in _part(part)),
        *more,
        *([_others(others)] if others else []),
    ]
    view = View(
        type="modal",
        callback_id=FORM,
        title=plain(form.heading, TITLE),
        submit=plain(form.submit, TITLE),
        close=plain("Cancel", TITLE),
        private_metadata=_metadata(form, parts, channel),
        blocks=blocks,
    )
    return dict(view.to_dict())


def _fitting(form: Form, channel: str) -> Sequence[FormPart]:
    for count in range(len(form.parts), 0, -1):
        parts = form.parts[:count]
        blocks = sum(1 + bool(part.watch) + len(part.fields) for part in parts)
        # four blocks and some letters of metadata are kept for what stands around the parts
        if blocks <= BLOCKS - 4 and len(_metadata(form, parts, channel)) <= METADATA - 50:
            return parts
    if form.parts:
        raise Refused("This form is longer than Slack can show. Please answer line by line.")
    return ()


def _metadata(form: Form, parts: Sequence[FormPart], channel: str) -> str:
    tasks = shortened(part.task for part in parts)
    revisions = [part.revision for part in parts]
    what = {"do": form.action, "tasks": tasks, "revisions": revisions, "channel": channel}
    return packed(what | ({"value": form.value} if form.value else {}))


def _part(part: FormPart) -> list[Block]:
    title = f"*{safe(part.title, 300)}*" + (f" · {LEVELS[part.level]}" if LEVELS[part.level] else "")
    wrong = f"⚠️ {safe(part.error, 300)}" if part.error else ""
    why = f"_{safe(part.why, 500)}_" if part.why else ""
    above = section("\n".join(filter(None, [title, wrong, safe(part.rule, 700), why])))
    return [above, *watching(part), *(_field(part, field) for field in part.fields)]


def _field(part: FormPart, field: FormField) -> Block:
    unit = f" ({flat(field.unit)})" if field.unit else ""
    if field.kind is FieldKind.RATIO:
        return context(f"{safe(field.label + unit, 300)}: worked out when you save")
    choices = ", ".join(value for value, _ in field.options) if _written(field) else ""
    proposed = "Beside each sign stands how soon to act; you choose." if field.proposed else ""
    clock = "By the clinic’s clock." if field.kind is FieldKind.TIME else ""
    several = choices and f"One of {choices}."
    hint = " ".join(filter(None, [field.error, field.help, several, proposed, clock]))
    return InputBlock(
        block_id=f"{part.task}/{field.name}",
        label=plain(_label(part, field) + unit, 300),
        hint=plain(hint, 500) if hint else None,
        element=_element(field),
        optional=not field.required,
    )


def _label(part: FormPart, field: FormField) -> str:
    # "At" or "Total" says nothing to whoever hears it alone; choices say themselves what they are
    alone = field.kind in (FieldKind.DATE, FieldKind.NUMBER, FieldKind.TIME)
    known = not part.title or part.title.lower() in field.label.lower()
    return field.label if known or not alone else f"{part.title}: {field.label}"


def _written(field: FormField) -> bool:
    """Say whether a choice must be typed: Slack has no menu as long, or no entry for words as long."""
    return not 0 < len(field.options) <= MANY or any(len(value) > WORD for value, _ in field.options)


def _element(field: FormField) -> InputInteractiveElement:
    match field.kind:
        case FieldKind.CHOICE | FieldKind.SEVERAL if not _written(field):
            return _choice(field)
        case FieldKind.NUMBER:
            return NumberInputElement(
                action_id=VALUE, is_decimal_allowed=True, initial_value=_typed(field.value) or None
            )
        case FieldKind.DATE:
            return DatePickerElement(action_id=VALUE, initial_date=_typed(field.value) or None)
        case FieldKind.TIME:
            return TimePickerElement(action_id=VALUE, initial_time=_typed(field.value) or None)
        case _:
            return PlainTextInputElement(
                action_id=VALUE, initial_value=cut(_typed(field.value), SECTION) or None
            )


def _choice(field: FormField) -> InputInteractiveElement:
    options = [_option(field, value, label) for value, label in field.options]
    chosen = field.value if isinstance(field.value, tuple) else (_typed(field.value),)
    initial = [option for option in options if option.value in chosen]
    if field.kind is FieldKind.SEVERAL:
        several = CheckboxesElement if len(options) <= FEW else StaticMultiSelectElement
        return several(action_id=VALUE, options=options, initial_options=initial or None)
    one = RadioButtonsElement if len(options) <= FEW else StaticSelectElement
    return one(action_id=VALUE, options=options, initial_option=next(iter(initial), None))


def _option(field: FormField, value: str, label: str) -> Option:
    # what a sign speaks for stands beside it; the urgency itself is another question
    speaks = field.speaks.get(value)
    said = plain(f"{URGENCIES[speaks[0]]} {speaks[1]}", LABEL) if speaks else None
    return Option(value=value, text=plain(label, LABEL), description=said)


def _typed(value: Value) -> str:
    match value:
        case date():
            return value.isoformat()[:10]
        case time():
            return f"{value:%H:%M}"
        case float() | int():
            return f"{value:.12g}"
        case tuple():
            return ", ".join(value)
        case _:
            return value or ""


def _others(outcomes: Sequence[tuple[Outcome, str]]) -> Block:
    return ActionsBlock(
        elements=[
            ButtonElement(action_id=f"{OTHERWISE}.{outcome}", text=plain(label, LABEL), value=outcome.value)
            for outcome, label in outcomes
        ]
    )


def otherwise(view: Opened, outcome: Outcome) -> dict[str, Any]:
    """Redraw an open form for an outcome other than confirmed; only what was caught still needs its answers.

    What stays keeps its id, so that Slack keeps what was typed.
    """
    keeps = ("section", "context", "input") if outcome is Outcome.CAUGHT else ("section", "context")
    kind = [_kind_of_catch().to_dict()] if outcome is Outcome.CAUGHT else []
    note = InputBlock(
        block_id=NOTE,
        label=plain("What is different, in one line", LABEL),
        hint=plain("No names, birth dates or numbers of a patient.", LABEL),
        element=PlainTextInputElement(action_id=VALUE, focus_on_load=True),
    )
    kept = ("type", "callback_id", "title", "close")
    return {name: view[name] for name in kept} | {
        "submit": _pressed(view, outcome),
        "private_metadata": packed(carried_by(view) | {"outcome": outcome}),
        "blocks": [*(block for block in view["blocks"] if block["type"] in keeps), *kind, note.to_dict()],
    }


def _kind_of_catch() -> Block:
    options = [Option(value=kind.value, text=plain(words, LABEL)) for kind, words in CATCHES.items()]
    return InputBlock(
        block_id=CAUGHT,
        label=plain("What was it", LABEL),
        element=RadioButtonsElement(action_id=VALUE, options=options),
    )


def _pressed(view: Opened, outcome: Outcome) -> Any:
    elements = (element for block in view["blocks"] for element in block.get("elements", ()))
    return next((each["text"] for each in elements if each.get("value") == outcome), view["submit"])
