"""clinic.yaml: a clinic's people, hours and channels, and every mistake in them."""

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.errors import Mistakes
from bot.core.keeping import Keep, Span
from bot.core.people import Person, Role, Shift
from bot.files.clinic import load_clinic, parse_clinic
from tests.files.samples import CLINIC, place, pointed

TEAMS_ID = "8f0e0000-0000-4000-8000-00000000000a"


def test_a_clinic_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(CLINIC, "utf-8")

    clinic = load_clinic(file)

    assert (clinic.id, clinic.title, clinic.names_on) == ("riverside", "Riverside", frozenset())
    assert clinic.people["jo"] == Person(
        id="jo",
        name="Jo Park",
        roles=frozenset({Role.NURSE, Role.FRONT_DESK}),
        accounts={"slack": "U0JO"},
        quiet=(time(19), time(7)),
    )
    assert clinic.rooms == {"room-2": ("CO₂ laser",)}
    assert clinic.channels == {"slack": {"board": "C0BOARD", "escalations": "C0ESC"}}
    assert clinic.ladders == {"routine": (120, 240, 480)}
    assert (clinic.go_live, clinic.playbooks) == (date(2027, 1, 4), ("tiny",))


def test_the_roster_says_who_is_on_duty_and_single_days_may_differ() -> None:
    clinic = parse_clinic(CLINIC, "clinic.yaml")

    assert clinic.rostered(Role.PHYSICIAN, date(2027, 2, 12)) == ("ali",)
    assert clinic.rostered(Role.PHYSICIAN, date(2027, 2, 15)) == ()
    assert clinic.rostered(Role.NURSE, date(2027, 2, 15)) == ("jo",)
    assert clinic.rostered(Role.NURSE, date(2027, 2, 14)) == ()
    assert clinic.on_call == {Role.NURSE: ("jo",), Role.PHYSICIAN: ("ali",)}


def test_the_roster_and_its_changes_may_name_hours_and_a_person_their_own() -> None:
    text = (
        CLINIC.replace("nurse: [jo], p", "nurse: [{jo: 08:00-12:00}, {jo: 14:00-18:00}], p", 1)
        .replace("{physician: []}", "{physician: [{ali: 12:00-18:00}]}")
        .replace("physician, medical_director]", "physician, medical_director], hours: 10:00-15:00")
    )
    clinic = parse_clinic(text, "clinic.yaml")

    assert clinic.shifts(Role.NURSE, date(2027, 2, 12)) == (
        Shift(person="jo", starts=time(8), ends=time(12)),
        Shift(person="jo", starts=time(14), ends=time(18)),
    )
    assert clinic.shifts(Role.PHYSICIAN, date(2027, 2, 15)) == (
        Shift(person="ali", starts=time(12), ends=time(18)),
    )
    assert clinic.shifts(Role.PHYSICIAN, date(2027, 2, 12)) == (
        Shift(person="ali", starts=time(10), ends=time(15)),
    )


def test_a_person_may_live_in_another_zone_than_the_clinics() -> None:
    clinic = parse_clinic(
        CLINIC.replace("slack: U0JO", "slack: U0JO, timezone: Europe/Lisbon"), "clinic.yaml"
    )

    assert (clinic.zone_of("jo").key, clinic.zone_of("ali").key) == ("Europe/Lisbon", "Europe/London")


def test_an_account_may_be_an_e_mail_address_and_a_role_a_user_group() -> None:
    text = CLINIC.replace("roles: [nurse, front_desk], ", "").replace("U0JO", "Jo@Clinic.example")
    clinic = parse_clinic(
        f"user_groups: {{slack: {{nurse: S0NURSES, front_desk: S0DESK}}}}\n{text}", "clinic.yaml"
    )

    assert (clinic.people["jo"].accounts, clinic.people["jo"].roles) == (
        {"slack": "jo@clinic.example"},
        frozenset(),
    )
    assert clinic.groups == {"slack": {Role.NURSE: "S0NURSES", Role.FRONT_DESK: "S0DESK"}}


