"""Teams, as people speak to us: buttons, forms and typed lines become a Reply or a Command.

What somebody says is kept before Teams hears of it, unless that takes so long that people would press again:
then the answer follows. Only full members of the clinic's own tenant are heard.
"""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace

from bot.chat import buttons
from bot.chat.teams import PLATFORM, log
from bot.chat.teams.drawing.asked import Asked
from bot.chat.teams.drawing.carried import CARD, HISTORY, Screen, button_of, screen_of
from bot.chat.teams.hearing.asker import Asker, asker_of, ref
from bot.chat.teams.hearing.words import Words, words_of
from bot.chat.teams.people.happenings import Happenings
from bot.chat.teams.people.members import Members
from bot.chat.teams.people.places import KnownPlaces
from bot.chat.teams.reaching import answers
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.chat.teams.reaching.answers import Answer
from bot.chat.teams.showing.answering import Answering
from bot.chat.teams.showing.forms import Forms
from bot.chat.teams.showing.speaking import Speaking, command, press
from bot.core.errors import BookendError, ChatTrouble
from bot.core.messages import Card, Notice, Response
from bot.core.replies import COMMANDS, LOOKING, OF_CHANNEL, Typed
from bot.ports import Desk

#: What people write who were told to write hello.
_HELLO = ("hello", "hi", "hey")
_WORDLESS = "I read only words, no pictures and no voice; nothing was changed. Please write it."
_UNKNOWN = "Bookend does not know what was pressed there. Nothing was changed."


class TeamsFace:
    """Hands on what people say, and shows each of them the answer."""

    def __init__(
        self,
        speaking: Speaking,
        forms: Forms,
        answering: Answering,
        happenings: Happenings,
        members: Members,
        places: KnownPlaces,
    ) -> None:
        self._speaking = speaking
        self._forms = forms
        self._answering = answering
        self._happenings = happenings
        self._members = members
        self._places = places

    async def take(self, activity: Activity) -> Answer:
        """Do what an activity asks for; return what Teams is told."""
        await self._happenings.heard(activity)
        asker = asker_of(activity)
        match activity.kind:
            case Kind.MESSAGE:
                return await self._typed(asker, activity)
            case Kind.PRESS:
                return await self._at_its_place(asker, activity, await self._pressed(asker, activity))
            case Kind.REFRESH:
                return await self._turned(asker, Screen())
            case Kind.OPEN:
                return await self._forms.opened(asker, activity)
            case Kind.SUBMIT:
                return await self._forms.submitted(asker, activity)
            case Kind.INVOKE:
                return answers.told(activity, _UNKNOWN)
        return answers.nothing()

    async def late(self, activity: Activity, answer: Answer) -> None:
        """Show an answer that was not there in time, and was promised."""
        await self._answering.late(asker_of(activity), answer)

    async def _at_its_place(self, asker: Asker, activity: Activity, answer: Answer) -> Answer:
        # an older client sends a message, which is answered with nothing
        if activity.invoke:
            return answer
        return await _said(self._answering.late(asker, answer))

    async def _pressed(self, asker: Asker, activity: Activity) -> Answer:
        try:
            if asked := Asked.of(activity.data):
                return await self._forms.pressed(asker, activity, asked)
            if screen := screen_of(activity.data):
                return await self._turned(asker, screen)
            button = button_of(activity.data)
        except BookendError as error:
            return await self._answering.pressed(asker, await self._speaking.refused(asker, error))
        if button is None:
            return answers.said(_UNKNOWN)
        said = await self._speaking.said(asker, lambda desk: desk.reply(press(asker, button)))
        return await self._answering.pressed(asker, replace(said, again=buttons.carried(button)))

    async def _turned(self, asker: Asker, screen: Screen) -> Answer:
        """Show a page of something; nothing is changed by it."""
        try:
            stands = await self._speaking.shown(asker, lambda desk: _seen(desk, asker, screen))
        except BookendError as error:
            return answers.said(str(error)).to_nothing()
        return self._answering.turned(stands, screen)

    async def _typed(self, asker: Asker, activity: Activity) -> Answer:
        # whoever speaks of Bookend in a channel may not speak to it
        if not (activity.personal or activity.mentions_bot):
            return answers.nothing()
        words = words_of(activity.text, activity.html if activity.personal else "", self._called(activity))
        asked = tuple(words.text.split())
        room = await self._room(asker, asked)
        said = await self._speaking.said(asker, lambda desk: _line(desk, asker, activity, words, room))
        said = replace(said, asked=asked, again=buttons.command(asked))
        return await _said(self._answering.written(asker, said, thread=activity.thread or activity.id))

    def _called(self, activity: Activity) -> dict[str, str]:
        """Return how people who are mentioned are called in a reply."""
        accounts = {text: self._places.who(member) for text, member in activity.mentioned.items()}
        return {text: f"@{account}" for text, account in accounts.items() if account}

    async def _room(self, asker: Asker, asked: tuple[str, ...]) -> str:
        """Return the channel that words are about, "" where no board of the clinic can stand."""
        if not (asker.channel and asked and asked[0].lower() in OF_CHANNEL):
            return ""
        with suppress(ChatTrouble):
            return asker.channel if await self._members.ours(asker.channel) else ""
        return ""


async def _said(saying: Awaitable[None]) -> Answer:
    """Answer what waits for nothing: it was taken, even where nobody can be told so."""
    try:
        await saying
    except ChatTrouble as trouble:
        log.warning("An answer did not reach anybody: %s", trouble)
    return answers.nothing()


def _seen(desk: Desk, asker: Asker, screen: Screen) -> Card | Response:
    if screen.word == CARD and asker.at is not None:
        return desk.card(asker.address, asker.at)
    word = "case" if screen.word == HISTORY else screen.word
    if word not in LOOKING:
        raise buttons.other_version()
    return desk.command(command(asker, tuple(filter(None, (word, screen.about)))))


def _line(desk: Desk, asker: Asker, activity: Activity, words: Words, room: str) -> Response:
    """Hand in a line: a command, or an answer to the message that it answers, or to the card that asks."""
    asked = tuple(words.text.split())
    if not asked and not activity.mentions_bot:
        return Notice(text=_WORDLESS)
    if asked and asked[0].lower().strip("!,.") in _HELLO:
        asked = ("help",)
    # under a question "here" is the patient, and no channel
    answers = asker.personal or asker.at is not None
    if not asked or (asked[0].lower() in COMMANDS and not (answers and asked[0].lower() in OF_CHANNEL)):
        return desk.command(replace(command(asker, asked), at=activity.at, channel=room))
    return desk.reply(
        Typed(
            platform=PLATFORM,
            account=asker.account,
            once=asker.once,
            text=words.text,
            message=ref(asker.conversation, words.answers) if words.answers else asker.at,
            alone=asker.personal,
            at=activity.at,
        )
    )
