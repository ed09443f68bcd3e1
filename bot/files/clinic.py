"""clinic.yaml: who works in a clinic, when, and where it is spoken to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from pathlib import Path

from bot.core.due import LADDERS
from bot.core.errors import Mistakes
from bot.core.people import Clinic, Duty, Person, Role, Shift
from bot.core.times import WEEKDAYS
from bot.files.calendars import clinic_calendar, span_of_day, weekdays, zone
from bot.files.entry import Entry, plain_id
from bot.files.reader import read, read_text
from bot.files.spans import span

KEYS = (
    *("clinic", "title", "timezone", "open", "holidays", "rooms", "people", "roster", "roster_changes"),
    *("on_call", "channels", "ladders", "privacy", "go_live", "playbooks", "overlays"),
)
PLATFORMS = ("slack", "teams", "local")
CHANNELS = ("board", "escalations", *Role)

People = Mapping[str, Person]


def load_clinic(path: Path) -> Clinic:
    """Return the clinic that a file describes; Mistakes lists all that is wrong in it."""
    return parse_clinic(read_text(path), str(path))


def parse_clinic(text: str, file: str, playbooks: Iterable[str] | None = None) -> Clinic:
    """Return the clinic that a text describes; `playbooks` are the known ones, where they are known."""
    root = read(text, file)
    if root.source.mistakes and not root.is_mapping:
        raise Mistakes(root.source.mistakes)
    clinic = _clinic(root, playbooks)
    if root.source.mistakes:
        raise Mistakes(root.source.mistakes)
    return clinic


def _clinic(root: Entry, playbooks: Iterable[str] | None) -> Clinic:
    root.only(*KEYS)
    people = _people(root.need("people"))
    name = plain_id(root.need("clinic"), "clinic")
    return Clinic(
        id=name,
        title=root.maybe("title", Entry.text, name.replace("-", " ").replace("_", " ").title()),
        calendar=clinic_calendar(root),
        people=people,
        roster=root.maybe("roster", lambda entry: _roster(entry, people), {}),
        roster_changes=root.maybe("roster_changes", lambda entry: _changes(entry, people), {}),
        on_call=root.maybe("on_call", lambda entry: _on_call(entry, people), {}),
        rooms=root.maybe("rooms", _rooms, {}),
        channels=root.maybe("channels", _channels, {}),
        ladders=root.maybe("ladders", _ladders, {}),
        privacy=root.maybe("privacy", lambda entry: entry.one_of(("strict", "full")), "strict"),
        go_live=root.maybe("go_live", Entry.day, None),
        playbooks=root.maybe("playbooks", lambda entry: _playbooks(entry, playbooks), ()),
        overlays=root.maybe("overlays", _overlays, ()),
    )


def _people(entry: Entry) -> dict[str, Person]:
    people: dict[str, Person] = {}
    accounts: dict[tuple[str, str], str] = {}
    for key, value in entry.pairs():
        value.only("name", "roles", "quiet", "hours", "timezone", *PLATFORMS)
        person = Person(
            id=plain_id(key, "person"),
            name=value.need("name").text(),
            roles=frozenset(each.member(Role) for each in value.need("roles").each()),
            accounts={each: found.text() for each in PLATFORMS if (found := value.get(each))},
            quiet=value.maybe("quiet", _quiet, None),
            hours=value.maybe("hours", _hours, None),
            zone=value.maybe("timezone", zone, None),
        )
        for platform, account in person.accounts.items():
            first = accounts.setdefault((platform, account), person.id)
            if first != person.id:
                value.need(platform).wrong(f"{first} has the {platform} account {account!r} already")
        people[person.id] = person
    if entry.is_mapping and not people:
        entry.wrong("a clinic has at least one person")
    return people


def _quiet(entry: Entry) -> tuple[time, time] | None:
    start, end = span_of_day(entry)
    if start == end:
        entry.wrong("the quiet hours end when they begin; leave them out for none")
    return start, end


def _hours(entry: Entry) -> tuple[time, time]:
    clear = len(entry.source.mistakes)
    starts, ends = span_of_day(entry)
    if ends <= starts and len(entry.source.mistakes) == clear:
        entry.wrong(f"the shift ends at {ends:%H:%M}, before it begins at {starts:%H:%M}")
    return starts, ends


def _by_role(entry: Entry) -> Iterator[tuple[Role, Entry]]:
    for key, value in entry.pairs():
        role = key.member(Role)
        if key.content == role:
            yield role, value


def _duty(entry: Entry, people: People) -> dict[Role, tuple[str | Shift, ...]]:
    return {
        role: tuple(found for each in value.each() for found in _working(each, role, people))
        for role, value in _by_role(entry)
    }


def _working(entry: Entry, role: Role, people: People) -> Iterator[str | Shift]:
    """Yield a name alone, or the shifts of `{sam: 12:00-18:00}`."""
    if not entry.is_mapping:
        yield _on_duty(entry, role, people)
        return
    for key, value in entry.pairs():
        starts, ends = _hours(value)
        yield Shift(person=_on_duty(key, role, people), starts=starts, ends=ends)


def _on_call(entry: Entry, people: People) -> dict[Role, tuple[str, ...]]:
    return {
        role: tuple(_on_duty(each, role, people) for each in value.each()) for role, value in _by_role(entry)
    }


def _on_duty(entry: Entry, role: Role, people: People) -> str:
    if not entry.is_word:
        entry.wrong(f"expected the name of a person, found {entry.shown}")
        return ""
    name = entry.known(people, "person")
    if name in people and role not in people[name].roles:
        has = ", ".join(sorted(people[name].roles)) or "nothing"
        entry.wrong(f"{name} is no {role}, but {has}; add the role to {name} or name somebody else")
    return name


def _roster(entry: Entry, people: People) -> dict[int, Duty]:
    roster: dict[int, Duty] = {}
    for key, value in entry.pairs():
        duty = _duty(value, people)
        for day in weekdays(key):
            for role in duty.keys() & roster.get(day, {}).keys():
                key.wrong(f"the {role} of {WEEKDAYS[day]} stands here twice")
            roster[day] = {**roster.get(day, {}), **duty}
    return roster


def _changes(entry: Entry, people: People) -> dict[date, Duty]:
    return {key.day(): _duty(value, people) for key, value in entry.pairs()}


def _rooms(entry: Entry) -> dict[str, tuple[str, ...]]:
    rooms: dict[str, tuple[str, ...]] = {}
    for key, value in entry.pairs():
        value.only("devices")
        rooms[plain_id(key, "room")] = value.maybe("devices", Entry.texts, ())
    return rooms


def _channels(entry: Entry) -> dict[str, dict[str, str]]:
    return {
        key.one_of(PLATFORMS): {name.one_of(CHANNELS): channel.text() for name, channel in value.pairs()}
        for key, value in entry.pairs()
    }


def _ladders(entry: Entry) -> dict[str, tuple[int, int, int]]:
    return {key.one_of(LADDERS): _rungs(value) for key, value in entry.pairs()}


def _rungs(entry: Entry) -> tuple[int, int, int]:
    clear = len(entry.source.mistakes)
    minutes = [_minutes(each) for each in entry.each()]
    if len(entry.source.mistakes) > clear:
        return 1, 2, 3
    if len(minutes) != 3 or not 0 < minutes[0] < minutes[1] < minutes[2]:
        entry.wrong("expected three rising lengths after the first asking, such as [30 min, 1 hour, 2 hours]")
        return 1, 2, 3
    return minutes[0], minutes[1], minutes[2]


def _minutes(entry: Entry) -> int:
    bare = isinstance(entry.content, str) and entry.content.isdecimal()
    return entry.whole() if bare else span(entry, "min")[0]


def _playbooks(entry: Entry, known: Iterable[str] | None) -> tuple[str, ...]:
    if known is None:
        return entry.texts()
    names = tuple(known)
    return tuple(each.known(names, "playbook") for each in entry.each())


def _overlays(entry: Entry) -> tuple[str, ...]:
    return tuple(_beside(each) for each in entry.each())


def _beside(entry: Entry) -> str:
    file = Path(entry.source.file).parent / entry.text()
    if entry.is_word and not file.is_file():
        entry.wrong(f"there is no file {entry.shown} beside this one")
    return str(file)
