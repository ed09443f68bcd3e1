"""What somebody has before them where a message of ours stands, for every program that may draw it anew.

One program hears a press and shows what follows from it, another draws the card for everybody: it must know
of a form that is being filled in there, and of what was said on top. Kept for minutes, then emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.actions import Action, Button
from bot.core.errors import Conflict
from bot.core.messages import Notice
from bot.core.outgoing import Arrangement, Verb
from bot.core.replies import MessageRef
from bot.ports import Transaction
from bot.service.practice import Practice

#: The kind of the arrangement that keeps it, by message.
SHOWN = "shown"
#: For how long what an answer answers is known, so that it can be asked again.
ASKED = timedelta(days=1)
#: How often it is tried to write where others write as well.
_TRIES = 3
_FORM, _TOLD, _SAID, _ASKED, _UNTIL = "form_until", "told_until", "said", "asked", "until"

#: What is kept of one message.
Detail = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptShown:
    """The port Shown."""

    practice: Practice

    def fills(self, at: MessageRef, lasts: timedelta) -> None:
        """Know for a while that somebody has a form before them where a message stands."""
        until = self._in(lasts)
        self._change(at, lambda detail: {**detail, _FORM: until}, lasts)

    def ended(self, at: MessageRef) -> None:
        """Know that a form was saved or left."""
        if self.has_form(at):
            self._change(at, lambda detail: {**detail, _FORM: ""}, timedelta())

    def has_form(self, at: MessageRef) -> bool:
        """Say whether somebody has a form before them there."""
        return self._lives(self._detail(at).get(_FORM, ""))

    def tell(self, at: MessageRef, said: Notice, lasts: timedelta) -> None:
        """Know for a while what somebody was told on top of a card, and let it be drawn with that."""
        until = self._in(lasts)
        self._change(at, lambda detail: {**detail, _SAID: _plain(said), _TOLD: until}, lasts, drawn=True)

    def told(self, at: MessageRef) -> Notice | None:
        """Return what still stands on top of a card."""
        detail = self._detail(at)
        return _notice(detail[_SAID]) if self._lives(detail.get(_TOLD, "")) else None

    def answers(self, at: MessageRef, asked: tuple[str, ...]) -> None:
        """Know which looking command a message answers."""
        self._change(at, lambda detail: {**detail, _ASKED: [*asked]}, ASKED)

    def asked(self, at: MessageRef) -> tuple[str, ...]:
        """Return the looking command that a message answers, as far as that is known."""
        return tuple(self._detail(at).get(_ASKED, ()))

    def _detail(self, at: MessageRef) -> Detail:
        with self.practice.store.reading() as reading:
            made = reading.arrangement(SHOWN, _key(at))
        return made.detail if made is not None else {}

    def _change(
        self, at: MessageRef, change: Callable[[Detail], Detail], lasts: timedelta, *, drawn: bool = False
    ) -> None:
        for left in reversed(range(_TRIES)):
            try:
                with self.practice.store.writing() as tx:
                    self._write(tx, at, change, lasts)
                    if drawn:
                        self._draw(tx, at)
                return
            except Conflict:
                if not left:
                    raise

    def _write(
        self, tx: Transaction, at: MessageRef, change: Callable[[Detail], Detail], lasts: timedelta
    ) -> None:
        now = self.practice.clock.now()
        fresh = Arrangement(kind=SHOWN, key=_key(at), clinic="", by="bookend", at=now)
        made = tx.arrangement(SHOWN, _key(at)) or fresh
        until = max(str(made.detail.get(_UNTIL, "")), self._in(lasts))
        tx.arrange(replace(made, at=now, detail={**change(made.detail), _UNTIL: until}, ended=None))

    def _draw(self, tx: Transaction, at: MessageRef) -> None:
        # another program may have drawn it between the deed and the word on it
        posting, now = tx.posting_at(at), self.practice.clock.now()
        if posting is not None and not posting.closed:
            tx.queue(posting.key, Verb.DRAW, key=f"{SHOWN}:{_key(at)}:{now.isoformat()}", at=now)

    def _in(self, lasts: timedelta) -> str:
        return (self.practice.clock.now() + lasts).isoformat()

    def _lives(self, until: str) -> bool:
        return bool(until) and self.practice.clock.now() < datetime.fromisoformat(until)


def forget_shown(practice: Practice) -> int:
    """Empty what nobody has before them any more; return of how many messages."""
    now = practice.clock.now()
    with practice.store.reading() as reading:
        over = [made for made in reading.arrangements("", SHOWN) if _is_over(made, now)]
    for made in over:
        _forget(practice, made, now)
    return len(over)


def _is_over(made: Arrangement, now: datetime) -> bool:
    return datetime.fromisoformat(made.detail[_UNTIL]) <= now


def _forget(practice: Practice, made: Arrangement, now: datetime) -> None:
    try:
        with practice.store.writing() as tx:
            tx.arrange(replace(made, detail={}, ended=now))
    except Conflict:
        # somebody has it before them anew
        return


def _key(at: MessageRef) -> str:
    return f"{at.platform}:{at.channel}:{at.message}"


def _plain(said: Notice) -> Detail:
    """Return a notice as plain data; a link is kept nowhere, and moments are words like others there."""
    return {
        "text": said.text,
        "tone": said.tone,
        "lines": [*said.lines],
        "heading": said.heading,
        "code": said.code,
        "telling": said.telling,
        "buttons": [asdict(each) for each in said.buttons],
    }


def _notice(kept: Detail) -> Notice:
    buttons = tuple(
        Button(**{**each, "action": Action(each["action"]), "tasks": tuple(each["tasks"])})
        for each in kept["buttons"]
    )
    return Notice(**{**kept, "lines": tuple(kept["lines"]), "buttons": buttons})
