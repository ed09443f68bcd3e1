"""`privacy` and `baa` in clinic.yaml: on which platforms cards may show whom a code stands for."""

from __future__ import annotations

from collections.abc import Iterator

from bot.files.entry import Entry

#: `strict`: the code alone. `full`: the name beside it.
LEVELS = ("strict", "full")
#: Where names may ever stand: the page of the demo is open to whoever sits at that machine.
NAMING = ("slack", "teams")


def names_on(root: Entry) -> frozenset[str]:
    """Return the platforms that are `full`, each under an agreement with whoever runs it.

    `privacy: full` for all of them is full where there is an agreement, and strict elsewhere.
    """
    agreed = root.maybe("baa", _agreements, frozenset())
    privacy = root.get("privacy")
    if privacy is None:
        return frozenset()
    if privacy.is_mapping:
        return frozenset(_allowed(privacy, agreed))
    if privacy.one_of(LEVELS) == "strict":
        return frozenset()
    if not agreed:
        _unagreed(privacy, "slack")
    return agreed


def _allowed(privacy: Entry, agreed: frozenset[str]) -> Iterator[str]:
    for name, level in privacy.pairs():
        platform = name.one_of(NAMING)
        if level.one_of(LEVELS) == "full" and platform in agreed:
            yield platform
        elif level.content == "full":
            _unagreed(level, platform)


def _unagreed(entry: Entry, platform: str) -> None:
    entry.wrong(
        "full lets names into chat, which needs an agreement (BAA) with whoever runs the platform; "
        f"write `baa: {{{platform}: {{with: Whoever, signed_on: 2026-01-04}}}}`, or strict"
    )


def _agreements(entry: Entry) -> frozenset[str]:
    return frozenset(_agreed(name, agreement) for name, agreement in entry.pairs())


def _agreed(name: Entry, agreement: Entry) -> str:
    agreement.only("with", "signed_on")
    agreement.need("with").text()
    agreement.need("signed_on").day()
    return name.one_of(NAMING)
