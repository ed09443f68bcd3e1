"""The ports: what the service asks of clock, shelf, store and platforms, and what they ask of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core.happened import Happened
from bot.core.messages import Card, Home, Notice, Response
from bot.core.people import Clinic
from bot.core.places import Place
from bot.core.playbook import Playbook
from bot.core.replies import Address, Command, MessageRef, Reply
from bot.core.staffing import Look
from bot.ports.store import Reading, Store, Transaction

__all__ = [
    "Chat",
    "Clock",
    "Desk",
    "Meter",
    "Office",
    "Places",
    "Platform",
    "Reading",
    "Runner",
    "Shelf",
    "Shown",
    "Store",
    "Transaction",
    "Workspace",
]

#: Runs a synchronous function off the event loop; app hands it in.
Runner = Callable[..., Awaitable[Any]]
#: Takes what a platform says of people and channels, all of it; what follows is done once, and told once.
Office = Callable[[Look], None]


class Clock(Protocol):
    """The one thing that knows what time it is; aware UTC."""

    def now(self) -> datetime:
        """Return the present moment."""


class Shelf(Protocol):
    """Where playbooks stand: the newest of each, and every version that was signed or planned with."""

    def names(self, clinic: str) -> tuple[str, ...]:
        """Return the ids of a clinic's playbooks, those whose file cannot be read as well."""

    def current(self, playbook: str, clinic: str) -> Playbook:
        """Return the newest version of a clinic's playbook, whether signed or not; raise NotFound with the
        nearest ids, or Mistakes if its file cannot be read.
        """

    def version(self, digest: str) -> Playbook:
        """Return exactly the version with this digest, though its file may have changed since."""

    def texts(self, digest: str) -> Mapping[str, str]:
        """Return the texts (file name -> text) that a version is made of, to be kept with its cases."""

    def look_again(self) -> bool:
        """Read the files anew if any of them was touched; say whether they were."""

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        """Return the names of the files that do not say the same in two versions."""


class Chat(Protocol):
    """One platform, as we speak to it. Raises TryLater, Unsure or Undeliverable and nothing else."""

    platform: str

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Post a card; `once` travels with it so that `find` can tell whether it arrived."""

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Return where a card sent with `once` stands, or a line of the thread `under` a card, `None` if
        nowhere since that moment; raise Unsure if nobody can tell.
        """

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Draw a card anew where it stands; nobody is notified."""

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Add one line to a card's thread, which notifies its reader, in a channel whom it mentions; `once`
        travels with it.
        """

    async def retire(self, ref: MessageRef, why: str) -> None:
        """Rewrite a card to one line that says why it is over, without buttons."""


class Desk(Protocol):
    """What a platform hands in when people speak; what it raises is a BookendError, for that person alone."""

    def reply(self, reply: Reply) -> Response:
        """Take a button, a form or a typed reply."""

    def command(self, command: Command) -> Response:
        """Take a command."""

    def card(self, who: Address, at: MessageRef) -> Card:
        """Draw a message of ours anew for somebody who may read it, and wants to read all of it."""

    def home(self, who: Address) -> Home:
        """Draw what somebody sees first."""


class Meter(Protocol):
    """Who counts what happens; called from any thread, once what happened is kept."""

    def note(self, what: Happened) -> None:
        """Take down that it happened; raises nothing."""


class Places(Protocol):
    """Where a platform reaches people and channels, for those that must have told us; outlives a program."""

    def all(self, platform: str) -> Sequence[Place]:
        """Return every place of a platform."""

    def keep(self, place: Place) -> None:
        """Keep a place instead of what was known of the same platform and name."""


class Shown(Protocol):
    """What somebody has before them where a message stands, for every program that may draw it anew."""

    def fills(self, at: MessageRef, lasts: timedelta) -> None:
        """Know for a while that somebody has a form before them there."""

    def ended(self, at: MessageRef) -> None:
        """Know that a form was saved or left."""

    def has_form(self, at: MessageRef) -> bool:
        """Say whether somebody has a form before them there."""

    def tell(self, at: MessageRef, said: Notice, lasts: timedelta) -> None:
        """Know for a while what somebody was told on top of a card, and let it be drawn with that."""

    def told(self, at: MessageRef) -> Notice | None:
        """Return what still stands on top of a card."""

    def answers(self, at: MessageRef, asked: tuple[str, ...]) -> None:
        """Know which looking command a message answers."""

    def asked(self, at: MessageRef) -> tuple[str, ...]:
        """Return the looking command that a message answers, as far as that is known."""


class Workspace(Protocol):
    """Whose a platform's messages are: the id of its workspace or tenant, and what people call it."""

    @property
    def team(self) -> str:
        """The id."""

    @property
    def name(self) -> str:
        """What people call it."""


class Platform(Protocol):
    """A platform that let us in. `routes` go to the web server; `notes` are what is odd about the settings,
    and may be right all the same.
    """

    @property
    def chat(self) -> Chat:
        """How we speak to it."""

    @property
    def routes(self) -> Sequence[Any]:
        """Where it reaches us over HTTP."""

    @property
    def notes(self) -> Sequence[str]:
        """What is odd about its settings."""

    @property
    def workspace(self) -> Workspace:
        """Whose it is."""

    @property
    def trouble(self) -> str:
        """Why it cannot reach us at this moment, "" while it can or nobody would know."""

    async def start(self) -> None:
        """Return when it can reach us; raise BookendError with what to do."""

    async def roll_call(self, clinics: Iterable[Clinic]) -> Sequence[str]:
        """Return a line for whatever of the clinics' files is not there; raise BookendError if nobody is."""

    async def attend(self, clinics: Collection[Clinic], office: Office) -> None:
        """Tell the office who and what of the clinics' files is there, now and from now on."""

    def changed(self) -> None:
        """Draw anew what people look at besides their messages: another program may have changed it."""

    def look_again(self, to: Address) -> None:
        """Ask it anew of somebody or a channel that could not be reached."""

    async def stop(self) -> None:
        """Hang up, and let the answers that are on their way arrive."""
