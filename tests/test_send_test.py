"""`bookend doctor --send-test`: it arrives, is edited and retired; what does not arrive is said."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import opened
from bot.cli import run
from bot.config import settings
from bot.core.errors import NotFound
from bot.paths import shipped_playbooks
from bot.send_test import known_to, send_test
from bot.service.practice import Practice
from bot.service.workspace import enter
from tests.chat.slack.fake import BOARD, TOKEN, FakeSlack, channel, fake_slack, user
from tests.service.clinic import WITH_BOARD

ESCALATIONS, NURSES = "C0ESC", "C0NURSES"


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example's clinic in Slack, its database begun."""
    for name in [name for name in os.environ if name.startswith("BOOKEND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOOKEND_CLINIC", str(shipped_playbooks() / "clinic-example.yaml"))
    monkeypatch.setenv("BOOKEND_DATABASE_URL", f"sqlite:///{tmp_path / 'bookend.db'}")
    monkeypatch.setenv("BOOKEND_SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("BOOKEND_SLACK_SIGNING_SECRET", "0" * 32)
    run(["migrate"])


def tried(
    names: list[str], prepare: Callable[[FakeSlack], object] = lambda slack: None
) -> tuple[list[tuple[str, str]], FakeSlack]:
    async def story() -> tuple[list[tuple[str, str]], FakeSlack]:
        async with fake_slack() as slack:
            slack.users |= {each: user(each) for each in ("U0ALI", "U0ROBIN", "U0KIT", "U0MAX", "U0SAM")}
            slack.channels |= {each: channel(each) for each in (ESCALATIONS, NURSES)}
            prepare(slack)
            os.environ["BOOKEND_SLACK_API_URL"] = slack.url
            try:
                return await send_test(settings(), names), slack
            finally:
                del os.environ["BOOKEND_SLACK_API_URL"]

    return asyncio.run(story())


def test_a_channel_gets_one_message_that_is_edited_and_says_that_it_is_over() -> None:
    found, slack = tried(["board"])

    assert found == [("good", "Slack, riverside: board: it arrived, was edited, and is over")]
    (message,) = slack.messages[BOARD]
    assert "This was a test of Bookend" in message["text"]
    assert (slack.count("chat.postMessage"), slack.count("chat.update")) == (1, 2)


def test_a_person_gets_it_in_their_own_chat_and_nobody_else() -> None:
    found, slack = tried(["jo"])

    assert [state for state, _ in found] == ["good"]
    assert slack.count("chat.postMessage") == 1 and not slack.messages[BOARD]


def test_channels_means_each_channel_of_the_file_once() -> None:
    found, slack = tried(["channels", "board"])

    assert [state for state, _ in found] == ["good"] * 3
    assert [len(slack.messages[each]) for each in (BOARD, ESCALATIONS, NURSES)] == [1, 1, 1]


def test_what_does_not_arrive_is_said_and_keeps_no_other_from_being_tried() -> None:
    def archived(slack: FakeSlack) -> None:
        slack.channels[ESCALATIONS] = channel(ESCALATIONS, is_archived=True)

    found, _ = tried(["channels"], archived)

    assert sorted(state for state, _ in found) == ["good", "good", "wrong"]
    (words,) = [words for state, words in found if state == "wrong"]
    assert "escalations: nothing; then: " in words and "archived" in words


def test_a_person_who_left_is_tried_and_said() -> None:
    def left(slack: FakeSlack) -> None:
        slack.users["U0ALI"] = user("U0ALI", deleted=True)

    ((state, words),), _ = tried(["ali"], left)

    assert state == "wrong" and words.startswith("Slack, riverside: ali: nothing; then: ")


def test_a_token_that_is_refused_is_said() -> None:
    found, _ = tried(["board"], lambda slack: slack.troubles["auth.test"].append("refuse:invalid_auth"))

    ((state, words),) = found
    assert state == "wrong" and "does not let Bookend in" in words


def moved(practice: Practice) -> None:
    enter(practice, "slack", "T0OTHER", name="Another clinic", meant="")


def test_nothing_goes_to_a_workspace_that_the_database_does_not_belong_to() -> None:
    with opened(settings()) as (practice, _):
        moved(practice)

    found, slack = tried(["board"])

    ((state, words),) = found
    assert state == "wrong" and "the database belongs to Another clinic" in words
    assert slack.count("chat.postMessage") == 0


def test_a_name_that_nobody_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="Did you mean 'board'"):
        known_to([WITH_BOARD], ["boards"])


def test_without_a_terminal_it_says_how_to_name_whom(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--send-test"]) == 1
    assert "`--to jo`" in capsys.readouterr().err


def test_whom_without_a_test_is_used_wrongly(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--to", "jo"]) == 1
    assert "add --send-test" in capsys.readouterr().err
