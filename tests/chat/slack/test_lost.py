"""A reply of Slack's is lost, over real HTTP and through the outbox: found again, or said once more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.chat.slack import PLATFORM
from bot.clock import VirtualClock
from bot.core.outgoing import Verb
from bot.service import cases
from bot.service.deliver import Delivery
from bot.service.tick import tick
from tests.chat.slack.at_once import account, in_slack
from tests.chat.slack.fake import user
from tests.chat.slack.trial import SlackTrial, slack_trial
from tests.service.clinic import ALI, FRAN, abl, booking, here, london, practice
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio

HERS = "D0ALI"


class Clinic:
    """A case whose first question is due, and Slack behind a network that may fail."""

    def __init__(self, on: SlackTrial) -> None:
        self.slack = on.slack
        self.slack.users[account(ALI)] = user(account(ALI))
        self.clock = VirtualClock(london("2027-01-12 15:00"))
        book = abl("g.skin_exam")
        works = practice(memory_store(), self.clock, book, unsigned_may_ask=True)
        self.works = in_slack(works, board=False)
        self.delivery = Delivery(self.works, {PLATFORM: on.chat}, here)
        (clinic,) = self.works.clinics
        with self.works.store.writing() as tx:
            cases.open_case(self.works, tx, booking(), clinic=clinic, by=FRAN, code="K7Q2")

    async def deliver(self, *, after: timedelta = timedelta()) -> None:
        """Ask and deliver, and once more when what went wrong is tried again."""
        self.clock.advance(self.clock.now() + after)
        tick(self.works)
        await self.delivery.all()

    def say(self, text: str) -> None:
        """Queue a line under the card."""
        with self.works.store.writing() as tx:
            (card,) = tx.postings_of(["K7Q2:g.skin_exam:1:1"])["K7Q2:g.skin_exam:1:1"]
            tx.queue(card.key, Verb.NUDGE, key=text, at=self.clock.now(), text=text)

    def messages(self, *, threads: bool = False) -> int:
        """How many cards, or lines in threads, she sees."""
        return sum(("thread_ts" in each) is threads for each in self.slack.messages[HERS])


@asynccontextmanager
async def clinic() -> AsyncIterator[Clinic]:
    async with slack_trial() as on:
        yield Clinic(on)


@pytest.mark.parametrize("trouble", ["lose", "502"])
async def test_a_card_whose_reply_was_lost_is_found_by_one_question_and_not_sent_again(trouble: str) -> None:
    async with clinic() as on:
        on.slack.troubles["chat.postMessage"].append(trouble)
        await on.deliver()

        await on.deliver(after=timedelta(minutes=1))

        assert on.messages() == 1
        assert (on.slack.count("chat.postMessage"), on.slack.count("conversations.history")) == (1, 1)


async def test_a_card_that_surely_did_not_arrive_is_sent_again() -> None:
    async with clinic() as on:
        on.slack.troubles["chat.postMessage"].append("drop")
        await on.deliver()

        await on.deliver(after=timedelta(minutes=1))

        assert (on.messages(), on.slack.count("chat.postMessage")) == (1, 2)


async def test_a_line_in_a_thread_whose_reply_was_lost_is_not_said_again() -> None:
    async with clinic() as on:
        await on.deliver()
        on.say("Still open.")
        on.slack.troubles["chat.postMessage"].append("lose")
        await on.deliver()

        await on.deliver(after=timedelta(minutes=1))

        assert on.messages(threads=True) == 1
        assert on.slack.count("conversations.replies") == 1


async def test_where_slack_does_not_let_us_ask_a_card_is_sent_once_more_and_no_oftener() -> None:
    async with clinic() as on:
        on.slack.troubles["chat.postMessage"] += ["lose"] * 9
        on.slack.troubles["conversations.history"] += ["refuse:missing_scope"] * 9
        for _ in range(6):
            await on.deliver(after=timedelta(minutes=2))

        assert on.messages() == 2


async def test_an_edit_whose_reply_was_lost_is_simply_made_again() -> None:
    async with clinic() as on:
        await on.deliver()
        with on.works.store.writing() as tx:
            (posting,) = tx.postings_of(["K7Q2:g.skin_exam:1:1"])["K7Q2:g.skin_exam:1:1"]
            tx.queue(posting.key, Verb.DRAW, key="again", at=on.clock.now())
        on.slack.troubles["chat.update"].append("lose")
        await on.deliver()

        await on.deliver(after=timedelta(minutes=1))

        assert (on.messages(), on.slack.count("chat.update")) == (1, 2)
        assert on.slack.count("conversations.history") == 0


async def test_a_card_that_somebody_deleted_in_slack_stands_there_again_after_the_next_edit() -> None:
    async with clinic() as on:
        await on.deliver()
        on.slack.messages[HERS].clear()
        on.say("Still open.")

        await on.deliver()

        assert (on.messages(), on.messages(threads=True)) == (1, 0)
