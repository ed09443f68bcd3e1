"""Forms at their edges: one field, and every limit of fields, choices, words and parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

from bot.core.case import Outcome
from bot.core.kinds import FieldKind, Level
from bot.core.messages import Form, FormField, FormPart, Watch
from bot.core.red_flags import Urgency
from bot.core.wording import OUTCOMES
from tests.chat.gallery.a_day import Named

LABEL = "CO₂ / Er:YAG resurfacing · Thu 18 Feb 09:30 · Room 2 · K7Q2"
SENTENCE = "Wounds heal badly for months after this, and what is missed here is seen by nobody later on. "
YES_NO = (("no", "No"), ("yes", "Yes"))


def form(*fields: FormField, parts: int = 1, **more: object) -> Form:
    """A form of so many equal parts."""
    some = tuple(
        FormPart(task=f"K7Q2:g.step_{n:02}:1:1", revision=1, title=f"Step {n + 1}", fields=fields)
        for n in range(parts)
    )
    return Form(heading="Prep", label=LABEL, parts=some, **more)  # type: ignore[arg-type]


def forms() -> Iterator[Named]:
    """Forms at every limit: fields, choices, words, and more parts than one modal holds."""
    yield "form-every-kind", form(*_every_kind(), outcomes=tuple(OUTCOMES.items()), submit="Confirm")
    yield "form-filled", form(*map(_filled, _every_kind()), submit="Save")
    yield "form-parts", form(*_every_kind()[:6], parts=20, submit="Confirm")
    yield "form-long-words", form(*_long_words())
    yield "form-long-lists", form(*_long_lists())
    yield (
        "form-errors",
        form(*(replace(each, error=f"{each.label}: please look again.") for each in _every_kind())),
    )
    yield "form-red-flags", _red_flags()


def _every_kind() -> tuple[FormField, ...]:
    choices = (("cold_sore", "Cold sore"), ("pus", "Pus or infection"), ("wound", "Open wound"))
    return (
        FormField(name="unwell", label="Unwell today?", kind=FieldKind.CHOICE, options=YES_NO),
        FormField(name="in_area", label="In or near the area", kind=FieldKind.SEVERAL, options=choices),
        FormField(name="weight", label="Weight", kind=FieldKind.NUMBER, unit="kg"),
        FormField(name="dose", label="Dose", kind=FieldKind.NUMBER, unit="mg"),
        FormField(name="per_weight", label="Dose for the weight", kind=FieldKind.RATIO, unit="mg/kg"),
        FormField(name="last_sun", label="Last unprotected sun", kind=FieldKind.DATE, required=False),
        FormField(name="seen_at", label="Looked at", kind=FieldKind.TIME, required=False),
        FormField(
            name="remark", label="Remark", kind=FieldKind.TEXT, required=False, help="One line; no names."
        ),
    )


def _filled(field: FormField) -> FormField:
    values = {
        FieldKind.CHOICE: "no",
        FieldKind.SEVERAL: ("pus", "wound"),
        FieldKind.NUMBER: 62.5,
        FieldKind.DATE: date(2027, 2, 1),
        FieldKind.TIME: time(9, 5),
        FieldKind.TEXT: SENTENCE * 40,
    }
    return replace(field, value=values.get(field.kind))


def _long_words() -> tuple[FormField, ...]:
    long = tuple((f"choice_{n}", f"{n}. {SENTENCE * 2}") for n in range(12))
    return (
        FormField(name="one", label=SENTENCE * 5, kind=FieldKind.CHOICE, options=long, help=SENTENCE * 8),
        FormField(name="few", label="Few of them", kind=FieldKind.SEVERAL, options=long[:4]),
        FormField(name="value", label="A long value", kind=FieldKind.CHOICE, options=(("v" * 160, "Long"),)),
    )


def _long_lists() -> tuple[FormField, ...]:
    many = tuple((f"device_{n:03}", f"Device {n}") for n in range(120))
    lists = (
        (FieldKind.CHOICE, 10),
        (FieldKind.CHOICE, 120),
        (FieldKind.SEVERAL, 10),
        (FieldKind.SEVERAL, 11),
    )
    return tuple(
        FormField(
            name=f"{kind}_{count}", label=f"{kind.capitalize()} of {count}", kind=kind, options=many[:count]
        )
        for kind, count in lists
    )


def _red_flags() -> Form:
    watch = tuple(
        Watch(urgency=urgency, title=f"Flag {n}", signs=SENTENCE, act=f"Act {urgency}", then=SENTENCE)
        for urgency in Urgency
        for n in range(8)
    )
    signs = tuple((f"sign_{n}", f"Sign {n}") for n in range(30))
    part = FormPart(
        task="K7Q2:e.triage:1:1",
        revision=1,
        title="Complication, first call",
        level=Level.MD,
        why=SENTENCE * 6,
        rule=SENTENCE * 9,
        watching="Ask today (day 3)",
        watch=watch,
        fields=(
            FormField(name="symptoms", label="Symptoms", kind=FieldKind.SEVERAL, options=signs),
            FormField(name="urgency", label="Urgency", kind=FieldKind.CHOICE, options=YES_NO, proposed=True),
        ),
    )
    return Form(
        heading="Complication, first call",
        label=LABEL,
        parts=(part,),
        outcomes=((Outcome.PROBLEM, "Problem"),),
    )
