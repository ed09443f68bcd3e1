"""What Teams answers, as our own errors: both shapes, every status, and no word of anybody's."""

import json
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.teams.calling.faults import (
    LONGEST,
    LOST,
    NEVER,
    NEVER_LEFT,
    code_of,
    never,
    passes,
    pause_of,
    trouble,
    unanswered,
)
from bot.chat.teams.calling.pace import EDIT, POST, READ, REPLY
from bot.core.errors import ChatTrouble, Never, TryLater, Undeliverable, Unsure

AFTER = timedelta(seconds=3)
WORDS = "Nd:YAG for Blanche in a:1-jo"


def answered(status: int, code: str = "", **headers: str) -> httpx.Response:
    body = {"error": {"code": code, "message": WORDS}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers=named)


def of(response: httpx.Response, *, kind: str = POST, channel: bool = False) -> ChatTrouble:
    if passes(response):
        return trouble(response, AFTER, kind=kind)
    return never(response, kind=kind, channel=channel)


#: The same refusal as Microsoft describes it, and as people have met it.
SHAPES = [
    {"error": {"code": "{}", "message": WORDS}},
    {"errorCode": 209, "message": '{{"subCode": "{}", "details": "x"}}'},
    {"errorCode": 209, "message": '{{"subCode":null,"errorSubCode":"{}"}}'},
    {"error": {"code": "ServiceError", "message": '{{"subCode":"{}"}}'}},
    {"error": {"code": "Forbidden", "innerHttpError": {"body": "{}"}}},
    {"code": "{}"},
    ["{}"],
]


@pytest.mark.parametrize("code", [*LOST, *NEVER])
@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_a_word_of_teams_is_found_wherever_it_stands(shape: int, code: str) -> None:
    body = json.dumps(SHAPES[shape]).replace("{{", "{").replace("}}", "}").replace("{}", code)

    assert code_of(httpx.Response(403, text=body)) == code


def test_the_word_that_teams_gives_goes_before_one_that_it_only_mentions() -> None:
    body = {"error": {"code": "MessageSizeTooBig", "message": "Not because of MessageWritesBlocked."}}

    assert code_of(httpx.Response(413, json=body)) == "MessageSizeTooBig"


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", "3", "<html>", '{"error": null}', '{"error": "x y"}', '{"error": {"code": ["a"]}}'],
)
def test_an_answer_without_a_word_has_none(body: str) -> None:
    assert code_of(httpx.Response(403, text=body)) == ""


@given(body=st.binary(max_size=60), status=st.integers(300, 599))
def test_no_answer_is_more_than_we_can_bear(body: bytes, status: int) -> None:
    for kind in (POST, EDIT, READ):
        assert isinstance(of(httpx.Response(status, content=body), kind=kind), ChatTrouble)


@pytest.mark.parametrize("status", [412, 429, 503])
@pytest.mark.parametrize("kind", [POST, EDIT, READ])
def test_a_pause_that_teams_asks_for_is_no_doubt(status: int, kind: str) -> None:
    found = of(answered(status), kind=kind)

    assert isinstance(found, TryLater)
    assert found.after == AFTER


@pytest.mark.parametrize("status", [408, 500, 502, 504, 520])
def test_after_an_accident_only_a_post_is_in_doubt(status: int) -> None:
    other = of(answered(status), kind=EDIT)

    assert all(isinstance(of(answered(status), kind=kind), Unsure) for kind in (POST, REPLY))
    assert isinstance(other, TryLater)
    assert other.after == AFTER


def test_a_token_that_is_not_taken_is_the_doctors_matter() -> None:
    found = of(answered(401))

    assert isinstance(found, TryLater)
    assert "bookend doctor" in str(found)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_whoever_sends_us_elsewhere_is_not_teams(status: int) -> None:
    assert isinstance(of(answered(status)), TryLater)


