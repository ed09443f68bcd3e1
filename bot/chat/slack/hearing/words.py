"""A person's words as they were meant, without what Slack, a telephone or a word processor put to them."""

from __future__ import annotations

import html
import re

from bot.chat.slack.drawing.kit import seen

#: `<mailto:jo@clinic.example|jo@clinic.example>`, `<#C0BOARD|procedures>`, `<!subteam^S0NURSES|@nurses>`.
_WRAPPED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
#: What telephones and word processors write for plain signs; spaces of every width are one space.
_SMART = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " "),
    }
)
#: A whole line in bold, italics or as code.
_DRESSED = re.compile(r"(\*|_|~|`{1,3})(?=\S)(.+)(?<=\S)\1", re.DOTALL)


def plain_words(text: str, *, bot: str = "") -> str:
    """Return what somebody typed, without the mention of Bookend in front; people stay `@U0SAM`."""
    bare = re.sub(rf"^\s*<@{re.escape(bot)}(?:\|[^<>]*)?>[\s,:]*", "", text) if bot else text
    # Slack sends & < > as HTML does, and nothing else: what is still in brackets is its own
    words = html.unescape(_WRAPPED.sub(_unwrapped, bare))
    words = seen(words).translate(_SMART).strip()
    dressed = _DRESSED.fullmatch(words)
    return dressed[2].strip() if dressed else words


def _unwrapped(found: re.Match[str]) -> str:
    kind, target, label = found[1], found[2], found[3]
    if kind == "@":
        return f"@{target}"
    if kind:
        shown = label or target.partition("^")[0]
        return shown if shown.startswith(("#", "@")) else f"{'#' if kind == '#' else '@'}{shown}"
    return label or target.removeprefix("mailto:").removeprefix("tel:")
