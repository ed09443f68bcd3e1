"""What somebody writes is text wherever it is shown: it calls nobody, links to nothing and runs nothing."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.people import Role
from bot.service.deliver import Delivery
from bot.service.tick import tick
from tests.roles.deeds import Told, filled, said
from tests.roles.faces import Face, flat
from tests.roles.floor import FACES, ITEMS, Floor
from tests.roles.trying import OPENS
from tests.service.clinic import CODE, here

#: One line that every client would work out in its own way, if it were let.
NASTY = (
    "<!channel> <!here> <https://trap.example|click> <@U0JO> [x](javascript:alert) ![y](https://y.example) "
    "<at>Jo</at> <script>alert</script> <img src=x onerror=y> {{DATE(2027-01-01T00:00Z)}} **b** `c` &lt;b&gt;"
)
#: What stands in it, and must reach no place where a client reads more than letters.
SLACK = re.compile(r"<(?!https://bookend\.example/|!date\^)[@#!a-z]")
PAGE = re.compile(r"<(!channel|https|@|at>|script>alert|img src=x)")


def _slack(what: Any) -> Iterator[str]:
    """Every text in which Slack reads mentions and links."""
    for name, each in _within(what):
        if name == "text" and isinstance(each, str):
            yield each


def _teams(what: Any) -> Iterator[str]:
    """Every text in which Teams reads markdown, mentions or dates: all but the runs of a rich text."""
    for name, each in _within(what):
        if name in ("text", "fallbackText", "title", "label") and isinstance(each, str):
            yield each


def _within(what: Any) -> Iterator[tuple[str, Any]]:
    match what:
        case Mapping() if what.get("type") in ("plain_text", "TextRun"):
            return
        case Mapping():
            for name, each in what.items():
                yield name, each
                yield from _within(each)
        case list() | tuple():
            for each in what:
                yield from _within(each)


def _worked_out_in_slack(what: Any) -> list[str]:
    return [text for text in _slack(what) if SLACK.search(text)]


def _worked_out_in_teams(what: Any) -> list[str]:
    cards = re.compile(r"\]\(javascript|\]\(https|<at>Jo|\{\{DATE|\*\*b\*\*")
    return [text for text in _teams(what) if cards.search(text)]


def _worked_out_on_the_page(what: Any) -> list[str]:
    return [what] if PAGE.search(what) else []


READS: Mapping[str, Callable[[Any], list[str]]] = {
    "page": _worked_out_on_the_page,
    "slack": _worked_out_in_slack,
    "teams": _worked_out_in_teams,
}


def _problem(floor: Floor) -> Told:
    key = floor.key(ITEMS[Role.NURSE])
    form = filled(Action.FORM, key, revision=1, because=NASTY)
    return replace(form, outcome=Outcome.PROBLEM, note=NASTY)


def _typed(words: str) -> Callable[[Floor], Told]:
    return lambda floor: said(words)(floor, Role.NURSE)


#: Who writes it where: in an answer, in the words behind a command, in place of a code and of a command.
WRITTEN: Mapping[Role, tuple[Callable[[Floor], Told], ...]] = {
    Role.NURSE: (_problem, _typed(f"case {NASTY}"), _typed(NASTY), _typed(f"fact {CODE} {NASTY}")),
    Role.MANAGER: (
        _typed(f'ask-all abl nurse "{NASTY[:120]}" start - 1 day at 10:00'),
        _typed(f"hold laser B {NASTY}"),
        _typed(f"hold {NASTY}"),
        _typed(f"assign {CODE} nurse {NASTY}"),
        _typed(f"override {CODE} seen {NASTY}"),
    ),
    Role.PHYSICIAN: (_typed(f"case {CODE}"), _typed("overdue"), _typed("status")),
    Role.FRONT_DESK: (
        _typed(f"move {CODE} {NASTY}"),
        _typed(f"cancel {CODE} {NASTY}"),
        _typed(f"case {CODE}"),
    ),
}


async def _all_that_is_shown(floor: Floor, face: Face, name: str) -> tuple[list[Any], list[Any]]:
    """Write it wherever one can write; return what is answered, and every card that goes out for it."""
    shown, cards = [], []
    for role, written in WRITTEN.items():
        for told in written:
            shown.append(await face.tells(role.value, told(floor)))
            practice = replace(floor.clinic.practice, platforms=(FACES[name],))
            tick(practice)
            await Delivery(practice, {FACES[name]: face.chat}, here).all()
            cards.append(face.cards())
    return shown, cards


@pytest.mark.parametrize("name", READS)
def test_nothing_that_somebody_writes_is_more_than_text_to_anybody(name: str) -> None:
    floor = Floor()

    async def written() -> tuple[list[Any], list[Any]]:
        async with OPENS[name](floor) as face:
            return await _all_that_is_shown(floor, face, name)

    shown, cards = asyncio.run(written())

    assert [found for each in (*shown, *cards) for found in READS[name](each)] == []
    # it was shown to somebody, in an answer and on a card
    assert "javascript:alert" in flat(shown) and "javascript:alert" in flat(cards)


@pytest.mark.parametrize("name", READS)
def test_what_is_looked_for_would_be_found(name: str) -> None:
    nasty = {"type": "TextBlock", "text": NASTY}

    assert READS[name](NASTY if name == "page" else json.loads(json.dumps(nasty)))
