"""What Teams tells is taken so many at once, each of it once, and answered before anybody gives up.

Teams gives up after 15 seconds, people after three. So an invoke whose answer is not there by then hears that
it follows, which is true: the work goes on, and `late` is handed the answer. What is no invoke, such as a
typed line, waits for nothing: it gets 200, for nobody must send it again, and 503 only where it was not taken
at all. That promises nothing, and if Teams asks again, it is taken then.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from bot.chat.errands import Errands
from bot.chat.teams import log
from bot.chat.teams.reaching import answers
from bot.chat.teams.reaching.activity import Activity
from bot.chat.teams.reaching.answers import Answer
from bot.chat.teams.reaching.once import Deed, Once
from bot.chat.underway import UnderWay
from bot.core.logged import Ours

#: Does what an activity asks for, and says what Teams is to be told.
Take = Callable[[Activity], Awaitable[Answer]]
#: Is handed an answer that came after it was said to follow.
Late = Callable[[Activity, Answer], Coroutine[Any, Any, None]]

#: How long Teams is kept waiting, in seconds: the way there and back takes time as well.
LONGEST = 2.8
FOLLOWS = "Taken. The card follows."
_TOO_MUCH = "Bookend cannot take more at once. Try again in a minute."
_WRONG = "Something went wrong here. Try again."
_EMPTY = "There is nothing here that Bookend could do."


class Intake:
    """Hands on what Teams tells, already verified and in our own terms."""

    def __init__(self, take: Take, *, late: Late | None = None) -> None:
        self._take = take
        self._late = late
        self._once = Once()
        self._errands = Errands()
        self._under_way = UnderWay[Answer]()

    async def take(self, activity: Activity) -> Answer:
        """Return what Teams is to be told; an invoke's answer is never empty, and never an accident."""
        deed = self._once.known(activity) or self._begun(activity)
        if deed is None:
            log.warning("Teams sends more than Bookend can take at once: some of it was turned away.")
            return answers.failed(activity, _TOO_MUCH)
        await asyncio.wait({deed.answer}, timeout=LONGEST)
        if deed.answer.done():
            return deed.answer.result()
        deed.promised = True
        return answers.told(activity, FOLLOWS)

    def _begun(self, activity: Activity) -> Deed | None:
        deed = Deed()
        answer = self._under_way.begin(
            lambda: self._done(activity, deed), activity.account or activity.member
        )
        if answer is None:
            return None
        deed.answer = answer
        self._once.keep(activity, deed)
        return deed

    async def _done(self, activity: Activity, deed: Deed) -> Answer:
        answer = await self._taken(activity)
        if not answer.taken:
            self._once.forget(activity, deed)
        if deed.promised and activity.invoke and self._late:
            self._errands.later(self._late(activity, answer))
        return answer

    async def _taken(self, activity: Activity) -> Answer:
        try:
            answer = await self._take(activity)
        except Exception as accident:
            # what it says may hold somebody's words
            log.error("What Teams sent could not be taken: %s, %s", activity.name, Ours(_where(accident)))
            return answers.failed(activity, _WRONG)
        if answer.body or not activity.invoke:
            return answer
        return answers.told(activity, _EMPTY) if answer.taken else answers.failed(activity, _WRONG)

    async def finish(self) -> None:
        """Let what is under way come to its end."""
        await self._under_way.finish()
        await self._errands.finish()


def _where(accident: Exception) -> str:
    last = traceback.extract_tb(accident.__traceback__)[-1]
    return f"{type(accident).__name__} at {Path(last.filename).name}:{last.lineno}"
