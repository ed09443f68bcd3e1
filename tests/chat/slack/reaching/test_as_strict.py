"""The door opens to whom Bolt's own check opens, and reads a form as Python does: held against each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from urllib.parse import parse_qsl, quote_plus, urlencode

import pytest
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request
from slack_bolt.middleware.request_verification.async_request_verification import AsyncRequestVerification
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request

from bot.chat.slack.reaching.signed import fields, genuine, unescaped
from tests.chat.slack.fake import SECRET, signature
from tests.examples import some

pytestmark = pytest.mark.anyio

REQUESTS = 10_000
STAMP, SIGN = "X-Slack-Request-Timestamp", "X-Slack-Signature"
Pairs = list[tuple[bytes, bytes]]

#: What a stamp is replaced with: numbers of other kinds, and what is none.
STAMPS = ("", " ", "0", "-1", "soon", "1e9", "1_7", "9" * 400, "9" * 5000, "nan", "0x10", "²", "\xa0", "٣")
#: What may stand in a form that no browser sends.
ODD = (
    "%",
    "%%",
    "%4",
    "%G1",
    "%=",
    "=",
    "==",
    "=3D",
    "%3d",
    "%3D",
    "%%41",
    "\n",
    "%\n",
    "\r",
    "%\r\n",
    "é",
    "+",
)
ODDER = ("%C3%A9", "%ff", "%C3", "&", ";", "%26", "%0A", "\x00", "_", " ", "%2B", "%25", "a", "1", "payload=")


def knocks(random: Random, many: int) -> Iterator[tuple[bytes, Pairs]]:
    """Requests as anybody may send them: about a third are genuine."""
    for _ in range(many):
        body = quote_plus("".join(random.choices('{}":,é aZ0%', k=random.randrange(40)))).encode()
        stamp, sign = signature(body, ago=random.choice((0, 0, 0, 60, 290, 310, -290, -310, 10**6))).values()
        yield spoilt(random, body, stamp, sign)


def spoilt(random: Random, body: bytes, stamp: str, sign: str) -> tuple[bytes, Pairs]:
    """A signed request that something happened to on its way, or that went well."""
    sent = {STAMP: stamp, SIGN: sign, "Content-Type": "application/x-www-form-urlencoded"}
    match random.randrange(10):
        case 0:
            del sent[random.choice((STAMP, SIGN))]
        case 1:
            sent[STAMP] = random.choice(STAMPS)
        case 2:
            # signed as it is written, and read as a number: the same second in other letters
            sent[STAMP] = random.choice((f" {stamp}", f"{stamp} ", f"+{stamp}", f"0{stamp}", f"{stamp}.0"))
            sent[SIGN] = signed(sent[STAMP], body)
        case 3:
            sent[SIGN] = random.choice(
                (sign[:-1], sign.upper(), f"{sign} ", sign[3:], f"v1{sign[2:]}", "", "é")
            )
        case 4:
            body = random.choice((body + b"x", body[:-1], b"", b"\xff", body + b"\xff"))
        case 5:
            sent = {random.choice((name.upper(), name.lower())): value for name, value in sent.items()}
        case _:
            pass
    return body, [(name.encode(), value.encode("utf-8")) for name, value in sent.items()]


def signed(stamp: str, body: bytes) -> str:
    return str(SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body))


def asked(headers: Pairs) -> Request:
    # a server hands headers on by their names in small letters
    low = [(name.lower(), value) for name, value in headers]
    return Request({"type": "http", "method": "POST", "query_string": b"", "headers": low})


async def bolt_lets_in(check: AsyncRequestVerification, body: bytes, headers: Pairs) -> bool:
    """What Bolt's own check says; what it trips over gets 500 from it, and is not let in."""

    async def inside() -> BoltResponse:
        return BoltResponse(status=200)

    try:
        knock = to_async_bolt_request(asked(headers), body)
        return (
            await check.async_process(req=knock, resp=BoltResponse(status=404), next=inside)
        ).status == 200
    except (ValueError, TypeError, OverflowError):
        return False


async def test_the_door_opens_to_whom_bolts_own_check_opens() -> None:
    check, verifier = AsyncRequestVerification(SECRET), SignatureVerifier(SECRET)
    ours, theirs = [], []

    for body, headers in knocks(Random(8), some(REQUESTS)):
        ours.append(genuine(verifier, body, asked(headers).headers))
        theirs.append(await bolt_lets_in(check, body, headers))

    assert ours == theirs
    assert 0.2 < sum(ours) / len(ours) < 0.8


def forms(random: Random, many: int) -> Iterator[bytes]:
    """Bodies of forms: as a browser writes them, and spoilt ones."""
    for _ in range(many):
        words = "".join(random.choices((*ODD, *ODDER), k=random.randrange(12)))
        sent = random.choice((quote_plus(words), quote_plus(words, safe="{}:"), words, f"{words}&a=1"))
        yield f"{random.choice(('payload=', 'payload=', 'payload', 'text=', ''))}{sent}".encode()


def test_a_form_is_read_as_python_reads_it() -> None:
    bodies = list(forms(Random(3), some(REQUESTS)))

    found = [fields(body) for body in bodies]

    assert found == [dict(parse_qsl(body.decode(), keep_blank_values=True)) for body in bodies]


def test_what_a_browser_sends_is_read_in_one_go_whatever_it_says() -> None:
    said = {"text": "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000, 97)]))}
    body = urlencode({"payload": json.dumps(said, ensure_ascii=False)}).encode()

    found = unescaped(body.removeprefix(b"payload="))

    assert found is not None
    assert json.loads(found) == said


@pytest.mark.parametrize("value", [b"%", b"%4", b"%%41", b"%G1", b"%\n", b"a\r\nb", b"\xc3\xa9", b"%=41"])
def test_what_no_browser_sends_is_left_to_python(value: bytes) -> None:
    assert unescaped(value) is None
