"""Teams would take the manifest: by the limits of its form, and by Microsoft's schema where that is there."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from bot.chat.teams.joining.manifest import FORM, PERSONAL, TEAM, Wanted, manifest
from bot.core.errors import BookendError
from bot.core.people import Person, Role
from bot.core.permissions import OF_COMMAND, may
from bot.core.replies import COMMANDS

Json = dict[str, Any]
BOT = "11111111-2222-3333-4444-555555555555"
WANTED = Wanted(client_id=BOT, url="https://bookend.our-clinic.example", name="Bookend", version="0.1.0")
VARIANTS = [
    WANTED,
    replace(WANTED, name="Bookend " + "x" * 22, version="12.0.345", url="https://b.example/x/"),
]


@pytest.fixture(scope="session")
def refused(need_teams_schemas: Path) -> Callable[[Json], list[str]]:
    schema = json.loads((need_teams_schemas / f"v{FORM}" / "MicrosoftTeams.schema.json").read_text("utf-8"))
    return lambda made: [each.message for each in Draft4Validator(schema).iter_errors(made)]


@pytest.mark.parametrize("wanted", VARIANTS, ids=["usual", "longest"])
def test_microsofts_schema_takes_it(refused: Callable[[Json], list[str]], wanted: Wanted) -> None:
    assert refused(manifest(wanted)) == []


def test_it_has_the_newest_form_that_microsofts_package_knows(need_teams_schemas: Path) -> None:
    known = [
        folder.name for folder in need_teams_schemas.iterdir() if re.fullmatch(r"v\d+\.\d+", folder.name)
    ]

    assert max(known, key=lambda name: [int(part) for part in name[1:].split(".")]) == f"v{FORM}"


def too_long(made: Json) -> None:
    made["name"]["short"] = "B" * 31


def unknown(made: Json) -> None:
    made["bots"][0]["reads_channels"] = True


def thirteen(made: Json) -> None:
    made["bots"][0]["commandLists"][0]["commands"] *= 2


@pytest.mark.parametrize("spoil", [too_long, unknown, thirteen])
def test_the_schema_would_refuse_what_is_wrong(
    refused: Callable[[Json], list[str]], spoil: Callable[[Json], None]
) -> None:
    made = manifest(WANTED)

    spoil(made)

    assert refused(made)


@pytest.mark.parametrize("wanted", VARIANTS, ids=["usual", "longest"])
def test_it_keeps_the_limits_of_its_form(wanted: Wanted) -> None:
    made = manifest(wanted)

    assert len(made["developer"]["name"]) <= 32
    assert len(made["name"]["short"]) <= 30 and len(made["name"]["full"]) <= 100
    assert len(made["description"]["short"]) <= 80 and len(made["description"]["full"]) <= 4000
    assert re.fullmatch(r"#[0-9A-F]{6}", made["accentColor"])
    assert all(url.startswith("https://") for name, url in made["developer"].items() if name != "name")
    (bot,) = made["bots"]
    assert (
        bot["scopes"]
        == ["personal", "team"]
        == [scope for each in bot["commandLists"] for scope in each["scopes"]]
    )
    for each in bot["commandLists"]:
        assert 1 <= len(each["commands"]) <= 12
        assert all(len(line["title"]) <= 32 and len(line["description"]) <= 64 for line in each["commands"])


@pytest.mark.parametrize("offered", [PERSONAL, TEAM], ids=["personal", "team"])
def test_every_word_that_is_offered_is_a_command(offered: Mapping[str, str]) -> None:
    assert [word for word in offered if word not in COMMANDS] == []


@pytest.mark.parametrize("role", Role)
def test_everybody_is_offered_something_they_may_do_in_either_place(role: Role) -> None:
    person = Person(id="one", name="One", roles=frozenset({role}), accounts={})

    for offered in (PERSONAL, TEAM):
        assert sum(may(person, OF_COMMAND[word]) for word in offered) >= 5


def test_it_asks_for_no_right_to_read_a_channel_and_for_no_sign_in() -> None:
    made = manifest(WANTED)

    assert not made.keys() & {"authorization", "webApplicationInfo", "validDomains", "devicePermissions"}
    assert made["permissions"] == ["identity", "messageTeamMembers"]
    assert "Read" not in json.dumps(made["permissions"])


def test_it_leads_to_the_page_of_our_own_server() -> None:
    about = "https://bookend.our-clinic.example/about"

    assert manifest(replace(WANTED, url=f" {WANTED.url}/ "))["developer"] == {
        "name": "Bookend",
        "websiteUrl": about,
        "privacyUrl": f"{about}#kept",
        "termsOfUseUrl": f"{about}#terms",
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bookend.example",
        "http://bookend.example",
        "https://admin:secret@bookend.example",
        "https://",
        f"{WANTED.url}?a=b",
        f"{WANTED.url}/api/messages",
    ],
)
def test_without_an_address_that_staff_can_open_it_says_what_to_set(url: str) -> None:
    with pytest.raises(BookendError, match="BOOKEND_PUBLIC_URL"):
        manifest(replace(WANTED, url=url))


@pytest.mark.parametrize("client_id", ["", "bookend", BOT.replace("1", "x"), f"{BOT}\n"])
def test_without_a_bot_it_says_what_to_set(client_id: str) -> None:
    with pytest.raises(BookendError, match="BOOKEND_TEAMS_CLIENT_ID"):
        manifest(replace(WANTED, client_id=client_id))


@pytest.mark.parametrize("version", ["", "1", "1.2", "1.2.3.4", "1.2.3-preview.1", "1.02.3", "v1.2.3"])
def test_a_version_that_teams_would_not_take_is_refused(version: str) -> None:
    with pytest.raises(BookendError, match="three numbers"):
        manifest(replace(WANTED, version=version))


@pytest.mark.parametrize("name", ["", "  ", "B" * 31])
def test_a_name_that_teams_would_not_take_is_refused(name: str) -> None:
    with pytest.raises(BookendError, match="1 to 30 characters"):
        manifest(replace(WANTED, name=name))
