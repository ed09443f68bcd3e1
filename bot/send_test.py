"""`bookend doctor --send-test`: a message goes to people or channels, is edited and retired; what came back?

It says that it is a test, asks nothing, and stands in no history: nothing is written here but what a platform
itself keeps. Whoever looks whether all is well finds out before a patient does that a channel is archived.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence

from bot.app import off_loop, opened, staff_of
from bot.config import Settings
from bot.core import wording
from bot.core.errors import BookendError, ChatTrouble, NotFound
from bot.core.messages import Notice
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.platforms import Joining, connected
from bot.ports import Chat, Platform
from bot.service.desk import ClinicDesk
from bot.service.practice import Practice
from bot.service.staff import Staff
from bot.service.workspace import workspace_before

#: Said instead of names: every channel of the clinics' files.
CHANNELS = "channels"
_SENT = "This is a test of Bookend. Nothing is asked of you."
_EDITED = "This is a test of Bookend. It was edited where it stands, as cards are."
_OVER = "This was a test of Bookend: it arrived, was edited, and is over."


async def send_test(settings: Settings, names: Sequence[str]) -> list[tuple[str, str]]:
    """Send the test on every platform to whomever the names mean, and return what came of each: good or
    wrong, and in words. Raise NotFound for a name that is neither a person's nor a channel's.
    """
    staff = staff_of(settings)
    with opened(settings, staff=staff, platforms=settings.whole()) as (practice, _):
        known_to(practice.clinics.values(), names)
        desk = ClinicDesk(practice=practice)
        joining = Joining(settings=settings, practice=practice, staff=staff, desk=desk)
        found: list[tuple[str, str]] = []
        for platform in practice.platforms:
            found += await _on(platform, joining, names)
        return found


async def _on(name: str, joining: Joining, names: Sequence[str]) -> list[tuple[str, str]]:
    title = wording.platform(name)
    try:
        platform = await connected(name, joining)
    except BookendError as trouble:
        return [("wrong", f"{title}: {trouble}")]
    try:
        await _is_ours(platform, joining.practice)
        # whom an e-mail address means is known once the platform was asked
        await platform.attend(joining.staff.written.values(), joining.staff.learn)
        there = [each for each in _found(joining.staff, names) if each[1].platform == name]
        return [await _tried(platform.chat, to, f"{title}, {who}") for who, to in there]
    except BookendError as trouble:
        return [("wrong", f"{title}: {trouble}")]
    finally:
        await platform.stop()


def _found(staff: Staff, names: Sequence[str]) -> list[tuple[str, Address]]:
    """Return whom names mean, under their ids where an address stands for one; who is not there is tried."""
    learned = {(who, to.platform): to for who, to in meant(staff.values(), names)}
    written = meant(staff.written.values(), names)
    return [(who, learned.get((who, to.platform), to)) for who, to in written]


async def _is_ours(platform: Platform, practice: Practice) -> None:
    before = await off_loop(workspace_before, practice, platform.chat.platform)
    if before is not None and before.id != platform.workspace.team:
        raise BookendError(
            f"this is {platform.workspace.name}, and the database belongs to {before.name}: nothing was sent."
        )


def known_to(clinics: Iterable[Clinic], names: Sequence[str]) -> None:
    """Raise NotFound for a name that is neither a person's nor a channel's in the clinics' files."""
    known = {CHANNELS, *(each for clinic in clinics for _, each, _ in _places(clinic))}
    for name in names:
        if name not in known:
            raise NotFound("person or channel", name, known)


def meant(clinics: Iterable[Clinic], names: Sequence[str]) -> list[tuple[str, Address]]:
    """Return whom names mean in the clinics' files, each place once, with what it is called there."""
    places = [place for clinic in clinics for place in _places(clinic)]
    wanted = [
        (f"{clinic}: {name}", to)
        for clinic, name, to in places
        if name in names or (CHANNELS in names and to.channel)
    ]
    return [*{to: (who, to) for who, to in reversed(wanted)}.values()][::-1]


def _places(clinic: Clinic) -> Iterator[tuple[str, str, Address]]:
    for person in clinic.people.values():
        for platform, account in person.accounts.items():
            yield clinic.id, person.id, Address(platform=platform, account=account)
    for platform, channels in clinic.channels.items():
        for name, channel in channels.items():
            yield clinic.id, name, Address(platform=platform, channel=channel)


async def _tried(chat: Chat, to: Address, who: str) -> tuple[str, str]:
    done = "nothing"
    try:
        ref = await chat.send(Notice(text=_SENT), to, once=secrets.token_hex(8))
        done = "it arrived"
        await chat.update(ref, Notice(text=_EDITED))
        done = "it arrived and was edited"
        await chat.retire(ref, _OVER)
    except ChatTrouble as trouble:
        return "wrong", f"{who}: {done}; then: {trouble}"
    return "good", f"{who}: it arrived, was edited, and is over"
