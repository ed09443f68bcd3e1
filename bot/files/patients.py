"""What is known of an imagined patient: facts typed in one line, or those of a file."""

from __future__ import annotations

from pathlib import Path

from bot.core.conditions import Value
from bot.core.errors import Mistake, Mistakes
from bot.core.playbook import Playbook
from bot.files.bookings import facts_of, readable
from bot.files.reader import read_text

#: Where a mistake in a typed line is said to be.
TYPED = "--facts"


def facts_given(given: str, playbook: Playbook) -> dict[str, Value]:
    """Return the facts of "smoker=yes,age=17", or of a file with `facts:` such as a booking."""
    if "=" in given:
        try:
            return _read(f"facts: {{{_as_yaml(given)}}}", TYPED, playbook)
        except Mistakes as wrong:
            # what was typed has neither lines nor the columns that it was read in
            raise Mistakes(Mistake(file=TYPED, what=each.what) for each in wrong.mistakes) from None
    return _read(read_text(Path(given)), given, playbook)


def _read(text: str, file: str, playbook: Playbook) -> dict[str, Value]:
    root = readable(text, file)
    root.need("facts")
    found = facts_of(root, playbook)
    if root.source.mistakes:
        raise Mistakes(root.source.mistakes)
    return found


def _as_yaml(given: str) -> str:
    pairs = [pair.partition("=") for pair in given.split(",") if pair.strip()]
    for name, equals, value in pairs:
        if not equals or not name.strip().isidentifier() or not value.strip():
            pair = f"{name}{equals}{value}".strip()
            raise Mistakes(
                [Mistake(file=TYPED, what=f"expected name=value such as smoker=yes, not {pair!r}")]
            )
    return ", ".join(f"{name.strip()}: {value.strip()}" for name, _, value in pairs)
