"""Tokens that were mixed up are told apart before Slack is asked, and none of them is ever shown."""

from dataclasses import replace

import pytest

from bot.chat.slack.joining.tokens import KINDS, SlackSettings, app_of, kind_of, mistakes, notes

HEX = "0123456789abcdef0123456789abcdef"
GOOD = SlackSettings(bot_token="xoxb-invented", app_token="xapp-1-A0BOOKEND-1-invented")
SIGNED = SlackSettings(bot_token="xoxb-invented", signing_secret=HEX)


def said(given: SlackSettings) -> list[str]:
    return [str(each) for each in mistakes(given)]


@pytest.mark.parametrize("given", [GOOD, SIGNED])
def test_what_fits_is_let_pass(given: SlackSettings) -> None:
    assert said(given) == []
    assert list(notes(given)) == []


@pytest.mark.parametrize("address", ["slack", "slack.com/api/", "https:///api/"])
def test_an_address_that_is_none_is_named(address: str) -> None:
    (what,) = said(replace(GOOD, api_url=address))

    assert what.startswith("BOOKEND_SLACK_API_URL: this is no web address.")


def test_two_swapped_tokens_are_one_mistake() -> None:
    swapped = replace(GOOD, bot_token=GOOD.app_token, app_token=GOOD.bot_token)

    (what,) = said(swapped)

    assert what.startswith("BOOKEND_SLACK_BOT_TOKEN: ")
    assert what.endswith("swap them.")


@pytest.mark.parametrize("begins", [each for each in KINDS if each != "xoxb-"])
def test_a_token_of_another_kind_is_named_for_what_it_is(begins: str) -> None:
    (what,) = said(replace(SIGNED, bot_token=f"{begins}invented-secret"))

    assert KINDS[begins] in what
    assert "begins with xoxb- and stands under Install App" in what


@pytest.mark.parametrize(("token", "kind"), [("", "empty"), ("abc", "no token of Slack's")])
def test_what_is_no_token_is_called_so(token: str, kind: str) -> None:
    assert said(replace(SIGNED, bot_token=token))[0].startswith(f"BOOKEND_SLACK_BOT_TOKEN: this is {kind}.")


def test_an_app_level_token_is_wanted_for_socket_mode() -> None:
    (what,) = said(replace(GOOD, app_token="xoxp-1-somebody"))

    assert what.startswith("BOOKEND_SLACK_APP_TOKEN: this is a user token")


def test_slack_must_be_reached_one_way_or_the_other() -> None:
    (what,) = said(replace(GOOD, app_token=""))

    assert "BOOKEND_SLACK_SIGNING_SECRET" in what


@pytest.mark.parametrize("token", ["xoxb-1-2", "xapp-1-A0-1", "xoxp-1-2"])
def test_a_token_in_the_place_of_the_secret_is_refused(token: str) -> None:
    (what,) = said(replace(SIGNED, signing_secret=token))

    assert what.startswith("BOOKEND_SLACK_SIGNING_SECRET: this is a")
    assert "Basic Information" in what


@pytest.mark.parametrize("secret", [HEX[:-1], HEX.upper(), "a secret"])
def test_a_secret_that_does_not_look_like_one_is_said(secret: str) -> None:
    (what,) = notes(replace(SIGNED, signing_secret=secret))

    assert what.startswith("BOOKEND_SLACK_SIGNING_SECRET does not look like")


def test_where_both_are_set_socket_mode_wins_and_is_said() -> None:
    both = replace(GOOD, signing_secret=HEX)

    assert both.socket_mode
    assert said(both) == []
    (what,) = notes(both)
    assert what.endswith("are both set: Socket Mode is used, and Slack does not call us.")


@pytest.mark.parametrize("begins", [*KINDS, "other"])
def test_no_token_stands_in_what_is_said_of_it(begins: str) -> None:
    token = f"{begins}1-A0HIDDEN-hidden"
    given = SlackSettings(bot_token=token, app_token=token, signing_secret=token)

    told = " ".join([*said(given), *notes(given), repr(given)])

    assert "hidden" not in told.lower()
    assert kind_of(token) in [*KINDS.values(), "no token of Slack's"]


@pytest.mark.parametrize(("token", "app"), [(GOOD.app_token, "A0BOOKEND"), ("xapp-standin", ""), ("", "")])
def test_an_app_level_token_names_its_app(token: str, app: str) -> None:
    assert app_of(token) == app
