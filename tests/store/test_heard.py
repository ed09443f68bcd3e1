"""What makes a telephone buzz: the first drawing of a card and a line in its thread, never an edit."""

from datetime import timedelta

from bot.core.noise import Heard
from bot.core.outgoing import Verb
from bot.store.store import SqlStore
from bot.store.writing import SqlTransaction
from tests.store.made import MINUTE, NOW, posting, ref

PREP = posting().key
HOUR = timedelta(hours=1)


def sent(work: SqlTransaction) -> None:
    """Let everything that waits arrive."""
    for parcel in work.claim(NOW + HOUR, MINUTE, 10):
        work.sent(parcel.id, ref() if parcel.verb is Verb.DRAW else None, NOW)


def test_a_card_is_heard_when_it_comes_and_in_its_thread_and_not_as_it_is_edited(store: SqlStore) -> None:
    with store.writing() as work:
        work.post(posting())
        for minutes, verb in enumerate((Verb.DRAW, Verb.DRAW, Verb.NUDGE, Verb.DRAW)):
            work.queue(PREP, verb, key=f"key {minutes}", at=NOW + minutes * MINUTE)
            sent(work)

        found = work.heard("riverside", NOW, NOW + HOUR)

    message = Heard(at=NOW, person="jo", kind="prep", card=PREP)
    assert found == (message, Heard(at=NOW + 2 * MINUTE, person="jo", kind="prep", card=PREP, repeat=True))


def test_what_waits_to_be_sent_counts_once(store: SqlStore) -> None:
    with store.writing() as work:
        work.post(posting())
        for minutes in range(3):
            work.queue(PREP, Verb.DRAW, key=f"key {minutes}", at=NOW + minutes * MINUTE)

        assert len(work.heard("riverside", NOW, NOW + HOUR)) == 1


def test_another_clinic_and_another_time_are_not_counted(store: SqlStore) -> None:
    with store.writing() as work:
        for number, clinic in enumerate(("riverside", "hillside", "riverside")):
            work.post(posting(f"card {number}", clinic=clinic))
            work.queue(f"card {number}", Verb.DRAW, key=f"key {number}", at=NOW + number * MINUTE)

        assert [each.card for each in work.heard("riverside", NOW, NOW + 2 * MINUTE)] == ["card 0"]
