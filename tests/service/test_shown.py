"""What people have before them, for every program: cards are drawn with it; after minutes it is emptied."""

from dataclasses import replace
from datetime import timedelta

from bot.core.messages import Notice
from bot.core.outgoing import Verb
from bot.core.replies import MessageRef
from bot.service.shown import ASKED, SHOWN, KeptShown, forget_shown
from tests.service.riverside import Riverside

TEN = timedelta(minutes=10)
SAID = Notice(text="Confirmed; you wrote: slept badly.")


def stands(clinic: Riverside) -> MessageRef:
    """Where Jo's card stands."""
    clinic.until("2027-01-12 15:01")
    with clinic.practice.store.reading() as reading:
        posting = next(iter(reading.postings_of(["K7Q2:g.medicines:1:1"])["K7Q2:g.medicines:1:1"]))
    assert posting.ref is not None
    return posting.ref


def waiting(clinic: Riverside) -> list[Verb]:
    with clinic.practice.store.writing() as tx:
        return [each.verb for each in tx.claim(clinic.clock.now(), TEN, 10)]


def kept(clinic: Riverside, at: MessageRef) -> str:
    with clinic.practice.store.reading() as reading:
        made = reading.arrangement(SHOWN, f"{at.platform}:{at.channel}:{at.message}")
    assert made is not None
    return str(made.detail)


def test_a_card_is_drawn_once_more_when_a_word_stands_on_it() -> None:
    clinic = Riverside("g.medicines").book()
    at = stands(clinic)

    KeptShown(practice=clinic.practice).tell(at, SAID, TEN)

    assert waiting(clinic) == [Verb.DRAW]


def test_a_form_and_an_answer_draw_nothing_anew() -> None:
    clinic = Riverside("g.medicines").book()
    shown, at = KeptShown(practice=clinic.practice), stands(clinic)

    shown.fills(at, TEN)
    shown.ended(at)
    shown.answers(at, ("mine",))
    shown.tell(replace(at, message="an answer"), SAID, TEN)

    assert waiting(clinic) == []


def test_what_nobody_has_before_them_any_more_is_emptied() -> None:
    clinic = Riverside("g.medicines").book()
    shown, at = KeptShown(practice=clinic.practice), stands(clinic)
    shown.tell(at, SAID, TEN)
    early, before = forget_shown(clinic.practice), kept(clinic, at)

    clinic.clock.advance(clinic.clock.now() + TEN)
    late = forget_shown(clinic.practice)

    assert (early, late, forget_shown(clinic.practice)) == (0, 1, 0)
    assert "slept badly" in before and "slept badly" not in kept(clinic, at)


def test_what_was_emptied_can_be_written_anew() -> None:
    clinic = Riverside("g.medicines").book()
    shown, at = KeptShown(practice=clinic.practice), stands(clinic)
    shown.answers(at, ("mine",))
    clinic.clock.advance(clinic.clock.now() + ASKED)
    forget_shown(clinic.practice)
    forgotten = shown.asked(at)

    shown.fills(at, TEN)

    assert (forgotten, shown.asked(at), shown.has_form(at)) == ((), (), True)
