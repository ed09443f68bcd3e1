"""The first word in a channel comes once for ever, and waits for a channel that cannot be used yet."""

from dataclasses import replace
from datetime import timedelta

from bot.core.errors import Undeliverable
from bot.core.messages import Notice
from bot.service.greeting import TRY_AGAIN, greet
from tests.service.clinic import JO, KIT, RIVERSIDE, SAM, WITH_BOARD
from tests.service.riverside import Riverside

BOARD = "#procedures"


class Beginning(Riverside):
    """Riverside, on the evening on which Bookend is installed."""

    def serves(self, *, after: timedelta = timedelta(0)) -> list[Notice]:
        """A start of `bookend serve`; the greetings that stand in the channel then."""
        self.clock.advance(self.clock.now() + after)
        greet(self.practice)
        self.speak()
        return [each.card for each in self.workspace.of(BOARD) if isinstance(each.card, Notice)]


def test_it_says_who_it_is_once_however_often_it_starts() -> None:
    clinic = Beginning(clinic=WITH_BOARD)

    greetings = [len(clinic.serves(after=each * TRY_AGAIN)) for each in range(4)]

    assert greetings == [1, 1, 1, 1]
    assert greet(clinic.practice) == 0


def test_it_says_what_will_come_how_to_ask_and_that_no_name_belongs_here() -> None:
    clinic = Beginning(clinic=replace(WITH_BOARD, title="Riverside Skin Clinic"))

    (said,) = clinic.serves()

    words = " ".join([said.heading, said.text, *said.lines])
    assert "Bookend" in words and "Riverside Skin Clinic" in words
    assert "one message a day, at 07:45" in words
    assert "each of you alone, in our chat" in words and "/bookend today" in words
    assert "No patient's name belongs here" in words


def test_a_clinic_without_a_board_hears_nothing() -> None:
    assert Beginning(clinic=RIVERSIDE).serves() == []


def test_two_boards_in_one_channel_are_greeted_once() -> None:
    twin = replace(WITH_BOARD, id="hillside")

    assert len(Beginning(clinic=WITH_BOARD, twins=(twin,)).serves()) == 1


def test_a_channel_that_lets_nobody_in_is_greeted_when_it_does() -> None:
    clinic = Beginning(clinic=WITH_BOARD)

    def refuses(point: str) -> None:
        if point == "send before":
            raise Undeliverable("Bookend was not invited to this channel")

    clinic.chat.passing = refuses
    before = clinic.serves()
    clinic.chat.passing = lambda point: None
    too_soon = clinic.serves()
    later = clinic.serves(after=TRY_AGAIN)

    assert (before, too_soon) == ([], [])
    assert len(later) == 1


def test_whoever_opens_bookend_is_greeted_once_however_often_they_are_seen() -> None:
    clinic = Beginning()

    for _ in range(2):
        clinic.look(met=frozenset({JO, "a stranger"})).speak()
    again = Beginning(store=clinic.store, workspace=clinic.workspace, now=clinic.clock.now())
    again.look(met=frozenset({JO, SAM})).speak()

    assert [hello(clinic, who) for who in (JO, SAM, KIT)] == [1, 1, 0]
    (said,) = [each.card for each in clinic.workspace.of(JO)]
    assert isinstance(said, Notice) and "Riverside" in said.text and "“help”" in said.text


def hello(clinic: Riverside, who: str) -> int:
    cards = [each.card for each in clinic.workspace.of(who)]
    return sum(isinstance(card, Notice) and card.heading == "Hello, I am Bookend" for card in cards)
