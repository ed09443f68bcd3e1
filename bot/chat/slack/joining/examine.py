"""What `bookend doctor` looks at in Slack: everything that can be wrong before a working day."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.chat.slack import PLATFORM, log
from bot.chat.slack.calling.client import TIMEOUT, SlackClient
from bot.chat.slack.calling.faults import asking, code_of
from bot.chat.slack.joining.admission import ADD_RIGHTS, Admitted, admitted, reached, same_app, without
from bot.chat.slack.joining.scopes import asked_for, uses_of
from bot.chat.slack.joining.tokens import SlackSettings, mistakes, notes
from bot.chat.slack.people.members import Members
from bot.chat.slack.people.rollcall import Roll, read_by
from bot.chat.slack.reaching.signed import PATH
from bot.core import wording
from bot.core.errors import BookendError, ChatTrouble
from bot.core.people import DECIDING_ROLES, Clinic
from bot.core.staffing import troubles
from bot.ports import Clock

#: How far this machine's clock may be from Slack's; signed requests are refused from five minutes on.
SKEW = timedelta(seconds=60)
Finding = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """What is looked at; `public_url` is our own address, "" for none.

    `before` is the workspace so far and `meant` the one that the settings name, each "" for none.
    """

    settings: SlackSettings
    clinics: Collection[Clinic]
    clock: Clock
    public_url: str = ""
    before: str = ""
    meant: str = ""


def _wrong(said: str) -> Finding:
    return "wrong", said


def _note(said: str) -> Finding:
    return "note", said


async def examine(what: Examined) -> AsyncIterator[Finding]:
    """Yield what was found, as ("good", "note" or "wrong", sentence); where Slack is away, one sentence."""
    wrong = [str(each) for each in mistakes(what.settings)]
    for each in wrong:
        yield "wrong", each
    if wrong:
        return
    for each in notes(what.settings):
        yield "note", each
    log.setLevel(logging.WARNING)
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = SlackClient(token=what.settings.bot_token, **reached(what.settings, session))
        try:
            async for finding in _asked(what, client, session):
                yield finding
        except BookendError as trouble:
            yield "wrong", str(trouble)


async def _asked(
    what: Examined, client: SlackClient, session: aiohttp.ClientSession
) -> AsyncIterator[Finding]:
    found = await admitted(client)
    here = found.workspace
    yield "good", f"Slack lets us in: workspace {here.name} ({here.team})"
    if what.meant not in ("", here.team):
        yield _wrong(
            f"BOOKEND_SLACK_TEAM names the workspace {what.meant}, and the bot token is of {here.team}: take "
            "the token of that one, or correct the setting."
        )
    elif what.before not in ("", here.team):
        yield _wrong(
            f"This database belongs to the workspace {what.before}: take its token; or, to move for "
            f"good, set BOOKEND_SLACK_TEAM={here.team}."
        )
    for finding in (*_rights(what, found), *_clock(what, found), *_privacy(what), *_deciding(what)):
        yield finding
    try:
        await same_app(client, here, what.settings.app_token)
    except BookendError as other:
        yield "wrong", str(other)
    if what.settings.socket_mode:
        yield await _socket(client, what.settings)
    else:
        async for finding in _door(what, session):
            yield finding
    async for finding in _there(what, Members(client, team=here.team)):
        yield finding


def _rights(what: Examined, found: Admitted) -> Iterator[Finding]:
    wanted = asked_for(uses_of(what.clinics))
    missing = without(found, uses_of(what.clinics))
    if not found.granted:
        yield "note", "Slack does not say which rights the app has"
        return
    yield "good", f"Rights: {', '.join(name for name in wanted if name in found.granted) or 'none'}"
    for each in missing:
        yield "wrong", f"Missing right {each}: {ADD_RIGHTS}."


def _clock(what: Examined, found: Admitted) -> Iterator[Finding]:
    try:
        slacks = parsedate_to_datetime(found.date)
    except (ValueError, TypeError):
        yield "note", "Slack does not say what time it is"
        return
    apart = abs(what.clock.now() - slacks)
    if apart > SKEW:
        yield _wrong(
            f"This machine's clock is {int(apart.total_seconds())} s away from Slack's: let the network "
            "set it (NTP). From five minutes on, what Slack signs is refused."
        )
    else:
        yield "good", "the clock agrees with Slack's"


def _privacy(what: Examined) -> Iterator[Finding]:
    for clinic in what.clinics:
        if PLATFORM in clinic.names_on:
            yield _note(
                f"{clinic.title} shows names in Slack (`privacy: full`): the agreement (BAA) in its file "
                "must be one with Slack, and cover this workspace."
            )


def _deciding(what: Examined) -> Iterator[Finding]:
    for clinic in what.clinics:
        for role, group in clinic.groups.get(PLATFORM, {}).items():
            if role in DECIDING_ROLES:
                yield _note(
                    f"Whoever of {clinic.title}'s people joins the group {group} is its "
                    f"{wording.plain(role)}: see in Slack's settings that only admins may change user groups."
                )


async def _socket(client: SlackClient, given: SlackSettings) -> Finding:
    try:
        with asking():
            await client.apps_connections_open(app_token=given.app_token)
    except ChatTrouble as trouble:
        cause = trouble.__cause__
        code = code_of(cause) if isinstance(cause, SlackApiError) else str(trouble)
        return _wrong(
            f"Socket Mode does not open ({code}): make an app-level token with connections:write, and switch "
            "Socket Mode on in the app's settings."
        )
    return "good", "Socket Mode opens"


async def _door(what: Examined, session: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    if not what.public_url:
        yield _note(
            "Slack must reach this machine: set BOOKEND_PUBLIC_URL to its address, and I try it from here."
        )
        return
    door = f"{what.public_url}{PATH}"
    try:
        unsigned, _ = await _knock(session, door, b"{}", {})
    except (aiohttp.ClientError, TimeoutError, OSError):
        yield _wrong(
            f"{door} cannot be reached: does `bookend serve` run, does the proxy hand it on to PORT, "
            "is the certificate valid?"
        )
        return
    if unsigned != 401:
        yield _wrong(
            f"{door} answers {unsigned} where Bookend answers 401: something else stands there. Let the "
            f"proxy hand {PATH} on to Bookend's PORT as it is."
        )
        return
    yield "good", f"{door} turns away what Slack did not sign"
    try:
        yield await _signed(what, session, door)
    except (aiohttp.ClientError, TimeoutError, OSError):
        yield "wrong", f"{door} broke off: look again."


async def _signed(what: Examined, session: aiohttp.ClientSession, door: str) -> Finding:
    body = json.dumps({"type": "url_verification", "challenge": "bookend"}).encode()
    stamp = str(int(what.clock.now().timestamp()))
    signature = SignatureVerifier(what.settings.signing_secret).generate_signature(timestamp=stamp, body=body)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}
    status, said = await _knock(session, door, body, headers)
    if status == 200 and "bookend" in said:
        return "good", "what is signed with BOOKEND_SLACK_SIGNING_SECRET is answered"
    return _wrong(
        f"{door} refuses what is signed with BOOKEND_SLACK_SIGNING_SECRET ({status}): `bookend serve` has "
        "another one. Take it from Basic Information, and start it again."
    )


async def _knock(
    session: aiohttp.ClientSession, door: str, body: bytes, headers: dict[str, str]
) -> tuple[int, str]:
    sent = {"Content-Type": "application/json", **headers}
    async with session.post(door, data=body, headers=sent, allow_redirects=False) as answer:
        return answer.status, (await answer.content.read(1000)).decode("utf-8", "replace")


async def _there(what: Examined, members: Members) -> AsyncIterator[Finding]:
    roll = Roll(members)
    look = await roll.look(what.clinics)
    if roll.unanswered:
        yield "wrong", f"Who and what is in Slack could not be looked at: {roll.unanswered}"
    for line in (line for clinic in what.clinics for line in troubles(clinic, look)):
        yield "wrong", line
    for line in await read_by(members, what.clinics, look.usable):
        yield "wrong", line
    if look.usable:
        yield "good", f"{wording.count(len(look.usable), 'channel')} can be used"
    if look.accounts:
        yield "good", f"{wording.count(len(look.accounts), 'person', 'people')} of your file can be asked"
