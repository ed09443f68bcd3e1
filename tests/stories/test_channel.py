"""A day as the channel sees it: what was posted, each drawing that says something new, and the thread.

The transcript stands beside this file. An arrow is heard; an edit notifies nobody and has a pencil.
"""

import re
from pathlib import Path

import pytest

from bot.core.actions import Action, Button
from bot.core.boards import Board
from bot.core.case import Choice
from bot.core.errors import NotAllowed
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, WITH_BOARD
from tests.service.riverside import Riverside
from tests.service.workspace import Message
from tests.stories.in_slack import InSlack
from tests.stories.in_teams import InTeams

HERE = Path(__file__).parent
STEPS = (
    "g.confirm_contact",
    "g.same_day_check",
    "g.consent_signed",
    "g.site_marked",
    "g.timeout",
    "abl.call_1",
)


def told(name: str) -> str:
    return (HERE / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def as_seen(clinic: Riverside) -> str:
    """What the channel saw, message by message."""
    posts = [each for each in clinic.workspace.of("#procedures") if isinstance(each.card, Board)]
    return "\n\n".join("\n".join(_of(clinic, message)) for message in posts)


def _of(clinic: Riverside, message: Message) -> list[str]:
    posted = clinic.clinic.calendar.local(message.posted)
    lines = [f"{posted:%a %H:%M} posted"]
    shown = ""
    for card in message.drawings:
        assert isinstance(card, Board)
        drawn = "\n".join(_drawn(card))
        if drawn != shown:
            lines += [f"  {'->' if not shown else '✎'} {card.closed or card.checked}", drawn]
            shown = drawn
    return [*lines, *(f"  -> (thread) {line}" for line in message.thread)]


def _drawn(card: Board) -> list[str]:
    counts = re.sub(r" · (checked|closed) .*", "", card.counts)
    rows = [
        f"       {row.state.value}: {row.label}: {'; '.join(row.blocks)} | {row.owner} | {row.ahead}"
        for row in card.exceptions
    ]
    calm = ["       Nothing needs you."] if card.quiet else []
    folds = [f"       {words}: {' '.join(row.code for row in its)}" for words, its in card.folds]
    return [f"     {counts}", *rows, *calm, *folds]


def test_a_day_as_the_channel_sees_it(opened: type[Riverside]) -> None:
    clinic = opened(*STEPS, clinic=WITH_BOARD)
    clinic.book("2027-02-18 09:30", code="K7Q2").book("2027-02-18 14:00", code="M4XD")
    clinic.until("2027-02-16 10:00")
    for code in ("K7Q2", "M4XD"):
        key = f"{code}:g.confirm_contact:1:1"
        clinic.answer_with(FRAN, Button(action=Action.FORM, label="", tasks=(key,)))
    clinic.until("2027-02-18 08:45").mark("arrived")
    clinic.until("2027-02-18 08:56").answer(JO, "Same-day check", rash="yes")
    clinic.until("2027-02-18 09:02").decide(ALI, Choice.PROCEED, "Heat rash on the back, not treated.")
    clinic.until("2027-02-18 09:05").answer(ALI, "Consent signed")
    clinic.until("2027-02-18 09:16").answer(MAX, "Site marked")
    clinic.until("2027-02-18 09:26").answer(MAX, "Time-out")
    clinic.mark("started", MAX)
    clinic.until("2027-02-18 10:25").mark("finished", MAX)
    clinic.until("2027-02-18 18:30")

    thursday = as_seen(clinic).split("\n\n")[-1]
    assert thursday == told("the_channel_on_thursday")


# the page has one channel: from it nothing moves to another
@pytest.mark.parametrize("opened", [Riverside, InSlack, InTeams], ids=["service", "slack", "teams"])
def test_kit_moves_the_board(opened: type[Riverside]) -> None:
    clinic = opened("g.medicines", "g.allergies", clinic=WITH_BOARD).book().until("2027-01-12 15:10")

    with pytest.raises(NotAllowed):
        clinic.command(JO, "here", channel="#treatment")
    clinic.command(KIT, "here", channel="#treatment")
    clinic.speak()
    clinic.lines.append(f"         #procedures: {clinic.workspace.of('#procedures')[-1].over}")
    clinic.until("2027-01-12 15:20").answer(JO, "Medication disclosure")
    clinic.command(KIT, "here", channel="#treatment")
    clinic.until("2027-01-13 09:00")

    assert clinic.story == told("kit_moves_the_board")
