"""Forms in Teams: filled in on the card or in a window, saved, left, and drawn again with what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.forms import other_version, problems_of, with_next
from bot.chat.teams.drawing.asked import Asked, Does
from bot.chat.teams.drawing.form import form
from bot.chat.teams.drawing.returned import filled
from bot.chat.teams.hearing.asker import Asker
from bot.chat.teams.reaching import answers
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.chat.teams.reaching.answers import Answer
from bot.chat.teams.showing.answering import Answering
from bot.chat.teams.showing.speaking import Speaking
from bot.core.errors import BookendError, Refused
from bot.core.replies import MessageRef


class Forms:
    """Takes what people do in a form."""

    def __init__(self, speaking: Speaking, answering: Answering) -> None:
        self._speaking = speaking
        self._answering = answering

    async def pressed(self, asker: Asker, activity: Activity, asked: Asked) -> Answer:
        """Take a button of a form that stands in the place of a card."""
        match asked.does:
            case Does.SAVE:
                return await self._saved(asker, activity, asked)
            case Does.BACK:
                return await self._answering.left(asker, await self._speaking.stands(asker))
        return await self._again(asker, activity, asked, {})

    async def opened(self, asker: Asker, activity: Activity) -> Answer:
        """Open a form in a window."""
        try:
            asked = _asked(activity)
            opened = await self._speaking.opened(asker, asked.again)
            what = form(opened, opening=replace(asked.opening, at=_at(asker, asked)), dialog=True)
        except BookendError as error:
            return answers.dialog_said(str(error)).to_nothing()
        return answers.dialog(opened.heading, what.content).to_nothing()

    async def submitted(self, asker: Asker, activity: Activity) -> Answer:
        """Take a button of a form in a window."""
        try:
            asked = _asked(activity)
        except BookendError as error:
            return answers.dialog_said(str(error))
        if asked.does is not Does.SAVE:
            return await self._again(asker, activity, asked, {})
        return await self._saved(replace(asker, at=_at(asker, asked)), activity, asked)

    async def _saved(self, asker: Asker, activity: Activity, asked: Asked) -> Answer:
        try:
            reply = filled(activity.data, asker.account, f"{activity.conversation}:{activity.reply_to}")
            said = await self._speaking.heard(asker, lambda desk: with_next(desk.reply(reply), asked.rest))
        except BookendError as error:
            return await self._again(asker, activity, asked, problems_of(error))
        if activity.kind is Kind.SUBMIT:
            return await self._answering.submitted(asker, said)
        return await self._answering.pressed(asker, said)

    async def _again(
        self, asker: Asker, activity: Activity, asked: Asked, problems: Mapping[str, str]
    ) -> Answer:
        """Draw a form anew with what stands in it; where it cannot be opened any more, the card says why."""
        window = activity.kind is Kind.SUBMIT
        try:
            opened = await self._speaking.opened(asker, asked.again)
            what = form(
                opened,
                opening=asked.opening,
                outcome=asked.outcome,
                problems=problems,
                kept=activity.data,
                dialog=window,
            )
        except BookendError as error:
            return await self._not_again(asker, activity, asked, " ".join(problems.values()) or str(error))
        if window:
            return answers.dialog(opened.heading, what.content).to_nothing()
        return (await self._answering.form(asker, what)).to_nothing()

    async def _not_again(self, asker: Asker, activity: Activity, asked: Asked, why: str) -> Answer:
        words = f"{why} Nothing was saved."
        if activity.kind is Kind.SUBMIT or not asked.again:
            # what was typed stands in the form, and may be put right there
            return answers.told(activity, words).to_nothing()
        return await self._answering.pressed(asker, await self._speaking.refused(asker, Refused(words)))


def _at(asker: Asker, asked: Asked) -> MessageRef | None:
    """Return at which message a form stands: a window says it by what it carries, of their own chat alone."""
    at = asker.at or asked.opening.at
    return at if at is not None and at.channel == asker.conversation else None


def _asked(activity: Activity) -> Asked:
    asked = Asked.of(activity.data)
    if asked is None:
        raise other_version()
    return asked