@pytest.mark.parametrize("code", LOST)
def test_who_can_no_longer_be_spoken_to_is_a_person_or_a_channel(code: str) -> None:
    person, channel = of(answered(403, code)), of(answered(403, code), channel=True)

    assert isinstance(person, Undeliverable) and isinstance(channel, Undeliverable)
    assert (person.reason, channel.reason) == (Never.PERSON_LOST, Never.CHANNEL_LOST)
    assert (str(person)[:12], str(channel)[:12]) == ("This person ", "This channel")


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_refusal_in_words_that_nobody_knows_is_one_all_the_same(status: int) -> None:
    found = of(answered(status, "NewWord"))

    assert isinstance(found, Undeliverable)
    assert found.reason is Never.PERSON_LOST
    assert str(found) == "This person cannot be spoken to in Teams (NewWord)."


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_to_be_edited_is_the_message_unless_teams_says_more(status: int) -> None:
    unknown, known = (of(answered(status, code), kind=EDIT) for code in ("", "ConversationNotFound"))

    assert isinstance(unknown, Undeliverable) and isinstance(known, Undeliverable)
    assert (unknown.reason, known.reason) == (Never.MESSAGE_GONE, Never.PERSON_LOST)


def test_a_thread_that_is_not_there_is_a_message_gone_and_no_channel_lost() -> None:
    found = of(answered(404, "ConversationNotFound"), kind=REPLY, channel=True)

    assert isinstance(found, Undeliverable)
    assert found.reason is Never.MESSAGE_GONE


@pytest.mark.parametrize("code", NEVER)
def test_what_no_later_try_changes_says_why(code: str) -> None:
    found = of(answered(400, code), channel=True)

    assert isinstance(found, Undeliverable)
    assert found.reason is NEVER[code][0]


def test_what_teams_cannot_do_is_not_tried_again() -> None:
    assert isinstance(of(answered(501), kind=EDIT), Undeliverable)


def test_anything_else_was_refused() -> None:
    found = of(answered(400, "BadSyntax"))

    assert isinstance(found, Undeliverable)
    assert (found.reason, str(found)) == (Never.REFUSED, "Teams refused the message (BadSyntax).")


@pytest.mark.parametrize("code", ["", "two words", WORDS, "a" * 61, "é"])
def test_what_is_no_word_is_not_repeated(code: str) -> None:
    found = of(answered(400, code))

    assert str(found) == "Teams refused the message (400)."


@pytest.mark.parametrize("status", range(300, 600, 7))
def test_nothing_that_teams_says_is_repeated(status: int) -> None:
    assert "Blanche" not in str(of(answered(status, "ServiceError")))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("-5", 1),
        ("99999", LONGEST.total_seconds()),
        ("Sun, 22 Nov 2026 20:00:42 GMT", 42),
        ("Sun, 22 Nov 2026 19:00:00 GMT", 1),
        ("Mon, 23 Nov 2026 20:00:00 GMT", LONGEST.total_seconds()),
    ],
)
def test_a_pause_is_told_in_seconds_or_until_a_moment_of_teams_own_clock(told: str, seconds: float) -> None:
    found = pause_of(answered(429, retry_after=told, date="Sun, 22 Nov 2026 20:00:00 GMT"))

    assert found == timedelta(seconds=seconds)


@pytest.mark.parametrize("told", ["", "soon", "9" * 30, "Sun, 99 Nov 2026 20:00:42 GMT", "1.5.2"])
def test_a_pause_that_cannot_be_read_is_none(told: str) -> None:
    assert pause_of(answered(429, retry_after=told, date="Sun, 22 Nov 2026 20:00:00 GMT")) is None


def test_a_moment_without_teams_own_clock_says_nothing() -> None:
    assert pause_of(answered(429, retry_after="Sun, 22 Nov 2026 20:00:42 GMT")) is None


@pytest.mark.parametrize("kind", NEVER_LEFT)
def test_what_never_left_is_no_doubt(kind: type[httpx.RequestError]) -> None:
    assert isinstance(unanswered(kind(WORDS), AFTER, kind=POST), TryLater)


@pytest.mark.parametrize(
    "error",
    [
        *(kind(WORDS) for kind in (httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError)),
        *(kind(WORDS) for kind in (httpx.RemoteProtocolError, httpx.DecodingError)),
        TimeoutError(WORDS),
    ],
)
def test_what_may_have_arrived_is_in_doubt_if_it_was_a_post(error: httpx.RequestError | TimeoutError) -> None:
    post, edit = (unanswered(error, AFTER, kind=kind) for kind in (POST, EDIT))

    assert isinstance(post, Unsure) and isinstance(edit, TryLater)
    assert "Blanche" not in f"{post}{edit}"
