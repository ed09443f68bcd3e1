"""A clinic's file begun from answers: each is read like a line of the file, which can be read whole."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BookendError
from bot.core.people import Role
from bot.files import begun_clinic as answers
from bot.files.begun_clinic import Colleague, Draft, clinic_text
from bot.files.clinic import parse_clinic
from tests.examples import some


def draft(**changes: object) -> Draft:
    made = Draft(
        title="Hillside",
        people=[Colleague(id="jo", name="Jo Sample", roles=(Role.NURSE, Role.MANAGER), account="U0JO")],
        platform="slack",
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("mon-fri 08:00-18:00", "{mon-fri: 08:00-18:00}"),
        ("mon-thu: 8:00 - 18:00, fri 8.00–16.00", "{mon-thu: 8:00-18:00, fri: 8:00–16:00}"),
        ("mon, wed 09:00-12:00", '{"mon, wed": 09:00-12:00}'),
    ],
)
def test_opening_hours_are_written_as_people_say_them(said: str, line: str) -> None:
    assert answers.opening(said) == line


@pytest.mark.parametrize(
    ("ask", "said", "found"),
    [
        (answers.country, "gb", "GB"),
        (answers.country, "none", ""),
        (lambda said: answers.region("GB", said), "eng", "ENG"),
        (answers.time_zone, "Europe/London", "Europe/London"),
        (answers.roles, "Doctor, director, desk", (Role.PHYSICIAN, Role.MEDICAL_DIRECTOR, Role.FRONT_DESK)),
        (answers.day, "2027-01-04", date(2027, 1, 4)),
        (answers.day, "none", None),
        (answers.several, "Room 1, , none, Room 1", ("Room 1",)),
        (lambda said: answers.some_of(said, ["abl", "naf"]), "all", ()),
        (lambda said: answers.some_of(said, ["abl", "naf"]), "naf", ("naf",)),
    ],
)  # fmt: skip
def test_an_answer_is_read(ask: Callable[[str], object], said: str, found: object) -> None:
    assert ask(said) == found


@pytest.mark.parametrize(
    ("ask", "said", "words"),
    [
        (answers.country, "Atlantis", "expected a code such as GB or US"),
        (lambda said: answers.region("GB", said), "Bavaria", "GB has no region 'Bavaria'"),
        (answers.time_zone, "london", "Did you mean 'Europe/London'?"),
        (answers.opening, "always", "such as mon-fri 08:00-18:00"),
        (answers.opening, "mon 18:00-08:00", "before it opens"),
        (answers.opening, "mon 08:00-18:00, mon 09:00-10:00", "stands here twice"),
        (answers.roles, "nurs", "Did you mean 'nurse'"),
        (answers.roles, " , ", "at least one of"),
        (answers.day, "4 Jan", "expected a date such as"),
        (answers.one_line, "two\nlines", "one line"),
        (lambda said: answers.some_of(said, ["abl"]), "abll", "Did you mean 'abl'"),
    ],
)
def test_an_answer_that_cannot_be_says_what_is_expected(
    ask: Callable[[str], object], said: str, words: str
) -> None:
    with pytest.raises(BookendError, match=words.replace("(", ".")):
        ask(said)


def test_short_names_are_made_of_names_and_are_never_the_same() -> None:
    assert answers.short_name("Dr. Ölaf Müller", []) == "olaf"
    assert answers.short_name("Jo Park", ["jo", "jo-2"]) == "jo-3"
    assert answers.short_name("李", []) == "person"
    assert answers.id_of("Room 2", []) == "room-2"


def test_a_countrys_zones_are_known() -> None:
    assert answers.zones_of("GB") == ("Europe/London",)
    assert answers.zones_of("DE")[0] == "Europe/Berlin"
    assert answers.zones_of("") == ()


def test_the_file_says_all_that_was_answered() -> None:
    made = draft(
        zone="Europe/Oslo",
        country="NO",
        hours=answers.opening("mon, wed 08:00-18:00, sat 09:00-13:00"),
        rooms={"room-1": ("CO₂ laser", "Er:YAG")},
        on_call={Role.NURSE: "jo"},
        channels={"board": "C0BOARD"},
        playbooks=("abl",),
        go_live=date(2027, 1, 4),
    )

    clinic = parse_clinic(clinic_text(made), "clinic.yaml")

    assert (clinic.id, clinic.calendar.zone.key, clinic.go_live) == (
        "hillside",
        "Europe/Oslo",
        date(2027, 1, 4),
    )
    assert clinic.calendar.working_days == {0, 2, 5} == clinic.roster.keys()
    assert date(2027, 5, 17) in clinic.calendar.holidays, "Norway is no `no`"
    assert clinic.rooms == {"room-1": ("CO₂ laser", "Er:YAG")}
    assert (clinic.people["jo"].accounts, clinic.channels) == (
        {"slack": "U0JO"},
        {"slack": {"board": "C0BOARD"}},
    )
    assert (clinic.on_call, clinic.playbooks, clinic.names_on) == (
        {Role.NURSE: ("jo",)},
        ("abl",),
        frozenset(),
    )


TEAMS_ID = "8f0e0000-0000-4000-8000-000000000001"
words = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30
).map(str.strip)


@given(title=words, name=words, room=words, device=words)
@settings(max_examples=some(200), deadline=None)
def test_whatever_is_answered_the_file_can_be_read(title: str, name: str, room: str, device: str) -> None:
    try:
        said = [answers.one_line(each) for each in (title, name, room, device)]
    except BookendError:
        return
    person = Colleague(
        id=answers.short_name(said[1], []), name=said[1], roles=(Role.MANAGER,), account=TEAMS_ID
    )
    rooms = {answers.id_of(said[2]): (said[3],)}
    made = draft(title=said[0], people=[person], rooms=rooms, platform="teams")

    clinic = parse_clinic(clinic_text(made), "clinic.yaml")

    (found,) = clinic.people.values()
    assert (clinic.title, found.name, found.accounts["teams"]) == (said[0], said[1], TEAMS_ID)
    assert list(clinic.rooms.values()) == [(said[3],)]


def test_an_account_in_slack_is_a_member_id_or_an_e_mail_address() -> None:
    assert answers.account("slack", "U0JO") == "U0JO"
    assert answers.account("slack", "Jo@Clinic.example") == "jo@clinic.example"
    with pytest.raises(BookendError, match="a member id such as U012AB3CD or an e-mail address"):
        answers.account("slack", "@jo")


def test_an_account_in_teams_is_an_object_id_or_an_e_mail_address() -> None:
    assert answers.account("teams", TEAMS_ID.upper()) == TEAMS_ID
    assert answers.account("teams", "Jo@Clinic.example") == "jo@clinic.example"
    with pytest.raises(BookendError, match=r"an object id such as 8f0e0000-.* or an e-mail address"):
        answers.account("teams", "U0JO")


@pytest.mark.parametrize(
    "said",
    [
        "19:0a1b@thread.tacv2",
        "https://teams.microsoft.com/l/channel/19%3A0a1b%40thread.tacv2/Board?groupId=8f0e&tenantId=7e4a",
        "https://teams.cloud.microsoft/l/channel/19:0a1b@thread.tacv2/Board",
    ],
)
def test_a_channel_of_teams_is_named_by_its_link_or_its_id(said: str) -> None:
    assert answers.channel("teams", said) == "19:0a1b@thread.tacv2"


def test_a_channel_can_be_left_for_later_and_is_never_a_name() -> None:
    assert (answers.channel("teams", "none"), answers.channel("slack", "C0BOARD")) == ("", "C0BOARD")
    with pytest.raises(BookendError, match=r"a channel's id such as 19:0a1b@thread\.tacv2, found 'Board'"):
        answers.channel("teams", "Board")
