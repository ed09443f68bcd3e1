"""Nothing about a patient stands in what Slack keeps unseen, and who it is stands nowhere at all.

A case tells facts, notes and an identity that no other text has; then every card and form of it is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import pytest

from bot.chat.slack.drawing.carried import CARD, HISTORY, Screen
from bot.chat.slack.drawing.kit import line
from bot.chat.slack.drawing.modal import otherwise
from bot.chat.slack.drawing.screens import drawn_screen
from bot.core.actions import Action, Button
from bot.core.case import Choice, Outcome
from bot.core.errors import BookendError
from bot.core.identity import Identity
from bot.core.messages import Card, Form, Response
from tests.chat.gallery.a_day import opens
from tests.chat.slack.gallery import Json, given
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, MAX, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.seen import buttons_of

WHO = Identity(name="Ada Zebrafinch", born=date(1968, 3, 9), record="MRN-778899")
IDENTITY = ("Ada", "Zebrafinch", "1968-03-09", "9 Mar 1968", "09.03.1968", "778899")
#: What was said of her: shown to whoever must know it, and carried by nothing.
TOLD = (
    *("2026-11-30", "30 Nov 2026", "immunosuppressed", "azathioprine", "woodpecker", "37.77"),
    *("full_field", "full field"),
)
#: Where Slack keeps what nobody sees.
UNSEEN = ("value", "block_id", "action_id", "private_metadata", "callback_id", "external_id", "url")
FACTS = {"mode": "full_field", "isotretinoin": "past", "isotretinoin_last_dose": date(2026, 11, 30)}
CONSULTATION = ("g.medical_history", "g.medicines", "abl.isotretinoin", "g.timeout")
DAY = ("g.same_day_check", "g.site_marked", "g.eyewear", "g.timeout", "e.triage", "e.physician", "c.notify")


def known(*steps: str, now: str) -> Riverside:
    """A case of which much is known, and who it is."""
    clinic = Riverside(*steps, clinic=WITH_BOARD, now=london(now)).book(**FACTS, immune="immunosuppressed")
    with clinic.store.writing() as tx:
        tx.identify(CODE, WHO, clinic.clock.now())
    return clinic


def consulted() -> Riverside:
    """What she said stops her, and contradicts what was said before."""
    clinic = known(*CONSULTATION, now="2027-01-12 13:45").until("2027-01-12 15:01")
    clinic.answer(ALI, "Isotretinoin", decision="proceed")
    form = clinic.form_of(JO, "g.medicines")
    clinic.fill(JO, form, "azathioprine since a woodpecker", Outcome.PROBLEM)
    clinic.answer(JO, "Medical history", immune="no")
    clinic.until("2027-01-12 15:02").decide(ALI, Choice.POSTPONE, "The woodpecker comes first.")
    return clinic.until("2027-01-12 15:20")


def treated() -> Riverside:
    """The day itself: she has no fever, is reported ill, and goes home."""
    clinic = known(*DAY, now="2027-02-18 08:00").until("2027-02-18 08:45")
    clinic.mark("arrived")
    clinic.early(JO, "g.same_day_check", temperature=37.77)
    clinic.until("2027-02-18 09:16").command(JO, f"event {CODE} urgent")
    clinic.until("2027-02-18 09:26").command(FRAN, f"cancel {CODE} a woodpecker was in the way")
    return clinic.until("2027-02-18 09:40")


@cache
def everything() -> tuple[Json, ...]:
    """What Slack is given of it: each drawing, what each button opens, each screen and each line."""
    return tuple(chain.from_iterable(of_clinic(each) for each in (consulted(), treated())))


def of_clinic(clinic: Riverside) -> Iterator[Json]:
    messages = clinic.workspace.messages
    said = [*(card for message in messages for card in message.drawings), *opened(clinic), *asked(clinic)]
    for what in said:
        view = given(what)
        yield view
        if isinstance(what, Form):
            yield otherwise(view, Outcome.PROBLEM)
        else:
            yield drawn_screen(Screen(word=CARD), what)
            yield drawn_screen(Screen(word=HISTORY, about=CODE), what)
    yield from (given(message.over) for message in messages if message.over)
    lines = (line(each, "U0JO") for message in messages for each in message.thread)
    yield from ({"text": each.text, "blocks": each.json()} for each in lines)


def opened(clinic: Riverside) -> Iterator[Response]:
    """What the buttons of its messages open."""
    offered = {(m.to, button) for m in clinic.workspace.messages for button in buttons_of(m)}
    lines = {(m.to, b) for m in clinic.workspace.messages for c in m.drawings for b in _of_lines(c)}
    forms = (Action.FORM, Action.DECIDE, Action.CORRECT, Action.WHICH, Action.DIFFERS, Action.HAND_OFF)
    for who, button in sorted(offered | lines, key=str):
        if button.action in forms:
            try:
                yield opens(clinic, who, button)
            except BookendError:
                continue


def _of_lines(card: Card) -> Iterator[Button]:
    for each in getattr(card, "lines", ()):
        yield from getattr(each, "buttons", ())


def asked(clinic: Riverside) -> Iterator[Response]:
    """What commands answer of it."""
    for who, said in (
        *((KIT, f"case {CODE}"), (KIT, "status"), (KIT, "overdue"), (FRAN, "today")),
        *((JO, "mine"), (MAX, "mine"), (ALI, "mine"), (JO, f"amend {CODE}")),
    ):
        yield clinic.command(who, said)


def unseen(what: Any, *, choice: bool = False) -> Iterator[str]:
    """What Slack keeps and nobody sees; the choices of a field are the playbook's words, not an answer."""
    if isinstance(what, dict):
        for name, value in what.items():
            if name in UNSEEN and isinstance(value, str) and not choice:
                yield value
            else:
                yield from unseen(value, choice=name in CHOICES)
    elif isinstance(what, list | tuple):
        for each in what:
            yield from unseen(each, choice=choice)


CHOICES = ("options", "initial_option", "initial_options", "option_groups")


@pytest.mark.parametrize("secret", [*IDENTITY, *TOLD])
def test_what_slack_keeps_unseen_tells_nothing(secret: str) -> None:
    found = [value for what in everything() for value in unseen(what) if secret.lower() in value.lower()]

    assert found == []


@pytest.mark.parametrize("secret", IDENTITY)
def test_who_it_is_stands_on_no_card(secret: str) -> None:
    assert [what for what in everything() if secret in json.dumps(what, ensure_ascii=False)] == []


@pytest.mark.parametrize("said", ["30 Nov 2026", "woodpecker", "mmunosuppressed"])
def test_what_is_looked_for_was_really_said_on_the_cards(said: str) -> None:
    assert any(said in json.dumps(what, ensure_ascii=False) for what in everything())


def test_what_is_unseen_is_found_wherever_it_is() -> None:
    button = {"type": "button", "value": "{}", "action_id": "a.0", "url": "https://a.b"}
    view = {"private_metadata": "m", "blocks": [{"block_id": "b", "elements": [button]}]}
    field = {"element": {"action_id": "value", "options": [{"value": "yes"}]}}

    assert sorted(unseen([view, field])) == ["a.0", "b", "https://a.b", "m", "value", "{}"]
