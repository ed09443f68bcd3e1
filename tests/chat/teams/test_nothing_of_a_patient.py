"""Nothing about a patient stands in what Teams keeps unseen, and who it is stands nowhere at all.

The cases are those of the same test in Slack: they tell facts, notes and an identity that no other text has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

import pytest

from bot.chat.teams.drawing.carried import HISTORY, Screen
from bot.chat.teams.drawing.form import form
from bot.chat.teams.drawing.kit import Drawn
from bot.chat.teams.drawing.render import drawn, line, over
from bot.core.case import Outcome
from bot.core.messages import Form
from tests.chat.slack.test_nothing_of_a_patient import (
    IDENTITY,
    TOLD,
    asked,
    consulted,
    opened,
    treated,
)
from tests.chat.teams.gallery import JO, OPENING, Json
from tests.service.riverside import Riverside

#: Where a card keeps what nobody sees.
UNSEEN = ("id", "verb", "data", "targetElements", "url")


@cache
def everything() -> tuple[Json, ...]:
    """What Teams is given of it: each drawing, what each button opens, each page and each line."""
    some = chain.from_iterable(of_clinic(each) for each in (consulted(), treated()))
    return tuple(dict(each.activity()) for each in some)


def of_clinic(clinic: Riverside) -> Iterator[Drawn]:
    messages = clinic.workspace.messages
    for what in (*(card for m in messages for card in m.drawings), *opened(clinic), *asked(clinic)):
        if isinstance(what, Form):
            yield from (form(what, opening=OPENING, outcome=outcome) for outcome in Outcome)
            yield form(what, opening=OPENING, dialog=True)
        else:
            yield from (drawn(what), drawn(what, channel=True), drawn(what, screen=Screen(word=HISTORY)))
    yield from (over(message.over) for message in messages if message.over)
    yield from (line(each, JO) for message in messages for each in message.thread)


def unseen(what: Any) -> Iterator[str]:
    """What a client keeps and nobody sees."""
    if isinstance(what, Mapping):
        for name, value in what.items():
            yield from [json.dumps(value, ensure_ascii=False)] if name in UNSEEN else unseen(value)
    elif isinstance(what, list | tuple):
        yield from (each for one in what for each in unseen(one))


@pytest.mark.parametrize("secret", [*IDENTITY, *TOLD])
def test_what_teams_keeps_unseen_tells_nothing(secret: str) -> None:
    found = [value for what in everything() for value in unseen(what) if secret.lower() in value.lower()]

    assert found == []


@pytest.mark.parametrize("secret", IDENTITY)
def test_who_it_is_stands_on_no_card(secret: str) -> None:
    # a card says of itself that it is an AdaptiveCard
    told = (json.dumps(what, ensure_ascii=False).replace("AdaptiveCard", "") for what in everything())
    assert [each for each in told if secret in each] == []


@pytest.mark.parametrize("said", ["30 Nov 2026", "woodpecker", "mmunosuppressed"])
def test_what_is_looked_for_was_really_said_on_the_cards(said: str) -> None:
    assert any(said in json.dumps(what, ensure_ascii=False) for what in everything())


def test_what_is_unseen_is_found_wherever_it_is() -> None:
    button = {"type": "Action.Execute", "verb": "v", "data": {"b": "d"}, "fallback": {"data": {"b": "f"}}}
    card = {"body": [{"type": "Container", "id": "i", "items": [{"targetElements": ["t"]}]}, button]}

    assert sorted(unseen(card)) == ['"i"', '"v"', '["t"]', '{"b": "d"}', '{"b": "f"}']
