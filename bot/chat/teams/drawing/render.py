"""Cards, views and notices as Adaptive Cards: pure functions that decide nothing."""

from __future__ import annotations

from bot.chat.spoken import spoken
from bot.chat.teams.drawing.carried import Screen
from bot.chat.teams.drawing.kit import (
    LABEL,
    TEXT,
    Drawn,
    block,
    button,
    heading_safe,
    message,
    paragraph,
    run,
    safe,
    small,
    weight,
)
from bot.core.messages import Card, Notice, Response

#: All of what a message says, opened from that message.
HERE = Screen()


def drawn(
    what: Card | Response, *, note: Notice | None = None, screen: Screen | None = HERE, channel: bool = False
) -> Drawn:
    """Draw a card, a view or a notice; `note` says on top what just happened.

    Where a message has no room for all of it, a button turns to the next page of `screen`; `None` where nothing
    can be asked again. In a `channel` it also says how an answer reaches Bookend.
    """
    said = spoken(what, TEXT, weight)
    buttons = getattr(what, "buttons", ())
    return message(said, [paragraph(run(safe(said, TEXT)))], [button(each) for each in buttons[:6]])


def over(why: str) -> Drawn:
    """Draw one line that says why a card is over, without buttons."""
    return message(why, [small(safe(why, TEXT))])


def line(text: str, mention: tuple[str, str] | None = None) -> Drawn:
    """Return one line; it calls the member that it mentions, (member's id, name), and nobody else."""
    said = paragraph(run(safe(text, TEXT)))
    if mention is None:
        return message(text, [said])
    member, name = mention
    call = f"<at>{heading_safe(name, LABEL)}</at>"
    drawn = message(f"{name}: {text}", [block(call), {**said, "spacing": "none"}])
    called = {"type": "mention", "text": call, "mentioned": {"id": member, "name": name}}
    entities = {"msteams": {"width": "Full", "entities": [called]}}
    return Drawn(content={**drawn.content, **entities}, summary=drawn.summary)
