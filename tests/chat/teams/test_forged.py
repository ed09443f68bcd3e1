"""What somebody's own client made up: nobody else's card, and nothing in a channel, is drawn anew for it."""

from __future__ import annotations

import pytest

from bot.chat.buttons import carried
from bot.chat.teams.drawing.asked import Asked, Does, Opening
from bot.chat.teams.drawing.carried import Screen, pressing, turning
from bot.chat.teams.drawing.inputs import NOTE
from bot.chat.teams.showing.answering import RINGS
from bot.core.actions import Action, Button
from bot.core.case import Outcome
from bot.core.replies import MessageRef
from tests.chat.teams.at_work import AtWork, at_work
from tests.chat.teams.fake import BOARD, Answer, Json, Person, direct, payloads
from tests.service.clinic import JO, MAX, SAM

pytestmark = pytest.mark.anyio

WHERE = Button(action=Action.CASE, label="", tasks=("K7Q2",))


def seen(on: AtWork) -> list[tuple[str, int, str]]:
    """What stands with everybody but the one who forges, and how often it was edited."""
    eyes = on.person(MAX)
    there = [*on.teams.cards(SAM), *on.teams.cards(BOARD)]
    return [(each["id"], each["edits"], eyes.reads(each)) for each in there]


async def sent(on: AtWork, who: Person, where: str, data: Json, *, to: str, old: bool = False) -> Answer:
    """Send what no button of ours carries, as an older client does or as a newer one."""
    place = on.teams.conversations[where]
    told = {"value": data, "replyToId": to} if old else payloads.invoke({}, data, to=to)
    answer = await who._tell("message" if old else "invoke", place, **told)
    await on.connected._errands.finish()
    return answer


def form(does: Does, at: MessageRef) -> Json:
    """A form about the medicines that says at which message it stands, and a note filled in."""
    task = "K7Q2:g.medicines:1:1"
    again = carried(Button(action=Action.FORM, label="", tasks=(task,)))
    opening = Opening(at=at, again=again, once="anything")
    asked = Asked(does=does, opening=opening, outcome=Outcome.PROBLEM, tasks=(task,), revisions=(1,))
    return {**asked.carried(), NOTE: "no list yet"}


def at(where: str, message: Json) -> MessageRef:
    return MessageRef(platform="teams", channel=where, message=message["id"])


@pytest.mark.parametrize("does", [*Does])
async def test_a_window_that_says_it_stands_at_another_persons_card_changes_nothing_there(does: Does) -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        jo, before, state = on.person(JO), seen(on), on.state()
        sams = at(direct(SAM), on.person(SAM).card("Medication disclosure"))

        for name in ("task/fetch", "task/submit"):
            said = {"name": name, "value": {"data": form(does, sams)}}
            await jo._tell("invoke", on.teams.conversations[direct(JO)], **said)
            await on.connected._errands.finish()

        assert seen(on) == before
        assert (on.state() != state) == (does is Does.SAVE)
        holding = on.connected.chat._holding
        assert await holding.told(sams) is None and not await holding.has_form(sams)


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(
    "data",
    [turning(Screen(word="case", about="K7Q2")), turning(Screen(word="mine")), pressing(WHERE)],
    ids=["case", "mine", "press"],
)
async def test_no_press_in_a_channel_puts_anything_in_the_place_of_the_board(data: Json, old: bool) -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        (board, *_), before = on.teams.cards(BOARD), seen(on)

        await sent(on, on.person(JO), BOARD, data, to=board["id"], old=old)

        assert seen(on) == before


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("does", [*Does])
async def test_no_form_keeps_the_board_from_being_drawn_anew(does: Does, old: bool) -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        (board, *_), before = on.teams.cards(BOARD), seen(on)
        there = at(BOARD, board)

        await sent(on, on.person(JO), BOARD, form(does, there), to=board["id"], old=old)

        assert seen(on) == before
        assert not await on.connected.chat._holding.has_form(there)


async def test_what_an_older_client_is_answered_rings_without_its_words() -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        (board, *_), jo = on.teams.cards(BOARD), on.person(JO)
        claim = Button(action=Action.CLAIM, label="", tasks=("K7Q2:g.medicines:1:1",))
        greeted = len(jo.own())

        for data in (turning(Screen(word="case", about="K7Q2")), pressing(claim)):
            await sent(on, jo, BOARD, data, to=board["id"], old=True)

        assert [each["summary"] for each in jo.own()[greeted:]] == [RINGS, RINGS]


async def test_a_press_of_somebody_without_an_account_is_not_asked_for_again() -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        (board, *_), state = on.teams.cards(BOARD), on.state()
        on.teams.join("nobody", aadObjectId=None)

        answer = await sent(on, on.person("nobody"), BOARD, pressing(WHERE), to=board["id"], old=True)

        assert (answer.status, on.state()) == (200, state)
