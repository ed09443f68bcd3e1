"""Tokens that do not fit are named in plain words before anything starts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.chat.slack.connect import Slack, connect
from bot.chat.slack.joining.scopes import Use, asked_for
from bot.chat.slack.joining.tokens import SlackSettings
from bot.core.errors import BookendError, Mistakes, TryLater, Unsure
from tests.chat import samples
from tests.chat.played import PlayedDesk
from tests.chat.slack.fake import APP, APP_TOKEN, SECRET, TOKEN, FakeSlack, fake_slack
from tests.chat.slack.trial import JO_THERE

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def settings() -> AsyncIterator[tuple[FakeSlack, SlackSettings]]:
    async with fake_slack() as slack:
        yield slack, SlackSettings(bot_token=TOKEN, signing_secret=SECRET, api_url=slack.url)


async def joined(given: SlackSettings) -> Slack:
    return await connect(given, PlayedDesk(), asyncio.to_thread)


async def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(Mistakes) as wrong:
        await joined(SlackSettings(bot_token="xoxp-somebody", app_token="xoxb-wrong-place"))

    named = {each.file for each in wrong.value.mistakes}
    assert named == {"BOOKEND_SLACK_BOT_TOKEN", "BOOKEND_SLACK_APP_TOKEN"}


async def test_a_bot_token_that_slack_does_not_know_is_named() -> None:
    async with settings() as (_, given):
        with pytest.raises(BookendError, match=r"invalid_auth.*BOOKEND_SLACK_BOT_TOKEN"):
            await joined(replace(given, bot_token="xoxb-wrong"))


async def test_a_slack_that_cannot_be_reached_is_named() -> None:
    given = SlackSettings(bot_token=TOKEN, signing_secret=SECRET, api_url="http://127.0.0.1:1/api/")

    with pytest.raises(BookendError, match="cannot be reached"):
        await joined(given)


async def test_tokens_of_two_apps_are_told_apart() -> None:
    async with settings() as (_, given):
        with pytest.raises(BookendError, match=f"A0ELSE.*{APP}"):
            await joined(replace(given, app_token="xapp-1-A0ELSE-1-ab"))


async def test_an_app_token_that_slack_does_not_know_is_named_at_the_start() -> None:
    async with settings() as (_, given):
        slack = await joined(replace(given, app_token="xapp-wrong"))

        with pytest.raises(BookendError, match="BOOKEND_SLACK_APP_TOKEN"):
            await slack.start()

        await slack.stop()


async def test_rights_that_the_app_lacks_are_named() -> None:
    async with settings() as (fake, given):
        fake.scopes = ",".join(set(asked_for()) - {"im:write", "commands"})

        with pytest.raises(
            BookendError, match=r"commands \(`/bookend` does not exist\); im:write \(nobody can be asked\)"
        ):
            await joined(given)


async def test_an_app_with_all_rights_is_let_in() -> None:
    async with settings() as (fake, given):
        fake.scopes = ",".join([*asked_for(), "reactions:read"])

        slack = await joined(given)

        assert [route.path for route in slack.routes] == ["/slack/events"]  # type: ignore[attr-defined]
        await slack.start()
        await slack.stop()


@pytest.mark.parametrize("trouble", ["lose", "drop", "502", "429:1"])
async def test_nothing_is_sent_a_second_time_behind_the_outbox(trouble: str) -> None:
    async with settings() as (fake, given):
        slack = await joined(given)
        fake.troubles["chat.postMessage"].append(trouble)

        with pytest.raises((Unsure, TryLater)):
            await slack.chat.send(samples.PREP, JO_THERE, once="a")

        assert fake.count("chat.postMessage") == 1
        await slack.stop()


async def test_in_socket_mode_there_is_no_door() -> None:
    async with settings() as (_, given):
        slack = await joined(replace(given, app_token=f"xapp-1-{APP}-1-ab"))

        assert list(slack.routes) == []
        await slack.stop()


async def test_no_secret_shows_where_settings_are_printed() -> None:
    given = SlackSettings(bot_token="xoxb-secret", app_token="xapp-secret", signing_secret="secret")

    assert "secret=" not in repr(given)
    assert "xoxb" not in repr(given)


async def test_a_token_of_a_whole_organisation_is_refused() -> None:
    async with settings() as (fake, given):
        fake.ourselves = {"is_enterprise_install": True, "team_id": "E0ORG"}

        with pytest.raises(BookendError, match=r"one workspace of it: install the app into the clinic's own"):
            await joined(given)


async def test_what_some_clinics_need_is_asked_of_them_alone() -> None:
    async with settings() as (fake, given):
        fake.scopes = ",".join(asked_for())

        await (await joined(given)).stop()
        with pytest.raises(BookendError, match=r"users:read\.email"):
            await connect(given, PlayedDesk(), asyncio.to_thread, uses=[Use.EMAILS])


async def test_slack_is_asked_once_and_twice_where_two_tokens_must_fit() -> None:
    async with settings() as (fake, given):
        await (await joined(given)).stop()
        signed = [name for name, _ in fake.calls]
        fake.calls.clear()
        await (await joined(replace(given, app_token=APP_TOKEN))).stop()

        assert signed == ["auth.test"]
        assert [name for name, _ in fake.calls] == ["auth.test", "bots.info"]
