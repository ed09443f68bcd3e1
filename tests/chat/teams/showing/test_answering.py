"""Where an answer is seen: in time or after it, page by page, and to what nobody pressed."""

from dataclasses import replace

import pytest

from bot.chat.teams.reaching.intake import FOLLOWS
from bot.core.errors import NotAllowed
from bot.core.messages import CaseView, Notice, TaskCard
from bot.core.replies import Command
from tests.chat import samples
from tests.chat.teams.fake import BOARD, Answer, Json, direct
from tests.chat.teams.fake.payloads import invoke
from tests.chat.teams.front import Front, TeamsDesk, front
from tests.chat.teams.trial import BOARD_THERE

pytestmark = pytest.mark.anyio

DONE = Notice(text="Same-day check: done · K7Q2", tone="good")
LONG: CaseView = replace(
    samples.CASE,
    lines=tuple(replace(samples.CASE.lines[0], title=f"Item {n} " + "x" * 200) for n in range(90)),
)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """People who wait for a moment only."""
    monkeypatch.setattr("bot.chat.teams.reaching.intake.LONGEST", 0.05)


async def asked(at: Front, message: Json, data: Json, *, trigger: str = "manual") -> Answer:
    """What an Execute of Jo's with these data is answered with."""
    place = at.teams.conversations[direct("jo")]
    body = invoke({"title": "Show"}, data, to=message["id"], trigger=trigger)
    return await at.jo._tell("invoke", place, **body)


async def kept(at: Front) -> None:
    """Let the desk finish, and all that follows from it."""
    at.desk.busy.set()
    await at.connected._intake.finish()
    await at.settled()


async def test_a_slow_desk_is_promised_and_its_card_follows(hasty: None) -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)
        at.desk.busy.clear()

        await at.jo.press(card, at.jo.labels(card)[0])
        promised = [*at.jo.told]
        await kept(at)

        assert promised == [FOLLOWS]
        assert DONE.text in at.jo.reads(card) and card["edits"] == 1


async def test_a_card_that_was_promised_follows_though_teams_asks_for_a_pause_first(hasty: None) -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)
        at.desk.busy.clear()
        # for the shortest pause that there is
        at.teams.troubles["edit"].append("429:1")

        await at.jo.press(card, at.jo.labels(card)[0])
        await kept(at)

        assert DONE.text in at.jo.reads(card) and at.teams.count("edit") == 2


async def test_a_short_word_that_is_late_comes_into_the_personal_chat(hasty: None) -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.CLAIM, BOARD_THERE)
        at.desk.busy.clear()

        await at.jo.press(card, at.jo.labels(card)[0])
        await kept(at)

        assert DONE.text in at.jo.reads(at.jo.own()[-1]) and len(at.teams.cards(BOARD)) == 1


async def test_a_card_that_is_gone_when_its_answer_comes_costs_nothing_else(hasty: None) -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)
        at.desk.busy.clear()
        await at.jo.press(card, at.jo.labels(card)[0])
        at.teams.conversations[direct("jo")].messages.remove(card)

        await kept(at)

        assert len(at.desk.heard) == 1 and at.jo.own() == []


async def test_whoever_turns_a_page_sees_it_alone_and_nothing_is_changed() -> None:
    async with front(TeamsDesk(says=LONG)) as at:
        await at.jo.say("case K7Q2")
        shown = at.jo.own()[-1]
        first = at.jo.reads(shown)

        await at.jo.press(shown, next(each for each in at.jo.labels(shown) if "ext" in each))

        again = at.desk.heard[-1]
        assert isinstance(again, Command) and again.words == ("case", "K7Q2")
        assert at.jo.reads(shown) != first and shown["edits"] == 0


async def test_only_words_that_look_are_turned_to() -> None:
    async with front() as at:
        card = await at.stands(samples.PREP)

        answer = await asked(at, card, {"b": {"screen": ["cancel", "K7Q2", 1]}})

        assert at.desk.heard == [] and "another version" in answer.words


async def test_a_client_that_asks_for_a_card_anew_gets_it_and_changes_nothing() -> None:
    async with front() as at:
        card = await at.stands(samples.PREP)
        at.desk.stands = replace(samples.PREP, heading="Prep, nearly done")

        answer = await asked(at, card, {}, trigger="automatic")

        assert "Prep, nearly done" in str(answer.body["value"])
        assert at.desk.heard == [] and card["edits"] == 0


async def test_a_card_that_may_not_be_seen_is_not_drawn_anew() -> None:
    class Closed(TeamsDesk):
        """Shows nothing."""

        def card(self, who: object, at: object) -> TaskCard:
            raise NotAllowed("This is not yours to see.")

    async with front(Closed()) as at:
        card = await at.stands(samples.PREP)

        answer = await asked(at, card, {}, trigger="automatic")

        assert answer.words == "This is not yours to see."


async def test_an_invoke_that_nobody_knows_is_answered_in_words() -> None:
    async with front() as at:
        place = at.teams.conversations[direct("jo")]

        answer = await at.jo._tell("invoke", place, name="composeExtension/query", value={})

        assert answer.taken and answer.body
