"""Two clinics in one installation, their people named alike: boards, prompts and people never mix."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.core.actions import CLINIC_WIDE, Action, Button
from bot.core.errors import BookendError, NotFound
from bot.core.people import Clinic, Person, Role
from bot.core.replies import COMMANDS
from bot.service import cases
from bot.service.desk import ClinicDesk
from tests.service.clinic import CODE, FRAN, JO, RIVERSIDE, WITH_BOARD, booking, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, Message

OTHER = "H8LA"
CODES = re.compile(rf"{CODE}|{OTHER}")
#: What a clinic can have arranged.
KINDS = ("held", "hand_off", "rooms", "in_room", "room_day", "coverage", "imported", "catch_up")
CHICAGO = ZoneInfo("America/Chicago")
STEPS = ("g.skin_exam", "abl.hsv_started", "g.site_marked", "abl.call_1")


def hillside() -> Clinic:
    """The twin across the ocean: the same people's names and roster, other accounts and channels."""
    people = {
        id: replace(person, accounts={PLATFORM: f"hill-{id}"}) for id, person in RIVERSIDE.people.items()
    }
    return replace(
        RIVERSIDE,
        id="hillside",
        title="Hillside",
        people=people,
        calendar=replace(RIVERSIDE.calendar, zone=CHICAGO),
        channels={PLATFORM: {"board": "#hill-procedures"}},
    )


class Two(Riverside):
    """One installation that serves both, with a case in each at nine thirty of its own wall time."""

    def __init__(self) -> None:
        boss = Person(id="boss", name="May All", roles=frozenset(Role), accounts={PLATFORM: "boss"})
        ours = replace(WITH_BOARD, people={**RIVERSIDE.people, boss.id: boss})
        super().__init__(*STEPS, clinic=ours)
        twin = hillside()
        clinics = {ours.id: ours, twin.id: twin}
        self.practice = replace(self.practice, clinics=clinics, unsigned_may_ask=True)
        self.desk = ClinicDesk(practice=self.practice, wake=lambda: None)
        self.book()
        start = twin.calendar.instant(london("2027-02-18 09:30").date(), time(9, 30))
        theirs = replace(booking(start), calendar=twin.calendar)
        with self.store.writing() as tx:
            cases.open_case(self.practice, tx, theirs, clinic=twin.id, by=FRAN, code=OTHER)

    def named(self, message: Message) -> set[str]:
        """The cases that a message ever spoke of."""
        return set(CODES.findall(f"{message.drawings} {message.thread} {message.over}"))


@pytest.fixture(scope="module")
def two() -> Two:
    """Both clinics, a day after both procedures; nobody answered."""
    return Two().until("2027-02-19 23:00")


def test_every_card_board_and_reminder_speaks_of_its_own_clinics_case_alone(two: Two) -> None:
    ours = [message for message in two.workspace.messages if not message.to.startswith(("hill-", "#hill"))]
    theirs = [message for message in two.workspace.messages if message.to.startswith(("hill-", "#hill"))]

    assert len(ours) > 10 and len(theirs) > 10
    assert set().union(*map(two.named, ours)) == {CODE}
    assert set().union(*map(two.named, theirs)) == {OTHER}
    assert {message.to for message in ours} >= {JO, "#procedures"}
    assert {message.to for message in theirs} >= {f"hill-{JO}", "#hill-procedures"}


def test_each_is_asked_at_its_own_wall_time(two: Two) -> None:
    asked = {}
    for message in two.workspace.messages:
        asked.setdefault(message.to, message.posted)

    assert asked["max"].astimezone(RIVERSIDE.calendar.zone).time() == time(9, 15)
    assert asked["hill-max"].astimezone(CHICAGO).time() == time(9, 15)


def theirs(two: Two) -> object:
    """All there is of the other clinic's case."""
    with two.store.reading() as reading:
        arranged = [reading.arrangements("hillside", kind) for kind in KINDS]
        return reading.case(OTHER), reading.tasks(OTHER), reading.history(OTHER), arranged


# `new` takes no code: it shows again whatever was typed
@pytest.mark.parametrize("word", sorted(set(COMMANDS) - {"new"}))
@pytest.mark.parametrize("rest", ["", " 2027-03-01 09:30", " urgent", " max because", " smoker=yes"])
def test_no_command_reaches_the_other_clinics_case(two: Two, word: str, rest: str) -> None:
    before = theirs(two)

    try:
        said = str(two.command("boss", f"{word} {OTHER}{rest}"))
    except BookendError:
        said = ""

    assert OTHER not in said
    assert theirs(two) == before


def test_who_mistypes_a_code_is_reminded_of_their_own_clinics_cases_alone(two: Two) -> None:
    with pytest.raises(NotFound) as ours:
        two.command("boss", "case H8LB")
    with pytest.raises(NotFound) as theirs:
        two.command("hill-kit", "case H8LB")

    assert str(ours.value) == "There is no case 'H8LB'."
    assert str(theirs.value) == f"There is no case 'H8LB'. Did you mean '{OTHER}'?"


@pytest.mark.parametrize("action", sorted(set(Action) - CLINIC_WIDE))
def test_no_button_reaches_the_other_clinics_case(two: Two, action: Action) -> None:
    with two.store.reading() as reading:
        task = reading.tasks(OTHER)[0].key
    button = Button(action=action, label="", tasks=(task,), value="arrived")

    with pytest.raises(NotFound, match="There is no case"):
        two.desk.reply(two.pressed("boss", button))


@pytest.mark.parametrize("action", sorted(CLINIC_WIDE))
@pytest.mark.parametrize("value", ["", OTHER, f"{OTHER}:1", "hillside"])
def test_no_button_of_a_whole_clinic_reaches_the_others_case(two: Two, action: Action, value: str) -> None:
    before = theirs(two)
    with two.store.reading() as reading:
        task = reading.tasks(OTHER)[0].key

    for tasks in ((task,), (OTHER,), (f"{OTHER}:1",), ()):
        button = Button(action=action, label="", tasks=tasks, value=value)
        with suppress(BookendError):
            assert OTHER not in str(two.desk.reply(two.pressed("boss", button)))

    assert theirs(two) == before


def test_what_a_person_looks_at_is_their_own_clinics(two: Two) -> None:
    for word in ("status", "today", "mine", "overdue"):
        assert OTHER not in str(two.command("kit", word))
        assert CODE not in str(two.command("hill-kit", word))
