"""The same click is one deed, however often it is delivered, and gets the same answer each time.

Teams asks again what was not answered within 15 seconds, first with the same id, later with another one
(people saw it: https://github.com/microsoft/botbuilder-dotnet/issues/5005). What has the same id is the same
for as long as it is remembered. With another id it is the same where a person sent exactly the same from the
same message within `WINDOW` and did nothing else in between: who goes back and opens a form again wants it
opened again, while Later pressed twice in that time was meant once. What could not be taken, or was refused,
is forgotten: pressed again, it is heard again. All this spares people a second answer; that nothing is done
twice the desk sees to.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from hashlib import sha256

from bot.chat.newest import Newest
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.chat.teams.reaching.answers import Answer

#: Within how many seconds the same from the same person is a repeat: Teams makes up its mind within 15.
WINDOW = 20.0
#: How much is remembered, by id and by person: each has its answer, which may be a whole card.
MOST = 100
#: What may do something; all else draws, or can be done again without harm.
_DEEDS = frozenset({Kind.MESSAGE, Kind.PRESS, Kind.OPEN, Kind.SUBMIT})
#: Those that a client repeats with another id; the same words may well be typed twice.
_REPEATED = frozenset({Kind.PRESS, Kind.SUBMIT})


@dataclass(eq=False, slots=True)
class Deed:
    """Something that is being taken, or was. `promised` is set once its answer was said to follow."""

    answer: asyncio.Task[Answer] = field(init=False)
    promised: bool = False


class Once:
    """The last deeds, those under way as well."""

    def __init__(self, *, most: int = MOST) -> None:
        self._by_id = Newest[str, Deed](most)
        self._last = Newest[str, tuple[str, float, Deed]](most)

    def known(self, activity: Activity) -> Deed | None:
        """Return the deed that this is a repeat of, if it is one."""
        if activity.kind not in _DEEDS:
            return None
        what = _what(activity)
        same = self._by_id.get(f"{activity.id} {what}") if activity.id else None
        if same or activity.kind not in _REPEATED:
            return same
        before, when, deed = self._last.get(_who(activity)) or ("", 0.0, None)
        recent = _now() - when < WINDOW or not (deed and deed.answer.done())
        return deed if before == what and recent else None

    def keep(self, activity: Activity, deed: Deed) -> None:
        """Remember a deed that begins now."""
        if activity.kind not in _DEEDS:
            return
        what = _what(activity)
        if activity.id:
            self._by_id.keep(f"{activity.id} {what}", deed)
        self._last.keep(_who(activity), (what, _now(), deed))

    def forget(self, activity: Activity, deed: Deed) -> None:
        """Let what was not taken come again."""
        what = _what(activity)
        if self._by_id.get(f"{activity.id} {what}") is deed:
            self._by_id.forget(f"{activity.id} {what}")
        last = self._last.get(_who(activity))
        if last and last[2] is deed:
            self._last.forget(_who(activity))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _who(activity: Activity) -> str:
    return activity.account or activity.member


def _what(activity: Activity) -> str:
    where = (_who(activity), activity.conversation, activity.thread, activity.reply_to)
    said = json.dumps([activity.kind, *where, activity.data], sort_keys=True)
    return sha256(said.encode()).hexdigest()
