"""Every command in Slack, with the real desk: behind /bookend, in a direct message, and by the wrong role."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from bot.chat.slack.drawing.render import in_full
from bot.core.people import Person as Staff
from bot.core.people import Role
from bot.core.permissions import OF_COMMAND, may
from bot.core.replies import COMMANDS, Address
from bot.service.helping import help_for
from bot.service.here import take_in
from tests.chat.slack import limits
from tests.chat.slack.fake import BOARD, Person, channel, user
from tests.chat.slack.test_twice import IN_SLACK, AtWork, at_work
from tests.service.clinic import london
from tests.service.consultation import HISTORY, MEDICINES
from tests.service.riverside import Riverside

pytestmark = pytest.mark.anyio

#: A line for each command, and whom it serves.
LINES = {
    "help": ("help", "jo"),
    "mine": ("mine", "jo"),
    "today": ("today", "jo"),
    "status": ("status", "jo"),
    "board": ("board", "jo"),
    "overdue": ("overdue", "jo"),
    "case": ("case K7Q2", "jo"),
    "new": ("new", "fran"),
    "move": ("move K7Q2 2027-03-18 09:30", "fran"),
    "session": ("session K7Q2 2027-05-20 09:30", "fran"),
    "cancel": ("cancel K7Q2/2 patient is ill", "fran"),
    "event": ("event K7Q2", "jo"),
    "fact": ("fact K7Q2 smoker yes", "jo"),
    "override": ("override K7Q2", "ali"),
    "amend": ("amend K7Q2", "jo"),
    "hold": ("hold room-2 fault reported", "kit"),
    "release": ("release room-2", "kit"),
    "who": ("who K7Q2", "jo"),
    "ask-all": ("ask-all", "kit"),
    "assign": ("assign K7Q2 nurse me", "jo"),
    "rooms": ("rooms", "kit"),
    "here": ("here", "kit"),
}


@pytest.fixture
def clinic() -> Riverside:
    made = Riverside(HISTORY, MEDICINES, clinic=IN_SLACK).book()
    made.clock.advance(london("2027-01-12 15:00"))
    return made


def of(on: AtWork, name: str) -> Person:
    account = f"U0{name.upper()}"
    on.slack.users[account] = user(account)
    return on.person(account, on.door)


async def said(on: AtWork, who: Person, text: str, *, slash: bool) -> str:
    """What somebody sees for a command: an answer, or a form."""
    shown, views = len(on.slack.whispers), len(on.slack.views)
    answer = await (who.command(text) if slash else who.say(text))
    assert answer.taken, text
    if "text" in answer.body:
        return str(answer.body["text"])
    await on.slack.until_said(shown + views + 1)
    newest = on.slack.whispers[shown:] or on.slack.views[views:]
    return str(newest[0].get("text") or newest[0]["title"]["text"])


def test_each_command_has_its_line() -> None:
    assert set(LINES) == set(COMMANDS)


@pytest.mark.parametrize("slash", [True, False], ids=["/bookend", "a direct message"])
async def test_every_command_is_understood(clinic: Riverside, slash: bool) -> None:
    async with at_work(clinic) as on:
        for word, (text, name) in LINES.items():
            told = await said(on, of(on, name), text, slash=slash)

            assert told and "There is no command" not in told, word
            assert "I did not understand" not in told and "under the card you mean" not in told, word
            assert not told.startswith("Only "), (word, told)


@pytest.mark.parametrize("slash", [True, False], ids=["/bookend", "a direct message"])
async def test_a_role_that_may_not_is_told_who_may(clinic: Riverside, slash: bool) -> None:
    async with at_work(clinic) as on:
        history = clinic.history()
        for word, (text, _) in LINES.items():
            wrong = [id for id, each in IN_SLACK.people.items() if not may(each, OF_COMMAND[word])]
            for name in wrong[:1]:
                told = await said(on, of(on, name), text, slash=slash)

                assert told.startswith("Only ") and "may" in told, (word, name, told)
        assert clinic.history() == history


@pytest.mark.parametrize("roles", [(each,) for each in Role] + [tuple(Role)])
def test_help_is_one_message_for_everybody(clinic: Riverside, roles: tuple[Role, ...]) -> None:
    person = Staff(id="one", name="Only One", roles=frozenset(roles))
    with clinic.store.reading() as reading:
        helped = help_for(reading, clinic.clinic, person, clinic.clock.now())

    (message,) = in_full(helped, None)

    assert limits.of_message(message.text, message.json()) == []
    assert all(line.partition(": ")[2] in unescape(str(message.json())) for line in helped.lines)


async def test_a_mistyped_command_is_met_with_the_nearest(clinic: Riverside) -> None:
    async with at_work(clinic) as on:
        jo = of(on, "jo")

        assert "Did you mean 'status'" in await said(on, jo, "staus", slash=True)
        assert "Did you mean 'status'" in await said(on, jo, "staus", slash=False)


@pytest.mark.parametrize(
    ("there", "chosen"), [(channel(BOARD), True), (channel(BOARD, is_ext_shared=True), False)]
)
@pytest.mark.parametrize("slash", [True, False], ids=["/bookend", "@Bookend"])
async def test_here_chooses_the_channel_it_was_written_in_where_no_other_company_reads(
    clinic: Riverside, *, slash: bool, there: dict[str, Any], chosen: bool
) -> None:
    clinic.practice = replace(clinic.practice, platforms=("slack",))
    async with at_work(clinic) as on:
        on.slack.channels[BOARD] = there
        kit = of(on, "kit")

        await (kit.command("here", channel=BOARD) if slash else kit.mention("here", channel=BOARD))

        found = take_in(clinic.practice, clinic.office.staff)
        assert found == ([Address(platform="slack", channel=BOARD)] if chosen else [])
