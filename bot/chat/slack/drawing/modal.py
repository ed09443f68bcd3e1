"""Forms as modals: pure functions that decide nothing. `returned` reads what was filled in.

A modal carries its task keys and revisions in `private_metadata`, and names each input by task and field.
What does not apply is answered with a note alone: `otherwise` redraws the open modal for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from bot.chat.buttons import carried, packed, shortened
from bot.chat.forms import labels, next_form
from bot.chat.letters import flat
from bot.chat.looks import LEVELS, called_by
from bot.chat.slack.drawing.carried import CAUGHT, FORM, NOTE, OTHERWISE, VALUE, Opened, carried_by
from bot.chat.slack.drawing.inputs import inputs
from bot.chat.slack.drawing.kit import HEADER, LABEL, SECTION, context, cut, plain, safe, section
from bot.chat.slack.drawing.kit import VALUE as DATA
from bot.chat.slack.drawing.watching import watching
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.catches import CATCHES
from bot.core.errors import Refused
from bot.core.messages import Form, FormPart

#: Slack's limits: blocks in a modal, its title and its metadata.
BLOCKS, TITLE, METADATA = 100, 24, 3000
#: Blocks kept for what stands around the parts, and for what may be asked besides.
AROUND = 6


def modal(form: Form, *, channel: str) -> dict[str, Any]:
    """Draw a form; `channel` is where its answer will be shown.

    Parts that find no room come next: the answer to this form has a button for them. Raise Refused when not
    even the first fits.
    """
    alone, called = len(form.parts) == 1, labels(form.parts)
    drawn = [_part(part, called, heading=form.heading, alone=alone) for part in form.parts]
    count = _fitting(form, drawn, channel)
    rest = _rest(form, count, channel)
    others = [each for each in form.outcomes if each[0] is not Outcome.CONFIRMED]
    view = View(
        type="modal",
        callback_id=FORM,
        title=plain(form.heading, TITLE),
        submit=plain(form.submit, TITLE),
        close=plain("Close", TITLE),
        private_metadata=_metadata(form, count, channel, rest),
        blocks=[
            *_above(form),
            *(block for part in drawn[:count] for block in part),
            *_left(len(form.parts) - count, rest),
            *([DividerBlock(), _others(others)] if others else []),
        ],
    )
    return dict(view.to_dict())


def _fitting(form: Form, drawn: Sequence[Sequence[Block]], channel: str) -> int:
    """Return how many parts find room, with what stands around them; raise Refused when not one does."""
    for count in range(len(form.parts), 0, -1):
        blocks = sum(map(len, drawn[:count]))
        # some letters of metadata are kept for the outcome that may be pressed
        if blocks <= BLOCKS - AROUND and len(_metadata(form, count, channel)) <= METADATA - 50:
            return count
    if form.parts:
        raise Refused("This form is longer than Slack can show. Please answer line by line.")
    return 0


def _metadata(form: Form, count: int, channel: str, rest: Sequence[str] = ()) -> str:
    parts = form.parts[:count]
    tasks = shortened(part.task for part in parts)
    revisions = [part.revision for part in parts]
    what = {"do": form.action, "tasks": tasks, "revisions": revisions, "channel": channel}
    more = {"value": form.value, "rest": shortened(rest)}
    return packed(what | {name: value for name, value in more.items() if value})


def _rest(form: Form, count: int, channel: str) -> Sequence[str]:
    """Return the tasks of the next form, as many as one button and this form can carry."""
    rest = [part.task for part in form.parts[count:]] if form.action is Action.FORM else []
    while rest and not (
        len(_metadata(form, count, channel, rest)) <= METADATA - 50 and len(carried(next_form(rest))) <= DATA
    ):
        rest.pop()
    return rest


def _left(many: int, rest: Sequence[str]) -> list[Block]:
    """Say of what found no room where it is asked."""
    next_one = "come next: save these, then press the button below the answer"
    return [context(f"{many} more {next_one if rest else 'stay on the card'}.")] if many else []


def _above(form: Form) -> list[Block]:
    """Draw what the form is about: its heading where the title has no room for all of it, and the case."""
    whole = f"*{safe(form.heading, SECTION // 2)}*" if len(flat(form.heading)) > TITLE else ""
    label = f"*{safe(called_by(form.label, form.who), SECTION // 3)}*" if form.label else ""
    told = "\n".join(filter(None, [whole, label]))
    # Slack takes no form without a block
    return [section(told or safe(form.heading))] if told or not form.parts else []


def _part(part: FormPart, called: Mapping[tuple[str, str], str], *, heading: str, alone: bool) -> list[Block]:
    title = [] if alone and flat(part.title) == flat(heading) else [_title(part, alone=alone)]
    wrong = [section(f"⚠️ {safe(part.error, SECTION - 3)}")] if part.error else []
    stops = safe(part.rule) or LEVELS[part.level].capitalize()
    small = "\n".join(filter(None, [stops, f"_{safe(part.why)}_" if part.why else ""]))
    asked = ((field, called[part.task, field.name]) for field in part.fields)
    fields = (block for field, label in asked for block in inputs(part, field, label))
    return [*title, *wrong, *([context(cut(small, SECTION))] if small else []), *watching(part), *fields]


def _title(part: FormPart, *, alone: bool) -> Block:
    title = flat(part.title)
    if alone or len(title) > HEADER:
        return section(f"*{safe(title, SECTION - 2)}*")
    return HeaderBlock(text=plain(title, HEADER))


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
    told = ("header", "section", "context")
    keeps = (*told, "input") if outcome is Outcome.CAUGHT else told
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