def test_an_account_in_teams_is_an_object_id_in_any_case_or_an_e_mail_address() -> None:
    text = CLINIC.replace("slack: U0JO", f"slack: U0JO, teams: {TEAMS_ID.upper()}")
    text = text.replace("slack: U0ALI", "teams: Ali@Clinic.example")

    clinic = parse_clinic(
        text.replace("C0ESC}}", "C0ESC}, teams: {board: '19:0a1b@thread.tacv2'}}"), "clinic.yaml"
    )

    assert clinic.people["jo"].accounts == {"slack": "U0JO", "teams": TEAMS_ID}
    assert clinic.people["ali"].accounts == {"teams": "ali@clinic.example"}
    assert clinic.channels["teams"] == {"board": "19:0a1b@thread.tacv2"}


def test_the_calendar_knows_open_days_public_holidays_and_the_clinics_own() -> None:
    calendar = parse_clinic(CLINIC, "clinic.yaml").calendar

    assert calendar.zone == ZoneInfo("Europe/London")
    assert calendar.opening(date(2027, 2, 15)) == (time(8), time(18))
    assert calendar.is_open(date(2027, 2, 15))
    assert not calendar.is_open(date(2027, 2, 14))
    assert not calendar.is_open(date(2027, 3, 29))  # Easter Monday
    assert not calendar.is_open(date(2027, 12, 24))  # the clinic's own
    assert calendar.is_open(date(2027, 1, 1))  # taken out again


def test_a_calendar_that_is_known_for_fewer_years_is_taken_as_far_as_it_goes() -> None:
    calendar = parse_clinic(CLINIC.replace("GB, region: ENG", "IN"), "clinic.yaml").calendar

    assert date(2027, 1, 26) in calendar.holidays


def test_holidays_may_be_a_plain_list_and_days_a_list_of_names() -> None:
    plain = CLINIC.replace(
        "{country: GB, region: ENG, also: [2027-12-24], except: [2027-01-01]}", "[2027-02-15]"
    )
    calendar = parse_clinic(
        plain.replace("mon-fri: 08:00-18:00", "'mon, wed': 8:30-12:00"), "clinic.yaml"
    ).calendar

    assert calendar.holidays == {date(2027, 2, 15)}
    assert calendar.hours == {0: (time(8, 30), time(12)), 2: (time(8, 30), time(12))}


def test_ladders_may_be_bare_minutes() -> None:
    clinic = parse_clinic(CLINIC.replace("[2 h, 4 h, 8 h]", "[30, 60, 90]"), "clinic.yaml")

    assert clinic.ladders == {"routine": (30, 60, 90)}


