"""A person's words as they were meant, without what Slack, a telephone or a word processor put to them."""

from __future__ import annotations

import html
import re

from bot.chat.letters import seen, unsmart

#: `<mailto:jo@clinic.example|jo@clinic.example>`, `<#C0BOARD|procedures>`, `<!subteam^S0NURSES|@nurses>`.
_WRAPPED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
#: A whole line in bold, italics or as code.
_DRESSED = re.compile(r"(\*|_|~|`{1,3})(?=\S)(.+)(?<=\S)\1", re.DOTALL)


def plain_words(text: str, *, bot: str = "") -> str:
    """Return what somebody typed, without the mention of Bookend in front; people stay `@U0SAM`."""
    bare = re.sub(rf"^\s*<@{re.escape(bot)}(?:\|[^<>]*)?>[\s,:]*", "", text) if bot else text
    # Slack sends & < > as HTML does, and nothing else: what is still in brackets is its own
    words = html.unescape(_WRAPPED.sub(_unwrapped, bare))
    words = unsmart(seen(words)).strip()
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
