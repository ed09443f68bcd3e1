"""A program that stands still or ends before it sends: nothing is said twice, given up, or left as it was."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.core.errors import Unsure
from bot.core.replies import Address, MessageRef
from bot.service.deliver import LEASE, Delivery
from bot.service.tick import tick
from tests.service.clinic import ALI, here, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, WorkspaceChat


class Killed(BaseException):
    """Here the program ended."""


class Silent(WorkspaceChat):
    """A platform of which nobody can tell whether a message stands there."""

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        raise Unsure("nobody can tell")


def due() -> Riverside:
    """Dr Ali's form lies in the outbox and is not sent yet."""
    clinic = Riverside("g.skin_exam").book()
    clinic.clock.advance(london("2027-01-12 15:00"))
    tick(clinic.practice)
    return clinic


def deliver(clinic: Riverside, chat: WorkspaceChat, before_drawing: Callable[[], object]) -> None:
    """Deliver what may go now; something happens just before a card is drawn."""

    async def run(function: Callable[..., object], *args: object) -> object:
        if function.__name__ == "draw":
            before_drawing()
        return await here(function, *args)

    asyncio.run(_once(Delivery(clinic.practice, {PLATFORM: chat}, run)))


async def _once(delivery: Delivery) -> None:
    await delivery.once()


def pass_lease(clinic: Riverside) -> None:
    """Let the lease of what was claimed end."""
    clinic.clock.advance(clinic.clock.now() + LEASE + timedelta(seconds=1))


def test_who_stood_still_until_another_claimed_a_parcel_does_not_send_it_as_well() -> None:
    clinic = due()

    def stand_still() -> None:
        pass_lease(clinic)
        with clinic.practice.store.writing() as tx:
            (parcel,) = tx.claim(clinic.clock.now(), LEASE, 9)
        assert parcel.unsure is False

    deliver(clinic, clinic.chat, stand_still)

    assert clinic.workspace.of(ALI) == []


def test_programs_that_end_before_they_send_give_nothing_up_where_nobody_can_tell() -> None:
    clinic = due()
    chat = Silent(clinic.workspace, clinic.clock)

    def killed() -> None:
        raise Killed

    for _ in range(3):
        with pytest.raises(Killed):
            deliver(clinic, chat, killed)
        pass_lease(clinic)
    deliver(clinic, chat, lambda: None)

    assert len(clinic.workspace.of(ALI)) == 1


def test_an_old_drawing_that_arrived_late_is_followed_by_one_of_how_it_stands() -> None:
    clinic = due()
    deliver(clinic, clinic.chat, lambda: None)
    clinic.answer(ALI, "Skin exam")
    (message,) = clinic.workspace.of(ALI)
    clinic.chat.passing = lambda point: pass_lease(clinic) if point == "update before" else None
    deliver(clinic, clinic.chat, lambda: None)
    late = len(message.drawings)
    clinic.chat.passing = lambda point: None

    deliver(clinic, clinic.chat, lambda: None)

    assert len(message.drawings) == late + 1
