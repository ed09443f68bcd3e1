"""A person's words as they were meant, without what Teams, a telephone or a word processor put to them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.letters import seen, unsmart

#: What Teams dresses words in: other things between < and > were typed.
_TAG = re.compile(
    r"</?(?:a|at|attachment|b|blockquote|br|code|div|em|emoji|h[1-6]|hr|i|img|li|ol|p|pre|s|span|strike|strong"
    r"|sub|sup|table|tbody|td|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
#: Where one of them ends, another line begins.
_LINE = re.compile(r"<br\s*/?>|</(?:blockquote|div|h[1-6]|li|p|pre|tr)>", re.IGNORECASE)
#: `<at>Jo Park</at>`, `<at id="0">Jo Park</at>`.
_MENTION = re.compile(r"<at(?:\s[^<>]*)?>([^<]*)</at>", re.IGNORECASE)
#: The message that is answered, with its beginning, before the answer, as people's clients write it
#: (the page of Microsoft Graph on all messages of chats shows one), and as Microsoft's SDK does. Nothing is
#: looked at twice: whoever begins a thousand of them must not keep everybody else waiting. Not by `*+`, which
#: in Python 3.11.2 finds nothing here.
_QUOTE = re.compile(
    r"(?><blockquote\b(?=[^<>]*>)[^<>]*?schema\.skype\.com/Reply[^<>]*>)"
    r"(?>(?:(?!</?blockquote\b).)*)</blockquote>",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r'<quoted\s+messageid="([A-Za-z0-9:._-]{1,100})"\s*/?>(?:\s*</quoted>)?', re.IGNORECASE)
_WHICH = re.compile(r'\bitemid="([A-Za-z0-9:._-]{1,100})"', re.IGNORECASE)
#: A whole line in bold, italics or as code.
_DRESSED = re.compile(r"(\*\*|__|\*|_|~~|`{1,3})(?=\S)(.+)(?<=\S)\1", re.DOTALL)
#: What stands in a row as one space.
_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What somebody wrote, and the message that they answer with it, "" for none."""

    text: str
    answers: str = ""


def words_of(text: str, dressed: str = "", called: Mapping[str, str] | None = None) -> Words:
    """Return what was meant by a line and the same line `dressed` in HTML.

    `called` says how to write whom a mention means, such as {"<at>Jo Park</at>": "@" and an account}.
    """
    quote = _QUOTE.search(dressed)
    if quote is not None:
        which = _WHICH.search(quote[0])
        # the plain line may hold the quoted words as well
        return Words(text=_plain(_QUOTE.sub("", dressed), called or {}), answers=which[1] if which else "")
    quoted = _QUOTED.search(text)
    return Words(text=_plain(_QUOTED.sub("", text), called or {}), answers=quoted[1] if quoted else "")


def _plain(text: str, called: Mapping[str, str]) -> str:
    for mention, name in called.items():
        text = text.replace(mention, name)
    text = _MENTION.sub(r"@\1", text)
    text = html.unescape(_TAG.sub("", _LINE.sub("\n", text)))
    lines = (_SPACES.sub(" ", line).strip() for line in unsmart(seen(text)).splitlines())
    words = "\n".join(filter(None, lines))
    found = _DRESSED.fullmatch(words)
    return found[2].strip() if found else words
