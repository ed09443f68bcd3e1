"""Nothing about a patient leaves in what nobody sees, and who it is leaves nowhere at all.

A case tells facts, notes and an identity that no other text has; then people answer, decide, mistype and look
in Teams, and every request of Bookend's, every answer and every line of its log is searched.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from bot.core.identity import Identity
from tests.chat.teams.at_work import AtWork, at_work
from tests.chat.teams.fake import Answer, Call, Json, Way
from tests.chat.teams.hands import Hands
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, SAM

pytestmark = pytest.mark.anyio

STEPS = ("g.medical_history", "g.medicines", "abl.isotretinoin", "g.same_day_check", "g.timeout")
WHO = Identity(name="Ada Zebrafinch", born=date(1968, 3, 9), record="MRN-778899")
IDENTITY = ("Ada", "Zebrafinch", "1968-03-09", "9 Mar 1968", "09.03.1968", "778899")
#: What was said of her: shown to whoever must know it, and carried by nothing.
TOLD = (
    *("2026-11-30", "30 Nov 2026", "immunosuppressed", "woodpecker"),
    *("full_field", "full field"),
)
#: What people should not have typed: it comes back to themselves, in their own chat.
TYPED = ("Bea", "Quillfeather", "1971-04-05")
#: Where Teams keeps what nobody sees.
UNSEEN = ("data", "id", "verb", "targetElements")


@dataclass
class Listening:
    """A way on which what Teams is answered is kept."""

    way: Way
    answers: list[Json] = field(default_factory=list)

    async def deliver(self, activity: Json) -> Answer:
        answer = await self.way.deliver(activity)
        self.answers.append(answer.body)
        return answer


async def everything(caplog: pytest.LogCaptureFixture) -> tuple[list[Call], list[Json], list[str]]:
    """What Bookend asked of Teams and what it answered, and what stands in the log."""
    caplog.set_level(logging.DEBUG)
    facts: dict[str, Any] = {"isotretinoin": "past", "isotretinoin_last_dose": date(2026, 11, 30)}
    async with at_work(*STEPS, mode="full_field", immune="immunosuppressed", **facts) as on:
        with on.office.practice.store.writing() as tx:
            tx.identify(CODE, WHO, on.riverside.clock.now())
        heard = Listening(on.way())
        hands = Hands(on)
        for who in hands.people.values():
            who.way = heard
        await consulted(on, hands)
        await talked(on, hands)
    return on.teams.calls, heard.answers, [record.getMessage() for record in caplog.records]


async def consulted(on: AtWork, hands: Hands) -> None:
    """She takes something, and what she says now is not what was said before."""
    await on.until("2027-01-12 15:01")
    sam = hands.people[SAM]
    asked = sam.card("Medication disclosure")
    await hands.answer(sam, asked, "Answer all 2", immune="no")
    for message in hands.people[ALI].own():
        for label in hands.people[ALI].labels(message):
            if label.startswith("Proceed"):
                await hands.answer(hands.people[ALI], message, label, reason="The woodpecker left.")
                break
    await on.until("2027-01-12 15:20")


async def talked(on: AtWork, hands: Hands) -> None:
    """People look, mistype, name her though they should not, and are answered."""
    for name, words in (
        *((KIT, f"case {CODE}"), (KIT, "status"), (KIT, "overdue"), (FRAN, "today"), (JO, "mine")),
        *((SAM, "Bea Quillfeather, born 1971-04-05, is here"), (SAM, "case QUILLFEATHER")),
        *((FRAN, f"fact {CODE} immune=Quillfeather"), (FRAN, f"cancel {CODE} the woodpecker")),
    ):
        await hands.people[name].say(words)
    await hands.people[KIT].mention("status of Bea Quillfeather")
    # what goes wrong is told as well, and never what it was about
    on.teams.troubles["post"] += ["403", "lose", "500", "429:1", "list"]
    on.teams.troubles["edit"] += ["413", "lose", "404"]
    await on.until("2027-02-18 12:00")


def unseen(what: Any) -> Iterator[str]:
    """What Teams keeps and nobody sees; the choices of a field are the playbook's words, not an answer."""
    if isinstance(what, dict):
        for name, value in what.items():
            if name in UNSEEN:
                yield json.dumps(value, ensure_ascii=False)
            elif name != "choices":
                yield from unseen(value)
    elif isinstance(what, list | tuple):
        for each in what:
            yield from unseen(each)


def naming(secrets: tuple[str, ...], texts: list[str]) -> list[str]:
    # as whole words: every card is an Adaptive Card
    wanted = re.compile("|".join(rf"\b{re.escape(secret)}\b" for secret in secrets), re.IGNORECASE)
    return [f"{hit[0]} in {text}" for text in texts if (hit := wanted.search(text))]


async def test_nothing_of_her_leaves_where_nobody_sees_it(caplog: pytest.LogCaptureFixture) -> None:
    calls, answers, logged = await everything(caplog)
    sent, paths = [*(call.body for call in calls), *answers], [call.path for call in calls]
    # what is posted rings, and this is what a locked telephone shows of it
    rung = [str(call.body["summary"]) for call in calls if call.what == "post"]
    shown = [json.dumps(each, ensure_ascii=False) for each in sent]

    assert naming(IDENTITY, [*shown, *paths, *logged]) == []
    assert naming((*TOLD, *TYPED), [*unseen(sent), *rung, *paths, *logged]) == []
    assert naming(TYPED, [json.dumps(each) for each in sent if _where(each).startswith("19:")]) == []
    # what was looked for was really said on the cards
    looked_for = ("woodpecker", "immunosuppressed", "30 Nov 2026", "Quillfeather")
    assert [said for said in looked_for if not naming((said,), shown)] == []


def _where(sent: Json) -> str:
    return str(sent.get("conversation", {}).get("id", ""))
