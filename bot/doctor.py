"""`bookend doctor`: looks at everything that can be looked at before a working day, and says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from bot.app import load_clinics, off_loop, opened, overlays_of, staff_of, store_of
from bot.clock import WallClock
from bot.config import Settings, settings, unknown
from bot.core import wording
from bot.core.errors import BookendError
from bot.core.people import Clinic
from bot.core.places import Place
from bot.core.signing import Standing, signed_on, standing_words
from bot.ports import Places
from bot.service import signing
from bot.service.places import KeptPlaces
from bot.service.practice import Practice
from bot.service.staff import Staff
from bot.service.workspace import workspace_before
from bot.shelf import Bookshelf
from bot.store.store import SqlStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What was looked at and what was found; `state` is good, note or wrong."""

    what: str
    state: str
    found: str


def examine(environment: Mapping[str, str]) -> list[Finding]:
    """Look at everything; one thing that is wrong does not hide another."""
    try:
        known = settings()
    except BookendError as wrong:
        return [_found("Settings", "wrong", each) for each in str(wrong).splitlines()]
    findings = [_found("Settings", "note", each) for each in unknown(environment)]
    findings = findings or [_found("Settings", "good", "every name is known")]
    for what, look in _LOOKS.items():
        try:
            findings += [_found(what, state, found) for state, found in look(known)]
        except BookendError as trouble:
            findings += [_found(what, "wrong", each) for each in str(trouble).splitlines()]
    return findings


def send_test(names: Sequence[str]) -> list[Finding]:
    """Send a test to people or channels; say what came back from each, and where none was reached."""
    from bot.send_test import send_test as tried

    found = asyncio.run(tried(settings(), names))
    nowhere = [("wrong", "none of them is on a platform that is configured: nothing was sent")]
    return [_found("Test message", state, words) for state, words in found or nowhere]


def _found(what: str, state: str, found: str) -> Finding:
    return Finding(what=what, state=state, found=found)


def _clinic(known: Settings) -> Iterator[tuple[str, str]]:
    files = load_clinics(known.clinic_files())
    for clinic in _clinics(known):
        yield "good", f"{clinic.title}: {wording.count(len(clinic.people), 'person', 'people')}"
        for platform in known.whole():
            yield from (("note", each) for each in _unreachable(clinic, platform))
            yield from (("note", each) for each in _chosen(clinic, files[clinic.id], platform))


def _unreachable(clinic: Clinic, platform: str) -> Iterator[str]:
    for person in clinic.people.values():
        if platform not in person.accounts:
            yield f"{person.name} has no `{platform}:` id and will not be asked there."
    if "board" not in clinic.channels.get(platform, {}):
        yield f"No `board` channel is named for {platform} (`channels:`): nobody sees the board there."


def _chosen(clinic: Clinic, file: Clinic, platform: str) -> Iterator[str]:
    board, told = (each.channels.get(platform, {}).get("board", "") for each in (clinic, file))
    if board != told:
        instead = f", and not in {told}" if told else ""
        yield f"The board on {platform} stands in {board}{instead}: a manager chose so with `here`."


def _playbooks(known: Settings) -> Iterator[tuple[str, str]]:
    clinics = load_clinics(known.clinic_files()) if known.clinic else {}
    shelf = Bookshelf(known.playbooks, overlays=overlays_of(clinics), forgiving=True)
    yield from (("wrong", str(each)) for each in shelf.mistakes)
    if not known.clinic:
        yield from (("good", f"{book.id} version {book.version}") for book in shelf.playbooks.values())
    elif not _begun(known):
        yield "note", "Nobody can have signed a playbook: there is no database."
    else:
        with _open(known) as practice:
            for clinic in practice.clinics.values():
                for standing in signing.standings(practice, clinic):
                    yield from _standing(standing, clinic, practice.clock.now())


@contextmanager
def _open(known: Settings, staff: Staff | None = None) -> Iterator[Practice]:
    """Open the practice with the platforms that are whole: what another lacks is said once, elsewhere."""
    with opened(known, staff=staff, platforms=known.whole()) as (practice, _):
        yield practice


def _begun(known: Settings) -> bool:
    file = known.database()
    return file is None or file.is_file()


def _standing(standing: Standing, clinic: Clinic, now: datetime) -> Iterator[tuple[str, str]]:
    lines = standing_words([standing], clinic, clinic.calendar.day(now))
    yield from (("note" if standing.in_force else "wrong", each) for each in lines)
    if standing.signature is not None:
        given = standing.signature
        day = signed_on(given, clinic)
        yield "good", f"{standing.playbook}: {given.name} signed it on {day}, for {clinic.title}"


