"""What is wrong with the settings is said before Microsoft is asked, and shows no secret."""

from dataclasses import replace

import pytest

from bot.chat.teams.settings import TeamsSettings, mistakes

BOT, TENANT = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
HERE = "http://localhost:56150/_connector"
BARE = TeamsSettings(client_id=BOT, tenant_id=TENANT)
SECRET = replace(BARE, secret="an~invented.secret")
IDENTITY = replace(BARE, managed_identity=True)
LOCAL = replace(BARE, unauthenticated=True, service_url=HERE)


def said(given: TeamsSettings) -> list[str]:
    return [str(each) for each in mistakes(given)]


@pytest.mark.parametrize("given", [SECRET, IDENTITY, LOCAL, replace(SECRET, service_url=HERE)])
def test_what_fits_is_let_pass(given: TeamsSettings) -> None:
    assert said(given) == []


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (replace(SECRET, managed_identity=True), ["SECRET", "MANAGED_IDENTITY"]),
        (replace(LOCAL, secret=SECRET.secret), ["SECRET", "UNAUTHENTICATED"]),
        (replace(LOCAL, managed_identity=True), ["MANAGED_IDENTITY", "UNAUTHENTICATED"]),
        (replace(LOCAL, managed_identity=True, secret=SECRET.secret), ["SECRET", "UNAUTHENTICATED"]),
    ],
)
def test_there_is_one_way_to_prove_who_we_are(given: TeamsSettings, names: list[str]) -> None:
    (what,) = said(given)

    assert what.endswith("cannot stand beside it: keep one.")
    assert all(name in what for name in names) and SECRET.secret not in what


def test_without_any_it_says_which_there_are() -> None:
    (what,) = said(BARE)

    assert what.startswith("BOOKEND_TEAMS_CLIENT_SECRET: set it, or BOOKEND_TEAMS_MANAGED_IDENTITY")


def test_whoever_is_believed_without_a_token_is_a_test_client_of_this_machine() -> None:
    (alone,) = said(replace(LOCAL, service_url=""))
    (elsewhere,) = said(replace(LOCAL, service_url="https://smba.trafficmanager.net/teams"))

    assert alone.startswith("BOOKEND_TEAMS_UNAUTHENTICATED: it is for a test client on this machine")
    assert elsewhere.startswith("BOOKEND_TEAMS_SERVICE_URL: only a test client on this machine")


@pytest.mark.parametrize(
    "address", ["https://evil.example", "http://localhost.evil.example", "http://127.0.0.1@evil.example"]
)
def test_no_secret_goes_to_another_address(address: str) -> None:
    (what,) = said(replace(SECRET, service_url=address))

    assert what.startswith("BOOKEND_TEAMS_SERVICE_URL: ")


def test_the_id_of_a_secret_is_told_from_its_value() -> None:
    (what,) = said(replace(SECRET, secret=BOT.upper()))

    assert "this is the secret's id" in what and BOT.upper() not in what


def test_two_ids_that_are_the_same_are_one_mistake() -> None:
    (what,) = said(replace(SECRET, client_id=TENANT))

    assert "Application (client) ID" in what


@pytest.mark.parametrize("wrong", ["", "bookend", f"{BOT}0"])
def test_what_is_no_id_is_named(wrong: str) -> None:
    (what,) = said(replace(SECRET, tenant_id=wrong))

    assert what.startswith("BOOKEND_TEAMS_TENANT_ID: this is no id")


def test_the_secret_is_never_shown() -> None:
    assert SECRET.secret not in repr(SECRET)
