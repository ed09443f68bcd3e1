"""What a card must not lose when it is drawn anew: a form that somebody fills in, and what they were told.

Teams shows a form in the place of its card, to whoever opened it. An edit of that card would take away what
is typed there, so it waits until the form is saved or left, ten minutes at most. What a deed led to stands on
top of the card, with the button that takes it back, as long as it can be taken back. An answer is no card of
the outbox: what stands there, and what asks for it again, is remembered here too. All of it is this program's
memory: after a restart a card is drawn as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.newest import Newest
from bot.chat.pace import loop_time
from bot.chat.teams.drawing.kit import Drawn
from bot.core.messages import Notice
from bot.core.replies import MessageRef

#: How long a form keeps its place, and a word on a deed, in seconds: as long as an answer can be taken back.
FILLING = TOLD = 600.0
#: How many of each are remembered: more than a large clinic has at once.
MOST = 2000
#: How many answers are remembered: whole ones, to put one back where a form was left.
ANSWERS = 200


class Holding:
    """Remembers which messages have a form open for somebody, and what somebody was told on them."""

    def __init__(self, time: Callable[[], float] = loop_time) -> None:
        self._time = time
        self._forms = Newest[MessageRef, float](MOST)
        self._told = Newest[MessageRef, tuple[float, Notice]](MOST)
        self._answers = Newest[MessageRef, tuple[Drawn, tuple[str, ...]]](ANSWERS)

    def fills(self, at: MessageRef) -> None:
        """Know that somebody has a form before them where a message stands."""
        self._forms.keep(at, self._time() + FILLING)

    def ended(self, at: MessageRef) -> None:
        """Know that a form was saved or left."""
        self._forms.forget(at)

    def has_form(self, at: MessageRef) -> bool:
        """Say whether somebody has a form before them there, so that it should not be drawn anew."""
        return self._time() < (self._forms.get(at) or 0.0)

    def tell(self, at: MessageRef, said: Notice) -> None:
        """Know what somebody was told on top of a card."""
        self._told.keep(at, (self._time() + TOLD, said))

    def told(self, at: MessageRef) -> Notice | None:
        """Return what still stands on top of a card."""
        found = self._told.get(at)
        return found[1] if found and self._time() < found[0] else None

    def answered(self, at: MessageRef, what: Drawn, asked: tuple[str, ...]) -> None:
        """Know the answer that stands at a message, and the looking command that asks for it, if one does."""
        self._answers.keep(at, (what, asked))

    def answer(self, at: MessageRef) -> Drawn | None:
        """Return the answer that stands at a message, as it was drawn last."""
        found = self._answers.get(at)
        return found[0] if found else None

    def asked(self, at: MessageRef) -> tuple[str, ...]:
        """Return the looking command that a message answers, as far as that is remembered."""
        found = self._answers.get(at)
        return found[1] if found else ()