def _database(known: Settings) -> Iterator[tuple[str, str]]:
    with store_of(known) as store:
        problems = store.verify()
        yield "good", "it opens, can be written and has our schema"
        yield from (("wrong", problem) for problem in problems)
        if not problems:
            yield "good", "its history is whole"
        yield from _secrets(store)


def _secrets(store: SqlStore) -> Iterator[tuple[str, str]]:
    if lost := store.unreadable_names():
        yield (
            "wrong",
            f"{wording.count(lost, 'name')} of a patient cannot be read: put the secret back into "
            "BOOKEND_IDENTITY_KEYS, behind the newest.",
        )
    elif older := store.older_names():
        yield (
            "note",
            f"{wording.count(older, 'name')} of a patient still under an older secret: run `bookend rekey` "
            "before it is taken out.",
        )


def _platforms(known: Settings) -> Iterator[tuple[str, str]]:
    if not known.platforms():
        yield "note", "None is configured: `bookend serve` has nobody to speak to."
        return
    yield "good", f"{', '.join(known.platforms())} is configured"


def _slack(known: Settings) -> Iterator[tuple[str, str]]:
    if "slack" in known.whole():
        yield from asyncio.run(_asked_of_slack(known))


async def _asked_of_slack(known: Settings) -> list[tuple[str, str]]:
    from bot.chat.slack.joining.examine import Examined, examine
    from bot.chat.slack.joining.tokens import SlackSettings

    what = Examined(
        settings=SlackSettings(**known.slack()),
        clinics=_clinics(known),
        clock=WallClock(),
        public_url=known.public_url,
        before=_workspace_before(known, "slack"),
        meant=known.moved_to("slack"),
    )
    return [finding async for finding in examine(what)]


def _teams(known: Settings) -> Iterator[tuple[str, str]]:
    if "teams" in known.whole():
        with _kept(known) as places:
            yield from asyncio.run(_asked_of_teams(known, places))


async def _asked_of_teams(known: Settings, places: Places) -> list[tuple[str, str]]:
    from bot.chat.teams.joining.examine import Examined, examine
    from bot.chat.teams.settings import TeamsSettings

    what = Examined(
        settings=TeamsSettings(**known.teams()),
        clinics=_clinics(known),
        clock=WallClock(),
        places=places,
        run=off_loop,
        public_url=known.public_url,
        before=_workspace_before(known, "teams"),
        meant=known.moved_to("teams"),
    )
    return [finding async for finding in examine(what)]


class _Nowhere:
    """The places of a clinic whose database is not there, or does not open."""

    def all(self, platform: str) -> tuple[Place, ...]:
        """Return none."""
        return ()

    def keep(self, place: Place) -> None:
        """Keep nothing."""


@contextmanager
def _kept(known: Settings) -> Iterator[Places]:
    with ExitStack() as until_then:
        try:
            places: Places = KeptPlaces(practice=until_then.enter_context(_open(known)))
        except BookendError:
            # why it does not open was said before, and hides nothing of Teams
            places = _Nowhere()
        yield places


def _clinics(known: Settings) -> list[Clinic]:
    """Return the clinics as written, with the channels that managers chose; what is wrong was said before."""
    with suppress(BookendError):
        staff = staff_of(known)
        with _open(known, staff):
            return [*staff.written.values()]
    with suppress(BookendError):
        return [*load_clinics(known.clinic_files()).values()]
    return []


def _workspace_before(known: Settings, platform: str) -> str:
    with suppress(BookendError), _open(known) as practice:
        before = workspace_before(practice, platform)
        # a setting that names another one is a wish to move
        return "" if before is None or known.moved_to(platform) else before.id
    return ""


def _port(known: Settings) -> Iterator[tuple[str, str]]:
    from bot.web import take_port

    try:
        take_port(known.host, known.port).close()
    except BookendError as taken:
        # Slack can only be asked whether it reaches us while we serve
        yield "note", f"{taken} If that is `bookend serve`, all is well."
    else:
        yield "good", f"{known.host}:{known.port} is free"


def _names(known: Settings) -> Iterator[tuple[str, str]]:
    # whoever looks makes nothing: the key beside a file comes with the database
    keys = not _begun(known) or known.secrets_of_names()
    if known.public_url and keys:
        yield "good", f"'Who is this?' leads to {known.public_url}; names are encrypted"
    elif known.public_url:
        yield "note", "names cannot be kept: set BOOKEND_IDENTITY_KEYS"
    else:
        yield "note", "'Who is this?' cannot show anybody yet: set BOOKEND_PUBLIC_URL"


_LOOKS: Mapping[str, Callable[[Settings], Iterator[tuple[str, str]]]] = {
    "Clinic": _clinic,
    "Playbooks": _playbooks,
    "Database": _database,
    "Platforms": _platforms,
    "Slack": _slack,
    "Teams": _teams,
    "Names": _names,
    "Port": _port,
}
