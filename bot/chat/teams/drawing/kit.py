"""Adaptive Cards in small: a person's words as plain text, lines and buttons, and what fits in one message.

People's words stand in RichTextBlocks, whose text no client reads as markdown. A TextBlock is markdown: only
headings are one, since a screen reader jumps from heading to heading, and their signs are made harmless.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.letters import flat
from bot.chat.looks import called
from bot.chat.teams.drawing.carried import pressing
from bot.core.actions import Button

#: A part of a card, or all of it.
Json = Mapping[str, Any]

#: How many buttons a whole card may have: Teams puts more behind a menu, which nobody opens with gloves on.
SIX = 6
#: How much a message weighs at most: Microsoft counts in UTF-16, and its pages name 28 to 100 kB.
MESSAGE = 20_000
#: What a message is drawn into: the rest is for what is put around it on the way.
ROOM = MESSAGE - 500
#: How many bytes a card has at most.
CARD = 25_000
#: How long a text is: a heading, what a case is called, a button, what is read of it, and the one text beside
#: the card.
HEADING, LABEL, TITLE, TOOLTIP, TEXT = 150, 300, 60, 150, 1000
#: How much one button carries at most, and all of a card in all.
CARRIES, BUTTONS = 2000, 5000
#: How much a paragraph weighs besides its words, at most.
_PARAGRAPH = 150

#: What a client that knows no Adaptive Card 1.5 shows stands in `fallbackText`.
VERSION = "1.5"
ATTACHED = "application/vnd.microsoft.card.adaptive"
#: Signs that Teams reads as markdown in a heading, and the same ones as nothing but signs.
_MARKS = str.maketrans(
    {
        "*": "\u2217",
        "_": "\uff3f",
        "`": "\u02cb",
        "~": "\u223c",
        "\\": "\uff3c",
        "[": "\uff3b",
        "]": "\uff3d",
        "<": "\u2039",
        ">": "\u203a",
    }
)
#: Between a sign and what would give it a meaning: nobody sees it.
_JOINER = "\u2060"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """A message: its card, and the same in one text for notifications and the list of chats."""

    content: Json
    summary: str

    @property
    def told(self) -> Any:
        """All of it, to be compared."""
        return [self.summary, self.content]

    def activity(self) -> Json:
        """Return the message as Teams takes it.

        Nothing else stands beside the card: Teams would make two messages of it, and say the id of neither.
        """
        attached = {"contentType": ATTACHED, "content": self.content}
        return {"type": "message", "summary": self.summary, "attachments": [attached]}


def message(text: str, body: Sequence[Json], actions: Sequence[Json] = (), *, name: str = "") -> Drawn:
    """Return a message of these elements; `name` is what a screen reader calls the card."""
    said = safe(text, TEXT) or "Bookend"
    content = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "lang": "en",
        # the clients that show it read markdown in it
        "fallbackText": heading_safe(text, TEXT) or "Bookend",
        "speak": safe(name or said, LABEL) or "Bookend",
        "msteams": {"width": "Full"},
        "body": list(body) or [paragraph(run(said))],
        **({"actions": list(actions)} if actions else {}),
    }
    return Drawn(content=content, summary=said)


def safe(text: str, most: int = 0) -> str:
    """Return a person's words on one line, with nothing in them that a client works out, cut to a weight."""
    plain = _CONTROLS.sub("", flat(text)).replace("{{", f"{{{_JOINER}{{")
    return cut(plain, most) if most else plain


def heading_safe(text: str, most: int = HEADING) -> str:
    """Return words for a TextBlock in which nothing is markdown, an entity or a mention."""
    plain = safe(text, most).translate(_MARKS)
    plain = re.sub(r"&(?=#?\w+;)", f"&{_JOINER}", plain)
    return _JOINER + plain if re.match(r"([-+#]|\d+[.)])", plain) else plain


def cut(text: str, most: int) -> str:
    """Return words that weigh so much at most, up to the end of a word if one ends near."""
    if weight(text) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if weight(text[:middle]) < most else (low, middle - 1)
    left = text[:low]
    word = left.rpartition(" ")[0]
    return (word if 2 * len(word) > low else left).rstrip(" ·,:") + "…"


