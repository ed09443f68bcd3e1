"""Who is really there: what a platform says of a clinic's people, groups and channels."""

from dataclasses import replace

from bot.core.people import Person, Role, Shift
from bot.core.staffing import Look, Lost, Trouble, Wanted, staffed, troubles, wanted
from tests.service.clinic import JO, KIT, PIA, RIVERSIDE, SAM, london

SLACK = "slack"
MAIL = "sam@clinic.example"
THERE = london("2027-02-18 10:00")


def accounts(**changed: str) -> dict[str, Person]:
    """Riverside's people in Slack: U0JO and so on, but for those that are named."""
    return {
        name: replace(each, accounts={SLACK: changed.get(name, f"U0{name.upper()}")})
        for name, each in RIVERSIDE.people.items()
    }


WRITTEN = replace(
    RIVERSIDE,
    people=accounts(sam=MAIL),
    channels={SLACK: {"board": "C0BOARD", "nurse": "C0NURSES"}},
    groups={SLACK: {Role.MEDICAL_DIRECTOR: "S0DIRECTORS"}},
)
KNOWN = Look(
    platform=SLACK,
    accounts={each.accounts[SLACK]: each.accounts[SLACK] for each in accounts().values()} | {MAIL: "U0SAM"},
)


def test_a_platform_is_asked_for_every_account_group_and_channel_once() -> None:
    twin = replace(WRITTEN, id="hillside", people={})

    found = wanted([WRITTEN, twin], SLACK)

    assert found == Wanted(
        accounts=frozenset(each.accounts[SLACK] for each in WRITTEN.people.values()),
        groups=frozenset({"S0DIRECTORS"}),
        channels=frozenset({"C0BOARD", "C0NURSES"}),
    )
    assert wanted([WRITTEN], "teams") == Wanted()


def test_an_e_mail_address_becomes_the_account_that_it_is_of() -> None:
    clinic = staffed(WRITTEN, {SLACK: KNOWN})

    found = clinic.account(SLACK, "U0SAM")
    assert found is not None and found.id == SAM
    assert clinic.on_duty(Role.NURSE, THERE) == (JO, SAM)


def test_before_anybody_was_asked_nobody_is_reached_at_an_e_mail_address_but_all_keep_their_shifts() -> None:
    clinic = staffed(WRITTEN, {})

    assert (clinic.people[SAM].accounts, clinic.people[JO].accounts) == ({}, {SLACK: "U0JO"})
    assert (clinic.roster, clinic.on_call, clinic.channels) == (
        WRITTEN.roster,
        WRITTEN.on_call,
        WRITTEN.channels,
    )


def test_whoever_left_keeps_their_name_and_has_no_role_no_shift_and_no_account() -> None:
    shifts = {0: {Role.NURSE: (Shift(person=SAM, starts=THERE.time(), ends=THERE.time()), JO)}}
    clinic = staffed(
        replace(WRITTEN, roster_changes={THERE.date(): shifts[0]}),
        {SLACK: replace(KNOWN, refused={MAIL: "has left"})},
    )

    assert clinic.people[SAM] == replace(WRITTEN.people[SAM], accounts={}, roles=frozenset())
    assert clinic.account(SLACK, "U0SAM") is None
    assert {duty[Role.NURSE] for duty in clinic.roster.values()} == {(JO,)}
    assert clinic.roster_changes[THERE.date()][Role.NURSE] == (JO,)
    assert clinic.on_call == {Role.NURSE: (), Role.PHYSICIAN: (PIA,)}


def test_whoever_left_one_platform_is_still_asked_on_another_that_is_there() -> None:
    both = replace(WRITTEN.people[SAM], accounts={SLACK: MAIL, "teams": "8f0e"})
    written = replace(WRITTEN, people={**WRITTEN.people, SAM: both})
    left = replace(KNOWN, refused={MAIL: "has left"})

    alone = staffed(written, {SLACK: left})
    still = staffed(written, {SLACK: left, "teams": Look(platform="teams")})

    assert (alone.people[SAM].roles, alone.people[SAM].accounts) == (frozenset(), {})
    assert (still.people[SAM].roles, still.people[SAM].accounts) == (both.roles, {"teams": "8f0e"})


def test_the_members_of_a_group_have_its_role_and_nobody_else_by_it() -> None:
    plain = replace(WRITTEN.people[JO], roles=frozenset())
    grouped = replace(WRITTEN, people={**WRITTEN.people, JO: plain}, groups={SLACK: {Role.NURSE: "S0NURSES"}})

    def roles_of(look: Look) -> tuple[frozenset[Role], tuple[str, ...]]:
        clinic = staffed(grouped, {SLACK: look})
        return clinic.people[JO].roles, clinic.on_duty(Role.NURSE, THERE)

    gone = Trouble(why=Lost.MISSING, said="There is no group S0NURSES.")
    a_nurse = frozenset({Role.NURSE})
    assert roles_of(replace(KNOWN, groups={"S0NURSES": frozenset({"U0JO"})})) == (a_nurse, (JO, SAM))
    assert roles_of(replace(KNOWN, groups={"S0NURSES": frozenset({"U0ELSE"})})) == (frozenset(), (SAM,))
    assert roles_of(replace(KNOWN, lost={"S0NURSES": gone})) == (frozenset(), (SAM,))
    assert roles_of(KNOWN) == (a_nurse, (JO, SAM)), "nobody said yet who is in it"


def test_a_channel_that_is_lost_is_spoken_in_no_more() -> None:
    shared = Trouble(why=Lost.SHARED, said="#procedures is shared.")

    clinic = staffed(WRITTEN, {SLACK: replace(KNOWN, lost={"C0BOARD": shared})})

    assert clinic.channels == {SLACK: {"nurse": "C0NURSES"}}


def test_what_the_file_names_and_is_not_so_is_said_once_each() -> None:
    written = replace(WRITTEN, groups={SLACK: {Role.NURSE: "S0NURSES", Role.MANAGER: "S0GONE"}})
    bare = replace(written.people[KIT], roles=frozenset())
    look = replace(
        KNOWN,
        refused={MAIL: "is not in this workspace"},
        groups={"S0NURSES": frozenset({"U0JO", "U0ZOE"})},
        lost={
            "S0GONE": Trouble(why=Lost.MISSING, said="There is no group S0GONE."),
            "C0BOARD": Trouble(why=Lost.REMOVED, said="Invite Bookend to #procedures."),
        },
    )

    assert list(troubles(replace(written, people={**written.people, KIT: bare}), look)) == [
        "Sam Specimen (sam@clinic.example) is not in this workspace and will not be asked.",
        "U0ZOE is in the group S0NURSES (nurse), but not in the clinic's file, and not asked.",
        "There is no group S0GONE.",
        "Invite Bookend to #procedures.",
        "The roster names Kit Pattern (kit) as manager, but they are not in that group: they are not asked.",
    ]
    assert list(troubles(WRITTEN, KNOWN)) == []
