"""What the watchdog asks of the store: the same of every database."""

from dataclasses import replace

import pytest

from bot.core.case import TaskStatus
from bot.core.outgoing import Verb
from bot.core.replies import Address, MessageRef
from bot.core.watched import LATE, Owed, Plan, Queue
from bot.store.store import SqlStore
from bot.store.writing import SqlTransaction
from tests.store.made import MINUTE, NOW, case, entry, posting, task

KEY = "K7Q2:skin_exam:1:1"
CARD = "prep:K7Q2:1:jo"
REF = MessageRef(platform="local", channel="jo", message="m1")


def plan(store: SqlStore) -> Plan:
    with store.reading() as reading:
        return reading.plan("riverside", NOW, NOW - LATE)


def asked(work: SqlTransaction, *, ref: MessageRef | None = None) -> None:
    """Let somebody be asked the one item, on a card that stands where it says."""
    said = task(due=NOW - 2 * MINUTE, rung=1, next_prompt_at=NOW + 30 * MINUTE)
    work.add_case(case(), [said], entry())
    work.post(posting(CARD))
    work.put_on(CARD, [KEY])
    work.asked(CARD, [replace(said, rung=0)], NOW - MINUTE)
    work.queue(CARD, Verb.DRAW, key="one", at=NOW - MINUTE)
    if ref:
        (parcel,) = work.claim(NOW, MINUTE, 1)
        work.sent(parcel.id, ref, NOW)


def test_an_item_on_a_card_that_a_platform_took_is_shown_and_owed_nothing(store: SqlStore) -> None:
    with store.writing() as work:
        asked(work, ref=REF)

    assert plan(store) == Plan(due=1, shown=1, owed=())


def test_an_item_whose_card_waits_is_owed_since_it_was_queued(store: SqlStore) -> None:
    with store.writing() as work:
        asked(work)

    (owed,) = plan(store).owed

    assert owed == Owed(
        task=KEY,
        due=NOW - 2 * MINUTE,
        prompt=NOW + 30 * MINUTE,
        said=True,
        shown=False,
        platform="local",
        queued=NOW - MINUTE,
        asked=NOW - MINUTE,
    )
    assert owed.since == NOW - MINUTE


@pytest.mark.parametrize(
    ("changes", "due", "owed"),
    [
        ({}, 1, 1),
        ({"next_prompt_at": None}, 1, 1),
        ({"next_prompt_at": NOW + MINUTE}, 1, 0),
        ({"due": NOW + MINUTE, "next_prompt_at": NOW + MINUTE}, 0, 0),
        ({"status": TaskStatus.DONE, "next_prompt_at": None}, 0, 0),
        ({"status": TaskStatus.BLOCKED}, 1, 1),
        # a stop is put to the physician at once, whenever the item itself was due
        ({"status": TaskStatus.BLOCKED, "due": NOW + MINUTE, "next_prompt_at": NOW - LATE}, 0, 1),
    ],
)
def test_what_is_due_and_on_no_card_is_owed_unless_its_word_waits(
    store: SqlStore, changes: dict[str, object], due: int, owed: int
) -> None:
    with store.writing() as work:
        work.add_case(case(), [task(**changes)], entry())

    found = plan(store)

    assert (found.due, found.shown, len(found.owed)) == (due, 0, owed)


@pytest.mark.parametrize("changes", [{"shadow": True}, {"closed": NOW}, {"clinic": "hillside"}])
def test_what_nobody_is_asked_for_owes_nobody_anything(store: SqlStore, changes: dict[str, object]) -> None:
    with store.writing() as work:
        work.add_case(case(**changes), [task()], entry())

    assert plan(store) == Plan(due=0, shown=0, owed=())


def test_parcels_are_counted_by_clinic_and_platform_and_none_that_is_over(store: SqlStore) -> None:
    elsewhere = posting("b", clinic="hillside", to=Address(platform="slack", account="U1"))
    with store.writing() as work:
        asked(work)
        work.queue(CARD, Verb.NUDGE, key="two", at=NOW)
        work.queue(CARD, Verb.NUDGE, key="later", at=NOW + MINUTE)
        work.post(elsewhere)
        work.queue("b", Verb.NUDGE, key="three", at=NOW - MINUTE)
        work.queue("b", Verb.DRAW, key="four", at=NOW)
        work.gave_up(next(each.id for each in work.claim(NOW, MINUTE, 9) if each.card == "b"), "no", NOW)

    with store.reading() as reading:
        found = reading.queues(NOW)

    assert found == (
        Queue(clinic="hillside", platform="slack", waiting=1, oldest=NOW),
        Queue(clinic="riverside", platform="local", waiting=2, oldest=NOW - MINUTE),
    )
