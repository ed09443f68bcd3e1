"""Slack would take the manifest: for Socket Mode, and for signed requests to an address."""

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.chat.slack.bolting import COMMAND
from bot.chat.slack.drawing.carried import REPORT
from bot.chat.slack.joining.manifest import manifest
from bot.chat.slack.joining.scopes import Use, asked_for, heard
from bot.chat.slack.reaching.signed import PATH
from bot.core.errors import BookendError
from tests.chat.slack.manifest_schema import MANIFEST

HERE = "https://bookend.our-clinic.example"
DOOR = f"{HERE}{PATH}"
Json = dict[str, Any]
VARIANTS = [manifest(), manifest(url=HERE), manifest("Bookend (north)", url=HERE, uses=Use)]


def refused(what: Json) -> list[str]:
    return [each.message for each in Draft7Validator(MANIFEST).iter_errors(what)]


@pytest.mark.parametrize("made", VARIANTS, ids=["socket", "http", "all rights"])
def test_slack_would_take_it(made: Json) -> None:
    assert refused(made) == []


def long_shortcut(made: Json) -> None:
    made["features"]["shortcuts"][0]["name"] = "Report a problem with this case"


def unknown_key(made: Json) -> None:
    made["settings"]["socket_mode"] = True


def plain_address(made: Json) -> None:
    made["settings"]["interactivity"]["request_url"] = "http://bookend.example"


@pytest.mark.parametrize("spoil", [long_shortcut, unknown_key, plain_address])
def test_what_slack_would_refuse_is_refused_here(spoil: Callable[[Json], None]) -> None:
    made = manifest(url=HERE)

    spoil(made)

    assert len(refused(made)) == 1


def test_for_socket_mode_it_names_no_address() -> None:
    made = manifest()

    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in str(made)


@pytest.mark.parametrize("url", [HERE, f"{HERE}/", DOOR, f"  {HERE} "])
def test_for_signed_requests_it_names_our_door_three_times(url: str) -> None:
    made = manifest(url=url)

    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == DOOR
    assert made["settings"]["interactivity"]["request_url"] == DOOR
    assert [each["url"] for each in made["features"]["slash_commands"]] == [DOOR]


@pytest.mark.parametrize("url", ["http://bookend.example", "bookend.example", "https://", f"{HERE}?a=b"])
def test_an_address_that_slack_would_not_call_is_refused(url: str) -> None:
    with pytest.raises(BookendError, match="with https"):
        manifest(url=url)


@pytest.mark.parametrize("name", ["", "  ", "B" * 36])
def test_a_name_that_slack_would_not_take_is_refused(name: str) -> None:
    with pytest.raises(BookendError, match="1 to 35 characters"):
        manifest(name)


def test_it_asks_for_the_rights_and_events_of_the_table() -> None:
    made, whole = manifest(), manifest(uses=[Use.EMAILS, Use.USER_GROUPS])

    assert made["oauth_config"]["scopes"]["bot"] == [*asked_for()]
    assert made["settings"]["event_subscriptions"]["bot_events"] == [*heard()]
    assert {"users:read.email", "usergroups:read"} <= set(whole["oauth_config"]["scopes"]["bot"])
    assert "subteam_updated" in whole["settings"]["event_subscriptions"]["bot_events"]


def test_people_can_write_to_it_and_press_what_it_names() -> None:
    features = manifest("Bookend north")["features"]

    assert features["app_home"]["messages_tab_read_only_enabled"] is False
    assert features["app_home"]["home_tab_enabled"] is True
    assert features["bot_user"] == {"display_name": "Bookend north", "always_online": True}
    assert [each["command"] for each in features["slash_commands"]] == [COMMAND]
    assert [(each["type"], each["callback_id"]) for each in features["shortcuts"]] == [("message", REPORT)]


def test_whom_somebody_names_behind_the_command_comes_as_an_account() -> None:
    assert [each["should_escape"] for each in manifest()["features"]["slash_commands"]] == [True]
