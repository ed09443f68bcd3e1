"""What a card must not lose: for how long a form and a word on a deed keep their place."""

from bot.chat.teams.drawing.render import over
from bot.chat.teams.showing.holding import FILLING, TOLD, Holding
from bot.core.messages import Notice
from bot.core.replies import MessageRef

HERE = MessageRef(platform="teams", channel="a:1-jo", message="1")
ELSEWHERE = MessageRef(platform="teams", channel="a:1-jo", message="2")


class Clock:
    """The seconds of a program, as a test wants them."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_form_keeps_its_place_for_ten_minutes_and_no_longer() -> None:
    clock = Clock()
    held = Holding(clock)
    held.fills(HERE)

    clock.now += FILLING - 1
    before = held.has_form(HERE)
    clock.now += 1

    assert (before, held.has_form(HERE), held.has_form(ELSEWHERE)) == (True, False, False)


def test_a_form_that_was_saved_or_left_keeps_nothing() -> None:
    held = Holding(Clock())
    held.fills(HERE)

    held.ended(HERE)

    assert not held.has_form(HERE)


def test_a_word_on_a_deed_stands_as_long_as_it_can_be_taken_back() -> None:
    clock = Clock()
    held, said = Holding(clock), Notice(text="Done.")
    held.tell(HERE, said)

    clock.now += TOLD - 1
    before = held.told(HERE)
    clock.now += 1

    assert (before, held.told(HERE), held.told(ELSEWHERE)) == (said, None, None)


def test_an_answer_is_known_with_what_asks_for_it_again() -> None:
    held, drawn = Holding(), over("Waiting for you.")

    held.answered(HERE, drawn, ("mine",))

    assert (held.answer(HERE), held.asked(HERE)) == (drawn, ("mine",))
    assert (held.answer(ELSEWHERE), held.asked(ELSEWHERE)) == (None, ())
