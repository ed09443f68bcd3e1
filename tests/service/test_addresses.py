"""An e-mail address stays the account that it was first: who takes a colleague's is asked nothing."""

from dataclasses import replace

from bot.core.messages import Notice
from bot.core.people import Clinic, Role
from bot.service.workspace import enter
from tests.service.clinic import JO, KIT, RIVERSIDE, SAM
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.store.memory import memory_store

MAIL, NEW_MAIL = "sam@clinic.example", "sam.specimen@clinic.example"


def named(account: str) -> Clinic:
    """Return the clinic with Sam named so; Sam is asked first, and Jo once Sam is not there."""
    sam = replace(RIVERSIDE.people[SAM], accounts={PLATFORM: account})
    roster = {day: {**duty, Role.NURSE: (SAM, JO)} for day, duty in RIVERSIDE.roster.items()}
    return replace(RIVERSIDE, people={**RIVERSIDE.people, SAM: sam}, roster=roster, on_call={})


def looked(before: Riverside | None = None, *, account: str = MAIL, **found: str) -> Riverside:
    """Start Bookend, after it ran `before`, and let the platform say whose the addresses are."""
    kept = {"store": before.store, "workspace": before.workspace} if before else {"store": memory_store()}
    clinic = Riverside("g.medicines", clinic=named(account), **kept)
    there = {each: each for each in (*RIVERSIDE.people, "U0EVE")} | {MAIL: "U0SAM"}
    clinic.look(accounts={**there, **found}).speak()
    return clinic


def account_of_sam(clinic: Riverside) -> str | None:
    return clinic.practice.clinics["riverside"].people[SAM].accounts.get(PLATFORM)


def news(clinic: Riverside) -> list[str]:
    cards = [message.card for message in clinic.workspace.of(KIT)]
    return [" ".join((card.text, *map(str, card.lines))) for card in cards if isinstance(card, Notice)]


def test_after_a_restart_an_address_that_moved_is_nobodys_and_the_manager_reads_what_to_write() -> None:
    first = looked()

    again = looked(first, **{MAIL: "U0EVE"})

    assert account_of_sam(first) == "U0SAM"
    assert account_of_sam(again) is None
    (said,) = news(again)
    assert "Sam Specimen has another account than before." in said
    assert "write their member id into the clinic’s file" in said


def test_the_manager_reads_it_although_the_address_was_nobodys_before() -> None:
    first = looked()
    first.look(refused={MAIL: "is not in this workspace"}).speak()

    looked(first, **{MAIL: "U0EVE"})
    looked(first, **{MAIL: "U0EVE"})

    assert [("another account" in each) for each in news(first)] == [False, True]


def test_taking_an_address_out_of_the_file_and_back_makes_nobody_believe_it() -> None:
    first = looked()

    without = looked(first, account="U0EVE")
    back = looked(without, account=MAIL.title(), **{MAIL.title(): "U0EVE"})

    assert account_of_sam(back) is None


def test_whoever_is_written_down_by_id_or_by_another_address_is_let_in() -> None:
    moved = looked(looked(), **{MAIL: "U0EVE"})

    by_id = looked(moved, account="U0EVE")
    by_address = looked(by_id, account=NEW_MAIL, **{NEW_MAIL: "U0EVE"})

    assert (account_of_sam(by_id), account_of_sam(by_address)) == ("U0EVE", "U0EVE")
    assert news(by_id) == ["Settled: Sam Specimen is asked as before."]


def test_who_looks_again_and_finds_the_first_account_goes_on() -> None:
    moved = looked(looked(), **{MAIL: "U0EVE"})

    assert account_of_sam(looked(moved)) == "U0SAM"


def test_a_clinic_that_moves_to_another_workspace_has_other_accounts_there() -> None:
    first = looked()
    enter(first.practice, PLATFORM, "T0HILL", name="Hill")

    assert account_of_sam(looked(first, **{MAIL: "U0ELSE"})) == "U0ELSE"
