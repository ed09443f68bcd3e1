"""Asking and sending: a turn looks often and works seldom, and acts on what another program wrote."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import VirtualClock
from bot.core.boards import Board
from bot.core.errors import BookendError
from bot.core.outgoing import Verb
from bot.core.people import Clinic, Role
from bot.core.replies import Command
from bot.minute import Chore, Minutes
from bot.service import cases
from bot.service.desk import ClinicDesk
from bot.service.here import take_in
from bot.service.practice import Practice
from bot.service.staff import Staff
from bot.service.tick import SWEEP
from bot.work import BREATH, THOROUGH, Hearing, Work, next_moment
from tests.service.clinic import CODE, FRAN, KIT, OPENED, WITH_BOARD, booking, practice
from tests.service.workspace import PLATFORM, Workspace, WorkspaceChat
from tests.store.memory import memory_store


class Turning:
    """The work of a clinic on a clock that the test moves."""

    def __init__(self, clinic: Clinic = WITH_BOARD) -> None:
        self.clock = VirtualClock(OPENED)
        self.store = memory_store()
        self.practice: Practice = practice(self.store, self.clock, clinic=clinic)
        self.workspace = Workspace()
        self.chats = {PLATFORM: WorkspaceChat(self.workspace, self.clock)}
        seal = Chore(name="Sealing", do=lambda: self.store.seal(self.clock.now()))
        self.work = Work(self.practice, self.chats, last=Minutes([seal]).pass_by)

    def turn(self, *, after: timedelta = timedelta(0)) -> int:
        """One turn; how many messages stand there then."""
        self.clock.advance(self.clock.now() + after)
        asyncio.run(self.work.turn())
        return len(self.workspace.messages)

    def book(self, *, days: int = 9) -> None:
        """What another program writes."""
        with self.store.writing() as tx:
            soon = booking(OPENED + timedelta(days=days))
            cases.open_case(self.practice, tx, soon, clinic=WITH_BOARD.id, by=FRAN, code=CODE)


def test_a_quiet_turn_only_looks() -> None:
    clinic = Turning()
    clinic.turn()
    checked = clinic.workspace.messages[0].drawings

    before = len(checked)
    for _ in range(10):
        clinic.turn(after=timedelta(seconds=4))

    assert len(checked) == before


def test_a_clock_that_is_set_back_keeps_nobody_from_looking_at_everything() -> None:
    clinic = Turning()
    clinic.turn()
    before = clinic.work._thorough
    clinic.clock._now -= timedelta(hours=1)

    clinic.turn()

    assert before is not None and clinic.work._thorough == before - timedelta(hours=1)


def test_what_another_program_wrote_is_acted_on_at_the_next_turn() -> None:
    clinic = Turning()
    clinic.turn()
    clinic.book()

    clinic.turn(after=timedelta(seconds=4))

    board = clinic.workspace.of("#procedures")[-1].card
    assert isinstance(board, Board)
    assert [row.code for row in board.rows] == [CODE]


def test_who_is_on_duty_for_what_is_booked_is_looked_at_once_a_minute() -> None:
    soon = OPENED + timedelta(days=2)
    clinic = Turning(replace(WITH_BOARD, roster_changes={soon.date(): {Role.NURSE: ()}}))
    clinic.turn()
    clinic.book(days=2)

    clinic.turn(after=timedelta(seconds=4))
    with clinic.store.writing() as tx:
        tx.queue("a card", Verb.DRAW, key="pressed", at=clinic.clock.now())
    clinic.turn(after=timedelta(seconds=4))
    between = clinic.workspace.of(KIT)
    clinic.turn(after=THOROUGH)

    assert between == []
    assert len(clinic.workspace.of(KIT)) == 1


def test_a_turn_that_asks_leaves_what_is_booked_to_the_next_and_not_to_the_next_minute() -> None:
    soon = OPENED + timedelta(days=2)
    clinic = Turning(replace(WITH_BOARD, roster_changes={soon.date(): {Role.NURSE: ()}}))
    clinic.turn()
    clinic.book(days=2)
    assert (next_moment(clinic.practice) or soon) <= OPENED + THOROUGH

    clinic.turn(after=THOROUGH)
    first = clinic.workspace.of(KIT)
    clinic.turn(after=timedelta(seconds=4))

    assert first == []
    assert len(clinic.workspace.of(KIT)) == 1


def test_history_is_sealed_once_a_minute_and_only_if_it_grew() -> None:
    clinic = Turning()
    clinic.book()
    clinic.turn()
    first = clinic.store.export_seal()

    clinic.turn(after=THOROUGH * 5)
    clinic.turn(after=THOROUGH * 5)
    grown = clinic.store.export_seal()
    clinic.turn(after=timedelta(seconds=4))

    assert first is not None and grown is not None
    assert clinic.store.verify(first) == []
    assert clinic.store.export_seal() == grown


def test_it_says_when_it_wants_to_turn_again() -> None:
    clinic = Turning()
    clinic.book()

    wished = asyncio.run(clinic.work.turn())

    assert wished is not None
    assert OPENED < wished <= OPENED + timedelta(hours=2)
    assert next_moment(clinic.practice) == wished


def test_what_stays_due_does_not_keep_the_machine_busy() -> None:
    clinic = Turning()
    clinic.book()
    with clinic.store.writing() as tx:
        tx.lease(f"sweep:{WITH_BOARD.id}", "another program", OPENED, SWEEP)

    wished = asyncio.run(clinic.work.turn())

    assert wished == OPENED + BREATH


def test_what_falls_due_meanwhile_is_not_kept_waiting_by_what_stays_due() -> None:
    clinic = Turning()
    clinic.book()
    soon = OPENED + BREATH / 2
    with clinic.store.writing() as tx:
        tx.lease(f"sweep:{WITH_BOARD.id}", "another program", OPENED, SWEEP)
        tx.queue("a card", Verb.DRAW, key="soon", at=soon)

    wished = asyncio.run(clinic.work.turn())

    assert wished == soon


def test_a_channel_that_was_chosen_in_another_program_is_taken_in_before_anything_goes_out() -> None:
    clinic = Turning()
    staff = Staff(clinic.practice.clinics)
    seen: list[int] = []

    async def first() -> None:
        seen.append(len(clinic.workspace.messages))
        take_in(clinic.practice, staff)

    clinic.practice = replace(clinic.practice, clinics=staff)
    clinic.work = Work(clinic.practice, clinic.chats, first=first)
    other = ClinicDesk(practice=replace(clinic.practice, clinics={WITH_BOARD.id: WITH_BOARD}))
    other.command(Command(platform=PLATFORM, account=KIT, once="1", words=("here",), channel="#treatment"))

    clinic.turn()

    assert seen[0] == 0
    assert staff[WITH_BOARD.id].channels[PLATFORM]["board"] == "#treatment"
    assert {each.to for each in clinic.workspace.messages} == {"#treatment"}


def test_what_each_minute_does_is_done_although_the_turn_met_an_accident() -> None:
    clinic = Turning()
    done: list[str] = []

    async def first() -> None:
        raise BookendError("The channels cannot be read.")

    minutes = Minutes([Chore(name="Watching", do=lambda: done.append("watched"))])
    clinic.work = Work(clinic.practice, clinic.chats, first=first, last=minutes.pass_by)

    with pytest.raises(BookendError):
        clinic.turn()

    assert done == ["watched"]


def test_whoever_only_hears_takes_in_what_others_heard_and_sends_nothing() -> None:
    clinic = Turning()
    clinic.book()
    done: list[str] = []

    async def first() -> None:
        done.append("taken in")

    minutes = Minutes([Chore(name="Looking", do=lambda: done.append("looked"))])
    hearing = Hearing(clinic.practice, first=first, last=minutes.pass_by)

    assert asyncio.run(hearing.turn()) is None
    assert done == ["taken in", "looked"]
    assert clinic.workspace.messages == []
