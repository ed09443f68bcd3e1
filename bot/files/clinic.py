"""clinic.yaml: who works in a clinic, when, and where it is spoken to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from itertools import pairwise
from pathlib import Path

from bot.core.conditions import Value
from bot.core.errors import Mistakes
from bot.core.keeping import Keep
from bot.core.people import LADDERS, Clinic, Role
from bot.core.playbook import Playbook
from bot.core.times import WEEKDAYS
from bot.files.accounts import PLATFORMS, channel_of
from bot.files.calendars import clinic_calendar
from bot.files.entry import Entry, plain_id
from bot.files.keeping import kept
from bot.files.privacy import names_on
from bot.files.reader import read, read_text
from bot.files.spans import span
from bot.files.staff import changes_of, groups_of, may_have, on_call_of, people_of, roster_of

KEYS = (
    *("clinic", "title", "timezone", "open", "holidays", "rooms", "people", "roster", "roster_changes"),
    *("on_call", "channels", "ladders", "privacy", "go_live", "playbooks", "defaults", "overlays"),
    *("huddle", "baa", "user_groups", "user_groups_may_decide", "sheet", "keep"),
)
CHANNELS = ("board", "escalations", *Role)
#: Minutes after which telling the manager is telling nobody: a week.
NEVER = 7 * 24 * 60


def load_clinic(path: Path) -> Clinic:
    """Return the clinic that a file describes; Mistakes lists all that is wrong in it."""
    return parse_clinic(read_text(path), str(path))


def parse_clinic(
    text: str, file: str, playbooks: Iterable[str] | None = None, *, holidays: bool = True
) -> Clinic:
    """Return the clinic that a text describes; `playbooks` are the known ones, where they are known.

    Without `holidays` it is open on all of them, and nothing is said of how they are written.
    """
    root = read(text, file)
    if root.source.mistakes and not root.is_mapping:
        raise Mistakes(root.source.mistakes)
    clinic = _clinic(root, playbooks, holidays=holidays)
    if root.source.mistakes:
        raise Mistakes(root.source.mistakes)
    return clinic


def look_at_defaults(root: Entry, playbooks: Mapping[str, Playbook]) -> None:
    """Note which of a clinic's defaults name no fact of their playbook, or a value that it cannot have."""
    # nobody else who reads a clinic's file needs what a booking is read with
    from bot.files.bookings import fact_value

    for book, facts in root.maybe("defaults", Entry.pairs, []):
        name = book.known(playbooks, "playbook")
        for fact, value in facts.pairs() if name in playbooks else ():
            known = playbooks[name].facts
            if fact.known(known, "fact") in known:
                fact_value(value, known[fact.text()])


def _clinic(root: Entry, playbooks: Iterable[str] | None, *, holidays: bool) -> Clinic:
    clinic = _read(root, playbooks, holidays=holidays)
    told = [
        name for channels in clinic.channels.values() for name in ("escalations", "board") if name in channels
    ]
    managers = (each for each in clinic.people.values() if may_have(each, Role.MANAGER, clinic.groups))
    if clinic.people and not told and not any(managers):
        root.need("people").wrong(
            "no ladder escalates: give somebody the role manager, or name an `escalations` channel"
        )
    _before_closing(root, clinic)
    return clinic


def _before_closing(root: Entry, clinic: Clinic) -> None:
    days = sorted(clinic.calendar.working_days)
    hours = {day: clinic.calendar.hours.get(day, (time(8), time(18))) for day in days}
    for day in days:
        if clinic.huddle is not None and clinic.huddle >= hours[day][1]:
            closes = f"{WEEKDAYS[day]} the clinic closes at {hours[day][1]:%H:%M}"
            root.need("huddle").wrong(f"the day's message would come after the day: on {closes}")
            return


