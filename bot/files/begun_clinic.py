"""A clinic's file begun from answers: what was said, read like a line of the file, and the file it makes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from importlib.resources import files
from typing import TypeVar

from bot.core.errors import BookendError, did_you_mean
from bot.core.people import Role
from bot.files.accounts import account_of, channel_in_link, channel_of
from bot.files.calendars import holidays_of, hours_of, zone
from bot.files.entry import Entry
from bot.files.reader import read

#: How somebody who types says that there is nothing.
NONE = "none"
#: Other words for a role.
_ROLES = {
    **{role.value.replace("_", " "): role for role in Role},
    **{role.value: role for role in Role},
    "doctor": Role.PHYSICIAN,
    "director": Role.MEDICAL_DIRECTOR,
    "reception": Role.FRONT_DESK,
    "desk": Role.FRONT_DESK,
}
#: What a role's channel may be called on each platform.
_NURSES = {"slack": "C0NURSES", "teams": "19:nurses@thread.tacv2"}
#: Roles that are asked on closed days, too.
ON_CALL = (Role.NURSE, Role.PHYSICIAN)
_PLAIN = re.compile(r"[^\W\d_][\w .()/&’-]*")
_WORDS = {"yes", "no", "on", "off", "true", "false", "null"}
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody who works in the clinic; `account` is their id on the platform, "" where nobody knows it."""

    id: str
    name: str
    roles: tuple[Role, ...]
    account: str = ""


