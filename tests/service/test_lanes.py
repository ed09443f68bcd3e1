"""Lanes: a slow destination holds up nobody else, keeps its order, and gives back what it cannot send."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import Never, Undeliverable
from bot.core.messages import Card
from bot.core.outgoing import Posting, Verb
from bot.core.replies import Address, MessageRef
from bot.service.deliver import FRESH, LEASE, REST, Delivery
from bot.service.tick import tick
from tests.service.clinic import ALI, JO, here, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, WorkspaceChat

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Hanging(WorkspaceChat):
    """Says nothing to Jo until it is let go."""

    def __init__(self, clinic: Riverside) -> None:
        super().__init__(clinic.workspace, clinic.clock)
        self.go = asyncio.Event()

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        if to.account == JO:
            # nobody waits for ever, should whoever delivers wait for this one
            async with asyncio.timeout(5):
                await self.go.wait()
        return await super().send(card, to, once=once)


class Lanes:
    """A clinic whose deliveries run on while the test goes on."""

    def __init__(self, *steps: str) -> None:
        self.clinic = Riverside(*steps).book()
        self.clinic.clock.advance(london("2027-01-12 15:00"))
        self.chat = Hanging(self.clinic)
        self.refused: list[Never] = []
        self.delivery = Delivery(
            self.clinic.practice, {PLATFORM: self.chat}, here, patience=0.02, refused=self.hear
        )

    def among_others(self, chat: WorkspaceChat, holder: str) -> Delivery:
        """One of several that deliver."""
        return Delivery(self.clinic.practice, {PLATFORM: chat}, here, patience=0.02, holder=holder)

    def hear(self, posting: Posting, trouble: Undeliverable) -> None:
        self.refused.append(trouble.reason)

    def say(self, to: str, text: str) -> None:
        """Queue a line under the consultation card of somebody."""
        task = {ALI: "K7Q2:g.skin_exam:1:1", JO: "K7Q2:g.medicines:1:1"}[to]
        with self.clinic.practice.store.writing() as tx:
            (card,) = tx.postings_of([task])[task]
            tx.queue(card.key, Verb.NUDGE, key=text, at=self.clinic.clock.now(), text=text)

    async def let_go(self) -> None:
        """Let the platform answer Jo, and return when her lane has come to its end."""
        self.chat.go.set()
        await asyncio.wait([task for _, task in self.delivery._lanes.values()])

    def threads(self, to: str) -> list[str]:
        return [line for message in self.clinic.workspace.of(to) for line in message.thread]


async def test_while_one_destination_hangs_others_get_what_falls_due_later() -> None:
    on = Lanes("g.medicines", "g.skin_exam")
    tick(on.clinic.practice)
    await on.delivery.all()
    on.say(ALI, "Still open.")

    await on.delivery.all()

    assert on.threads(ALI) == ["Still open."]
    assert on.clinic.workspace.of(JO) == []
    on.chat.go.set()
    await on.delivery.finish()
    assert len(on.clinic.workspace.of(JO)) == 1


async def test_what_falls_due_for_a_slow_destination_waits_in_its_order() -> None:
    on = Lanes("g.medicines")
    tick(on.clinic.practice)
    await on.delivery.all()
    on.say(JO, "one")
    on.say(JO, "two")
    await on.delivery.all()

    on.chat.go.set()
    await on.delivery.finish()
    await Delivery(on.clinic.practice, {PLATFORM: on.chat}, here).all()

    (message,) = on.clinic.workspace.of(JO)
    assert message.thread == ["one", "two"]


async def test_what_waited_too_long_in_its_lane_goes_back_untried_and_is_sent_once() -> None:
    on = Lanes("g.medicines", "g.allergies")
    tick(on.clinic.practice)
    with on.clinic.practice.store.writing() as tx:
        (card,) = tx.postings_of(["K7Q2:g.medicines:1:1"])["K7Q2:g.medicines:1:1"]
        tx.post(Posting(key="another", clinic=card.clinic, kind=card.kind, to=card.to, person=card.person))
        tx.put_on("another", ["K7Q2:g.allergies:1:1"])
        tx.queue("another", Verb.DRAW, key="another", at=on.clinic.clock.now())
    await on.delivery.all()
    on.clinic.clock.advance(on.clinic.clock.now() + FRESH)
    await on.let_go()
    at_first = len(on.clinic.workspace.of(JO))
    await on.delivery.all()

    with on.clinic.practice.store.writing() as tx:
        waiting = tx.claim(on.clinic.clock.now() + LEASE, LEASE, 10)
    assert (at_first, len(on.clinic.workspace.of(JO))) == (1, 2)
    assert waiting == ()


async def test_an_end_gives_back_what_nobody_tried_to_send() -> None:
    on = Lanes("g.medicines", "g.skin_exam")
    tick(on.clinic.practice)
    await on.delivery.all()
    ending = asyncio.create_task(on.delivery.finish())
    await asyncio.sleep(0)
    on.say(ALI, "Still open.")
    await on.delivery.all()
    on.chat.go.set()
    await ending

    with on.clinic.practice.store.writing() as tx:
        (parcel,) = tx.claim(on.clinic.clock.now(), LEASE, 10)
    assert (parcel.text, parcel.attempts, parcel.unsure) == ("Still open.", 0, False)
    assert on.threads(ALI) == []


async def test_whoever_wants_to_know_hears_why_something_is_never_taken() -> None:
    on = Lanes("g.skin_exam")

    def gone(point: str) -> None:
        raise Undeliverable("has left", Never.PERSON_LOST)

    on.chat.passing = gone
    tick(on.clinic.practice)

    await on.delivery.all()

    assert on.refused == [Never.PERSON_LOST]


async def test_a_fault_in_a_slow_lane_is_heard_of_at_the_next_turn() -> None:
    on = Lanes("g.medicines")

    def broken(point: str) -> None:
        raise RuntimeError("a card that cannot be drawn")

    tick(on.clinic.practice)
    await on.delivery.all()
    on.chat.passing = broken
    await on.let_go()

    with pytest.raises(RuntimeError):
        await on.delivery.all()
    on.clinic.clock.advance(on.clinic.clock.now() + LEASE + timedelta(seconds=1))
    on.chat.passing = lambda point: None
    await on.delivery.all()
    assert len(on.clinic.workspace.of(JO)) == 1


async def test_where_one_of_several_sends_no_other_does_until_it_is_done_and_has_rested() -> None:
    on = Lanes("g.medicines", "g.skin_exam")
    free = WorkspaceChat(on.clinic.workspace, on.clinic.clock)
    on.delivery = on.among_others(on.chat, "one")
    other = on.among_others(free, "two")
    tick(on.clinic.practice)
    await on.delivery.all()
    on.say(JO, "Still open.")
    await other.all()
    meanwhile = [*on.clinic.workspace.of(JO)]
    await on.let_go()
    on.say(JO, "Still open, too.")
    on.clinic.clock.advance(on.clinic.clock.now() + REST - timedelta(seconds=1))
    await other.all()
    resting = on.threads(JO)
    on.clinic.clock.advance(on.clinic.clock.now() + timedelta(seconds=1))
    await other.all()

    assert (meanwhile, resting) == ([], [])
    assert on.threads(JO) == ["Still open.", "Still open, too."]


async def test_whoever_ends_lets_others_send_at_once() -> None:
    on = Lanes("g.medicines")
    on.delivery = on.among_others(on.chat, "one")
    tick(on.clinic.practice)
    await on.delivery.all()
    ending = asyncio.create_task(on.delivery.finish())
    await asyncio.sleep(0)
    on.chat.go.set()
    await ending
    on.say(JO, "Still open.")

    await on.among_others(WorkspaceChat(on.clinic.workspace, on.clinic.clock), "two").all()

    assert on.threads(JO) == ["Still open."]
