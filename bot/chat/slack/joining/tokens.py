"""What is known of Slack's tokens before Slack is asked: what kind they are, and whether they were mixed up.

The kinds are those of docs.slack.dev/authentication/tokens. No token ever stands in what is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.core.errors import Mistake

API = "https://slack.com/api/"
ADDRESS = "BOOKEND_SLACK_API_URL"
BOT = "BOOKEND_SLACK_BOT_TOKEN"
APP = "BOOKEND_SLACK_APP_TOKEN"
SECRET = "BOOKEND_SLACK_SIGNING_SECRET"

#: How a token begins -> what it is.
KINDS: Mapping[str, str] = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token: Bookend would speak in that person's name",
    "xoxe.": "a token that ends after twelve hours: turn token rotation off for the app",
    "xoxe-": "a refresh token: turn token rotation off for the app",
    "xoxc-": "the token of somebody's browser",
    "xoxd-": "the cookie of somebody's browser",
    "xoxa-": "a workspace token, which Slack does not support any more",
    "xwfp-": "a workflow's token",
}
_BOT_PLACE = "A bot token begins with xoxb- and stands under Install App."
_APP_PLACE = "An app-level token begins with xapp- and stands under Basic Information."


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """What IT sets: with an app token Socket Mode is used, else requests signed with the signing secret."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = API

    @property
    def socket_mode(self) -> bool:
        """Say whether we call Slack, and not Slack us."""
        return bool(self.app_token)


def mistakes(given: SlackSettings) -> Iterator[Mistake]:
    """Yield everything because of which Slack cannot let us in, each with what to do."""
    if kind_of(given.bot_token) == KINDS["xapp-"] and kind_of(given.app_token) == KINDS["xoxb-"]:
        yield Mistake(file=BOT, what=f"it holds the app-level token, and {APP} the bot token: swap them.")
        return
    if kind_of(given.bot_token) != KINDS["xoxb-"]:
        yield Mistake(file=BOT, what=f"this is {kind_of(given.bot_token)}. {_BOT_PLACE}")
    if given.app_token and kind_of(given.app_token) != KINDS["xapp-"]:
        yield Mistake(file=APP, what=f"this is {kind_of(given.app_token)}. {_APP_PLACE}")
    if not given.app_token and not given.signing_secret:
        yield Mistake(file=APP, what=f"set it for Socket Mode, or else {SECRET} for signed requests.")
    if (kind := kind_of(given.signing_secret)) in KINDS.values():
        where = "The Signing Secret stands under Basic Information."
        yield Mistake(file=SECRET, what=f"this is {kind.partition(':')[0]}. {where}")
    if not re.match("https?://[^/]", given.api_url):
        yield Mistake(file=ADDRESS, what=f"this is no web address. Leave it out, or write it like {API}")


def notes(given: SlackSettings) -> Iterator[str]:
    """Yield what is odd, and may be right all the same."""
    if given.app_token and given.signing_secret:
        yield f"{APP} and {SECRET} are both set: Socket Mode is used, and Slack does not call us."
    elif given.signing_secret and not re.fullmatch("[0-9a-f]{32}", given.signing_secret):
        yield f"{SECRET} does not look like Slack's: 32 of 0-9 and a-f, under Basic Information."


def kind_of(token: str) -> str:
    """Return what a token is, by how it begins."""
    return KINDS.get(token[:5], "no token of Slack's" if token else "empty")


def app_of(app_token: str) -> str:
    """Return the id of the app that an app-level token belongs to, "" where it does not say."""
    named = re.match(r"xapp-\d+-(A\w+)-", app_token)
    return named[1] if named else ""
