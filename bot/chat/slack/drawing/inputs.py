"""The fields of a form as Slack's inputs, each with all its choices and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    OptionGroup,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
)

from bot.chat.letters import flat
from bot.chat.looks import URGENCIES
from bot.chat.slack.drawing.carried import VALUE
from bot.chat.slack.drawing.kit import LABEL, SECTION, context, cut, plain, safe
from bot.core.conditions import Value
from bot.core.kinds import FieldKind
from bot.core.messages import FormField, FormPart

#: Slack's limits: buttons or ticks in a field, entries of a menu or of a group of one, characters behind an
#: entry, and of a label or a hint.
FEW, MANY, WORD, WORDS = 10, 100, 150, 2000


def inputs(part: FormPart, field: FormField, label: str) -> Iterator[Block]:
    """Draw a field under this label; what finds no room at the input itself stands above it."""
    unit = f" ({flat(field.unit)})" if field.unit else ""
    if field.kind is FieldKind.RATIO:
        yield context(f"{safe(field.label + unit, WORDS)}: worked out when you save")
        return
    if above := _above(field):
        yield context(above)
    proposed = "Beside each sign stands how soon to act; you choose." if field.proposed else ""
    wrong = f"⚠️ {field.error}" if field.error else ""
    clock = "By the clinic’s clock." if field.kind is FieldKind.TIME else ""
    hint = " ".join(filter(None, [wrong, field.help, proposed, clock]))
    yield InputBlock(
        block_id=f"{part.task}/{field.name}",
        label=plain(label + unit, WORDS),
        hint=plain(hint, WORDS) if hint else None,
        element=_element(field),
        optional=not field.required,
    )


def _above(field: FormField) -> str:
    """Return choices that must be typed, or whose words are longer than Slack's entries."""
    if _written(field):
        choices = [value for value, _ in field.options]
        return cut(f"Write one of: {safe(', '.join(choices))}.", SECTION) if choices else ""
    long = [f"• {safe(label)}" for _, label in field.options if len(flat(label)) > LABEL]
    return cut("\n".join([f"*{safe(field.label)}*, in full:", *long]), SECTION) if long else ""


def _written(field: FormField) -> bool:
    """Say whether a choice must be typed: Slack has no entry for words as long."""
    chosen = field.kind in (FieldKind.CHOICE, FieldKind.SEVERAL)
    return chosen and (not field.options or any(len(value) > WORD for value, _ in field.options))


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
        case FieldKind.TEXT | FieldKind.RATIO | FieldKind.CHOICE | FieldKind.SEVERAL:
            return PlainTextInputElement(
                action_id=VALUE, initial_value=cut(_typed(field.value), SECTION) or None
            )


def _choice(field: FormField) -> InputInteractiveElement:
    options = [_option(field, value, label) for value, label in field.options]
    chosen = field.value if isinstance(field.value, tuple) else (_typed(field.value),)
    initial = [option for option in options if option.value in chosen]
    offered: dict[str, Any] = {"action_id": VALUE}
    offered |= {"options": options} if len(options) <= MANY else {"option_groups": _groups(options)}
    if field.kind is FieldKind.SEVERAL:
        several = CheckboxesElement if len(options) <= FEW else StaticMultiSelectElement
        return several(**offered, initial_options=initial or None)
    one = RadioButtonsElement if len(options) <= FEW else StaticSelectElement
    return one(**offered, initial_option=next(iter(initial), None))


def _groups(options: Sequence[Option]) -> list[OptionGroup]:
    """Return the entries of a long menu, a hundred below each heading."""
    starts = range(0, len(options), MANY)
    groups = [options[start : start + MANY] for start in starts]
    return [
        OptionGroup(label=plain(f"{start + 1} to {start + len(group)}", LABEL), options=group)
        for start, group in zip(starts, groups, strict=True)
    ]


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
