"""The desk: where every platform hands in what people say, and the same delivery never counts twice.

What a button, a form, a typed reply or a command does stands in one table each: `opening`, `pressing`,
`filling`, `replying` and `commands`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.core.actions import CLINIC_WIDE, Action
from bot.core.case import case_of
from bot.core.errors import BookendError, Conflict, NotFound, Refused, Settled
from bot.core.happened import Happened, Kind
from bot.core.instants import listening
from bot.core.messages import Card, Form, Home, Notice, Response
from bot.core.people import Clinic, Person
from bot.core.permissions import OF_ACTION, OF_COMMAND, Deed, require
from bot.core.replies import Address, Command, Filled, MessageRef, Pointed, Pressed, Reply, Typed
from bot.ports import Reading, Transaction
from bot.service import commands, looking
from bot.service.by_name import by_name
from bot.service.draw import draw
from bot.service.filling import take_filled
from bot.service.home import home
from bot.service.minding import minding, unrepeated
from bot.service.opening import open_for, open_replied, opens
from bot.service.practice import Practice
from bot.service.pressing import take_pressed
from bot.service.replying import take_typed

#: What may change something.
_Changing = Pressed | Filled | Typed
#: What was typed longer ago is not acted on: the card has moved on, and so has whoever wrote it.
TOO_LATE = timedelta(hours=2)
#: How often an answer that met another one in the same moment looks again.
TRIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicDesk:
    """The port Desk. `wake` is called after every write, so that what follows from it goes out at once."""

    practice: Practice
    wake: Callable[[], None] = lambda: None

    def reply(self, reply: Reply) -> Response:
        """Take a button, a form or a typed reply; raise BookendError with words for that person alone."""
        with unrepeated(self.practice, reply), self._counted(reply), self._of_their_clinic(reply):
            return self._shown(reply, lambda: self._reply(reply))

    def command(self, command: Command) -> Response:
        """Take a command."""
        with unrepeated(self.practice, command), self._counted(command), self._of_their_clinic(command):
            return self._shown(command, lambda: self._command(command))

    @contextmanager
    def _counted(self, told: Reply | Command) -> Iterator[None]:
        try:
            yield
        except BookendError as refused:
            self._note(Kind.REFUSED, told, type(refused).__name__.lower())
            raise

    def _note(self, kind: Kind, told: Reply | Command, why: str, about: str = "") -> None:
        clinics = self.practice.clinics.values()
        clinic = next((each.id for each in clinics if each.account(told.platform, told.account)), "")
        self.practice.meter.note(
            Happened(kind=kind, platform=told.platform, clinic=clinic, why=why, about=about)
        )

    @contextmanager
    def _of_their_clinic(self, told: Reply | Command) -> Iterator[None]:
        """Name only cases of their own clinic to whoever asks for one that is not there."""
        try:
            yield
        except NotFound as missing:
            if missing.kind != "case":
                raise
            clinic, _ = self.practice.who(told.platform, told.account)
            with self.practice.store.reading() as reading:
                known = [case.code for case in reading.open_cases(clinic.id)]
            raise NotFound("case", missing.name, known) from None

    def _shown(self, told: Reply | Command, answer: Callable[[], Response]) -> Response:
        """Return an answer with the moments behind its words, and the names that whoever asked may read."""
        with listening() as heard:
            clinic, person = self.practice.who(told.platform, told.account)
            said = by_name(self.practice, clinic, answer(), told.platform, person)
        # what is typed into a form is the clinic's time, and so is what stands above it
        return said if isinstance(said, Form) else replace(said, instants=heard.instants)

    def _reply(self, reply: Reply) -> Response:
        clinic, person = self.practice.who(reply.platform, reply.account)
        if isinstance(reply, Typed):
            self._in_time(clinic, person, reply)
        self._admit(clinic, person, _deed(reply))
        if isinstance(reply, Pointed) or opens(reply):
            with self.practice.store.reading() as reading:
                if isinstance(reply, Pressed):
                    _own(reading, clinic, reply.tasks, reply.action)
                return open_replied(self.practice, reading, clinic, person, reply)
        return self._once(clinic, reply, lambda tx: self._take(tx, clinic, person, reply))

    def _command(self, command: Command) -> Response:
        clinic, person = self.practice.who(command.platform, command.account)
        self._in_time(clinic, person, command)
        self._admit(clinic, person, OF_COMMAND.get(command.words[0].lower() if command.words else "help"))
        shown = looking.look(self.practice, clinic, person, command)
        if shown is None:
            with self.practice.store.reading() as reading:
                shown = open_for(self.practice, reading, clinic, person, command)
        if shown is not None:
            return shown
        act = partial(commands.act, self.practice)
        return self._once(clinic, command, lambda tx: act(tx, clinic, person, command))

    def card(self, who: Address, at: MessageRef) -> Card:
        """Draw a message of ours anew for somebody who may read it, and wants to read all of it."""
        clinic, person = self.practice.who(who.platform, who.account)
        self._admit(clinic, person, Deed.SEE)
        with self.practice.store.reading() as reading:
            posting = reading.posting_at(at)
        if posting is None or posting.clinic != clinic.id or posting.to.account not in ("", who.account):
            raise Refused("This message is not yours to open. `mine` and `status` show what is.")
        card = draw(self.practice, posting)
        if card is None:
            raise Settled("Nothing on this card is asked any more.")
        return card

    def home(self, who: Address) -> Home:
        """Draw what somebody sees first."""
        clinic, person = self.practice.who(who.platform, who.account)
        self._admit(clinic, person, Deed.SEE)
        with listening() as heard:
            with self.practice.store.reading() as reading:
                drawn = home(self.practice, reading, clinic, person, self.practice.clock.now())
            drawn = by_name(self.practice, clinic, drawn, who.platform, person)
        return replace(drawn, instants=heard.instants)

    def _admit(self, clinic: Clinic, person: Person, deed: Deed | None) -> None:
        # whose an item is to answer is known where the item is
        if deed is not None and deed is not Deed.ANSWER:
            require(person, deed, clinic, self.practice.clock.now())

    def _in_time(self, clinic: Clinic, person: Person, told: Typed | Command) -> None:
        now = self.practice.clock.now()
        if told.at is None or now - told.at <= TOO_LATE:
            return
        sent = told.at.astimezone(clinic.zone_of(person.id))
        day = f"{sent:%a} " if sent.date() != now.astimezone(sent.tzinfo).date() else ""
        raise Settled(
            f"Your message of {day}{sent:%H:%M} reached me only now; nothing was changed. "
            "Please look at the card and answer again."
        )

    def _once(
        self, clinic: Clinic, told: _Changing | Command, take: Callable[[Transaction], Notice]
    ) -> Notice:
        # whoever repeats what another person's platform called a delivery must not read their answer
        once = f"{told.platform}:{told.account}:{told.once}"
        for attempt in range(TRIES):
            try:
                notice, repeated = self._kept(clinic, once, take)
            except Conflict:
                if attempt == TRIES - 1:
                    raise Settled(
                        "Somebody answered in the same moment. Please look at the card again."
                    ) from None
                continue
            if repeated:
                self._note(Kind.REPEATED, told, type(told).__name__.lower())
            else:
                self._note(Kind.ANSWERED, told, type(told).__name__.lower(), _about(told))
                self.wake()
            return notice
        raise AssertionError("unreachable")

    def _kept(self, clinic: Clinic, once: str, take: Callable[[Transaction], Notice]) -> tuple[Notice, bool]:
        """Return what is said to it, and whether that was said before."""
        with self.practice.store.writing(together=True) as tx:
            said = tx.seen(once)
            if said is not None:
                return Notice(text=said), True
            with minding(tx, clinic):
                notice = take(tx)
            tx.remember(once, notice.text, self.practice.clock.now())
        return notice, False

    def _take(self, tx: Transaction, clinic: Clinic, person: Person, reply: _Changing) -> Notice:
        match reply:
            case Pressed():
                _own(tx, clinic, reply.tasks, reply.action)
                return take_pressed(self.practice, tx, clinic, person, reply)
            case Filled():
                if not reply.entries:
                    raise Refused("This form came back empty. Please open it again; nothing was changed.")
                _own(tx, clinic, reply.entries, reply.action)
                return take_filled(self.practice, tx, clinic, person, reply)
            case Typed():
                return take_typed(self.practice, tx, clinic, person, reply)


def _deed(reply: Reply) -> Deed:
    match reply:
        case Typed():
            return Deed.ANSWER
        case Pointed():
            return Deed.REPORT
        case _:
            return OF_ACTION[reply.action]


def _own(reading: Reading, clinic: Clinic, keys: Iterable[str], action: Action) -> None:
    if action in CLINIC_WIDE:
        return
    codes = {case_of(key) for key in keys}
    if not codes:
        raise Refused("This button is about nothing. Please look at the card again.")
    for code in codes:
        if reading.case(code).clinic != clinic.id:
            raise NotFound("case", code)


def _about(told: _Changing | Command) -> str:
    match told:
        case Pressed():
            return next(iter(told.tasks), "")
        case Filled():
            return next(iter(told.entries), "")
        case _:
            return ""
