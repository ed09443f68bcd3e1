"""What happens in a clinic is counted once it is kept: asked, sent, tried again, answered, refused."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.actions import Action
from bot.core.errors import ChatTrouble, Never, NotAllowed, Paced, Refused, TryLater, Undeliverable, Unsure
from bot.core.happened import Happened, Kind
from bot.core.replies import Command
from bot.service.deliver import delivered
from bot.service.tick import tick
from tests.service.clinic import JO, RIVERSIDE, here, london
from tests.service.consultation import EXAM, HISTORY, key, pressed
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM


class Noted:
    """A meter that keeps everything."""

    def __init__(self) -> None:
        self.all: list[Happened] = []

    def note(self, what: Happened) -> None:
        self.all.append(what)

    def of(self, *kinds: Kind) -> list[tuple[str, str, str, int]]:
        """Where, why and how many, of some kinds."""
        return [
            (each.platform, each.clinic, each.why, each.number) for each in self.all if each.kind in kinds
        ]


def metered() -> tuple[Riverside, Noted]:
    """A consultation form lies in the outbox."""
    noted = Noted()
    clinic = Riverside(EXAM, HISTORY, meter=noted).book()
    clinic.clock.advance(london("2027-01-12 15:00"))
    tick(clinic.practice)
    return clinic, noted


def go(clinic: Riverside) -> None:
    asyncio.run(delivered(clinic.practice, {PLATFORM: clinic.chat}, here))


def test_prompts_are_counted_as_asked_and_messages_as_sent_with_how_long_they_waited() -> None:
    clinic, noted = metered()
    clinic.clock.advance(clinic.clock.now() + timedelta(seconds=7))

    go(clinic)

    assert sum(number for *_, number in noted.of(Kind.ASKED)) == 2
    assert len(noted.of(Kind.SENT)) == len(clinic.workspace.messages) > 0
    assert set(noted.of(Kind.SENT)) == {(PLATFORM, RIVERSIDE.id, "draw", 1)}
    assert {each.waited for each in noted.all if each.kind is Kind.SENT} == {timedelta(seconds=7)}


@pytest.mark.parametrize(
    ("trouble", "kind", "why"),
    [
        (TryLater("away", timedelta(minutes=1)), Kind.RETRIED, "later"),
        (Paced("slowly", timedelta(minutes=1)), Kind.RETRIED, "paced"),
        (Unsure("the connection was cut"), Kind.RETRIED, "unsure"),
        (Undeliverable("gone", Never.PERSON_LOST), Kind.GIVEN_UP, "person_lost"),
        (Undeliverable("odd"), Kind.GIVEN_UP, "refused"),
    ],
    ids=lambda each: each.__class__.__name__ if isinstance(each, Exception) else "",
)
def test_what_a_platform_does_not_take_is_counted_by_why(trouble: ChatTrouble, kind: Kind, why: str) -> None:
    clinic, noted = metered()

    def failing(where: str) -> None:
        if where == "send before":
            raise trouble

    clinic.chat.passing = failing
    go(clinic)

    assert set(noted.of(Kind.RETRIED, Kind.GIVEN_UP)) == {(PLATFORM, RIVERSIDE.id, why, 1)}
    assert {each.kind for each in noted.all} == {Kind.ASKED, kind}


def test_an_answer_counts_once_and_its_repeat_as_a_repeat() -> None:
    clinic, noted = metered()
    go(clinic)
    filled = clinic.filled(JO, clinic.form(JO, "Medical history"))

    clinic.desk.reply(filled)
    clinic.desk.reply(filled)

    assert noted.of(Kind.ANSWERED) == noted.of(Kind.REPEATED) == [(PLATFORM, RIVERSIDE.id, "filled", 1)]


def test_what_is_refused_counts_by_its_kind_and_a_stranger_belongs_to_no_clinic() -> None:
    clinic, noted = metered()

    with pytest.raises(NotAllowed):
        clinic.desk.command(Command(platform=PLATFORM, account="U0WHO", once="1", words=("status",)))
    with pytest.raises(Refused):
        clinic.desk.reply(pressed(JO, Action.UNDO, key("g.nothing")))

    assert noted.of(Kind.REFUSED) == [
        (PLATFORM, "", "notallowed", 1),
        (PLATFORM, RIVERSIDE.id, "notfound", 1),
    ]
    assert noted.of(Kind.ANSWERED) == []


def test_what_is_told_of_it_names_cards_and_nobody() -> None:
    clinic, noted = metered()
    go(clinic)
    clinic.answer(JO, "Medical history", smoker="yes")

    told = repr(noted.all)
    assert "K7Q2" in told
    assert not any(word in told for word in ("smoker", "Jo Park", "Medical"))