def weight(what: object) -> int:
    """Return what something weighs in a message: its UTF-16 units as JSON, more if it has many bytes."""
    said = compact(what)
    units = len(said.encode("utf-16-le", "surrogatepass")) // 2
    return max(units, -(-len(said.encode("utf-8", "surrogatepass")) * MESSAGE // CARD))


def compact(what: object) -> str:
    """Return the JSON that goes to Teams."""
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"))


def size(drawn: Drawn) -> int:
    """Return what a whole message weighs, of `MESSAGE` at most."""
    return weight(drawn.activity())


def run(text: str, **looks: Any) -> Json:
    """Return words inside a paragraph; `looks` are what Adaptive Cards calls weight, color, isSubtle ..."""
    return {"type": "TextRun", "text": text, **looks}


def bold(text: str, **looks: Any) -> Json:
    """Return words that stand out inside a paragraph."""
    return run(text, weight="bolder", **looks)


def paragraph(*runs: Json, **looks: Any) -> Json:
    """Return words as a paragraph of its own."""
    return {"type": "RichTextBlock", "inlines": [r for r in runs if r["text"]] or [run("-")], **looks}


def spelled(said: str) -> list[Json]:
    """Return words in which what is to be typed, between `backticks`, looks so; no client reads them."""
    parts = re.split(r"`([^`]+)`", said)
    return [
        run(part, **({"fontType": "monospace"} if place % 2 else {}))
        for place, part in enumerate(parts)
        if part
    ]


def small(text: str, **looks: Any) -> Json:
    """Return `safe` words in small print."""
    return paragraph(run(text, size="small", isSubtle=True), **looks)


def joined(*parts: Json | str) -> list[Json]:
    """Return parts of a paragraph side by side, those that say nothing left out."""
    some = [run(part) if isinstance(part, str) else part for part in parts]
    said = [part for part in some if part["text"]]
    return [{**part, "text": f" · {part['text']}"} if place else part for place, part in enumerate(said)]


def block(text: str, **looks: Any) -> Json:
    """Return words as a TextBlock: `heading_safe` ones, since it is markdown."""
    return {"type": "TextBlock", "text": text, "wrap": True, **looks}


def head(heading: str, label: str = "") -> list[Json]:
    """Return what stands at the top: what it is, and which case it is about."""
    top = block(heading_safe(heading) or "Bookend", style="heading", size="large", weight="bolder")
    below = [paragraph(bold(safe(label, LABEL)), spacing="small")] if flat(label) else []
    return [top, *below]


def box(items: Sequence[Json], style: str) -> Json:
    """Return elements in a coloured box; what it means stands in words or a shape inside."""
    return {"type": "Container", "style": style, "items": list(items)}


def few(lines: Iterable[str], room: int, each: int, mark: str = "") -> Iterator[str]:
    """Yield people's first lines, as many as have room as paragraphs, and how many more there were."""
    for left, line in _counted(list(lines)):
        said = f"{mark}{safe(line, each)}"
        room -= weight(said) + _PARAGRAPH
        if room < 0:
            yield f"… and {left} more."
            return
        yield said


def _counted(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    return zip(range(len(lines), 0, -1), lines, strict=True)


def opening(title: str, address: str) -> Json:
    """Return a button that opens a page in a browser."""
    return {"type": "Action.OpenUrl", "title": safe(title, TITLE) or "…", "url": address}


def button(button: Button, about: str = "", title: str = "") -> Json:
    """Return a button of ours as an Action.Execute; `about` tells a screen reader what it belongs to."""
    read = cut(flat(f"{called(button)}: {about}"), TOOLTIP) if about else ""
    return execute(title or button.label, pressing(button), button.action, style=button.style, read=read)


def row(actions: Sequence[Json]) -> Json:
    """Return buttons side by side, amid a card."""
    return {"type": "ActionSet", "actions": list(actions)}


def execute(
    title: str, data: Json, verb: str, *, style: str = "", read: str = "", inputs: bool = False
) -> Json:
    """Return a button; older clients know only Action.Submit, and send the same data by it."""
    styles = {"primary": "positive", "danger": "destructive"}
    kept = {
        "title": safe(title, TITLE) or "…",
        **({"style": styles[style]} if style in styles else {}),
        **({"tooltip": safe(read)} if read else {}),
        "associatedInputs": "auto" if inputs else "none",
        "data": data,
    }
    return {"type": "Action.Execute", "verb": verb, **kept, "fallback": {"type": "Action.Submit", **kept}}
