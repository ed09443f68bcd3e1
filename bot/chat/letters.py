"""Letters that people do not see, and those that their telephones write for plain ones."""

from __future__ import annotations

import re

#: Signs that turn the direction of what follows: with them a note could read as another one.
_TURNING = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TURNED = re.compile(f"[{_TURNING}]")
#: What nobody sees, and no database keeps: besides these, signs of no width, controls, halves of a letter.
_UNSEEN = re.compile(
    rf"[{_TURNING}\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200d\u2060-\u2064\ufe0e\ufe0f\ufeff"
    r"\ud800-\udfff]"
)
#: What telephones and word processors write for plain signs; spaces of every width are one space.
_SMART = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " "),
    }
)


def flat(text: str) -> str:
    """Return words on one line, from its beginning to its end: a note cannot look like a line of ours."""
    return " ".join(_TURNED.sub("", text).split())


def seen(text: str) -> str:
    """Return what a person sees of what they wrote."""
    return _UNSEEN.sub("", text)


def unsmart(text: str) -> str:
    """Return words with plain quotes, dashes and spaces."""
    return text.translate(_SMART)