@dataclass(kw_only=True, slots=True)
class Draft:
    """What was answered so far."""

    title: str = ""
    zone: str = "UTC"
    country: str = ""
    region: str = ""
    hours: str = "{mon-fri: 08:00-18:00}"
    rooms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    platform: str = ""
    people: list[Colleague] = field(default_factory=list)
    on_call: dict[Role, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    playbooks: tuple[str, ...] = ()
    go_live: date | None = None

    def also(self, person: str, role: Role) -> None:
        """Give somebody one more role."""
        self.people = [
            replace(each, roles=(*each.roles, role)) if each.id == person else each for each in self.people
        ]

    def with_role(self, role: Role) -> list[str]:
        """Return the ids of those who have a role."""
        return [each.id for each in self.people if role in each.roles]


def one_line(said: str) -> str:
    """Return a title or a name."""
    if not said or not said.isprintable() or len(said) > 100:
        raise BookendError("Please write one line of at most 100 characters.")
    return said


def account(platform: str, said: str) -> str:
    """Return somebody's account on a platform."""
    return _asked(json.dumps(said), partial(account_of, platform))


def channel(platform: str, said: str) -> str:
    """Return the id of a channel, "" for none; a link to it, as Teams copies it, says it as well."""
    if said.lower() == NONE:
        return ""
    found = (channel_in_link(said) if platform == "teams" else "") or one_line(said)
    return _asked(json.dumps(found), partial(channel_of, platform))


def country(said: str) -> str:
    """Return the code of a country whose holidays are known, "" for none."""
    if said.lower() == NONE:
        return ""
    code = said.upper()
    _asked(f"{{country: {json.dumps(code)}}}", holidays_of)
    return code


def regions(code: str) -> tuple[str, ...]:
    """Return the regions of a country that have holidays of their own."""
    if not code:
        return ()
    import holidays

    return tuple(holidays.list_supported_countries()[code])


def region(code: str, said: str) -> str:
    """Return a region of a country, "" for none."""
    if said.lower() == NONE:
        return ""
    wanted = said.upper() if said.upper() in regions(code) else said
    _asked(f"{{country: {json.dumps(code)}, region: {json.dumps(wanted)}}}", holidays_of)
    return wanted


def zones_of(code: str) -> tuple[str, ...]:
    """Return the time zones of a country, as the tables of time zones list them."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")]
    return tuple(each[2] for each in cells if each[0] == code)


def time_zone(said: str) -> str:
    """Return a time zone that is known."""
    return _asked(json.dumps(said), zone).key


def opening(said: str) -> str:
    """Return opening hours such as "mon-fri 08:00-18:00, sat 09:00-13:00" as the file has them."""
    # the hours come last: days such as mon, wed may have commas between them
    parts = re.findall(r"\s*,?\s*(.*?)[\s:]+(\d{1,2}[:.]\d{2}\s*[-–]\s*\d{1,2}[:.]\d{2})", said)
    if not parts:
        raise BookendError("Please write days and hours such as mon-fri 08:00-18:00, sat 09:00-13:00.")
    pairs = (f"{_quoted(days.strip())}: {hours.replace('.', ':').replace(' ', '')}" for days, hours in parts)
    line = f"{{{', '.join(pairs)}}}"
    _asked(line, hours_of)
    return line


def several(said: str) -> tuple[str, ...]:
    """Return what stands between commas."""
    parts = [each.strip() for each in said.split(",")]
    return tuple(dict.fromkeys(one_line(each) for each in parts if each and each.lower() != NONE))


def roles(said: str) -> tuple[Role, ...]:
    """Return the roles that were named."""
    found = []
    for each in several(said):
        role = _ROLES.get(each.lower())
        if role is None:
            known = ", ".join(Role)
            raise BookendError(f"There is no role {each!r}: {known}.{did_you_mean(each.lower(), _ROLES)}")
        found.append(role)
    if not found:
        raise BookendError(f"Please name at least one of {', '.join(Role)}.")
    return tuple(dict.fromkeys(found))


def one_of(said: str, known: Iterable[str]) -> str:
    """Return one of a few words, "" for none."""
    known = tuple(known)
    if said.lower() == NONE:
        return ""
    if said not in known:
        raise BookendError(f"Please say one of {', '.join(known)}, or none.{did_you_mean(said, known)}")
    return said


def some_of(said: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return some of a few words; all of them leaves them open."""
    return () if said.lower() == "all" else tuple(one_of(each, known) for each in several(said))


def day(said: str) -> date | None:
    """Return a date, `None` for none."""
    return None if said.lower() == NONE else _asked(json.dumps(said), Entry.day)


def short_name(said: str, taken: Iterable[str]) -> str:
    """Return a short name for files: the first word of a name that is no title, else all of it in one."""
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    words = [
        word for word in re.findall(r"[a-z0-9]+", plain) if word not in ("dr", "prof", "mr", "ms", "mrs")
    ]
    return _free(words[0][:40] if words else "person", taken)


def id_of(said: str, taken: Iterable[str] = ()) -> str:
    """Return a title as a clinic's or room's short name: Room 2 is room-2."""
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    return _free("-".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("-") or "clinic", taken)


def _free(name: str, taken: Iterable[str]) -> str:
    taken = set(taken)
    names = (name, *(f"{name[:36]}-{number}" for number in range(2, 1000)))
    return next(each for each in names if each not in taken)


def _asked(text: str, ask: Callable[[Entry], Found]) -> Found:
    """Read an answer as the file would be read; raise BookendError with what is wrong."""
    entry = read(text, "answer")
    found = ask(entry) if not entry.source.mistakes else None
    if entry.source.mistakes or found is None:
        raise BookendError(
            "; ".join(each.what for each in entry.source.mistakes[:1]) or "That cannot be read."
        )
    return found


def clinic_text(draft: Draft) -> str:
    """Return the file."""
    return "\n".join([*_head(draft), *_people(draft), *_duty(draft), *_rest(draft), ""])


def _head(draft: Draft) -> Iterator[str]:
    yield f"# {draft.title}. `bookend check` lists what is wrong with this file."
    yield "# Bookend's README shows all that can stand here."
    yield f"clinic: {_text(id_of(draft.title))}"
    yield f"title: {_text(draft.title)}"
    yield f"timezone: {draft.zone}"
    yield ""
    yield f"open: {draft.hours}"
    named = [f"country: {_text(draft.country)}"] if draft.country else []
    named += [f"region: {_text(draft.region)}"] if draft.region else []
    yield "# Public holidays; you are closed on the days in `also` besides, and open on those in `except`."
    yield f"holidays: {{{', '.join([*named, 'also: []', 'except: []'])}}}"
    if draft.rooms:
        yield "rooms:"
        for name, devices in draft.rooms.items():
            yield f"  {_text(name)}: {{devices: [{', '.join(map(_text, devices))}]}}"
    yield ""


def _people(draft: Draft) -> Iterator[str]:
    yield "# `quiet: 19:00-07:00` keeps somebody's evenings free, `hours: 09:00-15:00` are their own."
    yield "people:"
    for each in draft.people:
        known = [f"name: {_text(each.name)}", f"roles: [{', '.join(each.roles)}]"]
        known += [f"{draft.platform}: {_text(each.account)}"] if each.account and draft.platform else []
        yield f"  {_text(each.id)}: {{{', '.join(known)}}}"
    yield ""


def _duty(draft: Draft) -> Iterator[str]:
    duty = {role: draft.with_role(role) for role in Role if role is not Role.MEDICAL_DIRECTOR}
    named = ", ".join(f"{role}: [{', '.join(map(_text, people))}]" for role, people in duty.items() if people)
    days = ",".join(each.strip() for each in _days(draft))
    yield "# Who is on duty, the first is asked first; `{sam: 12:00-18:00}` instead of `sam` for hours."
    yield "roster:"
    yield f"  {_quoted(days)}: {{{named}}}"
    yield "# Single days that differ, such as 2027-02-15: {nurse: [sam]}"
    yield "roster_changes: {}"
    yield "# Asked when a check falls on a closed day."
    yield f"on_call: {{{', '.join(f'{role}: [{_text(person)}]' for role, person in draft.on_call.items())}}}"
    yield ""


def _days(draft: Draft) -> list[str]:
    return [key.text() for key, _ in read(draft.hours, "answer").pairs()]


def _quoted(days: str) -> str:
    return json.dumps(days) if "," in days else days


def _rest(draft: Draft) -> Iterator[str]:
    if draft.platform:
        channels = ", ".join(f"{name}: {_text(where)}" for name, where in draft.channels.items())
        nurses = _NURSES[draft.platform]
        yield f"# The board's channel, one for what slips, and one for each role (`nurse: {nurses}`)."
        yield f"channels: {{{draft.platform}: {{{channels}}}}}" if channels else "channels: {}"
    yield "# Your own reminders, such as important: [30 min, 1 hour, 2 hours]; the last tells the manager."
    yield "ladders: {}"
    yield "# strict: no name, birth date or telephone number of a patient ever enters chat."
    yield "privacy: strict"
    if draft.go_live:
        yield "# What starts earlier stays on paper."
        yield f"go_live: {draft.go_live}"
    if draft.playbooks:
        yield f"playbooks: [{', '.join(draft.playbooks)}]"


def _text(said: str) -> str:
    plain = _PLAIN.fullmatch(said) and said.lower() not in _WORDS
    return said if plain else json.dumps(said, ensure_ascii=False)
