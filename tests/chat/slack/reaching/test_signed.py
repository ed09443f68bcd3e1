"""Who may knock at the door: only Slack, by its signature, and not with an old letter."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from bot.chat.slack.patience import PATIENT
from bot.chat.slack.reaching.signed import parsed
from bot.core.messages import Notice
from tests.chat.slack.fake import signature
from tests.chat.slack.front import command, front, line, press

pytestmark = pytest.mark.anyio

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PRESS = urlencode({"payload": json.dumps(press('{"do":"confirm","tasks":["K7Q2:a.b:1:1"]}'))}).encode()
EVENT = json.dumps(
    {"type": "event_callback", "team_id": "T0CLINIC", "event_id": "Ev1", "event": line("done")}
)
ASKED = urlencode(command("status")).encode()
CHALLENGE = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
BODIES = [(PRESS, FORM), (EVENT.encode(), JSON), (ASKED, FORM), (CHALLENGE, JSON), (b"ssl_check=1", FORM)]

STAMP, SIGN = "x-slack-request-timestamp", "x-slack-signature"


def good() -> dict[str, str]:
    """The headers that Slack would send now; a test run is longer than a signature lasts."""
    return signature(PRESS)


FORGED: dict[str, Callable[[], dict[str, str]]] = {
    "no signature at all": dict,
    "another secret": lambda: signature(PRESS, secret="guessed"),
    "another body": lambda: signature(b"payload={}"),
    "six minutes old": lambda: signature(PRESS, ago=6 * 60),
    "from the future": lambda: signature(PRESS, ago=-6 * 60),
    "no timestamp": lambda: {SIGN: good()[SIGN]},
    "no signature": lambda: {STAMP: good()[STAMP]},
    "a timestamp that is no number": lambda: good() | {STAMP: "soon"},
    "a timestamp without end": lambda: good() | {STAMP: "9" * 400},
    "an empty signature": lambda: good() | {SIGN: ""},
    "a signature cut short": lambda: good() | {SIGN: good()[SIGN][:-1]},
    "a signature in capitals": lambda: good() | {SIGN: good()[SIGN].upper()},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
async def test_a_request_that_slack_did_not_sign_just_now_gets_401_and_reaches_nobody(
    headers: Callable[[], dict[str, str]],
) -> None:
    async with front(PATIENT) as on:
        answer = await on.knock(PRESS, FORM, **headers())

        assert (answer.status_code, answer.content) == (401, b"")
        assert on.desk.heard == []


async def test_a_signature_that_is_no_text_gets_401() -> None:
    async with front(PATIENT) as on:
        odd = {
            b"content-type": b"text/plain",
            STAMP.encode(): good()[STAMP].encode(),
            SIGN.encode(): b"v0=\xff",
        }

        answer = await on.door.post("/slack/events", content=PRESS, headers=list(odd.items()))

        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "kind"), BODIES, ids=["press", "event", "command", "challenge", "ssl check"]
)
async def test_nothing_is_taken_unsigned_whatever_it_is(body: bytes, kind: str) -> None:
    async with front(PATIENT) as on:
        answer = await on.knock(body, kind)

        assert answer.status_code == 401
        assert on.desk.heard == []


RUBBISH = [
    (b"{", JSON),
    (b"[]", JSON),
    (b"3", JSON),
    (b"\xff\xfe", JSON),
    (b"payload={", FORM),
    (b"payload=[]", FORM),
    (b"[" * 100_000, JSON),
    (b"payload=" + b"[" * 100_000, FORM),
    (b"\xff", FORM),
]


@pytest.mark.parametrize(("body", "kind"), RUBBISH, ids=lambda each: repr(each)[:20])
async def test_rubbish_gets_401_unsigned_and_400_signed(body: bytes, kind: str) -> None:
    async with front(PATIENT) as on:
        unsigned = await on.knock(body, kind)
        signed = await on.knock(body, kind, **(signature(body) if body.isascii() else {}))

        assert unsigned.status_code == 401
        assert signed.status_code == (400 if body.isascii() else 401)
        assert on.desk.heard == []


async def test_what_slack_signed_is_taken() -> None:
    async with front(PATIENT) as on:
        answers = [await on.signed(body, kind) for body, kind in BODIES[:3]]

        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert len(on.desk.heard) == 3


async def test_a_letter_almost_five_minutes_old_is_taken() -> None:
    async with front(PATIENT) as on:
        assert (await on.knock(PRESS, FORM, **signature(PRESS, ago=290))).status_code == 200


async def test_slacks_challenge_is_answered() -> None:
    async with front(PATIENT) as on:
        answer = await on.signed(CHALLENGE, JSON)

        assert answer.json() == {"challenge": "abc"}


@pytest.mark.parametrize(("body", "kind"), BODIES[:4], ids=["press", "event", "command", "challenge"])
async def test_a_letter_that_was_answered_is_not_opened_again(body: bytes, kind: str) -> None:
    async with front(PATIENT) as on:
        letter = signature(body)
        first = await on.knock(body, kind, **letter)
        heard = list(on.desk.heard)

        copy = await on.knock(body, kind, **letter)

        assert (first.status_code, copy.status_code, copy.content) == (200, 401, b"")
        assert on.desk.heard == heard


async def test_a_copy_that_arrives_while_the_letter_is_being_read_is_refused() -> None:
    async with front(PATIENT) as on:
        on.slack.troubles["users.info"].append("wait")
        letter = signature(PRESS)
        reading = asyncio.create_task(on.knock(PRESS, FORM, **letter))
        await on.slack.until_called("users.info")

        copy = await on.knock(PRESS, FORM, **letter)
        on.slack.patience.set()

        assert (copy.status_code, (await reading).status_code) == (401, 200)
        assert len(on.desk.heard) == 1


async def test_a_letter_that_we_failed_to_take_may_come_again() -> None:
    async with front(PATIENT) as on:
        letter = signature(EVENT.encode())
        on.desk.says = RuntimeError("unforeseen")
        failed = await on.knock(EVENT.encode(), JSON, **letter)
        on.desk.says = Notice(text="Noted.")

        again = await on.knock(EVENT.encode(), JSON, **letter)

        assert (failed.status_code, again.status_code) == (500, 200)


async def test_a_letter_whose_reading_was_broken_off_may_come_again() -> None:
    async with front(PATIENT) as on:
        on.slack.troubles["users.info"].append("wait")
        letter = signature(PRESS)
        reading = asyncio.create_task(on.knock(PRESS, FORM, **letter))
        await on.slack.until_called("users.info")
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading

        again = await on.knock(PRESS, FORM, **letter)
        on.slack.patience.set()

        assert again.status_code == 200


async def test_a_forged_letter_spoils_no_genuine_one() -> None:
    async with front(PATIENT) as on:
        letter = signature(PRESS)
        forged = await on.knock(b"payload={}", FORM, **letter)

        assert forged.status_code == 401
        assert (await on.knock(PRESS, FORM, **letter)).status_code == 200


async def test_a_command_nobody_registered_is_not_found() -> None:
    async with front(PATIENT) as on:
        answer = await on.form(command("status") | {"command": "/somebody"})

        assert answer.status_code == 404


def test_a_form_without_a_payload_is_the_form_itself() -> None:
    assert parsed(b"command=%2Fbookend&text=payload+a%26b", FORM) == {
        "command": "/bookend",
        "text": "payload a&b",
    }