#: What is replaced by what in the clinic's file, and a part of what is said of it.
WRONG = {
    "an unknown key": ("privacy:", "▸privcy:", "Did you mean 'privacy'?"),
    "a name with capitals": ("riverside", "▸River Side", "small letters"),
    "no name": ("clinic: riverside\n", "▸title: Riverside\n", "`clinic` is missing"),
    "no people": (CLINIC[CLINIC.index("  jo:") : CLINIC.index("roster:")], "  ▸{}\n", "at least one person"),
    "two people of one name": ("  ali: {name: Dr Ali", "  ▸jo: {name: Dr Ali", "'jo' stands here twice"),
    "two people with one account": ("U0ALI", "▸U0JO", "jo has the slack account 'U0JO' already"),
    "a person by their handle": ("U0JO", "▸'@jo'", "a member id such as U012AB3CD or an e-mail address"),
    "one address twice": (
        CLINIC,
        CLINIC.replace("U0JO", "jo@clinic.example").replace("U0ALI", "▸JO@clinic.example"),
        "jo has the slack account 'jo@clinic.example' already",
    ),
    "a person of Teams by their name": (
        "slack: U0JO",
        "teams: ▸Jo Park",
        "an object id such as 8f0e0000-0000-0000-0000-000000000001 or an e-mail address, found 'Jo Park'",
    ),
    "an account of Teams twice": (
        CLINIC,
        CLINIC.replace("slack: U0JO", f"teams: {TEAMS_ID}").replace(
            "slack: U0ALI", f"teams: ▸{TEAMS_ID.upper()}"
        ),
        f"jo has the teams account '{TEAMS_ID}' already",
    ),
    "a channel of Teams by its name": (
        "{slack: {board: C0BOARD, escalations: C0ESC}}",
        "{teams: {board: ▸Board}}",
        "a channel's id such as 19:0a1b@thread.tacv2, found 'Board'; it stands in the link",
    ),
    "a channel of Teams by its link": (
        "{slack: {board: C0BOARD, escalations: C0ESC}}",
        "{teams: {board: ▸'https://teams.microsoft.com/l/channel/19%3A0a1b%40thread.tacv2/Board?groupId=1'}}",
        "write only the channel's id that this link names: 19:0a1b@thread.tacv2",
    ),
    "a group chat of Teams": (
        "{slack: {board: C0BOARD, escalations: C0ESC}}",
        "{teams: {board: ▸'19:0a1b@thread.v2'}}",
        "this is a group chat: a channel of a team is wanted",
    ),
    "a role from a group that is none": (
        "privacy:",
        "user_groups: {slack: {nurse: ▸nurses}}\nprivacy:",
        "the id of a user group such as S012AB3CD",
    ),
    "a physician by a group that anybody may join": (
        "privacy:",
        "user_groups: {slack: {physician: ▸S0DOCTORS}}\nprivacy:",
        "write `roles` at each person; or, where only admins may change user groups",
    ),
    "a manager by a group that anybody may join": (
        "privacy:",
        "user_groups_may_decide: no\nuser_groups: {slack: {manager: ▸S0MANAGERS}}\nprivacy:",
        "could make themselves manager",
    ),
    "a role from a group of no platform": (
        "privacy:",
        "user_groups: {▸slak: {nurse: S0NURSES}}\nprivacy:",
        "expected one of slack",
    ),
    "nobody's role from a group of another role": (
        CLINIC,
        "user_groups: {slack: {operator: S0OPS}}\n" + CLINIC.replace("nurse: [jo]", "nurse: [▸ali]", 1),
        "ali is no nurse",
    ),
    "a person without a name": ("{name: Jo Park, ", "▸{", "`name` is missing"),
    "an unknown key of a person": ("slack: U0JO", "▸slak: U0JO", "Did you mean 'slack'?"),
    "an unknown key of a room": ("{devices:", "{▸device:", "Did you mean 'devices'?"),
    "an unknown key of the holidays": ("{country:", "{▸land: GB, country:", "no key 'land'"),
    "an unknown role": ("front_desk]", "▸front_dsk]", "Did you mean 'front_desk'?"),
    "quiet hours that are one time": ("19:00-07:00", "▸19:00", "two times such as"),
    "quiet hours that never end": ("19:00-07:00", "▸19:00-19:00", "when they begin"),
    "an impossible quiet hour": ("19:00-07:00", "▸19:00-27:00", "no such time of day as '27:00'"),
    "somebody on the roster who does not exist": (
        "{mon-fri: {nurse: [jo]",
        "{mon-fri: {nurse: [▸joe]",
        "mean 'jo'?",
    ),
    "somebody on the roster in another's role": (
        "{mon-fri: {nurse: [jo]",
        "{mon-fri: {nurse: [▸ali]",
        "ali is no nurse",
    ),
    "an unknown role on the roster": ("{mon-fri: {nurse:", "{mon-fri: {▸nurs:", "Did you mean 'nurse'?"),
    "a role that is rostered twice": (
        "roster: {mon-fri",
        "roster: {mon: {nurse: [jo]}, ▸mon-fri",
        "stands here twice",
    ),
    "hours on the roster that end before they begin": (
        "{mon-fri: {nurse: [jo]",
        "{mon-fri: {nurse: [{jo: ▸12:00-09:00}]",
        "the shift ends at 09:00, before it begins at 12:00",
    ),
    "somebody who is rostered twice": (
        "{mon-fri: {nurse: [jo]",
        "{mon-fri: {nurse: [jo, ▸jo]",
        "jo works as nurse then already",
    ),
    "two shifts of one person at once": (
        "{mon-fri: {nurse: [jo]",
        "{mon-fri: {nurse: [{jo: 08:00-12:00}, ▸{jo: 11:00-18:00}]",
        "jo works as nurse then already",
    ),
    "hours of somebody who does not exist": (
        "{mon-fri: {nurse: [jo]",
        "{mon-fri: {nurse: [{▸joe: 09:00-12:00}]",
        "Did you mean 'jo'?",
    ),
    "a person's hours that end before they begin": (
        "quiet: 19:00-07:00",
        "hours: ▸18:00-18:00",
        "the shift ends at 18:00",
    ),
    "a person in no time zone": (
        "slack: U0JO",
        "slack: U0JO, timezone: ▸Lisbon",
        "Did you mean 'Europe/Lisbon'",
    ),
    "hours of somebody on call": (
        "on_call: {nurse: [jo]",
        "on_call: {nurse: [▸{jo: 8:00-9:00}]",
        "expected the name of a person",
    ),
    "an unknown day": ("{mon-fri: {nurse", "{▸mon-fry: {nurse", "Did you mean 'fri'?"),
    "a change on no day": ("2027-02-15:", "▸2027-02-31:", "no such date"),
    "somebody on call who does not exist": (
        "on_call: {nurse: [jo]",
        "on_call: {nurse: [▸jon]",
        "Did you mean 'jo'?",
    ),
    "a shift that ends before it begins": ("08:00-18:00", "▸18:00-08:00", "closes at 08:00, before it opens"),
    "hours that stand twice": (
        "08:00-18:00}",
        "08:00-18:00, ▸tue: 09:00-10:00}",
        "hours of tue stand here twice",
    ),
    "a clinic that never opens": ("{mon-fri: 08:00-18:00}", "▸{}", "at least one day"),
    "an unknown time zone": ("Europe/London", "▸Europe/Londn", "Did you mean 'Europe/London'"),
    "a city for a time zone": ("Europe/London", "▸london", "Did you mean 'Europe/London'?"),
    "a path for a time zone": ("Europe/London", "▸../../etc/passwd", "there is no time zone"),
    "an unknown country": ("GB", "▸gb", "Did you mean 'GB'?"),
    "an unknown region": ("ENG", "▸Bavaria", "GB has no region 'Bavaria'"),
    "a region without a country": ("country: GB, region: ", "region: ▸", "a region needs its country"),
    "a holiday in another notation": ("2027-12-24", "▸24.12.2027", "a date such as 2027-02-15"),
    "an unknown platform": ("{slack: {board", "{▸slak: {board", "Did you mean 'slack'?"),
    "an unknown channel": ("{board:", "{▸bord:", "Did you mean 'board'?"),
    "an unknown ladder": ("{routine:", "{▸rutine:", "Did you mean 'routine'?"),
    "a ladder that goes down": ("[2 h, 4 h, 8 h]", "▸[2 h, 1 h, 8 h]", "expected rising lengths"),
    "a huddle after closing": (
        "privacy: strict",
        "privacy: strict\nhuddle: ▸18:30",
        "the day's message would come after the day: on mon the clinic closes at 18:00",
    ),
    "a huddle at no time": (
        "privacy: strict",
        "privacy: strict\nhuddle: ▸soon",
        "expected a time such as 09:30",
    ),
    "a ladder that never escalates": ("[2 h, 4 h, 8 h]", "▸[2 h]", "this ladder never escalates"),
    "a ladder without a rung": ("[2 h, 4 h, 8 h]", "▸[]", "this ladder never escalates"),
    "a ladder that escalates after weeks": ("[2 h, 4 h, 8 h]", "▸[2 h, 400 h]", "more than a week"),
    "ladders at whose end nobody is told": (
        CLINIC[CLINIC.index("  jo:") : CLINIC.index("roster:")]
        + CLINIC[CLINIC.index("roster:") : CLINIC.index("ladders:")],
        "  ▸" + CLINIC[CLINIC.index("jo:") : CLINIC.index("channels:")],
        "no ladder escalates: give somebody the role manager",
    ),
    "a ladder in days": ("[2 h, 4 h, 8 h]", "[▸2 days, 4 h, 8 h]", "a length in min"),
    "an unknown level of privacy": ("strict", "▸none", "one of strict, full"),
    "names in chat without an agreement": ("strict", "▸full", "needs an agreement (BAA)"),
    "names in Teams under an agreement with Slack": (
        "strict",
        "{slack: full, teams: ▸full}\nbaa: {slack: {with: Slack, signed_on: 2026-01-04}}",
        "`baa: {teams: {with: Whoever, signed_on: 2026-01-04}}`",
    ),
    "names on the demo's page": ("strict", "{▸local: full}", "one of slack, teams"),
    "a level of no name": ("strict", "{slack: ▸none}", "one of strict, full"),
    "an agreement of no day": (
        "strict",
        "full\nbaa: {slack: {with: Slack, signed_on: ▸soon}}",
        "a date such as",
    ),
    "an agreement with nobody": (
        "strict",
        "full\nbaa: {slack: ▸{signed_on: 2026-01-04}}",
        "`with` is missing",
    ),
    "an agreement of no platform": ("strict", "full\nbaa: {▸with: Slack}", "one of slack, teams"),
    "an unknown playbook": ("[tiny]", "[▸tinny]", "Did you mean 'tiny'?"),
    "rooms in a list": ("{room-2: {devices: [CO₂ laser]}}", "▸[room-2]", "`name: value` lines"),
    "a name for no time": ("strict", "strict\nkeep: {names: ▸0 days}", "a day or more, such as 30 days"),
    "answers for hours": ("strict", "strict\nkeep: {answers: ▸2 hours}", "a length in days or months"),
    "something else to keep": ("strict", "strict\nkeep: {▸notes: 1 year}", "names"),
    "a text that is no YAML": ("clinic: riverside", "▸\tclinic: riverside", "not valid YAML"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_found_in_its_place(name: str) -> None:
    before, after, words = WRONG[name]
    assert before in CLINIC
    text, where = pointed(CLINIC.replace(before, after, 1), "clinic.yaml")

    with pytest.raises(Mistakes) as wrong:
        parse_clinic(text, "clinic.yaml", playbooks=["tiny"])

    there = [mistake.what for mistake in wrong.value.mistakes if place(mistake) == where]
    assert words in " ".join(there)


WITH_SLACK, WITH_TEAMS = (
    "slack: {with: Slack, signed_on: 2026-01-04}",
    "teams: {with: Microsoft, signed_on: 2026-02-01}",
)


@pytest.mark.parametrize(
    ("level", "agreed", "names_on"),
    [
        ("strict", f"{WITH_SLACK}, {WITH_TEAMS}", set()),
        ("full", WITH_SLACK, {"slack"}),
        ("full", f"{WITH_SLACK}, {WITH_TEAMS}", {"slack", "teams"}),
        ("{slack: full, teams: strict}", f"{WITH_SLACK}, {WITH_TEAMS}", {"slack"}),
        ("{teams: full}", WITH_TEAMS, {"teams"}),
        ("{}", WITH_TEAMS, set()),
    ],
)
def test_names_stand_where_a_clinic_is_full_under_an_agreement(
    level: str, agreed: str, names_on: set[str]
) -> None:
    text = CLINIC.replace("strict", f"{level}\nbaa: {{{agreed}}}")

    assert parse_clinic(text, "clinic.yaml").names_on == names_on


def test_a_text_that_is_no_yaml_says_only_that() -> None:
    with pytest.raises(Mistakes) as wrong:
        parse_clinic("clinic: [", "clinic.yaml")

    assert [place(mistake) for mistake in wrong.value.mistakes] == ["clinic.yaml:1:10"]


def test_all_mistakes_come_out_at_once() -> None:
    text = (
        CLINIC.replace("Europe/London", "Mars")
        .replace("physician: []", "doctor: []")
        .replace("strict", "lax")
    )

    with pytest.raises(Mistakes) as wrong:
        parse_clinic(text, "clinic.yaml")

    assert [place(mistake) for mistake in wrong.value.mistakes] == [
        *("clinic.yaml:2:11", "clinic.yaml:10:31", "clinic.yaml:14:10")
    ]


def test_an_unknown_role_is_one_mistake_wherever_the_person_works() -> None:
    with pytest.raises(Mistakes) as wrong:
        parse_clinic(CLINIC.replace("[nurse, front_desk]", "[nurs]"), "clinic.yaml")

    assert [place(mistake) for mistake in wrong.value.mistakes] == ["clinic.yaml:7:31"]


def test_a_group_makes_physicians_only_where_the_file_says_that_admins_alone_change_it() -> None:
    groups = "user_groups: {slack: {physician: S0DOCTORS}}\nuser_groups_may_decide: yes\n"
    clinic = parse_clinic(f"{groups}{CLINIC}", "clinic.yaml")

    assert clinic.groups == {"slack": {Role.PHYSICIAN: "S0DOCTORS"}}


def test_how_long_something_is_kept_is_told_in_days_months_or_years_or_as_for_ever() -> None:
    told = "keep: {names: 2 weeks, answers: 10 years, messages: for ever}\n"

    kept = parse_clinic(CLINIC + told, "clinic.yaml").keep

    assert kept == Keep(names=Span(days=14), answers=Span(months=120), messages=None)


def test_what_is_not_said_is_kept_as_usual() -> None:
    silent, half = (
        parse_clinic(CLINIC + told, "c.yaml").keep for told in ("", "keep: {messages: 90 days}\n")
    )

    assert silent == half == Keep(names=Span(days=30), answers=None, messages=Span(days=90))
