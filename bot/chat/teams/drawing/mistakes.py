"""What of a form needs another look: at which inputs it is said, and what is named at the top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.chat.letters import flat
from bot.chat.teams.drawing.inputs import CAUGHT, DIFFERENT, NOTE, WHAT, Given, key_of
from bot.core.messages import Form

#: As many inputs are named; the others are counted.
NAMED = 6


def placed_at(form: Form, problems: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return problems by the inputs they belong to, and what belongs to none."""
    inputs = {
        f"{part.task}/{field.name}": key_of(place, field)
        for place, part in enumerate(form.parts)
        for field in part.fields
    }
    inputs |= {NOTE: NOTE, CAUGHT: CAUGHT}
    placed: dict[str, str] = {}
    wrong: list[str] = []
    for name, what in problems.items():
        fitting = [key for whole, key in inputs.items() if whole == name or whole.endswith(f"/{name}")]
        if fitting:
            placed[fitting[0]] = " ".join(filter(None, [placed.get(fitting[0], ""), what]))
        else:
            wrong.append(what)
    return placed, wrong


def named(form: Form, given: Given) -> Iterator[str]:
    """Name what needs another look: it can stand far below, and is hard to find by ear."""
    fields = ((n, part.task, field) for n, part in enumerate(form.parts) for field in part.fields)
    called = {key_of(n, field): given.labels[task, field.name] for n, task, field in fields}
    called |= {CAUGHT: WHAT, NOTE: DIFFERENT}
    wrong = [flat(label) for key, label in called.items() if key in given.problems]
    if wrong:
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        yield f"Please look again at: {', '.join(filter(None, wrong[:NAMED]))}{more}."