def _read(root: Entry, playbooks: Iterable[str] | None, *, holidays: bool) -> Clinic:
    root.only(*KEYS)
    decide = root.maybe("user_groups_may_decide", Entry.flag, False)
    groups = root.maybe("user_groups", lambda entry: groups_of(entry, may_decide=decide), {})
    people = people_of(root.need("people"), groups)
    name = plain_id(root.need("clinic"), "clinic")
    return Clinic(
        id=name,
        title=root.maybe("title", Entry.text, name.replace("-", " ").replace("_", " ").title()),
        calendar=clinic_calendar(root, holidays=holidays),
        people=people,
        roster=root.maybe("roster", lambda entry: roster_of(entry, people, groups), {}),
        roster_changes=root.maybe("roster_changes", lambda entry: changes_of(entry, people, groups), {}),
        on_call=root.maybe("on_call", lambda entry: on_call_of(entry, people, groups), {}),
        rooms=root.maybe("rooms", _rooms, {}),
        channels=root.maybe("channels", _channels, {}),
        groups=groups,
        ladders=root.maybe("ladders", _ladders, {}),
        names_on=names_on(root),
        go_live=root.maybe("go_live", Entry.day, None),
        playbooks=root.maybe("playbooks", lambda entry: _playbooks(entry, playbooks), ()),
        defaults=root.maybe("defaults", _defaults, {}),
        overlays=root.maybe("overlays", _overlays, ()),
        huddle=root.maybe("huddle", Entry.clock, None),
        sheet=root.maybe("sheet", _sheet, None),
        keep=root.maybe("keep", kept, Keep()),
    )


def _sheet(entry: Entry) -> time | None:
    entry.only("at")
    return entry.maybe("at", Entry.clock, None)


def _rooms(entry: Entry) -> dict[str, tuple[str, ...]]:
    rooms: dict[str, tuple[str, ...]] = {}
    for key, value in entry.pairs():
        value.only("devices")
        rooms[plain_id(key, "room")] = value.maybe("devices", Entry.texts, ())
    return rooms


def _channels(entry: Entry) -> dict[str, dict[str, str]]:
    return {
        (platform := key.one_of(PLATFORMS)): {
            name.one_of(CHANNELS): channel_of(platform, channel) for name, channel in value.pairs()
        }
        for key, value in entry.pairs()
    }


def _ladders(entry: Entry) -> dict[str, tuple[int, ...]]:
    return {key.one_of(LADDERS): _rungs(value) for key, value in entry.pairs()}


def _rungs(entry: Entry) -> tuple[int, ...]:
    clear = len(entry.source.mistakes)
    minutes = tuple(_minutes(each) for each in entry.each())
    if len(entry.source.mistakes) > clear:
        return ()
    rising = all(first < second for first, second in pairwise((0, *minutes)))
    if not rising:
        entry.wrong(f"expected rising lengths after the first asking, {_EXAMPLE}")
    elif len(minutes) < 2:
        entry.wrong(f"this ladder never escalates: only its last length tells somebody else, {_EXAMPLE}")
    elif minutes[-1] > NEVER:
        entry.wrong(f"this ladder never escalates: its last length is more than a week; {_EXAMPLE}")
    return minutes


_EXAMPLE = "such as [30 min, 1 hour, 2 hours]: reminders, and last a lead or the manager"


def _minutes(entry: Entry) -> int:
    bare = isinstance(entry.content, str) and entry.content.isdecimal()
    return entry.whole() if bare else span(entry, "min")[0]


def _playbooks(entry: Entry, known: Iterable[str] | None) -> tuple[str, ...]:
    if known is None:
        return entry.texts()
    names = tuple(known)
    return tuple(each.known(names, "playbook") for each in entry.each())


def _defaults(entry: Entry) -> dict[str, dict[str, Value]]:
    return {
        book.text(): {fact.text(): _bare(value) for fact, value in facts.pairs()}
        for book, facts in entry.pairs()
    }


def _bare(entry: Entry) -> Value:
    # which fact it is, and so what it can be, only its playbook knows
    text = entry.text()
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _overlays(entry: Entry) -> tuple[str, ...]:
    return tuple(_beside(each) for each in entry.each())


def _beside(entry: Entry) -> str:
    file = Path(entry.source.file).parent / entry.text()
    if entry.is_word and not file.is_file():
        entry.wrong(f"there is no file {entry.shown} beside this one")
    return str(file)
